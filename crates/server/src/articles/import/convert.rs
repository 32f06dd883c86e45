//! What mdBook, Docusaurus and MDX add to Markdown, turned into Markdown.
//!
//! Invariant: blocks of code keep their lines, but for those that the book's own programs would fill or hide.

use comrak::{Anchorizer, Arena, Options, nodes::NodeValue, parse_document};

use api_types::people::Locale;

use super::tags;

/// Turns a file's text into Markdown that needs no other program.
pub fn convert(source: &str, locale: Locale) -> String {
    let mut text = String::with_capacity(source.len());
    for block in blocks(source) {
        match block {
            Block::Code(lines) => code(&lines, &mut text),
            Block::Prose(lines) => text.push_str(&tags::strip(&without_modules(&lines))),
        }
    }
    let mut converted = String::with_capacity(text.len());
    let mut boxes: Vec<usize> = Vec::new();
    for (line, is_code) in with_code(&text) {
        let trimmed = line.trim();
        if !is_code {
            let colons = trimmed.len() - trimmed.trim_start_matches(':').len();
            if colons >= 3 && trimmed.len() == colons && boxes.last().is_some_and(|open| *open <= colons) {
                boxes.pop();
                converted.push_str(&quoted(boxes.len(), ""));
                continue;
            }
            if colons >= 3
                && let Some(title) = opens_box(trimmed.trim_start_matches(':'), locale)
            {
                converted.push_str(&quoted(boxes.len(), ""));
                boxes.push(colons);
                converted.push_str(&quoted(boxes.len(), &format!("**{title}**")));
                converted.push_str(&quoted(boxes.len(), ""));
                continue;
            }
            if let Some(title) = alert(trimmed, locale) {
                converted.push_str(&quoted(boxes.len(), &format!("> **{title}**\n>")));
                continue;
            }
            converted.push_str(&quoted(boxes.len(), heading(line)));
            continue;
        }
        converted.push_str(&quoted(boxes.len(), line));
    }
    converted.trim().to_owned()
}

enum Block<'a> {
    Code(Vec<&'a str>),
    Prose(Vec<&'a str>),
}

/// Fences part code from prose, however deep they stand in lists and boxes.
fn blocks(source: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut lines) = (Vec::new(), Vec::new());
    let mut fence = None;
    for line in source.lines() {
        match fence {
            None => {
                fence = opens_fence(line);
                if fence.is_some() {
                    blocks.push(Block::Prose(std::mem::take(&mut lines)));
                }
                lines.push(line);
            }
            Some(open) => {
                lines.push(line);
                if closes_fence(line, open) {
                    blocks.push(Block::Code(std::mem::take(&mut lines)));
                    fence = None;
                }
            }
        }
    }
    blocks.push(if fence.is_some() { Block::Code(lines) } else { Block::Prose(lines) });
    blocks
}

fn opens_fence(line: &str) -> Option<(char, usize)> {
    let start = line.trim_start_matches([' ', '\t', '>']);
    let mark = start.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = start.len() - start.trim_start_matches(mark).len();
    let info = start.get(length..).unwrap_or_default();
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length))
}

fn closes_fence(line: &str, (mark, least): (char, usize)) -> bool {
    let start = line.trim_start_matches([' ', '\t', '>']).trim_end();
    start.len() >= least && start.chars().all(|c| c == mark)
}

/// Lines, and whether each stands in a fence.
pub fn with_code(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut fence = None;
    text.lines().map(move |line| match fence {
        None => {
            fence = opens_fence(line);
            (line, fence.is_some())
        }
        Some(open) => {
            if closes_fence(line, open) {
                fence = None;
            }
            (line, true)
        }
    })
}

/// Lines that mdBook would fill from another file are left out, and those that it hides. A block without any other
/// is none.
fn code(lines: &[&str], text: &mut String) {
    let is_rust = lines.first().is_some_and(|first| first.contains("rust"));
    let kept: Vec<_> = lines
        .iter()
        .filter(|line| {
            let trimmed = line.trim();
            let is_hidden = is_rust && (trimmed == "#" || trimmed.starts_with("# "));
            !trimmed.starts_with("{{#") && !is_hidden
        })
        .collect();
    if kept.len() <= 2 && kept.len() < lines.len() {
        return;
    }
    for line in kept {
        text.push_str(line);
        text.push('\n');
    }
}

/// Prose without MDX's `import` and `export`, and without mdBook's `{{#include ...}}`.
fn without_modules(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut lines = lines.iter();
    while let Some(line) = lines.next() {
        if is_import(line) {
            // The names may stand on lines of their own.
            if !line.contains(['\'', '"']) {
                lines.by_ref().find(|line| line.contains(" from ") || line.trim().is_empty());
            }
            continue;
        }
        if is_export(line) {
            if !line.trim_end().ends_with(';') {
                lines.by_ref().find(|line| line.trim().is_empty());
            }
            continue;
        }
        text.push_str(&without_includes(line));
        text.push('\n');
    }
    text
}

fn is_import(line: &str) -> bool {
    let Some(what) = line.strip_prefix("import ") else { return false };
    let quoted = |text: &str| text.trim_start().starts_with(['\'', '"']);
    quoted(what)
        || what.split_once(" from ").is_some_and(|(_, from)| quoted(from))
        || what.trim_end() == "{"
        || what.starts_with('{') && !what.contains('}')
}

fn is_export(line: &str) -> bool {
    line.strip_prefix("export ").is_some_and(|what| {
        ["const ", "let ", "var ", "function ", "default ", "async ", "class ", "{", "*"]
            .iter()
            .any(|start| what.starts_with(start))
    })
}

