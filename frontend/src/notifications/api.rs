//! The calls of this room.

use api_types::{
    notifications::{Notifications, NotificationsRead},
    tickets::TicketId,
};

use crate::{
    api::{Failure, get, post},
    paths,
};

pub async fn list(limit: usize, after: String) -> Result<Notifications, Failure> {
    get(paths::with_query("/notifications", &[("limit", &limit.to_string()), ("after", &after)])).await
}

/// Those of one ticket, or all.
pub async fn mark_read(ticket_id: Option<TicketId>) -> Result<(), Failure> {
    let read = NotificationsRead { ticket_id, all: ticket_id.is_none().then_some(true), ids: None };
    post("/notifications/read".to_owned(), &read).await
}
