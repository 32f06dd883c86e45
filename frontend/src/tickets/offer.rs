//! What the desk sorts its tickets by: its departments and its custom fields, as the team works with them.
//!
//! Invariant: asked for once per page load. What is retired is not in it; a ticket says itself what it still has of it.

use api_types::{departments::DepartmentId, fields::FieldKind, people::Locale};

use crate::{i18n, said::Said, ui::Choice};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    pub departments: Vec<Named>,
    pub fields: Vec<AskedField>,
}

/// Something with a name in both languages.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// An id or a key.
    pub key: String,
    en: String,
    fr: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AskedField {
    pub label: Named,
    pub kind: FieldKind,
    /// Only tickets of these have it; empty for all.
    departments: Vec<DepartmentId>,
    pub choices: Vec<Named>,
}

impl Offer {
    /// Reads the settings.
    pub fn read(said: &Said) -> Self {
        Self {
            departments: Named::list(said, "departments", ["id", "name_en", "name_fr"]),
            fields: said.list("fields").filter_map(|field| AskedField::read(&field)).collect(),
        }
    }

    pub fn field(&self, key: &str) -> Option<&AskedField> {
        self.fields.iter().find(|field| field.label.key == key)
    }
}

impl Named {
    fn list(said: &Said, name: &str, [key, en, fr]: [&str; 3]) -> Vec<Self> {
        let read = |said: Said| Some(Self { key: said.word(key)?, en: said.word(en)?, fr: said.word(fr)? });
        said.list(name).filter_map(read).collect()
    }

    /// Follows the language.
    pub fn name(&self) -> &str {
        match i18n::locale() {
            Locale::English => &self.en,
            Locale::French => &self.fr,
        }
    }

    pub fn choice(&self) -> Choice {
        Choice { value: self.key.clone(), label: self.name().to_owned() }
    }
}

impl AskedField {
    fn read(said: &Said) -> Option<Self> {
        Some(Self {
            label: Named { key: said.word("key")?, en: said.word("label_en")?, fr: said.word("label_fr")? },
            kind: said.meant("kind")?,
            departments: said.list("departments").filter_map(|id| id.itself()?.parse().ok()).collect(),
            choices: Named::list(said, "choices", ["key", "en", "fr"]),
        })
    }

    /// Tickets of this department, or of none, have it.
    pub fn belongs_to(&self, department: Option<DepartmentId>) -> bool {
        self.departments.is_empty() || department.is_some_and(|department| self.departments.contains(&department))
    }
}
