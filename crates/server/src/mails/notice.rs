//! Mails that tell the team what the desk did by itself.
//!
//! Invariant: they hold nothing that anybody wrote, and a link that signs nobody in.

use api_types::{people::Locale, people::PersonId};
use db::{AsyncPgConnection, schema::people};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    link::{self, Words},
    outbox::MailRow,
};
use crate::{error::Result, outside::mail::Mail, state::State};

/// Tells an admin that a webhook was switched off. Nothing when they are none any more.
pub async fn compose(state: &State, conn: &mut AsyncPgConnection, row: &MailRow) -> Result<Option<Mail>> {
    let Some(person) = row.person_id else {
        return Ok(None);
    };
    let Some((email, locale)) = admin(conn, person).await? else {
        return Ok(None);
    };
    let url = format!("{}/admin/settings/webhooks", state.public_url);
    link::write(state, email, webhook_disabled(locale), locale, &url, None).map(Some)
}

async fn admin(conn: &mut AsyncPgConnection, id: PersonId) -> QueryResult<Option<(String, Locale)>> {
    people::table
        .find(id)
        .filter(people::disabled_at.is_null())
        .filter(people::role.eq(api_types::people::Role::Admin))
        .select((people::email, people::locale))
        .first(conn)
        .await
        .optional()
}

fn webhook_disabled(locale: Locale) -> Words {
    match locale {
        Locale::English => Words {
            subject: "A webhook was switched off",
            lead: "A webhook of the desk answered that it is gone, or took nothing for three days. It is switched off, and told nothing more. Its page says which one it is and what came of its messages, and switches it on again.",
            button: "Open the webhooks",
            expiry: "",
            not_you: "",
            ..link::english()
        },
        Locale::French => Words {
            subject: "Un webhook a été désactivé",
            lead: "Un webhook de l’assistance a répondu qu’il n’existe plus, ou n’a rien accepté pendant trois jours. Il est désactivé et ne reçoit plus rien. Sa page indique lequel et ce qu’il est advenu de ses messages, et permet de le réactiver.",
            button: "Ouvrir les webhooks",
            expiry: "",
            not_you: "",
            ..link::french()
        },
    }
}
