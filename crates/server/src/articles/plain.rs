//! Markdown as plain text in small blocks: sentences, list items, rows of tables, blocks of code.
//!
//! Invariant: a block is never cut. Lines of code begin with four spaces, so that they are told from prose.

use std::sync::LazyLock;

use comrak::{
    Anchorizer, Arena, Node, Options,
    nodes::{ListType, NodeValue},
    parse_document,
};

use super::sentences;
use crate::comments::markdown;

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(markdown::options);

/// The text below one heading, or before the first.
pub struct Part {
    /// The heading, after those above it.
    pub headings: Vec<String>,
    pub anchor: Option<String>,
    pub blocks: Vec<Block>,
}

/// What stays together.
pub struct Block {
    pub text: String,
    /// What divides it from the block before: a space between sentences, a line between items.
    pub before: &'static str,
}

/// The parts of an article, in order.
pub fn parts(markdown: &str) -> Vec<Part> {
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &OPTIONS);
    let mut anchorizer = Anchorizer::new();
    let mut parts = vec![Part { headings: Vec::new(), anchor: None, blocks: Vec::new() }];
    let mut above: Vec<(u8, String)> = Vec::new();
    walk(document, 0, &mut |step| match step {
        Step::Heading(level, title) => {
            // Of the untrimmed text, as the rendering does it.
            let anchor = anchorizer.anchorize(&title);
            above.retain(|(higher, _)| *higher < level);
            above.push((level, tidy(&title)));
            let headings = above.iter().map(|(_, title)| title.clone()).collect();
            parts.push(Part { headings, anchor: Some(anchor), blocks: Vec::new() });
        }
        Step::Block(block) => {
            if let Some(part) = parts.last_mut() {
                part.blocks.push(block);
            }
        }
    });
    parts
}

enum Step {
    Heading(u8, String),
    Block(Block),
}

fn walk<'a>(parent: Node<'a>, depth: usize, step: &mut impl FnMut(Step)) {
    for node in parent.children() {
        one(node, depth, "\n\n", step);
    }
}

fn one<'a>(node: Node<'a>, depth: usize, before: &'static str, step: &mut impl FnMut(Step)) {
    match &node.data().value {
        NodeValue::Heading(heading) => step(Step::Heading(heading.level, node.collect_text())),
        NodeValue::Paragraph => paragraph(&node.collect_text(), before, step),
        NodeValue::List(list) => {
            for (number, item) in (list.start..).zip(node.children()) {
                let mark = match list.list_type {
                    ListType::Bullet => "- ".to_owned(),
                    ListType::Ordered => format!("{number}. "),
                };
                list_item(item, depth, &mark, step);
            }
        }
        NodeValue::CodeBlock(code) => {
            let lines: Vec<String> = code.literal.lines().map(|line| format!("    {line}")).collect();
            block(lines.join("\n"), before, step);
        }
        NodeValue::Table(_) => table(node, step),
        NodeValue::HtmlBlock(_) | NodeValue::FrontMatter(_) | NodeValue::ThematicBreak => {}
        _ => walk(node, depth, step),
    }
}

/// The first paragraph stands behind the mark; what else the item holds follows, deeper.
fn list_item<'a>(item: Node<'a>, depth: usize, mark: &str, step: &mut impl FnMut(Step)) {
    let mut marked = false;
    for child in item.children() {
        if !marked && matches!(child.data().value, NodeValue::Paragraph) {
            // Four spaces would be code.
            let indent = if depth > 0 { "  " } else { "" };
            block(format!("{indent}{mark}{}", tidy(&child.collect_text())), "\n", step);
            marked = true;
        } else {
            one(child, depth + 1, "\n", step);
        }
    }
}

fn table<'a>(table: Node<'a>, step: &mut impl FnMut(Step)) {
    let mut before = "\n\n";
    for row in table.children() {
        let cells: Vec<String> = row.children().map(|cell| tidy(&cell.collect_text())).collect();
        block(cells.join(" | "), before, step);
        before = "\n";
    }
}

fn paragraph(text: &str, before: &'static str, step: &mut impl FnMut(Step)) {
    let text = tidy(text);
    let mut before = before;
    for sentence in sentences::split(&text) {
        block(sentence.to_owned(), before, step);
        before = " ";
    }
}

fn block(text: String, before: &'static str, step: &mut impl FnMut(Step)) {
    if !text.trim().is_empty() {
        step(Step::Block(Block { text, before }));
    }
}

/// One line without runs of white space.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
