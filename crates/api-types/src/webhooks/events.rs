//! What webhooks are told: the events, and the bodies of the messages.
//!
//! Invariant: no internal note, no word of a comment, no name and no signed address is in a message. Whoever wants more
//! asks the API, and is then shown what they may see.

use serde::{Deserialize, Serialize};

use super::WebhookId;
use crate::{
    comments::{AuthorKind, CommentId},
    departments::DepartmentId,
    people::{PersonId, Role},
    sla::SlaTargetKind,
    tickets::{Priority, TicketId, TicketStatus},
    time::Timestamp,
};

wire_enum! {
    /// What happened. The desk's own record uses the same words.
    WebhookEvent {
        /// A ticket was opened.
        TicketCreated = "ticket.created",
        /// It was given to somebody of the team, or back to the queue.
        TicketAssigned = "ticket.assigned",
        /// Its priority changed.
        TicketPrioritised = "ticket.prioritised",
        /// The team took it up, asked its creator, or parked it.
        TicketStaged = "ticket.staged",
        /// It came to another department.
        TicketMoved = "ticket.moved",
        /// Its custom fields changed.
        TicketFieldsChanged = "ticket.fields_changed",
        /// It was parked until a date, which has come.
        TicketResumed = "ticket.resumed",
        /// The team asks its creator whether it is resolved.
        TicketResolutionProposed = "ticket.resolution_proposed",
        /// Its creator resolved it, for good.
        TicketResolved = "ticket.resolved",
        /// It was hidden from the lists.
        TicketArchived = "ticket.archived",
        /// It is shown again.
        TicketUnarchived = "ticket.unarchived",
        /// Its creator erased it.
        TicketDeleted = "ticket.deleted",
        /// Its creator asks for a person instead of the assistant.
        TicketPersonWanted = "ticket.person_wanted",
        /// The creator, the team or the assistant wrote on it. Internal notes are not told.
        CommentCreated = "comment.created",
        /// The creator said whether an answer of the assistant helped.
        CommentRated = "comment.rated",
        /// Somebody has a new account.
        PersonRegistered = "person.registered",
        /// An account's role changed, or it was closed or opened again.
        PersonChanged = "person.changed",
        /// A promised time draws near.
        SlaWarned = "sla.warned",
        /// A promised time has passed.
        SlaBreached = "sla.breached",
        /// An admin asked for a test.
        Test = "webhook.test",
    }
}

/// The body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookPayload<T> {
    #[serde(rename = "type")]
    pub event: WebhookEvent,
    /// When it happened, which is the same in every attempt.
    pub timestamp: Timestamp,
    pub data: T,
}

/// A ticket, as it was when the message was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketData {
    pub id: TicketId,
    pub number: i64,
    pub title: String,
    pub status: TicketStatus,
    pub priority: Priority,
    pub archived: bool,
    pub creator_id: PersonId,
    pub assignee_id: Option<PersonId>,
    pub department_id: Option<DepartmentId>,
    pub created_at: Timestamp,
}

/// Data of the events of a ticket, but its deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketEventData {
    pub ticket: TicketData,
}

/// Data of `ticket.deleted`: nothing else is left of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletedTicketData {
    pub ticket_id: TicketId,
}

/// Data of `comment.created` and `comment.rated`. `GET /tickets/{id}/comments` tells what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommentData {
    pub comment_id: CommentId,
    pub author_kind: AuthorKind,
    /// Null for the assistant.
    pub author_id: Option<PersonId>,
    pub created_at: Timestamp,
    pub ticket: TicketData,
}

/// Data of `sla.warned` and `sla.breached`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaData {
    pub target: SlaTargetKind,
    pub ticket: TicketData,
}

/// Data of `person.registered` and `person.changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonData {
    pub person_id: PersonId,
    pub role: Role,
    /// The account is closed.
    pub disabled: bool,
}

/// Data of `webhook.test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestData {
    pub webhook_id: WebhookId,
}
