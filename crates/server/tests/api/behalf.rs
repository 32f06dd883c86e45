//! What a program does in others' names: tickets for customers, comments of the team.

use api_types::{
    api_keys::ApiScope,
    auth::Session,
    comments::{AuthorKind, CommentId, CommentView},
    error::{ErrorCode, FieldCode},
    tickets::TicketView,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    registration::token,
    support::{Actor, App, Caller, at},
};

/// A desk's program with these scopes.
async fn program(app: &App, admin: &Actor, scopes: &[ApiScope]) -> Caller {
    app.visitor().with_token(admin.makes_key("desk", scopes).await.token)
}

fn for_customer(email: &str, title: &str) -> Value {
    json!({ "customer": { "email": email, "name": "Fern", "locale": "fr" }, "ticket": { "title": title, "message": "Swarming words" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_its_customers_and_the_activity_knows_the_program() {
    let app = App::start().await;
    let (root, carl) = (app.admin("root").await, app.customer("carl").await);
    let program = program(&app, &root, &[ApiScope::TicketsBehalf, ApiScope::TicketsWrite]).await;
    let file = program.upload("hive.txt", b"text".to_vec()).await.is(201).ok::<Value>()["id"].clone();
    let mut body = for_customer("CARL@example.org", "Hive");
    body["ticket"]["attachment_ids"] = json!([file]);
    let ticket: TicketView = program.post_once("k1", "/behalf/tickets", body.clone()).await.is(201).ok();
    assert_eq!((ticket.summary.creator.id, ticket.summary.creator.name.as_str()), (carl.id(), "carl"));
    let again: TicketView = program.post_once("k1", "/behalf/tickets", body).await.is(201).ok();
    assert_eq!(again.summary.id, ticket.summary.id, "once");
    // The key is the program's, whomever it names.
    let other = for_customer("dora@example.org", "Hive");
    program.post_once("k1", "/behalf/tickets", other).await.refused(ErrorCode::IdempotencyKeyReused);
    carl.post_once("k1", "/tickets", json!({ "title": "His own", "message": "Help" })).await.is(201);
    let seen = carl.sees(&ticket).await;
    assert_eq!((seen.comments.items[0].mine, seen.comments.items[0].author.kind), (true, AuthorKind::User));
    assert_eq!((seen.can.resolve, seen.can.delete, seen.attachments.len()), (false, true, 1));
    let row = app
        .database
        .connect()
        .await
        .query_one(
            "select a.actor_id, k.owner_id from activity a join api_keys k on k.id = a.api_key_id where a.kind = 'ticket.created'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get(0), row.get(1)), (carl.id().0, root.id().0));
    // Whoever is known is told what the mail of any ticket tells.
    app.run_jobs().await;
    assert!(app.mailbox().iter().any(|mail| mail.to == carl.me.email && mail.text.contains("Swarming words")));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_unknown_gets_an_account_and_a_mail_without_words() {
    let app = App::start().await;
    let (root, ana) = (app.admin("root").await, app.agent("ana").await);
    let program = program(&app, &root, &[ApiScope::TicketsBehalf]).await;
    let first: TicketView =
        program.post("/behalf/tickets", for_customer("fern@example.org", "Swarming title")).await.is(201).ok();
    app.run_jobs().await;
    program.post("/behalf/tickets", for_customer("fern@example.org", "Second")).await.is(201);
    ana.comments(&first, "Our answer").await;
    app.run_jobs().await;
    app.advance(SignedDuration::from_secs(30));
    app.run_jobs().await;
    let hers = || app.mailbox().into_iter().filter(|mail| mail.to == "fern@example.org").collect::<Vec<_>>();
    let [mail] = hers().try_into().expect("one a day");
    assert_eq!(mail.subject, "Une demande a été ouverte pour vous");
    for part in [&mail.subject, &mail.text, &mail.html] {
        for word in ["Swarming", "Fern", "answer", "Second"] {
            assert!(!part.contains(word), "{word} in {part}");
        }
    }
    // The next day another one may come.
    app.advance(SignedDuration::from_hours(25));
    let ana = app.sign_in(ana.id()).await;
    ana.comments(&first, "Another answer").await;
    app.run_jobs().await;
    app.advance(SignedDuration::from_secs(30));
    app.run_jobs().await;
    assert_eq!(hers().len(), 2);
    assert!(!hers()[1].text.contains("answer"));
    // Her link shows that the address is hers, and from then on mails say what happened.
    let session: Session = app.visitor().post("/auth/verify", json!({ "token": token(&mail) })).await.is(200).ok();
    assert_eq!((session.user.name.as_str(), session.ticket_id), ("Fern", Some(first.summary.id)));
    let fern = app.visitor().with_token(session.access_token);
    fern.get(&at(&first)).await.is(200);
    ana.comments(&first, "Third answer").await;
    app.run_jobs().await;
    app.advance(SignedDuration::from_secs(30));
    app.run_jobs().await;
    assert!(hers().last().unwrap().text.contains("Third answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_signed_by_the_member_that_the_program_names() {
    let app = App::start().await;
    let (root, ana, carl) = (app.admin("root").await, app.agent("ana").await, app.customer("carl").await);
    let program = program(&app, &root, &[ApiScope::TicketsBehalf, ApiScope::TicketsRead]).await;
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("/behalf{}/comments", at(&ticket));
    for (author, message) in
        [(json!({ "id": ana.id() }), "By id"), (json!({ "email": "ANA@example.org" }), "By address")]
    {
        let body = json!({ "author": author, "comment": { "message": message } });
        let comment: CommentView = program.post(&path, body).await.is(201).ok();
        assert_eq!(comment.author.label, "[admin:ana]");
    }
    let note = json!({ "author": { "id": ana.id() }, "comment": { "message": "A note", "internal": true } });
    let first: CommentView = program.post_once("k", &path, note.clone()).await.is(201).ok();
    assert_eq!(program.post_once("k", &path, note.clone()).await.is(201).ok::<CommentView>(), first, "once");
    let by_root = json!({ "author": { "id": root.id() }, "comment": note["comment"] });
    program.post_once("k", &path, by_root).await.refused(ErrorCode::IdempotencyKeyReused);
    // The id of a comment that is there, under another key: as when the first answer was lost.
    let id = CommentId::new();
    let mut body =
        json!({ "author": { "id": ana.id() }, "comment": { "id": id, "message": "A note", "internal": true } });
    for key in ["k1", "k2"] {
        assert_eq!(program.post_once(key, &path, body.clone()).await.is(201).ok::<CommentView>().id, id);
    }
    body["comment"]["message"] = json!("Another note");
    program.post_once("k3", &path, body).await.is(409).refused(ErrorCode::IdTaken);
    let seen = carl.sees(&ticket).await;
    assert_eq!(seen.comments.items.len(), 3, "the notes are the team's");
    assert!(seen.can.resolve, "the team has replied");
    // The bell names her too.
    app.run_jobs().await;
    let bell: Value = carl.get("/notifications").await.is(200).ok();
    assert_eq!(bell["items"][0]["actor"], "ana", "{bell}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_spoken_for_whom_the_rules_do_not_allow() {
    let app = App::start().await;
    let (root, ana, carl) = (app.admin("root").await, app.agent("ana").await, app.customer("carl").await);
    let closed = app.agent("closed").await;
    root.patch(&format!("/admin/people/{}", closed.id()), json!({ "disabled": true })).await.is(200);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("/behalf{}/comments", at(&ticket));
    let by = |author: Value| json!({ "author": author, "comment": { "message": "Hello" } });
    let without = program(&app, &root, &[ApiScope::TicketsWrite]).await;
    for answer in [
        without.post(&path, by(json!({ "id": ana.id() }))).await,
        without.post("/behalf/tickets", for_customer("carl@example.org", "Hive")).await,
    ] {
        assert!(answer.is(403).refused(ErrorCode::MissingScope).detail.contains("`tickets:behalf`"));
    }
    for person in [&root, &ana, &carl] {
        person.post(&path, by(json!({ "id": ana.id() }))).await.is(403).refused(ErrorCode::Forbidden);
        person.post("/behalf/tickets", for_customer("carl@example.org", "Hive")).await.is(403);
    }
    let program = program(&app, &root, &[ApiScope::TicketsBehalf]).await;
    for author in [json!({ "id": carl.id() }), json!({ "id": closed.id() }), json!({ "email": "x@example.org" })] {
        program.post(&path, by(author)).await.is(422).refused_field("/author", FieldCode::NotPossible);
    }
    for email in ["ana@example.org", "closed@example.org"] {
        let refused = program.post("/behalf/tickets", for_customer(email, "Hive")).await.is(422);
        refused.refused_field("/customer/email", FieldCode::NotPossible);
    }
    let gone = format!("/behalf/tickets/{}/comments", api_types::tickets::TicketId::new());
    program.post(&gone, by(json!({ "id": ana.id() }))).await.is(404);
    let mut faulty = for_customer("nobody", "");
    faulty["ticket"]["visitor"] = json!({ "name": "Eve", "email": "eve@example.org", "locale": "en" });
    faulty["ticket"]["follows"] = json!(ticket.summary.id);
    let refused = program.post("/behalf/tickets", faulty).await.is(422);
    for (pointer, code) in [
        ("/customer/email", FieldCode::NotAnEmail),
        ("/ticket/title", FieldCode::Required),
        ("/ticket/visitor", FieldCode::NotPossible),
        ("/ticket/follows", FieldCode::NotPossible),
    ] {
        refused.refused_field(pointer, code);
    }
    // Where agents see only theirs, none is made to write on a ticket that they do not see.
    let wax = root.founds("Wax", &[]).await.id;
    root.put(&format!("{}/department", at(&ticket)), json!({ "department_id": wax })).await.is(200);
    root.patch("/admin/settings", json!({ "team": { "agents_see": "own" } })).await.is(200);
    program.post(&path, by(json!({ "id": ana.id() }))).await.is(422).refused_field("/author", FieldCode::NotPossible);
    // Files come from the program's owner alone.
    let file = carl.uploads("hive.txt", b"text").await.id;
    let mut theirs = for_customer("carl@example.org", "Hive");
    theirs["ticket"]["attachment_ids"] = json!([file]);
    theirs["customer"]["email"] = json!("unheard.of@example.org");
    program
        .post("/behalf/tickets", theirs)
        .await
        .is(422)
        .refused_field("/ticket/attachment_ids/0", FieldCode::NotPossible);
    let database = app.database.connect().await;
    let made = "select count(*) from people where email = 'unheard.of@example.org'";
    assert_eq!(database.query_one(made, &[]).await.unwrap().get::<_, i64>(0), 0, "no account by a refused ticket");
}
