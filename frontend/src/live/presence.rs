//! Who of the team looks at which ticket, as the stream said last.
//!
//! Invariant: kept as it was said, so that a tab that comes later is told the same.

use std::{cell::RefCell, sync::LazyLock};

use api_types::{live::Viewer, tickets::TicketId};
use leptos::prelude::*;

static CHANGES: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

struct Said {
    ticket: TicketId,
    viewers: Vec<Viewer>,
    words: String,
}

thread_local! {
    static SAID: RefCell<Vec<Said>> = const { RefCell::new(Vec::new()) };
}

/// Follows who looks at a ticket.
pub fn viewers(ticket: TicketId) -> Vec<Viewer> {
    CHANGES.track();
    SAID.with_borrow(|said| said.iter().find(|it| it.ticket == ticket).map(|it| it.viewers.clone())).unwrap_or_default()
}

pub fn note(ticket: TicketId, viewers: Vec<Viewer>, words: &str) {
    SAID.with_borrow_mut(|said| {
        said.retain(|it| it.ticket != ticket);
        if !viewers.is_empty() {
            said.push(Said { ticket, viewers, words: words.to_owned() });
        }
    });
    super::count(&CHANGES);
}

/// A stream that begins says all of it.
pub fn forget() {
    SAID.set(Vec::new());
    super::count(&CHANGES);
}

pub fn all_said() -> Vec<String> {
    SAID.with_borrow(|said| said.iter().map(|it| it.words.clone()).collect())
}
