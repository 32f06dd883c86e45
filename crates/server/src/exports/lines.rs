//! Tickets as lines of JSON, each with its whole thread.
//!
//! Invariant: nothing is lost and nothing is shortened; a thread of any length is written in pieces.

use std::collections::HashMap;

use actix_web::web::Bytes;
use api_types::{
    attachments::Uploaded,
    comments::CommentId,
    exports::{AuthorLine, CommentLine, DepartmentLine, PersonLine, TicketLine},
    people::{PersonId, Role},
    text::{EmailAddress, Message, PersonName, Title},
    tickets::{Hold, TicketId},
};
use serde::Serialize;

use super::stream::Outlet;
use crate::{
    attachments::Attachment,
    auth::CurrentUser,
    comments::{self, Said},
    cursor::Cursor,
    error::{AppError, Result},
    people::Person,
    state::State,
    tickets::NamedTicket,
};

/// So many comments are in memory at a time.
const COMMENTS: i64 = 500;

/// Lines gather until they are so long together.
const PIECE: usize = 128 * 1024;

/// Lines that are being written.
pub struct Lines {
    /// Admins see people's addresses, and so find them here.
    with_addresses: bool,
    with_notes: bool,
}

impl Lines {
    pub fn new(user: &CurrentUser) -> Self {
        Self { with_addresses: user.role == Role::Admin, with_notes: true }
    }

    /// As the creators of tickets see them.
    pub fn of_creator() -> Self {
        Self { with_addresses: false, with_notes: false }
    }

    /// A ticket without its thread, as its creator sees it.
    pub fn creators_line(&self, state: &State, creator: &CurrentUser, row: NamedTicket) -> TicketLine {
        TicketLine {
            stage: None,
            assignee: None,
            hold: None,
            person_wanted: false,
            sla: None,
            ..self.line(state, creator, row, &HashMap::new())
        }
    }

    /// A page of a thread, and where the rest begins if there is more.
    pub async fn page(
        &self,
        state: &State,
        ticket: TicketId,
        after: Option<Cursor>,
    ) -> Result<(Vec<CommentLine>, Option<Cursor>)> {
        let mut thread = HashMap::new();
        let rest = self.read(state, &[ticket], after, &mut thread).await?;
        Ok((thread.remove(&ticket).unwrap_or_default(), rest))
    }

    /// Writes these tickets.
    pub async fn write(
        &self,
        state: &State,
        user: &CurrentUser,
        rows: Vec<NamedTicket>,
        outlet: &Outlet,
    ) -> Result<()> {
        let ids: Vec<TicketId> = rows.iter().map(|row| row.ticket.id).collect();
        let mut conn = state.db().await?;
        let counts = comments::count(&mut conn, &ids).await?;
        let people = rows.iter().flat_map(|row| [Some(row.ticket.creator_id), row.ticket.assignee_id]);
        let addresses = match self.with_addresses {
            true => Person::addresses(&mut conn, people.flatten().collect()).await?,
            false => HashMap::new(),
        };
        drop(conn);
        let (mut together, mut sum) = (Vec::new(), 0);
        for row in rows {
            let count = counts.get(&row.ticket.id).copied().unwrap_or(0);
            if sum + count >= COMMENTS && !together.is_empty() {
                self.write_together(state, user, std::mem::take(&mut together), &addresses, outlet).await?;
                sum = 0;
            }
            sum += count;
            together.push(row);
        }
        self.write_together(state, user, together, &addresses, outlet).await
    }

    /// Writes tickets with few comments together, or one with any number.
    async fn write_together(
        &self,
        state: &State,
        user: &CurrentUser,
        rows: Vec<NamedTicket>,
        addresses: &HashMap<PersonId, String>,
        outlet: &Outlet,
    ) -> Result<()> {
        let ids: Vec<TicketId> = rows.iter().map(|row| row.ticket.id).collect();
        let mut thread: HashMap<TicketId, Vec<CommentLine>> = HashMap::new();
        let mut rest = self.read(state, &ids, None, &mut thread).await?;
        if rest.is_some() && ids.len() > 1 {
            // There are more than were counted.
            for row in rows {
                Box::pin(self.write_together(state, user, vec![row], addresses, outlet)).await?;
            }
            return Ok(());
        }
        let mut written = Vec::new();
        for row in rows {
            let id = row.ticket.id;
            let mut line = self.line(state, user, row, addresses);
            line.comments = thread.remove(&id).unwrap_or_default();
            add(&mut written, &line)?;
            while let Some(after) = rest {
                // The thread is the last thing in the line, and goes on.
                written.truncate(written.len().saturating_sub(2));
                outlet.push(std::mem::take(&mut written)).await?;
                rest = self.read(state, &[id], Some(after), &mut thread).await?;
                for comment in thread.remove(&id).unwrap_or_default() {
                    written.push(b',');
                    add(&mut written, &comment)?;
                }
                written.extend_from_slice(b"]}");
            }
            written.push(b'\n');
            if written.len() > PIECE {
                outlet.push(std::mem::take(&mut written)).await?;
            }
        }
        if written.is_empty() { Ok(()) } else { outlet.push(Bytes::from(written)).await }
    }

