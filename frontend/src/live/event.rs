//! An event, read from what a stream says.
//!
//! Invariant: what is not understood is left out, for the server may be newer than the page.

use api_types::{
    live::{LiveEvent, Viewer},
    people::PersonRef,
};

use crate::said::Said;

pub fn read(said: &str) -> Option<LiveEvent> {
    let event = Said::read(said)?;
    let ticket_id = || event.meant("ticket_id");
    let event = match event.word("kind")?.as_str() {
        "ticket_changed" => LiveEvent::TicketChanged { ticket_id: ticket_id()? },
        "notifications_changed" => LiveEvent::NotificationsChanged,
        "presence" => LiveEvent::Presence {
            ticket_id: ticket_id()?,
            viewers: event.list("viewers").filter_map(|it| viewer(&it)).collect(),
        },
        "reset" => LiveEvent::Reset,
        _ => return None,
    };
    Some(event)
}

fn viewer(said: &Said) -> Option<Viewer> {
    let person = said.part("person")?;
    let person = PersonRef { id: person.meant("id")?, name: person.word("name")? };
    Some(Viewer { person, typing: said.holds("typing") })
}
