//! Mailed links: they confirm an address, sign in, open a ticket, or allow a new password.
//!
//! Invariant: a link serves one purpose, once, for a short time; the database knows only its hash.

use api_types::{
    auth::Registration,
    error::ErrorCode,
    mails::{MailId, MailKind},
    people::PersonId,
    text::EmailAddress,
    tickets::TicketId,
};
use db::{
    AsyncPgConnection,
    schema::{mail_tokens, pending_tickets, people, registrations},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;
use uuid::Uuid;

use super::{
    hash, new_secret,
    throttle::{self, FIRST_MAIL, MAIL_ADDRESS},
};
use crate::{
    error::{AppError, Result},
    mails::{self, To},
    people::Person,
    state::Inner,
    tickets,
    worker::Job,
};

/// How long a spent or expired link can still be exchanged for a new one.
const RENEWABLE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Register,
    SignIn,
    Reset,
    /// Confirm an address, and open the tickets that wait for it.
    ConfirmTicket,
    /// Sign in and go to a ticket.
    Ticket,
}

impl Purpose {
    const ALL: [Self; 5] = [Self::Register, Self::SignIn, Self::Reset, Self::ConfirmTicket, Self::Ticket];

    fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
            Self::ConfirmTicket => "confirm_ticket",
            Self::Ticket => "ticket",
        }
    }

    fn lifetime(self) -> SignedDuration {
        match self {
            Self::Register => SignedDuration::from_hours(24),
            Self::SignIn => SignedDuration::from_mins(30),
            Self::Reset => SignedDuration::from_hours(1),
            Self::ConfirmTicket | Self::Ticket => SignedDuration::from_hours(24 * 7),
        }
    }

    /// A code is for typing on another device; a reset link leads to a form, and a ticket's mail is read at leisure.
    fn has_code(self) -> bool {
        matches!(self, Self::Register | Self::SignIn | Self::ConfirmTicket)
    }
}

/// Keeps a registration until its address is confirmed, and has the link mailed. `browser` is the secret in the
/// cookie of the browser that asked. A second one within 24
/// hours mails nothing, so that nobody can flood a stranger.
pub async fn register(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    new: Registration,
    password_hash: String,
    browser: &str,
) -> Result<()> {
    let email = new.email.normalised();
    conn.transaction(async |conn| {
        if throttle::count(conn, now, FIRST_MAIL, &email).await?.is_some() {
            return Ok(());
        }
        let id = Uuid::now_v7();
        diesel::insert_into(registrations::table)
            .values((
                registrations::id.eq(id),
                registrations::name.eq(new.name.as_str()),
                registrations::email.eq(&email),
                registrations::password_hash.eq(password_hash),
                registrations::browser_hash.eq(hash(browser)),
                registrations::locale.eq(new.locale),
                registrations::created_at.eq(now.to_diesel()),
            ))
            .execute(conn)
            .await?;
        mails::queue(conn, now, MailKind::Register, To::Registration(id), None).await
    })
    .await
}

/// Has a link mailed to an address, if it has an account. Nobody learns whether it has.
pub async fn request(conn: &mut AsyncPgConnection, now: Timestamp, kind: MailKind, email: &EmailAddress) -> Result<()> {
    let email = email.normalised();
    conn.transaction(async |conn| {
        if throttle::count(conn, now, MAIL_ADDRESS, &email).await?.is_some() {
            return Ok(());
        }
        match Person::active_by_email(conn, &email).await? {
            Some(person) => mails::queue(conn, now, kind, To::Person(person.id), None).await,
            // A job for a mail that is not there takes as long to write.
            None => Job::SendMail { mail_id: MailId::new() }.enqueue(conn, now).await.map(drop),
        }
    })
    .await
}

/// The secrets of a link, for its mail alone.
pub struct Link {
    pub token: String,
    pub code: Option<String>,
}

/// Makes the secrets of a mail's link and keeps their hashes. Each attempt to send it makes new ones; spending one
/// spends all of the mail.
pub async fn make(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    mail: MailId,
    purpose: Purpose,
    owner: To,
    ticket: Option<TicketId>,
) -> Result<Link> {
    let link = Link { token: new_secret(), code: purpose.has_code().then(new_code) };
    let (person, registration, visitor) = owner.columns();
    let expires_at = now.saturating_add(purpose.lifetime()).unwrap_or(now).to_diesel();
    let rows: Vec<_> = [Some(link.token.clone()), link.code.as_deref().map(plain_code)]
        .into_iter()
        .flatten()
        .map(|secret| {
            (
                mail_tokens::hash.eq(hash(&secret)),
                mail_tokens::mail_id.eq(mail.0),
                mail_tokens::purpose.eq(purpose.as_str()),
                mail_tokens::person_id.eq(person),
                mail_tokens::registration_id.eq(registration),
                mail_tokens::pending_ticket_id.eq(visitor),
                mail_tokens::ticket_id.eq(ticket),
                mail_tokens::expires_at.eq(expires_at),
            )
        })
        .collect();
    diesel::insert_into(mail_tokens::table).values(rows).execute(conn).await?;
    Ok(link)
}

