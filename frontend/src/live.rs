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

use std::{
    cell::{Cell, RefCell},
    sync::LazyLock,
};

use api_types::tickets::TicketId;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::VisibilityState;

use crate::{api, erased::effect, pulse, session};
use burst::Burst;

pub use presence::viewers;

static NOTIFIED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static LISTED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static CHANGED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
/// Whether the stream stands, and whether the server answers, are not what they were.
static TURNED: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    static UP: Cell<bool> = const { Cell::new(false) };
    /// The tickets that have changed, until the next time that this is told, and those of the last time.
    static CHANGES: RefCell<Vec<TicketId>> = const { RefCell::new(Vec::new()) };
    static LAST_CHANGES: RefCell<Vec<TicketId>> = const { RefCell::new(Vec::new()) };

    static TICKET: Burst = const { Burst::new(tell_tickets, 400.0, 0.0) };
    /// A change on a large desk is heard on many pages, which are not to ask at the same moment.
    static LIST: Burst = const { Burst::new(|| count(&LISTED), 1_500.0, 250.0) };
    static BELL: Burst = const { Burst::new(|| count(&NOTIFIED), 1_000.0, 0.0) };
    static ALL: Burst = const { Burst::new(pulse::look_again, 1_000.0, 300.0) };
}

/// Opens the stream for whoever is signed in, and another one for somebody else. Once per page, which has to be
/// drawn for that.
pub fn start() {
    let mut before = None;
    effect(move || {
        let person = session::me().map(|me| me.id);
        if std::mem::replace(&mut before, person) != person {
            untrack(|| line::open(person));
        }
    });
    let turned = Closure::<dyn FnMut(JsValue)>::new(|event: JsValue| turned(event.unchecked_ref())).into_js_value();
    for event in ["online", "offline", "focus", "visibilitychange"] {
        // `document` tells of the last, and lets it rise.
        drop(window().add_event_listener_with_callback(event, turned.unchecked_ref()));
    }
}

/// The network or the reader came or went.
fn turned(event: &web_sys::Event) {
    if event.type_() == "offline" {
        line::drop_stream();
        return;
    }
    // The tab that leads may be one that nobody sees.
    line::try_now();
    if is_seen() {
        check();
        for burst in [&ALL, &TICKET, &LIST, &BELL] {
            burst.with(Burst::run);
        }
    } else {
        line::rest();
    }
}

/// Looks from time to time whether the stream is still alive.
pub fn check() {
    line::check();
    pulse::if_seen();
}

/// Follows whether what changes is heard of as it happens.
pub fn is_up() -> bool {
    TURNED.track();
    UP.get()
}

/// Follows whether the server is out of reach for somebody who is signed in.
pub fn is_offline() -> bool {
    !is_up() && !api::reaches() && session::me().is_some()
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
    let last = Cell::new(0);
    let count = move || {
        let now = CHANGED.get();
        if LAST_CHANGES.with_borrow(|tickets| tickets.contains(&id)) {
            last.set(now);
        }
        pulse::follow().wrapping_add(last.get())
    };
    pulse::at_each(count, run);
}

fn tell_tickets() {
    LAST_CHANGES.set(CHANGES.take());
    count(&CHANGED);
}

/// The stream stands, or does not and is not expected to at once.
fn set_up(up: bool) {
    UP.set(up);
    pulse::rest(up);
    turn();
}

/// Tells that the line to the server is not what it was.
pub fn turn() {
    count(&TURNED);
}

/// Whatever is shown may be old.
fn look() {
    burst::soon(&ALL);
}

/// Takes up what the stream says.
fn hear(said: &str) {
    let Some(event) = event::read(said) else { return };
    match (event.kind.as_str(), event.ticket) {
        ("ticket_changed", Some(ticket)) => {
            CHANGES.with_borrow_mut(|tickets| tickets.push(ticket));
            burst::soon(&TICKET);
            burst::soon(&LIST);
        }
        ("notifications_changed", _) => burst::soon(&BELL),
        ("presence", Some(ticket)) => presence::note(ticket, said),
        ("reset", _) => look(),
        // The server may be newer than the page.
        _ => {}
    }
}

fn count(changes: &ArcRwSignal<u32>) {
    changes.update(|count| *count = count.wrapping_add(1));
}

fn is_seen() -> bool {
    document().visibility_state() == VisibilityState::Visible
}
