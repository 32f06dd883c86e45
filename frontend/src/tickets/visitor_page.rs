//! A ticket from somebody without an account: the form, and what to do with the mail that follows.
//!
//! Invariant: both look the same whether or not the address has an account.

use api_types::{
    captcha::CaptchaAction,
    tickets::{NewTicket, Visitor},
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    asked::{self, written},
    draft::Draft,
    new_ticket::{asked, check, fresh},
    words::{
        ASK, ASK_LEAD, EMAIL, EMAIL_HINT, HAVE_ACCOUNT, MAILED, MAILED_BEFORE, MAILED_FILES, NAME, SEND_TICKET, SIGN_IN,
    },
};
use crate::{
    articles::Suggestions,
    auth::{CheckMail, CodeForm},
    captcha::Captcha,
    erased::{derive, dynamic, effect, on},
    i18n, paths, storage,
    ui::{self, Form, FormFailure, SubmitButton, TextField},
};

/// Where this browser keeps who they say they are, until they have sent it.
const NAME_KEPT: &str = "draft:visitor:name";
const EMAIL_KEPT: &str = "draft:visitor:email";

#[component]
pub fn VisitorPage() -> impl IntoView {
    ui::title_page(|| ASK.get().to_owned());
    let mailed_to = RwSignal::new(None::<String>);
    view! {
        <div class="sheet">
            {dynamic(move || match mailed_to.get() {
                Some(address) => {
                    view! {
                        <CheckMail note=MAILED address to_sign_in=false>
                            <p>{MAILED_FILES}</p>
                            <CodeForm />
                            <p class="quiet">{MAILED_BEFORE}</p>
                        </CheckMail>
                    }
                    .into_any()
                }
                None => view! { <VisitorForm mailed_to /> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn VisitorForm(mailed_to: RwSignal<Option<String>>) -> impl IntoView {
    let draft = Draft::take_up(None, None);
    let [name, email] = [NAME_KEPT, EMAIL_KEPT].map(|place| RwSignal::new(storage::word(place).unwrap_or_default()));
    effect(move || {
        storage::keep_word(NAME_KEPT, &name.get());
        storage::keep_word(EMAIL_KEPT, &email.get());
    });
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let visitor = Visitor {
            name: name.get_untracked().into(),
            email: email.get_untracked().into(),
            locale: untrack(i18n::locale),
        };
        let address = visitor.email.to_string();
        let (request, faults) = asked::request(draft);
        let request = NewTicket { visitor: Some(visitor), ..request };
        if check(form, &request, faults) {
            form.run(fresh(api::ask(request, draft.key())), move |()| {
                draft.forget();
                name.set(String::new());
                email.set(String::new());
                mailed_to.set(Some(address));
            });
        }
    };
    view! {
        <h1 tabindex="-1">{ASK}</h1>
        <p class="lead">{ASK_LEAD}</p>
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="visitor/name" label=NAME value=name autocomplete="name" />
            <TextField
                form
                name="visitor/email"
                label=EMAIL
                value=email
                kind="email"
                autocomplete="email"
                hint=EMAIL_HINT
            />
            {asked(form, draft)}
            <Captcha form action=CaptchaAction::Ticket />
            <FormFailure form />
            <SubmitButton form label=SEND_TICKET />
        </form>
        <Suggestions text=derive(move || written(draft)) />
        <p class="after">
            {HAVE_ACCOUNT} " " <a href=paths::SIGN_IN>{SIGN_IN}</a>
        </p>
    }
}
