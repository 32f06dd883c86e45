//! Changing one's password, which needs the current one, or setting the first.

use api_types::people::MeChange;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    words::{
        CHANGE_PASSWORD, CURRENT_PASSWORD, NEW_PASSWORD, PASSWORD, PASSWORD_CHANGED, PASSWORD_LEAD, PASSWORD_RULE,
    },
};
use crate::{
    erased::{memo, on, when},
    session,
    ui::{Form, FormFailure, SubmitButton, TextField, toast},
};

#[component]
pub fn PasswordForm(email: String) -> impl IntoView {
    let form = Form::new();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let has_password = memo(|| session::me().is_some_and(|me| me.has_password));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = MeChange {
            password: Some(new.get_untracked().into()),
            current_password: has_password.get_untracked().then(|| current.get_untracked().into()),
            ..MeChange::default()
        };
        form.send(&change, api::change_me(change.clone()), move |me| {
            session::update(me);
            current.set(String::new());
            new.set(String::new());
            toast::say(PASSWORD_CHANGED);
        });
    };
    view! {
        <section class="section">
            <h2>{PASSWORD}</h2>
            <p class="quiet">{PASSWORD_LEAD}</p>
            <form node_ref=form.node novalidate on:submit=on(submit)>
                // Password managers look for the account's name beside its password.
                <input type="text" class="hidden" autocomplete="username" tabindex="-1" aria-hidden="true" readonly value=email />
                {when(move || has_password.get(), move || view! {
                    <TextField
                        form
                        name="current_password"
                        label=CURRENT_PASSWORD
                        value=current
                        kind="password"
                        autocomplete="current-password"
                    />
                })}
                <TextField
                    form
                    name="password"
                    label=NEW_PASSWORD
                    value=new
                    kind="password"
                    autocomplete="new-password"
                    hint=PASSWORD_RULE
                />
                <FormFailure form />
                <SubmitButton form label=CHANGE_PASSWORD />
            </form>
        </section>
    }
}
