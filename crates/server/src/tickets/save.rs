//! Writing a ticket's new state, with the comment that brought it about if there is one.
//!
//! Invariant: a state is written only over the state that it was made from.

use api_types::{attachments::AttachmentId, error::ErrorCode, tickets::TicketId};
use db::{AsyncPgConnection, schema::tickets};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment},
    sql_types::{Integer, Jsonb, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl, TransactionManager};
use jiff_diesel::ToDiesel;

use super::Ticket;
use crate::{
    activity::{self, Record, Recorded, Recording},
    attachments::{Attachment, Claim},
    auth::CurrentUser,
    comments::{CommentRow, InsertComment, Unread},
    error::{AppError, Result},
    once,
    sla::{Events, Ledger, Policy},
};

/// Whether a write was made by this request, or before by one with the same comment id or idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Now,
    Before,
}

/// What is written with a ticket's new state.
#[derive(Clone, Copy)]
pub struct With<'a> {
    pub record: &'a Record,
    /// What says when something of the SLA falls due next.
    pub policy: &'a Policy,
    pub comment: Option<(&'a CommentRow, &'a [AttachmentId])>,
    /// Nothing is written while there is any.
    pub unread: Option<Unread>,
}

impl<'a> With<'a> {
    /// No comment.
    pub fn only(record: &'a Record, policy: &'a Policy) -> Self {
        Self { record, policy, comment: None, unread: None }
    }
}

impl Ticket {
    /// Reads a ticket through its viewer, decides, and writes the new state with what belongs to it: one
    /// statement.
    ///
    /// The first attempt holds no lock. Should somebody else have written the ticket meanwhile, the second
    /// waits for its turn and cannot fail so. With `unread` nothing is written while there is any: every comment is a
    /// new state, so two that were decided over the same thread cannot both be written.
    pub async fn write(
        conn: &mut AsyncPgConnection,
        user: &CurrentUser,
        id: TicketId,
        with: With<'_>,
        decide: impl Fn(&Self) -> Result<Self> + Send + Sync,
    ) -> Result<Written> {
        let ticket = Self::load(conn, user, id).await?;
        if let Some(written) = decide(&ticket)?.save(conn, &with).await? {
            return Ok(written);
        }
        let claimed = with.comment.map_or(&[][..], |(_, ids)| ids);
        conn.transaction(async |conn| {
            once::refuse_under_way(conn, user.id, with.record.once.as_ref()).await?;
            refuse_unclaimable(conn, user, claimed).await?;
            tickets::table.find(id).select(tickets::id).for_update().execute(conn).await?;
            let ticket = Self::load(conn, user, id).await?;
            if let Some(written) = decide(&ticket)?.save(conn, &with).await? {
                return Ok(written);
            }
            if let Some(unread) = with.unread
                && unread.exist(conn).await?
            {
                return Err(AppError::new(ErrorCode::NewerComments));
            }
            refuse_unclaimable(conn, user, claimed).await?;
            Err(AppError::internal(anyhow::anyhow!("a locked ticket changed")))
        })
        .await
    }

