//! Confirming an address: what a link proves, and who comes of it.
//!
//! Invariant: nobody is made here before their address is proved, and no account moves to an address that is not.

use api_types::{
    error::ErrorCode,
    mails::MailKind,
    people::{Locale, PersonId, Role},
    text::EmailAddress,
};
use db::{
    AsyncPgConnection,
    schema::{pending_tickets, people, registrations},
};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use jiff_diesel::ToDiesel;
use uuid::Uuid;

use super::{NewPerson, Person};
use crate::{
    activity::{self, Kind, Record},
    auth::{
        self, CurrentUser, links,
        throttle::{self, FIRST_MAIL},
    },
    error::{AppError, Result},
    mails::{self, To},
};

impl Person {
    /// Makes the person that a registration asked for, now that its address is confirmed. The password comes into
    /// force only in the browser that chose it, whose hash is `browser`. If the address
    /// got an account meanwhile, that account is the answer: the link proves the address either way.
    pub async fn confirm(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        registration: Uuid,
        browser: Option<Vec<u8>>,
    ) -> Result<Self> {
        type Kept = (Option<PersonId>, String, String, Option<String>, Vec<u8>, Locale);
        let (mover, name, email, password_hash, browser_hash, locale) = registrations::table
            .find(registration)
            .select((
                registrations::person_id,
                registrations::name,
                registrations::email,
                registrations::password_hash,
                registrations::browser_hash,
                registrations::locale,
            ))
            .for_update()
            .first::<Kept>(conn)
            .await
            .optional()?
            .ok_or_else(|| AppError::new(ErrorCode::LinkExpired))?;
        let is_same_browser = browser == Some(browser_hash);
        if let Some(mover) = mover {
            // Of a mistyped address somebody else is the owner, who must not come into the account.
            if !is_same_browser {
                return Err(AppError::new(ErrorCode::LinkExpired));
            }
            return Self::settle_at(conn, now, mover, &email, registration).await;
        }
        let own_password = password_hash.filter(|_| is_same_browser);
        let new = NewPerson {
            name: &name,
            email: &email,
            password_hash: own_password.as_deref(),
            role: Role::Customer,
            locale,
        };
        let person = Self::confirmed(conn, now, new).await?;
        links::hand_over(conn, To::Registration(registration), person.id, None).await?;
        mails::hand_over(conn, To::Registration(registration), person.id, None).await?;
        diesel::delete(registrations::table.find(registration)).execute(conn).await?;
        Ok(person)
    }

    /// Makes the person who opened a ticket without an account, now that the address is confirmed. If the address
    /// has an account, that account is the answer.
    pub async fn of_visitor(conn: &mut AsyncPgConnection, now: Timestamp, waiting: Uuid) -> Result<Self> {
        let (name, email, locale) = pending_tickets::table
            .find(waiting)
            .select((pending_tickets::name, pending_tickets::email, pending_tickets::locale))
            .first::<(String, String, Locale)>(conn)
            .await
            .optional()?
            .ok_or_else(|| AppError::new(ErrorCode::LinkExpired))?;
        let new = NewPerson { name: &name, email: &email, password_hash: None, role: Role::Customer, locale };
        Self::confirmed(conn, now, new).await
    }

    /// The person whose address a website vouches for.
    pub async fn vouched(conn: &mut AsyncPgConnection, now: Timestamp, new: NewPerson<'_>) -> Result<Self> {
        let person = conn.transaction(async |conn| Self::confirmed(conn, now, new).await).await;
        // There is no link here that could have expired: the account is disabled.
        person.map_err(|error| match error.code() {
            ErrorCode::LinkExpired => AppError::new(ErrorCode::Forbidden),
            _ => error,
        })
    }

    /// The person with an address that was confirmed a moment ago.
    async fn confirmed(conn: &mut AsyncPgConnection, now: Timestamp, new: NewPerson<'_>) -> Result<Self> {
        let taken = people::table
            .filter(people::email.eq(new.email))
            .select(people::id)
            .first::<PersonId>(conn)
            .await
            .optional()?;
        let id = match taken {
            Some(id) => {
                Self::prove(conn, id).await?;
                id
            }
            None => {
                // Two links of one address were followed at once; the second one finds the account when it comes again.
                let id = Self::add(conn, now, new).await.map_err(|error| {
                    let lost_race = AppError::violates(&error, "people_email_key");
                    if lost_race { AppError::unavailable(error) } else { error.into() }
                })?;
                activity::record(conn, Record::of_person(Kind::PersonRegistered, id, id, now)).await?;
                id
            }
        };
        Self::active(conn, id).await?.ok_or_else(|| AppError::new(ErrorCode::LinkExpired))
    }

    /// Has a link mailed to the address that somebody wants to move their account to. `browser` is the secret in the
    /// cookie of the browser that asked. Nobody learns whether the address has an account; its owner is told.
    pub async fn ask_to_move(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        user: &CurrentUser,
        email: &EmailAddress,
        browser: &str,
    ) -> Result<()> {
        let email = email.normalised();
        conn.transaction(async |conn| {
            if throttle::count(conn, now, FIRST_MAIL, &email).await?.is_some() {
                return Ok(());
            }
            let to = Self::at_address(conn, now, user.id, user.locale, &email, &auth::hash(browser)).await?;
            mails::queue(conn, now, MailKind::Register, to, None).await
        })
        .await
    }

    /// An address of somebody with an account, to write to.
    async fn at_address(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        person: PersonId,
        locale: Locale,
        email: &str,
        browser_hash: &[u8],
    ) -> QueryResult<To> {
        let id = Uuid::now_v7();
        diesel::insert_into(registrations::table)
            .values((
                registrations::id.eq(id),
                registrations::person_id.eq(person),
                registrations::name.eq(""),
                registrations::email.eq(email),
                registrations::browser_hash.eq(browser_hash),
                registrations::locale.eq(locale),
                registrations::created_at.eq(now.to_diesel()),
            ))
            .execute(conn)
            .await?;
        Ok(To::Registration(id))
    }

    /// Moves an account to an address that was proved a moment ago, and tells the one before. Links that lie in that
    /// mailbox are spent.
    async fn settle_at(
        conn: &mut AsyncPgConnection,
        now: Timestamp,
        id: PersonId,
        email: &str,
        registration: Uuid,
    ) -> Result<Self> {
        let expired = || AppError::new(ErrorCode::LinkExpired);
        let before = Self::active(conn, id).await?.ok_or_else(expired)?;
        let person = diesel::update(people::table.find(id))
            .set((people::email.eq(email), people::unproved.eq(false)))
            .returning(Self::as_returning())
            .get_result(conn)
            .await
            // Somebody made an account with it meanwhile.
            .map_err(|error| if AppError::violates(&error, "people_email_key") { expired() } else { error.into() })?;
        links::spend_all(conn, now, id).await?;
        links::hand_over(conn, To::Registration(registration), id, None).await?;
        mails::hand_over(conn, To::Registration(registration), id, None).await?;
        diesel::delete(registrations::table.find(registration)).execute(conn).await?;
        if before.email != email {
            let to = Self::at_address(conn, now, id, before.locale, &before.email, &[]).await?;
            mails::queue(conn, now, MailKind::AddressChanged, to, None).await?;
        }
        activity::record(conn, Record::of_person(Kind::PersonChanged, id, id, now)).await?;
        Ok(person)
    }
}
