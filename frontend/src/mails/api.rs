//! The calls of this room.

use api_types::{
    mails::{MailId, MailState, MailView},
    page::Page,
};

use crate::{
    api::{Failure, act, get},
    paths,
};

pub async fn list(state: Option<MailState>, limit: usize, after: &str) -> Result<Page<MailView>, Failure> {
    let state = state.map(MailState::as_str).unwrap_or_default();
    get(paths::with_query("/admin/mails", &[("state", state), ("limit", &limit.to_string()), ("after", after)])).await
}

pub async fn resend(id: MailId) -> Result<MailView, Failure> {
    act(format!("/admin/mails/{id}/resend")).await
}
