//! Two who answer at once: whoever names what they have read writes nothing over what they have not.

use api_types::{
    comments::{CommentId, CommentView},
    error::ErrorCode,
    tickets::TicketView,
};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, App, at};

async fn answers(actor: &Actor, ticket: &TicketView, body: Value) -> Answer {
    actor.post(&format!("{}/comments", at(ticket)), body).await
}

async fn after(actor: &Actor, ticket: &TicketView, read: CommentId, message: &str) -> Answer {
    answers(actor, ticket, json!({ "message": message, "after": read })).await
}

async fn words(actor: &Actor, ticket: &TicketView) -> Vec<String> {
    actor.thread(ticket).await.into_iter().map(|comment| comment.body_markdown).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_waits_until_the_newest_is_read() {
    let app = App::start().await;
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let hive = carl.opens("Hive", "Help").await;
    let opening = hive.comments.items[0].id;
    let first: CommentView = after(&ana, &hive, opening, "First").await.is(201).ok();
    let activities = "select count(*) from activity";
    let before: i64 = app.database.connect().await.query_one(activities, &[]).await.unwrap().get(0);
    after(&bob, &hive, opening, "Second").await.is(409).refused(ErrorCode::NewerComments);
    assert_eq!(words(&bob, &hive).await, ["Help", "First"], "nothing is written");
    let now: i64 = app.database.connect().await.query_one(activities, &[]).await.unwrap().get(0);
    assert_eq!(now, before);
    after(&bob, &hive, first.id, "Second").await.is(201);
    // One's own are read.
    after(&bob, &hive, first.id, "Third").await.is(201);
    // What is on another ticket, or nowhere, tells of nothing that was read.
    let honey = ana.opens("Honey", "Help").await;
    for read in [honey.comments.items[0].id, CommentId::new()] {
        after(&carl, &hive, read, "Fourth").await.is(409).refused(ErrorCode::NewerComments);
    }
    // Whoever says nothing is not held up.
    answers(&carl, &hive, json!({ "message": "Fourth" })).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_holds_up_the_team_only() {
    let app = App::start().await;
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let hive = carl.opens("Hive", "Help").await;
    let opening = hive.comments.items[0].id;
    ana.notes(&hive, "Mind the bees").await;
    after(&carl, &hive, opening, "More").await.is(201);
    let own = carl.thread(&hive).await[1].id;
    let note = json!({ "message": "Another", "internal": true, "after": opening });
    answers(&bob, &hive, note).await.is(409).refused(ErrorCode::NewerComments);
    after(&bob, &hive, own, "Answer").await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_posted_before_others_wrote_stays_posted() {
    let app = App::start().await;
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let hive = carl.opens("Hive", "Help").await;
    let body = json!({ "id": CommentId::new(), "message": "Once", "after": hive.comments.items[0].id });
    let posted: CommentView = answers(&ana, &hive, body.clone()).await.is(201).ok();
    bob.comments(&hive, "Meanwhile").await;
    let again: CommentView = answers(&ana, &hive, body).await.is(201).ok();
    assert_eq!(again.id, posted.id);
    assert_eq!(words(&bob, &hive).await, ["Help", "Once", "Meanwhile"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_is_refused() {
    let app = App::start().await;
    let second = app.second_process();
    let (carl, ana, bob) = (app.customer("carl").await, app.agent("ana").await, app.agent("bob").await);
    let over = Actor { caller: second.visitor().with_token(bob.token.clone().unwrap()), ..bob };
    let hive = carl.opens("Hive", "Help").await;
    let mut read = hive.comments.items[0].id;
    for round in 0..25 {
        let (one, other) = tokio::join!(after(&ana, &hive, read, "Here"), after(&over, &hive, read, "There"));
        let mut all = [one, other];
        all.sort_by_key(|answer| answer.status);
        let [written, refused] = all;
        refused.is(409).refused(ErrorCode::NewerComments);
        read = written.is(201).ok::<CommentView>().id;
        assert_eq!(words(&carl, &hive).await.len(), round + 2);
    }
}
