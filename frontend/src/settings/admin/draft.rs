//! What an admin is changing, a topic, a department or a field, beside what the server has of it.
//!
//! Invariant: what is typed is lost neither to a refusal nor by going to another topic; only whoever typed it discards it.

use std::{cell::Cell, collections::BTreeMap, sync::LazyLock};

use leptos::{ev, prelude::*};
use serde_json::Value;

use super::json;
use crate::{erased::effect, i18n::Words, session, ui::Form};

/// What is typed and not saved, by what it belongs to, as long as this page is loaded.
static UNSAVED: LazyLock<ArcRwSignal<BTreeMap<String, Value>>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Follows whether something of a topic is not saved.
pub fn is_unsaved(topic: &str) -> bool {
    let of_topic = |key: &String| key.split('/').next() == Some(topic);
    UNSAVED.with(|unsaved| unsaved.keys().any(of_topic))
}

/// Makes the browser ask before what is not saved goes with the page.
pub fn guard() {
    if GUARDED.replace(true) {
        return;
    }
    window_event_listener(ev::beforeunload, |event| {
        let unsaved = UNSAVED.with_untracked(|unsaved| !unsaved.is_empty());
        // Who has signed out is on the way to another page.
        if unsaved && untrack(session::me).is_some() {
            event.prevent_default();
        }
    });
}

#[derive(Clone, Copy)]
pub struct Draft {
    /// What the server's pointers begin with; empty where the whole request is this.
    topic: &'static str,
    pub form: Form,
    pub now: RwSignal<Value>,
    pub saved: RwSignal<Value>,
}

impl Draft {
    /// Of what the server has, or as it was left unsaved under this key.
    pub fn begin(key: String, topic: &'static str, saved: Value) -> Self {
        let kept = UNSAVED.with_untracked(|unsaved| unsaved.get(&key).cloned());
        let now = RwSignal::new(kept.unwrap_or_else(|| saved.clone()));
        let draft = Self { topic, form: Form::new(), now, saved: RwSignal::new(saved) };
        effect(move || {
            let typed = draft.dirty().then(|| draft.now.get());
            if UNSAVED.with_untracked(|unsaved| unsaved.get(&key) != typed.as_ref()) {
                UNSAVED.update(|unsaved| match typed {
                    Some(typed) => drop(unsaved.insert(key.clone(), typed)),
                    None => drop(unsaved.remove(&key)),
                });
            }
        });
        draft
    }

    pub fn dirty(self) -> bool {
        self.now.with(|now| self.saved.with(|saved| now != saved))
    }

    pub fn discard(self) {
        self.form.clear();
        self.now.set(self.saved.get_untracked());
    }

    /// Takes what the server has now that it was sent something. What was typed meanwhile stays, not saved.
    pub fn settle(self, sent: &Value, saved: Value) {
        self.saved.try_set(saved.clone());
        match self.now.try_with_untracked(|now| now == sent) {
            Some(true) => drop(self.now.try_set(saved)),
            Some(false) => {}
            // Whoever sent it has gone on to another topic.
            None => UNSAVED.update(|unsaved| unsaved.retain(|_, typed| typed != sent)),
        }
    }

    /// Follows a part.
    pub fn read(self, at: &str) -> Value {
        self.now.with(|now| json::part(now, at).clone())
    }

    /// Follows a word or a number.
    pub fn text(self, at: &str) -> String {
        self.now.with(|now| json::text(json::part(now, at)))
    }

    pub fn flag(self, at: &str) -> bool {
        self.now.with(|now| json::flag(now, at))
    }

    /// Follows how long a list is.
    pub fn len(self, at: &str) -> usize {
        self.now.with(|now| json::list(json::part(now, at)).len())
    }

    pub fn put(self, at: &str, value: Value) {
        self.now.update(|now| json::put(now, at, value));
    }

    /// Changes a list.
    pub fn edit(self, at: &str, change: impl FnOnce(&mut Vec<Value>)) {
        let mut items = untrack(|| self.read(at)).as_array().cloned().unwrap_or_default();
        change(&mut items);
        self.put(at, Value::Array(items));
    }

    /// The name of a part in what the server refuses.
    pub fn name(self, at: &str) -> String {
        format!("{}{at}", self.topic).trim_start_matches('/').to_owned()
    }

    /// What is wrong with a part; `wrong` says why it would be impossible.
    pub fn fault(self, at: &str, wrong: Option<Words>) -> Option<String> {
        self.form.fault_or(&self.name(at), wrong)
    }
}
