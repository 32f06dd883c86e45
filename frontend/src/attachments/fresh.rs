//! A file whose addresses end after an hour, and are made anew before.
//!
//! Invariant: a hidden page asks for nothing; a page that comes back to sight asks at once.

use api_types::attachments::AttachmentView;
use leptos::prelude::*;

use super::api;
use crate::{erased::spawn, i18n, pulse};

/// Addresses are made anew when less than this is left, in milliseconds.
const MARGIN: f64 = 5.0 * 60_000.0;

#[derive(Clone, Copy)]
pub struct Fresh(RwSignal<AttachmentView>);

impl Fresh {
    /// Keeps a file's addresses alive as long as the component that shows it.
    pub fn of(view: AttachmentView) -> Self {
        let fresh = Self(RwSignal::new(view));
        pulse::at_each(pulse::time, move || {
            if untrack(|| fresh.ends_soon()) {
                spawn(async move {
                    fresh.renew().await;
                });
            }
        });
        fresh
    }

    /// Reads the file; follows its addresses.
    pub fn with<T>(self, read: impl FnOnce(&AttachmentView) -> T) -> T {
        self.0.with(read)
    }

    /// What does not change as long as the file is there.
    pub fn known(self) -> AttachmentView {
        self.0.get_untracked()
    }

    /// Asks for new addresses; answers them when they have come.
    pub async fn renew(self) -> Option<AttachmentView> {
        let view = api::look(self.known().id).await.ok()?;
        self.0.try_set(view.clone());
        Some(view)
    }

    fn ends_soon(self) -> bool {
        self.with(|view| i18n::milliseconds(view.expires_at)) - pulse::now() < MARGIN
    }
}
