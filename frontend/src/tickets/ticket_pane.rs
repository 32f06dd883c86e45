//! The open ticket: its head, its thread, its details and the box to answer in.
//!
//! Invariant: a ticket one may not see and a ticket that is not there look the same.

use api_types::{
    error::ErrorCode,
    tickets::{TicketId, TicketRef, TicketStatus, TicketView},
};
use leptos::prelude::*;

use super::{
    address::Open,
    chips::{priority_words, state_chip},
    company::{self, Company, Writers},
    details::Details,
    open_ticket::OpenTicket,
    resolve_dialog::ResolveButton,
    vigil,
    words::{
        FOLLOW_UP, FOLLOWED_BY, FOLLOWS, GONE, GONE_HINT, LOADING, ON_HOLD_FOR, PROPOSED_NOTE, PROPOSED_TEAM_NOTE,
        RESOLVED_NOTE, TO_LIST, UNTIL, YOUR_TURN_NOTE,
    },
    workplace::Workplace,
};
use crate::{
    assistant::{DraftBox, OnTicket},
    comments::{CommentForm, Outbox, Thread},
    erased::{derive, dynamic, memo, when},
    i18n::{self, Words},
    notifications, pulse, session, site,
    sla::Why,
    ui::{self, BACK, EmptyState, FailureState, Glyph, Icon, Skeleton},
};

#[component]
pub fn TicketPane(id: TicketId) -> impl IntoView {
    let ticket = OpenTicket::follow(id);
    let outbox = Outbox::of(id, ticket.comments, move |comment| {
        ticket.add(vec![comment]);
        pulse::look_again();
    });
    provide_context(assistant_on(ticket));
    vigil::keep(ticket);
    notifications::follow_ticket(id, ticket.comments, ticket.complete);
    if site::is_desk() {
        company::tell(id, outbox.message);
    }
    let title = title_of(ticket);
    ui::title_page(move || title.get());
    // What is drawn changes only with these; an answer that says the same draws nothing again.
    let gone = memo(move || ticket.failure.get().is_some_and(|it| it.code() == Some(ErrorCode::NotFound)));
    let state = memo(move || {
        let is_there = ticket.view.with(Option::is_some);
        (ticket.failure.get().filter(|_| !is_there), is_there)
    });
    let body = move || match state.get() {
        (Some(failure), false) => view! { <FailureState failure retry=move |()| ticket.look() /> }.into_any(),
        (None, false) => view! { <Skeleton lines=5 /> }.into_any(),
        (_, true) => view! {
            <Details ticket />
            <Thread comments=ticket.comments complete=ticket.complete outbox>
                <Welcome ticket />
                <Banners ticket />
            </Thread>
            <Answer ticket outbox />
        }
        .into_any(),
    };
    dynamic(move || {
        if gone.get() {
            return view! { <Gone /> }.into_any();
        }
        let drops = move || state.with(|(_, is_there)| is_there.then_some(""));
        // The heading has focus before the rest is there, and keeps it.
        view! {
            <article class="ticket-pane" data-drops=drops>
                <Head ticket title />
                {dynamic(body)}
            </article>
        }
        .into_any()
    })
}

fn assistant_on(ticket: OpenTicket) -> OnTicket {
    let creator = memo(move || {
        let me = session::me().map(|me| me.id);
        ticket.view.with(|view| view.as_ref().is_some_and(|view| Some(view.summary.creator.id) == me))
    });
    let resolved = move || {
        ticket.view.with(|view| view.as_ref().is_some_and(|view| view.summary.status == TicketStatus::Resolved))
    };
    let latest =
        memo(move || ticket.comments.with(|comments| comments.iter().rev().find(|it| it.ai.is_some()).map(|it| it.id)));
    OnTicket {
        ticket: ticket.id,
        view: memo(move || ticket.view.with(|view| view.as_ref().map(|view| view.assistant.clone()))).into(),
        may_ask: derive(move || creator.get() && !resolved()),
        creator: creator.into(),
        latest: latest.into(),
        changed: Callback::new(move |view| ticket.accept(view)),
        stale: Callback::new(move |()| ticket.look()),
    }
}

/// The title is known from the list before the ticket itself has come.
fn title_of(ticket: OpenTicket) -> Memo<String> {
    let list = Workplace::here().list;
    memo(move || {
        let here = ticket.view.with(|view| view.as_ref().map(|view| view.summary.title.clone()));
        let listed = || {
            list.items.with(|items| items.iter().flatten().find(|row| row.id == ticket.id).map(|row| row.title.clone()))
        };
        here.or_else(listed).unwrap_or_else(|| LOADING.get().to_owned())
    })
}

#[component]
fn Head(ticket: OpenTicket, title: Memo<String>) -> impl IntoView {
    let summary = derive(move || ticket.view.with(|view| view.as_ref().map(|view| view.summary.clone())));
    view! {
        <header class="ticket-head">
            <BackLink />
            <div class="ticket-names">
                <h1 tabindex="-1">{title}</h1>
                <div class="ticket-state">
                    {dynamic(move || {
                        summary
                            .get()
                            .map(|summary| {
                                view! {
                                    <span class="quiet">"#" {summary.number}</span>
                                    {state_chip(&summary)}
                                }
                            })
                    })}
                    <Why id=ticket.id ticket=summary priority=|ticket| priority_words(ticket.priority) />
                    {site::is_desk().then(|| view! { <Company ticket=ticket.id /> })}
                </div>
            </div>
            <ResolveButton ticket />
        </header>
    }
}

