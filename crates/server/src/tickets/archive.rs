//! Archiving resolved tickets by age, where the desk wants it.
//!
//! Invariant: a ticket that somebody takes out of the archive stays out as long again.

use db::{AsyncPgConnection, prepared};
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use crate::{activity::Kind, error::Result, state::State};

/// So many at a time, so that nobody waits for them.
const BATCH: i64 = 500;

/// Archives what has been resolved and unchanged for as long as the desk has set.
pub async fn archive_old(state: &State, conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let Some(days) = state.settings.now().settings.archiving.after_days else {
        return Ok(());
    };
    let before = now.saturating_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now);
    while archive_some(conn, now, before).await? == BATCH as usize {}
    state.wake.poke();
    Ok(())
}

async fn archive_some(conn: &mut AsyncPgConnection, now: Timestamp, before: Timestamp) -> Result<usize> {
    let archived = prepared(
        "with old as (
             select id from tickets
             where resolved_at is not null and archived_at is null and resolved_at < $2 and updated_at < $2
             order by resolved_at, id limit $3 for update skip locked
         ), archived as (
             update tickets set archived_at = $1, updated_at = $1, version = version + 1
             from old where tickets.id = old.id returning tickets.id
         ), recorded as (
             insert into activity (kind, ticket_id, at) select $4, id, $1 from archived returning id
         )
         insert into jobs (kind, payload, run_at)
         select 'react', jsonb_build_object('kind', 'react', 'activity_id', id), $1 from recorded",
    )
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(before.to_diesel())
    .bind::<BigInt, _>(BATCH)
    .bind::<Text, _>(*Kind::TicketArchived.word())
    .execute(conn)
    .await?;
    Ok(archived)
}
