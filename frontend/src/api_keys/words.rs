//! The sentences about API keys.

use crate::i18n::words;

words! {
    OWN_KEYS: "API keys", "Clés d’API";
    OWN_KEYS_LEAD: "A program that has a key acts in your name, as far as you let it. A new password ends your keys.", "Un programme muni d’une clé agit en votre nom, dans les limites que vous fixez. Un nouveau mot de passe met fin à vos clés.";
    DESKS_KEYS: "The desk’s keys", "Clés du bureau";
    DESKS_KEYS_HINT: "For programs that work for the whole desk. A key acts as the admin who made it, and ends when that person is no longer an admin.", "Pour les programmes qui travaillent pour tout le bureau. Une clé agit comme l’administrateur qui l’a créée, et prend fin quand cette personne n’est plus administrateur.";
    PEOPLES_KEYS: "People’s own keys", "Clés personnelles";
    PEOPLES_KEYS_HINT: "People make these in their accounts, for what they see themselves.", "Chacun les crée dans son compte, pour ce qu’il voit lui-même.";
    NO_KEYS: "No keys yet.", "Aucune clé pour l’instant.";
    MADE_BY: "Made by {}", "Créée par {}";
    LAST_USED: "Last used", "Dernière utilisation";
    NEVER_USED: "Never used", "Jamais utilisée";
    EXPIRES: "Expires", "Expire le";
    EXPIRED: "Expired", "Expirée";
    NEVER_EXPIRES: "Does not expire", "N’expire pas";
    REVOKE: "Revoke", "Révoquer";
    REVOKE_NAME: "Revoke {}", "Révoquer {}";
    REVOKE_TITLE: "Revoke this key?", "Révoquer cette clé ?";
    REVOKE_WHAT: "Programs that use “{}” are refused within seconds. This cannot be undone.", "Les programmes qui utilisent « {} » sont refusés en quelques secondes. C’est définitif.";
    REVOKED: "“{}” is revoked.", "« {} » est révoquée.";

    MAKE: "Make a key", "Créer une clé";
    NEW_KEY: "New API key", "Nouvelle clé d’API";
    NAME: "Name", "Nom";
    NAME_HINT: "What program is it for?", "Pour quel programme ?";
    SCOPES: "It may", "Elle permet de";
    SCOPES_MISSING: "Choose at least one.", "Choisissez-en au moins une.";
    LIFETIME: "Expires", "Expiration";
    IN_30_DAYS: "in 30 days", "dans 30 jours";
    IN_90_DAYS: "in 90 days", "dans 90 jours";
    IN_A_YEAR: "in a year", "dans un an";
    NEVER: "never", "jamais";
    TOKEN: "Your new key", "Votre nouvelle clé";
    TOKEN_ONCE: "Copy it now: it is not shown again. Whoever has it can do what it may.", "Copiez-la maintenant : elle ne sera plus affichée. Quiconque la possède peut faire ce qu’elle permet.";
    DONE: "Done", "Terminé";

    TICKETS_READ: "Read tickets, their threads and files", "Lire les tickets, leurs échanges et leurs fichiers";
    TICKETS_WRITE: "Open tickets, comment, and work on them", "Ouvrir des tickets, commenter et les traiter";
    TICKETS_BEHALF: "Open tickets for customers, and comment in the name of the team’s members", "Ouvrir des tickets pour des clients et commenter au nom des membres de l’équipe";
    ARTICLES_READ: "Read help articles", "Lire les articles d’aide";
    ARTICLES_WRITE: "Write, publish and delete help articles", "Rédiger, publier et supprimer des articles d’aide";
    PEOPLE_READ: "List people and the team", "Lister les personnes et l’équipe";
    PEOPLE_WRITE: "Change roles and close accounts, but no admin’s", "Changer les rôles et fermer des comptes, sauf ceux des admins";
    SETTINGS_READ: "Read the settings and the list of mails", "Lire les réglages et la liste des e-mails";
    SETTINGS_WRITE: "Change the settings", "Modifier les réglages";
    WEBHOOKS_MANAGE: "Manage webhooks", "Gérer les webhooks";
    EXPORT_READ: "Export tickets", "Exporter les tickets";
}
