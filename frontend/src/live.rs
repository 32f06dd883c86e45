//! What the server says has changed, as signals that whoever shows something follows.
//!
//! Invariant: a signal says "ask again" and never what to show. Each also moves with the page's beat, so that
//! following one is enough whether the stream is open or not.

use std::{cell::RefCell, sync::LazyLock};

use api_types::tickets::TicketId;
use leptos::prelude::*;

use crate::pulse;

static NOTIFIED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static LISTED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    /// The tickets that somebody on this page follows, and how often each has changed.
    static TICKETS: RefCell<Vec<(TicketId, ArcRwSignal<u32>)>> = const { RefCell::new(Vec::new()) };
}

/// Follows the reader's notifications: another number whenever they may have changed.
pub fn notifications() -> u32 {
    pulse::follow().wrapping_add(NOTIFIED.get())
}

/// Follows all tickets that the reader may see: their lists and counts.
pub fn tickets() -> u32 {
    pulse::follow().wrapping_add(LISTED.get())
}

/// Runs now, and whenever this ticket or its thread may have changed.
pub fn on_ticket(id: TicketId, run: impl FnMut() + 'static) {
    let changes = changes_of(id);
    pulse::at_each(move || pulse::follow().wrapping_add(changes.get()), run);
}

fn changes_of(id: TicketId) -> ArcRwSignal<u32> {
    TICKETS.with_borrow_mut(|tickets| {
        if let Some((_, changes)) = tickets.iter().find(|(followed, _)| *followed == id) {
            return changes.clone();
        }
        let changes = ArcRwSignal::default();
        tickets.push((id, changes.clone()));
        changes
    })
}
