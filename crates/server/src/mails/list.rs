//! What an admin sees of the outbox, and sending again what was given up.
//!
//! Invariant: an address is shown, a text and a secret never.

use api_types::{
    mails::{MailFilter, MailId, MailKind, MailState, MailView},
    page::Page,
    people::PersonId,
    tickets::TicketId,
};
use db::{
    AsyncPgConnection, prepared,
    schema::{mails, notifications, pending_tickets, people, registrations},
};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::outbox::gather;
use crate::{
    cursor::{self, Cursor},
    error::Result,
    worker::Job,
};

#[derive(Queryable)]
struct Listed {
    id: MailId,
    kind: MailKind,
    state: MailState,
    ticket_id: Option<TicketId>,
    attempts: i32,
    last_error: Option<String>,
    created_at: jiff_diesel::Timestamp,
    sent_at: Option<jiff_diesel::Timestamp>,
    to: (Option<String>, Option<String>, Option<String>),
}

impl Listed {
    fn into_view(self) -> MailView {
        let (person, registration, visitor) = self.to;
        MailView {
            id: self.id,
            kind: self.kind,
            state: self.state,
            to: person.or(registration).or(visitor).unwrap_or_default(),
            ticket_id: self.ticket_id,
            attempts: self.attempts,
            last_error: self.last_error,
            created_at: self.created_at.to_jiff(),
            sent_at: self.sent_at.map(|at| at.to_jiff()),
        }
    }
}

/// A page of mails, newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: MailFilter) -> Result<Page<MailView>> {
    let limit = cursor::limit(filter.limit)?;
    let mut query = listed().into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(mails::state.eq(state));
    }
    if let Some(after) = Cursor::parse(filter.after.as_deref())? {
        query = query.filter(after.older("mails"));
    }
    let rows: Vec<Listed> =
        query.order((mails::created_at.desc(), mails::id.desc())).limit(limit as i64 + 1).load(conn).await?;
    let (rows, next_cursor) =
        cursor::cut(rows, limit, |row: &Listed| Cursor { at: row.created_at.to_jiff(), id: row.id.0 });
    Ok(Page { items: rows.into_iter().map(Listed::into_view).collect(), next_cursor })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn listed() -> _ {
    mails::table
        .left_join(people::table.on(people::id.nullable().eq(mails::person_id)))
        .left_join(registrations::table.on(registrations::id.nullable().eq(mails::registration_id)))
        .left_join(pending_tickets::table.on(pending_tickets::id.nullable().eq(mails::pending_ticket_id)))
        .select((
            mails::id,
            mails::kind,
            mails::state,
            mails::ticket_id,
            mails::attempts,
            mails::last_error,
            mails::created_at,
            mails::sent_at,
            (people::email.nullable(), registrations::email.nullable(), pending_tickets::email.nullable()),
        ))
}

/// Sends a mail again that was given up, and at once one that waits to be tried again. What was sent, or had nothing
/// to say, stays as it is.
pub async fn resend(conn: &mut AsyncPgConnection, now: Timestamp, id: MailId) -> Result<MailView> {
    conn.transaction(async |conn| {
        let (state, kind, person, ticket) = mails::table
            .find(id)
            .select((mails::state, mails::kind, mails::person_id, mails::ticket_id))
            .for_update()
            .first::<(MailState, MailKind, Option<PersonId>, Option<TicketId>)>(conn)
            .await?;
        match (state, kind, person, ticket) {
            (MailState::Dead, MailKind::Notification, Some(person), Some(ticket))
                if waits(conn, person, ticket).await? =>
            {
                // What it told goes into the mail that waits, or the one after it.
                diesel::update(notifications::table.filter(notifications::mail_id.eq(id)))
                    .set(notifications::mail_id.eq(None::<MailId>))
                    .execute(conn)
                    .await?;
                diesel::update(mails::table.find(id)).set(mails::state.eq(MailState::Skipped)).execute(conn).await?;
                gather(conn, now, &[(person, ticket)]).await?;
            }
            (MailState::Dead, ..) => {
                diesel::update(mails::table.find(id))
                    .set((mails::state.eq(MailState::Queued), mails::attempts.eq(0)))
                    .execute(conn)
                    .await?;
                Job::SendMail { mail_id: id }.enqueue(conn, now).await?;
            }
            (MailState::Queued, ..) => {
                prepared(
                    "update jobs set run_at = $2
                     where kind = 'send_mail' and payload ->> 'mail_id' = $1 and run_at > $2 and dead_at is null
                         and leased_until is null",
                )
                .bind::<sql_types::Text, _>(id.to_string())
                .bind::<sql_types::Timestamptz, _>(now.to_diesel())
                .execute(conn)
                .await?;
            }
            (MailState::Sent | MailState::Skipped, ..) => {}
        }
        let row: Listed = listed().filter(mails::id.eq(id)).first(conn).await?;
        Ok(row.into_view())
    })
    .await
}

async fn waits(conn: &mut AsyncPgConnection, person: PersonId, ticket: TicketId) -> QueryResult<bool> {
    let waiting = mails::table
        .filter(mails::person_id.eq(person))
        .filter(mails::ticket_id.eq(ticket))
        .filter(mails::state.eq(MailState::Queued))
        .filter(mails::kind.eq(MailKind::Notification));
    diesel::select(diesel::dsl::exists(waiting)).get_result(conn).await
}
