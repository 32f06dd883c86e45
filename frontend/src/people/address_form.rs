//! Moving to another address, which the link or the code mailed there proves.

use api_types::people::AddressChange;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    words::{ADDRESS, ADDRESS_LEAD, ADDRESS_MAILED, CHANGE_ADDRESS, CURRENT_PASSWORD, NEW_ADDRESS},
};
use crate::{
    auth::CodeForm,
    erased::{dynamic, on, when},
    session,
    ui::{Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn AddressForm() -> impl IntoView {
    let mailed_to = RwSignal::new(None::<String>);
    view! {
        <section class="section">
            <h2>{ADDRESS}</h2>
            {dynamic(move || match mailed_to.get() {
                Some(address) => {
                    view! {
                        <p role="status">{move || ADDRESS_MAILED.with(&address)}</p>
                        <CodeForm />
                    }
                    .into_any()
                }
                None => ask(mailed_to),
            })}
        </section>
    }
}

fn ask(mailed_to: RwSignal<Option<String>>) -> AnyView {
    let form = Form::new();
    let [email, password] = [(); 2].map(|()| RwSignal::new(String::new()));
    let has_password = untrack(|| session::me().is_some_and(|me| me.has_password));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let change = AddressChange {
            email: email.get_untracked().into(),
            current_password: has_password.then(|| password.get_untracked().into()),
        };
        let address = change.email.to_string();
        form.send(&change, api::change_address(change.clone()), move |()| mailed_to.set(Some(address)));
    };
    view! {
        <p class="quiet">{ADDRESS_LEAD}</p>
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="email" id="new_email" label=NEW_ADDRESS value=email kind="email" autocomplete="off" />
            {when(move || has_password, move || view! {
                <TextField
                    form
                    name="current_password"
                    id="password_to_move"
                    label=CURRENT_PASSWORD
                    value=password
                    kind="password"
                    autocomplete="current-password"
                />
            })}
            <FormFailure form />
            <SubmitButton form label=CHANGE_ADDRESS />
        </form>
    }
    .into_any()
}
