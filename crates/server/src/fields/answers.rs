//! The answers of a ticket: checked against the fields, shown, and looked for.
//!
//! Invariant: an answer that is not asked for any more is neither changed nor lost.

use api_types::{
    departments::DepartmentId,
    error::{FieldCode, FieldError},
    fields::{Answers, Field, FieldAnswer, FieldFilter, FieldKind, FieldValue},
    people::Locale,
};
use serde_json::{Value, json};

use crate::error::{AppError, Result};

/// Answers of a ticket, as stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    pub answers: Answers,
    /// They are not those that were read.
    is_new: bool,
}

impl From<Value> for Given {
    fn from(stored: Value) -> Self {
        Self { answers: serde_json::from_value(stored).unwrap_or_default(), is_new: false }
    }
}

impl Given {
    /// Answers that were given a moment ago.
    pub fn new(answers: Answers) -> Self {
        Self { answers, is_new: true }
    }

    pub fn json(&self) -> Value {
        serde_json::to_value(&self.answers).unwrap_or_default()
    }

    /// What is to be written, if they were given a moment ago.
    pub fn unsaved(&self) -> Option<Value> {
        self.is_new.then(|| self.json())
    }
}

/// Whose answers they are.
#[derive(Clone, Copy, Debug)]
pub enum Asked {
    /// Those of a ticket in this department, or in none.
    In(Option<DepartmentId>),
    /// The department is at fault itself; answers of every department pass.
    Anywhere,
}

impl Asked {
    fn has(self, field: &Field, is_given: bool) -> bool {
        match self {
            Self::In(department) => field.belongs_to(department),
            Self::Anywhere => is_given || field.departments.is_empty(),
        }
    }
}

/// The answers to keep when `given` are all, or every one at fault. `before` are those of a ticket that has some: what
/// stays as it was is not questioned, and what is not asked for any more stays.
pub fn check(
    fields: &[Field],
    asked: Asked,
    before: Option<&Answers>,
    given: &Answers,
) -> Result<Answers, Vec<FieldError>> {
    let (mut kept, mut faults) = (Answers::new(), Vec::new());
    for field in fields {
        let key = field.key.as_str();
        let (old, new) = (before.and_then(|before| before.get(key)), given.get(key));
        let is_asked = !field.retired && asked.has(field, new.is_some());
        let answer = match (is_asked, new) {
            _ if before.is_some() && old == new => Ok(old.cloned()),
            (true, new) => field.accept(new),
            (false, None) => Ok(old.cloned()),
            (false, Some(_)) if field.retired => Err((FieldCode::UnknownField, "This field is retired.".to_owned())),
            (false, Some(_)) => Err((FieldCode::NotPossible, "This field is another department’s.".to_owned())),
        };
        match answer {
            Ok(answer) => kept.extend(answer.map(|answer| (key.to_owned(), answer))),
            Err((code, message)) => faults.push(FieldError { pointer: pointer(key), code, message }),
        }
    }
    let strange = given.keys().filter(|key| fields.iter().all(|field| field.key.as_str() != key.as_str()));
    faults.extend(strange.take(MANY).map(|key| FieldError {
        pointer: pointer(key),
        code: FieldCode::UnknownField,
        message: "There is no such field.".to_owned(),
    }));
    if faults.is_empty() { Ok(kept) } else { Err(faults) }
}

/// So many unknown fields are named.
const MANY: usize = 50;

/// No key is longer than 40 characters; of whatever else was sent, its beginning will do.
fn pointer(key: &str) -> String {
    let beginning: String = key.chars().take(40).collect();
    format!("/custom_fields/{}", beginning.replace('~', "~0").replace('/', "~1"))
}

/// The answers, in the order of the fields. In a list only those that have a place there.
pub fn view(fields: &[Field], given: &Given, locale: Locale, in_list: bool) -> Vec<FieldAnswer> {
    if given.answers.is_empty() {
        return Vec::new();
    }
    let shown = fields.iter().filter(|field| !in_list || (field.in_queue && !field.retired));
    shown
        .filter_map(|field| {
            let value = given.answers.get(field.key.as_str())?;
            Some(FieldAnswer {
                key: field.key.clone(),
                label: field.label(locale).to_owned(),
                kind: field.kind,
                text: field.words(value, locale),
                value: value.clone(),
            })
        })
        .collect()
}

/// What the answers of a ticket contain that a filter lets through.
pub fn containing(fields: &[Field], filter: &FieldFilter) -> Result<Value> {
    let impossible = |message: &str| AppError::field("?field", FieldCode::NotPossible, message);
    let field = fields.iter().find(|field| field.key.as_str() == filter.key);
    let field = field.ok_or_else(|| impossible("There is no such field."))?;
    let text = filter.value.trim();
    let known = || field.choices.iter().any(|choice| choice.key.as_str() == text);
    let value = match field.kind {
        FieldKind::Number => FieldValue::Number(text.parse().map_err(|_| impossible("This is not a number."))?),
        FieldKind::Checkbox => FieldValue::Flag(text.parse().map_err(|_| impossible("`true` or `false`."))?),
        FieldKind::Select | FieldKind::MultiSelect if !known() => {
            return Err(impossible("This is not one of the choices."));
        }
        FieldKind::MultiSelect => FieldValue::Keys(vec![text.to_owned()]),
        _ => FieldValue::Text(text.to_owned()),
    };
    if matches!(&value, FieldValue::Number(number) if !number.is_finite()) || text.contains('\0') {
        return Err(impossible("No answer is like this."));
    }
    Ok(json!({ field.key.as_str(): value }))
}