/// Somebody who followed a link, and where it leads.
pub struct Verified {
    pub person: Person,
    pub ticket: Option<TicketId>,
}

/// Follows a link that confirms or signs in: spends it, and answers the person it belongs to.
/// `browser` is the secret of the browser that registered, if it is the one that follows the link.
pub async fn verify(
    conn: &mut AsyncPgConnection,
    desk: &Inner,
    now: Timestamp,
    token: &str,
    browser: Option<&str>,
) -> Result<Verified> {
    const PURPOSES: [Purpose; 4] = [Purpose::Register, Purpose::SignIn, Purpose::ConfirmTicket, Purpose::Ticket];
    conn.transaction(async |conn| {
        let spent = spend(conn, now, token, &PURPOSES).await?;
        match spent.owner {
            To::Person(id) => {
                let person = Person::active(conn, id).await?.ok_or_else(expired)?;
                // It was made for a customer, and lies in a mailbox for a week.
                if spent.purpose == Purpose::Ticket && person.role.is_team() {
                    return Err(expired());
                }
                Person::prove(conn, id).await?;
                Ok(Verified { person, ticket: spent.ticket })
            }
            // Either proves the address, and a first mail is sent once a day, so either opens what waits for it.
            To::Registration(id) => {
                let person = Person::confirm(conn, now, id, browser.map(hash)).await?;
                let opened = tickets::open_waiting(conn, desk, now, &person).await?;
                Ok(Verified { person, ticket: opened.last().map(|(_, ticket)| *ticket) })
            }
            To::Visitor(id) => {
                let person = Person::of_visitor(conn, now, id).await?;
                let opened = tickets::open_waiting(conn, desk, now, &person).await?;
                let ticket = opened.into_iter().find(|(waiting, _)| *waiting == id).map(|(_, ticket)| ticket);
                Ok(Verified { person, ticket })
            }
        }
    })
    .await
}

