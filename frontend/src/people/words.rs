//! The sentences about people.

use crate::i18n::words;

words! {
    ACCOUNT: "Account", "Compte";
    PROFILE: "Profile", "Profil";
    NAME: "Name", "Nom";
    EMAIL: "Email", "Adresse e-mail";
    FIXED: "On this desk the team keeps names and addresses. Write a ticket to have yours changed.", "Ici, c’est l’équipe qui tient les noms et les adresses. Ouvrez un ticket pour faire changer les vôtres.";
    SAVE: "Save", "Enregistrer";
    SAVED: "Saved.", "Enregistré.";
    PREFERENCES: "Preferences", "Préférences";
    SEND_KEY: "Sending a reply", "Envoi d’une réponse";
    SEND_AS_DESK: "As this desk has it", "Comme le veut ce bureau";
    SEND_MOD_ENTER: "Ctrl or ⌘ with Enter sends, Enter starts a new line", "Ctrl ou ⌘ avec Entrée envoie, Entrée va à la ligne";
    SEND_ENTER: "Enter sends, Shift with Enter starts a new line", "Entrée envoie, Maj avec Entrée va à la ligne";
    SHORTCUTS: "Single-key shortcuts on the desk (J, K, R, N, ?)", "Raccourcis à une touche sur le bureau (J, K, R, N, ?)";
    NOTIFICATIONS: "Notifications", "Notifications";
    TELL_ME: "Tell me when", "M’avertir quand";
    BELL: "In the bell", "Dans la cloche";
    MAIL: "By mail", "Par e-mail";
    OF_RESPONSE: "somebody replies on my ticket", "quelqu’un répond à mon ticket";
    OF_RESOLUTION_PROPOSED: "the team thinks my ticket is settled", "l’équipe pense que mon ticket est réglé";
    OF_TICKET_CREATED: "a ticket is opened", "un ticket est ouvert";
    OF_TICKET_MOVED: "a ticket comes to my department", "un ticket arrive dans mon service";
    OF_ASSIGNED: "somebody gives me a ticket", "quelqu’un me confie un ticket";
    OF_CUSTOMER_COMMENT: "a customer writes on a ticket of mine", "un client écrit sur un de mes tickets";
    OF_PERSON_WANTED: "a customer asks for a person", "un client demande une personne";
    OF_SLA_WARNING: "a target of a ticket is at risk", "un délai promis arrive à échéance";
    OF_SLA_BREACH: "a target of a ticket is missed", "un délai promis est dépassé";
    OF_RESOLVED: "a customer resolves a ticket of mine", "un client marque un de mes tickets comme résolu";
    ADDRESS: "Email address", "Adresse e-mail";
    ADDRESS_LEAD: "We mail a link and a code to the new address. Your account moves once you have used either in this browser.", "Nous envoyons un lien et un code à la nouvelle adresse. Votre compte y est rattaché quand vous avez utilisé l’un des deux dans ce navigateur.";
    NEW_ADDRESS: "New address", "Nouvelle adresse";
    CHANGE_ADDRESS: "Change address", "Changer d’adresse";
    ADDRESS_MAILED: "Look into the mail at {}: open the link in this browser, or type the code here.", "Consultez la messagerie de {} : ouvrez le lien dans ce navigateur, ou saisissez le code ici.";
    PASSWORD: "Password", "Mot de passe";
    PASSWORD_LEAD: "A new password signs you out everywhere else, and ends your API keys.", "Un nouveau mot de passe vous déconnecte partout ailleurs et met fin à vos clés d’API.";
    CURRENT_PASSWORD: "Current password", "Mot de passe actuel";
    NEW_PASSWORD: "New password", "Nouveau mot de passe";
    PASSWORD_RULE: "At least 12 characters.", "Au moins 12 caractères.";
    CHANGE_PASSWORD: "Change password", "Changer le mot de passe";
    PASSWORD_CHANGED: "Your password is changed.", "Votre mot de passe est changé.";

    PEOPLE: "People", "Personnes";
    SEARCH: "Search by name or address", "Rechercher par nom ou adresse";
    ROLE: "Role", "Rôle";
    ROLE_FILTER: "Filter by role", "Filtrer par rôle";
    ANY_ROLE: "Every role", "Tous les rôles";
    CUSTOMER: "Customer", "Client";
    AGENT: "Agent", "Agent";
    ADMIN: "Admin", "Administrateur";
    SINCE: "Since", "Depuis";
    STATE: "State", "État";
    ACTIVE: "Active", "Actif";
    DISABLED: "Disabled", "Désactivé";
    DISABLE: "Disable", "Désactiver";
    ENABLE: "Enable", "Réactiver";
    DISABLE_NAME: "Disable {}", "Désactiver {}";
    ENABLE_NAME: "Enable {}", "Réactiver {}";
    NOW_DISABLED: "{} can no longer sign in.", "{} ne peut plus se connecter.";
    NOW_ENABLED: "{} can sign in again.", "{} peut de nouveau se connecter.";
    ROLE_CHANGED: "The role of {} is changed.", "Le rôle de {} est changé.";
    NOBODY_FOUND: "Nobody matches", "Personne ne correspond";
    NOBODY_FOUND_HINT: "Try another part of the name or address.", "Essayez une autre partie du nom ou de l’adresse.";
}
