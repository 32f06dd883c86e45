//! Mails that carry a link and nothing else.
//!
//! Invariant: no mail to an unconfirmed address holds text that a visitor wrote, not even a name.

use api_types::{
    mails::MailKind,
    people::{Locale, PersonId},
};
use askama::Template;
use db::{
    AsyncPgConnection,
    schema::{pending_tickets, people, registrations},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    layout::{self, Slots},
    outbox::{MailRow, To},
};
use crate::{
    auth::{
        links::{self, Link, Purpose},
        throttle::{self, FIRST_MAIL},
    },
    error::{AppError, Result},
    exports,
    outside::mail::Mail,
    state::State,
};

/// What a mail with a link says, in one language.
pub struct Words {
    pub subject: &'static str,
    pub greeting: &'static str,
    pub lead: &'static str,
    pub button: &'static str,
    pub or_code: &'static str,
    pub expiry: &'static str,
    pub not_you: &'static str,
}

#[derive(Template)]
#[template(path = "mails/link.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words,
    url: &'a str,
    code: Option<&'a str>,
    home: &'a str,
}

#[derive(Template)]
#[template(path = "mails/link.html")]
struct Before<'a> {
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "mails/link_after.html")]
struct After<'a> {
    words: &'a Words,
    code: Option<&'a str>,
}

/// What one mail is about. Somebody who registers with an address that has an account is told so, and
/// signed in by the link instead: nobody else learns of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Confirm,
    ConfirmMove,
    AlreadyRegistered,
    ConfirmTicket,
    SignIn,
    Ticket,
    /// Opened by a program, in the name of somebody who may know nothing of it.
    Opened,
    Reset,
    Moved,
    ExportReady,
}

/// Somebody with a link to follow.
struct Invited {
    email: String,
    locale: Locale,
    subject: Subject,
    purpose: Purpose,
    owner: To,
}

/// Writes the mail, with secrets made for it. Nothing when its address is not to be written to any more.
pub async fn compose(
    state: &State,
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    row: &MailRow,
) -> Result<Option<Mail>> {
    let invited = match (row.person_id, row.registration_id, row.pending_ticket_id) {
        (Some(person), ..) => of_person(conn, row, person).await?,
        (_, Some(registration), _) => {
            let found = registrations::table
                .find(registration)
                .select(((registrations::email, registrations::locale), registrations::person_id.is_not_null()))
                .first::<((String, Locale), bool)>(conn)
                .await
                .optional()?;
            let moves = matches!(found, Some((_, true)));
            let subject = if moves { Subject::ConfirmMove } else { Subject::Confirm };
            let confirm = (subject, Purpose::Register, To::Registration(registration));
            let known = Some((Subject::AlreadyRegistered, Purpose::SignIn));
            of_address(conn, found.map(|(found, _)| found), confirm, known).await?
        }
        (.., Some(visitor)) => {
            let found = pending_tickets::table
                .find(visitor)
                .select((pending_tickets::email, pending_tickets::locale))
                .first::<(String, Locale)>(conn)
                .await
                .optional()?;
            let confirm = (Subject::ConfirmTicket, Purpose::ConfirmTicket, To::Visitor(visitor));
            of_address(conn, found, confirm, None).await?
        }
        (None, None, None) => None,
    };
    let Some(Invited { email, locale, subject, purpose, owner }) = invited else {
        return Ok(None);
    };
    let Link { token, code } = links::make(conn, now, row.id, purpose, owner, row.ticket_id).await?;
    let path = if subject == Subject::Reset { "reset" } else { "verify" };
    // A fragment stays in the browser: it is in no log and no Referer.
    let url = format!("{}/{path}#token={token}", state.public_url);
    let mut mail = write(state, email, words(subject, locale), locale, &url, code.as_deref())?;
    mail.thread = row.ticket_id.map(|ticket| format!("ticket-{ticket}"));
    Ok(Some(mail))
}

