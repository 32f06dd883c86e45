//! The form for a new ticket, or for one that goes on from a resolved ticket.

use api_types::tickets::TicketId;
use leptos::{ev::SubmitEvent, prelude::*};
use web_sys::ClipboardEvent;

use super::{
    address::Open,
    api,
    draft::Draft,
    words::{FOLLOW_UP, FOLLOW_UP_LEAD, MESSAGE, MESSAGE_HINT, NEW_TICKET, SEND_TICKET, SENT, TITLE, TITLE_HINT},
    workplace::Workplace,
};
use crate::{
    articles::Suggestions,
    attachments::{AttachButton, ClaimFault, DropZone, Gate, GateNote, UploadsList, paste_into},
    erased::{derive, on},
    pulse, session,
    ui::{self, BACK, Form, FormFailure, Glyph, Icon, SubmitButton, TextArea, TextField, toast},
};

#[component]
pub fn NewTicketForm(follows: Option<TicketId>) -> impl IntoView {
    let here = Workplace::here();
    let heading = if follows.is_some() { FOLLOW_UP } else { NEW_TICKET };
    ui::title_page(move || heading.get().to_owned());
    let Some(me) = untrack(session::me) else {
        return ().into_any();
    };
    let draft = Draft::take_up(Some(&me), follows);
    let form = Form::new();
    let uploads = draft.uploads;
    let gate = Gate::of(uploads);
    let send = move || {
        let request = draft.request();
        if !form.check(&request) || gate.holds() {
            return;
        }
        form.run(api::create(request, draft.key()), move |view| {
            draft.forget();
            here.go(Open::Ticket(view.summary.id));
            pulse::look_again();
            toast::say(SENT);
        });
    };
    gate.opens(send);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <article class="ticket-pane" data-form data-drops>
            <header class="ticket-head">
                <a class="icon-button back" href=move || here.href(Open::Nothing) aria-label=BACK title=BACK>
                    <Icon glyph=Glyph::Back />
                </a>
                <h1 tabindex="-1">{heading}</h1>
            </header>
            <form
                class="new-ticket"
                node_ref=form.node
                novalidate
                on:submit=on(submit)
                on:paste=on(move |event: ClipboardEvent| paste_into(uploads, &event))
            >
                {follows.map(|_| view! { <p class="lead">{FOLLOW_UP_LEAD}</p> })}
                {words(form, draft)}
                <AttachButton uploads />
                <UploadsList uploads gate />
                <ClaimFault form uploads />
                <DropZone uploads />
                <FormFailure form />
                <div class="new-ticket-actions">
                    <SubmitButton form label=SEND_TICKET />
                    <GateNote gate />
                </div>
            </form>
            <Suggestions text=written(draft) />
        </article>
    }
    .into_any()
}

/// The two fields that every ticket is made of.
pub fn words(form: Form, draft: Draft) -> AnyView {
    view! {
        <TextField form name="title" label=TITLE value=draft.title hint=TITLE_HINT />
        <TextArea form name="message" label=MESSAGE value=draft.message hint=MESSAGE_HINT rows=8 />
    }
    .into_any()
}

/// Follows what is written, to suggest articles by.
pub fn written(draft: Draft) -> Signal<String> {
    derive(move || format!("{}\n{}", draft.title.get(), draft.message.get()))
}
