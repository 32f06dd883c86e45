//! Requests, and what came back.
//!
//! Invariant: every answer keeps the contract before a test looks at it.

use std::net::SocketAddr;

use api_types::error::{ErrorCode, FieldCode, Problem};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contract;

/// Sends requests in somebody's name, or nobody's.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    address: SocketAddr,
    pub token: Option<String>,
}

impl Caller {
    pub fn new(address: SocketAddr) -> Self {
        Self { http: reqwest::Client::new(), address, token: None }
    }

    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, |request| request).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, |request| request.json(&body)).await
    }

    /// A POST without a body.
    pub async fn call(&self, path: &str) -> Answer {
        self.send(Method::POST, path, |request| request).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, |request| request.json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, |request| request.json(&body)).await
    }

    /// A POST that carries an `Idempotency-Key`.
    pub async fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, |request| request.header("Idempotency-Key", key).json(&body)).await
    }

    /// Sends what `shape` makes of a request; paths start below `/api/v1`.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let path = format!("/api/v1{path}");
        let answer = self.send_raw(method.clone(), &path, shape).await;
        contract::check(&method, &path, &answer);
        answer
    }

    /// Sends to any path of the server; only what holds for every answer is checked.
    pub async fn send_raw(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let (mut answer, response) = self.begin(method, path, shape).await;
        answer.body = response.bytes().await.expect("the answer is whole").to_vec();
        answer
    }

    /// Sends, and waits for no more than the head of the answer.
    pub async fn begin(
        &self,
        method: Method,
        path: &str,
        shape: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> (Answer, reqwest::Response) {
        let mut request = self.http.request(method.clone(), format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = shape(request).send().await.expect("the server answers");
        let answer = Answer {
            what: format!("{method} {path}"),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Vec::new(),
        };
        contract::check_headers(path, &answer);
        (answer, response)
    }
}

/// What the server said.
#[derive(Clone)]
pub struct Answer {
    /// The request, for messages.
    pub what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("(not text)"))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(self) -> T {
        assert!((200..300).contains(&self.status), "{}: {} {}", self.what, self.status, self.text());
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{}: {error} in {}", self.what, self.text()),
        }
    }

    #[track_caller]
    pub fn problem(&self) -> Problem {
        match serde_json::from_slice(&self.body) {
            Ok(problem) => problem,
            Err(error) => panic!("{}: no problem but {} {}: {error}", self.what, self.status, self.text()),
        }
    }

    /// The problem of a refusal with this code.
    #[track_caller]
    pub fn refused(&self, code: ErrorCode) -> Problem {
        let problem = self.problem();
        assert_eq!(problem.code, code, "{}: {}", self.what, self.text());
        problem
    }

    /// A refusal of one field.
    #[track_caller]
    pub fn refused_field(&self, pointer: &str, code: FieldCode) {
        let problem = self.refused(ErrorCode::Invalid);
        let found: Vec<_> = problem.errors.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
        assert!(found.contains(&(pointer, code)), "{}: {found:?} lacks {pointer} {code}", self.what);
    }
}
