//! A circuit breaker: whoever fails again and again is left alone for a while.
//!
//! Invariant: while it is open nobody passes, and after that one at a time until one succeeds.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

/// So many failures on end open it.
const FAILURES: u32 = 5;

/// How long it stays open.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

pub struct Breaker {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// Nobody passes before this.
    until: Option<Timestamp>,
    probing: bool,
}

/// Somebody who passed. One that goes without success has failed, however it went.
pub struct Attempt<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
    succeeded: bool,
}

impl Breaker {
    pub fn new(clock: Clock) -> Self {
        Self { clock, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes, or does not.
    pub fn enter(&self) -> Option<Attempt<'_>> {
        let mut state = self.lock();
        let is_probe = state.until.is_some();
        if state.until.is_some_and(|until| self.clock.now() < until) || (is_probe && state.probing) {
            return None;
        }
        state.probing = is_probe;
        Some(Attempt { breaker: self, is_probe, succeeded: false })
    }
}

impl Attempt<'_> {
    pub fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut state = self.breaker.lock();
        if self.succeeded {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if self.is_probe {
            state.probing = false;
        }
        if state.failures >= FAILURES {
            state.until = self.breaker.clock.now().saturating_add(PAUSE).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker) {
        drop(breaker.enter().unwrap());
    }

    #[test]
    fn it_opens_after_failures_on_end_and_lets_one_try_after_a_while() {
        let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
        let breaker = Breaker::new(clock.clone());
        for _ in 1..FAILURES {
            fail(&breaker);
        }
        breaker.enter().unwrap().succeeded();
        for _ in 0..FAILURES {
            fail(&breaker);
        }
        assert!(breaker.enter().is_none());
        clock.advance(PAUSE - SignedDuration::from_secs(1));
        assert!(breaker.enter().is_none());
        clock.advance(SignedDuration::from_secs(1));
        let probe = breaker.enter().unwrap();
        assert!(breaker.enter().is_none(), "one at a time");
        drop(probe);
        assert!(breaker.enter().is_none(), "it failed again");
        clock.advance(PAUSE);
        breaker.enter().unwrap().succeeded();
        let (_one, _other) = (breaker.enter().unwrap(), breaker.enter().unwrap());
    }
}
