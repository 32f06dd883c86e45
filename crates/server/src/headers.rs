//! The headers of every answer.
//!
//! Invariant: the page runs only scripts of its own and of the captcha that an admin has chosen, nothing of an API answer
//! is kept by anybody, and no website frames anything but the panel.

use std::sync::{Arc, PoisonError, RwLock};

use actix_web::{
    HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use api_types::captcha::CaptchaProvider;

use crate::{
    auth::quota::{self, Standing},
    captcha,
    outside::files::Files,
    panel,
    settings::InForce,
    spa,
    state::State,
};

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

#[derive(Clone)]
struct Policies {
    everybodys: HeaderValue,
    /// No captcha stands there.
    teams: HeaderValue,
}

/// What the page may load. Inline scripts are allowed by their hashes, pictures also from the bucket that they
/// are kept in.
pub struct PagePolicy {
    inline: String,
    bucket: String,
    /// As they were made for the settings beside them.
    made: RwLock<Option<(Arc<InForce>, Policies)>>,
}

impl PagePolicy {
    pub fn new(files: &Files) -> Self {
        Self {
            inline: spa::inline_script_hashes().join(" "),
            bucket: files.origin().unwrap_or_default(),
            made: RwLock::default(),
        }
    }

    /// The policy while these settings are in force, made anew when they have changed.
    fn under(&self, in_force: Arc<InForce>, is_teams: bool) -> Option<HeaderValue> {
        let pick = |made: &Policies| if is_teams { made.teams.clone() } else { made.everybodys.clone() };
        if let Some((settings, made)) = &*self.made.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(settings, &in_force)
        {
            return Some(pick(made));
        }
        let provider = captcha::of(&in_force.settings).provider;
        let made = Policies {
            everybodys: HeaderValue::from_str(&self.words(provider)).ok()?,
            teams: HeaderValue::from_str(&self.words(CaptchaProvider::Off)).ok()?,
        };
        let policy = pick(&made);
        *self.made.write().unwrap_or_else(PoisonError::into_inner) = Some((in_force, made));
        Some(policy)
    }

    fn words(&self, provider: CaptchaProvider) -> String {
        let Self { inline, bucket, .. } = self;
        let captcha::Hosts { scripts, frames, others } = captcha::hosts(provider);
        format!(
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {inline} {scripts}; style-src 'self' {others}; \
             img-src 'self' data: {bucket}; connect-src 'self' {others}; frame-src 'self' {frames}; object-src 'none'; \
             base-uri 'none'; form-action 'self'; {NOBODY_FRAMES}"
        )
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
    let is_teams = request.path() == "/admin" || request.path().starts_with("/admin/");
    let is_docs = request.path().starts_with("/docs");
    let is_file = ["/files/", "/logos/", "/exports/"].iter().any(|files| request.path().starts_with(files));
    let page_policy = request.app_data::<Data<PagePolicy>>().cloned();
    let state = request.app_data::<Data<State>>();
    let is_stopping = state.is_some_and(|state| state.live.is_stopping());
    let framers = state.and_then(|state| panel::framers(state, request.path()));
    let in_force = state.map(|state| state.settings.now());
    let mut response = next.call(request).await?;
    let standing = response.request().extensions().get::<Standing>().cloned();
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
    let policy = match page_policy.zip(in_force) {
        _ if is_docs => Some(HeaderValue::from_static(DOCS_POLICY)),
        Some((policy, in_force)) if !is_file => policy.under(in_force, is_teams),
        _ => Some(HeaderValue::from_static(FILE_POLICY)),
    };
    let opened = framers.zip(policy.as_ref()).and_then(|(framers, policy)| {
        let opened = policy.to_str().ok()?.replace(NOBODY_FRAMES, &format!("frame-ancestors {framers}"));
        HeaderValue::from_str(&opened).ok()
    });
    if opened.is_some() {
        headers.remove(header::X_FRAME_OPTIONS);
        headers.remove(OPENER);
    }
    if let Some(policy) = opened.or(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(Standing { policy, left }) = standing {
        headers.insert(quota::POLICY, policy);
        headers.insert(quota::LEFT, left);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}
