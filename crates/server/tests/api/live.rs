//! Streams: who hears what, and when they end.

use std::{io::Write, net::TcpStream};

use api_types::{
    assistant::AssistantMode,
    error::ErrorCode,
    live::{LiveEvent, Viewer},
    people::PersonRef,
    tickets::TicketView,
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Actor, App, actors::PASSWORD, at, live::Stream};

fn changed(ticket: &TicketView) -> Option<LiveEvent> {
    Some(LiveEvent::TicketChanged { ticket_id: ticket.summary.id })
}

fn presence(ticket: &TicketView, viewers: &[(&Actor, bool)]) -> Option<LiveEvent> {
    let viewers = viewers.iter().map(|(actor, typing)| Viewer {
        person: PersonRef { id: actor.id(), name: actor.me.name.clone() },
        typing: *typing,
    });
    Some(LiveEvent::Presence { ticket_id: ticket.summary.id, viewers: viewers.collect() })
}

async fn attends(agent: &Actor, ticket: &TicketView, attention: &str) {
    agent.put(&format!("{}/presence", at(ticket)), json!({ "attention": attention })).await.is(204);
}

async fn newest(app: &App) -> i64 {
    app.database.connect().await.query_one("select max(id) from activity", &[]).await.unwrap().get(0)
}

