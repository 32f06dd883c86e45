//! What the URL says: the filter of the list, and what is open beside it.
//!
//! Invariant: reading what was written gives the same again; nonsense in a URL is left out, never an
//! error.

use api_types::{
    departments::DepartmentFilter,
    fields::FieldFilter,
    tickets::{AssigneeFilter, Priority, Stage, TicketFilter, TicketId, TicketSort, TicketStatus},
};

use crate::{paths, site};

/// What stands beside the list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Open {
    #[default]
    Nothing,
    /// The form for a new ticket, perhaps going on from a resolved one.
    New(Option<TicketId>),
    Ticket(TicketId),
    /// An id that cannot be one.
    Nonsense,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    pub filter: TicketFilter,
    pub open: Open,
}

impl Address {
    /// The desk has filters of its own.
    pub fn read(query: impl Fn(&str) -> Option<String>) -> Self {
        let word = |name: &str| query(name).filter(|word| !word.is_empty());
        let team_word = |name: &str| if site::is_desk() { word(name) } else { None };
        let filter = TicketFilter {
            status: word("status").and_then(|word| word.parse().ok()),
            q: word("q"),
            archived: word("archived").filter(|word| word == "true").map(|_| true),
            stage: team_word("stage").and_then(|word| word.parse().ok()),
            assignee: team_word("assignee").and_then(|word| AssigneeFilter::try_from(word).ok()),
            priority: team_word("priority").and_then(|word| word.parse().ok()),
            department: team_word("department").and_then(|word| DepartmentFilter::try_from(word).ok()),
            field: team_word("field").and_then(|word| FieldFilter::try_from(word).ok()),
            person_wanted: team_word("person_wanted").filter(|word| word == "true").map(|_| true),
            sort: team_word("sort").and_then(|word| word.parse().ok()),
            ..TicketFilter::default()
        };
        let open = match word("ticket").as_deref() {
            None => Open::Nothing,
            Some(paths::NEW_TICKET) => Open::New(word("follows").and_then(|id| id.parse().ok())),
            Some(id) => id.parse().map_or(Open::Nonsense, Open::Ticket),
        };
        Self { filter, open }
    }

    pub fn href(&self, base: &str) -> String {
        let path = with_filter(base, &self.filter);
        match self.open {
            Open::Nothing | Open::Nonsense => path,
            Open::New(follows) => {
                let follows = follows.map(|id| id.to_string()).unwrap_or_default();
                paths::with_query(&path, &[("ticket", paths::NEW_TICKET), ("follows", &follows)])
            }
            Open::Ticket(id) => paths::with_query(&path, &[("ticket", &id.to_string())]),
        }
    }
}

/// `path?..` with the parts of the filter that are set, for the page's URL and for the API's.
pub fn with_filter(path: &str, filter: &TicketFilter) -> String {
    let assignee = filter.assignee.map(String::from).unwrap_or_default();
    let department = filter.department.map(String::from).unwrap_or_default();
    let field = filter.field.clone().map(String::from).unwrap_or_default();
    let limit = filter.limit.map(|limit| limit.to_string()).unwrap_or_default();
    paths::with_query(
        path,
        &[
            ("status", filter.status.map(TicketStatus::as_str).unwrap_or_default()),
            ("q", filter.q.as_deref().unwrap_or_default()),
            ("archived", if filter.archived == Some(true) { "true" } else { "" }),
            ("stage", filter.stage.map(Stage::as_str).unwrap_or_default()),
            ("assignee", &assignee),
            ("priority", filter.priority.map(Priority::as_str).unwrap_or_default()),
            ("department", &department),
            ("field", &field),
            ("person_wanted", if filter.person_wanted == Some(true) { "true" } else { "" }),
            ("sort", filter.sort.map(TicketSort::as_str).unwrap_or_default()),
            ("limit", &limit),
            ("after", filter.after.as_deref().unwrap_or_default()),
        ],
    )
}
