//! The one answer that has no end: read in pieces, as they come.

use gloo_net::http::Method;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader};

use super::{Failure, is_renewed_after, note, read, request};

pub struct Stream(ReadableStreamDefaultReader);

/// Opens a stream, from a place on if one is known. The signal ends it, however far it is.
pub async fn open_stream(path: &str, place: Option<String>, end: Option<AbortSignal>) -> Result<Stream, Failure> {
    let first = begin(path, place.as_deref(), end.as_ref()).await;
    let opened = if is_renewed_after(first.as_ref().err()).await? {
        begin(path, place.as_deref(), end.as_ref()).await
    } else {
        first
    };
    // Ending it is no sign that the server cannot be reached.
    if !end.is_some_and(|end| end.aborted()) {
        note(opened.as_ref().err());
    }
    opened
}

async fn begin(path: &str, place: Option<&str>, end: Option<&AbortSignal>) -> Result<Stream, Failure> {
    let mut request = request(Method::GET, path).abort_signal(end);
    if let Some(place) = place {
        request = request.header("Last-Event-ID", place);
    }
    let response = request.send().await.map_err(|_| Failure::Unreachable)?;
    if !response.ok() {
        return Err(read(response).await.err().unwrap_or(Failure::Unreachable));
    }
    let reader = response.body().and_then(|body| body.get_reader().dyn_into().ok());
    reader.map(Stream).ok_or(Failure::Unreachable)
}

impl Stream {
    /// What comes next; nothing when it has ended, be it that the connection broke.
    pub async fn next(&self) -> Option<Vec<u8>> {
        let piece = JsFuture::from(self.0.read()).await.ok()?;
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into()).ok()?.dyn_into().ok()?;
        Some(bytes.to_vec())
    }
}
