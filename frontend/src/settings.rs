//! How this desk differs from others.
//!
//! Invariant: asked for once per page load, by whoever needs it first, and kept for all who come later.

mod admin;

pub use admin::SettingsPage;

use std::{cell::Cell, sync::LazyLock};

use api_types::settings::RegistrationMode;
use leptos::prelude::*;

use crate::{api, erased::spawn};

/// As much as the page goes by.
#[derive(Clone, Copy, PartialEq)]
pub enum Known {
    /// The server has not answered yet.
    NotYet,
    Unreachable,
    Registration(RegistrationMode),
}

static KNOWN: LazyLock<ArcRwSignal<Known>> = LazyLock::new(|| ArcRwSignal::new(Known::NotYet));

thread_local! {
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Follows who may open a ticket.
pub fn registration() -> Known {
    if !ASKED.get() {
        fetch();
    }
    KNOWN.get()
}

/// Asks, also again after a failure.
pub fn fetch() {
    ASKED.set(true);
    spawn(async {
        let answer = api::ask_for("/settings".to_owned()).await;
        let mode = answer.ok().and_then(|said| said.meant("registration"));
        KNOWN.set(mode.map_or(Known::Unreachable, Known::Registration));
    });
}
