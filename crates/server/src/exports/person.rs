//! Somebody's data in one file: asked for, made by a job, kept for a week.
//!
//! Invariant: it holds what the person sees of their own tickets, and what the desk keeps about them. An archive whose row
//! is gone is gone, and its addresses with it.

use api_types::{
    exports::{PersonExport, PersonExports},
    mails::MailKind,
    people::PersonId,
    tickets::TicketId,
};
use db::{
    AsyncPgConnection, prepared,
    schema::{people, person_exports, tickets},
};
use diesel::{dsl::exists, prelude::*, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use super::{address, contents};
use crate::{
    activity::{self, Kind, Record},
    attachments as files,
    error::{AppError, Result},
    mails::{self as outbox, To},
    outside::files::Object,
    people::Person,
    state::State,
    worker::Job,
};

/// How long an archive is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long after one was asked for the next may be.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);

#[derive(Queryable, Selectable)]
#[diesel(table_name = person_exports, check_for_backend(diesel::pg::Pg))]
pub struct Row {
    pub id: Uuid,
    person_id: PersonId,
    asked_by: PersonId,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    asked_at: Timestamp,
    pub storage_key: Option<Uuid>,
    size: Option<i64>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    ready_at: Option<Timestamp>,
}

/// Asks for an archive of somebody's data, for themselves or for an admin. While one is being made it is the answer; after
/// that the next can be asked for a day later. One that is not made by then is asked for anew.
pub async fn ask(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    person: PersonId,
    asker: PersonId,
) -> Result<PersonExports> {
    conn.transaction(async |conn| {
        let known = people::table.find(person).filter(people::erased_at.is_null()).select(people::id);
        // Two that are asked for at once are one.
        known.for_update().first::<PersonId>(conn).await?;
        let last = last(conn, person, asker).await?;
        match &last {
            Some(row) if row.ready_at.is_none() => {
                if again_at(row) <= now {
                    let waiting = person_exports::table.find(row.id);
                    diesel::update(waiting).set(person_exports::asked_at.eq(now.to_diesel())).execute(conn).await?;
                    Job::ExportPerson { export_id: row.id, tries: 0 }.enqueue(conn, now).await?;
                }
            }
            Some(row) if again_at(row) > now => {
                let (at, wait) = (again_at(row), again_at(row).duration_since(now).as_secs());
                let detail = format!("One was made within a day. The next can be asked for at {at}.");
                return Err(AppError::too_many(wait).detail(detail));
            }
            _ => {
                let id = Uuid::now_v7();
                diesel::insert_into(person_exports::table)
                    .values((
                        person_exports::id.eq(id),
                        person_exports::person_id.eq(person),
                        person_exports::asked_by.eq(asker),
                        person_exports::asked_at.eq(now.to_diesel()),
                    ))
                    .execute(conn)
                    .await?;
                Job::ExportPerson { export_id: id, tries: 0 }.enqueue(conn, now).await?;
                let latest = Some(PersonExport { asked_at: now, ready_at: None, size: None, address: None });
                return Ok(PersonExports { latest, again_at: None });
            }
        }
        let latest = last.map(|row| PersonExport { asked_at: row.asked_at, ready_at: None, size: None, address: None });
        Ok(PersonExports { latest, again_at: None })
    })
    .await
}

/// The last archive that was asked for, with an address that is good for an hour from now.
pub async fn view(state: &State, person: PersonId, asker: PersonId) -> Result<PersonExports> {
    let mut conn = state.db().await?;
    people::table
        .find(person)
        .filter(people::erased_at.is_null())
        .select(people::id)
        .first::<PersonId>(&mut conn)
        .await?;
    let last = last(&mut conn, person, asker).await?;
    drop(conn);
    let now = state.clock.now();
    let again_at = last.as_ref().filter(|row| row.ready_at.is_some()).map(again_at).filter(|at| *at > now);
    let latest = match last {
        None => None,
        Some(row) => Some(PersonExport {
            asked_at: row.asked_at,
            ready_at: row.ready_at,
            size: row.size.map(i64::unsigned_abs),
            address: row.storage_key.map(|key| address::of_archive(state, row.id, key)).transpose()?,
        }),
    };
    Ok(PersonExports { latest, again_at })
}

fn again_at(row: &Row) -> Timestamp {
    row.asked_at.saturating_add(PAUSE).unwrap_or(row.asked_at)
}

async fn last(conn: &mut AsyncPgConnection, person: PersonId, asker: PersonId) -> QueryResult<Option<Row>> {
    let query = person_exports::table.filter(person_exports::person_id.eq(person)).select(Row::as_select());
    // Of one that somebody else has asked for nobody is told.
    query.filter(person_exports::asked_by.eq(asker)).order(person_exports::asked_at.desc()).first(conn).await.optional()
}

/// The archive that an address was made for.
pub async fn load_for_sealed_address(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<Row> {
    person_exports::table.find(id).select(Row::as_select()).first(conn).await
}

/// Whose data somebody has asked for last.
pub async fn last_asked_for(conn: &mut AsyncPgConnection, asker: PersonId) -> QueryResult<Option<PersonId>> {
    let asked = person_exports::table.filter(person_exports::asked_by.eq(asker)).order(person_exports::asked_at.desc());
    asked.select(person_exports::person_id).first::<PersonId>(conn).await.optional()
}

/// What is stored for archives.
pub async fn storage_keys(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Uuid>> {
    let keys = person_exports::table.filter(person_exports::storage_key.is_not_null());
    keys.select(person_exports::storage_key.assume_not_null()).load(conn).await
}

/// The job: makes the archive, stores it, and tells whoever has asked for it. A store that is away is asked again.
pub async fn make(state: &State, id: Uuid, tries: u32) -> Result<()> {
    match make_now(state, id).await {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::warn!(export = %id, tries, %error, "somebody's data could not be put together yet");
            Job::ExportPerson { export_id: id, tries: tries.saturating_add(1) }.try_again(state, tries).await
        }
    }
}

async fn make_now(state: &State, id: Uuid) -> Result<()> {
    let mut conn = state.db().await?;
    let row = person_exports::table.find(id).select(Row::as_select()).first::<Row>(&mut conn).await.optional()?;
    let Some(row) = row.filter(|row| row.ready_at.is_none()) else { return Ok(()) };
    let query = people::table.find(row.person_id).select(Person::as_select());
    let Some(person) = query.first::<Person>(&mut conn).await.optional()? else { return Ok(()) };
    drop(conn);
    let received = contents::write(state, &person).await?;
    let key = Uuid::new_v4();
    let erasure = files::erase_unless_kept(state, key).await?;
    state.files.keep(&received, Object::File(key)).await?;
    let now = state.clock.now();
    let size = i64::try_from(received.size).map_err(AppError::internal)?;
    let mut conn = state.db().await?;
    conn.transaction(async |conn| {
        let waiting = || person_exports::table.find(id).filter(person_exports::ready_at.is_null());
        let made = (
            person_exports::storage_key.eq(key),
            person_exports::size.eq(size),
            person_exports::ready_at.eq(now.to_diesel()),
        );
        let as_asked = waiting().filter(person_exports::asked_at.eq(row.asked_at.to_diesel()));
        if diesel::update(as_asked).set(made).execute(conn).await? == 0 {
            // The file goes by the job that waits for it.
            let is_still_wanted = diesel::select(exists(waiting())).get_result(conn).await?;
            // Otherwise another worker was faster, or the person was erased.
            return if is_still_wanted {
                Err(AppError::unavailable(anyhow::anyhow!("it is out of date")))
            } else {
                Ok(())
            };
        }
        files::kept(conn, erasure).await?;
        outbox::queue(conn, now, MailKind::ExportReady, To::Person(row.asked_by), None).await?;
        activity::record(conn, Record::of_person(Kind::PersonExported, row.asked_by, row.person_id, now)).await?;
        Ok(())
    })
    .await
}

/// Erases the archives that were kept long enough.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let old = now.saturating_sub(KEPT).map_err(AppError::internal)?;
    let gone = diesel::delete(person_exports::table.filter(person_exports::ready_at.lt(old.to_diesel())));
    let keys = gone.returning(person_exports::storage_key).load(conn).await?;
    erase_stored(conn, now, keys).await
}

/// Erases the archives of somebody, on the caller's transaction.
pub async fn erase_of(conn: &mut AsyncPgConnection, now: Timestamp, person: PersonId) -> Result<()> {
    let gone = diesel::delete(person_exports::table.filter(person_exports::person_id.eq(person)));
    let keys = gone.returning(person_exports::storage_key).load(conn).await?;
    erase_stored(conn, now, keys).await
}

/// Erases the archives that hold a ticket, on the transaction that erases it. One that is being made is made anew.
pub async fn erase_with_ticket(conn: &mut AsyncPgConnection, now: Timestamp, ticket: TicketId) -> Result<()> {
    // By so little that nobody sees it. First, so that one that is ready by then is seen below.
    prepared(
        "update person_exports set asked_at = asked_at + interval '1 microsecond'
         where ready_at is null and person_id = (select creator_id from tickets where id = $1)",
    )
    .bind::<SqlUuid, _>(ticket)
    .execute(conn)
    .await?;
    let creator = tickets::table.find(ticket).select(tickets::creator_id).single_value();
    let ready = person_exports::table.filter(person_exports::ready_at.is_not_null());
    let gone = diesel::delete(ready.filter(person_exports::person_id.nullable().eq(creator)));
    let keys = gone.returning(person_exports::storage_key).load(conn).await?;
    erase_stored(conn, now, keys).await
}

async fn erase_stored(conn: &mut AsyncPgConnection, now: Timestamp, keys: Vec<Option<Uuid>>) -> Result<()> {
    let keys: Vec<Uuid> = keys.into_iter().flatten().collect();
    if keys.is_empty() { Ok(()) } else { Ok(files::erase_stored(conn, now, keys).await?) }
}
