//! The door: what comes in is parsed and checked here, and nowhere else.
//!
//! Invariant: a handler that runs has a body within the limits whose every field keeps its rule.

mod objects;

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use api_types::{
    error::{ErrorCode, FieldCode, FieldError},
    people::Locale,
    text::Slug,
};
use serde::de::DeserializeOwned;

use crate::{
    app,
    error::{AppError, Result},
};
use objects::Objects;

/// The largest body, in bytes: a message of 20,000 characters, however it is escaped, fits.
const BODY_LIMIT: usize = 256 * 1024;

/// The largest body that carries an article, which has up to 100,000 characters.
pub const ARTICLE_LIMIT: usize = 1_280 * 1024;

/// How long a client may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(20);

type Later<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// A JSON body that keeps the rules of its type.
#[derive(Debug)]
pub struct Valid<T, const LIMIT: usize = BODY_LIMIT>(pub T);

/// A JSON body whose rules are not only those of its type: the handler checks it, so that one answer names every field
/// at fault.
#[derive(Debug)]
pub struct Unchecked<T>(pub T);

impl<T, const LIMIT: usize> FromRequest for Valid<T, LIMIT>
where
    T: DeserializeOwned + garde::Validate<Context = ()> + 'static,
{
    type Error = AppError;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let value = read_json(request, payload, LIMIT);
        Box::pin(async move {
            let value: T = value.await?;
            let errors = FieldError::all_of(&value);
            if errors.is_empty() { Ok(Self(value)) } else { Err(AppError::invalid(errors)) }
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Unchecked<T> {
    type Error = AppError;
    type Future = Later<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let value = read_json(request, payload, BODY_LIMIT);
        Box::pin(async move { Ok(Self(value.await?)) })
    }
}

fn read_json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> impl Future<Output = Result<T>> + use<T> {
    let is_json = is_json(request);
    let payload = web::Payload::from_request(request, payload);
    async move {
        if !is_json {
            return Err(AppError::new(ErrorCode::UnsupportedMediaType));
        }
        parse(&read(payload.await.map_err(|_| AppError::new(ErrorCode::Malformed))?, limit).await?)
    }
}

/// Reads a body within its limits.
pub async fn read(payload: web::Payload, limit: usize) -> Result<web::Bytes> {
    match tokio::time::timeout(BODY_TIME, payload.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Err(_)) => {
            let words = format!("The request is larger than {} KiB.", limit / 1024);
            Err(AppError::new(ErrorCode::TooLarge).detail(words))
        }
        Ok(Ok(Err(_))) => Err(AppError::new(ErrorCode::Malformed).detail("The body was cut off.")),
        Err(_) => Err(AppError::new(ErrorCode::Malformed).detail("The body took too long to arrive.")),
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

/// Broken JSON is 400; JSON of another shape, or text that Postgres could not store, is 422 at its field.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    if std::str::from_utf8(body).is_err() {
        return Err(AppError::field("/", FieldCode::ForbiddenCharacter, "The body is not UTF-8."));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(Objects(&mut deserializer)).map_err(|error| {
        let path = error.path().to_string().replace(['.', '['], "/").replace(']', "");
        let pointer = format!("/{}", path.trim_start_matches('/'));
        wrong_shape(pointer.trim_end_matches("/?"), error.inner())
    })?;
    deserializer.end().map_err(|_| AppError::new(ErrorCode::Malformed).detail("Something follows the JSON."))?;
    Ok(value)
}

fn wrong_shape(pointer: &str, error: &serde_json::Error) -> AppError {
    let words = error.to_string();
    if words.contains("surrogate") || words.contains("end of hex escape") {
        return AppError::field(pointer, FieldCode::ForbiddenCharacter, "A lone surrogate is not text.");
    }
    if !error.is_data() {
        return AppError::new(ErrorCode::Malformed).detail(format!("The body is not JSON: {words}."));
    }
    let (code, field) = named_field(&words);
    let pointer = match field {
        Some(field) => format!("{}/{field}", pointer.trim_end_matches('/').trim_end_matches(&format!("/{field}"))),
        None => pointer.to_owned(),
    };
    let words = words.split(" at line ").next().unwrap_or_default();
    AppError::field(&pointer, code, &excerpt(words))
}

/// serde repeats what it was given, however long.
fn excerpt(words: &str) -> String {
    const MOST: usize = 200;
    match words.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// serde names an unknown or missing field only in its words.
fn named_field(words: &str) -> (FieldCode, Option<&str>) {
    let field = || words.split('`').nth(1);
    if words.starts_with("unknown field") {
        (FieldCode::UnknownField, field())
    } else if words.starts_with("missing field") {
        (FieldCode::Required, field())
    } else {
        (FieldCode::WrongType, None)
    }
}

/// A query string without unknown parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::read(request.query_string()))
    }
}

impl<T: DeserializeOwned> Query<T> {
    /// Reads a query string.
    pub fn read(query: &str) -> Result<Self> {
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(deserializer).map(Self).map_err(|error| {
            let words = error.inner().to_string();
            let (code, field) = named_field(&words);
            let path = error.path().to_string();
            AppError::field(&format!("?{}", excerpt(field.unwrap_or(&path))), code, &excerpt(&words))
        })
    }
}

/// The identifier in a path. One that cannot be an identifier is simply not there.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

impl<T: std::str::FromStr> FromRequest for Id<T> {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(|| absent(request)))
    }
}

