//! Deleting one's ticket, which cannot be undone: a quiet button and a question that names what goes.

use leptos::prelude::*;

use super::{
    address::Open,
    api,
    open_ticket::OpenTicket,
    words::{DELETE, DELETE_ACT, DELETE_TITLE, DELETE_WHAT, DELETED},
    workplace::Workplace,
};
use crate::{
    erased::{memo, on, when},
    pulse,
    ui::{Confirm, Form, Glyph, Icon, toast},
};

#[component]
pub fn DeleteButton(ticket: OpenTicket) -> impl IntoView {
    let here = Workplace::here();
    let open = RwSignal::new(false);
    let form = Form::new();
    let may = memo(move || ticket.view.with(|view| view.as_ref().is_some_and(|view| view.can.delete)));
    let title =
        move || ticket.view.with(|view| view.as_ref().map(|view| view.summary.title.clone()).unwrap_or_default());
    let erase = move |()| {
        form.run(api::erase(ticket.id), move |()| {
            open.set(false);
            here.go(Open::Nothing);
            pulse::look_again();
            toast::say(DELETED);
        });
    };
    let ask = move |_| {
        form.clear();
        open.set(true);
    };
    view! {
        {when(move || may.get(), move || view! {
            <button class="button" data-kind="plain-danger" type="button" on:click=on(ask)>
                <Icon glyph=Glyph::Trash />
                {DELETE}
            </button>
            <Confirm
                open
                id="delete-title"
                title=DELETE_TITLE
                act=DELETE_ACT
                dangerous=true
                form
                confirmed=erase
            >
                <p>{move || DELETE_WHAT.with(&title())}</p>
            </Confirm>
        })}
    }
}
