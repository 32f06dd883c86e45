//! Demo data: a desk that one can sign in to and look around.

use std::collections::BTreeSet;

use api_types::{
    auth::Session,
    tickets::{Stage, TicketPage},
};
use serde_json::json;
use server::{config::SeedArgs, seed};

use crate::support::App;

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_prints_sign_ins_that_work_and_fills_every_stage() {
    let app = App::start().await;
    let demo = SeedArgs { demo: true, tickets: None, comments: 5 };
    let printed = seed::run(&app.state, &demo).await.unwrap();
    let sign_ins: Vec<Vec<&str>> = printed.lines().map(|line| line.split_whitespace().collect()).collect();
    let roles: BTreeSet<_> = sign_ins.iter().map(|words| words[0]).collect();
    assert_eq!(roles, BTreeSet::from(["admin", "agent", "customer"]), "{printed}");
    for words in &sign_ins {
        let body = json!({ "email": words[1], "password": words[2] });
        let session: Session = app.visitor().post("/auth/login", body).await.is(200).ok();
        assert_eq!(session.user.role.as_str(), words[0]);
        let caller = app.visitor().with_token(session.access_token);
        let page: TicketPage = caller.get("/tickets?limit=100").await.is(200).ok();
        assert!(!page.items.is_empty());
        assert!(page.items.iter().any(|item| item.department.is_some()));
        if session.user.role.is_team() {
            assert!(page.items.iter().any(|item| !item.custom_fields.is_empty()));
            let stages: BTreeSet<_> = page.items.iter().filter_map(|item| item.stage).collect();
            assert_eq!(stages, Stage::ALL.iter().copied().collect());
            for item in &page.items {
                caller.get(&format!("/tickets/{}", item.id)).await.is(200);
            }
        }
    }
    assert!(seed::run(&app.state, &demo).await.is_err(), "only an empty desk is filled");
}
