//! How this desk differs from others.
//!
//! Invariant: asked for once per page load, by whoever needs it first, and kept for all who come later.

use std::sync::LazyLock;

use api_types::settings::{PublicSettings, RegistrationMode};
use leptos::prelude::*;

use crate::{
    api::{Failure, get},
    erased::spawn,
};

type Answer = Option<Result<PublicSettings, Failure>>;

static SETTINGS: LazyLock<ArcRwSignal<Answer>> = LazyLock::new(ArcRwSignal::default);
static ASKED: LazyLock<ArcStoredValue<bool>> = LazyLock::new(ArcStoredValue::default);

/// Follows who may open a ticket; absent until the server has answered.
pub fn registration() -> Option<Result<RegistrationMode, Failure>> {
    if !ASKED.get_value() {
        fetch();
    }
    SETTINGS.with(|settings| Some(settings.as_ref()?.as_ref().map(|it| it.registration).map_err(Clone::clone)))
}

/// Asks again after a failure.
pub fn fetch() {
    ASKED.set_value(true);
    spawn(async {
        let answer = get("/settings".to_owned()).await;
        SETTINGS.set(Some(answer));
    });
}
