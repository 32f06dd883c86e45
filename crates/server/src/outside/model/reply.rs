//! Finding the JSON in what a model says.
//!
//! Invariant: nothing is guessed. What is no JSON after the wrapping is off is no answer.

use serde::de::DeserializeOwned;

/// So many beginnings are tried.
const TRIES: usize = 16;

/// Reads the first object of the wanted shape: the whole text, or what stands in a code fence or among prose, with
/// commas too many or not.
pub fn read_json<T: DeserializeOwned>(text: &str) -> Option<T> {
    let whole = text.trim();
    if let Ok(value) = serde_json::from_str(whole) {
        return Some(value);
    }
    let beginnings = whole.match_indices('{').map(|(at, _)| at).take(TRIES);
    beginnings.filter_map(|at| object(whole.get(at..)?)).find_map(|object| {
        serde_json::from_str(object).ok().or_else(|| serde_json::from_str(&without_trailing_commas(object)).ok())
    })
}

/// The object that starts here, up to its closing brace. Braces in strings do not count.
fn object(text: &str) -> Option<&str> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return text.get(..=at);
                }
            }
            _ => {}
        }
    }
    None
}

fn without_trailing_commas(text: &str) -> String {
    let (mut cleaned, mut in_string, mut escaped) = (String::with_capacity(text.len()), false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ',' if !in_string => {
                let next = text.get(at + 1..).and_then(|rest| rest.trim_start().chars().next());
                if matches!(next, Some('}' | ']')) {
                    continue;
                }
            }
            _ => {}
        }
        cleaned.push(c);
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Answer {
        text: String,
        parts: Vec<u8>,
    }

    #[test]
    fn the_wrapping_comes_off() {
        let expected = Some(Answer { text: "a } \" , ] b".to_owned(), parts: vec![1, 2] });
        let json = r#"{"text": "a } \" , ] b", "parts": [1, 2]}"#;
        let sloppy = r#"{"text": "a } \" , ] b", "parts": [1, 2, ], }"#;
        for text in [
            json.to_owned(),
            format!("\n{json}\n"),
            format!("```json\n{json}\n```"),
            format!("Here {{you}} are: {json} I hope it helps }}"),
            format!("<think>{{\"text\": 1}}</think>{json}"),
            sloppy.to_owned(),
            format!("```\n{sloppy}\n```"),
        ] {
            assert_eq!(read_json(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let deep = "{".repeat(100_000);
        for text in ["", "No.", "{", "}{", r#"{"text": "a"}"#, r#"{"text": "a", "parts": "b"}"#, "[1, 2]", &deep] {
            assert_eq!(read_json::<Answer>(text), None, "{text:.40}");
        }
    }
}
