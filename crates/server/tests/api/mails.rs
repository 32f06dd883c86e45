//! The outbox: what is mailed to whom, when a mail server plays its part and when it does not.

use std::sync::Arc;

use api_types::{
    auth::Session,
    error::ErrorCode,
    mails::{MailKind, MailState, MailView},
    page::Page,
    tickets::TicketView,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::{outside::mail::Mail, worker};
use tokio::sync::{Notify, oneshot};

use crate::{
    mail::{register, token_of},
    registration::token,
    support::{
        Actor, App, at,
        database::until,
        smtp::{MailServer, Part, read},
    },
};

/// Until what was gathered is sent.
const GATHERED: SignedDuration = SignedDuration::from_secs(20);

async fn mails(admin: &Actor, query: &str) -> Vec<MailView> {
    let page: Page<MailView> = admin.get(&format!("/admin/mails{query}")).await.is(200).ok();
    page.items
}

async fn later(app: &App) {
    app.run_jobs().await;
    app.advance(GATHERED);
    app.run_jobs().await;
}

/// The mails about what happened on tickets.
fn news(app: &App) -> Vec<Mail> {
    app.mailbox().into_iter().filter(|mail| mail.subject.starts_with("Re: ")).collect()
}

async fn speaks_french(actor: &Actor) {
    actor.patch("/me", json!({ "locale": "fr" })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_opened_is_confirmed_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.opens("Hive", "The **bees** are gone").await;
    app.run_jobs().await;
    let again = "insert into jobs (kind, payload, run_at)
        select 'react', jsonb_build_object('kind', 'react', 'activity_id', id), at from activity";
    app.database.connect().await.batch_execute(again).await.unwrap();
    later(&app).await;
    let mails = app.mailbox();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, carl.me.email);
    assert!(
        mails[0].text.contains("> The **bees** are gone") && mails[0].text.contains("You wrote:"),
        "{}",
        mails[0].text
    );
    assert!(mails[0].html.contains("<strong>bees</strong>"), "{}", mails[0].html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_one_mail_and_an_internal_note_in_none() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "First answer").await;
    ana.notes(&ticket, "This customer is difficult").await;
    app.run_jobs().await;
    app.advance(GATHERED - SignedDuration::from_secs(1));
    ana.comments(&ticket, "Second answer").await;
    app.run_jobs().await;
    assert!(news(&app).is_empty(), "not before its time");
    app.advance(SignedDuration::from_secs(1));
    app.run_jobs().await;
    let sent = news(&app);
    assert_eq!(sent.len(), 1);
    let (first, second) = (sent[0].text.find("> First answer"), sent[0].text.find("> Second answer"));
    assert!(first.is_some() && first < second, "{}", sent[0].text);
    // What comes afterwards is another mail.
    ana.comments(&ticket, "Third answer").await;
    later(&app).await;
    let sent = news(&app);
    assert_eq!(sent.len(), 2);
    assert!(sent[1].text.contains("Third answer") && !sent[1].text.contains("First answer"));
    for mail in app.mailbox() {
        assert!(!mail.text.contains("difficult") && !mail.html.contains("difficult"), "{}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_in_time_is_not_mailed() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let (hive, queen) = (carl.opens("Hive", "Help").await, carl.opens("Queen", "Help").await);
    for ticket in [&hive, &queen] {
        ana.comments(ticket, "An answer").await;
    }
    app.run_jobs().await;
    carl.post("/notifications/read", json!({ "ticket_id": hive.summary.id })).await.is(204);
    ana.comments(&queen, "Another answer").await;
    later(&app).await;
    let sent = news(&app);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].subject.ends_with("Queen"));
    let skipped = mails(&root, "?state=skipped").await;
    assert_eq!(skipped.iter().map(|mail| mail.ticket_id).collect::<Vec<_>>(), [Some(hive.summary.id)]);
    // It does not keep the next one back.
    ana.comments(&hive, "Later").await;
    later(&app).await;
    assert_eq!(news(&app).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_is_written_to_in_their_language() {
    let app = App::start().await;
    let (carl, fleur, ana) = (app.customer("carl").await, app.customer("fleur").await, app.agent("ana").await);
    speaks_french(&fleur).await;
    for customer in [&carl, &fleur] {
        let ticket = customer.opens("Hive", "Help").await;
        ana.comments(&ticket, "Here").await;
    }
    later(&app).await;
    let to = |who: &Actor| news(&app).into_iter().find(|mail| mail.to == who.me.email).unwrap();
    let (english, french) = (to(&carl), to(&fleur));
    assert!(english.text.contains("ana answered:") && english.html.contains("lang=\"en\""), "{}", english.text);
    assert!(french.text.contains("ana a répondu :") && french.html.contains("lang=\"fr\""), "{}", french.text);
    assert!(french.text.starts_with("Bonjour,") && french.html.contains("Ouvrir le ticket et répondre"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_signs_in_and_leads_to_the_ticket_once_and_can_be_renewed() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (other, ticket) = (carl.opens("Other", "Help").await, carl.opens("Hive", "Help").await);
    ana.comments(&ticket, "Here").await;
    later(&app).await;
    let link = token(&news(&app)[0]);
    let visitor = app.visitor();
    let verify = async |token: &str| visitor.post("/auth/verify", json!({ "token": token })).await;
    let renew = async |token: &str| visitor.post("/auth/renew", json!({ "token": token })).await.is(202);
    let session: Session = verify(&link).await.is(200).ok();
    assert_eq!((session.user.id, session.ticket_id), (carl.id(), Some(ticket.summary.id)));
    visitor.with_token(session.access_token).get(&at(&ticket)).await.is(200);
    verify(&link).await.is(410).refused(ErrorCode::LinkExpired);

    let before = app.mailbox().len();
    assert!(renew("no such link").await.body.is_empty());
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), before);
    renew(&link).await;
    app.run_jobs().await;
    let renewed = app.mailbox().pop().unwrap();
    assert_eq!((renewed.to.as_str(), renewed.subject.as_str()), ("carl@example.org", "A new link to your ticket"));
    let session: Session = verify(&token(&renewed)).await.is(200).ok();
    assert_eq!(session.ticket_id, Some(ticket.summary.id));

    // One that has expired without being used.
    let opened = app.mailbox().into_iter().find(|mail| mail.subject.ends_with("Other")).unwrap();
    app.advance(SignedDuration::from_hours(24 * 7));
    verify(&token(&opened)).await.is(410);
    renew(&token(&opened)).await;
    app.run_jobs().await;
    let session: Session = verify(&token(&app.mailbox().pop().unwrap())).await.is(200).ok();
    assert_eq!(session.ticket_id, Some(other.summary.id));
    // A mailbox is not filled by it.
    let before = app.mailbox().len();
    for _ in 0..7 {
        renew(&link).await;
    }
    app.run_jobs().await;
    assert!(app.mailbox().len() - before <= 5);
    // Of a ticket that is gone, nothing is left to open.
    let session = app.sign_in(carl.id()).await;
    session.delete(&at(&ticket)).await.is(204);
    let before = app.mailbox().len();
    renew(&link).await;
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_links_that_were_mailed() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    let change = json!({ "password": "a new long password", "current_password": crate::support::actors::PASSWORD });
    carl.patch("/me", change).await.is(200);
    app.visitor().post("/auth/verify", json!({ "token": token(&app.mailbox()[0]) })).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_is_mailed_no_key_to_the_desk() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": ana.id() })).await.is(200);
    app.run_jobs().await;
    carl.comments(&ticket, "Any news?").await;
    let own = ana.opens("My own", "Help").await;
    later(&app).await;
    let to_ana: Vec<_> = app.mailbox().into_iter().filter(|mail| mail.to == ana.me.email).collect();
    assert_eq!(to_ana.len(), 2);
    for (mail, ticket) in to_ana.iter().zip([&own, &ticket]) {
        assert!(mail.text.contains(&format!("/admin?ticket={}#reply", ticket.summary.id)), "{}", mail.text);
        assert!(!mail.text.contains("token=") && !mail.html.contains("token="));
    }
    // A link that was mailed to a customer is none to the desk, should they join the team.
    let root = app.admin("root").await;
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "role": "agent" })).await.is(200);
    let to_carl = app.mailbox().into_iter().find(|mail| mail.to == carl.me.email).unwrap();
    app.visitor().post("/auth/verify", json!({ "token": token(&to_carl) })).await.is(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_mailed_that_its_reader_may_not_see_any_more() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (ana, root) = (app.agent("ana").await, app.admin("root").await);
    let (deleted, kept) = (carl.opens("Deleted", "Help").await, dora.opens("Kept", "Help").await);
    for ticket in [&deleted, &kept] {
        root.put(&format!("{}/assignee", at(ticket)), json!({ "person_id": ana.id() })).await.is(200);
        ana.comments(ticket, "Here").await;
    }
    app.run_jobs().await;
    carl.delete(&at(&deleted)).await.is(204);
    root.patch(&format!("/admin/people/{}", dora.id()), json!({ "disabled": true })).await.is(200);
    root.patch(&format!("/admin/people/{}", ana.id()), json!({ "role": "customer" })).await.is(200);
    later(&app).await;
    assert!(news(&app).is_empty(), "{:?}", news(&app));
    assert!(mails(&root, "").await.iter().all(|mail| mail.ticket_id != Some(deleted.summary.id)));
    assert_eq!(mails(&root, "?state=queued").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tickets_mails_are_one_thread_and_no_program_answers_them() {
    let server = MailServer::start().await;
    let app = server.desk().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    later(&app).await;
    ana.comments(&ticket, "Here").await;
    later(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let thread = format!("ticket-{}@example.org", ticket.summary.id);
    let mut ids = Vec::new();
    for raw in &received {
        let mail = read(raw);
        ids.push(mail.message_id().unwrap().to_owned());
        assert_eq!(mail.in_reply_to().as_text(), Some(thread.as_str()));
        assert_eq!(mail.references().as_text(), Some(thread.as_str()));
        let header = |name: &str| mail.header_raw(name).map(str::trim).unwrap_or_default().to_owned();
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert_eq!(header("X-Auto-Response-Suppress"), "All");
        assert_eq!(header("List-Unsubscribe"), "<http://localhost:8080/account#notifications>");
        assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    }
    assert_ne!(ids[0], ids[1]);
    assert_eq!(read(&received[1]).subject().unwrap(), format!("Re: [#{}] Hive", ticket.summary.number));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_break_out_of_nothing() {
    let server = MailServer::start().await;
    let app = server.desk().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    carl.post("/tickets", json!({ "title": "Hive\r\nBcc: mallory@example.org", "message": "Help" })).await.is(422);
    ana.patch("/me", json!({ "name": "Ana\r\nBcc: mallory@example.org" })).await.is(422);
    let ticket = carl.opens("Hive <script>alert(1)</script>", "<img src=x onerror=alert(1)> [[url]] {{ home }}").await;
    // What no door lets in any more may be there from before.
    let evil = "update tickets set title = E'Hive\\r\\nBcc: mallory@example.org\\r\\n\\r\\nbody';
        update people set name = E'Ana\\r\\n\\r\\nhttp://evil.example' where role = 'agent'";
    app.run_jobs().await;
    app.database.connect().await.batch_execute(evil).await.unwrap();
    ana.comments(&ticket, "Here\n\nWaggle\nhttp://evil.example/verify").await;
    later(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    for raw in &received {
        let (mail, whole) = (read(raw), String::from_utf8_lossy(raw));
        assert!(mail.bcc().is_none() && mail.header_raw("Bcc").is_none(), "{whole}");
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("carl@example.org"));
        let html = mail.body_html(0).unwrap();
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    }
    let text = read(&received[1]).body_text(0).unwrap().into_owned();
    assert!(text.contains("> http://evil.example/verify"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("http://evil.example")), "{text}");
}

async fn opens_at(server: &MailServer) -> (App, Actor, Actor, TicketView) {
    let app = server.desk().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let ticket = carl.opens("Hive", "Help").await;
    (app, carl, root, ticket)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_is_seen_and_sent_again_under_the_same_name() {
    let server = MailServer::start().await;
    server.plays([Part::RefuseMail("550 no such\r user")]);
    let (app, _, root, ticket) = opens_at(&server).await;
    app.run_jobs().await;
    let dead = mails(&root, "?state=dead").await.remove(0);
    assert_eq!((dead.kind, dead.state, dead.attempts), (MailKind::TicketOpened, MailState::Dead, 1));
    assert_eq!((dead.to.as_str(), dead.ticket_id, dead.sent_at), ("carl@example.org", Some(ticket.summary.id), None));
    assert!(dead.last_error.as_ref().unwrap().contains("no such"), "{dead:?}");
    // It does not come back by itself.
    app.advance(SignedDuration::from_hours(48));
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1);
    let path = format!("/admin/mails/{}/resend", dead.id);
    let queued: MailView = root_again(&app, &root).await.call(&path).await.is(200).ok();
    assert_eq!((queued.state, queued.attempts), (MailState::Queued, 0));
    app.run_jobs().await;
    let root = root_again(&app, &root).await;
    let sent: MailView = root.call(&path).await.is(200).ok();
    assert_eq!((sent.state, sent.last_error, sent.sent_at), (MailState::Sent, None, Some(app.now())));
    app.run_jobs().await;
    let received = server.received();
    assert_eq!(received.len(), 2, "what was sent stays sent");
    assert_eq!(read(&received[0]).message_id(), read(&received[1]).message_id());
    assert_eq!(read(&received[0]).message_id().unwrap(), format!("{}@example.org", dead.id));
    root.call(&format!("/admin/mails/{}/resend", ticket.summary.creator.id)).await.is(404);
}

/// Access tokens do not last for days.
async fn root_again(app: &App, root: &Actor) -> Actor {
    app.sign_in(root.id()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_refuses_for_a_day_is_given_up() {
    let server = MailServer::start().await;
    server.plays((0..24).map(|_| Part::Refuse("451 not now")));
    let (app, carl, root, _) = opens_at(&server).await;
    let begun = app.now();
    let queued = async || mails(&root_again(&app, &root).await, "?state=queued").await;
    app.run_jobs().await;
    while let Some(mail) = queued().await.pop() {
        assert!(mail.last_error.unwrap().contains("451"));
        app.advance(SignedDuration::from_mins(10));
        app.run_jobs().await;
    }
    let hours = app.now().duration_since(begun).as_hours();
    assert!((15..=32).contains(&hours), "{hours}");
    let root = root_again(&app, &root).await;
    let dead = mails(&root, "?state=dead").await.remove(0);
    assert_eq!(dead.attempts, 24);
    root.call(&format!("/admin/mails/{}/resend", dead.id)).await.is(200);
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1);
    assert_eq!(mails(&root, "?state=sent").await.len(), 1);
    app.sign_in(carl.id()).await.get("/admin/mails").await.is(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_waits_can_be_sent_at_once() {
    let server = MailServer::start().await;
    server.plays([Part::Refuse("421 busy")]);
    let (app, _, root, _) = opens_at(&server).await;
    app.run_jobs().await;
    assert!(server.received().is_empty());
    let waiting = mails(&root, "").await.remove(0);
    assert_eq!((waiting.state, waiting.attempts), (MailState::Queued, 1));
    root.call(&format!("/admin/mails/{}/resend", waiting.id)).await.is(200);
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1);
    app.advance(SignedDuration::from_mins(1));
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_may_not_send_tries_on() {
    let server = MailServer::start().await;
    server.plays([Part::Refuse("535 who are you")]);
    let (app, _, root, _) = opens_at(&server).await;
    app.run_jobs().await;
    assert_eq!(mails(&root, "?state=queued").await.len(), 1);
    app.advance(SignedDuration::from_secs(15));
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_cut_after_the_final_dot_repeats_the_same_mail_and_loses_no_news() {
    let server = MailServer::start().await;
    let (app, _, _, ticket) = opens_at(&server).await;
    app.run_jobs().await;
    let ana = app.agent("ana").await;
    server.plays([Part::Cut]);
    ana.comments(&ticket, "First answer").await;
    later(&app).await;
    // Its reader may have it, and would not be shown another text under the same name.
    ana.comments(&ticket, "Second answer").await;
    later(&app).await;
    later(&app).await;
    let received = server.received();
    let texts: Vec<_> = received.iter().map(|raw| read(raw).body_text(0).unwrap().into_owned()).collect();
    let holding = |words: &str| texts.iter().map(|text| text.contains(words)).collect::<Vec<_>>();
    assert_eq!(holding("First answer"), [false, true, true, false]);
    assert_eq!(holding("Second answer"), [false, false, false, true]);
    let ids: Vec<_> = received.iter().map(|raw| read(raw).message_id().unwrap().to_owned()).collect();
    assert_eq!(ids[1], ids[2]);
    assert_ne!(ids[2], ids[3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_mail_server_holds_nothing_else_up() {
    let server = MailServer::start().await;
    let release = Arc::new(Notify::new());
    server.plays((0..8).map(|_| Part::Stall(Arc::clone(&release))));
    let app = server.desk().await;
    let carl = app.customer("carl").await;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    let database = app.database.connect().await;
    for number in 0..8 {
        carl.opens(&format!("Hive {number}"), "honey").await;
    }
    until(&database, "(select count(*) from mails where attempts = 1) > 0").await;
    let ana = app.agent("ana").await;
    carl.opens("Late", "honey").await;
    until(&database, "exists (select from notifications)").await;
    until(&database, "not exists (select from jobs where kind = 'react')").await;
    assert_eq!(ana.titles("?q=late").await, ["Late"]);
    assert_eq!(mail_count(&database, "sent").await, 0);
    while mail_count(&database, "sent").await < 9 {
        release.notify_waiters();
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    running.await.unwrap();
}

async fn mail_count(database: &tokio_postgres::Client, state: &str) -> i64 {
    database.query_one("select count(*) from mails where state = $1", &[&state]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_takes_its_workers_down_is_given_up_and_seen() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    carl.opens("Hive", "Help").await;
    // The ticket's change is told; the mail waits.
    let database = app.database.connect().await;
    worker::run_due(&app.state).await.unwrap();
    let crashed = "update mails set state = 'queued', sent_at = null;
        delete from jobs;
        insert into jobs (kind, payload, run_at, attempts, leased_until)
        select 'send_mail', jsonb_build_object('kind', 'send_mail', 'mail_id', id), created_at, 12, created_at from mails";
    database.batch_execute(crashed).await.unwrap();
    app.advance(SignedDuration::from_secs(1));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    until(&database, "exists (select from mails where state = 'dead')").await;
    stop.send(()).unwrap();
    running.await.unwrap();
    let dead = mails(&root, "?state=dead").await;
    assert_eq!(dead[0].last_error.as_deref(), Some("no worker lived to say why"));
    database.batch_execute("delete from jobs").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_mail_joins_the_one_that_waits() {
    let server = MailServer::start().await;
    let (app, _, root, ticket) = opens_at(&server).await;
    app.run_jobs().await;
    let ana = app.agent("ana").await;
    server.plays([Part::Refuse("550 no")]);
    ana.comments(&ticket, "First answer").await;
    later(&app).await;
    ana.comments(&ticket, "Second answer").await;
    app.run_jobs().await;
    let dead = mails(&root, "?state=dead").await.remove(0);
    let answer: MailView = root.call(&format!("/admin/mails/{}/resend", dead.id)).await.is(200).ok();
    assert_eq!(answer.state, MailState::Skipped);
    later(&app).await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    let text = read(&received[1]).body_text(0).unwrap().into_owned();
    assert!(text.contains("First answer") && text.contains("Second answer"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_where_mails_went_and_none_of_their_words() {
    let server = MailServer::start().await;
    let app = server.desk().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    register(&app, "en").await;
    app.visitor().post("/auth/link", json!({ "email": carl.me.email })).await.is(202);
    app.visitor().post("/auth/forgot", json!({ "email": "nobody@example.org" })).await.is(202);
    app.advance(SignedDuration::from_secs(1));
    carl.opens("A private title", "A private message").await;
    app.run_jobs().await;
    let answer = root.get("/admin/mails").await.is(200);
    assert!(!answer.text().contains("private"), "{}", answer.text());
    for raw in server.received() {
        assert!(!answer.text().contains(&token_of(&read(&raw))));
    }
    let listed: Value = serde_json::from_slice(&answer.body).unwrap();
    let kinds: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| (mail["kind"].as_str().unwrap(), mail["to"].as_str().unwrap()))
        .collect();
    assert_eq!(kinds[0], ("ticket_opened", "carl@example.org"));
    assert_eq!(kinds.len(), 3, "none to an address without an account");
    assert!(kinds.contains(&("register", "eve@example.org")) && kinds.contains(&("sign_in", "carl@example.org")));
    let mut found = 0;
    let mut after = String::new();
    loop {
        let page: Page<MailView> = root.get(&format!("/admin/mails?state=sent&limit=1{after}")).await.is(200).ok();
        found += page.items.len();
        match page.next_cursor {
            Some(cursor) => after = format!("&after={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, 3);
    assert!(mails(&root, "?state=queued").await.is_empty());
    // The registration's mail is the person's, once they are one.
    let registered =
        server.received().into_iter().find(|raw| read(raw).subject() == Some("Confirm your email address"));
    let link = token_of(&read(&registered.unwrap()));
    app.visitor().post("/auth/verify", json!({ "token": link })).await.is(200);
    assert_eq!(mails(&root, "").await.iter().filter(|mail| mail.to == "eve@example.org").count(), 1);
    // Followed once more, it can be exchanged for one that signs in.
    app.visitor().post("/auth/verify", json!({ "token": link })).await.is(410);
    app.visitor().post("/auth/renew", json!({ "token": link })).await.is(202);
    app.run_jobs().await;
    let raw = server.received().pop().unwrap();
    assert_eq!(read(&raw).subject(), Some("Your sign-in link"));
    app.visitor().post("/auth/verify", json!({ "token": token_of(&read(&raw)) })).await.is(200);
}
