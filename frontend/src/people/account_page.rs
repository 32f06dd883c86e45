//! One's own account.
//!
//! Invariant: a preference is saved as it is chosen; what is typed waits for its button.

use api_types::people::{Me, MeChange};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    address_form::AddressForm,
    api,
    choices::Choices,
    data::own_data,
    notify::NotifySection,
    password_form::PasswordForm,
    preferences::PreferencesSection,
    words::{ACCOUNT, EMAIL, FIXED, NAME, PROFILE, SAVE, SAVED},
};
use crate::{
    api_keys,
    erased::{dynamic, memo, on, when},
    session, settings,
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
                    let (on_team, choices) = (me.role.is_team(), Choices::of(&me));
                    let is_fixed = memo(move || !on_team && settings::fixes_profiles());
                    let profile = {
                        let me = me.clone();
                        move || if is_fixed.get() { fixed(&me) } else { view! { <ProfileForm me=me.clone() /> }.into_any() }
                    };
                    view! {
                        {dynamic(profile)}
                        <PreferencesSection on_team choices=choices.clone() />
                        <NotifySection on_team choices />
                        {when(move || !is_fixed.get(), || view! { <AddressForm /> })}
                        <PasswordForm email=me.email />
                        {api_keys::own_keys(me.role)}
                        {own_data()}
                    }
                })}
        </div>
    }
}

/// What somebody reads who may not change it.
fn fixed(me: &Me) -> AnyView {
    view! {
        <section class="section">
            <h2>{PROFILE}</h2>
            <dl class="facts">
                <dt>{NAME}</dt>
                <dd>{me.name.clone()}</dd>
                <dt>{EMAIL}</dt>
                <dd>{me.email.clone()}</dd>
            </dl>
            <p class="quiet">{FIXED}</p>
        </section>
    }
    .into_any()
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
