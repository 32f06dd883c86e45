//! One open stream: what waits for its reader, and the body that hands it over.
//!
//! Invariant: what waits is bounded. A reader for whom too much has gathered is told to ask for everything instead.
//! An idle stream holds no buffer and no task.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::{Bytes, BytesMut},
};

use super::Live;

/// So many events wait at most.
const MOST: usize = 256;

/// Where events wait.
#[derive(Default)]
pub struct Outlet(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    events: Vec<Bytes>,
    reader: Option<Waker>,
    /// What waits is "ask for everything", which includes what comes until it is read.
    overflown: bool,
    ended: bool,
}

impl Outlet {
    /// Lets an event wait; `reset` instead when too many do.
    pub fn push(&self, event: &Bytes, reset: impl FnOnce() -> Bytes) {
        let mut waiting = self.lock();
        if waiting.ended || waiting.overflown {
            return;
        }
        if waiting.events.len() < MOST {
            waiting.events.push(event.clone());
        } else {
            waiting.events = vec![reset()];
            waiting.overflown = true;
        }
        wake(waiting);
    }

    /// Lets a sign of life wait, unless something does.
    pub fn nudge(&self, sign_of_life: &Bytes) {
        let mut waiting = self.lock();
        if waiting.events.is_empty() && !waiting.ended {
            waiting.events.push(sign_of_life.clone());
            wake(waiting);
        }
    }

    /// Ends the stream, with last words or without.
    pub fn end(&self, farewell: Option<Bytes>) {
        let mut waiting = self.lock();
        if !waiting.ended {
            waiting.events.extend(farewell);
            waiting.ended = true;
            wake(waiting);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll(&self, context: &Context<'_>) -> Poll<Option<Bytes>> {
        let mut waiting = self.lock();
        let events = std::mem::take(&mut waiting.events);
        waiting.overflown = false;
        match <[Bytes; 1]>::try_from(events) {
            Ok([event]) => Poll::Ready(Some(event)),
            Err(events) if !events.is_empty() => {
                let mut all = BytesMut::with_capacity(events.iter().map(Bytes::len).sum());
                events.iter().for_each(|event| all.extend_from_slice(event));
                Poll::Ready(Some(all.freeze()))
            }
            Err(_) if waiting.ended => Poll::Ready(None),
            Err(_) => {
                waiting.reader = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Wakes the reader once nobody is kept waiting by it.
fn wake(mut waiting: MutexGuard<'_, Waiting>) {
    let reader = waiting.reader.take();
    drop(waiting);
    if let Some(reader) = reader {
        reader.wake();
    }
}

/// The body of a stream. The stream is closed when it is dropped, which is when its reader is gone.
pub struct Reader {
    pub outlet: Arc<Outlet>,
    pub stream: u64,
    pub live: Live,
}

impl MessageBody for Reader {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        self.outlet.poll(context).map(|chunk| chunk.map(Ok))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.live.leave(self.stream);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(outlet: &Outlet) -> Poll<Option<Bytes>> {
        outlet.poll(&Context::from_waker(Waker::noop()))
    }

    fn push(outlet: &Outlet, event: &'static str) {
        outlet.push(&Bytes::from_static(event.as_bytes()), || Bytes::from_static(b"reset"));
    }

    #[test]
    fn events_come_in_order_and_the_end_comes_last() {
        let outlet = Outlet::default();
        assert_eq!(read(&outlet), Poll::Pending);
        push(&outlet, "a");
        assert_eq!(read(&outlet), Poll::Ready(Some("a".into())));
        push(&outlet, "b");
        push(&outlet, "c");
        outlet.nudge(&Bytes::from_static(b"alive"));
        outlet.end(Some("bye".into()));
        push(&outlet, "unheard");
        assert_eq!(read(&outlet), Poll::Ready(Some("bcbye".into())));
        assert_eq!(read(&outlet), Poll::Ready(None));
    }

    #[test]
    fn who_does_not_read_is_told_to_begin_anew() {
        let outlet = Outlet::default();
        for _ in 0..MOST + 100 {
            push(&outlet, "a");
        }
        assert_eq!(read(&outlet), Poll::Ready(Some("reset".into())));
        push(&outlet, "b");
        assert_eq!(read(&outlet), Poll::Ready(Some("b".into())));
        assert_eq!(read(&outlet), Poll::Pending);
    }
}
