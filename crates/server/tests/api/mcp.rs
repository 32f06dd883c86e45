//! The desk over the Model Context Protocol, as a real client of it sees it.

use api_types::{
    api_keys::ApiScope::{self, ArticlesRead, TicketsRead, TicketsWrite},
    error::ErrorCode,
};
use reqwest::Method;
use rmcp::{
    RoleClient, ServiceExt,
    model::{CallToolRequestParams, CallToolResult},
    service::RunningService,
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, Caller, files::picture};

type Client = RunningService<RoleClient, ()>;

const ALL: [&str; 7] = [
    "search_tickets",
    "get_ticket",
    "ticket_summary",
    "search_articles",
    "get_article",
    "create_ticket",
    "add_comment",
];

/// A client that has introduced itself with this token.
async fn client(app: &App, token: &str) -> Client {
    let config =
        StreamableHttpClientTransportConfig::with_uri(format!("http://{}/mcp", app.address)).auth_header(token);
    ().serve(StreamableHttpClientTransport::from_config(config)).await.expect("the server introduces itself")
}

/// A client with a key of this person's.
async fn client_of(app: &App, owner: &Actor, scopes: &[ApiScope]) -> Client {
    client(app, &owner.makes_key("personal", scopes).await.token).await
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let Value::Object(arguments) = arguments else { panic!("{arguments}") };
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.expect("an answer")
}

/// What a tool tells when it works.
async fn told(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let answer = call(client, tool, arguments).await;
    assert_eq!(answer.is_error, Some(false), "{answer:?}");
    answer.structured_content.expect("a view")
}

/// Why a tool refuses.
async fn refused(client: &Client, tool: &'static str, arguments: Value) -> String {
    let answer = call(client, tool, arguments).await;
    assert_eq!(answer.is_error, Some(true), "{answer:?}");
    answer.content[0].as_text().expect("words").text.clone()
}

