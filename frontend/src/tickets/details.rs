//! The details beside the thread: facts for everybody, controls for the team. They fold away where
//! there is no room beside the thread.

use api_types::tickets::TicketStatus;
use leptos::{html, prelude::*};

use super::{
    answers::AnswersOf,
    chips::state_chip,
    delete_dialog::DeleteButton,
    manage::Manage,
    open_ticket::OpenTicket,
    panes::room_beside,
    words::{CREATED, CUSTOMER, DEPARTMENT, DETAILS, ELAPSED_SHORT, MORE, NUMBER, RESOLVED_AT, STATUS, UPDATED},
};
use crate::{
    articles::Suggestions,
    assistant::Steer,
    erased::{derive, dynamic, effect, memo, when},
    settings, site, sla,
    ui::{Day, RelativeTime},
};

#[component]
pub fn Details(ticket: OpenTicket) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let wide = room_beside();
    // With neither facts nor articles, what is left takes no column of its own.
    let bare = memo(|| !settings::shows("details") && !settings::shows("articles"));
    effect(move || {
        let beside = wide.get() && !bare.get();
        if let Some(details) = node.get() {
            drop(details.toggle_attribute_with_force("open", beside));
        }
    });
    let manage = move || ticket.view.with(|view| view.as_ref().is_some_and(|view| view.can.manage));
    view! {
        <details class="details" node_ref=node data-bare=derive(move || bare.get().to_string())>
            <summary>{move || if settings::shows("details") { DETAILS.get() } else { MORE.get() }}</summary>
            <div class="details-body">
                {site::is_desk()
                    .then(|| {
                        when(manage, move || view! {
                            <Manage ticket />
                            <Steer />
                        })
                    })}
                {when(|| settings::shows("details"), move || view! {
                    <Facts ticket />
                    <AnswersOf ticket />
                })}
                {when(move || suggests(ticket), move || view! {
                    <Suggestions text=question(ticket) />
                })}
                <DeleteButton ticket />
            </div>
        </details>
    }
}

/// A resolved ticket has its answer.
fn suggests(ticket: OpenTicket) -> bool {
    ticket.view.with(|view| view.as_ref().is_some_and(|view| view.summary.status != TicketStatus::Resolved))
}

/// What the ticket asks: its title and its opening message.
fn question(ticket: OpenTicket) -> Memo<String> {
    memo(move || {
        let title = ticket.view.with(|view| view.as_ref().map(|view| view.summary.title.clone()).unwrap_or_default());
        let opening = ticket.comments.with(|comments| comments.first().map(|it| it.body_markdown.clone()));
        format!("{title}\n{}", opening.unwrap_or_default())
    })
}

#[component]
fn Facts(ticket: OpenTicket) -> impl IntoView {
    let facts = move || {
        ticket.view.with(|view| view.as_ref().map(|view| (view.summary.clone(), view.resolved_at, view.can.manage)))
    };
    dynamic(move || {
        facts().map(|(summary, resolved_at, manage)| {
            let (state, elapsed, targets) = (state_chip(&summary), sla::elapsed(&summary), sla::targets(&summary));
            let (updated_at, created_at) = (summary.updated_at, summary.created_at);
            // Where the team can change it, it stands above.
            let department = summary.department.filter(|_| !manage || summary.status == TicketStatus::Resolved);
            let (number, creator) = (summary.number, summary.creator.name.clone());
            view! {
                <dl class="facts">
                    <dt>{NUMBER}</dt>
                    <dd>"#" {number}</dd>
                    {(!manage)
                        .then(|| {
                            view! {
                                <dt>{STATUS}</dt>
                                <dd>{state}</dd>
                            }
                        })}
                    {manage
                        .then(|| {
                            view! {
                                <dt>{CUSTOMER}</dt>
                                <dd>{creator}</dd>
                            }
                        })}
                    {department
                        .map(|department| {
                            view! {
                                <dt>{DEPARTMENT}</dt>
                                <dd>{department.name}</dd>
                            }
                        })}
                    <dt>{CREATED}</dt>
                    <dd>
                        <Day at=created_at />
                    </dd>
                    <dt>{ELAPSED_SHORT}</dt>
                    <dd>{elapsed}</dd>
                    {(!targets.is_empty()).then(|| view! { <dd class="clocks">{targets}</dd> })}
                    <dt>{UPDATED}</dt>
                    <dd>
                        <RelativeTime at=Signal::stored(updated_at) />
                    </dd>
                    {resolved_at
                        .map(|at| {
                            view! {
                                <dt>{RESOLVED_AT}</dt>
                                <dd>
                                    <Day at />
                                </dd>
                            }
                        })}
                </dl>
            }
        })
    })
}
