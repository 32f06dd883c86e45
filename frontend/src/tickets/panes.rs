//! The panes: the list, and beside it what is open. On a phone one covers the other.
//!
//! Invariant: the page has one `h1`: the open ticket's title, or the page's when none is open.

use api_types::tickets::{TicketFilter, TicketSummary};
use leptos::prelude::*;

use super::{
    address::Open,
    desk_filters::DeskFilters,
    new_ticket::NewTicketForm,
    row::Row,
    search_box::SearchBox,
    status_cards::StatusCards,
    ticket_pane::{Gone, TicketPane},
    words::{
        CLEAR, DID_YOU_MEAN, EMPTY, EMPTY_DESK, EMPTY_DESK_HINT, EMPTY_HINT, HIDE_ARCHIVED, NEW_TICKET, NONE_FOUND,
        NONE_FOUND_HINT, NONE_YET, NONE_YET_HINT, SHOW_ARCHIVED, TICKETS, TICKETS_LOADED,
    },
    workplace::Workplace,
};
use crate::{
    erased::{derive, dynamic, each, effect, memo, on, when},
    i18n::Words,
    settings, site,
    ui::{self, EmptyState, FailureState, Glyph, Icon, LOAD_MORE, Skeleton},
};

#[component]
pub fn Panes(heading: Words) -> impl IntoView {
    let here = Workplace::here();
    follow_with_focus(here);
    // An empty list has the one action in its middle; where it is not known yet, none comes to go away again.
    let is_bare = memo(move || {
        let is_empty = here.list.items.with(|items| items.as_ref().is_none_or(Vec::is_empty));
        is_empty && here.list.failure.with(Option::is_none) && !here.is_filtered()
    });
    let is_open = move || here.open.get() != Open::Nothing;
    let beside = room_beside();
    let room = derive(move || beside.get().to_string());
    view! {
        <div class="panes" data-open=move || is_open().to_string() data-desk=site::is_desk().to_string() data-room=room>
            <section class="list-pane" aria-label=TICKETS>
                <div class="list-head">
                    <Heading heading />
                    {when(move || !site::is_desk() && !is_bare.get(), move || view! {
                        <a class="button" data-kind="primary" href=move || here.href(Open::New(None))>
                            <Icon glyph=Glyph::Plus />
                            {NEW_TICKET}
                        </a>
                    })}
                </div>
                {when(|| settings::shows("cards"), || view! { <StatusCards /> })}
                <SearchBox />
                {site::is_desk().then(|| view! { <DeskFilters /> })}
                <List />
            </section>
            {dynamic(move || match here.open.get() {
                Open::Nothing => ().into_any(),
                Open::New(follows) => view! { <NewTicketForm follows /> }.into_any(),
                Open::Ticket(id) => view! { <TicketPane id /> }.into_any(),
                Open::Nonsense => view! { <Gone /> }.into_any(),
            })}
        </div>
    }
}

/// Follows whether there is room for a third pane, and for articles beside the form. A panel, which has its website
/// around it, keeps two a little longer.
pub fn room_beside() -> Signal<bool> {
    ui::wide_enough(if site::in_panel() { "(min-width: 81.25rem)" } else { "(min-width: 75rem)" })
}

#[component]
fn Heading(heading: Words) -> impl IntoView {
    let here = Workplace::here();
    let alone = memo(move || here.open.get() == Open::Nothing);
    dynamic(move || {
        if alone.get() {
            ui::title_page(move || heading.get().to_owned());
            view! { <h1 tabindex="-1">{heading}</h1> }.into_any()
        } else {
            view! { <h2 class="list-title">{heading}</h2> }.into_any()
        }
    })
}

/// Opening moves focus to the heading; closing returns it to the row one came from.
fn follow_with_focus(here: Workplace) {
    let mut before = here.open.get_untracked();
    effect(move || {
        let open = here.open.get();
        match std::mem::replace(&mut before, open) {
            Open::Ticket(id) if open == Open::Nothing => request_animation_frame(move || {
                ui::focus("h1");
                ui::focus(&format!("[data-ticket='{id}']"));
            }),
            before if before != open => ui::focus_heading(),
            _ => {}
        }
    });
}