async fn names(client: &Client) -> Vec<String> {
    client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tool_does_what_its_operation_does() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    ana.shows_article("Feeding bees", "Sugar water in spring.").await;
    let program = client_of(&app, &carl, &[TicketsRead, TicketsWrite, ArticlesRead]).await;
    assert!(program.peer_info().is_some(), "the server has introduced itself");
    assert_eq!(names(&program).await, ALL);

    let opened = told(&program, "create_ticket", json!({ "title": "Hive", "message": "It *hums*" })).await;
    let id = opened["id"].as_str().unwrap().to_owned();
    assert_eq!(carl.titles("").await, ["Hive"]);
    let comment = told(&program, "add_comment", json!({ "ticket_id": id, "message": "Louder now" })).await;
    assert_eq!(comment["author"]["label"], "[user:carl]");
    app.run_jobs().await;
    let read = told(&program, "get_ticket", json!({ "ticket_id": id })).await;
    assert_eq!(read["comments"]["items"][1]["body_markdown"], "Louder now");
    let next = told(&program, "search_tickets", json!({ "q": "louder" })).await;
    assert_eq!(next["items"][0]["id"], id.as_str());
    assert_eq!(told(&program, "ticket_summary", json!({})).await["open"], 1);
    let found = told(&program, "search_articles", json!({ "q": "sugar" })).await;
    assert_eq!(found["items"][0]["slug"], "feeding-bees");
    let article = told(&program, "get_article", json!({ "slug": "feeding-bees" })).await;
    assert!(article["body_html"].as_str().unwrap().contains("Sugar water"), "{article}");
    // The activity knows the program.
    let database = app.database.connect().await;
    let sql =
        "select count(*) from activity where kind in ('ticket.created', 'comment.created') and api_key_id is null";
    assert_eq!(database.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_sees_no_more_than_its_owner_and_no_address_of_a_file() {
    let app = App::start().await;
    let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
    let file = carl.uploads("bee.png", &picture(9, 9, image::ImageFormat::Png)).await.id;
    let ticket = carl.opens_with("Hive", "Help", &[file]).await;
    ana.notes(&ticket, "He is always like this").await;
    let id = ticket.summary.id;
    let (his, hers) =
        (client_of(&app, &carl, &[TicketsRead]).await, client_of(&app, &dora, &[TicketsRead, TicketsWrite]).await);
    let team = client_of(&app, &ana, &[TicketsRead]).await;
    let read = told(&his, "get_ticket", json!({ "ticket_id": id })).await.to_string();
    assert!(read.contains("bee.png") && !read.contains("always like this"), "{read}");
    let all = told(&team, "get_ticket", json!({ "ticket_id": id })).await.to_string();
    assert!(all.contains("always like this"), "the team reads its notes");
    for text in [&read, &all] {
        assert!(!text.contains("/files/") && !text.contains("signature"), "{text}");
    }
    for (tool, arguments) in [
        ("get_ticket", json!({ "ticket_id": id })),
        ("get_ticket", json!({ "ticket_id": id, "after": "x" })),
        ("add_comment", json!({ "ticket_id": id, "message": "Hello" })),
    ] {
        assert!(refused(&hers, tool, arguments).await.starts_with("not_found: "));
    }
    assert_eq!(told(&hers, "search_tickets", json!({})).await["items"], json!([]));
    let note = json!({ "ticket_id": id, "message": "Psst", "internal": true });
    let own = client_of(&app, &carl, &[TicketsWrite]).await;
    assert!(refused(&own, "add_comment", note).await.starts_with("forbidden: "));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tool_cannot_do_it_says_clearly() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let reader = client_of(&app, &carl, &[TicketsRead]).await;
    assert_eq!(names(&reader).await, ["search_tickets", "get_ticket", "ticket_summary"]);
    let why = refused(&reader, "create_ticket", json!({ "title": "Hive", "message": "Help" })).await;
    assert!(why.starts_with("missing_scope: ") && why.contains("`tickets:write`"), "{why}");
    assert!(carl.titles("").await.is_empty());
    let writer = client_of(&app, &carl, &[TicketsWrite]).await;
    let why = refused(&writer, "create_ticket", json!({ "title": "", "message": "Help" })).await;
    assert!(why.starts_with("invalid: ") && why.contains("/title"), "{why}");
    let why = refused(&writer, "create_ticket", json!({ "title": "Hive", "message": "Help", "creator": "dora" })).await;
    assert!(why.contains("creator"), "{why}");
    assert!(writer.call_tool(CallToolRequestParams::new("launch_rocket")).await.is_err());
}

/// A request as a client would begin.
async fn knock(caller: &Caller, headers: &[(&'static str, &str)]) -> Answer {
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
    caller
        .send_raw(Method::POST, "/mcp", |request| {
            let request = request.header("Accept", "application/json, text/event-stream").json(&hello);
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_good_keys_come_in_and_only_under_the_desks_own_name() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let key = carl.makes_key("personal", &[TicketsRead]).await;
    let program = app.visitor().with_token(&key.token);
    let answer = knock(&program, &[]).await.is(200);
    assert!(answer.text().contains("search_tickets"), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    knock(&program, &[("Origin", "http://localhost:8080")]).await.is(200);
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost:9999"),
        ("Host", "evil.example"),
    ] {
        assert_eq!(knock(&program, &[(name, value)]).await.status, 403, "{name}: {value}");
    }
    knock(&app.visitor(), &[]).await.is(401).refused(ErrorCode::Unauthenticated);
    knock(&carl, &[]).await.is(403).refused(ErrorCode::Forbidden);
    // A client that goes on with a key that was revoked meanwhile is refused at its next call.
    let going_on = client(&app, &key.token).await;
    told(&going_on, "ticket_summary", json!({})).await;
    carl.delete(&format!("/api-keys/{}", key.key.id)).await.is(204);
    knock(&program, &[]).await.is(401).refused(ErrorCode::Unauthenticated);
    assert!(going_on.call_tool(CallToolRequestParams::new("ticket_summary")).await.is_err());
    let other = app.visitor().with_token(carl.makes_key("personal", &[TicketsRead]).await.token);
    other.send_raw(Method::POST, "/mcp", |request| request.body("x".repeat(300_000))).await.is(413);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tool_takes_is_told_and_held_as_its_operation_does() {
    let app = App::start().await;
    let program = client_of(&app, &app.customer("carl").await, &[TicketsRead, TicketsWrite, ArticlesRead]).await;
    let tools = program.list_all_tools().await.unwrap();
    let takes = |tool: &str| json!(tools.iter().find(|known| known.name == tool).unwrap().input_schema);
    let found = takes("search_tickets");
    assert_eq!(found["properties"]["limit"]["maximum"], 100);
    assert_eq!(found["properties"]["status"]["enum"], json!(["open", "in_progress", "resolved"]));
    let opened = takes("create_ticket");
    assert_eq!(opened["required"], json!(["title", "message"]));
    assert_eq!(opened["properties"]["title"]["maxLength"], 200);
    assert_eq!(opened["properties"]["priority"]["enum"], json!(["low", "medium", "high"]));
    for tool in &tools {
        let schema = json!(tool.input_schema);
        assert!(!schema.to_string().contains("$ref"), "{schema:#}");
        let properties = schema["properties"].as_object().unwrap();
        assert!(properties.values().all(|it| it.as_object().is_some_and(|it| !it.is_empty())), "{schema:#}");
    }
    for slug in ["a\u{0}", "", "../me", "No Slug"] {
        let words = refused(&program, "get_article", json!({ "slug": slug })).await;
        assert!(words.starts_with("invalid: "), "{words}");
    }
}
