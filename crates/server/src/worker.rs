//! THE table of jobs and reactions, and the loop that works them off.
//!
//! Invariant: every job may run twice. A job holds identifiers only and reads the rest again; what is gone
//! is skipped.

use std::{future::Future, time::Duration};

use api_types::{mails::MailId, people::PersonId, tickets::TicketId};
use db::{
    AsyncPgConnection,
    jobs::{self, Job as Leased},
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{
    articles, assistant, attachments,
    auth::{links, sessions, throttle},
    captcha,
    error::{AppError, Result},
    exports, live, mails, notifications, once, panel, people, settings,
    state::State,
    tickets, webhooks,
};

/// A job. One line per kind, here and in [`Job::run`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Tells the rest of the house of a change.
    React { activity_id: i64 },
    /// Sends a mail of the outbox.
    SendMail { mail_id: MailId },
    /// Takes a parked ticket back to work when its date has come.
    ResumeTicket { ticket_id: TicketId },
    /// Finds anew when open tickets fall due, after the SLA's settings have changed.
    RefreshSla { changed_at: Timestamp, after: Option<TicketId> },
    /// Answers a ticket in the assistant's name.
    Answer { ticket_id: TicketId },
    /// Embeds the passages of articles that have no vector yet.
    EmbedPassages {},
    /// Makes a file of somebody's data.
    ExportPerson {
        export_id: Uuid,
        #[serde(default)]
        tries: u32,
    },
    /// Erases what is left of somebody.
    ErasePerson {
        person_id: PersonId,
        #[serde(default)]
        tries: u32,
    },
    /// Removes a file from the store.
    EraseFile { storage_key: Uuid, tries: u32 },
}

impl Job {
    /// Puts the job into the queue, on the caller's transaction. Answers its number.
    pub async fn enqueue(&self, conn: &mut AsyncPgConnection, run_at: Timestamp) -> Result<i64> {
        let kind = match self {
            Self::React { .. } => "react",
            Self::SendMail { .. } => "send_mail",
            Self::ResumeTicket { .. } => "resume_ticket",
            Self::RefreshSla { .. } => "refresh_sla",
            Self::Answer { .. } => "answer",
            Self::EmbedPassages {} => "embed_passages",
            Self::ExportPerson { .. } => "export_person",
            Self::ErasePerson { .. } => "erase_person",
            Self::EraseFile { .. } => "erase_file",
        };
        let payload = serde_json::to_value(self).map_err(AppError::internal)?;
        Ok(jobs::enqueue(conn, kind, payload, run_at).await?)
    }

    /// Puts a job that was promised to somebody into the queue anew, for later and later, for as long as it takes:
    /// the queue itself would give it up. `tries` is how often it was tried.
    pub async fn try_again(&self, state: &State, tries: u32) -> Result<()> {
        let pause = (5_i64 << tries.min(10)).min(LONGEST_PAUSE);
        let again = state.clock.now().saturating_add(SignedDuration::from_secs(pause)).map_err(AppError::internal)?;
        self.enqueue(&mut *state.db().await?, again).await?;
        Ok(())
    }

    async fn run(&self, state: &State) -> Result<()> {
        match self {
            Self::React { activity_id } => react(state.clone(), vec![*activity_id]).await,
            Self::SendMail { mail_id } => mails::send(state, *mail_id).await,
            Self::ResumeTicket { ticket_id } => tickets::resume(state, *ticket_id).await,
            Self::RefreshSla { changed_at, after } => tickets::refresh_due(state, *changed_at, *after).await,
            Self::Answer { ticket_id } => assistant::answer(state, *ticket_id).await,
            Self::EmbedPassages {} => articles::embed(state).await,
            Self::ExportPerson { export_id, tries } => exports::make(state, *export_id, *tries).await,
            Self::ErasePerson { person_id, tries } => people::erase_rest(state, *person_id, *tries).await,
            Self::EraseFile { storage_key, tries } => attachments::erase(state, *storage_key, *tries).await,
        }
    }
}

/// In seconds.
const LONGEST_PAUSE: i64 = 3600;

