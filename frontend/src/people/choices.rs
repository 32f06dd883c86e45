//! One's preferences as they are chosen.
//!
//! Invariant: what shows is what was chosen last. It is saved one time after the other, so that two quick choices
//! never overtake each other; what cannot be saved shows as it was.

use std::{cell::Cell, rc::Rc, sync::Arc};

use api_types::people::{Me, MeChange, Preferences};
use leptos::prelude::*;

use super::api;
use crate::{
    erased::{derive, on, spawn},
    session, ui,
};

/// Outlives the page that shows it, until all is saved.
#[derive(Clone)]
pub struct Choices {
    now: ArcRwSignal<Preferences>,
    saving: Rc<Cell<bool>>,
}

impl Choices {
    pub fn of(me: &Me) -> Self {
        Self { now: ArcRwSignal::new(me.preferences), saving: Rc::default() }
    }

    pub fn choose(&self, change: impl FnOnce(&mut Preferences)) {
        self.now.update(change);
        if !self.saving.get() {
            self.saving.set(true);
            spawn(self.clone().save());
        }
    }

    async fn save(self) {
        loop {
            let wanted = self.now.get_untracked();
            match api::change_me(MeChange { preferences: Some(wanted), ..MeChange::default() }).await {
                Ok(me) => session::update(me),
                Err(failure) => {
                    ui::failed(&failure);
                    if let Some(me) = untrack(session::me) {
                        self.now.set(me.preferences);
                    }
                    break;
                }
            }
            if self.now.get_untracked() == wanted {
                break;
            }
        }
        self.saving.set(false);
    }
}

type Reads = Arc<dyn Fn(&Preferences) -> bool + Send + Sync>;
type Writes = Box<dyn Fn(&mut Preferences, bool)>;

/// The box or the button that shows one choice and makes it, with what it is called.
pub fn tick(
    choices: &Choices,
    kind: &'static str,
    called: AnyView,
    reads: impl Fn(&Preferences) -> bool + Send + Sync + 'static,
    writes: impl Fn(&mut Preferences, bool) + 'static,
) -> AnyView {
    fn begin(choices: Choices, kind: &'static str, called: AnyView, reads: Reads, writes: Writes) -> AnyView {
        let shown = choices.now.clone();
        let changed = move |event| choices.choose(|it| writes(it, event_target_checked(&event)));
        view! {
            <label class="check">
                <input type=kind prop:checked=derive(move || reads(&shown.get())) on:change=on(changed) />
                {called}
            </label>
        }
        .into_any()
    }
    begin(choices.clone(), kind, called, Arc::new(reads), Box::new(writes))
}
