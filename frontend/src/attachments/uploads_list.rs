//! The files of a message that is being written, each with what can be done about it.
//!
//! Invariant: what changes is told to those who do not see it, without every percent.

use leptos::{ev, prelude::*};

use super::{
    gate::Gate,
    upload::Notice,
    upload_chip::UploadChip,
    uploads::Uploads,
    words::{BLOCKED, NO_FOLDERS, NOT_UPLOADED, READY, SWEPT, TO_SEND, TOO_MANY, UNDER_WAY},
};
use crate::{
    erased::{dynamic, each, memo, when},
    ui::{Glyph, Icon},
};

#[component]
pub fn UploadsList(uploads: Uploads, gate: Gate) -> impl IntoView {
    let summary = memo(move || match (uploads.unfinished(), uploads.ids().len()) {
        ((0, 0), 0) => String::new(),
        ((0, 0), ready) => READY.of(u32::try_from(ready).unwrap_or(u32::MAX)),
        ((0, failed), _) => NOT_UPLOADED.of(failed),
        ((running, _), _) => UNDER_WAY.of(running),
    });
    let notice = move || {
        uploads.notice().map(|notice| match notice {
            Notice::Folders => NO_FOLDERS.get().to_owned(),
            Notice::TooMany(most) => TOO_MANY.with(&most.to_string()),
            Notice::Swept(names) => SWEPT.with(&names),
        })
    };
    let listener = window_event_listener(ev::online, move |_| uploads.retry_lost());
    on_cleanup(move || listener.remove());
    view! {
        {when(move || !uploads.keys().is_empty(), move || view! {
            <ul class="uploads" aria-label=TO_SEND>
                {each(move || uploads.keys(), move |key| view! { <UploadChip uploads key /> })}
            </ul>
        })}
        <p class="hidden" role="status">
            {summary}
        </p>
        {dynamic(move || {
            notice()
                .map(|words| {
                    view! {
                        <p class="notice" role="status">
                            <Icon glyph=Glyph::Alert />
                            <span>{words}</span>
                        </p>
                    }
                })
        })}
        {when(move || gate.blocked.get(), move || view! {
            <p class="field-fault" role="alert">
                {BLOCKED}
            </p>
        })}
    }
}
