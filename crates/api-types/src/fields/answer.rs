//! Answers: what a field accepts, and what an answer says.
//!
//! Invariant: the form and the server decide by the same function, and what it accepted is kept as it returned it.

use std::{collections::BTreeSet, fmt};

use garde::Validate;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, SeqAccess, Visitor},
};

use super::{Choice, Field, FieldKind};
use crate::{
    error::{FieldCode, split_rule},
    people::Locale,
    text::{CalendarDay, EmailAddress, clean, single_line},
};

/// From here on a number is not exact any more.
pub const LARGEST: f64 = 9_007_199_254_740_991.0;

/// An answer: a string, a number, true or false, or a list of strings.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FieldValue {
    Text(String),
    #[serde(serialize_with = "written")]
    Number(f64),
    Flag(bool),
    Keys(Vec<String>),
}

/// Why an answer is refused.
pub type Fault = (FieldCode, String);

impl Field {
    /// The answer as it is kept; nothing when it says nothing, which a required field refuses.
    pub fn accept(&self, given: Option<&FieldValue>) -> Result<Option<FieldValue>, Fault> {
        let answer = given.map(|value| self.read(value)).transpose()?.flatten();
        let missing = match &answer {
            None => true,
            Some(FieldValue::Flag(checked)) => !checked,
            Some(_) => false,
        };
        if self.required && missing {
            return Err((FieldCode::Required, "This desk asks for it.".to_owned()));
        }
        Ok(answer)
    }

    fn read(&self, value: &FieldValue) -> Result<Option<FieldValue>, Fault> {
        match (self.kind, value) {
            (FieldKind::Checkbox, FieldValue::Flag(_)) => Ok(Some(value.clone())),
            (FieldKind::Number, FieldValue::Number(number)) => self.number(*number).map(Some),
            (FieldKind::MultiSelect, FieldValue::Keys(keys)) => self.keys(keys),
            (FieldKind::Checkbox | FieldKind::Number | FieldKind::MultiSelect, _) | (_, FieldValue::Number(_)) => {
                Err(self.wrong_type())
            }
            (_, FieldValue::Text(text)) if text.trim().is_empty() => Ok(None),
            (_, FieldValue::Text(text)) => self.text(text.trim()).map(|text| Some(FieldValue::Text(text))),
            _ => Err(self.wrong_type()),
        }
    }

    fn wrong_type(&self) -> Fault {
        let expected = match self.kind {
            FieldKind::Number => "A number.",
            FieldKind::Checkbox => "True or false.",
            FieldKind::MultiSelect => "A list of strings.",
            _ => "A string.",
        };
        (FieldCode::WrongType, expected.to_owned())
    }

    fn text(&self, text: &str) -> Result<String, Fault> {
        let most = self.kind.longest().min(self.rules.max_length.map_or(usize::MAX, |most| most as usize));
        let length = text.chars().count();
        if length > most {
            return Err((FieldCode::TooLong, format!("At most {most} characters.")));
        }
        if let Some(least) = self.rules.min_length.filter(|least| length < *least as usize) {
            return Err((FieldCode::TooShort, format!("At least {least} characters.")));
        }
        let rule = if self.kind == FieldKind::LongText { clean(text) } else { single_line(text) };
        rule.map_err(|error| split_rule(error.message()))?;
        match self.kind {
            FieldKind::Date => self.day(text)?,
            FieldKind::Select => self.choice(text)?,
            FieldKind::Url => web_address(text)?,
            FieldKind::Email => kept_by(&EmailAddress::from(text.to_owned()))?,
            _ => {}
        }
        Ok(text.to_owned())
    }

    fn day(&self, text: &str) -> Result<(), Fault> {
        kept_by(&CalendarDay::from(text.to_owned()))?;
        // Days are written so that their order is that of their letters.
        match (&self.rules.earliest, &self.rules.latest) {
            (Some(earliest), _) if text < earliest.as_str() => {
                Err((FieldCode::NotPossible, format!("{earliest} at the earliest.")))
            }
            (_, Some(latest)) if text > latest.as_str() => {
                Err((FieldCode::NotPossible, format!("{latest} at the latest.")))
            }
            _ => Ok(()),
        }
    }

    fn choice(&self, key: &str) -> Result<(), Fault> {
        match self.choices.iter().find(|choice| choice.key.as_str() == key) {
            Some(choice) if !choice.retired => Ok(()),
            _ => Err((FieldCode::NotPossible, "This is not one of the choices.".to_owned())),
        }
    }

    /// They are kept in the order of the choices, so that the same answer is always written alike.
    fn keys(&self, keys: &[String]) -> Result<Option<FieldValue>, Fault> {
        keys.iter().try_for_each(|key| self.choice(key))?;
        let chosen: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        let ordered = self.choices.iter().map(|choice| choice.key.as_str()).filter(|key| chosen.contains(key));
        let ordered: Vec<String> = ordered.map(str::to_owned).collect();
        Ok((!ordered.is_empty()).then_some(FieldValue::Keys(ordered)))
    }

