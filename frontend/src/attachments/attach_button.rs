//! The button that asks for files, with the limits beside it.

use leptos::{html, prelude::*};
use web_sys::{File, FileList};

use super::{
    limits,
    uploads::Uploads,
    words::{ATTACH, LIMITS},
};
use crate::{
    erased::on,
    i18n,
    ui::{self, Glyph, Icon},
};

/// Where focus goes when a file is removed.
pub fn focus() {
    ui::focus("[data-attach]");
}

#[component]
pub fn AttachButton(uploads: Uploads) -> impl IntoView {
    limits::fetch();
    let input = NodeRef::<html::Input>::new();
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let chosen = move |_| {
        if let Some(input) = input.get_untracked() {
            uploads.add(listed(input.files()));
            // The same file can then be chosen again.
            input.set_value("");
        }
    };
    let limits = move || {
        limits::get()
            .map(|limits| LIMITS.with(&limits.max_count.to_string()).replace("[]", &i18n::size(limits.max_size)))
    };
    view! {
        <span class="attach">
            <button
                class="button"
                data-kind="plain"
                data-size="small"
                data-attach
                type="button"
                aria-describedby="attach-limits"
                on:click=on(ask)
            >
                <Icon glyph=Glyph::Clip />
                {ATTACH}
            </button>
            <span class="quiet" id="attach-limits">
                {limits}
            </span>
            <input type="file" multiple hidden node_ref=input on:change=on(chosen) />
        </span>
    }
}

/// The files of a list that a browser made.
pub fn listed(files: Option<FileList>) -> Vec<File> {
    let at = |files: FileList| (0..files.length()).filter_map(|at| files.get(at)).collect();
    files.map(at).unwrap_or_default()
}
