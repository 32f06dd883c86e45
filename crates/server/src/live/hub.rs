//! The streams of this process, and who of them hears what.
//!
//! Invariant: a stream hears only while its session is good. Nothing here waits, reads the database or depends on
//! how many streams somebody else has open.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::web::Bytes;
use api_types::live::{LiveEvent, Viewer};
use jiff::Timestamp;
use rand::RngExt;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    announce::Announcement,
    change::{self, Change, Ears},
    outlet::{Outlet, Reader},
    presence::Presence,
    recent::Recent,
};
use crate::{
    auth::{CurrentUser, Lasting},
    error::{AppError, Result},
};

/// So many streams one person may have open.
const MOST_OF_ONE: usize = 20;

/// A reader hears something at least every so many ticks.
const KEEP_ALIVE: u64 = 15;

/// The streams of this process.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    hub: Mutex<Hub>,
    pace: Pace,
    doubt: Notify,
    stopping: AtomicBool,
}

/// How often things are looked after.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// What has run out is noticed, and a fifteenth of the streams gets a sign of life.
    pub tick: Duration,
    /// Whether sessions are still good is read again.
    pub rights: Duration,
    /// A client that takes nothing of what it is sent for so long is cut off.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        // An account that was read a moment before it changed is known for 5 seconds at most.
        Self { tick: Duration::from_secs(1), rights: Duration::from_secs(4), patience: Duration::from_secs(60) }
    }
}

#[derive(Default)]
struct Hub {
    seats: Vec<Seat>,
    recent: Recent,
    presence: Presence,
    /// The number of the next stream.
    next: u64,
    ticks: u64,
}

/// A stream, and whose it is.
struct Seat {
    stream: u64,
    outlet: Arc<Outlet>,
    ears: Ears,
    /// Or the key.
    session: Uuid,
    token_version: i32,
    /// When the token runs out that opened it, in seconds since 1970.
    expires: i64,
}

impl Seat {
    /// Whether this reader hears who looks at a ticket: an agent who sees only some of them, while looking at it too.
    fn hears(&self, event: &LiveEvent) -> bool {
        let LiveEvent::Presence { viewers, .. } = event else { return self.ears.team };
        let looks = |viewer: &Viewer| viewer.person.id == self.ears.person;
        self.ears.team && (self.ears.departments.is_none() || viewers.iter().any(looks))
    }
}

impl Live {
    pub fn new(pace: Pace) -> Self {
        Self(Arc::new(Shared { hub: Mutex::default(), pace, doubt: Notify::new(), stopping: AtomicBool::new(false) }))
    }

    pub fn pace(&self) -> Pace {
        self.0.pace
    }

    /// Opens a stream, from a place on if its reader names one.
    pub fn open(&self, reader: &Lasting, from: Option<i64>) -> Result<Reader> {
        let Lasting { user, token_version, expires } = reader;
        let mut hub = self.hub();
        if self.is_stopping() {
            return Err(AppError::unavailable(anyhow::anyhow!("the server stops")));
        }
        if hub.seats.iter().filter(|seat| seat.ears.person == user.id).count() >= MOST_OF_ONE {
            // Some of them may be gone without having said so, which shows when they are spoken to.
            let sign = change::sign_of_life(hub.recent.newest());
            hub.seats.iter().filter(|seat| seat.ears.person == user.id).for_each(|seat| seat.outlet.nudge(&sign));
            let detail = "You have 20 live streams open. Close one first.";
            return Err(AppError::too_many(5).detail(detail));
        }
        let outlet = Arc::new(Outlet::default());
        let seat = Seat {
            stream: hub.next,
            outlet: Arc::clone(&outlet),
            ears: Ears::of(user),
            session: user.session,
            token_version: *token_version,
            expires: *expires,
        };
        hub.greet(&seat, from);
        let stream = seat.stream;
        hub.next += 1;
        hub.seats.push(seat);
        Ok(Reader { outlet, stream, live: self.clone() })
    }

    /// Closes a stream whose reader is gone.
    pub fn leave(&self, stream: u64) {
        let mut hub = self.hub();
        if let Some(place) = hub.seats.iter().position(|seat| seat.stream == stream) {
            hub.seats.swap_remove(place);
        }
    }

    /// Ends all streams, and opens no more. Their readers come back one after the other, perhaps to another process,
    /// which knows what they miss meanwhile.
    pub fn close(&self) {
        let hub = self.hub();
        self.0.stopping.store(true, Ordering::Relaxed);
        for seat in &hub.seats {
            seat.outlet.end(Some(change::farewell(rand::rng().random_range(500..2_000))));
        }
    }

