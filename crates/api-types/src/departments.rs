//! Departments: the parts of the team that tickets are for.
//!
//! Invariant: a department is never deleted, only retired: its tickets go on showing its name.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    people::{Locale, PersonId, PersonRef},
    text::Label,
};

id! {
    /// A department.
    DepartmentId
}

/// A department to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentRef {
    pub id: DepartmentId,
    pub name_en: String,
    pub name_fr: String,
}

impl DepartmentRef {
    /// The name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::English => &self.name_en,
            Locale::French => &self.name_fr,
        }
    }
}

/// The department of a ticket, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentName {
    pub id: DepartmentId,
    pub name: String,
}

/// Tickets of which department: of one, or of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DepartmentFilter {
    None,
    Department(DepartmentId),
}

impl TryFrom<String> for DepartmentFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "none" => Ok(Self::None),
            id => id.parse().map(Self::Department).map_err(|_| "expected a department's id or `none`".to_owned()),
        }
    }
}

impl From<DepartmentFilter> for String {
    fn from(filter: DepartmentFilter) -> Self {
        match filter {
            DepartmentFilter::None => "none".to_owned(),
            DepartmentFilter::Department(id) => id.to_string(),
        }
    }
}

wire_enum! {
    /// Which tickets an agent sees. Admins see all.
    AgentsSee {
        All = "all",
        /// Those of the agent's departments, those assigned to the agent or opened by the agent, and those for no department.
        Own = "own",
    }
}

/// How the team shares its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamTopic {
    pub agents_see: AgentsSee,
}

impl Default for TeamTopic {
    fn default() -> Self {
        Self { agents_see: AgentsSee::All }
    }
}

/// A department as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentView {
    pub id: DepartmentId,
    pub name_en: String,
    pub name_fr: String,
    /// Its place, smallest first.
    pub position: i32,
    /// No new ticket can be for it.
    pub retired: bool,
    /// The active members of the team who belong to it, by name.
    pub people: Vec<PersonRef>,
}

/// `GET /admin/departments`: all of them, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Departments {
    pub items: Vec<DepartmentView>,
}

/// `POST /admin/departments`. It comes after the last.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDepartment {
    /// Unlike that of every other department that is not retired.
    #[garde(dive)]
    pub name_en: Label,
    #[garde(dive)]
    pub name_fr: Label,
    /// Members of the team, at most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(custom(so_many))]
    pub people: Vec<PersonId>,
}

/// `PATCH /admin/departments/{id}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name_en: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name_fr: Option<Label>,
    /// Its place, smallest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub position: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub retired: Option<bool>,
    /// All who belong to it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(so_many)))]
    pub people: Option<Vec<PersonId>>,
}

fn so_many(people: &[PersonId], (): &()) -> garde::Result {
    if people.len() <= 500 { Ok(()) } else { Err(broken(FieldCode::TooLong, "At most 500 people.")) }
}
