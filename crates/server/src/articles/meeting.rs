//! How a passage meets a question, read sentence by sentence.
//!
//! Invariant: reading needs nothing but the passage and what is sought, and tells shares between 0 and 1.

use std::collections::HashSet;

use api_types::people::Locale;

use super::{
    question::Sought,
    retrieve::Passage,
    sentences::{self, Unit},
    words,
};

/// What a word of the question is worth by where it stands: in the heading above the sentence, in the article's title,
/// elsewhere in the passage.
const IN_HEADING: f32 = 0.9;
const IN_TITLE: f32 = 0.8;
const NEAR_BY: f32 = 0.6;
/// Code and questions seldom answer.
const UNLIKELY: f32 = 0.9;

/// What part of a question a passage meets, by what its words tell.
#[derive(Clone, Debug)]
pub struct Met {
    /// The sentence that meets most.
    pub unit: usize,
    /// What is met by that sentence, its headings and its passage.
    pub anywhere: f32,
    /// What any one sentence meets alone.
    pub sentence: f32,
    /// What title and heading meet.
    pub headings: f32,
    /// How much of the heading was asked for.
    pub heading: f32,
    /// How many neighbours in the question are neighbours around the sentence too.
    pub together: f32,
    /// How many are neighbours in any one sentence.
    pub in_one: f32,
    /// So many words the passage has that tell something.
    pub length: usize,
}

/// Reads a passage, and tells what it is made of. Nothing when nothing is sought or written.
pub fn meet<'a>(sought: &Sought, passage: &'a Passage) -> Option<(Met, Vec<Unit<'a>>)> {
    let locale = passage.locale;
    let worths: Vec<f32> = sought.terms.iter().map(|term| term.weight * term.rarity(locale)).collect();
    let all: f32 = worths.iter().sum();
    let units = sentences::units(&passage.body);
    if all <= 0.0 || units.is_empty() {
        return None;
    }
    let close = |stems: &HashSet<String>| -> Vec<f32> {
        sought.terms.iter().map(|term| term.closeness(locale, stems)).collect()
    };
    let share = |close: &[f32]| close.iter().zip(&worths).map(|(close, worth)| close * worth).sum::<f32>() / all;
    let sentences: Vec<HashSet<String>> = units.iter().map(|unit| stems(locale, unit.text)).collect();
    let mut met = Met {
        unit: 0,
        anywhere: 0.0,
        sentence: 0.0,
        headings: 0.0,
        heading: 0.0,
        together: 0.0,
        in_one: 0.0,
        length: sentences.iter().map(HashSet::len).sum(),
    };

    let title = close(&stems(locale, &passage.title));
    let heading_stems = stems(locale, passage.heading.as_deref().unwrap_or_default());
    let heading = close(&heading_stems);
    let body = close(&sentences.iter().flatten().cloned().collect());
    met.headings = share(&both(&title, &heading));
    met.heading = heading.iter().filter(|close| **close > 0.0).count() as f32 / (heading_stems.len() + 1) as f32;
    let around = both(&both(&times(&heading, IN_HEADING), &times(&title, IN_TITLE)), &times(&body, NEAR_BY));

    let inside: Vec<Vec<f32>> = sentences.iter().map(close).collect();
    let mut best = f32::MIN;
    for (place, (unit, inside)) in units.iter().zip(&inside).enumerate() {
        let likely = if unit.is_code || unit.text.ends_with('?') { UNLIKELY } else { 1.0 };
        let (anywhere, alone) = (share(&both(inside, &around)) * likely, share(inside));
        met.sentence = met.sentence.max(alone);
        met.in_one = met.in_one.max(neighbours(inside));
        let score = anywhere + 0.5 * alone * likely;
        if score > best {
            best = score;
            (met.unit, met.anywhere) = (place, anywhere);
        }
    }
    let near = inside.iter().skip(met.unit.saturating_sub(1)).take(3 + met.unit.min(1));
    met.together = neighbours(&near.fold(vec![0.0; worths.len()], |so_far, one| both(&so_far, one)));
    Some((met, units))
}

/// How much of each two words that follow each other in the question is there, at the mean.
fn neighbours(close: &[f32]) -> f32 {
    match close {
        [] => 0.0,
        [only] => *only,
        _ => {
            let pairs = close.iter().zip(close.iter().skip(1));
            pairs.map(|(one, next)| one.min(*next)).sum::<f32>() / (close.len() - 1) as f32
        }
    }
}

fn both(one: &[f32], other: &[f32]) -> Vec<f32> {
    one.iter().zip(other).map(|(one, other)| one.max(*other)).collect()
}

fn times(close: &[f32], worth: f32) -> Vec<f32> {
    close.iter().map(|close| close * worth).collect()
}

/// The stems of the words that tell something.
fn stems(locale: Locale, text: &str) -> HashSet<String> {
    let words = words::words(text).into_iter().filter(|word| !words::is_stop_word(&word.folded));
    words.map(|word| words::stem(locale, &word.folded)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::articles::retrieve::Question;

    fn met(question: &str, body: &str) -> Option<Met> {
        let mut sought = Question { turns: vec![question.to_owned()], locale: Locale::English }.sought();
        sought.terms.iter_mut().flat_map(|term| &mut term.forms).for_each(|form| form.rarity = Some(2.0));
        let passage = Passage {
            id: 1,
            slug: "hives".to_owned(),
            title: "Hives".to_owned(),
            locale: Locale::English,
            revision_id: api_types::articles::RevisionId(uuid::Uuid::nil()),
            heading: Some("Honey harvest".to_owned()),
            anchor: None,
            body: body.to_owned(),
            score: 1.0,
            sought: Arc::default(),
        };
        meet(&sought, &passage).map(|(met, _)| met)
    }

    #[test]
    fn the_sentence_that_meets_most_is_found() {
        let met = met("wooden frames", "Bees fly. Frames are wooden. Wood burns. Are frames wooden?").unwrap();
        assert_eq!(met.unit, 1);
        assert!(met.anywhere > 0.99 && met.sentence > 0.99 && met.together > 0.99, "{met:?}");
        assert!(met.headings < 0.01 && met.heading < 0.01, "{met:?}");
        assert_eq!(met.length, 8);
    }

    #[test]
    fn words_that_stand_together_count_more_than_scattered_ones() {
        let far = "Bees fly. They rest. They eat.";
        let together = met("wooden frames", &format!("Wooden boxes hold frames. {far}")).unwrap();
        let scattered = met("wooden frames", &format!("Wooden boxes. {far} Frames.")).unwrap();
        assert!(together.together > scattered.together && together.anywhere > scattered.anywhere);
        assert!(together.in_one > 0.99 && scattered.in_one < 0.01, "{together:?} {scattered:?}");
    }

    #[test]
    fn headings_are_met_apart() {
        let met = met("honey harvest", "In June.").unwrap();
        assert!(met.headings > 0.99 && met.sentence < 0.01 && met.heading > 0.5, "{met:?}");
    }

    #[test]
    fn nothing_is_met_by_nothing() {
        assert!(met("and the", "Bees fly.").is_none());
        assert!(met("bees", "").is_none());
    }
}
