//! A file that is not a picture: its name, its size, and a click to save it.

use leptos::prelude::*;

use super::{file_name::FileName, fresh::Fresh, kept::KeptFile, words::DOWNLOAD};
use crate::{
    i18n,
    ui::{Glyph, Icon},
};

#[component]
pub fn FileChip(fresh: Fresh) -> impl IntoView {
    let file = fresh.known();
    let (name, size) = (file.filename, file.size);
    let (title, saved_as) = (name.clone(), name.clone());
    view! {
        <a
            class="file"
            href=move || fresh.with(|file| file.download_url.clone())
            download=saved_as
            title=title
        >
            <Icon glyph=if file.inline { Glyph::Picture } else { Glyph::File } />
            <span class="hidden">{DOWNLOAD} " "</span>
            <FileName name />
            <span class="file-size">{move || i18n::size(size)}</span>
        </a>
    }
}

/// Files of a message that is not confirmed yet and that nobody can save.
#[component]
pub fn UnsentFiles(files: Vec<KeptFile>) -> impl IntoView {
    (!files.is_empty()).then(|| {
        let chip = |file: KeptFile| {
            let (size, title) = (file.size, file.filename.clone());
            view! {
                <li class="file" title=title>
                    <Icon glyph=Glyph::File />
                    <FileName name=file.filename />
                    <span class="file-size">{move || i18n::size(size)}</span>
                </li>
            }
        };
        view! { <ul class="files">{files.into_iter().map(chip).collect_view()}</ul> }
    })
}