fn without_includes(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some((before, inside)) = rest.split_once("{{#") {
        let Some((_, after)) = inside.split_once("}}") else { break };
        kept.push_str(before.strip_suffix('\\').unwrap_or(before));
        rest = after;
    }
    kept.push_str(rest);
    kept
}

fn quoted(depth: usize, line: &str) -> String {
    if depth == 0 { format!("{line}\n") } else { format!("{}{line}\n", "> ".repeat(depth)) }
}

/// `note[Title]`, `note Title` or `note`, behind three colons.
fn opens_box(rest: &str, locale: Locale) -> Option<String> {
    let rest = rest.trim();
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (kind, title) = rest.split_at(end);
    let word = word(&kind.to_ascii_lowercase(), locale)?;
    let title = title.split('{').next().unwrap_or_default().trim();
    let title = title.strip_prefix('[').and_then(|title| title.strip_suffix(']')).unwrap_or(title);
    Some(if title.is_empty() { word.to_owned() } else { title.to_owned() })
}

/// `> [!NOTE]`
fn alert(line: &str, locale: Locale) -> Option<String> {
    let kind = line.strip_prefix('>')?.trim().strip_prefix("[!")?.strip_suffix(']')?;
    word(&kind.to_ascii_lowercase(), locale).map(str::to_owned)
}

fn word(kind: &str, locale: Locale) -> Option<&'static str> {
    let (english, french) = match kind {
        "note" => ("Note", "Remarque"),
        "tip" => ("Tip", "Astuce"),
        "info" => ("Info", "Info"),
        "important" => ("Important", "Important"),
        "warning" => ("Warning", "Avertissement"),
        "caution" => ("Caution", "Attention"),
        "danger" => ("Danger", "Danger"),
        _ => return None,
    };
    Some(if locale == Locale::French { french } else { english })
}

/// A heading without the id that its author chose for it.
fn heading(line: &str) -> &str {
    chosen_id(line).map_or(line, |(heading, _)| heading)
}

/// `## Heading {#id}`
fn chosen_id(line: &str) -> Option<(&str, &str)> {
    let (heading, id) = line.strip_suffix('}')?.rsplit_once("{#")?;
    (line.starts_with('#') && !id.contains(char::is_whitespace)).then(|| (heading.trim_end(), id))
}

/// The ids that an author chose for headings, with the anchors that they have here.
pub fn chosen_anchors(source: &str) -> impl Iterator<Item = (String, String)> {
    with_code(source).filter(|(_, is_code)| !is_code).filter_map(|(line, _)| {
        let (heading, id) = chosen_id(line.trim_end())?;
        let (_, title) = title(&tags::strip(&heading.replacen(heading.split(' ').next()?, "#", 1)))?;
        Some((id.to_owned(), Anchorizer::new().anchorize(&title)))
    })
}

/// A text that begins with a heading of the first level, parted from it: the rest, and the heading's words.
pub fn title(text: &str) -> Option<(String, String)> {
    let arena = Arena::new();
    let document = parse_document(&arena, text, &Options::default());
    let first = document.first_child()?;
    let data = first.data();
    let NodeValue::Heading(heading) = &data.value else { return None };
    if heading.level != 1 {
        return None;
    }
    let rest: Vec<&str> = text.lines().skip(data.sourcepos.end.line).collect();
    let words = first.collect_text().split_whitespace().collect::<Vec<_>>().join(" ");
    Some((rest.join("\n").trim().to_owned(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(source: &str) -> String {
        convert(source, Locale::English)
    }

    #[test]
    fn boxes_become_quotes() {
        assert_eq!(
            english("a\n\n:::note[Read *this*]\n\nText\n\n```sh\nls\n```\n:::\n\nb"),
            "a\n\n\n> **Read *this***\n> \n> \n> Text\n> \n> ```sh\n> ls\n> ```\n\n\nb"
        );
        assert_eq!(english("::::tip\n:::warning Deep\nx\n:::\ny\n::::").matches("> > **Deep**").count(), 1);
        assert_eq!(convert("> [!TIP]\n> Vite", Locale::French), "> **Astuce**\n>\n> Vite");
        assert_eq!(english("```\n:::note\n:::\n```"), "```\n:::note\n:::\n```");
        assert_eq!(english(":::\nno box\n:::other"), ":::\nno box\n:::other");
    }

    #[test]
    fn other_programs_lines_go() {
        assert_eq!(
            english(
                "import A from '@x/a';\nimport {\n  B,\n} from \"b\";\nexport const x = [\n 1,\n];\n\nText <A y={1} />.\nimport duties apply."
            ),
            "Text .\nimport duties apply."
        );
        assert_eq!(english("a {{#include b.md}} c\n\n```rust\n{{#include ../l.rs}}\n```\n\nd"), "a  c\n\n\nd");
        assert_eq!(english("```rust,ignore\n# use x;\nlet y;\n#[test]\n```"), "```rust,ignore\nlet y;\n#[test]\n```");
        assert_eq!(english("```sh\n# comment\n```"), "```sh\n# comment\n```");
        assert_eq!(english("```html\n<div>\n```"), "```html\n<div>\n```");
    }

    #[test]
    fn chosen_ids_are_known_by_ours() {
        assert_eq!(english("## A `b` {#short}"), "## A `b`");
        let chosen: Vec<_> = chosen_anchors("## A `b` {#short}\n```\n# x {#y}\n```").collect();
        assert_eq!(chosen, [("short".to_owned(), "a-b".to_owned())]);
    }

    #[test]
    fn the_title_is_parted_from_its_text() {
        assert_eq!(title("# A *b*\n\nText"), Some(("Text".to_owned(), "A b".to_owned())));
        assert_eq!(title("A\nb\n===\nText"), Some(("Text".to_owned(), "A b".to_owned())));
        assert_eq!(title("Text\n\n# A"), None);
        assert_eq!(title("## A"), None);
    }
}
