//! Mailed links: they confirm a registration, sign in, or allow a new password.
//!
//! Invariant: a link serves one purpose, once, for a short time; the database knows only its hash.

use api_types::{
    auth::Registration,
    error::ErrorCode,
    people::{Locale, PersonId},
    text::EmailAddress,
};
use db::{
    AsyncPgConnection,
    schema::{mail_tokens, people, registrations},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use jiff_diesel::ToDiesel;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    hash,
    mails::{self, Subject},
    new_secret,
    throttle::{self, FIRST_MAIL, MAIL_ADDRESS},
};
use crate::{
    error::{AppError, Result},
    people::Person,
    state::State,
    worker::Job,
};

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Register,
    SignIn,
    Reset,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
        }
    }

    fn lifetime(self) -> SignedDuration {
        match self {
            Self::Register => SignedDuration::from_hours(24),
            Self::SignIn => SignedDuration::from_mins(30),
            Self::Reset => SignedDuration::from_hours(1),
        }
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
        let job = Job::MailLink { purpose: Purpose::Register, email: email.clone(), registration_id: Some(id) };
        job.enqueue(conn, now).await?;
        Ok(())
    })
    .await
}

/// Has a link mailed to an address, if it has an account. Nobody learns whether it has.
pub async fn request(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    purpose: Purpose,
    email: &EmailAddress,
) -> Result<()> {
    let email = email.normalised();
    conn.transaction(async |conn| {
        if throttle::count(conn, now, MAIL_ADDRESS, &email).await?.is_some() {
            return Ok(());
        }
        Job::MailLink { purpose, email: email.clone(), registration_id: None }.enqueue(conn, now).await?;
        Ok(())
    })
    .await
}

/// The job: makes the secrets, keeps their hashes and mails them. Each run makes new ones.
pub async fn mail(
    state: &State,
    job_id: i64,
    purpose: Purpose,
    email: &str,
    registration_id: Option<Uuid>,
) -> Result<()> {
    let now = state.clock.now();
    let mut conn = state.db().await?;
    let known = people::table
        .filter(people::email.eq(email))
        .filter(people::disabled_at.is_null())
        .select((people::id, people::locale))
        .first::<(PersonId, Locale)>(&mut conn)
        .await
        .optional()?;
    let (owner, locale, purpose, subject) = match (known, registration_id) {
        (Some((person, locale)), Some(_)) => {
            (Owner::Person(person), locale, Purpose::SignIn, Subject::AlreadyRegistered)
        }
        (Some((person, locale)), None) => (Owner::Person(person), locale, purpose, purpose.into()),
        (None, Some(registration)) => {
            let locale = registrations::table
                .find(registration)
                .select(registrations::locale)
                .first::<Locale>(&mut conn)
                .await
                .optional()?;
            match locale {
                Some(locale) => (Owner::Registration(registration), locale, purpose, purpose.into()),
                None => return Ok(()),
            }
        }
        (None, None) => return Ok(()),
    };
    let token = new_secret();
    // A code is for typing; a reset link leads to a form and needs none.
    let code = (purpose != Purpose::Reset).then(new_code);
    keep(&mut conn, now, purpose, owner, &token, code.as_deref()).await?;
    drop(conn);
    let mail = mails::compose(subject, locale, email, &state.public_url, &token, code.as_deref())?;
    state.mailer.send(&mail, &format!("link.{job_id}"), now).await
}

/// Whose link it is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Person(PersonId),
    Registration(Uuid),
}

async fn keep(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    purpose: Purpose,
    owner: Owner,
    token: &str,
    code: Option<&str>,
) -> Result<()> {
    let mail_id = Uuid::now_v7();
    let (person, registration) = match owner {
        Owner::Person(id) => (Some(id), None),
        Owner::Registration(id) => (None, Some(id)),
    };
    let rows: Vec<_> = [Some(token.to_owned()), code.map(plain_code)]
        .into_iter()
        .flatten()
        .map(|secret| {
            (
                mail_tokens::hash.eq(hash(&secret)),
                mail_tokens::mail_id.eq(mail_id),
                mail_tokens::purpose.eq(purpose.as_str()),
                mail_tokens::person_id.eq(person),
                mail_tokens::registration_id.eq(registration),
                mail_tokens::expires_at.eq(now.saturating_add(purpose.lifetime()).unwrap_or(now).to_diesel()),
            )
        })
        .collect();
    diesel::insert_into(mail_tokens::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Follows a link that confirms or signs in: spends it, and answers the person it belongs to.
/// `browser` is the secret of the browser that registered, if it is the one that follows the link.
pub async fn verify(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    token: &str,
    browser: Option<&str>,
) -> Result<Person> {
    conn.transaction(async |conn| match spend(conn, now, token, &[Purpose::Register, Purpose::SignIn]).await? {
        Owner::Person(id) => Person::active(conn, id).await?.ok_or_else(expired),
        Owner::Registration(id) => Person::confirm(conn, now, id, browser.map(hash)).await,
    })
    .await
}

/// Spends a link for a new password, and answers whose.
pub async fn spend_reset(conn: &mut AsyncPgConnection, now: Timestamp, token: &str) -> Result<PersonId> {
    match spend(conn, now, token, &[Purpose::Reset]).await? {
        Owner::Person(id) => Ok(id),
        Owner::Registration(_) => Err(expired()),
    }
}

/// Spends every link of a person: they have a new password.
pub async fn spend_all(conn: &mut AsyncPgConnection, person: PersonId) -> QueryResult<()> {
    diesel::delete(mail_tokens::table.filter(mail_tokens::person_id.eq(person))).execute(conn).await?;
    Ok(())
}

async fn spend(conn: &mut AsyncPgConnection, now: Timestamp, token: &str, purposes: &[Purpose]) -> Result<Owner> {
    let purposes: Vec<&str> = purposes.iter().map(|purpose| purpose.as_str()).collect();
    let (mail_id, person, registration) = mail_tokens::table
        .filter(mail_tokens::hash.eq_any([hash(token.trim()), hash(&plain_code(token))]))
        .filter(mail_tokens::purpose.eq_any(purposes))
        .filter(mail_tokens::expires_at.gt(now.to_diesel()))
        .select((mail_tokens::mail_id, mail_tokens::person_id, mail_tokens::registration_id))
        .for_update()
        .first::<(Uuid, Option<PersonId>, Option<Uuid>)>(conn)
        .await
        .optional()?
        .ok_or_else(expired)?;
    diesel::delete(mail_tokens::table.filter(mail_tokens::mail_id.eq(mail_id))).execute(conn).await?;
    match (person, registration) {
        (Some(id), _) => Ok(Owner::Person(id)),
        (None, Some(id)) => Ok(Owner::Registration(id)),
        (None, None) => Err(expired()),
    }
}

/// Drops what has expired, and the registrations that nobody confirmed.
pub async fn sweep(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<()> {
    diesel::delete(mail_tokens::table.filter(mail_tokens::expires_at.lt(now.to_diesel()))).execute(conn).await?;
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