/// The reactions to changes. One line per room that wants to know.
async fn react(state: State, activities: Vec<i64>) -> Result<()> {
    let mut conn = state.db().await?;
    // First what somebody waits for. Whoever looks when they hear of it sees whether the assistant is at it.
    assistant::notice(&state, &mut conn, &activities).await?;
    live::announce(&mut conn, &activities).await?;
    notifications::tell(&state, &mut conn, &activities).await?;
    webhooks::tell(&state, &mut conn, &activities).await?;
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
const MAILS: Lane = Lane { kinds: &["send_mail"], batch: 8 };
const ERRANDS: Lane = Lane { kinds: &["resume_ticket", "refresh_sla"], batch: 8 };
/// A slow model keeps nothing else waiting.
const VECTORS: Lane = Lane { kinds: &["embed_passages"], batch: 1 };
const ERASURES: Lane = Lane { kinds: &["erase_file"], batch: 8 };
/// Each may take long, and nobody waits for it.
const PEOPLE: Lane = Lane { kinds: &["erase_person", "export_person"], batch: 1 };

/// Its workers wait for a model most of the time.
const ANSWERS: Lane = Lane { kinds: &["answer"], batch: 8 };

/// The shortest pause between two looks for answers.
const SOON: Duration = Duration::from_millis(10);

/// How often an idle worker looks, should nobody have woken it.
const POLL: Duration = Duration::from_secs(1);

/// How often the expired is dropped.
const SWEEP: Duration = Duration::from_secs(15 * 60);

/// How long it waits after a failure.
const SWEEP_AGAIN: Duration = Duration::from_secs(5);

/// Tells the worker of this process that there may be work. Workers of other processes find it by polling.
#[derive(Clone)]
pub struct Wake {
    all: watch::Sender<()>,
    /// Few writes ask for an answer, and its lane need not look after each.
    answers: watch::Sender<()>,
    webhooks: watch::Sender<()>,
}

impl Default for Wake {
    fn default() -> Self {
        Self { all: watch::Sender::new(()), answers: watch::Sender::new(()), webhooks: watch::Sender::new(()) }
    }
}

impl Wake {
    pub fn poke(&self) {
        self.all.send_replace(());
    }

    /// There is an answer to write, soon.
    pub fn poke_answers(&self) {
        self.answers.send_replace(());
    }

    /// There is something to tell webhooks.
    pub fn poke_webhooks(&self) {
        self.webhooks.send_replace(());
    }

    /// Hears of it.
    pub fn webhooks(&self) -> watch::Receiver<()> {
        self.webhooks.subscribe()
    }
}

/// Works until `stop` is done, finishing what it has leased.
pub async fn work(state: State, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    tokio::join!(
        work_lane(&state, CHANGES, stopped.clone()),
        work_lane(&state, MAILS, stopped.clone()),
        work_lane(&state, ERRANDS, stopped.clone()),
        work_lane(&state, VECTORS, stopped.clone()),
        work_lane(&state, ERASURES, stopped.clone()),
        work_lane(&state, PEOPLE, stopped.clone()),
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

/// Runs the jobs that are due, once around, records what is due of the SLA, and tells webhooks what is due. Tells how many there were.
pub async fn run_due(state: &State) -> Result<usize> {
    let mut leased = tickets::record_due(state).await?;
    for lane in [CHANGES, MAILS, ERRANDS, ANSWERS, VECTORS, PEOPLE, ERASURES] {
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
        captcha::sweep(&mut conn, now).await,
        panel::sweep(&mut conn, now).await,
        once::sweep(&mut conn, now).await,
        tickets::visitor::sweep(&mut conn, now).await,
        tickets::archive_old(state, &mut conn, now).await,
        attachments::sweep(&mut conn, now).await,
        exports::sweep(&mut conn, now).await,
        state.files.clear_abandoned().await,
        jobs::bury(&mut conn, now).await.map_err(AppError::from),
        mails::bury(&mut conn).await,
        mails::sweep(&mut conn, now).await,
        notifications::sweep(&mut conn, now).await,
        webhooks::sweep(&mut conn, now).await,
        settings::sweep_logos(state, &mut conn, now).await,
    ];
    swept.into_iter().collect()
}
