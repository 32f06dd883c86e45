//! Requests that carry an `Idempotency-Key`: the second of them changes nothing and is answered as the
//! first.
//!
//! Invariant: the key is written with the change, so that there is no moment between the two.

use api_types::{comments::CommentId, error::ErrorCode, people::PersonId, tickets::TicketId};
use db::{AsyncPgConnection, schema::activity};
use diesel::{prelude::*, result::Error as DieselError};
use diesel_async::RunQueryDsl;

use crate::{
    error::{AppError, Result},
    once::Once,
};

/// What an earlier request with the same key made.
#[derive(Clone, Copy, Debug)]
pub struct Replayed {
    pub ticket: Option<TicketId>,
    pub comment: Option<CommentId>,
}

/// Looks for an earlier request of this person with the same key. The same key with another request is
/// refused.
pub async fn replay(conn: &mut AsyncPgConnection, actor: PersonId, once: Option<&Once>) -> Result<Option<Replayed>> {
    let Some(once) = once else {
        return Ok(None);
    };
    let earlier = activity::table
        .filter(activity::actor_id.eq(actor.0))
        .filter(activity::idempotency_key.eq(&once.key))
        .select((activity::request_hash, activity::ticket_id, activity::comment_id))
        .first::<(Option<Vec<u8>>, Option<TicketId>, Option<CommentId>)>(conn)
        .await
        .optional()?;
    match earlier {
        None => Ok(None),
        Some((hash, ticket, comment)) if hash.as_ref() == Some(&once.request_hash) => {
            Ok(Some(Replayed { ticket, comment }))
        }
        Some(_) => Err(AppError::new(ErrorCode::IdempotencyKeyReused)),
    }
}

/// Another request with the same key was faster by a moment.
pub fn lost_race(error: &DieselError) -> bool {
    AppError::violates(error, "activity_idempotency_key")
}
