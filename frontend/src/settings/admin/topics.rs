//! THE table of topics, and the fields of those that are plain forms.
//!
//! Invariant: what the server calls a topic is its slug here, so that addresses, saving and history agree.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    brand, departments,
    draft::Draft,
    fields, form, history, hours, json, looks, panel, sla,
    spec::{Kind, Spec, Way, spec, way},
    welcome, words as w,
};
use crate::{i18n::Words, webhooks};

pub struct Topic {
    pub slug: &'static str,
    pub title: Words,
    pub lead: Words,
    pub body: Body,
}

#[derive(Clone, Copy)]
pub enum Body {
    /// One topic of the settings.
    Form {
        specs: &'static [Spec],
        /// What the table cannot say.
        more: Part,
        look: Part,
        /// What the look is called.
        beside: Words,
        /// Takes out what no longer means anything, before it is saved.
        tidy: fn(&mut Value),
    },
    Page(fn() -> AnyView),
}

pub const GROUPS: &[(Words, &[Topic])] = &[
    (
        w::OF_DESK,
        &[
            Topic { slug: "brand", title: w::BRAND, lead: w::BRAND_LEAD, body: BRAND },
            Topic { slug: "assistant", title: w::ASSISTANT, lead: w::ASSISTANT_LEAD, body: ASSISTANT },
            Topic {
                slug: "departments",
                title: w::DEPARTMENTS,
                lead: w::DEPARTMENTS_LEAD,
                body: Body::Page(departments::page),
            },
            Topic { slug: "team", title: w::TEAM, lead: w::TEAM_LEAD, body: TEAM },
        ],
    ),
    (
        w::OF_TICKETS,
        &[
            Topic { slug: "form", title: w::FORM, lead: w::FORM_LEAD, body: FORM },
            Topic { slug: "fields", title: w::FIELDS, lead: w::FIELDS_LEAD, body: Body::Page(fields::page) },
            Topic { slug: "sla", title: w::SLA, lead: w::SLA_LEAD, body: SLA },
            Topic { slug: "archiving", title: w::ARCHIVING, lead: w::ARCHIVING_LEAD, body: ARCHIVING },
        ],
    ),
    (
        w::OF_CUSTOMERS,
        &[
            Topic { slug: "registration", title: w::REGISTRATION, lead: w::REGISTRATION_LEAD, body: REGISTRATION },
            Topic { slug: "captcha", title: w::CAPTCHA, lead: w::CAPTCHA_LEAD, body: CAPTCHA },
            Topic { slug: "page", title: w::PAGE, lead: w::PAGE_LEAD, body: PAGE },
            Topic { slug: "welcome", title: w::WELCOME, lead: w::WELCOME_LEAD, body: WELCOME },
            Topic { slug: "panel", title: w::PANEL, lead: w::PANEL_LEAD, body: PANEL },
        ],
    ),
    (
        w::OF_PROGRAMS,
        &[Topic {
            slug: "webhooks",
            title: webhooks::WEBHOOKS,
            lead: webhooks::WEBHOOKS_LEAD,
            body: Body::Page(webhooks::page),
        }],
    ),
    (
        w::OF_CHANGES,
        &[Topic { slug: "history", title: w::HISTORY, lead: w::HISTORY_LEAD, body: Body::Page(history::page) }],
    ),
];

pub fn named(slug: &str) -> Option<&'static Topic> {
    GROUPS.iter().flat_map(|(_, topics)| topics.iter()).find(|topic| topic.slug == slug)
}

const BRAND: Body = with(&[spec("/name", w::DESK_NAME, Kind::Line)], brand::more, brand::look);

const ASSISTANT: Body = with(
    &[
        spec(
            "/mode",
            w::MODE,
            Kind::One(&[
                way("auto", w::MODE_AUTO).hint(w::MODE_AUTO_HINT),
                way("draft", w::MODE_DRAFT).hint(w::MODE_DRAFT_HINT),
                way("off", w::MODE_OFF).hint(w::MODE_OFF_HINT),
            ]),
        ),
        spec("/name", w::ASSISTANT_NAME, Kind::Line).hint(w::ASSISTANT_NAME_HINT),
    ],
    nothing,
    looks::assistant,
);

const TEAM: Body = with(
    &[spec(
        "/agents_see",
        w::AGENTS_SEE,
        Kind::One(&[way("all", w::SEE_ALL).hint(w::SEE_ALL_HINT), way("own", w::SEE_OWN).hint(w::SEE_OWN_HINT)]),
    )],
    nothing,
    looks::team,
);

const NEEDS: &[Way] =
    &[way("off", w::OFF).hint(w::OFF_HINT), way("optional", w::OPTIONAL), way("required", w::REQUIRED)];

