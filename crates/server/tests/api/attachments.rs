//! Attachments: uploaded, claimed, seen, and refused.

use std::time::Duration;

use api_types::{
    attachments::{AttachmentId, Uploaded},
    comments::CommentView,
    error::{ErrorCode, FieldCode},
    tickets::TicketView,
};
use image::{ImageEncoder, ImageFormat};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use server::attachments::Rules;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    idempotency::one_did_it,
    support::{
        Answer, App, Caller,
        app::{RULES, Setup},
        at,
        files::{form, part, picture, see_through},
    },
};

async fn fetch(app: &App, address: &str) -> Answer {
    app.visitor().send_raw(Method::GET, address, |request| request).await
}

/// What the folder store holds, and what is still arriving.
fn left_on_disk(app: &App) -> Vec<String> {
    let mut names: Vec<String> = ["objects", "incoming"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(app.folder.path().join(folder)).into_iter().flatten())
        .map(|entry| entry.unwrap().path().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_travels_from_the_form_to_the_reader() {
    let app = App::start().await;
    let (carl, ana) = (app.customer("carl").await, app.agent("ana").await);
    let photo = picture(900, 600, ImageFormat::Jpeg);
    let uploaded = carl.uploads("Rûche \"3\".jpg", &photo).await;
    assert_eq!((uploaded.filename.as_str(), uploaded.content_type.as_str()), ("Rûche \"3\".jpg", "image/jpeg"));
    assert_eq!(uploaded.size, photo.len() as u64);
    let csv = carl.uploads("counts.csv", b"hive;bees\n1;40000\n").await;
    let ticket = carl.opens_with("Hive", "Look", &[uploaded.id, csv.id]).await;
    assert_eq!(ticket.attachments.iter().map(|file| file.id).collect::<Vec<_>>(), [uploaded.id, csv.id]);
    assert_eq!(ticket.attachments, ticket.comments.items[0].attachments);
    for reader in [&carl, &ana] {
        let seen = reader.sees(&ticket).await;
        assert_eq!(seen.attachments, ticket.attachments);
        let [picture, table] = &seen.attachments[..] else { panic!("{seen:?}") };
        assert!(picture.inline && !table.inline && table.thumbnail.is_none());
        assert_eq!(picture.expires_at, app.now() + SignedDuration::from_hours(1));
        // Whoever holds an address needs no session.
        let shown = fetch(&app, &picture.url).await.is(200);
        assert_eq!((shown.body == photo, shown.header("content-type")), (true, "image/jpeg"));
        assert!(shown.header("content-disposition").starts_with("inline; "));
        assert_eq!(shown.header("cache-control"), "private, max-age=3600, immutable");
        let saved = fetch(&app, &table.download_url).await.is(200);
        assert_eq!(saved.body, b"hive;bees\n1;40000\n");
        // Not a picture: however it is asked for, it is saved and not shown.
        for address in [&table.url, &table.download_url] {
            let header = fetch(&app, address).await.is(200).header("content-disposition").to_owned();
            assert!(header.starts_with("attachment; filename=\"counts.csv\""), "{header}");
        }
        let small = picture.thumbnail.as_ref().unwrap();
        assert_eq!((small.width, small.height), (480, 320));
        let drawn = image::load_from_memory(&fetch(&app, &small.url).await.is(200).body).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (480, 320));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_arrive_as_people_gave_them() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let long = format!("{}.txt", "é".repeat(196));
    for (given, kept) in [
        ("Rûche nº 3.txt", "Rûche nº 3.txt"),
        ("דו״ח כוורת.txt", "דו״ח כוורת.txt"),
        (long.as_str(), long.as_str()),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("bill\u{202E}fdp.exe", "billfdp.exe"),
    ] {
        let id = carl.uploads(given, b"x").await.id;
        let file = carl.looks_at(id).await;
        assert_eq!(file.filename, kept);
        let header = fetch(&app, &file.download_url).await.is(200).header("content-disposition").to_owned();
        let (_, extended) = header.split_once("filename*=UTF-8''").expect("RFC 8187");
        let pairs: Vec<_> = form_urlencoded::parse(format!("n={extended}").as_bytes()).into_owned().collect();
        assert_eq!(pairs[0].1, kept);
    }
    // As browsers write a quote.
    let file: Uploaded = carl.upload_raw(form("file", "a%22b.txt", b"x")).await.is(201).ok();
    assert_eq!(file.filename, "a\"b.txt");
    for bad in ["", "..", &"x".repeat(201)] {
        carl.upload_raw(form("file", bad, b"x")).await.is(422).refused(ErrorCode::Invalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_is_found_in_the_bytes_and_only_pictures_are_shown() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, bytes, found, inline) in [
        ("a.png", picture(8, 8, ImageFormat::Png), "image/png", true),
        ("b.png", picture(8, 8, ImageFormat::Gif), "image/gif", true),
        ("c.txt", picture(8, 8, ImageFormat::WebP), "image/webp", true),
        ("d.png", svg.to_vec(), "image/svg+xml", false),
        ("e.png", b"<!doctype html><script>alert(1)</script>".to_vec(), "text/html", false),
        ("f.png", b"%PDF-1.7\n".to_vec(), "application/pdf", false),
        // It begins as a picture, and is none.
        ("g.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>".to_vec(), "image/png", false),
    ] {
        let id = carl.uploads(name, &bytes).await.id;
        let file = carl.looks_at(id).await;
        assert_eq!((file.content_type.as_str(), file.inline), (found, inline), "{name}");
        assert_eq!(file.thumbnail.is_some(), inline, "{name}");
        let shown = fetch(&app, &file.url).await.is(200);
        let expected = if inline { "inline; " } else { "attachment; " };
        assert!(shown.header("content-disposition").starts_with(expected), "{name}");
        assert!(shown.header("content-security-policy").contains("sandbox"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn small_pictures_stand_upright_and_tell_nothing_of_the_camera() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    // An orientation of 6 means: turn it a quarter to the right.
    let secret = b"GPS 48.1173 -1.6778";
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(secret);
    let pixels = image::load_from_memory(&picture(600, 300, ImageFormat::Png)).unwrap().into_rgb8();
    let mut photo = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut photo);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&pixels).unwrap();
    assert!(photo.windows(secret.len()).any(|part| part == secret), "the photograph holds it");
    let file = carl.looks_at(carl.uploads("photo.jpg", &photo).await.id).await;
    let small = file.thumbnail.unwrap();
    assert_eq!((small.width, small.height), (240, 480));
    let drawn = fetch(&app, &small.url).await.is(200).body;
    for trace in [&b"Exif"[..], secret] {
        assert!(!drawn.windows(trace.len()).any(|part| part == trace), "{trace:?}");
    }
    // What is behind a picture shows through its small one as well.
    let file = carl.looks_at(carl.uploads("logo.png", &see_through(600, 600)).await.id).await;
    let drawn = fetch(&app, &file.thumbnail.unwrap().url).await.is(200);
    assert_eq!(drawn.header("content-type"), "image/png");
    assert!(image::load_from_memory(&drawn.body).unwrap().color().has_alpha());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_kept_and_never_drawn() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let bomb = picture(30_000, 30, ImageFormat::Png);
    let file = carl.looks_at(carl.uploads("bomb.png", &bomb).await.id).await;
    assert!(!file.inline && file.thumbnail.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_file_can_be_asked_for() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let file = carl.looks_at(carl.uploads("film.bin", &bytes).await.id).await;
    let ask = async |method: Method, name: &str, value: &str| {
        let (name, value) = (name.to_owned(), value.to_owned());
        app.visitor().send_raw(method, &file.url, |request| request.header(name, value)).await
    };
    let whole = fetch(&app, &file.url).await.is(200);
    assert_eq!((whole.body == bytes, whole.header("accept-ranges")), (true, "bytes"));
    let middle = ask(Method::GET, "Range", "bytes=100000-100009").await.is(206);
    assert_eq!(middle.body, bytes[100_000..100_010]);
    assert_eq!(middle.header("content-range"), "bytes 100000-100009/200000");
    assert_eq!(ask(Method::GET, "Range", "bytes=-3").await.is(206).body, bytes[199_997..]);
    let beyond = ask(Method::GET, "Range", "bytes=200000-").await.is(416);
    assert_eq!(beyond.header("content-range"), "bytes */200000");
    let etag = whole.header("etag").to_owned();
    assert!(!etag.is_empty());
    assert!(ask(Method::GET, "If-None-Match", &etag).await.is(304).body.is_empty());
    let head = ask(Method::HEAD, "Accept", "*/*").await.is(200);
    assert_eq!((head.header("content-length"), head.body.len()), ("200000", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_good_as_it_was_given_and_for_an_hour() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let file = carl.looks_at(carl.uploads("a.txt", b"x").await.id).await;
    let other = carl.looks_at(carl.uploads("b.txt", b"y").await.id).await;
    fetch(&app, &file.url).await.is(200);
    let (path, query) = file.url.split_once('?').unwrap();
    let signature = query.split_once("signature=").unwrap().1;
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    for altered in [
        path.to_owned(),
        format!("{path}?{}", query.replace(signature, &format!("{flipped}{}", &signature[1..]))),
        format!("{path}?{}", query.replace("expires=1", "expires=2")),
        format!("{path}?{}", query.split_once("&signature").unwrap().0),
        format!("{}?{query}", other.url.split_once('?').unwrap().0),
        file.url.replace("/download?", "/inline?"),
        file.url.replace("/download?", "/thumbnail?"),
        file.url.replace("/download?", "/original?"),
        format!("/files/{}/download?{query}", AttachmentId::new()),
    ] {
        assert_ne!(altered, file.url);
        fetch(&app, &altered).await.is(403).refused(ErrorCode::Forbidden);
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let answer = app.visitor().send_raw(method, &file.url, |request| request).await;
        answer.is(405).refused(ErrorCode::MethodNotAllowed);
    }
    app.advance(SignedDuration::from_secs(3599));
    fetch(&app, &file.url).await.is(200);
    app.advance(SignedDuration::from_secs(1));
    fetch(&app, &file.url).await.is(403).refused(ErrorCode::Forbidden);
    let fresh = app.sign_in(carl.id()).await.looks_at(file.id).await;
    assert_ne!(fresh.url, file.url);
    fetch(&app, &fresh.url).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_upload_is_refused_in_words_and_leaves_nothing() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    let limit = usize::try_from(RULES.max_size).unwrap();
    let whole = form("file", "a.txt", b"text");
    let two = [part("file", "a.txt", b"x"), form("file", "b.txt", b"y")].concat();
    carl.upload_raw(form("file", "a.txt", b"")).await.is(422).refused_field("/file", FieldCode::Required);
    carl.upload_raw("--bee--\r\n").await.is(422).refused_field("/file", FieldCode::Required);
    carl.upload_raw(form("photo", "a.txt", b"x")).await.is(422).refused_field("/", FieldCode::UnknownField);
    carl.upload_raw(two).await.is(422).refused_field("/file", FieldCode::NotPossible);
    for cut in [whole.len() - 6, whole.len() - 12, 20] {
        carl.upload_raw(whole[..cut].to_vec()).await.is(400).refused(ErrorCode::Malformed);
    }
    carl.upload_raw("what is this").await.is(400).refused(ErrorCode::Malformed);
    carl.post("/attachments", json!({})).await.is(415).refused(ErrorCode::UnsupportedMediaType);
    carl.call("/attachments").await.is(415).refused(ErrorCode::UnsupportedMediaType);
    // One byte too many, in a form that tells its length, and in one that does not.
    let too_much = form("file", "a.bin", &vec![7; limit + 1]);
    let problem = carl.upload_raw(too_much.clone()).await.is(413).refused(ErrorCode::TooLarge);
    assert!(problem.detail.contains("6 MB"), "{}", problem.detail);
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        too_much.chunks(50_000).map(|piece| Ok(piece.to_vec())).collect();
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    carl.upload_raw(stream).await.is(413).refused(ErrorCode::TooLarge);
    assert_eq!((left_on_disk(&app), carl.upload_limits().await.used), (Vec::new(), 0));
    let exact: Uploaded = carl.upload("a.bin", vec![7; limit]).await.is(201).ok();
    assert_eq!(exact.size, RULES.max_size);
}

/// Sends bytes as they are, and answers the status line.
async fn raw(app: &App, caller: &Caller, head: &str, body: &[u8], hang_up: bool) -> String {
    let token = caller.token.as_deref().unwrap();
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST /api/v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=bee\r\n{head}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A server that has answered may read no more.
    stream.write_all(body).await.ok();
    if hang_up {
        stream.shutdown().await.unwrap();
    }
    let mut answer = vec![0; 12];
    let count = stream.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..count]).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_lies_about_the_length_gains_nothing() {
    let setup = Setup { rules: Rules { patience: Duration::from_secs(1), ..RULES }, ..Setup::default() };
    let app = App::start_with(setup).await;
    let carl = app.customer("carl").await;
    let body = form("file", "a.txt", b"text");
    // Too long to be true: refused before a byte of it is read.
    let answer = raw(&app, &carl, &format!("Content-Length: {}", u64::MAX / 2), b"", false).await;
    assert_eq!(answer, "HTTP/1.1 413");
    // Longer than what comes: cut when nothing has come for too long.
    let longer = format!("Content-Length: {}", body.len() + 1000);
    assert_eq!(raw(&app, &carl, &longer, &body[..body.len() - 6], false).await, "HTTP/1.1 400");
    let shorter = format!("Content-Length: {}", body.len() - 10);
    assert_eq!(raw(&app, &carl, &shorter, &body, false).await, "HTTP/1.1 400");
    // Chunks without end.
    let start = part("file", "a.bin", b"");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let endless = [format!("{:x}\r\n", start.len()).as_bytes(), &start, b"\r\n", chunk.repeat(110).as_bytes()].concat();
    assert_eq!(raw(&app, &carl, "Transfer-Encoding: chunked", &endless, false).await, "HTTP/1.1 413");
    // A client that goes away in the middle.
    raw(&app, &carl, &longer, &body[..body.len() - 6], true).await;
    assert_eq!(carl.upload_limits().await.used, 0);
    let database = app.database.connect().await;
    crate::support::database::until(&database, "not exists (select from attachments)").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_store_so_much_and_no_more() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let five = vec![1; 5 * 1024 * 1024];
    for number in 0..3 {
        carl.uploads(&format!("{number}.bin"), &five).await;
    }
    let limits = carl.upload_limits().await;
    assert_eq!((limits.max_size, limits.quota, limits.max_count), (RULES.max_size, RULES.quota, 10));
    assert_eq!(limits.used, 15 * 1024 * 1024);
    carl.upload("3.bin", five.clone()).await.is(422).refused_field("/file", FieldCode::NotPossible);
    dora.uploads("own.bin", &five).await;
    // What was sent counts as well as what waits; what is dropped does not.
    let first = carl.uploads("small.bin", &five[..1000]).await;
    carl.delete(&format!("/attachments/{}", first.id)).await.is(204);
    assert_eq!(carl.upload_limits().await.used, limits.used);
    for number in 0..47 {
        carl.uploads(&format!("{number}.txt"), b"x").await;
    }
    carl.upload("one more.txt", b"x".to_vec()).await.is(422).refused_field("/file", FieldCode::NotPossible);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_file_is_its_uploaders_alone() {
    let app = App::start().await;
    let (carl, dora, root) = (app.customer("carl").await, app.customer("dora").await, app.admin("root").await);
    let file = carl.uploads("a.txt", b"x").await.id;
    let path = format!("/attachments/{file}");
    for other in [&dora, &root] {
        other.get(&path).await.is(404);
        other.delete(&path).await.is(404);
        let body = json!({ "title": "Mine", "message": "Now", "attachment_ids": [file] });
        other.post("/tickets", body).await.is(422).refused_field("/attachment_ids/0", FieldCode::NotPossible);
        assert!(other.titles("").await.is_empty());
    }
    let ticket = carl.opens_with("Hive", "Help", &[file]).await;
    carl.delete(&path).await.is(404);
    dora.get(&path).await.is(404);
    let address = root.looks_at(file).await.url;
    assert_eq!(fetch(&app, &address).await.is(200).body, b"x");
    // A file stands on one comment, for good.
    let again = json!({ "message": "Again", "attachment_ids": [file] });
    let answer = carl.post(&format!("{}/comments", at(&ticket)), again).await;
    answer.is(422).refused_field("/attachment_ids/0", FieldCode::NotPossible);
    assert_eq!(carl.thread(&ticket).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_files_of_a_comment_are_claimed_or_none() {
    let app = App::start().await;
    let (carl, dora) = (app.customer("carl").await, app.customer("dora").await);
    let ticket = carl.opens("Hive", "Help").await;
    let path = format!("{}/comments", at(&ticket));
    let (own, foreign) = (carl.uploads("a.txt", b"x").await.id, dora.uploads("b.txt", b"y").await.id);
    for (place, ids) in [(1, vec![own, foreign]), (0, vec![AttachmentId::new(), own])] {
        let answer = carl.post(&path, json!({ "message": "Look", "attachment_ids": ids })).await;
        answer.is(422).refused_field(&format!("/attachment_ids/{place}"), FieldCode::NotPossible);
        assert_eq!(answer_count(&app).await, (1, 2), "one comment, two waiting files");
    }
    let twice = json!({ "message": "Look", "attachment_ids": [own, own] });
    carl.post(&path, twice).await.is(422).refused_field("/attachment_ids", FieldCode::NotPossible);
    let eleven: Vec<_> = (0..11).map(|_| AttachmentId::new()).collect();
    let body = json!({ "message": "Look", "attachment_ids": eleven });
    carl.post(&path, body).await.is(422).refused_field("/attachment_ids", FieldCode::TooLong);
    let mut ten = vec![own];
    for number in 0..9 {
        ten.push(carl.uploads(&format!("{number}.txt"), b"x").await.id);
    }
    ten.reverse();
    let comment = carl.comments_with(&ticket, "Look", &ten).await;
    assert_eq!(comment.attachments.iter().map(|file| file.id).collect::<Vec<_>>(), ten, "in the order of the request");
    assert_eq!(carl.thread(&ticket).await[1], comment);
}

/// Comments, and files that wait.
async fn answer_count(app: &App) -> (i64, i64) {
    let sql = "select (select count(*) from comments), (select count(*) from attachments where comment_id is null)";
    let row = app.database.connect().await.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_internal_notes_are_the_teams() {
    let app = App::start().await;
    let (carl, ana, ben) = (app.customer("carl").await, app.agent("ana").await, app.agent("ben").await);
    let ticket = carl.opens("Hive", "Help").await;
    let file = ana.uploads("secret.txt", b"x").await.id;
    let body = json!({ "message": "Between us", "internal": true, "attachment_ids": [file] });
    let note: CommentView = ana.post(&format!("{}/comments", at(&ticket)), body).await.is(201).ok();
    assert_eq!(note.attachments.len(), 1);
    assert_eq!(ben.looks_at(file).await.filename, "secret.txt");
    carl.get(&format!("/attachments/{file}")).await.is(404);
    let shown =
        carl.get(&at(&ticket)).await.is(200).text() + &carl.get(&format!("{}/comments", at(&ticket))).await.text();
    assert!(!shown.contains("secret.txt") && !shown.contains(&file.to_string()), "{shown}");
    assert_eq!(ben.thread(&ticket).await[1].attachments, note.attachments);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_carries_the_same_files() {
    let app = App::start().await;
    let carl = app.customer("carl").await;
    // An upload.
    let upload = async |name: &str, bytes: &[u8]| {
        let body = form("file", name, bytes);
        let answer = carl.send(Method::POST, "/attachments", |request| {
            let request = request.header("Content-Type", "multipart/form-data; boundary=bee");
            request.header("Idempotency-Key", "upload").body(body)
        });
        answer.await
    };
    let first: Uploaded = upload("a.txt", b"x").await.is(201).ok();
    let again: Uploaded = upload("a.txt", b"x").await.is(201).ok();
    assert_eq!(first, again);
    upload("a.txt", b"y").await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    upload("b.txt", b"x").await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    // A ticket, twice at once.
    let body = json!({ "title": "Hive", "message": "Look", "attachment_ids": [first.id] });
    let (left, right) =
        tokio::join!(carl.post_once("t", "/tickets", body.clone()), carl.post_once("t", "/tickets", body.clone()));
    let made: TicketView = carl.post_once("t", "/tickets", body).await.is(201).ok();
    one_did_it([left, right], &made);
    assert_eq!(made.attachments.len(), 1);
    let other = json!({ "title": "Hive", "message": "Look" });
    carl.post_once("t", "/tickets", other).await.is(422).refused(ErrorCode::IdempotencyKeyReused);
    // A comment, by its own id and by the key.
    let (file, path) = (carl.uploads("c.txt", b"z").await.id, format!("{}/comments", at(&made)));
    let body = json!({ "id": api_types::comments::CommentId::new(), "message": "Look", "attachment_ids": [file] });
    let (one, two) = tokio::join!(carl.post(&path, body.clone()), carl.post(&path, body.clone()));
    let (one, two): (CommentView, CommentView) = (one.is(201).ok(), two.is(201).ok());
    assert_eq!((one.attachments.len(), &one), (1, &two));
    let mut without = body.clone();
    without["attachment_ids"] = json!([]);
    carl.post(&path, without).await.is(409).refused(ErrorCode::IdTaken);
    let keyed = json!({ "message": "More", "attachment_ids": [carl.uploads("d.txt", b"z").await.id] });
    let (one, two) = tokio::join!(carl.post_once("c", &path, keyed.clone()), carl.post_once("c", &path, keyed.clone()));
    let more: CommentView = carl.post_once("c", &path, keyed).await.is(201).ok();
    one_did_it([one, two], &more);
    assert_eq!(more.attachments.len(), 1);
    assert_eq!(carl.thread(&made).await.len(), 3);
}
