//! Words of a text as they are compared: folded, stemmed, without those that tell nothing.
//!
//! Invariant: articles and questions go through the same steps, so that what looks alike is alike.

use std::{collections::HashSet, sync::LazyLock};

use api_types::people::Locale;
use rust_stemmers::{Algorithm, Stemmer};

/// Longer ones are no words.
const LONGEST: usize = 40;

/// A word as written, without capitals and accents, and whether it is a name or code rather than language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    /// It has a digit, a sign or a capital inside: a code, a setting, a file.
    pub is_name: bool,
}

/// The words of a text, in order. What is written together, like `bodyLimit` or `pull-request`, is one word and
/// its parts.
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for token in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))) {
        let token = token.trim_matches(|c: char| !c.is_alphanumeric());
        if token.is_empty() {
            continue;
        }
        let parts = parts(token);
        let whole: String = fold(token).chars().filter(|c| c.is_alphanumeric()).collect();
        if let [part] = parts.as_slice() {
            keep(&mut found, part, part.chars().any(|c| c.is_ascii_digit()));
            continue;
        }
        // An address or a path is only its parts.
        if !token.contains('/') && parts.len() <= 6 {
            keep(&mut found, &whole, !token.contains('-') || token.contains(|c: char| c.is_ascii_digit()));
        }
        for part in &parts {
            keep(&mut found, part, false);
        }
    }
    found
}

fn keep(found: &mut Vec<Word>, folded: &str, is_name: bool) {
    let length = folded.chars().count();
    let is_number = folded.bytes().all(|byte| byte.is_ascii_digit());
    if (length > 1 || is_number) && length <= LONGEST {
        found.push(Word { folded: folded.to_owned(), is_name });
    }
}

/// `fst_err`, `bodyLimit` and `HTTPServer` in pieces, folded.
fn parts(token: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    let mut chars = token.chars().peekable();
    while let Some(c) = chars.next() {
        let turns = before.is_lowercase() && c.is_uppercase()
            || before.is_uppercase() && c.is_uppercase() && chars.peek().is_some_and(|next| next.is_lowercase());
        if !c.is_alphanumeric() || turns {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.push(c);
        }
        before = c;
    }
    parts.retain(|part| !part.is_empty());
    parts.iter().map(|part| fold(part)).collect()
}

/// In lower case and without accents.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => folded.push('a'),
            'ç' => folded.push('c'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' | 'í' | 'ì' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => folded.push('o'),
            'û' | 'ü' | 'ú' | 'ù' => folded.push('u'),
            'ÿ' => folded.push('y'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            // Combining accents, of text that writes them apart.
            '\u{300}'..='\u{36f}' => {}
            c => folded.push(c),
        }
    }
    folded
}

/// The stem of a folded word.
pub fn stem(locale: Locale, folded: &str) -> String {
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
    static FRENCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::French));
    let stemmer = match locale {
        Locale::English => &ENGLISH,
        Locale::French => &FRENCH,
    };
    stemmer.stem(folded).into_owned()
}

/// Whether a folded word tells nothing of what a text is about, in either language.
pub fn is_stop_word(folded: &str) -> bool {
    static LIST: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| include_str!("stop_words.txt").lines().flat_map(str::split_whitespace).collect());
    LIST.contains(folded)
}

/// Whether a folded word belongs to any talk about anything, so that it tells little wherever it is rare.
pub fn is_common(folded: &str) -> bool {
    static LIST: LazyLock<HashSet<&'static str>> =
        LazyLock::new(|| include_str!("common_words.txt").lines().flat_map(str::split_whitespace).collect());
    LIST.contains(folded)
}

/// The language that a text seems to be in, by its small words; `None` when they do not tell.
pub fn language(text: &str) -> Option<Locale> {
    let (mut english, mut french) = (0, 0);
    for word in text.split(|c: char| !c.is_alphanumeric()).map(fold) {
        if ENGLISH_MARKS.contains(&word.as_str()) {
            english += 1;
        } else if FRENCH_MARKS.contains(&word.as_str()) {
            french += 1;
        }
    }
    match english - french {
        2.. => Some(Locale::English),
        ..=-2 => Some(Locale::French),
        _ if english > 0 && french == 0 => Some(Locale::English),
        _ if french > 0 && english == 0 => Some(Locale::French),
        _ => None,
    }
}

const ENGLISH_MARKS: &[&str] = &[
    "the", "is", "are", "my", "you", "your", "to", "of", "and", "it", "this", "that", "for", "with", "how", "what",
    "when", "where", "why", "can", "do", "does", "was", "have", "has", "not", "from", "be", "we", "there", "which",
    "who", "will", "would", "should", "an", "in", "at",
];
const FRENCH_MARKS: &[&str] = &[
    "le", "la", "les", "un", "une", "des", "du", "de", "et", "est", "je", "vous", "nous", "mon", "ma", "mes", "votre",
    "pour", "avec", "dans", "sur", "ne", "pas", "que", "qui", "quoi", "comment", "pourquoi", "quand", "ou", "ce",
    "cette", "il", "elle", "au", "aux", "sont", "peut", "puis", "ai", "mais", "quel", "quelle", "se", "sa", "son",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn what_is_written_together_is_found_by_its_parts_too() {
        assert_eq!(folded("Set bodyLimit to 10."), ["set", "bodylimit", "body", "limit", "to", "10"]);
        assert_eq!(folded("FST_ERR"), ["fsterr", "fst", "err"]);
        assert_eq!(folded("the e-mail"), ["the", "email", "mail"]);
        assert_eq!(folded("l'été, HTTPServer"), ["ete", "httpserver", "http", "server"]);
        assert_eq!(folded("/help/start"), ["help", "start"]);
    }

    #[test]
    fn one_stem_for_all_forms() {
        for (locale, forms) in [
            (Locale::English, ["notification", "notifications", "notification"]),
            (Locale::French, ["activer", "active", "actives"]),
        ] {
            let stems: HashSet<_> = forms.iter().map(|form| stem(locale, form)).collect();
            assert_eq!(stems.len(), 1, "{stems:?}");
        }
    }

    #[test]
    fn small_words_tell_the_language() {
        assert_eq!(language("How do I change my password?"), Some(Locale::English));
        assert_eq!(language("Comment je change mon mot de passe ?"), Some(Locale::French));
        assert_eq!(language("FST_ERR_CTP 404"), None);
    }
}
