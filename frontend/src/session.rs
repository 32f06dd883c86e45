//! Who am I: nobody yet, nobody, or a person.
//!
//! Invariant: one place says who is signed in, and leaving erases what that person had begun to write.

use std::sync::LazyLock;

use api_types::{auth::Session, people::Me};
use leptos::prelude::*;

use crate::{
    api::{self, Failure},
    i18n, storage,
};

/// What is known about the person at this browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// The server has not answered yet.
    Unknown,
    /// The server cannot be reached.
    Unreachable,
    Nobody,
    Somebody(Me),
}

static WHO: LazyLock<ArcRwSignal<Who>> = LazyLock::new(|| ArcRwSignal::new(Who::Unknown));

pub fn who() -> Who {
    WHO.get()
}

/// The signed-in person; follows changes.
pub fn me() -> Option<Me> {
    match who() {
        Who::Somebody(me) => Some(me),
        _ => None,
    }
}

/// Follows whether a team member is signed in.
pub fn on_team() -> bool {
    WHO.with(|who| matches!(who, Who::Somebody(me) if me.role.is_team()))
}

/// Kept while a sign-out has not reached the server: its cookie must not sign anybody in again.
const LEAVING: &str = "leaving";

/// Takes up the session that the cookie stands for, unless somebody left it.
pub async fn resume() {
    if storage::word(LEAVING).is_some() {
        settle(if leave().await { Who::Nobody } else { Who::Unreachable });
        return;
    }
    match api::refresh().await {
        Ok(session) => begin(session),
        Err(Failure::Unreachable) => settle(Who::Unreachable),
        Err(Failure::Refused(_)) => settle(Who::Nobody),
    }
}

/// Nobody was here when it was asked; a link may have signed somebody in before the answer came.
fn settle(who: Who) {
    if WHO.with_untracked(|now| !matches!(now, Who::Somebody(_))) {
        WHO.set(who);
    }
}

pub fn begin(session: Session) {
    storage::forget(LEAVING);
    api::keep_token(&session);
    update(session.user);
}

/// The person changed something about themselves.
pub fn update(me: Me) {
    i18n::speak(me.locale);
    WHO.set(Who::Somebody(me));
}

/// The server no longer knows this session. What was being written stays for the next sign-in.
pub fn end() {
    api::drop_token();
    WHO.set(Who::Nobody);
}

/// Leaves on purpose: this browser forgets what the person had begun to write.
pub async fn sign_out() {
    if let Some(me) = WHO.with_untracked(|who| if let Who::Somebody(me) = who { Some(me.clone()) } else { None }) {
        storage::forget_all(&drafts_of(&me));
    }
    storage::keep_word(LEAVING, "true");
    // Even when the server cannot be reached the page lets go of the session.
    leave().await;
    end();
}

/// Ends the session on the server; tells whether it has heard.
async fn leave() -> bool {
    let left = api::act::<()>("/auth/logout".to_owned()).await.is_ok();
    if left {
        storage::forget(LEAVING);
    }
    left
}

/// What the keys of a person's drafts begin with.
pub fn drafts_of(me: &Me) -> String {
    format!("draft:{}:", me.id)
}
