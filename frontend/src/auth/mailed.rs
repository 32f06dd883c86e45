//! What the mailed links have in common: the token in the fragment, and the note that a mail is on
//! its way.

use leptos::{ev, prelude::*};

use super::words::{BACK_TO_SIGN_IN, CHECK_MAIL};
use crate::{i18n::Words, paths, ui};

/// The token of the mailed link; a second link opened in the same tab replaces it.
pub fn follow_token() -> Signal<Option<String>> {
    let token = RwSignal::new(take_token());
    let listener = window_event_listener(ev::hashchange, move |_| {
        if let Some(fresh) = take_token() {
            token.set(Some(fresh));
        }
    });
    on_cleanup(move || listener.remove());
    token.into()
}

/// Takes the token out of the address, so that it stays neither in the history nor on the screen.
fn take_token() -> Option<String> {
    let fragment = location_hash()?;
    let token = fragment.trim_start_matches('#').strip_prefix("token=")?.to_owned();
    let path = window().location().pathname().unwrap_or_default();
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)));
    }
    (!token.is_empty()).then_some(token)
}

/// "Check your mail", with focus, because the form it replaces is gone.
#[component]
pub fn CheckMail(
    note: Words,
    address: String,
    /// Whether the form stood on the way to signing in.
    #[prop(default = true)]
    to_sign_in: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    ui::focus_heading();
    view! {
        <h1 tabindex="-1">{CHECK_MAIL}</h1>
        <p>{move || note.with(&address)}</p>
        {children.map(|children| children())}
        {to_sign_in
            .then(|| {
                view! {
                    <p>
                        <a href=paths::SIGN_IN>{BACK_TO_SIGN_IN}</a>
                    </p>
                }
            })}
    }
}
