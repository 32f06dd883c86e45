//! Files that go: dropped, swept, erased with their ticket, from a store that may be away.
//!
//! Invariant: each test runs against both stores, and looks into the store afterwards.

use std::time::{Duration, SystemTime};

use api_types::{attachments::AttachmentId, error::ErrorCode, tickets::TicketView};
use image::ImageFormat;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use server::{
    attachments,
    outside::files::{Object, Wrapping},
};

use crate::support::{
    Actor, Answer, App,
    app::Setup,
    at,
    database::until,
    files::{picture, see_through},
    s3::S3Server,
};

/// A desk on each store.
async fn desks() -> Vec<(App, Option<S3Server>)> {
    let server = S3Server::start().await;
    let bucket = App::start_with(Setup { bucket: Some(server.bucket()), ..Setup::default() }).await;
    vec![(App::start().await, None), (bucket, Some(server))]
}

async fn fetch(app: &App, address: &str) -> reqwest::Response {
    let whole = if address.starts_with('/') { format!("http://{}{address}", app.address) } else { address.to_owned() };
    reqwest::get(whole).await.expect("an answer")
}

async fn objects(app: &App) -> usize {
    app.state.files.list().await.unwrap().len()
}

async fn sweep(app: &App) {
    let mut conn = app.state.db().await.unwrap();
    attachments::sweep(&mut conn, app.now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_give_back_what_they_were_given() {
    for (app, _server) in desks().await {
        let carl = app.customer("carl").await;
        // Below, at and above the size of a part.
        for size in [1, 300_000, 5 * 1024 * 1024, 5 * 1024 * 1024 + 1] {
            let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
            let file = carl.looks_at(carl.uploads("Été \"3\".bin", &bytes).await.id).await;
            for address in [&file.url, &file.download_url] {
                let answer = fetch(&app, address).await;
                assert_eq!(answer.status(), 200);
                let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
                assert!(disposition.starts_with("attachment; filename=\"_t_ _3_.bin\""), "{disposition}");
                assert_eq!(answer.headers()["content-type"], "application/octet-stream");
                assert!(answer.bytes().await.unwrap() == bytes, "{size}");
            }
            carl.delete(&format!("/attachments/{}", file.id)).await.is(204);
            app.run_jobs().await;
        }
        let photo = picture(800, 400, ImageFormat::Png);
        let file = carl.looks_at(carl.uploads("photo.png", &photo).await.id).await;
        let answer = fetch(&app, &file.url).await;
        assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("inline"));
        assert_eq!(answer.headers()["content-type"], "image/png");
        let small = fetch(&app, &file.thumbnail.unwrap().url).await.bytes().await.unwrap();
        assert_eq!(image::load_from_memory(&small).unwrap().width(), 480);
        assert_eq!(objects(&app).await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_address_of_the_bucket_is_refused() {
    let server = S3Server::start().await;
    let app = App::start_with(Setup { bucket: Some(server.bucket()), ..Setup::default() }).await;
    let carl = app.customer("carl").await;
    let file = carl.looks_at(carl.uploads("a.txt", b"x").await.id).await;
    let other = carl.looks_at(carl.uploads("b.txt", b"y").await.id).await;
    assert_eq!(fetch(&app, &file.url).await.status(), 200);
    let origin = format!("http://{}", server.address);
    assert!(file.url.starts_with(&format!("{origin}/desk/files/")), "from the bucket itself: {}", file.url);
    let (path, query) = file.url.split_once('?').unwrap();
    let signature = query.split_once("X-Amz-Signature=").unwrap().1;
    let flipped = if signature.starts_with('a') { "b" } else { "a" };
    let date = query.split("X-Amz-Date=").nth(1).unwrap();
    for altered in [
        path.to_owned(),
        file.url.replace(signature, &format!("{flipped}{}", &signature[1..])),
        format!("{}?{query}", other.url.split_once('?').unwrap().0),
        file.url.replace("X-Amz-Expires=3600", "X-Amz-Expires=86400"),
        // An hour and more ago: neither as it was signed, nor of now.
        file.url.replace(&date[..9], "20200101T"),
        file.url.replace("attachment", "inline"),
        file.url.replace("text%2Fplain", "text%2Fhtml"),
    ] {
        assert_ne!(altered, file.url);
        assert_eq!(fetch(&app, &altered).await.status(), 403, "{altered}");
    }
    // The same signer an hour ago: the signature is right, and its time is over.
    let row = app.database.connect().await;
    let sql = "select storage_key from attachments where id = $1";
    let key: uuid::Uuid = row.query_one(sql, &[&file.id.0]).await.unwrap().get(0);
    let wrapping = Wrapping { content_type: "text/plain", disposition: "attachment".to_owned() };
    for (minutes, status) in [(0, 200), (59, 200), (61, 403)] {
        let at = SystemTime::now() - Duration::from_secs(60 * minutes);
        let address = server.bucket().sign_at(at, Object::File(key), &wrapping).unwrap();
        assert_eq!(fetch(&app, &address).await.status(), status, "{minutes} minutes ago");
    }
    let http = reqwest::Client::new();
    for method in [Method::PUT, Method::DELETE] {
        let answer = http.request(method, &file.url).body("z").send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(fetch(&app, &file.url).await.bytes().await.unwrap(), "x");
    // The page may show pictures of that origin, and of no other.
    let page = app.visitor().send_raw(Method::GET, "/", |request| request).await.is(200);
    assert!(page.header("content-security-policy").contains(&format!("img-src 'self' data: {origin};")));
    // Somebody without the key gets nothing in.
    let wrong = App::start_with(Setup { bucket: Some(server.bucket_with_key("guessed")), ..Setup::default() }).await;
    let dora = wrong.customer("dora").await;
    dora.upload("a.txt", b"x".to_vec()).await.is(503).refused(ErrorCode::Unavailable);
    assert!(wrong.state.files.check().await.is_err());
    app.state.files.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_ticket_takes_its_files_with_it() {
    for (app, _server) in desks().await {
        let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
        let (ticket, addresses) = ticket_with_files(&carl, &ana).await;
        let kept = carl.uploads("kept.txt", b"kept").await.id;
        carl.opens_with("Kept", "Mine", &[kept]).await;
        assert_eq!(objects(&app).await, 5, "a text, a picture and its small one, a note's file, and another ticket's");
        for address in &addresses {
            assert_eq!(fetch(&app, address).await.status(), 200);
        }
        carl.delete(&at(&ticket)).await.is(204);
        if app.state.files.folder().is_some() {
            for address in &addresses {
                assert_eq!(fetch(&app, address).await.status(), 404, "at once");
            }
        }
        app.run_jobs().await;
        for address in &addresses {
            assert_eq!(fetch(&app, address).await.status(), 404);
        }
        assert_eq!(objects(&app).await, 1);
        let rows: i64 =
            app.database.connect().await.query_one("select count(*) from attachments", &[]).await.unwrap().get(0);
        assert_eq!(rows, 1);
        carl.get(&format!("/attachments/{kept}")).await.is(200);
    }
}

/// A ticket with three files, one of them a note's, and four addresses.
async fn ticket_with_files(carl: &Actor, ana: &Actor) -> (TicketView, Vec<String>) {
    let ticket = carl.opens_with("Hive", "Help", &[carl.uploads("a.txt", b"x").await.id]).await;
    let photo = carl.uploads("b.png", &see_through(600, 400)).await.id;
    let comment = carl.comments_with(&ticket, "Look", &[photo]).await;
    let note = json!({ "message": "Hm", "internal": true, "attachment_ids": [ana.uploads("c.txt", b"z").await.id] });
    let note: api_types::comments::CommentView =
        ana.post(&format!("{}/comments", at(&ticket)), note).await.is(201).ok();
    let picture = &comment.attachments[0];
    let addresses = vec![
        ticket.attachments[0].download_url.clone(),
        picture.url.clone(),
        picture.thumbnail.clone().unwrap().url,
        note.attachments[0].url.clone(),
    ];
    (ticket, addresses)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_runs_twice_is_one() {
    for (app, _server) in desks().await {
        let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
        let (ticket, _) = ticket_with_files(&carl, &ana).await;
        carl.delete(&at(&ticket)).await.is(204);
        let database = app.database.connect().await;
        let again =
            "insert into jobs (kind, payload, run_at) select kind, payload, run_at from jobs where kind = 'erase_file'";
        assert_eq!(database.execute(again, &[]).await.unwrap(), 3);
        app.run_jobs().await;
        assert_eq!(objects(&app).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_holds_up_uploads_and_nothing_else() {
    let mut server = S3Server::start().await;
    let app = App::start_with(Setup { bucket: Some(server.bucket()), ..Setup::default() }).await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let (ticket, addresses) = ticket_with_files(&carl, &ana).await;
    let other = carl.opens("Other", "Help").await;
    let waiting = carl.uploads("waiting.txt", b"x").await.id;
    server.stop().await;
    let refused: Answer = carl.upload("b.txt", b"y".to_vec()).await.is(503);
    refused.refused(ErrorCode::Unavailable);
    carl.comments(&other, "Without a file").await;
    carl.comments_with(&other, "With one that is there", &[waiting]).await;
    carl.sees(&ticket).await;
    app.visitor().get("/health").await.is(204);
    carl.delete(&at(&ticket)).await.is(204);
    carl.get(&at(&ticket)).await.is(404);
    // It asks again, later and later, for as long as it takes: longer than any job may fail.
    for _ in 0..20 {
        app.run_jobs().await;
        let waits: i64 = app
            .database
            .connect()
            .await
            .query_one("select count(*) from jobs where kind = 'erase_file'", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(waits, 4, "the three of the ticket, and what the refused upload may have left");
        app.advance(SignedDuration::from_hours(1));
    }
    server.resume().await;
    app.run_jobs().await;
    for address in &addresses {
        assert_eq!(fetch(&app, address).await.status(), 404);
    }
    assert_eq!(objects(&app).await, 1, "the one that was sent meanwhile");
    // Everybody's session has ended in these twenty hours.
    let carl = app.sign_in(carl.id()).await;
    carl.uploads("b.txt", b"y").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_cannot_be_written_down_leaves_the_store() {
    for (app, _server) in desks().await {
        let carl = app.customer("carl").await;
        let conn = app.database.connect().await;
        // Postgres stops at the moment of writing.
        let stop = "create function stop() returns trigger language plpgsql as
             $$ begin raise 'the database system is shutting down'; end $$;
             create trigger stop before insert on attachments for each row
             when (new.filename = 'lost.txt') execute function stop()";
        conn.batch_execute(stop).await.unwrap();
        carl.upload("lost.txt", b"x".to_vec()).await.is(503);
        assert_eq!(objects(&app).await, 1);
        app.run_jobs().await;
        assert_eq!(objects(&app).await, 0);
        carl.uploads("kept.txt", b"x").await;
        app.advance(SignedDuration::from_hours(2));
        app.run_jobs().await;
        assert_eq!(objects(&app).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_sends_is_swept_after_a_day() {
    for (app, _server) in desks().await {
        let carl = app.customer("carl").await;
        let sent = carl.uploads("sent.txt", b"x").await.id;
        let forgotten = carl.uploads("forgotten.png", &picture(600, 600, ImageFormat::Png)).await.id;
        carl.opens_with("Hive", "Help", &[sent]).await;
        app.advance(SignedDuration::from_hours(24));
        sweep(&app).await;
        app.run_jobs().await;
        let carl = app.sign_in(carl.id()).await;
        carl.get(&format!("/attachments/{forgotten}")).await.is(200);
        app.advance(SignedDuration::from_secs(1));
        sweep(&app).await;
        app.run_jobs().await;
        carl.get(&format!("/attachments/{forgotten}")).await.is(404);
        carl.get(&format!("/attachments/{sent}")).await.is(200);
        assert_eq!(objects(&app).await, 1);
        let body = json!({ "title": "Late", "message": "Help", "attachment_ids": [forgotten] });
        carl.post("/tickets", body).await.is(422);
        assert_eq!(carl.titles("").await, ["Hive"]);
    }
}

/// While a claim holds the row, the sweep leaves it; while the sweep holds it, the claim waits and finds nothing.
#[tokio::test(flavor = "multi_thread")]
async fn between_a_claim_and_the_sweep_the_row_decides() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let ticket = carl.opens("Hive", "Help").await;
    let (first, second) = (carl.uploads("a.txt", b"x").await.id, carl.uploads("b.txt", b"y").await.id);
    app.advance(SignedDuration::from_hours(25));
    let carl = app.sign_in(carl.id()).await;
    let database = app.database.connect().await;
    // A claim that has the row and waits for the ticket.
    let mut blocker = app.database.connect().await;
    let lock = blocker.transaction().await.unwrap();
    lock.execute("select from tickets where id = $1 for update", &[&ticket.summary.id.0]).await.unwrap();
    let path = format!("{}/comments", at(&ticket));
    let claim = async |id: AttachmentId| carl.post(&path, json!({ "message": "Look", "attachment_ids": [id] })).await;
    let waits = "exists (select from pg_stat_activity where datname = current_database() and application_name = 'waggle' and wait_event_type = 'Lock')";
    let (claimed, ()) = tokio::join!(claim(first), async {
        until(&database, waits).await;
        sweep(&app).await;
        lock.commit().await.unwrap();
    });
    claimed.is(201);
    carl.get(&format!("/attachments/{first}")).await.is(200);
    carl.get(&format!("/attachments/{second}")).await.is(404);
    // A sweep that has the row, and has not ended.
    let third = carl.uploads("c.txt", b"z").await.id;
    let sweeping = blocker.transaction().await.unwrap();
    sweeping.execute("delete from attachments where id = $1", &[&third.0]).await.unwrap();
    let (claimed, ()) = tokio::join!(claim(third), async {
        until(&database, waits).await;
        sweeping.commit().await.unwrap();
    });
    claimed.is(422);
    assert_eq!(carl.thread(&ticket).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_and_the_rows_are_compared() {
    for (app, _server) in desks().await {
        let carl = app.customer("carl").await;
        let lost = carl.uploads("lost.txt", b"x").await.id;
        carl.uploads("orphan.png", &picture(600, 600, ImageFormat::Png)).await;
        carl.uploads("sound.txt", b"z").await;
        let database = app.database.connect().await;
        let key: uuid::Uuid =
            database.query_one("select storage_key from attachments where id = $1", &[&lost.0]).await.unwrap().get(0);
        app.state.files.remove(Object::File(key)).await.unwrap();
        database.execute("delete from attachments where filename = 'orphan.png'", &[]).await.unwrap();
        let hour = Duration::from_secs(3600);
        let found = attachments::sweep_store(&app.state, hour, true).await.unwrap();
        assert!(found.orphans.is_empty(), "they may belong to an upload that is under way");
        assert_eq!(found.missing.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [lost]);
        let found = attachments::sweep_store(&app.state, Duration::ZERO, false).await.unwrap();
        assert_eq!((found.orphans.len(), objects(&app).await), (2, 3), "nothing goes unasked");
        attachments::sweep_store(&app.state, Duration::ZERO, true).await.unwrap();
        assert_eq!(objects(&app).await, 1);
    }
}
