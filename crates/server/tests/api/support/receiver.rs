//! A program elsewhere that is told what happens, over HTTP, and answers as a test wants it to.
//!
//! Invariant: it keeps every message and counts every connection.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What the receiver does with a message.
#[derive(Clone)]
pub enum Replies {
    Status(u16),
    /// Somewhere else.
    Redirect(String),
    /// 200, and more than anybody should read.
    Huge,
    /// Nothing, for ever.
    Silence,
    /// The end of the connection.
    Hangup,
    /// No HTTP.
    Noise,
}

/// A message that came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a message is JSON")
    }

    pub fn event(&self) -> String {
        self.json()["type"].as_str().expect("it says what happened").to_owned()
    }
}

#[derive(Clone)]
pub struct Receiver {
    inner: Arc<Inner>,
    pub port: u16,
}

struct Inner {
    replies: Mutex<Replies>,
    heard: watch::Sender<Vec<Heard>>,
    connections: AtomicUsize,
    /// How many bytes of a huge answer went out.
    sent: AtomicUsize,
}

impl Receiver {
    pub async fn start(replies: Replies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let inner = Arc::new(Inner {
            replies: Mutex::new(replies),
            heard: watch::Sender::new(Vec::new()),
            connections: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
        });
        let served = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                served.connections.fetch_add(1, Ordering::SeqCst);
                let served = Arc::clone(&served);
                tokio::spawn(async move { served.serve(stream).await });
            }
        });
        Self { inner, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?key=1", self.port)
    }

    pub fn replies(&self, replies: Replies) {
        *self.inner.replies.lock().unwrap() = replies;
    }

    /// What came so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.inner.heard.borrow().clone()
    }

    pub fn last(&self) -> Heard {
        self.heard().last().expect("something came").clone()
    }

    pub fn events(&self) -> Vec<String> {
        self.heard().iter().map(Heard::event).collect()
    }

    /// Until so many messages have come.
    pub async fn hears(&self, count: usize) {
        let mut heard = self.inner.heard.subscribe();
        let came = tokio::time::timeout(Duration::from_secs(60), heard.wait_for(|heard| heard.len() >= count)).await;
        assert!(came.is_ok(), "{} messages came instead of {count}", self.heard().len());
    }

    pub fn connections(&self) -> usize {
        self.inner.connections.load(Ordering::SeqCst)
    }

    pub fn sent(&self) -> usize {
        self.inner.sent.load(Ordering::SeqCst)
    }
}

impl Inner {
    async fn serve(&self, mut stream: TcpStream) {
        let mut rest = Vec::new();
        while let Some(message) = read(&mut stream, &mut rest).await {
            self.heard.send_modify(|heard| heard.push(message));
            let replies = self.replies.lock().unwrap().clone();
            let answer = match replies {
                Replies::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 4\r\n\r\nbody"),
                Replies::Redirect(to) => format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"),
                Replies::Noise => "220 mail.example.org ESMTP\r\n".to_owned(),
                Replies::Hangup => return,
                Replies::Silence => return std::future::pending().await,
                Replies::Huge => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n").await.ok();
                    while stream.write_all(&[b'a'; 65536]).await.is_ok() {
                        self.sent.fetch_add(65536, Ordering::SeqCst);
                    }
                    return;
                }
            };
            stream.write_all(answer.as_bytes()).await.ok();
        }
    }
}

async fn read(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Option<Heard> {
    let mut buffer = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(rest).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let path = lines.next()?.split(' ').nth(1)?.to_owned();
            let headers: HashMap<_, _> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length: usize = headers.get("content-length")?.parse().ok()?;
            if body.len() >= length {
                rest.drain(..head.len() + 4 + length);
                return Some(Heard { path, headers, body: body[..length].to_owned() });
            }
        }
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        rest.extend_from_slice(&buffer[..count]);
    }
}
