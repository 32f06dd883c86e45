//! A model that says what a test wants it to, well or badly, over HTTP.
//!
//! Invariant: it keeps every request, and speaks to nobody.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use server::outside::model::ModelSettings;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
};

/// What the endpoint does with a request.
#[derive(Clone)]
pub enum Says {
    /// A completion with these words.
    Text(String),
    /// A completion whose words are this, as JSON.
    Json(Value),
    /// Any answer at all.
    Raw(u16, String),
    /// Part of an answer, then the end of the connection.
    Cut,
    /// Nothing, for ever.
    Silence,
    /// More than anybody should read.
    Huge,
    /// Somewhere else.
    Redirect(String),
}

type Script = dyn Fn(&Value) -> Says + Send + Sync;

#[derive(Clone)]
pub struct ScriptedModel {
    inner: Arc<Inner>,
    pub base_url: String,
}

struct Inner {
    script: Mutex<Arc<Script>>,
    requests: Mutex<Vec<Value>>,
    asked: Notify,
    /// Answers wait for a permit while it is closed.
    gate: Semaphore,
}

/// More than there will ever be requests.
const OPEN: usize = 1_000_000;

impl ScriptedModel {
    pub async fn start(script: impl Fn(&Value) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            script: Mutex::new(Arc::new(script)),
            requests: Mutex::default(),
            asked: Notify::new(),
            gate: Semaphore::new(OPEN),
        });
        let served = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let served = Arc::clone(&served);
                tokio::spawn(async move { served.answer(stream).await });
            }
        });
        Self { inner, base_url }
    }

    /// A model that always says the same.
    pub async fn saying(says: Says) -> Self {
        Self::start(move |_| says.clone()).await
    }

    pub fn says(&self, script: impl Fn(&Value) -> Says + Send + Sync + 'static) {
        *self.inner.script.lock().unwrap() = Arc::new(script);
    }

    pub fn settings(&self) -> ModelSettings {
        ModelSettings {
            chat: Some("scripted".to_owned()),
            patience: std::time::Duration::from_secs(5),
            ..ModelSettings::at(&self.base_url)
        }
    }

    /// What came so far.
    pub fn requests(&self) -> Vec<Value> {
        self.inner.requests.lock().unwrap().clone()
    }

    /// The words of the newest request.
    pub fn prompt(&self) -> String {
        self.requests().last().expect("it was asked")["messages"][1]["content"].as_str().unwrap().to_owned()
    }

    /// Answers nobody until told to.
    pub fn hold(&self) {
        self.inner.gate.forget_permits(OPEN);
    }

    pub fn release(&self) {
        self.inner.gate.add_permits(OPEN);
    }

    /// Until it was asked since the last time.
    pub async fn asked(&self) {
        self.inner.asked.notified().await;
    }
}

impl Inner {
    async fn answer(&self, mut stream: TcpStream) {
        let Some(request) = read(&mut stream).await else {
            return;
        };
        let script = Arc::clone(&self.script.lock().unwrap());
        let says = script(&request);
        self.requests.lock().unwrap().push(request);
        self.asked.notify_one();
        let _permit = self.gate.acquire().await.unwrap();
        let completion = |text: &str| {
            json!({
                "choices": [{ "message": { "role": "assistant", "content": text } }],
                "usage": { "prompt_tokens": 100, "completion_tokens": 20 },
            })
            .to_string()
        };
        let (status, headers, body) = match says {
            Says::Text(text) => (200, String::new(), completion(&text)),
            Says::Json(value) => (200, String::new(), completion(&value.to_string())),
            Says::Raw(status, body) => (status, String::new(), body),
            Says::Redirect(to) => (307, format!("location: {to}\r\n"), String::new()),
            Says::Huge => (200, String::new(), completion(&"a".repeat(2 * 1024 * 1024))),
            Says::Silence => return std::future::pending().await,
            Says::Cut => {
                let whole = completion("cut");
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", whole.len(), &whole[..20]);
                stream.write_all(head.as_bytes()).await.ok();
                return;
            }
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.ok();
        // Whoever has read enough hangs up.
        stream.write_all(body.as_bytes()).await.ok();
    }
}

async fn read(stream: &mut TcpStream) -> Option<Value> {
    let mut read = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0_usize) {
            return serde_json::from_str(body).ok();
        }
    }
}
