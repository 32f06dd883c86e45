//! The search box, whose words stand in the URL.

use leptos::prelude::*;

use super::{words::SEARCH, workplace::Workplace};
use crate::{
    erased::{derive, on},
    ui::{Glyph, Icon, search_field},
};

#[component]
pub fn SearchBox() -> impl IntoView {
    let here = Workplace::here();
    let asked = derive(move || here.address.with(|address| address.filter.q.clone().unwrap_or_default()));
    let search = move |words: String| here.filter(true, |filter| filter.q = Some(words).filter(|it| !it.is_empty()));
    view! {
        <form role="search" class="search" on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Icon glyph=Glyph::Search />
            {search_field(SEARCH, asked, Box::new(search))}
        </form>
    }
}
