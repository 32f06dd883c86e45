//! Drafts: what the team does with an answer that waits for it.
//!
//! Invariant: a draft is settled once. Sent as it is, it is the assistant's; in other words, it is the sender's own.

use api_types::{
    articles::RevisionId,
    assistant::{AiAnswer, AnswerId, AnswerState, Outcome, Source},
    comments::{CommentId, CommentView, NewComment},
    error::ErrorCode,
    text::Message,
    tickets::{Stage, TicketId},
};
use db::{AsyncPgConnection, schema::answers};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;

use super::{case, turn::Overtaken};
use crate::{
    activity::{self, Kind, Record},
    articles,
    auth::Team,
    comments::CommentRow,
    error::{AppError, Result},
    state::Inner,
    tickets::{Ticket, With},
};

/// A draft, locked with its ticket.
struct Draft {
    id: AnswerId,
    ticket: Ticket,
    question: CommentId,
    outcome: Outcome,
    markdown: String,
    sources: Vec<Source>,
}

impl Draft {
    /// Loads and locks one. What was settled before is refused.
    async fn lock(conn: &mut AsyncPgConnection, team: &Team, id: AnswerId) -> Result<Self> {
        let ticket: TicketId = answers::table.find(id).select(answers::ticket_id).first(conn).await?;
        Ticket::load(conn, &team.0, ticket).await?;
        // The ticket first, as whoever writes an answer does.
        let ticket = Ticket::lock_for_job_unscoped(conn, ticket).await?.ok_or_else(AppError::not_found)?;
        let settled = || AppError::new(ErrorCode::AnswerSettled);
        type Kept = (CommentId, Option<Outcome>, Option<String>, Option<serde_json::Value>);
        let (question, outcome, markdown, sources): Kept = answers::table
            .find(id)
            .filter(answers::state.eq(AnswerState::Drafted))
            .select((answers::question_id, answers::outcome, answers::body_markdown, answers::sources))
            .for_update()
            .first(conn)
            .await
            .optional()?
            .ok_or_else(settled)?;
        let sources = serde_json::from_value(sources.unwrap_or_default()).map_err(AppError::internal)?;
        Ok(Self {
            id,
            ticket,
            question,
            outcome: outcome.ok_or_else(settled)?,
            markdown: markdown.ok_or_else(settled)?,
            sources,
        })
    }

    async fn settle(
        &self,
        conn: &mut AsyncPgConnection,
        state: AnswerState,
        comment: Option<CommentId>,
        reason: Option<&str>,
    ) -> Result<()> {
        diesel::update(answers::table.find(self.id))
            .set((
                answers::state.eq(state),
                answers::comment_id.eq(comment),
                answers::body_markdown.eq(None::<String>),
                answers::sources.eq(None::<serde_json::Value>),
                reason.map(|reason| answers::reason.eq(reason)),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Why it answers nothing any more.
    async fn overtaken(&self, conn: &mut AsyncPgConnection, desk: &Inner) -> Result<Option<Overtaken>> {
        let scene = case::scene(conn, &desk.assistant(), &self.ticket).await?;
        if scene.newest.map(|(newest, _)| newest) != Some(self.question) || self.ticket.stage == Stage::Resolved {
            return Ok(Some(Overtaken::ByThread));
        }
        let revisions: Vec<RevisionId> = self.sources.iter().map(|source| source.revision_id).collect();
        Ok((!articles::still_published(conn, &revisions).await?).then_some(Overtaken::ByArticle))
    }
}

/// Sends a draft: as it is, or in the sender's own words.
pub async fn publish(
    conn: &mut AsyncPgConnection,
    desk: &Inner,
    now: Timestamp,
    team: &Team,
    id: AnswerId,
    message: Option<Message>,
) -> Result<CommentView> {
    let sent = conn
        .transaction(async |conn| {
            let draft = Draft::lock(conn, team, id).await?;
            if let Some(overtaken) = draft.overtaken(conn, desk).await? {
                draft.settle(conn, AnswerState::Discarded, None, Some(overtaken.reason())).await?;
                return Ok::<_, AppError>(None);
            }
            match message {
                Some(message) => {
                    let new =
                        NewComment { id: None, message, internal: false, after: None, attachment_ids: Vec::new() };
                    let view = CommentRow::post(conn, desk, now, &team.0, draft.ticket.id, new, None).await?;
                    draft.settle(conn, AnswerState::Edited, Some(view.id), None).await?;
                    Ok(Some(view))
                }
                None => Ok(Some(send(conn, desk, now, team, draft).await?)),
            }
        })
        .await?;
    sent.ok_or_else(|| AppError::new(ErrorCode::AnswerSettled))
}

async fn send(
    conn: &mut AsyncPgConnection,
    desk: &Inner,
    now: Timestamp,
    team: &Team,
    draft: Draft,
) -> Result<CommentView> {
    let ai = AiAnswer { outcome: draft.outcome, sources: draft.sources.clone(), helpful: None };
    let row = CommentRow::of_assistant(now, &desk.assistant().name, draft.ticket.id, draft.markdown.clone(), ai)?;
    let record = Record::of_ticket(Kind::CommentCreated, &team.0, draft.ticket.id, now).with_comment(row.id);
    let in_force = desk.settings.now();
    let with = With { comment: Some((&row, &[])), ..With::only(&record, &in_force.sla) };
    let written = draft.ticket.answered(now).save(conn, &with).await?;
    written.ok_or_else(|| AppError::internal(anyhow::anyhow!("a locked ticket changed")))?;
    draft.settle(conn, AnswerState::Published, Some(row.id), None).await?;
    row.view(conn, desk, now, &team.0).await
}

/// Drops a draft.
pub async fn drop_draft(conn: &mut AsyncPgConnection, now: Timestamp, team: &Team, id: AnswerId) -> Result<()> {
    conn.transaction(async |conn| {
        let draft = Draft::lock(conn, team, id).await?;
        draft.settle(conn, AnswerState::Dropped, None, None).await?;
        let record = Record::of_ticket(Kind::DraftChanged, &team.0, draft.ticket.id, now);
        Ok(activity::record(conn, record).await?)
    })
    .await
}
