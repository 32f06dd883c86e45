//! The sentences about tickets.

use crate::i18n::{Counted, Words, words};

words! {
    SUPPORT: "Support", "Assistance";
    DESK: "Desk", "Bureau";
    OPEN: "Open", "Ouverts";
    OPEN_HINT: "Waiting to be processed", "En attente de traitement";
    OPEN_ONE: "Open", "Ouvert";
    IN_PROGRESS: "In progress", "En cours";
    IN_PROGRESS_HINT: "Handled by the team", "Traités par l’équipe";
    RESOLVED: "Resolved", "Résolus";
    RESOLVED_HINT: "Closed and processed", "Clos et traités";
    RESOLVED_ONE: "Resolved", "Résolu";
    CARDS: "Tickets by status", "Tickets par état";
    TICKETS: "Tickets", "Tickets";
    NEW: "New", "Nouveau";
    WORKING: "Working", "En traitement";
    WAITING_CUSTOMER: "Waiting for customer", "Attente du client";
    ON_HOLD: "On hold", "En pause";
    YOUR_TURN: "Your turn", "À vous";
    LOW: "Low", "Basse";
    MEDIUM: "Medium", "Moyenne";
    HIGH: "High", "Haute";

    SEARCH: "Search tickets", "Rechercher un ticket";
    FILTERS: "Filter the queue", "Filtrer la file";
    STAGE_FILTER: "Filter by stage", "Filtrer par étape";
    ASSIGNEE_FILTER: "Filter by assignee", "Filtrer par responsable";
    PRIORITY_FILTER: "Filter by priority", "Filtrer par priorité";
    ANY_STAGE: "Every stage", "Toutes les étapes";
    ANYBODY: "Everybody", "Tout le monde";
    ANY_PRIORITY: "Every priority", "Toutes les priorités";
    NOBODY: "Unassigned", "Non attribué";
    ARCHIVED: "Archived", "Archivés";
    ARCHIVED_ONE: "Archived", "Archivé";
    DEPARTMENT_FILTER: "Filter by department", "Filtrer par service";
    ANY_DEPARTMENT: "Every department", "Tous les services";
    NO_DEPARTMENT: "No department", "Aucun service";
    MORE_FILTERS: "More filters", "Plus de filtres";
    FIELD_FILTER: "Filter by a field", "Filtrer par champ";
    ANY_FIELD: "Choose a field", "Choisir un champ";
    ANSWER_FILTER: "Answer to look for", "Réponse recherchée";
    ANY_ANSWER: "Any answer", "Toutes les réponses";
    YES: "Yes", "Oui";
    NO: "No", "Non";
    SHOW_ARCHIVED: "Show archived tickets", "Afficher les tickets archivés";
    HIDE_ARCHIVED: "Back to the current tickets", "Revenir aux tickets en cours";
    SORT: "Order", "Ordre";
    NEWEST: "Newest first", "Plus récents d’abord";
    OLDEST: "Oldest first", "Plus anciens d’abord";
    EXPORT: "Export", "Exporter";
    EXPORT_CSV: "CSV, for spreadsheets", "CSV, pour tableurs";
    EXPORT_LINES: "JSON Lines, with threads", "JSON Lines, avec les échanges";
    CLEAR: "Clear filters", "Effacer les filtres";

    EMPTY: "No tickets yet", "Aucun ticket pour l’instant";
    EMPTY_HINT: "Ask the team anything: the answer comes here and by mail.", "Posez votre question à l’équipe : la réponse arrive ici et par e-mail.";
    EMPTY_DESK: "The queue is empty", "La file est vide";
    EMPTY_DESK_HINT: "New tickets appear here by themselves.", "Les nouveaux tickets apparaissent ici d’eux-mêmes.";
    NONE_FOUND: "No ticket matches", "Aucun ticket ne correspond";
    NONE_FOUND_HINT: "Change the search or clear the filters.", "Modifiez la recherche ou effacez les filtres.";
    NONE_YET: "Nothing yet", "Rien pour l’instant";
    NONE_YET_HINT: "None of the newest tickets with these words fits the filters. Older ones may.", "Aucun des tickets les plus récents contenant ces mots ne correspond aux filtres. D’autres, plus anciens, peut-être.";
    DID_YOU_MEAN: "Did you mean “{}”?", "Vouliez-vous dire « {} » ?";

    NEW_TICKET: "New ticket", "Nouveau ticket";
    FOLLOW_UP: "Open a follow-up ticket", "Ouvrir un ticket de suite";
    FOLLOW_UP_LEAD: "This ticket goes on from the resolved one; the team sees both.", "Ce ticket fait suite au ticket résolu ; l’équipe voit les deux.";
    TITLE: "Title", "Titre";
    TITLE_HINT: "One line that says what it is about.", "Une ligne qui dit de quoi il s’agit.";
    MESSAGE: "Message", "Message";
    MESSAGE_HINT: "What happens, and what did you expect? You can write Markdown.", "Que se passe-t-il, et qu’attendiez-vous ? Le Markdown est accepté.";
    DEPARTMENT: "Department", "Service";
    CHOOSE: "Choose…", "Choisir…";
    A_NUMBER: "A number, such as 12 or 1.5.", "Un nombre, comme 12 ou 1,5.";
    AT_LEAST: "At least {}.", "Au moins {}.";
    AT_MOST: "At most {}.", "Au plus {}.";
    EARLIEST: "{} at the earliest.", "Au plus tôt le {}.";
    LATEST: "{} at the latest.", "Au plus tard le {}.";
    WEB_ADDRESS: "A web address that begins with https:// or http://.", "Une adresse web qui commence par https:// ou http://.";
    SEND_TICKET: "Send ticket", "Envoyer le ticket";
    SENT: "Your ticket is with the team.", "Votre ticket est transmis à l’équipe.";

    ASK: "How can we help?", "Comment pouvons-nous vous aider ?";
    ASK_LEAD: "Write to the team. You need no account: the answer comes by mail.", "Écrivez à l’équipe. Aucun compte n’est nécessaire : la réponse arrive par e-mail.";
    NAME: "Your name", "Votre nom";
    EMAIL: "Your email", "Votre adresse e-mail";
    EMAIL_HINT: "We ask you to confirm it once.", "Nous vous demanderons de la confirmer une fois.";
    HAVE_ACCOUNT: "Asked before?", "Vous avez déjà écrit ?";
    SIGN_IN: "Sign in to see your tickets", "Connectez-vous pour voir vos tickets";
    MAILED: "We have sent a message to {}. Open its link, or type its code here: only then does the team see your ticket.", "Nous avons envoyé un message à {}. Ouvrez son lien, ou saisissez son code ici : c’est alors seulement que l’équipe voit votre ticket.";
    MAILED_FILES: "Your ticket then opens in front of you. Answers appear there and are mailed to you, and you can add files.", "Votre ticket s’ouvre alors devant vous. Les réponses y apparaissent et vous sont envoyées par e-mail, et vous pouvez y joindre des fichiers.";
    MAILED_BEFORE: "Nothing came? Look among the unwanted mails, or for a message from earlier today: its link opens this ticket too.", "Rien reçu ? Regardez parmi les indésirables, ou cherchez un message reçu plus tôt aujourd’hui : son lien ouvre aussi ce ticket.";

    GONE: "Ticket not found", "Ticket introuvable";
    GONE_HINT: "It does not exist, or is not yours to see.", "Il n’existe pas, ou ne vous est pas accessible.";
    TO_LIST: "Show all tickets", "Afficher tous les tickets";
    LOADING: "Loading the ticket…", "Chargement du ticket…";

    RESOLVE: "Mark as resolved", "Marquer comme résolu";
    RESOLVE_TITLE: "Mark this ticket as resolved?", "Marquer ce ticket comme résolu ?";
    RESOLVE_WHAT: "“{}” is closed for good and moves to Resolved. Nobody can open it again; a later question becomes a follow-up ticket.", "« {} » est clos définitivement et passe dans Résolus. Personne ne peut le rouvrir ; une question ultérieure devient un ticket de suite.";
    RESOLVE_ACT: "Yes, it is resolved", "Oui, c’est résolu";
    NOW_RESOLVED: "The ticket is resolved.", "Le ticket est résolu.";
    DELETE: "Delete ticket", "Supprimer le ticket";
    DELETE_TITLE: "Delete this ticket?", "Supprimer ce ticket ?";
    DELETE_WHAT: "“{}” and its whole thread, with the team’s replies and every file, are erased for everybody. This cannot be undone.", "« {} » et toute sa conversation, avec les réponses de l’équipe et tous les fichiers, sont effacés pour tout le monde. C’est irréversible.";
    DELETE_ACT: "Delete for good", "Supprimer définitivement";
    DELETED: "The ticket is deleted.", "Le ticket est supprimé.";

    YOUR_TURN_NOTE: "The team waits for your answer.", "L’équipe attend votre réponse.";
    PROPOSED_NOTE: "The team thinks this is settled. Do you agree?", "L’équipe pense que c’est réglé. Êtes-vous d’accord ?";
    PROPOSED_TEAM_NOTE: "You have asked the customer to confirm that this is settled.", "Vous avez demandé au client de confirmer que c’est réglé.";
    RESOLVED_NOTE: "This ticket is resolved. It stays here to read.", "Ce ticket est résolu. Il reste ici en lecture.";
    FOLLOWS: "Goes on from", "Fait suite à";
    FOLLOWED_BY: "Goes on in", "Se poursuit dans";

    AND: " and ", " et ";

    DETAILS: "Details", "Détails";
    MORE: "More", "Plus";
    NUMBER: "Number", "Numéro";
    STATUS: "Status", "État";
    CUSTOMER: "Customer", "Client";
    CREATED: "Created", "Créé";
    UPDATED: "Changed", "Modifié";
    RESOLVED_AT: "Resolved", "Résolu";
    ELAPSED_SHORT: "Elapsed", "Écoulé";
    ASSIGNEE: "Assignee", "Responsable";
    PRIORITY: "Priority", "Priorité";
    STAGE: "Stage", "Étape";
    MOVED: "Moved to {}. Its people are told.", "Transmis à {}, qui en est averti.";
    MOVED_OUT: "In no department any more.", "Sans service désormais.";
    CHANGE_ANSWERS: "Change the answers", "Modifier les réponses";
    ANSWERS_CHANGED: "The answers are changed.", "Les réponses sont modifiées.";
    SAVE: "Save", "Enregistrer";
    ME: "{} (you)", "{} (vous)";
    ASSIGNED: "Assigned to {}.", "Confié à {}.";
    UNASSIGNED: "Back in the queue, assigned to nobody.", "De retour dans la file, sans responsable.";
    PRIORITY_SET: "Priority: {}.", "Priorité : {}.";
    STAGE_SET: "Stage: {}.", "Étape : {}.";
    ON_HOLD_FOR: "On hold: {}", "En pause : {}";
    UNTIL: "until {}", "jusqu’au {}";
    PROPOSE: "Propose resolution", "Proposer la résolution";
    PROPOSED: "The customer is asked to confirm.", "Le client est invité à confirmer.";
    ARCHIVE: "Archive", "Archiver";
    UNARCHIVE: "Unarchive", "Désarchiver";
    NOW_ARCHIVED: "Archived.", "Archivé.";
    NOW_UNARCHIVED: "Back in the list.", "De retour dans la liste.";

    HOLD_TITLE: "Put on hold", "Mettre en pause";
    HOLD_WHAT: "Only the team sees the reason. A reply from the customer ends the pause.", "Seule l’équipe voit la raison. Une réponse du client met fin à la pause.";
    HOLD_REASON: "Reason", "Raison";
    HOLD_UNTIL: "Until", "Jusqu’au";
    HOLD_ACT: "Put on hold", "Mettre en pause";

    KEYS: "Keyboard shortcuts", "Raccourcis clavier";
    KEY_NEXT: "Next ticket", "Ticket suivant";
    KEY_PREVIOUS: "Previous ticket", "Ticket précédent";
    KEY_REPLY: "Write a reply", "Écrire une réponse";
    KEY_NOTE: "Write an internal note", "Écrire une note interne";
    KEY_HELP: "Show this list", "Afficher cette liste";
    KEY_OFF: "They can be switched off on your account page.", "Ils se désactivent dans la page de votre compte.";
    CLOSE: "Close", "Fermer";
}

pub const TICKETS_LOADED: Counted = Counted {
    one: Words { en: "{} ticket shown", fr: "{} ticket affiché" },
    other: Words { en: "{} tickets shown", fr: "{} tickets affichés" },
};

pub const LOOKING: Counted = Counted {
    one: Words { en: "{} is looking at this ticket", fr: "{} consulte ce ticket" },
    other: Words { en: "{} are looking at this ticket", fr: "{} consultent ce ticket" },
};

pub const WRITING: Counted = Counted {
    one: Words { en: "{} is writing…", fr: "{} écrit…" },
    other: Words { en: "{} are writing…", fr: "{} écrivent…" },
};
