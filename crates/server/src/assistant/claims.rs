//! What a sentence claims, word by word, and whether other words bear it out.
//!
//! Invariant: in doubt a sentence is foreign. Numbers, names and turns such as "not", "only" and "always" are never
//! taken on trust.

use std::collections::HashSet;

/// What turns a statement into its opposite.
const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "never",
    "none",
    "cannot",
    "cant",
    "wont",
    "dont",
    "nothing",
    "nobody",
    "neither",
    "nor",
    "without",
    "nt",
    "ne",
    "n",
    "pas",
    "jamais",
    "aucun",
    "aucune",
    "rien",
    "ni",
    "sans",
    "non",
    "impossible",
    "unable",
    "false",
    "untrue",
    "wrong",
    "faux",
    "fausse",
    "refused",
    "forbidden",
    "interdit",
    "interdite",
];

/// What narrows a statement.
const LIMITS: &[&str] = &[
    "only",
    "unless",
    "except",
    "until",
    "sauf",
    "seul",
    "seule",
    "seuls",
    "seules",
    "seulement",
    "uniquement",
    "excepté",
    "hormis",
];

/// What widens or presses one.
const STRESSES: &[&str] = &[
    "always",
    "all",
    "every",
    "everybody",
    "everyone",
    "everything",
    "must",
    "free",
    "guaranteed",
    "guarantee",
    "automatically",
    "immediately",
    "toujours",
    "tous",
    "toutes",
    "chaque",
    "doit",
    "doivent",
    "devez",
    "gratuit",
    "gratuite",
    "garanti",
    "garantie",
    "automatiquement",
    "immédiatement",
];

/// Whoever speaks of themselves promises something.
const SPEAKERS: &[&str] =
    &["i", "we", "our", "ours", "us", "my", "me", "je", "j", "nous", "notre", "nos", "mon", "ma", "mes", "moi"];

/// Numbers in letters.
const NUMBERS: &[&str] = &[
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "million",
    "half",
    "twice",
    "double",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "quinze",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "cent",
    "mille",
    "moitié",
];

/// Words of four letters and more that carry nothing.
const FUNCTION_WORDS: &[&str] = &[
    "that", "this", "these", "those", "then", "than", "there", "their", "them", "they", "with", "from", "into", "your",
    "yours", "have", "will", "would", "should", "could", "when", "where", "which", "what", "while", "also", "about",
    "after", "before", "once", "here", "some", "such", "each", "been", "being", "does", "done", "more", "most", "just",
    "very", "both", "other", "over", "under", "using", "used", "make", "need", "needs", "want", "well", "like", "vous",
    "votre", "vos", "dans", "avec", "pour", "cette", "cela", "celui", "celle", "ceux", "elle", "elles", "leur",
    "leurs", "sont", "être", "avoir", "avez", "pouvez", "peut", "peuvent", "faut", "fait", "faire", "quand", "lorsque",
    "comme", "mais", "donc", "ainsi", "alors", "aussi", "plus", "moins", "très", "bien", "puis", "après", "avant",
    "chez", "entre", "depuis", "pendant", "sous", "vers", "dont", "quel", "quelle", "quels", "quelles", "ensuite",
    "please", "help", "page", "pages", "article", "can", "may",
];

/// The words of a text, in small letters, divided at apostrophes.
fn words(text: &str) -> Vec<String> {
    let text = text.replace("n't", " not").replace("n’t", " not");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// What does not come from the words that a sentence is said to rest on. `quoted` are the quotes themselves, `around`
/// the sentences that they are taken from with their headings.
pub fn foreign(sentence: &str, quoted: &str, around: &str) -> bool {
    let (said, borne) = (words(sentence), words(around));
    let known: HashSet<&str> = borne.iter().map(String::as_str).collect();
    let turns = |list: &[&str], words: &[String]| words.iter().any(|word| list.contains(&word.as_str()));
    // Two are said of one thing by who takes it back; what French sets around a verb is one.
    let negations = |words: &[String]| {
        let words = words.iter().map(String::as_str).filter(|word| !matches!(*word, "ne" | "n"));
        words.filter(|word| NEGATIONS.contains(word)).count()
    };
    turns(NEGATIONS, &said) != turns(NEGATIONS, &borne)
        || negations(&said) > negations(&borne).max(1)
        || turns(LIMITS, &said) != turns(LIMITS, &borne)
        || said.iter().any(|word| {
            let taken_on_trust = [STRESSES, SPEAKERS, NUMBERS].concat().contains(&word.as_str());
            taken_on_trust && !known.contains(word.as_str())
        })
        || !numbers(sentence).is_subset(&numbers(quoted))
        || !names(sentence).all(|name| words_hold(quoted, name))
        || !codes(sentence).all(|code| quoted.contains(code))
        || says_something_else(&said, &borne)
}

/// The numbers of a text, with their points.
fn numbers(text: &str) -> HashSet<&str> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | ':')));
    parts
        .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|part| part.chars().any(char::is_numeric))
        .collect()
}

