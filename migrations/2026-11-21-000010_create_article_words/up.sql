-- Which words stand in which passage, and how much each tells of it: the part of BM25F that is known when a text
-- is published. A question then costs one walk along the key.
create table article_words (
    locale text not null check (locale in ('en', 'fr')),
    stem text not null,
    passage_id bigint not null references article_passages on delete cascade,
    weight real not null,
    primary key (locale, stem, passage_id) include (weight)
);

create index article_words_by_passage on article_words (passage_id);

-- In how many passages of a language each word stands. The empty word counts the passages.
create table article_word_counts (
    locale text not null check (locale in ('en', 'fr')),
    stem text not null,
    passages integer not null,
    primary key (locale, stem)
);

-- The words as they are written, for questions that misspell them.
create table article_spellings (
    locale text not null,
    stem text not null,
    word text not null,
    primary key (locale, stem, word),
    foreign key (locale, stem) references article_word_counts on delete cascade
);

create index article_spellings_similar on article_spellings using gin (word gin_trgm_ops);

-- What people say for what the words of a support desk mean, to begin with. The team may write another list.
insert into article_synonyms (words)
select string_to_array(line, ', ') from regexp_split_to_table($list$sign in, log in, login, signin, connect, access, se connecter, connexion, connecter, identifier, authentifier, acceder
sign out, log out, logout, signout, disconnect, se déconnecter, déconnexion
sign up, signup, register, registration, join, new account, create account, s'inscrire, inscription, inscrit, inscrire, enregistrer, créer un compte
password, pw, pwd, passwd, passphrase, passcode, mot de passe, mdp, sésame
forgot, forgotten, forget, recover, reset, lost password, oublié, oublier, oubli, réinitialiser, récupérer
ticket, request, case, inquiry, enquiry, issue, demande, requête, dossier, billet
delete, remove, erase, destroy, get rid, wipe, take back, withdraw, supprimer, effacer, enlever, retirer, suppression, effacement
attach, attachment, upload, enclose, joindre, pièce jointe, envoyer un fichier, téléverser, envoi
file, document, picture, photo, image, video, screenshot, pdf, fichier, capture, vidéo
folder, directory, dossier, répertoire
mail, email, e-mail, inbox, message, mailbox, messagerie, courriel, mèl, boîte
address, adresse, url
change, modify, edit, alter, correct, fix, update, adjust, rename, changer, modifier, corriger, correction, rectifier, éditer, renommer
typo, mistake, misspelled, faute, erreur, coquille
title, subject, subject line, headline, titre, objet, intitulé, sujet
close, resolve, resolved, solved, settled, done, finish, closed, mark, clore, clos, fermer, résoudre, résolu, réglé, terminer
reopen, open again, back again, rouvrir, réouvrir, reprendre
agent, staff, support, team, employee, operator, équipe, employé, conseiller
colleague, coworker, teammate, collègue
assign, hand over, give, delegate, transfer, take over, assigner, attribuer, confier, transmettre, passer, refiler, déléguer
customer, client, user, creator, requester, utilisateur, demandeur
human, person, somebody, real person, people, humain, personne, quelqu'un, vraie personne
robot, bot, ai, assistant, chatbot, machine, ia, intelligence artificielle, automate
answer, reply, respond, response, write back, comment, répondre, réponse, commentaire, commenter
urgent, priority, important, importance, critical, emergency, priorité, prioritaire, critique
status, state, stage, progress, statut, état, étape, avancement
pause, hold, on hold, park, wait, snooze, postpone, pending, suspendre, mettre en pause, attente, reporter
draft, unsent, unfinished, saved, half finished, brouillon, inachevé
lost, gone, disappeared, vanished, missing, perdu, disparu, disparaître, manquant
limit, maximum, max, most, size, big, large, length, how big, limite, taille, longueur, grand, gros, combien
note, internal note, private, hidden, colleagues only, secret, privé, interne, caché, note interne
public, visible, see, read, show, voir, vu, lire, montrer
search, find, look, looking, lookup, chercher, recherche, rechercher, trouver
filter, narrow, sort, filtre, filtrer, trier
keyboard, shortcut, hotkey, key, keys, keyboard shortcut, clavier, raccourci, touche, touches
dark mode, dark, night, black background, theme, black, mode sombre, sombre, fond noir, thème, noir, nuit
language, english, french, german, translate, translation, langue, anglais, français, traduire, traduction
phone, mobile, smartphone, iphone, android, tablet, téléphone, portable, tablette
app, application, store, appli
browser, firefox, chrome, safari, navigateur
notify, notification, alert, reminder, notifier, alerte, prévenir, rappel
account, profile, compte, profil
name, display name, nom
admin, administrator, owner, administrateur
role, permission, right, rights, allowed, promote, rôle, droit, droits, autorisé, promouvoir
block, lock, locked, deactivate, disable, suspend, ban, kick, left, bloquer, bloqué, verrouiller, désactiver, suspendre, couper, exclure
activate, enable, turn on, switch on, activer, allumer
turn off, switch off, disable, silence, stop, mute, désactiver, éteindre, arrêter, couper, muet
too many attempts, too often, throttle, wrong password, failed, trop de tentatives, trop de fois, échec
expire, expired, expires, old, too late, timeout, expirer, expiré, périmé, ancien, trop tard
link, url, hyperlink, lien, adresse
confirm, verify, verification, activation, confirmer, vérifier, vérification
received, receive, arrive, got, get, recevoir, reçu, arriver
send, sent, post, posted, submit, envoyer, envoyé, poster, posté, publier, expédier, soumettre
enter, return, send key, entrée, envoi
install, installation, set up, setup, deploy, installer, mettre en place, déployer
update, upgrade, new version, release, newer, mettre à jour, mise à jour, nouvelle version, version
backup, back up, copy, save, dump, restore, sauvegarde, sauvegarder, copier, copie, restaurer
server, machine, host, computer, serveur, hôte, ordinateur
proxy, nginx, caddy, apache, reverse proxy, mandataire
https, tls, ssl, certificate, certificat
database, postgres, postgresql, db, base de données, base
storage, store, disk, bucket, s3, amazon, minio, stockage, stocker, disque
full, quota, room, space, no room, plein, place, espace
refuse, refused, reject, rejected, not accepted, error, refuser, refusé, rejeté, rejeter
error, fail, failure, crash, bug, broken, erreur, échec, planter, planté, panne, bogue
retry, again, twice, duplicate, duplicates, repeat, réessayer, deux fois, doublon, doublons, répéter, double
script, program, code, client, api, curl, integration, programme, intégration
token, key, bearer, credential, jeton, clé
monitor, monitoring, health, alive, ping, surveillance, surveiller, santé
privacy, gdpr, data, personal data, rgpd, données, vie privée, confidentialité, données personnelles
location, gps, where, place, exif, metadata, localisation, position, métadonnées, lieu
import, migrate, bring in, copy over, importer, migrer, reprendre, recopier
export, download, extract, exporter, télécharger, extraire
article, page, documentation, docs, help page, help article, manual, guide, faq, doc, manuel, aide
publish, publication, online, publier, en ligne
unpublish, offline, take offline, withdraw, take back, dépublier, hors ligne, retirer
synonym, synonyms, same word, other word, synonyme, synonymes
category, section, group, catégorie, rubrique, groupe
time, hours, days, clock, since, elapsed, duration, temps, heures, jours, durée, depuis, écoulé
history, log, timeline, activity, historique, journal, activité
archive, old, put away, archiver, anciens, anciennes
device, devices, computer, elsewhere, appareil, appareils, ailleurs
feedback, helpful, rate, rating, opinion, useful, avis, utile, note, évaluer
model, llm, gpt, openai, ollama, llama, endpoint, modèle
price, cost, pay, fee, charge, billing, subscription, prix, coût, payer, tarif, facturation, abonnement
invoice, bill, receipt, facture, reçu
refund, money back, reimburse, remboursement, rembourser
configure, configuration, setting, settings, option, preference, parameter, configurer, réglage, paramètre, préférence, paramétrer
environment variable, variable, variable d'environnement
start, launch, run, boot, begin, démarrer, lancer, démarrage, commencer
stop, shut down, kill, halt, close, arrêter, arrêt, éteindre
slow, fast, speed, performance, quick, lent, rapide, vitesse
default, standard, out of the box, par défaut
require, need, required, necessary, prerequisite, mandatory, exiger, nécessaire, requis, obligatoire, falloir
free, gratis, open source, licence, license, gratuit, libre
own, self-hosted, on premise, ourselves, propre, soi-même, auto-hébergé
write, type, compose, writing, écrire, rédiger, saisir, taper, rédaction
read, unread, seen, lu, lire, non lu
line, row, entry, ligne, entrée
list, overview, table, queue, liste, aperçu, tableau, file
button, icon, bouton, icône
drag, drop, drag and drop, glisser, déposer
paste, clipboard, coller, presse-papiers
several, multiple, many, more than one, plusieurs, multiples
request, http request, call, requête, appel
route, path, endpoint, chemin
parse, parser, parsing, accept, read, analyser
redirect, forward, send elsewhere, rediriger
graceful, gracefully, clean, shutdown, proprement
test, tests, testing, unit test, tester
visible, available, accessible, reachable, exposed
share, reuse, shared, common, partager, partagé
hide, mask, redact, conceal, masquer, cacher
plugin, extension, add-on, module, greffon
hook, callback, listener, event, lifecycle
middleware, express
version, versions, versioning
validate, validation, check, schema, valider
deploy, lambda, cloud, serverless
vulnerability, security, exploit, hole, vulnérabilité, sécurité, faille
supported, support, maintained, lifetime, life, pris en charge
contact, write to you, reach you, get in touch, ask, new ticket, open a ticket, nous écrire, vous écrire, contacter, joindre, ouvrir un ticket, poser une question, nouveau ticket
wrong, incorrect, mistaken, mistyped, bad, invalid, faux, mauvais, erroné, trompé, tromper, invalide
see, saw, seen, view, look, visible, voir, voit, vois, voient, voyez, vu
display, show, view, hide, only, afficher, affiche, montrer, montre, voir
écrire, écris, écrit, écrivez, écrivent, écrite, rédiger
write, wrote, written, writing
lire, lis, lit, lisent, lisez, lu, lecture, relire
envoyer, envoie, envoient, envoyez, envoyé, envoi, expédier
recevoir, reçois, reçoit, reçoivent, reçu, réception
ouvrir, ouvre, ouvrent, ouvert, ouverte, ouverture
fermer, ferme, fermé, fermeture, clore, clos, close, clôturer, terminer, terminé, terminée
mettre, mets, met, mettent, mis, mise, placer
prendre, prend, prends, pris, prise
répondre, répond, réponds, répondent, réponse
perdre, perds, perd, perdu, perte
permettre, permet, permettent, permis, autoriser, autorise
savoir, sait, su, connaître
choisir, choisit, choix, sélectionner, sélection
choose, chose, chosen, choice, select, selection, pick
send, sends, sent, sending
find, found, finding, locate
lose, lost, loss, losing
keep, kept, retain, remain, survive, conserver, garder, conservé, gardé
take, took, taken
give, gave, given
hide, hid, hidden, conceal
begin, began, begun, start, first steps, getting started, quick start, beginner, smallest, minimal, hello world
consulter, consultez, regarder, vérifier, lire
popup, pop-up, modal, dialog, overlay, window, fenêtre, modale, boîte de dialogue, surgissante, pop-in
footer, bottom of the page, pied de page, bas de page, bas de chaque page
header, top of the page, banner, en-tête, haut de page, bandeau, entête
dropdown, drop-down, select, combobox, picker, menu déroulant, liste déroulante, déroulant
checkbox, tick, check box, case à cocher, cocher, coche
radio, radio button, bouton radio, une seule option, choix unique
tooltip, hint, bubble, infobulle, bulle, bulle d'aide
tab, tabs, onglet, onglets
breadcrumb, breadcrumbs, fil d'ariane, chemin
accordion, collapse, fold, expand, accordéon, replier, déplier, plier, repliable
card, tile, thumbnail, carte, tuile, vignette
wizard, stepper, steps, progress, étapes, étape, indicateur d'étapes, avancement
alert, warning, banner, notice, message, alerte, avertissement, bandeau
carousel, slider, range, curseur, glissière
transcript, transcription, subtitle, caption, sous-titre, texte d'une vidéo
menu, navigation, sidebar, side menu, menu latéral
pager, pagination, pages, next page, page suivante
switch, toggle, on off, interrupteur, bascule
share, social, facebook, twitter, partager, partage, réseaux sociaux
newsletter, subscribe, follow, s'abonner, abonnement, lettre d'information, suivre
consent, cookie, cookies, tracker, consentement, traceur
accessibility, accessible, screen reader, blind, accessibilité, lecteur d'écran, aveugle
mandatory, required, compulsory, obligatoire, requis, exiger, obliger
forbidden, prohibited, not allowed, avoid, interdit, déconseillé, éviter, ne pas
picture, diagram, drawing, chart, schéma, dessin, image, illustration
abort, cancel, interrupt, timeout, take too long, annuler, interrompre, abandonner
throw, throws, exception, error, raise
prefix, in front of, prepend, préfixe
readme, license, publish, package, npm
code, source, snippet, block, extrait, bloc de code, bout de code
readable, format, formatting, markdown, bold, mise en forme, lisible, gras
day, date, calendar, birthday, jour, calendrier, naissance
company, business, firm, organisation, entreprise, société, organisme
reuse, share, common, shared, réutiliser, commun
before, first, order, sequence, lifecycle, ordre, avant
secret, password, code secret, mot de passe
shoulder, stolen, leaked, compromised, hacked, volé, piraté, compromis$list$, '\n') as line;
