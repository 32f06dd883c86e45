//! Taking the queue along as a file, with the filters that are set.
//!
//! Invariant: the browser saves it by itself from an address that is made for it: a file of any size would otherwise have
//! to fit into the page's memory.

use leptos::prelude::*;

use super::{
    address::with_filter,
    words::{EXPORT, EXPORT_CSV, EXPORT_LINES},
    workplace::Workplace,
};
use crate::{
    api,
    erased::{on, spawn},
    ui,
};

pub fn export_menu(here: Workplace) -> AnyView {
    let formats =
        [("/tickets/export.csv", EXPORT_CSV), ("/tickets/export.jsonl", EXPORT_LINES)].map(|(path, label)| {
            let fetch = move |_| {
                let asked = api::act_and_hear(with_filter(path, &here.address.get_untracked().filter));
                spawn(async move {
                    match asked.await {
                        Ok(made) => ui::save(&made.word("url").unwrap_or_default()),
                        Err(failure) => ui::failed(&failure),
                    }
                });
            };
            view! { <button class="button" data-size="small" type="button" on:click=on(fetch)>{label}</button> }
                .into_any()
        });
    view! {
        <details class="more-filters">
            <summary class="button" data-size="small">{EXPORT}</summary>
            <div class="filters">{formats}</div>
        </details>
    }
    .into_any()
}
