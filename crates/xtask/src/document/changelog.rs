//! What the changelog says of the API: which operations break, and whether it is ready for a release.
//!
//! Invariant: what is not released yet stands under `## Unreleased`, and a release under its version.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};

use crate::workspace;

const UNRELEASED: &str = "Unreleased";

pub fn read() -> Result<String> {
    fs::read_to_string(workspace::root().join("CHANGELOG.md")).context("reading CHANGELOG.md")
}

/// What stands under a heading, up to the next; nothing where there is no such heading.
fn section<'a>(changelog: &'a str, heading: &str) -> Option<&'a str> {
    let mut rest = changelog.split("\n## ").skip(1);
    rest.find_map(|section| section.split_once('\n').filter(|(first, _)| is_heading(first, heading)).map(|(_, it)| it))
}

/// A version may be followed by its date.
fn is_heading(line: &str, heading: &str) -> bool {
    line.split_whitespace().next() == Some(heading)
}

/// The operations in backticks under `### Breaking` of what is not released yet.
pub fn named_as_breaking(changelog: &str) -> BTreeSet<&str> {
    let unreleased = section(changelog, UNRELEASED).unwrap_or_default();
    let Some((_, breaking)) = unreleased.split_once("\n### Breaking") else { return BTreeSet::new() };
    let breaking = breaking.split("\n### ").next().unwrap_or_default();
    breaking.split('`').skip(1).step_by(2).collect()
}

/// Refuses a release that the changelog does not tell of, or that leaves something out.
pub fn check_release(changelog: &str, version: &str) -> Result<()> {
    if section(changelog, version).is_none() {
        bail!("CHANGELOG.md has no heading for {version}, which is the workspace's version");
    }
    if section(changelog, UNRELEASED).is_some_and(|left| !left.trim().is_empty()) {
        bail!("CHANGELOG.md has something under {UNRELEASED}: it belongs under {version}, or to a later version");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_operations_in_backticks() {
        let log = "# Changelog\n\n## Unreleased\n\n### Added\n\n- `get_new`\n\n### Breaking\n\n- `list_things` has no `state`.\n\n## 0.1.0\n\n### Breaking\n\n- `create_thing`\n";
        assert_eq!(named_as_breaking(log).into_iter().collect::<Vec<_>>(), ["list_things", "state"]);
        assert!(named_as_breaking("# Changelog\n\n## 0.1.0\n").is_empty());
    }

    #[test]
    fn a_release_is_told_and_leaves_nothing() {
        let told = "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n- New.\n\n## 0.1.0\n";
        assert!(check_release(told, "0.2.0").is_ok());
        assert!(check_release(told, "0.3.0").is_err(), "another version");
        assert!(check_release("# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.2.0\n", "0.2.0").is_err(), "left out");
        assert!(check_release("# Changelog\n\n## 0.2.0\n", "0.2.0").is_ok());
    }
}
