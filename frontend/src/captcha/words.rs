//! The sentences about captchas.

use crate::i18n::words;

words! {
    LOADING: "Loading the check that you are not a program…", "Chargement du contrôle anti-robots…";
    BLOCKED: "The check that you are not a program could not be loaded. Something here keeps {} away, perhaps an ad blocker: allow it for this page, then try again.", "Le contrôle anti-robots n’a pas pu être chargé. Quelque chose bloque {} ici, peut-être un bloqueur de publicités : autorisez-le pour cette page, puis réessayez.";
    TAKEN_FOR_A_PROGRAM: "The check of this page takes your browser for a program. Try again in a moment, or with another browser.", "Le contrôle anti-robots de cette page prend votre navigateur pour un robot. Réessayez dans un instant, ou avec un autre navigateur.";
    UNSOLVED: "Show first that you are not a program, in the box of this form. Then send again.", "Montrez d’abord que vous n’êtes pas un robot, dans l’encadré de ce formulaire. Puis renvoyez.";
}