/// The second identifier in a path, of a part of what the first one names.
#[derive(Clone, Copy, Debug)]
pub struct SecondId<T>(pub T);

impl<T: std::str::FromStr> FromRequest for SecondId<T> {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().iter().nth(1).and_then(|(_, text)| text.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(AppError::not_found))
    }
}

/// The slug in a path. One that cannot be a slug is simply not there.
#[derive(Clone, Debug)]
pub struct Named(pub String);

impl FromRequest for Named {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(named(request).map(Self))
    }
}

/// The slug and the language in a path.
#[derive(Clone, Debug)]
pub struct NamedText {
    pub slug: String,
    pub locale: Locale,
}

impl FromRequest for NamedText {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let locale = request.match_info().get("locale").and_then(|text| text.parse().ok());
        let both =
            named(request).and_then(|slug| locale.map(|locale| Self { slug, locale }).ok_or_else(AppError::not_found));
        std::future::ready(both)
    }
}

fn named(request: &HttpRequest) -> Result<String> {
    let slug = Slug::from(request.match_info().get("slug").unwrap_or_default().to_owned());
    if garde::Validate::validate(&slug).is_err() {
        return Err(absent(request));
    }
    Ok(slug.to_string())
}

/// Nothing is there, unless it is a path of its own, such as `/tickets/summary`, which takes other methods only.
fn absent(request: &HttpRequest) -> AppError {
    app::methods_of(request.path()).map_or_else(AppError::not_found, AppError::method_not_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::tickets::NewTicket;

    fn refusal(body: &[u8]) -> (ErrorCode, String) {
        let error = parse::<NewTicket>(body).unwrap_err();
        (error.code(), format!("{error:?}"))
    }

    #[test]
    fn each_kind_of_bad_body_has_its_own_answer() {
        assert_eq!(refusal(b"{").0, ErrorCode::Malformed);
        assert_eq!(refusal(b"").0, ErrorCode::Malformed);
        assert_eq!(refusal("[".repeat(100_000).as_bytes()).0, ErrorCode::Invalid);
        let (code, text) = refusal(br#"{"title":"a","message":"b","x":1}"#);
        assert_eq!(code, ErrorCode::Invalid);
        assert!(text.contains("\"/x\"") && text.contains("UnknownField"), "{text}");
        let (_, text) = refusal(br#"{"title":"a"}"#);
        assert!(text.contains("\"/message\"") && text.contains("Required"), "{text}");
        let (_, text) = refusal(br#"{"title":7,"message":"b"}"#);
        assert!(text.contains("\"/title\"") && text.contains("WrongType"), "{text}");
        for lone in [r"\ud800", r"\udc00", r"\ud800\ud800", r"\ud800x"] {
            let body = format!(r#"{{"title":"{lone}","message":"b"}}"#);
            assert_eq!(refusal(body.as_bytes()).0, ErrorCode::Invalid, "{lone}");
        }
        for list in ["[]", r#"["a","b"]"#, r#"{"title":"a","message":"b","visitor":["a","a@example.org","en"]}"#] {
            let (_, text) = refusal(list.as_bytes());
            assert!(text.contains("pointer: \"/") && text.contains("WrongType"), "{text}");
        }
        assert_eq!(refusal(b"{\"title\":\"\xff\"}").0, ErrorCode::Invalid);
        assert_eq!(refusal(br#"{"title":"a","message":"b"} x"#).0, ErrorCode::Malformed);
    }
}
