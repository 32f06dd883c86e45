//! The calls of this room.

use api_types::{
    notifications::{NotificationView, Notifications, NotificationsRead},
    people::PersonRef,
    tickets::TicketRef,
};

use crate::{
    api::{Failure, ask_for, post},
    paths,
    said::Said,
    site,
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
    Some(NotificationView {
        id: said.meant("id")?,
        kind: said.meant("kind")?,
        ticket: said.part("ticket").and_then(|it| ticket(&it)),
        person: said.part("person").filter(|_| site::is_teams()).and_then(|it| person(&it)),
        actor: said.word("actor"),
        comment_id: said.meant("comment_id"),
        sla_target: said.meant("sla_target"),
        read: said.holds("read"),
        created_at: said.moment("created_at")?,
    })
}

fn person(said: &Said) -> Option<PersonRef> {
    Some(PersonRef { id: said.meant("id")?, name: said.word("name")? })
}

fn ticket(said: &Said) -> Option<TicketRef> {
    #[expect(clippy::cast_possible_truncation, reason = "a number for people")]
    let number = said.number("number")? as i64;
    Some(TicketRef { id: said.meant("id")?, number, title: said.word("title")? })
}

pub async fn mark_read(read: NotificationsRead) -> Result<(), Failure> {
    post("/notifications/read".to_owned(), &read).await
}
