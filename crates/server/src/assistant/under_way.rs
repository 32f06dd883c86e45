//! What the page of a ticket shows of the assistant.
//!
//! Invariant: it costs no round trip: both parts are read with the ticket, by index.

use api_types::assistant::{AnswerDraft, AnswerId, AssistantMode, AssistantView, Outcome, Source};
use db::schema::tickets;
use diesel::{
    expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate},
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Bool, Jsonb, Nullable},
};
use serde::Deserialize;

use super::Settings;
use crate::{
    auth::CurrentUser,
    comments::render_answer,
    error::{AppError, Result},
    tickets::Ticket,
};

/// What the assistant has under way for a ticket.
pub struct UnderWay {
    pub is_answering: bool,
    /// The waiting draft, as it is kept.
    pub draft: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Kept {
    id: AnswerId,
    body_markdown: String,
    outcome: Outcome,
    sources: Vec<Source>,
    created_at: jiff::Timestamp,
}

/// The assistant on a ticket, as this viewer sees it.
pub fn view(ticket: &Ticket, settings: &Settings, viewer: &CurrentUser, under_way: UnderWay) -> Result<AssistantView> {
    let mode = ticket.assistant_mode.unwrap_or(settings.mode);
    let is_team = viewer.role.is_team();
    let speaks = match mode {
        AssistantMode::Off => false,
        // Nobody else hears of a draft.
        AssistantMode::Draft => is_team,
        AssistantMode::Auto => true,
    };
    let draft = under_way.draft.filter(|_| is_team).map(serde_json::from_value::<Kept>);
    let draft = draft.transpose().map_err(AppError::internal)?.map(|kept| AnswerDraft {
        body_html: render_answer(&kept.body_markdown),
        id: kept.id,
        body_markdown: kept.body_markdown,
        outcome: kept.outcome,
        sources: kept.sources,
        created_at: kept.created_at,
    });
    Ok(AssistantView {
        mode,
        own_mode: is_team && ticket.assistant_mode.is_some(),
        muted: ticket.assistant_muted_by,
        person_wanted: ticket.person_wanted_at.is_some(),
        answering: under_way.is_answering && speaks && ticket.assistant_muted_by.is_none(),
        draft,
    })
}

/// A part of a query of tickets, in words that Diesel has none for and that it still prepares once.
macro_rules! part_of_ticket {
    ($(#[$doc:meta])* $name:ident: $type:ty = $sql:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, QueryId)]
        pub struct $name;

        impl Expression for $name {
            type SqlType = $type;
        }

        impl AppearsOnTable<tickets::table> for $name {}

        impl SelectableExpression<tickets::table> for $name {}

        impl ValidGrouping<()> for $name {
            type IsAggregate = is_aggregate::No;
        }

        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql($sql);
                Ok(())
            }
        }
    };
}

part_of_ticket! {
    /// A job is to answer the ticket, or is at it.
    IsAnswering: Bool =
        "(select count(*) > 0 from jobs where jobs.answers_ticket_id = tickets.id and jobs.dead_at is null)"
}

part_of_ticket! {
    /// The draft that waits for the team.
    WaitingDraft: Nullable<Jsonb> =
        "(select to_jsonb(d) from (
             select a.id, a.body_markdown, a.outcome, a.sources, a.created_at
             from answers a where a.ticket_id = tickets.id and a.state = 'drafted'
         ) d)"
}
