//! The sentences about files.

use crate::i18n::{Counted, Words, words};

words! {
    ATTACH: "Attach files", "Joindre des fichiers";
    /// `{}` is a number of files, `[]` a size.
    LIMITS: "Up to {} files, [] each", "Jusqu’à {} fichiers, [] chacun";
    TO_SEND: "Files to send", "Fichiers à envoyer";
    ATTACHMENTS: "Attached files", "Fichiers joints";
    DROP_HERE: "Drop files to attach them", "Déposez les fichiers pour les joindre";
    UPLOADING: "Uploading {}", "Envoi de {}";
    WAITING: "Waiting", "En attente";
    CANCEL_FILE: "Cancel {}", "Annuler {}";
    REMOVE_FILE: "Remove {}", "Retirer {}";
    RETRY_FILE: "Retry {}", "Réessayer {}";
    RETRY: "Retry", "Réessayer";
    OPEN_PICTURE: "Open picture {}", "Ouvrir l’image {}";
    NOT_LOADED: "The picture cannot be loaded.", "L’image ne peut pas être chargée.";

    VIEWER: "Picture viewer", "Visionneuse d’images";
    /// `{}` and `[]` are numbers.
    COUNTER: "{} of []", "{} sur []";
    NEARER: "Zoom in", "Agrandir";
    FURTHER: "Zoom out", "Réduire";
    DOWNLOAD: "Download", "Télécharger";
    PREVIOUS: "Previous picture", "Image précédente";
    NEXT: "Next picture", "Image suivante";
    CLOSE: "Close", "Fermer";

    FILE_TOO_LARGE: "Larger than {}", "Dépasse {}";
    EMPTY: "The file is empty", "Le fichier est vide";
    LOST: "The connection was lost", "La connexion a été perdue";
    STORE_DOWN: "Files cannot be stored just now", "Les fichiers ne peuvent pas être enregistrés pour l’instant";
    NO_ROOM: "No room for more of your files", "Plus de place pour vos fichiers";
    BAD_NAME: "This name is not accepted", "Ce nom n’est pas accepté";
    CLAIM_FAILED: "A file is no longer kept. Attach it again, then send.", "Un fichier n’est plus conservé. Joignez-le à nouveau, puis envoyez.";
    BLOCKED: "Retry or remove the file that was not uploaded, then send.", "Réessayez ou retirez le fichier qui n’a pas été envoyé, puis envoyez.";
    SWEPT: "Not kept any longer: {}. Attach again what you still need.", "Plus conservé : {}. Joignez à nouveau ce qu’il vous faut.";
    NO_FOLDERS: "Folders cannot be attached, only files.", "On ne peut pas joindre de dossiers, seulement des fichiers.";
    /// `{}` is a number of files.
    TOO_MANY: "At most {} files go with one message. The others were left out.", "Un message porte {} fichiers au plus. Les autres ont été laissés de côté.";
}

pub const SENDING_AFTER: Counted = Counted {
    one: Words { en: "Sending after {} upload", fr: "Sera envoyé après {} fichier" },
    other: Words { en: "Sending after {} uploads", fr: "Sera envoyé après {} fichiers" },
};

pub const UNDER_WAY: Counted = Counted {
    one: Words { en: "{} file is uploading", fr: "{} fichier en cours d’envoi" },
    other: Words { en: "{} files are uploading", fr: "{} fichiers en cours d’envoi" },
};

pub const NOT_UPLOADED: Counted = Counted {
    one: Words { en: "{} file was not uploaded", fr: "{} fichier n’a pas été envoyé" },
    other: Words { en: "{} files were not uploaded", fr: "{} fichiers n’ont pas été envoyés" },
};

pub const READY: Counted = Counted {
    one: Words { en: "{} file is attached", fr: "{} fichier joint" },
    other: Words { en: "{} files are attached", fr: "{} fichiers joints" },
};
