//! Links in Markdown, led elsewhere without touching anything else.
//!
//! Invariant: what stands in code is no link.

use super::{convert, tags};

/// Replaces the destinations that `lead` knows better.
pub fn rewrite(text: &str, lead: impl Fn(&str) -> Option<String>) -> String {
    let mut written = String::with_capacity(text.len());
    for (line, is_code) in convert::with_code(text) {
        if is_code {
            written.push_str(line);
        } else {
            rewrite_line(line, &lead, &mut written);
        }
        written.push('\n');
    }
    written.truncate(written.trim_end().len());
    written
}

fn rewrite_line(line: &str, lead: &impl Fn(&str) -> Option<String>, written: &mut String) {
    if let Some((label, url, after)) = definition(line) {
        let led = lead(url);
        written.push_str(&format!("{label}{}{after}", led.as_deref().unwrap_or(url)));
        return;
    }
    let mut rest = line;
    while let Some(at) = rest.find(['`', ']', '\\']) {
        let (before, found) = rest.split_at(at);
        written.push_str(before);
        let length = if found.starts_with('`') {
            tags::code(found)
        } else if found.starts_with('\\') {
            found.chars().take(2).map(char::len_utf8).sum()
        } else if let Some((start, url)) = found.strip_prefix("](").and_then(destination) {
            // The bracket, and what stands before the address.
            let start = start + 2;
            written.push_str(found.get(..start).unwrap_or_default());
            let led = lead(url);
            written.push_str(led.as_deref().unwrap_or(url));
            rest = found.get(start + url.len()..).unwrap_or_default();
            continue;
        } else {
            1
        };
        written.push_str(found.get(..length).unwrap_or_default());
        rest = found.get(length..).unwrap_or_default();
    }
    written.push_str(rest);
}

/// The address behind `](`, and where it begins.
fn destination(text: &str) -> Option<(usize, &str)> {
    let start = text.len() - text.trim_start_matches([' ', '<']).len();
    let address = text.get(start..)?;
    let mut open = 0_usize;
    let end = address.find(|c: char| match c {
        '(' => {
            open += 1;
            false
        }
        ')' if open > 0 => {
            open -= 1;
            false
        }
        _ => c == ')' || c == '>' || c.is_whitespace(),
    })?;
    Some((start, address.get(..end)?)).filter(|(_, url)| !url.is_empty())
}

/// `[label]: address "title"`
fn definition(line: &str) -> Option<(&str, &str, &str)> {
    if !line.trim_start().starts_with('[') {
        return None;
    }
    let at = line.find("]: ")? + 3;
    let (label, rest) = line.split_at(at);
    let indent = rest.len() - rest.trim_start_matches([' ', '<']).len();
    let start = at + indent;
    let address = line.get(start..)?;
    let end = address.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(address.len());
    // What goes on behind the address is a sentence.
    let after = address.get(end..)?;
    let is_title = after.trim_start_matches('>').trim_start();
    let fits = is_title.is_empty() || is_title.starts_with(['"', '\'', '(']);
    (fits && !label.trim_start().starts_with("[^")).then_some((line.get(..start)?, address.get(..end)?, after))
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn addresses_change_and_the_rest_stays() {
        let lead = |url: &str| url.strip_suffix(".md").map(|name| format!("/help/{name}"));
        for (written, led) in [
            ("[a](b.md) [c](<d.md> \"t\") [e](f.txt)", "[a](/help/b) [c](</help/d> \"t\") [e](f.txt)"),
            ("[a]: b.md\n[c]: <d.md> 'x'", "[a]: /help/b\n[c]: </help/d> 'x'"),
            ("`[a](b.md)` \\[x](y.md)", "`[a](b.md)` \\[x](/help/y)"),
            ("```\n[a](b.md)\n```", "```\n[a](b.md)\n```"),
            ("[![p](q.png)](b.md)", "[![p](q.png)](/help/b)"),
            ("[a](b(c).md) é ](", "[a](/help/b(c)) é ]("),
        ] {
            assert_eq!(rewrite(written, lead), led);
        }
    }
}