    /// Reads comments, and tells where the rest begins if there are more.
    async fn read(
        &self,
        state: &State,
        ids: &[TicketId],
        after: Option<Cursor>,
        thread: &mut HashMap<TicketId, Vec<CommentLine>>,
    ) -> Result<Option<Cursor>> {
        let mut conn = state.db().await?;
        let said = comments::said(&mut conn, ids, self.with_notes, after, COMMENTS).await?;
        let with_files: Vec<CommentId> =
            said.iter().filter(|said| said.row.attachments > 0).map(|said| said.row.id).collect();
        let mut files =
            if with_files.is_empty() { HashMap::new() } else { Attachment::of_comments(&conn, &with_files).await? };
        drop(conn);
        let is_full = said.len() as i64 == COMMENTS;
        let rest = said.last().filter(|_| is_full).map(|said| Cursor { at: said.row.created_at, id: said.row.id.0 });
        for said in said {
            let files = files.remove(&said.row.id).unwrap_or_default();
            thread.entry(said.row.ticket_id).or_default().push(self.comment(said, files)?);
        }
        Ok(rest)
    }

    fn line(
        &self,
        state: &State,
        user: &CurrentUser,
        row: NamedTicket,
        addresses: &HashMap<PersonId, String>,
    ) -> TicketLine {
        let ticket = row.ticket.clone();
        let summary = row.into_summary(&state.settings.now(), state.clock.now(), user);
        let person = |id: PersonId, name: String| PersonLine {
            id: Some(id),
            name: Some(PersonName::from(name)),
            email: addresses.get(&id).cloned().map(EmailAddress::from),
            locale: None,
        };
        TicketLine {
            external_id: None,
            id: Some(ticket.id),
            number: Some(ticket.number),
            title: Title::from(ticket.title),
            status: Some(summary.status),
            stage: Some(ticket.stage),
            priority: Some(ticket.priority),
            creator: person(summary.creator.id, summary.creator.name),
            assignee: summary.assignee.map(|assignee| person(assignee.id, assignee.name)),
            department: summary.department.map(|it| DepartmentLine { id: Some(it.id), name: it.name }),
            created_at: ticket.created_at,
            updated_at: Some(ticket.updated_at),
            first_reply_at: ticket.first_reply_at,
            resolved_at: ticket.resolved_at,
            archived_at: ticket.archived_at,
            hold: ticket.hold_reason.map(|reason| Hold { reason, until: ticket.hold_until }),
            person_wanted: summary.person_wanted,
            follows: ticket.follows_id,
            custom_fields: ticket.custom_fields.answers,
            sla: Some(summary.sla),
            comments: Vec::new(),
        }
    }

    fn comment(&self, said: Said, files: Vec<Attachment>) -> Result<CommentLine> {
        let Said { row, name, email } = said;
        let (name, ai) = row.signature(name)?;
        Ok(CommentLine {
            external_id: None,
            id: Some(row.id),
            author: AuthorLine {
                kind: Some(row.author_kind),
                id: row.author_id,
                name: Some(PersonName::from(name)),
                email: email.filter(|_| self.with_addresses).map(EmailAddress::from),
            },
            internal: row.internal,
            message: Message::from(row.body_markdown),
            created_at: row.created_at,
            attachments: files
                .into_iter()
                .map(|file| Uploaded {
                    id: file.id,
                    filename: file.filename,
                    content_type: file.content_type,
                    size: file.size.unsigned_abs(),
                })
                .collect(),
            ai,
        })
    }
}

fn add(written: &mut Vec<u8>, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer(written, value).map_err(AppError::internal)
}
