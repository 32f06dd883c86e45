//! What a field can be.
//!
//! Invariant: a field that passed has some answer that it accepts.

use std::collections::BTreeSet;

use super::{Choice, Field, FieldKind, FieldRules, MAX_CHOICES};
use crate::{
    departments::DepartmentId,
    error::{FieldCode, FieldError, broken},
};

impl FieldKind {
    /// How long its text may be, where it is one.
    pub const fn longest(self) -> usize {
        match self {
            Self::LongText => 20_000,
            Self::Email => 254,
            _ => 2_000,
        }
    }

    pub const fn has_choices(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }
}

impl Field {
    /// The fields at fault in this definition, empty when it is possible.
    pub fn faults(&self) -> Vec<FieldError> {
        let mut faults = FieldError::all_of(self);
        let mut impossible = |pointer: &str, message: &str| {
            faults.push(FieldError {
                pointer: pointer.to_owned(),
                code: FieldCode::NotPossible,
                message: message.to_owned(),
            });
        };
        self.rules_at_fault(&mut impossible);
        if self.kind.has_choices() {
            if !self.retired && self.choices.iter().all(|choice| choice.retired) {
                impossible("/choices", "There has to be something to choose.");
            }
        } else if !self.choices.is_empty() {
            impossible("/choices", "Only a select and a multi-select have choices.");
        }
        if self.kind == FieldKind::LongText && self.in_queue {
            impossible("/in_queue", "A long text has no room in a list.");
        }
        faults
    }

    fn rules_at_fault(&self, impossible: &mut impl FnMut(&str, &str)) {
        let FieldRules { min_length, max_length, min, max, earliest, latest } = &self.rules;
        let of_another_kind = "Fields of this kind have no such rule.";
        let given = [
            ("/rules/min_length", min_length.is_some(), matches!(self.kind, FieldKind::Text | FieldKind::LongText)),
            ("/rules/max_length", max_length.is_some(), matches!(self.kind, FieldKind::Text | FieldKind::LongText)),
            ("/rules/min", min.is_some(), self.kind == FieldKind::Number),
            ("/rules/max", max.is_some(), self.kind == FieldKind::Number),
            ("/rules/earliest", earliest.is_some(), self.kind == FieldKind::Date),
            ("/rules/latest", latest.is_some(), self.kind == FieldKind::Date),
        ];
        for (pointer, ..) in given.into_iter().filter(|(_, given, fits)| *given && !fits) {
            impossible(pointer, of_another_kind);
        }
        let longest = u32::try_from(self.kind.longest()).unwrap_or(u32::MAX);
        for (pointer, length) in [("/rules/min_length", min_length), ("/rules/max_length", max_length)] {
            if length.is_some_and(|length| !(1..=longest).contains(&length)) {
                impossible(pointer, &format!("1 to {longest} characters."));
            }
        }
        let most = super::answer::LARGEST;
        for (pointer, bound) in [("/rules/min", min), ("/rules/max", max)] {
            if bound.is_some_and(|bound| !(-most..=most).contains(&bound)) {
                impossible(pointer, "The number is too large.");
            }
        }
        let swapped = [
            ("/rules/max_length", min_length.zip(*max_length).is_some_and(|(least, most)| least > most)),
            ("/rules/max", min.zip(*max).is_some_and(|(least, most)| least > most)),
            (
                "/rules/latest",
                earliest.as_ref().zip(latest.as_ref()).is_some_and(|(first, last)| first.as_str() > last.as_str()),
            ),
        ];
        for (pointer, _) in swapped.into_iter().filter(|(_, swapped)| *swapped) {
            impossible(pointer, "No answer could keep to both ends.");
        }
    }
}

pub fn departments(departments: &[DepartmentId], (): &()) -> garde::Result {
    let distinct: BTreeSet<_> = departments.iter().collect();
    if distinct.len() == departments.len() {
        Ok(())
    } else {
        Err(broken(FieldCode::NotPossible, "One department stands there twice."))
    }
}

pub fn choices(choices: &[Choice], (): &()) -> garde::Result {
    let distinct: BTreeSet<_> = choices.iter().map(|choice| choice.key.as_str()).collect();
    if distinct.len() < choices.len() {
        return Err(broken(FieldCode::NotPossible, "Two choices have the same key."));
    }
    if choices.iter().filter(|choice| !choice.retired).count() > MAX_CHOICES {
        return Err(broken(FieldCode::TooLong, "At most 100 choices."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: &str) -> Vec<String> {
        let mut field = serde_json::json!({
            "id": uuid::Uuid::nil(), "key": "plan", "kind": "text", "label_en": "Plan", "label_fr": "Offre", "required": false,
            "departments": [], "rules": {}, "choices": [], "in_queue": false, "position": 0, "retired": false,
        });
        let change: serde_json::Map<String, serde_json::Value> = serde_json::from_str(change).unwrap();
        field.as_object_mut().unwrap().extend(change);
        let field: Field = serde_json::from_value(field).unwrap();
        field.faults().into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn what_cannot_be_is_named_at_its_place() {
        let pro = r#"{ "key": "pro", "en": "Pro", "fr": "Pro" }"#;
        for (change, expected) in [
            ("{}", &[][..]),
            (r#"{ "key": "Plan", "label_fr": "" }"#, &["/key", "/label_fr"]),
            (r#"{ "rules": { "min_length": 5, "max_length": 4 } }"#, &["/rules/max_length"]),
            (r#"{ "rules": { "min_length": 0, "max_length": 2001 } }"#, &["/rules/min_length", "/rules/max_length"]),
            (r#"{ "rules": { "min": 1, "earliest": "2026-03-02" } }"#, &["/rules/min", "/rules/earliest"]),
            (r#"{ "kind": "number", "rules": { "min": 2, "max": 1 } }"#, &["/rules/max"]),
            (r#"{ "kind": "number", "rules": { "min": -1e300 } }"#, &["/rules/min"]),
            (r#"{ "kind": "date", "rules": { "earliest": "tomorrow" } }"#, &["/rules/earliest"]),
            (
                r#"{ "kind": "date", "rules": { "earliest": "2026-03-03", "latest": "2026-03-02" } }"#,
                &["/rules/latest"],
            ),
            (r#"{ "kind": "select" }"#, &["/choices"]),
            (r#"{ "kind": "select", "retired": true }"#, &[]),
            (&format!(r#"{{ "choices": [{pro}] }}"#), &["/choices"]),
            (&format!(r#"{{ "kind": "select", "choices": [{pro}, {pro}] }}"#), &["/choices"]),
            (r#"{ "kind": "select", "choices": [{ "key": "pro", "en": "", "fr": "Pro" }] }"#, &["/choices/0/en"]),
            (r#"{ "kind": "long_text", "in_queue": true }"#, &["/in_queue"]),
        ] {
            assert_eq!(faults(change), expected, "{change}");
        }
        let many: Vec<_> = (0..=MAX_CHOICES).map(|n| format!(r#"{{ "key": "c{n}", "en": "C", "fr": "C" }}"#)).collect();
        assert_eq!(faults(&format!(r#"{{ "kind": "select", "choices": [{}] }}"#, many.join(","))), ["/choices"]);
    }
}
