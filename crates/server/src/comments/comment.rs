//! The row of a comment, and its verbs.

use std::collections::HashMap;

use api_types::{
    assistant::{AiAnswer, Outcome},
    attachments::{AttachmentId, AttachmentView},
    comments::{Author, AuthorKind, CommentId, CommentView, NewComment},
    error::ErrorCode,
    exports::CommentLine,
    page::{Page, PageFilter},
    people::{Locale, PersonId},
    tickets::TicketId,
};
use db::{
    AsyncPgConnection,
    schema::{self, comments, tickets},
};
use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment},
    sql_types::{self, Bool, Jsonb, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use serde::{Deserialize, Serialize};

use super::{Unread, markdown};
use crate::{
    activity::{self, Kind, Record},
    attachments::Attachment,
    auth::CurrentUser,
    cursor::{self, Cursor},
    error::{AppError, Result},
    once::Once,
    people,
    state::Inner,
    tickets::{Theirs, Ticket, With, Written},
};

/// What the column `ai` holds: the name that the assistant had, and what stands beside its words.
#[derive(Debug, Serialize, Deserialize)]
struct Signed {
    name: String,
    #[serde(flatten)]
    answer: AiAnswer,
}

/// A comment, as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = comments, check_for_backend(Pg))]
pub struct CommentRow {
    pub id: CommentId,
    pub ticket_id: TicketId,
    /// Absent for the assistant, which has no account.
    pub author_id: Option<PersonId>,
    pub author_kind: AuthorKind,
    pub internal: bool,
    pub body_markdown: String,
    pub body_html: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
    /// How many files it carries.
    pub attachments: i16,
    /// What stands beside the assistant's words.
    pub ai: Option<serde_json::Value>,
    pub helpful: Option<bool>,
}

impl CommentRow {
    /// A comment that is about to be written.
    pub fn new(
        now: Timestamp,
        author: &CurrentUser,
        ticket: TicketId,
        id: CommentId,
        message: &str,
        internal: bool,
        attachments: &[AttachmentId],
    ) -> Self {
        Self {
            id,
            ticket_id: ticket,
            author_id: Some(author.id),
            author_kind: author.author_kind(),
            internal,
            body_html: markdown::render(message),
            body_markdown: message.to_owned(),
            created_at: now,
            attachments: i16::try_from(attachments.len()).unwrap_or(i16::MAX),
            ai: None,
            helpful: None,
        }
    }

    /// A comment of the assistant that is about to be written.
    pub fn of_assistant(
        now: Timestamp,
        name: &str,
        ticket: TicketId,
        markdown: String,
        answer: AiAnswer,
    ) -> Result<Self> {
        let signed = Signed { name: name.to_owned(), answer };
        Ok(Self {
            id: CommentId::new(),
            ticket_id: ticket,
            author_id: None,
            author_kind: AuthorKind::Ai,
            internal: false,
            body_html: markdown::render_answer(&markdown),
            body_markdown: markdown,
            created_at: now,
            attachments: 0,
            ai: Some(serde_json::to_value(signed).map_err(AppError::internal)?),
            helpful: None,
        })
    }

    /// A comment that comes from elsewhere. Files that stood on it are named, because their bytes did not come along; an
    /// answer of the assistant keeps the sources that lead somewhere on this desk.
    pub fn imported(
        id: CommentId,
        ticket: TicketId,
        author: Option<PersonId>,
        kind: AuthorKind,
        line: &CommentLine,
    ) -> Result<Self> {
        let mut body_markdown = line.message.to_string();
        for file in &line.attachments {
            body_markdown.push_str(&format!("\n\n\u{1F4CE} {}", file.filename));
        }
        let helpful = line.ai.as_ref().and_then(|ai| ai.helpful);
        let signed = (kind == AuthorKind::Ai).then(|| {
            let mut answer =
                line.ai.clone().unwrap_or(AiAnswer { outcome: Outcome::Answered, sources: Vec::new(), helpful });
            answer.sources.retain(|source| source.url.starts_with('/') && !source.url.starts_with("//"));
            Signed { name: line.author.name.as_ref().map(ToString::to_string).unwrap_or_default(), answer }
        });
        Ok(Self {
            id,
            ticket_id: ticket,
            author_id: author,
            author_kind: kind,
            internal: line.internal,
            body_html: markdown::render(&body_markdown),
            body_markdown,
            created_at: line.created_at,
            attachments: 0,
            ai: signed.map(serde_json::to_value).transpose().map_err(AppError::internal)?,
            helpful: helpful.filter(|_| kind == AuthorKind::Ai),
        })
    }

    /// Writes it as it is, and nothing else: for comments that come with their ticket from elsewhere.
    pub async fn insert(&self, conn: &mut AsyncPgConnection) -> QueryResult<()> {
        diesel::insert_into(comments::table)
            .values((
                comments::id.eq(self.id),
                comments::ticket_id.eq(self.ticket_id),
                comments::author_id.eq(self.author_id),
                comments::author_kind.eq(self.author_kind),
                comments::internal.eq(self.internal),
                comments::body_markdown.eq(&self.body_markdown),
                comments::body_html.eq(&self.body_html),
                comments::created_at.eq(self.created_at.to_diesel()),
                comments::attachments.eq(self.attachments),
                comments::ai.eq(&self.ai),
                comments::helpful.eq(self.helpful),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// What everybody on a ticket can read, oldest first, for the assistant, which is shown nothing else.
    pub async fn public_thread(conn: &mut AsyncPgConnection, ticket: TicketId) -> QueryResult<Vec<Self>> {
        comments::table
            .filter(comments::ticket_id.eq(ticket))
            .filter(comments::internal.eq(false))
            .order((comments::created_at, comments::id))
            .select(Self::as_select())
            .load(conn)
            .await
    }

    /// Keeps what the creator of the ticket thinks of an assistant's comment.
    pub async fn rate(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        user: &CurrentUser,
        id: CommentId,
        helpful: bool,
    ) -> Result<()> {
        let (ticket, kind, internal): (TicketId, AuthorKind, bool) = comments::table
            .find(id)
            .select((comments::ticket_id, comments::author_kind, comments::internal))
            .first(conn)
            .await?;
        let ticket = Ticket::load(conn, user, ticket).await?;
        if internal && !user.role.is_team() {
            return Err(AppError::not_found());
        }
        if ticket.creator_id != user.id || kind != AuthorKind::Ai {
            let detail = "Only a ticket's creator can say so, and only of the assistant's comments.";
            return Err(AppError::new(ErrorCode::Forbidden).detail(detail));
        }
        conn.transaction(async |conn| {
            diesel::update(comments::table.find(id)).set(comments::helpful.eq(helpful)).execute(conn).await?;
            let record = Record::of_ticket(Kind::AnswerRated, user, ticket.id, now).with_comment(id);
            activity::record(conn, record).await?;
            Ok(())
        })
        .await
    }

    /// Posts a comment: the comment, its files, the ticket's new state, the activity row and its job are one
    /// statement.
    ///
    /// Sending the same id twice posts once. A ticket that somebody else changed meanwhile is read again. Whoever says
    /// what they have read is refused when others wrote more.
    pub async fn post(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        user: &CurrentUser,
        ticket_id: TicketId,
        new: NewComment,
        once: Option<Once>,
    ) -> Result<CommentView> {
        let again = Again { desk, now, user, ticket_id, new: &new };
        if let Some(earlier) = activity::replay(conn, user.id, once.as_ref()).await? {
            return again.answer(conn, earlier.comment).await;
        }
        let ids = new.attachment_ids.as_slice();
        let row = Self::new(now, user, ticket_id, new.id.unwrap_or_default(), new.message.as_str(), new.internal, ids);
        let kind = if new.internal { Kind::NoteCreated } else { Kind::CommentCreated };
        let record = Record::of_ticket(kind, user, ticket_id, now).with_comment(row.id).once(once);
        let decide = |ticket: &Ticket| ticket.after_comment(now, user, new.internal);
        let unread = new.after.map(|after| Unread::new(ticket_id, user, after));
        let in_force = desk.settings.now();
        let with = With { record: &record, policy: &in_force.sla, comment: Some((&row, ids)), unread };
        match Ticket::write(conn, user, ticket_id, with, decide).await {
            Ok(Written::Now) => row.view(conn, desk, now, user).await,
            Ok(Written::Before) => {
                let earlier = activity::replay(conn, user.id, record.once.as_ref()).await?;
                let id = earlier.and_then(|earlier| earlier.comment).unwrap_or(row.id);
                again.answer(conn, Some(id)).await
            }
            // The comment may have arrived before the ticket was resolved, its files were taken or others wrote, and
            // only its answer was lost.
            Err(refused)
                if matches!(
                    refused.code(),
                    ErrorCode::AlreadyResolved | ErrorCode::Invalid | ErrorCode::NewerComments
                ) =>
            {
                let earlier = activity::replay(conn, user.id, record.once.as_ref()).await?;
                let id = earlier.and_then(|earlier| earlier.comment).or(new.id);
                if id.is_none() {
                    return Err(refused);
                }
                again.answer(conn, id).await.map_err(|_| refused)
            }
            Err(error) => Err(error),
        }
    }

    /// A comment that its author has written before; absent once its ticket was erased.
    pub async fn written(
        conn: &mut AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        author: &CurrentUser,
        id: CommentId,
    ) -> Result<CommentView> {
        let row: Self = comments::table
            .find(id)
            .filter(comments::author_id.eq(Some(author.id)))
            .select(Self::as_select())
            .first(conn)
            .await?;
        row.view(conn, desk, now, author).await
    }

    /// A page of a thread, oldest first: what this viewer may see of it, which is nothing if they may not
    /// see the ticket.
    pub async fn list(
        mut conn: &AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        viewer: &CurrentUser,
        ticket: TicketId,
        filter: &PageFilter,
    ) -> Result<Page<CommentView>> {
        let limit = cursor::limit(filter.limit)?;
        let mut query = comments::table
            .inner_join(tickets::table.on(tickets::id.eq(comments::ticket_id)))
            .left_join(schema::people::table.on(schema::people::id.nullable().eq(comments::author_id)))
            .filter(comments::ticket_id.eq(ticket))
            .select((Self::as_select(), schema::people::name.nullable()))
            .into_boxed();
        if !viewer.role.is_team() {
            query = query.filter(tickets::creator_id.eq(viewer.id)).filter(comments::internal.eq(false));
        }
        if let Some(theirs) = Theirs::of(viewer) {
            query = query.filter(theirs);
        }
        if let Some(after) = Cursor::parse(filter.after.as_deref())? {
            query = query.filter(after.newer("comments"));
        }
        let rows: Vec<(Self, Option<String>)> =
            query.order((comments::created_at, comments::id)).limit(limit as i64 + 1).load(&mut conn).await?;
        let (rows, next_cursor) = cursor::cut(rows, limit, |(row, _)| Cursor { at: row.created_at, id: row.id.0 });
        let with_files: Vec<CommentId> =
            rows.iter().filter(|(row, _)| row.attachments > 0).map(|(row, _)| row.id).collect();
        // Most threads carry none, and cost no look.
        let mut found =
            if with_files.is_empty() { HashMap::new() } else { Attachment::of_comments(conn, &with_files).await? };
        let items = rows.into_iter().map(|(row, name)| {
            let attachments = found.remove(&row.id).unwrap_or_default();
            let attachments = attachments.iter().map(|file| file.view(&desk.files, now)).collect::<Result<_>>()?;
            row.into_view(viewer, name.unwrap_or_default(), attachments)
        });
        Ok(Page { items: items.collect::<Result<_>>()?, next_cursor })
    }

    /// A comment that its author has written, with the files that it took along.
    pub async fn view(
        self,
        conn: &AsyncPgConnection,
        desk: &Inner,
        now: Timestamp,
        author: &CurrentUser,
    ) -> Result<CommentView> {
        let mut found = Vec::new();
        if self.attachments > 0 {
            found = Attachment::of_comments(conn, &[self.id]).await?.remove(&self.id).unwrap_or_default();
        }
        let attachments = found.iter().map(|file| file.view(&desk.files, now)).collect::<Result<_>>()?;
        self.into_view(author, author.name.clone(), attachments)
    }

    /// The name that stands on it, and what stands beside the assistant's words.
    pub fn signature(&self, author_name: String) -> Result<(String, Option<AiAnswer>)> {
        let signed = self.ai.clone().map(serde_json::from_value::<Signed>).transpose().map_err(AppError::internal)?;
        Ok(match signed {
            Some(Signed { name, answer }) => (name, Some(AiAnswer { helpful: self.helpful, ..answer })),
            None => (author_name, None),
        })
    }

    fn into_view(
        self,
        viewer: &CurrentUser,
        author_name: String,
        attachments: Vec<AttachmentView>,
    ) -> Result<CommentView> {
        let (name, ai) = self.signature(author_name)?;
        let is_nobodys = self.author_id == Some(people::NOBODY) && viewer.locale == Locale::French;
        let name = if is_nobodys { "Personne supprimée".to_owned() } else { name };
        Ok(CommentView {
            id: self.id,
            mine: self.author_id == Some(viewer.id),
            author: Author::new(self.author_kind, name),
            internal: self.internal,
            body_markdown: self.body_markdown,
            body_html: self.body_html,
            attachments,
            ai,
            created_at: self.created_at,
        })
    }
}

/// A comment that may have been posted before.
struct Again<'a> {
    desk: &'a Inner,
    now: Timestamp,
    user: &'a CurrentUser,
    ticket_id: TicketId,
    new: &'a NewComment,
}

impl Again<'_> {
    /// The answer to a comment that was posted before. An id that belongs to anything else is refused.
    async fn answer(&self, conn: &mut AsyncPgConnection, id: Option<CommentId>) -> Result<CommentView> {
        let taken = || AppError::new(ErrorCode::IdTaken);
        Ticket::load(conn, self.user, self.ticket_id).await?;
        let row = comments::table
            .filter(comments::id.nullable().eq(id))
            .filter(comments::ticket_id.eq(self.ticket_id))
            .filter(comments::author_id.eq(Some(self.user.id)))
            .filter(comments::body_markdown.eq(self.new.message.as_str()))
            .select(CommentRow::as_select())
            .first(conn)
            .await
            .optional()?
            .filter(|row| self.user.role.is_team() || !row.internal)
            .ok_or_else(taken)?;
        let view = row.view(conn, self.desk, self.now, self.user).await?;
        let same = view.attachments.iter().map(|file| file.id).eq(self.new.attachment_ids.iter().copied());
        if same { Ok(view) } else { Err(taken()) }
    }
}

/// Inserts a comment if the expression named `saved`, which writes its ticket, returned a row. It passes
/// on that row's `number`.
pub struct InsertComment<'a> {
    row: &'a CommentRow,
    created_at: jiff_diesel::Timestamp,
}

impl<'a> InsertComment<'a> {
    pub fn new(row: &'a CommentRow) -> Self {
        Self { row, created_at: row.created_at.to_diesel() }
    }
}

impl QueryFragment<Pg> for InsertComment<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "insert into comments \
             (id, ticket_id, author_id, author_kind, internal, body_markdown, body_html, created_at, attachments",
        );
        out.push_sql(if self.row.ai.is_some() { ", ai) select " } else { ") select " });
        out.push_bind_param::<sql_types::Uuid, _>(&self.row.id)?;
        out.push_sql(", ");
        out.push_bind_param::<sql_types::Uuid, _>(&self.row.ticket_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<sql_types::Uuid>, _>(&self.row.author_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.row.author_kind)?;
        out.push_sql(", ");
        out.push_bind_param::<Bool, _>(&self.row.internal)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.row.body_markdown)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.row.body_html)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamptz, _>(&self.created_at)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&self.row.attachments)?;
        if let Some(ai) = &self.row.ai {
            out.push_sql(", ");
            out.push_bind_param::<Jsonb, _>(ai)?;
        }
        out.push_sql(" from saved returning (select number from saved) as number");
        Ok(())
    }
}
