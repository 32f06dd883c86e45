//! Who of the team is on the same ticket: this page tells what its reader does, and shows what the others do.
//!
//! Invariant: for the team alone. What is told lasts half a minute, so a page that dies takes nothing along.

use std::time::Duration;

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
    erased::{dynamic, effect, memo, spawn},
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
    let told = StoredValue::new(Told { attention: Attention::Gone, at: 0.0, typed: 0.0 });
    let say = move |attention: Attention| {
        told.try_update_value(|told| (told.attention, told.at) = (attention, js_sys::Date::now()));
        spawn(async move {
            // Whoever does not hear it misses little, and it is soon said again.
            drop(api::attend(ticket, attention).await);
        });
    };
    let look = move || {
        let Some(Told { attention, at, typed }) = told.try_get_value() else { return };
        let now = js_sys::Date::now();
        if document().visibility_state() != VisibilityState::Visible {
            return;
        }
        if attention == Attention::Typing && now - typed > PAUSE {
            say(Attention::Viewing);
        } else if now - at > AGAIN {
            say(if attention == Attention::Gone { Attention::Viewing } else { attention });
        }
    };
    look();
    let seen = window_event_listener(ev::visibilitychange, move |_| look());
    let left = window_event_listener(ev::pagehide, move |_| api::attend_no_longer(ticket));
    let interval = set_interval_with_handle(look, EVERY);
    let mut before = message.get_untracked();
    effect(move || {
        let words = message.get();
        let is_typing = told.with_value(|told| told.attention == Attention::Typing);
        if words == before {
            return;
        }
        told.update_value(|told| told.typed = js_sys::Date::now());
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
        spawn(async move { drop(api::attend(ticket, Attention::Gone).await) });
    });
}

/// The names of the others, as a sentence has them; nothing when there are none.
fn others(ticket: TicketId, which: fn(&Viewer) -> bool) -> Memo<Option<(u32, String)>> {
    memo(move || {
        let me = session::me().map(|me| me.id);
        let viewers = live::viewers(ticket).into_iter().filter(|it| Some(it.person.id) != me && which(it));
        let mut names: Vec<String> = viewers.map(|it| it.person.name).collect();
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let last = names.pop()?;
        Some((count, if names.is_empty() { last } else { format!("{}{}{last}", names.join(", "), AND.get()) }))
    })
}

/// Beside the ticket's state: who else looks at it.
#[component]
pub fn Company(ticket: TicketId) -> impl IntoView {
    let names = others(ticket, |_| true);
    dynamic(move || {
        names.get().map(|(count, names)| {
            view! {
                <span class="company">
                    <Icon glyph=Glyph::User />
                    {LOOKING.about(count, &names)}
                </span>
            }
        })
    })
}

/// Above the box to answer in: who else is writing.
#[component]
pub fn Writers(ticket: TicketId) -> impl IntoView {
    let names = others(ticket, |viewer| viewer.typing);
    view! {
        <div role="status">
            {dynamic(move || {
                names
                    .get()
                    .map(|(count, names)| {
                        view! {
                            <p class="writers">
                                <span class="writing-dots" aria-hidden="true"></span>
                                {WRITING.about(count, &names)}
                            </p>
                        }
                    })
            })}
        </div>
    }
}
