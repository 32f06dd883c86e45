//! What is done with the API's document: it is linted, compared with the released one, tried out, and made clients of.
//!
//! Invariant: all of it reads `openapi/openapi.json`, which `generate` holds to the code.

use std::path::PathBuf;

use anyhow::Result;

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

pub fn folder() -> PathBuf {
    workspace::root().join("openapi")
}
