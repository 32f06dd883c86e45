//! Two states of a topic in words: what differs, what that is called, and what it says.
//!
//! Invariant: what no table knows is shown as the API names it, rather than left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    json::{self, word},
    sla,
    spec::{Kind, Spec},
    topics::{self, Body},
    words::{
        ACCENT, CHOICES, DAYS, DEFAULT_DEPARTMENT, DEPARTMENT_PEOPLE, DEPARTMENTS, FIELD_HELP, FIELD_LABEL,
        FIELD_REQUIRED, HOLIDAYS, IN_ENGLISH, IN_FRENCH, IN_QUEUE, KEY, KIND, KINDS, LOGO, LOGO_OWN, NOTHING, OFF_WORD,
        ON_WORD, ORIGINS, PLACE, RULES, TIME_ZONE,
    },
};
use crate::{
    i18n::{self, Words},
    webhooks,
};

/// What departments are called, by their ids.
pub struct Names(BTreeMap<String, [String; 2]>);

impl Names {
    pub fn of(departments: &[Value]) -> Self {
        let name = |it: &Value| {
            let both = [word(it, "/name_en").to_owned(), word(it, "/name_fr").to_owned()];
            (word(it, "/id").to_owned(), both)
        };
        Self(departments.iter().map(name).collect())
    }

    fn get(&self, id: &str) -> Option<&str> {
        let french = i18n::locale() == api_types::people::Locale::French;
        self.0.get(id)?.get(usize::from(french)).map(String::as_str)
    }
}

type Difference<'a> = (String, &'a Value, &'a Value);

/// The parts that differ, without those that say which thing it is and whether it is retired.
pub fn between<'a>(topic: &str, before: &'a Value, after: &'a Value) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    walk(String::new(), before, after, &mut found);
    let thing = matches!(topic, "departments" | "fields");
    let is_told = |at: &str| !(thing && matches!(at, "/id" | "/retired" | "/position"));
    // An order that is all that changed is worth a line.
    let only_place = thing && found.iter().all(|(at, ..)| at == "/position");
    found.retain(|(at, before, after)| (is_told(at) || only_place) && !(says_nothing(before) && says_nothing(after)));
    found.sort_by_key(|(at, ..)| MORE.iter().position(|(place, _)| place == at).unwrap_or(MORE.len()));
    found
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(parts) => parts.values().all(says_nothing),
        Value::Bool(on) => !on,
        Value::Number(_) => false,
    }
}

fn walk<'a>(at: String, before: &'a Value, after: &'a Value, found: &mut Vec<Difference<'a>>) {
    let keys: BTreeSet<&String> =
        [before, after].into_iter().filter_map(Value::as_object).flat_map(|it| it.keys()).collect();
    if keys.is_empty() {
        if before != after {
            found.push((at, before, after));
        }
        return;
    }
    for key in keys {
        let part = |value: &'a Value| json::part(value, &format!("/{key}"));
        walk(format!("{at}/{key}"), part(before), part(after), found);
    }
}

/// What is called where, besides what the tables of the forms say; of a thing in this order.
const MORE: &[(&str, Words)] = &[
    ("/label_en", FIELD_LABEL),
    ("/label_fr", FIELD_LABEL),
    ("/name_en", super::words::NAME),
    ("/name_fr", super::words::NAME),
    ("/kind", KIND),
    ("/key", KEY),
    ("/choices", CHOICES),
    ("/required", FIELD_REQUIRED),
    ("/in_queue", IN_QUEUE),
    ("/departments", DEPARTMENTS),
    ("/people", DEPARTMENT_PEOPLE),
    ("/help_en", FIELD_HELP),
    ("/help_fr", FIELD_HELP),
    ("/rules", RULES),
    ("/position", PLACE),
    ("/accent", ACCENT),
    ("/logo", LOGO),
    ("/default_department", DEFAULT_DEPARTMENT),
    ("/origins", ORIGINS),
    ("/url", webhooks::ADDRESS),
    ("/description", webhooks::DESCRIPTION),
    ("/events", webhooks::EVENTS),
    ("/calendar/time_zone", TIME_ZONE),
    ("/calendar/holidays", HOLIDAYS),
];

