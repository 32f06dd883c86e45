//! Agents who see only theirs: which tickets those are, on every way to a ticket.

use api_types::{
    departments::{DepartmentId, DepartmentView},
    error::ErrorCode,
    live::LiveEvent,
    notifications::{NotificationKind, Notifications},
    tickets::{TicketCounts, TicketId, TicketPage, TicketView},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Actor, App, at, files::picture, live::Stream};

/// A desk of two departments where agents see only theirs: `ana` is of honey, `bob` of wax.
struct Divided {
    app: App,
    root: Actor,
    ana: Actor,
    bob: Actor,
    carl: Actor,
    honey: DepartmentView,
    wax: DepartmentView,
}

async fn see(root: &Actor, which: &str) {
    root.patch("/admin/settings", json!({ "team": { "agents_see": which } })).await.is(200);
}

impl Divided {
    async fn start() -> Self {
        let app = App::start().await;
        let (root, carl) = (app.admin("root").await, app.customer("carl").await);
        let (ana, bob) = (app.agent("ana").await, app.agent("bob").await);
        let honey = root.founds("Honey", &[ana.id()]).await;
        let wax = root.founds("Wax", &[bob.id()]).await;
        let form = json!({ "priority": "optional", "department": "optional" });
        root.patch("/admin/settings", json!({ "form": form, "team": { "agents_see": "own" } })).await.is(200);
        app.advance(SignedDuration::from_secs(6));
        Self { app, root, ana, bob, carl, honey, wax }
    }

    async fn opens(&self, title: &str, department: Option<DepartmentId>) -> TicketView {
        self.app.advance(SignedDuration::from_secs(1));
        let body = json!({ "title": title, "message": "The hive hums", "department_id": department });
        self.carl.post("/tickets", body).await.is(201).ok()
    }
}

async fn told(actor: &Actor) -> Vec<(NotificationKind, String)> {
    let bell: Notifications = actor.get("/notifications").await.is(200).ok();
    assert_eq!(bell.unread_count as usize, bell.items.len(), "the badge counts what the bell shows");
    bell.items.into_iter().map(|item| (item.kind, item.ticket.unwrap().title)).collect()
}

