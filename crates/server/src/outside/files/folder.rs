//! Files in a folder of this machine.
//!
//! Invariant: an object has its name only after its bytes are on the disk, and the name is on the disk before
//! anybody is told.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use actix_web::web::Bytes;
use anyhow::{Context, Result, anyhow, ensure};
use tokio::{io::AsyncReadExt, sync::Semaphore, task::spawn_blocking};

use super::{
    Object, Stored,
    incoming::{self, Received},
};

/// So much of a file is read at a time.
const PIECE: usize = 64 * 1024;

static SYNCING: Semaphore = Semaphore::const_new(2);

/// A folder of objects, each under its random name.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Where an object is, or would be.
    pub fn path(&self, object: Object) -> PathBuf {
        self.0.join(object.to_string())
    }

    pub(super) async fn keep(&self, received: &Received, object: Object) -> Result<()> {
        let (folder, from, to, expected) =
            (self.0.clone(), received.path().to_owned(), self.path(object), received.crc32);
        // More at once would not make the disk faster.
        let _turn = SYNCING.acquire().await?;
        spawn_blocking(move || {
            make(&folder)?;
            let file = File::open(&from)?;
            // The processor reads again while the disk still writes.
            let (synced, found) = std::thread::scope(|scope| {
                let syncing = scope.spawn(|| file.sync_all());
                let found = incoming::checksum(&from);
                (syncing.join(), found)
            });
            synced.map_err(|_| anyhow!("the thread that syncs panicked"))??;
            ensure!(found? == expected, "the disk gave back other bytes than it was given");
            fs::rename(&from, &to)?;
            sync(&folder)
        })
        .await?
        .context("the folder of files")
    }

    pub(super) async fn open(&self, object: Object) -> Result<Option<tokio::fs::File>> {
        match tokio::fs::File::open(self.path(object)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => Ok(Some(opened.context("the folder of files")?)),
        }
    }

    pub(super) async fn remove(&self, object: Object) -> Result<()> {
        let (folder, path) = (self.0.clone(), self.path(object));
        spawn_blocking(move || {
            match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                removed => removed?,
            }
            sync(&folder)?;
            ensure!(!fs::exists(&path)?, "an object is still there");
            Ok(())
        })
        .await?
        .context("the folder of files")
    }

    pub(super) async fn list(&self) -> Result<Vec<Stored>> {
        let folder = self.0.clone();
        spawn_blocking(move || list(&folder)).await?.context("the folder of files")
    }

    pub(super) async fn check(&self) -> Result<()> {
        let folder = self.0.clone();
        spawn_blocking(move || make(&folder)).await?.context("the folder of files")
    }
}

/// The next piece of an open file, or its end.
pub(super) async fn next(file: &mut tokio::fs::File) -> Result<Option<Bytes>> {
    let mut piece = vec![0; PIECE];
    let count = file.read(&mut piece).await.context("the folder of files")?;
    piece.truncate(count);
    Ok((count > 0).then(|| piece.into()))
}

fn list(folder: &Path) -> Result<Vec<Stored>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        // What is not named as ours is somebody else's, and none of our business.
        let Some(object) = entry.file_name().to_str().and_then(Object::named) else { continue };
        match entry.metadata().and_then(|metadata| metadata.modified()) {
            // It went while we looked.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            since => found.push(Stored { object, since: since? }),
        }
    }
    Ok(found)
}

/// Makes the folder, and its name durable.
fn make(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        incoming::make_private(folder)?;
        folder.ancestors().skip(1).take(2).try_for_each(sync)?;
    }
    Ok(())
}

fn sync(folder: &Path) -> Result<()> {
    Ok(File::open(folder)?.sync_all()?)
}
