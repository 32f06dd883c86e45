//! Settings as JSON, part by part.
//!
//! Invariant: a part is named by the pointer that the server names it by when it refuses it.

use serde_json::{Map, Value};

/// A part; null when it is absent.
pub fn part<'a>(value: &'a Value, at: &str) -> &'a Value {
    const ABSENT: &Value = &Value::Null;
    value.pointer(at).unwrap_or(ABSENT)
}

/// Sets a part. Null takes it out of an object.
pub fn put(value: &mut Value, at: &str, new: Value) {
    let Some((above, name)) = at.rsplit_once('/') else {
        *value = new;
        return;
    };
    let mut here = value;
    for step in above.split('/').skip(1) {
        here = match here {
            Value::Array(items) => match step.parse::<usize>().ok().and_then(|place| items.get_mut(place)) {
                Some(item) => item,
                None => return,
            },
            other => entry(other, step),
        };
    }
    match here {
        Value::Array(items) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|place| items.get_mut(place)) {
                *item = new;
            }
        }
        Value::Object(parts) if new.is_null() => drop(parts.remove(name)),
        other => *entry(other, name) = new,
    }
}

/// A named part; what holds no parts becomes what does.
fn entry<'a>(value: &'a mut Value, name: &str) -> &'a mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    // An object makes room for any name.
    &mut value[name]
}

/// The entries of a list; none when it is something else.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Leaves out entries of a list.
pub fn retain(value: &mut Value, at: &str, stays: impl Fn(&Value) -> bool) {
    if let Some(Value::Array(items)) = value.pointer_mut(at) {
        items.retain(stays);
    }
}

/// A word or a number as it is typed; empty for all else.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        // Without the `.0` of a whole one.
        Value::Number(number) => number.as_f64().map(|number| number.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The word in a part.
pub fn word<'a>(value: &'a Value, at: &str) -> &'a str {
    part(value, at).as_str().unwrap_or_default()
}

pub fn flag(value: &Value, at: &str) -> bool {
    part(value, at) == &Value::Bool(true)
}
