//! Markdown to HTML that is safe to show.
//!
//! Invariant: raw HTML never passes, and what passes is on a short list. No pictures, no styles, no
//! scripts; links go to http, https and mailto only.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use comrak::{Arena, Node, Options, arena_tree::NodeEdge, format_html, nodes::NodeValue, parse_document};

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = cleaner();
    cleaner.set_tag_attribute_value("a", "target", "_blank");
    cleaner
});

/// What passes wherever Markdown is shown. Links lead outside.
pub fn cleaner() -> ammonia::Builder<'static> {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
}

/// What Markdown knows wherever it is written.
pub fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.render.escape = true;
    options
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = options();
    // People press Enter once and expect a new line.
    options.render.hardbreaks = true;
    options
});

/// For the assistant's comments: the same tags, and links to help pages only.
static ANSWER_CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from(["a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::new())
        .url_relative(ammonia::UrlRelative::Custom(Box::new(help_page)))
        .link_rel(None);
    cleaner
});

/// The address, if it is that of a help page of this desk.
pub fn help_page(address: &str) -> Option<Cow<'_, str>> {
    let page = address.strip_prefix("/help/")?;
    let (slug, place) = page.split_at(page.find(['?', '#']).unwrap_or(page.len()));
    let is_slug = !slug.is_empty() && slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_place = place.chars().all(|c| c.is_ascii_alphanumeric() || "-_?=#%".contains(c));
    (is_slug && is_place).then_some(Cow::Borrowed(address))
}

static ANSWER_OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
});

/// Renders and cleans what the assistant says. Nothing becomes a link by itself.
pub fn render_answer(source: &str) -> String {
    ANSWER_CLEANER.clean(&to_html(source, &ANSWER_OPTIONS)).to_string()
}

/// Renders and cleans what somebody wrote.
pub fn render(source: &str) -> String {
    CLEANER.clean(&to_html(source, &OPTIONS)).to_string()
}

fn to_html(source: &str, options: &Options<'_>) -> String {
    let arena = Arena::new();
    let document = parse_document(&arena, source, options);
    flatten(document);
    let mut html = String::new();
    // Writing to a string does not fail.
    format_html(document, options, &mut html).ok();
    html
}

/// Nobody quotes a quote so often; cleaning takes the square of the depth.
const DEEPEST: usize = 16;

/// Takes away the quotes that stand deeper than any reader could tell, and leaves what they hold.
pub fn flatten(document: Node<'_>) {
    let (mut depth, mut deep) = (0_usize, Vec::new());
    for edge in document.traverse() {
        match edge {
            NodeEdge::Start(node) if matches!(node.data().value, NodeValue::BlockQuote) => {
                depth += 1;
                if depth > DEEPEST {
                    deep.push(node);
                }
            }
            NodeEdge::End(node) if matches!(node.data().value, NodeValue::BlockQuote) => depth -= 1,
            _ => {}
        }
    }
    // From the deepest on, so that nothing is moved twice.
    for node in deep.into_iter().rev() {
        replace_by_children(node);
    }
}

/// Puts what a node holds in its place.
pub fn replace_by_children(node: Node<'_>) {
    while let Some(child) = node.first_child() {
        node.insert_before(child);
    }
    node.detach();
}

#[cfg(test)]
mod tests {
    use super::{render, render_answer};

    #[test]
    fn what_people_write() {
        assert_eq!(render("one\ntwo"), "<p>one<br>\ntwo</p>\n");
        assert_eq!(render("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
        assert!(render("see https://example.org/x").contains(r#"href="https://example.org/x""#));
        assert!(render("```\nlet x;\n```").contains("<pre><code>let x;\n</code></pre>"));
    }

    #[test]
    fn what_attackers_write() {
        for source in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![x](https://example.org/x.png)",
            "[x](javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](//evil.example)",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "<a href=\"x\" onclick=\"y\" style=\"position:fixed\">z</a>",
            "<https://a.example/\" onmouseover=\"alert(1)>",
            "<form action=https://evil.example><input></form>",
        ] {
            let html = render(source);
            let opened: Vec<_> = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()).collect();
            for tag in opened {
                for bad in [
                    "script",
                    "img",
                    "svg",
                    "style",
                    "form",
                    "input",
                    "onclick",
                    "onerror",
                    "javascript:",
                    "data:",
                    "href=\"//",
                ] {
                    assert!(!tag.contains(bad), "{source} gave {html}");
                }
                assert!(!tag.contains(" on"), "{source} gave {html}");
            }
        }
    }

    #[test]
    fn quotes_end_where_nobody_can_tell_them_apart() {
        let html = render(&format!("{}deep\n\n> one", "> ".repeat(100)));
        assert_eq!(html.matches("<blockquote>").count(), super::DEEPEST + 1);
        assert!(html.contains("deep") && html.contains("one"), "{html}");
    }

    #[test]
    fn the_assistant_links_to_help_pages_and_nowhere_else() {
        let link = "[Scale](/help/scale?lang=en#set-it-up)";
        assert_eq!(render_answer(link), "<p><a href=\"/help/scale?lang=en#set-it-up\">Scale</a></p>\n");
        for source in [
            "[x](https://evil.example)",
            "[x](//evil.example)",
            "[x](/help//evil.example)",
            "[x](/help/../tickets)",
            "[x](/help/\\evil)",
            "[x](/helper)",
            "[x](/files/1)",
            "[x](help/a)",
            "[x](mailto:a@evil.example)",
            "[x](javascript:alert(1))",
            "<https://evil.example>",
            "https://evil.example www.evil.example a@evil.example",
            "![x](/help/a)",
            "![x](https://evil.example/x.png)",
            "<img src=/help/a>",
        ] {
            let html = render_answer(source);
            assert!(!html.contains("href=") && !html.contains("<img"), "{source} gave {html}");
        }
    }

    #[test]
    fn depth_and_length_are_survived() {
        render(&"> ".repeat(10_000));
        render(&"[".repeat(20_000));
        render(&"*a".repeat(10_000));
    }
}
