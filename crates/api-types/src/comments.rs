//! Comments: what is said on a ticket.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    assistant::AiAnswer,
    attachments::{AttachmentId, AttachmentView, claimable},
    text::Message,
    time::Timestamp,
};

id! {
    /// A comment.
    CommentId
}

wire_enum! {
    /// Who speaks. The server decides it from the author's account, never from what they write.
    AuthorKind {
        /// A customer.
        User = "user",
        /// A member of the team.
        Admin = "admin",
        /// The assistant.
        Ai = "ai",
    }
}

/// Who wrote a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Author {
    pub kind: AuthorKind,
    pub name: String,
    /// `[kind:name]`, such as `[admin:Camille]`.
    pub label: String,
}

impl Author {
    pub fn new(kind: AuthorKind, name: String) -> Self {
        let label = format!("[{kind}:{name}]");
        Self { kind, name, label }
    }
}

/// `POST /tickets/{id}/comments`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewComment {
    /// Chosen by the client, so that sending twice posts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<CommentId>,
    /// Markdown.
    #[garde(dive)]
    pub message: Message,
    /// A note that only the team sees. Only the team can write one.
    #[serde(default)]
    #[garde(skip)]
    pub internal: bool,
    /// The newest comment that the author has read: with newer ones of others the comment is refused with
    /// `newer_comments`, and nothing is lost. Absent: posted in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub after: Option<CommentId>,
    /// Files that the author has uploaded, at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(custom(claimable))]
    #[cfg_attr(feature = "openapi", schema(max_items = 10))]
    pub attachment_ids: Vec<AttachmentId>,
}

/// One comment of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentView {
    pub id: CommentId,
    pub author: Author,
    /// Written by the caller.
    pub mine: bool,
    /// A note that only the team sees.
    pub internal: bool,
    pub body_markdown: String,
    /// The Markdown rendered and cleaned by the server.
    pub body_html: String,
    pub attachments: Vec<AttachmentView>,
    /// On an assistant's comment only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai: Option<AiAnswer>,
    pub created_at: Timestamp,
}

/// `POST /markdown/preview`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkdownSource {
    #[garde(dive)]
    pub message: Message,
}

/// Markdown, rendered and cleaned.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkdownPreview {
    pub body_html: String,
}
