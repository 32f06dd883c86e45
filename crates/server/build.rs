//! Compiles the release anew when the page has changed: the page is inside it, and cargo does not know.
//!
//! Invariant: a release never holds an older page than `frontend/dist`, nor half of one. A build for
//! development reads that folder as it runs.

use std::{fs, path::Path};

fn main() {
    let page = Path::new("../../frontend/dist");
    let is_release = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let watched = match (is_release, page.exists()) {
        (false, _) => Path::new("build.rs"),
        (true, true) => page,
        // A folder that is not there cannot be watched; the one that it will come into can.
        (true, false) => Path::new("../../frontend"),
    };
    println!("cargo::rerun-if-changed={}", watched.display());
    if is_release && page.exists() {
        for missing in missing_files(page) {
            println!("cargo::error=the page lacks {missing}: it is being built, or its build has failed");
        }
    }
}

/// The files that the page needs and that are not there.
fn missing_files(page: &Path) -> Vec<String> {
    let Ok(html) = fs::read_to_string(page.join("index.html")) else {
        return vec!["index.html".to_owned()];
    };
    let is_file = |word: &&str| [".js", ".css", ".wasm"].iter().any(|ending| word.ends_with(ending));
    let named =
        html.split(['"', '\'', '=', ' ', '>']).filter(is_file).map(|word| word.trim_start_matches('/').to_owned());
    named.filter(|name| !page.join(name).is_file()).collect()
}
