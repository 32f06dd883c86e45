//! Files that stand on tickets and comments.
//!
//! Invariant: an address in a view is signed for an hour, and made anew each time somebody looks.

use serde::{Deserialize, Serialize};

use crate::{
    error::{FieldCode, broken},
    time::Timestamp,
};

id! {
    /// A file that somebody uploaded.
    AttachmentId
}

/// How many files one comment, or a new ticket's opening message, may carry.
pub const MAX_PER_COMMENT: usize = 10;

/// The rule on the files that a comment or a ticket names.
pub(crate) fn claimable(ids: &[AttachmentId], (): &()) -> garde::Result {
    if ids.len() > MAX_PER_COMMENT {
        return Err(broken(FieldCode::TooLong, &format!("At most {MAX_PER_COMMENT} files.")));
    }
    if ids.iter().enumerate().any(|(place, id)| ids.iter().take(place).any(|earlier| earlier == id)) {
        return Err(broken(FieldCode::NotPossible, "A file is named twice."));
    }
    Ok(())
}

/// The answer to `POST /attachments`: stored, and waiting to be sent with a comment or a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Uploaded {
    pub id: AttachmentId,
    pub filename: String,
    /// Found in the file's own bytes, not in what the client said.
    pub content_type: String,
    /// In bytes.
    pub size: u64,
}

/// A file as somebody who may read it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AttachmentView {
    pub id: AttachmentId,
    pub filename: String,
    pub content_type: String,
    /// In bytes.
    pub size: u64,
    /// Where a browser may show it. It works without a session until it expires.
    pub url: String,
    /// The same, saved under its own name.
    pub download_url: String,
    /// A picture that may be shown in the thread: PNG, JPEG, GIF or WebP.
    pub inline: bool,
    /// A small picture of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<Thumbnail>,
    /// When the addresses end.
    pub expires_at: Timestamp,
}

/// A small picture, without what cameras write into large ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thumbnail {
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What the caller may upload. `GET /attachments/limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadLimits {
    /// The largest file, in bytes.
    pub max_size: u64,
    /// Files in one comment.
    pub max_count: u32,
    /// All files of one person together, in bytes.
    pub quota: u64,
    /// How much of that is used.
    pub used: u64,
}
