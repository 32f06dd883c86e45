//! THE table of tools, and what each does.
//!
//! Invariant: a tool calls the verb that the operation beside its name calls, with the rules of the same types.

use api_types::{
    articles::ArticleFilter,
    comments::{CommentFilter, CommentId, NewComment},
    departments::DepartmentId,
    error::{FieldCode, FieldError},
    fields::Answers,
    people::Locale,
    text::{Message, Title},
    tickets::{NewTicket, Priority, TicketFilter, TicketId},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::said::told;
use crate::{
    articles,
    auth::{CurrentUser, Reader},
    comments::CommentRow,
    error::{AppError, Result},
    state::State,
    tickets::{self, Ticket},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SearchTickets,
    GetTicket,
    TicketSummary,
    SearchArticles,
    GetArticle,
    CreateTicket,
    AddComment,
}

/// One tool.
pub struct Spec {
    pub name: &'static str,
    pub kind: Kind,
    /// The operation of the API that it is, whose scope it asks for.
    pub operation: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub takes: fn() -> Value,
}

pub const TOOLS: &[Spec] = &[
    Spec {
        name: "search_tickets",
        kind: Kind::SearchTickets,
        operation: "list_tickets",
        title: "Search tickets",
        about: "Lists tickets, newest first: those with these words anywhere in their thread, or all. Without `q` also by status.",
        takes: || {
            object(
                json!({
                    "q": { "type": "string", "description": "Words to find, English or French" },
                    "status": { "type": "string", "enum": ["open", "in_progress", "resolved"] },
                    "archived": { "type": "boolean", "description": "True lists the archived ones instead" },
                    "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 25 },
                    "after": { "type": "string", "description": "The next_cursor of the page before" },
                }),
                &[],
            )
        },
    },
    Spec {
        name: "get_ticket",
        kind: Kind::GetTicket,
        operation: "get_ticket",
        title: "Read a ticket",
        about: "A ticket with the first page of its thread, oldest first; with `after` the comments that follow.",
        takes: || {
            object(
                json!({
                    "ticket_id": { "type": "string", "format": "uuid" },
                    "after": { "type": "string", "description": "The next_cursor of the comments before" },
                }),
                &["ticket_id"],
            )
        },
    },
    Spec {
        name: "ticket_summary",
        kind: Kind::TicketSummary,
        operation: "summarise_tickets",
        title: "Count tickets",
        about: "How many tickets are open, in progress and resolved.",
        takes: || object(json!({}), &[]),
    },
    Spec {
        name: "search_articles",
        kind: Kind::SearchArticles,
        operation: "list_articles",
        title: "Search help articles",
        about: "Published help articles that answer these words, best first.",
        takes: || {
            object(
                json!({
                    "q": { "type": "string", "description": "Words to find; without any, all articles in order" },
                    "locale": { "type": "string", "enum": ["en", "fr"], "default": "en" },
                    "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 25 },
                    "after": { "type": "string", "description": "The next_cursor of the page before" },
                }),
                &[],
            )
        },
    },
    Spec {
        name: "get_article",
        kind: Kind::GetArticle,
        operation: "get_article",
        title: "Read a help article",
        about: "A published help article, whole.",
        takes: || {
            object(
                json!({
                    "slug": { "type": "string" },
                    "locale": { "type": "string", "enum": ["en", "fr"], "default": "en" },
                }),
                &["slug"],
            )
        },
    },
    Spec {
        name: "create_ticket",
        kind: Kind::CreateTicket,
        operation: "create_ticket",
        title: "Open a ticket",
        about: "Opens a ticket in the name of the key's owner. The team is told.",
        takes: || {
            object(
                json!({
                    "title": { "type": "string", "maxLength": 200 },
                    "message": { "type": "string", "maxLength": 20_000, "description": "Markdown" },
                    "priority": { "type": "string", "enum": ["low", "medium", "high"] },
                    "department_id": { "type": "string", "format": "uuid" },
                    "custom_fields": { "type": "object", "description": "Answers to the desk's own fields, by their keys" },
                }),
                &["title", "message"],
            )
        },
    },
    Spec {
        name: "add_comment",
        kind: Kind::AddComment,
        operation: "create_comment",
        title: "Comment on a ticket",
        about: "Comments in the name of the key's owner. Everybody on the ticket reads it, unless it is an internal note.",
        takes: || {
            object(
                json!({
                    "ticket_id": { "type": "string", "format": "uuid" },
                    "message": { "type": "string", "maxLength": 20_000, "description": "Markdown" },
                    "internal": { "type": "boolean", "default": false, "description": "A note that only the team sees; only the team writes one" },
                    "after": { "type": "string", "format": "uuid", "description": "The newest comment that was read: with newer ones of others it is refused" },
                }),
                &["ticket_id", "message"],
            )
        },
    },
];

fn object(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichTicket {
    ticket_id: TicketId,
    after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichArticle {
    slug: String,
    locale: Option<Locale>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    title: Title,
    message: Message,
    priority: Option<Priority>,
    department_id: Option<DepartmentId>,
    #[serde(default)]
    custom_fields: Answers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commented {
    ticket_id: TicketId,
    message: Message,
    #[serde(default)]
    internal: bool,
    after: Option<CommentId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Calls a tool that the caller's key may call.
pub async fn call(state: &State, user: &CurrentUser, kind: Kind, arguments: Value) -> Result<Value> {
    match kind {
        Kind::SearchTickets => told(&Ticket::list(state, user, &read::<TicketFilter>(arguments)?).await?),
        Kind::GetTicket => ticket(state, user, read(arguments)?).await,
        Kind::TicketSummary => {
            let Nothing {} = read(arguments)?;
            told(&Ticket::counts(&mut *state.db().await?, user).await?)
        }
        Kind::SearchArticles => {
            let reader = Reader(Some(user.clone()));
            told(&articles::find(state, &reader, &read::<ArticleFilter>(arguments)?).await?)
        }
        Kind::GetArticle => {
            let WhichArticle { slug, locale } = read(arguments)?;
            told(&articles::read(state, &slug, locale.unwrap_or(Locale::English), user.role.is_team()).await?)
        }
        Kind::CreateTicket => open(state, user, read(arguments)?).await,
        Kind::AddComment => comment(state, user, read(arguments)?).await,
    }
}

async fn ticket(state: &State, user: &CurrentUser, which: WhichTicket) -> Result<Value> {
    let (mut conn, now) = (state.db().await?, state.clock.now());
    if which.after.is_none() {
        return told(&Ticket::open(&conn, state, now, user, which.ticket_id).await?);
    }
    Ticket::load(&mut conn, user, which.ticket_id).await?;
    let filter = CommentFilter { limit: None, after: which.after };
    told(&CommentRow::list(&conn, state, now, user, which.ticket_id, &filter).await?)
}

async fn open(state: &State, user: &CurrentUser, opened: Opened) -> Result<Value> {
    let mut new = NewTicket {
        title: opened.title,
        message: opened.message,
        priority: opened.priority,
        department_id: opened.department_id,
        custom_fields: opened.custom_fields,
        visitor: None,
        captcha: None,
        follows: None,
        attachment_ids: Vec::new(),
    };
    tickets::check_form(&state.settings.now(), &mut new, None)?;
    let (owned, user) = (state.clone(), user.clone());
    let made = state.write(async move {
        Ticket::create(&mut *owned.db().await?, &owned, owned.clock.now(), &user, new, None).await
    });
    told(&made.await?)
}

async fn comment(state: &State, user: &CurrentUser, said: Commented) -> Result<Value> {
    let Commented { ticket_id, message, internal, after } = said;
    let new = NewComment { id: None, message, internal, after, attachment_ids: Vec::new() };
    let faults = FieldError::all_of(&new);
    if !faults.is_empty() {
        return Err(AppError::invalid(faults));
    }
    let (owned, user) = (state.clone(), user.clone());
    let posted = state.write(async move {
        let mut conn = owned.db().await?;
        CommentRow::post(&mut conn, &owned, owned.clock.now(), &user, ticket_id, new, None).await
    });
    told(&posted.await?)
}

fn read<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    serde_json::from_value(arguments).map_err(|error| AppError::field("/", FieldCode::WrongType, &error.to_string()))
}
