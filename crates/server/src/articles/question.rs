//! A question as the search sees it: its words, what else they may be called, and how much each tells.
//!
//! Invariant: what is only polite counts for nothing, and every turn of the conversation counts.

use std::collections::{HashMap, HashSet};

use api_types::people::Locale;

use super::words::{self, Word};

/// A conversation that ends with a question.
#[derive(Clone, Debug)]
pub struct Question {
    /// The creator's words, oldest first; the title and the message are the first.
    pub turns: Vec<String>,
    /// The reader's.
    pub locale: Locale,
}

/// More words than these cost time and tell nothing new.
const MOST_TERMS: usize = 60;
/// What a synonym is worth.
const SYNONYM: f32 = 0.6;
/// What a word of any talk counts.
const COMMON: f32 = 0.5;
/// So much of each turn is read.
const MOST_CHARACTERS: usize = 4_000;

/// What somebody looks for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    pub terms: Vec<Term>,
}

/// A word of the question.
#[derive(Clone, Debug)]
pub struct Term {
    pub word: String,
    /// A code, a setting, a name of a file.
    pub is_name: bool,
    /// How much the conversation makes of it.
    pub weight: f32,
    /// What it may be called in the articles.
    pub forms: Vec<Form>,
}

#[derive(Clone, Debug)]
pub struct Form {
    pub locale: Locale,
    pub stem: String,
    /// 1 for the word itself, less for a synonym or another spelling.
    pub closeness: f32,
    /// It only looks like the word, which no article holds.
    pub is_guess: bool,
    /// The logarithm of how few passages hold it; absent when none does.
    pub rarity: Option<f32>,
    /// How many passages hold it.
    pub passages: i32,
}

impl Question {
    /// The language that it is asked in.
    pub fn language(&self) -> Locale {
        words::language(&self.turns.join(" ")).unwrap_or(self.locale)
    }

    /// Its words with their weights. The first turn says what it is about and the last what is wanted.
    pub fn sought(&self) -> Sought {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut terms: Vec<Term> = Vec::new();
        let last = self.turns.len().saturating_sub(1);
        for (turn, text) in self.turns.iter().enumerate() {
            let weight = if turn == 0 || turn == last { 1.0 } else { 0.5 };
            let end = text.char_indices().nth(MOST_CHARACTERS).map_or(text.len(), |(end, _)| end);
            for Word { folded, is_name } in words::words(text.get(..end).unwrap_or_default()) {
                if words::is_stop_word(&folded) {
                    continue;
                }
                let weight = if words::is_common(&folded) { weight * COMMON } else { weight };
                if let Some(term) = places.get(&folded).and_then(|place| terms.get_mut(*place)) {
                    term.weight = (term.weight.max(weight) + 0.1).min(1.5);
                } else if terms.len() < MOST_TERMS {
                    places.insert(folded.clone(), terms.len());
                    let forms = Locale::ALL.iter().map(|locale| Form::of(*locale, &folded)).collect();
                    terms.push(Term { word: folded, is_name, weight, forms });
                }
            }
        }
        Sought { terms }
    }
}

impl Form {
    fn of(locale: Locale, folded: &str) -> Self {
        Self { locale, stem: words::stem(locale, folded), closeness: 1.0, is_guess: false, rarity: None, passages: 0 }
    }
}

/// What a word tells that no article holds.
const UNHEARD: f32 = 6.0;

impl Term {
    /// How much it tells in a language: what its own form does, or the best that stands for it.
    pub fn rarity(&self, language: Locale) -> f32 {
        let own = self.forms.iter().filter(|form| form.closeness >= 1.0);
        let known = |locale| own.clone().find(|form| form.locale == locale).and_then(|form| form.rarity);
        let other = self.forms.iter().filter_map(|form| form.rarity).reduce(f32::max);
        known(language).or(other).unwrap_or(UNHEARD)
    }

    /// Whether any article holds it, by whatever form but a guess.
    pub fn is_known(&self) -> bool {
        self.forms.iter().any(|form| !form.is_guess && form.rarity.is_some())
    }

    /// How near words come to it, by their stems: 1 when it is among them, 0 when nothing like it is.
    pub fn closeness(&self, locale: Locale, stems: &HashSet<String>) -> f32 {
        let among = self.forms.iter().filter(|form| form.locale == locale && stems.contains(&form.stem));
        among.map(|form| form.closeness).fold(0.0, f32::max)
    }
}

impl Sought {
    /// Adds what the words are also called, by groups of words or phrases that mean the same.
    pub fn expand(&mut self, groups: &[Group]) {
        for group in groups {
            for phrase in group {
                let Some(place) = self.holds(phrase) else {
                    continue;
                };
                for other in group.iter().filter(|other| *other != phrase) {
                    self.add(place, other);
                }
            }
        }
    }

    /// The first word of the phrase, if all its words are sought.
    fn holds(&self, phrase: &Phrase) -> Option<usize> {
        let place = |stems: &Vec<String>| {
            self.terms
                .iter()
                .position(|term| term.forms.iter().any(|form| form.closeness >= 1.0 && stems.contains(&form.stem)))
        };
        let places: Option<Vec<usize>> = phrase.iter().map(place).collect();
        places?.first().copied()
    }

    fn add(&mut self, place: usize, phrase: &Phrase) {
        let Some(term) = self.terms.get_mut(place) else {
            return;
        };
        for stems in phrase {
            for (locale, stem) in Locale::ALL.iter().zip(stems) {
                if term.forms.iter().all(|form| form.stem != *stem || form.locale != *locale) {
                    let (locale, stem) = (*locale, stem.clone());
                    let closeness = SYNONYM;
                    term.forms.push(Form { locale, stem, closeness, is_guess: false, rarity: None, passages: 0 });
                }
            }
        }
    }
}

/// Words or phrases that mean the same.
pub type Group = Vec<Phrase>;
/// The stems of each word, one for each language.
pub type Phrase = Vec<Vec<String>>;

/// A group as it is compared.
pub fn parse(group: &[String]) -> Group {
    let stems = |word: String| Locale::ALL.iter().map(|locale| words::stem(*locale, &word)).collect();
    group.iter().map(|phrase| content(phrase).into_iter().map(stems).collect()).collect()
}

fn content(phrase: &str) -> Vec<String> {
    let words = words::words(phrase).into_iter().map(|word| word.folded);
    words.filter(|word| !words::is_stop_word(word)).collect()
}
