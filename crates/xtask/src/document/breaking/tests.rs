//! Every kind of change, each on its own, both the ones that break and the ones that do not.

use serde_json::{Value, json};

use super::between;

fn document() -> Value {
    json!({
        "paths": { "/things": {
            "get": {
                "operationId": "list_things",
                "parameters": [{ "in": "query", "name": "state", "schema": { "$ref": "#/components/schemas/State" } }],
                "responses": { "200": { "$ref": "#/components/responses/Thing" }, "404": { "description": "" } },
            },
            "post": {
                "operationId": "create_thing", "security": [{}, { "bearer": [] }],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewThing" } } } },
                "responses": { "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } },
            },
        } },
        "components": {
            "responses": { "Thing": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } },
            "schemas": {
                "State": { "type": "string", "enum": ["new", "old"] },
                "NewThing": {
                    "type": "object", "required": ["name"], "additionalProperties": false,
                    "properties": {
                        "name": { "type": "string", "maxLength": 20 },
                        "state": { "oneOf": [{ "$ref": "#/components/schemas/State" }, { "type": "null" }] },
                        "value": { "oneOf": [{ "type": "string" }, { "type": "boolean" }] },
                    },
                },
                "Thing": {
                    "allOf": [
                        { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } },
                        { "type": "object", "properties": {
                            "state": { "$ref": "#/components/schemas/State" },
                            "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
                        } },
                    ],
                },
            },
        },
    })
}

/// What breaks when one value of the document is another, or with null is gone.
fn breaks(pointer: &str, value: Value) -> Vec<String> {
    let mut new = document();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = new.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
    match (parent, value) {
        (Value::Object(fields), Value::Null) => assert!(fields.remove(key).is_some(), "{pointer}"),
        (Value::Object(fields), value) => drop(fields.insert(key.to_owned(), value)),
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} is in nothing"),
    }
    between(&document(), &new).into_iter().map(|found| format!("{}: {}", found.operation, found.what)).collect()
}

const THINGS: &str = "/paths/~1things";
const NEW: &str = "/components/schemas/NewThing";

#[test]
fn what_breaks_is_found() {
    for (pointer, value, words) in [
        (format!("{THINGS}/get"), Value::Null, "list_things: GET /things is gone"),
        (format!("{THINGS}/get/operationId"), json!("get_things"), "list_things: it is called \"get_things\" now"),
        (format!("{THINGS}/get/parameters"), json!([]), "list_things: the parameter state is gone"),
        (format!("{THINGS}/get/parameters/0/required"), json!(true), "list_things: the parameter state is required"),
        (format!("{THINGS}/get/responses/404"), Value::Null, "list_things: it never answers 404"),
        (format!("{THINGS}/post/security"), json!([{ "bearer": [] }]), "create_thing: it needs somebody to sign in"),
        (format!("{THINGS}/post/requestBody/content"), json!({}), "create_thing: it takes no application/json"),
        (format!("{NEW}/required"), json!(["name", "state"]), "create_thing: the request requires /state"),
        (format!("{NEW}/properties/state"), Value::Null, "create_thing: the request has no /state"),
        (
            format!("{NEW}/properties/name/maxLength"),
            json!(10),
            "create_thing: the request at /name has the maxLength 10, and had 20",
        ),
        (
            format!("{NEW}/properties/name/pattern"),
            json!("a"),
            "create_thing: the request at /name has the pattern \"a\", and had none",
        ),
        (
            format!("{NEW}/properties/name/type"),
            json!("integer"),
            "create_thing: the request at /name is integer, and was string",
        ),
        (
            format!("{NEW}/properties/state/oneOf"),
            json!([{ "$ref": "#/components/schemas/State" }]),
            "create_thing: the request at /state is string, and was null or string",
        ),
        (
            format!("{NEW}/properties/value/oneOf"),
            json!([{ "type": "string" }, { "type": "number" }]),
            "create_thing: the request at /value has lost 1 of its forms",
        ),
        (
            "/components/schemas/State/enum".to_owned(),
            json!(["new"]),
            "list_things: the parameter state no longer takes \"old\"",
        ),
        (
            "/components/schemas/Thing/allOf/1/properties/state".to_owned(),
            Value::Null,
            "create_thing: its 201 has no /state",
        ),
        (
            "/components/schemas/Thing/allOf/0/required".to_owned(),
            json!([]),
            "list_things: its 200 no longer promises /name",
        ),
        (
            "/components/schemas/Thing/allOf/0/properties/name/type".to_owned(),
            json!(["string", "null"]),
            "list_things: its 200 at /name is null or string, and was string",
        ),
    ] {
        let found = breaks(&pointer, value);
        assert!(found.iter().any(|found| found.starts_with(words)), "{pointer}: {found:?}");
    }
}

#[test]
fn what_only_adds_is_none() {
    for (pointer, value) in [
        ("/paths/~1others".to_owned(), json!({ "get": { "operationId": "list_others" } })),
        (format!("{THINGS}/get/parameters/0/description"), json!("Words")),
        (format!("{THINGS}/get/responses/409"), json!({ "description": "" })),
        (format!("{NEW}/properties/more"), json!({ "type": "string" })),
        (format!("{NEW}/properties/name/maxLength"), json!(30)),
        (format!("{NEW}/properties/name/type"), json!(["string", "null"])),
        (format!("{NEW}/required"), json!([])),
        (format!("{NEW}/properties/name/minLength"), json!(0)),
        (format!("{THINGS}/get/responses/4XX"), json!({ "description": "" })),
        ("/components/schemas/State/enum".to_owned(), json!(["new", "old", "older"])),
        ("/components/schemas/Thing/allOf/1/properties/more".to_owned(), json!({ "type": "string" })),
    ] {
        assert_eq!(breaks(&pointer, value), [""; 0], "{pointer}");
    }
}

#[test]
fn a_message_of_a_webhook_is_given_as_an_answer_is() {
    let message = |schema: Value| {
        let content = json!({ "application/json": { "schema": schema } });
        json!({ "webhooks": { "thing.made": { "post": { "requestBody": { "content": content } } } } })
    };
    let thing = json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } });
    let more = json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "size": { "type": "integer" } } });
    let what = |old: Value, new: Value| -> Vec<String> {
        between(&old, &new).into_iter().map(|found| format!("{}: {}", found.operation, found.what)).collect()
    };
    assert_eq!(what(message(thing.clone()), message(more.clone())), [""; 0]);
    assert_eq!(what(message(more), message(thing.clone())), ["thing.made: its message has no /size"]);
    assert_eq!(what(message(thing), json!({ "webhooks": {} })), ["thing.made: it is never told"]);
}

#[test]
fn a_way_in_that_is_lost_or_wants_more_breaks() {
    let what = |old: Value, new: Value| -> Vec<String> {
        let document = |ways: Value| json!({ "paths": { "/things": { "get": { "operationId": "list_things", "security": ways } } } });
        between(&document(old), &document(new)).into_iter().map(|found| found.what).collect()
    };
    let (person, key) = (json!({ "bearer": [] }), json!({ "api_key": ["things:read"] }));
    assert_eq!(what(json!([person]), json!([person, key])), [""; 0]);
    assert_eq!(what(json!([person, key]), json!([person])), ["api_key with things:read is no longer enough"]);
    assert_eq!(
        what(json!([key]), json!([{ "api_key": ["all:read"] }])),
        ["api_key with things:read is no longer enough"]
    );
    assert_eq!(what(json!([key]), json!([{ "api_key": [] }])), [""; 0]);
    assert_eq!(what(json!([]), json!([person])), ["it needs somebody to sign in"]);
}
