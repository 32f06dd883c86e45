//! What is being written on one ticket, and what is on its way.
//!
//! Invariant: words stay in this browser until the server has confirmed them, and each message keeps
//! the id it was born with, so sending it twice posts it once.

use api_types::{
    comments::{CommentId, CommentView, NewComment},
    tickets::TicketId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::api;
use crate::{
    api::Failure,
    attachments::{KeptFile, Uploads},
    session, storage,
};

use crate::erased::{effect, spawn};

/// One message that the server has not confirmed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Unsent {
    pub id: CommentId,
    pub message: String,
    pub internal: bool,
    #[serde(default)]
    pub files: Vec<KeptFile>,
    #[serde(skip)]
    pub state: Sending,
}

#[derive(Clone, Default, PartialEq)]
pub enum Sending {
    Now,
    Failed(Failure),
    /// Found after a reload: nobody knows whether it arrived.
    #[default]
    Unknown,
}

#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    message: String,
    internal: bool,
    unsent: Vec<Unsent>,
}

#[derive(Clone, Copy)]
pub struct Outbox {
    ticket: TicketId,
    pub message: RwSignal<String>,
    pub internal: RwSignal<bool>,
    pub unsent: RwSignal<Vec<Unsent>>,
    pub uploads: Uploads,
    posted: Callback<CommentView>,
}

impl Outbox {
    /// Takes up what this person had begun on this ticket. `thread` is what the server has;
    /// `posted` hears each confirmed comment.
    pub fn of(
        ticket: TicketId,
        thread: RwSignal<Vec<CommentView>>,
        posted: impl Fn(CommentView) + Send + Sync + 'static,
    ) -> Self {
        let place = untrack(session::me).map(|me| format!("{}{ticket}", session::drafts_of(&me))).unwrap_or_default();
        let Kept { message, internal, unsent } = storage::read(&place).unwrap_or_default();
        let outbox = Self {
            ticket,
            message: RwSignal::new(message),
            internal: RwSignal::new(internal),
            unsent: RwSignal::new(unsent),
            uploads: Uploads::at(&place),
            posted: Callback::new(posted),
        };
        effect(move || outbox.drop_arrived(&thread.read()));
        effect(move || {
            let kept =
                Kept { message: outbox.message.get(), internal: outbox.internal.get(), unsent: outbox.unsent.get() };
            if kept.message.is_empty() && kept.unsent.is_empty() {
                storage::forget(&place);
            } else {
                storage::keep(&place, &kept);
            }
        });
        outbox
    }

    pub fn request(self) -> NewComment {
        NewComment {
            id: Some(CommentId::new()),
            message: self.message.get_untracked().into(),
            internal: self.internal.get_untracked(),
            attachment_ids: untrack(|| self.uploads.ids()),
        }
    }

    /// Puts the message into the thread at once and sends it.
    pub fn send(self, request: NewComment) {
        let Some(id) = request.id else { return };
        let (message, internal, files) = (request.message.to_string(), request.internal, self.uploads.take());
        self.unsent.update(|unsent| unsent.push(Unsent { id, message, internal, files, state: Sending::Now }));
        self.message.set(String::new());
        self.deliver(request);
    }

    pub fn retry(self, id: CommentId) {
        let found = self.unsent.with_untracked(|unsent| unsent.iter().find(|it| it.id == id).cloned());
        if let Some(unsent) = found {
            self.mark(id, Sending::Now);
            self.deliver(NewComment {
                id: Some(id),
                message: unsent.message.into(),
                internal: unsent.internal,
                attachment_ids: unsent.files.iter().map(|file| file.id).collect(),
            });
        }
    }

    /// Takes a message that did not go back into the box, before what is written there.
    pub fn edit(self, id: CommentId) {
        let found = self.unsent.with_untracked(|unsent| unsent.iter().find(|it| it.id == id).cloned());
        if let Some(unsent) = found {
            self.internal.set(unsent.internal);
            self.uploads.put_back(unsent.files);
            self.message.update(|message| {
                *message = if message.is_empty() { unsent.message } else { format!("{}\n\n{message}", unsent.message) };
            });
            self.unsent.update(|unsent| unsent.retain(|it| it.id != id));
        }
    }

    fn deliver(self, request: NewComment) {
        let Some(id) = request.id else { return };
        spawn(async move {
            match api::create(self.ticket, request).await {
                Ok(comment) => {
                    self.posted.try_run(comment);
                }
                Err(failure) => self.mark(id, Sending::Failed(failure)),
            }
        });
    }

    fn mark(self, id: CommentId, state: Sending) {
        self.unsent.try_update(|unsent| {
            if let Some(it) = unsent.iter_mut().find(|it| it.id == id) {
                it.state = state;
            }
        });
    }

    fn drop_arrived(self, thread: &[CommentView]) {
        let arrived = |it: &Unsent| thread.iter().any(|comment| comment.id == it.id);
        if self.unsent.with_untracked(|unsent| unsent.iter().any(arrived)) {
            self.unsent.update(|unsent| unsent.retain(|it| !arrived(it)));
        }
    }
}
