//! Reading passages without a model: does one of them really answer, and in which sentences?
//!
//! Invariant: a quote is a part of its passage's text, letter for letter. When in doubt, nothing answers.

use std::{collections::HashSet, sync::Arc};

use api_types::people::Locale;

use crate::articles::{
    retrieve::{Passage, Question, Sought},
    sentences, words,
};

/// What reading came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The words that answer, best first.
    Answers(Vec<Quote>),
    /// Nothing answers.
    NotCovered,
}

/// Words of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Which of the passages that were read.
    pub passage: usize,
    pub text: String,
}

/// So many passages are read.
const READ: usize = 8;
/// So much of the question's weight has to be met before a passage is believed.
const ENOUGH: f32 = 0.68;
/// What a word of the question is worth by where it stands: in the sentence, in the heading above it, in the
/// article's title, elsewhere in the passage.
const IN_HEADING: f32 = 0.9;
const IN_TITLE: f32 = 0.8;
const NEAR_BY: f32 = 0.6;
/// A second passage is quoted too if it answers nearly as well.
const NEARLY: f32 = 0.92;
/// A quote has at most so many sentences or items.
const LONGEST: usize = 4;

/// Reads the passages for what the conversation asks.
pub fn read(question: &Question, passages: &[Passage]) -> Reading {
    let Some(first) = passages.first() else {
        return Reading::NotCovered;
    };
    let sought = if first.sought.terms.is_empty() { Arc::new(question.sought()) } else { Arc::clone(&first.sought) };
    let mut readings: Vec<(f32, Quote)> = Vec::new();
    for (place, passage) in passages.iter().enumerate().take(READ) {
        if let Some((score, text)) = read_passage(&sought, passage)
            && score >= ENOUGH
        {
            readings.push((score, Quote { passage: place, text }));
        }
    }
    readings.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = readings.first().map_or(0.0, |(score, _)| *score);
    let quotes: Vec<Quote> =
        readings.into_iter().take(2).filter(|(score, _)| *score >= best * NEARLY).map(|(_, quote)| quote).collect();
    if quotes.is_empty() { Reading::NotCovered } else { Reading::Answers(quotes) }
}

/// How much of the question a passage meets at best, and the words that do.
pub fn read_passage(sought: &Sought, passage: &Passage) -> Option<(f32, String)> {
    let locale = passage.locale;
    let title = stems(locale, &passage.title);
    let heading = stems(locale, passage.heading.as_deref().unwrap_or_default());
    let body = stems(locale, &passage.body);
    let units = units(&passage.body);
    let mut best: Option<(f32, f32, usize)> = None;
    for (place, unit) in units.iter().enumerate() {
        let own = stems(locale, unit.text);
        let (mut met, mut all, mut here) = (0.0, 0.0, 0.0);
        for term in &sought.terms {
            let worth = term.weight * term.rarity(locale);
            all += worth;
            let worth_in = |place: &HashSet<String>| {
                let closeness = term.forms.iter().filter(|form| form.locale == locale && place.contains(&form.stem));
                worth * closeness.map(|form| form.closeness.max(0.8)).fold(0.0, f32::max)
            };
            let inside = worth_in(&own);
            here += inside;
            met += inside
                .max(worth_in(&heading) * IN_HEADING)
                .max(worth_in(&title) * IN_TITLE)
                .max(worth_in(&body) * NEAR_BY);
        }
        if all <= 0.0 {
            return None;
        }
        let (met, here) = (met / all, here / all);
        let answers = if unit.is_code || unit.text.ends_with('?') { 0.9 } else { 1.0 };
        if best.is_none_or(|(score, inside, _)| (met * answers, here) > (score, inside)) {
            best = Some((met * answers, here, place));
        }
    }
    let (score, _, place) = best?;
    Some((score, quote(&passage.body, &units, place)?))
}

/// A sentence, an item, a row or a line of code.
struct Unit<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    is_code: bool,
    /// The place of its line among the body's.
    line: usize,
}

fn units(body: &str) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    let mut offset = 0;
    for (number, line) in body.split('\n').enumerate() {
        let is_code = line.starts_with("    ");
        let pieces = if is_code { vec![line] } else { sentences::split(line) };
        let mut from = 0;
        for piece in pieces {
            let at = line.get(from..).and_then(|rest| rest.find(piece)).unwrap_or(0) + from;
            from = at + piece.len();
            if !piece.trim().is_empty() {
                units.push(Unit { text: piece, start: offset + at, end: offset + from, is_code, line: number });
            }
        }
        offset += line.len() + 1;
    }
    units
}

/// The best sentence with what belongs to it: what it announces, and what goes on in its paragraph.
fn quote(body: &str, units: &[Unit<'_>], best: usize) -> Option<String> {
    let chosen = units.get(best)?;
    let mut last = best;
    for (place, unit) in units.iter().enumerate().skip(best + 1).take(LONGEST - 1) {
        let before = units.get(place - 1)?;
        let goes_on = unit.line == before.line
            || before.text.ends_with(':')
            || is_item(unit.text) && (is_item(before.text) || before.text.ends_with(':'));
        if !goes_on || unit.is_code && unit.end - chosen.start > 600 {
            break;
        }
        last = place;
    }
    body.get(chosen.start..units.get(last)?.end).map(str::to_owned)
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ")
        || line.split_once(". ").is_some_and(|(mark, _)| mark.bytes().all(|byte| byte.is_ascii_digit()))
}

fn stems(locale: Locale, text: &str) -> HashSet<String> {
    words::words(text).iter().map(|word| words::stem(locale, &word.folded)).collect()
}