fn specs(topic: &str) -> &'static [Spec] {
    match topics::named(topic).map(|topic| topic.body) {
        Some(Body::Form { specs, .. }) => specs,
        _ => &[],
    }
}

fn is_of(spec: &Spec, at: &str) -> bool {
    spec.at == at || matches!(spec.kind, Kind::Both { french, .. } if french == at)
}

/// What a part is called.
pub fn label(topic: &str, at: &str) -> String {
    let words = specs(topic).iter().find(|spec| is_of(spec, at)).map(|spec| spec.label.get());
    let words = words.or_else(|| MORE.iter().find(|(place, _)| *place == at).map(|(_, words)| words.get()));
    let language = match at.rsplit(['/', '_']).next() {
        Some("en") => IN_ENGLISH.get(),
        Some("fr") => IN_FRENCH.get(),
        _ => "",
    };
    if let Some(words) = words {
        return if language.is_empty() || topic == "welcome" {
            words.to_owned()
        } else {
            format!("{words} ({})", language.to_lowercase())
        };
    }
    let (above, last) = at.rsplit_once('/').unwrap_or(("", at));
    if above == "/calendar/hours" {
        return DAYS.iter().find(|(day, _)| *day == last).map_or(last, |(_, words)| words.get()).to_owned();
    }
    if let Some(priority) = above.strip_prefix("/targets/") {
        let priority =
            sla::PRIORITIES.iter().find(|(it, _)| it.as_str() == priority).map_or(priority, |(_, words)| words.get());
        let kind = sla::KINDS.iter().find(|(it, _)| it.as_str() == last).map_or(last, |(_, words)| words.get());
        return format!("{priority} · {kind}");
    }
    if above == "/rules" {
        return super::field_editor::rule_words(last).map_or_else(|| last.to_owned(), |words| words.get().to_owned());
    }
    at.trim_start_matches('/').to_owned()
}

/// What a part says.
pub fn said(topic: &str, at: &str, value: &Value, names: &Names) -> String {
    match value {
        Value::Bool(on) => if *on { ON_WORD } else { OFF_WORD }.get().to_owned(),
        Value::Number(number) if at.starts_with("/targets/") => i18n::elapsed(number.as_i64().unwrap_or_default() * 60),
        // Places are counted from nought.
        Value::Number(number) if at == "/position" => (number.as_i64().unwrap_or_default() + 1).to_string(),
        Value::Number(_) => json::text(value),
        Value::String(text) => text_said(topic, at, text, names),
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(|it| item_said(it, names)).collect::<Vec<_>>().join(", ")
        }
        _ => way_of(topic, at, "").unwrap_or(NOTHING).get().to_owned(),
    }
}

fn way_of(topic: &str, at: &str, value: &str) -> Option<Words> {
    let ways = match specs(topic).iter().find(|spec| spec.at == at)?.kind {
        Kind::One(ways) => ways,
        _ => return None,
    };
    ways.iter().find(|way| way.value == value).map(|way| way.label)
}

fn text_said(topic: &str, at: &str, text: &str, names: &Names) -> String {
    if at == "/logo" {
        return LOGO_OWN.get().to_owned();
    }
    if topic == "fields" && at == "/kind" {
        return KINDS.iter().find(|way| way.value == text).map_or(text, |way| way.label.get()).to_owned();
    }
    let words = way_of(topic, at, text).map(Words::get);
    words.or_else(|| names.get(text)).unwrap_or(text).to_owned()
}

/// An entry of a list: a window, a holiday, a person, a choice, a department.
fn item_said(item: &Value, names: &Names) -> String {
    if let Some(text) = item.as_str() {
        return names.get(text).unwrap_or(text).to_owned();
    }
    let parts = |at: [&str; 2], between: &str| {
        let parts: Vec<&str> = at.iter().map(|at| word(item, at)).filter(|part| !part.is_empty()).collect();
        parts.join(between)
    };
    let said = [
        parts(["/from", "/to"], "–"),
        parts(["/date", "/name"], " "),
        word(item, &format!("/{}", i18n::locale())).to_owned(),
    ];
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    if json::flag(item, "/retired") { format!("({said})") } else { said }
}
