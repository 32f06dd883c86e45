//! The assistant: what it answered, from what, and how people steer it.
//!
//! Invariant: whatever is published in its name rests on quotes that code has found in a published article.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    articles::RevisionId,
    comments::CommentId,
    people::Locale,
    text::Message,
    tickets::{TicketId, TicketRef},
    time::Timestamp,
};

id! {
    /// One turn of the assistant, in its ledger.
    AnswerId
}

wire_enum! {
    /// Whether the assistant answers, and who sends it.
    AssistantMode {
        /// It stays silent.
        Off = "off",
        /// It writes for the team, which sends, edits or drops it.
        Draft = "draft",
        /// It answers at once.
        Auto = "auto",
    }
}

wire_enum! {
    /// Who silenced the assistant on a ticket.
    MutedBy {
        /// A comment of the team, or the team's own switch.
        Team = "team",
        /// The creator, who asked for a person.
        Creator = "creator",
    }
}

wire_enum! {
    /// What an answer amounts to.
    Outcome {
        /// The documentation covers the question.
        Answered = "answered",
        /// It does not; the nearest pages are linked.
        NotCovered = "not_covered",
    }
}

/// What an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    pub slug: String,
    pub title: String,
    pub locale: Locale,
    /// The revision that was quoted.
    pub revision_id: RevisionId,
    /// The `id` of the heading above the quote; absent before the first heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// Word for word from the article. Empty for a page that is only near the question.
    pub quote: String,
    /// Where the page shows it, from the desk's root.
    pub url: String,
}

/// What stands beside the words of an assistant's comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AiAnswer {
    pub outcome: Outcome,
    pub sources: Vec<Source>,
    /// What the creator said of it; absent until they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helpful: Option<bool>,
}

/// The assistant on one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssistantView {
    /// The ticket's own mode or else the desk's.
    pub mode: AssistantMode,
    /// Team only: the ticket has a mode of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_mode: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<MutedBy>,
    /// The creator asked for a person, and nobody of the team has answered since.
    pub person_wanted: bool,
    /// Its answer is being written.
    pub answering: bool,
    /// Team only: what waits to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<AnswerDraft>,
}

/// An answer that waits for the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerDraft {
    pub id: AnswerId,
    pub body_markdown: String,
    pub body_html: String,
    pub outcome: Outcome,
    pub sources: Vec<Source>,
    pub created_at: Timestamp,
}

/// `PUT /tickets/{id}/assistant`, for the team.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssistantChange {
    /// Null for the desk's.
    #[garde(skip)]
    pub mode: Option<AssistantMode>,
    /// False lets it speak again.
    #[garde(skip)]
    pub muted: bool,
}

/// `POST /comments/{id}/feedback`, by the creator, on an assistant's comment.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Feedback {
    #[garde(skip)]
    pub helpful: bool,
}

/// `POST /answers/{id}/publication`, for the team: sends a draft.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerPublication {
    /// Other words than the draft's. They are then the sender's own comment, because nobody has verified them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub message: Option<Message>,
}

wire_enum! {
    /// What became of an answer.
    AnswerState {
        /// It waits for the team.
        Drafted = "drafted",
        /// It stands on the ticket, in the assistant's name.
        Published = "published",
        /// The team sent it in other words, as a comment of its own.
        Edited = "edited",
        /// The team dropped it.
        Dropped = "dropped",
        /// The thread, an article or the mode changed while it was written.
        Discarded = "discarded",
        /// It could not be written.
        Failed = "failed",
    }
}

/// One entry of the ledger, `GET /admin/answers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerEntry {
    pub id: AnswerId,
    pub ticket: TicketRef,
    pub ticket_id: TicketId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<CommentId>,
    pub state: AnswerState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Absent when no model took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// SHA-256 of the prompt, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_hash: Option<String>,
    /// What was retrieved, best first.
    pub passages: Vec<PassageEntry>,
    pub verification: QuoteCheck,
    pub prompt_tokens: i32,
    pub completion_tokens: i32,
    /// Milliseconds from the beginning of the work to its end.
    pub latency_ms: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helpful: Option<bool>,
    /// Why it failed, was discarded, or fell back to quoting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

/// A passage that was retrieved for an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassageEntry {
    pub slug: String,
    pub locale: Locale,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    pub revision_id: RevisionId,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
}

/// What the check of the quotes found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteCheck {
    /// Sentences that came.
    pub sentences: u16,
    /// Sentences whose quotes were all found; only these are published.
    pub supported: u16,
}

/// Which entries of the ledger to list, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AnswerFilter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AnswerState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
    /// Page size, 1 to 100; 25 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 100))]
    pub limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<crate::openapi::Cursor>, inline))]
    pub after: Option<String>,
}
