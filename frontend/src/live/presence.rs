//! Who of the team looks at which ticket, as the stream said last.
//!
//! Invariant: kept as it was said, so that a tab that comes later is told the same.

use std::{cell::RefCell, sync::LazyLock};

use api_types::{live::Viewer, tickets::TicketId};
use leptos::prelude::*;

use super::{count, event};

static CHANGES: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    static SAID: RefCell<Vec<(TicketId, String)>> = const { RefCell::new(Vec::new()) };
}

/// Follows who looks at a ticket.
pub fn viewers(ticket: TicketId) -> Vec<Viewer> {
    CHANGES.track();
    SAID.with_borrow(|said| event::viewers(&said.iter().find(|it| it.0 == ticket)?.1)).unwrap_or_default()
}

pub fn note(ticket: TicketId, said: &str) {
    SAID.with_borrow_mut(|all| {
        all.retain(|it| it.0 != ticket);
        all.push((ticket, said.to_owned()));
    });
    count(&CHANGES);
}

/// A stream that begins says all of it.
pub fn forget() {
    SAID.set(Vec::new());
    count(&CHANGES);
}

pub fn all_said() -> Vec<String> {
    SAID.with_borrow(|said| said.iter().map(|it| it.1.clone()).collect())
}
