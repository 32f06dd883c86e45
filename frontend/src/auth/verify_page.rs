//! Where the links of registration and of signing in by mail lead.
//!
//! Invariant: the token is spent at once and leaves the address bar; a code can be typed instead.

use api_types::{
    auth::{Session, Verification},
    error::ErrorCode,
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    dead_link::DeadLink,
    mailed::follow_token,
    words::{CODE, CONFIRM, VERIFY, VERIFY_LEAD, VERIFYING},
};
use crate::{
    address_bar,
    api::Failure,
    erased::{dynamic, effect, on, spawn},
    paths, session,
    ui::{self, FailureState, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn VerifyPage() -> impl IntoView {
    ui::title_page(|| VERIFY.get().to_owned());
    let failure = RwSignal::new(None::<Failure>);
    let token = follow_token();
    let again = RwSignal::new(());
    let enter = enter();
    effect(move || {
        again.track();
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
            {dynamic(move || match (token.get(), failure.get()) {
                (Some(_), None) => view! { <h1 tabindex="-1">{VERIFYING}</h1> }.into_any(),
                (Some(token), Some(failure)) if failure.code() == Some(ErrorCode::LinkExpired) => {
                    view! { <DeadLink token /> }.into_any()
                }
                (Some(_), Some(failure)) => {
                    view! {
                        <h1 tabindex="-1">{VERIFY}</h1>
                        <FailureState failure retry=move |()| again.set(()) />
                    }
                    .into_any()
                }
                (None, _) => {
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

/// Begins the session and goes to the ticket that the link was mailed for, to answer it, or home.
fn enter() -> impl Fn(Session) + Clone + 'static {
    move |session| {
        let on_team = session.user.role.is_team();
        let ticket = session.ticket_id.map(|id| format!("{}{}", paths::ticket(on_team, id), paths::REPLY));
        session::begin(session);
        address_bar::replace(ticket.as_deref().unwrap_or(paths::home(on_team)));
    }
}
