//! The job that sends one mail.
//!
//! Invariant: nothing is sent that its reader may not see at that moment.

use std::time::Duration;

use api_types::mails::{MailId, MailKind, MailState};
use db::AsyncPgConnection;
use jiff::Timestamp;

use super::{
    link, notice,
    outbox::{self, MailRow},
    thread,
};
use crate::{
    error::Result,
    outside::mail::{Mail, Refused},
    state::State,
};

/// How long a mail server may take for all of it, which is less than a job's lease.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn send(state: &State, id: MailId) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let Some(row) = outbox::begin(&mut conn, id).await? else {
        return Ok(());
    };
    let Some(mail) = compose(state, &mut conn, now, &row).await? else {
        return outbox::settle(&mut conn, now, &row, MailState::Skipped, None).await;
    };
    // A slow mail server keeps no connection from others.
    drop(conn);
    let id = row.id.to_string();
    let sent = match tokio::time::timeout(PATIENCE, state.mailer.send(&mail, &id, now)).await {
        Ok(sent) => sent,
        Err(_) => Err(Refused::ForNow("the mail server took too long".to_owned())),
    };
    let mut conn = state.db().await?;
    match sent {
        Ok(()) => outbox::settle(&mut conn, now, &row, MailState::Sent, None).await,
        Err(Refused::ForNow(why)) => {
            tracing::warn!(mail = %row.id, attempt = row.attempts, %why, "a mail was not taken");
            outbox::put_off(&mut conn, now, &row, &why).await
        }
        Err(Refused::ForGood(why)) => {
            tracing::warn!(mail = %row.id, %why, "a mail was refused");
            outbox::settle(&mut conn, now, &row, MailState::Dead, Some(&why)).await
        }
    }
}

/// Writes the mail. Nothing when there is nothing to say, or nobody to say it to.
async fn compose(state: &State, conn: &mut AsyncPgConnection, now: Timestamp, row: &MailRow) -> Result<Option<Mail>> {
    match row.kind {
        MailKind::Register | MailKind::SignIn | MailKind::Reset | MailKind::ConfirmTicket => {
            link::compose(state, conn, now, row).await
        }
        MailKind::AddressChanged => link::compose_farewell(state, conn, row).await,
        MailKind::WebhookDisabled => notice::compose(state, conn, row).await,
        MailKind::TicketOpened | MailKind::Notification => thread::compose(state, conn, now, row).await,
    }
}
