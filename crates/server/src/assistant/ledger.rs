//! The ledger: one row per turn, and how an admin reads it.
//!
//! Invariant: no words of a customer stand in it but in a draft that waits, and a deleted ticket takes its rows along.

use api_types::{
    assistant::{AnswerEntry, AnswerFilter, AnswerId, AnswerState, Outcome, PassageEntry, QuoteCheck, Source},
    comments::CommentId,
    page::Page,
    tickets::{TicketId, TicketRef},
};
use db::{
    AsyncPgConnection,
    schema::{answers, comments, tickets},
};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use jiff_diesel::ToDiesel;

use crate::{
    articles::retrieve::Passage,
    cursor::{self, Cursor},
    error::{AppError, Result},
};

/// How an answer came about.
#[derive(Clone, Debug, Default)]
pub struct Making {
    /// Absent when no model took part.
    pub model: Option<String>,
    pub prompt_hash: Option<Vec<u8>>,
    pub passages: Vec<PassageEntry>,
    pub verification: QuoteCheck,
    pub prompt_tokens: i32,
    pub completion_tokens: i32,
    pub latency_ms: i32,
    pub reason: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Fate {
    pub state: AnswerState,
    pub outcome: Option<Outcome>,
    pub comment: Option<CommentId>,
    /// The words and sources of a draft.
    pub draft: Option<(String, Vec<Source>)>,
}

/// How a passage stands in the ledger.
pub fn passage_entry(passage: &Passage) -> PassageEntry {
    PassageEntry {
        slug: passage.slug.clone(),
        locale: passage.locale,
        anchor: passage.anchor.clone(),
        revision_id: passage.revision_id,
        score: passage.score,
    }
}

/// Adds a row.
pub async fn enter(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    (ticket, question): (TicketId, CommentId),
    making: &Making,
    fate: Fate,
) -> Result<AnswerId> {
    let id = AnswerId::new();
    let (body, sources) = fate.draft.unzip();
    let sources = sources.map(serde_json::to_value).transpose().map_err(AppError::internal)?;
    let small = |count: u16| i16::try_from(count).unwrap_or(i16::MAX);
    diesel::insert_into(answers::table)
        .values((
            (
                answers::id.eq(id),
                answers::ticket_id.eq(ticket),
                answers::question_id.eq(question),
                answers::comment_id.eq(fate.comment),
                answers::state.eq(fate.state),
                answers::outcome.eq(fate.outcome),
                answers::body_markdown.eq(body),
                answers::sources.eq(sources),
                answers::model.eq(&making.model),
            ),
            (
                answers::prompt_hash.eq(&making.prompt_hash),
                answers::passages.eq(serde_json::to_value(&making.passages).map_err(AppError::internal)?),
                answers::sentences.eq(small(making.verification.sentences)),
                answers::supported.eq(small(making.verification.supported)),
                answers::prompt_tokens.eq(making.prompt_tokens),
                answers::completion_tokens.eq(making.completion_tokens),
                answers::latency_ms.eq(making.latency_ms),
                answers::reason.eq(&making.reason),
                answers::created_at.eq(now.to_diesel()),
            ),
        ))
        .execute(conn)
        .await?;
    Ok(id)
}

/// Takes the waiting draft of a ticket back, because another answer takes its place.
pub async fn discard_draft(conn: &mut AsyncPgConnection, ticket: TicketId, reason: &str) -> Result<()> {
    let waiting = answers::table.filter(answers::ticket_id.eq(ticket)).filter(answers::state.eq(AnswerState::Drafted));
    diesel::update(waiting)
        .set((
            answers::state.eq(AnswerState::Discarded),
            answers::body_markdown.eq(None::<String>),
            answers::sources.eq(None::<serde_json::Value>),
            answers::reason.eq(reason),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// An answer to this question has failed before.
pub async fn has_failed(conn: &mut AsyncPgConnection, question: CommentId) -> Result<bool> {
    let failed =
        answers::table.filter(answers::question_id.eq(question)).filter(answers::state.eq(AnswerState::Failed));
    Ok(diesel::select(diesel::dsl::exists(failed)).get_result(conn).await?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = answers, check_for_backend(Pg))]
struct Row {
    id: AnswerId,
    ticket_id: TicketId,
    comment_id: Option<CommentId>,
    state: AnswerState,
    outcome: Option<Outcome>,
    model: Option<String>,
    prompt_hash: Option<Vec<u8>>,
    passages: serde_json::Value,
    sentences: i16,
    supported: i16,
    prompt_tokens: i32,
    completion_tokens: i32,
    latency_ms: i32,
    reason: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
}

/// A page of the ledger, newest first.
pub async fn list(conn: &mut AsyncPgConnection, filter: &AnswerFilter) -> Result<Page<AnswerEntry>> {
    let limit = cursor::limit(filter.limit)?;
    let mut query = answers::table
        .inner_join(tickets::table.on(tickets::id.eq(answers::ticket_id)))
        .left_join(comments::table.on(comments::id.nullable().eq(answers::comment_id)))
        .select((Row::as_select(), tickets::number, tickets::title, comments::helpful.nullable()))
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(answers::state.eq(state));
    }
    if let Some(ticket) = filter.ticket {
        query = query.filter(answers::ticket_id.eq(ticket));
    }
    if let Some(after) = Cursor::parse(filter.after.as_deref())? {
        query = query.filter(after.older("answers"));
    }
    let rows: Vec<(Row, i64, String, Option<bool>)> =
        query.order((answers::created_at.desc(), answers::id.desc())).limit(limit as i64 + 1).load(conn).await?;
    let (rows, next_cursor) = cursor::cut(rows, limit, |(row, ..)| Cursor { at: row.created_at, id: row.id.0 });
    let items = rows.into_iter().map(|(row, number, title, helpful)| row.into_entry(number, title, helpful));
    Ok(Page { items: items.collect::<Result<_>>()?, next_cursor })
}

impl Row {
    fn into_entry(self, number: i64, title: String, helpful: Option<bool>) -> Result<AnswerEntry> {
        Ok(AnswerEntry {
            id: self.id,
            ticket: TicketRef { id: self.ticket_id, number, title },
            ticket_id: self.ticket_id,
            comment_id: self.comment_id,
            state: self.state,
            outcome: self.outcome,
            model: self.model,
            prompt_hash: self.prompt_hash.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect()),
            passages: serde_json::from_value(self.passages).map_err(AppError::internal)?,
            verification: QuoteCheck {
                sentences: self.sentences.unsigned_abs(),
                supported: self.supported.unsigned_abs(),
            },
            prompt_tokens: self.prompt_tokens,
            completion_tokens: self.completion_tokens,
            latency_ms: self.latency_ms,
            helpful,
            reason: self.reason,
            created_at: self.created_at,
        })
    }
}
