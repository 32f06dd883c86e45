//! One custom field: what it asks, of whom, and what it accepts.
//!
//! Invariant: whoever has never heard of keys needs to type none.

use api_types::people::Locale;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    api, choices,
    control::{Cell, Means, checks, input, labelled},
    draft::Draft,
    fields::{PATH, kind_words},
    json::{self, word},
    page::beside,
    sample::{Sample, samples},
    sheet::sheet,
    spec::{self, Kind, Spec, spec},
    things::Things,
    words::{
        ALL_FIELDS, DAY_FIRST, DAY_LAST, DEPARTMENTS_OF_FIELD, DEPARTMENTS_OF_FIELD_HINT, FIELD_ADDED, FIELD_HELP,
        FIELD_HELP_HINT, FIELD_LABEL, FIELD_LABEL_HINT, FIELD_REQUIRED, FIELD_REQUIRED_HINT, IN_QUEUE, IN_QUEUE_HINT,
        KEY, KEY_HINT, KEY_WRONG, KIND, KIND_FIXED, KINDS, LENGTH_LEAST, LENGTH_MOST, LENGTH_WRONG, LOOK,
        NO_FORM_FIELD, NUMBER_LEAST, NUMBER_MOST, RULE_WRONG, RULES, SAVED, TOO_MANY_FIELDS,
    },
};
use crate::{
    address_bar,
    erased::{dynamic, memo},
    i18n::Words,
    paths,
    shell::NotFoundPage,
    ui::toast,
};

const WORDS: &[Spec] = &[
    spec("/label_en", FIELD_LABEL, Kind::Both { french: "/label_fr", usual: ["", ""], needed: true })
        .hint(FIELD_LABEL_HINT),
    spec("/help_en", FIELD_HELP, Kind::Both { french: "/help_fr", usual: ["", ""], needed: true })
        .hint(FIELD_HELP_HINT),
];

const KIND_CHOICE: &[Spec] = &[spec("/kind", KIND, Kind::One(KINDS))];

const ANSWERS: &[Spec] = &[
    spec("/required", FIELD_REQUIRED, Kind::Switch).hint(FIELD_REQUIRED_HINT),
    spec("/in_queue", IN_QUEUE, Kind::Switch).hint(IN_QUEUE_HINT).when(|it| word(it, "/kind") != "long_text"),
];

/// The rules of a kind: where, called how, typed how.
fn rules(kind: &str) -> &'static [(&'static str, Words, &'static str, Means)] {
    match kind {
        "text" | "long_text" => &[
            ("/rules/min_length", LENGTH_LEAST, "number", Means::Count),
            ("/rules/max_length", LENGTH_MOST, "number", Means::Count),
        ],
        "number" => &[
            ("/rules/min", NUMBER_LEAST, "number", Means::Number),
            ("/rules/max", NUMBER_MOST, "number", Means::Number),
        ],
        "date" => {
            &[("/rules/earliest", DAY_FIRST, "date", Means::Words), ("/rules/latest", DAY_LAST, "date", Means::Words)]
        }
        _ => &[],
    }
}

/// What can be changed of a field.
fn parts(field: &Value, is_new: bool) -> Value {
    let text = |name: &str| word(field, &format!("/{name}")).to_owned();
    let list = |at: &str| json::list(json::part(field, at)).to_vec();
    let flag = |at: &str| json::flag(field, at);
    let mut parts = json!({
        "label_en": text("label_en"), "label_fr": text("label_fr"), "help_en": text("help_en"), "help_fr": text("help_fr"),
        "kind": if is_new { "text".to_owned() } else { text("kind") }, "key": text("key"),
        "required": flag("/required"), "in_queue": flag("/in_queue"), "departments": list("/departments"),
        "choices": list("/choices"), "rules": {},
    });
    if let Some(rules) = field.get("rules") {
        json::put(&mut parts, "/rules", rules.clone());
    }
    parts
}

/// What is sent: without what the kind has no room for, and with the keys that nobody typed.
fn request(mut field: Value, is_new: bool, taken: &[String]) -> Value {
    let kind = word(&field, "/kind").to_owned();
    let mut kept = json!({});
    for (at, ..) in rules(&kind) {
        json::put(&mut kept, at.trim_start_matches("/rules"), json::part(&field, at).clone());
    }
    json::put(&mut field, "/rules", kept);
    if kind == "long_text" {
        json::put(&mut field, "/in_queue", false.into());
    }
    let listed = if choices::are_of(&kind) {
        choices::with_keys(json::list(json::part(&field, "/choices")))
    } else {
        Vec::new()
    };
    json::put(&mut field, "/choices", Value::Array(listed));
    if is_new {
        if word(&field, "/key").trim().is_empty() {
            let key = choices::key_for(word(&field, "/label_en"), taken);
            json::put(&mut field, "/key", key.into());
        }
    } else {
        json::put(&mut field, "/key", Value::Null);
        json::put(&mut field, "/kind", Value::Null);
    }
    field
}

