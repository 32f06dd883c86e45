//! The sentences about notifications.

use crate::i18n::{Counted, Words, words};

words! {
    NOTIFICATIONS: "Notifications", "Notifications";
    READ_ALL: "Mark all read", "Tout marquer comme lu";
    UNREAD: "Unread", "Non lu";
    NOTHING: "You are up to date", "Vous êtes à jour";
    NOTHING_HINT: "What happens on your tickets is told here.", "Ce qui se passe sur vos tickets s’affiche ici.";
    SOMEBODY: "Somebody", "Quelqu’un";

    RESPONSE: "{} replied", "{} a répondu";
    RESOLUTION_PROPOSED: "{} thinks this is settled", "{} pense que c’est réglé";
    CUSTOMER_COMMENT: "{} wrote", "{} a écrit";
    ASSIGNED: "{} gave you this ticket", "{} vous a confié ce ticket";
    RESOLVED: "{} marked this as resolved", "{} a marqué ce ticket comme résolu";
    EXPORT_READY: "Your data is ready to download", "Vos données sont prêtes à télécharger";
    EXPORT_READY_OF: "The data of {} is ready to download", "Les données de {} sont prêtes à télécharger";
    TICKET_CREATED: "{} opened a ticket", "{} a ouvert un ticket";
    PERSON_WANTED: "{} asks for a person", "{} demande une personne";
    SLA_WARNING: "The {} is due soon", "{} : échéance proche";
    SLA_BREACH: "The {} is overdue", "{} : délai dépassé";
    FIRST_RESPONSE: "first response", "Première réponse";
    NEXT_RESPONSE: "next response", "Prochaine réponse";
    RESOLUTION: "resolution", "Résolution";
    TICKET_MOVED: "{} moved a ticket to your department", "{} a transféré un ticket à votre service";
    PREFERENCES: "Choose what to be told", "Choisir ses notifications";
}

pub const UNREAD_COUNT: Counted = Counted {
    one: Words { en: "{} unread notification", fr: "{} notification non lue" },
    other: Words { en: "{} unread notifications", fr: "{} notifications non lues" },
};
