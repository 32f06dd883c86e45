//! Registration and mailed links.

use std::collections::BTreeSet;

use api_types::{auth::Session, error::ErrorCode};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use server::outside::mail::Mail;

use crate::support::{App, Caller};

pub fn named(name: &str, email: &str) -> Value {
    json!({ "name": name, "email": email, "password": "a long enough one", "locale": "en" })
}

/// The token in a mail's link.
pub fn token(mail: &Mail) -> String {
    let (_, rest) = mail.text.split_once("#token=").expect("the mail has a link");
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// The code under a mail's link.
fn code(mail: &Mail) -> String {
    let line = mail.text.lines().find(|line| line.contains("code")).expect("the mail has a code");
    line.rsplit(' ').next().unwrap_or_default().to_owned()
}

async fn verify(caller: &Caller, token: &str) -> crate::support::Answer {
    caller.post("/auth/verify", json!({ "token": token })).await
}

/// Registers, and answers the cookie that the browser keeps.
pub async fn registers(caller: &Caller, body: serde_json::Value) -> String {
    let answer = caller.post("/auth/register", body).await.is(202);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// Follows a link in the browser that holds this cookie.
pub async fn verify_in(caller: &Caller, token: &str, cookie: &str) -> crate::support::Answer {
    let body = json!({ "token": token });
    caller.send(Method::POST, "/auth/verify", |request| request.header("Cookie", cookie).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_a_strangers_address_never_knows_the_password() {
    let app = App::start().await;
    let mallory = app.visitor();
    registers(&mallory, named("Mallory", "eve@example.org")).await;
    // The owner's own registration mails nothing more, so the link at hand is the first one's.
    let own = registers(&app.visitor(), named("Eve", "eve@example.org")).await;
    app.run_jobs().await;
    let session: Session = verify_in(&app.visitor(), &token(&app.mailbox()[0]), &own).await.is(200).ok();
    assert!(!session.user.has_password);
    let login = json!({ "email": "eve@example.org", "password": "a long enough one" });
    mallory.post("/auth/login", login).await.is(401).refused(ErrorCode::WrongCredentials);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_confirmed_by_its_link() {
    let app = App::start().await;
    let visitor = app.visitor();
    let cookie = registers(&visitor, named("Eve", "Eve@Example.org")).await;
    app.run_jobs().await;
    let mails = app.mailbox();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), ("eve@example.org", "Confirm your email address"));
    assert!(mails[0].text.contains("http://localhost:8080/verify#token="), "{}", mails[0].text);
    // Until then there is no account.
    let login = json!({ "email": "eve@example.org", "password": "a long enough one" });
    visitor.post("/auth/login", login.clone()).await.is(401).refused(ErrorCode::WrongCredentials);
    let session: Session = verify_in(&visitor, &token(&mails[0]), &cookie).await.is(200).ok();
    assert_eq!((session.user.name.as_str(), session.user.email.as_str()), ("Eve", "eve@example.org"));
    assert!(session.user.has_password);
    visitor.with_token(session.access_token).get("/me").await.is(200);
    visitor.post("/auth/login", login).await.is(200);
    verify(&visitor, &token(&mails[0])).await.is(410).refused(ErrorCode::LinkExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_confirmed_by_its_code_however_it_is_typed() {
    let app = App::start().await;
    let visitor = app.visitor();
    visitor.post("/auth/register", named("Eve", "eve@example.org")).await.is(202);
    app.run_jobs().await;
    let mail = &app.mailbox()[0];
    let typed = format!(" {} ", code(mail).to_lowercase().replace('-', " "));
    verify(&visitor, &typed).await.is(200);
    verify(&visitor, &code(mail)).await.is(410);
    verify(&visitor, &token(mail)).await.is(410).refused(ErrorCode::LinkExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_get_the_same_answers() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    let bodies = |email: &str| {
        [
            ("/auth/register", named("Eve", email)),
            ("/auth/forgot", json!({ "email": email })),
            ("/auth/link", json!({ "email": email })),
            ("/auth/login", json!({ "email": email, "password": "not the password" })),
        ]
    };
    for ((path, known), (_, unknown)) in bodies(&carl.me.email).into_iter().zip(bodies("unknown@example.org")) {
        let (known, unknown) = (visitor.post(path, known).await, visitor.post(path, unknown).await);
        let shape = |answer: &crate::support::Answer| {
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let names: BTreeSet<_> = answer.headers.keys().map(ToString::to_string).collect();
            (answer.status, body["code"].clone(), body["detail"].clone(), names)
        };
        assert_eq!(shape(&known), shape(&unknown), "{path}");
    }
    app.run_jobs().await;
    let to: Vec<_> = app.mailbox().into_iter().map(|mail| (mail.to, mail.subject)).collect();
    let to_carl: BTreeSet<_> =
        to.iter().filter(|(to, _)| *to == carl.me.email).map(|(_, subject)| subject.as_str()).collect();
    assert_eq!(to_carl, BTreeSet::from(["You already have an account", "Choose a new password", "Your sign-in link"]));
    assert_eq!(to.len(), 4, "and one to the unknown address, which asked for an account: {to:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_mail_holds_no_word_of_the_visitor() {
    let app = App::start().await;
    let name = "Visit spam.example now";
    app.visitor().post("/auth/register", named(name, "eve@example.org")).await.is(202);
    app.run_jobs().await;
    let mail = &app.mailbox()[0];
    for text in [&mail.subject, &mail.text, &mail.html] {
        assert!(!text.contains("spam") && !text.contains("Visit"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_one_mail_a_day_at_most() {
    let app = App::start().await;
    for _ in 0..3 {
        app.visitor().post("/auth/register", named("Eve", "eve@example.org")).await.is(202);
        app.visitor().post("/auth/link", json!({ "email": "eve@example.org" })).await.is(202);
        app.run_jobs().await;
    }
    assert_eq!(app.mailbox().len(), 1);
    app.advance(SignedDuration::from_hours(24));
    app.visitor().post("/auth/register", named("Eve", "EVE@example.org")).await.is(202);
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_an_account_is_told_so_and_signed_in() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let body = named("Mallory", &carl.me.email);
    app.visitor().post("/auth/register", body).await.is(202);
    app.run_jobs().await;
    let mail = &app.mailbox()[0];
    assert_eq!(mail.subject, "You already have an account");
    let session: Session = verify(&app.visitor(), &token(mail)).await.is(200).ok();
    assert_eq!(
        (session.user.id, session.user.name.as_str()),
        (carl.id(), "carl"),
        "nothing of the registration was taken"
    );
    let login = json!({ "email": carl.me.email, "password": "a long enough one" });
    app.visitor().post("/auth/login", login).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_expire() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    for (path, hours, minutes) in [("/auth/register", 24, 0), ("/auth/link", 0, 30), ("/auth/forgot", 1, 0)] {
        for (late, status) in [(false, 200), (true, 410)] {
            app.advance(SignedDuration::from_hours(48));
            let email =
                if path == "/auth/register" { format!("eve-{late}@example.org") } else { carl.me.email.clone() };
            let body = if path == "/auth/register" { named("Eve", &email) } else { json!({ "email": email }) };
            visitor.post(path, body).await.is(202);
            app.run_jobs().await;
            let token = token(app.mailbox().last().unwrap());
            let good_for = SignedDuration::from_hours(hours) + SignedDuration::from_mins(minutes);
            app.advance(if late { good_for } else { good_for - SignedDuration::from_secs(1) });
            let answer = if path == "/auth/forgot" {
                visitor.post("/auth/reset", json!({ "token": token, "password": "a new long password" })).await
            } else {
                verify(&visitor, &token).await
            };
            let expected = if path == "/auth/forgot" && status == 200 { 204 } else { status };
            assert_eq!(answer.status, expected, "{path} {late}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_serves_its_own_purpose_only() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    visitor.post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    visitor.post("/auth/forgot", json!({ "email": carl.me.email })).await.is(202);
    visitor.post("/auth/register", named("Eve", "eve@example.org")).await.is(202);
    app.run_jobs().await;
    let find = |subject: &str| app.mailbox().into_iter().find(|mail| mail.subject == subject).expect(subject);
    let (link, reset) = (find("Your sign-in link"), find("Choose a new password"));
    let confirm = find("Confirm your email address");
    verify(&visitor, &token(&reset)).await.is(410);
    for wrong in [&link, &confirm] {
        let body = json!({ "token": token(wrong), "password": "a new long password" });
        visitor.post("/auth/reset", body).await.is(410).refused(ErrorCode::LinkExpired);
    }
    // None of them was spent by the wrong door.
    verify(&visitor, &token(&link)).await.is(200);
    verify(&visitor, &token(&confirm)).await.is(200);
    visitor.post("/auth/reset", json!({ "token": token(&reset), "password": "a new long password" })).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_used_twice_at_once_works_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    visitor.post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    let token = token(&app.mailbox()[0]);
    let (left, right) = tokio::join!(verify(&visitor, &token), verify(&visitor, &token));
    let mut statuses = [left.status, right.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_gets_no_link_and_cannot_use_an_old_one() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    app.visitor().post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "disabled": true })).await.is(200);
    verify(&app.visitor(), &token(&app.mailbox()[0])).await.is(410);
    app.visitor().post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    app.visitor().post("/auth/forgot", json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_speak_the_persons_language() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    app.visitor().post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    let body = json!({ "name": "Ève", "email": "eve@example.org", "password": "a long enough one", "locale": "fr" });
    app.visitor().post("/auth/register", body).await.is(202);
    app.run_jobs().await;
    let mut subjects: Vec<_> = app.mailbox().into_iter().map(|mail| mail.subject).collect();
    subjects.sort();
    assert_eq!(subjects, ["Confirmez votre adresse e-mail", "Votre lien de connexion"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_brackets_is_refused() {
    let app = App::start().await;
    let answer = app.visitor().post("/auth/register", named("Eve <b>", "eve@example.org")).await.is(422);
    answer.refused_field("/name", api_types::error::FieldCode::ForbiddenCharacter);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_stored_as_hashes_only() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    app.visitor().post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    app.run_jobs().await;
    let dump: String = app
        .database
        .connect()
        .await
        .query_one(
            "select concat((select string_agg(m::text, ' ') from mail_tokens m), (select string_agg(r::text, ' ') from refresh_tokens r),
                 (select string_agg(p::text, ' ') from people p), (select string_agg(j::text, ' ') from jobs j))",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let secret = token(&app.mailbox()[0]);
    for secret in [&secret, &carl.refresh_token, crate::support::actors::PASSWORD] {
        assert!(!dump.contains(secret));
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dump.contains(&hex));
    }
}
