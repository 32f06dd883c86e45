//! THE table of jobs and reactions, and the loop that works them off.
//!
//! Invariant: every job may run twice. A job holds identifiers only and reads the rest again; what is gone
//! is skipped.

use std::{future::Future, time::Duration};

use api_types::tickets::TicketId;
use db::{
    AsyncPgConnection,
    jobs::{self, Job as Leased},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{
    attachments,
    auth::{
        links::{self, Purpose},
        sessions, throttle,
    },
    error::{AppError, Result},
    state::State,
    tickets,
};

/// A job. One line per kind, here and in [`Job::run`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Tells the rest of the house of a change.
    React { activity_id: i64 },
    /// Mails a link.
    MailLink { purpose: Purpose, email: String, registration_id: Option<Uuid> },
    /// Takes a parked ticket back to work when its date has come.
    ResumeTicket { ticket_id: TicketId },
    /// Removes a file from the store.
    EraseFile { storage_key: Uuid, tries: u32 },
}

impl Job {
    /// Puts the job into the queue, on the caller's transaction. Answers its number.
    pub async fn enqueue(&self, conn: &mut AsyncPgConnection, run_at: Timestamp) -> Result<i64> {
        let kind = match self {
            Self::React { .. } => "react",
            Self::MailLink { .. } => "mail_link",
            Self::ResumeTicket { .. } => "resume_ticket",
            Self::EraseFile { .. } => "erase_file",
        };
        let payload = serde_json::to_value(self).map_err(AppError::internal)?;
        Ok(jobs::enqueue(conn, kind, payload, run_at).await?)
    }

    async fn run(&self, state: &State, job_id: i64) -> Result<()> {
        match self {
            Self::React { activity_id } => react(state.clone(), vec![*activity_id]).await,
            Self::MailLink { purpose, email, registration_id } => {
                links::mail(state, job_id, *purpose, email, *registration_id).await
            }
            Self::ResumeTicket { ticket_id } => tickets::resume(state, *ticket_id).await,
            Self::EraseFile { storage_key, tries } => attachments::erase(state, *storage_key, *tries).await,
        }
    }
}

/// The reactions to changes. One line per room that wants to know.
async fn react(state: State, activities: Vec<i64>) -> Result<()> {
    let mut conn = state.db().await?;
    tickets::search::fold(&mut conn, &activities).await
}

/// A kind of work that does not wait for the other kinds: a slow mail server must not hold up the search.
#[derive(Clone, Copy, Debug)]
struct Lane {
    kinds: &'static [&'static str],
    /// So many jobs are leased at a time.
    batch: i32,
}

const CHANGES: Lane = Lane { kinds: &["react"], batch: 64 };
const ERRANDS: Lane = Lane { kinds: &["mail_link", "resume_ticket"], batch: 8 };
const ERASURES: Lane = Lane { kinds: &["erase_file"], batch: 8 };

/// How often an idle worker looks, should nobody have woken it.
const POLL: Duration = Duration::from_secs(1);

/// How often the expired is dropped.
const SWEEP: Duration = Duration::from_secs(15 * 60);

/// How long it waits after a failure.
const SWEEP_AGAIN: Duration = Duration::from_secs(5);

/// Tells the worker of this process that there may be work. Workers of other processes find it by polling.
#[derive(Clone)]
pub struct Wake(watch::Sender<()>);

