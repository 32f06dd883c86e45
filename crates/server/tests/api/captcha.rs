//! The captcha: the desk's own riddle, and judges elsewhere that say yes, no, lie, sleep or are not there.

use std::sync::{Arc, Mutex};

use actix_web::{App as Site, HttpResponse, HttpServer, web};
use api_types::{
    captcha::{CaptchaProvider, Challenge},
    error::{ErrorCode, FieldCode},
    settings::{PublicSettings, RegistrationMode},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use server::outside::judge::Judge;

use crate::support::{Answer, App, app::Setup};

async fn passwordless(judge: Option<Judge>) -> App {
    let mut setup = Setup { judge, ..Setup::default() };
    setup.settings.registration.mode = RegistrationMode::Passwordless;
    App::start_with(setup).await
}

fn ask(captcha: Option<&str>) -> Value {
    let visitor = json!({ "name": "Vera", "email": "vera@example.org", "locale": "en" });
    json!({ "title": "Hive", "message": "Help", "visitor": visitor, "captcha": captcha })
}

async fn asks(app: &App, captcha: Option<&str>) -> Answer {
    app.visitor().post("/tickets", ask(captcha)).await
}

async fn riddle(app: &App) -> Challenge {
    app.visitor().get("/captcha/challenge").await.is(200).ok()
}

/// Does the work, as a browser would.
fn solve(challenge: &Challenge) -> String {
    let challenge: altcha::Challenge = serde_json::from_value(json!(challenge)).unwrap();
    let solution = altcha::solve_challenge(altcha::SolveChallengeOptions::new(&challenge)).unwrap().unwrap();
    BASE64_STANDARD.encode(json!({ "challenge": challenge, "solution": solution }).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desks_own_riddle_guards_a_passwordless_desk() {
    let app = passwordless(None).await;
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    assert_eq!(settings.captcha.provider, CaptchaProvider::Altcha, "it is on unless an admin says otherwise");
    asks(&app, None).await.is(422).refused_field("/captcha", FieldCode::Required);
    asks(&app, Some("")).await.is(422).refused_field("/captcha", FieldCode::Required);
    asks(&app, Some("bm90IGpzb24=")).await.is(422).refused_field("/captcha", FieldCode::NotPossible);

    let challenge = riddle(&app).await;
    let answer = solve(&challenge);
    asks(&app, Some(&answer)).await.is(202);
    asks(&app, Some(&answer)).await.is(422).refused_field("/captcha", FieldCode::NotPossible);

    // A riddle that was made easier is not this desk's.
    let mut forged = challenge.clone();
    forged.parameters["keyPrefix"] = json!("");
    forged.parameters["cost"] = json!(1);
    asks(&app, Some(&solve(&forged))).await.is(422).refused_field("/captcha", FieldCode::NotPossible);
    let late = solve(&riddle(&app).await);
    app.advance(SignedDuration::from_mins(10));
    asks(&app, Some(&late)).await.is(422).refused_field("/captcha", FieldCode::NotPossible);

    for (path, mut body) in [
        ("/auth/link", json!({ "email": "vera@example.org" })),
        ("/auth/forgot", json!({ "email": "vera@example.org" })),
        (
            "/auth/register",
            json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": "en" }),
        ),
    ] {
        app.visitor().post(path, body.clone()).await.is(422).refused_field("/captcha", FieldCode::Required);
        body["captcha"] = json!(solve(&riddle(&app).await));
        app.visitor().post(path, body.clone()).await.is(202);
        app.visitor().post(path, body).await.is(422).refused_field("/captcha", FieldCode::NotPossible);
    }
    // Whoever has signed in is asked for none.
    app.customer("carl").await.post("/tickets", json!({ "title": "Hive", "message": "Help" })).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_needs_no_other_answer_and_another_one_does() {
    let app = passwordless(None).await;
    let answer = solve(&riddle(&app).await);
    let send = async |title: &str, key: &str| {
        let mut body = ask(Some(&answer));
        body["title"] = json!(title);
        app.visitor().send(Method::POST, "/tickets", |request| request.header("Idempotency-Key", key).json(&body)).await
    };
    send("Hive", "one").await.is(202);
    send("Hive", "one").await.is(202);
    send("Queen", "one").await.is(422).refused_field("/captcha", FieldCode::NotPossible);
    send("Hive", "two").await.is(422).refused_field("/captcha", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_it_sets_no_riddle() {
    let app = App::start().await;
    app.visitor().get("/captcha/challenge").await.is(404);
    let root = app.admin("root").await;
    root.patch("/admin/settings", json!({ "captcha": { "provider": "altcha" } })).await.is(200);
    riddle(&app).await;
    let app = passwordless(None).await;
    let root = app.admin("root").await;
    root.patch("/admin/settings", json!({ "captcha": { "provider": "off" } })).await.is(200);
    asks(&app, None).await.is(202);
}

/// Judges as it is told, and keeps what it was asked.
struct Scripted {
    judge: Judge,
    says: Arc<Mutex<(u16, Value)>>,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn scripted() -> Scripted {
    let says = Arc::new(Mutex::new((200, json!({ "success": true, "hostname": "localhost" }))));
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (script, log) = (Arc::clone(&says), Arc::clone(&asked));
    let server = HttpServer::new(move || {
        let (script, log) = (Arc::clone(&script), Arc::clone(&log));
        Site::new().route(
            "/siteverify",
            web::post().to(move |body: String| {
                log.lock().unwrap().push(body);
                let (status, judgement) = script.lock().unwrap().clone();
                async move { HttpResponse::build(status.try_into().unwrap()).json(judgement) }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let url = format!("http://{}/siteverify", server.addrs()[0]);
    tokio::spawn(server.run());
    let judge = Judge::new("the secret".to_owned(), "http://localhost:8080", Some(&url)).unwrap();
    Scripted { judge, says, asked }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_elsewhere_is_believed_for_this_desk_and_this_act_only() {
    let scripted = scripted().await;
    let app = passwordless(Some(scripted.judge.clone())).await;
    let root = app.admin("root").await;
    let refused = json!({ "captcha": { "provider": "turnstile" } });
    root.patch("/admin/settings", refused).await.is(422).refused_field("/captcha/site_key", FieldCode::Required);
    let mut answers = 0;
    let mut judged = async |provider: &str, judgement: Value| {
        let topic = json!({ "captcha": { "provider": provider, "site_key": "public" } });
        root.patch("/admin/settings", topic).await.is(200);
        *scripted.says.lock().unwrap() = (200, judgement);
        answers += 1;
        asks(&app, Some(&format!("answer {answers}"))).await.status
    };
    let yes = json!({ "success": true, "hostname": "localhost", "action": "ticket", "score": 0.9 });
    let with = |field: &str, value: Value| {
        let mut judgement = yes.clone();
        judgement[field] = value;
        judgement
    };
    for provider in ["recaptcha_v2", "recaptcha_v3", "hcaptcha", "turnstile"] {
        assert_eq!(judged(provider, yes.clone()).await, 202, "{provider}");
        assert_eq!(judged(provider, with("success", json!(false))).await, 422, "{provider}");
        assert_eq!(judged(provider, with("hostname", json!("evil.example"))).await, 422, "{provider}");
    }
    for provider in ["recaptcha_v3", "turnstile"] {
        assert_eq!(judged(provider, with("action", json!("link"))).await, 422, "{provider}");
    }
    assert_eq!(judged("recaptcha_v3", with("score", json!(0.1))).await, 422);
    let asked = scripted.asked.lock().unwrap().first().cloned().unwrap();
    assert_eq!(asked, "secret=the+secret&response=answer+1");
    // What was accepted once is not accepted again, whatever the judge says.
    *scripted.says.lock().unwrap() = (200, yes);
    asks(&app, Some("answer 1")).await.is(422).refused_field("/captcha", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_can_judge_nobody_comes_in() {
    let scripted = scripted().await;
    let app = passwordless(Some(scripted.judge.clone())).await;
    let root = app.admin("root").await;
    root.patch("/admin/settings", json!({ "captcha": { "provider": "hcaptcha", "site_key": "public" } })).await.is(200);
    for (status, judgement) in
        [(500, json!({})), (200, json!("garbage")), (302, json!({})), (200, json!({ "success": 1 }))]
    {
        *scripted.says.lock().unwrap() = (status, judgement);
        asks(&app, Some("answer")).await.is(503).refused(ErrorCode::Unavailable);
    }
    let nowhere = Judge::new("secret".to_owned(), "http://localhost:8080", Some("http://127.0.0.1:9/")).unwrap();
    let app = passwordless(Some(nowhere)).await;
    let root = app.admin("root").await;
    root.patch("/admin/settings", json!({ "captcha": { "provider": "hcaptcha", "site_key": "public" } })).await.is(200);
    asks(&app, Some("answer")).await.is(503).refused(ErrorCode::Unavailable);

    // Without a secret such a provider cannot be chosen.
    let app = App::start().await;
    let topic = json!({ "captcha": { "provider": "hcaptcha", "site_key": "public" } });
    let root = app.admin("root").await;
    root.patch("/admin/settings", topic).await.is(422).refused_field("/captcha/provider", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_load_what_the_chosen_provider_needs_and_no_other() {
    let app = passwordless(Some(scripted().await.judge)).await;
    let root = app.admin("root").await;
    let hosts = ["https://www.google.com/recaptcha/", "hcaptcha.com", "https://challenges.cloudflare.com"];
    let policy = async |topic: Value| {
        root.patch("/admin/settings", json!({ "captcha": topic })).await.is(200);
        let at = async |path: &str| {
            let page = app.visitor().send_raw(Method::GET, path, |request| request).await.is(200);
            page.header("content-security-policy").to_owned()
        };
        for teams in ["/admin", "/admin/settings/captcha"] {
            assert!(!at(teams).await.contains("https://"), "no captcha stands at {teams}");
        }
        at("/").await
    };
    for (provider, its_own) in
        [("recaptcha_v2", hosts[0]), ("recaptcha_v3", hosts[0]), ("hcaptcha", hosts[1]), ("turnstile", hosts[2])]
    {
        let policy = policy(json!({ "provider": provider, "site_key": "public" })).await;
        for directive in ["script-src", "frame-src"] {
            let rule = policy.split(';').find(|rule| rule.trim().starts_with(directive)).unwrap();
            for host in hosts {
                assert_eq!(rule.contains(host), host == its_own, "{provider}: {rule}");
            }
        }
    }
    for provider in ["altcha", "off"] {
        let policy = policy(json!({ "provider": provider })).await;
        assert!(!policy.contains("https://"), "{policy}");
    }
}
