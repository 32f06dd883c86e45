//! THE table of jobs and reactions, and the loop that works them off.
//!
//! Invariant: every job may run twice. A job holds identifiers only and reads the rest again; what is gone
//! is skipped.

use std::{future::Future, sync::Arc, time::Duration};

use api_types::tickets::TicketId;
use db::{
    AsyncPgConnection,
    jobs::{self, Job as Leased},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
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
}

impl Job {
    /// Puts the job into the queue, on the caller's transaction.
    pub async fn enqueue(&self, conn: &mut AsyncPgConnection, run_at: Timestamp) -> Result<()> {
        let kind = match self {
            Self::React { .. } => "react",
            Self::MailLink { .. } => "mail_link",
            Self::ResumeTicket { .. } => "resume_ticket",
        };
        let payload = serde_json::to_value(self).map_err(AppError::internal)?;
        Ok(jobs::enqueue(conn, kind, payload, run_at).await?)
    }

    async fn run(&self, state: &State, job_id: i64) -> Result<()> {
        match self {
            Self::React { activity_id } => react(state, &[*activity_id]).await,
            Self::MailLink { purpose, email, registration_id } => {
                links::mail(state, job_id, *purpose, email, *registration_id).await
            }
            Self::ResumeTicket { ticket_id } => tickets::resume(state, *ticket_id).await,
        }
    }
}

/// The reactions to changes. One line per room that wants to know.
async fn react(state: &State, activities: &[i64]) -> Result<()> {
    let mut conn = state.db().await?;
    tickets::search::fold(&mut conn, activities).await
}

/// So many jobs are leased at a time.
const BATCH: i32 = 64;

/// How often an idle worker looks, should nobody have woken it.
const POLL: Duration = Duration::from_secs(1);

/// How often the expired is dropped.
const SWEEP: Duration = Duration::from_secs(15 * 60);

/// Tells the worker of this process that there may be work. Workers of other processes find it by polling.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn poke(&self) {
        self.0.notify_one();
    }
}

/// Works until `stop` is done, finishing what it has leased.
pub async fn work(state: State, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        match run_due(&state).await {
            Ok(0) => {}
            // More may be due.
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the worker could not read the queue"),
        }
        tokio::select! {
            () = &mut stop => return,
            () = state.wake.0.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            _ = sweep.tick() => {
                if let Err(error) = drop_expired(&state).await {
                    tracing::error!(%error, "sweeping failed");
                }
            }
        }
    }
}

/// Runs the jobs that are due, once around. Tells how many it leased.
pub async fn run_due(state: &State) -> Result<usize> {
    let leased = jobs::claim(&mut *state.db().await?, state.clock.now(), BATCH).await?;
    let mut changes = Vec::new();
    for job in &leased {
        match serde_json::from_value::<Job>(job.payload.clone()) {
            // Changes are told together: many of them are of one ticket.
            Ok(Job::React { activity_id }) => changes.push((job, activity_id)),
            Ok(known) => {
                let outcome = known.run(state, job.id).await;
                settle(state, &[job], outcome).await?;
            }
            Err(error) => settle(state, &[job], Err(AppError::internal(error))).await?,
        }
    }
    if !changes.is_empty() {
        let (jobs, activities): (Vec<&Leased>, Vec<i64>) = changes.into_iter().unzip();
        match react(state, &activities).await {
            Ok(()) => settle(state, &jobs, Ok(())).await?,
            // One of them spoils the batch: each alone, so that the others do not fail with it.
            Err(_) => {
                for (job, activity_id) in jobs.into_iter().zip(activities) {
                    let outcome = react(state, &[activity_id]).await;
                    settle(state, &[job], outcome).await?;
                }
            }
        }
    }
    Ok(leased.len())
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

async fn drop_expired(state: &State) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    links::sweep(&mut conn, now).await?;
    sessions::sweep(&mut conn, now).await?;
    throttle::sweep(&mut conn, now).await
}