    /// The server is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    /// Somebody's rights have changed in this process: the streams need not wait for the next look.
    pub fn doubt(&self) {
        self.0.doubt.notify_one();
    }

    /// Waits until somebody's rights may have changed.
    pub async fn doubted(&self) {
        self.0.doubt.notified().await;
    }

    /// Listening begins, or begins again: what was missed is not known.
    pub fn begin(&self, newest: i64) {
        let mut hub = self.hub();
        hub.recent.begin(newest);
        let reset = hub.reset();
        hub.seats.iter().for_each(|seat| seat.outlet.push(&reset, || reset.clone()));
    }

    /// Passes on what was announced.
    pub fn hear(&self, now: Timestamp, announcement: Announcement) {
        let mut hub = self.hub();
        match announcement {
            Announcement::Changed(changes) => {
                for (activity, ticket, creator, department, assignee) in changes {
                    hub.pass_on(Change::Ticket { activity, ticket, creator, department, assignee });
                }
            }
            Announcement::Notified(people) => {
                for person in people {
                    hub.pass_on(Change::Notified(person));
                }
            }
            // Of no stream: the listener has them looked at.
            Announcement::KeyRevoked(_) => {}
            Announcement::Attends { ticket, person, attention } => {
                let event = hub.presence.note(now, ticket, person, attention);
                hub.tell_team(event);
            }
        }
    }

    /// Looks after what runs out, and gives some of the streams a sign of life.
    pub fn tick(&self, now: Timestamp) {
        let mut hub = self.hub();
        let expired = hub.presence.expire(now);
        hub.tell_team(expired);
        hub.ticks += 1;
        let sign = change::sign_of_life(hub.recent.newest());
        for seat in &hub.seats {
            if seat.expires <= now.as_second() {
                seat.outlet.end(None);
            } else if (seat.stream + hub.ticks).is_multiple_of(KEEP_ALIVE) {
                seat.outlet.nudge(&sign);
            }
        }
    }

    /// The sessions and keys whose streams are open.
    pub fn sessions(&self) -> Vec<Uuid> {
        let all: HashSet<Uuid> = self.hub().seats.iter().map(|seat| seat.session).collect();
        all.into_iter().collect()
    }

    /// Ends the streams of those of these sessions that are no longer what they were.
    pub fn check(&self, sessions: &[Uuid], good: Vec<(CurrentUser, i32)>) {
        let asked: HashSet<&Uuid> = sessions.iter().collect();
        let good: HashMap<Uuid, (Ears, i32)> =
            good.iter().map(|(user, version)| (user.session, (Ears::of(user), *version))).collect();
        for seat in self.hub().seats.iter().filter(|seat| asked.contains(&seat.session)) {
            let is_good = |(ears, version): &(Ears, i32)| *ears == seat.ears && *version == seat.token_version;
            if !good.get(&seat.session).is_some_and(is_good) {
                seat.outlet.end(None);
            }
        }
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// What a stream begins with: where it is, what its reader missed, and for the team who looks at what.
    fn greet(&self, seat: &Seat, from: Option<i64>) {
        let reset = || self.reset();
        seat.outlet.push(&change::greeting(self.recent.newest()), reset);
        // Before listening has begun nothing is known, and all are told as soon as it has.
        if let (Some(from), Some(_)) = (from, self.recent.newest()) {
            match self.recent.after(from) {
                Some(missed) => missed
                    .filter(|change| change.is_for(&seat.ears))
                    .for_each(|change| seat.outlet.push(&change.event(), reset)),
                None => seat.outlet.push(&reset(), reset),
            }
        }
        let heard = self.presence.all().filter(|event| seat.hears(event));
        heard.for_each(|event| seat.outlet.push(&change::frame(None, &event), reset));
    }

    fn pass_on(&mut self, change: Change) {
        self.recent.add(change);
        let mut event = None;
        for seat in self.seats.iter().filter(|seat| change.is_for(&seat.ears)) {
            let event: &Bytes = event.get_or_insert_with(|| change.event());
            seat.outlet.push(event, || self.reset());
        }
    }

    fn tell_team(&self, events: impl IntoIterator<Item = LiveEvent>) {
        for event in events {
            let frame = change::frame(None, &event);
            for seat in self.seats.iter().filter(|seat| seat.hears(&event)) {
                seat.outlet.push(&frame, || self.reset());
            }
        }
    }

    fn reset(&self) -> Bytes {
        change::frame(self.recent.newest(), &LiveEvent::Reset)
    }
}
