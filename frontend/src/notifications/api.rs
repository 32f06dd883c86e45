//! The calls of this room.

use api_types::{
    notifications::{NotificationView, Notifications, NotificationsRead},
    tickets::{TicketId, TicketRef},
};

use crate::{
    api::{Failure, ask_for, post},
    paths,
    said::Said,
};

pub async fn list(limit: usize, after: String) -> Result<Notifications, Failure> {
    let path = paths::with_query("/notifications", &[("limit", &limit.to_string()), ("after", &after)]);
    let said = ask_for(path).await?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let unread_count = said.number("unread_count").ok_or(Failure::Unreachable)? as u32;
    let items = said.list("items").filter_map(|it| notification(&it)).collect();
    Ok(Notifications { items, unread_count, next_cursor: said.word("next_cursor") })
}

/// Absent when the server is newer than the page, and tells of what the page does not know.
fn notification(said: &Said) -> Option<NotificationView> {
    let ticket = said.part("ticket")?;
    #[expect(clippy::cast_possible_truncation, reason = "a number for people")]
    let number = ticket.number("number")? as i64;
    Some(NotificationView {
        id: said.meant("id")?,
        kind: said.meant("kind")?,
        ticket: TicketRef { id: ticket.meant("id")?, number, title: ticket.word("title")? },
        actor: said.word("actor"),
        comment_id: said.meant("comment_id"),
        read: said.holds("read"),
        created_at: said.moment("created_at")?,
    })
}

/// Those of one ticket, or all.
pub async fn mark_read(ticket_id: Option<TicketId>) -> Result<(), Failure> {
    let read = NotificationsRead { ticket_id, all: ticket_id.is_none().then_some(true), ids: None };
    post("/notifications/read".to_owned(), &read).await
}
