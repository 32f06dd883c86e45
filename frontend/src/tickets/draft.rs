//! The new ticket that is being written, kept in this browser until the server has it.
//!
//! Invariant: sending the same words again uses the same key, so a lost answer makes no second
//! ticket.

use std::collections::BTreeMap;

use api_types::{people::Me, tickets::TicketId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{attachments::Uploads, erased::effect, session, storage};

/// What is written and chosen, by the names of the request's fields.
type Answers = BTreeMap<String, String>;

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    answers: Answers,
    key: Uuid,
}

/// A form that is being filled in.
#[derive(Clone, Copy, Default)]
pub struct Sheet(RwSignal<Answers>);

impl Sheet {
    /// Follows an answer; empty while there is none.
    pub fn answer(self, name: &str) -> String {
        self.0.with(|answers| answers.get(name).cloned().unwrap_or_default())
    }

    pub fn give(self, name: &str, answer: String) {
        self.0.update(|answers| drop(answers.insert(name.to_owned(), answer)));
    }
}

#[derive(Clone, Copy)]
pub struct Draft {
    pub sheet: Sheet,
    pub uploads: Uploads,
    pub follows: Option<TicketId>,
    /// The department of the ticket that this one goes on from; empty without.
    pub inherited: RwSignal<String>,
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
            sheet: Sheet(RwSignal::new(kept.answers)),
            uploads: Uploads::at(&place),
            follows,
            inherited: RwSignal::default(),
            key: StoredValue::new(key),
            place: StoredValue::new(Some(place)),
        };
        let mut before = None;
        effect(move || {
            let now = (draft.sheet.0.get(), draft.uploads.ids());
            // A file that is half way there changes nothing yet.
            if before.as_ref().is_some_and(|before| *before != now) {
                draft.keep(&now.0);
            }
            before = Some(now);
        });
        draft
    }

    /// Follows an answer; empty while there is none.
    pub fn answer(self, name: &str) -> String {
        self.sheet.answer(name)
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
    fn keep(self, answers: &Answers) {
        let key = Uuid::new_v4();
        self.key.set_value(key);
        let kept = Kept { answers: answers.clone(), key };
        self.place.with_value(|place| {
            if let Some(place) = place {
                storage::keep(place, &kept);
            }
        });
    }
}
