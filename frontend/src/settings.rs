//! How this desk differs from others, as `GET /settings` says it.
//!
//! Invariant: asked as the page is loaded and whenever the reader comes back to it. Until the first answer, what this
//! browser heard at its last visit stands for it, except for who may open a ticket.

pub mod admin;

pub use admin::SettingsPage;

use std::{
    cell::{Cell, RefCell},
    sync::LazyLock,
};

use api_types::{
    captcha::CaptchaProvider,
    settings::{Entry, RegistrationMode},
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, VisibilityState};

use crate::{api, erased::spawn, said::Said, site, storage};

/// Who may open a ticket.
#[derive(Clone, Copy, PartialEq)]
pub enum Known {
    /// The server has not answered yet.
    NotYet,
    Unreachable,
    Registration(RegistrationMode),
}

static KNOWN: LazyLock<ArcRwSignal<Known>> = LazyLock::new(|| ArcRwSignal::new(Known::NotYet));
/// Moves when the desk says something else than before.
static HEARD: LazyLock<ArcRwSignal<u32>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    static SAID: RefCell<Option<Said>> = const { RefCell::new(None) };
    static ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Where this browser keeps what it heard last; `index.html` reads the name there.
const KEPT: &str = "settings";
/// What a desk without a name is called.
const NAME: &str = "Waggle";

/// Asks for the settings, once per page.
pub fn start() {
    if let Some(said) = storage::word(KEPT).as_deref().and_then(Said::read) {
        take(said);
    }
    fetch();
    window_event_listener(ev::visibilitychange, |_| {
        if document().visibility_state() == VisibilityState::Visible {
            fetch();
        }
    });
}

/// Asks again: after a failure, or when something is not as the page thought.
pub fn fetch() {
    if ASKING.replace(true) {
        return;
    }
    spawn(async {
        let answer = api::ask_for("/settings".to_owned()).await;
        ASKING.set(false);
        let Ok(said) = answer else {
            if KNOWN.get_untracked() == Known::NotYet {
                KNOWN.set(Known::Unreachable);
            }
            return;
        };
        let mode = said.meant("registration");
        let text = said.text();
        if SAID.with_borrow(|before| before.as_ref().map(Said::text)) != Some(text.clone()) {
            storage::keep_word(KEPT, &text);
            take(said);
        }
        KNOWN.set(mode.map_or(Known::Unreachable, Known::Registration));
    });
}

fn take(said: Said) {
    dress(&said.part("brand").and_then(|brand| brand.word("accent")).unwrap_or_default());
    SAID.set(Some(said));
    HEARD.update(|heard| *heard = heard.wrapping_add(1));
}

/// The style sheet makes every tint out of the one colour.
fn dress(accent: &str) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    if let Some(root) = root {
        drop(root.style().set_property("--brand", accent));
        drop(root.toggle_attribute_with_force("data-brand", !accent.is_empty()));
    }
}

/// Follows who may open a ticket.
pub fn registration() -> Known {
    KNOWN.get()
}

/// Follows a part of what the desk says.
pub fn part(name: &str) -> Option<Said> {
    HEARD.track();
    SAID.with_borrow(|said| said.as_ref()?.part(name))
}

/// Follows what the desk is called.
pub fn name() -> String {
    part("brand").and_then(|brand| brand.word("name")).unwrap_or_else(|| NAME.to_owned())
}

/// Follows whether a part of the support page is shown. The team's pages are whole.
pub fn shows(what: &str) -> bool {
    site::is_teams() || part("page").is_none_or(|page| page.holds(what))
}

/// Follows a way in which the page behaves.
pub fn is_on(what: &str) -> bool {
    part("page").is_some_and(|page| page.holds(what))
}

/// Follows whether accounts are made by admins alone.
pub fn is_closed() -> bool {
    part("registration").and_then(|mode| mode.meaning()) == Some(RegistrationMode::Closed)
}

/// Follows whether who has to have an account is sent to make one.
pub fn begins_with_registration() -> bool {
    part("entry").and_then(|entry| entry.meaning()) == Some(Entry::Register)
}

/// Follows whether customers may not change their name and address.
pub fn fixes_profiles() -> bool {
    part("profile_editing").is_some_and(|may| !may.is_true())
}

/// Follows who elsewhere tells people from programs, and the key by which they know this desk.
pub fn captcha_elsewhere() -> Option<(CaptchaProvider, String)> {
    let captcha = part("captcha")?;
    let provider = captcha.meant("provider").filter(|it: &CaptchaProvider| it.is_elsewhere())?;
    Some((provider, captcha.word("site_key")?))
}
