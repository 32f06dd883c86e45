//! The lines of a file, one at a time.
//!
//! Invariant: no line that is too long is ever held, and each has the number that an editor shows.

use api_types::exports::TicketLine;
use tokio::{
    fs::File,
    io::{AsyncBufReadExt, BufReader},
};

/// The longest line, in bytes: a thread of a thousand long messages fits.
const LONGEST: usize = 32 * 1024 * 1024;

/// A line, or what is wrong with it.
pub type Line = Result<TicketLine, Vec<String>>;

pub struct Lines {
    reader: BufReader<File>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    pub fn new(file: File) -> Self {
        Self { reader: BufReader::with_capacity(64 * 1024, file), number: 0, line: Vec::new() }
    }

    /// The next line that is not empty, with its number.
    pub async fn next(&mut self) -> std::io::Result<Option<(u64, Line)>> {
        loop {
            // One long line is not to keep its memory for all that follow.
            self.line.shrink_to(1024 * 1024);
            self.line.clear();
            let (is_over, is_too_long) = self.read().await?;
            if self.line.is_empty() && is_over && !is_too_long {
                return Ok(None);
            }
            self.number += 1;
            if is_too_long {
                let why = format!("it is longer than {} MB", LONGEST / 1024 / 1024);
                return Ok(Some((self.number, Err(vec![why]))));
            }
            let text = self.line.strip_prefix("\u{feff}".as_bytes()).filter(|_| self.number == 1);
            let text = text.unwrap_or(&self.line).trim_ascii();
            if !text.is_empty() {
                return Ok(Some((self.number, parse(text))));
            }
        }
    }

    /// Reads up to the end of the line. Tells whether the file ended, and whether the line is too long.
    async fn read(&mut self) -> std::io::Result<(bool, bool)> {
        let mut is_too_long = false;
        loop {
            let found = self.reader.fill_buf().await?;
            if found.is_empty() {
                return Ok((true, is_too_long));
            }
            let end = found.iter().position(|byte| *byte == b'\n');
            let piece = found.get(..end.unwrap_or(found.len())).unwrap_or_default();
            let taken = end.map_or(found.len(), |end| end + 1);
            if self.line.len() + piece.len() > LONGEST {
                is_too_long = true;
                self.line = Vec::new();
            } else if !is_too_long {
                self.line.extend_from_slice(piece);
            }
            self.reader.consume(taken);
            if end.is_some() {
                return Ok((false, is_too_long));
            }
        }
    }
}

fn parse(text: &[u8]) -> Line {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let line = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        // The number that serde would tell is that within the line, which is always 1.
        let words = error.inner().to_string();
        let words = words.split(" at line ").next().unwrap_or_default().to_owned();
        vec![if path == "." { words } else { format!("{path}: {words}") }]
    })?;
    deserializer.end().map_err(|_| vec!["something follows the ticket".to_owned()])?;
    Ok(line)
}
