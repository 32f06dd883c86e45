//! People who leave: nothing tells of them afterwards.
//!
//! Invariant: what is gone is looked for in every column of every table.

use api_types::{
    api_keys::MadeApiKey,
    error::{ErrorCode, FieldCode},
    exports::{PersonExports, TicketLine},
    notifications::{NotificationKind, Notifications},
    page::Page,
    people::{ErasureReceipt, PersonView},
    tickets::TicketView,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use server::{attachments, exports};

use crate::support::{Actor, App, Receiver, Replies, app::Setup, at, database::until, s3::S3Server};

/// Where some words stand in the database: in any column that holds text, whatever its type.
async fn places(app: &App, words: &str) -> Vec<String> {
    let database = app.database.connect().await;
    let columns = "select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY', 'USER-DEFINED', 'tsvector', 'character varying')";
    let mut found = Vec::new();
    for row in database.query(columns, &[]).await.unwrap() {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let sql = format!("select count(*) from \"{table}\" where \"{column}\"::text ilike '%' || $1 || '%'");
        let count: i64 = database.query_one(&sql, &[&words]).await.unwrap().get(0);
        if count > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

impl Actor {
    async fn erases(&self, whom: &Actor) -> ErasureReceipt {
        let path = format!("/admin/people/{}/erasure", whom.id());
        self.post(&path, json!({ "reason": "They asked for it" })).await.is(201).ok()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_tells_of_a_customer_who_was_erased() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carlotta").await, app.agent("ana").await, app.admin("root").await);
    let dora = app.customer("dora").await;
    let kept = dora.opens("Dora's hive", "Bumblebees").await;
    let file = carl.uploads("carlotta-hive.txt", b"hive").await.id;
    carl.uploads("never-sent.txt", b"hive").await;
    let body = json!({ "title": "Carlotta's hive", "message": "Zwitschermaschine", "attachment_ids": [file] });
    let ticket: TicketView = carl.post_once("carlotta-1", "/tickets", body).await.is(201).ok();
    let receiver = Receiver::start(Replies::Status(200)).await;
    root.post("/webhooks", json!({ "url": receiver.url() })).await.is(201);
    let scopes = json!(["tickets:read"]);
    carl.post("/api-keys", json!({ "name": "carlotta's script", "kind": "personal", "scopes": scopes })).await.is(201);
    let behalf = json!({ "name": "Shop", "kind": "desk", "scopes": ["tickets:behalf", "tickets:write"] });
    let program = app.visitor().with_token(root.post("/api-keys", behalf).await.is(201).ok::<MadeApiKey>().token);
    let body = json!({ "customer": { "email": "carlotta@example.org", "name": "C" }, "ticket": { "title": "Third", "message": "Of carlotta" } });
    program.post_once("crm-carlotta@example.org", "/behalf/tickets", body).await.is(201);
    let answers = format!("{}/comments", at(&ticket));
    program.post_once("reply-carlotta@example.org", &answers, json!({ "message": "Soon" })).await.is(201);
    let second = carl.opens("Second", "Zwitschermaschine again").await;
    ana.comments(&ticket, "Dear carlotta, hello").await;
    ana.notes(&second, "carlotta calls often").await;
    app.run_jobs().await;
    app.visitor().post("/auth/forgot", json!({ "email": "carlotta@example.org" })).await.is(202);
    app.visitor().post("/auth/login", json!({ "email": "carlotta@example.org", "password": "wrong" })).await.is(401);
    let move_to =
        json!({ "email": "carlotta.elsewhere@example.org", "current_password": crate::support::actors::PASSWORD });
    carl.put("/me/email", move_to).await.is(202);
    app.advance(SignedDuration::from_secs(30));
    app.run_jobs().await;
    for words in ["carlotta", "carlotta@example.org", "zwitschermaschine"] {
        assert!(!places(&app, words).await.is_empty(), "{words} was there");
    }
    assert_eq!(app.state.files.list().await.unwrap().len(), 2);

    let receipt = root.erases(&carl).await;
    let counts = (receipt.tickets, receipt.comments, receipt.files);
    assert_eq!(counts, (3, 6, 2), "{receipt:?}");
    assert!(receipt.mails > 0 && receipt.notifications > 0 && receipt.sessions > 0, "{receipt:?}");
    // At once, before any job has run.
    carl.get("/me").await.refused(ErrorCode::Unauthenticated);
    let found: Page<PersonView> = root.get("/admin/people").await.is(200).ok();
    assert!(found.items.iter().all(|person| person.id != carl.id()));
    root.patch(&format!("/admin/people/{}", carl.id()), json!({ "disabled": false })).await.is(404);
    root.post(&format!("/admin/people/{}/erasure", carl.id()), json!({ "reason": "Again" })).await.is(404);
    assert!(places(&app, "carlotta@example.org").await.is_empty());
    app.run_jobs().await;
    for words in ["carlotta", "zwitschermaschine", &carl.me.email] {
        assert_eq!(places(&app, words).await, Vec::<String>::new(), "{words}");
    }
    ana.get(&at(&ticket)).await.is(404);
    assert_eq!(app.state.files.list().await.unwrap().len(), 0, "their files are gone");
    assert_eq!(ana.titles("").await, ["Dora's hive"]);
    let told: i64 = {
        let log = "select count(*) from webhook_deliveries where ticket_id <> $1";
        app.database.connect().await.query_one(log, &[&kept.summary.id.0]).await.unwrap().get(0)
    };
    assert_eq!(told, 0, "the log tells nothing of their tickets");
    assert_eq!(ana.titles("?q=bumblebees").await.len(), 1);
    assert_eq!(dora.sees(&kept).await.summary.title, "Dora's hive");
    // Whoever comes back comes as somebody new.
    let again = app.customer("carlotta").await;
    assert!(again.id() != carl.id() && again.titles("").await.is_empty());
    let database = app.database.connect().await;
    let kept: (String, serde_json::Value) = {
        let row = database.query_one("select reason, counts from erasures", &[]).await.unwrap();
        (row.get(0), row.get(1))
    };
    let counts = |receipt: &Value| ["tickets", "comments", "files", "mails"].map(|of| receipt[of].clone());
    assert_eq!((kept.0.as_str(), counts(&kept.1)), ("They asked for it", counts(&json!(receipt))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_team_said_stays_without_a_name() {
    let app = App::start().await;
    let (carl, bert, root) = (app.customer("carl").await, app.agent("bertrand").await, app.admin("root").await);
    let other = app.admin("otherwise").await;
    let ticket = carl.opens("Hive", "Help").await;
    let file = bert.uploads("answer.txt", b"yes").await.id;
    let answer = json!({ "message": "Feed them", "attachment_ids": [file] });
    bert.post(&format!("{}/comments", at(&ticket)), answer).await.is(201);
    root.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": bert.id() })).await.is(200);
    root.founds("Honey", &[other.id(), bert.id(), root.id()]).await;
    bert.patch("/me", json!({ "name": "Bert" })).await.is(200);
    root.founds("Bert", &[]).await;
    other.patch("/admin/settings", json!({ "team": { "agents_see": "all" } })).await.is(200);
    other.founds("Wax", &[]).await;
    let own = bert.opens("His own", "Help").await;
    app.advance(SignedDuration::from_secs(30));
    app.run_jobs().await;

    root.erases(&bert).await;
    root.erases(&other).await;
    app.run_jobs().await;
    for words in ["bertrand", "otherwise"] {
        assert_eq!(places(&app, words).await, Vec::<String>::new(), "{words}");
    }
    let seen = carl.sees(&ticket).await;
    let said = &seen.comments.items[1];
    assert_eq!((said.author.label.as_str(), said.body_markdown.as_str()), ("[admin:Deleted person]", "Feed them"));
    assert_eq!(said.attachments.len(), 1);
    carl.patch("/me", json!({ "locale": "fr" })).await.is(200);
    app.advance(SignedDuration::from_secs(6));
    let carl = app.sign_in(carl.id()).await;
    assert_eq!(carl.sees(&ticket).await.comments.items[1].author.label, "[admin:Personne supprimée]");
    let at_desk: TicketView = root.sees(&ticket).await;
    assert!(at_desk.summary.assignee.is_none(), "it is the queue's again");
    root.get(&at(&own)).await.is(404);
    let changes = root.get("/admin/settings/changes").await.is(200).text();
    assert!(changes.contains("\"name\":\"root\"") && changes.contains("\"name_en\":\"Bert\""), "{changes}");
    let team: Page<api_types::people::PersonRef> = root.get("/team").await.is(200).ok();
    assert_eq!(team.items.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["root"]);
    let people: Page<PersonView> = root.get("/admin/people").await.is(200).ok();
    assert_eq!(people.items.len(), 2, "nobody is not listed: {people:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn not_everybody_can_be_erased_and_not_for_any_reason() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let path = |whom: &Actor| format!("/admin/people/{}/erasure", whom.id());
    let reason = || json!({ "reason": "They asked for it" });
    root.post(&path(&root), reason()).await.refused(ErrorCode::LastAdmin);
    let second = app.admin("second").await;
    root.post(&path(&root), reason()).await.refused(ErrorCode::Forbidden);
    for who in [&carl, &ana] {
        who.post(&path(&carl), reason()).await.refused(ErrorCode::Forbidden);
    }
    for (given, code) in [
        (json!({ "reason": "" }), FieldCode::Required),
        (json!({ "reason": "x".repeat(301) }), FieldCode::TooLong),
        (json!({ "reason": "CARL asked for it" }), FieldCode::NotPossible),
        (json!({ "reason": "See the mail of Carl@Example.org" }), FieldCode::NotPossible),
        (json!({}), FieldCode::Required),
    ] {
        root.post(&path(&carl), given).await.refused_field("/reason", code);
    }
    carl.get("/me").await.is(200);
    root.erases(&second).await;
    root.post(&path(&root), reason()).await.refused(ErrorCode::LastAdmin);
    let third = app.admin("third").await;
    let erase = async || third.post_once("e1", &path(&carl), reason()).await.is(201).ok::<ErasureReceipt>();
    let receipt = erase().await;
    assert_eq!(erase().await, receipt, "its answer may have been lost");
    root.erases(&third).await;
    let listed: Page<ErasureReceipt> = root.get("/admin/erasures?limit=2").await.is(200).ok();
    let by = |receipt: &ErasureReceipt| receipt.erased_by.as_ref().map(|by| by.name.clone());
    assert_eq!(listed.items.iter().map(by).collect::<Vec<_>>(), [Some("root".to_owned()), None], "{listed:?}");
    assert_eq!(listed.items[1], ErasureReceipt { erased_by: None, ..receipt });
    let rest = format!("/admin/erasures?after={}", listed.next_cursor.unwrap());
    let rest: Page<ErasureReceipt> = root.get(&rest).await.is(200).ok();
    assert_eq!((rest.items.len(), rest.next_cursor), (1, None));
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_goes_on_where_it_stopped_and_runs_twice() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let database = app.database.connect().await;
    let many = "insert into tickets (id, title, creator_id, stage, priority, created_at, updated_at)
        select gen_random_uuid(), 'Old ' || n, $1, 'new', 'medium', now(), now() from generate_series(1, 230) n";
    database.execute(many, &[&carl.id().0]).await.unwrap();
    assert_eq!(root.erases(&carl).await.tickets, 230);
    server::people::erase_rest(&app.state, carl.id(), 0).await.unwrap();
    let left: i64 = database.query_one("select count(*) from tickets", &[]).await.unwrap().get(0);
    assert_eq!(left, 130, "a hundred at a time");
    // One that cannot be erased yet keeps no other one, and is tried again for longer than any job.
    let broken = "create function refuse() returns trigger language plpgsql as $$ begin raise 'not yet'; end $$;
        create trigger refuse before delete on tickets for each row when (old.title = 'Old 230') execute function refuse();";
    database.batch_execute(broken).await.unwrap();
    for _ in 0..20 {
        app.run_jobs().await;
        app.advance(SignedDuration::from_hours(1));
    }
    let left: Vec<String> =
        database.query("select title from tickets", &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(left, ["Old 230"]);
    database.batch_execute("drop trigger refuse on tickets").await.unwrap();
    app.run_jobs().await;
    server::people::erase_rest(&app.state, carl.id(), 0).await.unwrap();
    let left: i64 =
        database.query_one("select count(*) from people where id = $1", &[&carl.id().0]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

/// The files of an archive, by name.
async fn unpack(app: &App, url: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let whole = if url.starts_with('/') { format!("http://{}{url}", app.address) } else { url.to_owned() };
    let answer = reqwest::get(whole).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"data.zip\"");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(answer.bytes().await.unwrap())).unwrap();
    let mut files = std::collections::BTreeMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn people_take_their_data_along_from_either_store() {
    let server = S3Server::start().await;
    let bucket = Setup { bucket: Some(server.bucket()), ..Setup::default() };
    for app in [App::start().await, App::start_with(bucket).await] {
        let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
        dora.opens("Not his", "Secret of dora").await;
        // Of several parts, and larger than what is handed on at once.
        let picture: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let file = carl.uploads("ruche é.bin", &picture).await.id;
        let waiting = carl.uploads("waiting.txt", b"not sent").await.id;
        let body = json!({ "title": "Hive", "message": "Help", "attachment_ids": [file] });
        let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
        let answer = ana.uploads("answer.txt", b"an answer").await.id;
        let note = ana.uploads("note.txt", b"a note").await.id;
        let path = format!("{}/comments", at(&ticket));
        ana.post(&path, json!({ "message": "Feed", "attachment_ids": [answer] })).await.is(201);
        ana.post(&path, json!({ "message": "Kind", "internal": true, "attachment_ids": [note] })).await.is(201);
        app.advance(SignedDuration::from_secs(30));
        app.run_jobs().await;
        let before = app.mailbox().len();
        let none: PersonExports = carl.get("/me/export").await.is(200).ok();
        assert_eq!(none, PersonExports::default());

        let asked: PersonExports = carl.call("/me/export").await.is(202).ok();
        assert!(asked.latest.is_some_and(|latest| latest.ready_at.is_none()));
        carl.call("/me/export").await.is(202);
        app.run_jobs().await;
        let mails = app.mailbox();
        assert_eq!(mails.len(), before + 1, "one archive, one mail");
        let mail = &mails[before];
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("carl@example.org", "The data that you asked for is ready")
        );
        assert!(mail.text.contains("/account#data") && !mail.text.contains("signature"), "{}", mail.text);
        let bell: Notifications = carl.get("/notifications").await.is(200).ok();
        let told = bell.items.first().unwrap();
        assert_eq!((told.kind, told.read, bell.unread_count), (NotificationKind::ExportReady, false, 2));
        assert_eq!(told.person.as_ref().map(|whose| whose.id), Some(carl.id()));
        assert!(told.ticket.is_none() && told.actor.is_none());
        carl.post("/notifications/read", json!({ "ids": [told.id] })).await.is(204);
        let bell: Notifications = carl.get("/notifications").await.is(200).ok();
        assert_eq!((bell.items[0].read, bell.unread_count), (true, 1));

        let made: PersonExports = carl.get("/me/export").await.is(200).ok();
        let latest = made.latest.unwrap();
        let address = latest.address.unwrap();
        let files = unpack(&app, &address.url).await;
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        let number = ticket.summary.number;
        let mut expected = vec![
            format!("files/{file}-ruche é.bin"),
            format!("files/{waiting}-waiting.txt"),
            format!("files/{answer}-answer.txt"),
            "api-keys.json".to_owned(),
            "mails.json".to_owned(),
            "notifications.json".to_owned(),
            "profile.json".to_owned(),
            "sessions.json".to_owned(),
            format!("tickets/{number}.json"),
        ];
        expected.sort();
        assert_eq!(names, expected);
        assert_eq!(files[&format!("files/{file}-ruche é.bin")], picture);
        let profile: Value = serde_json::from_slice(&files["profile.json"]).unwrap();
        assert_eq!((profile["email"].as_str(), profile.get("password_hash")), (Some("carl@example.org"), None));
        let line: TicketLine = serde_json::from_slice(&files[&format!("tickets/{number}.json")]).unwrap();
        let thread: Vec<_> = line.comments.iter().map(|said| said.message.as_str()).collect();
        assert_eq!(thread, ["Help", "Feed"], "no notes");
        assert!(line.stage.is_none() && line.assignee.is_none());
        let told: Value = serde_json::from_slice(&files["notifications.json"]).unwrap();
        assert_eq!(told[0]["kind"], "response");
        let all = files.values().flat_map(|bytes| bytes.iter().copied()).collect::<Vec<u8>>();
        let all = String::from_utf8_lossy(&all).into_owned();
        for secret in ["Secret of dora", "Kind", "a note", "ana@example.org", "argon2"] {
            assert!(!all.contains(secret), "{secret}");
        }

        // One a day.
        let refused = carl.call("/me/export").await;
        let problem = refused.refused(ErrorCode::TooManyRequests);
        assert!(problem.detail.contains(&made.again_at.unwrap().to_string()), "{problem:?}");
        let again: PersonExports = carl.get("/me/export").await.is(200).ok();
        let another = again.latest.unwrap().address.unwrap();
        assert!(again.again_at.is_some() && !unpack(&app, &another.url).await.is_empty());
        // An hour for the address, a week for the file.
        let found = attachments::sweep_store(&app.state, std::time::Duration::ZERO, false).await.unwrap();
        assert!(found.orphans.is_empty(), "{found:?}");
        if address.url.starts_with('/') {
            let fetch = async |url: &str| app.visitor().send_raw(Method::GET, url, |request| request).await;
            fetch(&address.url.replace("expires=1", "expires=2")).await.refused(ErrorCode::Forbidden);
            app.advance(SignedDuration::from_secs(3_601));
            fetch(&address.url).await.refused(ErrorCode::Forbidden);
        }
        let objects = app.state.files.list().await.unwrap().len();
        app.advance(SignedDuration::from_hours(7 * 24 + 1));
        exports::sweep(&mut app.state.db().await.unwrap(), app.now()).await.unwrap();
        app.run_jobs().await;
        assert_eq!(app.state.files.list().await.unwrap().len(), objects - 1);
        let carl = app.sign_in(carl.id()).await;
        assert_eq!(carl.get("/me/export").await.is(200).ok::<PersonExports>(), PersonExports::default());
        carl.call("/me/export").await.is(202);
        app.run_jobs().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_takes_somebodys_data_and_erasure_takes_the_file() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    carl.opens("Hive", "Help").await;
    let path = format!("/admin/people/{}/export", carl.id());
    ana.call(&path).await.refused(ErrorCode::Forbidden);
    root.call(&path).await.is(202);
    app.run_jobs().await;
    let made: PersonExports = root.get(&path).await.is(200).ok();
    let address = made.latest.unwrap().address.unwrap();
    assert!(unpack(&app, &address.url).await.contains_key("profile.json"));
    assert_eq!(
        carl.get("/me/export").await.is(200).ok::<PersonExports>(),
        PersonExports::default(),
        "it is the admin's"
    );
    let mail = app.mailbox().pop().unwrap();
    assert_eq!(mail.to, "root@example.org");
    assert!(mail.text.contains(&format!("/admin/people?data={}", carl.id())), "{}", mail.text);
    let bell: Notifications = root.get("/notifications").await.is(200).ok();
    let told = bell.items.iter().find(|told| told.kind == NotificationKind::ExportReady).unwrap();
    assert_eq!(told.person.as_ref().map(|whose| whose.name.as_str()), Some("carl"));
    let his: Notifications = carl.get("/notifications").await.is(200).ok();
    assert!(his.items.is_empty(), "he did not ask: {his:?}");
    // The file is not his who asked for another, nor hers what he asks for.
    carl.call("/me/export").await.is(202);
    root.erases(&carl).await;
    app.visitor().send_raw(Method::GET, &address.url, |request| request).await.is(404);
    app.run_jobs().await;
    assert!(app.state.files.list().await.unwrap().is_empty());
    root.call(&path).await.is(404);
    root.get(&path).await.is(404);
    let bell: Notifications = root.get("/notifications").await.is(200).ok();
    assert!(bell.items.iter().all(|told| told.kind != NotificationKind::ExportReady), "{bell:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_holds_only_what_is_theirs() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let ticket = carl.opens("Hive", "Help").await;
    let note = ana.uploads("note.txt", b"a note").await.id;
    let path = format!("{}/comments", at(&ticket));
    ana.post(&path, json!({ "message": "Kind", "internal": true, "attachment_ids": [note] })).await.is(201);
    let key = json!({ "name": "Shop", "kind": "desk", "scopes": ["tickets:behalf", "tickets:write"] });
    let program = app.visitor().with_token(root.post("/api-keys", key).await.is(201).ok::<MadeApiKey>().token);
    let file = program.upload("shop.txt", b"of a customer".to_vec()).await.is(201).ok::<Value>()["id"].clone();
    let body = json!({ "customer": { "email": "carl@example.org", "name": "C" },
        "ticket": { "title": "Shop", "message": "Order", "attachment_ids": [file] } });
    program.post("/behalf/tickets", body).await.is(201);
    let files = async |who: &Actor| {
        who.call("/me/export").await.is(202);
        app.run_jobs().await;
        let made: PersonExports = who.get("/me/export").await.is(200).ok();
        let files = unpack(&app, &made.latest.unwrap().address.unwrap().url).await;
        let names = files.into_keys().filter_map(|name| Some(name.strip_prefix("files/")?.get(37..)?.to_owned()));
        names.collect::<Vec<_>>()
    };
    assert_eq!(files(&root).await, Vec::<String>::new(), "what a program sends is its customers'");
    assert_eq!(files(&carl).await, ["shop.txt"]);
    assert_eq!(files(&ana).await, ["note.txt"], "she wrote it");
    root.patch(&format!("/admin/people/{}", ana.id()), json!({ "role": "customer" })).await.is(200);
    app.advance(SignedDuration::from_hours(25));
    let ana = app.sign_in(ana.id()).await;
    assert_eq!(files(&ana).await, Vec::<String>::new(), "and may not see it any more");

    // What an erased ticket said is in no archive either.
    let carl = app.sign_in(carl.id()).await;
    carl.delete(&at(&ticket)).await.is(204);
    assert_eq!(carl.get("/me/export").await.is(200).ok::<PersonExports>(), PersonExports::default());
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_being_made_does_not_keep_what_is_deleted_meanwhile() {
    for archive_first in [true, false] {
        let app = App::start().await;
        let carl = app.customer("carl").await;
        let (kept, gone) = (carl.opens("Kept", "Help").await, carl.opens("Gone", "Help").await);
        app.run_jobs().await;
        carl.call("/me/export").await.is(202);
        let (database, mut lock) = (app.database.connect().await, app.database.connect().await);
        let locked = lock.transaction().await.unwrap();
        locked.execute("select from person_exports for update", &[]).await.unwrap();
        // Both are at the archive's row, in either order.
        let wait_for = async |count: u8| {
            let waits = format!(
                "(select count(*) >= {count} from pg_stat_activity where datname = current_database()
                  and application_name = 'waggle' and wait_event_type = 'Lock')"
            );
            until(&database, &waits).await;
        };
        let delete = async { carl.delete(&at(&gone)).await.is(204) };
        let make = async { app.run_jobs().await };
        if archive_first {
            let ((), ..) = tokio::join!(
                make,
                async {
                    wait_for(1).await;
                    delete.await
                },
                async {
                    wait_for(2).await;
                    locked.commit().await.unwrap();
                }
            );
        } else {
            let (_, (), ()) = tokio::join!(
                delete,
                async {
                    wait_for(1).await;
                    make.await
                },
                async {
                    wait_for(2).await;
                    locked.commit().await.unwrap();
                }
            );
        }
        app.advance(SignedDuration::from_secs(5));
        app.run_jobs().await;
        let made: PersonExports = carl.get("/me/export").await.is(200).ok();
        let address = made.latest.and_then(|latest| latest.address);
        assert_eq!(address.is_none(), archive_first, "one that was ready by then is gone");
        if let Some(address) = address {
            let names: Vec<String> = unpack(&app, &address.url).await.into_keys().collect();
            let holds = |ticket: &TicketView| {
                names.iter().any(|name| *name == format!("tickets/{}.json", ticket.summary.number))
            };
            assert!(holds(&kept) && !holds(&gone), "{names:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_made_once_the_store_is_back() {
    let mut server = S3Server::start().await;
    let app = App::start_with(Setup { bucket: Some(server.bucket()), ..Setup::default() }).await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    server.stop().await;
    // Two who ask at once get one each.
    carl.call("/me/export").await.is(202);
    root.call(&format!("/admin/people/{}/export", carl.id())).await.is(202);
    for _ in 0..16 {
        app.run_jobs().await;
        app.advance(SignedDuration::from_hours(1));
    }
    let (carl, root) = (app.sign_in(carl.id()).await, app.sign_in(root.id()).await);
    let made: PersonExports = carl.get("/me/export").await.is(200).ok();
    assert!(made.latest.unwrap().ready_at.is_none(), "it is still waited for");
    server.resume().await;
    app.run_jobs().await;
    for (who, path) in [(&carl, "/me/export".to_owned()), (&root, format!("/admin/people/{}/export", carl.id()))] {
        let made: PersonExports = who.get(&path).await.is(200).ok();
        assert!(made.latest.unwrap().address.is_some(), "{path}");
    }
    // A job that is lost is asked for anew, a day later.
    app.advance(SignedDuration::from_hours(25));
    let carl = app.sign_in(carl.id()).await;
    carl.call("/me/export").await.is(202);
    app.database.connect().await.execute("delete from jobs", &[]).await.unwrap();
    app.advance(SignedDuration::from_hours(25));
    let carl = app.sign_in(carl.id()).await;
    carl.call("/me/export").await.is(202);
    app.run_jobs().await;
    let made: PersonExports = carl.get("/me/export").await.is(200).ok();
    assert!(made.latest.unwrap().address.is_some());
}

/// What refers to people and does not go with them by itself: `people/erasure.rs` says what becomes of it.
const REFERENCES: &str = "article_revisions.author_id attachments.uploader_id comments.author_id
    settings_changes.author_id tickets.assignee_id tickets.creator_id";

/// Free words, by table. Of a person, and gone with them or with their tickets.
const THEIRS: &str =
    "answers.body_markdown answers.passages answers.reason answers.sources api_keys.name api_keys.prefix
    api_keys.scopes attachments.filename comments.ai comments.body_html comments.body_markdown kept_answers.answer
    mails.last_error pending_tickets.custom_fields pending_tickets.email pending_tickets.message pending_tickets.name
    pending_tickets.title people.email people.name people.password_hash people.preferences registrations.email
    registrations.name registrations.password_hash throttles.key ticket_search.document tickets.custom_fields
    tickets.hold_reason tickets.title tickets.welcome_html webhook_deliveries.payload";

/// They may name somebody among others, whose name is taken out.
const SHARED: &str = "jobs.last_error jobs.payload search_words.word settings_changes.after settings_changes.before";

/// Of the desk: no request of a person, or of a program for one, gets into them.
const THE_DESKS: &str = "__diesel_schema_migrations.run_on __diesel_schema_migrations.version activity.kind answers.model article_categories.name_en
    article_categories.name_fr article_categories.slug article_passages.anchor article_passages.body
    article_passages.embedding article_passages.embedding_model article_passages.heading article_revisions.body_html
    article_revisions.body_markdown article_revisions.sections article_revisions.summary article_revisions.title
    article_spellings.locale article_spellings.stem article_spellings.word article_synonyms.words
    article_word_counts.stem article_words.stem articles.imported_from articles.slug attachments.content_type
    attachments.thumbnail_type departments.name_en departments.name_fr erasures.counts erasures.reason fields.definition
    fields.key former_article_slugs.slug jobs.kind logos.content_type registrations.locale settings.topic settings.value
    settings_changes.topic tickets.sla tickets.status webhook_deliveries.event webhook_deliveries.outcome
    webhooks.description webhooks.events webhooks.url logos.picture";

/// Nobody is read from them.
const DIGESTS: &str = "activity.idempotency_key activity.request_hash answers.prompt_hash api_keys.hash
    attachments.idempotency_key attachments.sha256 captcha_answers.hash captcha_answers.used_for host_tokens.hash
    imported_tickets.key kept_answers.key kept_answers.request_hash mail_tokens.hash refresh_tokens.hash
    registrations.browser_hash";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_could_tell_of_a_person_is_known_to_their_erasure() {
    let app = App::start().await;
    let database = app.database.connect().await;
    let found = async |sql: &str| -> Vec<String> {
        database.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let known = |lists: &[&str]| {
        let mut words: Vec<String> = lists.iter().flat_map(|list| list.split_whitespace()).map(str::to_owned).collect();
        words.sort();
        words
    };
    let mut references = found(
        "select c.conrelid::regclass || '.' || a.attname from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
         where c.contype = 'f' and c.confrelid = 'people'::regclass and c.confdeltype not in ('c', 'n')",
    )
    .await;
    references.sort();
    assert_eq!(references, known(&[REFERENCES]));
    // Of a column with a closed list of words nothing has to be known.
    let mut words = found(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'public' and data_type not in ('uuid', 'bigint', 'integer', 'smallint', 'boolean', 'date',
             'timestamp with time zone', 'real', 'double precision')
         and not exists (
             select from pg_constraint where contype = 'c' and conrelid = table_name::regclass
             and (pg_get_constraintdef(oid) like 'CHECK ((' || column_name || ' = ANY (ARRAY[%'
                 or pg_get_constraintdef(oid) like 'CHECK (((' || column_name || ' = ANY (ARRAY[%')
         )",
    )
    .await;
    words.sort();
    assert_eq!(words, known(&[THEIRS, SHARED, THE_DESKS, DIGESTS]));
}
