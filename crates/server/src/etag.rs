//! What a thing looked like when somebody read it: `ETag`, and `If-Match` of whoever changes it.
//!
//! Invariant: whether it still looks so is asked in the transaction of the change, so that nobody writes over what they
//! have not seen.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::Payload,
    http::header::{self, ContentType, EntityTag, Header},
};
use api_types::error::ErrorCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

use crate::{
    document,
    error::{AppError, Result},
};

/// An answer as JSON, with its tag.
#[derive(Debug)]
pub struct Tagged<T>(pub T);

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match serde_json::to_vec(&self.0) {
            Ok(json) => answer(tag(&json), json),
            Err(error) => HttpResponse::from_error(AppError::internal(error)),
        }
    }
}

/// An answer with the tag of what can be changed of it. The rest changes by itself.
#[derive(Debug)]
pub struct TaggedBy<T, P>(pub T, pub P);

impl<T: Serialize, P: Serialize> Responder for TaggedBy<T, P> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        match (serde_json::to_vec(&self.0), serde_json::to_vec(&self.1)) {
            (Ok(json), Ok(part)) => answer(tag(&part), json),
            (Err(error), _) | (_, Err(error)) => HttpResponse::from_error(AppError::internal(error)),
        }
    }
}

fn answer(tag: EntityTag, json: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().insert_header(header::ETag(tag)).content_type(ContentType::json()).body(json)
}

fn tag(json: &[u8]) -> EntityTag {
    let hash = Sha256::digest(json);
    EntityTag::new_strong(BASE64_URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default()))
}

/// What the sender of a change has read, if they say so.
#[derive(Debug, Default)]
pub struct IfMatch(Option<header::IfMatch>);

impl FromRequest for IfMatch {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // What cannot be read matches nothing.
        let read = || header::IfMatch::parse(request).unwrap_or_else(|_| header::IfMatch::Items(Vec::new()));
        ready(Ok(Self(request.headers().contains_key(header::IF_MATCH).then(read))))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = "The `ETag` of what was read: a change of anything newer is refused with 412. `*` is anything.";
        let tags = r#"^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$"#;
        document::header("If-Match", words, tags, document::TAG)
    }
}

impl IfMatch {
    /// Refuses a change of what the sender has not read.
    pub fn check(&self, now: &impl Serialize) -> Result<()> {
        let Some(header::IfMatch::Items(read)) = &self.0 else {
            return Ok(());
        };
        let now = tag(&serde_json::to_vec(now).map_err(AppError::internal)?);
        if read.iter().any(|tag| tag.strong_eq(&now)) { Ok(()) } else { Err(AppError::new(ErrorCode::Changed)) }
    }
}
