//! What is done with the API's document: it is linted, compared with the released one, tried out, and made clients of.
//!
//! Invariant: all of it reads `openapi/openapi.json`, which `generate` holds to the code.

pub mod breaking;
mod changelog;
pub mod clients;
mod desk;
pub mod fuzz;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    step,
    tools::node,
    workspace::{self, command},
};

/// The rules in `openapi/redocly.yaml`, none of them with an exception.
pub fn lint() -> Result<()> {
    node::ensure_packages("openapi", "they read the API's document")?;
    let mut redocly = command("npx");
    redocly.current_dir(folder()).args(["--no-install", "redocly", "lint", "openapi.json", "--max-problems", "50"]);
    // It would ask its makers for a newer version, and tell them of us.
    redocly.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    step::run("lints of the API's document", &mut redocly)
}

/// The document without what is only read by people, as it is kept at a release to compare later ones with.
pub fn release() -> Result<()> {
    changelog::check_release(&changelog::read()?, env!("CARGO_PKG_VERSION"))?;
    let text = fs::read_to_string(folder().join("openapi.json")).context("reading openapi.json")?;
    let mut document: Value = serde_json::from_str(&text).context("openapi.json is no JSON")?;
    strip(&mut document, false);
    let path = folder().join("released.json");
    fs::write(&path, document.to_string() + "\n").with_context(|| format!("writing {}", path.display()))?;
    step::say(&format!("{} is the document of this release", path.display()));
    Ok(())
}

/// Takes words and examples away. The names of properties are no keywords.
fn strip(value: &mut Value, holds_names: bool) {
    match value {
        Value::Object(fields) => {
            if !holds_names {
                fields.retain(|name, _| !["description", "summary", "example", "examples"].contains(&name.as_str()));
            }
            for (name, field) in fields {
                let holds_names =
                    !holds_names && ["properties", "schemas", "responses", "paths"].contains(&name.as_str());
                strip(field, holds_names);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
        _ => {}
    }
}

pub fn folder() -> PathBuf {
    workspace::root().join("openapi")
}
