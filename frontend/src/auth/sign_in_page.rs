//! Signing in by password or by a mailed link.

use api_types::{
    auth::{Credentials, MailRequest},
    captcha::CaptchaAction,
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    mailed::CheckMail,
    verify_page::CodeForm,
    words::{
        CHECK_MAIL_LINK, CLOSED_WHO, EMAIL, FORGOT_LINK, MAIL_LINK, NO_ACCOUNT, OR, PASSWORD, REGISTER_LINK,
        RESET_DONE, SIGN_IN, SIGN_IN_LEAD,
    },
};
use crate::{
    address_bar,
    captcha::Captcha,
    erased::{dynamic, effect, on},
    paths,
    session::{self, Who},
    settings, site,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn SignInPage() -> impl IntoView {
    ui::title_page(|| SIGN_IN.get().to_owned());
    let mailed_to = RwSignal::new(None::<String>);
    return_when_signed_in();
    view! {
        <div class="sheet" data-narrow>
            {dynamic(move || match mailed_to.get() {
                Some(address) => {
                    // The link opens beside the website; only the code signs in here.
                    let code = site::in_panel().then(|| view! { <CodeForm /> });
                    view! { <CheckMail note=CHECK_MAIL_LINK address>{code}</CheckMail> }.into_any()
                }
                None => view! { <SignInForm mailed_to /> }.into_any(),
            })}
        </div>
    }
}

/// Goes where the person wanted to go; the team's home is its desk.
fn return_when_signed_in() {
    effect(move || {
        if let Who::Somebody(me) = session::who() {
            let wanted = untrack(address_bar::query)("next");
            let to = wanted.as_deref().and_then(paths::inside).unwrap_or(paths::home(me.role.is_team()));
            address_bar::replace(to);
        }
    });
}

#[component]
fn SignInForm(mailed_to: RwSignal<Option<String>>) -> impl IntoView {
    let form = Form::new();
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let after_reset = untrack(address_bar::query)("reset").is_some();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = Credentials { email: email.get_untracked().into(), password: password.get_untracked().into() };
        form.send(&request, api::login(request.clone()), session::begin);
    };
    let mail_link = move |_| {
        let request = MailRequest { email: email.get_untracked().into(), captcha: None };
        let address = request.email.to_string();
        form.send(&request, api::mail_link(request.clone()), move |()| mailed_to.set(Some(address)));
    };
    view! {
        <h1 tabindex="-1">{SIGN_IN}</h1>
        {if after_reset {
            view! { <p class="notice" data-tone="good">{RESET_DONE}</p> }.into_any()
        } else {
            view! { <p class="lead">{SIGN_IN_LEAD}</p> }.into_any()
        }}
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="email" label=EMAIL value=email kind="email" autocomplete="username" />
            <TextField form name="password" label=PASSWORD value=password kind="password" autocomplete="current-password" />
            <FormFailure form />
            <SubmitButton form label=SIGN_IN />
            <p class="or">
                <span>{OR}</span>
            </p>
            <Captcha form action=CaptchaAction::Link only="[data-captcha]" />
            <button class="button" type="button" data-captcha on:click=on(mail_link)>
                {MAIL_LINK}
            </button>
        </form>
        <p class="after">
            <a href=paths::FORGOT>{FORGOT_LINK}</a>
            <br />
            {NO_ACCOUNT} " "
            {dynamic(move || {
                if settings::is_closed() {
                    CLOSED_WHO.with(&settings::name()).into_any()
                } else {
                    view! { <a href=paths::REGISTER>{REGISTER_LINK}</a> }.into_any()
                }
            })}
        </p>
    }
}
