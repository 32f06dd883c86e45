//! A desk whose assistant is on, with articles that it can answer from.
//!
//! Invariant: it works when a test says so.

use api_types::{
    articles::ArticleSource,
    assistant::{AnswerEntry, AnswerId, AssistantMode},
    comments::{AuthorKind, CommentId, CommentView},
    page::Page,
    tickets::TicketView,
};
use jiff::SignedDuration;
use serde_json::json;
use server::assistant;

use super::{Actor, App, ScriptedModel, app::Setup};

pub const ARCHIVE: &str = "\
Archiving keeps the list short.

## Archive a resolved ticket

Open the resolved ticket and choose Archive in its menu. An archived ticket leaves the list and is never lost.

## Bring it back

Switch on the filter Archived, open the ticket and choose Unarchive.
";

pub const SCALE: &str = "\
The hive scale sends a weight every ten minutes.

## Pair the scale

Hold the round button for five seconds until the light blinks blue. Then choose Pair in the app.

## Replace the battery

The scale takes two AA batteries. You cannot use rechargeable batteries, because their voltage is too low.
";

/// What the assistant waits for.
pub const QUIET: SignedDuration = SignedDuration::from_millis(700);

impl App {
    /// A desk whose assistant is in this mode, with two articles.
    pub async fn with_assistant(mode: AssistantMode, model: Option<&ScriptedModel>) -> Self {
        Self::with_limits(mode, assistant::Limits::default(), model).await
    }

    pub async fn with_limits(mode: AssistantMode, limits: assistant::Limits, model: Option<&ScriptedModel>) -> Self {
        let model = model.map(ScriptedModel::settings);
        let mut setup = Setup { limits, model, ..Setup::default() };
        setup.settings.assistant.mode = mode;
        let app = Self::start_with(setup).await;
        let writer = app.agent("writer").await;
        writer.puts_up("archive", "Archive tickets", ARCHIVE).await;
        writer.puts_up("scale", "The hive scale", SCALE).await;
        app.run_jobs().await;
        app
    }

    /// Lets the creators be quiet for a moment, and works.
    pub async fn quiet(&self) {
        self.run_jobs().await;
        self.advance(QUIET);
        self.run_jobs().await;
    }

    /// A comment of the assistant on a ticket, whatever its mode there.
    pub async fn ai_comment(&self, ticket: &TicketView) -> CommentId {
        let id = CommentId::new();
        let ai = json!({ "name": "Waggle", "outcome": "not_covered", "sources": [] });
        let sql = "insert into comments (id, ticket_id, author_kind, internal, body_markdown, body_html, created_at, attachments, ai)
             select $1, id, 'ai', false, 'Hello', '<p>Hello</p>', created_at + interval '1 second', 0, $3 from tickets where id = $2";
        self.database.connect().await.execute(sql, &[&id.0, &ticket.summary.id.0, &ai]).await.unwrap();
        id
    }

    /// A draft that waits on a ticket.
    pub async fn draft(&self, ticket: &TicketView) -> AnswerId {
        let id = AnswerId::new();
        let sql = "insert into answers (id, ticket_id, question_id, state, outcome, body_markdown, sources, passages, sentences,
                 supported, prompt_tokens, completion_tokens, latency_ms, created_at)
             select $1, ticket_id, id, 'drafted', 'not_covered', 'Hello', '[]', '[]', 0, 0, 0, 0, 0, created_at
             from comments where ticket_id = $2";
        self.database.connect().await.execute(sql, &[&id.0, &ticket.summary.id.0]).await.unwrap();
        id
    }
}

impl Actor {
    pub async fn puts_up(&self, slug: &str, title: &str, markdown: &str) -> ArticleSource {
        let body = json!({ "slug": slug, "locale": "en", "title": title, "body_markdown": markdown, "publish": true });
        self.post("/articles", body).await.is(201).ok()
    }

    /// What the assistant said on a ticket.
    pub async fn is_answered(&self, ticket: &TicketView) -> Vec<CommentView> {
        let thread = self.thread(ticket).await;
        thread.into_iter().filter(|comment| comment.author.kind == AuthorKind::Ai).collect()
    }

    pub async fn ledger(&self) -> Vec<AnswerEntry> {
        let page: Page<AnswerEntry> = self.get("/admin/answers?limit=100").await.is(200).ok();
        page.items
    }
}
