//! Refusals in the reader's language, by their code.
//!
//! Invariant: the server's own English sentence is never shown, so nobody reads half a page in
//! another language.

use api_types::error::{ErrorCode, FieldCode, FieldError};

use crate::{
    api::{self, Failure},
    captcha,
    i18n::{Words, words},
};

words! {
    UNREACHABLE: "The server cannot be reached. What you wrote is kept: try again in a moment.", "Le serveur est injoignable. Votre texte est conservé : réessayez dans un instant.";
    SIGNED_OUT: "Your session has ended. Sign in again.", "Votre session est terminée. Reconnectez-vous.";
    WRONG_CREDENTIALS: "This address and password do not match.", "Cette adresse et ce mot de passe ne correspondent pas.";
    FORBIDDEN: "You are not allowed to do this.", "Vous n’avez pas le droit de faire cela.";
    NOT_FOUND: "This does not exist, or is not yours to see.", "Ceci n’existe pas ou ne vous est pas accessible.";
    ALREADY_RESOLVED: "This ticket is resolved, and that is final.", "Ce ticket est résolu, et c’est définitif.";
    NO_TEAM_REPLY: "The team has to reply before a ticket can be resolved.", "L’équipe doit répondre avant qu’un ticket puisse être résolu.";
    NOT_RESOLVED: "Only a resolved ticket can be followed up.", "Seul un ticket résolu peut avoir une suite.";
    NOT_ARCHIVABLE: "Only a resolved ticket can be archived.", "Seul un ticket résolu peut être archivé.";
    SLUG_TAKEN: "This address belongs to something else. Choose another.", "Cette adresse est déjà prise. Choisissez-en une autre.";
    TEXT_CHANGED: "Somebody else has saved a newer version. What you wrote is kept here.", "Quelqu’un a enregistré une version plus récente. Votre texte est conservé ici.";
    ANSWER_SETTLED: "This draft has been sent, dropped or overtaken.", "Ce brouillon a été envoyé, écarté ou dépassé.";
    NEWER_COMMENTS: "Somebody wrote on this ticket meanwhile. Read it first, then send again.", "Quelqu’un a écrit sur ce ticket entre-temps. Lisez d’abord, puis renvoyez.";
    LAST_ADMIN: "At least one active admin has to remain.", "Il doit rester au moins un administrateur actif.";
    LINK_EXPIRED: "This link has been used or has expired. Ask for a new one.", "Ce lien a déjà servi ou a expiré. Demandez-en un nouveau.";
    TOO_LARGE: "This is too long to send.", "C’est trop long pour être envoyé.";
    RIDDLE: "Your browser could not show that you are not a program. Reload the page and try again.", "Votre navigateur n’a pas pu montrer que vous n’êtes pas un programme. Rechargez la page et réessayez.";
    INVALID: "Some fields need your attention.", "Certains champs sont à revoir.";
    TOO_MANY: "Too many attempts. Wait a little and try again.", "Trop de tentatives. Patientez un peu et réessayez.";
    UNAVAILABLE: "The service is busy. Try again in a moment.", "Le service est occupé. Réessayez dans un instant.";
    BROKEN: "Something went wrong on our side. Try again.", "Une erreur est survenue de notre côté. Réessayez.";

    REQUIRED: "Fill in this field.", "Remplissez ce champ.";
    TOO_SHORT: "At least {} characters.", "Au moins {} caractères.";
    TOO_LONG: "At most {} characters.", "Au plus {} caractères.";
    FORBIDDEN_CHARACTER: "This holds a character that is not accepted here.", "Ce texte contient un caractère refusé ici.";
    NOT_AN_EMAIL: "This is not an email address.", "Ce n’est pas une adresse e-mail.";
    COMMON_PASSWORD: "Everybody guesses this password first. Choose another.", "Tout le monde devine ce mot de passe. Choisissez-en un autre.";
    WRONG_PASSWORD: "This is not your current password.", "Ce n’est pas votre mot de passe actuel.";
    NOT_POSSIBLE: "This is not possible here.", "Ce n’est pas possible ici.";
}

/// Why a call failed and what to do.
pub fn explain(failure: &Failure) -> Words {
    let Some(code) = failure.code() else {
        return UNREACHABLE;
    };
    if api::asks_riddle(Some(failure)) {
        return captcha::what_to_do().unwrap_or(RIDDLE);
    }
    match code {
        ErrorCode::Unauthenticated => SIGNED_OUT,
        ErrorCode::WrongCredentials => WRONG_CREDENTIALS,
        ErrorCode::Forbidden => FORBIDDEN,
        ErrorCode::NotFound => NOT_FOUND,
        ErrorCode::AlreadyResolved => ALREADY_RESOLVED,
        ErrorCode::NoTeamReply => NO_TEAM_REPLY,
        ErrorCode::NotResolved => NOT_RESOLVED,
        ErrorCode::NotArchivable => NOT_ARCHIVABLE,
        ErrorCode::SlugTaken => SLUG_TAKEN,
        ErrorCode::TextChanged => TEXT_CHANGED,
        ErrorCode::AnswerSettled => ANSWER_SETTLED,
        ErrorCode::NewerComments => NEWER_COMMENTS,
        ErrorCode::LastAdmin => LAST_ADMIN,
        ErrorCode::LinkExpired => LINK_EXPIRED,
        ErrorCode::TooLarge => TOO_LARGE,
        ErrorCode::Invalid => INVALID,
        ErrorCode::TooManyRequests => TOO_MANY,
        ErrorCode::Unavailable | ErrorCode::RequestUnderWay => UNAVAILABLE,
        // The page never sends these, so seeing one is our mistake.
        ErrorCode::Malformed
        | ErrorCode::MethodNotAllowed
        | ErrorCode::MissingScope
        | ErrorCode::IdTaken
        | ErrorCode::Changed
        // Its button is not there then.
        | ErrorCode::WebhookDisabled
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::IdempotencyKeyReused
        | ErrorCode::Internal => BROKEN,
    }
}

/// What is wrong with one field; follows the language.
pub fn explain_field(error: &FieldError) -> String {
    let words = match error.code {
        FieldCode::Required => REQUIRED,
        FieldCode::TooShort => TOO_SHORT,
        FieldCode::TooLong => TOO_LONG,
        FieldCode::ForbiddenCharacter => FORBIDDEN_CHARACTER,
        FieldCode::NotAnEmail => NOT_AN_EMAIL,
        FieldCode::CommonPassword => COMMON_PASSWORD,
        FieldCode::WrongPassword => WRONG_PASSWORD,
        FieldCode::UnknownField | FieldCode::WrongType | FieldCode::NotPossible => NOT_POSSIBLE,
    };
    // A rule about length says its number in the server's sentence.
    let number: String = error.message.chars().filter(char::is_ascii_digit).collect();
    words.with(&number)
}
