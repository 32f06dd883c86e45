//! Sending a file, which takes long enough to say how far it is and to be stopped.
//!
//! Invariant: a stopped upload never answers with success.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::{Answer, BASE, ENDS, Failure, bearer, is_renewed_after, judge, parse, refresh};

/// A token that ends sooner, in milliseconds, is renewed first: asking once more would mean sending the
/// whole file once more.
const MARGIN: f64 = 60_000.0;

/// An upload under way, to be stopped by whoever started it.
#[derive(Clone, Default)]
pub struct Sending(Rc<State>);

#[derive(Default)]
struct State {
    request: RefCell<Option<XmlHttpRequest>>,
    stopped: Cell<bool>,
}

impl Sending {
    pub fn stop(&self) {
        self.0.stopped.set(true);
        if let Some(request) = self.0.request.take() {
            drop(request.abort());
        }
    }
}

type Heard = Closure<dyn FnMut(ProgressEvent)>;

/// Sends a file as the one part of a form; `progress` hears percents. Sent again with the same key, it is
/// stored once.
pub async fn upload<T: DeserializeOwned>(
    path: &str,
    file: File,
    key: String,
    sending: Sending,
    progress: impl Fn(u8) + 'static,
) -> Answer<T> {
    if ENDS.get() - js_sys::Date::now() < MARGIN {
        // When this fails the upload itself says why.
        drop(refresh().await);
    }
    let heard = Heard::new(move |event: ProgressEvent| progress(percent(event.loaded(), event.total())));
    let url = format!("{BASE}{path}");
    let exchange = || exchange(&url, &file, &key, &sending, &heard);
    let bearer = bearer();
    let first = exchange().await;
    let answer = if is_renewed_after(first.as_ref().err(), bearer).await? { exchange().await } else { first };
    if sending.0.stopped.get() {
        return Err(Failure::Unreachable);
    }
    parse(&answer?)
}

async fn exchange(url: &str, file: &File, key: &str, sending: &Sending, heard: &Heard) -> Result<String, Failure> {
    if sending.0.stopped.get() {
        return Err(Failure::Unreachable);
    }
    let (request, ended) = begin(url, file, key, heard).map_err(|_| Failure::Unreachable)?;
    sending.0.request.replace(Some(request.clone()));
    // It ends in any case; how is in the status.
    drop(JsFuture::from(ended).await);
    let status = request.status().unwrap_or(0);
    let text = request.response_text().ok().flatten().unwrap_or_default();
    judge((200..300).contains(&status), text)
}

fn begin(url: &str, file: &File, key: &str, heard: &Heard) -> Result<(XmlHttpRequest, Promise), JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open("POST", url)?;
    if let Some(bearer) = bearer() {
        request.set_request_header("Authorization", &bearer)?;
    }
    request.set_request_header("Idempotency-Key", key)?;
    request.upload()?.set_onprogress(Some(heard.as_ref().unchecked_ref()));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    let form = FormData::new()?;
    form.append_with_blob_and_filename("file", file, &file.name())?;
    request.send_with_opt_form_data(Some(&form))?;
    Ok((request, ended))
}

fn percent(loaded: f64, total: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    let percent = (loaded / total.max(1.0) * 100.0).clamp(0.0, 100.0) as u8;
    percent
}
