//! THE table of jobs and reactions, and of what expires.
//!
//! Invariant: every job may run twice. A job holds identifiers only and reads the rest again; what is gone
//! is skipped.

mod lanes;
mod wake;

use api_types::{mails::MailId, people::PersonId, tickets::TicketId};
use db::{AsyncPgConnection, jobs};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

pub use lanes::{run_due, work};
pub use wake::Wake;

/// A job. One line per kind, here, in [`Job::run`] and in its lane.
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
        let payload = serde_json::to_value(self).map_err(AppError::internal)?;
        let kind = payload.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(jobs::enqueue(conn, &kind, payload, run_at).await?)
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
