//! What a stream says, read as far as a page needs it.
//!
//! Invariant: it says what `api_types::live::LiveEvent` does. Serde's way with a tagged enum would add seven kilobytes
//! to each page.

use api_types::{live::Viewer, people::PersonRef, tickets::TicketId};

use crate::said::Said;

pub struct Event {
    pub kind: String,
    pub ticket: Option<TicketId>,
}

pub fn read(said: &str) -> Option<Event> {
    let event = Said::read(said)?;
    Some(Event { kind: event.word("kind")?, ticket: event.meant("ticket_id") })
}

/// Who looks at the ticket of a `presence`.
pub fn viewers(said: &str) -> Option<Vec<Viewer>> {
    Some(Said::read(said)?.list("viewers").filter_map(|it| viewer(&it)).collect())
}

fn viewer(said: &Said) -> Option<Viewer> {
    let person = said.part("person")?;
    let person = PersonRef { id: person.meant("id")?, name: person.word("name")? };
    Some(Viewer { person, typing: said.holds("typing") })
}
