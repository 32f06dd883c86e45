//! Where the links of registration and of signing in by mail lead.
//!
//! Invariant: the token is spent at once and leaves the address bar; a code can be typed instead.

use api_types::auth::Verification;
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    mailed::follow_token,
    words::{ASK_AGAIN, CODE, CONFIRM, LINK_DEAD, VERIFY, VERIFY_LEAD, VERIFYING},
};
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, effect, on, spawn},
    errors, paths, session,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn VerifyPage() -> impl IntoView {
    ui::title_page(|| VERIFY.get().to_owned());
    let failure = RwSignal::new(None::<Failure>);
    let token = follow_token();
    let enter = enter();
    effect(move || {
        let Some(token) = token.get() else { return };
        let enter = enter.clone();
        failure.set(None);
        spawn(async move {
            match api::verify(token).await {
                Ok(session) => enter(session),
                Err(refused) => drop(failure.try_set(Some(refused))),
            }
        });
    });
    view! {
        <div class="sheet" data-narrow>
            {dynamic(move || match (token.with(Option::is_some), failure.get()) {
                (true, None) => view! { <h1 tabindex="-1">{VERIFYING}</h1> }.into_any(),
                (true, Some(failure)) => {
                    view! {
                        <h1 tabindex="-1">{LINK_DEAD}</h1>
                        <p role="alert">{errors::explain(&failure)}</p>
                        <p>
                            <a class="button" href=paths::SIGN_IN>
                                {ASK_AGAIN}
                            </a>
                        </p>
                    }
                    .into_any()
                }
                (false, _) => {
                    view! {
                        <h1 tabindex="-1">{VERIFY}</h1>
                        <p class="lead">{VERIFY_LEAD}</p>
                        <CodeForm />
                    }
                    .into_any()
                }
            })}
        </div>
    }
}

/// The code that stands under the link in the mail.
#[component]
pub fn CodeForm() -> impl IntoView {
    let form = Form::new();
    let code = RwSignal::new(String::new());
    let enter = enter();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let token = code.get_untracked().trim().to_owned();
        form.send(&Verification { token: token.clone() }, api::verify(token), enter.clone());
    };
    view! {
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="token" label=CODE value=code kind="text" autocomplete="one-time-code" />
            <FormFailure form />
            <SubmitButton form label=CONFIRM />
        </form>
    }
}

/// Begins the session and goes to the ticket that the link was mailed for, or home.
fn enter() -> impl Fn(api_types::auth::Session) + Clone + 'static {
    move |session| {
        let home = paths::home(session.user.role.is_team());
        let ticket = session.ticket_id.map(|id| paths::with_query(home, &[("ticket", &id.to_string())]));
        session::begin(session);
        address_bar::replace(ticket.as_deref().unwrap_or(home));
    }
}
