//! The sentences about mails.

use crate::i18n::{Counted, Words, words};

words! {
    MAILS: "Mails", "E-mails";
    MAILS_LEAD: "What Waggle wrote to people. A mail that the mail server does not take is tried again for a day, then given up.", "Ce que Waggle a écrit. Un e-mail que le serveur de messagerie ne prend pas est retenté pendant un jour, puis abandonné.";
    STATE_FILTER: "Filter by state", "Filtrer par état";
    ANY_STATE: "Every state", "Tous les états";
    TO: "To", "À";
    ABOUT: "About", "Objet";
    STATE: "State", "État";
    WRITTEN: "Written", "Écrit";
    TICKET: "ticket", "ticket";

    QUEUED: "Waiting", "En attente";
    SENT: "Sent", "Envoyé";
    SKIPPED: "Not needed", "Sans objet";
    DEAD: "Given up", "Abandonné";
    SOME_GIVEN_UP: "some were given up", "certains abandonnés";

    REGISTER: "Confirm an address", "Confirmation d’une adresse";
    SIGN_IN: "Sign-in link", "Lien de connexion";
    RESET: "New password", "Nouveau mot de passe";
    CONFIRM_TICKET: "Confirm a ticket", "Confirmation d’un ticket";
    TICKET_OPENED: "Ticket opened", "Ouverture d’un ticket";
    ADDRESS_CHANGED: "Account moved elsewhere", "Compte rattaché ailleurs";
    WEBHOOK_DISABLED: "Webhook switched off", "Webhook désactivé";
    NOTIFICATION: "News on a ticket", "Nouvelles d’un ticket";

    RESEND: "Send again", "Renvoyer";
    RESEND_TO: "Send again to {}", "Renvoyer à {}";
    RESENT: "The mail to {} is on its way again.", "L’e-mail à {} est de nouveau en route.";

    NO_MAILS: "No mails yet", "Aucun e-mail pour l’instant";
    NO_MAILS_HINT: "They appear here as soon as Waggle writes to somebody.", "Ils apparaissent ici dès que Waggle écrit à quelqu’un.";
    NONE_FOUND: "No mail is in this state", "Aucun e-mail dans cet état";
}

pub const TRIES: Counted =
    Counted { one: Words { en: "{} try", fr: "{} essai" }, other: Words { en: "{} tries", fr: "{} essais" } };
