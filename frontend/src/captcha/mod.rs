//! The captcha of somebody else: reCAPTCHA, hCaptcha or Turnstile.
//!
//! Invariant: nobody else hears of a visitor before the visitor uses a form that asks for an answer, and then only the
//! provider that the desk has chosen.

mod place;
mod widget;
mod words;

use leptos::prelude::untrack;

pub use place::Captcha;
pub use widget::{answer, reset};
pub use words::UNSOLVED;

use crate::settings;

/// Whether somebody else tells people from programs here.
pub fn is_elsewhere() -> bool {
    untrack(settings::captcha_elsewhere).is_some()
}
