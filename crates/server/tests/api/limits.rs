//! Bad input: a clear refusal, never a fault of ours, and nothing written.

use api_types::{
    error::{ErrorCode, FieldCode},
    tickets::TicketView,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Actor, Answer, App, at, contract};

/// Posts these bytes as JSON.
async fn post_bytes(actor: &Actor, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let body: Vec<u8> = body.into();
    actor.send(Method::POST, path, |request| request.header("Content-Type", "application/json").body(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wrong_field_is_named() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for (body, pointer, code) in [
        (json!({ "title": "a", "message": "b", "x": 1 }), "/x", FieldCode::UnknownField),
        (json!({ "title": "a" }), "/message", FieldCode::Required),
        (json!({ "title": "  ", "message": "b" }), "/title", FieldCode::Required),
        (json!({ "title": "a", "message": "\n" }), "/message", FieldCode::Required),
        (json!({ "title": "a".repeat(201), "message": "b" }), "/title", FieldCode::TooLong),
        (json!({ "title": "a", "message": "b".repeat(20_001) }), "/message", FieldCode::TooLong),
        (json!({ "title": "a\0b", "message": "b" }), "/title", FieldCode::ForbiddenCharacter),
        (json!({ "title": "a\nb", "message": "b" }), "/title", FieldCode::ForbiddenCharacter),
        (json!({ "title": "a\u{202E}b", "message": "b" }), "/title", FieldCode::ForbiddenCharacter),
        (json!({ "title": "a", "message": "b\0" }), "/message", FieldCode::ForbiddenCharacter),
        (json!({ "title": 7, "message": "b" }), "/title", FieldCode::WrongType),
        (json!({ "title": null, "message": "b" }), "/title", FieldCode::WrongType),
        (json!({ "title": ["a"], "message": "b" }), "/title", FieldCode::WrongType),
        (json!({ "title": "a", "message": "b", "priority": "urgent" }), "/priority", FieldCode::WrongType),
        (json!({ "title": "a", "message": "b", "follows": "x" }), "/follows", FieldCode::WrongType),
        (json!([]), "/", FieldCode::WrongType),
        (json!(null), "/", FieldCode::WrongType),
    ] {
        let answer = carl.post("/tickets", body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text());
        let found: Vec<_> = answer.problem().errors.into_iter().map(|error| (error.pointer, error.code)).collect();
        assert_eq!(found, [(pointer.to_owned(), code)], "{body}");
    }
    // All of them are named at once.
    let problem = carl.post("/tickets", json!({ "title": "", "message": "" })).await.is(422).problem();
    assert_eq!(problem.errors.len(), 2);
    assert!(carl.titles("").await.is_empty(), "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_texts_fit() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens(&"🐝".repeat(200), &"\u{10FFFD}".repeat(20_000)).await;
    assert_eq!(carl.sees(&ticket).await, ticket);
    // Escaped, each of these characters takes twelve bytes.
    let escaped = format!(r#"{{"message":"{}"}}"#, r"\ud83d\udc1d".repeat(20_000));
    post_bytes(&carl, &format!("{}/comments", at(&ticket)), escaped).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_json_is_refused_as_such() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for (body, status) in [
        (b"".to_vec(), 400),
        (b"{".to_vec(), 400),
        (b"{\"title\":\"a\"".to_vec(), 400),
        (b"title=a&message=b".to_vec(), 400),
        (b"{\"title\":\"a\",\"message\":\"b\"}{}".to_vec(), 400),
        (b"\xEF\xBB\xBF{\"title\":\"a\",\"message\":\"b\"}".to_vec(), 400),
        (br#"{"title":"\ud800","message":"b"}"#.to_vec(), 422),
        (br#"{"title":"\udc1d\ud83d","message":"b"}"#.to_vec(), 422),
        (b"{\"title\":\"\xFF\",\"message\":\"b\"}".to_vec(), 422),
        (b"{\"title\":\"\xC0\x80\",\"message\":\"b\"}".to_vec(), 422),
        (br#"{"title":"a","title":"b","message":"c"}"#.to_vec(), 422),
        ("[".repeat(100_000).into_bytes(), 422),
        (format!(r#"{{"title":{}"#, "[".repeat(100_000)).into_bytes(), 422),
        (format!(r#"{{"x":{}"#, "{\"a\":".repeat(40_000)).into_bytes(), 422),
    ] {
        let text = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = post_bytes(&carl, "/tickets", body).await;
        assert_eq!(answer.status, status, "{text}: {}", answer.text());
    }
    assert!(carl.titles("").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_has_its_limit_however_it_is_sent() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for size in [300 * 1024, 1024 * 1024] {
        let body = json!({ "title": "a".repeat(size), "message": "b" }).to_string();
        post_bytes(&carl, "/tickets", body).await.is(413).refused(ErrorCode::TooLarge);
    }
    // In chunks, without a length given before.
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        carl.token.as_deref().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("8000\r\n{}\r\n", "[".repeat(0x8000));
    for _ in 0..12 {
        // The server may hang up on us before the end.
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        answer.extend_from_slice(&buffer[..read]);
        if String::from_utf8_lossy(&answer).contains("request_id") {
            break;
        }
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("too_large"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_must_say_that_it_is_json() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let body = json!({ "title": "a", "message": "b" }).to_string();
    for (content_type, status) in [
        ("application/json", 201),
        ("APPLICATION/JSON; charset=utf-8", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonp", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ] {
        let sent = body.clone();
        let answer = carl
            .send(Method::POST, "/tickets", |request| request.header("Content-Type", content_type).body(sent))
            .await;
        assert_eq!(answer.status, status, "{content_type}");
    }
    let answer = carl.send(Method::POST, "/tickets", |request| request.body(body)).await.is(415);
    answer.refused(ErrorCode::UnsupportedMediaType);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_cut_off_writes_nothing() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let body = json!({ "title": "Cut", "message": "off" }).to_string();
    for sent in [&body[..body.len() - 1], &body[..5], ""] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        let head = format!(
            "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{sent}",
            carl.token.as_deref().unwrap(),
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert!(carl.titles("").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_instead_of_http_gets_400() {
    let app = App::start().await;
    for request in [
        "nonsense\r\n\r\n".to_owned(),
        "GET /api/v1/health HTTP/9.9\r\n\r\n".to_owned(),
        format!("GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(200_000)),
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            .to_owned(),
        "POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        // The server may hang up before it has read all.
        stream.write_all(request.as_bytes()).await.ok();
        let mut start = [0; 12];
        if stream.read_exact(&mut start).await.is_ok() {
            assert!(start.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&start));
        }
    }
    app.visitor().get("/health").await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_query_is_named() {
    let app = App::start().await;
    let (ana, root) = (app.agent("ana").await, app.admin("root").await);
    let ticket = ana.opens("Hive", "Help").await;
    for (query, pointer, code) in [
        ("limit=0", "?limit", FieldCode::NotPossible),
        ("limit=101", "?limit", FieldCode::NotPossible),
        ("limit=256", "?limit", FieldCode::WrongType),
        ("limit=-1", "?limit", FieldCode::WrongType),
        ("limit=abc", "?limit", FieldCode::WrongType),
        ("limit=", "?limit", FieldCode::WrongType),
        ("after=abc", "?after", FieldCode::NotPossible),
        ("after=", "?after", FieldCode::NotPossible),
        ("offset=3", "?offset", FieldCode::UnknownField),
    ] {
        for path in ["/tickets".to_owned(), format!("{}/comments", at(&ticket)), "/admin/people".to_owned()] {
            root.get(&format!("{path}?{query}")).await.is(422).refused_field(pointer, code);
        }
    }
    for (query, pointer, code) in [
        ("status=closed", "?status", FieldCode::WrongType),
        ("stage=closed", "?stage", FieldCode::WrongType),
        ("priority=urgent", "?priority", FieldCode::WrongType),
        ("assignee=me", "?assignee", FieldCode::WrongType),
        ("creator=me", "?creator", FieldCode::WrongType),
        ("archived=perhaps", "?archived", FieldCode::WrongType),
        ("q=%00", "?q", FieldCode::ForbiddenCharacter),
        (&format!("q={}", "a".repeat(201)), "?q", FieldCode::TooLong),
    ] {
        ana.get(&format!("/tickets?{query}")).await.is(422).refused_field(pointer, code);
    }
    root.get("/admin/people?q=%00").await.is(422).refused_field("?q", FieldCode::ForbiddenCharacter);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_cursor_is_no_fault_of_ours() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let ticket = root.opens("Hive", "Help").await;
    let times = [i64::MIN, i64::MAX, -1, 0, 1, Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond()];
    for at_time in times {
        for id in [[0; 16], [255; 16]] {
            let cursor = BASE64_URL_SAFE_NO_PAD.encode([&at_time.to_be_bytes()[..], &id[..]].concat());
            for path in [
                "/tickets?".to_owned(),
                "/tickets?q=hive&".to_owned(),
                format!("{}/comments?", at(&ticket)),
                "/admin/people?".to_owned(),
            ] {
                let answer = root.get(&format!("{path}after={cursor}")).await;
                assert!(matches!(answer.status, 200 | 422), "{at_time} {path}: {} {}", answer.status, answer.text());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_what_cannot_be_done_are_problems_too() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for path in ["/nothing", "/", "", "/tickets/", "/tickets/summary/x", "//tickets", "/Tickets"] {
        carl.get(path).await.is(404).refused(ErrorCode::NotFound);
    }
    for (method, path, allowed) in [
        (Method::DELETE, "/tickets", "GET, POST"),
        (Method::PUT, "/tickets", "GET, POST"),
        (Method::PATCH, "/tickets", "GET, POST"),
        (Method::GET, "/auth/login", "POST"),
        (Method::POST, "/me", "GET, PATCH"),
        (Method::DELETE, "/health", "GET"),
        (Method::OPTIONS, "/tickets", "GET, POST"),
    ] {
        let refused = carl.send(method, path, |request| request).await.is(405);
        assert_eq!(refused.header("allow"), allowed, "{path}");
        refused.refused(ErrorCode::MethodNotAllowed);
    }
    carl.send_raw(Method::GET, "/api/v2/tickets", |request| request).await.is(404).refused(ErrorCode::NotFound);
    carl.send_raw(Method::GET, "/api", |request| request).await.is(404).refused(ErrorCode::NotFound);
}

/// Values that no field expects, or not there.
fn nasty() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("a\0b"),
        json!("\u{202E}"),
        json!("\u{FEFF}"),
        json!("a\r\nBcc: x@example.org"),
        json!("'; drop table people; --"),
        json!("{{7*7}}<script>"),
        json!("a".repeat(300)),
        json!("é".repeat(21_000)),
        json!([]),
        json!([[[[]]]]),
        json!({}),
        json!({ "a": { "b": {} } }),
        json!("9999-12-31T23:59:59Z"),
        json!("-009999-01-01T00:00:00Z"),
        json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
    ]
}

/// A body that the operation would take, from its schema.
fn sample(schema: &Value) -> Value {
    let schema = contract::follow(schema);
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words[0].clone();
    }
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        let required: Vec<_> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let wanted = fields.iter().filter(|(name, _)| required.contains(&name.as_str()));
        return wanted.map(|(name, field)| (name.clone(), sample(field))).collect();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => json!(true),
        Some("string") => json!("sample@example.org"),
        _ => json!(null),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_is_a_fault_of_ours() {
    let app = App::start().await;
    let root = app.admin("root").await;
    // Somebody whom a change signs out, and who is not the caller.
    let carl = app.customer("carl").await;
    let mut sent = 0;
    for operation in contract::all() {
        let Some(schema) = operation.definition.pointer("/requestBody/content/application~1json/schema") else {
            continue;
        };
        let fields: Vec<String> =
            contract::follow(schema)["properties"].as_object().expect("an object").keys().cloned().collect();
        let good = sample(schema);
        let mut bodies = nasty();
        for field in fields {
            bodies.extend(nasty().into_iter().map(|value| {
                let mut body = good.clone();
                body[&field] = value;
                body
            }));
        }
        let ticket = root.opens("Hive", "Help").await;
        let target =
            if operation.path.contains("/people/") { carl.id().to_string() } else { ticket.summary.id.to_string() };
        let path = operation.path.replace("{id}", &target);
        for body in bodies {
            sent += 1;
            // From a network of its own, so that no throttle answers instead.
            let network = format!("2001:db8:{:x}:{:x}::1", sent / 65_536, sent % 65_536);
            let answer = root
                .send(operation.method.clone(), &path["/api/v1".len()..], |request| {
                    request.header("X-Forwarded-For", network).json(&body)
                })
                .await;
            assert!(answer.status < 500, "{} with {body}: {}", operation.id, answer.text());
        }
    }
    assert!(sent > 500, "the document names the bodies");
    let after: TicketView = root.opens("Still here", "Help").await;
    root.sees(&after).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_query_is_a_fault_of_ours() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let ticket = root.opens("Hive", "Help").await;
    let values = [
        "",
        "%00",
        "%FF",
        "%ED%A0%80",
        "%",
        "%zz",
        "0",
        "-1",
        "256",
        "1e9",
        "null",
        "true",
        "..%2F",
        "%F0%9F%90%9D",
        "a%0Ab",
        "none",
        "2026-01-01T00:00:00Z",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "____________________________________",
        "'%22;--",
        "%25%5C_",
    ];
    let long = "a".repeat(5000);
    for operation in contract::all().iter().filter(|operation| operation.method == Method::GET) {
        let parameters = operation.definition["parameters"].as_array().cloned().unwrap_or_default();
        let path = operation.path.replace("{id}", &ticket.summary.id.to_string());
        for name in
            parameters.iter().filter(|known| known["in"] == "query").map(|known| known["name"].as_str().unwrap())
        {
            for value in values.iter().copied().chain([long.as_str()]) {
                for query in
                    [format!("{name}={value}"), format!("{name}={value}&{name}={value}"), format!("{name}[]={value}")]
                {
                    let answer = root.get(&format!("{}?{query}", &path["/api/v1".len()..])).await;
                    assert!(answer.status < 500, "{} with {query}: {}", operation.id, answer.text());
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_header_is_a_fault_of_ours() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let nasty: [&[u8]; 6] = [b"", b"\xFF\xFE", b"x", b"a;b=c", b"\t", &[b'x'; 7000]];
    for name in [
        "Authorization",
        "Cookie",
        "Idempotency-Key",
        "Content-Type",
        "X-Forwarded-For",
        "Accept-Encoding",
        "If-None-Match",
        "Range",
        "Expect",
    ] {
        for value in nasty {
            let value = reqwest::header::HeaderValue::from_bytes(value).unwrap();
            for (method, path) in [
                (Method::GET, "/tickets"),
                (Method::POST, "/tickets"),
                (Method::POST, "/auth/refresh"),
                (Method::POST, "/auth/logout"),
            ] {
                let caller = if name == "Authorization" { app.visitor() } else { carl.caller.clone() };
                let body = json!({ "title": "a", "message": "b" }).to_string();
                let answer = caller.send(method, path, |request| request.header(name, value.clone()).body(body)).await;
                assert!(answer.status < 500, "{name}: {}", answer.text());
            }
        }
    }
}
