//! How a folder is laid out: an mdBook, a Docusaurus site, a folder per language, or just texts.
//!
//! Invariant: a file belongs to at most one root, and a root has one language.

use std::collections::BTreeSet;

use api_types::people::Locale;
use serde::Deserialize;

use super::{
    folder::{Folder, Refusal, is_markdown, without_ending},
    front_matter,
};

/// Where texts of one language begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Empty, or with a slash at its end.
    pub prefix: String,
    pub locale: Locale,
    /// `SUMMARY.md` says what belongs to it, and in which order.
    pub is_book: bool,
}

/// What we take from a `book.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Manifest {
    book: Book,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Book {
    src: Option<String>,
    language: Option<String>,
}

/// Finds the roots. `locale` is that of texts in no language's folder.
pub fn roots(folder: &mut Folder, locale: Option<Locale>) -> Vec<Root> {
    let mut refused = Vec::new();
    let found = roots_below(folder, "", locale, &mut refused);
    folder.refused.append(&mut refused);
    found
}

fn roots_below(folder: &Folder, prefix: &str, locale: Option<Locale>, refused: &mut Vec<Refusal>) -> Vec<Root> {
    let spoken = locale.unwrap_or(Locale::English);
    if let Some(book) = book(folder, prefix, locale, refused) {
        return vec![book];
    }
    if is_site(folder, prefix) {
        let mut found = in_languages(folder, &format!("{prefix}docs/"), Some(spoken), refused);
        for locale in Locale::ALL.iter().copied().filter(|locale| *locale != spoken) {
            let prefix = format!("{prefix}i18n/{locale}/docusaurus-plugin-content-docs/current/");
            if folder.markdown(&prefix).next().is_some() {
                found.push(Root { prefix, locale, is_book: false });
            }
        }
        return found;
    }
    in_languages(folder, prefix, locale, refused)
}

/// A folder per language, or one root.
fn in_languages(folder: &Folder, prefix: &str, locale: Option<Locale>, refused: &mut Vec<Refusal>) -> Vec<Root> {
    let mut found = Vec::new();
    for language in Locale::ALL.iter().copied() {
        let below = format!("{prefix}{language}/");
        if folder.markdown(&below).next().is_some() {
            found.extend(roots_below(folder, &below, Some(language), refused));
        }
    }
    if found.is_empty() {
        let locale = locale.unwrap_or(Locale::English);
        found.push(Root { prefix: prefix.to_owned(), locale, is_book: false });
    }
    found
}

fn book(folder: &Folder, prefix: &str, locale: Option<Locale>, refused: &mut Vec<Refusal>) -> Option<Root> {
    let path = format!("{prefix}book.toml");
    let manifest = folder.text(&path).map(basic_toml::from_str::<Manifest>).transpose().unwrap_or_else(|error| {
        refused.push(Refusal::new(&path, None, format!("cannot be read: {error}")));
        None
    });
    let Book { src, language } = manifest.unwrap_or_default().book;
    let locale = locale.or_else(|| language?.get(..2)?.parse().ok()).unwrap_or(Locale::English);
    let src = src.as_deref().unwrap_or("src").trim_matches('/').to_owned();
    let prefixes = [format!("{prefix}{src}/"), prefix.to_owned()];
    let prefix = prefixes.into_iter().find(|prefix| folder.text(&format!("{prefix}SUMMARY.md")).is_some())?;
    Some(Root { prefix, locale, is_book: true })
}

/// A Docusaurus site says so, or keeps its texts in `docs/` alone.
fn is_site(folder: &Folder, prefix: &str) -> bool {
    let below: Vec<&str> = folder.files.keys().filter_map(|path| path.strip_prefix(prefix)).collect();
    let says_so = below.iter().any(|path| path.starts_with("docusaurus.config."));
    let texts = below.iter().filter(|path| is_markdown(path));
    let folders: BTreeSet<&str> = texts.filter_map(|path| path.split_once('/')).map(|(first, _)| first).collect();
    let alone =
        folders.iter().all(|name| matches!(*name, "docs" | "i18n" | "blog" | "src" | "versioned_docs" | "static"));
    folders.contains("docs") && (says_so || alone)
}

/// What Docusaurus says of a folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CategoryFile {
    pub label: Option<String>,
    pub position: Option<f64>,
}

