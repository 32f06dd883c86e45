//! The store of files: a folder of this machine, or a bucket.
//!
//! Invariant: an object is whole, durable and read back before anybody is told that it is stored, and it is
//! removed only when the store has agreed that it is gone.

mod address;
mod folder;
mod incoming;
mod presign;
mod s3;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::error::{AppError, Result};

pub use address::{Form, Keys};
pub use folder::Folder;
pub use incoming::{Incoming, Received};
pub use s3::{BucketSettings, S3};

/// How long an address works.
pub const ADDRESS_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// An upload that nobody has finished in this time never will be.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// One object of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Object {
    File(Uuid),
    /// The small picture that was made of the file.
    Thumbnail(Uuid),
}

impl Object {
    const THUMBNAIL: &str = ".thumbnail";

    fn named(name: &str) -> Option<Self> {
        match name.strip_suffix(Self::THUMBNAIL) {
            Some(key) => key.parse().ok().map(Self::Thumbnail),
            None => name.parse().ok().map(Self::File),
        }
    }
}

/// The name in the store.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(key) => key.fmt(f),
            Self::Thumbnail(key) => write!(f, "{key}{}", Self::THUMBNAIL),
        }
    }
}

/// An object that the store holds.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    pub object: Object,
    pub since: SystemTime,
}

/// What a browser is told when it fetches an object.
#[derive(Clone, Debug)]
pub struct Wrapping<'a> {
    pub content_type: &'a str,
    /// The value of `Content-Disposition`.
    pub disposition: String,
}

/// Where files are.
#[derive(Clone)]
pub enum Store {
    Folder(Folder),
    S3(S3),
}

/// The store, and the folder in which uploads grow before they are handed to it. A bucket is given only files
/// that are complete, so that a refused upload leaves nothing in it, and no file is ever held in memory.
#[derive(Clone)]
pub struct Files {
    incoming: PathBuf,
    store: Store,
    keys: Keys,
}

impl Files {
    /// `folder` is this machine's own; without a bucket it is the store as well.
    pub fn new(folder: &Path, bucket: Option<S3>, secret: &[u8]) -> Self {
        let store = bucket.map_or_else(|| Store::Folder(Folder::new(folder.join("objects"))), Store::S3);
        Self { incoming: folder.join("incoming"), store, keys: Keys::new(secret) }
    }

    /// Begins a file that grows as its bytes arrive.
    pub fn receive(&self) -> Incoming {
        Incoming::new(&self.incoming)
    }

    /// Stores a received file for good. On failure nothing is left of it.
    pub async fn keep(&self, received: &Received, object: Object) -> Result<()> {
        match &self.store {
            Store::Folder(folder) => folder.keep(received, object).await,
            Store::S3(bucket) => bucket.keep(received, object).await,
        }
        .map_err(away)
    }

    /// Begins to read an object. Nothing when it is not there.
    pub async fn open(&self, object: Object) -> Result<Option<Reading>> {
        match &self.store {
            Store::Folder(folder) => folder.open(object).await.map(|file| file.map(Reading::Folder)),
            Store::S3(bucket) => bucket.open(object).await.map(|body| body.map(Reading::S3)),
        }
        .map_err(away)
    }

    /// Removes an object, and looks whether it is gone. What is not there is gone.
    pub async fn remove(&self, object: Object) -> Result<()> {
        match &self.store {
            Store::Folder(folder) => folder.remove(object).await,
            Store::S3(bucket) => bucket.remove(object).await,
        }
        .map_err(away)
    }

    /// Everything that the store holds.
    pub async fn list(&self) -> Result<Vec<Stored>> {
        match &self.store {
            Store::Folder(folder) => folder.list().await,
            Store::S3(bucket) => bucket.list().await,
        }
        .map_err(away)
    }

    /// Whether the store can be reached with the settings that were given.
    pub async fn check(&self) -> Result<()> {
        match &self.store {
            Store::Folder(folder) => folder.check().await,
            Store::S3(bucket) => bucket.check().await,
        }
        .map_err(away)
    }

    /// An address at which anybody may fetch the object until it expires, [`ADDRESS_LIFETIME`] from now.
    pub fn sign(
        &self,
        now: Timestamp,
        attachment: Uuid,
        form: Form,
        object: Object,
        wrapping: &Wrapping<'_>,
    ) -> Result<String> {
        match &self.store {
            Store::Folder(_) => Ok(self.keys.sign(attachment, form, expiry(now))),
            Store::S3(bucket) => bucket.sign(object, wrapping).map_err(AppError::internal),
        }
    }

    /// Whether an address of the folder store was signed here and is good now.
    pub fn verify(&self, now: Timestamp, attachment: Uuid, form: Form, expires: i64, signature: &str) -> bool {
        now.as_second() < expires && self.keys.verify(attachment, form, expires, signature)
    }

    /// The folder store, if that is where files are.
    pub fn folder(&self) -> Option<&Folder> {
        match &self.store {
            Store::Folder(folder) => Some(folder),
            Store::S3(_) => None,
        }
    }

    /// The origin that browsers fetch files from, if it is not the desk's own.
    pub fn origin(&self) -> Option<String> {
        match &self.store {
            Store::Folder(_) => None,
            Store::S3(bucket) => Some(bucket.origin()),
        }
    }

    /// Clears away the uploads that a process left when it died.
    pub async fn clear_abandoned(&self) -> Result<()> {
        let folder = self.incoming.clone();
        tokio::task::spawn_blocking(move || incoming::clear(&folder, ABANDONED))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }
}

/// An object that is being read, piece by piece.
pub enum Reading {
    Folder(tokio::fs::File),
    S3(s3::Body),
}

impl Reading {
    /// The next piece, or the end.
    pub async fn next(&mut self) -> Result<Option<actix_web::web::Bytes>> {
        match self {
            Self::Folder(file) => folder::next(file).await,
            Self::S3(body) => s3::next(body).await,
        }
        .map_err(away)
    }
}

/// When an address that is signed now expires.
pub fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(ADDRESS_LIFETIME).unwrap_or(now)
}

fn away(error: anyhow::Error) -> AppError {
    AppError::unavailable(error).detail("The store of files is away. Try again in a moment.")
}
