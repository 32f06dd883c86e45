//! `SUMMARY.md`, the table of contents of an mdBook.
//!
//! Invariant: chapters keep its order; what has no file yet is no chapter.

use comrak::{
    Arena, Node, Options,
    nodes::{NodeLink, NodeValue},
    parse_document,
};

/// A chapter of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    pub title: String,
    /// Beside `SUMMARY.md`.
    pub path: String,
    /// The part that it belongs to.
    pub part: Option<String>,
}

/// The chapters in order.
pub fn chapters(source: &str) -> Vec<Chapter> {
    let arena = Arena::new();
    let document = parse_document(&arena, source, &Options::default());
    let mut chapters = Vec::new();
    let mut part = None;
    for node in document.descendants() {
        match &node.data().value {
            // The first heading is the table's own title.
            NodeValue::Heading(_) if !chapters.is_empty() || node.previous_sibling().is_some() => {
                part = Some(node.collect_text().trim().to_owned()).filter(|part| !part.is_empty());
            }
            NodeValue::Link(link) => chapters.extend(chapter(node, link, part.as_ref())),
            _ => {}
        }
    }
    chapters
}

fn chapter(node: Node<'_>, link: &NodeLink, part: Option<&String>) -> Option<Chapter> {
    let path = link.url.strip_prefix("./").unwrap_or(&link.url).replace("%20", " ");
    let title = node.collect_text().trim().to_owned();
    (!path.is_empty() && !path.contains("://")).then(|| Chapter { title, path, part: part.cloned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_chapters_and_drafts() {
        let found = chapters(
            "# Summary\n\n[Introduction](README.md)\n\n# User *Guide*\n\n- [Install](./guide/install.md)\n    - [On Linux](guide/linux.md)\n- [Later]()\n\n---\n\n# Reference\n\n* [`cli`](<ref/the cli.md>)\n\n-----------\n\n[Site](https://e.org)\n",
        );
        let shown: Vec<_> =
            found.iter().map(|it| (it.title.as_str(), it.path.as_str(), it.part.as_deref().unwrap_or("-"))).collect();
        assert_eq!(
            shown,
            [
                ("Introduction", "README.md", "-"),
                ("Install", "guide/install.md", "User Guide"),
                ("On Linux", "guide/linux.md", "User Guide"),
                ("cli", "ref/the cli.md", "Reference"),
            ]
        );
    }
}
