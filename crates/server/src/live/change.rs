//! What is told to streams, and how it looks on the wire.
//!
//! Invariant: an event is one line of JSON, so that no text in it can end it early.

use actix_web::web::Bytes;
use api_types::{live::LiveEvent, people::PersonId, tickets::TicketId};

/// Something that a reader who was away is told later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Of a ticket. For its creator too, if they are named.
    Ticket { activity: i64, ticket: TicketId, creator: Option<PersonId> },
    /// Of one person's notifications.
    Notified(PersonId),
}

impl Change {
    /// Whether it is for this reader.
    pub fn is_for(&self, person: PersonId, team: bool) -> bool {
        match self {
            Self::Ticket { creator, .. } => team || *creator == Some(person),
            Self::Notified(somebody) => *somebody == person,
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
        let (carl, dora, ticket) = (PersonId::new(), PersonId::new(), TicketId::new());
        let open = Change::Ticket { activity: 1, ticket, creator: Some(carl) };
        let note = Change::Ticket { activity: 2, ticket, creator: None };
        for (change, reader, team, expected) in [
            (open, carl, false, true),
            (open, dora, false, false),
            (open, dora, true, true),
            (note, carl, false, false),
            (note, dora, true, true),
            (Change::Notified(carl), carl, false, true),
            (Change::Notified(carl), dora, true, false),
        ] {
            assert_eq!(change.is_for(reader, team), expected, "{change:?} {team}");
        }
    }
}