    fn number(&self, number: f64) -> Result<FieldValue, Fault> {
        let (least, most) = (self.rules.min.unwrap_or(-LARGEST), self.rules.max.unwrap_or(LARGEST));
        if number < least {
            return Err((FieldCode::NotPossible, format!("{least} at least.")));
        }
        if number > most {
            return Err((FieldCode::NotPossible, format!("{most} at most.")));
        }
        Ok(FieldValue::Number(number))
    }

    /// An answer of this field in words. What is not known any more stands for itself.
    pub fn words(&self, value: &FieldValue, locale: Locale) -> String {
        let label = |key: &str| {
            let choice = self.choices.iter().find(|choice| choice.key.as_str() == key);
            choice.map_or(key, |choice| choice.label(locale)).to_owned()
        };
        match value {
            FieldValue::Text(text) if self.kind == FieldKind::Select => label(text),
            FieldValue::Text(text) => text.clone(),
            FieldValue::Number(number) => number.to_string(),
            FieldValue::Flag(true) if locale == Locale::French => "Oui".to_owned(),
            FieldValue::Flag(false) if locale == Locale::French => "Non".to_owned(),
            FieldValue::Flag(true) => "Yes".to_owned(),
            FieldValue::Flag(false) => "No".to_owned(),
            FieldValue::Keys(keys) => keys.iter().map(|key| label(key)).collect::<Vec<_>>().join(", "),
        }
    }
}

impl Choice {
    /// What it is called in a language.
    pub fn label(&self, locale: Locale) -> &str {
        match locale {
            Locale::English => self.en.as_str(),
            Locale::French => self.fr.as_str(),
        }
    }
}

fn kept_by<T: Validate<Context = ()>>(text: &T) -> Result<(), Fault> {
    match text.validate() {
        Ok(()) => Ok(()),
        Err(report) => {
            let fault = report.iter().next().map(|(_, error)| split_rule(error.message()));
            Err(fault.unwrap_or((FieldCode::NotPossible, String::new())))
        }
    }
}

/// It leads to where it says: no name and password before the host.
fn web_address(text: &str) -> Result<(), Fault> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || ".-:[]_".contains(c));
    if plain && !text.contains(char::is_whitespace) && !text.contains(['"', '<', '>', '\\']) {
        Ok(())
    } else {
        Err((FieldCode::NotPossible, "A web address that begins with https:// or http://.".to_owned()))
    }
}

/// Whole numbers are written as such.
fn written<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.fract() == 0.0 && number.abs() <= LARGEST {
        serializer.serialize_i64(*number as i64)
    } else {
        serializer.serialize_f64(*number)
    }
}

