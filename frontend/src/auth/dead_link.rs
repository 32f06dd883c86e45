//! A link that was used, has expired or never was one, and the offer of another.
//!
//! Invariant: all of these look the same, before and after the offer is taken.

use leptos::prelude::*;

use super::{
    api,
    words::{BACK_TO_SIGN_IN, CHECK_MAIL, LINK_DEAD, LINK_DEAD_WHY, RENEW, RENEWED, TO_TICKETS},
};
use crate::{
    erased::{dynamic, on},
    paths, session,
    ui::{self, Form, FormFailure},
};

#[component]
pub fn DeadLink(token: String) -> impl IntoView {
    let form = Form::new();
    let renewed = RwSignal::new(false);
    let renew = Callback::new(move |()| {
        form.run(api::renew(token.clone()), move |()| {
            renewed.try_set(true);
        });
    });
    let onward = dynamic(move || match session::me() {
        Some(me) => view! { <a href=paths::home(me.role.is_team())>{TO_TICKETS}</a> },
        None => view! { <a href=paths::SIGN_IN>{BACK_TO_SIGN_IN}</a> },
    });
    let state = dynamic(move || {
        ui::focus_heading();
        if renewed.get() {
            view! {
                <h1 tabindex="-1">{CHECK_MAIL}</h1>
                <p role="status">{RENEWED}</p>
            }
            .into_any()
        } else {
            view! {
                <h1 tabindex="-1">{LINK_DEAD}</h1>
                <p>{LINK_DEAD_WHY}</p>
                <FormFailure form />
                <p>
                    <button
                        class="button"
                        data-kind="primary"
                        type="button"
                        aria-disabled=move || form.busy().to_string()
                        on:click=on(move |_| renew.run(()))
                    >
                        {RENEW}
                    </button>
                </p>
            }
            .into_any()
        }
    });
    view! {
        {state}
        <p>{onward}</p>
    }
}
