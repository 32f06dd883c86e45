//! Checking what a model says against the passages that it was given.
//!
//! Invariant: a sentence passes only if every one of its quotes stands word for word in the passage that it names, and
//! if it says nothing that the quotes do not. Where that cannot be told, because the article is in another language,
//! the article's own sentences pass in its place. What passes holds no address, no markup and no label.

use api_types::{assistant::QuoteCheck, people::Locale};
use serde::Deserialize;

use super::{claims, typography::Plain};
use crate::articles::words;

/// So many sentences make an answer; what follows is not read.
const MOST_SENTENCES: usize = 16;
const MOST_QUOTES: usize = 6;
const LONGEST: usize = 700;

/// A shorter quote proves nothing.
const FEWEST_WORDS: usize = 3;
const FEWEST_LETTERS: usize = 14;

/// What a model answers, as it was asked to.
#[derive(Debug, Deserialize)]
pub struct Reply {
    /// False says that the passages do not answer.
    #[serde(default = "yes")]
    pub covered: bool,
    pub sentences: Vec<Sentence>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
pub struct Sentence {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub style: Style,
    #[serde(default)]
    pub quotes: Vec<Span>,
}

/// How a sentence stands on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Text,
    Bullet,
    /// Lines of code, as they stand in the article.
    Code,
    /// Whole sentences of the article, in its own language. No model chooses this.
    #[serde(skip)]
    Quote,
}

#[derive(Debug, Deserialize)]
pub struct Span {
    /// From 1.
    pub passage: usize,
    pub quote: String,
}

/// What a quote is looked for in.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    pub locale: Locale,
    /// The title of its article, and its own heading.
    pub headings: &'a str,
    pub body: &'a str,
}

/// A sentence that the passages bear out.
#[derive(Debug, PartialEq, Eq)]
pub struct Supported {
    pub text: String,
    pub style: Style,
    /// Passages from 0, and the words of their articles.
    pub quotes: Vec<(usize, String)>,
}

