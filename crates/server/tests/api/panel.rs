//! The panel inside somebody else's website: who may frame it, and whom a website signs in.

use api_types::{
    auth::Session,
    error::ErrorCode,
    page::Page,
    panel::PanelSecret,
    people::{Locale, PersonView, Role},
    settings::SettingsChangeView,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};
use uuid::Uuid;

use crate::support::{Actor, Answer, App, Caller, actors::PASSWORD, app::Setup};

const DESK: &str = "http://localhost:8080";

async fn look(app: &App, path: &str) -> Answer {
    app.visitor().send_raw(Method::GET, path, |request| request).await
}

fn framers(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    policy.rsplit_once("frame-ancestors ").expect("every answer says who may frame it").1.to_owned()
}

fn assert_shut(answer: &Answer) {
    assert_eq!(framers(answer), "'none'", "{}", answer.what);
    assert_eq!(answer.header("x-frame-options"), "DENY", "{}", answer.what);
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{}", answer.what);
}

/// What no website may frame, whatever an admin names.
const SHUT: [&str; 16] = [
    "/",
    "/?ticket=x",
    "/help",
    "/account",
    "/sign-in",
    "/admin",
    "/admin/people",
    "/panel/admin",
    "/panel/admin/people",
    "/panels",
    "//panel",
    "//panel/sign-in",
    "/panel.js",
    "/docs/",
    "/files/x",
    "/api/v1/settings",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_named_websites_frame_the_panel_and_nothing_else() {
    let app = App::start().await;
    app.listen();
    let root = app.admin("root").await;
    let panel = ["/panel", "/panel/", "/panel?ticket=x", "/panel/sign-in", "/panel/help/any", "/panel/nowhere"];
    for path in panel.iter().chain(&SHUT) {
        assert_shut(&look(&app, path).await);
    }
    let origins = json!(["https://www.example.com", "http://host.localhost:3000"]);
    root.patch("/admin/settings", json!({ "panel": { "origins": origins } })).await.is(200);
    for path in panel {
        let answer = look(&app, path).await.is(200);
        assert_eq!(framers(&answer), "'self' https://www.example.com http://host.localhost:3000", "{path}");
        assert_eq!(answer.header("x-frame-options"), "", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "", "{path}");
        assert!(answer.header("content-security-policy").contains("script-src 'self' 'wasm-unsafe-eval'"), "{path}");
    }
    for path in SHUT {
        assert_shut(&look(&app, path).await);
    }
    // It bites at once.
    root.patch("/admin/settings", json!({ "panel": { "origins": [] } })).await.is(200);
    assert_shut(&look(&app, "/panel").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_is_the_same_page_with_the_prefix_taken_off() {
    let app = App::start().await;
    for (inside, page) in [
        ("/panel", "/"),
        ("/panel/", "/"),
        ("/panel/help/any", "/help/any"),
        ("/panel/sign-in", "/sign-in"),
        ("/panel/account?x=1", "/account"),
        // The team's pages are not in it.
        ("/panel/admin", "/"),
        ("/panel/admin/people", "/"),
    ] {
        assert_eq!(look(&app, inside).await.is(200).body, look(&app, page).await.is(200).body, "{inside}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_is_for_everybody_and_soon_renewed() {
    let app = App::start().await;
    let script = look(&app, "/panel.js").await.is(200);
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert_eq!(script.header("cache-control"), "public, max-age=300");
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    assert!(script.text().contains("iframe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_made_up_website_is_where_it_was_asked_for() {
    let app = App::start().await;
    for path in ["/demo-host", "/demo-host/style.css", "/demo-host/token"] {
        look(&app, path).await.is(404);
    }
    // As on a desk of this machine that no proxy stands before.
    let app = App::start_with(Setup { demo_host: true, behind_proxy: false, ..Setup::default() }).await;
    assert_eq!(framers(&look(&app, "/panel").await), "'self'");
    let page = look(&app, "/demo-host").await.is(200);
    assert!(page.text().contains(r#"src="/panel.js""#));
    assert_shut(&page);
    look(&app, "/demo-host/style.css").await.is(200);
    let token = || async { look(&app, "/demo-host/token").await.is(200).text() };
    assert_eq!(token().await, "", "nobody comes in before there is a secret");
    secret(&app.admin("root").await).await;
    let session: Session = enter(&app.visitor(), &token().await).await.is(200).ok();
    assert_eq!(session.user.email, "martine.delcourt@example.org");
    // Somebody else's name that was pointed to this machine.
    let elsewhere =
        app.visitor().send_raw(Method::GET, "/demo-host/token", |request| request.header("Host", "evil.example")).await;
    elsewhere.is(404);
}

async fn secret(admin: &Actor) -> String {
    admin.call("/admin/panel/secret").await.is(201).ok::<PanelSecret>().secret
}

async fn enter(caller: &Caller, token: &str) -> Answer {
    caller.post("/auth/host", json!({ "token": token })).await
}

/// Claims that are good now, each time under another name.
fn claims(app: &App, email: &str) -> Value {
    let now = app.now().as_second();
    json!({ "aud": DESK, "email": email, "name": "Ana", "iat": now, "exp": now + 60, "jti": Uuid::now_v7() })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// Made by hand, as no library would make some of them.
fn signed(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let text = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = BASE64_URL_SAFE_NO_PAD.encode(sign(text.as_bytes()));
    format!("{text}.{signature}")
}

fn hs256(secret: &str) -> impl Fn(&[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    move |text| mac.clone().chain_update(text).finalize().into_bytes().to_vec()
}

fn token(claims: &Value, secret: &str) -> String {
    signed(&json!({ "alg": "HS256", "typ": "JWT" }), claims, hs256(secret))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_website_signs_its_people_in() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let secret = secret(&root).await;
    let french = with(claims(&app, "Ana@Example.org"), "locale", json!("fr-CA"));
    let answer = enter(&app.visitor(), &token(&french, &secret)).await.is(200);
    assert_eq!(answer.header("set-cookie"), "", "no cookie is needed");
    let session: Session = answer.ok();
    assert_eq!((session.user.email.as_str(), session.user.name.as_str()), ("ana@example.org", "Ana"));
    assert_eq!((session.user.role, session.user.locale), (Role::Customer, Locale::French));
    let ana = app.visitor().with_token(session.access_token);
    ana.post("/tickets", json!({ "title": "Hive", "message": "Help" })).await.is(201);

    // Again it is the same person, who keeps the name they have here.
    let again = with(claims(&app, "ana@example.org"), "name", json!("Anna"));
    let second: Session = enter(&app.visitor(), &token(&again, &secret)).await.is(200).ok();
    assert_eq!((second.user.id, second.user.name.as_str()), (session.user.id, "Ana"));

    // A list of audiences, claims that nobody here knows, and an early or late clock are no faults.
    let now = app.now().as_second();
    for good in [
        with(claims(&app, "a@example.org"), "aud", json!(["https://elsewhere.example", DESK])),
        with(claims(&app, "a@example.org"), "iss", json!("the shop")),
        with(claims(&app, "a@example.org"), "nbf", json!(now + 5)),
        with(claims(&app, "a@example.org"), "iat", json!(now + 5)),
        with(claims(&app, "a@example.org"), "exp", json!(now - 4)),
        with(claims(&app, "a@example.org"), "exp", json!(now + 600)),
        with(claims(&app, "a@example.org"), "locale", json!("de")),
    ] {
        enter(&app.visitor(), &token(&good, &secret)).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_ends_with_its_access_token() {
    let app = App::start().await;
    let secret = secret(&app.admin("root").await).await;
    let session: Session = enter(&app.visitor(), &token(&claims(&app, "ana@example.org"), &secret)).await.is(200).ok();
    let ana = app.visitor().with_token(session.access_token);
    app.advance(SignedDuration::from_mins(14));
    server::auth::sessions::sweep(&mut app.state.db().await.unwrap(), app.now()).await.unwrap();
    ana.get("/me").await.is(200);
    app.advance(SignedDuration::from_secs(66));
    ana.get("/me").await.is(401);
    let next: Session = enter(&ana, &token(&claims(&app, "ana@example.org"), &secret)).await.is(200).ok();
    assert_eq!(next.user, session.user);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_token_is_the_same_refusal() {
    let app = App::start().await;
    let root = app.admin("root").await;
    let secret = secret(&root).await;
    let old = { secret.clone() };
    let secret = { self::secret(&root).await };
    assert_ne!(old, secret);
    let good = || claims(&app, "ana@example.org");
    let now = app.now().as_second();
    let header = |alg: &str| json!({ "alg": alg, "typ": "JWT" });
    let hs512 = |text: &[u8]| {
        let mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
        mac.chain_update(text).finalize().into_bytes().to_vec()
    };
    let altered = {
        let token = token(&good(), &secret);
        let (_, signature) = token.rsplit_once('.').unwrap();
        let other = BASE64_URL_SAFE_NO_PAD.encode(good().to_string());
        format!("{}.{other}.{signature}", token.split('.').next().unwrap())
    };
    let replayed = token(&good(), &secret);
    enter(&app.visitor(), &replayed).await.is(200);
    let twice = good();
    enter(&app.visitor(), &token(&twice, &secret)).await.is(200);
    let mut bad = vec![
        ("nothing", String::new()),
        ("no token", "x.y.z".to_owned()),
        ("a session's own", root.caller.token.clone().unwrap()),
        ("another secret", token(&good(), "another secret that somebody made up")),
        ("the secret before", token(&good(), &old)),
        ("the installation's secret", {
            let installation = String::from_utf8(crate::support::app::SECRET.to_vec()).unwrap();
            token(&good(), &installation)
        }),
        ("altered", altered),
        ("unsigned", signed(&header("none"), &good(), |_| Vec::new())),
        ("unsigned, oddly written", signed(&header("nOnE"), &good(), |_| Vec::new())),
        ("another length", signed(&header("HS512"), &good(), hs512)),
        ("another algorithm's name", signed(&header("RS256"), &good(), hs256(&secret))),
        ("no algorithm", signed(&json!({ "typ": "JWT" }), &good(), hs256(&secret))),
        (
            "what it wants and nobody knows",
            signed(&json!({ "alg": "HS256", "crit": ["b64"], "b64": true }), &good(), hs256(&secret)),
        ),
        ("replayed", replayed),
        ("another of the same jti", token(&with(good(), "jti", twice["jti"].clone()), &secret)),
        ("somebody else's audience", token(&with(good(), "aud", json!("https://elsewhere.example")), &secret)),
        ("a longer address", token(&with(good(), "aud", json!(format!("{DESK}/"))), &secret)),
        ("expired", token(&with(good(), "exp", json!(now - 5)), &secret)),
        ("made in the future", token(&with(good(), "iat", json!(now + 6)), &secret)),
        ("not good yet", token(&with(good(), "nbf", json!(now + 6)), &secret)),
        ("good for too long", token(&with(good(), "exp", json!(now + 601)), &secret)),
        ("made long ago", token(&with(good(), "iat", json!(now - 600)), &secret)),
        ("endless", token(&with(good(), "exp", json!(i64::MAX)), &secret)),
        ("a time that is none", token(&with(good(), "exp", json!("tomorrow")), &secret)),
        ("no address", token(&with(good(), "email", json!("ana")), &secret)),
        ("a name that could be a badge", token(&with(good(), "name", json!("[admin:Ana]")), &secret)),
        ("no name", token(&with(good(), "name", json!("")), &secret)),
        ("an empty jti", token(&with(good(), "jti", json!("")), &secret)),
        ("a long jti", token(&with(good(), "jti", json!("x".repeat(201))), &secret)),
    ];
    for name in ["aud", "email", "name", "iat", "exp", "jti"] {
        bad.push(("one claim less", token(&without(good(), name), &secret)));
    }
    let mut seen = None;
    for (what, token) in bad {
        // Each from a network of its own, or the throttle would be the answer.
        let network = format!("2001:db8:{:x}::1", Uuid::now_v7().as_u128() & 0xffff);
        let answer = app
            .visitor()
            .send(Method::POST, "/auth/host", |request| {
                request.header("X-Forwarded-For", network).json(&json!({ "token": token }))
            })
            .await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        let mut problem = answer.refused(ErrorCode::Unauthenticated);
        problem.request_id.clear();
        assert_eq!(*seen.get_or_insert(problem.clone()), problem, "{what}");
    }
    enter(&app.visitor(), &"x".repeat(2001)).await.is(422);
    enter(&app.visitor(), &token(&good(), &secret)).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_is_slowed_down_and_nobody_else() {
    let app = App::start().await;
    let secret = secret(&app.admin("root").await).await;
    for _ in 0..60 {
        enter(&app.visitor(), "x.y.z").await.is(401);
    }
    enter(&app.visitor(), "x.y.z").await.is(429);
    enter(&app.visitor(), &token(&claims(&app, "ana@example.org"), &secret)).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_there_is_a_secret_nobody_comes_in() {
    let app = App::start().await;
    for generation in [0, 1] {
        let guessed = app.state.panel.of(generation);
        enter(&app.visitor(), &token(&claims(&app, "ana@example.org"), &guessed)).await.is(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_the_team_and_nobody_disabled_comes_in() {
    let app = App::start().await;
    let (root, ana, carl) = (app.admin("root").await, app.agent("ana").await, app.customer("carl").await);
    let secret = secret(&root).await;
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "disabled": true })).await.is(200);
    for email in [&root.me.email, &ana.me.email, &carl.me.email] {
        enter(&app.visitor(), &token(&claims(&app, email), &secret)).await.is(403).refused(ErrorCode::Forbidden);
    }
    // Whoever joins the team later is out of the panel at once.
    let dora: Session = enter(&app.visitor(), &token(&claims(&app, "dora@example.org"), &secret)).await.is(200).ok();
    root.patch(&format!("/admin/people/{}", dora.user.id), json!({ "role": "agent" })).await.is(200);
    app.visitor().with_token(dora.access_token).get("/me").await.is(401);
    enter(&app.visitor(), &token(&claims(&app, "dora@example.org"), &secret)).await.is(403);
    let people: Page<PersonView> = root.get("/admin/people?q=dora").await.is(200).ok();
    assert_eq!(people.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_takes_the_place_of_the_one_before_in_every_process() {
    let app = App::start().await;
    let other = app.second_process();
    other.listen();
    let root = app.admin("root").await;
    let first = secret(&root).await;
    let second = secret(&root).await;
    while other.state.settings.now().panel_secret != Some(2) {
        tokio::task::yield_now().await;
    }
    for app in [&app, &other] {
        enter(&app.visitor(), &token(&claims(app, "ana@example.org"), &first)).await.is(401);
        enter(&app.visitor(), &token(&claims(app, "ana@example.org"), &second)).await.is(200);
    }
    // A token that one process took, the other does not.
    let once = token(&claims(&app, "ana@example.org"), &second);
    enter(&app.visitor(), &once).await.is(200);
    enter(&other.visitor(), &once).await.is(401);

    let changes: Page<SettingsChangeView> = root.get("/admin/settings/changes").await.is(200).ok();
    let told: Vec<_> = changes.items.iter().map(|it| (it.topic.as_str(), &it.before, &it.after)).collect();
    let (one, two) = (json!({ "generation": 1 }), json!({ "generation": 2 }));
    assert_eq!(told, [("panel_secret", &one, &two), ("panel_secret", &json!({}), &one)]);
    assert_eq!(changes.items[0].author.id, root.id());
    // The secret itself lies nowhere, and no change of settings touches its number.
    let kept = app.database.connect().await.query("select value::text from settings", &[]).await.unwrap();
    assert!(kept.iter().all(|row| !row.get::<_, String>(0).contains(&second)));
    root.patch("/admin/settings", json!({ "panel_secret": { "generation": 1 } })).await.is(422);
    root.patch("/admin/settings", json!({ "panel": { "origins": [], "generation": 1 } })).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn used_tokens_are_forgotten_when_they_are_too_old_anyway() {
    let app = App::start().await;
    let secret = secret(&app.admin("root").await).await;
    let once = token(&claims(&app, "ana@example.org"), &secret);
    enter(&app.visitor(), &once).await.is(200);
    let count = async || {
        server::panel::sweep(&mut app.state.db().await.unwrap(), app.now()).await.unwrap();
        let rows = app.database.connect().await.query("select from host_tokens", &[]).await.unwrap();
        rows.len()
    };
    app.advance(SignedDuration::from_secs(64));
    assert_eq!(count().await, 1);
    enter(&app.visitor(), &once).await.is(401);
    app.advance(SignedDuration::from_secs(2));
    assert_eq!(count().await, 0);
    enter(&app.visitor(), &once).await.is(401);
}

/// Posts as the page does in a panel, from an origin.
async fn from_panel(caller: &Caller, path: &str, origin: &str, cookie: Option<&str>, body: Option<Value>) -> Answer {
    let shape = |request: reqwest::RequestBuilder| {
        let request = request.header("Waggle-Panel", "1").header("Origin", origin);
        let request = cookie.into_iter().fold(request, |request, cookie| request.header("Cookie", cookie));
        body.into_iter().fold(request, |request, body| request.json(&body))
    };
    caller.send(Method::POST, path, shape).await
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_the_panel_makes_a_cookie_for_that_website_alone() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let own = Some(json!({ "email": carl.me.email, "password": PASSWORD }));
    let answer = from_panel(&app.visitor(), "/auth/login", DESK, None, own.clone()).await.is(200);
    let written = answer.header("set-cookie").to_owned();
    for part in ["waggle_refresh_panel=", "; HttpOnly", "; SameSite=None", "; Secure", "; Path=/", "; Partitioned"] {
        assert!(written.contains(part), "{written} lacks {part}");
    }
    // It outlives the access token, each time for another.
    let mut current = cookie(&answer);
    for _ in 0..2 {
        app.advance(SignedDuration::from_mins(20));
        let answer = from_panel(&app.visitor(), "/auth/refresh", DESK, Some(&current), None).await.is(200);
        assert_ne!(cookie(&answer), current);
        current = cookie(&answer);
        let session: Session = answer.ok();
        app.visitor().with_token(session.access_token).get("/me").await.is(200);
    }
    // Whoever else sends it is refused, and so is the page outside of the panel.
    for origin in ["https://evil.example", "null", "", "http://localhost:8081", "http://localhost:8080.evil.example"] {
        from_panel(&app.visitor(), "/auth/refresh", origin, Some(&current), None).await.is(403);
        from_panel(&app.visitor(), "/auth/logout", origin, Some(&current), None).await.is(403);
        from_panel(&app.visitor(), "/auth/login", origin, None, own.clone()).await.is(403);
    }
    let plain = |request: reqwest::RequestBuilder| request.header("Cookie", &current);
    app.visitor().send(Method::POST, "/auth/refresh", plain).await.is(401);
    // Nor does the page's own cookie count in the panel.
    let page = format!("waggle_refresh={}", carl.refresh_token);
    from_panel(&app.visitor(), "/auth/refresh", DESK, Some(&page), None).await.is(401);
    app.visitor().send(Method::POST, "/auth/refresh", |request| request.header("Cookie", &page)).await.is(200);

    let left = from_panel(&app.visitor(), "/auth/logout", DESK, Some(&current), None).await.is(204);
    assert!(left.header("set-cookie").contains("Max-Age=0") && left.header("set-cookie").ends_with("; Partitioned"));
    from_panel(&app.visitor(), "/auth/refresh", DESK, Some(&current), None).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_has_its_prefix() {
    let setup = Setup { public_url: "https://help.example.org", ..Setup::default() };
    let app = App::start_with(setup).await;
    let carl = app.customer("carl").await;
    let own = json!({ "email": carl.me.email, "password": PASSWORD });
    let answer =
        from_panel(&app.visitor(), "/auth/login", "https://help.example.org", None, Some(own.clone())).await.is(200);
    assert!(cookie(&answer).starts_with("__Host-waggle_refresh_panel="), "{}", cookie(&answer));
    from_panel(&app.visitor(), "/auth/login", "http://help.example.org", None, Some(own)).await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_signs_in_at_the_desk_itself() {
    let app = App::start().await;
    let (root, dora) = (app.admin("root").await, app.customer("dora").await);
    let own = |email: &str| Some(json!({ "email": email, "password": PASSWORD }));
    let refused = from_panel(&app.visitor(), "/auth/login", DESK, None, own(&root.me.email)).await.is(403);
    assert_eq!(refused.header("set-cookie"), "");
    // A wrong password tells nothing of who is on the team.
    let wrong = Some(json!({ "email": root.me.email, "password": "not the password" }));
    from_panel(&app.visitor(), "/auth/login", DESK, None, wrong).await.is(401);
    let answer = from_panel(&app.visitor(), "/auth/login", DESK, None, own(&dora.me.email)).await.is(200);
    root.patch(&format!("/admin/people/{}", dora.id()), json!({ "role": "agent" })).await.is(200);
    from_panel(&app.visitor(), "/auth/refresh", DESK, Some(&cookie(&answer)), None).await.is(403);
}
