//! One file on its way: how far it is, why it failed, and how to stop, retry or remove it.

use leptos::prelude::*;
use uuid::Uuid;

use super::{
    attach_button,
    file_name::FileName,
    upload::{State, Upload},
    uploads::Uploads,
    words::{CANCEL_FILE, REMOVE_FILE, RETRY_FILE, UPLOADING, WAITING},
};
use crate::{
    erased::{dynamic, memo, on},
    i18n,
    ui::{Glyph, Icon},
};

#[component]
pub fn UploadChip(uploads: Uploads, key: Uuid) -> impl IntoView {
    let upload = Memo::new(move |before: Option<&Option<Upload>>| {
        // One on its way out keeps its words until it is gone.
        uploads.find(key).or_else(|| before.cloned().flatten())
    });
    let with = move |read: fn(&Upload) -> String| upload.with(|it| it.as_ref().map(read).unwrap_or_default());
    let state = memo(move || upload.with(|it| it.as_ref().map_or(State::Waiting, |it| it.state.clone())));
    let name = memo(move || with(|it| it.filename.clone()));
    let small = memo(move || {
        with(|it| it.view.iter().find_map(|view| view.thumbnail.as_ref()).map(|it| it.url.clone()).unwrap_or_default())
    });
    let remove = move |_| {
        uploads.remove(key);
        attach_button::focus();
    };
    let remove_label = move || match state.get() {
        State::Waiting | State::Running => CANCEL_FILE.with(&name.get()),
        _ => REMOVE_FILE.with(&name.get()),
    };
    view! {
        <li class="upload" data-failed=move || matches!(state.get(), State::Failed(_)).to_string() title=name>
            {dynamic(move || Some(small.get()).filter(|small| !small.is_empty()).map_or_else(
                || view! { <Icon glyph=Glyph::File /> }.into_any(),
                |small| view! { <img class="upload-picture" src=small alt="" /> }.into_any(),
            ))}
            <span class="upload-what">
                {dynamic(move || view! { <FileName name=name.get() /> })}
                {dynamic(move || match state.get() {
                    State::Waiting => view! { <span class="file-size">{WAITING}</span> }.into_any(),
                    State::Running => view! {
                        <progress
                            max="100"
                            value=move || with(|it| it.percent.to_string())
                            aria-label=move || UPLOADING.with(&name.get())
                        ></progress>
                    }
                    .into_any(),
                    State::Kept(_) => view! {
                        <span class="file-size">{move || with(|it| i18n::size(it.size))}</span>
                    }
                    .into_any(),
                    State::Failed(refusal) => view! {
                        <span class="upload-fault">{move || refusal.words()}</span>
                    }
                    .into_any(),
                })}
            </span>
            {dynamic(move || {
                let may_retry = matches!(state.get(), State::Failed(refusal) if !refusal.is_final());
                may_retry
                    .then(|| {
                        view! {
                            <button
                                class="icon-button"
                                type="button"
                                aria-label=move || RETRY_FILE.with(&name.get())
                                on:click=on(move |_| uploads.retry(key))
                            >
                                <Icon glyph=Glyph::Retry />
                            </button>
                        }
                    })
            })}
            <button class="icon-button" type="button" aria-label=remove_label on:click=on(remove)>
                <Icon glyph=Glyph::Close />
            </button>
        </li>
    }
}
