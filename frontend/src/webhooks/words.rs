//! The sentences about webhooks.

use crate::i18n::{Counted, Words, words};

words! {
    WEBHOOKS: "Webhooks", "Webhooks";
    WEBHOOKS_LEAD: "Addresses of your programs that are told what happens here, each message signed.", "Des adresses de vos programmes, informées de ce qui se passe ici ; chaque message est signé.";
    NONE_YET: "No program is told anything yet.", "Aucun programme n’est informé pour l’instant.";
    ADD: "Add a webhook", "Ajouter un webhook";
    ALL_WEBHOOKS: "All webhooks", "Tous les webhooks";
    OPEN: "Open {}", "Ouvrir {}";

    ADDRESS: "Address", "Adresse";
    ADDRESS_HINT: "On the public internet. Messages come as POST requests.", "Sur l’internet public. Les messages arrivent en requêtes POST.";
    ADDRESS_WRONG: "It takes an address that begins with https:// and leads to the public internet, without a user name or password.", "Il faut une adresse qui commence par https:// et mène à l’internet public, sans nom d’utilisateur ni mot de passe.";
    DESCRIPTION: "What it is for", "À quoi il sert";
    ALL: "Tell it everything", "Tout lui dire";
    ALL_HINT: "Also what later versions add.", "Y compris ce que les prochaines versions ajouteront.";
    EVENTS: "Events", "Événements";
    ADDED: "The webhook is added.", "Le webhook est ajouté.";
    TOO_MANY: "At most 50 webhooks. Remove one first.", "50 webhooks au plus. Supprimez-en un d’abord.";

    NOTHING_TOLD: "Nothing told yet", "Rien envoyé";
    TAKEN: "Taken", "Accepté";
    WAITING: "Waiting", "En attente";
    GIVEN_UP: "Given up", "Abandonné";
    FAILING: "Failing", "En échec";
    OFF: "Off", "Désactivé";
    OFF_BY_ADMIN: "An admin switched it off. It is told nothing.", "Un administrateur l’a désactivé. Il ne reçoit rien.";
    OFF_GONE: "It answered that it is gone (410), so it was switched off.", "Il a répondu qu’il n’existe plus (410) : il a été désactivé.";
    OFF_FAILING: "It took nothing for three days, so it was switched off.", "Il n’a rien accepté pendant trois jours : il a été désactivé.";
    SWITCH_ON: "Switch on", "Activer";
    SWITCH_OFF: "Switch off", "Désactiver";

    MESSAGES: "Messages", "Messages";
    MESSAGES_LEAD: "What it was told in the last 30 days. What it does not take is tried again for three days.", "Ce qui lui a été envoyé ces 30 derniers jours. Ce qu’il n’accepte pas est retenté pendant trois jours.";
    NO_MESSAGES: "No message yet.", "Aucun message pour l’instant.";
    TEST: "Send a test", "Envoyer un test";
    TESTED: "The test is on its way.", "Le test est en route.";
    AGAIN: "Send again", "Renvoyer";
    AGAIN_DONE: "The message is on its way again.", "Le message est de nouveau en route.";
    NEXT: "Next try:", "Prochain essai :";
    REFRESH: "Refresh", "Actualiser";

    TIMED_OUT: "no answer within 10 seconds", "pas de réponse en 10 secondes";
    UNKNOWN_HOST: "unknown host", "hôte inconnu";
    FORBIDDEN: "not a public address", "adresse non publique";
    NO_CONNECTION: "no connection", "connexion impossible";
    TLS: "TLS failed", "échec TLS";
    NO_ANSWER: "no valid answer", "pas de réponse valable";

    SECRET_ONCE: "Copy the secret now: it is not shown again. Your program checks each message’s signature with it.", "Copiez le secret maintenant : il ne sera plus affiché. Votre programme s’en sert pour vérifier la signature de chaque message.";
    BOTH_SIGN: "The secret before signs as well until", "Le secret précédent signe aussi jusqu’au";
    NEW_SECRET: "New secret", "Nouveau secret";
    NEW_SECRET_WHAT: "For 24 hours both secrets sign, so that your program can change over. After that, the one it knows now is good no longer.", "Pendant 24 heures, les deux secrets signent, le temps que votre programme change. Ensuite, celui qu’il connaît ne vaudra plus rien.";
    MAKE: "Make a new one", "En créer un autre";
    REMOVE: "Remove", "Supprimer";
    REMOVE_TITLE: "Remove this webhook?", "Supprimer ce webhook ?";
    REMOVE_WHAT: "It is told nothing more, and its messages are forgotten.", "Il ne recevra plus rien, et ses messages seront oubliés.";
    REMOVED: "The webhook is removed.", "Le webhook est supprimé.";
    VERIFY: "How to check a message", "Vérifier un message";
    VERIFY_LEAD: "Messages are signed as Standard Webhooks says, for which there are libraries in many languages. The secret is shown once the webhook is added.", "Les messages sont signés selon Standard Webhooks, qui a des bibliothèques dans de nombreux langages. Le secret s’affiche une fois le webhook ajouté.";
}

