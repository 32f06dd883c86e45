//! What an import will write, found out before anything is written.
//!
//! Invariant: every text of the plan keeps the rules of a text that somebody types, and no two have one address.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use api_types::{
    error::FieldError,
    people::Locale,
    text::{ArticleBody, Title},
};
use garde::Validate;
use serde::Deserialize;

use super::{
    convert,
    folder::{Folder, Refusal},
    front_matter::FrontMatter,
    links,
    pages::{self, Page},
};
use crate::articles::{render::shorten, slug};

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The language of texts in no language's folder.
    pub locale: Option<Locale>,
    /// The category of all, by its slug.
    pub category: Option<String>,
}

/// A category that articles go to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Category {
    pub slug: String,
    pub name_en: String,
    pub name_fr: String,
}

/// A text to write.
#[derive(Clone, Debug)]
pub struct Planned {
    pub path: String,
    pub slug: String,
    pub locale: Locale,
    pub title: Title,
    pub body: ArticleBody,
    pub category: Option<String>,
    /// Its place in its category.
    pub position: i32,
    /// It says of itself that it is not to be published.
    pub draft: bool,
}

/// All that an import will write.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What its articles are remembered to come from.
    pub name: String,
    pub categories: Vec<Category>,
    pub texts: Vec<Planned>,
    pub refused: Vec<Refusal>,
    /// Files that say nothing.
    pub empty: Vec<String>,
}

/// Plans the import of a folder.
pub fn plan(mut folder: Folder, options: &Options) -> Plan {
    let mut pages = pages::find(&mut folder, options.locale);
    let mut plan = Plan { name: folder.name.clone(), ..Plan::default() };
    pages = name_all(pages, &mut folder.refused);
    let places = pages::places(&pages);
    let mut categories = known_categories(&mut folder);
    let mut positions: HashMap<(Option<String>, &str), i32> = HashMap::new();
    let mut counts: HashMap<Option<String>, i32> = HashMap::new();
    for page in &pages {
        let category = options.category.clone().map(|slug| (slug, None)).or_else(|| category_of(page));
        let body = convert::convert(&page.text, page.root.locale);
        let (title, body) = title(page, body);
        let body = links::rewrite(&body, |url| pages::lead(&places, page, url));
        if body.trim().is_empty() {
            plan.empty.push(page.path.clone());
            continue;
        }
        let category = category.map(|(slug, label)| {
            note_category(&mut categories, &slug, label, page.root.locale);
            slug
        });
        let position = *positions.entry((category.clone(), page.slug.as_str())).or_insert_with(|| {
            let count = counts.entry(category.clone()).or_default();
            *count += 1;
            *count
        });
        let planned = Planned {
            path: page.path.clone(),
            slug: page.slug.clone(),
            locale: page.root.locale,
            title: Title::from(title),
            body: ArticleBody::from(body),
            category,
            position,
            draft: page.front.draft,
        };
        match mistakes(&planned) {
            None => plan.texts.push(planned),
            Some(why) => folder.refused.push(Refusal::new(&page.path, None, why)),
        }
    }
    let used: BTreeSet<&str> = plan.texts.iter().filter_map(|text| text.category.as_deref()).collect();
    plan.categories = categories.into_iter().filter(|category| used.contains(category.slug.as_str())).collect();
    plan.refused = folder.refused;
    plan
}

/// Gives every page its address. Two of one language with the same are both refused, because nobody knows which
/// is meant. A page that stands at the same place in two languages is one article.
fn name_all(mut pages: Vec<Page>, refused: &mut Vec<Refusal>) -> Vec<Page> {
    let mut english: HashMap<String, String> = HashMap::new();
    for page in pages.iter().filter(|page| page.root.locale == Locale::English) {
        english.insert(page.key.clone(), page.slug.clone());
    }
    for page in pages.iter_mut().filter(|page| page.root.locale != Locale::English) {
        if let Some(slug) = english.get(&page.key) {
            page.slug.clone_from(slug);
        }
    }
    let mut at: BTreeMap<(Locale, String), Vec<String>> = BTreeMap::new();
    for page in &pages {
        at.entry((page.root.locale, page.slug.clone())).or_default().push(page.path.clone());
    }
    pages.retain(|page| {
        let others = at.get(&(page.root.locale, page.slug.clone())).map_or(&[][..], Vec::as_slice);
        let why = match others.iter().find(|other| **other != page.path) {
            Some(other) => format!("has the slug {} like {other}", page.slug),
            None if !slug::valid(&page.slug) => format!("{:?} cannot be its slug", page.slug),
            None => return true,
        };
        refused.push(Refusal::new(&page.path, None, why));
        false
    });
    pages
}

/// Names and order of categories that the folder itself lists.
fn known_categories(folder: &mut Folder) -> Vec<Category> {
    let Some(text) = folder.text("categories.json") else { return Vec::new() };
    match serde_json::from_str(text) {
        Ok(categories) => categories,
        Err(error) => {
            let line = u64::try_from(error.line()).ok();
            folder.refused.push(Refusal::new("categories.json", line, format!("cannot be read: {error}")));
            Vec::new()
        }
    }
}

fn category_of(page: &Page) -> Option<(String, Option<String>)> {
    let FrontMatter { category, .. } = &page.front;
    let label = category.clone().filter(|label| !label.trim().is_empty());
    match (label, &page.category) {
        (Some(label), _) => Some((slug::made_from(&label), Some(label))),
        (None, Some((name, label))) => Some((slug::made_from(name), label.clone())),
        (None, None) => None,
    }
    .filter(|(slug, _)| slug::valid(slug))
}

fn note_category(categories: &mut Vec<Category>, slug: &str, label: Option<String>, locale: Locale) {
    // A label that is the slug itself says no more than it.
    let label = label.filter(|label| label != slug).map(|label| shorten(label.trim(), 59));
    let name = label.clone().unwrap_or_else(|| slug::to_name(slug));
    match categories.iter_mut().find(|category| category.slug == slug) {
        None => categories.push(Category { slug: slug.to_owned(), name_en: name.clone(), name_fr: name }),
        // The first language gave its name to both.
        Some(known) if locale == Locale::French && known.name_fr == known.name_en => {
            known.name_fr = label.unwrap_or_else(|| known.name_en.clone());
        }
        Some(_) => {}
    }
}

/// The title, and the text without the heading that repeats it.
fn title(page: &Page, body: String) -> (String, String) {
    let given = page.front.title.clone().or_else(|| page.title.clone()).filter(|title| !title.trim().is_empty());
    let given = given.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    match (given, convert::title(&body)) {
        (Some(given), Some((rest, heading))) if given.to_lowercase() == heading.to_lowercase() => (given, rest),
        (Some(given), _) => (given, body),
        (None, Some((rest, heading))) if !heading.is_empty() => (heading, rest),
        (None, _) => (slug::to_name(page.stem()), body),
    }
}

/// The rules that a text breaks, in words.
fn mistakes(text: &Planned) -> Option<String> {
    #[derive(Validate)]
    struct Text<'a> {
        #[garde(dive)]
        title: &'a Title,
        #[garde(dive)]
        body: &'a ArticleBody,
    }
    let errors = FieldError::all_of(&Text { title: &text.title, body: &text.body });
    let words: Vec<String> = errors
        .iter()
        .map(|error| format!("the {}: {}", error.pointer.trim_start_matches('/'), error.message))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}
