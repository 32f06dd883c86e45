//! Puts the guide into the program, and compiles the release anew when a page has changed: both are inside it,
//! and cargo does not know.
//!
//! Invariant: a release never holds an older page than `frontend/dist` does, nor half of one. A build for
//! development reads that folder as it runs.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let pages = Path::new("../../frontend/dist");
    let is_release = std::env::var_os("PROFILE").is_some_and(|profile| profile == "release");
    let watched = match (is_release, pages.exists()) {
        (false, _) => Path::new("build.rs"),
        (true, true) => pages,
        // A folder that is not there cannot be watched; the one that it will come into can.
        (true, false) => Path::new("../../frontend"),
    };
    println!("cargo::rerun-if-changed={}", watched.display());
    if is_release && pages.exists() {
        for name in ["support", "lobby", "desk", "office"] {
            for missing in missing_files(&pages.join(name)) {
                println!("cargo::error=the page {name} lacks {missing}: it is being built, or its build has failed");
            }
        }
    }
    list_guide()
}

/// Writes the list of the guide's files, by their paths in it.
fn list_guide() -> io::Result<()> {
    println!("cargo::rerun-if-changed=guide");
    let guide = std::env::current_dir()?.join("guide");
    let mut files = Vec::new();
    add_files(&guide, &mut files)?;
    files.sort();
    let mut list = "/// The guide's files.\nconst GUIDE_FILES: &[(&str, &str)] = &[\n".to_owned();
    for file in files {
        let path = file.strip_prefix(&guide).unwrap_or(&file);
        list.push_str(&format!("    ({path:?}, include_str!({file:?})),\n"));
    }
    list.push_str("];\n");
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("guide.rs"), list)
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { add_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// The files that a page needs and that are not there.
fn missing_files(page: &Path) -> Vec<String> {
    let Ok(html) = fs::read_to_string(page.join("index.html")) else {
        return vec!["index.html".to_owned()];
    };
    let is_file = |word: &&str| [".js", ".css", ".wasm"].iter().any(|ending| word.ends_with(ending));
    let named =
        html.split(['"', '\'', '=', ' ', '>']).filter(is_file).map(|word| word.trim_start_matches('/').to_owned());
    named.filter(|name| !page.join(name).is_file()).collect()
}
