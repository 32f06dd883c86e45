//! Tokens of websites that were used.
//!
//! Invariant: a token signs in once, in whichever process.

use db::{AsyncPgConnection, schema::host_tokens};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use super::host_token::Claims;
use crate::{auth, auth::tokens::LEEWAY, error::Result};

/// Uses a token; false when it was used before.
pub async fn spend(conn: &mut AsyncPgConnection, claims: &Claims) -> Result<bool> {
    let ends = Timestamp::from_second(claims.exp).unwrap_or(Timestamp::MAX);
    let spent = diesel::insert_into(host_tokens::table)
        .values((host_tokens::hash.eq(auth::hash(&claims.jti)), host_tokens::ends_at.eq(ends.to_diesel())))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(spent > 0)
}

/// Forgets tokens that are refused for their age.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let before = now.saturating_sub(SignedDuration::from_secs(LEEWAY)).unwrap_or(now);
    diesel::delete(host_tokens::table.filter(host_tokens::ends_at.lt(before.to_diesel()))).execute(conn).await?;
    Ok(())
}
