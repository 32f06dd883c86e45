//! Claiming: the files that somebody uploaded become a comment's, in the statement that writes the comment.
//!
//! Invariant: all of them are claimed and the comment is written, or nothing is. Two claims of one file, or a
//! claim and the sweep, wait for each other at the row, and the second finds it gone.

use api_types::{attachments::AttachmentId, comments::CommentId, people::PersonId};
use diesel::{
    pg::Pg,
    query_builder::AstPass,
    result::QueryResult,
    sql_types::{Array, BigInt, Nullable, Uuid},
};

use crate::activity::{self, Record};

/// The files that a comment claims. Its parts stand in one statement; without files they are empty.
pub struct Claim<'a> {
    ids: &'a [AttachmentId],
    count: i64,
    uploader: Option<PersonId>,
    comment: CommentId,
}

impl<'a> Claim<'a> {
    pub fn new(ids: &'a [AttachmentId], uploader: Option<PersonId>, comment: CommentId) -> Self {
        Self { ids, count: i64::try_from(ids.len()).unwrap_or(i64::MAX), uploader, comment }
    }

    /// The expression that locks the files, before those that need them. In the order of their ids, so that no
    /// two claims wait for each other at once.
    pub fn lock<'b>(&'b self, record: &Record, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.ids.is_empty() {
            return Ok(());
        }
        out.push_sql("waiting as materialized (select id from attachments where id = any(");
        out.push_bind_param::<Array<Uuid>, _>(&self.ids)?;
        out.push_sql(") and uploader_id = ");
        out.push_bind_param::<Nullable<Uuid>, _>(&self.uploader)?;
        out.push_sql(" and comment_id is null");
        activity::in_turn(record, &mut out);
        out.push_sql(" order by id for update), ");
        Ok(())
    }

    /// The condition on the first write: all of them are there. It follows another condition.
    pub fn condition<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.ids.is_empty() {
            return Ok(());
        }
        out.push_sql(" and (select count(*) from waiting) = ");
        out.push_bind_param::<BigInt, _>(&self.count)
    }

    /// The expression that claims them once `changed` has written the comment.
    pub fn take<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.ids.is_empty() {
            return Ok(());
        }
        out.push_sql(", claimed as (update attachments set comment_id = ");
        out.push_bind_param::<Uuid, _>(&self.comment)?;
        out.push_sql(", position = array_position(");
        out.push_bind_param::<Array<Uuid>, _>(&self.ids)?;
        out.push_sql(", attachments.id) from changed, waiting where attachments.id = waiting.id)");
        Ok(())
    }
}