async fn all_titles(actor: &Actor, query: &str) -> Vec<String> {
    let (mut titles, mut after) = (Vec::new(), String::new());
    loop {
        let page: TicketPage = actor.lists(&format!("?limit=1{query}{after}")).await;
        titles.extend(page.items.into_iter().map(|item| item.title));
        let Some(next) = page.next_cursor else { return titles };
        after = format!("&after={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_counts_hold_theirs_in_order_and_once() {
    let desk = Divided::start().await;
    let Divided { app, root, ana, bob, honey, wax, .. } = &desk;
    let [h, w, none] = [Some(honey.id), Some(wax.id), None];
    desk.opens("honey 1", h).await;
    let wax_1 = desk.opens("wax 1", w).await;
    desk.opens("open to all", none).await;
    let honey_2 = desk.opens("honey 2", h).await;
    desk.opens("wax 2", w).await;
    // Hers in three ways, and still one row.
    root.put(&format!("{}/assignee", at(&honey_2)), json!({ "person_id": ana.id() })).await.is(200);
    root.put(&format!("{}/assignee", at(&wax_1)), json!({ "person_id": ana.id() })).await.is(200);
    app.advance(SignedDuration::from_secs(1));
    ana.opens("ana asks", "Something").await;
    app.run_jobs().await;

    let newest_first = ["ana asks", "honey 2", "open to all", "wax 1", "honey 1"];
    assert_eq!(ana.titles("").await, newest_first);
    assert_eq!(all_titles(ana, "").await, newest_first, "page by page");
    let mut oldest_first = newest_first;
    oldest_first.reverse();
    assert_eq!(all_titles(ana, "&sort=oldest").await, oldest_first);
    assert_eq!(ana.titles("?status=open").await, ["ana asks", "open to all", "honey 1"]);
    assert_eq!(ana.titles("?assignee=none").await, ["ana asks", "open to all", "honey 1"]);
    assert_eq!(ana.titles(&format!("?assignee={}", ana.id())).await, ["honey 2", "wax 1"]);
    assert_eq!(ana.titles(&format!("?department={}", wax.id)).await, ["wax 1"]);
    assert_eq!(ana.titles("?department=none").await, ["ana asks", "open to all"]);
    assert_eq!(ana.titles(&format!("?creator={}", desk.carl.id())).await.len(), 4);
    assert_eq!(bob.titles("").await, ["ana asks", "wax 2", "open to all", "wax 1"]);
    let counts = |counts: TicketCounts| (counts.open, counts.in_progress, counts.resolved);
    assert_eq!(counts(ana.counts().await), (3, 2, 0));
    assert_eq!(counts(bob.counts().await), (3, 1, 0));
    assert_eq!(counts(root.counts().await), (4, 2, 0));

    assert_eq!(ana.titles("?q=hums").await, ["honey 2", "open to all", "wax 1", "honey 1"], "words find no others");
    // The words of a number are words too.
    assert_eq!(ana.titles(&format!("?q=%23{}", wax_1.summary.number)).await, ["wax 1", "honey 2"]);
    assert_eq!(bob.titles(&format!("?q=%23{}", honey_2.summary.number)).await, [""; 0]);
    let none = bob.lists("?q=humz").await;
    assert_eq!((none.items.len(), none.did_you_mean), (0, None));

    see(root, "all").await;
    assert_eq!(ana.titles("").await.len(), 6);
    assert_eq!(counts(ana.counts().await), (4, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_theirs_is_not_there() {
    let desk = Divided::start().await;
    let Divided { app, root, ana, bob, wax, honey, carl } = &desk;
    let file = carl.uploads("hive.png", &picture(8, 8, image::ImageFormat::Png)).await;
    let body = json!({ "title": "wax", "message": "Help", "department_id": wax.id, "attachment_ids": [file.id] });
    let ticket: TicketView = carl.post("/tickets", body).await.is(201).ok();
    let comment = bob.comments(&ticket, "Looking").await;
    let way = at(&ticket);
    let nowhere = ana.get("/tickets/0199aaaa-0000-7000-8000-000000000000").await.is(404);
    let hidden = ana.get(&way).await.is(404);
    assert_eq!(
        hidden.refused(ErrorCode::NotFound).detail,
        nowhere.refused(ErrorCode::NotFound).detail,
        "as if there were none"
    );
    ana.get(&format!("{way}/comments")).await.is(404);
    ana.get(&format!("{way}/sla")).await.is(404);
    ana.get(&format!("/attachments/{}", file.id)).await.is(404);
    bob.looks_at(file.id).await;
    ana.post(&format!("{way}/comments"), json!({ "message": "Me too" })).await.is(404);
    ana.put(&format!("{way}/assignee"), json!({ "person_id": ana.id() })).await.is(404);
    ana.put(&format!("{way}/department"), json!({ "department_id": honey.id })).await.is(404);
    ana.put(&format!("{way}/presence"), json!({ "attention": "viewing" })).await.is(404);
    ana.post(&format!("/comments/{}/feedback", comment.id), json!({ "helpful": true })).await.is(404);

    // Assigning or moving it makes it theirs, and taking it away ends that.
    root.put(&format!("{way}/assignee"), json!({ "person_id": ana.id() })).await.is(200);
    assert_eq!(ana.thread(&ticket).await.len(), 2);
    ana.looks_at(file.id).await;
    root.put(&format!("{way}/assignee"), json!({ "person_id": null })).await.is(200);
    ana.get(&way).await.is(404);
    let moved: TicketView =
        bob.put(&format!("{way}/department"), json!({ "department_id": honey.id })).await.is(200).ok();
    assert_eq!(moved.summary.department.map(|department| department.id), Some(honey.id), "what he did is answered");
    ana.sees(&ticket).await;
    bob.get(&way).await.is(404);
    // What it goes on from is of the other department, and nothing of it is told by any answer.
    carl.delete(&way).await.is(204);
    app.advance(SignedDuration::from_secs(1));
    let earlier = desk.opens("wax, again", Some(wax.id)).await;
    root.comments(&earlier, "Done").await;
    carl.resolves(&earlier).await;
    let body =
        json!({ "title": "honey", "message": "Still", "department_id": honey.id, "follows": earlier.summary.id });
    let later: TicketView = carl.post("/tickets", body).await.is(201).ok();
    assert!(root.sees(&later).await.follows.is_some() && ana.sees(&later).await.follows.is_none());
    let changed: TicketView =
        ana.put(&format!("{}/priority", at(&later)), json!({ "priority": "high" })).await.is(200).ok();
    assert_eq!(changed.follows, None);
    let ticket = later;

    // Whoever joins a department sees its tickets within seconds.
    root.patch(&format!("/admin/departments/{}", honey.id), json!({ "people": [ana.id(), bob.id()] })).await.is(200);
    app.advance(SignedDuration::from_secs(6));
    bob.sees(&ticket).await;
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_what_they_do_not_see() {
    let desk = Divided::start().await;
    let Divided { app, root, ana, bob, wax, .. } = &desk;
    // A department whose people are all away: the whole team would be told.
    let away = root.founds("Nobody's", &[]).await;
    desk.opens("nobody's", Some(away.id)).await;
    let ticket = desk.opens("wax", Some(wax.id)).await;
    app.run_jobs().await;
    let opened = |title: &str| (NotificationKind::TicketCreated, title.to_owned());
    assert_eq!(told(ana).await, []);
    assert_eq!(told(bob).await, [opened("wax")]);
    assert_eq!(told(root).await, [opened("nobody's")]);
    desk.carl.call(&format!("{}/human", at(&ticket))).await.is(200);
    app.run_jobs().await;
    assert_eq!(told(ana).await, []);
    assert!(app.mailbox().iter().all(|mail| mail.to != "ana@example.org"), "nor by mail");
    // What was told while it was theirs goes with it.
    root.put(&format!("{}/department", at(&ticket)), json!({ "department_id": away.id })).await.is(200);
    assert_eq!(told(bob).await, []);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_waits_is_not_sent_to_whom_the_ticket_was_taken_from() {
    let desk = Divided::start().await;
    let Divided { app, root, bob, wax, honey, .. } = &desk;
    let ticket = desk.opens("wax", Some(wax.id)).await;
    root.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": bob.id() })).await.is(200);
    root.put(&format!("{}/assignee", at(&ticket)), json!({ "person_id": null })).await.is(200);
    root.put(&format!("{}/department", at(&ticket)), json!({ "department_id": honey.id })).await.is(200);
    app.run_jobs().await;
    app.advance(SignedDuration::from_hours(1));
    app.run_jobs().await;
    assert!(app.mailbox().iter().all(|mail| mail.to != "bob@example.org"));
}

async fn changed(stream: &mut Stream) -> Option<TicketId> {
    loop {
        match stream.next().await? {
            LiveEvent::TicketChanged { ticket_id } => return Some(ticket_id),
            LiveEvent::NotificationsChanged | LiveEvent::Presence { .. } => {}
            LiveEvent::Reset => panic!("nothing was lost"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_tell_of_theirs_and_end_when_that_changes() {
    let desk = Divided::start().await;
    let Divided { app, root, ana, bob, honey, wax, .. } = &desk;
    app.listen();
    let (mut hers, mut his) = (ana.hears().await, bob.hears().await);
    let other = desk.opens("wax", Some(wax.id)).await;
    let own = desk.opens("honey", Some(honey.id)).await;
    app.run_jobs().await;
    assert_eq!(changed(&mut hers).await, Some(own.summary.id), "the first that she hears of is hers");
    assert_eq!(changed(&mut his).await, Some(other.summary.id));
    // Who looks at a ticket is heard by those who look at it too.
    bob.put(&format!("{}/presence", at(&other)), json!({ "attention": "viewing" })).await.is(204);
    ana.put(&format!("{}/presence", at(&own)), json!({ "attention": "typing" })).await.is(204);
    let (ticket_id, viewers) = loop {
        match hers.next().await {
            Some(LiveEvent::Presence { ticket_id, viewers }) => break (ticket_id, viewers),
            heard => assert_eq!(heard, Some(LiveEvent::NotificationsChanged)),
        }
    };
    assert_eq!((ticket_id, viewers.len(), viewers[0].typing), (own.summary.id, 1, true));
    see(root, "all").await;
    hers.ends().await;
    let mut again = ana.hears().await;
    ana.notes(&other, "Now I see").await;
    app.run_jobs().await;
    assert_eq!(changed(&mut again).await, Some(other.summary.id));
}
