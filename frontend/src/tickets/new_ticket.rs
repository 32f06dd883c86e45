//! The form for a new ticket, or for one that goes on from a resolved ticket.

use api_types::{
    error::FieldError,
    tickets::{NewTicket, TicketId},
};
use leptos::{ev::SubmitEvent, prelude::*};
use web_sys::ClipboardEvent;

use super::{
    address::Open,
    api,
    asked::{self, written},
    draft::Draft,
    question::questions,
    words::{FOLLOW_UP, FOLLOW_UP_LEAD, NEW_TICKET, SEND_TICKET, SENT},
    workplace::Workplace,
};
use crate::{
    api::Failure,
    articles::Suggestions,
    attachments::{AttachButton, ClaimFault, DropZone, Gate, GateNote, UploadsList, paste_into},
    erased::{derive, dynamic, memo, on, spawn},
    pulse, session, settings,
    ui::{self, BACK, Form, FormFailure, Glyph, Icon, SubmitButton, toast},
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
    if let Some(followed) = follows {
        spawn(api::department_of(followed, draft.inherited));
    }
    let form = Form::new();
    let uploads = draft.uploads;
    let gate = Gate::of(uploads);
    let send = move || {
        let (request, faults) = asked::request(draft);
        if !check(form, &request, faults) || gate.holds() {
            return;
        }
        form.run(fresh(api::create(request, draft.key())), move |view| {
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
                {asked(form, draft)}
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
            <Suggestions text=derive(move || written(draft)) />
        </article>
    }
    .into_any()
}

/// All that the desk asks for, those of the department that is chosen included.
pub fn asked(form: Form, draft: Draft) -> AnyView {
    let department = memo(move || asked::department(draft));
    view! {
        <div class="asked">
            {dynamic(move || questions(form, draft.sheet, asked::of_every_ticket(draft)))}
            {dynamic(move || questions(form, draft.sheet, asked::of_department(&department.get())))}
        </div>
    }
    .into_any()
}

/// Shows every rule that a request breaks; true when it keeps them all.
pub fn check(form: Form, request: &NewTicket, mut faults: Vec<FieldError>) -> bool {
    faults.extend(FieldError::all_of(request));
    form.judge(faults)
}

/// After a refusal the form may have to ask for something else.
pub async fn fresh<T>(call: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let answer = call.await;
    if matches!(answer, Err(Failure::Refused(_))) {
        settings::fetch();
    }
    answer
}
