//! What everybody may know.
//!
//! Invariant: what is answered here is public.

use api_types::settings::{PublicSettings, Settings};

use crate::captcha;

pub fn of(settings: &Settings) -> PublicSettings {
    PublicSettings {
        brand: settings.brand.clone(),
        registration: settings.registration.mode,
        entry: settings.registration.entry,
        profile_editing: settings.registration.profile_editing,
        form: settings.form.clone(),
        page: settings.page,
        assistant_name: settings.assistant.name.to_string(),
        assistant_mode: settings.assistant.mode,
        captcha: captcha::of(settings),
    }
}
