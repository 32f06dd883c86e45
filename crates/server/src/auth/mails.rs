//! The words of the mails that carry a link.
//!
//! Invariant: no mail to an unconfirmed address holds text that a visitor wrote, not even a name.

use api_types::people::Locale;
use askama::Template;

use super::links::Purpose;
use crate::{error::AppError, error::Result, outside::mail::Mail};

/// What a mail with a link says, in one language.
struct Words {
    subject: &'static str,
    greeting: &'static str,
    lead: &'static str,
    button: &'static str,
    or_code: &'static str,
    expiry: &'static str,
    not_you: &'static str,
}

#[derive(Template)]
#[template(path = "auth/mail/link.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words,
    url: &'a str,
    code: Option<&'a str>,
    home: &'a str,
}

#[derive(Template)]
#[template(path = "auth/mail/link.html")]
struct Html<'a> {
    words: &'a Words,
    lang: Locale,
    url: &'a str,
    code: Option<&'a str>,
    home: &'a str,
}

/// What one mail is about. Somebody who registers with an address that has an account is told so, and
/// signed in by the link instead: nobody else learns of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Confirm,
    AlreadyRegistered,
    SignIn,
    Reset,
}

/// Writes a mail with a link. `home` is the desk's public address.
pub fn compose(
    subject: Subject,
    locale: Locale,
    to: &str,
    home: &str,
    token: &str,
    code: Option<&str>,
) -> Result<Mail> {
    let path = match subject {
        Subject::Reset => "reset",
        Subject::Confirm | Subject::AlreadyRegistered | Subject::SignIn => "verify",
    };
    // A fragment stays in the browser: it is in no log and no Referer.
    let url = format!("{home}/{path}#token={token}");
    let words = words(subject, locale);
    let text = Text { words: &words, url: &url, code, home }.render().map_err(AppError::internal)?;
    let html = Html { words: &words, lang: locale, url: &url, code, home }.render().map_err(AppError::internal)?;
    Ok(Mail { to: to.to_owned(), subject: words.subject.to_owned(), text, html })
}

impl From<Purpose> for Subject {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Register => Self::Confirm,
            Purpose::SignIn => Self::SignIn,
            Purpose::Reset => Self::Reset,
        }
    }
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
        (Locale::English, Subject::AlreadyRegistered) => Words {
            subject: "You already have an account",
            lead: "Somebody asked for an account at our support desk with this address, which has one already. This link signs you in.",
            button: "Sign in",
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
        (Locale::French, Subject::Confirm) => Words {
            subject: "Confirmez votre adresse e-mail",
            lead: "Quelqu’un a demandé un compte à notre service d’assistance avec cette adresse. Confirmez-la pour commencer.",
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
    }
}

fn english() -> Words {
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

fn french() -> Words {
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
