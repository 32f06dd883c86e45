//! Who of the team is on the same ticket: this page tells what its reader does, and shows what the others do.
//!
//! Invariant: for the team alone. What is told lasts half a minute, so a page that dies takes nothing along.

use std::{cell::Cell, rc::Rc, time::Duration};

use api_types::{
    live::{Attention, Viewer},
    tickets::TicketId,
};
use leptos::{ev, leptos_dom::helpers::set_interval_with_handle, prelude::*};
use web_sys::VisibilityState;

use super::{
    api,
    words::{AND, LOOKING, WRITING},
};
use crate::{
    erased::{effect, memo, spawn, when},
    i18n::Counted,
    live, session,
    ui::{Glyph, Icon},
};

/// How often it is looked whether there is something to tell.
const EVERY: Duration = Duration::from_secs(4);
/// In milliseconds: what is told is told again in time, and who pauses no longer writes.
const AGAIN: f64 = 18_000.0;
const PAUSE: f64 = 6_000.0;

#[derive(Clone, Copy)]
struct Told {
    attention: Attention,
    at: f64,
    /// When the last letter was typed.
    typed: f64,
}

/// Tells the others what is done here, until the ticket is left.
pub fn tell(ticket: TicketId, message: RwSignal<String>) {
    let told = Rc::new(Cell::new(Told { attention: Attention::Gone, at: 0.0, typed: 0.0 }));
    let say = {
        let told = Rc::clone(&told);
        Rc::new(move |attention: Attention| {
            told.set(Told { attention, at: js_sys::Date::now(), ..told.get() });
            announce(ticket, attention);
        })
    };
    let look = {
        let (told, say) = (Rc::clone(&told), Rc::clone(&say));
        move || {
            let Told { attention, at, typed } = told.get();
            let now = js_sys::Date::now();
            if document().visibility_state() != VisibilityState::Visible {
                return;
            }
            if attention == Attention::Typing && now - typed > PAUSE {
                say(Attention::Viewing);
            } else if now - at > AGAIN {
                say(if attention == Attention::Gone { Attention::Viewing } else { attention });
            }
        }
    };
    look();
    let seen = window_event_listener(ev::visibilitychange, {
        let look = look.clone();
        move |_| look()
    });
    let left = window_event_listener(ev::pagehide, move |_| api::attend_no_longer(ticket));
    let interval = set_interval_with_handle(look, EVERY);
    let mut before = message.get_untracked();
    effect(move || {
        let words = message.get();
        if words == before {
            return;
        }
        told.set(Told { typed: js_sys::Date::now(), ..told.get() });
        let is_typing = told.get().attention == Attention::Typing;
        if words.is_empty() == is_typing {
            say(if is_typing { Attention::Viewing } else { Attention::Typing });
        }
        before = words;
    });
    on_cleanup(move || {
        seen.remove();
        left.remove();
        if let Ok(interval) = interval {
            interval.clear();
        }
        announce(ticket, Attention::Gone);
    });
}

/// Whoever does not hear it misses little, and it is soon said again.
fn announce(ticket: TicketId, attention: Attention) {
    spawn(async move { drop(api::attend(ticket, attention).await) });
}

/// What the others do, as a sentence with their names; empty when nobody does it.
fn others(ticket: TicketId, which: fn(&Viewer) -> bool, words: Counted) -> Memo<String> {
    memo(move || {
        let me = session::me().map(|me| me.id);
        let viewers = live::viewers(ticket).into_iter().filter(|it| Some(it.person.id) != me && which(it));
        let mut names: Vec<String> = viewers.map(|it| it.person.name).collect();
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let Some(last) = names.pop() else { return String::new() };
        words.about(count, &if names.is_empty() { last } else { [names.join(", "), last].join(AND.get()) })
    })
}

/// Beside the ticket's state: who else looks at it.
#[component]
pub fn Company(ticket: TicketId) -> impl IntoView {
    let others = others(ticket, |_| true, LOOKING);
    when(
        move || others.with(|words| !words.is_empty()),
        move || {
            view! {
                <span class="company">
                    <Icon glyph=Glyph::User />
                    {others}
                </span>
            }
        },
    )
}

/// Above the box to answer in: who else is writing.
#[component]
pub fn Writers(ticket: TicketId) -> impl IntoView {
    let others = others(ticket, |viewer| viewer.typing, WRITING);
    view! {
        <div class="writers-place" role="status">
            {when(
                move || others.with(|words| !words.is_empty()),
                move || {
                    view! {
                        <p class="writers">
                            <span class="writing-dots" aria-hidden="true"></span>
                            {others}
                        </p>
                    }
                },
            )}
        </div>
    }
}