#[component]
fn List() -> impl IntoView {
    let list = Workplace::here().list;
    let ids = memo(move || {
        list.items.with(|items| items.as_ref().map(|items| items.iter().map(|ticket| ticket.id.0).collect::<Vec<_>>()))
    });
    // What is drawn changes only with this; an answer that says the same draws nothing again.
    let state = memo(move || (list.failure.get(), ids.with(|ids| ids.as_ref().map(Vec::is_empty))));
    let row = move |id| {
        let ticket = Memo::new(move |before: Option<&Option<TicketSummary>>| {
            let now = list.items.with(|items| items.iter().flatten().find(|ticket| ticket.id.0 == id).cloned());
            // A row on its way out keeps its words until it is gone.
            now.or_else(|| before.cloned().flatten())
        });
        view! { <Row ticket /> }
    };
    view! {
        <div class="list-body" aria-busy=move || list.stale.get().to_string()>
            {dynamic(move || match state.get() {
                (Some(failure), _) => view! { <FailureState failure retry=move |()| list.again() /> }.into_any(),
                (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
                (None, Some(true)) => view! { <NothingListed /> }.into_any(),
                (None, Some(false)) => {
                    view! {
                        <ul class="rows">
                            {each(move || ids.get().unwrap_or_default(), row)}
                        </ul>
                    }
                    .into_any()
                }
            })} {when(move || list.next.with(Option::is_some), move || view! {
                <div class="list-more">
                    <button class="button" type="button" on:click=on(move |_| list.more())>
                        {LOAD_MORE}
                    </button>
                </div>
            })}
            {(!site::is_desk()).then(|| view! { <ArchiveLink /> })}
            <p class="hidden" role="status">
                {move || {
                    ids.with(|ids| {
                        let count = ids.as_ref().map(|ids| u32::try_from(ids.len()).unwrap_or(u32::MAX));
                        count.map(|count| TICKETS_LOADED.of(count))
                    })
                }}
            </p>
        </div>
    }
}

/// To what is kept out of the way, and back.
#[component]
fn ArchiveLink() -> impl IntoView {
    let here = Workplace::here();
    let archived = memo(move || here.address.with(|address| address.filter.archived == Some(true)));
    let turn = move |_| {
        let wanted = (!archived.get_untracked()).then_some(true);
        // Whoever searched in vain goes on searching there.
        here.filter(false, |filter| {
            *filter = TicketFilter { archived: wanted, q: filter.q.take(), ..TicketFilter::default() };
        });
    };
    view! {
        <button class="button list-archive" data-kind="plain" type="button" on:click=on(turn)>
            {move || if archived.get() { HIDE_ARCHIVED.get() } else { SHOW_ARCHIVED.get() }}
        </button>
    }
}

/// One action: start, clear the filters, or take the corrected search.
#[component]
fn NothingListed() -> impl IntoView {
    let here = Workplace::here();
    let state = memo(move || (here.is_filtered(), here.list.did_you_mean.get(), here.list.next.with(Option::is_some)));
    dynamic(move || match state.get() {
        // A search stops before the end of a large desk; the button to look further is below.
        (_, _, true) => view! { <EmptyState glyph=Glyph::Search title=NONE_YET hint=NONE_YET_HINT /> }.into_any(),
        (false, ..) if site::is_desk() => {
            view! { <EmptyState glyph=Glyph::Inbox title=EMPTY_DESK hint=EMPTY_DESK_HINT /> }.into_any()
        }
        (false, ..) => view! {
            <EmptyState glyph=Glyph::Inbox title=EMPTY hint=EMPTY_HINT>
                <a class="button" data-kind="primary" href=move || here.href(Open::New(None))>
                    {NEW_TICKET}
                </a>
            </EmptyState>
        }
        .into_any(),
        (true, Some(words), _) => view! {
            <EmptyState glyph=Glyph::Search title=NONE_FOUND hint=NONE_FOUND_HINT>
                <Corrected words />
            </EmptyState>
        }
        .into_any(),
        (true, None, _) => view! {
            <EmptyState glyph=Glyph::Search title=NONE_FOUND hint=NONE_FOUND_HINT>
                <button
                    class="button"
                    type="button"
                    on:click=on(move |_| here.clear_filters())
                >
                    {CLEAR}
                </button>
            </EmptyState>
        }
        .into_any(),
    })
}

#[component]
fn Corrected(words: String) -> impl IntoView {
    let here = Workplace::here();
    let taken = words.clone();
    view! {
        <button
            class="button"
            type="button"
            on:click=on(move |_| here.filter(false, |filter| filter.q = Some(taken.clone())))
        >
            {move || DID_YOU_MEAN.with(&words)}
        </button>
    }
}
