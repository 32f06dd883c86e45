//! API keys: who makes which, what each may do, and everything that ends one.

use std::slice;

use api_types::{
    api_keys::{ApiKeyKind, ApiKeyView, ApiScope, MadeApiKey},
    error::{ErrorCode, FieldCode},
    page::Page,
    people::Me,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use server::auth::scopes::{Needs, TABLE};

use crate::{
    registration::token,
    support::{Actor, App, Caller, actors::PASSWORD, at, contract, database::until},
};

impl Actor {
    pub async fn makes_key(&self, kind: &str, scopes: &[ApiScope]) -> MadeApiKey {
        let new = json!({ "name": "Robot", "kind": kind, "scopes": scopes });
        self.post("/api-keys", new).await.is(201).ok()
    }

    async fn keys(&self, query: &str) -> Vec<ApiKeyView> {
        self.get(&format!("/api-keys{query}")).await.is(200).ok::<Page<ApiKeyView>>().items
    }
}

fn with(app: &App, key: &MadeApiKey) -> Caller {
    app.visitor().with_token(&key.token)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_its_owner_may_as_far_as_its_scopes_go() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (his, hers) = (carl.opens("His", "Help").await, dora.opens("Hers", "Help").await);
    let made = carl.makes_key("personal", &[ApiScope::TicketsRead]).await;
    assert!(made.token.starts_with(&made.key.prefix) && made.key.prefix.len() == 12, "{}", made.key.prefix);
    let program = with(&app, &made);
    program.get(&at(&his)).await.is(200);
    program.get(&at(&hers)).await.is(404);
    assert_eq!(program.get("/me").await.is(200).ok::<Me>(), carl.me, "it can tell whose it is");
    let body = json!({ "message": "Hello" });
    let refused = program.post(&format!("{}/comments", at(&his)), body.clone()).await.is(403);
    assert!(refused.refused(ErrorCode::MissingScope).detail.contains("`tickets:write`"), "{}", refused.text());
    // Where anybody may read, a key without the scope is told so too.
    program.get("/articles").await.is(403).refused(ErrorCode::MissingScope);
    program.get("/settings").await.is(200);
    let writer = carl.makes_key("personal", &[ApiScope::TicketsWrite]).await;
    with(&app, &writer).post(&format!("{}/comments", at(&his)), body).await.is(201);
    let database = app.database.connect().await;
    let row = database
        .query_one("select actor_id, api_key_id from activity where kind = 'comment.created'", &[])
        .await
        .unwrap();
    assert_eq!((row.get(0), row.get(1)), (Some(carl.id().0), Some(writer.key.id.0)), "who did it, and with what");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_makes_an_admin_or_changes_one() {
    let app = App::start().await;
    let (root, second, carl) = (app.admin("root").await, app.admin("second").await, app.customer("carl").await);
    let program = with(&app, &root.makes_key("desk", &[ApiScope::PeopleWrite]).await);
    let at = |who: &Actor| format!("/admin/people/{}", who.id());
    program.patch(&at(&carl), json!({ "role": "admin" })).await.refused(ErrorCode::Forbidden);
    for change in [json!({ "role": "agent" }), json!({ "disabled": true })] {
        program.patch(&at(&second), change.clone()).await.refused(ErrorCode::Forbidden);
        program.patch(&at(&carl), change).await.is(200);
    }
    second.get("/admin/people").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_asks_a_key_for_what_the_table_says() {
    let app = App::start().await;
    let root = app.admin("root").await;
    for (id, needs) in TABLE {
        let operation = contract::all().iter().find(|operation| operation.id == *id).unwrap();
        let path = operation.path.strip_prefix("/api/v1").unwrap();
        let path = path.replace("{id}", &root.id().to_string()).replace("{slug}", "x").replace("{locale}", "en");
        let all_but = |scope: Option<ApiScope>| {
            ApiScope::ALL.iter().copied().filter(|other| Some(*other) != scope).collect::<Vec<_>>()
        };
        let scope = if let Needs::Scope(scope) = needs { Some(*scope) } else { None };
        let key = root.makes_key("desk", &all_but(scope)).await;
        let answer = with(&app, &key).send(operation.method.clone(), &path, |request| request).await;
        match needs {
            Needs::Nothing => assert_ne!(answer.status, 403, "{id}"),
            Needs::Person => {
                answer.is(403).refused(ErrorCode::Forbidden);
            }
            Needs::Scope(scope) => {
                let problem = answer.is(403).refused(ErrorCode::MissingScope);
                assert!(problem.detail.contains(&format!("`{scope}`")), "{id}: {}", problem.detail);
            }
        }
        root.delete(&format!("/api-keys/{}", key.key.id)).await.is(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_spelling_of_a_path_leads_around_the_table() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let program = with(&app, &root.makes_key("desk", &[ApiScope::ArticlesRead]).await);
    for path in ["/%74ickets", "/tickets/", "//tickets", "/./tickets", "/tickets%2F", "/admin/%70eople", "/api%2Dkeys"]
    {
        for method in [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS] {
            let path = format!("/api/v1{path}");
            let answer = program.send_raw(method, &path, |request| request.json(&json!({}))).await;
            assert!(matches!(answer.status, 400 | 403 | 404 | 405), "{}: {}", answer.what, answer.status);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_within_the_rules() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let new = |kind: &str, scopes: Value| json!({ "name": "Robot", "kind": kind, "scopes": scopes });
    for nobody in [&carl, &ana] {
        nobody.post("/api-keys", new("desk", json!(["tickets:read"]))).await.is(403).refused(ErrorCode::Forbidden);
    }
    for (who, scopes, pointer, code) in [
        (&carl, json!([]), "/scopes", FieldCode::Required),
        (&carl, json!(["tickets:read", "tickets:read"]), "/scopes", FieldCode::NotPossible),
        (&carl, json!(["tickets:read", "articles:write"]), "/scopes/1", FieldCode::NotPossible),
        (&ana, json!(["people:write"]), "/scopes/0", FieldCode::NotPossible),
        (&root, json!(["tickets:behalf"]), "/scopes/0", FieldCode::NotPossible),
        (&root, json!(["rockets:launch"]), "/scopes/0", FieldCode::WrongType),
    ] {
        who.post("/api-keys", new("personal", scopes)).await.is(422).refused_field(pointer, code);
    }
    let mut late = new("personal", json!(["tickets:read"]));
    for (moment, code) in [(json!(app.now()), FieldCode::NotPossible), (json!("soon"), FieldCode::WrongType)] {
        late["expires_at"] = moment;
        carl.post("/api-keys", late.clone()).await.is(422).refused_field("/expires_at", code);
    }
    let mut nameless = new("personal", json!(["tickets:read"]));
    nameless["name"] = json!(" ");
    carl.post("/api-keys", nameless).await.is(422).refused_field("/name", FieldCode::Required);
    for _ in 0..50 {
        carl.makes_key("personal", &[ApiScope::TicketsRead]).await;
    }
    let one_too_many = carl.post("/api-keys", new("personal", json!(["tickets:read"]))).await.is(422);
    one_too_many.refused_field("/", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_and_revoke_their_own_keys_and_admins_all() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (root, other) = (app.admin("root").await, app.admin("other").await);
    let his = carl.makes_key("personal", &[ApiScope::TicketsRead]).await.key;
    let hers = dora.makes_key("personal", &[ApiScope::TicketsRead]).await.key;
    let desks = root.makes_key("desk", &[ApiScope::ExportRead, ApiScope::WebhooksManage]).await.key;
    assert_eq!((desks.kind, desks.owner.id), (ApiKeyKind::Desk, root.id()));
    assert_eq!(carl.keys("").await, slice::from_ref(&his));
    assert_eq!(other.keys("").await, [desks.clone(), hers.clone(), his.clone()], "newest first");
    assert_eq!(other.keys("?kind=desk").await, slice::from_ref(&desks));
    assert_eq!(root.keys("?mine=true&kind=personal").await, []);
    let page: Page<ApiKeyView> = other.get("/api-keys?limit=2").await.is(200).ok();
    let rest = other.keys(&format!("?limit=2&after={}", page.next_cursor.unwrap())).await;
    assert_eq!(rest, slice::from_ref(&his));
    for (by, key, status) in [(&dora, &his, 404), (&dora, &desks, 404), (&other, &desks, 204), (&other, &desks, 404)] {
        by.delete(&format!("/api-keys/{}", key.id)).await.is(status);
    }
    carl.delete(&format!("/api-keys/{}", his.id)).await.is(204);
    assert_eq!(other.keys("").await, [hers]);
    let database = app.database.connect().await;
    let kinds: Vec<(String, Option<uuid::Uuid>)> = database
        .query("select kind, api_key_id from activity where api_key_id = $1 order by id", &[&his.id.0])
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(kinds, [("api_key.created".to_owned(), Some(his.id.0)), ("api_key.revoked".to_owned(), Some(his.id.0))]);
    let kept: String =
        database.query_one("select string_agg(to_jsonb(api_keys)::text, ' ') from api_keys", &[]).await.unwrap().get(0);
    let token = dora.makes_key("personal", &[ApiScope::TicketsRead]).await.token;
    assert!(!kept.contains(&token[12..]), "only the hash is kept");
}

/// Ends a key in one of many ways.
async fn end(app: &App, way: &str, owner: &Actor, root: &Actor, key: &ApiKeyView) {
    let person = format!("/admin/people/{}", owner.id());
    match way {
        "revoked" => drop(owner.delete(&format!("/api-keys/{}", key.id)).await.is(204)),
        "expired" => app.advance(SignedDuration::from_hours(1)),
        "closed" => drop(root.patch(&person, json!({ "disabled": true })).await.is(200)),
        "reopened" => {
            root.patch(&person, json!({ "disabled": true })).await.is(200);
            root.patch(&person, json!({ "disabled": false })).await.is(200);
        }
        "password" => {
            let body = json!({ "password": "a new long password", "current_password": PASSWORD });
            owner.patch("/me", body).await.is(200);
        }
        "reset" => {
            app.visitor().post("/auth/forgot", json!({ "email": owner.me.email })).await.is(202);
            app.run_jobs().await;
            let body = json!({ "token": token(&app.mailbox()[0]), "password": "a new long password" });
            app.visitor().post("/auth/reset", body).await.is(204);
        }
        "demoted" => drop(root.patch(&person, json!({ "role": "agent" })).await.is(200)),
        "back" => {
            root.patch(&person, json!({ "role": "agent" })).await.is(200);
            root.patch(&person, json!({ "role": "admin" })).await.is(200);
        }
        _ => unreachable!("{way}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_a_key_ends_it_here_at_once_and_elsewhere_within_five_seconds() {
    for (kind, way, ends) in [
        ("personal", "revoked", true),
        ("personal", "expired", true),
        ("personal", "closed", true),
        ("personal", "reopened", true),
        ("personal", "password", true),
        ("personal", "reset", true),
        ("personal", "demoted", false),
        ("desk", "revoked", true),
        ("desk", "expired", true),
        ("desk", "closed", true),
        ("desk", "reopened", true),
        ("desk", "password", false),
        ("desk", "reset", false),
        ("desk", "demoted", true),
        ("desk", "back", true),
    ] {
        let app = App::start().await;
        let (root, owner) = (app.admin("root").await, app.admin("owner").await);
        let elsewhere = app.second_process();
        let soon = app.now().saturating_add(SignedDuration::from_mins(30)).unwrap();
        let new = json!({ "name": "Robot", "kind": kind, "scopes": ["tickets:read"], "expires_at": soon });
        let key: MadeApiKey = owner.post("/api-keys", new).await.is(201).ok();
        let (here, there) = (with(&app, &key), with(&elsewhere, &key));
        here.get("/tickets").await.is(200);
        there.get("/tickets").await.is(200);
        end(&app, way, &owner, &root, &key.key).await;
        let expired = way == "expired";
        let status = if ends || expired { 401 } else { 200 };
        assert_eq!(here.get("/tickets").await.status, status, "a {kind} key, {way}");
        app.advance(SignedDuration::from_secs(5));
        assert_eq!(there.get("/tickets").await.status, status, "a {kind} key, {way}, in another process");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_never_more_than_its_owner_is_nor_than_its_owner_was() {
    let app = App::start().await;
    let (root, carl, bob) = (app.admin("root").await, app.customer("carl").await, app.agent("bob").await);
    let ticket = carl.opens("Hive", "Help").await;
    let his = bob.makes_key("personal", &[ApiScope::TicketsRead, ApiScope::PeopleRead]).await;
    let eve = app.customer("eve").await;
    let hers = eve.makes_key("personal", &[ApiScope::TicketsRead]).await;
    with(&app, &his).get(&at(&ticket)).await.is(200);
    for (actor, role) in [(&bob, "customer"), (&eve, "agent")] {
        root.patch(&format!("/admin/people/{}", actor.id()), json!({ "role": role })).await.is(200);
    }
    with(&app, &his).get(&at(&ticket)).await.is(404);
    with(&app, &his).get("/team").await.is(403).refused(ErrorCode::Forbidden);
    with(&app, &hers).get(&at(&ticket)).await.is(404);
    // Departments are read again too.
    let (ana, root_key) = (app.agent("ana").await, root.makes_key("desk", &[ApiScope::TicketsRead]).await);
    let narrow = ana.makes_key("personal", &[ApiScope::TicketsRead]).await;
    let wax = root.founds("Wax", &[]).await.id;
    root.put(&format!("{}/department", at(&ticket)), json!({ "department_id": wax })).await.is(200);
    root.patch("/admin/settings", json!({ "team": { "agents_see": "own" } })).await.is(200);
    app.advance(SignedDuration::from_secs(6));
    with(&app, &narrow).get(&at(&ticket)).await.is(404);
    with(&app, &root_key).get(&at(&ticket)).await.is(200);
    root.patch(&format!("/admin/departments/{wax}"), json!({ "people": [ana.id()] })).await.is(200);
    app.advance(SignedDuration::from_secs(6));
    with(&app, &narrow).get(&at(&ticket)).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_looks_like_a_key_and_is_none_is_a_stranger() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let key = carl.makes_key("personal", &[ApiScope::TicketsRead]).await;
    let cut = &key.token[..key.token.len() - 1];
    for token in ["wgl_", "wgl_x", cut, &format!("{}x", key.token), &key.token.to_uppercase(), &key.key.prefix] {
        app.visitor().with_token(token).get("/tickets").await.is(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_use_is_noted_to_the_minute() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let key = carl.makes_key("personal", &[ApiScope::TicketsRead]).await;
    assert_eq!(carl.keys("").await[0].last_used_at, None);
    let database = app.database.connect().await;
    let noted = |at: jiff::Timestamp| format!("exists(select from api_keys where last_used_at = '{at}')");
    let first = app.now();
    with(&app, &key).get("/tickets").await.is(200);
    until(&database, &noted(first)).await;
    app.advance(SignedDuration::from_secs(59));
    with(&app, &key).get("/tickets").await.is(200);
    app.advance(SignedDuration::from_secs(1));
    let second = app.now();
    with(&app, &key).get("/tickets").await.is(200);
    until(&database, &noted(second)).await;
    assert_eq!(carl.keys("").await[0].last_used_at, Some(second));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_key_that_opened_it() {
    let app = App::start().await;
    app.listen();
    let elsewhere = app.second_process();
    elsewhere.listen();
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let key = carl.makes_key("personal", &[ApiScope::TicketsRead]).await;
    let soon = app.now().saturating_add(SignedDuration::from_mins(30)).unwrap();
    let new = json!({ "name": "Robot", "kind": "desk", "scopes": ["tickets:read"], "expires_at": soon });
    let desks: MadeApiKey = root.post("/api-keys", new).await.is(201).ok();
    let (mut here, mut there) = (with(&app, &key).hears().await, with(&elsewhere, &key).hears().await);
    let (mut brief, mut session) = (with(&app, &desks).hears().await, carl.hears().await);
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    for stream in [&mut here, &mut there, &mut brief, &mut session] {
        assert_eq!(stream.next().await, Some(api_types::live::LiveEvent::TicketChanged { ticket_id: hive.summary.id }));
    }
    carl.delete(&format!("/api-keys/{}", key.key.id)).await.is(204);
    here.ends().await;
    there.ends().await;
    app.advance(SignedDuration::from_mins(10));
    carl.comments(&hive, "Still there").await;
    app.run_jobs().await;
    assert!(session.next().await.is_some() && brief.next().await.is_some(), "the others go on");
    app.advance(SignedDuration::from_mins(21));
    brief.ends().await;
    let again = app.sign_in(carl.id()).await;
    let writer = again.makes_key("personal", &[ApiScope::TicketsWrite]).await;
    with(&app, &writer).knocks(None).await.0.is(403).refused(ErrorCode::MissingScope);
}
