//! A zip that is written piece by piece into a file that grows.
//!
//! Invariant: what is in memory is what the last piece became, and no name in the archive leads anywhere but below it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use crate::{
    error::{AppError, Result},
    outside::files::{Incoming, Received},
};

/// What a file that grows takes at once.
const PIECE: usize = 64 * 1024;

/// What the zip has written, until it is handed on.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive that is being written.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Pipe>>,
    pipe: Pipe,
    incoming: Incoming,
}

impl Archive {
    pub fn new(incoming: Incoming) -> Self {
        let pipe = Pipe::default();
        Self { zip: ZipWriter::new_stream(pipe.clone()), pipe, incoming }
    }

    /// Begins a file of text.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        self.begin_so(name, CompressionMethod::Deflated)
    }

    /// Begins a file that somebody sent. Most are packed already.
    pub fn begin_sent(&mut self, name: &str) -> Result<()> {
        self.begin_so(name, CompressionMethod::Stored)
    }

    fn begin_so(&mut self, name: &str, method: CompressionMethod) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options).map_err(AppError::internal)
    }

    /// Writes more of the file that was begun last.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip.write_all(bytes).map_err(AppError::internal)?;
        self.hand_on().await
    }

    /// Writes a whole file of JSON.
    pub async fn add_json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        self.begin(name)?;
        self.write(&serde_json::to_vec_pretty(value).map_err(AppError::internal)?).await
    }

    /// The whole archive.
    pub async fn finish(self) -> Result<Received> {
        let Self { zip, pipe, mut incoming } = self;
        zip.finish().map_err(AppError::internal)?;
        push(&mut incoming, &pipe).await?;
        incoming.finish().await.map_err(AppError::unavailable)
    }

    async fn hand_on(&mut self) -> Result<()> {
        push(&mut self.incoming, &self.pipe).await
    }
}

async fn push(incoming: &mut Incoming, pipe: &Pipe) -> Result<()> {
    let written = std::mem::take(&mut *pipe.0.lock().unwrap_or_else(PoisonError::into_inner));
    for piece in written.chunks(PIECE) {
        incoming.push(piece).await.map_err(AppError::unavailable)?;
    }
    Ok(())
}

/// The name of a sent file in the archive. Its own name may say anything.
pub fn name_of(id: impl std::fmt::Display, filename: &str) -> String {
    let plain = |letter: char| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '_' } else { letter };
    format!("files/{id}-{}", filename.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out() {
        assert_eq!(name_of(7, "../../etc/passwd"), "files/7-.._.._etc_passwd");
        assert_eq!(name_of(7, "C:\\a\u{0}.txt"), "files/7-C__a_.txt");
        assert_eq!(name_of(7, "ruche é.png"), "files/7-ruche é.png");
    }
}
