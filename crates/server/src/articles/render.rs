//! An article's Markdown to HTML that is safe to show, with headings that can be linked to.
//!
//! Invariant: no `id` comes from what somebody wrote: ours are put in after the cleaning. A link that names no
//! scheme leads to another article or to a heading, or is none.

use std::{borrow::Cow, sync::LazyLock};

use api_types::articles::Section;
use comrak::{
    Anchorizer, Arena, Node, Options, format_html,
    nodes::{NodeLink, NodeValue},
    parse_document,
};

use super::slug;
use crate::comments::markdown;

/// The length of a summary, in characters.
const SUMMARY: usize = 240;

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(markdown::options);

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = markdown::cleaner();
    cleaner.url_relative(ammonia::UrlRelative::Custom(Box::new(own_link)));
    cleaner
});

/// A heading of this article, or another one.
fn own_link(url: &str) -> Option<Cow<'_, str>> {
    if url.starts_with('#') { Some(Cow::Borrowed(url)) } else { markdown::help_page(url) }
}

/// A text as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    pub html: String,
    pub sections: Vec<Section>,
    /// How it begins, without formatting.
    pub summary: String,
}

/// Renders and cleans an article.
pub fn render(source: &str) -> Rendered {
    let arena = Arena::new();
    let document = parse_document(&arena, source, &OPTIONS);
    let (anchors, sections) = headings(document);
    let summary = summary(document);
    prepare(document);
    markdown::flatten(document);
    let mut html = String::new();
    // Writing to a string does not fail.
    format_html(document, &OPTIONS, &mut html).ok();
    let clean = CLEANER.clean(&html).to_string().replace("<a href=\"http", "<a target=\"_blank\" href=\"http");
    Rendered { html: with_anchors(&clean, anchors), sections, summary }
}

/// The anchor of every heading, in order, and those that make the article's table of contents.
fn headings(document: Node<'_>) -> (Vec<String>, Vec<Section>) {
    let mut anchorizer = Anchorizer::new();
    let (mut anchors, mut sections) = (Vec::new(), Vec::new());
    for node in document.descendants() {
        let NodeValue::Heading(heading) = node.data().value else { continue };
        let title = node.collect_text();
        let anchor = anchorizer.anchorize(&title);
        // The page has one title of the first level, which is the article's own.
        let level = heading.level.max(2);
        let title = title.trim();
        if level <= 4 && !anchor.is_empty() && !title.is_empty() {
            sections.push(Section { anchor: anchor.clone(), title: title.to_owned(), level });
        }
        anchors.push(anchor);
    }
    (anchors, sections)
}

/// Lowers headings under the article's title, leads links inside, and puts words in the place of pictures.
fn prepare(document: Node<'_>) {
    let nodes: Vec<Node<'_>> = document.descendants().collect();
    for node in nodes {
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::Heading(heading) => heading.level = heading.level.max(2),
            NodeValue::Link(link) => lead_inside(link),
            NodeValue::Image(_) => {
                drop(data);
                markdown::replace_by_children(node);
            }
            _ => {}
        }
    }
}

fn lead_inside(link: &mut NodeLink) {
    if let Some(url) = inner_link(&link.url) {
        link.url = url;
    }
}

/// Where a link without a scheme leads: `other.md#x` and `./other.md` to the article of that name.
fn inner_link(url: &str) -> Option<String> {
    if url.starts_with(['#', '?']) || url.contains(':') || url.starts_with("//") || url.starts_with("/help/") {
        return None;
    }
    let (path, anchor) = url.split_once('#').map_or((url, ""), |(path, anchor)| (path, anchor));
    let name = path.rsplit('/').next()?;
    let stem = name.strip_suffix(".md").or_else(|| name.strip_suffix(".mdx"))?;
    let slug = slug::made_from(stem);
    let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    (!slug.is_empty()).then(|| format!("/help/{slug}{anchor}"))
}

/// The cleaned HTML opens a heading exactly where the document has one, and gives it no attribute.
fn with_anchors(clean: &str, anchors: Vec<String>) -> String {
    let mut html = String::with_capacity(clean.len() + anchors.len() * 24);
    let mut anchors = anchors.into_iter();
    let mut rest = clean;
    while let Some(at) = rest.find("<h") {
        let (before, tag) = rest.split_at(at);
        html.push_str(before);
        let is_heading = matches!(tag.as_bytes(), [b'<', b'h', b'1'..=b'6', b'>', ..]);
        let (name, after) = tag.split_at(if is_heading { 3 } else { 2 });
        html.push_str(name);
        if is_heading && let Some(anchor) = anchors.next() {
            // Letters, digits, hyphens and underscores: nothing to escape.
            html.push_str(&format!(" id=\"{anchor}\""));
        }
        rest = after;
    }
    html.push_str(rest);
    html
}