#[component]
fn BackLink() -> impl IntoView {
    let here = Workplace::here();
    view! {
        <a class="icon-button back" href=move || here.href(Open::Nothing) aria-label=BACK title=BACK>
            <Icon glyph=Glyph::Back />
        </a>
    }
}

/// The desk's words to somebody new; `inner_html` takes what the server rendered and cleaned.
#[component]
fn Welcome(ticket: OpenTicket) -> impl IntoView {
    let words = memo(move || ticket.view.with(|view| view.as_ref().and_then(|view| view.welcome_html.clone())));
    dynamic(move || words.get().map(|html| view! { <div class="welcome prose" role="note" inner_html=html></div> }))
}

/// What has to be known before reading: whose turn it is, why it rests, where it goes on.
#[component]
fn Banners(ticket: OpenTicket) -> impl IntoView {
    let here = Workplace::here();
    let facts = move || {
        ticket.view.with(|view| {
            let view = view.as_ref()?;
            Some((note(view), view.hold.clone(), view.follows.clone(), view.followed_by.clone()))
        })
    };
    let link = move |words: Words, to: TicketRef| {
        view! {
            <p class="notice">
                <span>
                    {words} " "
                    <a href=move || here.href(Open::Ticket(to.id))>"#" {to.number} " " {to.title.clone()}</a>
                </span>
            </p>
        }
    };
    dynamic(move || {
        facts().map(|(note, hold, follows, followed_by)| {
            view! {
                {follows.map(|to| link(FOLLOWS, to))}
                {note.map(|(words, tone)| view! { <p class="notice" data-tone=tone>{words}</p> })}
                {hold
                    .map(|hold| {
                        view! {
                            <p class="notice">
                                <Icon glyph=Glyph::Pause />
                                <span>
                                    {move || ON_HOLD_FOR.with(&hold.reason)}
                                    {move || {
                                        hold.until
                                            .map(|until| format!(", {}", UNTIL.with(&i18n::day(until))))
                                    }}
                                </span>
                            </p>
                        }
                    })}
                {followed_by.map(|to| link(FOLLOWED_BY, to))}
            }
        })
    })
}

fn note(view: &TicketView) -> Option<(Words, &'static str)> {
    match (view.can.manage, view.resolution_proposed, view.summary.your_turn, view.summary.status) {
        (_, _, _, TicketStatus::Resolved) => Some((RESOLVED_NOTE, "good")),
        (true, true, ..) => Some((PROPOSED_TEAM_NOTE, "plain")),
        (false, true, ..) => Some((PROPOSED_NOTE, "accent")),
        (false, false, true, _) => Some((YOUR_TURN_NOTE, "accent")),
        _ => None,
    }
}

/// The box to answer in, or the way on from a resolved ticket.
#[component]
fn Answer(ticket: OpenTicket, outbox: Outbox) -> impl IntoView {
    let here = Workplace::here();
    // The box is drawn anew only when what one may do changes; what is typed must not lose its place.
    let may = memo(move || {
        let can = ticket.view.with(|view| view.as_ref().map(|view| view.can));
        can.map_or((false, false, false), |can| (can.reply, can.manage, can.follow_up))
    });
    let drafts = memo(move || may.with(|(may_reply, may_note, _)| *may_reply && *may_note));
    let form = dynamic(move || match may.get() {
        (may_reply, may_note, _) if may_reply || may_note => {
            view! { <CommentForm outbox may_note may_reply /> }.into_any()
        }
        (_, _, true) => view! {
            <p class="ticket-onward">
                <a class="button" data-kind="primary" href=move || here.href(Open::New(Some(ticket.id)))>
                    {FOLLOW_UP}
                </a>
            </p>
        }
        .into_any(),
        _ => ().into_any(),
    });
    view! {
        <div class="ticket-answer">
            {site::is_desk()
                .then(|| {
                    when(move || drafts.get(), move || view! {
                        <DraftBox edit=move |(id, words): (_, String)| outbox.reword(id, words) />
                    })
                })}
            {site::is_desk().then(|| view! { <Writers ticket=ticket.id /> })}
            {form}
        </div>
    }
}

#[component]
pub fn Gone() -> impl IntoView {
    let here = Workplace::here();
    ui::title_page(|| GONE.get().to_owned());
    view! {
        <article class="ticket-pane">
            <header class="ticket-head">
                <BackLink />
                <h1 class="hidden" tabindex="-1">
                    {GONE}
                </h1>
            </header>
            <EmptyState glyph=Glyph::Search title=GONE hint=GONE_HINT>
                <a class="button" href=move || here.href(Open::Nothing)>
                    {TO_LIST}
                </a>
            </EmptyState>
        </article>
    }
}
