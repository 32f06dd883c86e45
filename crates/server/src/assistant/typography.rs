//! Comparing texts that differ in typography alone.
//!
//! Invariant: a match is reported in the original's own words. Case, letters and digits are never changed.

/// A text with its typography made plain, which remembers where everything came from.
pub struct Plain {
    text: String,
    /// For each byte of `text`, where its character starts in the original.
    origins: Vec<usize>,
    /// Where lines and sentences end, as positions in `text`.
    ends: Vec<usize>,
    original_len: usize,
}

impl Plain {
    pub fn of(original: &str) -> Self {
        let mut plain =
            Self { text: String::new(), origins: Vec::new(), ends: Vec::new(), original_len: original.len() };
        let (mut after_stop, mut opens_french) = (false, false);
        for (at, c) in original.char_indices() {
            if c.is_whitespace() || c == '\u{2060}' {
                if after_stop || c == '\n' {
                    plain.end();
                }
                after_stop = false;
                if !plain.text.is_empty() && !plain.text.ends_with(' ') && !opens_french {
                    plain.push(at, " ");
                }
                continue;
            }
            opens_french = c == '«';
            // White space inside French quotes and before double punctuation is a matter of language.
            if matches!(c, '»' | ':' | ';' | '!' | '?') && plain.text.ends_with(' ') {
                plain.text.pop();
                plain.origins.pop();
            }
            after_stop = matches!(c, '.' | '!' | '?' | '…') || after_stop && matches!(c, ')' | '"' | '”' | '»' | '’');
            let mut buffer = [0; 4];
            match simple(c) {
                Some(simple) => plain.push(at, simple),
                None => plain.push(at, c.encode_utf8(&mut buffer)),
            }
        }
        while plain.text.ends_with(' ') {
            plain.text.pop();
            plain.origins.pop();
        }
        plain.end();
        plain
    }

    fn push(&mut self, origin: usize, text: &str) {
        self.text.push_str(text);
        self.origins.resize(self.text.len(), origin);
    }

    fn end(&mut self) {
        let at = self.text.trim_end().len();
        if self.ends.last() != Some(&at) && at > 0 {
            self.ends.push(at);
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a text stands in this one, whole words only.
    pub fn find(&self, sought: &Plain) -> Option<std::ops::Range<usize>> {
        if sought.text.is_empty() {
            return None;
        }
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        self.text.match_indices(&sought.text).map(|(at, found)| at..at + found.len()).find(|range| {
            let before = self.text.get(..range.start).and_then(|text| text.chars().next_back());
            let after = self.text.get(range.end..).and_then(|text| text.chars().next());
            let cuts_a_word = letter(before) && letter(sought.text.chars().next())
                || letter(after) && letter(sought.text.chars().next_back());
            !cuts_a_word
        })
    }

    /// The same place in the original.
    pub fn origin(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let at = |place: usize| self.origins.get(place).copied().unwrap_or(self.original_len);
        at(range.start)..at(range.end)
    }

    /// The sentences or lines that a place lies in.
    pub fn sentences(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.ends.iter().copied().rfind(|end| *end <= range.start).unwrap_or(0);
        let end = self.ends.iter().copied().find(|end| *end >= range.end).unwrap_or(self.text.len());
        start..end
    }

    /// The sentences or lines that a place lies in, with the line above them that announces them by a colon.
    pub fn surroundings(&self, range: &std::ops::Range<usize>) -> String {
        let std::ops::Range { start, end } = self.sentences(range);
        let mut around = self.text.get(start..end).unwrap_or_default().to_owned();
        let mut line_end = start;
        while let Some(line_start) =
            self.ends.iter().copied().rfind(|end| *end < line_end).or((line_end > 0).then_some(0))
        {
            let line = self.text.get(line_start..line_end).unwrap_or_default();
            if line.trim_end().ends_with(':') {
                around.insert(0, ' ');
                around.insert_str(0, line);
                break;
            }
            line_end = line_start;
        }
        around.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The plain form of a character, if it has one.
fn simple(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '\u{02BC}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '«' | '»' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2015}' | '\u{2212}' => "-",
        '…' => "...",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'œ' => "oe",
        'Œ' => "OE",
        'æ' => "ae",
        'Æ' => "AE",
        // What readers do not see, and formatting.
        '\u{00AD}' | '\u{200B}' | '\u{FEFF}' | '`' | '*' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds<'a>(text: &'a str, sought: &str) -> Option<&'a str> {
        let plain = Plain::of(text);
        plain.find(&Plain::of(sought)).and_then(|range| text.get(plain.origin(&range)))
    }

    #[test]
    fn typography_does_not_matter_and_words_do() {
        for (text, sought, found) in [
            ("Choose  “Archive”\nthen wait.", "Choose \"Archive\" then wait.", Some("Choose  “Archive”\nthen wait.")),
            ("L’icône s’affiche", "L'icône s'affiche", Some("L’icône s’affiche")),
            ("Ouvrez « Réglages »", "Ouvrez \"Réglages\"", Some("Ouvrez « Réglages »")),
            ("a ﬁle – here", "a file - here", Some("a ﬁle – here")),
            ("wait 5\u{a0}minutes…", "wait 5 minutes...", Some("wait 5\u{a0}minutes…")),
            ("run `waggle serve` now", "run waggle serve now", Some("run `waggle serve` now")),
            ("cœur de ruche", "coeur de ruche", Some("cœur de ruche")),
            ("scan deleted files", "can delete", None),
            ("Open the hive", "open the hive", None),
            ("Open the hive", "Open hive", None),
            ("wait 15 minutes", "wait 1", None),
            ("аpple pie", "apple pie", None),
            ("text", "", None),
            ("text", " ` ", None),
        ] {
            assert_eq!(finds(text, sought), found, "{sought} in {text}");
        }
    }

    #[test]
    fn what_surrounds_a_quote() {
        let text = "First one. You cannot delete it here! Last.\nYou cannot:\n- archive it\n- merge it";
        let plain = Plain::of(text);
        let around = |sought: &str| plain.surroundings(&plain.find(&Plain::of(sought)).unwrap()).trim().to_owned();
        assert_eq!(around("First one."), "First one.");
        assert_eq!(around("delete it"), "You cannot delete it here!");
        assert_eq!(around("merge it"), "You cannot: - merge it");
        assert_eq!(around("here! Last"), "You cannot delete it here! Last.");
    }
}
