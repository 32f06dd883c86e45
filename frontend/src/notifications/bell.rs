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
    erased::{dynamic, each, effect, memo, on, when},
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
    let unread = memo(told::unread);
    let label = move || match unread.get() {
        0 => NOTIFICATIONS.get().to_owned(),
        MANY.. => UNREAD_COUNT.other.with(MORE),
        count => UNREAD_COUNT.of(count),
    };
    let badge = move || match unread.get() {
        0 => String::new(),
        MANY.. => MORE.to_owned(),
        count => count.to_string(),
    };
    let opens = |event: &Event| js_sys::Reflect::get(event, &"newState".into()).is_ok_and(|state| state == "open");
    // It opens with what it shows, and keeps that until it is closed: focus goes back from there.
    let turning = move |event: Event| open.update(|open| *open |= opens(&event));
    let turned = move |event: Event| open.set(opens(&event));
    view! {
        <button
            class="icon-button bell"
            type="button"
            popovertarget="bell"
            aria-haspopup="dialog"
            aria-expanded=move || open.get().to_string()
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
    let any_unread = || told::unread() > 0;
    let read_all = |_| {
        told::mark_read(None);
        // The button goes.
        ui::focus("#bell h2");
    };
    view! {
        <div class="bell-head">
            <h2 tabindex="-1">{NOTIFICATIONS}</h2>
            {when(any_unread, move || view! {
                <button class="button" data-kind="plain" data-size="small" type="button" on:click=on(read_all)>
                    {READ_ALL}
                </button>
            })}
        </div>
        <List />
        <a class="menu-item quiet" href=paths::NOTIFICATIONS>
            {PREFERENCES}
        </a>
    }
    .into_any()
}

#[component]
fn List() -> impl IntoView {
    // What is drawn changes only with this: a look that fails leaves what is shown.
    let state = memo(|| match told::with(|told| told.map(|told| told.items.is_empty())) {
        None => (None, told::failure()),
        known => (known, None),
    });
    let ids = || told::with(|told| told.iter().flat_map(|told| &told.items).map(|it| it.id.0).collect());
    let has_more = || told::with(|told| told.is_some_and(|told| told.next_cursor.is_some()));
    dynamic(move || match state.get() {
        (None, None) => view! { <Skeleton lines=3 /> }.into_any(),
        (None, Some(failure)) => view! { <FailureState failure retry=|()| told::look() /> }.into_any(),
        (Some(true), _) => view! { <EmptyState glyph=Glyph::Bell title=NOTHING hint=NOTHING_HINT /> }.into_any(),
        (Some(false), _) => view! {
            <div class="bell-list">
                <ul class="bell-entries">{each(ids, entry)}</ul>
                {when(has_more, || view! {
                    <button class="button" data-size="small" type="button" on:click=on(|_| told::more())>
                        {LOAD_MORE}
                    </button>
                })}
            </div>
        }
        .into_any(),
    })
}
