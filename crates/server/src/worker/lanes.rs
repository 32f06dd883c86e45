//! The loops that work the jobs off, side by side.
//!
//! Invariant: every kind of job is in one lane, and no lane waits for another.

use std::{future::Future, time::Duration};

use db::jobs::{self, Job as Leased};
use futures_util::future::join_all;
use tokio::{sync::watch, task::JoinSet};

use super::{Job, drop_expired, react};
use crate::{
    error::{AppError, Result},
    state::State,
    tickets, webhooks,
};

/// A kind of work that does not wait for the other kinds: a slow mail server must not hold up the search.
#[derive(Clone, Copy, Debug)]
struct Lane {
    kinds: &'static [&'static str],
    /// So many jobs are leased at a time.
    batch: i32,
}

const LANES: [Lane; 6] = [
    Lane { kinds: &["react"], batch: 64 },
    Lane { kinds: &["send_mail"], batch: 8 },
    Lane { kinds: &["resume_ticket", "refresh_sla"], batch: 8 },
    // A slow model keeps nothing else waiting.
    Lane { kinds: &["embed_passages"], batch: 1 },
    // Each may take long, and nobody waits for it.
    Lane { kinds: &["erase_person", "export_person"], batch: 1 },
    Lane { kinds: &["erase_file"], batch: 8 },
];

/// A lane of its own kind: its workers wait for a model most of the time.
const ANSWERS: Lane = Lane { kinds: &["answer"], batch: 8 };

/// The shortest pause between two looks for answers.
const SOON: Duration = Duration::from_millis(10);

/// How often an idle worker looks, should nobody have woken it.
const POLL: Duration = Duration::from_secs(1);

/// How often the expired is dropped.
const SWEEP: Duration = Duration::from_secs(15 * 60);

/// How long it waits after a failure.
const SWEEP_AGAIN: Duration = Duration::from_secs(5);

/// Works until `stop` is done, finishing what it has leased.
pub async fn work(state: State, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    tokio::join!(
        join_all(LANES.map(|lane| work_lane(&state, lane, stopped.clone()))),
        work_answers(&state, stopped.clone()),
        work_sla(&state, stopped.clone()),
        webhooks::deliver(&state, stopped.clone()),
        sweep_now_and_then(&state, stopped),
        async {
            stop.await;
            stopping.send_replace(true);
        },
    );
}

async fn work_lane(state: &State, lane: Lane, mut stopped: watch::Receiver<bool>) {
    let mut woken = state.wake.all.subscribe();
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

/// The answers' lane: each is a task of its own, so that one that waits for a model keeps no other waiting, and it
/// wakes for jobs that are due soon.
async fn work_answers(state: &State, mut stopped: watch::Receiver<bool>) {
    let mut woken = state.wake.answers.subscribe();
    let mut under_way = JoinSet::new();
    while !*stopped.borrow() {
        woken.mark_unchanged();
        let pause = match begin_answers(state, &mut under_way).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(%error, "the worker could not read the queue");
                POLL
            }
        };
        tokio::select! {
            _ = stopped.changed() => {}
            _ = woken.changed() => {}
            Some(ended) = under_way.join_next() => note_end(ended),
            () = tokio::time::sleep(pause) => {}
        }
    }
    while let Some(ended) = under_way.join_next().await {
        note_end(ended);
    }
}

/// Begins what is due as far as there is room, and tells how long nothing will be.
async fn begin_answers(state: &State, under_way: &mut JoinSet<Result<()>>) -> Result<Duration> {
    let room = ANSWERS.batch - i32::try_from(under_way.len()).unwrap_or(i32::MAX);
    if room <= 0 {
        return Ok(POLL);
    }
    let mut conn = state.db().await?;
    let now = state.clock.now();
    for job in jobs::claim(&mut conn, now, ANSWERS.kinds, room).await? {
        let state = state.clone();
        under_way.spawn(async move { run_alone(&state, &job).await });
    }
    let next = jobs::next_due(&mut conn, ANSWERS.kinds).await?;
    let pause = next.map(|next| next.duration_since(now)).and_then(|pause| Duration::try_from(pause).ok());
    Ok(pause.map_or(POLL, |pause| pause.clamp(SOON, POLL)))
}

/// Records what falls due of the SLA, within a second of its moment.
async fn work_sla(state: &State, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match tickets::record_due(state).await {
            Ok(0) => {}
            // More may be due.
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the worker could not look for what is due"),
        }
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

fn note_end(ended: std::result::Result<Result<()>, tokio::task::JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the worker could not write the queue"),
        // Its lease runs out, and it is tried again until its attempts are used up.
        Err(panic) => tracing::error!(%panic, "a job panicked"),
    }
}

async fn run_alone(state: &State, job: &Leased) -> Result<()> {
    let outcome = match serde_json::from_value::<Job>(job.payload.clone()) {
        Ok(errand) => errand.run(state).await,
        Err(error) => Err(AppError::internal(error)),
    };
    settle(state, &[job], outcome).await
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

/// Runs the jobs that are due, once around, records what is due of the SLA, and tells webhooks what is due. Tells how
/// many there were.
pub async fn run_due(state: &State) -> Result<usize> {
    let mut leased = tickets::record_due(state).await?;
    for lane in LANES.into_iter().chain([ANSWERS]) {
        leased += run_lane(state, lane).await?;
    }
    leased += webhooks::deliver_due(state).await?;
    Ok(leased)
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
                    let outcome = errand.run(&state).await;
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
            jobs::finish(&mut conn, jobs).await?;
        }
        Err(error) => {
            for job in jobs {
                tracing::warn!(job = job.id, attempt = job.attempts, %error, "a job failed");
                jobs::fail(&mut conn, state.clock.now(), job, &error.to_string()).await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_job_is_in_one_lane() {
        let refused = serde_json::from_str::<Job>(r#"{"kind":""}"#).unwrap_err().to_string();
        let mut kinds: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
        let mut lanes: Vec<&str> = LANES.iter().chain([&ANSWERS]).flat_map(|lane| lane.kinds).copied().collect();
        kinds.sort_unstable();
        lanes.sort_unstable();
        assert!(kinds.contains(&"react"), "{refused}");
        assert_eq!(kinds, lanes);
    }
}
