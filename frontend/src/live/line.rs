//! One person's line to the server, which the tabs of their browser share: the one that leads reads the stream, the
//! others hear it from there.
//!
//! Invariant: whoever leads goes on where the stream was heard last, so that nothing is missed between two streams.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use api_types::{error::ErrorCode, people::PersonId};
use js_sys::{Function, Promise};
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, BroadcastChannel};

use super::{
    blocks::{Block, Blocks},
    presence, tabs,
};
use crate::api;

/// A stream that says nothing for so long, in milliseconds, is dead; the server gives a sign of life every 15 seconds.
const SILENCE: f64 = 40_000.0;

/// The pauses between two attempts, in milliseconds.
const SHORTEST: u32 = 1_000;
const LONGEST: u32 = 30_000;
/// After being told that there are too many.
const TOO_MANY: u32 = 5_000;

/// What tabs say to each other; anything else is a place, a line break and an event.
const HELLO: &str = "hello";
const UP: &str = "up";
/// As `UP`, and what was known of presence is said anew.
const BEGUN: &str = "begun";
const DOWN: &str = "down";

thread_local! {
    static LINE: RefCell<Option<Rc<Line>>> = const { RefCell::new(None) };
}

struct Line {
    /// Absent where each tab has a stream of its own.
    channel: Option<BroadcastChannel>,
    closed: Cell<bool>,
    leads: Cell<bool>,
    /// Absent until it is known.
    up: Cell<Option<bool>>,
    place: RefCell<Option<String>>,
    /// When something was heard last.
    heard: Cell<f64>,
    retry: Cell<u32>,
    stream: RefCell<Option<AbortController>>,
    /// Ends a pause.
    wake: RefCell<Option<Function>>,
}

/// Opens somebody's line, and closes that of whoever was here before.
pub fn open(person: Option<PersonId>) {
    if let Some(before) = LINE.take() {
        before.close();
    }
    let Some(person) = person else { return };
    let name = format!("live:{person}");
    let line = Rc::new(Line {
        channel: tabs::channel(&name, |words| with(|line| line.receive(words))),
        closed: Cell::default(),
        leads: Cell::default(),
        up: Cell::default(),
        place: RefCell::default(),
        heard: Cell::default(),
        retry: Cell::new(SHORTEST),
        stream: RefCell::default(),
        wake: RefCell::default(),
    });
    LINE.set(Some(Rc::clone(&line)));
    line.say(HELLO);
    tabs::lead(&name, move || {
        let line = Rc::clone(&line);
        future_to_promise(async move {
            line.lead().await;
            Ok(JsValue::UNDEFINED)
        })
    });
}

/// Gives up a stream that has been silent for too long, as after the computer has slept.
pub fn check() {
    with(|line| {
        if js_sys::Date::now() - line.heard.get() > SILENCE {
            line.drop_stream();
        }
    });
}

/// Tries again without waiting any longer.
pub fn try_now() {
    with(|line| {
        line.wake();
        if line.up.get() != Some(true) {
            line.say(HELLO);
        }
    });
}

/// The network is gone: what the stream is still to say will not come.
pub fn drop_stream() {
    with(|line| line.drop_stream());
}

/// A tab that nobody sees lets go of a stream that is its own alone: a browser opens few connections to a server.
pub fn rest() {
    with(|line| {
        if line.channel.is_none() {
            line.drop_stream();
        }
    });
}

fn with(act: impl FnOnce(&Line)) {
    if let Some(line) = LINE.with_borrow(Clone::clone) {
        act(&line);
    }
}

