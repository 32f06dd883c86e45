//! Where a form has the widget.

use std::time::Duration;

use api_types::captcha::CaptchaAction;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

use super::{
    widget::{self, Asked},
    words::{BLOCKED, LOADING},
};
use crate::{
    erased::{dynamic, effect, memo, on},
    settings,
    ui::{Form, RETRY},
};

/// After so long the script is taken for blocked.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unused,
    Loading,
    There,
    Blocked,
}

/// Stands in the form that an answer is for. Where the desk asks for none, or for its own riddle, it is nothing.
#[component]
pub fn Captcha(
    form: Form,
    action: CaptchaAction,
    /// The part of the form that it is for, where it is not for all of it.
    #[prop(optional)]
    only: Option<&'static str>,
) -> impl IntoView {
    let elsewhere = memo(settings::captcha_elsewhere);
    dynamic(move || elsewhere.get().map(|(provider, key)| place(form, only, Asked { provider, key, action })))
}

fn place(form: Form, only: Option<&'static str>, asked: Asked) -> AnyView {
    let provider = asked.provider;
    let node = NodeRef::<html::Div>::new();
    let state = RwSignal::new(State::Unused);
    let begin = move || {
        if matches!(state.try_get_untracked(), Some(State::Unused | State::Blocked)) {
            state.set(State::Loading);
            let asked = asked.clone();
            let key = asked.key.clone();
            let block = move || {
                state.try_set(State::Blocked);
                widget::loaded();
            };
            let blocked = move || {
                if state.try_get_untracked() == Some(State::Loading) {
                    block();
                }
            };
            let ready = move || {
                if let Some(place) = node.try_get_untracked().flatten() {
                    widget::show(&asked, &place, block);
                    state.set(State::There);
                }
                widget::loaded();
            };
            widget::load(provider, &key, ready, blocked);
            set_timeout(blocked, PATIENCE);
        }
    };
    let begin = StoredValue::new_local(begin);
    let begin = move || {
        begin.try_with_value(|begin| begin());
    };
    effect(move || {
        if let Some(form) = form.node.get() {
            let used = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let is_in = |part| target.as_ref().is_some_and(|it| it.closest(part).is_ok_and(|it| it.is_some()));
                // What appears would move a button from under the pointer that is about to release it.
                let settled = event.type_() == "click" || !is_in("button");
                if settled && only.is_none_or(is_in) {
                    begin();
                }
            });
            let used = used.into_js_value();
            for event in ["focusin", "click"] {
                drop(form.add_event_listener_with_callback(event, used.unchecked_ref()));
            }
        }
    });
    on_cleanup(widget::forget);
    view! {
        <div class="captcha">
            <div node_ref=node></div>
            <div role="status">
                {dynamic(move || match state.get() {
                    State::Unused | State::There => ().into_any(),
                    State::Loading => view! { <p class="quiet">{LOADING}</p> }.into_any(),
                    State::Blocked => {
                        view! {
                            <div class="notice" data-tone="bad">
                                <span>{BLOCKED.with(widget::host(provider))}</span>
                                <button
                                    class="button"
                                    type="button"
                                    on:click=on(move |_| begin())
                                >
                                    {RETRY}
                                </button>
                            </div>
                        }
                        .into_any()
                    }
                })}
            </div>
        </div>
    }
    .into_any()
}
