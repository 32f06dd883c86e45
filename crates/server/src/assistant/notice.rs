//! Noticing what was said: the reaction that asks for an answer, and the job's place in the queue.
//!
//! Invariant: a ticket has at most one job. A comment that comes while it waits moves it; one that comes while it runs
//! takes it from its worker, whose answer is then overtaken.

use api_types::{assistant::AssistantMode, tickets::TicketId};
use db::{AsyncPgConnection, prepared};
use diesel::sql_types::{Array, BigInt, Double, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use super::turn::Overtaken;
use crate::{error::Result, state::State};

/// Reacts to changes: what a creator says asks for an answer once they have been quiet for a moment, and whatever
/// people say overtakes a draft. Tells the worker if there is something to do. It may run twice.
pub async fn notice(state: &State, conn: &mut AsyncPgConnection, activities: &[i64]) -> Result<()> {
    let settings = state.assistant();
    let asked = prepared(
        "with said as (
             select c.ticket_id, max(a.at) as at,
                 bool_or(c.author_id = t.creator_id and t.stage <> 'resolved' and t.assistant_muted_by is null
                     and coalesce(t.assistant_mode, $2) <> $3) as asks
             from activity a
             join comments c on c.id = a.comment_id
             join tickets t on t.id = c.ticket_id
             where a.id = any($1) and not c.internal and c.author_id is not null
             group by c.ticket_id
         ), overtaken as (
             update answers set state = 'discarded', body_markdown = null, sources = null, reason = $5
             from said
             where answers.ticket_id = said.ticket_id and answers.state = 'drafted' and answers.question_id <> (
                 select c.id from comments c where c.ticket_id = said.ticket_id and not c.internal
                 order by c.created_at desc, c.id desc limit 1
             )
         )
         insert into jobs (kind, payload, run_at, answers_ticket_id)
         select 'answer', jsonb_build_object('kind', 'answer', 'ticket_id', ticket_id), at + make_interval(secs => $4), ticket_id
         from said where asks order by ticket_id
         on conflict (answers_ticket_id) where answers_ticket_id is not null do update
             set run_at = excluded.run_at, leased_until = null, fence = jobs.fence + 1, attempts = 0, dead_at = null
             where jobs.run_at < excluded.run_at",
    )
    .bind::<Array<BigInt>, _>(activities)
    .bind::<Text, _>(settings.mode)
    .bind::<Text, _>(AssistantMode::Off)
    .bind::<Double, _>(settings.limits.quiet.as_secs_f64())
    .bind::<Text, _>(Overtaken::ByThread.reason())
    .execute(conn)
    .await?;
    if asked > 0 {
        state.wake.poke_answers();
    }
    Ok(())
}

/// Asks for the answer of a ticket once more, on the transaction that found its articles changed.
pub async fn ask_again(conn: &mut AsyncPgConnection, now: Timestamp, ticket: TicketId) -> Result<()> {
    prepared(
        "insert into jobs (kind, payload, run_at, answers_ticket_id)
         values ('answer', jsonb_build_object('kind', 'answer', 'ticket_id', $1::uuid), $2, $1::uuid)
         on conflict (answers_ticket_id) where answers_ticket_id is not null do update
             set run_at = excluded.run_at, leased_until = null, fence = jobs.fence + 1, attempts = 0, dead_at = null",
    )
    .bind::<Uuid, _>(ticket.0)
    .bind::<Timestamptz, _>(now.to_diesel())
    .execute(conn)
    .await?;
    Ok(())
}
