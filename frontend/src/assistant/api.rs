//! The calls of this room.

use api_types::{
    assistant::{AnswerEntry, AnswerId, AnswerPublication, AssistantChange, Feedback},
    comments::{CommentId, CommentView},
    page::Page,
    tickets::{TicketId, TicketView},
};

use crate::{
    api::{Failure, act, delete, get, post, put},
    paths::with_query,
};

pub async fn say_helpful(comment: CommentId) -> Result<(), Failure> {
    post(format!("/comments/{comment}/feedback"), &Feedback { helpful: true }).await
}

pub async fn want_person(ticket: TicketId) -> Result<TicketView, Failure> {
    act(format!("/tickets/{ticket}/human")).await
}

pub async fn steer(ticket: TicketId, change: AssistantChange) -> Result<TicketView, Failure> {
    put(format!("/tickets/{ticket}/assistant"), &change).await
}

/// Sends a draft, in other words when there are any.
pub async fn send_draft(id: AnswerId, message: Option<String>) -> Result<CommentView, Failure> {
    let publication = AnswerPublication { message: message.map(Into::into) };
    post(format!("/answers/{id}/publication"), &publication).await
}

pub async fn drop_draft(id: AnswerId) -> Result<(), Failure> {
    delete(format!("/answers/{id}")).await
}

pub async fn answers(state: &str, after: &str) -> Result<Page<AnswerEntry>, Failure> {
    get(with_query("/admin/answers", &[("state", state), ("after", after)])).await
}