/// By hand: derived, it would read every value twice, and name none of the four types to whoever sent a fifth.
impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = FieldValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number, true or false, or a list of strings")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FieldValue, E> {
        Ok(FieldValue::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<FieldValue, E> {
        Ok(FieldValue::Flag(flag))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<FieldValue, E> {
        Ok(FieldValue::Number(number as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<FieldValue, A::Error> {
        let mut keys = Vec::new();
        while let Some(key) = items.next_element()? {
            keys.push(key);
        }
        Ok(FieldValue::Keys(keys))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fields::{FieldId, FieldRules},
        text::{FieldKey, Label},
    };

    fn field(kind: FieldKind) -> Field {
        let label = Label::from("Field".to_owned());
        let choice = |key: &str, retired| Choice {
            key: FieldKey::from(key.to_owned()),
            en: Label::from(format!("English {key}")),
            fr: Label::from(format!("French {key}")),
            retired,
        };
        let choices = if kind.has_choices() {
            vec![choice("basic", false), choice("pro", false), choice("old", true)]
        } else {
            Vec::new()
        };
        Field {
            id: FieldId::default(),
            key: FieldKey::from("key".to_owned()),
            kind,
            label_en: label.clone(),
            label_fr: label,
            help_en: None,
            help_fr: None,
            required: false,
            departments: Vec::new(),
            rules: FieldRules::default(),
            choices,
            in_queue: false,
            position: 0,
            retired: false,
        }
    }

    fn value(json: &str) -> FieldValue {
        serde_json::from_str(json).unwrap()
    }

    /// What a field keeps of an answer, as JSON, or why it refuses it.
    fn kept(field: &Field, json: &str) -> Result<String, FieldCode> {
        let kept = field.accept(Some(&value(json))).map_err(|(code, _)| code)?;
        Ok(serde_json::to_string(&kept).unwrap())
    }

    #[test]
    fn each_kind_takes_its_own() {
        use FieldCode::{ForbiddenCharacter, NotAnEmail, NotPossible, TooLong, WrongType};
        let long = format!("\"{}\"", "a".repeat(2_001));
        for (kind, json, expected) in [
            (FieldKind::Text, r#"" H12 ""#, Ok(r#""H12""#)),
            (FieldKind::Text, r#""  ""#, Ok("null")),
            (FieldKind::Text, r#""a\nb""#, Err(ForbiddenCharacter)),
            (FieldKind::Text, "7", Err(WrongType)),
            (FieldKind::Text, &long, Err(TooLong)),
            (FieldKind::LongText, r#""a\nb""#, Ok(r#""a\nb""#)),
            (FieldKind::LongText, r#""a\u0000""#, Err(ForbiddenCharacter)),
            (FieldKind::Number, "5.0", Ok("5")),
            (FieldKind::Number, "-0.25", Ok("-0.25")),
            (FieldKind::Number, "9007199254740992", Err(NotPossible)),
            (FieldKind::Number, r#""5""#, Err(WrongType)),
            (FieldKind::Date, r#""2024-02-29""#, Ok(r#""2024-02-29""#)),
            (FieldKind::Date, r#""2026-02-29""#, Err(NotPossible)),
            (FieldKind::Select, r#""pro""#, Ok(r#""pro""#)),
            (FieldKind::Select, r#""old""#, Err(NotPossible)),
            (FieldKind::Select, r#"["pro"]"#, Err(WrongType)),
            (FieldKind::MultiSelect, r#"["pro", "basic", "pro"]"#, Ok(r#"["basic","pro"]"#)),
            (FieldKind::MultiSelect, "[]", Ok("null")),
            (FieldKind::MultiSelect, r#"["pro", "none"]"#, Err(NotPossible)),
            (FieldKind::MultiSelect, r#""pro""#, Err(WrongType)),
            (FieldKind::Checkbox, "false", Ok("false")),
            (FieldKind::Checkbox, r#""true""#, Err(WrongType)),
            (FieldKind::Url, r#""https://ruche.example:8080/a?b#c""#, Ok(r#""https://ruche.example:8080/a?b#c""#)),
            (FieldKind::Url, r#""javascript:alert(1)""#, Err(NotPossible)),
            (FieldKind::Url, r#""https://bank.example@evil.example/""#, Err(NotPossible)),
            (FieldKind::Url, r#""https:///x""#, Err(NotPossible)),
            (FieldKind::Url, r#""http://a b""#, Err(NotPossible)),
            (FieldKind::Email, r#""a@b.example""#, Ok(r#""a@b.example""#)),
            (FieldKind::Email, r#""a@b""#, Err(NotAnEmail)),
        ] {
            assert_eq!(kept(&field(kind), json), expected.map(str::to_owned), "{kind} {json}");
        }
        assert!(serde_json::from_str::<FieldValue>("null").is_err());
        assert!(serde_json::from_str::<FieldValue>("{}").is_err());
    }

    #[test]
    fn rules_hold_and_required_is_required() {
        let rules = FieldRules { min_length: Some(2), max_length: Some(3), ..FieldRules::default() };
        let text = Field { rules, ..field(FieldKind::Text) };
        assert_eq!(kept(&text, r#""a""#), Err(FieldCode::TooShort));
        assert_eq!(kept(&text, r#""abcd""#), Err(FieldCode::TooLong));
        assert!(kept(&text, r#""éàü""#).is_ok(), "characters are counted, not bytes");
        let rules = FieldRules { min: Some(1.0), max: Some(1.5), ..FieldRules::default() };
        let number = Field { rules, ..field(FieldKind::Number) };
        assert_eq!(
            [kept(&number, "0"), kept(&number, "2")],
            [Err(FieldCode::NotPossible), Err(FieldCode::NotPossible)]
        );
        assert!(kept(&number, "1.5").is_ok());
        let day = |text: &str| Some(CalendarDay::from(text.to_owned()));
        let rules = FieldRules { earliest: day("2026-03-02"), latest: day("2026-03-02"), ..FieldRules::default() };
        let date = Field { rules, ..field(FieldKind::Date) };
        assert!(kept(&date, r#""2026-03-02""#).is_ok());
        for other in [r#""2026-03-01""#, r#""2026-03-03""#] {
            assert_eq!(kept(&date, other), Err(FieldCode::NotPossible));
        }
        for kind in FieldKind::ALL {
            let field = Field { required: true, ..field(*kind) };
            assert_eq!(field.accept(None).unwrap_err().0, FieldCode::Required);
        }
        let consent = Field { required: true, ..field(FieldKind::Checkbox) };
        assert_eq!(kept(&consent, "false"), Err(FieldCode::Required));
    }

    #[test]
    fn an_answer_is_told_in_the_readers_language() {
        for (kind, json, english, french) in [
            (FieldKind::Select, r#""old""#, "English old", "French old"),
            (FieldKind::Select, r#""gone""#, "gone", "gone"),
            (FieldKind::MultiSelect, r#"["basic","old"]"#, "English basic, English old", "French basic, French old"),
            (FieldKind::Checkbox, "true", "Yes", "Oui"),
            (FieldKind::Number, "12.5", "12.5", "12.5"),
            (FieldKind::Number, "3", "3", "3"),
        ] {
            let words = |locale| field(kind).words(&value(json), locale);
            assert_eq!((words(Locale::English).as_str(), words(Locale::French).as_str()), (english, french));
        }
    }
}
