//! Which of the passages that were found answer best.
//!
//! Invariant: of an article, only its text in the language that answers better is kept, and few passages of that.

use std::{collections::HashMap, sync::Arc};

use api_types::people::Locale;

use super::{
    embed::Near,
    meeting::meet,
    question::Sought,
    retrieve::{Candidate, FOREIGN, Passage},
};

/// How much of a passage is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Its words are counted.
    Counting,
    /// The best are read sentence by sentence as well, which costs some milliseconds.
    Reading,
}

/// So many passages of one article may be found.
const PER_ARTICLE: usize = 3;
/// So many are read.
const READ: usize = 20;
/// How much the whole article counts, how much that it comes back to what was asked, and nearness by meaning.
const ARTICLE: f32 = 0.15;
const RETURNS: f32 = 0.5;
const MEANING: f32 = 1.0;
/// How much length counts against a passage, and how many words a usual one has.
const LENGTH: f32 = 0.15;
const USUAL: f32 = 40.0;

/// The best passages, best first.
///
/// Each way of finding has a score, and scores are added: fusing ranks instead loses a point of hit@3 on the guide
/// and eleven on manuals of others, because the second list is so much worse than the first.
pub fn rank(
    found: Vec<Candidate>,
    near: &[Near],
    sought: Sought,
    language: Locale,
    care: Care,
    limit: usize,
) -> Vec<Passage> {
    let scores = counted(&found, near, &sought, language);
    let sought = Arc::new(sought);
    let mut passages: Vec<Passage> = found
        .into_iter()
        .zip(scores)
        .map(|(candidate, score)| Passage {
            id: candidate.id,
            slug: candidate.slug,
            title: candidate.title,
            locale: candidate.locale,
            revision_id: candidate.revision_id,
            heading: candidate.heading,
            anchor: candidate.anchor,
            body: candidate.body,
            score,
            sought: Arc::clone(&sought),
        })
        .collect();
    sort(&mut passages);
    if care == Care::Reading {
        for passage in passages.iter_mut().take(READ) {
            passage.score += read(&sought, language, passage);
        }
        sort(&mut passages);
    }
    let mut seen: HashMap<String, (Locale, usize)> = HashMap::new();
    passages.retain(|passage| {
        let (locale, taken) = seen.entry(passage.slug.clone()).or_insert((passage.locale, 0));
        *taken += 1;
        *locale == passage.locale && *taken <= PER_ARTICLE
    });
    passages.truncate(limit);
    passages
}

fn sort(passages: &mut [Passage]) {
    passages.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.id.cmp(&other.id)));
}

/// What the words of each passage tell, with those of its whole article, and its meaning.
fn counted(found: &[Candidate], near: &[Near], sought: &Sought, language: Locale) -> Vec<f32> {
    let worth: Vec<f32> = sought.terms.iter().map(|term| term.weight * term.rarity(language)).collect();
    let all: f32 = worth.iter().sum::<f32>().max(f32::EPSILON);
    // By place in the question: the most that a passage of the article makes of the word, and how many hold it.
    type Places = HashMap<i32, (f32, u32)>;
    let mut articles: HashMap<(&str, Locale), Places> = HashMap::new();
    for candidate in found {
        let met = articles.entry((&candidate.slug, candidate.locale)).or_default();
        for (place, worth) in candidate.places.iter().zip(&candidate.worths) {
            let (best, holding) = met.entry(*place).or_default();
            *best = best.max(*worth);
            *holding += 1;
        }
    }
    let worth_of =
        |place: &i32| usize::try_from(*place).ok().and_then(|place| worth.get(place)).copied().unwrap_or(0.0);
    let nearness: HashMap<i64, f32> = near.iter().map(|near| (near.id, near.nearness)).collect();
    let score = |candidate: &Candidate| {
        let own = candidate.places.iter().map(worth_of).sum::<f32>() / all;
        let met = articles.get(&(candidate.slug.as_str(), candidate.locale));
        let met = || met.into_iter().flatten();
        let whole: f32 = met().map(|(_, (best, _))| best).sum();
        let returns: f32 = met().map(|(place, (_, holding))| worth_of(place) * (*holding).min(2) as f32 / 2.0).sum();
        let near = nearness.get(&candidate.id).copied().unwrap_or(0.0);
        candidate.score / all * (0.5 + own) + (ARTICLE * whole + RETURNS * returns) / all + MEANING * near
    };
    found.iter().map(score).collect()
}

/// What reading a passage adds to its score.
fn read(sought: &Sought, language: Locale, passage: &Passage) -> f32 {
    let fit = if passage.locale == language { 1.0 } else { FOREIGN };
    meet(sought, passage).map_or(0.0, |(met, _)| {
        let words = met.anywhere + 0.5 * met.sentence + 0.4 * met.headings + 0.6 * met.together + 0.4 * met.in_one;
        fit * words - LENGTH * ((1 + met.length) as f32 / USUAL).ln()
    })
}
