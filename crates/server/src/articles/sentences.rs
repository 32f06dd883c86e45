//! Where sentences end.
//!
//! Invariant: the sentences of a text are parts of it, in order, and nothing but white space lies between them.

/// A full stop behind one of these ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "etc", "cf", "vs", "no", "approx", "resp", "fig", "mr", "mrs", "dr", "st", "p", "pp", "ex", "p.ex",
    "m", "mm", "mme", "mlle", "env", "art", "n", "c.-à-d", "min", "max", "nb", "tél", "tel",
];

/// A sentence, an item, a row or a line of code.
pub struct Unit<'a> {
    pub text: &'a str,
    pub start: usize,
    pub end: usize,
    pub is_code: bool,
    /// The place of its line among the body's.
    pub line: usize,
}

/// What a passage's body is made of.
pub fn units(body: &str) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    let mut offset = 0;
    for (number, line) in body.split('\n').enumerate() {
        let is_code = line.starts_with("    ");
        let pieces = if is_code { vec![line] } else { split(line) };
        let mut from = 0;
        for piece in pieces {
            let at = line.get(from..).and_then(|rest| rest.find(piece)).unwrap_or(0) + from;
            from = at + piece.len();
            if !piece.trim().is_empty() {
                units.push(Unit { text: piece, start: offset + at, end: offset + from, is_code, line: number });
            }
        }
        offset += line.len() + 1;
    }
    units
}

/// The sentences of one paragraph.
pub fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, closing)) =
            chars.next_if(|(_, c)| matches!(c, '.' | '!' | '?' | '…' | ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '*'))
        {
            end = next + closing.len_utf8();
        }
        let rest = text.get(end..).unwrap_or_default();
        let so_far = text.get(start..at).unwrap_or_default();
        if ends_here(c, so_far, rest) {
            push(&mut sentences, text.get(start..end));
            start = end;
        }
    }
    push(&mut sentences, text.get(start..));
    sentences
}

fn push<'a>(sentences: &mut Vec<&'a str>, sentence: Option<&'a str>) {
    let sentence = sentence.unwrap_or_default().trim();
    if !sentence.is_empty() {
        sentences.push(sentence);
    }
}

fn ends_here(mark: char, so_far: &str, rest: &str) -> bool {
    let mut following = rest.chars();
    match following.next() {
        None => return true,
        Some(space) if space.is_whitespace() => {}
        Some(_) => return false,
    }
    // French sets a space before a closing quote.
    let next = rest.trim_start().chars().next();
    if next.is_none_or(|c| matches!(c, '»' | '!' | '?')) {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let word = so_far.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    if ABBREVIATIONS.contains(&word.as_str()) || word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
        return false;
    }
    // What goes on in lower case is an abbreviation that nobody listed.
    !next.is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{split, units};

    #[test]
    fn units_are_parts_of_their_text() {
        let body = "One. Two!\n\n    let x = 1;\n- an item";
        let found: Vec<_> = units(body).iter().map(|unit| (unit.text, unit.is_code, unit.line)).collect();
        let expected = [("One.", false, 0), ("Two!", false, 0), ("    let x = 1;", true, 2), ("- an item", false, 3)];
        assert_eq!(found, expected);
        assert!(units(body).iter().all(|unit| body[unit.start..unit.end] == *unit.text));
    }

    #[test]
    fn sentences_end_where_a_reader_stops() {
        assert_eq!(split("One. Two! Three?"), ["One.", "Two!", "Three?"]);
        assert_eq!(split("Use e.g. Firefox. Then (really.) Go"), ["Use e.g. Firefox.", "Then (really.)", "Go"]);
        assert_eq!(split("Version 1.2.3 of waggle.toml is new."), ["Version 1.2.3 of waggle.toml is new."]);
        assert_eq!(split("Cliquez « Ici ! » puis attendez."), ["Cliquez « Ici ! » puis attendez."]);
        assert_eq!(split("Pourquoi ? Parce que."), ["Pourquoi ?", "Parce que."]);
        assert_eq!(split("  "), Vec::<&str>::new());
    }
}
