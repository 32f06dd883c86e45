//! Custom fields: what a desk asks for beside title and message.
//!
//! Invariant: a field's key and kind never change, and neither fields nor choices are deleted, only retired: an answer
//! that was given can be read for ever.

mod answer;
mod definition;

use std::collections::BTreeMap;

use garde::Validate;
use serde::{Deserialize, Serialize};

pub use answer::FieldValue;

use crate::{
    departments::DepartmentId,
    people::Locale,
    text::{CalendarDay, FieldKey, HelpText, Label},
};

/// So many fields a desk has at most, beside the retired ones.
pub const MAX_FIELDS: usize = 50;

/// So many choices a field has at most, beside the retired ones.
pub const MAX_CHOICES: usize = 100;

id! {
    /// A custom field.
    FieldId
}

wire_enum! {
    /// What a field asks for.
    FieldKind {
        /// One line of at most 2,000 characters.
        Text = "text",
        /// Lines of at most 20,000 characters in all.
        LongText = "long_text",
        Number = "number",
        /// A day, such as 2026-03-02.
        Date = "date",
        /// The key of one choice.
        Select = "select",
        /// The keys of some choices.
        MultiSelect = "multi_select",
        /// True or false; where it is required, true.
        Checkbox = "checkbox",
        /// A web address that begins with https:// or http://.
        Url = "url",
        Email = "email",
    }
}

/// What an answer has to keep to; what is absent is not asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldRules {
    /// In characters, of a text or a long text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub min_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub max_length: Option<u32>,
    /// Of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub max: Option<f64>,
    /// Of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub earliest: Option<CalendarDay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub latest: Option<CalendarDay>,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// It never changes.
    #[garde(dive)]
    pub key: FieldKey,
    #[garde(dive)]
    pub en: Label,
    #[garde(dive)]
    pub fr: Label,
    /// Nobody can choose it any more.
    #[serde(default)]
    #[garde(skip)]
    pub retired: bool,
}

/// A custom field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    #[garde(skip)]
    pub id: FieldId,
    #[garde(dive)]
    pub key: FieldKey,
    #[garde(skip)]
    pub kind: FieldKind,
    #[garde(dive)]
    pub label_en: Label,
    #[garde(dive)]
    pub label_fr: Label,
    /// A sentence beside the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub help_en: Option<HelpText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub help_fr: Option<HelpText>,
    #[garde(skip)]
    pub required: bool,
    /// Only tickets of these departments have it; empty for all tickets.
    #[garde(custom(definition::departments))]
    pub departments: Vec<DepartmentId>,
    #[garde(dive)]
    pub rules: FieldRules,
    /// Of a select or a multi-select, in order.
    #[garde(dive, custom(definition::choices))]
    pub choices: Vec<Choice>,
    /// The team sees it in the list of tickets.
    #[garde(skip)]
    pub in_queue: bool,
    /// Its place, smallest first.
    #[garde(skip)]
    pub position: i32,
    /// Nobody is asked any more.
    #[garde(skip)]
    pub retired: bool,
}

/// `GET /admin/fields`: all of them, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fields {
    pub items: Vec<Field>,
}

/// `POST /admin/fields`. It comes after the last.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewField {
    /// The name of its answers in the API, for ever: 1 to 40 lower-case letters, digits and single hyphens or
    /// underscores between them.
    pub key: FieldKey,
    pub kind: FieldKind,
    pub label_en: Label,
    pub label_fr: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_en: Option<HelpText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_fr: Option<HelpText>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub departments: Vec<DepartmentId>,
    #[serde(default)]
    pub rules: FieldRules,
    #[serde(default)]
    pub choices: Vec<Choice>,
    #[serde(default)]
    pub in_queue: bool,
}

/// `PATCH /admin/fields/{id}`: what is absent stays. An empty help takes it away.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_fr: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_en: Option<HelpText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_fr: Option<HelpText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departments: Option<Vec<DepartmentId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<FieldRules>,
    /// All of them, in order: added, renamed or retired, but none left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Choice>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_queue: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<bool>,
}

/// Answers to custom fields, by the keys of the fields.
pub type Answers = BTreeMap<String, FieldValue>;

/// Tickets with which answer: `key:value`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldFilter {
    pub key: String,
    pub value: String,
}

impl TryFrom<String> for FieldFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (key, value) = text.split_once(':').ok_or("expected `key:value`")?;
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

impl From<FieldFilter> for String {
    fn from(filter: FieldFilter) -> Self {
        format!("{}:{}", filter.key, filter.value)
    }
}

/// An answer on a ticket, ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldAnswer {
    pub key: FieldKey,
    /// In the reader's language.
    pub label: String,
    pub kind: FieldKind,
    pub value: FieldValue,
    /// The value in words: of choices their labels, of a checkbox yes or no, in the reader's language.
    pub text: String,
}

impl Field {
    /// What it is called in a language.
    pub fn label(&self, locale: Locale) -> &str {
        match locale {
            Locale::English => self.label_en.as_str(),
            Locale::French => self.label_fr.as_str(),
        }
    }

    /// Tickets of this department, or of none, have it.
    pub fn belongs_to(&self, department: Option<DepartmentId>) -> bool {
        self.departments.is_empty() || department.is_some_and(|department| self.departments.contains(&department))
    }
}
