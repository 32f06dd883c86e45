//! Custom fields: what the desk asks for besides, in order.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    api, field_editor,
    json::{self, word},
    things::Things,
    words::{ADD_FIELD, FIELD_KEPT, IN_QUEUE_SHORT, KINDS, NO_FIELDS, OF_DEPARTMENTS, REQUIRED_SHORT},
};
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, when},
    i18n::Words,
    paths,
    ui::{Glyph, Icon, draw, fetched},
};

pub const PATH: &str = "/admin/fields";

pub fn page() -> AnyView {
    fetched(|| {
        Box::pin(async {
            let (found, departments) = (api::things(PATH).await?, api::things("/admin/departments").await?);
            Ok::<_, Failure>(draw(move || {
                let things = Things::new("fields", PATH, "label_", [FIELD_KEPT; 2], found.clone());
                let departments = departments.clone();
                dynamic(move || match address_bar::query()("edit") {
                    None => list(things),
                    Some(id) => field_editor::editor(things, &id, &departments),
                })
            }))
        })
    })
}

fn list(things: Things) -> AnyView {
    view! {
        <div class="settings-list">
            {when(move || things.items.with(Vec::is_empty), || view! { <p class="quiet">{NO_FIELDS}</p> })}
            {things.list(facts)}
            <a class="button" data-kind="primary" href=paths::setting("fields", "new")>
                <Icon glyph=Glyph::Plus />
                {ADD_FIELD}
            </a>
        </div>
    }
    .into_any()
}

/// What a kind is called.
pub fn kind_words(kind: &str) -> Option<Words> {
    KINDS.iter().find(|way| way.value == kind).map(|way| way.label)
}

fn facts(field: &Value) -> AnyView {
    let chip = |words: Words| view! { <span class="chip" data-tone="accent">{words}</span> }.into_any();
    let flags = [
        (json::flag(field, "/required"), REQUIRED_SHORT),
        (!json::list(json::part(field, "/departments")).is_empty(), OF_DEPARTMENTS),
        (json::flag(field, "/in_queue"), IN_QUEUE_SHORT),
    ];
    let chips: Vec<AnyView> = flags.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| chip(words)).collect();
    let kind = kind_words(word(field, "/kind")).map(|words| view! { {words} });
    view! {
        <span class="quiet">{kind} " · " <code>{word(field, "/key").to_owned()}</code></span>
        <span class="thing-chips">{chips}</span>
    }
    .into_any()
}
