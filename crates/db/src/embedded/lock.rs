//! The two locks of a data directory: who uses its cluster, and who starts or stops it just now.
//!
//! Invariant: the lock on changes is held only while starting or stopping, the lock on use for as
//! long as the cluster is used. The kernel releases both when their process ends, however it ends.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use super::error::{EmbeddedError, io};

/// Waits for the right to start or stop the cluster.
pub(super) async fn exclusive(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("postgres.lock");
    let file = open(&path)?;
    // A start may have a recovery to wait for.
    for _ in 0..12_000 {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(25)).await,
            Err(TryLockError::Error(error)) => return Err(io(&path)(error)),
        }
    }
    Err(EmbeddedError::Busy(data_dir.to_owned()))
}

/// Enters this process among the users of the cluster.
pub(super) fn shared(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("postgres.users");
    let file = open(&path)?;
    file.lock_shared().map_err(io(&path))?;
    Ok(file)
}

/// Tells whether no process is among the users. A program that this process is just starting holds its locks for an
/// instant, so a user is believed in only after a while.
pub(super) async fn nobody_uses(data_dir: &Path) -> Result<bool, EmbeddedError> {
    let path = data_dir.join("postgres.users");
    for _ in 0..8 {
        match open(&path)?.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(25)).await,
            Err(TryLockError::Error(error)) => return Err(io(&path)(error)),
        }
    }
    Ok(false)
}

fn open(path: &Path) -> Result<File, EmbeddedError> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path).map_err(io(path))
}
