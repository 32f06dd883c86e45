//! How one likes the page.

use api_types::people::SendKey;
use leptos::prelude::*;

use super::{
    choices::{Choices, tick},
    words::{PREFERENCES, SEND_AS_DESK, SEND_ENTER, SEND_KEY, SEND_MOD_ENTER, SHORTCUTS},
};
use crate::{
    i18n::Words,
    settings,
    shell::{LanguageSwitch, ThemeSwitch},
};

#[component]
pub fn PreferencesSection(on_team: bool, choices: Choices) -> impl IntoView {
    let desks = || if settings::is_on("enter_sends") { SEND_ENTER.get() } else { SEND_MOD_ENTER.get() };
    let key = |send_key: Option<SendKey>, label: Words| {
        let now = send_key.is_none().then(|| view! { <span class="quiet">": " {desks}</span> });
        let called = view! { <span>{label} {now}</span> }.into_any();
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
                {key(None, SEND_AS_DESK)}
                {key(Some(SendKey::ModEnter), SEND_MOD_ENTER)}
                {key(Some(SendKey::Enter), SEND_ENTER)}
            </fieldset>
            {shortcuts}
        </section>
    }
}
