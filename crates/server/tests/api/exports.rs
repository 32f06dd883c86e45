//! Tickets that leave the desk as files.

use api_types::{
    error::{ErrorCode, FieldCode},
    exports::{ExportAddress, TicketLine},
    people::PersonId,
    tickets::TicketView,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::support::{Actor, Answer, App, at};

impl Actor {
    /// The lines of an export; `query` starts with `?`, or is empty.
    async fn exports(&self, query: &str) -> Vec<TicketLine> {
        let answer = self.get(&format!("/tickets/export.jsonl{query}")).await.is(200);
        let text = answer.text();
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    async fn exported_titles(&self, query: &str) -> Vec<String> {
        self.exports(query).await.into_iter().map(|line| line.title.to_string()).collect()
    }
}

/// The rows of a sheet, the first one too.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = answer.text();
    let sheet = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(sheet.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The cell of a row below a column's name.
fn cell<'a>(rows: &'a [Vec<String>], row: usize, column: &str) -> &'a str {
    let at = rows[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("{column} in {:?}", rows[0]));
    &rows[row][at]
}

/// Adds tickets with a comment each, the newest last.
async fn many(app: &App, creator: PersonId, count: i32) {
    let database = app.database.connect().await;
    let tickets = "insert into tickets (id, title, creator_id, stage, priority, created_at, updated_at)
        select gen_random_uuid(), 'Old ' || n, $1, 'new', 'medium', now() - interval '3 years' + n * interval '1 second', now()
        from generate_series(1, $2) n";
    database.execute(tickets, &[&creator.0, &count]).await.unwrap();
    let comments = "insert into comments (id, ticket_id, author_id, author_kind, internal, body_markdown, body_html, created_at)
        select gen_random_uuid(), id, creator_id, 'user', false, 'Help', '<p>Help</p>', created_at from tickets where title like 'Old %'";
    database.execute(comments, &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_holds_what_the_list_shows() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    root.asks_for("hives", "number", json!({})).await;
    root.asks_for("note", "text", json!({ "in_queue": true })).await;
    root.asks_for(
        "parts",
        "multi_select",
        json!({ "choices": [
        { "key": "lid", "en": "Lid, roof", "fr": "Couvercle" }, { "key": "floor", "en": "Floor", "fr": "Plancher" },
    ] }),
    )
    .await;
    let body = json!({
        "title": "=HYPERLINK(\"http://evil\"), \"quoted\"; +1", "message": "Help",
        "custom_fields": { "hives": -4.5, "note": "@cmd|' /C calc'!A0", "parts": ["floor", "lid"] },
    });
    carl.post("/tickets", body).await.is(201);
    app.advance(SignedDuration::from_secs(60));
    let second: TicketView = carl.opens("Abeille é", "Help").await;
    ana.comments(&second, "Hello").await;

    let answer = ana.get("/tickets/export.csv").await.is(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"tickets-2026-03-02.csv\"");
    let sheet = rows(&answer);
    assert!(answer.text().ends_with("\r\n"));
    assert_eq!(sheet.len(), 3);
    assert_eq!(cell(&sheet, 1, "title"), "Abeille é");
    assert_eq!(cell(&sheet, 1, "status"), "in_progress");
    assert_eq!(cell(&sheet, 1, "created_at"), "2026-03-02T09:01:00Z");
    assert_eq!(cell(&sheet, 1, "first_reply_at"), "2026-03-02T09:01:00Z");
    assert_eq!(cell(&sheet, 1, "creator"), "carl");
    assert_eq!(cell(&sheet, 1, "The note [note]"), "");
    assert_eq!(cell(&sheet, 2, "title"), "'=HYPERLINK(\"http://evil\"), \"quoted\"; '+1");
    assert_eq!(cell(&sheet, 2, "The hives [hives]"), "-4.5", "a number stays one");
    assert_eq!(cell(&sheet, 2, "The note [note]"), "'@cmd|' /C calc'!A0");
    assert_eq!(cell(&sheet, 2, "The parts [parts]"), "Lid, roof, Floor");
    assert!(!sheet[0].contains(&"creator_email".to_owned()), "agents see no addresses");
    let sheet = rows(&root.get("/tickets/export.csv").await.is(200));
    assert_eq!(cell(&sheet, 1, "creator_email"), "carl@example.org");

    root.patch("/me", json!({ "locale": "fr" })).await.is(200);
    app.advance(SignedDuration::from_secs(6));
    let sheet = rows(&root.get("/tickets/export.csv").await.is(200));
    assert_eq!(cell(&sheet, 2, "Le parts [parts]"), "Couvercle, Plancher");
    let nothing = rows(&ana.get("/tickets/export.csv?stage=on_hold").await.is(200));
    assert_eq!(nothing.len(), 1, "the first row stands alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_hold_everything_in_the_words_that_were_written() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    root.asks_for("note", "text", json!({})).await;
    let file = carl.uploads("hive.txt", b"text").await.id;
    let body = json!({
        "title": "=1+1", "message": "- one\n- two", "custom_fields": { "note": "=2" }, "attachment_ids": [file],
    });
    let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
    ana.notes(&ticket, "He is kind").await;
    ana.put(&format!("{}/stage", at(&ticket)), json!({ "stage": "on_hold", "reason": "Parts" })).await.is(200);
    let lines = root.exports("").await;
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(
        (line.id, line.number, line.title.as_str()),
        (Some(ticket.summary.id), Some(ticket.summary.number), "=1+1")
    );
    assert_eq!(line.creator.email.as_ref().map(|email| email.as_str()), Some("carl@example.org"));
    assert_eq!(line.hold.as_ref().map(|hold| hold.reason.as_str()), Some("Parts"));
    assert_eq!(serde_json::to_value(&line.custom_fields).unwrap(), json!({ "note": "=2" }));
    let thread: Vec<_> = line.comments.iter().map(|said| (said.message.as_str(), said.internal)).collect();
    assert_eq!(thread, [("- one\n- two", false), ("He is kind", true)]);
    assert_eq!(line.comments[0].attachments.iter().map(|file| file.id).collect::<Vec<_>>(), [file]);
    assert_eq!(line.comments[1].author.email.as_ref().map(|email| email.as_str()), Some("ana@example.org"));
    let seen_by_ana = &ana.exports("").await[0];
    assert!(seen_by_ana.creator.email.is_none() && seen_by_ana.comments.iter().all(|said| said.author.email.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_filter_is_the_lists_and_the_order_too() {
    let app = App::start().await;
    let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
    let root = app.admin("root").await;
    root.asks_for("plan", "text", json!({})).await;
    root.patch("/admin/settings", json!({ "form": { "priority": "optional", "department": "optional" } }))
        .await
        .is(200);
    for (title, who, priority, plan) in
        [("One hive", &carl, "high", "gold"), ("Two hives", &dora, "low", "gold"), ("Three bees", &carl, "low", "tin")]
    {
        app.advance(SignedDuration::from_secs(1));
        let body =
            json!({ "title": title, "message": "Help", "priority": priority, "custom_fields": { "plan": plan } });
        who.post("/tickets", body).await.is(201);
    }
    let done = dora.opens("Four", "Help").await;
    ana.comments(&done, "Done").await;
    dora.resolves(&done).await;
    ana.send(Method::PUT, &format!("{}/archive", at(&done)), |request| request).await.is(200);
    app.run_jobs().await;
    let creator = format!("?creator={}", carl.id());
    for query in [
        "",
        "?sort=oldest",
        "?status=open",
        "?status=resolved",
        "?archived=true",
        "?priority=low",
        "?stage=new",
        "?assignee=none",
        "?department=none",
        "?field=plan:gold",
        "?field=plan:gold&priority=low",
        "?q=hive",
        "?q=nowhere",
        "?q=hive&field=plan:gold",
        "?person_wanted=true",
        &creator,
    ] {
        assert_eq!(ana.exported_titles(query).await, ana.titles(query).await, "{query}");
        let sheet = rows(&ana.get(&format!("/tickets/export.csv{query}")).await.is(200));
        let titles: Vec<_> = (1..sheet.len()).map(|row| cell(&sheet, row, "title").to_owned()).collect();
        assert_eq!(titles, ana.titles(query).await, "{query}");
    }
    assert_eq!(ana.exported_titles("?archived=true").await, ["Four"]);
    for (query, pointer) in [("?limit=5", "?limit"), ("?after=abc", "?after"), ("?q=hive&sort=oldest", "?sort")] {
        ana.get(&format!("/tickets/export.csv{query}")).await.refused_field(pointer, FieldCode::NotPossible);
    }
    ana.get("/tickets/export.csv?nonsense=1").await.refused_field("?nonsense", FieldCode::UnknownField);
    for path in ["/tickets/export.csv", "/tickets/export.jsonl"] {
        carl.get(path).await.refused(ErrorCode::Forbidden);
        app.visitor().get(path).await.refused(ErrorCode::Unauthenticated);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_only_theirs_exports_only_theirs() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let honey = root.founds("Honey", &[ana.id()]).await;
    let wax = root.founds("Wax", &[]).await;
    let form = json!({ "priority": "optional", "department": "optional" });
    root.patch("/admin/settings", json!({ "form": form, "team": { "agents_see": "own" } })).await.is(200);
    for (title, department) in [("Honey one", Some(honey.id)), ("Wax one", Some(wax.id)), ("Neither", None)] {
        app.advance(SignedDuration::from_secs(6));
        carl.post("/tickets", json!({ "title": title, "message": "Hum", "department_id": department })).await.is(201);
    }
    app.run_jobs().await;
    for query in ["", "?q=hum", "?status=open"] {
        assert_eq!(ana.exported_titles(query).await, ["Neither", "Honey one"], "{query}");
        assert_eq!(root.exported_titles(query).await.len(), 3, "{query}");
    }
    assert!(ana.exported_titles(&format!("?department={}", wax.id)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_no_pages_and_a_thread_no_end() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    many(&app, carl.id(), 1_203).await;
    let database = app.database.connect().await;
    // A thread of several pieces, many of its comments of one moment.
    let long = "insert into comments (id, ticket_id, author_id, author_kind, internal, body_markdown, body_html, created_at)
        select gen_random_uuid(), t.id, t.creator_id, 'user', false, 'n' || n, '', t.created_at + n / 100 * interval '1 second'
        from tickets t, generate_series(100, 1360) n where t.title = 'Old 700'";
    database.execute(long, &[]).await.unwrap();
    let lines = ana.exports("").await;
    let titles: Vec<_> = lines.iter().map(|line| line.title.to_string()).collect();
    assert_eq!(titles, (1..=1_203).rev().map(|n| format!("Old {n}")).collect::<Vec<_>>());
    for line in &lines {
        let long = line.title.as_str() == "Old 700";
        assert_eq!(line.comments.len(), if long { 1_262 } else { 1 }, "{}", line.title);
        let mut said: Vec<_> = line.comments.iter().map(|said| said.message.as_str()).collect();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), line.comments.len(), "none twice");
        assert!(line.comments.is_sorted_by_key(|said| said.created_at));
    }
    assert_eq!(rows(&ana.get("/tickets/export.csv?sort=oldest").await.is(200)).len(), 1_204);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_meanwhile_pushes_nothing_out() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    many(&app, carl.id(), 12).await;
    let database = app.database.connect().await;
    let say = "insert into comments (id, ticket_id, author_id, author_kind, internal, body_markdown, body_html, created_at)
        select gen_random_uuid(), t.id, t.creator_id, 'user', false, repeat('x', 40000), '', t.created_at + n * interval '1 second'
        from tickets t, generate_series(1, $1::int) n";
    database.execute(say, &[&59]).await.unwrap();
    let (answer, mut response) = ana.begin(Method::GET, "/api/v1/tickets/export.jsonl", |request| request).await;
    assert_eq!(answer.status, 200);
    let mut text = response.chunk().await.unwrap().expect("it begins").to_vec();
    // More than fit between the sockets are still to be read; the four oldest are read last, and together.
    let last = format!(
        "{say} where t.id = (select min(id::text)::uuid from (select id from tickets order by created_at limit 4) oldest)"
    );
    database.execute(&last, &[&300]).await.unwrap();
    while let Some(more) = response.chunk().await.unwrap() {
        text.extend_from_slice(&more);
    }
    let lines: Vec<TicketLine> =
        String::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 12);
    for line in &lines {
        assert!(line.comments.len() >= 60, "{} has {}", line.title, line.comments.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_fails_never_looks_whole() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    many(&app, carl.id(), 600).await;
    let database = app.database.connect().await;
    database.batch_execute("alter table tickets drop constraint tickets_priority_check").await.unwrap();
    database.execute("update tickets set priority = 'odd' where title = 'Old 1'", &[]).await.unwrap();
    for path in ["/api/v1/tickets/export.csv", "/api/v1/tickets/export.jsonl"] {
        let (answer, response) = ana.begin(Method::GET, path, |request| request).await;
        assert_eq!(answer.status, 200);
        let cut = response.bytes().await.expect_err("the end is missing");
        assert!(cut.is_body() || cut.is_decode(), "{cut:?}");
    }
    // What can be told before the first byte is.
    database.execute("update tickets set priority = 'odd'", &[]).await.unwrap();
    let refused = ana.send_raw(Method::GET, "/api/v1/tickets/export.csv", |request| request).await.is(500);
    refused.refused(ErrorCode::Internal);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_saves_an_export_by_its_address() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    carl.opens("Café & miel", "Help").await;
    carl.opens("Other", "Help").await;
    app.run_jobs().await;
    let fetch = async |url: &str| app.visitor().send_raw(Method::GET, url, |request| request).await;
    let made: ExportAddress = ana.call("/tickets/export.csv?q=caf%C3%A9&status=open").await.is(201).ok();
    let answer = fetch(&made.url).await.is(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let sheet = rows(&answer);
    assert_eq!((sheet.len(), cell(&sheet, 1, "title")), (2, "Café & miel"));
    let lines: ExportAddress = ana.call("/tickets/export.jsonl").await.is(201).ok();
    assert_eq!(fetch(&lines.url).await.is(200).text().lines().count(), 2);

    for altered in [
        made.url.replace("status=open", "status=resolved"),
        made.url.replace("&status=open", ""),
        made.url.replace("tickets.csv", "tickets.jsonl"),
        made.url.replace("expires=1", "expires=2"),
        format!("{}&archived=true", made.url),
        "/exports/tickets.csv".to_owned(),
        "/exports/tickets.csv?session=1&expires=2&signature=3&".to_owned(),
    ] {
        fetch(&altered).await.refused(ErrorCode::Forbidden);
    }
    // An address is made for nothing that would be refused there.
    for refused in ["q=%00", &format!("q={}", "a".repeat(201)), "q=bees&sort=oldest"] {
        ana.call(&format!("/tickets/export.csv?{refused}")).await.refused(ErrorCode::Invalid);
    }
    fetch("/exports/tickets.exe").await.is(404);
    app.advance(SignedDuration::from_secs(61));
    fetch(&made.url).await.refused(ErrorCode::Forbidden);

    let last: ExportAddress = ana.call("/tickets/export.csv").await.is(201).ok();
    app.database
        .connect()
        .await
        .execute("update sessions set revoked_at = now() where person_id = $1", &[&ana.id().0])
        .await
        .unwrap();
    fetch(&last.url).await.refused(ErrorCode::Forbidden);
    carl.call("/tickets/export.csv").await.refused(ErrorCode::Forbidden);
    app.visitor().call("/tickets/export.csv").await.refused(ErrorCode::Unauthenticated);
}
