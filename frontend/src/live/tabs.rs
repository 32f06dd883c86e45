//! The tabs of one browser among themselves: which of them leads, and how the others hear it.
//!
//! Invariant: at most one leads at a time, and when it closes, crashes or lets go, the next one does at once.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

/// A way to the other tabs; there is none where tabs cannot agree on who leads.
pub fn channel(name: &str, heard: fn(&str)) -> Option<BroadcastChannel> {
    locks()?;
    let channel = BroadcastChannel::new(name).ok()?;
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(words) = event.data().as_string() {
            heard(&words);
        }
    });
    channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    Some(channel)
}

/// Waits until no other tab leads, then does so until the promise is kept. A browser that knows nothing of this, as
/// on a page without encryption, lets each tab lead for itself.
pub async fn lead(name: String, lead: impl Fn() -> Promise + Clone + 'static) {
    let turn = lead.clone();
    if let Some(asked) = ask(&name, turn)
        && JsFuture::from(asked).await.is_ok()
    {
        return;
    }
    drop(JsFuture::from(lead()).await);
}

fn ask(name: &str, lead: impl Fn() -> Promise + 'static) -> Option<Promise> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let granted = Closure::once_into_js(move |_: JsValue| lead());
    request.call2(&locks, &name.into(), &granted).ok()?.dyn_into().ok()
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then_some(locks)
}
