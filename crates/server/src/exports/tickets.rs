//! Writing all tickets of a list, part by part.
//!
//! Invariant: between two parts no connection to the database is held, so that a slow reader keeps nobody waiting; and
//! whoever may not read any more gets no further part.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_DISPOSITION, HeaderName},
};
use api_types::{
    error::{ErrorCode, FieldCode},
    tickets::TicketFilter,
};
use tokio::sync::Semaphore;

use super::{csv::Sheet, lines::Lines, stream};
use crate::{
    auth::{CurrentUser, accounts, api_key},
    cursor::Cursor,
    error::{AppError, Result},
    state::State,
    tickets::{Part, Ticket, words_of},
};

/// So many tickets are read at a time.
const PART: usize = 500;

/// So many exports are written at a time. Each keeps a connection busy.
const AT_A_TIME: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_A_TIME);

/// A database that is busy or away is asked so often for one part.
const TRIES: u32 = 4;

/// How long between.
const PAUSE: Duration = Duration::from_secs(1);

/// How the tickets are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Lines,
}

impl Format {
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Lines => "jsonl",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Lines => "application/jsonl",
        }
    }
}

/// What is written, in its format.
enum Writer {
    Csv(Sheet),
    Lines(Lines),
}

/// Answers with the tickets that a list shows somebody. The first part is read before the answer begins, so that what
/// is wrong with the request is said as always.
pub async fn answer(state: &State, user: CurrentUser, filter: TicketFilter, format: Format) -> Result<HttpResponse> {
    check(&user, &filter)?;
    let busy = |_| AppError::unavailable(anyhow::anyhow!("enough exports are being written"));
    let turn = TURNS
        .try_acquire()
        .map_err(|error| busy(error).detail("Others are exporting at this moment. Try again when they are done."))?;
    let first = part(state, &user, &filter, None).await?;
    let (outlet, body) = stream::body();
    let name = format!("tickets-{}.{}", state.clock.now().strftime("%Y-%m-%d"), format.ending());
    let mut writer = match format {
        Format::Csv => Writer::Csv(Sheet::new(state, &user)),
        Format::Lines => Writer::Lines(Lines::new(&user)),
    };
    let state = state.clone();
    tokio::spawn(async move {
        let _turn = turn;
        let written = async {
            let mut next = Some(first);
            while let Some(Part { rows, rest, .. }) = next {
                match &mut writer {
                    Writer::Csv(sheet) => outlet.push(sheet.write(&state, &user, rows).await?).await?,
                    Writer::Lines(lines) => lines.write(&state, &user, rows, &outlet).await?,
                }
                next = match rest {
                    Some(rest) => Some(part(&state, &user, &filter, Some(rest)).await?),
                    None => None,
                };
            }
            outlet.end().await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "an export was cut");
        }
    });
    // A proxy in front is not to gather what it is to pass on.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header(unbuffered)
        .streaming(body))
}

/// Whether the request can be answered, as far as it can be told without reading anything.
pub fn check(user: &CurrentUser, filter: &TicketFilter) -> Result<()> {
    if !user.role.is_team() {
        return Err(AppError::new(ErrorCode::Forbidden));
    }
    for (pointer, is_given) in [("?limit", filter.limit.is_some()), ("?after", filter.after.is_some())] {
        if is_given {
            return Err(AppError::field(pointer, FieldCode::NotPossible, "An export has no pages."));
        }
    }
    words_of(user, filter).map(|_| ())
}

async fn part(state: &State, user: &CurrentUser, filter: &TicketFilter, after: Option<Cursor>) -> Result<Part> {
    for tried in 1..TRIES {
        match part_now(state, user, filter, after).await {
            Err(error) if error.code() == ErrorCode::Unavailable => {
                tracing::info!(%error, tried, "an export waits for the database");
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
    part_now(state, user, filter, after).await
}

async fn part_now(state: &State, user: &CurrentUser, filter: &TicketFilter, after: Option<Cursor>) -> Result<Part> {
    // The first part is read for a request that has just been let in.
    if after.is_some() {
        if state.live.is_stopping() {
            return Err(AppError::internal(anyhow::anyhow!("the desk is stopping")));
        }
        if !still_may(state, user).await? {
            return Err(AppError::new(ErrorCode::Forbidden));
        }
    }
    Ticket::part(state, user, filter, after, PART).await
}

/// They are still who they were when they asked.
async fn still_may(state: &State, user: &CurrentUser) -> Result<bool> {
    let now = state.clock.now();
    let account = if user.key.is_some() {
        let good = api_key::load_all(&mut *state.db().await?, now, &[user.session]).await?;
        good.into_iter().next().map(|(_, account)| account)
    } else {
        accounts::of_session(state, now, user.session).await?
    };
    let as_now = account.map(|account| CurrentUser::of(account, user.session, state));
    Ok(as_now.is_some_and(|now| now.role == user.role && now.departments == user.departments))
}