/// The first words that are neither a heading nor code.
fn summary(document: Node<'_>) -> String {
    let mut words = String::new();
    for node in document.descendants() {
        if !matches!(node.data().value, NodeValue::Paragraph) {
            continue;
        }
        for word in node.collect_text().split_whitespace() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        if words.chars().count() > SUMMARY {
            break;
        }
    }
    shorten(&words, SUMMARY)
}

/// At most so many characters, cut between words.
pub fn shorten(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = text.get(..end).unwrap_or_default();
    let whole = cut.rsplit_once(' ').map_or(cut, |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        render(source).html
    }

    #[test]
    fn headings_carry_our_ids_and_make_the_sections() {
        let text = render("# One\n\n## A *b* `c`\n\n> ## A *b* `c`\n\n##### Deep\n\n## É 2!\n\n## !!!\n");
        assert!(text.html.contains("<h2 id=\"one\">One</h2>"), "{}", text.html);
        assert!(text.html.contains("<h2 id=\"a-b-c\">A <em>b</em> <code>c</code></h2>"), "{}", text.html);
        assert!(text.html.contains("<h2 id=\"a-b-c-1\">"), "{}", text.html);
        assert!(text.html.contains("<h5 id=\"deep\">Deep</h5>"), "{}", text.html);
        let sections: Vec<_> =
            text.sections.iter().map(|it| (it.anchor.as_str(), it.title.as_str(), it.level)).collect();
        assert_eq!(sections, [("one", "One", 2), ("a-b-c", "A b c", 2), ("a-b-c-1", "A b c", 2), ("é-2", "É 2!", 2)]);
    }

    #[test]
    fn links_between_articles_work_and_others_keep_to_schemes() {
        for (written, href) in [
            ("other-page.md#x", "/help/other-page#x"),
            ("./other.md", "/help/other"),
            ("../guide/other.mdx", "/help/other"),
            ("/help/slug?lang=fr#a", "/help/slug?lang=fr#a"),
            ("#here", "#here"),
        ] {
            let html = html(&format!("[x]({written})"));
            assert!(html.contains(&format!("href=\"{href}\"")) && !html.contains("target"), "{written}: {html}");
        }
        let out = html("[x](https://example.org/a.md)");
        assert!(out.contains("href=\"https://example.org/a.md\"") && out.contains("target=\"_blank\""), "{out}");
        for bad in
            ["//evil.example/x.md", "javascript:alert(1)//x.md", "/admin", "data:text/html,x.md", "x.txt", "\\\\e"]
        {
            let html = html(&format!("[x]({bad})"));
            assert!(!html.contains("href"), "{bad}: {html}");
        }
    }

    #[test]
    fn pictures_become_their_words() {
        assert_eq!(html("See ![the *hive*](hive.png \"x\")."), "<p>See the <em>hive</em>.</p>\n");
        assert_eq!(html("[![logo](a.png)](https://e.org)").matches("<img").count(), 0);
    }

    #[test]
    fn what_attackers_write() {
        for source in [
            "<h2 id=\"x\" onclick=\"y\">z</h2>",
            "<script>alert(1)</script>",
            "## a\"><script>alert(1)</script>",
            "## <img src=x onerror=alert(1)>",
            "[x](/help/\"onmouseover=alert(1))",
            "[x](#\"><img src=x>)",
            "`<h2>`\n\n## real",
            "```\n<h3>\n```\n## real",
        ] {
            let html = html(source);
            for tag in html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()) {
                let quoted: String = tag.split('"').step_by(2).collect();
                for bad in ["script", "img", " on", "style"] {
                    assert!(!quoted.contains(bad), "{source} gave {html}");
                }
            }
            if source.ends_with("real") {
                assert!(html.contains("<h2 id=\"real\">real</h2>"), "{html}");
            }
        }
    }

    #[test]
    fn a_summary_is_the_first_words() {
        assert_eq!(render("## Title\n\n```\ncode\n```\n\nOne *two*\nthree.\n\n- four").summary, "One two three. four");
        let long = render(&"word ".repeat(200)).summary;
        assert!(long.ends_with("word…") && long.chars().count() <= SUMMARY + 1, "{long}");
        assert_eq!(render("").summary, "");
    }

    #[test]
    fn depth_and_length_are_survived() {
        for source in ["> ", "[", "*a", "![", "- ", "# a\n"] {
            render(&source.repeat(20_000));
        }
    }
}
