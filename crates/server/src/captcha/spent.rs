//! Answers that were used.
//!
//! Invariant: an answer is good for one request, which may be sent again.

use db::{AsyncPgConnection, prepared, schema::captcha_answers};
use diesel::{
    prelude::*,
    sql_types::{Bytea, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use sha2::{Digest, Sha256};

use crate::{error::Result, once::Once};

/// Longer than any provider's answers last.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Uses an answer; false when another request has.
pub async fn spend(conn: &mut AsyncPgConnection, now: Timestamp, answer: &str, once: Option<&Once>) -> Result<bool> {
    let used_for = once.map(|once| Sha256::new().chain_update(&once.key).chain_update(&once.request_hash).finalize());
    let spent = prepared(
        "insert into captcha_answers (hash, used_for, used_at) values ($1, $2, $3)
         on conflict (hash) do update set used_for = excluded.used_for
             where captcha_answers.used_for = excluded.used_for",
    )
    .bind::<Bytea, _>(Sha256::digest(answer).to_vec())
    .bind::<Nullable<Bytea>, _>(used_for.map(|hash| hash.to_vec()))
    .bind::<Timestamptz, _>(now.to_diesel())
    .execute(conn)
    .await?;
    Ok(spent > 0)
}

/// Forgets answers that are no longer good anyway.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let before = now.saturating_sub(KEPT).unwrap_or(now);
    diesel::delete(captcha_answers::table.filter(captcha_answers::used_at.lt(before.to_diesel())))
        .execute(conn)
        .await?;
    Ok(())
}
