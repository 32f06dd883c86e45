//! What each word of a passage tells of it.
//!
//! Invariant: a weight depends on the passage alone, so that publishing one text touches no other.

use std::collections::{BTreeMap, BTreeSet};

use api_types::people::Locale;

use super::{passages::Cut, words};

/// How much more a word tells in the article's title, in the heading above it and in the headings above that one.
const TITLE: f32 = 1.8;
const HEADING: f32 = 2.2;
const ABOVE: f32 = 0.8;
/// From how often on more of the same word tells little.
const SATURATION: f32 = 1.2;
/// How much length counts against a passage, and how many words a usual one has.
const LENGTH: f32 = 0.5;
const USUAL: f32 = 80.0;

/// The words of one passage.
#[derive(Debug, Default)]
pub struct Entries {
    /// Stems with their weights. The empty one stands in every passage, to count them.
    pub weights: BTreeMap<String, f32>,
    /// Stems with the words that they come from.
    pub spellings: BTreeSet<(String, String)>,
}

pub fn entries(locale: Locale, title: &str, cut: &Cut) -> Entries {
    let mut entries = Entries::default();
    let mut frequencies: BTreeMap<String, f32> = BTreeMap::new();
    let body = content(&cut.body);
    let length = 1.0 - LENGTH + LENGTH * body.len() as f32 / USUAL;
    let fields = [
        (TITLE, content(title)),
        (HEADING, content(cut.heading.as_deref().unwrap_or_default())),
        (ABOVE, content(&cut.above.join(" "))),
        (1.0 / length, body),
    ];
    for (worth, words) in fields {
        for word in words {
            let stem = words::stem(locale, &word);
            *frequencies.entry(stem.clone()).or_default() += worth;
            if word.len() > 3 && word.chars().all(char::is_alphabetic) {
                entries.spellings.insert((stem, word));
            }
        }
    }
    entries.weights.insert(String::new(), 0.0);
    let saturated = |frequency: f32| frequency * (SATURATION + 1.0) / (frequency + SATURATION);
    entries.weights.extend(frequencies.into_iter().map(|(stem, frequency)| (stem, saturated(frequency))));
    entries
}

fn content(text: &str) -> Vec<String> {
    let words = words::words(text).into_iter().map(|word| word.folded);
    words.filter(|word| !words::is_stop_word(word)).collect()
}