pub fn editor(things: Things, id: &str, departments: &[Value]) -> AnyView {
    let known = things.find(id);
    if known.is_none() && id != "new" {
        return view! { <NotFoundPage /> }.into_any();
    }
    let (id, is_new) = (id.to_owned(), known.is_none());
    let draft = Draft::begin(format!("fields/{id}"), "", parts(&known.unwrap_or_default(), is_new));
    let taken: Vec<String> =
        things.items.with_untracked(|items| items.iter().map(|it| word(it, "/key").to_owned()).collect());
    let save = move || {
        let sent = draft.now.get_untracked();
        let (value, id) = (request(sent.clone(), is_new, &taken), id.clone());
        let call = async move {
            if is_new { api::add_thing(PATH, value).await } else { api::change_thing(PATH, id, value).await }
        };
        draft.form.run(call, move |item: Value| {
            draft.settle(&sent, parts(&if is_new { Value::Null } else { item.clone() }, is_new));
            things.take(item);
            toast::say(if is_new { FIELD_ADDED } else { SAVED });
            if is_new {
                address_bar::go(&paths::settings("fields"));
            }
        });
    };
    let body = view! {
        {spec::fields(draft, WORDS)}
        {if is_new { spec::fields(draft, KIND_CHOICE) } else { fixed(draft) }}
        {choices::of(draft)}
        {spec::fields(draft, ANSWERS)}
        {limits(draft)}
        {of_departments(draft, departments)}
        {is_new.then(|| key(draft))}
    }
    .into_any();
    let look = dynamic(move || {
        let field = draft.now.get();
        let both = [Locale::English, Locale::French];
        both.map(|locale| samples(vec![Sample::of(&field, locale)], locale, None)).into_iter().collect::<Vec<_>>()
    });
    let look = view! { {look} <p class="quiet">{NO_FORM_FIELD}</p> }.into_any();
    view! {
        <p class="crumbs"><a href=paths::settings("fields")>{ALL_FIELDS}</a></p>
        {beside(sheet(draft, Some(TOO_MANY_FIELDS), save, body), LOOK, look)}
    }
    .into_any()
}

/// The kind of a field that is there.
fn fixed(draft: Draft) -> AnyView {
    let kind = move || kind_words(&draft.text("/kind")).map(Words::get);
    view! {
        <dl class="facts">
            <dt>{KIND}</dt>
            <dd>{kind}</dd>
            <dt>{KEY}</dt>
            <dd><code>{move || draft.text("/key")}</code></dd>
        </dl>
        <p class="field-hint">{KIND_FIXED}</p>
    }
    .into_any()
}

fn limits(draft: Draft) -> AnyView {
    let kind = memo(move || draft.text("/kind"));
    dynamic(move || {
        let rules = rules(&kind.get());
        let row = |(at, label, kind, means): &(&'static str, Words, &'static str, Means)| {
            let wrong = if *means == Means::Count { LENGTH_WRONG } else { RULE_WRONG };
            let cell = Cell::new(draft, (*at).to_owned()).wrong(wrong);
            labelled(&cell, *label, input(&cell, kind, *means, "", ""))
        };
        (!rules.is_empty()).then(|| {
            view! {
                <fieldset class="both">
                    <legend>{RULES}</legend>
                    <div class="pair">{rules.iter().map(row).collect::<Vec<_>>()}</div>
                </fieldset>
            }
        })
    })
}

fn of_departments(draft: Draft, departments: &[Value]) -> AnyView {
    let locale = crate::i18n::locale_untracked();
    let open = departments.iter().filter(|it| !json::flag(it, "/retired"));
    let offered: Vec<_> =
        open.map(|it| (word(it, "/id").to_owned(), word(it, &format!("/name_{locale}")).to_owned())).collect();
    if offered.is_empty() {
        return ().into_any();
    }
    let cell = Cell::new(draft, "/departments".to_owned()).hint(DEPARTMENTS_OF_FIELD_HINT);
    checks(&cell, DEPARTMENTS_OF_FIELD, offered)
}

fn key(draft: Draft) -> AnyView {
    let cell = Cell::new(draft, "/key".to_owned()).hint(KEY_HINT).wrong(KEY_WRONG);
    labelled(&cell, KEY, input(&cell, "text", Means::Text, "", ""))
}

/// What a rule is called, by its name in the API.
pub fn rule_words(name: &str) -> Option<Words> {
    let all = ["text", "number", "date"].into_iter().flat_map(rules);
    all.into_iter().find(|(at, ..)| at.ends_with(&format!("/{name}"))).map(|(_, words, ..)| *words)
}
