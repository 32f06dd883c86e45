//! Writing a ticket's new state, as a part of a statement.
//!
//! Invariant: a state is written only over the state that it was made from.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment},
    sql_types::{Integer, Nullable, Text, Timestamptz, Uuid},
};
use jiff_diesel::ToDiesel;

use super::Ticket;

/// How often a write reads the ticket again because somebody else was faster.
pub const WRITE_ATTEMPTS: usize = 20;

/// Writes a ticket's new state if nobody has written it since it was read. Returns its `number` then.
pub struct SaveTicket<'a> {
    ticket: &'a Ticket,
    updated_at: jiff_diesel::Timestamp,
    first_reply_at: Option<jiff_diesel::Timestamp>,
    proposed_at: Option<jiff_diesel::Timestamp>,
    hold_until: Option<jiff_diesel::Timestamp>,
    resolved_at: Option<jiff_diesel::Timestamp>,
    archived_at: Option<jiff_diesel::Timestamp>,
}

impl<'a> SaveTicket<'a> {
    /// `ticket` is the new state; its `version` is still the one that was read.
    pub fn new(ticket: &'a Ticket) -> Self {
        Self {
            ticket,
            updated_at: ticket.updated_at.to_diesel(),
            first_reply_at: ticket.first_reply_at.map(ToDiesel::to_diesel),
            proposed_at: ticket.proposed_at.map(ToDiesel::to_diesel),
            hold_until: ticket.hold_until.map(ToDiesel::to_diesel),
            resolved_at: ticket.resolved_at.map(ToDiesel::to_diesel),
            archived_at: ticket.archived_at.map(ToDiesel::to_diesel),
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
        out.push_sql(" where id = ");
        out.push_bind_param::<Uuid, _>(&self.ticket.id)?;
        out.push_sql(" and version = ");
        out.push_bind_param::<Integer, _>(&self.ticket.version)?;
        out.push_sql(" returning number");
        Ok(())
    }
}

/// A ticket's new state and nothing else, as the `changed` of a recording.
pub struct SaveOnly<'a>(pub SaveTicket<'a>);

impl QueryFragment<Pg> for SaveOnly<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("changed as (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
