//! What a person's archive holds.
//!
//! Invariant: it is what the person sees, and nothing of anybody else's; of what the team wrote on other people's tickets
//! only the files are theirs.

use api_types::{
    api_keys::ApiScope,
    attachments::AttachmentId,
    people::PersonId,
    tickets::{TicketFilter, TicketId},
};
use db::{
    AsyncPgConnection,
    schema::{api_keys, attachments, comments, mails, notifications, sessions, tickets},
};
use diesel::{prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    archive::{self, Archive},
    lines::Lines,
};
use crate::{
    attachments::Attachment,
    auth::CurrentUser,
    cursor::Cursor,
    error::{AppError, Result},
    outside::files::{Object, Received},
    people::Person,
    state::State,
    tickets::{NamedTicket, Part, Ticket},
};

/// So many tickets are read at a time.
const PART: usize = 50;

/// Writes all of it to where uploads are received.
pub async fn write(state: &State, person: &Person) -> Result<Received> {
    let mut archive = Archive::new(state.files.receive());
    archive.add_json("profile.json", &profile(person)).await?;
    for (name, rows) in about(&mut *state.db().await?, person.id).await? {
        archive.add_json(name, &rows).await?;
    }
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
    write_files(state, &viewer, &mut archive).await?;
    archive.finish().await
}

fn profile(person: &Person) -> Value {
    let Person { id, name, email, role, locale, preferences, created_at, .. } = person;
    json!({
        "id": id, "name": name, "email": email, "role": role, "locale": locale, "preferences": preferences,
        "created_at": created_at, "has_password": person.password_hash.is_some(),
    })
}

/// Their sessions, what they were told of, what was written to them, and their keys, without what is secret of each.
async fn about(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<[(&'static str, Value); 4]> {
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
    let written = written.collect();
    type Key = (String, String, Vec<Option<ApiScope>>, At, Option<At>, Option<At>);
    let rows: Vec<Key> = api_keys::table
        .filter(api_keys::owner_id.eq(id))
        .order(api_keys::created_at)
        .select((
            api_keys::name,
            api_keys::prefix,
            api_keys::scopes,
            api_keys::created_at,
            api_keys::last_used_at,
            api_keys::revoked_at,
        ))
        .load(conn)
        .await?;
    let keys = rows.into_iter().map(|(name, prefix, scopes, at, used, revoked)| {
        json!({
            "name": name, "prefix": prefix, "scopes": scopes, "created_at": at.to_jiff(), "last_used_at": when(used),
            "revoked_at": when(revoked),
        })
    });
    Ok([
        ("sessions.json", begun),
        ("notifications.json", told),
        ("mails.json", written),
        ("api-keys.json", keys.collect()),
    ])
}

async fn write_ticket(state: &State, viewer: &CurrentUser, archive: &mut Archive, row: NamedTicket) -> Result<()> {
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

/// The files that they have not sent yet, those of their own comments, and those that they were sent on their tickets.
/// Whoever is not of the team sees none of internal notes and of other people's tickets, whoever sent them; and what a
/// program has sent with their key is on its customers' tickets.
async fn write_files(state: &State, person: &CurrentUser, archive: &mut Archive) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let page: Vec<Attachment> = {
            let mut conn = state.db().await?;
            let waits = attachments::uploader_id.nullable().eq(person.id).and(attachments::comment_id.is_null());
            let seen = tickets::creator_id.nullable().eq(person.id).and(comments::internal.nullable().eq(false));
            let on_team = person.role.is_team().into_sql::<Bool>();
            let said = comments::author_id.nullable().eq(person.id).and(on_team.nullable());
            attachments::table
                .left_join(comments::table.on(attachments::comment_id.eq(comments::id.nullable())))
                .left_join(tickets::table.on(tickets::id.nullable().eq(comments::ticket_id.nullable())))
                .filter(waits.nullable().or(said).or(seen))
                .filter(attachments::id.gt(AttachmentId(after)))
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
