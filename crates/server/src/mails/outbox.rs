//! The row of a mail, and how far it is.
//!
//! Invariant: a mail that waits has a job that sends it; what people were to be told of is in a mail that waits, in
//! one that was settled, or was read.

use api_types::{
    mails::{MailId, MailKind, MailState},
    people::PersonId,
    tickets::TicketId,
};
use db::{
    AsyncPgConnection, prepared,
    schema::{mails, notifications},
};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;
use uuid::Uuid;

use crate::{error::Result, worker::Job};

/// What comes within this time goes into the same mail.
const GATHERING: SignedDuration = SignedDuration::from_secs(20);

/// How long an admin can look up what was sent.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);

/// After so many attempts, which take about a day, a mail is given up.
const MOST_ATTEMPTS: i32 = 24;

/// Whom a mail goes to, and whose the links in it are.
#[derive(Clone, Copy, Debug)]
pub enum To {
    Person(PersonId),
    /// An address that nobody has confirmed yet.
    Registration(Uuid),
    /// The same, of somebody who opened a ticket.
    Visitor(Uuid),
}

impl To {
    pub fn columns(self) -> (Option<PersonId>, Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Person(id) => (Some(id), None, None),
            Self::Registration(id) => (None, Some(id), None),
            Self::Visitor(id) => (None, None, Some(id)),
        }
    }

    pub fn from_columns(person: Option<PersonId>, registration: Option<Uuid>, visitor: Option<Uuid>) -> Option<Self> {
        person.map(Self::Person).or(registration.map(Self::Registration)).or(visitor.map(Self::Visitor))
    }
}

/// A mail that is being sent.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mails, check_for_backend(diesel::pg::Pg))]
pub struct MailRow {
    pub id: MailId,
    pub kind: MailKind,
    pub person_id: Option<PersonId>,
    pub registration_id: Option<Uuid>,
    pub pending_ticket_id: Option<Uuid>,
    pub ticket_id: Option<TicketId>,
    /// This one included.
    pub attempts: i32,
}

/// Puts a mail into the outbox, on the caller's transaction.
pub async fn queue(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    kind: MailKind,
    to: To,
    ticket: Option<TicketId>,
) -> Result<()> {
    let id = MailId::new();
    let (person, registration, visitor) = to.columns();
    diesel::insert_into(mails::table)
        .values((
            mails::id.eq(id),
            mails::kind.eq(kind),
            mails::state.eq(MailState::Queued),
            mails::person_id.eq(person),
            mails::registration_id.eq(registration),
            mails::pending_ticket_id.eq(visitor),
            mails::ticket_id.eq(ticket),
            mails::created_at.eq(now.to_diesel()),
        ))
        .execute(conn)
        .await?;
    Job::SendMail { mail_id: id }.enqueue(conn, now).await?;
    Ok(())
}

/// Tells the creators of tickets that they were opened. The mail's id is the ticket's, so that there is one.
/// Tells how many there are to send.
pub async fn confirm_opened(conn: &mut AsyncPgConnection, now: Timestamp, activities: &[i64]) -> Result<usize> {
    let queued = prepared(
        "with opened as (
             insert into mails (id, kind, state, person_id, ticket_id, created_at)
             select t.id, 'ticket_opened', 'queued', p.id, t.id, $2
             from activity a
             join tickets t on t.id = a.ticket_id
             join people p on p.id = t.creator_id
             where a.id = any($1) and a.kind = 'ticket.created' and p.disabled_at is null
             order by t.id
             on conflict (id) do nothing
             returning id
         )
         insert into jobs (kind, payload, run_at)
         select 'send_mail', jsonb_build_object('kind', 'send_mail', 'mail_id', id), $2 from opened",
    )
    .bind::<Array<BigInt>, _>(activities)
    .bind::<Timestamptz, _>(now.to_diesel())
    .execute(conn)
    .await?;
    Ok(queued)
}

