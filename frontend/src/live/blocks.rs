//! Server-sent events, taken apart as they come in.
//!
//! Invariant: a block without data is taken as seriously as an event: where a stream is and when to come back to it
//! stand in such blocks, which libraries drop.

/// What stands between two empty lines.
#[derive(Default)]
pub struct Block {
    pub id: Option<String>,
    pub data: String,
    /// How long to wait before coming back, in milliseconds.
    pub retry: Option<u32>,
}

/// The part of a stream that is not taken apart yet.
#[derive(Default)]
pub struct Blocks {
    rest: Vec<u8>,
    block: Block,
}

impl Blocks {
    /// Adds what has come; answers the blocks that are complete by it.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Block> {
        self.rest.extend_from_slice(bytes);
        let mut blocks = Vec::new();
        // A line is text once it is whole; a piece of it may end within a letter.
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            match str::from_utf8(&line).map(str::trim_ascii_end) {
                Ok("") => blocks.push(std::mem::take(&mut self.block)),
                Ok(line) => self.block.add(line),
                // Nothing that our server says.
                Err(_) => {}
            }
        }
        blocks
    }
}

impl Block {
    fn add(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "data" if self.data.is_empty() => value.clone_into(&mut self.data),
            "data" => {
                self.data.push('\n');
                self.data.push_str(value);
            }
            "retry" => self.retry = value.parse().ok(),
            // A sign of life, or the kind of an event, which its data says too.
            _ => {}
        }
    }
}
