//! The calls of this room.

use api_types::{
    comments::{CommentView, NewComment},
    page::{MAX_LIMIT, Page},
    tickets::TicketId,
};

use crate::{
    api::{Failure, get, post},
    paths,
};

/// The comments after a page's end.
pub async fn rest_of_thread(ticket: TicketId, after: String) -> Result<Page<CommentView>, Failure> {
    let path = format!("/tickets/{ticket}/comments");
    get(paths::with_query(&path, &[("limit", &MAX_LIMIT.to_string()), ("after", &after)])).await
}

pub async fn create(ticket: TicketId, comment: NewComment) -> Result<CommentView, Failure> {
    post(format!("/tickets/{ticket}/comments"), &comment).await
}
