//! A ticket from somebody without an account: the form, and what to do with the mail that follows.
//!
//! Invariant: both look the same whether or not the address has an account.

use api_types::tickets::{NewTicket, Visitor};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    draft::Draft,
    words::{
        ASK, ASK_LEAD, EMAIL, EMAIL_HINT, HAVE_ACCOUNT, MAILED, MAILED_BEFORE, MAILED_FILES, MESSAGE, MESSAGE_HINT,
        NAME, SEND_TICKET, SIGN_IN, TITLE, TITLE_HINT,
    },
};
use crate::{
    articles::Suggestions,
    auth::{CheckMail, CodeForm},
    erased::{derive, dynamic, on},
    i18n, paths,
    ui::{self, Form, FormFailure, SubmitButton, TextArea, TextField},
};

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
    let draft = Draft::of_visitor();
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let visitor = Visitor {
            name: draft.name.get_untracked().into(),
            email: draft.email.get_untracked().into(),
            locale: untrack(i18n::locale),
        };
        let address = visitor.email.to_string();
        let request = NewTicket { visitor: Some(visitor), ..draft.request() };
        form.send(&request, api::ask(request.clone(), draft.key()), move |()| {
            draft.forget();
            mailed_to.set(Some(address));
        });
    };
    let written = derive(move || format!("{}\n{}", draft.title.get(), draft.message.get()));
    view! {
        <h1 tabindex="-1">{ASK}</h1>
        <p class="lead">{ASK_LEAD}</p>
        <form node_ref=form.node novalidate on:submit=on(submit)>
            <TextField form name="visitor/name" label=NAME value=draft.name autocomplete="name" />
            <TextField
                form
                name="visitor/email"
                label=EMAIL
                value=draft.email
                kind="email"
                autocomplete="email"
                hint=EMAIL_HINT
            />
            <TextField form name="title" label=TITLE value=draft.title hint=TITLE_HINT />
            <TextArea form name="message" label=MESSAGE value=draft.message hint=MESSAGE_HINT rows=8 />
            <FormFailure form />
            <SubmitButton form label=SEND_TICKET />
        </form>
        <Suggestions text=written />
        <p class="after">
            {HAVE_ACCOUNT} " " <a href=paths::SIGN_IN>{SIGN_IN}</a>
        </p>
    }
}
