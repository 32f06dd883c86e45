//! How many files, and how large: the server's rule, known before anything is sent.

use std::sync::LazyLock;

use api_types::attachments::UploadLimits;
use leptos::prelude::*;

use super::api;
use crate::erased::spawn;

static LIMITS: LazyLock<ArcRwSignal<Option<UploadLimits>>> = LazyLock::new(ArcRwSignal::default);

/// Absent until the server has answered once.
pub fn get() -> Option<UploadLimits> {
    LIMITS.get()
}

/// Asks, unless the answer is there.
pub fn fetch() {
    if LIMITS.with_untracked(Option::is_none) {
        spawn(async {
            if let Ok(limits) = api::limits().await {
                LIMITS.set(Some(limits));
            }
        });
    }
}
