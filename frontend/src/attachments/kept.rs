//! A file that the server keeps for a message not sent yet.

use api_types::attachments::{AttachmentId, AttachmentView};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptFile {
    pub id: AttachmentId,
    pub filename: String,
    pub size: u64,
    /// Its addresses end, so this browser does not remember them.
    #[serde(skip)]
    pub view: Option<AttachmentView>,
}
