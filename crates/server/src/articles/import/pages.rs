//! The pages of a folder: what each is called, where it stands, and which other one it means.
//!
//! Invariant: pages come in the order in which a reader would turn them, English first.

use std::collections::HashMap;

use api_types::people::Locale;

use super::{
    convert,
    folder::{Folder, Refusal, without_ending},
    front_matter::{self, FrontMatter},
    layout::{self, CategoryFile, Root, is_index, numbered},
    summary,
};
use crate::articles::slug;

/// A file that becomes a text.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the folder.
    pub path: String,
    pub root: Root,
    /// In its root, without its ending: the same in every language.
    pub key: String,
    pub slug: String,
    /// As a table of contents has it.
    pub title: Option<String>,
    /// The name and the label of the part or the folder that it stands in.
    pub category: Option<(String, Option<String>)>,
    pub front: FrontMatter,
    /// What stands below the front matter.
    pub text: String,
    order: Vec<(f64, String)>,
}

impl Page {
    /// The file's name, without its ending and its number.
    pub fn stem(&self) -> &str {
        numbered(self.key.rsplit('/').next().unwrap_or_default()).1
    }
}

/// Finds all pages, in order.
pub fn find(folder: &mut Folder, locale: Option<Locale>) -> Vec<Page> {
    let roots = layout::roots(folder, locale);
    let mut pages = Vec::new();
    let mut refused = Vec::new();
    for root in &roots {
        let found =
            if root.is_book { in_book(folder, root, &mut refused) } else { in_tree(folder, root, &mut refused) };
        pages.extend(found);
    }
    folder.refused.append(&mut refused);
    pages.sort_by(|a, b| a.root.locale.cmp(&b.root.locale).then_with(|| compare(&a.order, &b.order)));
    pages
}

fn compare(a: &[(f64, String)], b: &[(f64, String)]) -> std::cmp::Ordering {
    for ((place, name), (other_place, other_name)) in a.iter().zip(b) {
        let order = place.total_cmp(other_place).then_with(|| name.cmp(other_name));
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

fn in_book(folder: &Folder, root: &Root, refused: &mut Vec<Refusal>) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let summary = format!("{}SUMMARY.md", root.prefix);
    for (place, chapter) in summary::chapters(folder.text(&summary).unwrap_or_default()).into_iter().enumerate() {
        let path = join(&root.prefix, &chapter.path);
        if pages.iter().any(|page| page.path == path) {
            continue;
        }
        let Some(text) = folder.text(&path) else {
            if !folder.refused.iter().any(|refusal| refusal.path == path) {
                let why = format!("names {}, which is not there", chapter.path);
                refused.push(Refusal::new(&summary, None, why));
            }
            continue;
        };
        let key = path.strip_prefix(&root.prefix).and_then(without_ending).unwrap_or(&path).to_owned();
        if let Some(mut page) = page(root, &path, key, text, false, refused) {
            page.title = Some(chapter.title).filter(|title| !title.is_empty());
            page.category = chapter.part.map(|part| (part.clone(), Some(part)));
            page.order = vec![(place as f64, String::new())];
            pages.push(page);
        }
    }
    pages
}

fn in_tree(folder: &Folder, root: &Root, refused: &mut Vec<Refusal>) -> Vec<Page> {
    let mut known: HashMap<String, CategoryFile> = HashMap::new();
    let mut pages = Vec::new();
    for (rest, text) in folder.markdown(&root.prefix) {
        // Parts of other pages, as Docusaurus has it.
        if rest.split('/').any(|name| name.starts_with('_')) {
            continue;
        }
        let path = format!("{}{rest}", root.prefix);
        let key = without_ending(rest).unwrap_or(rest).to_owned();
        let Some(mut page) = page(root, &path, key, text, true, refused) else { continue };
        let mut order = Vec::new();
        let mut below = root.prefix.clone();
        let (folders, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        for name in folders.split('/').filter(|name| !name.is_empty()) {
            below.push_str(name);
            below.push('/');
            let category = known.entry(below.clone()).or_insert_with(|| {
                let (category, wrong) = CategoryFile::of(folder, &below);
                refused.extend(wrong);
                category
            });
            let (number, word) = numbered(name);
            if page.category.is_none() {
                page.category = Some((word.to_owned(), category.label.clone()));
            }
            order.push((category.position.or(number).unwrap_or(f64::MAX), word.to_owned()));
        }
        let own = page.front.position.or(numbered(name).0).or(is_index(name).then_some(f64::MIN));
        order.push((own.unwrap_or(f64::MAX), page.stem().to_lowercase()));
        page.order = order;
        pages.push(page);
    }
    pages
}

fn page(
    root: &Root,
    path: &str,
    key: String,
    text: &str,
    has_numbers: bool,
    refused: &mut Vec<Refusal>,
) -> Option<Page> {
    let (front, text) = match front_matter::split(text) {
        Ok(parts) => parts,
        Err(broken) => {
            refused.push(Refusal::new(path, Some(broken.line), broken.why));
            return None;
        }
    };
    let slug = address(&key, &front, has_numbers);
    let (title, category, order) = (None, None, Vec::new());
    Some(Page {
        path: path.to_owned(),
        root: root.clone(),
        key,
        slug,
        title,
        category,
        front,
        text: text.to_owned(),
        order,
    })
}

/// The slug that the page itself asks for, or one made of the names on the way to it.
fn address(key: &str, front: &FrontMatter, has_numbers: bool) -> String {
    let asked = front.slug.as_deref().map(slug::made_from).filter(|slug| !slug.is_empty());
    if let Some(asked) = asked {
        return asked;
    }
    let (folders, name) = key.rsplit_once('/').unwrap_or(("", key));
    let name = front.id.as_deref().unwrap_or(name);
    let mut parts: Vec<&str> = folders.split('/').collect();
    if !is_index(name) || front.id.is_some() {
        parts.push(name);
    }
    let plain = parts.into_iter().map(|part| if has_numbers { numbered(part).1 } else { part });
    let made = slug::made_from(&plain.collect::<Vec<_>>().join("-"));
    if made.is_empty() { "introduction".to_owned() } else { made }
}

/// The pages by their roots and by what may be linked to: their files, and their addresses in Docusaurus, which have
/// no numbers.
pub type Places<'a> = HashMap<(&'a str, String), &'a Page>;

pub fn places(pages: &[Page]) -> Places<'_> {
    let mut places = HashMap::new();
    for page in pages {
        let plain: Vec<&str> = page.key.split('/').map(|name| numbered(name).1).collect();
        for key in [plain.join("/"), page.key.clone()] {
            places.insert((page.root.prefix.as_str(), key), page);
        }
    }
    places
}

