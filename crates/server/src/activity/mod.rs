//! The spine: one row per change, written in the change's own transaction, with one job that tells the
//! rest of the house.
//!
//! Invariant: whoever changes something records it here and tells nobody else; whoever wants to know reads
//! it here.

mod replay;
mod statement;

use api_types::{comments::CommentId, people::PersonId, sla::SlaTargetKind, tickets::TicketId};
use db::AsyncPgConnection;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use crate::door::Once;

pub use replay::{lost_race, replay};
pub use statement::{Part, Recorded, Recording};

/// What happened. The words are those of live events and webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    TicketCreated,
    TicketAssigned,
    TicketPrioritised,
    TicketStaged,
    TicketMoved,
    FieldsChanged,
    TicketResumed,
    ResolutionProposed,
    TicketResolved,
    TicketArchived,
    TicketUnarchived,
    TicketDeleted,
    AssistantChanged,
    PersonWanted,
    CommentCreated,
    NoteCreated,
    AnswerRated,
    /// A draft of the assistant waits for the team, or no longer does.
    DraftChanged,
    PersonRegistered,
    PersonChanged,
    PersonErased,
    SlaWarned,
    SlaBreached,
}

impl Kind {
    /// The word, borrowed for as long as a statement needs it.
    pub fn word(&self) -> &'static &'static str {
        match self {
            Self::TicketCreated => &"ticket.created",
            Self::TicketAssigned => &"ticket.assigned",
            Self::TicketPrioritised => &"ticket.prioritised",
            Self::TicketStaged => &"ticket.staged",
            Self::TicketMoved => &"ticket.moved",
            Self::FieldsChanged => &"ticket.fields_changed",
            Self::TicketResumed => &"ticket.resumed",
            Self::ResolutionProposed => &"ticket.resolution_proposed",
            Self::TicketResolved => &"ticket.resolved",
            Self::TicketArchived => &"ticket.archived",
            Self::TicketUnarchived => &"ticket.unarchived",
            Self::TicketDeleted => &"ticket.deleted",
            Self::AssistantChanged => &"ticket.assistant_changed",
            Self::PersonWanted => &"ticket.person_wanted",
            Self::CommentCreated => &"comment.created",
            Self::NoteCreated => &"comment.note_created",
            Self::DraftChanged => &"ticket.draft_changed",
            Self::AnswerRated => &"comment.rated",
            Self::PersonRegistered => &"person.registered",
            Self::PersonChanged => &"person.changed",
            Self::PersonErased => &"person.erased",
            Self::SlaWarned => &"sla.warned",
            Self::SlaBreached => &"sla.breached",
        }
    }
}

/// One change, to be recorded.
#[derive(Clone, Debug)]
pub struct Record {
    pub kind: Kind,
    /// Nobody when a date came, or the assistant did it.
    pub actor: Option<PersonId>,
    pub ticket: Option<TicketId>,
    pub comment: Option<CommentId>,
    pub person: Option<PersonId>,
    pub sla_target: Option<SlaTargetKind>,
    pub at: Timestamp,
    /// Set when the request asked to be carried out once only.
    pub once: Option<Once>,
}

impl Record {
    pub fn of_ticket(kind: Kind, actor: Option<PersonId>, ticket: TicketId, at: Timestamp) -> Self {
        Self { kind, actor, ticket: Some(ticket), comment: None, person: None, sla_target: None, at, once: None }
    }

    pub fn of_person(kind: Kind, actor: Option<PersonId>, person: PersonId, at: Timestamp) -> Self {
        Self { kind, actor, ticket: None, comment: None, person: Some(person), sla_target: None, at, once: None }
    }

    pub fn with_comment(self, comment: CommentId) -> Self {
        Self { comment: Some(comment), ..self }
    }

    pub fn once(self, once: Option<Once>) -> Self {
        Self { once, ..self }
    }
}

/// Records a change, on the caller's transaction.
pub async fn record(conn: &mut AsyncPgConnection, record: Record) -> QueryResult<()> {
    Recording::alone(&record).execute(conn).await?;
    Ok(())
}
