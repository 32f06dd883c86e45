//! How one likes the page.

use api_types::people::SendKey;
use leptos::prelude::*;

use super::{
    choices::{Choices, tick},
    words::{PREFERENCES, SEND_ENTER, SEND_KEY, SEND_MOD_ENTER, SHORTCUTS},
};
use crate::{
    i18n::Words,
    shell::{LanguageSwitch, ThemeSwitch},
};

#[component]
pub fn PreferencesSection(on_team: bool, choices: Choices) -> impl IntoView {
    let key = |send_key: SendKey, label: Words| {
        let called = view! { <span>{label}</span> }.into_any();
        tick(&choices, "radio", called, move |it| it.send_key == send_key, move |it, _| it.send_key = send_key)
    };
    let shortcuts = on_team.then(|| {
        let called = view! { <span>{SHORTCUTS}</span> }.into_any();
        tick(&choices, "checkbox", called, |it| it.shortcuts, |it, wanted| it.shortcuts = wanted)
    });
    view! {
        <section class="section">
            <h2>{PREFERENCES}</h2>
            <div class="pair">
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
            <fieldset>
                <legend>{SEND_KEY}</legend>
                {key(SendKey::ModEnter, SEND_MOD_ENTER)}
                {key(SendKey::Enter, SEND_ENTER)}
            </fieldset>
            {shortcuts}
        </section>
    }
}
