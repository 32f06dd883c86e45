//! The captcha of somebody else: reCAPTCHA, hCaptcha or Turnstile.
//!
//! Invariant: nobody else hears of a visitor before the visitor uses a form that asks for an answer, and then only the
//! provider that the desk has chosen.

mod place;
mod widget;
mod words;

use api_types::captcha::CaptchaProvider;
use leptos::prelude::untrack;

pub use place::Captcha;
pub use widget::{answer, reset};
use words::{TAKEN_FOR_A_PROGRAM, UNSOLVED};

use crate::{i18n::Words, settings};

/// What somebody reads whose answer is missing or refused, where somebody else asks for it.
pub fn what_to_do() -> Option<Words> {
    let (provider, _) = untrack(settings::captcha_elsewhere)?;
    Some(if provider == CaptchaProvider::RecaptchaV3 { TAKEN_FOR_A_PROGRAM } else { UNSOLVED })
}

/// Whether somebody else tells people from programs here.
pub fn is_elsewhere() -> bool {
    untrack(settings::captcha_elsewhere).is_some()
}