    /// Writes this new state. Answers nothing when the state it was made from is no longer there, or the files
    /// that the comment claims are not.
    pub async fn save(&self, conn: &mut AsyncPgConnection, with: &With<'_>) -> Result<Option<Written>> {
        let record = with.record;
        let change = Save {
            ticket: SaveTicket::new(self, with),
            comment: with
                .comment
                .map(|(row, ids)| (InsertComment::new(row), Claim::new(ids, record.actor.uploader(), row.id))),
        };
        let recording = Recording::of(record, &change);
        // Within a transaction a comment that is there already undoes no more than this.
        let rows: QueryResult<Vec<Recorded>> = match change.comment.is_some() && is_in_transaction(conn)? {
            true => conn.transaction(async |conn| recording.load(conn).await).await,
            false => recording.load(conn).await,
        };
        match rows {
            Ok(rows) => Ok((!rows.is_empty()).then_some(Written::Now)),
            Err(error) if AppError::violates(&error, "comments_pkey") || activity::lost_race(&error) => {
                Ok(Some(Written::Before))
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn is_in_transaction(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    let status = <AsyncPgConnection as AsyncConnection>::TransactionManager::transaction_manager_status_mut(conn);
    Ok(status.transaction_depth()?.is_some())
}

/// Nothing was written: perhaps because of the files that were to be claimed.
pub async fn refuse_unclaimable(conn: &mut AsyncPgConnection, user: &CurrentUser, ids: &[AttachmentId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let gone = Attachment::unclaimable(conn, user.uploader(), ids).await?;
    if gone.is_empty() { Ok(()) } else { Err(AppError::invalid(gone)) }
}

/// Writes a ticket's new state if nobody has written it since it was read. Another condition, and what it
/// returns, may follow.
struct SaveTicket<'a> {
    record: &'a Record,
    ticket: &'a Ticket,
    unread: Option<Unread>,
    updated_at: jiff_diesel::Timestamp,
    first_reply_at: Option<jiff_diesel::Timestamp>,
    proposed_at: Option<jiff_diesel::Timestamp>,
    hold_until: Option<jiff_diesel::Timestamp>,
    resolved_at: Option<jiff_diesel::Timestamp>,
    archived_at: Option<jiff_diesel::Timestamp>,
    person_wanted_at: Option<jiff_diesel::Timestamp>,
    sla: Ledger,
    sla_due_at: Option<jiff_diesel::Timestamp>,
    /// Only if they changed: they may be long, and most writes leave them alone.
    custom_fields: Option<serde_json::Value>,
}

impl<'a> SaveTicket<'a> {
    /// `ticket` is the new state; its `version` is still the one that was read.
    fn new(ticket: &'a Ticket, with: &With<'a>) -> Self {
        let mut sla = ticket.sla.clone();
        with.policy.settle(&mut sla, &ticket.events());
        let next = with.policy.next_mark(&Events { ledger: &sla, ..ticket.events() }, with.record.at);
        Self {
            record: with.record,
            ticket,
            sla,
            sla_due_at: next.map(|mark| mark.at.to_diesel()),
            unread: with.unread,
            updated_at: ticket.updated_at.to_diesel(),
            first_reply_at: ticket.first_reply_at.map(ToDiesel::to_diesel),
            proposed_at: ticket.proposed_at.map(ToDiesel::to_diesel),
            hold_until: ticket.hold_until.map(ToDiesel::to_diesel),
            resolved_at: ticket.resolved_at.map(ToDiesel::to_diesel),
            archived_at: ticket.archived_at.map(ToDiesel::to_diesel),
            person_wanted_at: ticket.person_wanted_at.map(ToDiesel::to_diesel),
            custom_fields: ticket.custom_fields.unsaved(),
        }
    }
}

impl QueryFragment<Pg> for SaveTicket<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("update tickets set version = version + 1, assignee_id = ");
        out.push_bind_param::<Nullable<Uuid>, _>(&self.ticket.assignee_id)?;
        out.push_sql(", stage = ");
        out.push_bind_param::<Text, _>(&self.ticket.stage)?;
        out.push_sql(", priority = ");
        out.push_bind_param::<Text, _>(&self.ticket.priority)?;
        out.push_sql(", updated_at = ");
        out.push_bind_param::<Timestamptz, _>(&self.updated_at)?;
        out.push_sql(", first_reply_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.first_reply_at)?;
        out.push_sql(", proposed_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.proposed_at)?;
        out.push_sql(", hold_reason = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.ticket.hold_reason)?;
        out.push_sql(", hold_until = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.hold_until)?;
        out.push_sql(", resolved_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.resolved_at)?;
        out.push_sql(", archived_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.archived_at)?;
        out.push_sql(", assistant_mode = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.ticket.assistant_mode)?;
        out.push_sql(", assistant_muted_by = ");
        out.push_bind_param::<Nullable<Text>, _>(&self.ticket.assistant_muted_by)?;
        out.push_sql(", person_wanted_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.person_wanted_at)?;
        out.push_sql(", sla = ");
        out.push_bind_param::<Jsonb, _>(&self.sla)?;
        out.push_sql(", sla_due_at = ");
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.sla_due_at)?;
        out.push_sql(", department_id = ");
        out.push_bind_param::<Nullable<Uuid>, _>(&self.ticket.department_id)?;
        if let Some(answers) = &self.custom_fields {
            out.push_sql(", custom_fields = ");
            out.push_bind_param::<Jsonb, _>(answers)?;
        }
        out.push_sql(" where id = ");
        out.push_bind_param::<Uuid, _>(&self.ticket.id)?;
        out.push_sql(" and version = ");
        out.push_bind_param::<Integer, _>(&self.ticket.version)?;
        activity::in_turn(self.record, &mut out);
        if let Some(unread) = &self.unread {
            out.push_sql(" and not ");
            unread.walk_ast(out)?;
        }
        Ok(())
    }
}

/// A ticket's new state, with a new comment and its files if there is one, as common table expressions of a
/// recording.
struct Save<'a> {
    ticket: SaveTicket<'a>,
    comment: Option<(InsertComment<'a>, Claim<'a>)>,
}

impl QueryFragment<Pg> for Save<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((comment, claim)) = &self.comment else {
            out.push_sql("changed as (");
            self.ticket.walk_ast(out.reborrow())?;
            out.push_sql(" returning number)");
            return Ok(());
        };
        claim.lock(self.ticket.record, out.reborrow())?;
        out.push_sql("saved as (");
        self.ticket.walk_ast(out.reborrow())?;
        claim.condition(out.reborrow())?;
        out.push_sql(" returning number), changed as (");
        comment.walk_ast(out.reborrow())?;
        out.push_sql(")");
        claim.take(out)
    }
}
