//! The calls of this room.

use api_types::mails::{MailId, MailView};

use crate::{
    api::{Failure, act_and_hear, ask_for},
    paths,
    said::Said,
};

/// A page of mails, and where the next one begins.
pub async fn list(state: &str, after: &str, limit: u8) -> Result<(Vec<MailView>, Option<String>), Failure> {
    let limit = limit.to_string();
    let path = paths::with_query("/admin/mails", &[("state", state), ("after", after), ("limit", &limit)]);
    let said = ask_for(path).await?;
    Ok((said.list("items").filter_map(|it| mail(&it)).collect(), said.word("next_cursor")))
}

pub async fn resend(id: MailId) -> Result<MailView, Failure> {
    let said = act_and_hear(format!("/admin/mails/{id}/resend")).await?;
    mail(&said).ok_or(Failure::Unreachable)
}

/// Absent when the server is newer than the page, and tells of what the page does not know.
fn mail(said: &Said) -> Option<MailView> {
    #[expect(clippy::cast_possible_truncation, reason = "a count")]
    let attempts = said.number("attempts")? as i32;
    Some(MailView {
        id: said.meant("id")?,
        kind: said.meant("kind")?,
        state: said.meant("state")?,
        to: said.word("to")?,
        ticket_id: said.meant("ticket_id"),
        attempts,
        last_error: said.word("last_error"),
        created_at: said.moment("created_at")?,
        sent_at: said.moment("sent_at"),
    })
}
