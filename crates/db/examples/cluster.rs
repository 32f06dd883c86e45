//! Keeps a Postgres running for tests and tools: prints its address, and stops it when standard input closes.
//!
//! Invariant: nothing is left running when the caller is gone, however it went.

#![expect(clippy::print_stdout, reason = "the caller reads the address from standard output")]

use std::{io::Read, path::PathBuf};

use db::embedded::{Cluster, Durability, EmbeddedError};

/// `cluster DIRECTORY [full]`; without `full` a power cut would cost everything.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), EmbeddedError> {
    let mut arguments = std::env::args_os().skip(1);
    let directory = PathBuf::from(arguments.next().unwrap_or_default());
    let durability = if arguments.next().is_some() { Durability::Full } else { Durability::None };
    let cluster = Cluster::start(&directory, durability).await?;
    println!("{}", cluster.superuser_url("postgres"));
    // Either answer means that the caller is gone.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    cluster.stop().await.map(drop)
}
