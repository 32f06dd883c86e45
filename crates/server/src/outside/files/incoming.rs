//! A file that is arriving, or that was made here, before the store has it.
//!
//! Invariant: of a file of any size two buffers are in memory at most, and the temporary file goes with the
//! value that stands for it, whatever ends it.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    mem,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crc32fast::Hasher as Crc32;
use sha2::{Digest, Sha256};
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, spawn_blocking},
};
use uuid::Uuid;

/// Large enough that the disk is asked seldom, small enough that many uploads fit in memory.
const BUFFER: usize = 64 * 1024;

/// What comes at once is no more than this, and so a buffer never has to grow.
const PIECE: usize = 64 * 1024;

/// After so many bytes the disk begins to write, while more arrive: otherwise all of a large file would wait for it
/// at the end.
const WRITE_BEHIND: u64 = 8 * 1024 * 1024;

/// So many uploads write at a time. More would not make the disk faster, and each would take a thread with its memory.
static WRITING: Semaphore = Semaphore::const_new(2);

/// So many make the disk write while more arrives.
static SYNCING: Semaphore = Semaphore::const_new(1);

/// A file that grows. While one buffer is written, the next fills.
pub struct Incoming {
    folder: PathBuf,
    /// Absent until the first buffer is full.
    writing: Option<JoinHandle<io::Result<Writer>>>,
    buffer: Vec<u8>,
    size: u64,
    // Both on the thread that receives: the one that writes is the slower one. Some 50 microseconds a piece.
    sha256: Sha256,
    crc32: Crc32,
}

/// A file that has arrived.
#[derive(Debug)]
pub struct Received {
    path: Temporary,
    pub size: u64,
    /// Tells one file from another.
    pub sha256: [u8; 32],
    /// Tells whether the disk gives back what it was given, ten times as fast.
    pub crc32: u32,
}

#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // It is gone already when the store has taken it over.
        fs::remove_file(&self.0).ok();
    }
}

struct Writer {
    path: Temporary,
    file: Arc<File>,
    behind: WriteBehind,
    /// The other buffer. The two take turns, so that no upload asks for memory as it goes.
    spare: Vec<u8>,
}

/// The disk's work beside ours.
#[derive(Default)]
struct WriteBehind {
    written: u64,
    running: Option<JoinHandle<()>>,
    /// The disk tells of a failure once: whoever syncs next would not hear of it.
    failed: Arc<AtomicBool>,
}

impl WriteBehind {
    fn note(&mut self, file: &Arc<File>, bytes: usize) {
        self.written += bytes as u64;
        if self.written < WRITE_BEHIND {
            return;
        }
        // The disk is busy with another file, or still with this one.
        let Ok(turn) = SYNCING.try_acquire() else { return };
        self.written = 0;
        let (file, failed) = (Arc::clone(file), Arc::clone(&self.failed));
        self.running = Some(spawn_blocking(move || {
            if file.sync_data().is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            drop(turn);
        }));
    }

    async fn finish(self) -> io::Result<()> {
        if let Some(running) = self.running {
            running.await?;
        }
        if self.failed.load(Ordering::Relaxed) { Err(io::Error::other("the disk could not write")) } else { Ok(()) }
    }
}

impl Writer {
    fn open(folder: &Path) -> io::Result<Self> {
        make_private(folder)?;
        let path = folder.join(Uuid::now_v7().to_string());
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Self { path: Temporary(path), file: Arc::new(file), behind: WriteBehind::default(), spare: Vec::new() })
    }

    fn write(mut self, mut bytes: Vec<u8>) -> io::Result<Self> {
        self.file.as_ref().write_all(&bytes)?;
        self.behind.note(&self.file, bytes.len());
        bytes.clear();
        self.spare = bytes;
        Ok(self)
    }
}

impl Incoming {
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            writing: None,
            buffer: Vec::new(),
            size: 0,
            sha256: Sha256::new(),
            crc32: Crc32::new(),
        }
    }

    /// What has arrived so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
        self.crc32.update(bytes);
        if self.buffer.capacity() == 0 {
            self.buffer.reserve_exact(BUFFER + PIECE);
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> io::Result<()> {
        let mut writer = match self.writing.take() {
            Some(writing) => Some(writing.await??),
            None => None,
        };
        let spare = writer.as_mut().map(|writer| mem::take(&mut writer.spare));
        let full = mem::replace(&mut self.buffer, spare.unwrap_or_default());
        let folder = self.folder.clone();
        let turn = WRITING.acquire().await.map_err(io::Error::other)?;
        self.writing = Some(spawn_blocking(move || {
            let writer = writer.map_or_else(|| Writer::open(&folder), Ok)?;
            let written = writer.write(full);
            drop(turn);
            written
        }));
        Ok(())
    }

    /// The whole file.
    pub async fn finish(mut self) -> io::Result<Received> {
        self.flush().await?;
        let writing = self.writing.ok_or_else(|| io::Error::other("nothing is being written"))?;
        let Writer { path, behind, .. } = writing.await??;
        behind.finish().await?;
        Ok(Received { path, size: self.size, sha256: self.sha256.finalize().into(), crc32: self.crc32.finalize() })
    }
}

impl Received {
    pub fn path(&self) -> &Path {
        &self.path.0
    }
}

/// A folder that only the desk's own user may look into.
pub fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The checksum of what stands on the disk.
pub fn checksum(path: &Path) -> io::Result<u32> {
    let mut file = File::open(path)?;
    let mut crc32 = Crc32::new();
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(crc32.finalize()),
            count => crc32.update(buffer.get(..count).unwrap_or_default()),
        }
    }
}

/// Removes the files that are older than this.
pub fn clear(folder: &Path, age: Duration) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let untouched = entry.metadata().and_then(|metadata| metadata.modified()).map(|at| at.elapsed());
        if matches!(untouched, Ok(Ok(elapsed)) if elapsed > age) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
