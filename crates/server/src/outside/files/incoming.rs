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

use sha2::{Digest, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

/// Large enough that the disk is asked seldom, small enough that many uploads fit in memory.
const BUFFER: usize = 128 * 1024;

/// What comes at once is no more than this, and so a buffer never has to grow.
const PIECE: usize = 64 * 1024;

/// After so many bytes the disk begins to write, while more arrive: otherwise all of a large file would wait for it
/// at the end.
const WRITE_BEHIND: u64 = 8 * 1024 * 1024;

/// The SHA-256 of a file.
pub type Hash = [u8; 32];

/// A file that grows. While one buffer is hashed and written, the next fills.
pub struct Incoming {
    writing: JoinHandle<io::Result<Writer>>,
    buffer: Vec<u8>,
    size: u64,
}

/// A file that has arrived.
#[derive(Debug)]
pub struct Received {
    path: Temporary,
    pub size: u64,
    pub sha256: Hash,
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
    hash: Sha256,
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
        if self.written >= WRITE_BEHIND && self.running.as_ref().is_none_or(JoinHandle::is_finished) {
            self.written = 0;
            let (file, failed) = (Arc::clone(file), Arc::clone(&self.failed));
            self.running = Some(spawn_blocking(move || {
                if file.sync_data().is_err() {
                    failed.store(true, Ordering::Relaxed);
                }
            }));
        }
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
        Ok(Self {
            path: Temporary(path),
            file: Arc::new(file),
            hash: Sha256::new(),
            behind: WriteBehind::default(),
            spare: Vec::new(),
        })
    }

    fn write(mut self, mut bytes: Vec<u8>) -> io::Result<Self> {
        self.hash.update(&bytes);
        self.file.as_ref().write_all(&bytes)?;
        self.behind.note(&self.file, bytes.len());
        bytes.clear();
        self.spare = bytes;
        Ok(self)
    }
}

impl Incoming {
    pub fn new(folder: &Path) -> Self {
        let folder = folder.to_owned();
        let writing = spawn_blocking(move || Writer::open(&folder));
        Self { writing, buffer: Vec::new(), size: 0 }
    }

    /// What has arrived so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    pub async fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        if self.buffer.capacity() == 0 {
            self.buffer.reserve_exact(BUFFER + PIECE);
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> io::Result<()> {
        let mut writer = (&mut self.writing).await??;
        let full = mem::replace(&mut self.buffer, mem::take(&mut writer.spare));
        self.writing = spawn_blocking(move || writer.write(full));
        Ok(())
    }

    /// The whole file.
    pub async fn finish(mut self) -> io::Result<Received> {
        self.flush().await?;
        let Writer { path, hash, behind, .. } = self.writing.await??;
        behind.finish().await?;
        Ok(Received { path, size: self.size, sha256: hash.finalize().into() })
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

/// The SHA-256 of what stands on the disk.
pub fn hash(path: &Path) -> io::Result<Hash> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(buffer.get(..count).unwrap_or_default()),
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
