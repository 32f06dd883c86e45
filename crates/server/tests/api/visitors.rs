//! Tickets of people without an account.

use api_types::{
    auth::Session,
    captcha::CaptchaProvider,
    error::{ErrorCode, FieldCode},
    settings::{PublicSettings, RegistrationMode},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::worker;
use tokio::sync::oneshot;

use crate::{
    registration::token,
    support::{Answer, App, app::Setup, database::until},
};

async fn open_desk() -> App {
    let mut setup = Setup::default();
    setup.settings.registration.mode = RegistrationMode::Passwordless;
    setup.settings.captcha.provider = Some(CaptchaProvider::Off);
    App::start_with(setup).await
}

fn ask(email: &str, title: &str) -> Value {
    json!({ "title": title, "message": "The secret **bees**",
        "visitor": { "name": "Vera Visitor", "email": email, "locale": "fr" } })
}

async fn asks(app: &App, email: &str, title: &str) -> Answer {
    app.visitor().post("/tickets", ask(email, title)).await.is(202)
}

async fn verify(app: &App, token: &str) -> Answer {
    app.visitor().post("/auth/verify", json!({ "token": token })).await
}

async fn waiting(app: &App) -> i64 {
    app.database.connect().await.query_one("select count(*) from pending_tickets", &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_says_who_may_open_a_ticket_and_keeps_to_it() {
    let app = App::start().await;
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    assert_eq!(settings.registration, RegistrationMode::Required);
    app.visitor().post("/tickets", ask("vera@example.org", "Hive")).await.is(401).refused(ErrorCode::Unauthenticated);
    app.visitor().post("/tickets", json!({})).await.is(401);
    drop(app);
    let app = open_desk().await;
    let settings: PublicSettings = app.visitor().get("/settings").await.is(200).ok();
    assert_eq!((settings.registration, settings.assistant_name.as_str()), (RegistrationMode::Passwordless, "Waggle"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_waits_unseen_until_its_link_is_followed() {
    let app = open_desk().await;
    let ana = app.agent("ana").await;
    assert!(asks(&app, "Vera@Example.org", "My secret hive").await.body.is_empty());
    app.run_jobs().await;
    assert!(ana.titles("").await.is_empty());
    let mails = app.mailbox();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].to.as_str(), mails[0].subject.as_str()), ("vera@example.org", "Confirmez votre demande"));
    for words in ["secret", "bees", "Vera", "hive"] {
        assert!(!mails[0].text.contains(words) && !mails[0].html.contains(words), "{words}: {}", mails[0].text);
    }
    let session: Session = verify(&app, &token(&mails[0])).await.is(200).ok();
    assert_eq!((session.user.name.as_str(), session.user.email.as_str()), ("Vera Visitor", "vera@example.org"));
    assert!(!session.user.has_password);
    let ticket = session.ticket_id.expect("the link leads to the ticket");
    let vera = app.visitor().with_token(session.access_token);
    let view: Value = vera.get(&format!("/tickets/{ticket}")).await.is(200).ok();
    assert_eq!(view["title"], "My secret hive");
    assert_eq!(view["comments"]["items"][0]["body_markdown"], "The secret **bees**");
    assert_eq!(ana.titles("").await, ["My secret hive"]);
    assert_eq!(waiting(&app).await, 0);
    app.run_jobs().await;
    assert_eq!(ana.titles("?q=secret").await, ["My secret hive"]);
    // The link is spent; a new one leads to the same ticket.
    verify(&app, &token(&mails[0])).await.is(410).refused(ErrorCode::LinkExpired);
    app.visitor().post("/auth/renew", json!({ "token": token(&mails[0]) })).await.is(202);
    app.run_jobs().await;
    let renewed = app.mailbox().pop().unwrap();
    assert_eq!(
        (renewed.to.as_str(), renewed.subject.as_str()),
        ("vera@example.org", "Un nouveau lien vers votre ticket")
    );
    let session: Session = verify(&app, &token(&renewed)).await.is(200).ok();
    assert_eq!(session.ticket_id, Some(ticket));
    // It was opened once, and the team was told once.
    let told: i64 =
        app.database.connect().await.query_one("select count(*) from notifications", &[]).await.unwrap().get(0);
    assert_eq!((ana.titles("").await.len(), told), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_flooded_and_one_link_opens_everything() {
    let app = open_desk().await;
    for number in 0..25 {
        asks(&app, "vera@example.org", &format!("Hive {number}")).await;
        app.advance(SignedDuration::from_mins(30));
    }
    app.run_jobs().await;
    let mails = app.mailbox();
    assert_eq!(mails.len(), 1, "one first mail a day");
    assert_eq!(waiting(&app).await, 20, "and no heap of tickets");
    let session: Session = verify(&app, &token(&mails[0])).await.is(200).ok();
    let vera = app.visitor().with_token(session.access_token);
    let page: Value = vera.get("/tickets?limit=100").await.is(200).ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 20);
    let first: Value = vera.get(&format!("/tickets/{}", session.ticket_id.unwrap())).await.is(200).ok();
    assert_eq!(first["title"], "Hive 0", "the one that the mail is about");
    // The address is known from now on: its next ticket has a mail of its own.
    asks(&app, "vera@example.org", "Again").await;
    app.run_jobs().await;
    let mails: Vec<_> = app.mailbox().into_iter().filter(|mail| mail.subject == "Confirmez votre demande").collect();
    assert_eq!(mails.len(), 2);
    verify(&app, &token(&mails[1])).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let app = open_desk().await;
    let (carl, gone, root) = (app.customer("carl").await, app.customer("gone").await, app.admin("root").await);
    root.patch(&format!("/admin/people/{}", gone.id()), json!({ "disabled": true })).await.is(200);
    let shape = |answer: Answer| {
        let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        (answer.status, answer.body, names)
    };
    let unknown = shape(asks(&app, "vera@example.org", "Hive").await);
    for email in [&carl.me.email, &gone.me.email] {
        assert_eq!(shape(asks(&app, email, "Hive").await), unknown);
    }
    app.run_jobs().await;
    let mut to: Vec<_> = app.mailbox().into_iter().map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["carl@example.org", "vera@example.org"], "a disabled account is not written to");
    let mail = app.mailbox().into_iter().find(|mail| mail.to == carl.me.email).unwrap();
    assert_eq!(mail.subject, "Confirm your request", "in the account's language");
    let session: Session = verify(&app, &token(&mail)).await.is(200).ok();
    assert_eq!((session.user.id, session.user.name.as_str()), (carl.id(), "carl"));
    assert_eq!(carl.titles("").await, ["Hive"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_is_dropped_after_a_week() {
    let app = open_desk().await;
    asks(&app, "vera@example.org", "Old").await;
    app.run_jobs().await;
    let link = token(&app.mailbox()[0]);
    app.advance(SignedDuration::from_hours(24 * 6));
    asks(&app, "late@example.org", "Late").await;
    app.run_jobs().await;
    app.advance(SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    until(&app.database.connect().await, "(select count(*) from pending_tickets) = 1").await;
    stop.send(()).unwrap();
    running.await.unwrap();
    verify(&app, &link).await.is(410);
    app.visitor().post("/auth/renew", json!({ "token": link })).await.is(202);
    let before = app.mailbox().len();
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), before);
    verify(&app, &token(&app.mailbox()[1])).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_registration_finds_the_tickets_only_through_the_mail() {
    let app = open_desk().await;
    asks(&app, "vera@example.org", "Hive").await;
    app.run_jobs().await;
    let session: Session = verify(&app, &token(&app.mailbox()[0])).await.is(200).ok();
    let ticket = session.ticket_id.unwrap();
    app.run_jobs().await;
    app.advance(SignedDuration::from_hours(25));
    let registration =
        json!({ "name": "Mallory", "email": "vera@example.org", "password": "a long enough one", "locale": "en" });
    app.visitor().post("/auth/register", registration).await.is(202);
    let login = json!({ "email": "vera@example.org", "password": "a long enough one" });
    app.visitor().post("/auth/login", login.clone()).await.is(401);
    app.run_jobs().await;
    let mail = app.mailbox().pop().unwrap();
    assert_eq!(mail.subject, "Vous avez déjà un compte");
    let session: Session = verify(&app, &token(&mail)).await.is(200).ok();
    app.visitor().with_token(session.access_token).get(&format!("/tickets/{ticket}")).await.is(200);
    app.visitor().post("/auth/login", login).await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_follows_a_registration_is_opened_by_its_link() {
    let app = open_desk().await;
    let registration =
        json!({ "name": "Vera", "email": "vera@example.org", "password": "a long enough one", "locale": "en" });
    app.visitor().post("/auth/register", registration).await.is(202);
    asks(&app, "vera@example.org", "Hive").await;
    app.run_jobs().await;
    let mails = app.mailbox();
    assert_eq!(mails.len(), 1, "one first mail a day");
    let session: Session = verify(&app, &token(&mails[0])).await.is(200).ok();
    assert_eq!(session.user.name, "Vera");
    let vera = app.visitor().with_token(session.access_token);
    vera.get(&format!("/tickets/{}", session.ticket_id.unwrap())).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_cannot_have_is_refused() {
    let app = open_desk().await;
    let carl = app.customer("carl").await;
    let visitor = app.visitor();
    visitor.post("/tickets", json!({ "title": "Hive", "message": "Help" })).await.is(401);
    carl.post("/tickets", ask("vera@example.org", "Hive")).await.refused_field("/visitor", FieldCode::NotPossible);
    visitor.with_token("forged").post("/tickets", ask("vera@example.org", "Hive")).await.is(401);
    let mut with_more = ask("vera@example.org", "Hive");
    with_more["follows"] = json!(carl.id());
    with_more["attachment_ids"] = json!([carl.id()]);
    let answer = visitor.post("/tickets", with_more).await.is(422);
    answer.refused_field("/follows", FieldCode::NotPossible);
    answer.refused_field("/attachment_ids", FieldCode::NotPossible);
    visitor.post("/tickets", ask("no address", "Hive")).await.refused_field("/visitor/email", FieldCode::NotAnEmail);
    let mut bracketed = ask("vera@example.org", "Hive");
    bracketed["visitor"]["name"] = json!("[admin:Ana]");
    visitor.post("/tickets", bracketed).await.refused_field("/visitor/name", FieldCode::ForbiddenCharacter);
    assert_eq!(waiting(&app).await, 0);
    // Sent twice with one key, it waits once.
    for _ in 0..2 {
        visitor.post_once("key", "/tickets", ask("vera@example.org", "Hive")).await.is(202);
    }
    assert_eq!(waiting(&app).await, 1);
    let spent = "insert into throttles (key, window_start, hits) select 'mail-network:127.0.0.1', window_start, 60 from throttles limit 1
        on conflict (key) do update set hits = 60";
    app.database.connect().await.batch_execute(spent).await.unwrap();
    visitor.post("/tickets", ask("other@example.org", "Hive")).await.is(429).refused(ErrorCode::TooManyRequests);
}
