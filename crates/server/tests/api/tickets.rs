//! Tickets: opening, listing, counting, resolving, erasing.

use api_types::{
    error::{ErrorCode, FieldCode},
    tickets::{Priority, Stage, TicketPage, TicketStatus, TicketView},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Actor, App, at};

/// A ticket that the team has answered and its creator has resolved.
async fn resolved(app: &App, carl: &Actor, ana: &Actor, title: &str) -> TicketView {
    let ticket = carl.opens(title, "Please help").await;
    ana.comments(&ticket, "Done").await;
    app.advance(SignedDuration::from_secs(1));
    carl.resolves(&ticket).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_the_same_when_made_listed_counted_and_opened() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let made = carl.opens("The hive is silent", "Since *this* morning.").await;
    assert_eq!((made.summary.status, made.summary.priority), (TicketStatus::Open, Priority::Medium));
    assert_eq!(made.summary.creator.name, "carl");
    assert_eq!((made.summary.stage, &made.summary.assignee), (None, &None), "the stage is the team's");
    assert_eq!(made.comments.items.len(), 1);
    assert_eq!(made.comments.items[0].body_html, "<p>Since <em>this</em> morning.</p>\n");
    assert_eq!(made.comments.items[0].author.label, "[user:carl]");
    assert!(made.can.delete && made.can.reply && !made.can.resolve && !made.can.follow_up && !made.can.manage);

    assert_eq!(carl.sees(&made).await, made);
    assert_eq!(carl.lists("").await.items, vec![made.summary.clone()]);
    let counts = carl.counts().await;
    assert_eq!((counts.open, counts.in_progress, counts.resolved, counts.cap), (1, 0, 0, None));

    let ana = app.agent("ana").await;
    let seen = ana.sees(&made).await;
    assert_eq!(seen.summary.stage, Some(Stage::New));
    assert!(seen.can.manage && !seen.can.delete && !seen.can.resolve && !seen.can.propose);
    let counts = ana.counts().await;
    assert_eq!((counts.open, counts.in_progress, counts.resolved, counts.cap), (1, 0, 0, Some(1000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_runs_until_the_ticket_is_resolved() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    app.advance(SignedDuration::from_secs(90));
    let seen = carl.sees(&ticket).await;
    assert_eq!((seen.summary.sla.elapsed_seconds, seen.summary.sla.running), (90, true));
    ana.comments(&ticket, "Done").await;
    carl.resolves(&ticket).await;
    app.advance(SignedDuration::from_mins(5));
    let seen = carl.sees(&ticket).await;
    assert_eq!((seen.summary.sla.elapsed_seconds, seen.summary.sla.running), (90, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_count_up() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let first = carl.opens("One", "1").await.summary.number;
    assert!(carl.opens("Two", "2").await.summary.number > first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_walked_page_by_page_newest_first_even_at_one_moment() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let mut opened = Vec::new();
    // Three moments, of two, three and one tickets.
    for moment in [2, 3, 1] {
        for _ in 0..moment {
            opened.push(carl.opens(&format!("Ticket {}", opened.len()), "Help").await.summary.id);
        }
        app.advance(SignedDuration::from_secs(1));
    }
    for limit in 1..=7 {
        let mut walked = Vec::new();
        let mut page = carl.lists(&format!("?limit={limit}")).await;
        loop {
            assert!(page.items.len() <= limit);
            walked.append(&mut page.items);
            let Some(after) = page.next_cursor else { break };
            page = carl.lists(&format!("?limit={limit}&after={after}")).await;
        }
        let times: Vec<_> = walked.iter().map(|item| item.created_at).collect();
        assert!(times.is_sorted_by(|left, right| left >= right), "{times:?}");
        let mut ids: Vec<_> = walked.iter().map(|item| item.id).collect();
        ids.sort();
        let mut expected = opened.clone();
        expected.sort();
        assert_eq!(ids, expected, "pages of {limit} hold every ticket once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_after_the_last_row_is_empty() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let first = carl.opens("First", "1").await;
    carl.opens("Second", "2").await;
    let after = carl.lists("?limit=1").await.next_cursor.expect("there is another page");
    carl.delete(&at(&first)).await.is(204);
    let page = carl.lists(&format!("?limit=1&after={after}")).await;
    assert_eq!((page.items, page.next_cursor), (vec![], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_ticket_does_not_shift_the_pages() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    for title in ["a", "b", "c"] {
        carl.opens(title, "Help").await;
        app.advance(SignedDuration::from_secs(1));
    }
    let first = carl.lists("?limit=2").await;
    carl.opens("d", "Help").await;
    let second = carl.titles(&format!("?limit=2&after={}", first.next_cursor.expect("another page"))).await;
    assert_eq!(second, ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_filters_by_everything() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (ana, ben) = (app.agent("ana").await, app.agent("ben").await);
    carl.opens("new", "Help").await;
    app.advance(SignedDuration::from_secs(1));
    let taken = dora.opens("taken", "Help").await;
    ana.put(&format!("{}/assignee", at(&taken)), json!({ "person_id": ana.id() })).await.is(200);
    ana.put(&format!("{}/priority", at(&taken)), json!({ "priority": "high" })).await.is(200);
    app.advance(SignedDuration::from_secs(1));
    let parked = carl.opens("parked", "Help").await;
    ben.put(&format!("{}/stage", at(&parked)), json!({ "stage": "on_hold", "reason": "parts" })).await.is(200);

    let carl_id = carl.id();
    let ana_id = ana.id();
    for (query, expected) in [
        ("".to_owned(), vec!["parked", "taken", "new"]),
        ("?status=open".to_owned(), vec!["new"]),
        ("?status=in_progress".to_owned(), vec!["parked", "taken"]),
        ("?status=resolved".to_owned(), vec![]),
        ("?stage=on_hold".to_owned(), vec!["parked"]),
        ("?stage=new".to_owned(), vec!["new"]),
        ("?priority=high".to_owned(), vec!["taken"]),
        (format!("?creator={carl_id}"), vec!["parked", "new"]),
        (format!("?assignee={ana_id}"), vec!["taken"]),
        (format!("?assignee={ana_id}&stage=working"), vec!["taken"]),
        (format!("?assignee={ana_id}&stage=working&status=open"), vec![]),
        ("?stage=on_hold&status=in_progress".to_owned(), vec!["parked"]),
        ("?assignee=none".to_owned(), vec!["parked", "new"]),
        (format!("?creator={carl_id}&status=in_progress&priority=medium&assignee=none"), vec!["parked"]),
        ("?archived=true".to_owned(), vec![]),
        ("?archived=false".to_owned(), vec!["parked", "taken", "new"]),
    ] {
        assert_eq!(ana.titles(&query).await, expected, "{query}");
    }
    assert_eq!(carl.titles("?status=open").await, ["new"]);
    for query in ["?stage=new", "?assignee=none", "?priority=low", &format!("?creator={carl_id}")] {
        carl.get(&format!("/tickets{query}")).await.is(403).refused(ErrorCode::Forbidden);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_status_is_listed_as_often_as_it_is_counted() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for number in 0..3 {
        carl.opens(&format!("open {number}"), "Help").await;
    }
    let working = carl.opens("working", "Help").await;
    ana.comments(&working, "Looking").await;
    resolved(&app, &carl, &ana, "resolved").await;
    let archived = resolved(&app, &carl, &ana, "archived").await;
    ana.put(&format!("{}/archive", at(&archived)), json!(null)).await.is(200);
    app.customer("dora").await.opens("another person's", "Help").await;

    let counts = carl.counts().await;
    assert_eq!((counts.open, counts.in_progress, counts.resolved), (3, 1, 1));
    let counts = ana.counts().await;
    assert_eq!((counts.open, counts.in_progress, counts.resolved), (4, 1, 1));
    for (status, own) in [("open", 3), ("in_progress", 1), ("resolved", 1)] {
        assert_eq!(carl.titles(&format!("?status={status}")).await.len(), own, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_tickets_are_hidden_until_asked_for() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = resolved(&app, &carl, &ana, "old").await;
    let path = format!("{}/archive", at(&ticket));
    let archived: TicketView = ana.put(&path, json!(null)).await.is(200).ok();
    assert!(archived.summary.archived);
    assert_eq!(archived.summary.status, TicketStatus::Resolved);
    for reader in [&carl, &ana] {
        assert!(reader.titles("").await.is_empty());
        assert_eq!(reader.titles("?archived=true").await, ["old"]);
        assert_eq!(reader.titles("?archived=true&status=resolved").await, ["old"]);
        assert!(reader.titles("?archived=true&status=open").await.is_empty());
        assert_eq!(reader.counts().await.resolved, 0);
        assert!(reader.sees(&ticket).await.summary.archived);
    }
    // Sent again, it changes nothing.
    ana.put(&path, json!(null)).await.is(200);
    let back: TicketView = ana.delete(&path).await.is(200).ok();
    assert!(!back.summary.archived);
    assert_eq!(carl.titles("").await, ["old"]);

    let open = carl.opens("still open", "Help").await;
    ana.put(&format!("{}/archive", at(&open)), json!(null)).await.is(409).refused(ErrorCode::NotArchivable);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_creator_resolves_and_only_after_a_reply_of_the_team() {
    let app = App::start().await;
    let (carl, ana, root) = (app.customer("carl").await, app.agent("ana").await, app.admin("root").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/resolution", at(&ticket));
    carl.call(&path).await.is(409).refused(ErrorCode::NoTeamReply);
    ana.notes(&ticket, "Between us").await;
    carl.comments(&ticket, "Anybody?").await;
    carl.call(&path).await.is(409).refused(ErrorCode::NoTeamReply);
    assert!(!carl.sees(&ticket).await.can.resolve);
    ana.comments(&ticket, "Here").await;
    assert!(carl.sees(&ticket).await.can.resolve);
    for team in [&ana, &root] {
        team.call(&path).await.is(403).refused(ErrorCode::Forbidden);
    }
    let resolved: TicketView = carl.call(&path).await.is(201).ok();
    assert_eq!(resolved.summary.status, TicketStatus::Resolved);
    assert_eq!(resolved.resolved_at, Some(app.now()));
    assert!(resolved.can.follow_up && !resolved.can.reply && !resolved.can.resolve);
    carl.call(&path).await.is(409).refused(ErrorCode::AlreadyResolved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_the_team_resolves_their_own_ticket_after_a_colleague_replied() {
    let app = App::start().await;
    let (ana, ben) = (app.agent("ana").await, app.agent("ben").await);
    let ticket = ana.opens("My own", "Help").await;
    ben.comments(&ticket, "Sure").await;
    ben.call(&format!("{}/resolution", at(&ticket))).await.is(403);
    assert_eq!(ana.resolves(&ticket).await.summary.status, TicketStatus::Resolved);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_resolve_at_once_resolve_once() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for round in 0..5 {
        let ticket = carl.opens(&format!("Hive {round}"), "Help").await;
        ana.comments(&ticket, "Done").await;
        let path = format!("{}/resolution", at(&ticket));
        let (left, right) = tokio::join!(carl.call(&path), carl.call(&path));
        let mut statuses = [left.status, right.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        let loser = if left.status == 409 { left } else { right };
        loser.refused(ErrorCode::AlreadyResolved);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_moves_a_resolved_ticket() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = resolved(&app, &carl, &ana, "Settled").await;
    let before = ana.sees(&ticket).await;
    let path = at(&ticket);
    for answer in [
        carl.post(&format!("{path}/comments"), json!({ "message": "One more thing" })).await,
        ana.post(&format!("{path}/comments"), json!({ "message": "By the way" })).await,
        carl.call(&format!("{path}/resolution")).await,
        ana.put(&format!("{path}/assignee"), json!({ "person_id": ana.id() })).await,
        ana.put(&format!("{path}/assignee"), json!({ "person_id": null })).await,
        ana.put(&format!("{path}/priority"), json!({ "priority": "high" })).await,
        ana.put(&format!("{path}/stage"), json!({ "stage": "working" })).await,
        ana.put(&format!("{path}/stage"), json!({ "stage": "waiting_customer" })).await,
        ana.put(&format!("{path}/stage"), json!({ "stage": "on_hold", "reason": "parts" })).await,
        ana.call(&format!("{path}/resolution_proposal")).await,
    ] {
        answer.is(409).refused(ErrorCode::AlreadyResolved);
    }
    assert_eq!(ana.sees(&ticket).await, before);
    // A note and the archive change neither its stage nor its status.
    ana.notes(&ticket, "They called again").await;
    ana.put(&format!("{path}/archive"), json!(null)).await.is(200);
    let after = carl.sees(&ticket).await;
    assert_eq!((after.summary.status, after.resolved_at), (TicketStatus::Resolved, before.resolved_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_ticket_goes_on_in_a_linked_one() {
    let app = App::start().await;
    let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
    let first = resolved(&app, &carl, &ana, "First").await;
    let follow = |id| json!({ "title": "Second", "message": "It is back", "follows": id });
    app.advance(SignedDuration::from_secs(1));
    let second: TicketView = carl.post("/tickets", follow(first.summary.id)).await.is(201).ok();
    let followed = second.follows.as_ref().expect("it names the first");
    assert_eq!((followed.id, followed.title.as_str()), (first.summary.id, "First"));
    assert_eq!(carl.sees(&second).await, second);
    assert_eq!(carl.sees(&first).await.followed_by.expect("the first names it").id, second.summary.id);

    carl.post("/tickets", follow(second.summary.id)).await.is(409).refused(ErrorCode::NotResolved);
    dora.post("/tickets", follow(first.summary.id)).await.is(404).refused(ErrorCode::NotFound);
    ana.post("/tickets", follow(first.summary.id)).await.is(409).refused(ErrorCode::NotResolved);
    carl.delete(&at(&first)).await.is(204);
    assert_eq!(carl.sees(&second).await.follows, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_ticket_leaves_nothing_behind() {
    let app = App::start().await;
    let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
    let ticket = carl.opens("Zirconium", "A word that stands here alone").await;
    ana.comments(&ticket, "Indeed").await;
    ana.notes(&ticket, "Odd").await;
    let kept = dora.opens("Kept", "Mine").await;
    app.run_jobs().await;
    assert_eq!(ana.titles("?q=zirconium").await, ["Zirconium"]);

    for team in [&ana, &app.admin("root").await] {
        team.delete(&at(&ticket)).await.is(403).refused(ErrorCode::Forbidden);
    }
    dora.delete(&at(&ticket)).await.is(404);
    carl.delete(&at(&ticket)).await.is(204);
    carl.delete(&at(&ticket)).await.is(404);
    for reader in [&carl, &ana] {
        reader.get(&at(&ticket)).await.is(404);
        reader.get(&format!("{}/comments", at(&ticket))).await.is(404);
        assert!(reader.titles("?q=zirconium").await.is_empty());
        reader.post(&format!("{}/comments", at(&ticket)), json!({ "message": "Hello?" })).await.is(404);
    }
    app.run_jobs().await;
    let database = app.database.connect().await;
    for (table, column) in [("tickets", "id"), ("comments", "ticket_id"), ("ticket_search", "ticket_id")] {
        let sql = format!("select count(*) from {table} where {column} = $1");
        let left: i64 = database.query_one(&sql, &[&ticket.summary.id.0]).await.unwrap().get(0);
        assert_eq!(left, 0, "{table}");
    }
    assert_eq!(dora.sees(&kept).await, kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_ticket_can_be_deleted_too() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = resolved(&app, &carl, &ana, "Settled").await;
    carl.delete(&at(&ticket)).await.is(204);
    carl.get(&at(&ticket)).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_priority_is_the_creators_to_begin_with_and_the_teams_afterwards() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let body = json!({ "title": "Fire", "message": "Now", "priority": "high" });
    let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
    assert_eq!(ticket.summary.priority, Priority::High);
    let path = format!("{}/priority", at(&ticket));
    let lowered: TicketView = ana.put(&path, json!({ "priority": "low" })).await.is(200).ok();
    assert_eq!(lowered.summary.priority, Priority::Low);
    assert_eq!(carl.sees(&ticket).await.summary.priority, Priority::Low);
    ana.put(&path, json!({ "priority": "urgent" })).await.is(422).refused_field("/priority", FieldCode::WrongType);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_comment_follows_a_resolution_that_came_at_the_same_moment() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for round in 0..10 {
        let ticket = carl.opens(&format!("Hive {round}"), "Help").await;
        ana.comments(&ticket, "Done").await;
        let (resolution, comments) = (format!("{}/resolution", at(&ticket)), format!("{}/comments", at(&ticket)));
        let (resolved, commented) =
            tokio::join!(carl.call(&resolution), ana.post(&comments, json!({ "message": "One more thing" })));
        resolved.is(201);
        assert!(matches!(commented.status, 201 | 409), "{}", commented.text());
        let last: String = app
            .database
            .connect()
            .await
            .query_one(
                "select kind from activity where ticket_id = $1 order by id desc limit 1",
                &[&ticket.summary.id.0],
            )
            .await
            .unwrap()
            .get(0);
        assert_eq!(last, "ticket.resolved");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_deleted_at_the_same_moment_is_there_or_not() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for round in 0..10 {
        let ticket = resolved(&app, &carl, &ana, &format!("Hive {round}")).await;
        let (path, comments) = (at(&ticket), format!("{}/comments", at(&ticket)));
        let follow = json!({ "title": "Again", "message": "Help", "follows": ticket.summary.id });
        let note = json!({ "message": "Hm", "internal": true });
        let archive = format!("{path}/archive");
        let (deleted, followed, noted, archived) = tokio::join!(
            carl.delete(&path),
            carl.post("/tickets", follow),
            ana.post(&comments, note),
            ana.put(&archive, json!(null)),
        );
        deleted.is(204);
        for answer in [followed, noted, archived] {
            assert!(matches!(answer.status, 200 | 201 | 404), "{}: {}", answer.what, answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_may_start_with_the_oldest() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    for title in ["one", "two", "three"] {
        carl.opens(title, "Help").await;
        app.advance(SignedDuration::from_secs(1));
    }
    let page: TicketPage = ana.get("/tickets?sort=oldest&limit=2").await.is(200).ok();
    let titles = |page: &TicketPage| page.items.iter().map(|ticket| ticket.title.clone()).collect::<Vec<_>>();
    assert_eq!(titles(&page), ["one", "two"]);
    let after = page.next_cursor.expect("a third one");
    let page: TicketPage = ana.get(&format!("/tickets?sort=oldest&limit=2&after={after}")).await.is(200).ok();
    assert_eq!((titles(&page), page.next_cursor), (vec!["three".to_owned()], None));
    ana.get("/tickets?sort=oldest&q=one").await.is(422);
    carl.get("/tickets?sort=oldest").await.is(403);
}
