//! The answer to a captcha: to the desk's own riddle, which a worker of the browser solves, or to somebody else's.
//!
//! Invariant: it is solved when the server asks for it, and nothing waits for it but the request that it is for.

use gloo_net::http::Method;
use js_sys::{JSON, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

use super::Failure;
use crate::captcha;

/// The worker of ALTCHA's own package, which the build puts beside the page.
const WORKER: &str = "/altcha-3.2.2.js";

/// Whether a request was refused because it holds no answer.
pub fn is_asked(failure: Option<&Failure>) -> bool {
    matches!(failure, Some(Failure::Refused(problem)) if problem.errors.iter().any(|fault| fault.pointer == "/captcha"))
}

/// The request with an answer; nothing where there is none.
pub async fn answer(body: &str) -> Option<String> {
    let answer = if captcha::is_elsewhere() { captcha::answer().await? } else { solve().await? };
    Some(format!(r#"{},"captcha":{}}}"#, body.strip_suffix('}')?, super::text(&answer)?))
}

/// The desk's own riddle, which takes a second or two.
async fn solve() -> Option<String> {
    let challenge = super::exchange(&Method::GET, "/captcha/challenge", None, None).await.ok()?;
    let task = format!(r#"{{"type":"work","challenge":{challenge},"counterStart":0,"counterStep":1,"timeout":60000}}"#);
    let solution = work(&task).await?;
    window().btoa(&format!(r#"{{"challenge":{challenge},"solution":{solution}}}"#)).ok()
}

async fn work(task: &str) -> Option<String> {
    let task = JSON::parse(task).ok()?;
    let worker = Worker::new(WORKER).ok()?;
    let answered = Promise::new(&mut |resolve, _| {
        worker.set_onmessage(Some(&resolve));
        worker.set_onerror(Some(&resolve));
    });
    worker.post_message(&task).ok()?;
    let event = JsFuture::from(answered).await;
    worker.terminate();
    // A worker that failed has sent none.
    let solution = Reflect::get(&event.ok()?, &"data".into()).ok()?;
    JSON::stringify(&solution).ok()?.as_string()
}
