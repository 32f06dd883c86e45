//! Mail as it leaves: over SMTP to a server that plays a part, or into a folder.

use std::{
    os::unix::fs::PermissionsExt,
    sync::{Arc, Mutex},
};

use jiff::SignedDuration;
use mail_parser::{Message, MessageParser, MimeHeaders};
use reqwest::Method;
use serde_json::json;
use server::outside::mail::{Mail, Mailer, Post};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{
    registration::token,
    support::{App, app::Setup},
};

/// A mail server that keeps what it gets.
struct MailServer {
    url: String,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    /// The next so many mails are refused for now.
    refuse: Arc<Mutex<u32>>,
}

impl MailServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (received, refuse) = (Arc::default(), Arc::default());
        let server = Self { url, received: Arc::clone(&received), refuse: Arc::clone(&refuse) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&received), Arc::clone(&refuse)));
            }
        });
        server
    }

    fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap().clone()
    }

    async fn desk(&self) -> App {
        App::start_with(Setup { post: Some(Post::smtp(&self.url).unwrap()), ..Setup::default() }).await
    }
}

async fn converse(
    stream: TcpStream,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    refuse: Arc<Mutex<u32>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    write.write_all(b"220 mail.example.org ESMTP\r\n").await?;
    let mut line = String::new();
    while read.read_line(&mut line).await? > 0 {
        let answer = match line.split_whitespace().next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-mail.example.org\r\n250 8BITMIME\r\n",
            "DATA" => {
                write.write_all(b"354 go ahead\r\n").await?;
                let mut mail = Vec::new();
                while !mail.ends_with(b"\r\n.\r\n") {
                    if read.read_until(b'\n', &mut mail).await? == 0 {
                        return Ok(());
                    }
                }
                received.lock().unwrap().push(mail);
                "250 kept\r\n"
            }
            "RCPT" if take(&refuse) => "451 not now\r\n",
            "QUIT" => return write.write_all(b"221 bye\r\n").await,
            _ => "250 fine\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

fn take(count: &Mutex<u32>) -> bool {
    let mut count = count.lock().unwrap();
    let some = *count > 0;
    *count = count.saturating_sub(1);
    some
}

fn read(raw: &[u8]) -> Message<'_> {
    MessageParser::default().parse(raw).expect("a mail")
}

async fn register(app: &App, locale: &str) {
    let body = json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": locale });
    app.visitor().post("/auth/register", body).await.is(202);
}

/// The token in a whole mail's text.
fn token_of(mail: &Message<'_>) -> String {
    let text = mail.body_text(0).unwrap().into_owned();
    token(&Mail { to: String::new(), subject: String::new(), text, html: String::new() })
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
    *server.refuse.lock().unwrap() = 2;
    let app = server.desk().await;
    register(&app, "en").await;
    for seconds in [2, 4] {
        assert_eq!(server::worker::run_due(&app.state).await.unwrap(), 1);
        assert_eq!(server::worker::run_due(&app.state).await.unwrap(), 0, "not again at once");
        assert!(server.received().is_empty());
        app.advance(SignedDuration::from_secs(seconds));
    }
    app.run_jobs().await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    app.visitor().post("/auth/verify", json!({ "token": token_of(&read(&received[0])) })).await.is(200);
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
    database.batch_execute("insert into jobs overriding system value select * from kept").await.unwrap();
    app.run_jobs().await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let (first, second) = (read(&received[0]), read(&received[1]));
    assert_eq!(first.message_id(), second.message_id());
    for mail in [&first, &second].into_iter().take(1) {
        app.visitor().post("/auth/verify", json!({ "token": token_of(mail) })).await.is(200);
    }
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
        .query_one("select count(*) from jobs where kind = 'mail_link' and dead_at is null", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(waiting, 1);
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
