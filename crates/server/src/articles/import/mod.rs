//! Articles from a folder of Markdown: `waggle articles import DIR`, and the guide that comes with the program.
//!
//! Invariant: importing the same folder twice changes nothing the second time.

mod convert;
mod folder;
mod front_matter;
mod layout;
mod links;
mod pages;
mod plan;
mod summary;
mod tags;
mod write;

use std::path::Path;

pub use folder::Refusal;
pub use plan::Options;
pub use write::{Report, Show};

use folder::Folder;

use crate::state::State;

/// What the guide's articles are remembered to come from.
const GUIDE: &str = "waggle guide";

include!(concat!(env!("OUT_DIR"), "/guide.rs"));

/// Imports a folder.
pub async fn import(state: &State, directory: &Path, options: &Options, show: Show) -> anyhow::Result<Report> {
    let folder = Folder::read(directory)?;
    run(state, folder, options, show).await
}

/// Imports Waggle's own guide, in both languages.
pub async fn guide(state: &State) -> anyhow::Result<Report> {
    let mut folder = Folder { name: GUIDE.to_owned(), ..Folder::default() };
    for (path, text) in GUIDE_FILES {
        folder.add(path, text.as_bytes());
    }
    run(state, folder, &Options::default(), Show::Written).await
}

async fn run(state: &State, folder: Folder, options: &Options, show: Show) -> anyhow::Result<Report> {
    if let Some(slug) = options.category.as_deref() {
        anyhow::ensure!(super::slug::valid(slug), "{slug} cannot be a category's slug");
    }
    let plan = plan::plan(folder, options);
    let mut conn = state.db().await?;
    Ok(write::write(&mut conn, state.clock.now(), plan, show).await?)
}
