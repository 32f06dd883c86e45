//! The ticket that is open: what the server last said of it, and its whole thread.
//!
//! Invariant: a comment that was shown stays; looking again adds and renews, in the server's order.

use api_types::{
    comments::CommentView,
    page::Page,
    tickets::{TicketId, TicketView},
};
use leptos::prelude::*;

use super::{api, chips::read_clock};
use crate::{api::Failure, comments, live, pulse};

use crate::erased::spawn;

#[derive(Clone, Copy)]
pub struct OpenTicket {
    pub id: TicketId,
    /// Absent until the first answer.
    pub view: RwSignal<Option<TicketView>>,
    pub comments: RwSignal<Vec<CommentView>>,
    /// True when the thread is there to its end.
    pub complete: RwSignal<bool>,
    pub failure: RwSignal<Option<Failure>>,
    /// Where the last page of the thread begins; absent while the first page is all of it.
    tail: StoredValue<Option<String>>,
    /// How often the server was asked, and the newest question whose answer was taken.
    asked: StoredValue<u32>,
    taken: StoredValue<u32>,
}

impl OpenTicket {
    /// Opens a ticket and keeps it fresh.
    pub fn follow(id: TicketId) -> Self {
        let ticket = Self {
            id,
            view: RwSignal::default(),
            comments: RwSignal::default(),
            complete: RwSignal::default(),
            failure: RwSignal::default(),
            tail: StoredValue::default(),
            asked: StoredValue::default(),
            taken: StoredValue::default(),
        };
        live::on_ticket(id, move || ticket.look());
        ticket
    }

    pub fn look(self) {
        let turn = self.turn();
        spawn(async move {
            match api::open(self.id).await {
                Ok(view) if self.is_newest(turn) => self.take(view).await,
                Ok(_) => {}
                Err(failure) => self.refuse(failure),
            }
        });
    }

    /// Takes up an answer that holds the whole ticket.
    pub fn accept(self, view: TicketView) {
        if self.is_newest(self.turn()) {
            spawn(self.take(view));
        }
        pulse::look_again();
    }

    pub fn add(self, fresh: Vec<CommentView>) {
        self.comments.try_update(|shown| {
            for comment in fresh {
                let place = |it: &CommentView| (it.created_at, it.id);
                match shown.iter().rposition(|old| place(old) <= place(&comment)) {
                    Some(at) if shown.get(at).is_some_and(|old| old.id == comment.id) => {}
                    Some(at) => shown.insert(at + 1, comment),
                    None => shown.insert(0, comment),
                }
            }
        });
    }

    fn turn(self) -> u32 {
        self.asked
            .try_update_value(|asked| {
                *asked += 1;
                *asked
            })
            .unwrap_or_default()
    }

    /// Answers overtake each other; one that was asked for earlier must not be shown over a later one.
    fn is_newest(self, turn: u32) -> bool {
        let newest = |taken: &mut u32| {
            let newest = turn >= *taken;
            *taken = turn.max(*taken);
            newest
        };
        self.taken.try_update_value(newest).unwrap_or(false)
    }

    async fn take(self, mut view: TicketView) {
        let Page { items, next_cursor } =
            std::mem::replace(&mut view.comments, Page { items: Vec::new(), next_cursor: None });
        self.failure.try_set(None);
        self.add(items);
        self.show(view);
        // Long threads go on from the last page that was read, not from the start.
        let mut cursor = self.tail.try_get_value().flatten().or(next_cursor);
        while let Some(after) = cursor {
            self.tail.try_set_value(Some(after.clone()));
            let Ok(page) = comments::rest_of_thread(self.id, after).await else { return };
            self.add(page.items);
            cursor = page.next_cursor;
        }
        self.complete.try_set(true);
    }

    /// What has not changed is not shown again; the clock runs on in the page.
    fn show(self, mut view: TicketView) {
        // The opening message shows its files; here their addresses, new at each look, would only be a change.
        view.attachments.clear();
        let same = self.view.try_with_untracked(|shown| {
            read_clock(&mut view.summary, shown.as_ref().map(|shown| &shown.summary));
            shown.as_ref() == Some(&view)
        });
        if same == Some(false) {
            self.view.set(Some(view));
        }
    }

    /// A ticket on the screen stays there when the network is gone, and goes when it was deleted.
    fn refuse(self, failure: Failure) {
        let shown = self.view.try_with_untracked(Option::is_some).unwrap_or(false);
        if !shown || matches!(failure, Failure::Refused(_)) {
            self.failure.try_set(Some(failure));
        }
    }
}
