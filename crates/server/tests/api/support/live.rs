//! Streams of live events, as a page reads them.
//!
//! Invariant: whoever waits for an event that never comes fails; nobody waits for time to pass.

use std::time::Duration;

use api_types::live::LiveEvent;
use reqwest::Method;
use serde_json::Value;

use super::{Answer, Caller, contract};

/// Far longer than anything here takes.
const NEVER: Duration = Duration::from_secs(30);

/// An open stream.
pub struct Stream {
    response: reqwest::Response,
    unread: String,
    /// The place that was named last.
    pub place: Option<i64>,
}

/// A block of the stream, as it was sent.
#[derive(Debug)]
struct Block {
    id: Option<i64>,
    event: Option<LiveEvent>,
    text: String,
}

impl Caller {
    /// Asks for a stream; answers its head alone if there is one.
    pub async fn knocks(&self, place: Option<&str>) -> (Answer, Option<Stream>) {
        let path = "/api/v1/live";
        let (mut answer, response) = self
            .begin(Method::GET, path, |request| match place {
                Some(place) => request.header("Last-Event-ID", place),
                None => request,
            })
            .await;
        if answer.status != 200 {
            answer.body = response.bytes().await.unwrap().to_vec();
            contract::check(&Method::GET, path, &answer);
            return (answer, None);
        }
        assert_eq!(answer.header("content-type"), "text/event-stream");
        (answer, Some(Stream { response, unread: String::new(), place: None }))
    }

    /// Opens a stream that hears: its process listens.
    pub async fn hears(&self) -> Stream {
        let (answer, stream) = self.knocks(None).await;
        answer.is(200);
        let mut stream = stream.unwrap();
        let greeting = stream.block().await.expect("a greeting");
        assert!(greeting.event.is_none() && greeting.text.contains("retry: "), "{greeting:?}");
        if stream.place.is_none() {
            // It came before listening had begun, and is told when it has.
            assert_eq!(stream.next().await, Some(LiveEvent::Reset));
        }
        stream
    }

    /// Opens a stream that goes on from a place.
    pub async fn hears_from(&self, place: &str) -> Stream {
        let (answer, stream) = self.knocks(Some(place)).await;
        answer.is(200);
        stream.unwrap()
    }
}

impl Stream {
    /// The next event, or nothing when the stream has ended.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        loop {
            if let Some(event) = self.block().await?.event {
                return Some(event);
            }
        }
    }

    /// Reads to the end, and answers the last words.
    pub async fn ends(&mut self) -> String {
        let mut last = String::new();
        while let Some(block) = self.block().await {
            last = block.text;
        }
        last
    }

    /// Waits for a line that is no event and names this place.
    pub async fn reaches(&mut self, place: i64) {
        loop {
            let block = self.block().await.expect("the stream goes on");
            assert!(block.event.is_none(), "{block:?}");
            if block.id == Some(place) {
                return;
            }
        }
    }

    async fn block(&mut self) -> Option<Block> {
        loop {
            if let Some((text, rest)) = self.unread.split_once("\n\n") {
                let (text, rest) = (text.to_owned(), rest.to_owned());
                self.unread = rest;
                let block = Block::read(text);
                self.place = block.id.or(self.place);
                return Some(block);
            }
            let chunk = tokio::time::timeout(NEVER, self.response.chunk()).await.expect("something within time");
            match chunk.expect("the stream is not cut") {
                Some(bytes) => self.unread.push_str(std::str::from_utf8(&bytes).unwrap()),
                None => {
                    assert_eq!(self.unread, "", "the last block is whole");
                    return None;
                }
            }
        }
    }
}

impl Block {
    fn read(text: String) -> Self {
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let event = field("data").map(|data| {
            let event: LiveEvent = serde_json::from_str(data).unwrap();
            let sent: Value = serde_json::from_str(data).unwrap();
            assert_eq!(sent, serde_json::to_value(&event).unwrap(), "no more than the contract says");
            assert_eq!(field("event"), sent["kind"].as_str(), "{text}");
            event
        });
        Self { id: field("id").map(|id| id.parse().unwrap()), event, text }
    }
}
