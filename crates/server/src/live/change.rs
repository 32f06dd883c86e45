//! What is told to streams, and how it looks on the wire.
//!
//! Invariant: an event is one line of JSON, so that no text in it can end it early.

use actix_web::web::Bytes;
use std::sync::Arc;

use api_types::{departments::DepartmentId, live::LiveEvent, people::PersonId, tickets::TicketId};

use crate::auth::CurrentUser;

/// What a reader may hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ears {
    pub person: PersonId,
    pub team: bool,
    /// Of an agent who sees only theirs.
    pub departments: Option<Arc<[DepartmentId]>>,
}

impl Ears {
    pub fn of(user: &CurrentUser) -> Self {
        Self { person: user.id, team: user.role.is_team(), departments: user.departments.clone() }
    }
}

/// Something that a reader who was away is told later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Of a ticket, and whom it is with. For its creator too, if they are named.
    Ticket {
        activity: i64,
        ticket: TicketId,
        creator: Option<PersonId>,
        department: Option<DepartmentId>,
        assignee: Option<PersonId>,
    },
    /// Of one person's notifications.
    Notified(PersonId),
}

impl Change {
    /// Whether it is for this reader.
    pub fn is_for(&self, ears: &Ears) -> bool {
        match self {
            Self::Ticket { creator, department, assignee, .. } => {
                let theirs = |own: &Arc<[DepartmentId]>| {
                    department.is_none_or(|department| own.contains(&department)) || *assignee == Some(ears.person)
                };
                *creator == Some(ears.person) || ears.team && ears.departments.as_ref().is_none_or(theirs)
            }
            Self::Notified(somebody) => *somebody == ears.person,
        }
    }

    pub fn event(&self) -> Bytes {
        match self {
            Self::Ticket { activity, ticket, .. } => {
                frame(Some(*activity), &LiveEvent::TicketChanged { ticket_id: *ticket })
            }
            Self::Notified(_) => frame(None, &LiveEvent::NotificationsChanged),
        }
    }
}

/// An event, with the number that its reader names to go on from there.
pub fn frame(id: Option<i64>, event: &LiveEvent) -> Bytes {
    let kind = match event {
        LiveEvent::TicketChanged { .. } => "ticket_changed",
        LiveEvent::NotificationsChanged => "notifications_changed",
        LiveEvent::Presence { .. } => "presence",
        LiveEvent::Reset => "reset",
    };
    let data = serde_json::to_string(event).unwrap_or_default();
    format!("event: {kind}\n{}data: {data}\n\n", id_line(id)).into()
}

/// A sign of life, which is no event. It moves on where its reader is: who hears nothing for long has missed nothing.
pub fn sign_of_life(id: Option<i64>) -> Bytes {
    format!(":\n{}\n", id_line(id)).into()
}

/// The first words of a stream: how long to wait before coming back, in milliseconds, and where it begins.
pub fn greeting(id: Option<i64>) -> Bytes {
    format!("retry: 1000\n{}\n", id_line(id)).into()
}

/// The last words of a stream that ends because the server does.
pub fn farewell(retry_ms: u64) -> Bytes {
    format!("retry: {retry_ms}\n\n").into()
}

fn id_line(id: Option<i64>) -> String {
    id.map(|id| format!("id: {id}\n")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use api_types::{live::Viewer, people::PersonRef};

    use super::*;

    #[test]
    fn a_name_cannot_end_its_event() {
        let person = PersonRef { id: PersonId::new(), name: "a\n\nevent: reset\r\rdata: {}".to_owned() };
        let viewers = vec![Viewer { person, typing: false }];
        let frame = frame(None, &LiveEvent::Presence { ticket_id: TicketId::new(), viewers });
        let text = std::str::from_utf8(&frame).unwrap();
        assert_eq!(text.matches(['\n', '\r']).count(), 3, "{text}");
    }

    #[test]
    fn a_change_is_for_the_team_and_whom_it_names() {
        let [carl, dora, ticket] = [PersonId::new(), PersonId::new(), PersonId::new()];
        let (ticket, [honey, wax]) = (TicketId(ticket.0), [DepartmentId::new(), DepartmentId::new()]);
        let of = |creator, department, assignee| Change::Ticket { activity: 1, ticket, creator, department, assignee };
        let customer = |person| Ears { person, team: false, departments: None };
        let team = |person| Ears { person, team: true, departments: None };
        let narrow = |person| Ears { person, team: true, departments: Some([honey].into()) };
        let (open, note) = (of(Some(carl), Some(wax), None), of(None, Some(wax), None));
        for (change, ears, expected) in [
            (open, customer(carl), true),
            (open, customer(dora), false),
            (open, team(dora), true),
            (open, narrow(dora), false),
            (open, narrow(carl), true),
            (note, customer(carl), false),
            (note, team(dora), true),
            (note, narrow(carl), false),
            (of(None, Some(honey), None), narrow(dora), true),
            (of(None, None, None), narrow(dora), true),
            (of(None, Some(wax), Some(dora)), narrow(dora), true),
            (of(None, Some(wax), Some(carl)), narrow(dora), false),
            (Change::Notified(carl), customer(carl), true),
            (Change::Notified(carl), team(dora), false),
        ] {
            assert_eq!(change.is_for(&ears), expected, "{change:?} {ears:?}");
        }
    }
}
