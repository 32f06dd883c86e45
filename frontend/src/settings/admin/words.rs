//! The sentences of the settings.

use super::spec::{Way, way};
use crate::i18n::{Words, words};

words! {
    SETTINGS: "Settings", "Réglages";
    LEAD: "How this desk looks, what it asks and what it promises. A change holds at once, for everybody, without a restart.", "L’apparence de ce support, ce qu’il demande et ce qu’il promet. Un changement vaut aussitôt, pour tous, sans redémarrage.";
    TOPICS: "Topics of the settings", "Rubriques des réglages";
    TOPIC: "Topic", "Rubrique";
    OF_DESK: "The desk", "Le support";
    OF_TICKETS: "Tickets", "Tickets";
    OF_CUSTOMERS: "Customers", "Clients";
    OF_PROGRAMS: "Programs", "Programmes";
    OF_CHANGES: "Changes", "Modifications";
    NOT_SAVED: " (not saved)", " (non enregistré)";
    LOOK: "Preview", "Aperçu";
    SAVE: "Save", "Enregistrer";
    SAVED: "Saved. It holds from now on.", "Enregistré. C’est en vigueur.";
    DISCARD: "Discard changes", "Abandonner";
    UNSAVED: "Not saved yet", "Pas encore enregistré";
    IN_ENGLISH: "In English", "En anglais";
    IN_FRENCH: "In French", "En français";
    OFF: "Off", "Désactivé";
    OFF_HINT: "The form does not show it, and the API refuses it.", "Le formulaire ne le montre pas, et l’API le refuse.";
    OPTIONAL: "Optional", "Facultatif";
    REQUIRED: "Required", "Obligatoire";
    ON_WORD: "on", "activé";
    OFF_WORD: "off", "désactivé";
    NOTHING: "nothing", "rien";
    REMOVE: "Remove {}", "Retirer {}";
    EDIT: "Edit {}", "Modifier {}";
    RETIRE: "Retire {}", "Retirer du service {}";
    BRING_BACK: "Bring back {}", "Remettre en service {}";
    NOW_RETIRED: "{} is retired.", "{} n’est plus en service.";
    NOW_BACK: "{} is back.", "{} est de nouveau en service.";
    RETIRED: "Retired ({})", "Hors service ({})";
    MOVE_UP: "Move {} up", "Monter {}";
    MOVE_DOWN: "Move {} down", "Descendre {}";
    NAME: "Name", "Nom";
    PLACE: "Place in the order", "Place dans l’ordre";

    BRAND: "Brand", "Marque";
    BRAND_LEAD: "Name, colour and logo, as customers see them.", "Nom, couleur et logo, tels que les clients les voient.";
    DESK_NAME: "Name of the desk", "Nom du support";
    ACCENT: "Accent colour", "Couleur d’accent";
    ACCENT_HINT: "The colour of buttons, with white words on it. Empty for the usual violet.", "La couleur des boutons, qui portent des mots en blanc. Vide pour le violet habituel.";
    ACCENT_PICK: "Choose the accent colour", "Choisir la couleur d’accent";
    ACCENT_WRONG: "White words could not be read on this colour. Choose a darker one, written as #4f4dd6.", "Des mots en blanc ne seraient pas lisibles sur cette couleur. Choisissez-en une plus foncée, écrite comme #4f4dd6.";
    CONTRAST: "Contrast {} to 1: white words are easy to read on it.", "Contraste de {} pour 1 : les mots en blanc s’y lisent bien.";
    CONTRAST_LOW: "Contrast {} to 1: too light. It takes 4.5 to 1 to read white words on it; choose a darker colour.", "Contraste de {} pour 1 : trop clair. Il faut 4,5 pour 1 pour y lire des mots en blanc ; choisissez une couleur plus foncée.";
    USUAL_COLOUR: "Usual colour", "Couleur habituelle";
    LOGO: "Logo", "Logo";
    LOGO_HINT: "PNG, JPEG, GIF or WebP, 1 MB at most. Without one, the bee’s cell stands there.", "PNG, JPEG, GIF ou WebP, 1 Mo au plus. Sans image, l’alvéole de l’abeille est affichée.";
    LOGO_CHOOSE: "Choose a picture", "Choisir une image";
    LOGO_REMOVE: "Remove the logo", "Retirer le logo";
    LOGO_WRONG: "This file cannot be the logo. It takes a picture of 1 MB at most: PNG, JPEG, GIF or WebP.", "Ce fichier ne peut pas servir de logo. Il faut une image de 1 Mo au plus : PNG, JPEG, GIF ou WebP.";
    LOGO_OWN: "own picture", "image choisie";
    LOOK_LIGHT: "In the light theme", "En thème clair";
    LOOK_DARK: "In the dark theme", "En thème sombre";
    LOOK_BUTTON: "New ticket", "Nouveau ticket";
    LOOK_LINK: "A link", "Un lien";

    ASSISTANT: "Assistant", "Assistant";
    ASSISTANT_LEAD: "Whether it answers by itself, and the name it signs with.", "S’il répond de lui-même, et le nom dont il signe.";
    MODE: "When a customer writes", "Quand un client écrit";
    MODE_AUTO: "It answers at once", "Il répond aussitôt";
    MODE_AUTO_HINT: "From the help articles only, with its sources. The team is told as always.", "À partir des articles d’aide seulement, avec ses sources. L’équipe est prévenue comme toujours.";
    MODE_DRAFT: "It writes a draft for the team", "Il écrit un brouillon pour l’équipe";
    MODE_DRAFT_HINT: "Customers see nothing until somebody of the team sends it.", "Les clients ne voient rien tant que l’équipe ne l’a pas envoyé.";
    MODE_OFF: "It stays silent", "Il se tait";
    MODE_OFF_HINT: "It can still be switched on for a single ticket.", "Il peut encore être activé sur un seul ticket.";
    ASSISTANT_NAME: "Its name", "Son nom";
    ASSISTANT_NAME_HINT: "Its comments are signed with it. No brackets.", "Ses commentaires en sont signés. Sans crochets.";
    DOES_AUTO: "A customer writes, and reads this within moments:", "Un client écrit, et lit ceci quelques instants plus tard :";
    DOES_DRAFT: "The team finds this as a draft on the ticket, to be sent, changed or dropped:", "L’équipe trouve ceci en brouillon sur le ticket, à envoyer, à modifier ou à écarter :";
    DOES_OFF: "Only people answer.", "Seules des personnes répondent.";
    AI: "AI", "IA";
    IN_API: "In the API: [ai:{}]", "Dans l’API : [ai:{}]";
    ASSISTANT_SAYS: "To move a hive, wait for a cool evening and close the entrance first.", "Pour déplacer une ruche, attendez un soir frais et fermez d’abord l’entrée.";

    TEAM: "Team", "Équipe";
    TEAM_LEAD: "Which tickets agents see.", "Quels tickets voient les agents.";
    AGENTS_SEE: "Agents see", "Les agents voient";
    SEE_ALL: "All tickets", "Tous les tickets";
    SEE_ALL_HINT: "Everybody can help everywhere.", "Tout le monde peut aider partout.";
    SEE_OWN: "Only theirs", "Seulement les leurs";
    SEE_OWN_HINT: "Those of their departments, those assigned to them, and those for no department.", "Ceux de leurs services, ceux qui leur sont confiés, et ceux qui ne sont pour aucun service.";
    SEES_WHAT: "A ticket", "Un ticket";
    SEES_WHO: "An agent", "Un agent";
    SEES_OWN: "for one of the agent’s departments", "pour un des services de l’agent";
    SEES_ASSIGNED: "assigned to the agent", "confié à l’agent";
    SEES_NONE: "for no department", "pour aucun service";
    SEES_OTHERS: "for another department", "pour un autre service";
    SEES_VISIBLE: "sees it", "le voit";
    SEES_HIDDEN: "does not", "ne le voit pas";
    WHO_ADMINS: "Admins see every ticket. Who belongs to a department is set with the departments.", "Les administrateurs voient tous les tickets. Qui fait partie d’un service se règle avec les services.";

    DEPARTMENTS: "Departments", "Services";
    DEPARTMENTS_LEAD: "The parts of the team that tickets are for, in the order in which they are offered.", "Les parties de l’équipe à qui vont les tickets, dans l’ordre où elles sont proposées.";
    NO_DEPARTMENTS_YET: "There are no departments: all tickets go to the whole team.", "Il n’y a pas de service : tous les tickets vont à toute l’équipe.";
    ADD_DEPARTMENT: "Add a department", "Ajouter un service";
    ALL_DEPARTMENTS: "All departments", "Tous les services";
    DEPARTMENT_ADDED: "The department is there.", "Le service est ajouté.";
    DEPARTMENT_KEPT: "It stays: it is the default department, or the last one while the form requires one. Change that first:", "Il reste : c’est le service par défaut, ou le dernier alors que le formulaire en demande un. Changez d’abord cela :";
    DEPARTMENT_CROWDED: "It stays retired: another department is called so, or there are 100 already.", "Il reste hors service : un autre service porte ce nom, ou il y en a déjà 100.";
    DEPARTMENT_NAME: "Name of the department", "Nom du service";
    DEPARTMENT_PEOPLE: "Its people", "Ses membres";
    DEPARTMENT_PEOPLE_HINT: "They are told when a ticket comes to the department. Somebody can belong to several.", "Ils sont prévenus quand un ticket arrive au service. On peut faire partie de plusieurs.";
    NO_PEOPLE: "Nobody belongs to it yet", "Personne n’en fait encore partie";
    NAME_TAKEN: "Another department is called so.", "Un autre service porte ce nom.";
    TOO_MANY_DEPARTMENTS: "There are 100 departments already. Retire one first.", "Il y a déjà 100 services. Retirez-en un d’abord.";

    FORM: "Ticket form", "Formulaire";
    FORM_LEAD: "What customers are asked for when they open a ticket.", "Ce qui est demandé aux clients quand ils ouvrent un ticket.";
    TITLE_WORD: "The word for “Title”", "Le mot pour « Titre »";
    MESSAGE_WORD: "The word for “Message”", "Le mot pour « Message »";
    WORD_HINT: "Empty for the usual word, which stands there in grey.", "Vide pour le mot habituel, affiché en gris.";
    PRIORITY: "Priority", "Priorité";
    DEPARTMENT: "Department", "Service";
    NO_DEPARTMENTS: "There is no department to choose yet. Add one first:", "Il n’y a pas encore de service à choisir. Ajoutez-en un d’abord :";
    DEFAULT_DEPARTMENT: "Default department", "Service par défaut";
    DEFAULT_DEPARTMENT_HINT: "A ticket that names no department goes there, whether or not the form asks for one.", "Un ticket qui ne nomme pas de service y va, que le formulaire en demande un ou non.";
    DEFAULT_DEPARTMENT_WRONG: "This department is retired. Choose another.", "Ce service n’est plus en service. Choisissez-en un autre.";
    NO_DEFAULT: "None", "Aucun";
    ASKED_FOR: "When it is for", "Quand il est pour";
    LOOK_FR: "As in French", "Comme en français";
    CHOOSE: "Choose", "Choisir";
    SAMPLE_OPTIONAL: "optional", "facultatif";
    SEND_SAMPLE: "Send ticket", "Envoyer le ticket";

    FIELDS: "Custom fields", "Champs personnalisés";
    FIELDS_LEAD: "What the form asks for besides, in this order. Answers that were given are never lost.", "Ce que le formulaire demande en plus, dans cet ordre. Les réponses données ne sont jamais perdues.";
    NO_FIELDS: "The form asks for nothing besides.", "Le formulaire ne demande rien de plus.";
    ADD_FIELD: "Add a field", "Ajouter un champ";
    ALL_FIELDS: "All fields", "Tous les champs";
    FIELD_ADDED: "The field is in the form.", "Le champ est dans le formulaire.";
    FIELD_KEPT: "It could not be changed: at most 50 fields are asked for at once.", "Impossible : au plus 50 champs sont demandés à la fois.";
    TOO_MANY_FIELDS: "There are 50 fields already. Retire one first.", "Il y a déjà 50 champs. Retirez-en un d’abord.";
    NO_FORM_FIELD: "As customers see it, in both languages.", "Tel que les clients le voient, dans les deux langues.";
    FIELD_LABEL: "Question", "Question";
    FIELD_LABEL_HINT: "A few words, such as “Number of hives”.", "Quelques mots, comme « Nombre de ruches ».";
    FIELD_HELP: "Help text", "Texte d’aide";
    FIELD_HELP_HINT: "A sentence below the field, or nothing.", "Une phrase sous le champ, ou rien.";
    KIND: "What is answered", "Type de réponse";
    KIND_FIXED: "These two never change, so that earlier answers can always be read. For another kind, add a field and retire this one.", "Ces deux-là ne changent jamais, pour que les réponses données restent lisibles. Pour un autre type, ajoutez un champ et retirez celui-ci.";
    FIELD_REQUIRED: "An answer is required", "Une réponse est obligatoire";
    FIELD_REQUIRED_HINT: "For a box to tick: it has to be ticked.", "Pour une case à cocher : elle doit être cochée.";
    REQUIRED_SHORT: "required", "obligatoire";
    IN_QUEUE: "Show it in the queue", "L’afficher dans la file";
    IN_QUEUE_HINT: "The team sees the answer in the list of tickets.", "L’équipe voit la réponse dans la liste des tickets.";
    IN_QUEUE_SHORT: "in the queue", "dans la file";
    OF_DEPARTMENTS: "some departments", "certains services";
    DEPARTMENTS_OF_FIELD: "Only for tickets of", "Seulement pour les tickets de";
    DEPARTMENTS_OF_FIELD_HINT: "Tick none to ask on every ticket.", "N’en cochez aucun pour demander sur chaque ticket.";
    KEY: "Name in the API", "Nom dans l’API";
    KEY_HINT: "Leave it empty unless programs use it: it is made from the question. It never changes.", "Laissez vide, sauf si des programmes s’en servent : il est tiré de la question. Il ne change jamais.";
    KEY_WRONG: "Lower-case letters, digits and single hyphens or underscores, and not the name of another field, retired or not.", "Des minuscules, des chiffres et des traits simples entre eux, et pas le nom d’un autre champ, même hors service.";
    RULES: "Limits of the answer", "Limites de la réponse";
    RULE_WRONG: "No answer could keep to this. The first has to be below the second.", "Aucune réponse ne pourrait convenir. Le premier doit être inférieur au second.";
    LENGTH_LEAST: "Characters at least", "Caractères au moins";
    LENGTH_MOST: "Characters at most", "Caractères au plus";
    LENGTH_WRONG: "1 to 2,000 characters, or 20,000 for a long text; and at least not above at most.", "De 1 à 2 000 caractères, ou 20 000 pour un texte long ; le minimum sous le maximum.";
    NUMBER_LEAST: "At least", "Au moins";
    NUMBER_MOST: "At most", "Au plus";
    DAY_FIRST: "Not before", "Pas avant le";
    DAY_LAST: "Not after", "Pas après le";
    CHOICES: "Choices", "Choix";
    CHOICES_HINT: "In this order. One that was saved can be retired: nobody can choose it any more, and earlier answers keep it.", "Dans cet ordre. Un choix enregistré peut être retiré du service : plus personne ne peut le choisir, et les réponses données le gardent.";
    CHOICES_WRONG: "There has to be something to choose, 100 choices at most, no two of them alike.", "Il faut quelque chose à choisir, 100 choix au plus, tous différents.";
    CHOICE_NUMBER: "choice {}", "choix {}";
    CHOICE_EN: "Choice {} in English", "Choix {} en anglais";
    CHOICE_FR: "Choice {} in French", "Choix {} en français";
    ADD_CHOICE: "Add a choice", "Ajouter un choix";
    NOW_RETIRED_CHOICE: "Retired: nobody can choose it.", "Hors service : personne ne peut le choisir.";

    SLA: "Response targets", "Délais de réponse";
    SLA_LEAD: "How soon the team answers, and in which hours that is counted.", "En combien de temps l’équipe répond, et pendant quelles heures cela compte.";
    TARGETS: "Targets", "Délais";
    TARGETS_HINT: "In open hours. Leave a field empty to promise nothing; the time since a ticket was opened is shown in any case.", "En heures d’ouverture. Laissez un champ vide pour ne rien promettre ; le temps écoulé depuis l’ouverture est affiché de toute façon.";
    TICKET_OF: "{} priority", "Priorité {}";
    HIGH: "High", "haute";
    MEDIUM: "Medium", "moyenne";
    LOW: "Low", "basse";
    FIRST_RESPONSE: "First answer", "Première réponse";
    NEXT_RESPONSE: "Every next answer", "Chaque réponse suivante";
    RESOLUTION: "Resolution", "Résolution";
    UNIT: "unit", "unité";
    TARGET_WRONG: "Between one minute and a year.", "Entre une minute et un an.";
    HOURS: "Opening hours", "Heures d’ouverture";
    HOURS_HINT: "The clock stands still outside them. A day can have several windows, such as before and after lunch.", "En dehors, l’horloge s’arrête. Une journée peut avoir plusieurs plages, comme avant et après le déjeuner.";
    HOURS_WRONG: "Up to six windows, one after the other: each ends after it begins, and before the next.", "Six plages au plus, l’une après l’autre : chacune finit après son début, et avant la suivante.";
    HOURS_NEVER: "The team is never open, so no target would ever fall due. Open at some hour, or promise nothing.", "L’équipe n’est jamais ouverte : aucun délai n’arriverait à échéance. Ouvrez à une heure, ou ne promettez rien.";
    OFFICE_HOURS: "Monday to Friday, 9 to 17", "Du lundi au vendredi, de 9 h à 17 h";
    LIKE_MONDAY: "All weekdays like Monday", "Tous les jours ouvrés comme lundi";
    ALWAYS: "Around the clock", "Jour et nuit";
    CLOSED: "closed", "fermé";
    WHOLE_DAY: "the whole day", "toute la journée";
    ADD_WINDOW: "Add hours", "Ajouter une plage";
    WINDOW: "hours", "plage";
    FROM: "from", "de";
    TO: "to", "à";
    TIME_ZONE: "Time zone", "Fuseau horaire";
    TIME_ZONE_HINT: "The opening hours are read on the clocks of this place.", "Les heures d’ouverture se lisent sur les horloges de ce lieu.";
    TIME_ZONE_WRONG: "The server knows no such time zone.", "Le serveur ne connaît pas ce fuseau horaire.";
    IT_IS_NOW: "There it is now {}.", "Là-bas, il est : {}.";
    HOLIDAYS: "Holidays", "Jours fériés";
    HOLIDAYS_HINT: "Days on which the team is closed.", "Les jours où l’équipe est fermée.";
    HOLIDAYS_WRONG: "Choose a day, and each day once; 400 at most.", "Choisissez un jour, et chaque jour une seule fois ; 400 au plus.";
    HOLIDAY_NAME: "Name of the holiday", "Nom du jour férié";
    DATE: "Day of the holiday", "Date du jour férié";
    ADD_HOLIDAY: "Add a holiday", "Ajouter un jour férié";
    EXAMPLE: "What a customer writes on {} is due:", "Ce qu’un client écrit le {} est attendu pour :";
    DUE_NONE: "Nothing is promised. Tickets show how long ago they were opened, and nothing falls due.", "Rien n’est promis. Les tickets montrent depuis quand ils sont ouverts, et rien n’arrive à échéance.";
    DUE_NOT: "These hours or targets are not possible together. Save to see what is in the way.", "Ces heures ou ces délais ne vont pas ensemble. Enregistrez pour voir ce qui s’y oppose.";

    ARCHIVING: "Archiving", "Archivage";
    ARCHIVING_LEAD: "When resolved tickets leave the lists. They are never lost: searches and filters still find them.", "Quand les tickets résolus quittent les listes. Ils ne sont jamais perdus : recherches et filtres les retrouvent.";
    AFTER_DAYS: "Archive after so many days", "Archiver après tant de jours";
    AFTER_DAYS_HINT: "Counted from the resolution. Empty for never.", "Comptés depuis la résolution. Vide pour jamais.";
    AFTER_DAYS_WRONG: "1 to 3,650 days.", "De 1 à 3 650 jours.";
    ARCHIVED_ON: "A ticket that is resolved today is archived on {}.", "Un ticket résolu aujourd’hui est archivé le {}.";
    ARCHIVED_NEVER: "Resolved tickets stay in the lists until the team archives them by hand.", "Les tickets résolus restent dans les listes tant que l’équipe ne les archive pas à la main.";

    REGISTRATION: "Registration", "Inscription";
    REGISTRATION_LEAD: "Who may open a ticket, and what they meet first.", "Qui peut ouvrir un ticket, et ce qu’on rencontre d’abord.";
    WHO_ASKS: "Who may open a ticket", "Qui peut ouvrir un ticket";
    MODE_REQUIRED: "Whoever has an account, and everybody can make one", "Qui a un compte, et chacun peut en créer un";
    MODE_REQUIRED_HINT: "They confirm their address by a mail.", "L’adresse se confirme par un e-mail.";
    MODE_PASSWORDLESS: "Everybody, without an account", "Tout le monde, sans compte";
    MODE_PASSWORDLESS_HINT: "A name and an address are enough. A mailed link confirms them and leads back to the ticket.", "Un nom et une adresse suffisent. Un lien envoyé par e-mail les confirme et ramène au ticket.";
    MODE_CLOSED: "Only people whose account the team has made", "Seulement ceux dont l’équipe a créé le compte";
    MODE_CLOSED_HINT: "Nobody can register.", "Personne ne peut s’inscrire.";
    ENTRY: "A visitor is sent to", "Un visiteur est envoyé vers";
    ENTRY_SIGN_IN: "the sign-in form", "le formulaire de connexion";
    ENTRY_REGISTER: "the registration form", "le formulaire d’inscription";
    ENTRY_WRONG: "Nobody can register while registration is closed.", "Personne ne peut s’inscrire tant que l’inscription est fermée.";
    PROFILE_EDITING: "Customers may change their name and address", "Les clients peuvent changer leur nom et leur adresse";
    PROFILE_EDITING_HINT: "Otherwise the team keeps them, on the page and in the API.", "Sinon, c’est l’équipe qui les tient, sur la page comme dans l’API.";
    MEETS_TICKET: "A visitor sees the form for a ticket at once, with fields for name and address.", "Un visiteur voit aussitôt le formulaire, avec des champs pour le nom et l’adresse.";
    MEETS_MAIL: "A mail asks to confirm the address; only then does the team see the ticket.", "Un e-mail demande de confirmer l’adresse ; c’est alors seulement que l’équipe voit le ticket.";
    MEETS_LINK: "Then they are in, and follow their tickets.", "Ensuite, il est connecté et suit ses tickets.";
    MEETS_SIGN_IN: "A visitor sees the sign-in form.", "Un visiteur voit le formulaire de connexion.";
    MEETS_REGISTER: "A visitor sees the form for a new account, with a way to sign in.", "Un visiteur voit le formulaire pour un nouveau compte, et peut aussi se connecter.";
    MEETS_CLOSED: "Without an account they get no further: there is no way to register.", "Sans compte, il ne va pas plus loin : il n’y a pas d’inscription.";
    MEETS_NAME_OWN: "In their account they can change name and address.", "Dans son compte, il peut changer son nom et son adresse.";
    MEETS_NAME_FIXED: "In their account, name and address are shown and cannot be changed.", "Dans son compte, le nom et l’adresse s’affichent sans pouvoir être changés.";

    CAPTCHA: "Captcha", "Captcha";
    CAPTCHA_LEAD: "What tells people from programs where somebody comes in without an account.", "Ce qui distingue les personnes des programmes, là où l’on entre sans compte.";
    PROVIDER: "Who asks", "Qui vérifie";
    PROVIDER_USUAL: "As it suits", "Selon le besoin";
    PROVIDER_USUAL_HINT: "This desk while tickets need no account, otherwise nobody.", "Ce support tant que les tickets se passent de compte, sinon personne.";
    PROVIDER_ALTCHA: "This desk itself", "Ce support lui-même";
    PROVIDER_ALTCHA_HINT: "The browser works for a second. No riddle, no cookies, and nobody else hears of the visitor.", "Le navigateur travaille une seconde. Pas d’énigme, pas de cookies, et personne d’autre n’apprend la visite.";
    PROVIDER_TURNSTILE: "Cloudflare Turnstile", "Cloudflare Turnstile";
    PROVIDER_HCAPTCHA: "hCaptcha", "hCaptcha";
    PROVIDER_RECAPTCHA_2: "Google reCAPTCHA v2 (a box to tick)", "Google reCAPTCHA v2 (une case à cocher)";
    PROVIDER_RECAPTCHA_3: "Google reCAPTCHA v3 (unseen)", "Google reCAPTCHA v3 (invisible)";
    PROVIDER_OFF: "Nobody", "Personne";
    PROVIDER_OFF_HINT: "Programs can open tickets and make you mail strangers.", "Des programmes peuvent ouvrir des tickets et vous faire écrire à des inconnus.";
    PROVIDER_WRONG: "This server has no secret for it yet. Set WAGGLE_CAPTCHA_SECRET where the server is started, start it again, and save here.", "Ce serveur n’a pas encore de secret pour cela. Définissez WAGGLE_CAPTCHA_SECRET au démarrage du serveur, redémarrez-le, puis enregistrez ici.";
    SITE_KEY: "Site key", "Clé de site";
    SITE_KEY_HINT: "The public key, from the provider’s own page. The secret does not belong here.", "La clé publique, donnée par le fournisseur. Le secret n’a pas sa place ici.";
    CAPTCHA_USUAL: "While tickets need no account, the visitor’s browser works for a second before the form is sent. Otherwise nothing is asked.", "Tant que les tickets se passent de compte, le navigateur travaille une seconde avant l’envoi. Sinon, rien n’est demandé.";
    CAPTCHA_NOBODY: "The forms are sent as they are.", "Les formulaires partent tels quels.";
    CAPTCHA_ALTCHA: "Before a form is sent, the visitor’s browser works for a second. There is nothing to click.", "Avant l’envoi d’un formulaire, le navigateur travaille une seconde. Il n’y a rien à cliquer.";
    CAPTCHA_ELSEWHERE: "The provider’s widget stands in the form for registering, for a sign-in link and for a ticket without an account. Without its answer, or while the provider cannot be reached, the form is refused.", "Le module du fournisseur figure dans le formulaire d’inscription, de lien de connexion et de ticket sans compte. Sans sa réponse, ou tant que le fournisseur est injoignable, le formulaire est refusé.";
    CAPTCHA_SECRET: "Its secret is never typed here. It stands in the environment of the server; without it nothing could be judged, so it cannot be switched on.", "Son secret ne se saisit jamais ici. Il se trouve dans l’environnement du serveur ; sans lui, rien ne pourrait être vérifié, et l’activation est impossible.";

    PAGE: "Support page", "Page d’assistance";
    PAGE_LEAD: "What customers see beside their tickets.", "Ce que les clients voient à côté de leurs tickets.";
    CARDS: "Cards with the counts", "Cartes avec les nombres";
    CARDS_HINT: "Open, in progress and resolved, at the top.", "Ouverts, en cours et résolus, en haut.";
    ARTICLES: "Suggested articles", "Articles suggérés";
    ARTICLES_HINT: "Beside the form and the ticket.", "À côté du formulaire et du ticket.";
    DETAILS: "Details of the ticket", "Détails du ticket";
    DETAILS_HINT: "Number, dates and status, beside the conversation.", "Numéro, dates et état, à côté de la conversation.";
    BELL: "The bell", "La cloche";
    BELL_HINT: "Answers are mailed in any case.", "Les réponses partent de toute façon par e-mail.";
    NAME_AS_TITLE: "The customer’s name as the title", "Le nom du client comme titre";
    NAME_AS_TITLE_HINT: "The list shows who asked in the place of what was asked.", "La liste montre qui a demandé plutôt que quoi.";
    ENTER_SENDS: "Enter sends", "Entrée envoie";
    ENTER_SENDS_HINT: "Shift with Enter begins a new line. Whoever has chosen otherwise keeps their choice.", "Maj et Entrée commencent une ligne. Qui a choisi autrement garde son choix.";
    SKETCH_HEADER: "Your desk", "Votre support";
    SKETCH_CARDS: "3 open · 1 in progress · 8 resolved", "3 ouverts · 1 en cours · 8 résolus";
    SKETCH_LIST: "Tickets", "Tickets";
    SKETCH_NAME: "Ana Martin", "Ana Martin";
    SKETCH_TITLE: "My hive is silent", "Ma ruche est silencieuse";
    SKETCH_TICKET: "Conversation", "Conversation";
    SKETCH_ENTER: "Enter sends", "Entrée envoie";
    SKETCH_SHIFT: "Ctrl + Enter sends", "Ctrl + Entrée envoie";
    SKETCH_DETAILS: "Details", "Détails";
    SKETCH_ARTICLES: "Suggested articles", "Articles suggérés";

    WELCOME: "Welcome", "Bienvenue";
    WELCOME_LEAD: "What a person reads on their first ticket, once.", "Ce qu’une personne lit sur son premier ticket, une seule fois.";
    WELCOME_EN: "In English", "En anglais";
    WELCOME_FR: "In French", "En français";
    WELCOME_HINT: "Markdown. Empty: readers of this language see the other text.", "Markdown. Vide : les lecteurs de cette langue voient l’autre texte.";
    WELCOME_NONE: "No welcome.", "Pas de message de bienvenue.";
    WELCOME_OTHER: "The text of the other language, because there is none in this one.", "Le texte de l’autre langue, faute de texte dans celle-ci.";

    PANEL: "Website panel", "Panneau web";
    PANEL_LEAD: "Tickets inside a page of your own.", "Les tickets dans une page à vous.";
    ORIGINS: "Websites that may show it", "Sites qui peuvent l’afficher";
    ORIGINS_HINT: "Such as https://www.example.com, without a path. With www and without are two websites.", "Par exemple https://www.example.com, sans chemin. Avec et sans www, ce sont deux sites.";
    ORIGIN_WRONG: "An address such as https://www.example.com, without a path. Plain http only on the same machine.", "Une adresse comme https://www.example.com, sans chemin. http seulement sur la même machine.";
    NO_WEBSITES: "No website may show it yet.", "Aucun site ne peut encore l’afficher.";
    ADD_WEBSITE: "Add a website", "Ajouter un site";
    REMOVE_WEBSITE: "Remove website {}", "Retirer le site {}";
    SNIPPET: "The line for your page", "La ligne pour votre page";
    SNIPPET_LEAD: "Paste it into any page of an allowed website. That is all it takes.", "Collez-la dans une page d’un site autorisé. Rien d’autre n’est nécessaire.";
    SNIPPET_OFFSET: "The number is the height of your page’s fixed header, in pixels; 0 without one.", "Le nombre est la hauteur de l’en-tête fixe de votre page, en pixels ; 0 s’il n’y en a pas.";
    SECRET: "Signing your users in", "Connecter vos utilisateurs";
    SECRET_LEAD: "Your own server can sign its users in to the panel, with a short token that it signs with this secret.", "Votre serveur peut connecter ses utilisateurs au panneau, par un court jeton qu’il signe avec ce secret.";
    NEW_SECRET: "Make a new secret", "Créer un nouveau secret";
    NEW_SECRET_TITLE: "Make a new secret?", "Créer un nouveau secret ?";
    NEW_SECRET_WHAT: "The one before stops working at once. Until your server has the new one, it signs nobody in.", "Le précédent cesse aussitôt de valoir. Tant que votre serveur n’a pas le nouveau, il ne connecte personne.";
    NEW_SECRET_ACT: "Make it", "Créer";
    SECRET_ONCE: "Copy it now: it is shown this once.", "Copiez-le maintenant : il n’est affiché que cette fois.";
    COPY: "Copy", "Copier";
    COPIED: "Copied.", "Copié.";
    NOT_COPIED: "The browser did not allow it. Mark the line and copy it by hand.", "Le navigateur ne l’a pas permis. Sélectionnez la ligne et copiez-la à la main.";
    IN_PLACE: "On your website", "Sur votre site";

    HISTORY: "History", "Historique";
    HISTORY_LEAD: "Who changed what, when, from what and to what.", "Qui a changé quoi, quand, de quoi à quoi.";
    NO_HISTORY: "Nothing was changed yet", "Rien n’a encore été changé";
    HISTORY_HINT: "Every change of settings, departments and fields is kept here.", "Chaque changement de réglage, de service et de champ est gardé ici.";
    ADDED: "added", "ajouté";
    WAS: "was ", "était ";
    BECAME: "became ", "devient ";
}

