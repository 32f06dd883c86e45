//! The sentences of a conversation.

use crate::i18n::{Counted, Words, words};

words! {
    CONVERSATION: "Conversation", "Conversation";
    TEAM: "Team", "Équipe";
    YOU: "You", "Vous";
    AI: "AI", "IA";
    CUSTOMER: "Customer", "Client";
    INTERNAL: "Internal note", "Note interne";
    INTERNAL_HINT: "only the team sees this", "visible par l’équipe seulement";
    REPLY: "Reply", "Réponse";
    NOTE: "Internal note", "Note interne";
    KIND: "What you write", "Ce que vous écrivez";
    YOUR_REPLY: "Your reply", "Votre réponse";
    YOUR_NOTE: "Note for the team", "Note pour l’équipe";
    SEND: "Send", "Envoyer";
    ADD_NOTE: "Add note", "Ajouter la note";
    HINT_MOD: "Ctrl + Enter sends", "Ctrl + Entrée envoie";
    HINT_MAC: "⌘ Enter sends", "⌘ Entrée envoie";
    HINT_ENTER: "Enter sends, Shift + Enter starts a new line", "Entrée envoie, Maj + Entrée va à la ligne";
    SENDING: "Sending…", "Envoi…";
    FAILED: "Not sent.", "Non envoyé.";
    NOT_YET: "It was not confirmed before the page closed.", "L’envoi n’était pas confirmé à la fermeture de la page.";
    RETRY: "Retry", "Réessayer";
    SEND_ANYWAY: "Send anyway", "Envoyer quand même";
    EDIT: "Edit", "Modifier";
}

pub const NEW_BELOW: Counted = Counted {
    one: Words { en: "{} new message", fr: "{} nouveau message" },
    other: Words { en: "{} new messages", fr: "{} nouveaux messages" },
};
