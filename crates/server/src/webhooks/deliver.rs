//! Delivering: what is due is leased, told and settled, many at a time.
//!
//! Invariant: a webhook has its own share of what is under way, so that one that keeps its visitors waiting keeps no
//! other webhook's. Whoever is told twice is told under the same id.

use std::{collections::HashMap, time::Duration};

use api_types::webhooks::{DeliveryId, DeliveryOutcome, DeliveryState, DisabledBecause, WebhookId};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;
use reqwest::StatusCode;
use tokio::{
    sync::watch,
    task::{Id as TaskId, JoinError, JoinSet},
};
use uuid::Uuid;

use super::{schedule, webhook};
use crate::{
    error::{AppError, Result},
    outside::webhook::Message,
    state::State,
};

/// So many attempts are under way to one webhook, of one process.
const AT_ONCE: i64 = 16;

/// An attempt that takes longer is taken for lost.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How often an idle worker looks, should nobody have woken it.
const POLL: Duration = Duration::from_secs(1);

/// A delivery that is to be tried.
#[derive(Clone, QueryableByName)]
struct Leased {
    #[diesel(sql_type = SqlUuid)]
    id: DeliveryId,
    #[diesel(sql_type = SqlUuid)]
    webhook_id: WebhookId,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Integer)]
    secret_number: i32,
    /// The secret before it signs as well.
    #[diesel(sql_type = Bool)]
    twice: bool,
    #[diesel(sql_type = Text)]
    payload: String,
    /// This one included.
    #[diesel(sql_type = Integer)]
    attempts: i32,
    /// Of the schedule, this one included.
    #[diesel(sql_type = Integer)]
    step: i32,
}

/// What came of it.
struct Attempt {
    delivery: Leased,
    answer: Result<StatusCode, DeliveryOutcome>,
}

/// What is under way.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<Attempt>>,
    whose: HashMap<TaskId, WebhookId>,
}

/// Delivers until it is stopped, and finishes what is under way.
pub async fn deliver(state: &State, mut stopped: watch::Receiver<bool>) {
    let mut woken = state.wake.webhooks();
    let mut under_way = UnderWay::default();
    while !*stopped.borrow() {
        woken.mark_unchanged();
        if let Err(error) = under_way.begin(state).await {
            tracing::error!(%error, "the worker could not read what webhooks are to be told");
        }
        let ended = tokio::select! {
            _ = stopped.changed() => None,
            _ = woken.changed() => None,
            ended = under_way.tasks.join_next_with_id(), if !under_way.tasks.is_empty() => ended,
            () = tokio::time::sleep(POLL) => None,
        };
        under_way.settle_logged(state, ended).await;
    }
    while let Some(ended) = under_way.tasks.join_next_with_id().await {
        under_way.settle_logged(state, Some(ended)).await;
    }
}

/// Delivers what is due, once around. Tells how many there were.
pub async fn deliver_due(state: &State) -> Result<usize> {
    let mut under_way = UnderWay::default();
    let begun = under_way.begin(state).await?;
    while let Some(ended) = under_way.tasks.join_next_with_id().await {
        under_way.settle(state, ended).await?;
    }
    Ok(begun)
}

type Ended = std::result::Result<(TaskId, Result<Attempt>), JoinError>;

impl UnderWay {
    /// Begins what is due, as far as each webhook's share goes. Tells how many there were.
    async fn begin(&mut self, state: &State) -> Result<usize> {
        let mut busy: HashMap<Uuid, i64> = HashMap::new();
        for webhook in self.whose.values() {
            *busy.entry(webhook.0).or_default() += 1;
        }
        let leased = lease(&mut *state.db().await?, state.clock.now(), busy).await?;
        let count = leased.len();
        for delivery in leased {
            let (state, webhook) = (state.clone(), delivery.webhook_id);
            let task = self.tasks.spawn(async move { attempt(&state, delivery).await });
            self.whose.insert(task.id(), webhook);
        }
        Ok(count)
    }

    async fn settle_logged(&mut self, state: &State, ended: Option<Ended>) {
        if let Some(ended) = ended
            && let Err(error) = self.settle(state, ended).await
        {
            // The lease runs out, and it is told again.
            tracing::error!(%error, "the worker could not write what came of a webhook");
        }
    }

    /// Writes what came of this attempt, and of all others that have ended.
    async fn settle(&mut self, state: &State, first: Ended) -> Result<()> {
        let mut attempts = Vec::new();
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok((task, attempt)) => {
                    self.whose.remove(&task);
                    match attempt {
                        Ok(attempt) => attempts.push(attempt),
                        Err(error) => tracing::error!(%error, "a webhook could not be told"),
                    }
                }
                Err(panic) => {
                    self.whose.remove(&panic.id());
                    tracing::error!(%panic, "a delivery panicked");
                }
            }
            next = self.tasks.try_join_next_with_id();
        }
        settle(state, attempts).await
    }
}

