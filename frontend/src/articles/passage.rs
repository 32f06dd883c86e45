//! Brings a passage of an article into view and marks it.
//!
//! Invariant: a heading or a quote that is no longer there leaves the article as it is, at its beginning.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

/// A section that was gone to is marked so long.
const MARKED: Duration = Duration::from_millis(2500);

/// Shows the heading, or the words below it, of the article drawn in `root`.
pub fn show(root: &Element, anchor: &str, quote: &str) {
    let heading = elements(root, "[id]").into_iter().find(|it| it.id() == anchor);
    if let Some(block) = quoted(root, heading.as_ref(), quote) {
        drop(block.set_attribute("data-quoted", ""));
        into_view(&block, ScrollLogicalPosition::Center);
    } else if let Some(heading) = heading {
        for part in section(&heading) {
            drop(part.set_attribute("data-marked", ""));
            set_timeout(move || drop(part.remove_attribute("data-marked")), MARKED);
        }
        into_view(&heading, ScrollLogicalPosition::Start);
    }
}

fn into_view(element: &Element, place: ScrollLogicalPosition) {
    let options = ScrollIntoViewOptions::new();
    options.set_behavior(ScrollBehavior::Instant);
    options.set_block(place);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// A heading and what stands below it, up to the next heading.
fn section(heading: &Element) -> Vec<Element> {
    let next = |it: &Element| it.next_element_sibling().filter(|it| !is_heading(it));
    std::iter::successors(Some(heading.clone()), next).collect()
}

fn is_heading(element: &Element) -> bool {
    element.matches("h1,h2,h3,h4,h5,h6").unwrap_or(false)
}

/// The smallest block that holds the words, first below the heading and then anywhere.
fn quoted(root: &Element, heading: Option<&Element>, quote: &str) -> Option<Element> {
    let wanted = plain(quote);
    if wanted.is_empty() {
        return None;
    }
    let blocks: Vec<(Element, String)> = elements(root, "p,li,td,th,dt,dd,pre,blockquote,h2,h3,h4,h5,h6")
        .into_iter()
        .map(|it| (it.clone(), plain(&it.text_content().unwrap_or_default())))
        .collect();
    let below: Vec<Element> = heading.map(section).unwrap_or_default();
    let is_below = |it: &Element| below.iter().any(|part| part.contains(Some(it)));
    let holding: Vec<&Element> = blocks.iter().filter(|(_, words)| words.contains(&wanted)).map(|(it, _)| it).collect();
    // A quote may run over several blocks: then the first that it begins with.
    let begun = || {
        let longest = |(_, words): &&(Element, String)| words.len() > 20 && wanted.starts_with(words.as_str());
        blocks.iter().filter(longest).map(|(it, _)| it).next()
    };
    let found = holding.iter().rev().find(|it| is_below(it)).or_else(|| holding.last()).copied().or_else(begun);
    found.cloned()
}

/// Whether a text holds the words of a quote. Every text holds those of an empty one.
pub fn says(text: &str, quote: &str) -> bool {
    plain(text).contains(&plain(quote))
}

/// Words alone: the rendering and the quote may differ in spaces, marks of Markdown and typography.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn elements(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}
