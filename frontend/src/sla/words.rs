//! The sentences about the SLA. Those about a target follow its name.

use crate::i18n::words;

words! {
    ELAPSED: "Time since creation: {}", "Temps écoulé depuis la création : {}";
    TAKEN: "Resolved in {}", "Résolu en {}";

    FIRST: "First reply", "1re réponse";
    NEXT: "Reply", "Réponse";
    RESOLUTION: "Resolution", "Résolution";
    FIRST_FULL: "First response", "Première réponse";
    NEXT_FULL: "Next response", "Réponse suivante";

    DUE: "due in {}", "d’ici {}";
    DUE_FULL: "on track, due in {}", "dans les temps, attendue d’ici {}";
    AT_RISK: "at risk, {} left", "à risque, reste {}";
    AT_RISK_FULL: "at risk, {} left", "à risque, il reste {}";
    OVERDUE: "overdue {}", "en retard de {}";
    OVERDUE_FULL: "overdue by {}", "en retard de {}";
    PAUSED: "paused", "en suspens";
    MET: "in time", "dans les temps";
    LATE: "late", "hors délai";

    ON_TRACK_STATE: "on track", "dans les temps";
    AT_RISK_STATE: "at risk", "à risque";
    OVERDUE_STATE: "overdue", "en retard";

    WAITS: "waiting for the customer", "attente du client";
    ON_HOLD: "on hold", "ticket en pause";
    YOURS: "your turn", "à vous";

    WHY: "Why does it say so?", "Pourquoi est-ce affiché ?";
    IN_ZONE: "Times in {}", "Heures de {}";
    PROMISED: "Promised", "Promis";
    SINCE: "Since", "Depuis";
    DUE_AT: "Due", "Échéance";
    PROMISE: "within {} of opening hours", "sous {} d’heures d’ouverture";
    PRIORITY: "Priority {}", "Priorité {}";
    COUNTED: "Counted", "Compté";
    OUT_OF_HOURS: "Out of hours", "Hors horaires";
    HOLIDAY: "Holiday", "Jour férié";
    PAUSE: "Paused", "En suspens";
    EARLIER: "Counted before", "Compté auparavant";
    EARLIER_NOT: "Not counted before", "Non compté auparavant";
}