impl Line {
    async fn lead(&self) {
        self.leads.set(true);
        let mut failures = 0;
        while !self.closed.get() {
            if self.channel.is_none() && !super::is_seen() {
                self.pause(i32::MAX.into()).await;
                continue;
            }
            self.heard.set(js_sys::Date::now());
            let stream = AbortController::new().ok();
            self.stream.replace(stream.clone());
            let ended = self.listen(stream.as_ref()).await;
            self.stream.take();
            if self.closed.get() {
                return;
            }
            let wait = match ended {
                Ok(()) => {
                    failures = 0;
                    self.retry.get()
                }
                Err(code) => {
                    self.set_up(false);
                    self.say(DOWN);
                    failures = (failures + 1).min(10);
                    let least = if code == Some(ErrorCode::TooManyRequests) { TOO_MANY } else { 0 };
                    (SHORTEST << failures).min(LONGEST).max(least)
                }
            };
            // Not all at the same moment when a server comes back.
            self.pause(f64::from(wait) * (0.5 + js_sys::Math::random() / 2.0)).await;
        }
    }

    /// Reads a stream to its end; fails if none began.
    async fn listen(&self, stream: Option<&AbortController>) -> Result<(), Option<ErrorCode>> {
        let place = self.place.borrow().clone();
        let opened = api::open_stream("/live", place, stream.map(AbortController::signal)).await;
        let stream = opened.map_err(|failure| failure.code())?;
        let mut blocks = Blocks::default();
        let mut began = false;
        while let Some(piece) = stream.next().await {
            if self.closed.get() {
                return Ok(());
            }
            self.heard.set(js_sys::Date::now());
            if !std::mem::replace(&mut began, true) {
                self.retry.set(SHORTEST);
                self.begin();
                self.say(BEGUN);
            }
            for Block { id, data, retry } in blocks.take(&piece) {
                self.retry.set(retry.unwrap_or(self.retry.get()));
                let words = [id, data].join("\n");
                self.say(&words);
                self.take(&words);
            }
        }
        if began { Ok(()) } else { Err(None) }
    }

    async fn pause(&self, milliseconds: f64) {
        let ended = Promise::new(&mut |resolve, _| {
            #[expect(clippy::cast_possible_truncation, reason = "within what a timer takes")]
            let whole = milliseconds as i32;
            drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, whole));
            self.wake.replace(Some(resolve));
        });
        drop(JsFuture::from(ended).await);
        self.wake.take();
    }

    fn wake(&self) {
        if let Some(wake) = self.wake.take() {
            drop(wake.call0(&JsValue::UNDEFINED));
        }
    }

    /// What another tab says.
    fn receive(&self, words: &str) {
        match words {
            HELLO if self.leads.get() => {
                self.wake();
                self.introduce();
            }
            HELLO => {}
            UP => self.set_up(true),
            BEGUN => self.begin(),
            DOWN => self.set_up(false),
            words => self.take(words),
        }
    }

    /// Tells a tab that has just come what the others know.
    fn introduce(&self) {
        if let Some(up) = self.up.get() {
            self.say(if up { UP } else { DOWN });
            let place = self.place.borrow().clone().unwrap_or_default();
            self.say(&(place + "\n"));
            presence::all_said().iter().for_each(|said| self.say(&["", said].join("\n")));
        }
    }

    fn take(&self, words: &str) {
        let Some((id, data)) = words.split_once('\n') else { return };
        if !id.is_empty() {
            self.place.replace(Some(id.to_owned()));
        }
        if !data.is_empty() {
            super::hear(data);
        }
    }

    fn begin(&self) {
        presence::forget();
        // The first stream of all begins after what is shown was asked for.
        let is_first = self.up.get().is_none();
        self.set_up(true);
        if is_first {
            super::look();
        }
    }

    fn set_up(&self, up: bool) {
        super::set_up(up);
        if self.up.replace(Some(up)).is_some_and(|before| before != up) {
            super::look();
        }
    }

    fn say(&self, words: &str) {
        if let Some(channel) = &self.channel {
            drop(channel.post_message(&words.into()));
        }
    }

    fn drop_stream(&self) {
        if let Some(stream) = self.stream.take() {
            stream.abort();
        }
    }

    fn close(&self) {
        self.closed.set(true);
        self.drop_stream();
        self.wake();
        if let Some(channel) = &self.channel {
            channel.close();
        }
        presence::forget();
        super::set_up(false);
    }
}
