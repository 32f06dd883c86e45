//! Hiding what nobody outside should read: keys, tokens, passwords, card numbers.
//!
//! Invariant: what customers write leaves the desk only through [`mask`].

/// What stands for a secret.
pub const HIDDEN: &str = "[hidden]";

/// Beginnings of well-known keys.
const PREFIXES: &[&str] = &[
    "sk-",
    "sk_",
    "pk_",
    "rk_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "AIza",
    "eyJ",
    "ya29.",
    "hf_",
    "whsec_",
    "npm_",
    "pypi-",
];

/// Words before a secret.
const LABELS: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "pwd",
    "pass",
    "passe",
    "mdp",
    "secret",
    "token",
    "bearer",
    "apikey",
    "api_key",
    "api-key",
    "key",
    "pin",
    "cvc",
    "cvv",
    "clé",
    "clef",
    "jeton",
    "authorization",
];

/// Words between the label and the secret.
const LINKS: &[&str] = &[":", "=", "is", "est", ":=", "=>", "->", "was", "était"];

/// The text without its secrets.
pub fn mask(text: &str) -> String {
    let text = mask_cards(text);
    let mut masked = String::with_capacity(text.len());
    let mut expected = Expected::Nothing;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = piece.get(word.len()..).unwrap_or_default();
        let (shown, next) = mask_word(word, expected);
        masked.push_str(&shown);
        masked.push_str(space);
        if !word.is_empty() {
            expected = next;
        }
    }
    masked
}

/// What the words so far announce.
#[derive(Clone, Copy, PartialEq)]
enum Expected {
    Nothing,
    /// A label came; a sign that its secret follows is still missing.
    Link,
    Secret,
}

fn mask_word(word: &str, expected: Expected) -> (String, Expected) {
    let lower = word.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && !"-_".contains(c));
    if expected != Expected::Nothing && LINKS.contains(&lower.as_str()) {
        return (word.to_owned(), Expected::Secret);
    }
    if bare == "bearer" || bare == "basic" && expected == Expected::Secret {
        return (word.to_owned(), Expected::Secret);
    }
    if expected == Expected::Secret && !word.is_empty() {
        return (HIDDEN.to_owned(), Expected::Nothing);
    }
    if let Some((label, secret)) = word.split_once([':', '=']) {
        let label_lower = label.to_lowercase();
        let name = label_lower.trim_matches(|c: char| !c.is_alphanumeric());
        if LABELS.iter().any(|known| name == *known || name.ends_with(&format!("_{known}"))) {
            return match secret.trim_matches(['"', '\'', ':', '=']) {
                "" => (word.to_owned(), Expected::Secret),
                _ => (
                    format!("{label}{}{HIDDEN}", word.get(label.len()..=label.len()).unwrap_or(":")),
                    Expected::Nothing,
                ),
            };
        }
    }
    if LABELS.contains(&bare) {
        return (word.to_owned(), Expected::Link);
    }
    if looks_secret(word) {
        return (HIDDEN.to_owned(), Expected::Nothing);
    }
    (hide_credentials(word), Expected::Nothing)
}

fn looks_secret(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if PREFIXES.iter().any(|prefix| bare.starts_with(prefix)) && bare.len() >= 16 {
        return true;
    }
    let of_a_key = |c: char| c.is_ascii_alphanumeric() || "+/=_-.~".contains(c);
    let (digits, letters) = (bare.chars().any(|c| c.is_ascii_digit()), bare.chars().any(|c| c.is_ascii_alphabetic()));
    // A path has more strokes than a key.
    bare.len() >= 32 && bare.chars().all(of_a_key) && digits && letters && bare.matches('/').count() <= 2
}

/// `https://user:password@host`.
fn hide_credentials(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    match rest.split_once('/').map_or(rest, |(host, _)| host).rsplit_once('@') {
        Some((credentials, _)) => {
            format!("{scheme}://{HIDDEN}{}", rest.get(credentials.len()..).unwrap_or_default())
        }
        None => word.to_owned(),
    }
}

/// Hides every run of 13 to 19 digits that is a card number by its check digit.
fn mask_cards(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        masked.push_str(before);
        let end = from.find(|c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '\u{a0}')).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let number = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
        masked.push_str(if holds_card(&digits) { HIDDEN } else { number });
        masked.push_str(run.get(number.len()..).unwrap_or_default());
        rest = after;
    }
    masked + rest
}

/// A card's number is somewhere in these digits.
fn holds_card(digits: &[u32]) -> bool {
    (13..=19).any(|length| digits.windows(length).any(|run| passes_luhn(run) && run.iter().any(|digit| *digit != 0)))
}

fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        for (text, secret) in [
            ("Authorization: Bearer abc.def-1", "abc.def-1"),
            ("curl -H 'Authorization: Bearer tok' x", "tok'"),
            ("my key is sk-proj-0123456789abcdef thanks", "0123456789"),
            ("token=ghp_0123456789abcdefghij", "ghp_"),
            ("Password: hunter2", "hunter2"),
            ("password:hunter2 and more", "hunter2"),
            ("the password is hunter2", "hunter2"),
            ("mot de passe : hunter2", "hunter2"),
            ("mot de passe\u{a0}: hunter2", "hunter2"),
            ("mon mdp est hunter2.", "hunter2"),
            ("PWD=hunter2", "hunter2"),
            ("API_KEY: 12345", "12345"),
            ("WAGGLE_SECRET_KEY=abc", "abc"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJ"),
            ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
            ("4111 1111 1111 1111", "1111"),
            ("card 4111-1111-1111-1111, please", "4111"),
            ("5500005555555559", "5500"),
            ("call 12 4111111111111111", "4111"),
            ("postgres://bob:hunter2@db.example/x", "hunter2"),
            ("d41d8cd98f00b204e9800998ecf8427e00", "d41d8"),
        ] {
            let masked = mask(text);
            assert!(!masked.contains(secret) && masked.contains(HIDDEN), "{text} gave {masked}");
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for text in [
            "I forgot my password and cannot sign in",
            "J'ai perdu mon mot de passe, que faire ?",
            "Order 1234567890123 of 2026-03-02, see https://help.example.org/articles/12",
            "The scale shows 12.5 kg at 10:30; firmware 1.2.3",
            "  two  spaces\n\tand lines\n",
            "crates/server/src/assistant/secrets_of_the_house_2.rs",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
