//! One's own account.
//!
//! Invariant: a preference is saved as it is chosen; what is typed waits for its button.

use api_types::people::{Me, MeChange, Preferences, SendKey};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    password_form::PasswordForm,
    save_quietly,
    words::{ACCOUNT, EMAIL, NAME, PREFERENCES, PROFILE, SAVE, SAVED, SEND_ENTER, SEND_KEY, SEND_MOD_ENTER, SHORTCUTS},
};
use crate::{
    erased::{memo, on},
    i18n::Words,
    session,
    shell::{LanguageSwitch, ThemeSwitch},
    ui::{self, Form, FormFailure, SubmitButton, TextField, toast},
};

#[component]
pub fn AccountPage() -> impl IntoView {
    ui::title_page(|| ACCOUNT.get().to_owned());
    let me = untrack(session::me);
    view! {
        <div class="sheet">
            <h1 tabindex="-1">{ACCOUNT}</h1>
            {me
                .map(|me| {
                    view! {
                        <ProfileForm me=me.clone() />
                        <PreferencesSection on_team=me.role.is_team() />
                        <PasswordForm email=me.email />
                    }
                })}
        </div>
    }
}

#[component]
fn ProfileForm(me: Me) -> impl IntoView {
    let form = Form::new();
    let name = RwSignal::new(me.name);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = MeChange { name: Some(name.get_untracked().into()), ..MeChange::default() };
        form.send(&change, api::change_me(change.clone()), |me| {
            session::update(me);
            toast::say(SAVED);
        });
    };
    view! {
        <section class="section">
            <h2>{PROFILE}</h2>
            <form node_ref=form.node novalidate on:submit=on(submit)>
                <TextField form name="name" label=NAME value=name autocomplete="name" />
                <dl class="facts">
                    <dt>{EMAIL}</dt>
                    <dd>{me.email}</dd>
                </dl>
                <FormFailure form />
                <SubmitButton form label=SAVE />
            </form>
        </section>
    }
}

#[component]
fn PreferencesSection(on_team: bool) -> impl IntoView {
    let preferences = memo(|| session::me().map(|me| me.preferences).unwrap_or_default());
    let save = |preferences: Preferences| {
        save_quietly(MeChange { preferences: Some(preferences), ..MeChange::default() });
    };
    let shortcuts = move |event| {
        save(Preferences { shortcuts: event_target_checked(&event), ..preferences.get_untracked() });
    };
    let key = move |send_key: SendKey, label: Words| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="send_key"
                    prop:checked=move || preferences.get().send_key == send_key
                    on:change=on(move |_| save(Preferences { send_key, ..preferences.get_untracked() }))
                />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <section class="section">
            <h2>{PREFERENCES}</h2>
            <div class="pair">
                <LanguageSwitch />
                <ThemeSwitch />
            </div>
            <fieldset>
                <legend>{SEND_KEY}</legend>
                {key(SendKey::ModEnter, SEND_MOD_ENTER)} {key(SendKey::Enter, SEND_ENTER)}
            </fieldset>
            {on_team
                .then(|| {
                    view! {
                        <label class="check">
                            <input
                                type="checkbox"
                                prop:checked=move || preferences.get().shortcuts
                                on:change=on(shortcuts)
                            />
                            <span>{SHORTCUTS}</span>
                        </label>
                    }
                })}
        </section>
    }
}