pub const TRIES: Counted =
    Counted { one: Words { en: "{} try", fr: "{} essai" }, other: Words { en: "{} tries", fr: "{} essais" } };

/// Why one is off.
pub fn off_because(word: &str) -> Words {
    match word {
        "gone" => OFF_GONE,
        "failing" => OFF_FAILING,
        _ => OFF_BY_ADMIN,
    }
}

/// What came of an attempt; a class of status stands for itself.
pub fn outcome(word: &str) -> String {
    let words = match word {
        "timed_out" => TIMED_OUT,
        "unknown_host" => UNKNOWN_HOST,
        "forbidden_address" => FORBIDDEN,
        "no_connection" => NO_CONNECTION,
        "tls_failed" => TLS,
        "no_answer" => NO_ANSWER,
        status => return status.to_owned(),
    };
    words.get().to_owned()
}

/// What an admin can choose to be told of, by the API's names.
pub const EVENT_WORDS: [(&str, Words); 19] = [
    ("ticket.created", Words { en: "Ticket opened", fr: "Ticket ouvert" }),
    ("comment.created", Words { en: "Comment written", fr: "Commentaire écrit" }),
    ("ticket.assigned", Words { en: "Ticket assigned", fr: "Ticket attribué" }),
    (
        "ticket.staged",
        Words { en: "Ticket taken up, handed back or parked", fr: "Ticket pris, rendu ou mis en attente" },
    ),
    ("ticket.resumed", Words { en: "Parked ticket resumed", fr: "Ticket repris" }),
    ("ticket.prioritised", Words { en: "Priority changed", fr: "Priorité modifiée" }),
    ("ticket.moved", Words { en: "Department changed", fr: "Service modifié" }),
    ("ticket.fields_changed", Words { en: "Custom fields changed", fr: "Champs modifiés" }),
    ("ticket.person_wanted", Words { en: "Person asked for", fr: "Humain demandé" }),
    ("ticket.resolution_proposed", Words { en: "Resolution proposed", fr: "Résolution proposée" }),
    ("ticket.resolved", Words { en: "Ticket resolved", fr: "Ticket résolu" }),
    ("ticket.archived", Words { en: "Ticket archived", fr: "Ticket archivé" }),
    ("ticket.unarchived", Words { en: "Ticket back from the archive", fr: "Ticket sorti des archives" }),
    ("ticket.deleted", Words { en: "Ticket deleted", fr: "Ticket supprimé" }),
    ("comment.rated", Words { en: "Assistant’s answer rated", fr: "Réponse de l’assistant évaluée" }),
    ("sla.warned", Words { en: "SLA target near", fr: "Objectif SLA proche" }),
    ("sla.breached", Words { en: "SLA target missed", fr: "Objectif SLA manqué" }),
    ("person.registered", Words { en: "Account made", fr: "Compte créé" }),
    ("person.changed", Words { en: "Account changed", fr: "Compte modifié" }),
];
