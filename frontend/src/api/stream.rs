//! The one answer that has no end: read in pieces, as they come.

use gloo_net::http::Method;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStream, ReadableStreamDefaultReader};

use super::{ENDS, Failure, bearer, exchange, is_renewed_after, note, read, refresh, request, send};

/// A token that ends sooner, in milliseconds, is renewed first; a stream lasts as long as its token.
const MARGIN: f64 = 5_000.0;

pub struct Stream(ReadableStreamDefaultReader);

/// Opens a stream of text, from a place on if one is known. The signal ends it, however far it is.
pub async fn open_stream(path: &str, place: Option<String>, end: Option<AbortSignal>) -> Result<Stream, Failure> {
    if ENDS.get() - js_sys::Date::now() < MARGIN {
        // When this fails the request itself says why.
        drop(refresh().await);
    }
    let bearer = bearer();
    let opened = begin(path, place, end.as_ref()).await;
    let failure = opened.as_ref().err();
    if matches!(failure, Some(Failure::Unreachable)) {
        // No sign that the server cannot be reached: one may have ended it, or a proxy lets none through.
        drop(exchange(&Method::GET, "/health", None, None).await);
    } else {
        note(failure);
    }
    // Whoever comes back has another token then, or is no longer signed in.
    is_renewed_after(failure, bearer).await?;
    opened
}

async fn begin(path: &str, place: Option<String>, end: Option<&AbortSignal>) -> Result<Stream, Failure> {
    let mut request = request(Method::GET, path).abort_signal(end);
    if let Some(place) = place {
        request = request.header("Last-Event-ID", &place);
    }
    let response = send(request.build()).await?;
    if !response.ok() {
        return Err(read(response).await.err().unwrap_or(Failure::Unreachable));
    }
    let reader = response.body().and_then(|body| text(&body)).and_then(|text| text.get_reader().dyn_into().ok());
    reader.map(Stream).ok_or(Failure::Unreachable)
}

/// The browser makes text of the bytes; a piece of them may end within a letter.
fn text(bytes: &ReadableStream) -> Option<ReadableStream> {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok()?.dyn_into::<Function>().ok();
    let decoder = Reflect::construct(&part(&window(), "TextDecoderStream")?, &Array::new()).ok()?;
    part(bytes, "pipeThrough")?.call1(bytes, &decoder).ok()?.dyn_into().ok()
}

impl Stream {
    /// What comes next; nothing when it has ended, be it that the connection broke.
    pub async fn next(&self) -> Option<String> {
        let piece = JsFuture::from(self.0.read()).await.ok()?;
        Reflect::get(&piece, &"value".into()).ok()?.as_string()
    }
}
