//! Asking for a link to choose a new password.

use api_types::{auth::MailRequest, captcha::CaptchaAction};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    mailed::CheckMail,
    words::{BACK_TO_SIGN_IN, CHECK_MAIL_LINK, EMAIL, FORGOT, FORGOT_ACT, FORGOT_LEAD},
};
use crate::{
    captcha::Captcha,
    erased::{dynamic, on},
    paths,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

#[component]
pub fn ForgotPage() -> impl IntoView {
    ui::title_page(|| FORGOT.get().to_owned());
    let form = Form::new();
    let email = RwSignal::new(String::new());
    let mailed_to = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let request = MailRequest { email: email.get_untracked().into(), captcha: None };
        let address = request.email.to_string();
        form.send(&request, api::forgot(request.clone()), move |()| mailed_to.set(Some(address)));
    };
    view! {
        <div class="sheet" data-narrow>
            {dynamic(move || match mailed_to.get() {
                Some(address) => view! { <CheckMail note=CHECK_MAIL_LINK address /> }.into_any(),
                None => {
                    view! {
                        <h1 tabindex="-1">{FORGOT}</h1>
                        <p class="lead">{FORGOT_LEAD}</p>
                        <form node_ref=form.node novalidate on:submit=on(submit)>
                            <TextField form name="email" label=EMAIL value=email kind="email" autocomplete="username" />
                            <Captcha form action=CaptchaAction::Link />
                            <FormFailure form />
                            <SubmitButton form label=FORGOT_ACT />
                        </form>
                        <p class="after">
                            <a href=paths::SIGN_IN>{BACK_TO_SIGN_IN}</a>
                        </p>
                    }
                    .into_any()
                }
            })}
        </div>
    }
}
