//! What the building blocks say by themselves.

use crate::i18n::words;

words! {
    CANCEL: "Cancel", "Annuler";
    CLOSE: "Close", "Fermer";
    UNDO: "Undo", "Annuler";
    RETRY: "Try again", "Réessayer";
    LOADING: "Loading", "Chargement";
    LOAD_MORE: "Load more", "Afficher plus";
    BACK: "Back to the list", "Retour à la liste";
    OPTIONAL: "optional", "facultatif";
    COPY: "Copy", "Copier";
    COPIED: "Copied.", "Copié.";
    NOT_COPIED: "The browser did not allow it. Mark the line and copy it by hand.", "Le navigateur ne l’a pas permis. Sélectionnez la ligne et copiez-la à la main.";
    SHOW_PASSWORD: "Show password", "Afficher le mot de passe";
}
