//! What one wants to be told of, and where: in the bell, by mail, or not at all.
//!
//! Invariant: only what can happen to somebody of this role is asked for.

use api_types::notifications::NotificationKind;
use leptos::prelude::*;

use super::{
    choices::{Choices, tick},
    words::{
        BELL, MAIL, NOTIFICATIONS, OF_ASSIGNED, OF_CUSTOMER_COMMENT, OF_PERSON_WANTED, OF_RESOLUTION_PROPOSED,
        OF_RESOLVED, OF_RESPONSE, OF_SLA_BREACH, OF_SLA_WARNING, OF_TICKET_CREATED, OF_TICKET_MOVED, TELL_ME,
    },
};
use crate::{address_bar, i18n::Words, paths, settings, ui};

const OF_CUSTOMER: &[(NotificationKind, Words)] =
    &[(NotificationKind::Response, OF_RESPONSE), (NotificationKind::ResolutionProposed, OF_RESOLUTION_PROPOSED)];
const OF_TEAM: &[(NotificationKind, Words)] = &[
    (NotificationKind::TicketCreated, OF_TICKET_CREATED),
    (NotificationKind::TicketMoved, OF_TICKET_MOVED),
    (NotificationKind::Assigned, OF_ASSIGNED),
    (NotificationKind::CustomerComment, OF_CUSTOMER_COMMENT),
    (NotificationKind::PersonWanted, OF_PERSON_WANTED),
    (NotificationKind::SlaWarning, OF_SLA_WARNING),
    (NotificationKind::SlaBreach, OF_SLA_BREACH),
    (NotificationKind::Resolved, OF_RESOLVED),
];

#[component]
pub fn NotifySection(on_team: bool, choices: Choices) -> impl IntoView {
    // Where mails lead to.
    if paths::NOTIFICATIONS.ends_with(&format!("{}{}", untrack(address_bar::path), untrack(address_bar::hash))) {
        request_animation_frame(|| ui::focus("#notifications h2"));
    }
    let kinds = if on_team { OF_TEAM } else { OF_CUSTOMER };
    let has_bell = on_team || untrack(|| settings::shows("bell"));
    let rows = kinds.iter().map(|(kind, of)| row(&choices, *kind, *of, has_bell)).collect_view();
    view! {
        <section class="section" id="notifications">
            <h2 tabindex="-1">{NOTIFICATIONS}</h2>
            <table class="notify">
                <thead>
                    <tr>
                        <th scope="col">{TELL_ME}</th>
                        {has_bell.then(|| view! { <th scope="col">{BELL}</th> })}
                        <th scope="col">{MAIL}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

fn row(choices: &Choices, kind: NotificationKind, of: Words, has_bell: bool) -> AnyView {
    let called = |place: Words| view! { <span class="hidden">{place} " " {of}</span> }.into_any();
    let bell = tick(
        choices,
        "checkbox",
        called(BELL),
        move |it| it.notify.of(kind).bell,
        move |it, wanted| it.notify.of_mut(kind).into_iter().for_each(|it| it.bell = wanted),
    );
    let mail = tick(
        choices,
        "checkbox",
        called(MAIL),
        move |it| it.notify.of(kind).mail,
        move |it, wanted| it.notify.of_mut(kind).into_iter().for_each(|it| it.mail = wanted),
    );
    view! {
        <tr>
            <th scope="row">{of}</th>
            {has_bell.then(|| view! { <td>{bell}</td> })}
            <td>{mail}</td>
        </tr>
    }
    .into_any()
}
