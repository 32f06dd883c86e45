//! Many changes at once that are told once.
//!
//! Invariant: the last change of a burst is told after it happened, be it later; while nobody looks at the page, when
//! somebody does again.

use std::{cell::Cell, thread::LocalKey, time::Duration};

use leptos::prelude::set_timeout;

use super::is_seen;

pub struct Burst {
    tell: fn(),
    /// So many milliseconds lie between two tellings.
    apart: f64,
    /// The first waits for a random part of so many.
    spread: f64,
    due: Cell<bool>,
    told: Cell<f64>,
}

impl Burst {
    pub const fn new(tell: fn(), apart: f64, spread: f64) -> Self {
        Self { tell, apart, spread, due: Cell::new(false), told: Cell::new(0.0) }
    }

    /// Tells what is due, unless nobody would see it.
    pub fn run(&self) {
        if is_seen() && self.due.replace(false) {
            self.told.set(js_sys::Date::now());
            (self.tell)();
        }
    }

    /// How long to wait before telling; nothing if that is decided already.
    fn wait(&self) -> Option<Duration> {
        let wait = self.told.get() + self.apart - js_sys::Date::now();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "no longer than two tellings are apart"
        )]
        let wait = wait.min(self.apart).max(self.spread * js_sys::Math::random()) as u64;
        (!self.due.replace(true)).then(|| Duration::from_millis(wait))
    }
}

/// Something has happened that is to be told soon.
pub fn soon(burst: &'static LocalKey<Burst>) {
    if let Some(wait) = burst.with(Burst::wait) {
        set_timeout(move || burst.with(Burst::run), wait);
    }
}
