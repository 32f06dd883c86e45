//! Listening: one connection of each process that serves, and what else its streams need in time.
//!
//! Invariant: what is passed on was heard on a connection that also says, every few seconds, whose sessions are still
//! good. When it breaks, nothing is passed on until it stands again, and then everybody is told to begin anew.

use std::{pin::pin, time::Duration};

use db::{AsyncPgConnection, schema::activity};
use diesel::{dsl::max, prelude::*};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::announce::Announcement;
use crate::{
    auth::{
        CurrentUser,
        accounts::{self, Account},
        api_key,
    },
    error::{AppError, Result},
    settings,
    state::State,
};

/// The pauses between two attempts to listen.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(5);

/// A database that does not answer for so long is gone, whatever its connection says.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keeps the streams of this process going until `stop` is done.
pub async fn listen(state: State, stop: impl Future<Output = ()>) {
    tokio::select! {
        () = stop => {}
        () = keep_listening(&state) => {}
        () = keep_time(&state) => {}
    }
}

async fn keep_listening(state: &State) {
    let mut pause = SHORTEST;
    loop {
        let mut heard = false;
        if let Err(error) = hear(state, &mut heard).await {
            tracing::warn!(%error, "live updates are interrupted");
        }
        pause = if heard { SHORTEST } else { (pause * 2).min(LONGEST) };
        tokio::time::sleep(pause).await;
    }
}

async fn keep_time(state: &State) {
    let mut tick = interval(state.live.pace().tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        state.live.tick(state.clock.now());
    }
}

/// Listens until the connection breaks. `began` is set once it stands.
async fn hear(state: &State, began: &mut bool) -> Result<()> {
    let mut conn = state.lasting_db().await?;
    conn.batch_execute(&format!("listen waggle_live; listen {}", settings::CHANNEL)).await?;
    // After listening began, so that nothing falls between.
    let newest: Option<i64> = activity::table.select(max(activity::id)).first(&mut conn).await?;
    state.live.begin(newest.unwrap_or(0));
    state.settings.reload(&mut conn).await?;
    *began = true;
    let mut rights = interval(state.live.pace().rights);
    rights.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let announced = async { pin!(conn.notifications_stream()).next().await };
        tokio::select! {
            notification = announced => {
                let Some(notification) = notification.transpose()? else {
                    return Err(AppError::unavailable(anyhow::anyhow!("the connection was closed")));
                };
                if notification.channel == settings::CHANNEL {
                    state.settings.reload(&mut conn).await?;
                } else {
                    pass_on(state, &notification.payload);
                }
            }
            _ = rights.tick() => look_again(state, &mut conn).await?,
            () = state.live.doubted() => look_again(state, &mut conn).await?,
        }
    }
}

fn pass_on(state: &State, payload: &str) {
    match serde_json::from_str(payload) {
        Ok(Announcement::KeyRevoked(key)) => {
            state.accounts.forget_key(key);
            state.live.doubt();
        }
        Ok(announcement) => state.live.hear(state.clock.now(), announcement),
        // A newer process may say what this one does not know.
        Err(error) => tracing::debug!(%error, "an announcement was not understood"),
    }
}

/// Reads whose sessions and keys are still good, which also tells that the database is there.
async fn look_again(state: &State, conn: &mut AsyncPgConnection) -> Result<()> {
    let sessions = state.live.sessions();
    let read = timeout(PATIENCE, still_good(conn, state.clock.now(), &sessions)).await;
    let good = read.map_err(AppError::unavailable)??.into_iter().map(|(session, account)| {
        let version = account.token_version;
        (CurrentUser::of(account, session, state), version)
    });
    state.live.check(&sessions, good.collect());
    Ok(())
}

/// The accounts behind these sessions, and behind what is no session's but a key's.
async fn still_good(conn: &mut AsyncPgConnection, now: Timestamp, all: &[Uuid]) -> Result<Vec<(Uuid, Account)>> {
    let mut good = accounts::load_all(conn, all).await?;
    let rest: Vec<Uuid> = all.iter().copied().filter(|id| good.iter().all(|(session, _)| session != id)).collect();
    if !rest.is_empty() {
        good.extend(api_key::load_all(conn, now, &rest).await?);
    }
    Ok(good)
}
