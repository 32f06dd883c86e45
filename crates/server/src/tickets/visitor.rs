//! Tickets of people without an account: kept unseen until the mailed link proves the address.
//!
//! Invariant: nobody learns whether an address has an account, and nothing that a stranger writes reaches the address
//! before its owner has followed the link.

use api_types::{
    captcha::CaptchaAction,
    departments::DepartmentId,
    mails::MailKind,
    people::PersonId,
    text::{Message, Title},
    tickets::{NewTicket, Priority, TicketId, Visitor},
};
use db::{
    AsyncPgConnection, prepared,
    schema::{pending_tickets, people},
};
use diesel::{
    prelude::*,
    sql_types::{self, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use serde_json::Value;
use uuid::Uuid;

use super::Ticket;
use crate::{
    auth::{
        links,
        throttle::{self, FIRST_MAIL, MAIL_ADDRESS, MAIL_NETWORK},
    },
    captcha,
    error::{AppError, Result},
    mails::{self, To},
    once::Once,
    people::Person,
    state::{Inner, State},
};

/// How long a ticket waits for its address to be confirmed.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Lets a visitor in, or refuses them.
pub async fn admit(state: &State, network: &str, new: &NewTicket, once: Option<&Once>) -> Result<()> {
    throttle::enforce(&mut *state.db().await?, state.clock.now(), MAIL_NETWORK, network).await?;
    captcha::check(state, CaptchaAction::Ticket, new.captcha.as_deref(), once).await
}

/// Keeps a visitor's ticket, and has the link mailed. An address that nobody has confirmed gets one first mail a day,
/// whose link opens all that waits for it; the owner of an account gets as many as sign-in links.
pub async fn keep(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    new: &NewTicket,
    visitor: &Visitor,
    once: Option<&Once>,
) -> Result<()> {
    let email = visitor.email.normalised();
    conn.transaction(async |conn| {
        let account = people::table
            .filter(people::email.eq(&email))
            .select(people::id)
            .first::<PersonId>(conn)
            .await
            .optional()?;
        // So many wait for one address at most. Sent twice with one key, a ticket has one id.
        let id = once.map_or_else(Uuid::now_v7, |once| once.id(&email));
        let kept = prepared(
            "insert into pending_tickets
                 (id, name, email, locale, title, message, priority, department_id, custom_fields, created_at)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
             where (select count(*) from pending_tickets where email = $3) < 20
             on conflict (id) do nothing",
        )
        .bind::<sql_types::Uuid, _>(id)
        .bind::<Text, _>(visitor.name.as_str())
        .bind::<Text, _>(&email)
        .bind::<Text, _>(visitor.locale)
        .bind::<Text, _>(new.title.as_str())
        .bind::<Text, _>(new.message.as_str())
        .bind::<Nullable<Text>, _>(new.priority)
        .bind::<Nullable<sql_types::Uuid>, _>(new.department_id)
        .bind::<Jsonb, _>(serde_json::to_value(&new.custom_fields).map_err(AppError::internal)?)
        .bind::<Timestamptz, _>(now.to_diesel())
        .execute(conn)
        .await?;
        let limit = if account.is_some() { MAIL_ADDRESS } else { FIRST_MAIL };
        if kept == 0 || throttle::count(conn, now, limit, &email).await?.is_some() {
            return Ok(());
        }
        mails::queue(conn, now, MailKind::ConfirmTicket, To::Visitor(id), None).await
    })
    .await
}

/// Opens the tickets that wait for a person's address, oldest first, on the transaction that has just proved it.
/// Answers which became which.
pub async fn open_waiting(
    conn: &mut AsyncPgConnection,
    desk: &Inner,
    now: Timestamp,
    person: &Person,
) -> Result<Vec<(Uuid, TicketId)>> {
    let waiting = pending_tickets::table
        .filter(pending_tickets::email.eq(&person.email))
        .order((pending_tickets::created_at, pending_tickets::id))
        .select((
            pending_tickets::id,
            pending_tickets::title,
            pending_tickets::message,
            pending_tickets::priority,
            pending_tickets::department_id,
            pending_tickets::custom_fields,
        ))
        .for_update()
        .load::<(Uuid, String, String, Option<Priority>, Option<DepartmentId>, Value)>(conn)
        .await?;
    let (author, mut opened) = (person.as_author(), Vec::new());
    for (id, title, message, priority, department_id, answers) in waiting {
        let new = NewTicket {
            title: Title::from(title),
            message: Message::from(message),
            priority,
            department_id,
            custom_fields: serde_json::from_value(answers).map_err(AppError::internal)?,
            visitor: None,
            captcha: None,
            follows: None,
            attachment_ids: Vec::new(),
        };
        let ticket = Ticket::create(conn, desk, now, &author, new, None).await?.summary.id;
        links::hand_over(conn, To::Visitor(id), person.id, Some(ticket)).await?;
        mails::hand_over(conn, To::Visitor(id), person.id, Some(ticket)).await?;
        diesel::delete(pending_tickets::table.find(id)).execute(conn).await?;
        opened.push((id, ticket));
    }
    Ok(opened)
}

/// Drops the tickets whose address nobody has confirmed.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let long_ago = now.saturating_sub(PATIENCE).unwrap_or(now);
    diesel::delete(pending_tickets::table.filter(pending_tickets::created_at.lt(long_ago.to_diesel())))
        .execute(conn)
        .await?;
    Ok(())
}
