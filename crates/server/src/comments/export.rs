//! Threads for an export: of many tickets at once, to whoever may read all of them.
//!
//! Invariant: what is read at a time is bounded by its caller, however long a thread is.

use std::collections::HashMap;

use api_types::tickets::TicketId;
use db::{
    AsyncPgConnection,
    schema::{comments, people},
};
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;

use super::CommentRow;
use crate::cursor::Cursor;

/// A comment with its author's name and address.
pub struct Said {
    pub row: CommentRow,
    pub name: String,
    pub email: Option<String>,
}

/// How many comments each of these tickets has. The caller has found that all of them may be read.
pub async fn count(conn: &mut AsyncPgConnection, tickets: &[TicketId]) -> QueryResult<HashMap<TicketId, i64>> {
    let rows: Vec<(TicketId, i64)> = comments::table
        .filter(comments::ticket_id.eq_any(tickets))
        .group_by(comments::ticket_id)
        .select((comments::ticket_id, count_star()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The comments of these tickets, with the internal notes if wanted, each thread oldest first. With `after` those of one ticket from
/// there on. The caller has found that all of them may be read.
pub async fn said(
    conn: &mut AsyncPgConnection,
    tickets: &[TicketId],
    with_notes: bool,
    after: Option<Cursor>,
    most: i64,
) -> QueryResult<Vec<Said>> {
    let mut query = comments::table
        .left_join(people::table.on(people::id.nullable().eq(comments::author_id)))
        .filter(comments::ticket_id.eq_any(tickets.to_vec()))
        .select((CommentRow::as_select(), people::name.nullable(), people::email.nullable()))
        .into_boxed();
    if !with_notes {
        query = query.filter(comments::internal.eq(false));
    }
    if let Some(after) = after {
        query = query.filter(after.newer("comments"));
    }
    let rows: Vec<(CommentRow, Option<String>, Option<String>)> =
        query.order((comments::ticket_id, comments::created_at, comments::id)).limit(most).load(conn).await?;
    Ok(rows.into_iter().map(|(row, name, email)| Said { row, name: name.unwrap_or_default(), email }).collect())
}
