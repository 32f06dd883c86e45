//! Where files can be dropped: on the whole pane that holds this, which is marked `data-drops`.
//!
//! Invariant: while a box to write in is open, a file dropped anywhere never replaces the page.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, Element, File};

use super::{attach_button::listed, upload::Notice, uploads::Uploads, words::DROP_HERE};
use crate::{
    erased::when,
    ui::{Glyph, Icon},
};

#[component]
pub fn DropZone(uploads: Uploads) -> impl IntoView {
    // While files are dragged over the page: whether they are over the pane.
    let over = RwSignal::new(None);
    let listeners = [
        window_event_listener(ev::dragover, move |event| {
            let Some(files) = files_of(&event) else { return };
            event.prevent_default();
            let inside = is_inside(&event);
            files.set_drop_effect(if inside { "copy" } else { "none" });
            if over.get_untracked() != Some(inside) {
                over.set(Some(inside));
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                over.set(None);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            let Some(files) = files_of(&event) else { return };
            event.prevent_default();
            over.set(None);
            if is_inside(&event) {
                take(uploads, &files);
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    when(
        move || over.with(Option::is_some),
        move || {
            view! {
                <div class="drop-here" data-over=move || (over.get() == Some(true)).to_string()>
                    <Icon glyph=Glyph::Clip />
                    {DROP_HERE}
                </div>
            }
        },
    )
}

/// What is dragged, when it is files and no question is open over the page.
fn files_of(event: &DragEvent) -> Option<DataTransfer> {
    let asking = document().query_selector("dialog[open]").ok().flatten().is_some();
    event.data_transfer().filter(|data| data.types().includes(&"Files".into(), 0) && !asking)
}

fn is_inside(event: &DragEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("[data-drops]").ok().flatten().is_some())
}

fn take(uploads: Uploads, data: &DataTransfer) {
    let files = listed(data.files());
    let items = data.items();
    let is_folder = |at: u32| {
        let entry = items.get(at).and_then(|item| item.webkit_get_as_entry().ok().flatten());
        entry.is_some_and(|entry| entry.is_directory())
    };
    let whole = u32::try_from(files.len()).unwrap_or(0);
    let kept: Vec<File> = files.into_iter().zip(0..whole).filter(|(_, at)| !is_folder(*at)).map(|(it, _)| it).collect();
    let left_out = kept.len() < whole as usize;
    uploads.add(kept);
    if left_out {
        uploads.say(Notice::Folders);
    }
}
