//! Choosing a new password by the mailed link. Every session of the account ends, so one signs in
//! afterwards.

use api_types::{auth::PasswordReset, error::ErrorCode};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    dead_link::DeadLink,
    mailed::follow_token,
    words::{ASK_AGAIN, LINK_DEAD, NEW_PASSWORD, PASSWORD_RULE, RESET, RESET_ACT},
};
use crate::{
    address_bar,
    erased::{dynamic, effect, memo, on},
    paths, session,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn ResetPage() -> impl IntoView {
    ui::title_page(|| RESET.get().to_owned());
    let token = follow_token();
    let form = Form::new();
    let dead = memo(move || form.refusal() == Some(ErrorCode::LinkExpired));
    effect(move || {
        token.track();
        form.clear();
    });
    view! {
        <div class="sheet" data-narrow>
            {dynamic(move || match token.get() {
                Some(token) if dead.get() => view! { <DeadLink token /> }.into_any(),
                Some(token) => view! { <ResetForm token form /> }.into_any(),
                None => {
                    view! {
                        <h1 tabindex="-1">{LINK_DEAD}</h1>
                        <p>
                            <a class="button" href=paths::FORGOT>
                                {ASK_AGAIN}
                            </a>
                        </p>
                    }
                    .into_any()
                }
            })}
        </div>
    }
}

#[component]
fn ResetForm(token: String, form: Form) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = PasswordReset { token: token.clone(), password: password.get_untracked().into() };
        form.send(&request, api::reset(request.clone()), move |()| {
            session::end();
            address_bar::replace(&paths::with_query(paths::SIGN_IN, &[("reset", "done")]));
        });
    };
    view! {
        <h1 tabindex="-1">{RESET}</h1>
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField
                form
                name="password"
                label=NEW_PASSWORD
                value=password
                kind="password"
                autocomplete="new-password"
                hint=PASSWORD_RULE
            />
            <FormFailure form />
            <SubmitButton form label=RESET_ACT />
        </form>
        <p class="after">
            <a href=paths::FORGOT>{ASK_AGAIN}</a>
        </p>
    }
}
