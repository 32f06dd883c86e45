//! The one error type: a closed code, words for a person, and what the log needs.
//!
//! Invariant: an answer never tells SQL, a path or a stack; those go to the log with the request's id.

use std::{borrow::Cow, fmt};

use actix_web::{
    HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
};
use api_types::error::{ErrorCode, FieldCode, FieldError, Problem};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tracing_actix_web::RequestId;

/// What a handler or a verb answers.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// A refusal.
#[derive(Debug)]
pub struct AppError {
    code: ErrorCode,
    detail: Option<Cow<'static, str>>,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<i64>,
    /// The methods that the path takes.
    allow: Option<&'static str>,
    /// For the log only.
    cause: Option<anyhow::Error>,
}

impl AppError {
    /// A refusal in the standard words of its code.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), retry_after_seconds: None, allow: None, cause: None }
    }

    /// Not there, or not visible: nobody can tell which.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// The path is there, and takes these methods only.
    pub fn method_not_allowed(allow: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::new(ErrorCode::MethodNotAllowed) }
    }

    /// A fault of ours.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(ErrorCode::Internal) }
    }

    /// Fields that break a rule.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(ErrorCode::Invalid) }
    }

    /// One field that breaks a rule. `pointer` as in [`FieldError`].
    pub fn field(pointer: &str, code: FieldCode, message: &str) -> Self {
        Self::invalid(vec![FieldError { pointer: pointer.to_owned(), code, message: message.to_owned() }])
    }

    /// Too many attempts; the next one is welcome after this many seconds.
    pub fn too_many(retry_after_seconds: i64) -> Self {
        Self { retry_after_seconds: Some(retry_after_seconds), ..Self::new(ErrorCode::TooManyRequests) }
    }

    /// The database is away or busy.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self { retry_after_seconds: Some(1), cause: Some(cause.into()), ..Self::new(ErrorCode::Unavailable) }
    }

    /// It may be asked again after so many seconds.
    pub fn retry_after(self, seconds: i64) -> Self {
        Self { retry_after_seconds: Some(seconds), ..self }
    }

    /// Other words for a person than the code's standard ones.
    pub fn detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The same of a body that stands in another one.
    pub fn below(mut self, pointer: &str) -> Self {
        self.errors.iter_mut().for_each(|fault| fault.pointer.insert_str(0, pointer));
        self
    }

    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The fields at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The constraint that a write ran into, if that is what happened.
    pub fn violates(error: &DieselError, constraint: &str) -> bool {
        matches!(error, DieselError::DatabaseError(_, information) if information.constraint_name() == Some(constraint))
    }

    /// The HTTP status that its code means.
    pub fn status(&self) -> StatusCode {
        status(self.code)
    }

    /// What a client is told.
    pub fn problem(&self, request_id: String) -> Problem {
        let status = status(self.code);
        Problem {
            kind: format!("about:blank#{}", self.code),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            detail: self.detail.as_deref().unwrap_or(standard_words(self.code)).to_owned(),
            code: self.code,
            errors: self.errors.clone(),
            request_id,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause:#}")?;
        }
        Ok(())
    }
}

impl std::error::Error for AppError {}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The body is written by [`write_problems`], which knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::not_found(),
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _)
            | DieselError::BrokenTransactionManager => Self::unavailable(error),
            DieselError::DatabaseError(_, information) if passes_by_itself(information.message()) => {
                Self::unavailable(error)
            }
            _ => Self::internal(error),
        }
    }
}

impl From<db::pool::BorrowError> for AppError {
    fn from(error: db::pool::BorrowError) -> Self {
        Self::unavailable(anyhow::anyhow!("{error}"))
    }
}

