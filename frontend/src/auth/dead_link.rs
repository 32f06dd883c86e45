//! A link that was used, has expired or never was one, and the offer of another.
//!
//! Invariant: all of these look the same, before and after the offer is taken.

use leptos::prelude::*;

use super::{
    api,
    words::{BACK_TO_SIGN_IN, CHECK_MAIL, LINK_DEAD, LINK_DEAD_WHY, RENEW, RENEWED, TO_TICKETS},
};
use crate::{
    erased::{derive, dynamic, on},
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
    dynamic(move || {
        ui::focus_heading();
        let (to, name) = match session::me() {
            Some(me) => (paths::home(me.role.is_team()), TO_TICKETS),
            None => (paths::SIGN_IN, BACK_TO_SIGN_IN),
        };
        let (heading, words) = if renewed.get() { (CHECK_MAIL, RENEWED) } else { (LINK_DEAD, LINK_DEAD_WHY) };
        let again = (!renewed.get()).then(|| {
            view! {
                <p>
                    <button
                        class="button"
                        data-kind="primary"
                        type="button"
                        aria-disabled=derive(move || form.busy().to_string())
                        on:click=on(move |_| renew.run(()))
                    >
                        {RENEW}
                    </button>
                </p>
            }
        });
        view! {
            <h1 tabindex="-1">{heading}</h1>
            <p role="status">{words}</p>
            <FormFailure form />
            {again}
            <p>
                <a href=to>{name}</a>
            </p>
        }
    })
}
