//! The page for an address that leads nowhere, or nowhere for this person: the two look the same.

use leptos::prelude::*;

use super::words::{HOME, NOT_FOUND, NOT_FOUND_HINT};
use crate::{paths, ui};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    ui::title_page(|| NOT_FOUND.get().to_owned());
    view! {
        <div class="sheet">
            <h1 tabindex="-1">{NOT_FOUND}</h1>
            <p>{NOT_FOUND_HINT}</p>
            <p>
                <a class="button" href=paths::SUPPORT>
                    {HOME}
                </a>
            </p>
        </div>
    }
}