/// The links of an address that was not confirmed are now its person's, and lead to the ticket that came of it.
pub async fn hand_over(
    conn: &mut AsyncPgConnection,
    from: To,
    person: PersonId,
    ticket: Option<TicketId>,
) -> QueryResult<()> {
    let (_, registration, visitor) = from.columns();
    let purpose = if ticket.is_some() { Purpose::Ticket } else { Purpose::SignIn };
    diesel::update(mail_tokens::table)
        .filter(mail_tokens::registration_id.eq(registration).or(mail_tokens::pending_ticket_id.eq(visitor)))
        .set((
            mail_tokens::purpose.eq(purpose.as_str()),
            mail_tokens::person_id.eq(person),
            mail_tokens::registration_id.eq(None::<Uuid>),
            mail_tokens::pending_ticket_id.eq(None::<Uuid>),
            mail_tokens::ticket_id.eq(ticket),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has a new link mailed in place of an old one, to the same address and for the same purpose. Nobody learns whether
/// there was one.
pub async fn renew(conn: &mut AsyncPgConnection, now: Timestamp, token: &str) -> Result<()> {
    conn.transaction(async |conn| {
        let old = mail_tokens::table
            .left_join(people::table.on(people::id.nullable().eq(mail_tokens::person_id)))
            .left_join(registrations::table.on(registrations::id.nullable().eq(mail_tokens::registration_id)))
            .left_join(pending_tickets::table.on(pending_tickets::id.nullable().eq(mail_tokens::pending_ticket_id)))
            .filter(mail_tokens::hash.eq_any([hash(token.trim()), hash(&plain_code(token))]))
            .select((
                mail_tokens::purpose,
                mail_tokens::ticket_id,
                (mail_tokens::person_id, mail_tokens::registration_id, mail_tokens::pending_ticket_id),
                (people::email.nullable(), registrations::email.nullable(), pending_tickets::email.nullable()),
            ))
            .first::<(String, Option<TicketId>, Columns, (Option<String>, Option<String>, Option<String>))>(conn)
            .await
            .optional()?;
        let Some((purpose, ticket, (person, registration, visitor), (theirs, registered, visiting))) = old else {
            return Ok(());
        };
        let email = theirs.or(registered).or(visiting).unwrap_or_default();
        if throttle::count(conn, now, MAIL_ADDRESS, &email).await?.is_some() {
            return Ok(());
        }
        let kind = match Purpose::ALL.into_iter().find(|known| known.as_str() == purpose) {
            Some(Purpose::Register) => MailKind::Register,
            Some(Purpose::Reset) => MailKind::Reset,
            Some(Purpose::ConfirmTicket) => MailKind::ConfirmTicket,
            Some(Purpose::SignIn | Purpose::Ticket) | None => MailKind::SignIn,
        };
        match To::from_columns(person, registration, visitor) {
            Some(to) => mails::queue(conn, now, kind, to, ticket).await,
            None => Ok(()),
        }
    })
    .await
}

/// Spends a link for a new password, and answers whose.
pub async fn spend_reset(conn: &mut AsyncPgConnection, now: Timestamp, token: &str) -> Result<PersonId> {
    match spend(conn, now, token, &[Purpose::Reset]).await?.owner {
        To::Person(id) => Ok(id),
        To::Registration(_) | To::Visitor(_) => Err(expired()),
    }
}

/// Spends every link of a person: they have a new password.
pub async fn spend_all(conn: &mut AsyncPgConnection, now: Timestamp, person: PersonId) -> QueryResult<()> {
    diesel::update(mail_tokens::table)
        .filter(mail_tokens::person_id.eq(person))
        .filter(mail_tokens::spent_at.is_null())
        .set(mail_tokens::spent_at.eq(now.to_diesel()))
        .execute(conn)
        .await?;
    Ok(())
}

type Columns = (Option<PersonId>, Option<Uuid>, Option<Uuid>);

/// A link that was followed a moment ago.
struct Spent {
    purpose: Purpose,
    owner: To,
    ticket: Option<TicketId>,
}

async fn spend(conn: &mut AsyncPgConnection, now: Timestamp, token: &str, purposes: &[Purpose]) -> Result<Spent> {
    let words: Vec<&str> = purposes.iter().map(|purpose| purpose.as_str()).collect();
    let (mail, purpose, ticket, (person, registration, visitor)) = mail_tokens::table
        .filter(mail_tokens::hash.eq_any([hash(token.trim()), hash(&plain_code(token))]))
        .filter(mail_tokens::purpose.eq_any(words))
        .filter(mail_tokens::expires_at.gt(now.to_diesel()))
        .filter(mail_tokens::spent_at.is_null())
        .select((
            mail_tokens::mail_id,
            mail_tokens::purpose,
            mail_tokens::ticket_id,
            (mail_tokens::person_id, mail_tokens::registration_id, mail_tokens::pending_ticket_id),
        ))
        .for_update()
        .first::<(Uuid, String, Option<TicketId>, Columns)>(conn)
        .await
        .optional()?
        .ok_or_else(expired)?;
    diesel::update(mail_tokens::table.filter(mail_tokens::mail_id.eq(mail)))
        .set(mail_tokens::spent_at.eq(now.to_diesel()))
        .execute(conn)
        .await?;
    let purpose = purposes.iter().copied().find(|known| known.as_str() == purpose).ok_or_else(expired)?;
    let owner = To::from_columns(person, registration, visitor).ok_or_else(expired)?;
    Ok(Spent { purpose, owner, ticket })
}

/// Drops the links that expired long ago, and the registrations that nobody confirmed.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    let long_ago = now.saturating_sub(RENEWABLE).unwrap_or(now);
    diesel::delete(mail_tokens::table.filter(mail_tokens::expires_at.lt(long_ago.to_diesel()))).execute(conn).await?;
    let week_ago = now.saturating_sub(SignedDuration::from_hours(24 * 7)).unwrap_or(now);
    diesel::delete(registrations::table.filter(registrations::created_at.lt(week_ago.to_diesel())))
        .execute(conn)
        .await?;
    Ok(())
}

fn expired() -> AppError {
    AppError::new(ErrorCode::LinkExpired)
}

/// Twelve characters of an alphabet without look-alikes: 59 bits, for 24 hours, behind a throttle.
fn new_code() -> String {
    const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut random = rand::rng();
    let mut code = String::with_capacity(14);
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(random.random_range(0..ALPHABET.len())).copied().unwrap_or(b'2');
        code.push(char::from(letter));
    }
    code
}

/// A code as people type it: any case, any spaces and hyphens.
fn plain_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_carelessly() {
        let code = new_code();
        assert_eq!(code.len(), 14);
        assert_eq!(plain_code(&code), plain_code(&format!(" {} ", code.to_lowercase().replace('-', " "))));
    }
}
