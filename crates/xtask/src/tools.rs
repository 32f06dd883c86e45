//! What the commands need and where it comes from.
//!
//! Invariant: a tool counts as present only in the version that we want, and everything fetched for
//! this workspace alone goes into one folder, `$WAGGLE_TOOLS` or `~/.cache/waggle-tools`.

mod compiled;
pub mod debian;
pub mod node;
pub mod python;
pub mod wasm;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub use compiled::{Compiled, ensure_compiled};

/// The folder of our own tools.
pub fn folder() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("WAGGLE_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("waggle-tools")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/waggle-tools")))
        .unwrap_or_else(|| crate::workspace::target().join("tools"))
}

/// PATH with our own tools in front.
pub fn path() -> OsString {
    let ours = folder();
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    let all = [ours.join("bin"), ours.join("node_modules/.bin")].into_iter().chain(std::env::split_paths(&theirs));
    std::env::join_paths(all).unwrap_or(theirs)
}

/// The first program of these names on our PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = path();
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|program| program.is_file())
}

/// A program of Postgres, which Debian keeps off PATH. Newest version first.
pub fn find_postgres(program: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(program))))
        .filter(|(_, program)| program.is_file())
        .collect();
    versions.sort_unstable();
    find(&[program]).or_else(|| versions.pop().map(|(_, program)| program))
}

/// Makes a folder with all that lead to it.
pub fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}
