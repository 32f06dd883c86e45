//! Tickets from a file: what is taken, what is refused, what a second time adds, and that nobody hears of it.

use std::path::PathBuf;

use api_types::{
    notifications::Notifications,
    tickets::{Stage, TicketStatus},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::imports::{self, Report};

use crate::support::{Actor, App};

fn file(app: &App, lines: &[String]) -> PathBuf {
    let path = app.folder.path().join("import.jsonl");
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

async fn import(app: &App, lines: &[Value]) -> Report {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    imports::import(&app.state, &file(app, &lines)).await.unwrap()
}

fn counts(report: &Report) -> [usize; 5] {
    [report.added, report.grown, report.unchanged, report.erased, report.refused.len()]
}

/// A resolved ticket with three comments.
fn resolved() -> Value {
    json!({
        "external_id": "zen-7", "title": "Wax moths", "status": "resolved", "priority": "high",
        "creator": { "email": "Mia@Example.org", "name": "Mia", "locale": "fr" },
        "assignee": { "email": "ana@example.org" },
        "created_at": "2020-05-01T08:00:00Z", "resolved_at": "2020-05-03T08:00:00Z",
        "comments": [
            { "author": { "email": "mia@example.org" }, "message": "Galleria everywhere", "created_at": "2020-05-01T08:00:00Z" },
            { "author": { "kind": "admin", "email": "gone@example.org", "name": "Gone" }, "message": "**Freeze** the frames", "created_at": "2020-05-01T09:00:00Z" },
            { "author": { "kind": "admin", "email": "ana@example.org" }, "internal": true, "message": "Kind customer", "created_at": "2020-05-02T09:00:00Z" },
        ],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_come_in_whole_and_in_silence() {
    let app = App::start().await;
    let (ana, root) = (app.agent("ana").await, app.admin("root").await);
    let hour = json!({ "first_response": 60, "next_response": 60, "resolution": 600 });
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: serde_json::Map<String, Value> =
        days.iter().map(|day| ((*day).to_owned(), json!([{ "from": "00:00", "to": "24:00" }]))).collect();
    let sla = json!({ "targets": { "low": hour, "medium": hour, "high": hour }, "calendar": { "time_zone": "UTC", "hours": hours } });
    root.patch("/admin/settings", json!({ "sla": sla })).await.is(200);
    app.advance(SignedDuration::from_secs(20));
    app.run_jobs().await;
    let open = json!({
        "external_id": "zen-8", "title": "Still waiting", "creator": { "email": "mia@example.org" },
        "created_at": "2021-01-01T00:00:00Z",
        "comments": [{ "author": { "email": "mia@example.org" }, "message": "Anybody?", "created_at": "2021-01-01T00:00:00Z" }],
    });
    let report = import(&app, &[resolved(), open]).await;
    assert_eq!((counts(&report), report.people), ([2, 0, 0, 0, 0], 2), "{report}");
    app.advance(SignedDuration::from_secs(60));
    app.run_jobs().await;
    assert!(app.mailbox().is_empty(), "no mails");
    let bell: Notifications = ana.get("/notifications").await.is(200).ok();
    assert!(bell.items.is_empty(), "no notifications: {bell:?}");
    let database = app.database.connect().await;
    let told: i64 =
        database.query_one("select count(*) from activity where ticket_id is not null", &[]).await.unwrap().get(0);
    assert_eq!(told, 0, "no activity, so no webhooks, no assistant and no breach");

    let found = ana.lists("?q=galleria").await.items;
    assert_eq!(found.len(), 1, "search finds it");
    let seen = ana.get(&format!("/tickets/{}", found[0].id)).await.is(200).ok::<api_types::tickets::TicketView>();
    assert_eq!(
        (seen.summary.status, seen.summary.created_at.to_string().as_str()),
        (TicketStatus::Resolved, "2020-05-01T08:00:00Z")
    );
    assert_eq!(seen.summary.assignee.as_ref().map(|person| person.id), Some(ana.id()));
    assert_eq!(seen.summary.sla.elapsed_seconds, 2 * 86_400);
    let thread: Vec<_> = seen.comments.items.iter().map(|said| (said.author.label.as_str(), said.internal)).collect();
    assert_eq!(thread, [("[user:Mia]", false), ("[admin:Gone]", false), ("[admin:ana]", true)]);
    assert_eq!(seen.comments.items[1].body_html.trim(), "<p><strong>Freeze</strong> the frames</p>");
    // Whoever wrote in the team's name and is not here cannot come in.
    let (role, disabled): (String, bool) = {
        let row = database
            .query_one("select role, disabled_at is not null from people where email = 'gone@example.org'", &[])
            .await
            .unwrap();
        (row.get(0), row.get(1))
    };
    assert_eq!((role.as_str(), disabled), ("agent", true));
    let mia: uuid::Uuid =
        database.query_one("select id from people where email = 'mia@example.org'", &[]).await.unwrap().get(0);
    let mia = app.sign_in(api_types::people::PersonId(mia)).await;
    assert_eq!(mia.titles("").await, ["Still waiting", "Wax moths"]);
    assert_eq!(mia.titles("?q=kind").await, Vec::<String>::new(), "not by notes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_ticket_goes_back_to_work_on_its_date() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let until = app.now().saturating_add(SignedDuration::from_hours(2)).unwrap();
    let parked = json!({
        "external_id": "zen-9", "title": "Parked", "creator": { "email": "mia@example.org" },
        "created_at": "2021-01-01T00:00:00Z", "stage": "on_hold", "hold": { "reason": "The supplier", "until": until },
        "comments": [{ "author": { "email": "mia@example.org" }, "message": "When?", "created_at": "2021-01-01T00:00:00Z" }],
    });
    assert_eq!(counts(&import(&app, &[parked]).await), [1, 0, 0, 0, 0]);
    let stage = async |ana: &Actor| ana.lists("").await.items[0].stage;
    app.run_jobs().await;
    assert_eq!(stage(&ana).await, Some(Stage::OnHold));
    app.advance(SignedDuration::from_hours(2));
    app.run_jobs().await;
    assert_eq!(stage(&app.sign_in(ana.id()).await).await, Some(Stage::Working));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_changes_nothing_and_a_longer_thread_adds_what_is_new() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    import(&app, &[resolved()]).await;
    let database = app.database.connect().await;
    let state = async || -> String {
        let sql = "select json_build_array((select json_agg(t order by id) from tickets t), (select json_agg(c order by id) from comments c),
            (select json_agg(p order by id) from people p), (select json_agg(s.comments) from ticket_search s))::text";
        database.query_one(sql, &[]).await.unwrap().get(0)
    };
    let before = state().await;
    app.advance(SignedDuration::from_hours(1));
    let ana = app.sign_in(ana.id()).await;
    assert_eq!(counts(&import(&app, &[resolved()]).await), [0, 0, 1, 0, 0]);
    assert_eq!(state().await, before);
    let mut longer = resolved();
    longer["title"] = json!("Another title");
    let late = json!({ "author": { "email": "mia@example.org" }, "message": "Propolis helped", "created_at": "2020-05-04T08:00:00Z" });
    longer["comments"].as_array_mut().unwrap().push(late);
    assert_eq!(counts(&import(&app, &[longer.clone()]).await), [0, 1, 0, 0, 0]);
    assert_eq!(counts(&import(&app, &[longer.clone(), longer.clone()]).await), [0, 0, 2, 0, 0]);
    let found = ana.lists("?q=propolis").await.items;
    assert_eq!((found.len(), found[0].title.as_str()), (1, "Wax moths"), "it is this desk's by now");
    let ticket = ana.get(&format!("/tickets/{}", found[0].id)).await.is(200).ok::<api_types::tickets::TicketView>();
    assert_eq!(ticket.comments.items.len(), 4);

    let mia: uuid::Uuid =
        database.query_one("select id from people where email = 'mia@example.org'", &[]).await.unwrap().get(0);
    let mia = app.sign_in(api_types::people::PersonId(mia)).await;
    mia.delete(&format!("/tickets/{}", found[0].id)).await.is(204);
    assert_eq!(counts(&import(&app, &[longer]).await), [0, 0, 0, 1, 0], "what was erased is not brought back");
    assert!(mia.titles("").await.is_empty());
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_has_its_line_and_the_others_are_taken() {
    let app = App::start().await;
    let root = app.admin("root").await;
    root.asks_for("hives", "number", json!({ "rules": { "max": 9 } })).await;
    let with = |changes: &[(&str, Value)]| {
        let mut line = resolved();
        for (pointer, value) in changes {
            match line.pointer_mut(pointer) {
                Some(place) => *place = value.clone(),
                None => line[&pointer[1..]] = value.clone(),
            }
        }
        line.to_string()
    };
    let cases = [
        ("{".to_owned(), "EOF"),
        ("[]".to_owned(), "invalid"),
        (with(&[("/nonsense", json!(1))]), "nonsense"),
        (with(&[("/title", json!(""))]), "title"),
        (with(&[("/title", json!("x".repeat(201)))]), "200"),
        (with(&[("/external_id", Value::Null)]), "external_id"),
        (with(&[("/creator/email", json!("nobody"))]), "creator.email"),
        (with(&[("/creator/email", Value::Null)]), "creator.email"),
        (with(&[("/creator/name", json!("[admin:x]"))]), "creator.name"),
        (with(&[("/stage", json!("new"))]), "status"),
        (with(&[("/status", json!("gone"))]), "status"),
        (with(&[("/status", json!("open"))]), "resolved_at"),
        (with(&[("/created_at", json!("yesterday"))]), "created_at"),
        (with(&[("/created_at", json!("2099-01-01T00:00:00Z"))]), "time to come"),
        (with(&[("/comments", json!([]))]), "opening"),
        (with(&[("/comments/0/message", json!(" "))]), "comments.0.message"),
        (with(&[("/comments/0/message", json!("a\u{0}b"))]), "comments.0.message"),
        (with(&[("/comments/1/author/email", Value::Null)]), "author.email"),
        (with(&[("/comments/2/author/kind", json!("user"))]), "only the team"),
        (with(&[("/department", json!({ "name": "Nowhere" }))]), "department"),
        (with(&[("/custom_fields", json!({ "hives": 12, "ghost": 1 }))]), "custom_fields.hives"),
        (with(&[("/hold", json!({ "reason": "Why" }))]), "hold"),
        ("\u{ff}\u{fe} \u{0}".to_owned(), "expected"),
        (format!("{{\"title\":\"{}", "x".repeat(33 * 1024 * 1024)), "32 MB"),
    ];
    let mut lines = vec![resolved().to_string(), String::new()];
    lines.extend(cases.iter().map(|(line, _)| line.clone()));
    lines.push(with(&[("/external_id", json!("last"))]));
    let report = imports::import(&app.state, &file(&app, &lines)).await.unwrap();
    assert_eq!(report.added, 2, "{report}");
    for (place, (_, expected)) in cases.iter().enumerate() {
        let line = place as u64 + 3;
        let found: Vec<_> =
            report.refused.iter().filter(|refused| refused.line == line).map(|it| it.why.as_str()).collect();
        assert!(found.iter().any(|why| why.contains(expected)), "line {line}: {found:?} lacks {expected}");
    }
    assert!(report.refused.iter().any(|it| it.why.contains("custom_fields.ghost")), "all faults of a line are told");
    assert!(report.to_string().contains("line 3: "));
    let database = app.database.connect().await;
    let there: i64 = database.query_one("select count(*) from tickets", &[]).await.unwrap().get(0);
    assert_eq!(there, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_desk_exports_another_imports() {
    let (from, to) = (App::start().await, App::start().await);
    let (carl, ana, root) = (from.customer("carl").await, from.agent("ana").await, from.admin("root").await);
    for app_root in [&root, &to.admin("root").await] {
        app_root.asks_for("hives", "number", json!({})).await;
        app_root.founds("Honey", &[]).await;
        let form = json!({ "priority": "optional", "department": "optional" });
        app_root.patch("/admin/settings", json!({ "form": form })).await.is(200);
    }
    let honey = root.get("/settings").await.is(200).ok::<Value>()["departments"][0]["id"].clone();
    let body = json!({ "title": "Hive", "message": "Help", "priority": "high", "department_id": honey, "custom_fields": { "hives": 3 } });
    let ticket: api_types::tickets::TicketView = carl.post("/tickets", body).await.is(201).ok();
    let path = format!("/tickets/{}", ticket.summary.id);
    from.advance(SignedDuration::from_secs(1));
    from.ai_comment(&ticket).await;
    from.advance(SignedDuration::from_secs(1));
    ana.comments(&ticket, "Feed them").await;
    from.advance(SignedDuration::from_secs(1));
    ana.notes(&ticket, "Kind").await;
    ana.put(&format!("{path}/stage"), json!({ "stage": "on_hold", "reason": "Parts" })).await.is(200);
    from.advance(SignedDuration::from_secs(1));
    let second = carl.opens("Second", "More").await;
    from.advance(SignedDuration::from_secs(1));
    ana.comments(&second, "Done").await;
    carl.resolves(&second).await;
    from.advance(SignedDuration::from_secs(1));
    let follow = json!({ "title": "Again", "message": "It is back", "follows": second.summary.id });
    carl.post("/tickets", follow).await.is(201);
    from.run_jobs().await;
    let lines = root.get("/tickets/export.jsonl?sort=oldest").await.is(200).text();

    let lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    let report = imports::import(&to.state, &file(&to, &lines)).await.unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 0, 0], "{report}");
    let root_there: uuid::Uuid =
        to.database.connect().await.query_one("select id from people where name = 'root'", &[]).await.unwrap().get(0);
    let there = to.sign_in(api_types::people::PersonId(root_there)).await;
    let back = there.get("/tickets/export.jsonl?sort=oldest").await.is(200).text();
    let plain = |text: &str| -> Vec<Value> {
        text.lines()
            .map(|line| {
                let mut line: Value = serde_json::from_str(line).unwrap();
                for pointer in ["", "/creator", "/assignee", "/department"] {
                    if let Some(Value::Object(fields)) = line.pointer_mut(pointer) {
                        for own in ["id", "number", "follows", "sla"] {
                            fields.remove(own);
                        }
                    }
                }
                for said in line["comments"].as_array_mut().unwrap() {
                    said.as_object_mut().unwrap().remove("id");
                    said["author"].as_object_mut().unwrap().remove("id");
                }
                line
            })
            .collect()
    };
    assert_eq!(plain(&back), plain(&lines.join("\n")));
    assert!(back.contains("\"follows\""), "the ticket that goes on from another still does");
    let again = imports::import(&from.state, &file(&from, &lines)).await.unwrap();
    assert_eq!(counts(&again), [0, 0, 3, 0, 0], "a desk knows its own");
    carl.delete(&path).await.is(204);
    from.run_jobs().await;
    let once_more = imports::import(&from.state, &file(&from, &lines)).await.unwrap();
    assert_eq!(counts(&once_more), [0, 0, 2, 1, 0], "what was erased does not come back");
    carl.get(&path).await.is(404);
    assert_eq!(there.lists("?stage=on_hold").await.items[0].stage, Some(Stage::OnHold));
    to.run_jobs().await;
    assert!(to.mailbox().is_empty());
}
