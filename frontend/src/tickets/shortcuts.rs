//! Single keys on the desk.
//!
//! Invariant: a key typed into a field, with a modifier, or over a dialog is never a shortcut, and a
//! preference switches all of them off.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{
    address::Open,
    words::{CLOSE, KEY_HELP, KEY_NEXT, KEY_NOTE, KEY_OFF, KEY_PREVIOUS, KEY_REPLY, KEYS},
    workplace::Workplace,
};
use crate::{comments, session, ui::Dialog};

use crate::erased::on;

#[component]
pub fn Shortcuts() -> impl IntoView {
    let here = Workplace::here();
    let help = RwSignal::new(false);
    let listener = window_event_listener(ev::keydown, move |event| {
        let wanted = untrack(session::me).is_some_and(|me| me.preferences.shortcuts);
        if !wanted || !is_free(&event) {
            return;
        }
        match event.key().to_ascii_lowercase().as_str() {
            "j" => step(here, 1),
            "k" => step(here, -1),
            "r" => comments::start_writing(false),
            "n" => comments::start_writing(true),
            "?" => help.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    let keys = [("J", KEY_NEXT), ("K", KEY_PREVIOUS), ("R", KEY_REPLY), ("N", KEY_NOTE), ("?", KEY_HELP)];
    view! {
        <Dialog open=help id="keys" title=KEYS>
            <dl class="facts">
                {keys
                    .map(|(key, words)| {
                        view! {
                            <dt>
                                <kbd>{key}</kbd>
                            </dt>
                            <dd>{words}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
            <p class="quiet">{KEY_OFF}</p>
            <div class="dialog-actions">
                <button class="button" type="button" autofocus on:click=on(move |_| help.set(false))>
                    {CLOSE}
                </button>
            </div>
        </Dialog>
    }
}

fn step(here: Workplace, by: isize) {
    if let Some(id) = here.neighbour(by) {
        here.go(Open::Ticket(id));
    }
}

fn is_free(event: &KeyboardEvent) -> bool {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let typing = target.is_some_and(|target| {
        target.closest("input, textarea, select, dialog, [popover], [contenteditable]").ok().flatten().is_some()
    });
    let asking = document().query_selector("dialog[open]").ok().flatten().is_some();
    !(modified || typing || asking || event.default_prevented())
}