impl CategoryFile {
    /// Of a folder, whose path ends with a slash.
    pub fn of(folder: &Folder, directory: &str) -> (Self, Option<Refusal>) {
        let names = ["_category_.json", "_category_.yml", "_category_.yaml"];
        let found = names.iter().find_map(|name| {
            let path = format!("{directory}{name}");
            folder.text(&path).map(|text| (path.clone(), serde_saphyr::from_str::<Self>(text)))
        });
        match found {
            None => (Self::default(), None),
            Some((_, Ok(category))) => (category, None),
            Some((path, Err(error))) => {
                let line = error.location().map(|location| location.line());
                let why = format!("cannot be read: {}", front_matter::words(&error));
                (Self::default(), Some(Refusal::new(&path, line, why)))
            }
        }
    }
}

/// `01-intro` is the first, and called `intro`. A date is no number.
pub fn numbered(name: &str) -> (Option<f64>, &str) {
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = name.split_at(digits);
    let word = rest.trim_start_matches([' ', '-', '_', '.']);
    let is_divided = word.len() < rest.len();
    if digits == 0 || digits > 3 || !is_divided || word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
        return (None, name);
    }
    (number.parse().ok(), word)
}

/// The page of a folder itself.
pub fn is_index(name: &str) -> bool {
    let stem = without_ending(name).unwrap_or(name);
    stem.eq_ignore_ascii_case("index") || stem.eq_ignore_ascii_case("readme")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str], locale: Option<Locale>) -> Vec<(String, Locale, bool)> {
        let mut folder = Folder::default();
        for path in files {
            folder.add(path, b"language = 1");
        }
        roots(&mut folder, locale).into_iter().map(|root| (root.prefix, root.locale, root.is_book)).collect()
    }

    #[test]
    fn layouts_are_recognised() {
        let (en, fr) = (Locale::English, Locale::French);
        let root = |prefix: &str, locale, is_book| (prefix.to_owned(), locale, is_book);
        assert_eq!(found(&["a.md", "b/c.md"], None), [root("", en, false)]);
        assert_eq!(found(&["a.md"], Some(fr)), [root("", fr, false)]);
        assert_eq!(found(&["en/a.md", "fr/a.md", "README.md"], None), [root("en/", en, false), root("fr/", fr, false)]);
        assert_eq!(found(&["src/SUMMARY.md", "src/a.md"], None), [root("src/", en, true)]);
        assert_eq!(found(&["SUMMARY.md", "a.md"], Some(fr)), [root("", fr, true)]);
        assert_eq!(found(&["fr/src/SUMMARY.md", "fr/src/a.md"], None), [root("fr/src/", fr, true)]);
        assert_eq!(found(&["docs/a.md", "README.md"], None), [root("docs/", en, false)]);
        let i18n = "i18n/fr/docusaurus-plugin-content-docs/current/";
        let files = ["docusaurus.config.js", "docs/a.md", "other/b.md", &format!("{i18n}a.md")];
        assert_eq!(found(&files, None), [root("docs/", en, false), root(i18n, fr, false)]);
        assert_eq!(found(&["docs/fr/a.md"], None), [root("docs/fr/", fr, false)]);
        assert_eq!(found(&["docs/a.md", "guide/b.md"], None), [root("", en, false)]);
    }

    #[test]
    fn a_book_says_where_and_in_which_language() {
        let mut folder = Folder::default();
        folder.add("book.toml", b"[book]\nlanguage = \"fr-CA\"\nsrc = \"text\"\n[output.html]\nx = 1\n");
        folder.add("text/SUMMARY.md", b"");
        assert_eq!(
            roots(&mut folder, None),
            [Root { prefix: "text/".to_owned(), locale: Locale::French, is_book: true }]
        );
        folder.add("book.toml", b"[book\n");
        folder.add("src/SUMMARY.md", b"");
        assert_eq!(roots(&mut folder, None)[0].prefix, "src/");
        assert_eq!(folder.refused.len(), 1, "{:?}", folder.refused);
    }

    #[test]
    fn numbers_order_and_are_no_names() {
        assert_eq!(numbered("01-intro"), (Some(1.0), "intro"));
        assert_eq!(numbered("2. The rest"), (Some(2.0), "The rest"));
        for name in ["2024-05-01-news", "3d", "10", "1-2-3", "intro"] {
            assert_eq!(numbered(name), (None, name));
        }
    }
}
