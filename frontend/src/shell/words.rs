//! The header's sentences.

use crate::i18n::words;

words! {
    SKIP: "Skip to the content", "Aller au contenu";
    SITE: "Main", "Principale";
    SUPPORT: "Support", "Assistance";
    DESK: "Desk", "Bureau";
    HELP: "Help", "Aide";
    ARTICLES: "Articles", "Articles";
    ANSWERS: "Answers", "Réponses";
    MAILS: "Mails", "E-mails";
    PEOPLE: "People", "Personnes";
    SETTINGS: "Settings", "Réglages";
    ACCOUNT: "Account", "Compte";
    SIGN_IN: "Sign in", "Se connecter";
    SIGN_OUT: "Sign out", "Se déconnecter";
    MENU: "Menu", "Menu";
    LANGUAGE: "Language", "Langue";
    THEME: "Theme", "Thème";
    THEME_SYSTEM: "System", "Système";
    THEME_LIGHT: "Light", "Clair";
    THEME_DARK: "Dark", "Sombre";
    OFFLINE: "Offline. What you write is kept.", "Hors ligne. Ce que vous écrivez est conservé.";
    NOT_FOUND: "Page not found", "Page introuvable";
    NOT_FOUND_HINT: "The address may be mistyped, or the page is not yours to see.", "L’adresse est peut-être erronée, ou la page ne vous est pas accessible.";
    HOME: "Go to the support page", "Aller à la page d’assistance";
}
