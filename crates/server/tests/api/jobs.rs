//! The queue: leases, fences, patience, and giving up.

use db::jobs::{self, Job};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::App;

/// A kind that no worker takes.
const KIND: &str = "test";

async fn claim(app: &App, limit: i32) -> Vec<Job> {
    jobs::claim(&mut app.state.db().await.unwrap(), app.now(), &[KIND], limit).await.unwrap()
}

async fn enqueue(app: &App, number: i32, after: SignedDuration) {
    let payload = json!({ "number": number });
    jobs::enqueue(&mut app.state.db().await.unwrap(), KIND, payload, app.now() + after).await.unwrap();
}

async fn finish(app: &App, job: &Job) -> usize {
    jobs::finish(&mut app.state.db().await.unwrap(), &[job]).await.unwrap()
}

async fn fail(app: &App, job: &Job) {
    jobs::fail(&mut app.state.db().await.unwrap(), app.now(), job, "it broke").await.unwrap();
}

fn number(job: &Job) -> i64 {
    job.payload["number"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_taken_when_due_and_gone_when_finished() {
    let app = App::start().await;
    enqueue(&app, 1, SignedDuration::ZERO).await;
    enqueue(&app, 2, SignedDuration::from_secs(10)).await;
    let first = claim(&app, 10).await;
    assert_eq!(first.iter().map(number).collect::<Vec<_>>(), [1]);
    assert!(claim(&app, 10).await.is_empty(), "it is leased");
    assert_eq!(finish(&app, &first[0]).await, 1);
    app.advance(SignedDuration::from_secs(10));
    let second = claim(&app, 10).await;
    assert_eq!(second.iter().map(number).collect::<Vec<_>>(), [2]);
    finish(&app, &second[0]).await;
    assert_eq!(jobs::due(&mut app.state.db().await.unwrap(), app.now()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_ran_out_hands_the_job_over_and_the_old_holder_finishes_nothing() {
    let app = App::start().await;
    enqueue(&app, 1, SignedDuration::ZERO).await;
    let old = claim(&app, 1).await.remove(0);
    app.advance(jobs::LEASE - SignedDuration::from_secs(1));
    assert!(claim(&app, 1).await.is_empty());
    app.advance(SignedDuration::from_secs(1));
    let new = claim(&app, 1).await.remove(0);
    assert_eq!((new.id, new.attempts), (old.id, 2));
    assert_eq!(finish(&app, &old).await, 0);
    // Nor can it put the job back while another works on it.
    fail(&app, &old).await;
    app.advance(SignedDuration::from_secs(60));
    assert!(claim(&app, 1).await.is_empty());
    assert_eq!(finish(&app, &new).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_comes_back_later_and_later_and_is_given_up_at_last() {
    let app = App::start().await;
    enqueue(&app, 1, SignedDuration::ZERO).await;
    let mut waits = Vec::new();
    for attempt in 1..=jobs::MAX_ATTEMPTS {
        let job = claim(&app, 1).await.pop().unwrap_or_else(|| panic!("attempt {attempt} comes"));
        assert_eq!(job.attempts, attempt);
        fail(&app, &job).await;
        let wait = next_run(&app).await.duration_since(app.now());
        app.advance(wait - SignedDuration::from_millis(1));
        assert!(claim(&app, 1).await.is_empty(), "not before its time");
        app.advance(SignedDuration::from_millis(1));
        waits.push(wait.as_millis());
    }
    // Between half of and the whole of two seconds, doubled by each attempt up to an hour.
    for (place, waited) in waits.iter().enumerate() {
        let longest = (2_000_i128 << place).min(3_600_000);
        assert!((longest / 2..=longest).contains(waited), "{waits:?}");
    }
    app.advance(SignedDuration::from_hours(48));
    assert!(claim(&app, 1).await.is_empty());
    let database = app.database.connect().await;
    let row = database.query_one("select last_error, dead_at is not null from jobs", &[]).await.unwrap();
    assert_eq!(
        (row.get::<_, String>(0).as_str(), row.get::<_, bool>(1)),
        ("it broke", true),
        "it is kept to be looked at"
    );
    database.execute("delete from jobs", &[]).await.unwrap();
}

async fn next_run(app: &App) -> jiff::Timestamp {
    let sql = "select (extract(epoch from run_at) * 1000000)::bigint from jobs";
    let at: i64 = app.database.connect().await.query_one(sql, &[]).await.unwrap().get(0);
    jiff::Timestamp::from_microsecond(at).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_at_once_share_the_jobs() {
    let app = App::start().await;
    for number in 0..20 {
        enqueue(&app, number, SignedDuration::ZERO).await;
    }
    let (left, right) = tokio::join!(claim(&app, 15), claim(&app, 15));
    let mut all: Vec<_> = left.iter().chain(&right).map(number).collect();
    all.sort_unstable();
    assert_eq!(all, (0..20).collect::<Vec<_>>());
    for job in left.iter().chain(&right) {
        finish(&app, job).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_cannot_be_told_does_not_hold_up_the_others() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let poisoned = carl.opens("Poisoned", "arsenic").await;
    carl.opens("Sound", "honey").await;
    let database = app.database.connect().await;
    database
        .batch_execute(&format!(
            "create function poison() returns trigger language plpgsql as
                 $$ begin if new.ticket_id = '{}' then raise exception 'poison'; end if; return new; end $$;
             create trigger poison before insert or update on ticket_search for each row execute function poison()",
            poisoned.summary.id
        ))
        .await
        .unwrap();
    while server::worker::run_due(&app.state).await.unwrap() > 0 {}
    assert_eq!(carl.titles("?q=honey").await, ["Sound"]);
    assert!(carl.titles("?q=arsenic").await.is_empty());
    let failed: String = database.query_one("select last_error from jobs", &[]).await.unwrap().get(0);
    assert!(failed.contains("poison"), "{failed}");
    // Once the cause is gone, so is the failure.
    database.batch_execute("drop trigger poison on ticket_search").await.unwrap();
    app.advance(SignedDuration::from_secs(2));
    app.run_jobs().await;
    assert_eq!(carl.titles("?q=arsenic").await, ["Poisoned"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_nobody_understands_is_kept() {
    let app = App::start().await;
    jobs::enqueue(&mut app.state.db().await.unwrap(), "react", json!({ "kind": "react", "x": 1 }), app.now())
        .await
        .unwrap();
    assert_eq!(server::worker::run_due(&app.state).await.unwrap(), 1);
    let database = app.database.connect().await;
    let attempts: i32 =
        database.query_one("select attempts from jobs where last_error is not null", &[]).await.unwrap().get(0);
    assert_eq!(attempts, 1);
    database.execute("delete from jobs", &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_told_twice_is_told_once() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    carl.opens("Hive", "honey").await;
    let database = app.database.connect().await;
    let again = "insert into jobs (kind, payload, run_at) select kind, payload, run_at from jobs";
    for _ in 0..2 {
        database.execute(again, &[]).await.unwrap();
    }
    app.run_jobs().await;
    assert_eq!(carl.titles("?q=honey").await, ["Hive"]);
    let counted: i64 = database.query_one("select sum(tickets) from search_buckets", &[]).await.unwrap().get(0);
    assert_eq!(counted, 1);
}

/// A message of words that occur once, whose stems differ between the two languages. `prefix` makes them long.
fn many_words(first: usize, prefix: &str, count: usize) -> String {
    let words: Vec<_> = (first..first + count).map(|number| format!("{prefix}{}ations", letters(number))).collect();
    words.join(" ")
}

fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..4 {
        text.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_very_long_thread_is_still_folded() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    // Short words make many entries, words of four-byte characters make long ones.
    for (title, prefix, count) in [
        ("Short", "", 1_800),
        ("Long", "\u{20000}\u{20001}\u{20002}\u{20003}\u{20004}\u{20005}\u{20006}\u{20007}", 1_000),
    ] {
        let ticket = carl.opens(title, "honey").await;
        for part in 0..8 {
            carl.comments(&ticket, &many_words(part * count, prefix, count)).await;
            ana.notes(&ticket, &many_words((part + 8) * count, prefix, count)).await;
        }
        app.run_jobs().await;
        let word = many_words(7, prefix, 1);
        assert_eq!(carl.titles(&format!("?q={word}")).await, [title]);
    }
}
