//! Compiles the release anew when the page has changed: the page is inside it, and cargo does not know.
//!
//! Invariant: a release never holds an older page than `frontend/dist`. A build for development reads that
//! folder as it runs.

use std::path::Path;

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
}
