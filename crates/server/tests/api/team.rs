//! What the team does with a ticket: assigning, parking, proposing.

use api_types::{
    error::{ErrorCode, FieldCode},
    page::Page,
    people::PersonRef,
    tickets::{Hold, Stage, TicketId, TicketView},
};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{App, at};

#[tokio::test(flavor = "multi_thread")]
async fn taking_a_new_ticket_starts_the_work() {
    let app = App::start().await;
    let (carl, ana, ben) = (app.customer("carl").await, app.agent("ana").await, app.agent("ben").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/assignee", at(&ticket));
    let taken: TicketView = ana.put(&path, json!({ "person_id": ben.id() })).await.is(200).ok();
    assert_eq!(taken.summary.stage, Some(Stage::Working));
    assert_eq!(taken.summary.assignee, Some(PersonRef { id: ben.id(), name: "ben".to_owned() }));
    assert_eq!(carl.sees(&ticket).await.summary.assignee, None, "who works on it is the team's business");
    let back: TicketView = ben.put(&path, json!({ "person_id": null })).await.is(200).ok();
    assert_eq!((back.summary.stage, back.summary.assignee), (Some(Stage::Working), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_active_member_of_the_team_can_be_assigned() {
    let app = App::start().await;
    let (carl, ana, gone) = (app.customer("carl").await, app.agent("ana").await, app.agent("gone").await);
    let root = app.admin("root").await;
    root.patch(&format!("/admin/people/{}", gone.id()), json!({ "disabled": true })).await.is(200);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/assignee", at(&ticket));
    for nobody in [carl.id(), gone.id(), api_types::people::PersonId::new()] {
        ana.put(&path, json!({ "person_id": nobody }))
            .await
            .is(422)
            .refused_field("/person_id", FieldCode::NotPossible);
    }
    ana.put(&path, json!({})).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_is_listed_by_name_without_the_disabled() {
    let app = App::start().await;
    let (ben, ana, gone, root) =
        (app.agent("ben").await, app.agent("ana").await, app.agent("gone").await, app.admin("root").await);
    app.customer("carl").await;
    root.patch(&format!("/admin/people/{}", gone.id()), json!({ "disabled": true })).await.is(200);
    let team: Page<PersonRef> = ana.get("/team").await.is(200).ok();
    let ids: Vec<_> = team.items.iter().map(|person| person.id).collect();
    assert_eq!(ids, [ana.id(), ben.id(), root.id()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_ticket_goes_back_to_work_on_its_date_and_not_before() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let until = app.now() + SignedDuration::from_hours(1);
    let body = json!({ "stage": "on_hold", "reason": "Waiting for parts", "until": until });
    let parked: TicketView = ana.put(&format!("{}/stage", at(&ticket)), body).await.is(200).ok();
    assert_eq!(parked.hold, Some(Hold { reason: "Waiting for parts".to_owned(), until: Some(until) }));
    assert_eq!(carl.sees(&ticket).await.hold, None, "the reason is the team's");
    app.advance(SignedDuration::from_mins(59));
    app.run_jobs().await;
    let ana = app.sign_in(ana.id()).await;
    assert_eq!(ana.sees(&ticket).await.summary.stage, Some(Stage::OnHold));
    app.advance(SignedDuration::from_mins(1));
    app.run_jobs().await;
    let seen = ana.sees(&ticket).await;
    assert_eq!((seen.summary.stage, seen.hold), (Some(Stage::Working), None));
    assert!(seen.summary.updated_at < until, "parking is the team's business, and so is its end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_was_put_off_resumes_nothing_early() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    for hours in [1, 3] {
        let until = app.now() + SignedDuration::from_hours(hours);
        let body = json!({ "stage": "on_hold", "reason": "parts", "until": until });
        ana.put(&format!("{}/stage", at(&ticket)), body).await.is(200);
    }
    for (after, stage) in [(2, Stage::OnHold), (1, Stage::Working)] {
        app.advance(SignedDuration::from_hours(after));
        app.run_jobs().await;
        let ana = app.sign_in(ana.id()).await;
        assert_eq!(ana.sees(&ticket).await.summary.stage, Some(stage));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_survives_a_ticket_that_is_gone_or_answered() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (gone, answered) = (carl.opens("Gone", "Help").await, carl.opens("Answered", "Help").await);
    for ticket in [&gone, &answered] {
        let until = app.now() + SignedDuration::from_mins(5);
        let body = json!({ "stage": "on_hold", "reason": "parts", "until": until });
        ana.put(&format!("{}/stage", at(ticket)), body).await.is(200);
    }
    carl.delete(&at(&gone)).await.is(204);
    carl.comments(&answered, "Never mind").await;
    let before = ana.sees(&answered).await.summary.updated_at;
    app.advance(SignedDuration::from_mins(5));
    app.run_jobs().await;
    assert_eq!(ana.sees(&answered).await.summary.updated_at, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn parking_needs_a_reason_and_a_date_to_come() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/stage", at(&ticket));
    for (body, pointer, code) in [
        (json!({ "stage": "on_hold" }), "/reason", FieldCode::Required),
        (json!({ "stage": "on_hold", "reason": " " }), "/reason", FieldCode::Required),
        (json!({ "stage": "on_hold", "reason": "x".repeat(201) }), "/reason", FieldCode::TooLong),
        (json!({ "stage": "on_hold", "reason": "parts", "until": app.now() }), "/until", FieldCode::NotPossible),
        (json!({ "stage": "on_hold", "reason": "parts", "until": "soon" }), "/until", FieldCode::WrongType),
        (json!({ "stage": "working", "reason": "parts" }), "/reason", FieldCode::NotPossible),
        (json!({ "stage": "working", "until": "2030-01-01T00:00:00Z" }), "/until", FieldCode::NotPossible),
        (json!({ "stage": "resolved" }), "/stage", FieldCode::WrongType),
        (json!({ "stage": "new" }), "/stage", FieldCode::WrongType),
        (json!({}), "/stage", FieldCode::Required),
    ] {
        ana.put(&path, body).await.is(422).refused_field(pointer, code);
    }
    assert_eq!(ana.sees(&ticket).await.summary.stage, Some(Stage::New));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_resolution_waits_for_the_creator() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/resolution_proposal", at(&ticket));
    ana.call(&path).await.is(409).refused(ErrorCode::NoTeamReply);
    ana.comments(&ticket, "Turn it around").await;
    assert!(ana.sees(&ticket).await.can.propose && !carl.sees(&ticket).await.can.propose);
    let proposed: TicketView = ana.call(&path).await.is(200).ok();
    assert!(proposed.resolution_proposed && !proposed.can.propose);
    assert_eq!(proposed.summary.stage, Some(Stage::WaitingCustomer));
    let seen = carl.sees(&ticket).await;
    assert!(seen.resolution_proposed && seen.summary.your_turn && seen.can.resolve);
    carl.comments(&ticket, "It still hums").await;
    let seen = carl.sees(&ticket).await;
    assert!(!seen.resolution_proposed && !seen.summary.your_turn);
    ana.call(&path).await.is(200);
    let resolved = carl.resolves(&ticket).await;
    assert!(!resolved.resolution_proposed && !resolved.summary.your_turn);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_gets_404_for_what_is_not_there() {
    let app = App::start().await;
    let ana = app.agent("ana").await;
    let path = format!("/tickets/{}", TicketId::new());
    ana.get(&path).await.is(404);
    ana.put(&format!("{path}/assignee"), json!({ "person_id": ana.id() })).await.is(404);
    ana.put(&format!("{path}/priority"), json!({ "priority": "low" })).await.is(404);
    ana.put(&format!("{path}/stage"), json!({ "stage": "working" })).await.is(404);
    ana.call(&format!("{path}/resolution_proposal")).await.is(404);
    ana.put(&format!("{path}/archive"), json!(null)).await.is(404);
    ana.delete(&format!("{path}/archive")).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_at_once_lose_nothing() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = at(&ticket);
    let (assignee, priority, stage, comment) =
        (format!("{path}/assignee"), format!("{path}/priority"), format!("{path}/stage"), format!("{path}/comments"));
    let (a, b, c, d) = tokio::join!(
        ana.put(&assignee, json!({ "person_id": ana.id() })),
        ana.put(&priority, json!({ "priority": "high" })),
        ana.put(&stage, json!({ "stage": "waiting_customer" })),
        ana.post(&comment, json!({ "message": "Looking" })),
    );
    for answer in [a.status, b.status, c.status] {
        assert_eq!(answer, 200);
    }
    d.is(201);
    let seen = ana.sees(&ticket).await;
    assert_eq!(seen.summary.assignee.expect("assigned").id, ana.id());
    assert_eq!(seen.summary.priority, api_types::tickets::Priority::High);
    assert_eq!(seen.comments.items.len(), 2);
    assert!(carl.call(&format!("{path}/resolution")).await.status == 201, "the reply counted");
}