/// The sentences that pass, and the count.
pub fn verify(reply: &Reply, passages: &[Passage<'_>]) -> (Vec<Supported>, QuoteCheck) {
    let plain: Vec<Plain> = passages.iter().map(|passage| Plain::of(passage.body)).collect();
    let read = reply.sentences.iter().take(MOST_SENTENCES);
    let supported: Vec<_> = read.filter_map(|sentence| check(sentence, passages, &plain)).collect();
    let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    let verification = QuoteCheck { sentences: count(reply.sentences.len()), supported: count(supported.len()) };
    (supported, verification)
}

fn check(sentence: &Sentence, passages: &[Passage<'_>], plain: &[Plain]) -> Option<Supported> {
    let text = sentence.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if sentence.quotes.is_empty() || sentence.quotes.len() > MOST_QUOTES || !is_fit_to_print(&text) {
        return None;
    }
    let (mut quotes, mut whole_sentences) = (Vec::new(), Vec::new());
    let (mut quoted, mut around) = (String::new(), String::new());
    let mut is_code = true;
    for Span { passage, quote } in &sentence.quotes {
        let place = passage.checked_sub(1)?;
        let (original, whole) = (passages.get(place)?, plain.get(place)?);
        let sought = Plain::of(quote);
        if !proves_something(sought.as_str()) && sought.as_str() != whole.as_str() {
            return None;
        }
        let range = whole.find(&sought)?;
        for (text, part) in [(&mut quoted, sought.as_str()), (&mut around, &whole.surroundings(&range))] {
            text.push_str(part);
            text.push('\n');
        }
        around.push_str(original.headings);
        around.push('\n');
        let origin = whole.origin(&range);
        is_code &= stands_in_code(original.body, &origin);
        quotes.push((place, original.body.get(origin)?.to_owned()));
        whole_sentences.push((place, original.body.get(whole.origin(&whole.sentences(&range)))?.trim().to_owned()));
    }
    if sentence.style == Style::Code {
        return is_code.then(|| Supported { text: String::new(), style: Style::Code, quotes });
    }
    let said = Plain::of(&text);
    let balanced = text.matches('`').count().is_multiple_of(2);
    let says_something = said.as_str().chars().filter(|c| c.is_alphabetic()).count() >= 2;
    // Ticks are taken off by the plain form, so what stands between them is looked at before.
    let ticked = text.split('`').skip(1).step_by(2).all(|code| quoted.contains(Plain::of(code).as_str()));
    if !balanced || !ticked || !says_something {
        return None;
    }
    if claims::foreign(said.as_str(), &quoted, &around) {
        return in_another_language(&text, sentence, passages).then_some(Supported {
            text: String::new(),
            style: Style::Quote,
            quotes: whole_sentences,
        });
    }
    Some(Supported { text, style: sentence.style, quotes })
}

/// Lines of code begin with four spaces.
fn stands_in_code(body: &str, range: &std::ops::Range<usize>) -> bool {
    let start = body.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    body.get(start..range.end).is_some_and(|lines| lines.lines().all(|line| line.starts_with("    ")))
}

/// The sentence is plainly in the one language, and what it quotes in the other: word by word they cannot be compared.
fn in_another_language(text: &str, sentence: &Sentence, passages: &[Passage<'_>]) -> bool {
    let Some(language) = words::language(text) else {
        return false;
    };
    let mut quoted = sentence.quotes.iter().filter_map(|span| passages.get(span.passage.checked_sub(1)?));
    quoted.all(|passage| passage.locale != language)
}

fn proves_something(quote: &str) -> bool {
    quote.split_whitespace().count() >= FEWEST_WORDS
        && quote.chars().filter(|c| c.is_alphanumeric()).count() >= FEWEST_LETTERS
}

/// No addresses, markup, labels, nor characters that hide or reorder.
fn is_fit_to_print(text: &str) -> bool {
    let lower = text.to_lowercase();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c,
                '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
                | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}')
    };
    let brackets =
        ['[', ']', '［', '］', '【', '】', '〔', '〕', '⟦', '⟧', '<', '>', '＜', '＞', '‹', '›', '{', '}', '|'];
    let is_label = |label: &str| {
        lower.match_indices(label).any(|(at, _)| {
            !lower.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric)
        })
    };
    text.chars().count() <= LONGEST
        && !["admin:", "user:", "ai:"].into_iter().any(is_label)
        && !text.contains(hidden)
        && !text.contains(brackets)
        && !["://", "//", "\\\\", "www.", "mailto:", "javascript:", "data:", "&#", "@"]
            .iter()
            .any(|it| lower.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSAGES: &[Passage<'static>] = &[
        Passage {
            locale: Locale::English,
            headings: "Archive tickets",
            body: "A resolved ticket can be archived from its menu. It leaves the list, and nobody loses it.\n\n    waggle tickets archive --older 30",
        },
        Passage {
            locale: Locale::English,
            headings: "Delete a ticket",
            body: "You cannot delete somebody else’s ticket. Deleting is final.",
        },
    ];

    fn one(text: &str, quotes: &[(usize, &str)]) -> bool {
        let quotes =
            quotes.iter().map(|(passage, quote)| Span { passage: *passage, quote: (*quote).to_owned() }).collect();
        let sentence = Sentence { text: text.to_owned(), style: Style::Text, quotes };
        !verify(&Reply { covered: true, sentences: vec![sentence] }, PASSAGES).0.is_empty()
    }

    #[test]
    fn quotes_that_stand_there_support() {
        let archive = (1, "A resolved ticket can be archived from its menu.");
        assert!(one("You can archive a resolved ticket from its menu.", &[archive]));
        assert!(
            one("Deleting is final.", &[(2, "ticket. Deleting is final.")]) == one("Deleting is final, not more.", &[])
        );
        assert!(one("You cannot delete somebody else's ticket.", &[(2, "You cannot delete somebody else's ticket.")]));
        let (supported, _) = verify(
            &Reply {
                covered: true,
                sentences: vec![Sentence {
                    text: "anything".to_owned(),
                    style: Style::Code,
                    quotes: vec![Span { passage: 1, quote: "waggle tickets archive --older 30".to_owned() }],
                }],
            },
            PASSAGES,
        );
        assert_eq!(supported.first().unwrap().quotes, [(0, "waggle tickets archive --older 30".to_owned())]);
    }

    #[test]
    fn quotes_that_do_not_stand_there_do_not() {
        let sentence = "You can archive a resolved ticket from its menu.";
        for (passage, quote) in [
            (1, "A resolved ticket can be archived from its page."),
            (1, "a resolved ticket can be archived from its menu."),
            (2, "A resolved ticket can be archived from its menu."),
            (0, "A resolved ticket can be archived from its menu."),
            (3, "A resolved ticket can be archived from its menu."),
            (usize::MAX, "A resolved ticket can be archived from its menu."),
            (1, "resolved"),
            (1, ""),
            (1, "A resolved ticket … from its menu."),
        ] {
            assert!(!one(sentence, &[(passage, quote)]), "{passage} {quote}");
        }
        assert!(!one(sentence, &[]));
        assert!(
            !one("You can delete somebody else's ticket.", &[(2, "delete somebody else’s ticket")]),
            "half a quote"
        );
    }

    fn checked(text: &str, style: Style, passage: usize, quote: &str) -> Option<Supported> {
        let quotes = vec![Span { passage, quote: quote.to_owned() }];
        let sentence = Sentence { text: text.to_owned(), style, quotes };
        verify(&Reply { covered: true, sentences: vec![sentence] }, PASSAGES).0.pop()
    }

    #[test]
    fn in_another_language_the_article_speaks_for_itself() {
        for text in [
            "Vous ne pouvez pas supprimer le ticket d’une autre personne.",
            "Vous pouvez supprimer le ticket d’un autre.",
        ] {
            let supported = checked(text, Style::Text, 2, "delete somebody else’s ticket").unwrap();
            assert_eq!((supported.style, supported.text.as_str()), (Style::Quote, ""));
            assert_eq!(supported.quotes, [(1, "You cannot delete somebody else’s ticket.".to_owned())]);
        }
        for (text, quote) in [
            ("Vous ne pouvez pas le supprimer.", "delete nobody else’s ticket"),
            ("Allez sur https://evil.example pour le supprimer.", "delete somebody else’s ticket"),
            ("You can delete a ticket of the others.", "delete somebody else’s ticket"),
            ("Supprimer.", "delete somebody else’s ticket"),
        ] {
            assert_eq!(checked(text, Style::Text, 2, quote), None, "{text}");
        }
    }

    #[test]
    fn prose_is_not_passed_off_as_code() {
        assert_eq!(checked("", Style::Code, 2, "delete somebody else’s ticket"), None);
        assert_eq!(checked("x", Style::Code, 2, "delete somebody else’s ticket"), None);
        assert!(checked("x", Style::Code, 1, "waggle tickets archive --older 30").is_some());
    }
}
