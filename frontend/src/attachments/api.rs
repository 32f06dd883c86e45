//! The calls of this room.

use api_types::attachments::{AttachmentId, AttachmentView, UploadLimits, Uploaded};
use uuid::Uuid;
use web_sys::File;

use crate::api::{self, Failure, Sending};

pub async fn limits() -> Result<UploadLimits, Failure> {
    api::get("/attachments/limits".to_owned()).await
}

/// The file with addresses of now.
pub async fn look(id: AttachmentId) -> Result<AttachmentView, Failure> {
    api::get(format!("/attachments/{id}")).await
}

pub async fn upload(
    file: File,
    key: Uuid,
    sending: Sending,
    progress: impl Fn(u8) + 'static,
) -> Result<Uploaded, Failure> {
    api::upload("/attachments", file, key.to_string(), sending, progress).await
}

/// Takes back a file that was not sent with anything.
pub async fn take_back(id: AttachmentId) -> Result<(), Failure> {
    api::delete(format!("/attachments/{id}")).await
}
