//! The brand: its colour, which has to be readable, and its logo.

use api_types::{people::Locale, text::Accent};
use leptos::{ev, html, prelude::*};
use serde_json::Value;
use web_sys::File;

use super::{
    api,
    control::{Cell, Means, input, notes},
    draft::Draft,
    words::{
        ACCENT, ACCENT_HINT, ACCENT_PICK, ACCENT_WRONG, CONTRAST, CONTRAST_LOW, LOGO, LOGO_CHOOSE, LOGO_HINT,
        LOGO_REMOVE, LOGO_WRONG, LOOK_BUTTON, LOOK_DARK, LOOK_LIGHT, LOOK_LINK, USUAL_COLOUR,
    },
};
use crate::{
    api::Failure,
    erased::{derive, dynamic, on, spawn, when},
    errors,
    i18n::{self, Words},
    paths,
    shell::Mark,
    ui::{Glyph, Icon},
};

/// What the style sheet has.
const USUAL: &str = "#4f4dd6";

pub fn more(draft: Draft) -> AnyView {
    view! {
        {accent(draft)}
        {logo(draft)}
    }
    .into_any()
}

fn accent(draft: Draft) -> AnyView {
    let cell = Cell::new(draft, "/accent".to_owned()).hint(ACCENT_HINT).wrong(ACCENT_WRONG);
    let colour = move || Some(draft.text("/accent")).filter(|it| it.len() == 7).unwrap_or_else(|| USUAL.to_owned());
    let picked = move |event: ev::Event| draft.put("/accent", event_target_value(&event).into());
    view! {
        <div class="field">
            <label for=cell.id()>{ACCENT}</label>
            <div class="colour">
                <input type="color" aria-label=ACCENT_PICK prop:value=colour on:input=on(picked) />
                {input(&cell, "text", Means::Words, USUAL, "")}
                {when(move || !draft.read("/accent").is_null(), move || view! {
                    <button
                        class="button"
                        data-kind="plain"
                        type="button"
                        on:click=on(move |_| draft.put("/accent", Value::Null))
                    >
                        {USUAL_COLOUR}
                    </button>
                })}
            </div>
            {dynamic(move || contrast(&draft.text("/accent")))}
            {notes(&cell)}
        </div>
    }
    .into_any()
}

fn contrast(colour: &str) -> AnyView {
    let Some(contrast) = Accent::from(colour.to_owned()).contrast() else {
        return ().into_any();
    };
    // Rounded down, so that what is shown as enough is enough.
    let number = format!("{:.1}", (contrast * 10.0).floor() / 10.0);
    let number = if i18n::locale() == Locale::French { number.replace('.', ",") } else { number };
    let (tone, glyph, words) =
        if contrast < 4.5 { ("bad", Glyph::Alert, CONTRAST_LOW) } else { ("good", Glyph::Check, CONTRAST) };
    view! {
        <p class="notice" data-tone=tone>
            <Icon glyph />
            <span>{words.with(&number)}</span>
        </p>
    }
    .into_any()
}

fn logo(draft: Draft) -> AnyView {
    let chooser = NodeRef::<html::Input>::new();
    let refused: RwSignal<Option<Words>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let send = move |file: File| {
        busy.set(true);
        refused.set(None);
        spawn(async move {
            match api::send_logo(file).await {
                Ok(made) => draft.put("/logo", made.get("id").cloned().unwrap_or_default()),
                Err(failure) => drop(refused.try_set(Some(reason(&failure)))),
            }
            busy.try_set(false);
        });
    };
    let chosen = move |_: ev::Event| {
        let Some(input) = chooser.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            send(file);
        }
        // The same file can then be chosen again.
        input.set_value("");
    };
    let ask = move |_| {
        if let Some(input) = chooser.get_untracked() {
            input.click();
        }
    };
    let fault =
        derive(move || refused.get().map(|it| it.get().to_owned()).or_else(|| draft.fault("/logo", Some(LOGO_WRONG))));
    view! {
        <div class="field" role="group" aria-labelledby="logo-name" aria-describedby="logo-hint logo-fault">
            <span class="field-name" id="logo-name">{LOGO}</span>
            <div class="logo-row">
                {dynamic(move || image(&draft.text("/logo")))}
                <button class="button" type="button" aria-disabled=move || busy.get().to_string() on:click=on(ask)>
                    {LOGO_CHOOSE}
                </button>
                {when(move || !draft.read("/logo").is_null(), move || view! {
                    <button
                        class="button"
                        data-kind="plain-danger"
                        type="button"
                        on:click=on(move |_| draft.put("/logo", Value::Null))
                    >
                        {LOGO_REMOVE}
                    </button>
                })}
                <input
                    type="file"
                    accept="image/png,image/jpeg,image/gif,image/webp"
                    aria-label=LOGO_CHOOSE
                    hidden
                    node_ref=chooser
                    on:change=on(chosen)
                />
            </div>
            <p class="field-hint" id="logo-hint">{LOGO_HINT}</p>
            <p class="field-fault" id="logo-fault" role="status">{dynamic(move || fault.get())}</p>
        </div>
    }
    .into_any()
}

fn reason(failure: &Failure) -> Words {
    use api_types::error::ErrorCode::{Invalid, TooLarge, UnsupportedMediaType};
    match failure.code() {
        Some(Invalid | TooLarge | UnsupportedMediaType) => LOGO_WRONG,
        _ => errors::explain(failure),
    }
}

fn image(id: &str) -> AnyView {
    if id.is_empty() {
        view! { <Mark /> }.into_any()
    } else {
        view! { <img class="logo" src=paths::logo(id) alt="" /> }.into_any()
    }
}

pub fn look(draft: Draft) -> AnyView {
    let readable = derive(move || {
        let colour = draft.text("/accent");
        Accent::from(colour.clone()).contrast().filter(|contrast| *contrast >= 4.5).map_or(USUAL.to_owned(), |_| colour)
    });
    let one = |theme: &'static str, label: Words| {
        view! {
            <figure class="brand-look" data-look=theme data-brand="" style:--brand=move || readable.get()>
                <figcaption class="quiet">{label}</figcaption>
                <div class="brand-look-page">
                    <div class="brand-look-header">
                        {dynamic(move || image(&draft.text("/logo")))}
                        <strong>{move || draft.text("/name")}</strong>
                    </div>
                    <div class="brand-look-body">
                        <span class="brand-look-button">{LOOK_BUTTON}</span>
                        <span class="brand-look-link">{LOOK_LINK}</span>
                    </div>
                </div>
            </figure>
        }
        .into_any()
    };
    view! {
        {one("light", LOOK_LIGHT)}
        {one("dark", LOOK_DARK)}
    }
    .into_any()
}
