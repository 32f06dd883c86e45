//! The conversation as the assistant reads it.
//!
//! Invariant: it holds the public comments of one ticket and nothing else, with secrets masked. What does not fit is
//! left out from the middle, and that is said.

use api_types::comments::AuthorKind;
use serde::Serialize;

use super::secrets::mask;
use crate::{comments::CommentRow, tickets::Ticket};

/// So many characters of a conversation go to a model: some 8,000 tokens, which every current model reads.
const WINDOW: usize = 24_000;

/// So many characters of one comment.
const MOST_OF_ONE: usize = 8_000;

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Utterance {
    pub from: From,
    pub text: String,
}

/// Who said it. No names: nobody outside needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    Customer,
    Team,
    Assistant,
}

/// A conversation, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub said: Vec<Utterance>,
    /// So many comments after the first do not fit.
    pub left_out: usize,
}

impl History {
    /// What the ticket's public comments say; the title is part of the first.
    pub fn of(ticket: &Ticket, comments: &[CommentRow]) -> Self {
        let mut said: Vec<Utterance> = comments
            .iter()
            .map(|comment| Utterance {
                from: match comment.author_kind {
                    AuthorKind::Ai => From::Assistant,
                    _ if comment.author_id == Some(ticket.creator_id) => From::Customer,
                    _ => From::Team,
                },
                text: mask(&beginning(&comment.body_markdown, MOST_OF_ONE)),
            })
            .collect();
        if let Some(first) = said.first_mut() {
            first.text = format!("{}\n{}", mask(&ticket.title), first.text);
        }
        Self::within(said, WINDOW)
    }

    /// The first comment, which states the matter, and as many of the newest as fit.
    fn within(mut said: Vec<Utterance>, window: usize) -> Self {
        let length = |utterance: &Utterance| utterance.text.chars().count();
        let mut room = window.saturating_sub(said.first().map_or(0, length));
        let fitting = said
            .iter()
            .skip(1)
            .rev()
            .take_while(|utterance| {
                let fits = length(utterance) <= room;
                room = room.saturating_sub(length(utterance));
                fits
            })
            .count();
        // The newest is the question.
        let kept = fitting.max(1).min(said.len().saturating_sub(1));
        let left_out = said.len().saturating_sub(1 + kept);
        said.drain(1.min(said.len())..(1 + left_out).min(said.len()));
        Self { said, left_out }
    }

    /// The creator's words, oldest first, to search with.
    pub fn turns(&self) -> Vec<String> {
        let customers = self.said.iter().filter(|utterance| utterance.from == From::Customer);
        customers.map(|utterance| utterance.text.clone()).collect()
    }
}

fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} […]", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Utterance {
        Utterance { from: From::Customer, text: text.to_owned() }
    }

    fn words(history: &History) -> Vec<&str> {
        history.said.iter().map(|utterance| utterance.text.as_str()).collect()
    }

    #[test]
    fn the_first_and_the_newest_stay() {
        let all = || ["first", "second", "third", "fourth"].map(said).to_vec();
        assert_eq!(History::within(all(), 1_000).left_out, 0);
        let cut = History::within(all(), 16);
        assert_eq!((words(&cut), cut.left_out), (vec!["first", "third", "fourth"], 1));
        let tight = History::within(all(), 1);
        assert_eq!((words(&tight), tight.left_out), (vec!["first", "fourth"], 2));
        assert_eq!(words(&History::within(vec![said("only")], 1)), ["only"]);
        assert_eq!(History::within(Vec::new(), 1).said, []);
    }

    #[test]
    fn a_long_comment_is_cut_between_characters() {
        let cut = beginning(&"é".repeat(MOST_OF_ONE + 1), MOST_OF_ONE);
        assert_eq!(cut.chars().count(), MOST_OF_ONE + 4);
    }
}
