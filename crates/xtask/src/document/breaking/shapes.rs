//! Two schemas of one thing: what the new one no longer takes, or no longer gives.
//!
//! Invariant: a request may be widened and an answer narrowed; never the other way round.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Request,
    Response,
}

pub struct Documents<'a> {
    pub old: &'a Value,
    pub new: &'a Value,
}

/// A schema with its parts put together.
#[derive(Default)]
struct Shape<'a> {
    types: BTreeSet<&'a str>,
    words: Option<BTreeSet<String>>,
    properties: BTreeMap<&'a str, &'a Value>,
    required: BTreeSet<&'a str>,
    /// What may stand beside the properties.
    rest: Option<&'a Value>,
    items: Option<&'a Value>,
    variants: Vec<&'a Value>,
    /// Bounds and patterns.
    rules: Map<String, Value>,
}

const LEAST: &[&str] = &["minLength", "minimum", "minItems", "exclusiveMinimum", "minProperties"];
const MOST: &[&str] = &["maxLength", "maximum", "maxItems", "exclusiveMaximum", "maxProperties"];
const EXACT: &[&str] = &["pattern", "format", "const"];

impl<'a> Documents<'a> {
    pub fn follow_old(&self, value: &'a Value) -> &'a Value {
        follow(self.old, value)
    }

    pub fn follow_new(&self, value: &'a Value) -> &'a Value {
        follow(self.new, value)
    }

    /// What breaks, each as the end of a sentence that names the whole.
    pub fn compare(&self, old: &Value, new: &Value, direction: Direction) -> Vec<String> {
        let mut found = Vec::new();
        self.walk(old, new, direction, "", &mut Vec::new(), &mut found);
        found
    }

    fn walk(
        &self,
        old: &Value,
        new: &Value,
        direction: Direction,
        at: &str,
        seen: &mut Vec<(String, String)>,
        found: &mut Vec<String>,
    ) {
        // A type may hold itself.
        let pair = (old.to_string(), new.to_string());
        if old.get("$ref").is_some() {
            if seen.contains(&pair) {
                return;
            }
            seen.push(pair);
        }
        let (before, after) = (Shape::of(self.old, old), Shape::of(self.new, new));
        let place = if at.is_empty() { String::new() } else { format!(" at {at}") };
        let mut add = |what: String| found.push(format!("{place} {what}"));
        let (given, taken) = if direction == Direction::Request { (&before, &after) } else { (&after, &before) };

        if !taken.types.is_empty() && !given.types.is_subset(&taken.types) {
            add(format!("is {}, and was {}", list(&after.types), list(&before.types)));
        }
        if direction == Direction::Request {
            if let Some(words) = &after.words {
                let gone = before.words.as_ref().map(|before| before.difference(words).cloned().collect::<Vec<_>>());
                match gone {
                    None => add("takes some words only".to_owned()),
                    Some(gone) if !gone.is_empty() => add(format!("no longer takes {}", gone.join(", "))),
                    Some(_) => {}
                }
            }
            narrowed(&before.rules, &after.rules, &mut add);
        }
        for (name, schema) in &before.properties {
            let inner = format!("{at}/{name}");
            match after.properties.get(name) {
                Some(other) => {
                    self.walk(schema, other, direction, &inner, seen, found);
                }
                None if direction == Direction::Response || after.rest == Some(&Value::Bool(false)) => {
                    found.push(format!(" has no {inner}"));
                }
                None => {}
            }
        }
        let (asked, promised) = match direction {
            Direction::Request => (after.required.difference(&before.required), "requires"),
            Direction::Response => (before.required.difference(&after.required), "no longer promises"),
        };
        for name in asked.filter(|name| direction == Direction::Request || after.properties.contains_key(*name)) {
            found.push(format!(" {promised} {at}/{name}"));
        }
        if let (Some(old), Some(new)) = (before.items, after.items) {
            self.walk(old, new, direction, &format!("{at}/-"), seen, found);
        }
        match (before.rest, after.rest) {
            (Some(old), Some(new)) if old.is_object() && new.is_object() => {
                self.walk(old, new, direction, &format!("{at}/*"), seen, found);
            }
            (old, Some(Value::Bool(false))) if direction == Direction::Request && old != Some(&Value::Bool(false)) => {
                found.push(format!("{place} takes no other fields"));
            }
            _ => {}
        }
        self.variants(&before, &after, direction, &place, seen, found);
    }

    /// Each form that was known still is: a new one beside it is an addition, in a request and in an answer.
    fn variants(
        &self,
        before: &Shape<'_>,
        after: &Shape<'_>,
        direction: Direction,
        place: &str,
        seen: &[(String, String)],
        found: &mut Vec<String>,
    ) {
        if before.variants.is_empty() || after.variants.is_empty() {
            return;
        }
        let fits = |old: &Value, new: &Value| {
            let mut breaks = Vec::new();
            self.walk(old, new, direction, "", &mut seen.to_vec(), &mut breaks);
            breaks.is_empty()
        };
        let lost = before.variants.iter().filter(|old| !after.variants.iter().any(|new| fits(old, new))).count();
        if lost > 0 {
            found.push(format!("{place} has lost {lost} of its forms"));
        }
    }
}

impl<'a> Shape<'a> {
    fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::default();
        shape.add(document, schema, 0);
        shape
    }

    fn add(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        // References that lead in a circle without a property between them are no schema.
        if depth > 20 {
            return;
        }
        let schema = follow(document, schema);
        match &schema["type"] {
            Value::String(one) => {
                self.types.insert(one);
            }
            Value::Array(several) => self.types.extend(several.iter().filter_map(Value::as_str)),
            _ => {}
        }
        if let Some(words) = schema["enum"].as_array() {
            self.words.get_or_insert_default().extend(words.iter().map(Value::to_string));
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.insert(name, property);
        }
        self.required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
        self.rest = self.rest.or_else(|| schema.get("additionalProperties"));
        self.items = self.items.or_else(|| schema.get("items"));
        for rule in LEAST.iter().chain(MOST).chain(EXACT) {
            if let Some(value) = schema.get(*rule) {
                self.rules.insert((*rule).to_owned(), value.clone());
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.add(document, part, depth + 1);
        }
        for several in ["oneOf", "anyOf"] {
            let Some(forms) = schema[several].as_array() else { continue };
            let (nothing, forms): (Vec<_>, Vec<_>) = forms.iter().partition(|form| form["type"] == "null");
            if !nothing.is_empty() {
                self.types.insert("null");
            }
            match forms.as_slice() {
                [one] => self.add(document, one, depth + 1),
                _ => self.variants.extend(forms),
            }
        }
    }
}

fn follow<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value.get("$ref").and_then(Value::as_str);
    reference.and_then(|reference| document.pointer(reference.trim_start_matches('#'))).unwrap_or(value)
}

fn narrowed(before: &Map<String, Value>, after: &Map<String, Value>, add: &mut impl FnMut(String)) {
    for (rule, value) in after {
        let was = before.get(rule);
        // What has no least has the least of all.
        if LEAST.contains(&rule.as_str()) && rule.starts_with("min") && rule != "minimum" && value == 0 {
            continue;
        }
        let is_narrower = match (was.and_then(Value::as_f64), value.as_f64()) {
            (Some(was), Some(is)) if LEAST.contains(&rule.as_str()) => is > was,
            (Some(was), Some(is)) if MOST.contains(&rule.as_str()) => is < was,
            _ => was != Some(value),
        };
        if is_narrower {
            add(format!("has the {rule} {value}, and had {}", was.map_or("none".to_owned(), Value::to_string)));
        }
    }
}

fn list(types: &BTreeSet<&str>) -> String {
    if types.is_empty() { "anything".to_owned() } else { types.iter().copied().collect::<Vec<_>>().join(" or ") }
}
