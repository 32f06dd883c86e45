//! A picture that is fetched from an address which can end.
//!
//! Invariant: one failure is mended without a word, the next one is said; a picture that is on the
//! screen is not fetched again.

use api_types::attachments::AttachmentView;
use leptos::prelude::*;

use super::{
    fresh::Fresh,
    words::{NOT_LOADED, RETRY},
};
use crate::{
    erased::{on, spawn},
    ui::{Glyph, Icon},
};

#[derive(Clone, Copy)]
pub struct Picture {
    fresh: Fresh,
    pick: fn(&AttachmentView) -> String,
    pub address: RwSignal<String>,
    pub failed: RwSignal<bool>,
    mended: StoredValue<bool>,
}

impl Picture {
    /// `pick` says which of the file's addresses.
    pub fn of(fresh: Fresh, pick: fn(&AttachmentView) -> String) -> Self {
        Self {
            fresh,
            pick,
            address: RwSignal::new(pick(&fresh.known())),
            failed: RwSignal::new(false),
            mended: StoredValue::new(false),
        }
    }

    pub fn loaded(self) {
        self.mended.set_value(false);
    }

    pub fn broken(self) {
        let again = self.mended.try_update_value(|mended| std::mem::replace(mended, true)).unwrap_or(true);
        if again {
            self.failed.set(true);
        } else {
            self.fetch_anew();
        }
    }

    fn fetch_anew(self) {
        spawn(async move {
            let before = self.address.try_get_untracked();
            let renewed = self.fresh.renew().await;
            let address = (self.pick)(&self.fresh.known());
            // The same address would not be fetched again.
            let changed = renewed && before.is_some_and(|before| before != address);
            self.address.try_set(address);
            self.failed.try_set(!changed);
        });
    }
}

/// Stands where a picture should be.
#[component]
pub fn NotLoaded(picture: Picture) -> impl IntoView {
    view! {
        <div class="picture-failed" role="alert">
            <Icon glyph=Glyph::Picture />
            <span>{NOT_LOADED}</span>
            <button class="button" data-size="small" type="button" on:click=on(move |_| picture.fetch_anew())>
                {RETRY}
            </button>
        </div>
    }
}