/// Leases what is due: of each webhook as much as it has room for beside what is under way.
async fn lease(conn: &mut AsyncPgConnection, now: Timestamp, busy: HashMap<Uuid, i64>) -> QueryResult<Vec<Leased>> {
    let (webhooks, counts): (Vec<Uuid>, Vec<i64>) = busy.into_iter().unzip();
    prepared(
        "with due as (
             select d.id
             from webhooks w
             left join unnest($3::uuid[], $4::bigint[]) as busy (webhook_id, attempts) on busy.webhook_id = w.id
             cross join lateral (
                 select id from webhook_deliveries
                 where webhook_id = w.id and state = 'waiting' and next_at <= $1
                 order by next_at, id
                 limit greatest($5 - coalesce(busy.attempts, 0), 0)
                 for update skip locked
             ) d
             where w.disabled_at is null
         )
         update webhook_deliveries d
         set attempts = attempts + 1, step = step + 1, next_at = $2, attempted_at = $1, outcome = null
         from webhooks w
         where d.id = any(array(select id from due)) and w.id = d.webhook_id
         returning d.id, d.webhook_id, w.url, w.secret_number, coalesce(w.former_secret_until > $1, false) as twice,
             d.payload, d.attempts, d.step",
    )
    .bind::<Timestamptz, _>(now.to_diesel())
    .bind::<Timestamptz, _>(now.saturating_add(LEASE).unwrap_or(now).to_diesel())
    .bind::<Array<SqlUuid>, _>(webhooks)
    .bind::<Array<BigInt>, _>(counts)
    .bind::<BigInt, _>(AT_ONCE)
    .load(conn)
    .await
}

async fn attempt(state: &State, delivery: Leased) -> Result<Attempt> {
    let (id, timestamp) = (delivery.id.to_string(), state.clock.now().as_second());
    let by = (delivery.webhook_id, delivery.secret_number, delivery.twice);
    let signature = state.webhook_secrets.sign(by, &id, timestamp, &delivery.payload)?;
    let message = Message { id, timestamp, signature, body: delivery.payload.clone() };
    let answer = state.courier.send(&delivery.url, message).await;
    Ok(Attempt { delivery, answer })
}

impl Attempt {
    fn outcome(&self) -> DeliveryOutcome {
        match &self.answer {
            Ok(status) if status.is_success() => DeliveryOutcome::Taken,
            Ok(status) if status.is_redirection() => DeliveryOutcome::Redirected,
            Ok(status) if status.is_client_error() => DeliveryOutcome::Refused,
            Ok(status) if status.is_server_error() => DeliveryOutcome::Broken,
            Ok(_) => DeliveryOutcome::NoAnswer,
            Err(failure) => *failure,
        }
    }

    fn is_gone(&self) -> bool {
        self.answer == Ok(StatusCode::GONE)
    }
}

/// Writes what came of attempts, in one statement unless a webhook is to be switched off.
async fn settle(state: &State, attempts: Vec<Attempt>) -> Result<()> {
    let now = state.clock.now();
    let (mut ids, mut numbers, mut states) = (Vec::new(), Vec::new(), Vec::new());
    let (mut outcomes, mut nexts, mut off) = (Vec::new(), Vec::new(), Vec::new());
    for attempt in &attempts {
        let (outcome, delivery) = (attempt.outcome(), &attempt.delivery);
        let taken = outcome == DeliveryOutcome::Taken;
        let again = !taken && !attempt.is_gone();
        let next = again.then(|| schedule::next(now, delivery.step, rand::rng().random())).flatten();
        let after = match next {
            Some(_) => DeliveryState::Waiting,
            None if taken => DeliveryState::Delivered,
            None => DeliveryState::Failed,
        };
        if after == DeliveryState::Failed {
            let because = if attempt.is_gone() { DisabledBecause::Gone } else { DisabledBecause::Failing };
            off.push((delivery.webhook_id, delivery.url.as_str(), because));
        }
        ids.push(delivery.id.0);
        numbers.push(delivery.attempts);
        states.push(after.as_str());
        outcomes.push(outcome.as_str());
        nexts.push(next.map(|next| next.to_diesel()));
    }
    if ids.is_empty() {
        return Ok(());
    }
    let write = prepared(
        "with settled as (
             update webhook_deliveries d set state = s.state, outcome = s.outcome, next_at = s.next_at
             from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[])
                 as s (id, attempts, state, outcome, next_at)
             where d.id = s.id and d.attempts = s.attempts and d.state = 'waiting'
             returning d.webhook_id, d.state
         ), told as (
             select webhook_id, bool_or(state = 'delivered') as taken from settled group by webhook_id
         )
         update webhooks w set failing_since = case when told.taken then null else $6::timestamptz end
         from told where w.id = told.webhook_id and told.taken = (w.failing_since is not null)",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Integer>, _>(numbers)
    .bind::<Array<Text>, _>(states)
    .bind::<Array<Text>, _>(outcomes)
    .bind::<Array<Nullable<Timestamptz>>, _>(nexts)
    .bind::<Timestamptz, _>(now.to_diesel());
    let mut conn = state.db().await?;
    if off.is_empty() {
        write.execute(&mut *conn).await?;
        return Ok(());
    }
    conn.transaction(async |conn| {
        write.execute(conn).await?;
        for (webhook, url, because) in off {
            webhook::give_up(conn, now, webhook, url, because).await?;
        }
        Ok::<_, AppError>(())
    })
    .await?;
    state.wake.poke();
    Ok(())
}
