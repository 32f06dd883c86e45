//! The only HTTP code: bearer token, one refresh for many, typed answers and refusals.
//!
//! Invariant: the access token lives in this module's memory and nowhere else.

mod riddle;
mod stream;
mod upload;

use std::cell::{Cell, RefCell};

use api_types::{
    auth::Session,
    error::{ErrorCode, Problem},
};
use futures::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};
use gloo_net::http::{Method, Request, RequestBuilder, Response};
use js_sys::Reflect;
use leptos::prelude::window;
use serde::{Serialize, de::DeserializeOwned};

pub use riddle::is_asked as asks_riddle;
pub use stream::open_stream;
pub use upload::{Sending, upload};

use web_sys::RequestInit;

use crate::{captcha, live, panel, said::Said, session, site};

const BASE: &str = "/api/v1";

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The server refused.
    Refused(Box<Problem>),
    /// No answer came, or none that can be read: the network, or a proxy in between.
    Unreachable,
}

impl Failure {
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            Self::Unreachable => None,
        }
    }
}

type Renewal = Shared<LocalBoxFuture<'static, Result<Session, Failure>>>;

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// When the token ends, by the browser's clock.
    static ENDS: Cell<f64> = const { Cell::new(0.0) };
    /// Whether the last question was answered, be it with a refusal. A stream is none.
    static REACHES: Cell<bool> = const { Cell::new(true) };
    static RENEWAL: RefCell<Option<Renewal>> = const { RefCell::new(None) };
}

/// Keeps the token that later calls carry.
pub fn keep_token(session: &Session) {
    TOKEN.set(Some(session.access_token.clone()));
    ENDS.set(js_sys::Date::now() + f64::from(session.expires_in) * 1000.0);
}

pub fn drop_token() {
    TOKEN.set(None);
}

type Answer<T> = Result<T, Failure>;

/// An answer on its way, behind a pointer: whoever waits for it does not have all its steps compiled in.
type Asked<T> = LocalBoxFuture<'static, Answer<T>>;

pub fn get<T: DeserializeOwned>(path: String) -> impl Future<Output = Answer<T>> {
    ask(Method::GET, path, None, None)
}

pub fn post<T: DeserializeOwned>(path: String, body: &impl Serialize) -> impl Future<Output = Answer<T>> {
    ask(Method::POST, path, text(body), None)
}

/// A POST that creates: sent again with the same key, it creates nothing more.
pub fn post_once<T: DeserializeOwned>(
    path: String,
    body: &impl Serialize,
    key: String,
) -> impl Future<Output = Answer<T>> {
    ask(Method::POST, path, text(body), Some(key))
}

/// A POST without a body.
pub fn act<T: DeserializeOwned>(path: String) -> impl Future<Output = Answer<T>> {
    ask(Method::POST, path, None, None)
}

pub fn put<T: DeserializeOwned>(path: String, body: &impl Serialize) -> impl Future<Output = Answer<T>> {
    ask(Method::PUT, path, text(body), None)
}

pub fn patch<T: DeserializeOwned>(path: String, body: &impl Serialize) -> impl Future<Output = Answer<T>> {
    ask(Method::PATCH, path, text(body), None)
}

pub fn delete<T: DeserializeOwned>(path: String) -> impl Future<Output = Answer<T>> {
    ask(Method::DELETE, path, None, None)
}

/// As [`get`], for what is read part by part.
pub async fn ask_for(path: String) -> Answer<Said> {
    hear(Method::GET, path, None).await
}

/// As [`act`], for what is read part by part.
pub async fn act_and_hear(path: String) -> Answer<Said> {
    hear(Method::POST, path, None).await
}

/// As [`post`], for what is read part by part.
pub async fn post_and_hear(path: String, body: &impl Serialize) -> Answer<Said> {
    hear(Method::POST, path, text(body)).await
}

async fn hear(method: Method, path: String, body: Option<String>) -> Answer<Said> {
    let call: LocalBoxFuture<'static, Answer<String>> = Box::pin(call(method, path, body, None));
    Said::read(&call.await?).ok_or(Failure::Unreachable)
}

/// A PUT that outlives the page; nobody hears its answer.
pub fn put_at_last(path: &str, body: &impl Serialize) {
    let last = RequestInit::new();
    drop(Reflect::set(&last, &"keepalive".into(), &true.into()));
    let request = request(Method::PUT, path).header("Content-Type", "application/json").body(text(body));
    if let Some(request) = request.ok().map(web_sys::Request::from) {
        // The browser keeps the promise.
        drop(window().fetch_with_request_and_init(&request, &last));
    }
}

