//! The tabs of one browser among themselves: which of them leads, and how the others hear it.
//!
//! Invariant: at most one leads at a time, and when it closes, crashes or lets go, the next one does at once.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::BroadcastChannel;

/// A way to the other tabs; there is none where tabs cannot agree on who leads.
pub fn channel(name: &str, heard: fn(&str)) -> Option<BroadcastChannel> {
    locks()?;
    let channel = BroadcastChannel::new(name).ok()?;
    let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        if let Some(words) = Reflect::get(&event, &"data".into()).ok().and_then(|words| words.as_string()) {
            heard(&words);
        }
    });
    channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    Some(channel)
}

/// Leads as soon as no other tab does, until the promise is kept. A browser that knows nothing of this, as on a page
/// without encryption, lets each tab lead for itself.
pub fn lead(name: &str, lead: impl Fn() -> Promise + Clone + 'static) {
    let Some(asked) = ask(name, lead.clone()) else {
        // Nobody waits for its end.
        drop(lead());
        return;
    };
    // Inside another website a browser may refuse to let the tabs agree.
    if let Ok(catch) = Reflect::get(&asked, &"catch".into()) {
        drop(catch.unchecked_into::<Function>().call1(&asked, &Closure::once_into_js(lead)));
    }
}

fn ask(name: &str, lead: impl FnOnce() -> Promise + 'static) -> Option<JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call2(&locks, &name.into(), &Closure::once_into_js(lead)).ok()
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then_some(locks)
}
