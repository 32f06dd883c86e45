//! When to look again: a beat that open lists and tickets follow.
//!
//! Invariant: a hidden page never beats, and a page that comes back to sight beats at once.

use std::{sync::LazyLock, time::Duration};

use leptos::{ev, prelude::*};
use web_sys::VisibilityState;

static BEAT: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static NOW: LazyLock<ArcRwSignal<f64>> = LazyLock::new(|| ArcRwSignal::new(js_sys::Date::now()));

const EVERY: Duration = Duration::from_secs(20);

/// Starts the beat, once per page.
pub fn start() {
    set_interval(if_seen, EVERY);
    window_event_listener(ev::visibilitychange, |_| if_seen());
    window_event_listener(ev::focus, |_| if_seen());
    window_event_listener(ev::online, |_| look_again());
}

fn if_seen() {
    if document().visibility_state() == VisibilityState::Visible {
        look_again();
    }
}

/// Whoever shows something of the server's asks for it anew.
pub fn look_again() {
    NOW.set(js_sys::Date::now());
    BEAT.update(|beat| *beat = beat.wrapping_add(1));
}

/// Subscribes to the beat.
pub fn follow() -> u32 {
    BEAT.get()
}

/// The time now in milliseconds, moved on by each beat: what relative times are measured from.
pub fn now() -> f64 {
    NOW.get()
}
