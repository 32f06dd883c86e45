//! What the server says has changed, as signals that whoever shows something follows.
//!
//! Invariant: a signal says "ask again" and never what to show. Each also moves with the page's beat, so that
//! following one is enough whether the stream is open or not.

mod blocks;
mod burst;
mod event;
mod line;
mod presence;
mod tabs;

use std::{cell::RefCell, sync::LazyLock};

use api_types::{live::LiveEvent, tickets::TicketId};
use leptos::{ev, prelude::*};
use web_sys::VisibilityState;

use crate::{
    api,
    erased::{effect, memo},
    pulse, session,
};
use burst::Burst;

pub use presence::viewers;

static UP: LazyLock<ArcRwSignal<bool>> = LazyLock::new(ArcRwSignal::default);
static NOTIFIED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static LISTED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    /// The tickets that somebody on this page follows, how often each has changed, and whether it did just now.
    static TICKETS: RefCell<Vec<(TicketId, ArcRwSignal<u32>, bool)>> = const { RefCell::new(Vec::new()) };

    static TICKET: Burst = const { Burst::when_seen(tell_tickets, 400.0, 0.0) };
    /// A change on a large desk is heard on many pages, which are not to ask at the same moment.
    static LIST: Burst = const { Burst::when_seen(|| count(&LISTED), 1_500.0, 250.0) };
    static ALL: Burst = const { Burst::when_seen(pulse::look_again, 1_000.0, 300.0) };
    static BELL: Burst = const { Burst::always(|| count(&NOTIFIED), 1_000.0) };
}

/// Opens the stream for whoever is signed in, and another one for somebody else. Once per page, which has to be
/// drawn for that.
pub fn start() {
    let person = memo(|| session::me().map(|me| me.id));
    effect(move || line::open(person.get()));
    set_interval(line::check, line::SILENCE / 2);
    window_event_listener(ev::offline, |_| line::drop_stream());
    window_event_listener(ev::online, |_| line::try_now());
    window_event_listener(ev::visibilitychange, |_| {
        if is_seen() {
            line::check();
            line::try_now();
            ALL.with(Burst::run);
            TICKET.with(Burst::run);
            LIST.with(Burst::run);
        } else {
            line::rest();
        }
    });
}

/// Follows whether what changes is heard of as it happens.
pub fn is_up() -> bool {
    UP.get()
}

/// Follows whether the server is out of reach for somebody who is signed in.
pub fn is_offline() -> bool {
    !UP.get() && !api::reaches() && session::me().is_some()
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
        if let Some((_, changes, _)) = tickets.iter().find(|(followed, ..)| *followed == id) {
            return changes.clone();
        }
        let changes = ArcRwSignal::default();
        tickets.push((id, changes.clone(), false));
        changes
    })
}

/// The stream stands, or does not and is not expected to at once.
fn set_up(up: bool) {
    if UP.get_untracked() != up {
        UP.set(up);
    }
    pulse::rest(up);
}

/// Whatever is shown may be old.
fn look() {
    burst::soon(&ALL);
}

/// Takes up an event; `said` is what it was read from.
fn hear(event: LiveEvent, said: &str) {
    match event {
        LiveEvent::TicketChanged { ticket_id } => {
            TICKETS.with_borrow_mut(|tickets| {
                if let Some((.., changed)) = tickets.iter_mut().find(|(followed, ..)| *followed == ticket_id) {
                    *changed = true;
                    burst::soon(&TICKET);
                }
            });
            burst::soon(&LIST);
        }
        LiveEvent::NotificationsChanged => burst::soon(&BELL),
        LiveEvent::Presence { ticket_id, viewers } => presence::note(ticket_id, viewers, said),
        LiveEvent::Reset => look(),
    }
}

fn tell_tickets() {
    let changed: Vec<ArcRwSignal<u32>> = TICKETS.with_borrow_mut(|tickets| {
        let changed =
            tickets.iter_mut().filter_map(|(_, changes, changed)| std::mem::take(changed).then(|| changes.clone()));
        changed.collect()
    });
    changed.iter().for_each(count);
}

fn count(changes: &ArcRwSignal<u32>) {
    changes.update(|count| *count = count.wrapping_add(1));
}

fn is_seen() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
