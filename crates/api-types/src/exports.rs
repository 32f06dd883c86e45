//! What leaves the desk as a file, and what comes in as one.
//!
//! Invariant: an export and an import speak of a ticket in the same words: a line that one desk wrote, another reads.

use garde::Validate;
use serde::{Deserialize, Serialize};

use crate::{
    assistant::AiAnswer,
    attachments::Uploaded,
    comments::{AuthorKind, CommentId},
    departments::DepartmentId,
    fields::Answers,
    people::{Locale, PersonId},
    sla::Sla,
    text::{EmailAddress, Message, PersonName, Title},
    tickets::{Hold, Priority, Stage, TicketId, TicketStatus},
    time::Timestamp,
};

/// A ticket with its whole thread, as one line of JSON: what an export writes and `waggle import` reads.
///
/// An import needs `title`, `creator` with an `email`, `created_at`, at least one comment, and `external_id` or `id`.
/// What it decides by itself it reads past: `number`, `sla`, and the ids of people, departments and comments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketLine {
    /// Import: what the ticket is called where it comes from, so that a second run finds it again. The `id` when
    /// absent. Never in an export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, min = 1, max = 200))]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub number: Option<i64>,
    #[garde(dive)]
    pub title: Title,
    /// Import: open when absent, or what `stage` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub status: Option<TicketStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub stage: Option<Stage>,
    /// Import: medium when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub priority: Option<Priority>,
    #[garde(dive)]
    pub creator: PersonLine,
    /// Import: a member of the team, found by the address; nobody when there is no such member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub assignee: Option<PersonLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub department: Option<DepartmentLine>,
    #[garde(skip)]
    pub created_at: Timestamp,
    /// The last change that the creator may know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub updated_at: Option<Timestamp>,
    /// When the team first answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub first_reply_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub resolved_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub archived_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub hold: Option<Hold>,
    /// The creator asked for a person, and nobody of the team has answered since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[garde(skip)]
    pub person_wanted: bool,
    /// The resolved ticket that this one goes on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub follows: Option<TicketId>,
    /// Answers to custom fields, by their keys.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    #[garde(skip)]
    pub custom_fields: Answers,
    /// How it stood at the moment of the export.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub sla: Option<Sla>,
    /// Oldest first; the opening message is the first.
    #[serde(default)]
    #[garde(dive)]
    pub comments: Vec<CommentLine>,
}

/// Somebody in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<PersonId>,
    /// Import: what the address says before the `@` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name: Option<PersonName>,
    /// Export: to admins, who may see people's addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub email: Option<EmailAddress>,
    /// Import: the language of an account that has to be made; English when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub locale: Option<Locale>,
}

/// A department in a line. Import: found by its name, in either language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepartmentLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<DepartmentId>,
    #[garde(length(chars, min = 1, max = 60))]
    pub name: String,
}

/// A comment in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentLine {
    /// Import: what the comment is called where it comes from. The `id` when absent, or else who said what when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, min = 1, max = 200))]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<CommentId>,
    #[garde(dive)]
    pub author: AuthorLine,
    /// Seen by the team alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[garde(skip)]
    pub internal: bool,
    /// Markdown.
    #[garde(dive)]
    pub message: Message,
    #[garde(skip)]
    pub created_at: Timestamp,
    /// Which files it carries. Their bytes are not in the line; an import names them below the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[garde(skip)]
    pub attachments: Vec<Uploaded>,
    /// What stands beside the assistant's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub ai: Option<AiAnswer>,
}

/// Who wrote a comment, in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthorLine {
    /// As what they wrote. Import: `user` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub kind: Option<AuthorKind>,
    /// Absent for the assistant, which has no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub id: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub name: Option<PersonName>,
    /// Import: needed of everybody but the assistant. Export: to admins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub email: Option<EmailAddress>,
}

/// Where a browser fetches a file without a token, for a short time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportAddress {
    /// From the desk's root.
    pub url: String,
    /// Until when it begins a download.
    pub expires_at: Timestamp,
}

/// Somebody's data as a file, or on its way to be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonExport {
    pub asked_at: Timestamp,
    /// Absent while it is being made. It is kept for seven days from then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Timestamp>,
    /// In bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Where it is fetched, signed anew each time. From the desk's root, or a whole address where files are in a bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<ExportAddress>,
}

/// The last archive of somebody's data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonExports {
    /// Absent when none was asked for, or it is not kept any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest: Option<PersonExport>,
    /// When the next can be asked for; absent when that is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_at: Option<Timestamp>,
}
