//! HTML and JSX in Markdown, turned into what Markdown itself can say.
//!
//! Invariant: words stay; code between backticks is not touched. What is no element is no tag: `<your-name>` stays.

/// Elements of HTML that stand in documentation. Names with a capital are a program's own.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "audio",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "li",
    "link",
    "main",
    "mark",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// The longest that a tag may be.
const LONGEST: usize = 4_000;

struct Tag<'a> {
    name: &'a str,
    closes: bool,
    attributes: &'a str,
    length: usize,
}

/// Takes the tags out of a piece of Markdown that is not a block of code.
pub fn strip(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut links: Vec<Option<String>> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '`', '{', '\\']) {
        let (before, found) = rest.split_at(at);
        plain.push_str(before);
        let length = if found.starts_with('`') {
            let length = code(found);
            plain.push_str(found.get(..length).unwrap_or_default());
            length
        } else if found.starts_with('\\') {
            let length = found.chars().take(2).map(char::len_utf8).sum();
            plain.push_str(found.get(..length).unwrap_or_default());
            length
        } else if let Some(length) = comment(found) {
            length
        } else if let Some(tag) = tag(found) {
            let (said, length) = replace(&tag, found, &mut links);
            plain.push_str(&said);
            length
        } else {
            plain.push_str(found.get(..1).unwrap_or_default());
            1
        };
        rest = found.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The length of a span of code that begins here, or of the backticks that begin none.
pub fn code(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let mut at = ticks;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + next;
        let closing = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches('`').len());
        if text.get(at..start).is_some_and(|inside| inside.contains("\n\n")) {
            return ticks;
        }
        if closing == ticks {
            return start + closing;
        }
        at = start + closing;
    }
    ticks
}

fn comment(text: &str) -> Option<usize> {
    let (start, end) = if text.starts_with("<!--") {
        ("<!--", "-->")
    } else if text.starts_with("{/*") {
        ("{/*", "*/}")
    } else {
        return None;
    };
    let inside = text.get(start.len()..)?;
    // One that never ends hides the rest, as it would in a browser.
    Some(inside.find(end).map_or(text.len(), |at| start.len() + at + end.len()))
}

fn tag(text: &str) -> Option<Tag<'_>> {
    if text.starts_with("<>") || text.starts_with("</>") {
        let length = if text.starts_with("<>") { 2 } else { 3 };
        return Some(Tag { name: "", closes: false, attributes: "", length });
    }
    let inside = text.strip_prefix('<')?;
    let closes = inside.starts_with('/');
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))?;
    let (name, rest) = inside.split_at(end);
    let is_program = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().any(|c| c.is_ascii_lowercase());
    let is_element = ELEMENTS.contains(&name.to_ascii_lowercase().as_str());
    if !(is_program || is_element) || !rest.starts_with(['>', '/', ' ', '\n', '\t']) {
        return None;
    }
    let attributes = rest.get(..closing(rest)?)?;
    let length = text.len() - rest.len() + attributes.len() + 1;
    Some(Tag { name, closes, attributes, length })
}

/// Where a tag ends: at the first `>` outside quotes and braces.
fn closing(rest: &str) -> Option<usize> {
    let (mut quote, mut braces) = (None, 0_usize);
    for (at, c) in rest.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{') => braces += 1,
            (None, '}') => braces = braces.saturating_sub(1),
            (None, '>') if braces == 0 => return Some(at),
            (None, _) => {}
        }
    }
    None
}

/// What is said in the place of a tag, and how much of the text that takes.
fn replace(tag: &Tag<'_>, text: &str, links: &mut Vec<Option<String>>) -> (String, usize) {
    let name = tag.name.to_ascii_lowercase();
    let said = match name.as_str() {
        "script" | "style" | "svg" | "iframe" | "select" | "textarea" | "button" if !tag.closes => {
            let end = format!("</{}>", tag.name);
            let is_empty = tag.attributes.ends_with('/');
            let length = text.find(&end).filter(|_| !is_empty).map_or(tag.length, |at| at + end.len());
            return (String::new(), length);
        }
        "img" => attribute(tag.attributes, "alt").unwrap_or_default(),
        "br" | "td" | "th" => " ".to_owned(),
        "summary" | "figcaption" | "dt" => if tag.closes { "**\n\n" } else { "\n\n**" }.to_owned(),
        "tabitem" | "tab" if !tag.closes => {
            let label = attribute(tag.attributes, "label").or_else(|| attribute(tag.attributes, "value"));
            label.map_or_else(String::new, |label| format!("\n\n**{label}**\n\n"))
        }
        "a" | "link" if tag.closes => match links.pop().flatten() {
            Some(url) => format!("]({url})"),
            None => String::new(),
        },
        "a" | "link" if !tag.attributes.ends_with('/') => {
            let url = attribute(tag.attributes, "href").or_else(|| attribute(tag.attributes, "to"));
            links.push(url.clone().filter(|url| !url.contains([' ', ')', '\n'])));
            if matches!(links.last(), Some(Some(_))) { "[" } else { "" }.to_owned()
        }
        "b" | "strong" => "**".to_owned(),
        "i" | "em" => "*".to_owned(),
        "code" | "kbd" | "samp" | "tt" => "`".to_owned(),
        "li" if !tag.closes => "\n- ".to_owned(),
        "p" | "div" | "tr" | "ul" | "ol" | "section" | "table" => "\n".to_owned(),
        _ => String::new(),
    };
    (said, tag.length)
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let at = attributes.match_indices(name).find_map(|(at, _)| {
        let is_whole = attributes.get(..at).is_some_and(|before| before.ends_with(char::is_whitespace));
        attributes.get(at + name.len()..)?.trim_start().strip_prefix('=').filter(|_| is_whole)
    })?;
    let value = at.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inside = value.get(1..)?;
    Some(inside.get(..inside.find(quote)?)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn words_stay_and_tags_go() {
        for (written, said) in [
            ("Press <kbd>Enter</kbd>.", "Press `Enter`."),
            ("a<br/>b <!-- no\nno --> c {/* no */}d", "a b  c d"),
            ("<img src=\"x\" alt='the hive' />!", "the hive!"),
            ("<a href=\"./b.md\">B</a> and <a id=\"x\"></a>C", "[B](./b.md) and C"),
            ("<Link to=\"/docs/b\">B</Link>", "[B](/docs/b)"),
            ("<Tabs values={[{label: '>'}]}>x</Tabs>", "x"),
            ("<script>alert(1)</script>x<style>p{}</style>", "x"),
            ("<TabItem value=\"a\" label=\"Linux\">", "\n\n**Linux**\n\n"),
            ("`<div>` and ``a ` <p>``", "`<div>` and ``a ` <p>``"),
            (
                "<https://e.org> <a@b.co> <your-name> 1 < 2 \\<div>",
                "<https://e.org> <a@b.co> <your-name> 1 < 2 \\<div>",
            ),
            ("<></>x<T> Vec<u8>", "x<T> Vec<u8>"),
            ("a <!-- never ends", "a "),
            ("<div unclosed", "<div unclosed"),
        ] {
            assert_eq!(strip(written), said, "{written}");
        }
    }

    #[test]
    fn length_is_survived() {
        for piece in ["<", "`", "<a ", "<!--", "{/*", "</", "\\", "<p {"] {
            strip(&piece.repeat(20_000));
        }
    }
}