/// Tells somebody, whose address nobody has shown to be theirs, that there is a ticket of theirs, and nothing of what it
/// says. Nothing when they were told of one today.
pub async fn compose_first(
    state: &State,
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    row: &MailRow,
    person: PersonId,
    email: String,
    locale: Locale,
) -> Result<Option<Mail>> {
    // Sending it again is no second mail.
    if row.attempts == 1 && throttle::count(conn, now, FIRST_MAIL, &email).await?.is_some() {
        return Ok(None);
    }
    let link = links::make(conn, now, row.id, Purpose::Ticket, To::Person(person), row.ticket_id).await?;
    let url = format!("{}/verify#token={}", state.public_url, link.token);
    write(state, email, words(Subject::Opened, locale), locale, &url, None).map(Some)
}

/// Tells the address that an account had before that it has moved, and not where to.
pub async fn compose_farewell(state: &State, conn: &mut AsyncPgConnection, row: &MailRow) -> Result<Option<Mail>> {
    let found = registrations::table
        .filter(registrations::id.nullable().eq(row.registration_id))
        .select((registrations::email, registrations::locale))
        .first::<(String, Locale)>(conn)
        .await
        .optional()?;
    let Some((email, locale)) = found else {
        return Ok(None);
    };
    write(state, email, words(Subject::Moved, locale), locale, &state.public_url, None).map(Some)
}

/// Tells whoever has asked for somebody's data that it is ready, and nothing of it.
pub async fn compose_export(state: &State, conn: &mut AsyncPgConnection, row: &MailRow) -> Result<Option<Mail>> {
    let found = people::table
        .filter(people::id.nullable().eq(row.person_id))
        .filter(people::disabled_at.is_null())
        .select((people::id, people::email, people::locale))
        .first::<(PersonId, String, Locale)>(conn)
        .await
        .optional()?;
    let Some((id, email, locale)) = found else {
        return Ok(None);
    };
    let page = match exports::last_asked_for(conn, id).await? {
        Some(other) if other != id => format!("admin/people?data={other}"),
        _ => "account#data".to_owned(),
    };
    let url = format!("{}/{page}", state.public_url);
    write(state, email, words(Subject::ExportReady, locale), locale, &url, None).map(Some)
}

/// Writes a mail around one link.
pub fn write(state: &State, to: String, words: Words, locale: Locale, url: &str, code: Option<&str>) -> Result<Mail> {
    let home = state.public_url.as_str();
    let text = Text { words: &words, url, code, home }.render().map_err(AppError::internal)?;
    let html = layout::page(&Slots {
        lang: locale.as_str(),
        title: words.subject,
        before: &Before { words: &words }.render().map_err(AppError::internal)?,
        url,
        button: words.button,
        after: &After { words: &words, code }.render().map_err(AppError::internal)?,
        home,
    })?;
    Ok(Mail { to, subject: words.subject.to_owned(), text, html, thread: None, preferences: None })
}

async fn of_person(conn: &mut AsyncPgConnection, row: &MailRow, id: PersonId) -> Result<Option<Invited>> {
    let found = people::table
        .find(id)
        .filter(people::disabled_at.is_null())
        .select((people::email, people::locale))
        .first::<(String, Locale)>(conn)
        .await
        .optional()?;
    let (subject, purpose) = match (row.kind, row.ticket_id) {
        (MailKind::Reset, _) => (Subject::Reset, Purpose::Reset),
        (_, Some(_)) => (Subject::Ticket, Purpose::Ticket),
        _ => (Subject::SignIn, Purpose::SignIn),
    };
    Ok(found.map(|(email, locale)| Invited { email, locale, subject, purpose, owner: To::Person(id) }))
}

