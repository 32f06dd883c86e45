//! Whether there are mails that were given up, for the mark beside the link to their page.
//!
//! Invariant: asked at the desk alone, for admins, and only while somebody looks.

use std::sync::LazyLock;

use api_types::{mails::MailState, people::Role};
use leptos::prelude::*;

use super::api;
use crate::{
    erased::{effect, memo, spawn},
    pulse, session, site,
};

static ANY: LazyLock<ArcRwSignal<bool>> = LazyLock::new(ArcRwSignal::default);

/// Keeps an eye on them, once per page.
pub fn watch() {
    let asks = memo(|| site::is_desk() && session::me().is_some_and(|me| me.role == Role::Admin));
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
        if let Ok(page) = api::list(Some(MailState::Dead), 1, "").await {
            let any = !page.items.is_empty();
            if ANY.get_untracked() != any {
                ANY.set(any);
            }
        }
    });
}
