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
    address: StoredValue<String>,
    /// How often it was asked for; each time is an element of its own.
    tries: RwSignal<u32>,
    pub failed: RwSignal<bool>,
    mended: StoredValue<bool>,
}

impl Picture {
    /// `pick` says which of the file's addresses.
    pub fn of(fresh: Fresh, pick: fn(&AttachmentView) -> String) -> Self {
        Self {
            fresh,
            pick,
            address: StoredValue::new(pick(&fresh.known())),
            tries: RwSignal::new(0),
            failed: RwSignal::new(false),
            mended: StoredValue::new(false),
        }
    }

    /// Follows the tries.
    pub fn address(self) -> String {
        self.tries.track();
        self.address.get_value()
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
            let renewed = self.fresh.renew().await;
            self.failed.try_set(renewed.is_none());
            if let Some(file) = renewed {
                self.address.try_set_value((self.pick)(&file));
                self.tries.try_update(|tries| *tries += 1);
            }
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
