//! The words of an answer, in Markdown.
//!
//! Invariant: besides our own words it holds what was verified, with its characters made harmless, and links to help
//! pages.

use std::collections::HashSet;

use api_types::{
    articles::RevisionId,
    assistant::{Outcome, Source},
    people::Locale,
};

use super::{
    reading::Quote,
    verify::{Style, Supported},
};
use crate::articles::retrieve::Passage;

/// So many pages are named when nothing answers.
const NEAREST: usize = 3;

/// What is to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    pub markdown: String,
    pub sources: Vec<Source>,
}

impl Answer {
    /// Every revision that it rests on or links to.
    pub fn revisions(&self) -> Vec<RevisionId> {
        let all: HashSet<RevisionId> = self.sources.iter().map(|source| source.revision_id).collect();
        all.into_iter().collect()
    }

    /// What a model said and code has verified.
    pub fn of_sentences(name: &str, locale: Locale, sentences: &[Supported], passages: &[Passage]) -> Self {
        let mut markdown = said(locale, Words::Introduction, name);
        let mut after = Style::Code;
        for sentence in sentences {
            // Sentences of one kind that follow each other belong together.
            markdown.push_str(match (after, sentence.style) {
                (Style::Text, Style::Text) => " ",
                (Style::Bullet, Style::Bullet) => "\n",
                _ => "\n\n",
            });
            match sentence.style {
                Style::Text => markdown.push_str(&harmless(&sentence.text)),
                Style::Bullet => markdown.push_str(&format!("- {}", harmless(&sentence.text))),
                Style::Quote => {
                    let shown: Vec<_> = sentence.quotes.iter().map(|(_, quote)| quoted(&lines(quote))).collect();
                    markdown.push_str(&shown.join("\n>\n"));
                }
                Style::Code => {
                    let lines: Vec<&str> = sentence.quotes.iter().map(|(_, quote)| quote.as_str()).collect();
                    markdown.push_str(&code(&lines.join("\n")));
                }
            }
            after = sentence.style;
        }
        let quotes = sentences.iter().flat_map(|sentence| &sentence.quotes);
        let quotes = quotes.map(|(passage, quote)| Quote { passage: *passage, text: quote.clone() });
        Self::with_sources(Outcome::Answered, markdown, locale, &quotes.collect::<Vec<_>>(), passages)
    }

    /// What stands in the articles, word for word.
    pub fn of_quotes(name: &str, locale: Locale, quotes: &[Quote], passages: &[Passage]) -> Self {
        let mut markdown = said(locale, Words::Quoting, name);
        for quote in quotes {
            let is_code = quote.text.lines().all(|line| line.starts_with("    "));
            let shown = if is_code { code(&quote.text) } else { lines(&quote.text) };
            markdown.push_str(&format!("\n\n{}", quoted(&shown)));
        }
        Self::with_sources(Outcome::Answered, markdown, locale, quotes, passages)
    }

    /// That the documentation has no answer, with the pages nearest to one.
    pub fn not_covered(name: &str, locale: Locale, passages: &[Passage]) -> Self {
        let mut pages = HashSet::new();
        let nearest = passages.iter().enumerate().filter(|(_, passage)| pages.insert(&passage.slug)).take(NEAREST);
        let nearest: Vec<_> = nearest.map(|(passage, _)| Quote { passage, text: String::new() }).collect();
        let words = if nearest.is_empty() { Words::NotCovered } else { Words::NotCoveredButNear };
        let markdown = said(locale, words, name);
        let mut answer = Self::with_sources(Outcome::NotCovered, String::new(), locale, &nearest, passages);
        let links: Vec<_> = nearest.iter().filter_map(|quote| passages.get(quote.passage)).map(page_link).collect();
        answer.markdown = [vec![markdown], links.iter().map(|link| format!("- {link}")).collect()].concat().join("\n");
        if !links.is_empty() {
            answer.markdown = answer.markdown.replacen('\n', "\n\n", 1);
        }
        answer
    }

    fn with_sources(
        outcome: Outcome,
        markdown: String,
        locale: Locale,
        quotes: &[Quote],
        passages: &[Passage],
    ) -> Self {
        let (mut sources, mut links) = (Vec::<Source>::new(), Vec::new());
        for quote in quotes {
            let Some(passage) = passages.get(quote.passage) else {
                continue;
            };
            let source = source(passage, quote.text.clone());
            if !sources.contains(&source) {
                sources.push(source);
            }
            let link = page_link(passage);
            if !links.contains(&link) {
                links.push(link);
            }
        }
        let markdown = format!("{markdown}\n\n{} {}", said(locale, Words::From, ""), links.join(", "));
        Self { outcome, markdown, sources }
    }
}

fn source(passage: &Passage, quote: String) -> Source {
    Source {
        slug: passage.slug.clone(),
        title: passage.title.clone(),
        locale: passage.locale,
        revision_id: passage.revision_id,
        anchor: passage.anchor.clone(),
        quote,
        url: url(passage),
    }
}

