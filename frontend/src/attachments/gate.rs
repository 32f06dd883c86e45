//! Whether a message can go: its files have to be there first.
//!
//! Invariant: a message that was asked to be sent goes as soon as its files are there, and never
//! without one of them.

use leptos::prelude::*;

use super::{uploads::Uploads, words::SENDING_AFTER};
use crate::{
    erased::{effect, on, when},
    ui::CANCEL,
};

#[derive(Clone, Copy)]
pub struct Gate {
    uploads: Uploads,
    queued: RwSignal<bool>,
    pub blocked: RwSignal<bool>,
}

impl Gate {
    pub fn of(uploads: Uploads) -> Self {
        Self { uploads, queued: RwSignal::new(false), blocked: RwSignal::new(false) }
    }

    /// True when the message has to wait, for uploads or for somebody to look at a failed one.
    pub fn holds(self) -> bool {
        let (running, failed) = untrack(|| self.uploads.unfinished());
        self.blocked.set(failed > 0);
        self.queued.set(failed == 0 && running > 0);
        failed > 0 || running > 0
    }

    /// Sends what was held back.
    pub fn opens(self, send: impl Fn() + 'static) {
        effect(move || {
            let (running, failed) = self.uploads.unfinished();
            if failed == 0 && self.blocked.get_untracked() {
                self.blocked.set(false);
            }
            if self.queued.get_untracked() && (running == 0 || failed > 0) {
                self.queued.set(false);
                untrack(&send);
            }
        });
    }

    /// How many uploads the message waits for; none when it was not asked to be sent.
    pub fn waits_for(self) -> u32 {
        if self.queued.get() { self.uploads.unfinished().0 } else { 0 }
    }
}

/// Beside the button that sends: what it waits for, and a way to stop waiting.
#[component]
pub fn GateNote(gate: Gate) -> impl IntoView {
    when(
        move || gate.queued.get(),
        move || {
            view! {
                <span class="gate">
                    <span role="status">{move || SENDING_AFTER.of(gate.waits_for())}</span>
                    <button
                        class="button"
                        data-kind="plain"
                        data-size="small"
                        type="button"
                        on:click=on(move |_| gate.queued.set(false))
                    >
                        {CANCEL}
                    </button>
                </span>
            }
        },
    )
}
