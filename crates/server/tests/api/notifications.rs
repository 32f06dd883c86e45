//! Notifications: who is told of what, once, and the bell.

use api_types::{
    error::{ErrorCode, FieldCode},
    notifications::{NotificationKind, Notifications},
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, App, at, database::until};

use NotificationKind::{
    Assigned, CustomerComment, PersonWanted, ResolutionProposed, Resolved, Response, TicketCreated,
};

async fn bell(actor: &Actor) -> Notifications {
    actor.get("/notifications").await.is(200).ok()
}

/// What somebody was told, oldest first.
async fn told(actor: &Actor) -> Vec<NotificationKind> {
    bell(actor).await.items.into_iter().rev().map(|item| item.kind).collect()
}

async fn rows(app: &App) -> i64 {
    app.database.connect().await.query_one("select count(*) from notifications", &[]).await.unwrap().get(0)
}

/// Reacts to what happened, and again, in two workers at once: as if one had died before it could say that it is done.
async fn react_twice(app: &App) {
    let database = app.database.connect().await;
    database
        .batch_execute("drop table if exists kept; create table kept as select * from jobs where kind = 'react'")
        .await
        .unwrap();
    app.run_jobs().await;
    let once = rows(app).await;
    let again =
        "insert into jobs (kind, payload, run_at) select kind, payload, run_at from kept, generate_series(1, 2)";
    assert!(database.execute(again, &[]).await.unwrap() > 0);
    tokio::join!(app.run_jobs(), app.run_jobs());
    assert_eq!(rows(app).await, once);
}

