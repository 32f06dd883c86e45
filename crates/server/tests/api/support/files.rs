//! Files: how they are made, uploaded and fetched.
//!
//! Invariant: what an upload helper gives back was acknowledged by the server.

use api_types::{
    attachments::{AttachmentId, AttachmentView, UploadLimits, Uploaded},
    comments::CommentView,
    tickets::TicketView,
};
use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;

use super::{Actor, Answer, Caller, at};

impl Caller {
    /// Uploads as a browser does.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> Answer {
        self.upload_to("/attachments", name, bytes).await
    }

    /// The same for an operation that takes another kind of file.
    pub async fn upload_to(&self, path: &str, name: &str, bytes: Vec<u8>) -> Answer {
        let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
        self.send(Method::POST, path, |request| request.multipart(form)).await
    }

    /// Sends a body of any shape, as a form of the boundary `bee`.
    pub async fn upload_raw(&self, body: impl Into<reqwest::Body>) -> Answer {
        let body = body.into();
        self.send(Method::POST, "/attachments", |request| {
            request.header("Content-Type", "multipart/form-data; boundary=bee").body(body)
        })
        .await
    }
}

impl Actor {
    pub async fn uploads(&self, name: &str, bytes: &[u8]) -> Uploaded {
        self.upload(name, bytes.to_vec()).await.is(201).ok()
    }

    pub async fn upload_limits(&self) -> UploadLimits {
        self.get("/attachments/limits").await.is(200).ok()
    }

    /// The file's card, with fresh addresses.
    pub async fn looks_at(&self, id: AttachmentId) -> AttachmentView {
        self.get(&format!("/attachments/{id}")).await.is(200).ok()
    }

    pub async fn opens_with(&self, title: &str, message: &str, files: &[AttachmentId]) -> TicketView {
        let body = json!({ "title": title, "message": message, "attachment_ids": files });
        self.post("/tickets", body).await.is(201).ok()
    }

    pub async fn comments_with(&self, ticket: &TicketView, message: &str, files: &[AttachmentId]) -> CommentView {
        let body = json!({ "message": message, "attachment_ids": files });
        self.post(&format!("{}/comments", at(ticket)), body).await.is(201).ok()
    }
}

/// One part of a form of the boundary `bee`, with nothing after it.
pub fn part(name: &str, filename: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("--bee\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// A form of one part.
pub fn form(name: &str, filename: &str, bytes: &[u8]) -> Vec<u8> {
    [part(name, filename, bytes), b"--bee--\r\n".to_vec()].concat()
}

/// A picture of this size, in any of the four kinds.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let opaque = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let picture = match format {
        ImageFormat::Gif => DynamicImage::from(opaque).into_rgba8().into(),
        _ => DynamicImage::from(opaque),
    };
    encoded(&picture, format)
}

/// A picture that lets through what is behind it.
pub fn see_through(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbaImage::from_fn(width, height, |x, _| image::Rgba([200, 100, 0, (x % 256) as u8]));
    encoded(&picture.into(), ImageFormat::Png)
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}
