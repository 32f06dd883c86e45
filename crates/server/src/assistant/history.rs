//! The conversation as the assistant reads it.
//!
//! Invariant: it holds the public comments of one ticket and nothing else, with secrets masked. What does not fit is
//! left out from the middle but for the sentences that bear on the newest comment, and that is said.

use std::collections::{HashMap, HashSet};

use api_types::{comments::AuthorKind, people::Locale};
use serde::Serialize;

use super::secrets::mask;
use crate::{
    articles::{sentences, words},
    comments::CommentRow,
    tickets::Ticket,
};

/// So many characters of a conversation go to a model: some 8,000 tokens, which every current model reads.
const WINDOW: usize = 24_000;

/// So many characters of one comment.
const MOST_OF_ONE: usize = 8_000;

/// What is kept of the comments that do not fit takes one part in so many of the window.
const FOR_EXCERPTS: usize = 8;

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
    /// What they say that bears on the newest comment, in order.
    pub excerpts: Vec<Utterance>,
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
        let newest_that_fit = |window: usize| {
            let mut room = window.saturating_sub(said.first().map_or(0, length));
            let fitting = said.iter().skip(1).rev().take_while(|utterance| {
                let fits = length(utterance) <= room;
                room = room.saturating_sub(length(utterance));
                fits
            });
            // The newest is the question.
            fitting.count().max(1).min(said.len().saturating_sub(1))
        };
        let mut kept = newest_that_fit(window);
        if kept + 1 < said.len() {
            kept = newest_that_fit(window - window / FOR_EXCERPTS);
        }
        let left_out = said.len().saturating_sub(1 + kept);
        let dropped: Vec<Utterance> = said.drain(1.min(said.len())..(1 + left_out).min(said.len())).collect();
        let excerpts = said.last().map_or_else(Vec::new, |newest| excerpts(&dropped, &newest.text, window / FOR_EXCERPTS));
        Self { said, left_out, excerpts }
    }

    /// The creator's words, oldest first, to search with.
    pub fn turns(&self) -> Vec<String> {
        let (first, newest) = self.said.split_at(self.said.len().min(1));
        let all = first.iter().chain(&self.excerpts).chain(newest);
        let customers = all.filter(|utterance| utterance.from == From::Customer);
        customers.map(|utterance| utterance.text.clone()).collect()
    }
}

/// The sentences that share words with the question, those with the rarest words first until the room is used, in
/// their own order.
fn excerpts(dropped: &[Utterance], question: &str, room: usize) -> Vec<Utterance> {
    let asked = stems(question);
    let mut sentences: Vec<(usize, &str, HashSet<String>)> = Vec::new();
    let mut holding: HashMap<String, u32> = HashMap::new();
    for (place, utterance) in dropped.iter().enumerate() {
        for sentence in utterance.text.lines().flat_map(sentences::split) {
            let shared: HashSet<String> = stems(sentence).into_iter().filter(|stem| asked.contains(stem)).collect();
            shared.iter().for_each(|stem| *holding.entry(stem.clone()).or_default() += 1);
            sentences.push((place, sentence, shared));
        }
    }
    let worth = |shared: &HashSet<String>| -> f32 {
        shared.iter().map(|stem| 1.0 / holding.get(stem).copied().unwrap_or(1) as f32).sum()
    };
    let mut by_worth: Vec<usize> = (0..sentences.len()).collect();
    let worths: Vec<f32> = sentences.iter().map(|(_, _, shared)| worth(shared)).collect();
    let worth_at = |at: &usize| worths.get(*at).copied().unwrap_or(0.0);
    by_worth.retain(|at| worth_at(at) > 0.0);
    by_worth.sort_by(|one, other| worth_at(other).total_cmp(&worth_at(one)));
    let mut room = room;
    by_worth.retain(|at| {
        let length = sentences.get(*at).map_or(0, |(_, sentence, _)| sentence.chars().count() + 1);
        let fits = length <= room;
        room -= if fits { length } else { 0 };
        fits
    });
    by_worth.sort_unstable();
    let mut kept: Vec<(usize, Utterance)> = Vec::new();
    for (place, sentence, _) in by_worth.into_iter().filter_map(|at| sentences.get(at)) {
        match kept.last_mut().filter(|(last, _)| last == place) {
            Some((_, utterance)) => utterance.text = format!("{} {sentence}", utterance.text),
            None => {
                let from = dropped.get(*place).map_or(From::Customer, |utterance| utterance.from);
                kept.push((*place, Utterance { from, text: (*sentence).to_owned() }));
            }
        }
    }
    kept.into_iter().map(|(_, utterance)| utterance).collect()
}

/// The stems of the words that tell something, in either language: a conversation may change it.
fn stems(text: &str) -> HashSet<String> {
    let telling = words::words(text)
        .into_iter()
        .map(|word| word.folded)
        .filter(|word| !words::is_stop_word(word) && !words::is_common(word));
    telling.flat_map(|word| Locale::ALL.iter().map(move |locale| words::stem(*locale, &word))).collect()
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
        let cut = History::within(all(), 18);
        assert_eq!((words(&cut), cut.left_out), (vec!["first", "third", "fourth"], 1));
        let tight = History::within(all(), 1);
        assert_eq!((words(&tight), tight.left_out), (vec!["first", "fourth"], 2));
        assert_eq!(words(&History::within(vec![said("only")], 1)), ["only"]);
        assert_eq!(History::within(Vec::new(), 1).said, []);
    }

    #[test]
    fn of_what_is_left_out_the_sentences_that_bear_on_the_question_are_kept() {
        let filler =
            |number: usize| said(&format!("The weather is fine, number {number}. {}", "So it goes. ".repeat(900)));
        let mut all = vec![said("It fails.")];
        all.push(said("Hello again. My scale is the Beeline 3000. Nothing else is new."));
        all.extend((0..4).map(filler));
        all.push(Utterance { from: From::Team, text: "Which scales have batteries? Most scales do.".to_owned() });
        all.extend((4..8).map(filler));
        all.push(said("Which battery does my scale take?"));
        let history = History::within(all, WINDOW);
        assert_eq!(history.left_out, 9);
        let kept: Vec<_> = history.excerpts.iter().map(|it| (it.from, it.text.as_str())).collect();
        assert_eq!(
            kept,
            [
                (From::Customer, "My scale is the Beeline 3000."),
                (From::Team, "Which scales have batteries? Most scales do.")
            ]
        );
        assert_eq!(history.turns()[..2], ["It fails.", "My scale is the Beeline 3000."]);
        let length: usize = history.said.iter().map(|it| it.text.chars().count()).sum();
        assert!(length <= WINDOW - WINDOW / FOR_EXCERPTS);
    }

    #[test]
    fn excerpts_fit_their_room_and_the_rarest_words_come_first() {
        let dropped = [said("A hive stings. A hive hums. The queen lays."), said("The hive is blue.")];
        let of = |room| {
            excerpts(&dropped, "Where is the queen of the hive?", room)
                .iter()
                .map(|it| it.text.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(of(20), ["The queen lays."]);
        assert_eq!(of(1_000), ["A hive stings. A hive hums. The queen lays.", "The hive is blue."]);
        assert!(of(3).is_empty() && excerpts(&dropped, "And why?", 1_000).is_empty());
    }

    #[test]
    fn a_long_comment_is_cut_between_characters() {
        let cut = beginning(&"é".repeat(MOST_OF_ONE + 1), MOST_OF_ONE);
        assert_eq!(cut.chars().count(), MOST_OF_ONE + 4);
    }
}
