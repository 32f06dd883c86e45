//! The spine: one row per change, written in the change's own transaction, with one job that tells the
//! rest of the house.
//!
//! Invariant: whoever changes something records it here and tells nobody else; whoever wants to know reads
//! it here.

mod replay;
mod statement;

use api_types::{api_keys::ApiKeyId, comments::CommentId, people::PersonId, sla::SlaTargetKind, tickets::TicketId};
use db::{AsyncPgConnection, schema::activity};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use crate::{
    auth::{CurrentUser, UsedKey},
    once::Once,
};

pub use replay::{lost_race, replay};
pub use statement::{Part, Recorded, Recording, in_turn};

/// What happened. The words are those of webhooks.
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
    /// A file with somebody's data is ready.
    PersonExported,
    ApiKeyCreated,
    ApiKeyRevoked,
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
            Self::PersonExported => &"person.exported",
            Self::ApiKeyCreated => &"api_key.created",
            Self::ApiKeyRevoked => &"api_key.revoked",
            Self::SlaWarned => &"sla.warned",
            Self::SlaBreached => &"sla.breached",
        }
    }
}

/// Who does something: in whose name, and with which key if a program does it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Actor {
    /// Nobody when a date came, or the assistant did it.
    pub person: Option<PersonId>,
    pub key: Option<UsedKey>,
}

impl Actor {
    pub const NOBODY: Self = Self { person: None, key: None };

    /// Whose files it takes along: a program's are its owner's, in whoever's name it writes.
    pub fn uploader(self) -> Option<PersonId> {
        self.key.map(|key| key.owner).or(self.person)
    }
}

impl From<&CurrentUser> for Actor {
    fn from(user: &CurrentUser) -> Self {
        Self { person: Some(user.id), key: user.key }
    }
}

impl From<PersonId> for Actor {
    fn from(person: PersonId) -> Self {
        Self { person: Some(person), key: None }
    }
}

/// One change, to be recorded.
#[derive(Clone, Debug)]
pub struct Record {
    pub kind: Kind,
    pub actor: Actor,
    pub ticket: Option<TicketId>,
    pub comment: Option<CommentId>,
    pub person: Option<PersonId>,
    /// A key that was made or revoked.
    pub about_key: Option<ApiKeyId>,
    pub sla_target: Option<SlaTargetKind>,
    pub at: Timestamp,
    /// Set when the request asked to be carried out once only.
    pub once: Option<Once>,
}

impl Record {
    pub fn of_ticket(kind: Kind, actor: impl Into<Actor>, ticket: TicketId, at: Timestamp) -> Self {
        let actor = actor.into();
        Self {
            kind,
            actor,
            ticket: Some(ticket),
            comment: None,
            person: None,
            about_key: None,
            sla_target: None,
            at,
            once: None,
        }
    }

    pub fn of_person(kind: Kind, actor: impl Into<Actor>, person: PersonId, at: Timestamp) -> Self {
        let actor = actor.into();
        Self {
            kind,
            actor,
            ticket: None,
            comment: None,
            person: Some(person),
            about_key: None,
            sla_target: None,
            at,
            once: None,
        }
    }

    pub fn with_comment(self, comment: CommentId) -> Self {
        Self { comment: Some(comment), ..self }
    }

    /// Of a key that was made or revoked.
    pub fn about_key(self, key: ApiKeyId) -> Self {
        Self { about_key: Some(key), ..self }
    }

    pub fn once(self, once: Option<Once>) -> Self {
        Self { once, ..self }
    }

    /// The lock of a request that is to be carried out once.
    fn turn(&self) -> Option<i64> {
        Some(self.once.as_ref()?.turn(self.actor.person?))
    }
}

/// Whether this has happened to a ticket, which may be gone since.
pub async fn tells(conn: &mut AsyncPgConnection, kind: Kind, ticket: TicketId) -> QueryResult<bool> {
    let told = activity::table.filter(activity::ticket_id.eq(ticket.0)).filter(activity::kind.eq(kind.word()));
    diesel::select(diesel::dsl::exists(told)).get_result(conn).await
}

/// Records a change, on the caller's transaction.
pub async fn record(conn: &mut AsyncPgConnection, record: Record) -> QueryResult<()> {
    Recording::alone(&record).execute(conn).await?;
    Ok(())
}
