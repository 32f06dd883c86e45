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

use crate::{attachments::Uploads, erased::effect, session, storage};

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
    pub uploads: Uploads,
    follows: Option<TicketId>,
    key: StoredValue<Uuid>,
    /// Absent once the server has the ticket.
    place: StoredValue<Option<String>>,
}

impl Draft {
    /// The draft of a new ticket, or of the one that goes on from a resolved ticket. A visitor is nobody yet.
    pub fn take_up(me: Option<&Me>, follows: Option<TicketId>) -> Self {
        let whose = me.map_or_else(|| "draft:visitor:".to_owned(), session::drafts_of);
        let place = match follows {
            None => format!("{whose}new"),
            Some(id) => format!("{whose}new:{id}"),
        };
        let kept: Kept = storage::read(&place).unwrap_or_default();
        let key = if kept.key.is_nil() { Uuid::new_v4() } else { kept.key };
        let draft = Self {
            title: RwSignal::new(kept.title),
            message: RwSignal::new(kept.message),
            uploads: Uploads::at(&place),
            follows,
            key: StoredValue::new(key),
            place: StoredValue::new(Some(place)),
        };
        let mut before = None;
        effect(move || {
            let now = (draft.title.get(), draft.message.get(), draft.uploads.ids());
            // A file that is half way there changes nothing yet.
            if before.as_ref().is_some_and(|before| *before != now) {
                draft.keep(&now.0, &now.1);
            }
            before = Some(now);
        });
        draft
    }

    pub fn request(self) -> NewTicket {
        NewTicket {
            visitor: None,
            captcha: None,
            title: self.title.get_untracked().into(),
            message: self.message.get_untracked().into(),
            priority: None,
            department_id: None,
            custom_fields: Default::default(),
            follows: self.follows,
            attachment_ids: untrack(|| self.uploads.ids()),
        }
    }

    pub fn key(self) -> String {
        self.key.get_value().to_string()
    }

    /// The server has it.
    pub fn forget(self) {
        if let Some(place) = self.place.try_update_value(Option::take).flatten() {
            storage::forget(&place);
        }
        self.uploads.take();
    }

    /// Other words or other files are another ticket: they get a key of their own.
    fn keep(self, title: &str, message: &str) {
        let key = Uuid::new_v4();
        self.key.set_value(key);
        let kept = Kept { title: title.to_owned(), message: message.to_owned(), key };
        self.place.with_value(|place| {
            if let Some(place) = place {
                storage::keep(place, &kept);
            }
        });
    }
}