async fn listening() -> App {
    let app = App::start().await;
    app.listen();
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_heard_by_those_who_may_see_it() {
    let app = listening().await;
    let (carl, dora, ana) = (app.customer("carl").await, app.customer("dora").await, app.agent("ana").await);
    let (mut his, mut hers, mut team) = (carl.hears().await, dora.hears().await, ana.hears().await);
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!((his.next().await, team.next().await), (changed(&hive), changed(&hive)));
    assert_eq!((his.place, team.place), (Some(newest(&app).await), his.place));
    assert_eq!(team.next().await, Some(LiveEvent::NotificationsChanged), "the team is told of new tickets");
    let honey = dora.opens("Honey", "Help").await;
    app.run_jobs().await;
    assert_eq!(hers.next().await, changed(&honey), "the first that she hears of is her own");
    assert_eq!((team.next().await, team.next().await), (changed(&honey), Some(LiveEvent::NotificationsChanged)));
    ana.comments(&hive, "Looking").await;
    app.run_jobs().await;
    assert_eq!((his.next().await, team.next().await), (changed(&hive), changed(&hive)));
    assert_eq!(his.next().await, Some(LiveEvent::NotificationsChanged));
    carl.post("/notifications/read", json!({ "all": true })).await.is(204);
    assert_eq!(his.next().await, Some(LiveEvent::NotificationsChanged), "in every tab");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_team_sees_only_the_team_hears_of() {
    let app = listening().await;
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    let (mut his, mut team) = (carl.hears().await, ana.hears().await);
    let assign = async |to: &Actor| {
        ana.put(&format!("{}/assignee", at(&hive)), json!({ "person_id": to.id() })).await.is(200);
        app.run_jobs().await;
        newest(&app).await
    };
    // The first assignment takes the ticket to work, which its creator sees.
    let taken = assign(&ana).await;
    assert_eq!((his.next().await, his.place), (changed(&hive), Some(taken)));
    assign(&bob).await;
    ana.notes(&hive, "Hm").await;
    app.run_jobs().await;
    carl.comments(&hive, "Still there?").await;
    app.run_jobs().await;
    let asked = newest(&app).await;
    assert_eq!((his.next().await, his.place), (changed(&hive), Some(asked)));
    for _ in 0..4 {
        assert_eq!(team.next().await, changed(&hive));
    }
    assert_eq!(team.place, Some(asked));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_gone_is_heard_of_once_more() {
    let app = listening().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (mut his, mut team) = (carl.hears().await, ana.hears().await);
    let hive = carl.opens("Hive", "Help").await;
    carl.delete(&at(&hive)).await.is(204);
    app.run_jobs().await;
    // The opening too is told of; by then nobody knows any more whose it was.
    assert_eq!((team.next().await, team.next().await), (changed(&hive), changed(&hive)));
    assert_eq!((his.next().await, his.place), (changed(&hive), team.place));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_changes_is_told_whole() {
    let app = listening().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let mut team = ana.hears().await;
    let mut opened = Vec::new();
    for number in 0..150 {
        opened.push(carl.opens(&format!("Hive {number}"), "Help").await);
    }
    let before = newest(&app).await;
    let mut conn = app.state.db().await.unwrap();
    let all: Vec<i64> = (before - 149..=before).collect();
    server::live::announce(&mut conn, &all).await.unwrap();
    for ticket in &opened {
        assert_eq!(team.next().await, changed(ticket));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_hears_what_they_missed() {
    let app = listening().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let place = carl.hears().await.place.unwrap();
    let hive = carl.opens("Hive", "Help").await;
    dora.opens("Honey", "Help").await;
    carl.comments(&hive, "More").await;
    let wax = carl.opens("Wax", "Help").await;
    app.run_jobs().await;
    let mut again = carl.hears_from(&place.to_string()).await;
    assert_eq!(
        (again.next().await, again.next().await, again.next().await),
        (changed(&hive), changed(&hive), changed(&wax))
    );
    let mut last = carl.hears_from(&again.place.unwrap().to_string()).await;
    carl.comments(&hive, "Something new").await;
    app.run_jobs().await;
    assert_eq!(last.next().await, changed(&hive));
    // Long ago, yet to come, and no place at all.
    for place in ["-1", "999999999", "yesterday", "1\u{e9}"] {
        let mut lost = carl.hears_from(place).await;
        assert_eq!(lost.next().await, Some(LiveEvent::Reset), "{place}");
        assert_eq!(lost.place, last.place);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_stream_is_kept_alive_and_moves_on() {
    let app = listening().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let mut quiet = dora.hears().await;
    carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    let place = newest(&app).await;
    quiet.reaches(place).await;
    // What she comes back to is nothing that she missed.
    let mut again = dora.hears_from(&place.to_string()).await;
    let honey = dora.opens("Honey", "Help").await;
    app.run_jobs().await;
    assert_eq!(again.next().await, changed(&honey));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_hear_of_their_own_notifications() {
    let app = listening().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let (mut his, mut hers) = (carl.hears().await, dora.hears().await);
    let mut conn = app.state.db().await.unwrap();
    server::live::announce_people(&mut conn, &vec![carl.id(); 200]).await.unwrap();
    server::live::announce_people(&mut conn, &[dora.id()]).await.unwrap();
    for _ in 0..200 {
        assert_eq!(his.next().await, Some(LiveEvent::NotificationsChanged));
    }
    assert_eq!(hers.next().await, Some(LiveEvent::NotificationsChanged));
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!(his.next().await, changed(&hive), "and of no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_twenty_streams_at_most() {
    let app = listening().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(carl.hears().await);
    }
    let (refused, none) = carl.knocks(None).await;
    refused.is(429).refused(ErrorCode::TooManyRequests);
    assert!(none.is_none());
    dora.hears().await;
    open.pop();
    until_admitted(&carl).await;
}

/// The server notices that a client is gone when it reads the end of its connection.
async fn until_admitted(actor: &Actor) -> Stream {
    let admitted = async {
        loop {
            if let (_, Some(stream)) = actor.knocks(None).await {
                return stream;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), admitted).await.expect("a place within time")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_is_cut_off() {
    let app = listening().await;
    let carl = app.customer("carl").await;
    // Twenty streams that nobody reads, with so little room that a few hundred events fill it.
    let mut stalled = Vec::new();
    for _ in 0..20 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2_048).unwrap();
        let stream: TcpStream = socket.connect(app.address).await.unwrap().into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        let token = carl.token.as_ref().unwrap();
        write!(&stream, "GET /api/v1/live HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {token}\r\n\r\n").unwrap();
        stream.peek(&mut [0]).unwrap();
        stalled.push(stream);
    }
    carl.knocks(None).await.0.is(429);
    let mut conn = app.state.db().await.unwrap();
    for _ in 0..20 {
        server::live::announce_people(&mut conn, &vec![carl.id(); 190]).await.unwrap();
    }
    until_admitted(&carl).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_right_to_it() {
    let app = listening().await;
    let second = app.second_process();
    second.listen();
    let root = app.admin("root").await;
    let there = |actor: &Actor| second.visitor().with_token(actor.token.clone().unwrap());
    for (number, how) in ["signs out", "is disabled", "is demoted", "changes the password"].into_iter().enumerate() {
        let ana = app.agent(&format!("ana{number}")).await;
        let mut streams = [ana.hears().await, there(&ana).hears().await];
        let other = app.sign_in(ana.id()).await;
        match how {
            "signs out" => {
                let cookie = format!("waggle_refresh={}", ana.refresh_token);
                let path = "/auth/logout";
                ana.send(reqwest::Method::POST, path, |request| request.header("Cookie", cookie)).await.is(204);
            }
            "is disabled" => {
                root.patch(&format!("/admin/people/{}", ana.id()), json!({ "disabled": true })).await.is(200);
            }
            "is demoted" => {
                root.patch(&format!("/admin/people/{}", ana.id()), json!({ "role": "customer" })).await.is(200);
            }
            _ => {
                let change = json!({ "password": "a new long password", "current_password": PASSWORD });
                other.patch("/me", change).await.is(200);
            }
        }
        for stream in &mut streams {
            stream.ends().await;
        }
        if how == "signs out" {
            other.hears().await;
        }
    }
    let carl = app.customer("carl").await;
    let mut stream = carl.hears().await;
    app.advance(SignedDuration::from_mins(16));
    stream.ends().await;
    carl.knocks(None).await.0.is(401);
    app.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_one_process_is_heard_in_another() {
    let app = listening().await;
    let second = app.second_process();
    second.listen();
    let carl = app.customer("carl").await;
    let there = second.visitor().with_token(carl.token.clone().unwrap());
    let (mut here, mut over) = (carl.hears().await, there.hears().await);
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!((here.next().await, over.next().await), (changed(&hive), changed(&hive)));
    // A place that one process named is known to the other.
    let place = here.place.unwrap().to_string();
    drop(here);
    carl.comments(&hive, "More").await;
    app.run_jobs().await;
    assert_eq!(over.next().await, changed(&hive));
    let mut back = there.hears_from(&place).await;
    assert_eq!((back.next().await, back.place), (changed(&hive), over.place));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_made_again_and_owned_up_to() {
    let app = listening().await;
    let carl = app.customer("carl").await;
    let mut stream = carl.hears().await;
    assert!(app.database.end_connections().await > 0);
    assert_eq!(stream.next().await, Some(LiveEvent::Reset));
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    assert_eq!(stream.next().await, changed(&hive));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_sees_who_looks_at_a_ticket() {
    let app = listening().await;
    let second = app.second_process();
    second.listen();
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let hive = carl.opens("Hive", "Help").await;
    app.run_jobs().await;
    let over = second.visitor().with_token(bob.token.clone().unwrap());
    let (mut his, mut hers, mut bobs) = (carl.hears().await, ana.hears().await, over.hears().await);
    attends(&ana, &hive, "viewing").await;
    assert_eq!(
        (hers.next().await, bobs.next().await),
        (presence(&hive, &[(&ana, false)]), presence(&hive, &[(&ana, false)]))
    );
    attends(&ana, &hive, "typing").await;
    assert_eq!(bobs.next().await, presence(&hive, &[(&ana, true)]));
    attends(&bob, &hive, "viewing").await;
    assert_eq!(bobs.next().await, presence(&hive, &[(&ana, true), (&bob, false)]));
    // Whoever comes later is told, too.
    let place = bobs.place.unwrap().to_string();
    let mut later = over.hears_from(&place).await;
    assert_eq!(later.next().await, Some(LiveEvent::NotificationsChanged), "of the new ticket");
    assert_eq!(later.next().await, presence(&hive, &[(&ana, true), (&bob, false)]));
    attends(&bob, &hive, "gone").await;
    assert_eq!(bobs.next().await, presence(&hive, &[(&ana, true)]));
    app.advance(SignedDuration::from_secs(30));
    assert_eq!(bobs.next().await, presence(&hive, &[]));
    carl.comments(&hive, "Hello?").await;
    app.run_jobs().await;
    assert_eq!(his.next().await, changed(&hive), "which is nothing to a customer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_its_streams() {
    let app = listening().await;
    let carl = app.customer("carl").await;
    let mut stream = carl.hears().await;
    app.state.live.close();
    let last = stream.ends().await;
    let pause: u64 = last.strip_prefix("retry: ").expect("how long to wait").parse().unwrap();
    assert!((500..2_000).contains(&pause));
    assert_eq!(carl.knocks(None).await.0.is(503).header("connection"), "close");
    // What else is under way is still answered.
    carl.opens("Hive", "Help").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_heard_of_by_the_team_alone() {
    let app = App::with_assistant(AssistantMode::Draft, None).await;
    app.listen();
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (mut his, mut team) = (carl.hears().await, ana.hears().await);
    let ticket = carl.opens("Archive", "How can I archive a resolved ticket?").await;
    app.run_jobs().await;
    assert_eq!((his.next().await, team.next().await), (changed(&ticket), changed(&ticket)));
    assert_eq!(team.next().await, Some(LiveEvent::NotificationsChanged));
    app.quiet().await;
    assert_eq!(team.next().await, changed(&ticket));
    let draft = ana.sees(&ticket).await.assistant.draft.expect("a draft");
    ana.delete(&format!("/answers/{}", draft.id)).await.is(204);
    app.run_jobs().await;
    assert_eq!(team.next().await, changed(&ticket));
    ana.comments(&ticket, "Here").await;
    app.run_jobs().await;
    assert_eq!(his.next().await, changed(&ticket));
    assert_eq!(his.place, Some(newest(&app).await), "the first that he hears of since");
}
