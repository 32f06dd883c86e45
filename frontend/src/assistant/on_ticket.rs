//! The assistant on the open ticket, for what is drawn around and inside its thread.

use api_types::{
    assistant::AssistantView,
    comments::CommentId,
    tickets::{TicketId, TicketView},
};
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub struct OnTicket {
    pub ticket: TicketId,
    /// Absent until the ticket is there.
    pub view: Signal<Option<AssistantView>>,
    /// The reader opened this ticket, and it is not resolved.
    pub may_ask: Signal<bool>,
    /// The reader opened this ticket.
    pub creator: Signal<bool>,
    /// The assistant's last comment.
    pub latest: Signal<Option<CommentId>>,
    /// Hears an answer that holds the whole ticket.
    pub changed: Callback<TicketView>,
    /// Something else has changed: the ticket is to be asked for again.
    pub stale: Callback<()>,
}

impl OnTicket {
    pub fn here() -> Option<Self> {
        use_context()
    }

    /// Follows something about it.
    pub fn with<T>(self, read: impl FnOnce(&AssistantView) -> T) -> Option<T> {
        self.view.with(|view| view.as_ref().map(read))
    }

    pub fn writes(self) -> bool {
        self.with(|view| view.answering).unwrap_or(false)
    }
}
