//! Sessions: signing in, staying so, and every way that it ends.

use api_types::{auth::Session, error::ErrorCode};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use server::auth::tokens::Keys;
use uuid::Uuid;

use crate::{
    registration::token,
    support::{Actor, Answer, App, Caller, actors::PASSWORD, app::Setup},
};

async fn login(caller: &Caller, email: &str, password: &str) -> Answer {
    caller.post("/auth/login", json!({ "email": email, "password": password })).await
}

/// Posts with the refresh cookie, as a browser would.
async fn with_cookie(caller: &Caller, path: &str, refresh_token: &str) -> Answer {
    let cookie = format!("waggle_refresh={refresh_token}");
    caller.send(Method::POST, path, |request| request.header("Cookie", cookie)).await
}

async fn refresh(caller: &Caller, refresh_token: &str) -> Answer {
    with_cookie(caller, "/auth/refresh", refresh_token).await
}

/// The refresh token that an answer sets.
fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie");
    let (_, rest) = cookie.split_once('=').expect("a cookie");
    rest.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_signs_in() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let answer = login(&app.visitor(), "CARL@example.org", PASSWORD).await.is(200);
    assert_eq!(cookie(&answer).len(), 43, "256 random bits");
    let session: Session = answer.ok();
    assert_eq!(session.user, carl.me);
    assert_eq!(session.expires_in, 900);
    app.visitor().with_token(session.access_token).get("/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_a_wrong_address_are_the_same_refusal() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let disabled = app.customer("disabled").await;
    root.patch(&format!("/admin/people/{}", disabled.id()), json!({ "disabled": true })).await.is(200);
    let mut problems = Vec::new();
    for (email, password) in [
        (carl.me.email.as_str(), "the bees are sleeping"),
        ("unknown@example.org", PASSWORD),
        (disabled.me.email.as_str(), PASSWORD),
        (carl.me.email.as_str(), ""),
        (carl.me.email.as_str(), &"x".repeat(100_000)),
    ] {
        let answer = login(&app.visitor(), email, password).await.is(401);
        assert_eq!(answer.header("set-cookie"), "");
        let mut problem = answer.refused(ErrorCode::WrongCredentials);
        problem.request_id.clear();
        problems.push(problem);
    }
    assert!(problems.iter().all(|problem| *problem == problems[0]), "{problems:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_exchanged_for_the_next() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let mut current = carl.refresh_token.clone();
    for _ in 0..3 {
        app.advance(SignedDuration::from_mins(20));
        carl.get("/me").await.is(401);
        let answer = refresh(&app.visitor(), &current).await.is(200);
        let next = cookie(&answer);
        assert_ne!(next, current);
        current = next;
        let session: Session = answer.ok();
        app.visitor().with_token(session.access_token).get("/me").await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_comes_back_ends_the_session() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let other = app.sign_in(carl.id()).await;
    let answer = refresh(&app.visitor(), &carl.refresh_token).await.is(200);
    let stolen = cookie(&answer);
    let session: Session = answer.ok();
    app.advance(SignedDuration::from_secs(11));
    refresh(&app.visitor(), &carl.refresh_token).await.is(401).refused(ErrorCode::Unauthenticated);
    refresh(&app.visitor(), &stolen).await.is(401);
    app.visitor().with_token(session.access_token).get("/me").await.is(401);
    carl.get("/me").await.is(401);
    other.get("/me").await.is(200);
    refresh(&app.visitor(), &other.refresh_token).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_wake_together_both_stay_signed_in() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    let (left, right) = tokio::join!(refresh(&visitor, &carl.refresh_token), refresh(&visitor, &carl.refresh_token));
    let late = {
        app.advance(SignedDuration::from_secs(10));
        refresh(&visitor, &carl.refresh_token).await
    };
    app.advance(SignedDuration::from_mins(5));
    for answer in [left, right, late] {
        refresh(&visitor, &cookie(&answer.is(200))).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_session_ends_after_a_month() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    app.advance(SignedDuration::from_hours(24 * 30));
    refresh(&app.visitor(), &carl.refresh_token).await.is(401);
    let made_up = "A".repeat(43);
    for wrong in ["", "x", made_up.as_str()] {
        refresh(&app.visitor(), wrong).await.is(401).refused(ErrorCode::Unauthenticated);
    }
    app.visitor().call("/auth/refresh").await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_at_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let other = app.sign_in(carl.id()).await;
    carl.get("/me").await.is(200);
    let answer = with_cookie(&app.visitor(), "/auth/logout", &carl.refresh_token).await.is(204);
    assert!(answer.header("set-cookie").contains("Max-Age=0"), "{}", answer.header("set-cookie"));
    carl.get("/me").await.is(401).refused(ErrorCode::Unauthenticated);
    refresh(&app.visitor(), &carl.refresh_token).await.is(401);
    other.get("/me").await.is(200);
    app.visitor().call("/auth/logout").await.is(204);
    with_cookie(&app.visitor(), "/auth/logout", "unknown").await.is(204);
}

/// What ends a person's access, done by the person or by an admin.
async fn end_access(app: &App, way: &str, carl: &Actor, root: &Actor) {
    let person = format!("/admin/people/{}", carl.id());
    match way {
        "signing out" => drop(with_cookie(&app.visitor(), "/auth/logout", &carl.refresh_token).await.is(204)),
        "disabling" => drop(root.patch(&person, json!({ "disabled": true })).await.is(200)),
        "demoting" => drop(root.patch(&person, json!({ "role": "customer" })).await.is(200)),
        "resetting" => {
            app.visitor().post("/auth/forgot", json!({ "email": carl.me.email })).await.is(202);
            app.run_jobs().await;
            let token = token(app.mailbox().last().unwrap());
            app.visitor()
                .post("/auth/reset", json!({ "token": token, "password": "a new long password" }))
                .await
                .is(204);
        }
        "changing the password elsewhere" => {
            let other = app.sign_in(carl.id()).await;
            let body = json!({ "password": "a new long password", "current_password": PASSWORD });
            other.patch("/me", body).await.is(200);
            other.get("/me").await.is(200);
        }
        other => panic!("{other}"),
    }
}

const WAYS: [&str; 5] = ["signing out", "disabling", "demoting", "resetting", "changing the password elsewhere"];

#[tokio::test(flavor = "multi_thread")]
async fn access_ends_at_once_here_and_within_five_seconds_elsewhere() {
    let app = App::start().await;
    let elsewhere = app.second_process();
    let root = app.admin("root").await;
    for (number, way) in WAYS.into_iter().enumerate() {
        let carl = app.agent(&format!("carl{number}")).await;
        let there = elsewhere.visitor().with_token(carl.token.clone().unwrap());
        there.get("/me").await.is(200);
        carl.get("/me").await.is(200);
        end_access(&app, way, &carl, &root).await;
        assert_eq!(carl.get("/me").await.status, 401, "{way}");
        app.advance(SignedDuration::from_secs(5));
        assert_eq!(there.get("/me").await.status, 401, "{way}, in another process");
        if way != "demoting" {
            assert_eq!(refresh(&app.visitor(), &carl.refresh_token).await.status, 401, "{way}: no way back");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_comes_with_the_next_token() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "role": "agent" })).await.is(200);
    carl.get("/team").await.is(401);
    let session: Session = refresh(&app.visitor(), &carl.refresh_token).await.is(200).ok();
    app.visitor().with_token(session.access_token).get("/team").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_sets_the_password_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    app.visitor().post("/auth/forgot", json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    let mail = &app.mailbox()[0];
    assert!(mail.text.contains("/reset#token="), "{}", mail.text);
    let body = json!({ "token": token(mail), "password": "a new long password" });
    app.visitor().post("/auth/reset", body.clone()).await.is(204);
    app.visitor().post("/auth/reset", body).await.is(410).refused(ErrorCode::LinkExpired);
    login(&app.visitor(), &carl.me.email, PASSWORD).await.is(401);
    login(&app.visitor(), &carl.me.email, "a new long password").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_change_needs_the_current_one() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let new = "a new long password";
    for body in [json!({ "password": new }), json!({ "password": new, "current_password": "wrong" })] {
        let answer = carl.patch("/me", body).await.is(422);
        answer.refused_field("/current_password", api_types::error::FieldCode::WrongPassword);
    }
    login(&app.visitor(), &carl.me.email, PASSWORD).await.is(200);
    carl.patch("/me", json!({ "password": new, "current_password": PASSWORD })).await.is(200);
    login(&app.visitor(), &carl.me.email, new).await.is(200);
    carl.get("/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_as_strict_as_the_address_allows() {
    for (public_url, name, secure) in [
        ("https://help.example.org", "__Host-waggle_refresh", true),
        ("http://localhost:8080", "waggle_refresh", false),
    ] {
        let app = App::start_with(Setup { public_url, ..Setup::default() }).await;
        let carl = app.customer("carl").await;
        let answer = login(&app.visitor(), &carl.me.email, PASSWORD).await.is(200);
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_this_desk_did_not_sign_is_refused() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let good = carl.token.clone().unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let forged = Keys::new(b"another secret").sign(app.now(), carl.id(), Uuid::now_v7(), 0).unwrap();
    // {"alg":"none"} and {"alg":"HS256","typ":"JWT"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let unsigned_with_signature = format!("eyJhbGciOiJub25lIn0.{}.{}", parts[1], parts[2]);
    let no_signature = format!("{}.{}.", parts[0], parts[1]);
    let mut flipped = good.clone();
    let last = flipped.pop().unwrap();
    // The last character carries bits that do not count; the one before counts whole.
    let before = flipped.pop().unwrap();
    flipped.push(if before == 'A' { 'B' } else { 'A' });
    flipped.push(last);
    let no_such_session = app.state.keys.sign(app.now(), carl.id(), Uuid::now_v7(), 0).unwrap();
    for wrong in [
        forged,
        unsigned,
        unsigned_with_signature,
        no_signature,
        flipped,
        no_such_session,
        "x".to_owned(),
        "a.b.c".to_owned(),
        "x".repeat(6000),
    ] {
        app.visitor().with_token(wrong.clone()).get("/me").await.is(401).refused(ErrorCode::Unauthenticated);
    }
    carl.get("/me").await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_session_in_an_own_token_is_refused() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let session = app.state.keys.read(app.now(), carl.token.as_deref().unwrap()).unwrap().sid;
    let mixed = app.state.keys.sign(app.now(), dora.id(), session, 0).unwrap();
    app.visitor().with_token(mixed).get("/me").await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_expires_after_a_quarter_of_an_hour() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    app.advance(SignedDuration::from_secs(900));
    carl.get("/me").await.is(200);
    app.advance(SignedDuration::from_secs(5));
    carl.get("/me").await.is(401).refused(ErrorCode::Unauthenticated);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_bearer_is_heard() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let token = carl.token.clone().unwrap();
    for (header, status) in [
        (format!("bearer {token}"), 200),
        (format!("Basic {token}"), 401),
        (token.clone(), 401),
        (format!("Bearer{token}"), 401),
        ("Bearer".to_owned(), 401),
        ("Bearer ".to_owned(), 401),
    ] {
        let answer =
            app.visitor().send(Method::GET, "/me", |request| request.header("Authorization", header.clone())).await;
        assert_eq!(answer.status, status, "{header}");
    }
    app.visitor().get(&format!("/me?access_token={token}")).await.is(401);
}
