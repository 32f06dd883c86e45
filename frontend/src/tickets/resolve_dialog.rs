//! Resolving, which is final: a button where it is allowed, and a question before it happens.

use leptos::prelude::*;

use super::{
    api,
    open_ticket::OpenTicket,
    words::{NOW_RESOLVED, RESOLVE, RESOLVE_ACT, RESOLVE_TITLE, RESOLVE_WHAT},
};
use crate::{
    erased::{memo, on, when},
    ui::{Confirm, Form, Glyph, Icon, toast},
};

#[component]
pub fn ResolveButton(ticket: OpenTicket) -> impl IntoView {
    let open = RwSignal::new(false);
    let form = Form::new();
    let may = memo(move || ticket.view.with(|view| view.as_ref().is_some_and(|view| view.can.resolve)));
    let title =
        move || ticket.view.with(|view| view.as_ref().map(|view| view.summary.title.clone()).unwrap_or_default());
    let resolve = move |()| {
        form.run(api::resolve(ticket.id), move |view| {
            open.set(false);
            ticket.accept(view);
            toast::say(NOW_RESOLVED);
        });
    };
    let ask = move |_| {
        form.clear();
        open.set(true);
    };
    view! {
        {when(move || may.get(), move || view! {
            <button class="button" data-kind="primary" type="button" on:click=on(ask)>
                <Icon glyph=Glyph::Check />
                {RESOLVE}
            </button>
            <Confirm open id="resolve-title" title=RESOLVE_TITLE act=RESOLVE_ACT form confirmed=resolve>
                <p>{move || RESOLVE_WHAT.with(&title())}</p>
            </Confirm>
        })}
    }
}
