//! The files of one message: its pictures in frames, then the other files.
//!
//! Invariant: a frame has its size before its picture has come, so nothing jumps.

use api_types::attachments::AttachmentView;
use leptos::prelude::*;

use super::{
    file_chip::FileChip,
    fresh::Fresh,
    lightbox::Lightbox,
    picture::{NotLoaded, Picture},
    words::{ATTACHMENTS, OPEN_PICTURE},
};
use crate::erased::{dynamic, on, when};

#[component]
pub fn Attached(files: Vec<AttachmentView>) -> impl IntoView {
    if files.is_empty() {
        return ().into_any();
    }
    // A picture without a small copy is one that the server could not or would not open.
    let (pictures, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|it| it.inline && it.thumbnail.is_some());
    let pictures: Vec<Fresh> = pictures.into_iter().map(Fresh::of).collect();
    let shown = RwSignal::new(None);
    let frames = pictures.iter().enumerate().map(|(at, fresh)| {
        let fresh = *fresh;
        view! {
            <li>
                <Frame fresh open=move |()| shown.set(Some(at)) />
            </li>
        }
    });
    let frames = (!pictures.is_empty()).then(|| {
        view! {
            <ul class="pictures" data-one=(pictures.len() == 1).to_string() aria-label=ATTACHMENTS>
                {frames.collect_view()}
            </ul>
        }
    });
    let chips = (!others.is_empty()).then(|| {
        let chips = others.into_iter().map(|file| view! { <li><FileChip fresh=Fresh::of(file) /></li> });
        view! {
            <ul class="files" aria-label=ATTACHMENTS>
                {chips.collect_view()}
            </ul>
        }
    });
    view! {
        {frames}
        {chips}
        {when(move || shown.with(Option::is_some), move || view! { <Lightbox pictures=pictures.clone() shown /> })}
    }
    .into_any()
}

/// A small picture that opens the large one.
#[component]
fn Frame(fresh: Fresh, #[prop(into)] open: Callback<()>) -> impl IntoView {
    let file = fresh.known();
    let picture = Picture::of(fresh, |file| file.thumbnail.as_ref().map(|small| small.url.clone()).unwrap_or_default());
    let (width, height) = file.thumbnail.map(|small| fitted(small.width, small.height)).unwrap_or_default();
    let name = file.filename;
    dynamic(move || {
        if picture.failed.get() {
            return view! { <NotLoaded picture /> }.into_any();
        }
        let label = name.clone();
        view! {
            <button
                class="frame"
                type="button"
                title=name.clone()
                aria-label=move || OPEN_PICTURE.with(&label)
                on:click=on(move |_| open.run(()))
            >
                {dynamic(move || view! {
                    <img
                        src=picture.address()
                        alt=""
                        width=width.to_string()
                        height=height.to_string()
                        loading="lazy"
                        on:load=on(move |_| picture.loaded())
                        on:error=on(move |_| picture.broken())
                    />
                })}
            </button>
        }
        .into_any()
    })
}

/// What a picture alone in its message takes, in pixels; never so flat or narrow that it is hard to hit.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let scale = (320.0 / width).min(240.0 / height).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 48 and 320")]
    let side = |length: f64| (length * scale).round().max(48.0) as u32;
    (side(width), side(height))
}