/// Somebody who has not confirmed the address. If it has an account, the account's language is the mail's, and
/// `known` takes the place of what was asked for.
async fn of_address(
    conn: &mut AsyncPgConnection,
    found: Option<(String, Locale)>,
    (subject, purpose, owner): (Subject, Purpose, To),
    known: Option<(Subject, Purpose)>,
) -> Result<Option<Invited>> {
    let Some((email, asked)) = found else {
        return Ok(None);
    };
    let account = people::table
        .filter(people::email.eq(&email))
        .select((people::id, people::locale, people::disabled_at.is_not_null()))
        .first::<(PersonId, Locale, bool)>(conn)
        .await
        .optional()?;
    Ok(match (account, known) {
        (Some((_, _, true)), _) => None,
        (Some((person, locale, _)), Some((subject, purpose))) => {
            Some(Invited { email, locale, subject, purpose, owner: To::Person(person) })
        }
        (account, _) => {
            let locale = account.map_or(asked, |(_, locale, _)| locale);
            Some(Invited { email, locale, subject, purpose, owner })
        }
    })
}

fn words(subject: Subject, locale: Locale) -> Words {
    match (locale, subject) {
        (Locale::English, Subject::Confirm) => Words {
            subject: "Confirm your email address",
            lead: "Somebody asked for an account at our support desk with this address. Confirm the address to start using it.",
            button: "Confirm this address",
            expiry: "The link works once, within 24 hours.",
            ..english()
        },
        (Locale::English, Subject::ConfirmMove) => Words {
            subject: "Confirm your new address",
            lead: "Somebody wants to move their account at our support desk to this address. Open this link in the browser where it was asked for, or type the code there.",
            button: "Confirm this address",
            expiry: "The link works once, within 24 hours.",
            ..english()
        },
        (Locale::English, Subject::AlreadyRegistered) => Words {
            subject: "You already have an account",
            lead: "Somebody asked for an account at our support desk with this address, which has one already. This link signs you in.",
            button: "Sign in",
            ..english()
        },
        (Locale::English, Subject::ConfirmTicket) => Words {
            subject: "Confirm your request",
            lead: "Somebody asked our support desk for help with this address. Confirm the address, and the team sees the request.",
            button: "Confirm and open the request",
            expiry: "The link works once, within 7 days.",
            ..english()
        },
        (Locale::English, Subject::Ticket) => Words {
            subject: "A new link to your ticket",
            lead: "Open this link to read your ticket and to reply.",
            button: "Open the ticket",
            expiry: "The link works once, within 7 days.",
            ..english()
        },
        (Locale::English, Subject::Opened) => Words {
            subject: "A request was opened for you",
            lead: "A request for help was opened in your name at our support desk. Open this link to read it, to see what the team answers, and to reply.",
            button: "Open the request",
            expiry: "The link works once, within 7 days.",
            ..english()
        },
        (Locale::English, Subject::SignIn) => Words {
            subject: "Your sign-in link",
            lead: "Open this link to sign in to our support desk.",
            button: "Sign in",
            ..english()
        },
        (Locale::English, Subject::Reset) => Words {
            subject: "Choose a new password",
            lead: "Open this link to choose a new password for our support desk. You will be signed out everywhere.",
            button: "Choose a new password",
            expiry: "The link works once, within one hour.",
            ..english()
        },
        (Locale::English, Subject::Moved) => Words {
            subject: "Your account has another address",
            lead: "Your account at our support desk was moved to another email address. Mails no longer come here, and links that were sent here no longer work.",
            button: "Open the support desk",
            expiry: "",
            not_you: "If it was not you, tell the team at once.",
            ..english()
        },
        (Locale::English, Subject::ExportReady) => Words {
            subject: "The data that you asked for is ready",
            lead: "The file with the data that you asked for at our support desk is ready. Sign in to fetch it within 7 days.",
            button: "Fetch the file",
            expiry: "",
            not_you: "If you did not ask for it, change your password and tell the team.",
            ..english()
        },
        (Locale::French, Subject::ExportReady) => Words {
            subject: "Les données demandées sont prêtes",
            lead: "Le fichier des données que vous avez demandées à notre service d’assistance est prêt. Connectez-vous pour le récupérer dans les 7 jours.",
            button: "Récupérer le fichier",
            expiry: "",
            not_you: "Si vous ne l’avez pas demandé, changez votre mot de passe et prévenez l’équipe.",
            ..french()
        },
        (Locale::French, Subject::Confirm) => Words {
            subject: "Confirmez votre adresse e-mail",
            lead: "Quelqu’un a demandé un compte à notre service d’assistance avec cette adresse. Confirmez-la pour commencer.",
            button: "Confirmer cette adresse",
            expiry: "Le lien fonctionne une seule fois, pendant 24 heures.",
            ..french()
        },
        (Locale::French, Subject::ConfirmMove) => Words {
            subject: "Confirmez votre nouvelle adresse",
            lead: "Quelqu’un veut rattacher son compte à notre service d’assistance à cette adresse. Ouvrez ce lien dans le navigateur où la demande a été faite, ou saisissez-y le code.",
            button: "Confirmer cette adresse",
            expiry: "Le lien fonctionne une seule fois, pendant 24 heures.",
            ..french()
        },
        (Locale::French, Subject::AlreadyRegistered) => Words {
            subject: "Vous avez déjà un compte",
            lead: "Quelqu’un a demandé un compte à notre service d’assistance avec cette adresse, qui en a déjà un. Ce lien vous connecte.",
            button: "Se connecter",
            ..french()
        },
        (Locale::French, Subject::ConfirmTicket) => Words {
            subject: "Confirmez votre demande",
            lead: "Quelqu’un a demandé de l’aide à notre service d’assistance avec cette adresse. Confirmez-la pour que l’équipe voie la demande.",
            button: "Confirmer et ouvrir la demande",
            expiry: "Le lien fonctionne une seule fois, pendant 7 jours.",
            ..french()
        },
        (Locale::French, Subject::Ticket) => Words {
            subject: "Un nouveau lien vers votre ticket",
            lead: "Ouvrez ce lien pour lire votre ticket et y répondre.",
            button: "Ouvrir le ticket",
            expiry: "Le lien fonctionne une seule fois, pendant 7 jours.",
            ..french()
        },
        (Locale::French, Subject::Opened) => Words {
            subject: "Une demande a été ouverte pour vous",
            lead: "Une demande d’aide a été ouverte à votre nom auprès de notre service d’assistance. Ouvrez ce lien pour la lire, voir ce que l’équipe répond et y répondre.",
            button: "Ouvrir la demande",
            expiry: "Le lien fonctionne une seule fois, pendant 7 jours.",
            ..french()
        },
        (Locale::French, Subject::SignIn) => Words {
            subject: "Votre lien de connexion",
            lead: "Ouvrez ce lien pour vous connecter à notre service d’assistance.",
            button: "Se connecter",
            ..french()
        },
        (Locale::French, Subject::Reset) => Words {
            subject: "Choisissez un nouveau mot de passe",
            lead: "Ouvrez ce lien pour choisir un nouveau mot de passe. Vous serez déconnecté partout.",
            button: "Choisir un nouveau mot de passe",
            expiry: "Le lien fonctionne une seule fois, pendant une heure.",
            ..french()
        },
        (Locale::French, Subject::Moved) => Words {
            subject: "Votre compte a une autre adresse",
            lead: "Votre compte à notre service d’assistance a été rattaché à une autre adresse e-mail. Vous ne recevrez plus de messages ici, et les liens envoyés ici ne fonctionnent plus.",
            button: "Ouvrir le service d’assistance",
            expiry: "",
            not_you: "Si ce n’était pas vous, prévenez l’équipe sans attendre.",
            ..french()
        },
    }
}

pub fn english() -> Words {
    Words {
        subject: "",
        greeting: "Hello,",
        lead: "",
        button: "",
        or_code: "Or type this code on the page that asks for it:",
        expiry: "The link works once, within 30 minutes.",
        not_you: "If it was not you, ignore this mail: nothing happens without the link.",
    }
}

pub fn french() -> Words {
    Words {
        subject: "",
        greeting: "Bonjour,",
        lead: "",
        button: "",
        or_code: "Ou saisissez ce code sur la page qui le demande :",
        expiry: "Le lien fonctionne une seule fois, pendant 30 minutes.",
        not_you: "Si ce n’était pas vous, ignorez ce message : rien ne se passe sans le lien.",
    }
}
