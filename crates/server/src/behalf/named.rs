//! In whose name a program writes: a customer that it names by address, or a member of the team.
//!
//! Invariant: whoever is named so can do what the rules let them, and the program no more than they.

use api_types::{
    behalf::{Customer, TeamAuthor},
    error::FieldCode,
    people::{Locale, Role},
};
use db::AsyncPgConnection;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    auth::{CurrentUser, accounts},
    error::{AppError, Result},
    people::{NewPerson, Person},
    state::State,
};

/// The customer, who is made if the address has no account.
pub async fn customer(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    program: &CurrentUser,
    named: &Customer,
) -> Result<CurrentUser> {
    let email = named.email.normalised();
    let new = NewPerson {
        name: named.name.as_str(),
        email: &email,
        password_hash: None,
        role: Role::Customer,
        locale: named.locale.unwrap_or(Locale::English),
    };
    let person = Person::named_by_program(conn, now, program, new).await?;
    let person = person.filter(|person| person.role == Role::Customer).ok_or_else(|| {
        let words = "This address is not a customer's: it is of the team, or its account is closed.";
        AppError::field("/customer/email", FieldCode::NotPossible, words)
    })?;
    Ok(CurrentUser { key: program.key, ..person.as_author() })
}

/// The member of the team, with what they see.
pub async fn author(state: &State, program: &CurrentUser, named: &TeamAuthor) -> Result<CurrentUser> {
    let mut conn = state.db().await?;
    let account = match named {
        TeamAuthor::Id(id) => accounts::of_person(&mut conn, *id).await?,
        TeamAuthor::Email(email) => accounts::of_address(&mut conn, &email.normalised()).await?,
    };
    let account = account
        .filter(|account| account.role.is_team())
        .ok_or_else(|| not_possible("Not an active member of the team."))?;
    Ok(CurrentUser { key: program.key, ..CurrentUser::of(account, Uuid::nil(), state) })
}

/// A refusal of the author.
pub fn not_possible(words: &str) -> AppError {
    AppError::field("/author", FieldCode::NotPossible, words)
}
