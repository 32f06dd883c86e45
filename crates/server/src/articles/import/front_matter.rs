//! What stands above a file's text: `title: ...` between two lines of `---`.
//!
//! Invariant: what is not understood is not an error, but what is broken is, with its line in the file.

use serde::Deserialize;

/// What we take from it; the rest is for other programs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct FrontMatter {
    pub title: Option<String>,
    pub slug: Option<String>,
    pub id: Option<String>,
    pub category: Option<String>,
    #[serde(alias = "sidebar_position", alias = "nav_order", alias = "weight")]
    pub position: Option<f64>,
    /// Not to be published.
    pub draft: bool,
}

/// Something wrong at a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub line: u64,
    pub why: String,
}

/// Parts a file into what stands above it and its text.
pub fn split(source: &str) -> Result<(FrontMatter, &str), Broken> {
    let Some((yaml, rest)) = parts(source)? else { return Ok((FrontMatter::default(), source)) };
    if yaml.trim().is_empty() {
        return Ok((FrontMatter::default(), rest));
    }
    match serde_saphyr::from_str(yaml) {
        Ok(front_matter) => Ok((front_matter, rest)),
        Err(error) => {
            // The first line of the file is the one that opens it.
            let line = error.location().map_or(1, |location| location.line()) + 1;
            Err(Broken { line, why: format!("the front matter cannot be read: {}", words(&error)) })
        }
    }
}

/// What is wrong with some YAML, without where: its lines are not the file's.
pub fn words(error: &serde_saphyr::Error) -> String {
    let words = error.without_snippet().to_string();
    words.lines().next().and_then(|line| line.split(" at line ").next()).unwrap_or_default().to_owned()
}

fn parts(source: &str) -> Result<Option<(&str, &str)>, Broken> {
    let Some(inside) = source.strip_prefix("---\n") else { return Ok(None) };
    if let Some(rest) = inside.strip_prefix("---\n") {
        return Ok(Some(("", rest)));
    }
    let mut end = 0;
    for line in inside.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let (yaml, rest) = inside.split_at(end);
            return Ok(Some((yaml, rest.get(line.len()..).unwrap_or_default())));
        }
        end += line.len();
    }
    // A line of hyphens may also just divide a text.
    let first = inside.lines().next().unwrap_or_default();
    let is_entry = first.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '));
    if is_entry {
        Err(Broken { line: 1, why: "the front matter has no end: a line of ---".to_owned() })
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_taken_and_the_rest_left() {
        let (found, text) = split(
            "---\nid: intro\ntitle: \"Hello: you\"\nsidebar_position: 1.5\ntags: [a, b]\nhead:\n  - x: y\n---\n# Text\n",
        )
        .unwrap();
        assert_eq!(found.title.as_deref(), Some("Hello: you"));
        assert_eq!((found.id.as_deref(), found.position), (Some("intro"), Some(1.5)));
        assert_eq!(text, "# Text\n");
        assert_eq!(split("---\ntitle: 404\n---\n").unwrap().0.title.as_deref(), Some("404"));
        assert_eq!(split("---\n---\nText").unwrap(), (FrontMatter::default(), "Text"));
        assert_eq!(split("Text\n---\nmore").unwrap().1, "Text\n---\nmore");
        assert_eq!(split("---\nA line above.\n").unwrap().1, "---\nA line above.\n");
    }

    #[test]
    fn what_is_broken_names_its_line() {
        for (source, line) in [
            ("---\ntitle: a\nposition: first\n---\n", 3),
            ("---\ntitle: \"a\nslug: b\n---\nText", 3),
            ("---\ntitle: a\n\tb: c\n---\n", 2),
            ("---\ntitle: a\ntitle: b\n---\n", 3),
            ("---\ntitle: a: b\n---\n", 2),
            ("---\ntitle: a\nText", 1),
        ] {
            let broken = split(source).unwrap_err();
            assert_eq!(broken.line, line, "{source:?}: {broken:?}");
            assert!(!broken.why.contains('\n') && !broken.why.contains(" at line "), "{broken:?}");
        }
    }
}
