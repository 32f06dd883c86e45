//! A ticket as the assistant finds it: what was said, whose turn it is, and what may be spent.
//!
//! Invariant: it is read through one ticket, and of that only what its creator can read.

use api_types::{
    comments::{AuthorKind, CommentId},
    people::{Locale, PersonId},
    tickets::{Stage, TicketId},
};
use db::{AsyncPgConnection, prepared};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;

use super::{
    Settings,
    history::History,
    turn::{Overtaken, Scene, Speaker},
};
use crate::{articles::retrieve::Question, comments::CommentRow, error::Result, people::Person, tickets::Ticket};

/// What an answer is written from.
pub struct Case {
    pub scene: Scene,
    pub history: History,
    pub question: Question,
    /// The language of the ticket.
    pub locale: Locale,
    /// Why the model is not to be asked; absent when it may be.
    pub spent: Option<&'static str>,
}

impl Case {
    /// Reads a ticket. Nothing if it is gone.
    pub async fn load(
        conn: &mut AsyncPgConnection,
        settings: &Settings,
        now: Timestamp,
        id: TicketId,
    ) -> Result<Option<Self>> {
        let Some(ticket) = Ticket::load_for_job_unscoped(conn, id).await? else {
            return Ok(None);
        };
        let scene = scene(conn, settings, &ticket).await?;
        let comments = CommentRow::public_thread(conn, id).await?;
        let creator = Person::active(conn, ticket.creator_id).await?;
        let history = History::of(&ticket, &comments);
        let locale = creator.map_or(Locale::English, |creator| creator.locale);
        let question = Question { turns: history.turns(), locale };
        let locale = question.language();
        let spent = spent(conn, settings, now, id).await?;
        Ok(Some(Self { scene, history, question, locale, spent }))
    }
}

#[derive(QueryableByName)]
struct Newest {
    #[diesel(sql_type = Uuid)]
    id: uuid::Uuid,
    #[diesel(sql_type = Text)]
    author_kind: AuthorKind,
    #[diesel(sql_type = Nullable<Uuid>)]
    author_id: Option<PersonId>,
    #[diesel(sql_type = Bool)]
    had_its_turn: bool,
}

/// Whose turn it is on a ticket.
pub async fn scene(conn: &mut AsyncPgConnection, settings: &Settings, ticket: &Ticket) -> Result<Scene> {
    let newest: Option<Newest> = prepared(
        "select c.id, c.author_kind, c.author_id, exists (
             select from answers a
             where a.question_id = c.id and a.state in ('drafted', 'published', 'edited', 'dropped')
         ) as had_its_turn
         from comments c
         where c.ticket_id = $1 and not c.internal
         order by c.created_at desc, c.id desc limit 1",
    )
    .bind::<Uuid, _>(ticket.id.0)
    .get_result(conn)
    .await
    .optional()?;
    let speaker = |newest: &Newest| match newest.author_kind {
        AuthorKind::Ai => Speaker::Assistant,
        _ if newest.author_id == Some(ticket.creator_id) => Speaker::Creator,
        _ => Speaker::Other,
    };
    Ok(Scene {
        mode: ticket.assistant_mode.unwrap_or(settings.mode),
        muted: ticket.assistant_muted_by.is_some(),
        closed: ticket.stage == Stage::Resolved || ticket.archived_at.is_some(),
        newest: newest.as_ref().map(|newest| (CommentId(newest.id), speaker(newest))),
        had_its_turn: newest.is_some_and(|newest| newest.had_its_turn),
    })
}

#[derive(QueryableByName)]
struct Spent {
    #[diesel(sql_type = BigInt)]
    on_ticket: i64,
    #[diesel(sql_type = BigInt)]
    today: i64,
}

/// Whether the model has been asked as often as it may be.
async fn spent(
    conn: &mut AsyncPgConnection,
    settings: &Settings,
    now: Timestamp,
    ticket: TicketId,
) -> Result<Option<&'static str>> {
    let into_the_day = SignedDuration::from_secs(now.as_second().rem_euclid(24 * 60 * 60));
    let midnight = now.saturating_sub(into_the_day).unwrap_or(now);
    let spent: Spent = prepared(
        "select
             (select count(*) from answers where ticket_id = $1 and model is not null) as on_ticket,
             (select count(*) from (
                 select from answers where created_at >= $2 and model is not null limit $3
             ) capped) as today",
    )
    .bind::<Uuid, _>(ticket.0)
    .bind::<Timestamptz, _>(midnight.to_diesel())
    .bind::<BigInt, _>(i64::from(settings.limits.daily_budget))
    .get_result(conn)
    .await?;
    Ok(if spent.on_ticket >= i64::from(settings.limits.ticket_budget) {
        Some("the ticket's budget of model calls is spent")
    } else if spent.today >= i64::from(settings.limits.daily_budget) {
        Some("the day's budget of model calls is spent")
    } else {
        None
    })
}

/// How often answers to a question were discarded because an article changed.
pub async fn overtaken_by_articles(conn: &mut AsyncPgConnection, question: CommentId) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let row: Count = prepared("select count(*) from answers where question_id = $1 and reason = $2")
        .bind::<Uuid, _>(question.0)
        .bind::<Text, _>(Overtaken::ByArticle.reason())
        .get_result(conn)
        .await?;
    Ok(row.count)
}