/// Sees to it that a mail waits for each person and ticket, into which goes whatever is to be told meanwhile. The
/// pairs are distinct and sorted.
///
/// One that waits already is locked, not passed by: who sends it then either sees what this transaction wrote, or
/// has settled it before, and another one is made.
pub async fn gather(conn: &mut AsyncPgConnection, now: Timestamp, whom: &[(PersonId, TicketId)]) -> Result<()> {
    let ids: Vec<Uuid> = whom.iter().map(|_| Uuid::now_v7()).collect();
    let (people, tickets): (Vec<Uuid>, Vec<Uuid>) = whom.iter().map(|(person, ticket)| (person.0, ticket.0)).unzip();
    prepared(
        "with waiting as (
             insert into mails (id, kind, state, person_id, ticket_id, created_at)
             select id, 'notification', 'queued', person_id, ticket_id, $4
             from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as w (id, person_id, ticket_id, place) order by place
             on conflict (person_id, ticket_id) where state = 'queued' and kind = 'notification'
                 do update set kind = excluded.kind
             returning id, xmax = 0 as is_new
         )
         insert into jobs (kind, payload, run_at)
         select 'send_mail', jsonb_build_object('kind', 'send_mail', 'mail_id', id), $5 from waiting where is_new",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<SqlUuid>, _>(people)
    .bind::<Array<SqlUuid>, _>(tickets)
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(now.saturating_add(GATHERING).unwrap_or(now).to_diesel())
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins an attempt. What the mail tells is settled by the first: a repeated mail must say the same, because the
/// mail program of its reader may show only one of the two. Nothing when it is gone or settled.
pub async fn begin(conn: &mut AsyncPgConnection, id: MailId) -> Result<Option<MailRow>> {
    conn.transaction(async |conn| {
        let row = diesel::update(mails::table.filter(mails::id.eq(id)).filter(mails::state.eq(MailState::Queued)))
            .set(mails::attempts.eq(mails::attempts + 1))
            .returning(MailRow::as_returning())
            .get_result(conn)
            .await
            .optional()?;
        if let Some(row) = row.as_ref().filter(|row| row.kind == MailKind::Notification && row.attempts == 1) {
            diesel::update(untold(row)).set(notifications::mail_id.eq(row.id)).execute(conn).await?;
        }
        Ok(row)
    })
    .await
}

/// Locks the mails of a ticket that is about to be erased. Whoever sends one locks it first and its notifications then;
/// the erasure, which takes both along, does the same, or each would wait for the other.
pub async fn hold_of_ticket(conn: &mut AsyncPgConnection, ticket: TicketId) -> QueryResult<()> {
    let theirs = mails::table.filter(mails::ticket_id.eq(ticket)).order(mails::id);
    theirs.select(mails::id).for_update().execute(conn).await?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn untold(row: &MailRow) -> _ {
    let (person, ticket): (Option<PersonId>, Option<TicketId>) = (row.person_id, row.ticket_id);
    notifications::table
        .filter(notifications::person_id.nullable().eq(person))
        .filter(notifications::ticket_id.nullable().eq(ticket))
        .filter(notifications::to_mail)
        .filter(notifications::mail_id.is_null())
}

/// Ends a mail's way: it was taken, had nothing to say, or was refused for good.
pub async fn settle(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    row: &MailRow,
    state: MailState,
    why: Option<&str>,
) -> Result<()> {
    conn.transaction(async |conn| {
        let sent_at = (state == MailState::Sent).then(|| now.to_diesel());
        diesel::update(mails::table.filter(mails::id.eq(row.id)).filter(mails::state.eq(MailState::Queued)))
            .set((mails::state.eq(state), mails::sent_at.eq(sent_at), mails::last_error.eq(why)))
            .execute(conn)
            .await?;
        // What came after the first attempt.
        let more = diesel::select(diesel::dsl::exists(untold(row).filter(notifications::read_at.is_null())));
        if let (Some(person), Some(ticket), MailKind::Notification) = (row.person_id, row.ticket_id, row.kind)
            && more.get_result(conn).await?
        {
            gather(conn, now, &[(person, ticket)]).await?;
        }
        Ok(())
    })
    .await
}

/// Puts a mail off that was refused for now, or gives it up after its last attempt.
pub async fn put_off(conn: &mut AsyncPgConnection, now: Timestamp, row: &MailRow, why: &str) -> Result<()> {
    if row.attempts >= MOST_ATTEMPTS {
        return settle(conn, now, row, MailState::Dead, Some(why)).await;
    }
    conn.transaction(async |conn| {
        diesel::update(mails::table.find(row.id)).set(mails::last_error.eq(why)).execute(conn).await?;
        let run_at = now.saturating_add(backoff(row.attempts, rand::rng().random())).unwrap_or(now);
        Job::SendMail { mail_id: row.id }.enqueue(conn, run_at).await?;
        Ok(())
    })
    .await
}

/// 15 seconds, doubled by each attempt up to two hours; `chance` in 0..1 takes up to half of it away.
fn backoff(attempts: i32, chance: f64) -> SignedDuration {
    let doublings = attempts.clamp(1, 10).unsigned_abs() - 1;
    let longest = (15_u64 << doublings).min(2 * 60 * 60);
    SignedDuration::from_millis((longest as f64 * 1000.0 * (1.0 - chance / 2.0)) as i64)
}

/// The mails to an address that was not confirmed are now to its person, about the ticket that came of it.
pub async fn hand_over(
    conn: &mut AsyncPgConnection,
    from: To,
    person: PersonId,
    ticket: Option<TicketId>,
) -> QueryResult<()> {
    let (_, registration, visitor) = from.columns();
    diesel::update(mails::table)
        .filter(mails::registration_id.eq(registration).or(mails::pending_ticket_id.eq(visitor)))
        .set((
            mails::person_id.eq(person),
            mails::registration_id.eq(None::<Uuid>),
            mails::pending_ticket_id.eq(None::<Uuid>),
            mails::ticket_id.eq(ticket),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives up the mails whose jobs were given up: each attempt took its worker down.
pub async fn bury(conn: &mut AsyncPgConnection) -> Result<()> {
    prepared(
        "update mails set state = 'dead', last_error = 'no worker lived to say why'
         from jobs
         where jobs.dead_at is not null and jobs.kind = 'send_mail' and mails.state = 'queued'
             and mails.id = (jobs.payload ->> 'mail_id')::uuid",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what was sent, or had nothing to say, long ago. What was given up stays, and what told of a notification
/// that is still there, which would be told again.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let long_ago = now.saturating_sub(KEPT).unwrap_or(now);
    let sweep = prepared(
        "delete from mails where id in (
             (select id from mails where state = 'sent' and created_at < $1 limit 5000)
             union all (select id from mails where state = 'skipped' and created_at < $1 limit 5000))
         and not exists (select from notifications n where n.mail_id = mails.id)",
    );
    sweep.bind::<Timestamptz, _>(long_ago.to_diesel()).execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_about_a_day() {
        let hours = |chance: f64| {
            let seconds: i64 = (1..MOST_ATTEMPTS).map(|attempt| backoff(attempt, chance).as_secs()).sum();
            seconds / 3600
        };
        assert_eq!((hours(0.0), hours(1.0)), (30, 15));
        assert_eq!(backoff(1, 0.0).as_secs(), 15);
        assert_eq!(backoff(23, 0.0).as_secs(), 7200);
    }
}
