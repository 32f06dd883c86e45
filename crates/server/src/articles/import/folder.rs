//! A folder of texts, read as a whole before anything is written.
//!
//! Invariant: nothing outside the folder is read, and what cannot be read is named instead of failing the rest.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The largest file that is read. An article of 100,000 characters takes less.
const LARGEST: u64 = 1024 * 1024;
/// A folder of articles is not deeper.
const DEEPEST: usize = 16;

/// What could not be imported, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub path: String,
    pub line: Option<u64>,
    pub why: String,
}

impl Refusal {
    pub fn new(path: &str, line: Option<u64>, why: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, why: why.into() }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.why),
            None => write!(f, "{}: {}", self.path, self.why),
        }
    }
}

/// The texts of a folder, by their paths in it.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// What its articles are remembered to come from.
    pub name: String,
    pub files: BTreeMap<String, String>,
    pub refused: Vec<Refusal>,
}

impl Folder {
    /// Reads all that may matter below a directory.
    pub fn read(directory: &Path) -> Result<Self> {
        let root = directory.canonicalize().with_context(|| format!("cannot read {}", directory.display()))?;
        anyhow::ensure!(root.is_dir(), "{} is not a folder", directory.display());
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut folder = Self { name, ..Self::default() };
        folder.walk(&root, &root, 0)?;
        Ok(folder)
    }

    fn walk(&mut self, root: &Path, directory: &Path, depth: usize) -> Result<()> {
        let shown = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries.collect::<Result<Vec<_>, _>>()?,
            Err(error) if depth > 0 => {
                self.refused.push(Refusal::new(&shown(directory), None, format!("cannot be read: {error}")));
                return Ok(());
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", directory.display())),
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || matches!(name.as_str(), "node_modules" | "target") {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() {
                if depth == DEEPEST {
                    self.refused.push(Refusal::new(&shown(&path), None, "lies too deep"));
                } else {
                    self.walk(root, &path, depth + 1)?;
                }
            } else if matters(&name)
                && let Err(why) = self.take(root, &path, kind.is_symlink(), &shown(&path))
            {
                self.refused.push(Refusal::new(&shown(&path), None, why));
            }
        }
        Ok(())
    }

    fn take(&mut self, root: &Path, path: &Path, is_link: bool, shown: &str) -> Result<(), String> {
        let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
        let target: PathBuf = if is_link { path.canonicalize().map_err(unreadable)? } else { path.to_owned() };
        if !target.starts_with(root) {
            return Err("leads out of the folder".to_owned());
        }
        let found = fs::metadata(&target).map_err(unreadable)?;
        if !found.is_file() {
            return Err("is not a file".to_owned());
        }
        if found.len() > LARGEST {
            let size = found.len() / 1024;
            return Err(format!("is too large ({size} KiB): an article has at most 100,000 characters"));
        }
        self.add(shown, &fs::read(&target).map_err(unreadable)?);
        Ok(())
    }

    /// Adds a file's bytes, which may be no text.
    pub fn add(&mut self, path: &str, bytes: &[u8]) {
        let line_of = |at: usize| bytes.iter().take(at).filter(|byte| **byte == b'\n').count() as u64 + 1;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = line_of(error.valid_up_to());
                return self.refused.push(Refusal::new(path, Some(line), "is not UTF-8"));
            }
        };
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return self.refused.push(Refusal::new(path, Some(line_of(at)), "holds a NUL character"));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
        self.files.insert(path.to_owned(), text);
    }

    /// The text of a file, if it is there.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The Markdown files whose paths begin so, with the rest of their paths.
    pub fn markdown<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter_map(move |(path, text)| {
            let rest = path.strip_prefix(prefix)?;
            is_markdown(rest).then_some((rest, text.as_str()))
        })
    }
}

/// A text, or what orders texts.
fn matters(name: &str) -> bool {
    is_markdown(name)
        || name.starts_with("docusaurus.config.")
        || matches!(name, "book.toml" | "_category_.json" | "_category_.yml" | "_category_.yaml" | "categories.json")
}

pub fn is_markdown(path: &str) -> bool {
    without_ending(path).is_some()
}

/// A Markdown file's path without its ending.
pub fn without_ending(path: &str) -> Option<&str> {
    [".md", ".mdx", ".markdown"].iter().find_map(|ending| path.strip_suffix(ending))
}
