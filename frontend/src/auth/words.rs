//! The sentences of signing in.

use crate::i18n::words;

words! {
    SIGN_IN: "Sign in", "Se connecter";
    SIGN_IN_LEAD: "Follow your tickets and write to the team.", "Suivez vos tickets et écrivez à l’équipe.";
    EMAIL: "Email", "Adresse e-mail";
    PASSWORD: "Password", "Mot de passe";
    NEW_PASSWORD: "New password", "Nouveau mot de passe";
    PASSWORD_RULE: "At least 12 characters. Several words in a row are easy to remember.", "Au moins 12 caractères. Plusieurs mots à la suite se retiennent bien.";
    NAME: "Name", "Nom";
    FORGOT_LINK: "Forgot your password?", "Mot de passe oublié ?";
    REGISTER_LINK: "Create an account", "Créer un compte";
    HAVE_ACCOUNT: "Already have an account?", "Vous avez déjà un compte ?";
    NO_ACCOUNT: "New here?", "Nouveau ici ?";
    MAIL_LINK: "Email me a sign-in link", "M’envoyer un lien de connexion";
    OR: "or", "ou";
    REGISTER: "Create an account", "Créer un compte";
    REGISTER_LEAD: "With an account you open tickets and follow the answers.", "Avec un compte, vous ouvrez des tickets et suivez les réponses.";
    REGISTER_ACT: "Create account", "Créer le compte";
    FORGOT: "Forgot your password?", "Mot de passe oublié ?";
    FORGOT_LEAD: "Enter your address and we send you a link to choose a new one.", "Indiquez votre adresse : nous vous envoyons un lien pour en choisir un nouveau.";
    FORGOT_ACT: "Send the link", "Envoyer le lien";
    BACK_TO_SIGN_IN: "Back to sign in", "Retour à la connexion";
    CHECK_MAIL: "Check your mail", "Consultez votre messagerie";
    CHECK_MAIL_REGISTER: "We have sent a message to {}. Open its link, or type its code here.", "Nous avons envoyé un message à {}. Ouvrez son lien, ou saisissez son code ici.";
    CHECK_MAIL_LINK: "If {} has an account, a message with a link is on its way.", "Si {} a un compte, un message avec un lien est en route.";
    CODE: "Code from the message", "Code du message";
    CONFIRM: "Confirm", "Confirmer";
    VERIFY: "Confirm your address", "Confirmez votre adresse";
    VERIFY_LEAD: "Type the code from the message we sent you.", "Saisissez le code du message que nous vous avons envoyé.";
    VERIFYING: "Signing you in…", "Connexion en cours…";
    LINK_DEAD: "This link no longer works", "Ce lien ne fonctionne plus";
    LINK_DEAD_WHY: "It has been used, has expired, or is not complete. We can mail a new one to the address that this one was sent to.", "Il a déjà servi, a expiré ou n’est pas complet. Nous pouvons en envoyer un nouveau à l’adresse à laquelle celui-ci a été envoyé.";
    RENEW: "Mail me a new link", "M’envoyer un nouveau lien";
    RENEWED: "If the link was one of ours, a message with a new one is on its way to the address that it was sent to.", "Si le lien venait de nous, un message avec un nouveau lien est en route vers l’adresse à laquelle il avait été envoyé.";
    TO_TICKETS: "Show my tickets", "Afficher mes tickets";
    RESET: "Choose a new password", "Choisissez un nouveau mot de passe";
    RESET_ACT: "Set password", "Enregistrer le mot de passe";
    RESET_DONE: "Your password is changed. Sign in with it.", "Votre mot de passe est changé. Connectez-vous avec.";
    ASK_AGAIN: "Ask for a new link", "Demander un nouveau lien";
    UNREACHABLE: "The server cannot be reached", "Le serveur est injoignable";
    CLOSED: "Accounts are made by the team", "Les comptes sont créés par l’équipe";
    CLOSED_WHO: "Ask the person at {} whom you deal with for an account, then sign in with the address that they have noted.", "Demandez un compte à votre interlocuteur chez {}, puis connectez-vous avec l’adresse qu’il a notée.";
}
