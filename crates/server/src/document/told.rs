//! The document as it is told: its text, and where its operations are.
//!
//! Invariant: it is made once, for whoever asks first, and kept as text: by itself it takes megabytes.

use std::sync::LazyLock;

use actix_web::{http::Method, web::Bytes};

use crate::app;

/// Where an operation is.
#[derive(Debug)]
pub struct Place {
    pub id: String,
    pub method: Method,
    pub path: String,
}

struct Told {
    text: Bytes,
    places: Vec<Place>,
}

static TOLD: LazyLock<Told> = LazyLock::new(|| {
    let mut document = app::document();
    let text = document.to_json().unwrap_or_default().into();
    let mut places = Vec::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in super::methods(item) {
            let id = operation.operation_id.take().unwrap_or_default();
            places.push(Place { id, method, path: path.clone() });
        }
    }
    Told { text, places }
});

/// The document as it is served.
pub fn text() -> Bytes {
    TOLD.text.clone()
}

/// Where all operations are, by path.
pub fn places() -> &'static [Place] {
    &TOLD.places
}