async fn reads(actor: &Actor, body: Value) {
    actor.post("/notifications/read", body).await.is(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_erased_while_its_mail_is_sent() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "Done").await;
    app.run_jobs().await;
    let (database, mut sender) = (app.database.connect().await, app.database.connect().await);
    let sending = sender.transaction().await.unwrap();
    let (of, path) = (ticket.summary.id.0, at(&ticket));
    let begins = "update mails set attempts = attempts + 1 where ticket_id = $1 and kind = 'notification'";
    assert!(sending.execute(begins, &[&of]).await.unwrap() > 0);
    let waits = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
    let (erased, ()) = tokio::join!(carl.delete(&path), async {
        until(&database, waits).await;
        let tells = "update notifications set mail_id = null where ticket_id = $1";
        assert!(sending.execute(tells, &[&of]).await.expect("nobody waits for the other") > 0);
        sending.commit().await.unwrap();
    });
    erased.is(204);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_watcher_is_told_once_of_each_change_even_if_the_reaction_runs_twice() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (ana, bob) = (app.agent("ana").await, app.agent("bob").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "Looking").await;
    // Nobody has taken it.
    carl.comments(&ticket, "Thanks").await;
    ana.notes(&ticket, "Hm").await;
    react_twice(&app).await;
    carl.call(&format!("{}/human", at(&ticket))).await.is(200);
    react_twice(&app).await;
    ana.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": bob.id() })).await.is(200);
    carl.comments(&ticket, "Still there?").await;
    bob.comments(&ticket, "Yes").await;
    react_twice(&app).await;
    carl.resolves(&ticket).await;
    react_twice(&app).await;
    assert_eq!(told(&carl).await.iter().filter(|kind| **kind == Response).count(), 2);
    assert!(told(&carl).await.iter().all(|kind| matches!(kind, Response | ResolutionProposed)));
    assert_eq!(told(&ana).await, [TicketCreated, PersonWanted]);
    assert_eq!(told(&bob).await, [TicketCreated, PersonWanted, Assigned, CustomerComment, Resolved]);
    assert_eq!(told(&dora).await, []);
    let newest = bell(&bob).await.items.remove(0);
    let title = newest.ticket.as_ref().map(|ticket| ticket.title.as_str());
    assert_eq!((newest.actor.as_deref(), title, newest.read), (Some("carl"), Some("Hive"), false));
    let response = bell(&carl).await.items.into_iter().rfind(|item| item.kind == Response).unwrap();
    assert_eq!(response.actor.as_deref(), Some("ana"));
    let first = carl.thread(&ticket).await.into_iter().find(|comment| comment.body_markdown == "Looking").unwrap();
    assert_eq!(response.comment_id, Some(first.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_resolution_is_told_to_the_creator() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    ana.comments(&ticket, "Done").await;
    let operation = crate::support::contract::all().iter().find(|it| it.id == "propose_resolution").unwrap();
    let path = operation.path.replace("{id}", &ticket.summary.id.to_string()).replace("/api/v1", "");
    ana.send(operation.method.clone(), &path, |request| request).await.is(200);
    app.run_jobs().await;
    assert_eq!(told(&carl).await, [Response, ResolutionProposed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_their_own_doing_and_no_disabled_account_of_anything() {
    let app = App::start().await;
    let (ana, root) = (app.agent("ana").await, app.admin("root").await);
    let gone = app.agent("gone").await;
    root.patch(&format!("/admin/people/{}", gone.id()), json!({ "disabled": true })).await.is(200);
    let own = ana.opens("My own", "Help").await;
    ana.comments(&own, "More").await;
    ana.put(&format!("{}/assignee", at(&own)), json!({ "person_id": ana.id() })).await.is(200);
    app.run_jobs().await;
    assert_eq!(told(&ana).await, []);
    assert_eq!(told(&root).await, [TicketCreated]);
    assert_eq!(rows(&app).await, 1);
    // Another one of the team answers.
    root.comments(&own, "Here").await;
    app.run_jobs().await;
    assert_eq!(told(&ana).await, [Response]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_read_for_its_reader_alone() {
    let app = App::start().await;
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let (hive, queen) = (carl.opens("Hive", "Help").await, carl.opens("Queen", "Help").await);
    ana.comments(&hive, "One").await;
    ana.comments(&hive, "Two").await;
    bob.comments(&queen, "Three").await;
    app.run_jobs().await;
    assert_eq!(bell(&carl).await.unread_count, 3);
    reads(&carl, json!({ "ticket_id": hive.summary.id })).await;
    let left = bell(&carl).await;
    assert_eq!(left.unread_count, 1);
    assert_eq!(left.items.iter().map(|item| item.read).collect::<Vec<_>>(), [false, true, true]);
    // Somebody else's are not touched, however they are named.
    reads(&bob, json!({ "ids": [left.items[0].id] })).await;
    reads(&bob, json!({ "ticket_id": queen.summary.id })).await;
    assert_eq!(bell(&carl).await.unread_count, 1);
    assert_eq!(bell(&bob).await.unread_count, 1, "the other ticket");
    reads(&carl, json!({ "ids": [left.items[0].id] })).await;
    assert_eq!(bell(&carl).await.unread_count, 0);
    reads(&ana, json!({ "all": true })).await;
    assert_eq!((bell(&ana).await.unread_count, bell(&bob).await.unread_count), (0, 1));
    for body in [json!({}), json!({ "all": false }), json!({ "all": true, "ids": [] }), json!({ "ids": [1] })] {
        carl.post("/notifications/read", body).await.is(422).refused(ErrorCode::Invalid);
    }
    let many = vec![left.items[0].id; 101];
    carl.post("/notifications/read", json!({ "ids": many })).await.refused_field("/ids", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_is_read_page_by_page() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    for number in 0..7 {
        ana.comments(&ticket, &format!("{number}")).await;
        app.advance(SignedDuration::from_secs(1));
    }
    app.run_jobs().await;
    let all: Vec<_> = bell(&carl).await.items.into_iter().map(|item| item.id).collect();
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page: Notifications = carl.get(&format!("/notifications?limit=3{after}")).await.is(200).ok();
        assert_eq!(page.unread_count, 7, "of all pages");
        found.extend(page.items.iter().map(|item| item.id));
        match page.next_cursor {
            Some(cursor) => after = format!("&after={cursor}"),
            None => break,
        }
    }
    assert_eq!((found.len(), found), (7, all));
    carl.get("/notifications?after=nonsense").await.is(422);
    carl.send(Method::GET, "/notifications?limit=0", |request| request).await.is(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_ticket_any_more_sees_no_word_of_it() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!(told(&ana).await, [TicketCreated]);
    root.patch(&format!("/admin/people/{}", ana.id()), json!({ "role": "customer" })).await.is(200);
    let ana = app.sign_in(ana.id()).await;
    let left = bell(&ana).await;
    assert_eq!((left.items.len(), left.unread_count), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_goes_where_its_reader_wants_it() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let mut preferences = serde_json::to_value(ana.me.preferences).unwrap();
    preferences["notify"]["ticket_created"] = json!({ "bell": false, "mail": true });
    ana.patch("/me", json!({ "preferences": preferences })).await.is(200);
    let mut preferences = serde_json::to_value(carl.me.preferences).unwrap();
    preferences["notify"]["response"] = json!({ "bell": true, "mail": false });
    carl.patch("/me", json!({ "preferences": preferences })).await.is(200);
    let ticket = carl.opens("Hive", "Help with bees").await;
    ana.comments(&ticket, "Here").await;
    app.run_jobs().await;
    app.advance(SignedDuration::from_secs(20));
    app.run_jobs().await;
    assert_eq!((told(&ana).await, told(&carl).await), (vec![], vec![Response]));
    let mails: Vec<_> = app.mailbox().into_iter().map(|mail| (mail.to, mail.subject)).collect();
    assert_eq!(
        mails,
        [
            ("carl@example.org".to_owned(), format!("[#{}] Hive", ticket.summary.number)),
            ("ana@example.org".to_owned(), format!("Re: [#{}] Hive", ticket.summary.number)),
        ]
    );
    // Nowhere: nothing is kept.
    let mut preferences = serde_json::to_value(carl.me.preferences).unwrap();
    preferences["notify"]["response"] = json!({ "bell": false, "mail": false });
    carl.patch("/me", json!({ "preferences": preferences })).await.is(200);
    let before = rows(&app).await;
    ana.comments(&ticket, "More").await;
    app.run_jobs().await;
    assert_eq!(rows(&app).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_ticket_takes_its_notifications_along() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!(told(&ana).await, [TicketCreated]);
    carl.delete(&at(&ticket)).await.is(204);
    app.run_jobs().await;
    assert_eq!(told(&ana).await, []);
    assert_eq!(rows(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_half_a_year_it_is_forgotten_and_not_told_again() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    for words in ["Long ago", "Today"] {
        ana.comments(&ticket, words).await;
        app.run_jobs().await;
        app.advance(SignedDuration::from_mins(1));
        app.run_jobs().await;
    }
    let sent = app.mailbox().len();
    let client = app.database.connect().await;
    client.execute("update mails set created_at = created_at - interval '200 days'", &[]).await.unwrap();
    let old = "update notifications set id = '01800000-0000-7000-8000-000000000000'
               where id = (select id from notifications where kind = 'response' order by activity_id limit 1)";
    assert_eq!(client.execute(old, &[]).await.unwrap(), 1);
    let kept = async || {
        let sql = "select (select count(*) from notifications where kind = 'response'), (select count(*) from mails)";
        let row = client.query_one(sql, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(1))
    };
    let mut conn = app.state.db().await.unwrap();
    server::mails::sweep(&mut conn, app.now()).await.unwrap();
    assert_eq!(kept().await, (2, 2), "what told of a notification that is there stays");
    server::notifications::sweep(&mut conn, app.now()).await.unwrap();
    server::mails::sweep(&mut conn, app.now()).await.unwrap();
    drop(conn);
    assert_eq!(kept().await, (1, 1));
    app.advance(SignedDuration::from_mins(5));
    app.run_jobs().await;
    assert_eq!(app.mailbox().len(), sent);
}
