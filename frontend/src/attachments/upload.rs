//! One file of a message that is being written, and what becomes of it.
//!
//! Invariant: a file that is kept has the server's id; no other state has one.

use api_types::attachments::{AttachmentId, AttachmentView};
use uuid::Uuid;

use super::{kept::KeptFile, refusal::Refusal};

#[derive(Clone, PartialEq)]
pub struct Upload {
    pub key: Uuid,
    pub filename: String,
    pub size: u64,
    pub state: State,
    /// How much of it is sent.
    pub percent: u8,
    /// With its small picture, soon after it was uploaded.
    pub view: Option<AttachmentView>,
}

#[derive(Clone, PartialEq)]
pub enum State {
    Waiting,
    Running,
    Kept(AttachmentId),
    Failed(Refusal),
}

/// What has to be said about files that are not in the list.
#[derive(Clone, PartialEq)]
pub enum Notice {
    TooMany(u32),
    Folders,
    /// Their names.
    Swept(String),
}

impl Upload {
    pub fn kept(&self) -> Option<AttachmentId> {
        if let State::Kept(id) = self.state { Some(id) } else { None }
    }
}

impl From<KeptFile> for Upload {
    fn from(file: KeptFile) -> Self {
        let KeptFile { id, filename, size, view } = file;
        Self { key: id.0, filename, size, state: State::Kept(id), percent: 100, view }
    }
}
