//! When to look again: a beat that open lists and tickets follow, and the time that passes.
//!
//! Invariant: a hidden page never beats, and a page that comes back to sight beats at once, unless it hears of
//! changes as they happen.

use std::{cell::Cell, sync::LazyLock, time::Duration};

use leptos::prelude::*;
use web_sys::VisibilityState;

use crate::{erased::effect, live};

static BEAT: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);
static TICK: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    /// How far the server's clock is ahead of the browser's.
    static AHEAD: Cell<f64> = const { Cell::new(0.0) };
    /// What changes is heard of as it happens.
    static RESTS: Cell<bool> = const { Cell::new(false) };
}

const EVERY: Duration = Duration::from_secs(20);

/// Starts the beat, once per page.
pub fn start() {
    set_interval(live::check, EVERY);
}

/// Time has gone on, or the reader has come back.
pub fn if_seen() {
    if document().visibility_state() == VisibilityState::Visible {
        if RESTS.get() { count(&TICK) } else { look_again() }
    }
}

/// Leaves off asking unbidden, or takes it up again; time goes on in any case.
pub fn rest(rests: bool) {
    RESTS.set(rests);
}

/// Whoever shows something of the server's asks for it anew.
pub fn look_again() {
    count(&TICK);
    count(&BEAT);
}

fn count(signal: &ArcRwSignal<u32>) {
    signal.update(|count| *count = count.wrapping_add(1));
}

/// Subscribes to the beat.
pub fn follow() -> u32 {
    BEAT.get()
}

/// Subscribes to the passing of time.
pub fn time() -> u32 {
    TICK.get()
}

/// Runs now, and whenever what is counted has moved on.
pub fn at_each(count: impl Fn() -> u32 + 'static, mut run: impl FnMut() + 'static) {
    run();
    let mut before = untrack(&count);
    effect(move || {
        let now = count();
        if std::mem::replace(&mut before, now) != now {
            untrack(&mut run);
        }
    });
}

/// The server's time now in milliseconds, which moves on as time passes: what relative times are measured from. A
/// browser whose clock is wrong still says them right.
pub fn now() -> f64 {
    time();
    moment()
}

/// Learns the server's time from an answer of just now.
pub fn hear(server_time: f64) {
    AHEAD.set(server_time - js_sys::Date::now());
}

/// The server's time at this moment, which no view follows.
pub fn moment() -> f64 {
    js_sys::Date::now() + AHEAD.get()
}
