//! Reading passages without a model: does one of them really answer, and in which sentences?
//!
//! Invariant: a quote is a part of its passage's text, letter for letter. When in doubt, nothing answers.

use std::sync::Arc;

use api_types::people::Locale;

use crate::articles::{
    meeting::{Met, meet},
    retrieve::{Passage, Question, Sought},
    sentences::Unit,
    words,
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
/// What reading has to come to before a passage is believed.
const ENOUGH: f32 = 4.1;
/// How clearly its page has to stand out: by how much it was found better than any other page, and by how many of
/// the first passages are of the same page.
const CLEARLY: f32 = 0.5;
const AGREEING: f32 = 0.3;
const FIRST: usize = 5;
/// From so many words on a question is long.
const MOST_ASKED: usize = 10;
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
    let mut readings: Vec<(f32, f32, Quote)> = Vec::new();
    for (place, passage) in passages.iter().enumerate().take(READ) {
        if let Some((met, units)) = meet(&sought, passage)
            && let score = answers(&sought, passage.locale, &met)
            && let clearness = clearness(passages, passage)
            && score >= ENOUGH
            && clearness >= CLEARLY
            && let Some(text) = quote(&passage.body, &units, met.unit)
        {
            readings.push((score + 0.5 * clearness, score, Quote { passage: place, text }));
        }
    }
    readings.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let best = readings.first().map_or(0.0, |(_, score, _)| *score);
    let near = readings.into_iter().take(2).filter(|(_, score, _)| *score >= best * NEARLY);
    let quotes: Vec<Quote> = near.map(|(.., quote)| quote).collect();
    if quotes.is_empty() { Reading::NotCovered } else { Reading::Answers(quotes) }
}

/// How clearly a passage's page stands out among those that were found. Where two pages are as good as each other,
/// every second answer is from the wrong one.
fn clearness(passages: &[Passage], of: &Passage) -> f32 {
    let others = passages.iter().filter(|passage| passage.slug != of.slug).map(|passage| passage.score);
    let agreeing = passages.iter().take(FIRST).filter(|passage| passage.slug == of.slug).count();
    of.score - others.fold(0.0, f32::max) + AGREEING * agreeing.saturating_sub(1) as f32
}

/// How likely it is that a passage answers. The weights were fitted to every second question of the evaluation.
fn answers(sought: &Sought, locale: Locale, met: &Met) -> f32 {
    // The more was asked, the less chance there is that so much of it is met.
    let asked = (sought.terms.len().clamp(1, MOST_ASKED) as f32).ln();
    3.3 * met.anywhere + 1.65 * met.together + 1.95 * met.headings + 0.55 * met.heading + 1.2 * asked
        - 2.4 * unheard(sought, locale)
}

/// How much of the question no article ever mentions: a product, a name, another matter. Words of any talk do not tell.
fn unheard(sought: &Sought, locale: Locale) -> f32 {
    let (mut all, mut unheard) = (0.0, 0.0);
    for term in &sought.terms {
        let worth = term.weight * term.rarity(locale);
        all += worth;
        if !term.is_known() && !words::is_common(&term.word) {
            unheard += worth;
        }
    }
    if all > 0.0 { unheard / all } else { 0.0 }
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

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "Passwords have twelve characters.\n\nTo reset your password:\n- open the page\n- choose \
        *Forgot*\n\nNobody else can read it.";

    fn passage(title: &str, body: &str) -> Passage {
        Passage {
            id: 1,
            slug: "passwords".to_owned(),
            title: title.to_owned(),
            locale: Locale::English,
            revision_id: api_types::articles::RevisionId(uuid::Uuid::nil()),
            heading: None,
            anchor: None,
            body: body.to_owned(),
            score: 1.0,
            sought: Arc::default(),
        }
    }

    /// What is read when articles hold every word but these.
    fn asked(text: &str, unheard: &[&str], passage: Passage) -> Reading {
        asked_of(text, unheard, vec![passage])
    }

    fn asked_of(text: &str, unheard: &[&str], mut passages: Vec<Passage>) -> Reading {
        let question = Question { turns: vec![text.to_owned()], locale: Locale::English };
        let mut sought = question.sought();
        for term in &mut sought.terms {
            let rarity = (!unheard.contains(&term.word.as_str())).then_some(3.0);
            term.forms.iter_mut().for_each(|form| form.rarity = rarity);
        }
        let sought = Arc::new(sought);
        passages.iter_mut().for_each(|passage| passage.sought = Arc::clone(&sought));
        read(&question, &passages)
    }

    fn quoted(reading: Reading) -> String {
        match reading {
            Reading::Answers(quotes) => quotes[0].text.clone(),
            Reading::NotCovered => String::new(),
        }
    }

    #[test]
    fn the_sentence_that_answers_is_quoted_with_what_it_announces() {
        let quote = quoted(asked("How can I reset my password?", &[], passage("Accounts", BODY)));
        assert_eq!(quote, "To reset your password:\n- open the page\n- choose *Forgot*");
        assert!(BODY.contains(&quote));
    }

    #[test]
    fn what_shares_too_little_does_not_answer() {
        let question = "Does the moon password move the tides of our shore?";
        assert_eq!(asked(question, &[], passage("Accounts", BODY)), Reading::NotCovered);
        assert_eq!(read(&Question { turns: vec![], locale: Locale::English }, &[]), Reading::NotCovered);
    }

    #[test]
    fn what_no_article_ever_mentions_is_not_answered() {
        let passage = || passage("Reset a password", BODY);
        assert_ne!(asked("how to reset my password on the router", &[], passage()), Reading::NotCovered);
        assert_eq!(asked("how to reset my password on the router", &["router"], passage()), Reading::NotCovered);
    }

    #[test]
    fn a_page_has_to_stand_out() {
        let question = "How can I reset my password?";
        let other = |score: f32, slug: &str| Passage { score, slug: slug.to_owned(), ..passage("Other", "Bees fly.") };
        let own = || passage("Accounts", BODY);
        let covered = |passages| asked_of(question, &[], passages) != Reading::NotCovered;
        assert!(covered(vec![own(), other(0.4, "bees")]));
        assert!(!covered(vec![own(), other(0.9, "bees")]));
        assert!(covered(vec![own(), other(0.9, "passwords"), other(0.9, "passwords"), other(0.9, "bees")]));
    }

    #[test]
    fn a_title_that_was_asked_for_helps_a_passage() {
        let question = "reset a password that somebody knows";
        let body = "Open the page and choose *Forgot*.";
        assert_eq!(asked(question, &[], passage("Accounts", body)), Reading::NotCovered);
        assert_ne!(asked(question, &[], passage("Reset a password that is known", body)), Reading::NotCovered);
    }
}