impl Default for Wake {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Wake {
    pub fn poke(&self) {
        self.0.send_replace(());
    }
}

/// Works until `stop` is done, finishing what it has leased.
pub async fn work(state: State, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    tokio::join!(
        work_lane(&state, CHANGES, stopped.clone()),
        work_lane(&state, ERRANDS, stopped.clone()),
        work_lane(&state, ERASURES, stopped.clone()),
        sweep_now_and_then(&state, stopped),
        async {
            stop.await;
            stopping.send_replace(true);
        },
    );
}

async fn work_lane(state: &State, lane: Lane, mut stopped: watch::Receiver<bool>) {
    let mut woken = state.wake.0.subscribe();
    while !*stopped.borrow() {
        match run_lane(state, lane).await {
            Ok(0) => {}
            // More may be due.
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the worker could not read the queue"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            _ = woken.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn sweep_now_and_then(state: &State, mut stopped: watch::Receiver<bool>) {
    let mut due = tokio::time::interval(SWEEP);
    while !*stopped.borrow() {
        tokio::select! {
            _ = stopped.changed() => {}
            _ = due.tick() => {
                if let Err(error) = drop_expired(state).await {
                    tracing::error!(%error, "sweeping failed");
                    due.reset_after(SWEEP_AGAIN);
                }
            }
        }
    }
}

/// Runs the jobs that are due, once around. Tells how many it leased.
pub async fn run_due(state: &State) -> Result<usize> {
    Ok(run_lane(state, CHANGES).await? + run_lane(state, ERRANDS).await? + run_lane(state, ERASURES).await?)
}

async fn run_lane(state: &State, lane: Lane) -> Result<usize> {
    let leased = jobs::claim(&mut *state.db().await?, state.clock.now(), lane.kinds, lane.batch).await?;
    let mut changes = Vec::new();
    let mut errands = JoinSet::new();
    for job in &leased {
        match serde_json::from_value::<Job>(job.payload.clone()) {
            Ok(Job::React { activity_id }) => changes.push((job, activity_id)),
            Ok(errand) => {
                let (state, job) = (state.clone(), job.clone());
                errands.spawn(async move {
                    let outcome = errand.run(&state, job.id).await;
                    settle(&state, &[&job], outcome).await
                });
            }
            Err(error) => settle(state, &[job], Err(AppError::internal(error))).await?,
        }
    }
    tell(state, changes).await?;
    while let Some(ended) = errands.join_next().await {
        match ended {
            Ok(settled) => settled?,
            // Its lease runs out, and it is tried again until its attempts are used up.
            Err(panic) => tracing::error!(%panic, "a job panicked"),
        }
    }
    Ok(leased.len())
}

/// Tells the reactions of many changes at once, because many of them are of one ticket.
async fn tell(state: &State, changes: Vec<(&Leased, i64)>) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let (jobs, activities): (Vec<&Leased>, Vec<i64>) = changes.into_iter().unzip();
    if survive(react, state, activities.clone()).await.is_ok() {
        return settle(state, &jobs, Ok(())).await;
    }
    // One of them spoils the batch: each alone, so that the others do not fail with it.
    for (job, activity_id) in jobs.into_iter().zip(activities) {
        let outcome = survive(react, state, vec![activity_id]).await;
        settle(state, &[job], outcome).await?;
    }
    Ok(())
}

/// A reaction that panics fails; the worker goes on.
async fn survive<F>(reaction: impl FnOnce(State, Vec<i64>) -> F, state: &State, activities: Vec<i64>) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    tokio::spawn(reaction(state.clone(), activities)).await.map_err(AppError::internal)?
}

async fn settle(state: &State, jobs: &[&Leased], outcome: Result<()>) -> Result<()> {
    let mut conn = state.db().await?;
    match outcome {
        Ok(()) => {
            db::jobs::finish(&mut conn, jobs).await?;
        }
        Err(error) => {
            for job in jobs {
                tracing::warn!(job = job.id, attempt = job.attempts, %error, "a job failed");
                db::jobs::fail(&mut conn, state.clock.now(), job, &error.to_string()).await?;
            }
        }
    }
    Ok(())
}

/// One that fails keeps none of the others from sweeping.
async fn drop_expired(state: &State) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let swept = [
        links::sweep(&mut conn, now).await,
        sessions::sweep(&mut conn, now).await,
        throttle::sweep(&mut conn, now).await,
        attachments::sweep(&mut conn, now).await,
        state.files.clear_abandoned().await,
        jobs::bury(&mut conn, now).await.map_err(AppError::from),
    ];
    swept.into_iter().collect()
}
