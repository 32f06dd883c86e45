//! Erasure: objects that no row speaks of any more leave the store.
//!
//! Invariant: the job that removes an object is written in the transaction that removes its row, and it asks
//! the store again until the store agrees.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

use api_types::{attachments::AttachmentId, people::PersonId, tickets::TicketId};
use db::{AsyncPgConnection, jobs, prepared, schema::attachments};
use diesel::{
    prelude::*,
    sql_types::{Array, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use crate::{
    error::{AppError, Result},
    exports,
    outside::files::Object,
    state::State,
    worker::Job,
};

/// How long a file may wait to be sent.
const WAITING: SignedDuration = SignedDuration::from_hours(24);

/// One attempt takes no longer, so that the job's lease still holds.
const ATTEMPT: Duration = Duration::from_secs(90);

/// A statement that asks for the erasure of the files whose `storage_key` the expression `gone` returns.
macro_rules! erasing {
    ($gone:literal) => {
        concat!(
            "with ",
            $gone,
            " insert into jobs (kind, payload, run_at)
              select 'erase_file', jsonb_build_object('kind', 'erase_file', 'storage_key', storage_key, 'tries', 0), $1
              from gone"
        )
    };
}

/// An upload that is stored and not written down after this time never will be.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(1);

/// The job: removes a file and its small picture. A store that is away is asked again, later and later, for as
/// long as it takes.
pub async fn erase(state: &State, storage_key: Uuid, tries: u32) -> Result<()> {
    let removed = tokio::time::timeout(ATTEMPT, async {
        state.files.remove(Object::File(storage_key)).await?;
        state.files.remove(Object::Thumbnail(storage_key)).await
    });
    let error = match removed.await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error,
        Err(late) => AppError::unavailable(late),
    };
    tracing::warn!(%storage_key, tries, %error, "a file could not be erased yet");
    Job::EraseFile { storage_key, tries: tries.saturating_add(1) }.try_again(state, tries).await
}

/// Asks for the erasure of objects that are about to be stored, later, should this process die before it has
/// written them down. Answers the job's number.
pub async fn erase_unless_kept(state: &State, storage_key: Uuid) -> Result<i64> {
    let later = state.clock.now().saturating_add(GIVEN_UP).map_err(AppError::internal)?;
    Job::EraseFile { storage_key, tries: 0 }.enqueue(&mut *state.db().await?, later).await
}

/// Takes that back, in the transaction that writes the file down. It fails when it is too late.
pub async fn kept(conn: &mut AsyncPgConnection, erasure: i64) -> Result<()> {
    if jobs::withdraw(conn, erasure).await? {
        return Ok(());
    }
    Err(AppError::unavailable(anyhow::anyhow!("the upload took too long to be stored")))
}

/// Asks for the erasure of a ticket's files. The caller's transaction holds the ticket's lock and deletes the
/// ticket, and with it the rows.
pub async fn erase_with_ticket(conn: &mut AsyncPgConnection, now: Timestamp, ticket: TicketId) -> QueryResult<()> {
    let query = prepared(erasing!(
        "gone as (
             select storage_key from attachments where comment_id in (select id from comments where ticket_id = $2)
         )"
    ));
    query.bind::<Timestamptz, _>(now.to_diesel()).bind::<SqlUuid, _>(ticket).execute(conn).await?;
    Ok(())
}

/// Drops a file that its uploader does not send after all.
pub async fn discard(conn: &mut AsyncPgConnection, now: Timestamp, uploader: PersonId, id: AttachmentId) -> Result<()> {
    let query = prepared(erasing!(
        "gone as (
             delete from attachments where id = $2 and uploader_id = $3 and comment_id is null returning storage_key
         )"
    ));
    let query = query.bind::<Timestamptz, _>(now.to_diesel());
    let dropped = query.bind::<SqlUuid, _>(id).bind::<SqlUuid, _>(uploader).execute(conn).await?;
    if dropped == 0 { Err(AppError::not_found()) } else { Ok(()) }
}

/// Drops all files that somebody has not sent.
pub async fn erase_waiting_of(conn: &mut AsyncPgConnection, now: Timestamp, uploader: PersonId) -> QueryResult<()> {
    let query = prepared(erasing!(
        "gone as (delete from attachments where uploader_id = $2 and comment_id is null returning storage_key)"
    ));
    query.bind::<Timestamptz, _>(now.to_diesel()).bind::<SqlUuid, _>(uploader).execute(conn).await?;
    Ok(())
}

/// Drops what is stored under these keys, of which no row speaks any more.
pub async fn erase_stored(conn: &mut AsyncPgConnection, now: Timestamp, keys: Vec<Uuid>) -> QueryResult<()> {
    let query = prepared(erasing!("gone as (select unnest($2) as storage_key)"));
    query.bind::<Timestamptz, _>(now.to_diesel()).bind::<Array<SqlUuid>, _>(keys).execute(conn).await?;
    Ok(())
}

/// Drops the files that were never sent. One that is being claimed at this moment is left to its claim.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let old = now.saturating_sub(WAITING).map_err(AppError::internal)?;
    let query = prepared(erasing!(
        "old as materialized (
             select id from attachments where comment_id is null and created_at < $2
             order by id limit 1000 for update skip locked
         ), gone as (
             delete from attachments using old where attachments.id = old.id returning storage_key
         )"
    ));
    let query = query.bind::<Timestamptz, _>(now.to_diesel()).bind::<Timestamptz, _>(old.to_diesel());
    query.execute(conn).await?;
    Ok(())
}

/// What the store and the rows do not agree about.
#[derive(Debug, Default)]
pub struct Found {
    /// Objects that no row speaks of.
    pub orphans: Vec<Object>,
    /// Files whose object is not there.
    pub missing: Vec<(AttachmentId, Object)>,
}

/// Compares the store with the rows, and removes the orphans if asked. Objects younger than `settled` may belong
/// to an upload that is not written down yet.
pub async fn sweep_store(state: &State, settled: Duration, delete: bool) -> Result<Found> {
    // The store first: what is uploaded meanwhile is then in neither list, or in both.
    let stored = state.files.list().await?;
    let rows: Vec<(AttachmentId, Uuid, Option<String>)> = attachments::table
        .select((attachments::id, attachments::storage_key, attachments::thumbnail_type))
        .load(&mut *state.db().await?)
        .await?;
    let held: HashSet<Object> = stored.iter().map(|stored| stored.object).collect();
    let mut found = Found::default();
    let archives = exports::storage_keys(&mut *state.db().await?).await?;
    let mut known: HashSet<Object> = archives.into_iter().map(Object::File).collect();
    for (id, key, thumbnail) in rows {
        for object in [Some(Object::File(key)), thumbnail.map(|_| Object::Thumbnail(key))].into_iter().flatten() {
            known.insert(object);
            if !held.contains(&object) {
                found.missing.push((id, object));
            }
        }
    }
    let now = SystemTime::now();
    let old = |since: SystemTime| now.duration_since(since).is_ok_and(|age| age >= settled);
    found.orphans = stored
        .into_iter()
        .filter(|stored| !known.contains(&stored.object) && old(stored.since))
        .map(|stored| stored.object)
        .collect();
    found.orphans.sort();
    if delete {
        for object in &found.orphans {
            state.files.remove(*object).await?;
        }
    }
    Ok(found)
}
