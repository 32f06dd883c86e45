//! The bell in the header and the list behind it.
//!
//! Invariant: the list is drawn only while it is open, and what is fresh moves nothing under a reader's focus.

use leptos::{ev::Event, prelude::*};

use super::{
    entry::entry,
    told,
    words::{NOTHING, NOTHING_HINT, NOTIFICATIONS, PREFERENCES, READ_ALL, UNREAD_COUNT},
};
use crate::{
    erased::{derive, dynamic, each, effect, memo, on, when},
    live, paths, session,
    ui::{self, EmptyState, FailureState, Glyph, Icon, LOAD_MORE, Skeleton},
};

/// The server counts no further.
const MANY: u32 = 100;
const MORE: &str = "99+";

#[component]
pub fn Bell() -> impl IntoView {
    let person = memo(|| session::me().map(|me| me.id));
    let mut before = None;
    effect(move || {
        let person = person.get();
        live::notifications();
        if std::mem::replace(&mut before, person) != person {
            told::forget();
        }
        if person.is_some() {
            told::look();
        }
    });
    when(move || person.with(Option::is_some), bell)
}

fn bell() -> AnyView {
    let open = RwSignal::new(false);
    let label = derive(|| match told::unread() {
        0 => NOTIFICATIONS.get().to_owned(),
        MANY.. => UNREAD_COUNT.other.with(MORE),
        count => UNREAD_COUNT.of(count),
    });
    let badge = derive(|| match told::unread() {
        0 => String::new(),
        MANY.. => MORE.to_owned(),
        count => count.to_string(),
    });
    let opens = |event: &Event| js_sys::Reflect::get(event, &"newState".into()).is_ok_and(|state| state == "open");
    // It opens with what it shows, and keeps that until it is closed: focus goes back from there.
    let turning = move |event: Event| open.update(|open| *open |= opens(&event));
    let turned = move |event: Event| open.set(opens(&event));
    view! {
        <button
            class="icon-button bell"
            type="button"
            popovertarget="bell"
            aria-expanded=derive(move || open.get().to_string())
            aria-label=label
        >
            <Icon glyph=Glyph::Bell />
            <span class="bell-count" aria-hidden="true">
                {badge}
            </span>
        </button>
        <div id="bell" class="menu" popover="auto" role="dialog" aria-label=NOTIFICATIONS on:beforetoggle=on(turning) on:toggle=on(turned)>
            {when(move || open.get(), contents)}
        </div>
    }
    .into_any()
}

fn contents() -> AnyView {
    let read_all = |_| {
        told::read_all();
        // The button goes.
        ui::focus("#bell h2");
    };
    view! {
        <div class="bell-head">
            <h2 tabindex="-1">{NOTIFICATIONS}</h2>
            <button
                class="button"
                data-kind="plain"
                data-size="small"
                type="button"
                hidden=derive(|| told::unread() == 0)
                on:click=on(read_all)
            >
                {READ_ALL}
            </button>
        </div>
        {list()}
        <a class="menu-item quiet" href=paths::NOTIFICATIONS>
            {PREFERENCES}
        </a>
    }
    .into_any()
}

fn list() -> AnyView {
    // What is drawn changes only with these: a look that fails leaves what is shown.
    let known = memo(|| told::with(|told| told.is_some()));
    let empty = memo(|| told::with(|told| told.is_some_and(|told| told.items.is_empty())));
    let ids = || told::with(|told| told.iter().flat_map(|told| &told.items).map(|it| it.id.0).collect());
    let is_all = derive(|| told::with(|told| told.is_some_and(|told| told.next_cursor.is_none())));
    dynamic(move || match (known.get(), empty.get()) {
        (false, _) => match told::failure() {
            None => view! { <Skeleton lines=3 /> }.into_any(),
            Some(failure) => view! { <FailureState failure retry=|()| told::look() /> }.into_any(),
        },
        (_, true) => view! { <EmptyState glyph=Glyph::Bell title=NOTHING hint=NOTHING_HINT /> }.into_any(),
        _ => view! {
            <div class="bell-list">
                <ul class="bell-entries">{each(ids, entry)}</ul>
                <button class="button" data-size="small" type="button" hidden=is_all on:click=on(|_| told::more())>
                    {LOAD_MORE}
                </button>
            </div>
        }
        .into_any(),
    })
}
