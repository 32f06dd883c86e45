//! A provider's own script and widget. The four of them take the same words, with small differences.
//!
//! Invariant: an answer is read when a request is sent, and taken once.

use std::{cell::RefCell, slice};

use api_types::captcha::{CaptchaAction, CaptchaProvider};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::i18n;

/// What the scripts call when they are ready.
const READY: &str = "waggleCaptcha";
/// Narrower, in pixels, there is no room for the ordinary widget.
const ORDINARY_WIDTH: i32 = 304;

#[derive(Clone)]
pub struct Asked {
    pub provider: CaptchaProvider,
    pub key: String,
    pub action: CaptchaAction,
}

struct Shown {
    script: JsValue,
    /// What its script calls the widget; the key where there is none to see.
    id: JsValue,
    /// What it is asked for when it shows nothing.
    invisible: Option<CaptchaAction>,
}

thread_local! {
    /// The script that is on its way, and whom to tell when it has come or cannot.
    static LOADING: RefCell<Option<(Promise, Function)>> = const { RefCell::new(None) };
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

/// Where a provider's script comes from.
pub fn host(provider: CaptchaProvider) -> &'static str {
    match provider {
        CaptchaProvider::Hcaptcha => "hcaptcha.com",
        CaptchaProvider::Turnstile => "challenges.cloudflare.com",
        _ => "google.com",
    }
}

/// What a provider's script puts into the page.
fn global(provider: CaptchaProvider) -> &'static str {
    match provider {
        CaptchaProvider::Hcaptcha => "hcaptcha",
        CaptchaProvider::Turnstile => "turnstile",
        _ => "grecaptcha",
    }
}

fn address(provider: CaptchaProvider, key: &str) -> String {
    let script = match provider {
        CaptchaProvider::Hcaptcha => "https://js.hcaptcha.com/1/api.js",
        CaptchaProvider::Turnstile => "https://challenges.cloudflare.com/turnstile/v0/api.js",
        _ => "https://www.google.com/recaptcha/api.js",
    };
    let key = String::from(js_sys::encode_uri_component(key));
    let render = if provider == CaptchaProvider::RecaptchaV3 { &key } else { "explicit" };
    let locale = i18n::locale_untracked();
    format!("{script}?onload={READY}&render={render}&hl={locale}")
}

fn script_of(provider: CaptchaProvider) -> Option<JsValue> {
    Reflect::get(&window(), &global(provider).into()).ok().filter(JsValue::is_object)
}

/// Loads the script, unless it is there already.
pub fn load(provider: CaptchaProvider, key: &str, ready: impl FnOnce() + 'static, failed: impl FnOnce() + 'static) {
    if script_of(provider).is_some_and(|script| member(&script, "render").is_some()) {
        return ready();
    }
    let mut tell = None;
    let loading = Promise::new(&mut |done, _| tell = Some(done));
    LOADING.set(tell.map(|tell| (loading, tell)));
    drop(Reflect::set(&window(), &READY.into(), &Closure::once_into_js(ready)));
    let Ok(script) = document().create_element("script") else { return };
    drop(script.set_attribute("src", &address(provider, key)));
    drop(script.add_event_listener_with_callback("error", Closure::once_into_js(failed).unchecked_ref()));
    if let Some(root) = document().document_element() {
        drop(root.append_child(&script));
    }
}

/// Whoever waits for the script waits no longer.
pub fn loaded() {
    if let Some((_, tell)) = LOADING.take() {
        drop(tell.call0(&JsValue::UNDEFINED));
    }
}

/// Draws the widget; `broke` hears when it fails.
pub fn show(asked: &Asked, place: &HtmlElement, broke: impl FnMut() + 'static) {
    if SHOWN.with_borrow(Option::is_some) {
        return reset();
    }
    let Some(script) = script_of(asked.provider) else { return };
    if asked.provider == CaptchaProvider::RecaptchaV3 {
        SHOWN.set(Some(Shown { script, id: asked.key.as_str().into(), invisible: Some(asked.action) }));
        return;
    }
    let words = Object::new();
    let set = |name: &str, value: JsValue| drop(Reflect::set(&words, &name.into(), &value));
    let locale = i18n::locale_untracked().as_str();
    set("sitekey", asked.key.as_str().into());
    set("theme", if is_dark() { "dark" } else { "light" }.into());
    set("size", if place.client_width() < ORDINARY_WIDTH { "compact" } else { "normal" }.into());
    set("error-callback", Closure::<dyn FnMut()>::new(broke).into_js_value());
    if asked.provider == CaptchaProvider::Turnstile {
        set("action", asked.action.as_str().into());
        set("language", locale.into());
    } else {
        // Turnstile renews an answer that grows old by itself.
        set("expired-callback", Closure::<dyn FnMut()>::new(reset).into_js_value());
        set("hl", locale.into());
    }
    if let Some(id) = call(&script, "render", &[place.into(), words.into()]) {
        SHOWN.set(Some(Shown { script, id, invisible: None }));
    }
}

/// The answer; nothing before there is one.
pub async fn answer() -> Option<String> {
    let loading = LOADING.with_borrow(|loading| loading.as_ref().map(|(loading, _)| loading.clone()));
    if let Some(loading) = loading {
        drop(JsFuture::from(loading).await);
    }
    let promised = SHOWN.with_borrow(|shown| {
        let Shown { script, id, invisible } = shown.as_ref()?;
        let Some(action) = invisible else { return call(script, "getResponse", slice::from_ref(id)) };
        let words = Object::new();
        drop(Reflect::set(&words, &"action".into(), &action.as_str().into()));
        call(script, "execute", &[id.clone(), words.into()])
    })?;
    let answer = match promised.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await.ok()?,
        Err(answer) => answer,
    };
    answer.as_string().filter(|answer| !answer.is_empty())
}

/// Asks for another answer.
pub fn reset() {
    with_widget("reset");
}

/// The form has gone.
pub fn forget() {
    with_widget("remove");
    SHOWN.set(None);
}

fn with_widget(what: &str) {
    SHOWN.with_borrow(|shown| {
        if let Some(Shown { script, id, invisible: None }) = shown {
            call(script, what, slice::from_ref(id));
        }
    });
}

fn member(script: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(script, &name.into()).ok()?.dyn_into().ok()
}

fn call(script: &JsValue, name: &str, words: &[JsValue]) -> Option<JsValue> {
    member(script, name)?.apply(script, &words.iter().collect::<Array>()).ok()
}

fn is_dark() -> bool {
    let chosen = document().document_element().and_then(|root| root.get_attribute("data-theme"));
    match chosen.as_deref() {
        Some("dark") => true,
        Some("light") => false,
        _ => window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches()),
    }
}
