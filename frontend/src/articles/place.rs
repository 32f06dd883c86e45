//! A place in the help centre: an article, its language, a heading in it, and the words to show there.

use api_types::{articles::Suggestion, assistant::Source, people::Locale};
use web_sys::HtmlAnchorElement;

use crate::paths;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub slug: String,
    /// The reader's own when absent.
    pub locale: Option<Locale>,
    /// Empty for the beginning.
    pub anchor: String,
    /// Word for word from the article, to be marked; may be empty.
    pub quote: String,
}

impl Place {
    /// Where a link of our own help centre leads.
    pub fn of_link(link: &HtmlAnchorElement) -> Option<Self> {
        let ours = leptos::prelude::window().location().origin().is_ok_and(|origin| origin == link.origin());
        let path = link.pathname();
        let slug = paths::slug_below(&path, paths::HELP).filter(|_| ours)?.to_owned();
        let search = link.search();
        let lang = search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("lang="));
        let locale = lang.and_then(|lang| lang.parse().ok());
        Some(Self { slug, locale, anchor: anchor_of(&link.hash()), quote: String::new() })
    }

    pub fn href(&self) -> String {
        paths::article(&self.slug, self.locale.map(Locale::as_str).unwrap_or_default(), &self.anchor)
    }
}

/// The heading that the address bar's `#..` names.
pub fn anchor_of(hash: &str) -> String {
    let written = hash.trim_start_matches('#');
    js_sys::decode_uri_component(written).map_or_else(|_| written.to_owned(), String::from)
}

impl From<&Source> for Place {
    fn from(source: &Source) -> Self {
        Self {
            slug: source.slug.clone(),
            locale: Some(source.locale),
            anchor: source.anchor.clone().unwrap_or_default(),
            quote: source.quote.clone(),
        }
    }
}

impl From<&Suggestion> for Place {
    fn from(found: &Suggestion) -> Self {
        Self {
            slug: found.slug.clone(),
            locale: Some(found.locale),
            anchor: found.anchor.clone().unwrap_or_default(),
            quote: String::new(),
        }
    }
}
