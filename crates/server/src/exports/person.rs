//! Somebody's data in one file: asked for, made by a job, kept for a week.
//!
//! Invariant: it holds what the person sees of their own tickets, and what the desk keeps about them. An archive whose row
//! is gone is gone, and its addresses with it.

use api_types::{
    exports::{PersonExport, PersonExports},
    mails::MailKind,
    people::PersonId,
    tickets::{TicketFilter, TicketId},
};
use db::{
    AsyncPgConnection, prepared,
    schema::{attachments, comments, mails, notifications, people, person_exports, sessions, tickets},
};
use diesel::{
    prelude::*,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    address,
    archive::{self, Archive},
    lines::Lines,
};
use crate::{
    activity::{self, Kind, Record},
    attachments::{self as files, Attachment},
    auth::CurrentUser,
    cursor::Cursor,
    error::{AppError, Result},
    mails::{self as outbox, To},
    outside::files::Object,
    people::Person,
    state::State,
    tickets::{Part, Ticket},
    worker::Job,
};

/// How long an archive is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long after one was asked for the next may be.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// So many tickets are read at a time.
const PART: usize = 50;

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
/// that the next can be asked for a day later.
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
            Some(row) if row.ready_at.is_none() => {}
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
                Job::ExportPerson { export_id: id }.enqueue(conn, now).await?;
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
    // Of one that an admin has asked for nobody else is told.
    let query = query.filter(person_exports::asked_by.eq(asker).or(person_exports::ready_at.is_null()));
    query.order(person_exports::asked_at.desc()).first(conn).await.optional()
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

/// The job: makes the archive, stores it, and writes to whoever has asked for it.
pub async fn make(state: &State, id: Uuid) -> Result<()> {
    let mut conn = state.db().await?;
    let row = person_exports::table.find(id).select(Row::as_select()).first::<Row>(&mut conn).await.optional()?;
    let Some(row) = row.filter(|row| row.ready_at.is_none()) else { return Ok(()) };
    let query = people::table.find(row.person_id).select(Person::as_select());
    let Some(person) = query.first::<Person>(&mut conn).await.optional()? else { return Ok(()) };
    drop(conn);
    let received = write(state, &person).await?;
    let key = Uuid::new_v4();
    let erasure = files::erase_unless_kept(state, key).await?;
    state.files.keep(&received, Object::File(key)).await?;
    let now = state.clock.now();
    let size = i64::try_from(received.size).map_err(AppError::internal)?;
    let mut conn = state.db().await?;
    conn.transaction(async |conn| {
        let waiting = person_exports::table.find(id).filter(person_exports::ready_at.is_null());
        let made = (
            person_exports::storage_key.eq(key),
            person_exports::size.eq(size),
            person_exports::ready_at.eq(now.to_diesel()),
        );
        // Another worker was faster, or the person was erased: the file goes by the job that waits for it.
        if diesel::update(waiting).set(made).execute(conn).await? == 0 {
            return Ok(());
        }
        files::kept(conn, erasure).await?;
        outbox::queue(conn, now, MailKind::ExportReady, To::Person(row.asked_by), None).await?;
        activity::record(conn, Record::of_person(Kind::PersonExported, row.asked_by, row.person_id, now)).await?;
        Ok(())
    })
    .await
}

async fn write(state: &State, person: &Person) -> Result<crate::outside::files::Received> {
    let mut archive = Archive::new(state.files.receive());
    archive.add_json("profile.json", &profile(person)).await?;
    let mut conn = state.db().await?;
    let (sessions, notifications, mails) = about(&mut conn, person.id).await?;
    drop(conn);
    archive.add_json("sessions.json", &sessions).await?;
    archive.add_json("notifications.json", &notifications).await?;
    archive.add_json("mails.json", &mails).await?;
    let viewer = person.as_author();
    for archived in [false, true] {
        // The team sees other people's tickets too, and these are not theirs.
        let creator = viewer.role.is_team().then_some(person.id);
        let filter = TicketFilter { archived: Some(archived), creator, ..TicketFilter::default() };
        let mut after: Option<Cursor> = None;
        loop {
            let Part { rows, rest, .. } = Ticket::part(state, &viewer, &filter, after, PART).await?;
            for row in rows {
                write_ticket(state, &viewer, &mut archive, row).await?;
            }
            if rest.is_none() {
                break;
            }
            after = rest;
        }
    }
    write_files(state, person.id, &mut archive).await?;
    archive.finish().await
}

fn profile(person: &Person) -> Value {
    let Person { id, name, email, role, locale, preferences, created_at, .. } = person;
    json!({
        "id": id, "name": name, "email": email, "role": role, "locale": locale, "preferences": preferences,
        "created_at": created_at, "has_password": person.password_hash.is_some(),
    })
}

