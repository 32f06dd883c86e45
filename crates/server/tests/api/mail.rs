//! Mail as it leaves: over SMTP to a server that plays a part, or into a folder.

use std::os::unix::fs::PermissionsExt;

use jiff::SignedDuration;
use mail_parser::{Message, MimeHeaders};
use reqwest::Method;
use serde_json::json;
use server::outside::mail::{Mail, Mailer, Post};

use crate::{
    registration::token,
    support::{
        App,
        app::Setup,
        smtp::{MailServer, Part, read},
    },
};

pub async fn register(app: &App, locale: &str) {
    let body = json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": locale });
    app.visitor().post("/auth/register", body).await.is(202);
}

/// The token in a whole mail's text.
pub fn token_of(mail: &Message<'_>) -> String {
    let text = mail.body_text(0).unwrap().into_owned();
    token(&Mail { text, ..Mail::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_whole() {
    let server = MailServer::start().await;
    let app = server.desk().await;
    register(&app, "fr").await;
    app.run_jobs().await;
    let received = server.received();
    let mail = read(&received[0]);
    assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("eve@example.org"));
    assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("desk@example.org"));
    assert_eq!(mail.subject(), Some("Confirmez votre adresse e-mail"));
    assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert!(mail.message_id().unwrap().ends_with("@example.org"));
    assert_eq!(mail.content_type().unwrap().subtype(), Some("alternative"));
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    let link = format!("http://localhost:8080/verify#token={}", token_of(&mail));
    assert!(mail.body_text(0).unwrap().contains(&link));
    assert!(mail.body_html(0).unwrap().contains(&link));
    app.visitor().post("/auth/verify", json!({ "token": token_of(&mail) })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_refused_for_now_arrives_later() {
    let server = MailServer::start().await;
    server.plays([Part::Refuse("451 not now"), Part::RefuseMail("421 going down")]);
    let app = server.desk().await;
    register(&app, "en").await;
    for (seconds, sent) in [(15, 0), (30, 1)] {
        assert_eq!(server::worker::run_due(&app.state).await.unwrap(), 1);
        assert_eq!(server::worker::run_due(&app.state).await.unwrap(), 0, "not again at once");
        assert_eq!(server.received().len(), sent);
        app.advance(SignedDuration::from_secs(seconds));
    }
    app.run_jobs().await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(read(&received[0]).message_id(), read(&received[1]).message_id());
    app.visitor().post("/auth/verify", json!({ "token": token_of(&read(&received[1])) })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_mail_keeps_its_name_and_its_link_works() {
    let server = MailServer::start().await;
    let app = server.desk().await;
    register(&app, "en").await;
    let database = app.database.connect().await;
    database.batch_execute("create table kept as select * from jobs").await.unwrap();
    app.run_jobs().await;
    // As if the worker had died before it could say that the mail is sent.
    database.batch_execute("insert into jobs overriding system value select * from kept; update mails set state = 'queued', sent_at = null").await.unwrap();
    app.run_jobs().await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let (first, second) = (read(&received[0]), read(&received[1]));
    assert_eq!(first.message_id(), second.message_id());
    // It is one mail: whichever link is followed, both are spent.
    app.visitor().post("/auth/verify", json!({ "token": token_of(&second) })).await.is(200);
    app.visitor().post("/auth/verify", json!({ "token": token_of(&first) })).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_holds_nothing_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let app = App::start_with(Setup { post: Some(Post::smtp(&url).unwrap()), ..Setup::default() }).await;
    let carl = app.customer("carl").await;
    register(&app, "en").await;
    carl.opens("Hive", "honey").await;
    while server::worker::run_due(&app.state).await.unwrap() > 0 {}
    assert_eq!(carl.titles("?q=honey").await, ["Hive"]);
    let waiting: i64 = app
        .database
        .connect()
        .await
        .query_one("select count(*) from jobs where kind = 'send_mail' and dead_at is null", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(waiting, 2, "the link, and the word that the ticket is open");
    app.database.connect().await.execute("delete from jobs", &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_breaks_out_of_its_header() {
    let server = MailServer::start().await;
    let mailer = Mailer::new("Waggle <desk@example.org>".parse().unwrap(), Post::smtp(&server.url).unwrap());
    let now = "2026-03-02T09:00:00Z".parse().unwrap();
    let mail = |to: &str, subject: &str| Mail {
        to: to.into(),
        subject: subject.into(),
        text: "t\r\n.\r\nMAIL FROM:<x@y.z>".into(),
        html: "h".into(),
        ..Mail::default()
    };
    mailer.send(&mail("eve@example.org", "a\r\nBcc: mallory@example.org\r\n\r\nbody"), "id", now).await.ok();
    for raw in server.received() {
        let parsed = read(&raw);
        assert!(parsed.bcc().is_none() && parsed.header_raw("Bcc").is_none(), "{}", String::from_utf8_lossy(&raw));
        assert!(parsed.body_text(0).unwrap().contains("MAIL FROM:<x@y.z>"), "a dot does not end the mail");
    }
    assert!(mailer.send(&mail("eve@example.org\r\nBcc: x@y.zz", "s"), "id", now).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_in_a_folder_are_shown_on_this_machine_only() {
    let folder =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("mail-{}", uuid::Uuid::new_v4().simple()));
    let app =
        App::start_with(Setup { post: Some(Post::Folder(folder.clone())), behind_proxy: false, ..Setup::default() })
            .await;
    register(&app, "en").await;
    app.run_jobs().await;
    let visitor = app.visitor();
    let page = visitor.send_raw(Method::GET, "/dev/mailbox", |request| request).await.is(200).text();
    assert!(page.contains("eve@example.org") && page.contains("/verify#token="), "{page}");
    for (header, value) in [
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"),
        ("Host", "evil.example"),
        ("Host", "localhost.evil.example"),
    ] {
        let answer = visitor.send_raw(Method::GET, "/dev/mailbox", |request| request.header(header, value)).await;
        assert_eq!(answer.status, 404, "{header}: {value}");
        assert!(!answer.text().contains("token="));
    }
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    for path in files.iter().chain([&folder]) {
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    drop(app);
    for setup in [
        Setup { behind_proxy: true, ..Setup::default() },
        Setup { public_url: "https://help.example.org", behind_proxy: false, ..Setup::default() },
    ] {
        let app = App::start_with(Setup { post: Some(Post::Folder(folder.clone())), ..setup }).await;
        app.visitor().send_raw(Method::GET, "/dev/mailbox", |request| request).await.is(404);
    }
    std::fs::remove_dir_all(folder).unwrap();
}
