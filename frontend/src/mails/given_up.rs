//! Whether there are mails that were given up, for the mark beside the link to their page.
//!
//! Invariant: asked for admins alone, and only while somebody looks.

use std::sync::LazyLock;

use api_types::{mails::MailState, people::Role};
use leptos::prelude::*;

use super::api;
use crate::{
    erased::{effect, memo, spawn},
    pulse, session,
};

static ANY: LazyLock<ArcRwSignal<bool>> = LazyLock::new(ArcRwSignal::default);

/// Keeps an eye on them, once per page.
pub fn watch() {
    let asks = memo(|| session::me().is_some_and(|me| me.role == Role::Admin));
    effect(move || {
        // Nobody announces mails.
        pulse::time();
        if asks.get() {
            look();
        } else {
            ANY.set(false);
        }
    });
}

/// Follows whether there are any.
pub fn any() -> bool {
    ANY.get()
}

pub fn look() {
    spawn(async {
        if let Ok((found, _)) = api::list(MailState::Dead.as_str(), "", 1).await {
            let any = !found.is_empty();
            if ANY.get_untracked() != any {
                ANY.set(any);
            }
        }
    });
}
