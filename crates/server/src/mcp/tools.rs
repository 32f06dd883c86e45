//! THE table of tools, and what each does.
//!
//! Invariant: a tool calls the verb that the operation beside its name calls, with the rules of the same types.

use api_types::{
    articles::ArticleFilter,
    comments::{CommentId, NewComment},
    departments::DepartmentId,
    error::{FieldCode, FieldError},
    fields::Answers,
    page::PageFilter,
    people::Locale,
    text::{Message, Slug, Title},
    tickets::{NewTicket, Priority, TicketFilter, TicketId},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

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
    pub takes: &'static [Takes],
}

/// One thing that a tool takes: a parameter of an operation, or a field of its body.
pub struct Takes {
    pub name: &'static str,
    pub operation: &'static str,
    pub part: &'static str,
    pub is_required: bool,
}

const fn optional(name: &'static str, operation: &'static str, part: &'static str) -> Takes {
    Takes { name, operation, part, is_required: false }
}

const fn required(name: &'static str, operation: &'static str, part: &'static str) -> Takes {
    Takes { name, operation, part, is_required: true }
}

pub const TOOLS: &[Spec] = &[
    Spec {
        name: "search_tickets",
        kind: Kind::SearchTickets,
        operation: "list_tickets",
        title: "Search tickets",
        about: "Lists tickets, newest first: those with these words anywhere in their thread, or all. Without `q` also by status.",
        takes: &[
            optional("q", "list_tickets", "q"),
            optional("status", "list_tickets", "status"),
            optional("archived", "list_tickets", "archived"),
            optional("limit", "list_tickets", "limit"),
            optional("after", "list_tickets", "after"),
        ],
    },
    Spec {
        name: "get_ticket",
        kind: Kind::GetTicket,
        operation: "get_ticket",
        title: "Read a ticket",
        about: "A ticket with the first page of its thread, oldest first; with `after` the comments that follow.",
        takes: &[required("ticket_id", "get_ticket", "id"), optional("after", "list_comments", "after")],
    },
    Spec {
        name: "ticket_summary",
        kind: Kind::TicketSummary,
        operation: "summarise_tickets",
        title: "Count tickets",
        about: "How many tickets are open, in progress and resolved.",
        takes: &[],
    },
    Spec {
        name: "search_articles",
        kind: Kind::SearchArticles,
        operation: "list_articles",
        title: "Search help articles",
        about: "Published help articles that answer these words, best first.",
        takes: &[
            optional("q", "list_articles", "q"),
            optional("locale", "list_articles", "locale"),
            optional("limit", "list_articles", "limit"),
            optional("after", "list_articles", "after"),
        ],
    },
    Spec {
        name: "get_article",
        kind: Kind::GetArticle,
        operation: "get_article",
        title: "Read a help article",
        about: "A published help article, whole.",
        takes: &[required("slug", "get_article", "slug"), optional("locale", "get_article", "locale")],
    },
    Spec {
        name: "create_ticket",
        kind: Kind::CreateTicket,
        operation: "create_ticket",
        title: "Open a ticket",
        about: "Opens a ticket in the name of the key's owner. The team is told.",
        takes: &[
            required("title", "create_ticket", "title"),
            required("message", "create_ticket", "message"),
            optional("priority", "create_ticket", "priority"),
            optional("department_id", "create_ticket", "department_id"),
            optional("custom_fields", "create_ticket", "custom_fields"),
        ],
    },
    Spec {
        name: "add_comment",
        kind: Kind::AddComment,
        operation: "create_comment",
        title: "Comment on a ticket",
        about: "Comments in the name of the key's owner. Everybody on the ticket reads it, unless it is an internal note.",
        takes: &[
            required("ticket_id", "create_comment", "id"),
            required("message", "create_comment", "message"),
            optional("internal", "create_comment", "internal"),
            optional("after", "create_comment", "after"),
        ],
    },
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichTicket {
    ticket_id: TicketId,
    after: Option<String>,
}

#[derive(Deserialize, garde::Validate)]
#[serde(deny_unknown_fields)]
struct WhichArticle {
    #[garde(dive)]
    slug: Slug,
    #[garde(skip)]
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
            let WhichArticle { slug, locale } = kept(read(arguments)?)?;
            told(&articles::read(state, slug.as_str(), locale.unwrap_or(Locale::English), user.role.is_team()).await?)
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
    let filter = PageFilter { limit: None, after: which.after };
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
    let new = kept(NewComment { id: None, message, internal, after, attachment_ids: Vec::new() })?;
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

/// What keeps the rules of its type.
fn kept<T: garde::Validate<Context = ()>>(asked: T) -> Result<T> {
    let faults = FieldError::all_of(&asked);
    if faults.is_empty() { Ok(asked) } else { Err(AppError::invalid(faults)) }
}
