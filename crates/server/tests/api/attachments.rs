//! Attachments: uploaded, claimed, seen, and gone.

use api_types::{
    attachments::AttachmentId,
    comments::CommentView,
    error::{ErrorCode, FieldCode},
    tickets::TicketView,
};
use image::ImageFormat;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::support::{
    App, at,
    files::{form, part, picture},
};

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
        let shown = app.visitor().send_raw(Method::GET, &picture.url, |request| request).await.is(200);
        assert_eq!((shown.body == photo, shown.header("content-type")), (true, "image/jpeg"));
        assert!(shown.header("content-disposition").starts_with("inline; "), "{}", shown.header("content-disposition"));
        let saved = app.visitor().send_raw(Method::GET, &table.download_url, |request| request).await.is(200);
        assert_eq!(saved.body, b"hive;bees\n1;40000\n");
        assert!(saved.header("content-disposition").starts_with("attachment; "));
        let small = picture.thumbnail.as_ref().unwrap();
        assert_eq!((small.width, small.height), (480, 320));
        let drawn = app.visitor().send_raw(Method::GET, &small.url, |request| request).await.is(200);
        let drawn = image::load_from_memory(&drawn.body).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (480, 320));
    }
}
