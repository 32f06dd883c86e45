//! The panel: the websites that may show it, the line that they paste, and the secret that their servers sign with.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    api,
    control::{Cell, Means, input, notes},
    draft::Draft,
    json,
    words::{
        ADD_WEBSITE, COPIED, COPY, NEW_SECRET, NEW_SECRET_ACT, NEW_SECRET_TITLE, NEW_SECRET_WHAT, NO_WEBSITES,
        NOT_COPIED, ORIGIN_WRONG, ORIGINS, ORIGINS_HINT, REMOVE_WEBSITE, SECRET, SECRET_LEAD, SECRET_ONCE, SNIPPET,
        SNIPPET_LEAD, SNIPPET_OFFSET,
    },
};
use crate::{
    erased::{dynamic, memo, on},
    i18n::Words,
    ui::{self, Confirm, Form, Glyph, Icon, toast},
};

const ORIGINS_AT: &str = "/origins";

/// A line that was added and left empty names no website.
pub fn without_blank_lines(panel: &mut Value) {
    json::retain(panel, ORIGINS_AT, |origin| origin.as_str().is_some_and(|origin| !origin.trim().is_empty()));
}

pub fn more(draft: Draft) -> AnyView {
    let count = memo(move || draft.len(ORIGINS_AT));
    let whole = Cell::new(draft, ORIGINS_AT.to_owned()).hint(ORIGINS_HINT);
    let row = move |place: usize| {
        let cell = Cell::new(draft, format!("{ORIGINS_AT}/{place}")).wrong(ORIGIN_WRONG);
        let remove = move |_| {
            draft.edit(ORIGINS_AT, |origins| drop(origins.remove(place)));
            request_animation_frame(|| ui::focus("[data-add]"));
        };
        view! {
            <div class="row-line">
                <div class="field">
                    <label class="hidden" for=cell.id()>{ORIGINS} " " {place + 1}</label>
                    {input(&cell, "url", Means::Text, "https://www.example.com", "")}
                    {notes(&cell)}
                </div>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=move || REMOVE_WEBSITE.with(&(place + 1).to_string())
                    on:click=on(remove)
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
        }
        .into_any()
    };
    let add = move |_| {
        draft.edit(ORIGINS_AT, |origins| origins.push("".into()));
        request_animation_frame(|| ui::focus(".row-line:last-of-type input"));
    };
    view! {
        <fieldset class="rows-field" aria-describedby="of-panel-origins-hint">
            <legend>{ORIGINS}</legend>
            {dynamic(move || match count.get() {
                0 => view! { <p class="quiet">{NO_WEBSITES}</p> }.into_any(),
                count => (0..count).map(row).collect::<Vec<_>>().into_any(),
            })}
            <p class="field-hint" id=format!("{}-hint", whole.id())>{ORIGINS_HINT}</p>
            <button class="button" data-size="small" data-add type="button" on:click=on(add)>
                <Icon glyph=Glyph::Plus />
                {ADD_WEBSITE}
            </button>
        </fieldset>
    }
    .into_any()
}

pub fn look(_: Draft) -> AnyView {
    let desk = window().location().origin().unwrap_or_default();
    let snippet = format!("<script src=\"{desk}/panel.js\" data-offset=\"64\"></script>");
    view! {
        <h3>{SNIPPET}</h3>
        <p>{SNIPPET_LEAD}</p>
        {copied(snippet)}
        <p class="quiet">{SNIPPET_OFFSET}</p>
        <h3>{SECRET}</h3>
        <p>{SECRET_LEAD}</p>
        {secret()}
    }
    .into_any()
}

fn secret() -> AnyView {
    let open = RwSignal::new(false);
    let made: RwSignal<Option<String>> = RwSignal::new(None);
    let form = Form::new();
    let confirmed = move |()| {
        form.run(api::make_secret(), move |answer: Value| {
            made.set(answer.get("secret").and_then(|it| it.as_str()).map(str::to_owned));
            open.set(false);
        });
    };
    view! {
        <button class="button" type="button" on:click=on(move |_| open.set(true))>
            {NEW_SECRET}
        </button>
        <div role="status">
            {dynamic(move || made.get().map(|secret| view! {
                <p class="notice" data-tone="accent">{SECRET_ONCE}</p>
                {copied(secret)}
            }))}
        </div>
        <Confirm open id="new-secret" title=NEW_SECRET_TITLE act=NEW_SECRET_ACT form confirmed>
            <p>{NEW_SECRET_WHAT}</p>
        </Confirm>
    }
    .into_any()
}

/// A line to be taken along.
pub fn copied(line: String) -> AnyView {
    let text = line.clone();
    let copy = move |_| {
        toast::say(if put_on_clipboard(&text) { COPIED } else { NOT_COPIED });
    };
    view! {
        <div class="code-copy">
            <pre class="code-line" tabindex="0"><code>{line}</code></pre>
            {small(COPY, copy)}
        </div>
    }
    .into_any()
}

fn small(label: Words, pressed: impl Fn(leptos::ev::MouseEvent) + 'static) -> AnyView {
    view! {
        <button class="button" data-size="small" type="button" on:click=on(pressed)>
            {label}
        </button>
    }
    .into_any()
}

/// Browsers give it to pages that came over TLS, or from this machine.
fn put_on_clipboard(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    let write = Reflect::get(&clipboard, &"writeText".into()).unwrap_or_default();
    write.is_function() && Function::from(write).call1(&clipboard, &text.into()).is_ok()
}
