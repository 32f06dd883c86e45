//! Writing what is ready.
//!
//! Invariant: no activity is recorded, so that nobody hears of it; what is there already is never changed.

use api_types::{
    comments::CommentId,
    people::{PersonId, Role},
    tickets::TicketId,
};
use db::{
    AsyncPgConnection, prepared,
    schema::{comments, imported_tickets, people, tickets},
};
use diesel::{
    prelude::*,
    sql_types::{Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::{
    Report,
    check::{Comment, Person, Ready},
};
use crate::{
    comments::CommentRow,
    error::{AppError, Result},
    people::{NewPerson, Person as Account},
    state::State,
    tickets::{Ticket, search},
    worker::Job,
};

/// Writes a ticket, or what is new of one that is here, on the caller's transaction.
pub async fn write(state: &State, conn: &mut AsyncPgConnection, ready: &Ready, report: &mut Report) -> Result<()> {
    let known: Option<Option<TicketId>> =
        imported_tickets::table.find(&ready.key).select(imported_tickets::ticket_id).first(conn).await.optional()?;
    let known = match known {
        Some(None) => {
            report.erased += 1;
            return Ok(());
        }
        Some(Some(id)) => Some(id),
        None => match ready.here {
            Some(id) => match Ticket::was_erased(conn, id).await? {
                true => {
                    report.erased += 1;
                    return Ok(());
                }
                false => tickets::table.find(id).select(tickets::id).first(conn).await.optional()?,
            },
            None => None,
        },
    };
    if let Some(id) = known {
        return grow(state, conn, ready, id, report).await;
    }
    let now = state.clock.now();
    let creator = account(conn, now, &ready.creator, report).await?;
    let assignee = match &ready.assignee {
        Some(email) => Account::active_by_email(conn, email).await?.filter(|person| person.role.is_team()),
        None => None,
    };
    let follows = match &ready.follows {
        Some((id, key)) => followed(conn, *id, key).await?,
        None => None,
    };
    let (ledger, due) = ready.ledger(&state.settings.now().sla, now);
    let when = |at: Option<Timestamp>| at.map(ToDiesel::to_diesel);
    diesel::insert_into(tickets::table)
        .values((
            (
                tickets::id.eq(ready.id),
                tickets::title.eq(&ready.title),
                tickets::creator_id.eq(creator),
                tickets::assignee_id.eq(assignee.map(|person| person.id)),
                tickets::stage.eq(ready.stage),
                tickets::priority.eq(ready.priority),
                tickets::department_id.eq(ready.department),
                tickets::created_at.eq(ready.created_at.to_diesel()),
                tickets::updated_at.eq(ready.updated_at.to_diesel()),
            ),
            (
                tickets::first_reply_at.eq(when(ready.first_reply_at)),
                tickets::resolved_at.eq(when(ready.resolved_at)),
                tickets::archived_at.eq(when(ready.archived_at)),
                tickets::hold_reason.eq(ready.hold.as_ref().map(|(reason, _)| reason)),
                tickets::hold_until.eq(when(ready.hold.as_ref().and_then(|(_, until)| *until))),
                tickets::person_wanted_at.eq(when(ready.person_wanted.then_some(ready.updated_at))),
                tickets::follows_id.eq(follows),
                tickets::sla.eq(ledger),
                tickets::sla_due_at.eq(when(due)),
                tickets::custom_fields.eq(serde_json::to_value(&ready.custom_fields).map_err(AppError::internal)?),
            ),
        ))
        .execute(conn)
        .await?;
    diesel::insert_into(imported_tickets::table)
        .values((imported_tickets::key.eq(&ready.key), imported_tickets::ticket_id.eq(ready.id)))
        .execute(conn)
        .await?;
    if let Some(until) = ready.hold.as_ref().and_then(|(_, until)| *until) {
        Job::ResumeTicket { ticket_id: ready.id }.enqueue(conn, until).await?;
    }
    add(conn, now, ready.id, ready.comments.iter(), report).await?;
    report.added += 1;
    Ok(())
}

/// Adds the comments of a ticket that are not here yet. Its state is this desk's by now.
async fn grow(
    state: &State,
    conn: &mut AsyncPgConnection,
    ready: &Ready,
    id: TicketId,
    report: &mut Report,
) -> Result<()> {
    let here: Vec<CommentId> =
        comments::table.filter(comments::ticket_id.eq(id)).select(comments::id).load(conn).await?;
    let is_new = |said: &&Comment| !here.contains(&said.id) && said.here.is_none_or(|it| !here.contains(&it));
    let new: Vec<&Comment> = ready.comments.iter().filter(is_new).collect();
    if new.is_empty() {
        report.unchanged += 1;
        return Ok(());
    }
    // Its creator knows nothing of notes.
    let public = new.iter().filter(|said| !said.line.internal).map(|said| said.line.created_at);
    let last = public.max().unwrap_or(ready.created_at);
    add(conn, state.clock.now(), id, new.into_iter(), report).await?;
    prepared("update tickets set updated_at = greatest(updated_at, $2), version = version + 1 where id = $1")
        .bind::<Uuid, _>(id)
        .bind::<Timestamptz, _>(last.to_diesel())
        .execute(conn)
        .await?;
    search::refold(conn, &[id]).await?;
    report.grown += 1;
    Ok(())
}

async fn add<'a>(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    ticket: TicketId,
    new: impl Iterator<Item = &'a Comment>,
    report: &mut Report,
) -> Result<()> {
    for said in new {
        let author = match &said.author {
            Some(author) => Some(account(conn, now, author, report).await?),
            None => None,
        };
        let row = CommentRow::imported(said.id, ticket, author, said.kind, &said.line)?;
        row.insert(conn).await?;
    }
    Ok(())
}

/// The account of somebody in a line. A customer who has none gets one without a password, which a mailed link opens; a
/// member of the team gets one that nobody can come in by until an admin lets them.
async fn account(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    person: &Person,
    report: &mut Report,
) -> Result<PersonId> {
    let found = people::table.filter(people::email.eq(&person.email)).select(people::id);
    if let Some(id) = found.first(conn).await.optional()? {
        return Ok(id);
    }
    report.people += 1;
    let new = NewPerson {
        name: &person.name,
        email: &person.email,
        password_hash: None,
        role: if person.is_team { Role::Agent } else { Role::Customer },
        locale: person.locale,
    };
    Account::add_unproved(conn, now, new, person.is_team).await
}

/// The ticket that one goes on from, if it is here.
async fn followed(conn: &mut AsyncPgConnection, id: TicketId, key: &[u8]) -> Result<Option<TicketId>> {
    let imported: Option<Option<TicketId>> =
        imported_tickets::table.find(key).select(imported_tickets::ticket_id).first(conn).await.optional()?;
    match imported {
        Some(found) => Ok(found),
        None => Ok(tickets::table.find(id).select(tickets::id).first(conn).await.optional()?),
    }
}
