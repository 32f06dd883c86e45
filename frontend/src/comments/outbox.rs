//! What is being written on one ticket, and what is on its way.
//!
//! Invariant: words stay in this browser until the server has confirmed them, and each message keeps
//! the id it was born with, so sending it twice posts it once.

use std::time::Duration;

use api_types::{
    assistant::AnswerId,
    comments::{CommentId, CommentView, NewComment},
    error::ErrorCode,
    tickets::TicketId,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{api, comment_form::focus_box};
use crate::{
    api::Failure,
    assistant,
    attachments::{KeptFile, Uploads},
    live, pulse, session, site, storage,
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
    /// The assistant's draft that these words are made of, which then goes with them.
    #[serde(default)]
    pub answer: Option<AnswerId>,
    /// The newest comment that the writer had read; forgotten once they know that there are newer ones, and with the
    /// page, because after a reload they see all.
    #[serde(skip)]
    pub after: Option<CommentId>,
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

impl Sending {
    /// Held back, because somebody else wrote meanwhile.
    pub fn is_overtaken(&self) -> bool {
        site::is_desk() && matches!(self, Self::Failed(failure) if failure.code() == Some(ErrorCode::NewerComments))
    }
}

#[derive(Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    message: String,
    internal: bool,
    unsent: Vec<Unsent>,
    #[serde(default)]
    answer: Option<AnswerId>,
}

#[derive(Clone, Copy)]
pub struct Outbox {
    ticket: TicketId,
    pub message: RwSignal<String>,
    pub internal: RwSignal<bool>,
    pub unsent: RwSignal<Vec<Unsent>>,
    pub uploads: Uploads,
    /// The newest comment that the reader has read.
    read: StoredValue<Option<CommentId>>,
    answer: RwSignal<Option<AnswerId>>,
    thread: RwSignal<Vec<CommentView>>,
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
        let Kept { message, internal, unsent, answer } = storage::read(&place).unwrap_or_default();
        let outbox = Self {
            ticket,
            message: RwSignal::new(message),
            internal: RwSignal::new(internal),
            unsent: RwSignal::new(unsent),
            uploads: Uploads::at(&place),
            read: StoredValue::default(),
            answer: RwSignal::new(answer),
            thread,
            posted: Callback::new(posted),
        };
        effect(move || outbox.drop_arrived(&thread.read()));
        let mut was_offline = false;
        effect(move || {
            let is_offline = live::is_offline();
            if std::mem::replace(&mut was_offline, is_offline) && !is_offline {
                untrack(|| outbox.retry_unreachable());
            }
        });
        effect(move || {
            let kept = Kept {
                message: outbox.message.get(),
                internal: outbox.internal.get(),
                unsent: outbox.unsent.get(),
                answer: outbox.answer.get(),
            };
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
            after: self.read.get_value().filter(|_| site::is_desk()),
            id: Some(CommentId::new()),
            message: self.message.get_untracked().into(),
            internal: self.internal.get_untracked(),
            attachment_ids: untrack(|| self.uploads.ids()),
        }
    }

    /// Puts the message into the thread at once and sends it.
    pub fn send(self, request: NewComment) {
        let Some(id) = request.id else { return };
        let (message, internal, after) = (request.message.to_string(), request.internal, request.after);
        let files = self.uploads.take();
        // A note is not the answer, and a draft goes without files: those are comments of their own.
        let answer = self.answer.get_untracked().filter(|_| !internal && files.is_empty());
        let state = Sending::Now;
        self.unsent.update(|unsent| unsent.push(Unsent { id, message, internal, files, answer, after, state }));
        self.message.set(String::new());
        if !internal {
            self.answer.set(None);
        }
        self.deliver(request, answer);
    }

    /// Takes the assistant's draft into the box, before what is written there.
    pub fn reword(self, answer: AnswerId, words: String) {
        self.internal.set(false);
        self.answer.set(Some(answer));
        self.prepend(words);
        focus_box();
    }

    pub fn retry(self, id: CommentId) {
        let found = self.unsent.with_untracked(|unsent| unsent.iter().find(|it| it.id == id).cloned());
        if let Some(unsent) = found {
            self.mark(id, Sending::Now);
            let request = NewComment {
                after: unsent.after,
                id: Some(id),
                message: unsent.message.into(),
                internal: unsent.internal,
                attachment_ids: unsent.files.iter().map(|file| file.id).collect(),
            };
            self.deliver(request, unsent.answer);
        }
    }

    /// What did not go while the server was out of reach goes now.
    fn retry_unreachable(self) {
        let waits = |it: &&Unsent| it.state == Sending::Failed(Failure::Unreachable);
        let waiting: Vec<CommentId> = self.unsent.with(|unsent| unsent.iter().filter(waits).map(|it| it.id).collect());
        waiting.into_iter().for_each(|id| self.retry(id));
    }

    /// Takes a message that did not go back into the box, before what is written there.
    pub fn edit(self, id: CommentId) {
        let found = self.unsent.with_untracked(|unsent| unsent.iter().find(|it| it.id == id).cloned());
        if let Some(unsent) = found {
            self.internal.set(unsent.internal);
            self.uploads.put_back(unsent.files);
            self.answer.set(unsent.answer);
            if unsent.state.is_overtaken() {
                self.read_all(Duration::ZERO);
            }
            self.prepend(unsent.message);
            self.unsent.update(|unsent| unsent.retain(|it| it.id != id));
        }
    }

    /// What is there now has been read, or is going to be in a moment.
    pub fn read_all(self, moment: Duration) {
        if !site::is_desk() {
            return;
        }
        let last = self.thread.with_untracked(|thread| thread.last().map(|it| it.id));
        let read = move || {
            self.read.try_set_value(last);
        };
        if moment.is_zero() { read() } else { set_timeout(read, moment) }
    }

    fn prepend(self, words: String) {
        self.message.update(|message| {
            *message = if message.is_empty() { words } else { format!("{words}\n\n{message}") };
        });
    }

    fn deliver(self, request: NewComment, answer: Option<AnswerId>) {
        let Some(id) = request.id else { return };
        spawn(async move {
            let sent = match answer {
                Some(answer) => assistant::send_draft(answer, Some(request.message.to_string())).await,
                None => api::create(self.ticket, request).await,
            };
            match sent {
                Ok(comment) => {
                    self.posted.try_run(comment);
                    // The server has named a draft's comment itself.
                    self.unsent.try_update(|unsent| unsent.retain(|it| it.id != id));
                }
                Err(failure) => {
                    let code = failure.code();
                    self.mark(id, Sending::Failed(failure));
                    if let Some(ErrorCode::AnswerSettled | ErrorCode::NewerComments) = code {
                        self.overtaken(id);
                    }
                }
            }
        });
    }

    /// Somebody else has settled the draft or wrote meanwhile, which is shown: tried again, the words go as a comment
    /// like any other.
    fn overtaken(self, id: CommentId) {
        self.unsent.try_update(|unsent| {
            unsent.iter_mut().filter(|it| it.id == id).for_each(|it| (it.answer, it.after) = (None, None));
        });
        pulse::look_again();
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
