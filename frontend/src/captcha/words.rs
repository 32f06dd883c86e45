//! The sentences about captchas.

use crate::i18n::words;

words! {
    LOADING: "Loading the check that you are not a program…", "Chargement du contrôle anti-robots…";
    BLOCKED: "The check that you are not a program could not be loaded. Something here keeps {} away, perhaps an ad blocker: allow it for this page, then try again.", "Le contrôle anti-robots n’a pas pu être chargé. Quelque chose bloque {} ici, peut-être un bloqueur de publicités : autorisez-le pour cette page, puis réessayez.";
    UNSOLVED: "Show first that you are not a program, in the box of this form. Then send again.", "Montrez d’abord que vous n’êtes pas un robot, dans l’encadré de ce formulaire. Puis renvoyez.";
}
