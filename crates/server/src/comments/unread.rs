//! What others have written on a ticket since its reader looked.
//!
//! Invariant: one condition, which holds for the statement that writes a comment and for whoever asks why it wrote
//! nothing.

use api_types::{comments::CommentId, people::PersonId, tickets::TicketId};
use db::AsyncPgConnection;
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Bool, Untyped, Uuid},
};
use diesel_async::RunQueryDsl;

use crate::auth::CurrentUser;

/// The comments of others that a reader may see and has not read.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    ticket: TicketId,
    reader: PersonId,
    sees_notes: bool,
    /// The newest that was read. One that is not on the ticket counts as none.
    after: CommentId,
}

impl Unread {
    pub fn new(ticket: TicketId, reader: &CurrentUser, after: CommentId) -> Self {
        Self { ticket, reader: reader.id, sees_notes: reader.role.is_team(), after }
    }

    /// Whether there are any.
    pub async fn exist(self, conn: &mut AsyncPgConnection) -> QueryResult<bool> {
        #[derive(QueryableByName)]
        struct Found {
            #[diesel(sql_type = Bool)]
            found: bool,
        }
        let found: Found = Question(self).get_result(conn).await?;
        Ok(found.found)
    }
}

/// `exists (..)`.
impl QueryFragment<Pg> for Unread {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("exists (select from comments newer where newer.ticket_id = ");
        out.push_bind_param::<Uuid, _>(&self.ticket)?;
        out.push_sql(" and newer.author_id is distinct from ");
        out.push_bind_param::<Uuid, _>(&self.reader)?;
        if !self.sees_notes {
            out.push_sql(" and not newer.internal");
        }
        out.push_sql(" and (newer.created_at, newer.id) > (coalesce((select created_at ");
        self.read(out.reborrow())?;
        out.push_sql("), '-infinity'), coalesce((select id ");
        self.read(out.reborrow())?;
        out.push_sql("), '00000000-0000-0000-0000-000000000000')))");
        Ok(())
    }
}

impl Unread {
    fn read<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("from comments where id = ");
        out.push_bind_param::<Uuid, _>(&self.after)?;
        out.push_sql(" and ticket_id = ");
        out.push_bind_param::<Uuid, _>(&self.ticket)
    }
}

/// The condition as a statement of its own.
struct Question(Unread);

impl QueryFragment<Pg> for Question {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select ");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" as found");
        Ok(())
    }
}

impl QueryId for Question {
    type QueryId = ();

    // The statement is known by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Question {
    type SqlType = Untyped;
}
