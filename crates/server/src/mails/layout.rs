//! The page that every mail is set on, for mail programs of all ages.
//!
//! Invariant: it is made once, and nothing that people write is ever read as its markup.

use std::sync::LazyLock;

use crate::error::{AppError, Result};

/// What goes into the page. All of it is HTML: `before` and `after` come from templates that escape, the others are
/// words and addresses of our own.
pub struct Slots<'a> {
    pub lang: &'a str,
    pub title: &'a str,
    pub before: &'a str,
    pub url: &'a str,
    pub button: &'a str,
    pub after: &'a str,
    pub home: &'a str,
}

/// The page's HTML, cut at its slots: a piece, the slot's name, the next piece.
static PIECES: LazyLock<Result<Vec<String>, String>> = LazyLock::new(|| {
    let page = mrml::parse(include_str!("layout.mjml")).map_err(|error| error.to_string())?;
    let html = page.element.render(&mrml::prelude::render::RenderOptions::default());
    let html = html.map_err(|error| error.to_string())?;
    Ok(html.split("[[").flat_map(|piece| piece.split("]]")).map(str::to_owned).collect())
});

/// The whole HTML of a mail.
pub fn page(slots: &Slots<'_>) -> Result<String> {
    let pieces = PIECES.as_ref().map_err(|error| AppError::internal(anyhow::anyhow!("layout.mjml: {error}")))?;
    let filled = pieces.iter().enumerate().map(|(place, piece)| match piece.as_str() {
        piece if place % 2 == 0 => piece,
        "lang" => slots.lang,
        "title" => slots.title,
        "before" => slots.before,
        "url" => slots.url,
        "button" => slots.button,
        "after" => slots.after,
        "home" => slots.home,
        _ => "",
    });
    Ok(filled.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_filled_once_and_stays_what_it_is() {
        let slots = Slots {
            lang: "fr",
            title: "The title",
            before: "<p>[[url]] said</p>",
            url: "https://help.example.org/verify#token=abc",
            button: "Press",
            after: "<p>Then</p>",
            home: "https://help.example.org",
        };
        let html = page(&slots).unwrap();
        for part in [
            "lang=\"fr\"",
            "<title>The title</title>",
            slots.before,
            slots.after,
            "href=\"https://help.example.org/verify#token=abc\"",
            "Press",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("fonts.googleapis"), "nothing is loaded from elsewhere");
        assert_eq!(html.matches("[[").count(), 1, "what people write is no slot");
    }
}
