//! What falls due of the SLA: warnings and breaches are recorded once, whoever looks first, and late rather than never.
//!
//! Invariant: when the next one is due is written with every change of a ticket, so that looking for it costs the same
//! however many tickets there are.

use db::{AsyncPgConnection, prepared, schema::tickets};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Jsonb, Nullable, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use api_types::tickets::{Stage, TicketId};

use super::{Ticket, save::With};
use crate::{
    activity::{Actor, Kind, Record},
    error::Result,
    sla::Policy,
    state::State,
    worker::Job,
};

/// So many at a time.
const DUE: i64 = 64;
const REFRESHED: i64 = 500;

/// By then every process works by new settings.
const EVERYWHERE: SignedDuration = SignedDuration::from_secs(10);

/// Records what is due. Tells how many tickets it has dealt with.
pub async fn record_due(state: &State) -> Result<usize> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let due: Vec<Ticket> = tickets::table
        .filter(tickets::sla_due_at.le(now.to_diesel()))
        .order(tickets::sla_due_at)
        .limit(DUE)
        .select(Ticket::as_select())
        .load(&mut conn)
        .await?;
    let in_force = state.settings.now();
    let mut done = 0;
    for ticket in due {
        let id = ticket.id;
        match ticket.record(&mut conn, &in_force.sla, now).await {
            Ok(()) => done += 1,
            // The others are no less due.
            Err(error) => tracing::error!(%error, ticket = %id, "what is due of a ticket could not be recorded"),
        }
    }
    if done > 0 {
        state.wake.poke();
    }
    Ok(done)
}

impl Ticket {
    /// Records what is due, one after the other. Whoever changes the ticket meanwhile leaves the rest to the next look.
    async fn record(mut self, conn: &mut AsyncPgConnection, policy: &Policy, now: Timestamp) -> Result<()> {
        let is_due = |ticket: &Self| policy.next_mark(&ticket.events(), now).filter(|mark| mark.at <= now);
        if is_due(&self).is_none() {
            // The settings are others than when it was written.
            let due = self.falls_due(policy, now);
            return refresh(conn, vec![(self, due)]).await;
        }
        while let Some(mark) = is_due(&self) {
            let kind = if mark.breach { Kind::SlaBreached } else { Kind::SlaWarned };
            let record =
                Record { sla_target: Some(mark.kind), ..Record::of_ticket(kind, Actor::NOBODY, self.id, mark.at) };
            self.sla.told(&mark);
            if self.save(conn, &With::only(&record, policy)).await?.is_none() {
                break;
            }
            self.version += 1;
        }
        Ok(())
    }

    fn falls_due(&self, policy: &Policy, now: Timestamp) -> Option<Timestamp> {
        policy.next_mark(&self.events(), now).map(|mark| mark.at)
    }
}

/// Has the moments of all open tickets found anew, on the transaction that changes the settings: at once, and again when
/// no process works by the old ones any more.
pub async fn sla_changed(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    for run_at in [now, now.saturating_add(EVERYWHERE).unwrap_or(now)] {
        Job::RefreshSla { changed_at: now, after: None }.enqueue(conn, run_at).await?;
    }
    Ok(())
}

/// The job: finds anew when the next open tickets fall due. What would have been due before the change is told to
/// nobody: a promise that is made today was not broken yesterday.
pub async fn refresh_due(state: &State, changed_at: Timestamp, after: Option<TicketId>) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let mut query = tickets::table
        .filter(tickets::stage.ne(Stage::Resolved))
        .order(tickets::id)
        .limit(REFRESHED)
        .select((Ticket::as_select(), tickets::sla_due_at))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(tickets::id.gt(after));
    }
    let rows: Vec<(Ticket, Option<jiff_diesel::Timestamp>)> = query.load(&mut conn).await?;
    let last = rows.last().map(|(ticket, _)| ticket.id).filter(|_| rows.len() == REFRESHED as usize);
    let in_force = state.settings.now();
    let mut changed = Vec::new();
    for (mut ticket, due) in rows {
        let before = ticket.sla.clone();
        let mut promised = before.clone();
        in_force.sla.promise(&mut promised, &ticket.events(), now);
        ticket.sla = promised;
        while let Some(mark) = in_force.sla.next_mark(&ticket.events(), changed_at).filter(|mark| mark.at <= changed_at)
        {
            ticket.sla.told(&mark);
        }
        let falls_due = ticket.falls_due(&in_force.sla, now);
        if falls_due != due.map(|due| due.to_jiff()) || ticket.sla != before {
            changed.push((ticket, falls_due));
        }
    }
    refresh(&mut conn, changed).await?;
    if last.is_some() {
        Job::RefreshSla { changed_at, after: last }.enqueue(&mut conn, now).await?;
        state.wake.poke();
    }
    Ok(())
}

/// Writes when tickets fall due, unless they were changed meanwhile.
async fn refresh(conn: &mut AsyncPgConnection, changed: Vec<(Ticket, Option<Timestamp>)>) -> Result<()> {
    let (mut ids, mut versions, mut ledgers, mut moments) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (ticket, due) in changed {
        ids.push(ticket.id.0);
        versions.push(ticket.version);
        ledgers.push(ticket.sla);
        moments.push(due.map(ToDiesel::to_diesel));
    }
    prepared(
        "update tickets set sla = due.sla, sla_due_at = due.at, version = tickets.version + 1
         from unnest($1, $2, $3, $4) as due (id, version, sla, at)
         where tickets.id = due.id and tickets.version = due.version",
    )
    .bind::<Array<Uuid>, _>(ids)
    .bind::<Array<Integer>, _>(versions)
    .bind::<Array<Jsonb>, _>(ledgers)
    .bind::<Array<Nullable<Timestamptz>>, _>(moments)
    .execute(conn)
    .await?;
    Ok(())
}