/// All that differs between answers is how they are read; the call itself is compiled once.
async fn ask<T: DeserializeOwned>(
    method: Method,
    path: String,
    body: Option<String>,
    key: Option<String>,
) -> Answer<T> {
    let call: Asked<String> = Box::pin(call(method, path, body, key));
    parse(&call.await?)
}

/// A new session from the refresh cookie, or from the website around. Callers at the same moment share one request, because a
/// refresh token is good for one use.
pub fn refresh() -> Asked<Session> {
    let renewal = RENEWAL.with_borrow_mut(|slot| slot.get_or_insert_with(|| renew().boxed_local().shared()).clone());
    Box::pin(async move {
        let answer = renewal.await;
        RENEWAL.set(None);
        answer
    })
}

async fn renew() -> Result<Session, Failure> {
    // A website that knows who is here says so each time; its word is good once.
    let answer = match panel::host_token().await? {
        Some(token) => exchange(&Method::POST, "/auth/host", Some(token), None).await?,
        None => exchange(&Method::POST, "/auth/refresh", None, None).await?,
    };
    let session: Session = parse(&answer)?;
    keep_token(&session);
    Ok(session)
}

async fn call(method: Method, path: String, body: Option<String>, key: Option<String>) -> Result<String, Failure> {
    let bearer = bearer();
    let first = exchange(&method, &path, body.clone(), key.as_deref()).await;
    if let Some(body) = body.as_ref().filter(|_| riddle::is_asked(first.as_ref().err()))
        && let Some(answered) = riddle::answer(body).await
    {
        let second = exchange(&method, &path, Some(answered), key.as_deref()).await;
        if second.is_err() {
            // It was good once.
            captcha::reset();
        }
        return second;
    }
    let renewed = is_renewed_after(first.as_ref().err(), bearer).await?;
    if renewed { exchange(&method, &path, body, key.as_deref()).await } else { first }
}

/// Whether a refusal asked for another session than it was sent with, and there is one now.
fn is_renewed_after(failure: Option<&Failure>, sent: Option<String>) -> Asked<bool> {
    let expired = failure.and_then(Failure::code) == Some(ErrorCode::Unauthenticated);
    Box::pin(async move {
        let now = bearer();
        if !expired || now.is_none() {
            return Ok(false);
        }
        if now != sent {
            // Another call has renewed it meanwhile.
            return Ok(true);
        }
        match refresh().await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(_)) => {
                session::end();
                Ok(false)
            }
            Err(unreachable) => Err(unreachable),
        }
    })
}

fn exchange(method: &Method, path: &str, body: Option<String>, key: Option<&str>) -> Asked<String> {
    let mut request = request(method.clone(), path);
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    Box::pin(async move {
        let answer = match send(request).await {
            Ok(response) => read(response).await,
            Err(failure) => Err(failure),
        };
        note(answer.as_ref().err());
        answer
    })
}

fn send(request: Result<Request, gloo_net::Error>) -> Asked<Response> {
    Box::pin(async { request.map_err(|_| Failure::Unreachable)?.send().await.map_err(|_| Failure::Unreachable) })
}

fn request(method: Method, path: &str) -> RequestBuilder {
    let mut request = RequestBuilder::new(&format!("{BASE}{path}")).method(method);
    if site::in_panel() {
        // Its cookies are others than the page's.
        request = request.header("Waggle-Panel", "1");
    }
    match bearer() {
        Some(bearer) => request.header("Authorization", &bearer),
        None => request,
    }
}

/// Whether the server answers; [`live`] tells when that turns.
pub fn reaches() -> bool {
    REACHES.get()
}

fn note(failure: Option<&Failure>) {
    let reaches = !matches!(failure, Some(Failure::Unreachable));
    if REACHES.replace(reaches) != reaches {
        live::turn();
    }
}

fn bearer() -> Option<String> {
    TOKEN.with_borrow(|token| token.as_ref().map(|token| format!("Bearer {token}")))
}

fn read(response: Response) -> Asked<String> {
    Box::pin(async move {
        let text = response.text().await.map_err(|_| Failure::Unreachable)?;
        judge(response.ok(), text)
    })
}

fn judge(is_good: bool, text: String) -> Result<String, Failure> {
    if is_good {
        return Ok(text);
    }
    Err(parse(&text).map_or(Failure::Unreachable, |problem| Failure::Refused(Box::new(problem))))
}

fn text<B: Serialize>(body: &B) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// An empty answer reads as `()`.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    let text = if text.is_empty() { "null" } else { text };
    Said::read(text).and_then(Said::whole).ok_or(Failure::Unreachable)
}