/// Words with a capital letter, but for those that begin a sentence.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut begins = true;
    text.split_whitespace().flat_map(move |piece| {
        let mut first = begins;
        begins = piece.ends_with(['.', '!', '?', ':']);
        parts(piece).filter(move |word| {
            let capitals = word.chars().filter(|c| c.is_uppercase()).count();
            let may_begin = std::mem::take(&mut first);
            capitals > usize::from(may_begin)
        })
    })
}

fn parts(piece: &str) -> impl Iterator<Item = &str> {
    piece.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

fn words_hold(text: &str, name: &str) -> bool {
    parts(text).any(|part| part == name)
}

/// What stands between back ticks, and what looks like code, a path or an address.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    let ticked = text.split('`').skip(1).step_by(2);
    let looking = text.split_whitespace().filter_map(|piece| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric() && !"/-_$%".contains(c));
        let inner = word.chars().skip(1).any(|c| matches!(c, '_' | '/' | '=' | '\\' | '@' | '.' | '$'));
        let option = word.starts_with("--") || word.starts_with('/') && word.len() > 1;
        let number = word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | ':' | '/' | '%' | '-'));
        ((inner || option) && !number).then_some(word)
    });
    ticked.chain(looking)
}

/// More than a quarter of the words that carry something stand nowhere around the quotes.
fn says_something_else(said: &[String], borne: &[String]) -> bool {
    let stems: HashSet<String> = borne.iter().map(|word| stem(word)).collect();
    let carrying: Vec<&String> =
        said.iter().filter(|word| word.chars().count() >= 4 && !FUNCTION_WORDS.contains(&word.as_str())).collect();
    let unknown = carrying.iter().filter(|word| !stems.contains(&stem(word))).count();
    unknown * 4 > carrying.len()
}

/// The beginning of a word, which its forms share, without accents that people leave out.
fn stem(word: &str) -> String {
    let plain = word.chars().map(|c| match c {
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'à' | 'â' => 'a',
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'ù' | 'û' => 'u',
        'ç' => 'c',
        other => other,
    });
    plain.take(5).collect()
}

#[cfg(test)]
mod tests {
    use super::foreign;

    #[test]
    fn what_is_borne_out_and_what_is_foreign() {
        let archive = "You can archive a resolved ticket from its menu after 30 days.";
        let delete = "Nobody but the creator can delete a ticket: you cannot delete somebody else's.";
        for (sentence, quoted, is_foreign) in [
            (archive, archive, false),
            ("Resolved tickets can be archived from their menu after 30 days.", archive, false),
            ("You can archive a resolved ticket.", archive, false),
            ("You cannot archive a resolved ticket.", archive, true),
            ("You can archive a resolved ticket after 31 days.", archive, true),
            ("You can archive a resolved ticket after thirty-one days.", archive, true),
            ("You must archive a resolved ticket.", archive, true),
            ("Only you can archive a resolved ticket.", archive, true),
            ("Bob can archive a resolved ticket with Dropbox.", archive, true),
            ("You can archive a ticket and claim a refund from your bank.", archive, true),
            ("We archive a resolved ticket after 30 days.", archive, true),
            ("You can archive a ticket at evil.example.", archive, true),
            ("Run `rm -rf /` to archive a resolved ticket.", archive, true),
            ("You can delete somebody else's ticket.", delete, true),
            ("You cannot delete somebody else's ticket.", delete, false),
            (
                "It is not true that you cannot delete somebody else's ticket.",
                "You cannot delete somebody else's ticket.",
                true,
            ),
            ("Vous pouvez supprimer vos données.", archive, true),
        ] {
            assert_eq!(foreign(sentence, quoted, quoted), is_foreign, "{sentence}");
        }
    }
}
