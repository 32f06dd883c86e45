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
/// How much the whole article counts, and nearness by meaning.
const ARTICLE: f32 = 0.15;
const MEANING: f32 = 0.5;

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
    let mut articles: HashMap<(&str, Locale), HashMap<i32, f32>> = HashMap::new();
    for candidate in found {
        let met = articles.entry((&candidate.slug, candidate.locale)).or_default();
        for (place, worth) in candidate.places.iter().zip(&candidate.worths) {
            let best = met.entry(*place).or_default();
            *best = best.max(*worth);
        }
    }
    let nearness: HashMap<i64, f32> = near.iter().map(|near| (near.id, near.nearness)).collect();
    let score = |candidate: &Candidate| {
        let own = candidate.places.iter().filter_map(|place| worth.get(usize::try_from(*place).ok()?));
        let own = own.sum::<f32>() / all;
        let key = (candidate.slug.as_str(), candidate.locale);
        let whole = articles.get(&key).map_or(0.0, |met| met.values().sum::<f32>());
        let near = nearness.get(&candidate.id).copied().unwrap_or(0.0);
        candidate.score / all * (0.5 + own) + ARTICLE * whole / all + MEANING * near
    };
    found.iter().map(score).collect()
}

/// What reading a passage adds to its score.
fn read(sought: &Sought, language: Locale, passage: &Passage) -> f32 {
    let fit = if passage.locale == language { 1.0 } else { FOREIGN };
    meet(sought, passage)
        .map_or(0.0, |(met, _)| fit * (met.anywhere + 0.5 * met.sentence + 0.4 * met.headings + 0.6 * met.together))
}
