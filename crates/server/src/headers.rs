//! The headers of every answer.
//!
//! Invariant: the page runs only scripts of its own, nothing of an API answer is kept by anybody, and no website frames
//! anything but the panel.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};

use crate::{outside::files::Files, panel, spa, state::State};

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (OPENER, "same-origin"),
    (RESOURCE, "same-origin"),
];

const NOBODY_FRAMES: &str = "frame-ancestors 'none'";

/// What the page may load. Inline scripts are allowed by their hashes, pictures also from the bucket that they
/// are kept in.
pub struct PagePolicy(String);

impl PagePolicy {
    pub fn new(files: &Files) -> Self {
        Self(format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {}; style-src 'self'; img-src 'self' data: {}; \
             object-src 'none'; base-uri 'none'; form-action 'self'; {NOBODY_FRAMES}",
            spa::inline_script_hashes().join(" "),
            files.origin().unwrap_or_default()
        ))
    }
}

/// What people have sent may load nothing and run nothing, however it is opened.
const FILE_POLICY: &str =
    "default-src 'none'; sandbox; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Swagger UI starts itself by an inline script and sets styles inline.
const DOCS_POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Adds them.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_api = request.path().starts_with("/api/");
    let is_docs = request.path().starts_with("/docs");
    let is_file = request.path().starts_with("/files/") || request.path().starts_with("/logos/");
    let page_policy = request.app_data::<Data<PagePolicy>>().cloned();
    let state = request.app_data::<Data<State>>();
    let is_stopping = state.is_some_and(|state| state.live.is_stopping());
    let framers = state.and_then(|state| panel::framers(state, request.path()));
    let mut response = next.call(request).await?;
    if is_stopping {
        // Nobody is to send their next request on a connection that is about to be closed.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        // The panel's script is for everybody.
        if name != RESOURCE || !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    let policy = match &page_policy {
        _ if is_docs => DOCS_POLICY,
        Some(policy) if !is_file => &policy.0,
        _ => FILE_POLICY,
    };
    let opened = framers.map(|framers| policy.replace(NOBODY_FRAMES, &format!("frame-ancestors {framers}")));
    if opened.is_some() {
        headers.remove(header::X_FRAME_OPTIONS);
        headers.remove(OPENER);
    }
    if let Ok(policy) = HeaderValue::from_str(opened.as_deref().unwrap_or(policy)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}
