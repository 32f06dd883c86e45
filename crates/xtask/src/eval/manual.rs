//! Manuals that others wrote, fetched at a fixed version.
//!
//! Invariant: nothing of them is kept in this project.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{step, workspace};

pub struct Manual {
    pub name: String,
    pub locale: String,
    package: String,
    version: String,
    /// The page's address, and where it lies in the package.
    files: Vec<(String, String)>,
}

/// The manuals that the questions are asked of.
pub fn all(path: &Path) -> Result<Vec<Manual>> {
    let list: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    list.as_array().into_iter().flatten().map(Manual::read).collect()
}

impl Manual {
    fn read(value: &Value) -> Result<Self> {
        let text =
            |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned).context("a manual lacks words");
        if text("registry")? != "npm" {
            bail!("manuals come from npm");
        }
        let files = value.get("files").and_then(Value::as_object).into_iter().flatten();
        Ok(Self {
            name: text("name")?,
            locale: text("locale")?,
            package: text("package")?,
            version: text("version")?,
            files: files.filter_map(|(slug, path)| Some((slug.clone(), path.as_str()?.to_owned()))).collect(),
        })
    }

    /// A folder with one file per page.
    pub fn fetch(&self) -> Result<PathBuf> {
        let folder = workspace::target().join("eval").join(format!("{}-{}", self.name, self.version));
        let pages = folder.join("pages");
        if pages.is_dir() {
            return Ok(pages);
        }
        fs::create_dir_all(&folder)?;
        let mut pack = workspace::command("npm");
        pack.current_dir(&folder).args(["pack", "--silent"]).arg(format!("{}@{}", self.package, self.version));
        let packed = step::ask(&mut pack)?;
        let mut unpack = workspace::command("tar");
        unpack.current_dir(&folder).args(["-xzf", packed.lines().last().unwrap_or_default().trim()]);
        step::run(&format!("unpacking {} {}", self.package, self.version), &mut unpack)?;
        let copied = folder.join("copied");
        fs::create_dir_all(&copied)?;
        for (slug, path) in &self.files {
            let from = folder.join("package").join(path);
            fs::copy(&from, copied.join(format!("{slug}.md"))).with_context(|| format!("no {}", from.display()))?;
        }
        // Whole or not at all.
        fs::rename(copied, &pages)?;
        Ok(pages)
    }
}