/// Their sessions, what they were told of, and what was written to them.
async fn about(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<(Value, Value, Value)> {
    let when = |at: Option<jiff_diesel::Timestamp>| at.map(|at| at.to_jiff());
    type At = jiff_diesel::Timestamp;
    let rows: Vec<(At, Option<At>)> = sessions::table
        .filter(sessions::person_id.eq(id))
        .order(sessions::created_at)
        .select((sessions::created_at, sessions::revoked_at))
        .load(conn)
        .await?;
    let begun = rows.into_iter().map(|(from, to)| json!({ "begun_at": from.to_jiff(), "ended_at": when(to) }));
    let begun = begun.collect();
    let rows: Vec<(String, Option<TicketId>, At, Option<At>)> = notifications::table
        .filter(notifications::person_id.eq(id))
        .order(notifications::created_at)
        .select((notifications::kind, notifications::ticket_id, notifications::created_at, notifications::read_at))
        .load(conn)
        .await?;
    let told = rows.into_iter().map(|(kind, ticket, at, read)| {
        json!({ "kind": kind, "ticket_id": ticket, "created_at": at.to_jiff(), "read_at": when(read) })
    });
    let told = told.collect();
    let rows: Vec<(String, At, Option<At>)> = mails::table
        .filter(mails::person_id.eq(id))
        .order(mails::created_at)
        .select((mails::kind, mails::created_at, mails::sent_at))
        .load(conn)
        .await?;
    let written = rows
        .into_iter()
        .map(|(kind, at, sent)| json!({ "kind": kind, "created_at": at.to_jiff(), "sent_at": when(sent) }));
    Ok((begun, told, written.collect()))
}

async fn write_ticket(
    state: &State,
    viewer: &CurrentUser,
    archive: &mut Archive,
    row: crate::tickets::NamedTicket,
) -> Result<()> {
    let lines = Lines::of_creator();
    let (id, number) = (row.ticket.id, row.ticket.number);
    let line = lines.creators_line(state, viewer, row);
    let mut head = serde_json::to_vec(&line).map_err(AppError::internal)?;
    // The thread is the last thing in it, and follows page by page.
    head.truncate(head.len().saturating_sub(2));
    archive.begin(&format!("tickets/{number}.json"))?;
    archive.write(&head).await?;
    let mut after = None;
    let mut is_first = true;
    loop {
        let (said, rest) = lines.page(state, id, after).await?;
        for comment in said {
            if !is_first {
                archive.write(b",").await?;
            }
            is_first = false;
            archive.write(&serde_json::to_vec(&comment).map_err(AppError::internal)?).await?;
        }
        if rest.is_none() {
            break;
        }
        after = rest;
    }
    archive.write(b"]}\n").await
}

/// The files that they sent, and those that they were sent on their tickets. Not those of internal notes.
async fn write_files(state: &State, person: PersonId, archive: &mut Archive) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let page: Vec<Attachment> = {
            let mut conn = state.db().await?;
            let seen = tickets::creator_id.nullable().eq(person).and(comments::internal.nullable().eq(false));
            attachments::table
                .left_join(comments::table.on(attachments::comment_id.eq(comments::id.nullable())))
                .left_join(tickets::table.on(tickets::id.nullable().eq(comments::ticket_id.nullable())))
                .filter(attachments::uploader_id.nullable().eq(person).or(seen))
                .filter(attachments::id.gt(api_types::attachments::AttachmentId(after)))
                .order(attachments::id)
                .limit(PART as i64)
                .select(Attachment::as_select())
                .load(&mut conn)
                .await?
        };
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id.0;
        for file in page {
            // What was erased meanwhile is not theirs to have any more.
            let Some(mut reading) = state.files.open(Object::File(file.storage_key)).await? else { continue };
            archive.begin_sent(&archive::name_of(file.id, &file.filename))?;
            while let Some(piece) = reading.next().await? {
                archive.write(&piece).await?;
            }
        }
    }
}

/// Erases the archives that were kept long enough.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let old = now.saturating_sub(KEPT).map_err(AppError::internal)?;
    prepared(
        "with gone as (delete from person_exports where ready_at < $2 returning storage_key)
         insert into jobs (kind, payload, run_at)
         select 'erase_file', jsonb_build_object('kind', 'erase_file', 'storage_key', storage_key, 'tries', 0), $1 from gone",
    )
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(old.to_diesel())
    .execute(conn)
    .await?;
    Ok(())
}

/// Erases the archives of somebody, on the caller's transaction.
pub async fn erase_of(conn: &mut AsyncPgConnection, now: Timestamp, person: PersonId) -> Result<()> {
    prepared(
        "with gone as (delete from person_exports where person_id = $2 returning storage_key)
         insert into jobs (kind, payload, run_at)
         select 'erase_file', jsonb_build_object('kind', 'erase_file', 'storage_key', storage_key, 'tries', 0), $1
         from gone where storage_key is not null",
    )
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<SqlUuid, _>(person)
    .execute(conn)
    .await?;
    Ok(())
}
