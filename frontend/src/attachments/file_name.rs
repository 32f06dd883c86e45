//! A file's name, whatever its length and the direction of its letters.
//!
//! Invariant: it cannot reorder what stands beside it, and its ending stays in sight.

use leptos::prelude::*;

/// A longer ending is no ending, only a name with a dot in it.
const LONGEST_ENDING: usize = 9;

/// The name in one line; what does not fit is left out before the ending.
#[component]
pub fn FileName(name: String) -> impl IntoView {
    let dot = name.rfind('.').filter(|dot| *dot > 0 && name.len() - dot <= LONGEST_ENDING).unwrap_or(name.len());
    let (stem, ending) = name.split_at(dot);
    view! {
        <bdi class="file-name">
            <span class="hidden">{name.clone()}</span>
            <span class="file-parts" aria-hidden="true">
                <span class="file-stem">{stem.to_owned()}</span>
                <span>{ending.to_owned()}</span>
            </span>
        </bdi>
    }
}
