//! How many statements an operation costs: fixed numbers, because N+1 hides in serialisers.
//!
//! Invariant: statements are counted by Postgres, on a desk that has just answered the same request.

use api_types::{articles::CategoryView, tickets::TicketView};
use serde_json::json;
use tokio_postgres::Client;

use crate::{
    sla::promising,
    support::{Actor, App, at, database},
};

/// Counts the statements of one test's database.
struct Counter {
    superuser: Client,
    database: u32,
}

impl Counter {
    async fn new(app: &App) -> Self {
        let superuser = database::superuser().await;
        let row = superuser
            .query_one("select oid from pg_database where datname = $1", &[&app.database.name()])
            .await
            .unwrap();
        Self { database: row.get(0), superuser }
    }

    async fn reset(&self) {
        self.superuser.execute("select pg_stat_statements_reset(0, $1, 0)", &[&self.database]).await.unwrap();
    }

    /// Those that clients sent, without what Postgres itself runs for foreign keys.
    async fn statements(&self) -> Vec<(i64, String)> {
        let sql = "select calls, query from pg_stat_statements where dbid = $1 and toplevel order by query";
        let rows = self.superuser.query(sql, &[&self.database]).await.unwrap();
        rows.into_iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    async fn expect(&self, what: &str, expected: i64) {
        let statements = self.statements().await;
        let count: i64 = statements.iter().map(|(calls, _)| calls).sum();
        assert_eq!(count, expected, "{what}: {statements:#?}");
    }
}

async fn full_ticket(carl: &Actor, ana: &Actor, title: &str) -> TicketView {
    let ticket = carl.opens(title, "Help").await;
    for number in 0..6 {
        carl.comments(&ticket, &format!("{number}")).await;
        ana.comments(&ticket, "Looking").await;
        ana.notes(&ticket, "Hm").await;
    }
    ana.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": ana.id() })).await.is(200);
    ticket
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_costs_the_same_however_much_there_is_to_read() {
    let app = App::start_with(promising(&json!({}))).await;
    let (root, carl, ana) = (app.admin("root").await, app.customer("carl").await, app.agent("ana").await);
    // What the form asks for and its answers are known without asking.
    let department = root.founds("Technical", &[ana.id()]).await.id;
    let form = json!({ "priority": "optional", "department": "off", "default_department": department });
    root.patch("/admin/settings", json!({ "form": form })).await.is(200);
    root.asks_for("agree", "checkbox", json!({ "in_queue": true })).await;
    let ticket = full_ticket(&carl, &ana, "Hive 0").await;
    for number in 1..6 {
        full_ticket(&carl, &ana, &format!("Hive {number}")).await;
    }
    app.run_jobs().await;
    let counter = Counter::new(&app).await;
    let next = carl.lists("?limit=2").await.next_cursor.unwrap();
    for (path, expected) in [
        ("/tickets".to_owned(), 1),
        ("/tickets?status=in_progress".to_owned(), 1),
        (format!("/tickets?limit=2&after={next}"), 1),
        ("/tickets/summary".to_owned(), 1),
        // The ticket and its thread, pipelined: one round trip.
        (at(&ticket), 2),
        (format!("{}/comments", at(&ticket)), 2),
        (format!("{}/sla", at(&ticket)), 1),
        ("/tickets?q=looking".to_owned(), 2),
        ("/tickets?q=nowhere".to_owned(), 2),
        ("/me".to_owned(), 1),
        ("/settings".to_owned(), 0),
        // Those of tickets, those of people and the number of unread ones, pipelined.
        ("/notifications".to_owned(), 3),
    ] {
        for reader in [&carl, &ana] {
            reader.get(&path).await.is(200);
            counter.reset().await;
            reader.get(&path).await.is(200);
            counter.expect(&path, expected).await;
        }
    }
    ana.put(&format!("{}/custom_fields", at(&ticket)), json!({ "custom_fields": { "agree": true } })).await.is(200);
    for (path, expected) in [
        (format!("/tickets?department={department}"), 1),
        ("/tickets?field=agree:true".to_owned(), 2),
        (at(&ticket), 2),
    ] {
        counter.reset().await;
        ana.get(&path).await.is(200);
        counter.expect(&path, expected).await;
    }
    // The ticket read, written, and the answer's ticket and thread; a move looks before where the ticket is.
    let path = at(&ticket);
    for (what, body, expected) in [
        ("custom_fields", json!({ "custom_fields": { "agree": false } }), 4),
        ("department", json!({ "department_id": null }), 5),
        ("department", json!({ "department_id": null }), 3),
    ] {
        counter.reset().await;
        ana.put(&format!("{path}/{what}"), body).await.is(200);
        counter.expect(what, expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn telling_costs_the_same_however_many_changes_and_watchers_there_are() {
    let app = App::start().await;
    let (carl, root) = (app.customer("carl").await, app.admin("root").await);
    let ticket = carl.opens("Warming up", "Help").await;
    root.comments(&ticket, "Here").await;
    app.run_jobs().await;
    let counter = Counter::new(&app).await;
    let mut counts = Vec::new();
    for agents in [1, 6] {
        for number in 0..agents {
            app.agent(&format!("agent{agents}{number}")).await;
            let ticket = carl.opens("Hive", "Help").await;
            root.comments(&ticket, "Here").await;
        }
        counter.reset().await;
        let mut conn = app.state.db().await.unwrap();
        let ids: Vec<i64> = {
            let rows = app
                .database
                .connect()
                .await
                .query("select (payload ->> 'activity_id')::bigint from jobs where kind = 'react'", &[])
                .await
                .unwrap();
            rows.into_iter().map(|row| row.get(0)).collect()
        };
        assert_eq!(ids.len(), 2 * agents);
        server::notifications::tell(&app.state, &mut conn, &ids).await.unwrap();
        counts.push(counter.statements().await.iter().map(|(calls, _)| calls).sum::<i64>());
        drop(conn);
        app.run_jobs().await;
    }
    assert_eq!(counts[0], counts[1], "{counts:?}");
    counter.reset().await;
    carl.post("/notifications/read", json!({ "all": true })).await.is(204);
    // Marked, and told to the reader's other tabs.
    counter.expect("reading", 2).await;
    root.get("/admin/mails").await.is(200);
    counter.reset().await;
    root.get("/admin/mails").await.is(200);
    counter.expect("the outbox", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_costs_one_statement_beside_the_reading() {
    let app = App::start_with(promising(&json!({}))).await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let counter = Counter::new(&app).await;
    for writer in [&carl, &ana] {
        writer.comments(&ticket, "Warming up").await;
        counter.reset().await;
        writer.comments(&ticket, "Hello").await;
        counter.expect("a comment", 2).await;
    }
    let read = ana.comments(&ticket, "Read this").await.id;
    let path = format!("{}/comments", at(&ticket));
    for after in [read, carl.comments(&ticket, "I have").await.id] {
        carl.post(&path, json!({ "message": "Warming up", "after": after })).await.is(201);
        counter.reset().await;
        carl.post(&path, json!({ "message": "Hello", "after": after })).await.is(201);
        counter.expect("a comment that names what was read", 2).await;
    }
    counter.reset().await;
    carl.opens("Second", "Help").await;
    counter.expect("a ticket", 1).await;
    counter.reset().await;
    ana.put(&format!("{}/priority", at(&ticket)), json!({ "priority": "high" })).await.is(200);
    // Read, write, and the answer's ticket and thread.
    counter.expect("a priority", 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_cost_one_statement_however_many_there_are() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let counter = Counter::new(&app).await;
    let mut ticket = None;
    for round in 0..2 {
        let mut files = Vec::new();
        for number in 0..10 {
            files.push(carl.uploads(&format!("{round} {number}.txt"), b"x").await.id);
        }
        counter.reset().await;
        // The write, and the answer's files.
        let ticket = match &ticket {
            None => {
                let opened = carl.opens_with("Hive", "Help", &files).await;
                counter.expect("a ticket with files", 2).await;
                ticket.insert(opened)
            }
            Some(ticket) => {
                carl.comments_with(ticket, "Look", &files).await;
                counter.expect("a comment with files", 3).await;
                ticket
            }
        };
        for (path, expected) in [(at(ticket), 3), (format!("{}/comments", at(ticket)), 3)] {
            carl.get(&path).await.is(200);
            counter.reset().await;
            carl.get(&path).await.is(200);
            counter.expect(&path, expected).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_articles_costs_the_same_however_many_there_are() {
    let app = App::start().await;
    let (ana, visitor) = (app.agent("ana").await, app.visitor());
    let category = json!({ "name_en": "Hives", "name_fr": "Ruches" });
    let category: CategoryView = ana.post("/categories", category).await.is(201).ok();
    let counter = Counter::new(&app).await;
    for round in 0..3 {
        for number in 0..6 {
            let article = json!({
                "slug": format!("hive-{round}-{number}"), "locale": "en", "title": "Hive", "body_markdown": "## Bees\n\nBees.",
                "publish": true, "category_id": if number % 2 == 0 { Some(category.id) } else { None },
            });
            ana.post("/articles", article).await.is(201);
        }
        for (path, expected) in [
            ("/articles", 1),
            ("/articles?limit=2", 1),
            ("/articles?category=hives", 1),
            ("/articles/hive-0-0", 1),
            ("/categories", 1),
            ("/articles?q=bees", 4),
            ("/articles/suggest?text=where+are+bees", 3),
            // What looks like a word is looked up, and weighed again.
            ("/articles/suggest?text=where+are+beees", 5),
        ] {
            visitor.get(path).await.is(200);
            counter.reset().await;
            visitor.get(path).await.is(200);
            counter.expect(path, expected).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_looked_up_once_in_five_seconds() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.get("/tickets").await.is(200);
    app.advance(jiff::SignedDuration::from_secs(5));
    let counter = Counter::new(&app).await;
    counter.reset().await;
    carl.get("/tickets").await.is(200);
    counter.expect("the first request", 2).await;
    carl.get("/tickets").await.is(200);
    counter.expect("both requests", 3).await;
}
