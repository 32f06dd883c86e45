//! Server-sent events, taken apart as they come in.
//!
//! Invariant: a block without data is taken as seriously as an event: where a stream is and when to come back to it
//! stand in such blocks, which libraries drop.

/// What stands between two empty lines.
#[derive(Default)]
pub struct Block {
    /// Where the stream is; empty when it does not say.
    pub id: String,
    pub data: String,
    /// How long to wait before coming back, in milliseconds.
    pub retry: Option<u32>,
}

/// The part of a stream that is not taken apart yet.
#[derive(Default)]
pub struct Blocks {
    rest: String,
    block: Block,
}

impl Blocks {
    /// Adds what has come; answers the blocks that are complete by it.
    pub fn take(&mut self, piece: &str) -> Vec<Block> {
        self.rest.push_str(piece);
        let mut blocks = Vec::new();
        while let Some(end) = self.rest.find('\n') {
            let line: String = self.rest.drain(..=end).collect();
            match line.trim_ascii_end() {
                "" => blocks.push(std::mem::take(&mut self.block)),
                line => self.block.add(line),
            }
        }
        blocks
    }
}

impl Block {
    fn add(&mut self, line: &str) {
        let (field, value) = line.split_once(": ").unwrap_or((line, ""));
        match field {
            "id" => value.clone_into(&mut self.id),
            "data" => self.data.push_str(value),
            "retry" => self.retry = value.parse().ok(),
            // A sign of life, or the kind of an event, which its data says too.
            _ => {}
        }
    }
}