/// Where a link of a page leads, if it means another page of the folder.
pub fn lead(places: &Places<'_>, from: &Page, url: &str) -> Option<String> {
    if url.starts_with(['#', '?']) {
        let chosen = url.strip_prefix('#').and_then(|anchor| chosen(from, anchor));
        return chosen.map(|anchor| format!("#{anchor}"));
    }
    let (path, anchor) = url.split_once('#').map_or((url, None), |(path, anchor)| (path, Some(anchor)));
    let path = path.split('?').next().unwrap_or_default().replace("%20", " ");
    if path.contains(':') || path.starts_with("//") || path.starts_with("/help/") || path.is_empty() {
        return None;
    }
    let directory = from.key.rsplit_once('/').map_or("", |(directory, _)| directory);
    let candidates = match path.strip_prefix('/') {
        Some(absolute) => vec![join("", absolute.strip_prefix("docs/").unwrap_or(absolute))],
        // A link without an ending counts from the page's address, which may stand for its folder.
        None => vec![join(&slashed(directory), &path), join(&slashed(&from.key), &path)],
    };
    let found = candidates.iter().find_map(|candidate| {
        let bare = candidate.strip_suffix(".html").or_else(|| without_ending(candidate)).unwrap_or(candidate);
        let bare = bare.trim_end_matches('/');
        let keys = [bare.to_owned(), join(&slashed(bare), "index"), join(&slashed(bare), "README")];
        keys.into_iter().find_map(|key| places.get(&(from.root.prefix.as_str(), key)).copied())
    })?;
    let anchor = match anchor.filter(|anchor| !anchor.is_empty()) {
        Some(anchor) => format!("#{}", chosen(found, anchor).unwrap_or_else(|| anchor.to_owned())),
        None => String::new(),
    };
    Some(format!("/help/{}{anchor}", found.slug))
}

/// Our anchor of a heading that its author gave an id of their own.
fn chosen(page: &Page, id: &str) -> Option<String> {
    convert::chosen_anchors(&page.text).find_map(|(chosen, anchor)| (chosen == id).then_some(anchor))
}

fn slashed(directory: &str) -> String {
    if directory.is_empty() { String::new() } else { format!("{directory}/") }
}

/// A path seen from a directory, which ends with a slash or is empty.
fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_from_names() {
        let front = FrontMatter::default();
        assert_eq!(address("02-guide/01-install", &front, true), "guide-install");
        assert_eq!(address("ch01-00-start", &front, false), "ch01-00-start");
        assert_eq!(address("guide/README", &front, true), "guide");
        assert_eq!(address("index", &front, true), "introduction");
        let asked = FrontMatter { slug: Some("/Over/there/".to_owned()), ..front.clone() };
        assert_eq!(address("a/b", &asked, true), "over-there");
        let root = FrontMatter { slug: Some("/".to_owned()), id: Some("start".to_owned()), ..front };
        assert_eq!(address("a/b", &root, true), "a-start");
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("a/b/", "../c.md"), "a/c.md");
        assert_eq!(join("", "./c"), "c");
        assert_eq!(join("a/", "../../../c"), "c");
    }
}