/// The address of a passage, from the desk's root.
fn url(passage: &Passage) -> String {
    let anchor = passage.anchor.as_deref().map(|anchor| format!("#{}", escaped(anchor))).unwrap_or_default();
    format!("/help/{}?lang={}{anchor}", escaped(&passage.slug), passage.locale)
}

fn escaped(part: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    part.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn page_link(passage: &Passage) -> String {
    let title = match &passage.heading {
        Some(heading) if *heading != passage.title => format!("{} – {heading}", passage.title),
        _ => passage.title.clone(),
    };
    format!("[{}]({})", harmless(&title), url(passage))
}

/// A text in one line whose characters mean nothing to Markdown, but for code between ticks.
fn harmless(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown = String::with_capacity(line.len() + 8);
    for (place, part) in line.split('`').enumerate() {
        if place % 2 == 1 {
            shown.push_str(&format!("`{part}`"));
            continue;
        }
        for c in part.chars() {
            if "\\*_[]<>#|~&!`{}".contains(c) {
                shown.push('\\');
            }
            shown.push(c);
        }
    }
    // What would begin a list, a quote, a rule or a heading.
    let number = shown.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    match shown.chars().next() {
        Some('-' | '+' | '=' | ':') => shown.insert(0, '\\'),
        Some('0'..='9') if shown.get(number..).is_some_and(|rest| rest.starts_with(['.', ')'])) => {
            shown.insert(number, '\\');
        }
        _ => {}
    }
    shown
}

/// The lines of a quote: items stay items.
fn lines(text: &str) -> String {
    let shown = text.lines().map(|line| match line.trim().strip_prefix("- ") {
        Some(item) => format!("- {}", harmless(&item.replace('`', "'"))),
        None => harmless(&line.replace('`', "'")),
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// A block of code that nothing in it can end.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<_> = text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    format!("{fence}\n{}\n{fence}", lines.join("\n"))
}

/// Our own words.
#[derive(Clone, Copy)]
enum Words {
    Introduction,
    Quoting,
    NotCovered,
    NotCoveredButNear,
    From,
}

fn said(locale: Locale, words: Words, name: &str) -> String {
    let name = harmless(name);
    match (locale, words) {
        (Locale::English, Words::Introduction) => {
            format!("I am {name}, the automatic assistant. This is what the help pages say:")
        }
        (Locale::English, Words::Quoting) => {
            format!("I am {name}, the automatic assistant. I found this in the help pages:")
        }
        (Locale::English, Words::NotCovered) => format!(
            "I am {name}, the automatic assistant. The help pages do not answer this. The team has your message and will reply here."
        ),
        (Locale::English, Words::NotCoveredButNear) => format!(
            "I am {name}, the automatic assistant. The help pages do not answer this. The team has your message and will reply here. The nearest pages:"
        ),
        (Locale::English, Words::From) => "Read more:".to_owned(),
        (Locale::French, Words::Introduction) => {
            format!("Je suis {name}, l’assistant automatique. Voici ce que disent les pages d’aide :")
        }
        (Locale::French, Words::Quoting) => {
            format!("Je suis {name}, l’assistant automatique. J’ai trouvé ceci dans les pages d’aide :")
        }
        (Locale::French, Words::NotCovered) => format!(
            "Je suis {name}, l’assistant automatique. Les pages d’aide ne répondent pas à cette question. L’équipe a reçu votre message et vous répondra ici."
        ),
        (Locale::French, Words::NotCoveredButNear) => format!(
            "Je suis {name}, l’assistant automatique. Les pages d’aide ne répondent pas à cette question. L’équipe a reçu votre message et vous répondra ici. Les pages les plus proches :"
        ),
        (Locale::French, Words::From) => "Pour en savoir plus :".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{code, escaped, harmless};
    use crate::comments::render_answer;

    #[test]
    fn nothing_becomes_markup() {
        for text in [
            "**bold** _it_ [x](/help/y) <b>z</b> ![i](j) # h | a | ~~s~~ &lt; a\\*b",
            "- item",
            "+ item",
            "1. item",
            "12) item",
            "> quote",
            "# heading",
            "=== rule",
            "--- rule",
            "``` fence",
            "a\n\n# b",
        ] {
            let html = render_answer(&harmless(text));
            let tags: Vec<_> = html.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
            assert!(tags.iter().all(|tag| ["p", "/p", "code", "/code"].contains(tag)), "{text} gave {html}");
        }
    }

    #[test]
    fn code_stays_in_its_block() {
        assert_eq!(render_answer(&code("    a\n    ```\n    b")), "<pre><code>a\n```\nb\n</code></pre>\n");
        assert_eq!(escaped("élan b"), "%C3%A9lan%20b");
    }
}