const FORM: Body = with(
    &[
        spec("/title/en", w::TITLE_WORD, Kind::Both { french: "/title/fr", usual: ["Title", "Titre"], needed: false })
            .hint(w::WORD_HINT),
        spec(
            "/message/en",
            w::MESSAGE_WORD,
            Kind::Both { french: "/message/fr", usual: ["Message", "Message"], needed: false },
        )
        .hint(w::WORD_HINT),
        spec("/priority", w::PRIORITY, Kind::One(NEEDS)),
        spec("/department", w::DEPARTMENT, Kind::One(NEEDS)).wrong(w::NO_DEPARTMENTS),
    ],
    form::more,
    form::look,
);

const ARCHIVING: Body = with(
    &[spec("/after_days", w::AFTER_DAYS, Kind::Count).hint(w::AFTER_DAYS_HINT).wrong(w::AFTER_DAYS_WRONG)],
    nothing,
    looks::archiving,
);

const REGISTRATION: Body = Body::Form {
    specs: &[
        spec(
            "/mode",
            w::WHO_ASKS,
            Kind::One(&[
                way("required", w::MODE_REQUIRED).hint(w::MODE_REQUIRED_HINT),
                way("passwordless", w::MODE_PASSWORDLESS).hint(w::MODE_PASSWORDLESS_HINT),
                way("closed", w::MODE_CLOSED).hint(w::MODE_CLOSED_HINT),
            ]),
        ),
        spec("/entry", w::ENTRY, Kind::One(&[way("sign_in", w::ENTRY_SIGN_IN), way("register", w::ENTRY_REGISTER)]))
            .wrong(w::ENTRY_WRONG)
            .when(|it| json::word(it, "/mode") == "required"),
        spec("/profile_editing", w::PROFILE_EDITING, Kind::Switch).hint(w::PROFILE_EDITING_HINT),
    ],
    more: nothing,
    look: looks::registration,
    beside: w::LOOK,
    tidy: |it| {
        if json::word(it, "/mode") == "closed" {
            json::put(it, "/entry", "sign_in".into());
        }
    },
};

const CAPTCHA: Body = Body::Form {
    specs: &[
        spec(
            "/provider",
            w::PROVIDER,
            Kind::One(&[
                way("", w::PROVIDER_USUAL).hint(w::PROVIDER_USUAL_HINT),
                way("altcha", w::PROVIDER_ALTCHA).hint(w::PROVIDER_ALTCHA_HINT),
                way("turnstile", w::PROVIDER_TURNSTILE),
                way("hcaptcha", w::PROVIDER_HCAPTCHA),
                way("recaptcha_v2", w::PROVIDER_RECAPTCHA_2),
                way("recaptcha_v3", w::PROVIDER_RECAPTCHA_3),
                way("off", w::PROVIDER_OFF).hint(w::PROVIDER_OFF_HINT),
            ]),
        )
        .wrong(w::PROVIDER_WRONG),
        spec("/site_key", w::SITE_KEY, Kind::Line).hint(w::SITE_KEY_HINT).when(looks::judged_elsewhere),
    ],
    more: nothing,
    look: looks::captcha,
    beside: w::LOOK,
    tidy: |it| {
        if !looks::judged_elsewhere(it) || json::word(it, "/site_key").trim().is_empty() {
            json::put(it, "/site_key", Value::Null);
        }
    },
};

const PAGE: Body = with(
    &[
        spec("/cards", w::CARDS, Kind::Switch).hint(w::CARDS_HINT),
        spec("/articles", w::ARTICLES, Kind::Switch).hint(w::ARTICLES_HINT),
        spec("/details", w::DETAILS, Kind::Switch).hint(w::DETAILS_HINT),
        spec("/bell", w::BELL, Kind::Switch).hint(w::BELL_HINT),
        spec("/name_as_title", w::NAME_AS_TITLE, Kind::Switch).hint(w::NAME_AS_TITLE_HINT),
        spec("/enter_sends", w::ENTER_SENDS, Kind::Switch).hint(w::ENTER_SENDS_HINT),
    ],
    nothing,
    looks::page,
);

const WELCOME: Body = with(
    &[
        spec("/en", w::WELCOME_EN, Kind::Markdown("en")).hint(w::WELCOME_HINT),
        spec("/fr", w::WELCOME_FR, Kind::Markdown("fr")).hint(w::WELCOME_HINT),
    ],
    nothing,
    welcome::look,
);

const PANEL: Body = Body::Form {
    specs: &[],
    more: panel::more,
    look: panel::look,
    beside: w::IN_PLACE,
    tidy: panel::without_blank_lines,
};

const SLA: Body =
    Body::Form { specs: &[], more: sla::more, look: sla::look, beside: w::LOOK, tidy: hours::without_blank_lines };

fn nothing(_: Draft) -> AnyView {
    ().into_any()
}

type Part = fn(Draft) -> AnyView;

const fn with(specs: &'static [Spec], more: Part, look: Part) -> Body {
    Body::Form { specs, more, look, beside: w::LOOK, tidy: |_| () }
}