/// The kinds of custom fields.
pub const KINDS: &[Way] = &[
    way("text", Words { en: "A line", fr: "Une ligne" }),
    way("long_text", Words { en: "Several lines", fr: "Plusieurs lignes" }),
    way("number", Words { en: "A number", fr: "Un nombre" }),
    way("date", Words { en: "A date", fr: "Une date" }),
    way("select", Words { en: "One of several choices", fr: "Un choix parmi plusieurs" }),
    way("multi_select", Words { en: "Any of several choices", fr: "Plusieurs choix à la fois" }),
    way("checkbox", Words { en: "A box to tick", fr: "Une case à cocher" }),
    way("url", Words { en: "A web address", fr: "Une adresse web" }),
    way("email", Words { en: "An email address", fr: "Une adresse e-mail" }),
];

pub const PRIORITY_WAYS: [Words; 3] =
    [Words { en: "Low", fr: "Basse" }, Words { en: "Medium", fr: "Moyenne" }, Words { en: "High", fr: "Haute" }];

/// The days as the API names them.
pub const DAYS: [(&str, Words); 7] = [
    ("monday", Words { en: "Monday", fr: "Lundi" }),
    ("tuesday", Words { en: "Tuesday", fr: "Mardi" }),
    ("wednesday", Words { en: "Wednesday", fr: "Mercredi" }),
    ("thursday", Words { en: "Thursday", fr: "Jeudi" }),
    ("friday", Words { en: "Friday", fr: "Vendredi" }),
    ("saturday", Words { en: "Saturday", fr: "Samedi" }),
    ("sunday", Words { en: "Sunday", fr: "Dimanche" }),
];

/// What times are counted in: minutes of each, largest first.
pub const UNITS: [(f64, Words); 3] = [
    (1440.0, Words { en: "days (24 h)", fr: "jours (24 h)" }),
    (60.0, Words { en: "hours", fr: "heures" }),
    (1.0, Words { en: "minutes", fr: "minutes" }),
];
