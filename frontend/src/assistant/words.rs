//! The sentences about the assistant.

use crate::i18n::words;

words! {
    CAVEAT: "The assistant answers from the help pages and can be wrong.", "L’assistant répond à partir des pages d’aide et peut se tromper.";
    SOURCES: "Sources", "Sources";
    NEAREST: "Nearest pages", "Pages les plus proches";
    NOT_COVERED: "Not in the documentation", "Absent de la documentation";
    HELPED: "This helped", "Cela m’a aidé";
    THANKS: "Thank you. You said that this helped.", "Merci. Vous avez dit que cela vous a aidé.";
    IT_HELPED: "The customer said that this helped.", "Le client a dit que cela l’a aidé.";
    NEED_PERSON: "I need a person", "J’ai besoin d’une personne";
    PERSON_ASKED: "The team knows that you would like a person. The assistant stays silent here.", "L’équipe sait que vous souhaitez une personne. L’assistant se tait ici.";
    PERSON_WANTED: "Wants a person", "Demande une personne";
    PERSON_WANTED_FILTER: "Wants a person", "Demande une personne";
    WRITING: "The assistant is writing…", "L’assistant écrit…";

    ASSISTANT: "Assistant", "Assistant";
    MODE_OF_DESK: "As for the whole desk", "Comme pour tout le support";
    MODE_OFF: "Off", "Désactivé";
    MODE_DRAFT: "Writes drafts for the team", "Écrit des brouillons pour l’équipe";
    MODE_AUTO: "Answers at once", "Répond aussitôt";
    MUTED_BY_TEAM: "Silent since the team answered.", "Silencieux depuis la réponse de l’équipe.";
    MUTED_BY_CREATOR: "Silent: the customer asked for a person.", "Silencieux : le client a demandé une personne.";
    UNMUTE: "Let it speak again", "Le laisser répondre";
    MUTE: "Silence it here", "Le faire taire ici";
    STEERED: "Assistant: {}.", "Assistant : {}.";
    NOW_MUTED: "The assistant is silent on this ticket.", "L’assistant se tait sur ce ticket.";
    NOW_UNMUTED: "The assistant answers on this ticket again.", "L’assistant répond de nouveau sur ce ticket.";

    DRAFT: "Draft by the assistant", "Brouillon de l’assistant";
    DRAFT_HINT: "only the team sees this", "visible par l’équipe seulement";
    SEND: "Send", "Envoyer";
    EDIT: "Edit", "Modifier";
    DROP: "Drop", "Écarter";
    SENT: "Sent in the assistant’s name.", "Envoyé au nom de l’assistant.";
    DROPPED: "The draft is dropped.", "Le brouillon est écarté.";

    ANSWERS: "Answers", "Réponses";
    ANSWERS_LEAD: "What the assistant answered, from what, and how it was checked.", "Ce que l’assistant a répondu, à partir de quoi, et comment cela a été vérifié.";
    STATE_FILTER: "Filter by state", "Filtrer par état";
    ANY_STATE: "Every state", "Tous les états";
    DRAFTED: "Waits for the team", "Attend l’équipe";
    PUBLISHED: "Published", "Publiée";
    EDITED: "Sent in other words", "Envoyée reformulée";
    DROPPED_ONE: "Dropped", "Écartée";
    DISCARDED: "Discarded", "Abandonnée";
    FAILED: "Failed", "Échouée";
    ANSWERED: "Answered", "Répondu";
    NO_ANSWERS: "No answers yet", "Aucune réponse pour l’instant";
    NO_ANSWERS_HINT: "Each time the assistant works on a ticket, it leaves an entry here.", "Chaque fois que l’assistant travaille sur un ticket, il laisse une entrée ici.";
    NONE_FOUND: "No answer is in this state", "Aucune réponse dans cet état";
    MODEL: "Model", "Modèle";
    NO_MODEL: "None: quotes only", "Aucun : citations seules";
    CHECKED: "Checked", "Vérification";
    SUPPORTED: "sentences supported by a quote", "phrases appuyées par une citation";
    TOKENS: "Tokens", "Jetons";
    TOOK: "Took", "Durée";
    FEEDBACK: "Feedback", "Avis";
    FEEDBACK_GOOD: "It helped", "Cela a aidé";
    FEEDBACK_BAD: "It did not help", "Cela n’a pas aidé";
    FEEDBACK_NONE: "None", "Aucun";
    REASON: "Reason", "Raison";
    PASSAGES: "Passages found", "Passages trouvés";
    NO_PASSAGES: "None", "Aucun";
    PROMPT: "Prompt", "Invite";
    TICKET: "Ticket", "Ticket";
}
