//! The worker as it runs beside the server: woken by writes, and stopped in order.

use jiff::SignedDuration;
use server::worker;
use tokio::sync::oneshot;

use crate::support::{App, database::until};

#[tokio::test(flavor = "multi_thread")]
async fn it_works_off_what_is_written_and_stops_when_told() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    for number in 0..5 {
        carl.opens(&format!("Hive {number}"), "honey").await;
        until(&app.database.connect().await, "not exists (select from jobs)").await;
    }
    assert_eq!(carl.titles("?q=honey").await.len(), 5);
    stop.send(()).unwrap();
    running.await.unwrap();
    carl.opens("Unseen", "honey").await;
    assert_eq!(carl.titles("?q=honey").await.len(), 5, "nobody works any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_sweeps_what_has_expired() {
    let app = App::start().await;
    let old = app.customer("old").await;
    let body = serde_json::json!({ "name": "Eve", "email": "eve@example.org", "password": "a long enough one", "locale": "en" });
    app.visitor().post("/auth/register", body).await.is(202);
    app.visitor().post("/auth/link", serde_json::json!({ "email": old.me.email })).await.is(202);
    app.run_jobs().await;
    app.advance(SignedDuration::from_hours(24 * 31));
    let fresh = app.customer("fresh").await;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(worker::work(app.state.clone(), async { drop(stopped.await) }));
    until(
        &app.database.connect().await,
        "(select count(*) from sessions) = 1 and (select count(*) from refresh_tokens) = 1 and not exists (select from mail_tokens)
             and not exists (select from registrations) and not exists (select from throttles)",
    )
    .await;
    stop.send(()).unwrap();
    running.await.unwrap();
    fresh.get("/me").await.is(200);
}