/// diesel keeps no SQLSTATE for these, only Postgres' words: it stops, it starts, a statement took too long.
fn passes_by_itself(message: &str) -> bool {
    [
        "terminating connection",
        "the database system is",
        "canceling statement due to statement timeout",
        "connection closed",
        "deadlock detected",
        "error communicating with the server",
    ]
    .iter()
    .any(|words| message.contains(words))
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Malformed => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthenticated | ErrorCode::WrongCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::MissingScope => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::AlreadyResolved
        | ErrorCode::NoTeamReply
        | ErrorCode::NotResolved
        | ErrorCode::NotArchivable
        | ErrorCode::IdTaken
        | ErrorCode::SlugTaken
        | ErrorCode::TextChanged
        | ErrorCode::AnswerSettled
        | ErrorCode::NewerComments
        | ErrorCode::WebhookDisabled
        | ErrorCode::RequestUnderWay
        | ErrorCode::LastAdmin => StatusCode::CONFLICT,
        ErrorCode::LinkExpired => StatusCode::GONE,
        ErrorCode::Changed => StatusCode::PRECONDITION_FAILED,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::Invalid | ErrorCode::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn standard_words(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Malformed => "The request could not be read.",
        ErrorCode::Unauthenticated => "Sign in and send the access token as `Authorization: Bearer <token>`.",
        ErrorCode::WrongCredentials => "The address and the password do not match.",
        ErrorCode::Forbidden => "You may not do this.",
        ErrorCode::MissingScope => "This API key lacks a scope for it.",
        ErrorCode::NotFound => "There is nothing here, or nothing that you may see.",
        ErrorCode::MethodNotAllowed => "This path does not take that method.",
        ErrorCode::AlreadyResolved => "The ticket is resolved, which is final. Open a follow-up ticket instead.",
        ErrorCode::NoTeamReply => "The ticket can be resolved once the team has replied.",
        ErrorCode::NotResolved => "Only a resolved ticket can be followed up.",
        ErrorCode::NotArchivable => "Only a resolved ticket can be archived.",
        ErrorCode::IdTaken => "This id is in use. Make a new one.",
        ErrorCode::SlugTaken => "Another page has this address. Choose another one.",
        ErrorCode::TextChanged => "Somebody saved a newer text meanwhile. Read it first.",
        ErrorCode::AnswerSettled => "This draft has been sent, dropped or overtaken.",
        ErrorCode::NewerComments => "Somebody wrote on this ticket meanwhile. Read it first, then send again.",
        ErrorCode::WebhookDisabled => "The webhook is switched off. Switch it on first.",
        ErrorCode::LastAdmin => "This is the last active admin. Make somebody else an admin first.",
        ErrorCode::RequestUnderWay => "This request is being carried out. Send it again in a moment to hear of it.",
        ErrorCode::LinkExpired => "This link was used, has expired or never existed. Ask for a new one.",
        ErrorCode::Changed => "Somebody changed this since you read it. Read it again, then decide.",
        ErrorCode::TooLarge => "The request is larger than 256 KiB.",
        ErrorCode::UnsupportedMediaType => "Send `Content-Type: application/json`.",
        ErrorCode::Invalid => "Some fields break a rule.",
        ErrorCode::IdempotencyKeyReused => "This Idempotency-Key came before with another request.",
        ErrorCode::TooManyRequests => "Too many attempts. Wait, then try again.",
        ErrorCode::Internal => "Something failed on our side. It was logged under the request id.",
        ErrorCode::Unavailable => "The desk is busy or its database is away. Try again in a moment.",
    }
}

/// Gives every refusal its body, and the log its line.
pub async fn write_problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let request_id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(error) = response.response().error() else {
        return Ok(response);
    };
    let answer = match error.as_error::<AppError>() {
        Some(error) => answer(error, request_id),
        // actix's own refusals: a path it cannot decode, a body it cannot read.
        None if error.as_response_error().status_code().is_client_error() => {
            answer(&AppError::new(ErrorCode::Malformed), request_id)
        }
        None => answer(&AppError::internal(anyhow::anyhow!("{error}")), request_id),
    };
    Ok(response.into_response(answer))
}

fn answer(error: &AppError, request_id: String) -> HttpResponse {
    let status = status(error.code);
    if status.is_server_error() {
        tracing::error!(%request_id, %error, "request failed");
    } else {
        tracing::debug!(%request_id, %error, "request refused");
    }
    let mut response = HttpResponse::build(status);
    if let Some(seconds) = error.retry_after_seconds {
        response.insert_header((header::RETRY_AFTER, seconds.max(1).to_string()));
    }
    if let Some(methods) = error.allow {
        response.insert_header((header::ALLOW, methods));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    let problem = serde_json::to_string(&error.problem(request_id)).unwrap_or_default();
    response.insert_header((header::CONTENT_TYPE, "application/problem+json")).body(problem)
}
