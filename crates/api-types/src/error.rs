//! What a refusal looks like: RFC 9457 `application/problem+json` with a closed list of codes.
//!
//! Invariant: a client branches on `code` and never on words; the words are for people.

use serde::{Deserialize, Serialize};

wire_enum! {
    /// Why a request was refused.
    ErrorCode {
        /// 400: the request could not be parsed.
        Malformed = "malformed",
        /// 401: no token, or one that is forged, expired or revoked.
        Unauthenticated = "unauthenticated",
        /// 401: the address and password do not match, or the account is closed.
        WrongCredentials = "wrong_credentials",
        /// 403: visible, but not allowed to this person.
        Forbidden = "forbidden",
        /// 403: the API key lacks the scope that `detail` names.
        MissingScope = "missing_scope",
        /// 404: not there, or not visible: the two are the same answer.
        NotFound = "not_found",
        /// 405: the path exists, the method does not.
        MethodNotAllowed = "method_not_allowed",
        /// 409: the ticket is resolved, which is final.
        AlreadyResolved = "already_resolved",
        /// 409: a team member has to reply before the creator can resolve.
        NoTeamReply = "no_team_reply",
        /// 409: only a resolved ticket can be followed up.
        NotResolved = "not_resolved",
        /// 409: only a resolved ticket can be archived.
        NotArchivable = "not_archivable",
        /// 409: the identifier chosen by the client belongs to something else.
        IdTaken = "id_taken",
        /// 409: the slug belongs to another article or category.
        SlugTaken = "slug_taken",
        /// 409: somebody else saved a newer revision of the text.
        TextChanged = "text_changed",
        /// 409: the draft was sent, dropped or overtaken by the thread.
        AnswerSettled = "answer_settled",
        /// 409: somebody else wrote on the ticket meanwhile.
        NewerComments = "newer_comments",
        /// 409: the webhook is switched off.
        WebhookDisabled = "webhook_disabled",
        /// 409: the change would leave the installation without an active admin.
        LastAdmin = "last_admin",
        /// 409: a request with the same `Idempotency-Key` is being carried out; `Retry-After` says when to ask again.
        RequestUnderWay = "request_under_way",
        /// 410: the mailed link was used, has expired or never existed.
        LinkExpired = "link_expired",
        /// 412: what `If-Match` names was changed since; read it again.
        Changed = "changed",
        /// 413: the body is larger than the limit.
        TooLarge = "too_large",
        /// 415: the body is of another type than the operation takes.
        UnsupportedMediaType = "unsupported_media_type",
        /// 422: one or more fields break a rule; `errors` names them all.
        Invalid = "invalid",
        /// 422: the `Idempotency-Key` was used before with another body.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// 429: too many attempts; `Retry-After` says how long to wait.
        TooManyRequests = "too_many_requests",
        /// 500: our fault; `request_id` finds it in the log.
        Internal = "internal",
        /// 503: the database or the store of files is away or busy; `Retry-After` says when to try again.
        Unavailable = "unavailable",
    }
}

wire_enum! {
    /// What is wrong with one field.
    FieldCode {
        /// Empty or absent.
        Required = "required",
        /// Shorter than the least length.
        TooShort = "too_short",
        /// Longer than the greatest length.
        TooLong = "too_long",
        /// Holds a character that is not accepted here: NUL, a control, an invisible or a bidirectional one.
        ForbiddenCharacter = "forbidden_character",
        /// Not an email address.
        NotAnEmail = "not_an_email",
        /// On the list of passwords that everybody guesses first.
        CommonPassword = "common_password",
        /// The current password is missing or wrong.
        WrongPassword = "wrong_password",
        /// The API does not know this field.
        UnknownField = "unknown_field",
        /// Of another type, or not one of the accepted words.
        WrongType = "wrong_type",
        /// Well formed, but not possible here: a date in the past, a person who is not on the team.
        NotPossible = "not_possible",
    }
}

/// One refusal, as `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI that names the kind of problem: `about:blank#<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, in English, for a person.
    pub detail: String,
    pub code: ErrorCode,
    /// The fields at fault; empty when the request as a whole is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Finds this request in the server's log.
    pub request_id: String,
}

/// One field at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer into the request's body (`/title`), or the name of a query parameter (`?limit`).
    pub pointer: String,
    pub code: FieldCode,
    /// The rule in words, in English.
    pub message: String,
}

impl FieldError {
    /// The fields at fault in a request, empty when it keeps its rules. The form and the server's door
    /// both call this.
    pub fn all_of<T>(request: &T) -> Vec<Self>
    where
        T: garde::Validate,
        T::Context: Default,
    {
        let Err(report) = request.validate() else {
            return Vec::new();
        };
        report
            .iter()
            .map(|(path, error)| {
                let (code, message) = split_rule(error.message());
                let path = path.to_string().replace(['.', '['], "/").replace(']', "");
                Self { pointer: format!("/{path}"), code, message }
            })
            .collect()
    }
}

/// A broken rule travels through garde's one string as `code: message`.
pub(crate) fn broken(code: FieldCode, message: &str) -> garde::Error {
    garde::Error::new(format!("{code}: {message}"))
}

pub(crate) fn split_rule(rule: &str) -> (FieldCode, String) {
    rule.split_once(": ")
        .and_then(|(code, message)| Some((code.parse().ok()?, message.to_owned())))
        .unwrap_or((FieldCode::NotPossible, rule.to_owned()))
}
