//! The new ticket that is being written, kept in this browser until the server has it.
//!
//! Invariant: sending the same words again uses the same key, so a lost answer makes no second
//! ticket.

use api_types::{
    people::Me,
    tickets::{NewTicket, TicketId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{erased::effect, session, storage};

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    title: String,
    message: String,
    key: Uuid,
}

#[derive(Clone, Copy)]
pub struct Draft {
    pub title: RwSignal<String>,
    pub message: RwSignal<String>,
    follows: Option<TicketId>,
    key: StoredValue<Uuid>,
    place: StoredValue<String>,
}

impl Draft {
    /// The draft of a new ticket, or of the one that goes on from a resolved ticket.
    pub fn take_up(me: &Me, follows: Option<TicketId>) -> Self {
        let place = match follows {
            None => format!("{}new", session::drafts_of(me)),
            Some(id) => format!("{}new:{id}", session::drafts_of(me)),
        };
        let kept: Kept = storage::read(&place).unwrap_or_default();
        let key = if kept.key.is_nil() { Uuid::new_v4() } else { kept.key };
        let draft = Self {
            title: RwSignal::new(kept.title),
            message: RwSignal::new(kept.message),
            follows,
            key: StoredValue::new(key),
            place: StoredValue::new(place),
        };
        let mut taken_up = false;
        effect(move || {
            let (title, message) = (draft.title.get(), draft.message.get());
            if std::mem::replace(&mut taken_up, true) {
                draft.keep(title, message);
            }
        });
        draft
    }

    pub fn request(self) -> NewTicket {
        NewTicket {
            title: self.title.get_untracked().into(),
            message: self.message.get_untracked().into(),
            priority: None,
            follows: self.follows,
        }
    }

    pub fn key(self) -> String {
        self.key.get_value().to_string()
    }

    /// The server has it.
    pub fn forget(self) {
        self.place.with_value(|place| storage::forget(place));
    }

    /// Other words are another ticket: they get a key of their own.
    fn keep(self, title: String, message: String) {
        let key = Uuid::new_v4();
        self.key.set_value(key);
        self.place.with_value(|place| storage::keep(place, &Kept { title, message, key }));
    }
}
