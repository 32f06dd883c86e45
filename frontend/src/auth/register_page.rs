//! Opening an account: name, address, password, then the code or link from the mail.

use api_types::{auth::Registration, captcha::CaptchaAction};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    mailed::CheckMail,
    verify_page::CodeForm,
    words::{
        CHECK_MAIL_REGISTER, CLOSED, CLOSED_WHO, EMAIL, HAVE_ACCOUNT, NAME, PASSWORD, PASSWORD_RULE, REGISTER,
        REGISTER_ACT, REGISTER_LEAD, SIGN_IN,
    },
};
use crate::{
    captcha::Captcha,
    erased::{dynamic, on},
    i18n, paths, settings,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn RegisterPage() -> impl IntoView {
    ui::title_page(|| REGISTER.get().to_owned());
    let mailed_to = RwSignal::new(None::<String>);
    view! {
        <div class="sheet" data-narrow>
            {dynamic(move || match mailed_to.get() {
                Some(address) => {
                    view! {
                        <CheckMail note=CHECK_MAIL_REGISTER address>
                            <CodeForm />
                        </CheckMail>
                    }
                    .into_any()
                }
                None if settings::is_closed() => {
                    view! {
                        <h1 tabindex="-1">{CLOSED}</h1>
                        <p>{move || CLOSED_WHO.with(&settings::name())}</p>
                        <p>
                            <a class="button" href=paths::SIGN_IN>
                                {SIGN_IN}
                            </a>
                        </p>
                    }
                    .into_any()
                }
                None => view! { <RegisterForm mailed_to /> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn RegisterForm(mailed_to: RwSignal<Option<String>>) -> impl IntoView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = Registration {
            name: name.get_untracked().into(),
            email: email.get_untracked().into(),
            password: password.get_untracked().into(),
            locale: untrack(i18n::locale),
            captcha: None,
        };
        let address = request.email.to_string();
        form.send(&request, api::register(request.clone()), move |()| mailed_to.set(Some(address)));
    };
    view! {
        <h1 tabindex="-1">{REGISTER}</h1>
        <p class="lead">{REGISTER_LEAD}</p>
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="name" label=NAME value=name autocomplete="name" />
            <TextField form name="email" label=EMAIL value=email kind="email" autocomplete="username" />
            <TextField
                form
                name="password"
                label=PASSWORD
                value=password
                kind="password"
                autocomplete="new-password"
                hint=PASSWORD_RULE
            />
            <Captcha form action=CaptchaAction::Register />
            <FormFailure form />
            <SubmitButton form label=REGISTER_ACT />
        </form>
        <p class="after">
            {HAVE_ACCOUNT} " " <a href=paths::SIGN_IN>{SIGN_IN}</a>
        </p>
    }
}
