//! The calls of this room.

use api_types::{
    comments::{CommentFilter, CommentView, NewComment},
    page::{MAX_LIMIT, Page},
    tickets::TicketId,
};

use crate::{
    api::{Failure, get, post},
    paths,
};

/// The comments after a page's end.
pub async fn rest_of_thread(ticket: TicketId, after: String) -> Result<Page<CommentView>, Failure> {
    let filter = CommentFilter { limit: Some(MAX_LIMIT), after: Some(after) };
    get(&paths::with_filter(&format!("/tickets/{ticket}/comments"), &filter)).await
}

pub async fn create(ticket: TicketId, comment: NewComment) -> Result<CommentView, Failure> {
    post(&format!("/tickets/{ticket}/comments"), &comment).await
}
