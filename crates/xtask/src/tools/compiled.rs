//! Tools that cargo compiles: Trunk, wasm-bindgen's program, cargo-deny.
//!
//! Invariant: they are compiled for a quick installation, not for speed; each runs for seconds.

use std::{fs, process::Command, time::Duration};

use anyhow::Result;

use crate::{
    step, tools,
    workspace::{self, cargo},
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Compiled {
    Trunk,
    WasmBindgen,
    CargoDeny,
}

struct Recipe {
    package: &'static str,
    program: &'static str,
    version: String,
    why: &'static str,
    flags: &'static [&'static str],
}

impl Compiled {
    fn recipe(self) -> Result<Recipe> {
        Ok(match self {
            // 0.22 wants a newer compiler.
            Self::Trunk => Recipe {
                package: "trunk",
                program: "trunk",
                version: "0.21.14".to_owned(),
                why: "it packs the page",
                flags: &["--locked", "--no-default-features"],
            },
            // The lock file of the package names a version that the registry no longer has.
            Self::WasmBindgen => Recipe {
                package: "wasm-bindgen-cli",
                program: "wasm-bindgen",
                version: workspace::locked_version("wasm-bindgen")?,
                why: "it joins the page's WebAssembly to JavaScript",
                flags: &["--no-default-features"],
            },
            Self::CargoDeny => Recipe {
                package: "cargo-deny",
                program: "cargo-deny",
                version: "0.20.2".to_owned(),
                why: "it checks licenses and sources",
                flags: &["--locked", "--no-default-features"],
            },
        })
    }
}

/// Installs what is missing, one after the other: each compilation fills the machine by itself.
pub fn ensure_compiled(wanted: &[Compiled]) -> Result<()> {
    let mut missing = Vec::new();
    for tool in wanted {
        let recipe = tool.recipe()?;
        if !recipe.is_present() {
            missing.push(recipe);
        }
    }
    for recipe in &missing {
        if !recipe.fetch() {
            recipe.compile()?;
        }
    }
    if !missing.is_empty() {
        // A hundred megabytes that nothing needs again.
        let _ = fs::remove_dir_all(tools::folder().join("target"));
    }
    Ok(())
}

impl Recipe {
    fn is_present(&self) -> bool {
        let Some(program) = tools::find(&[self.program]) else {
            return false;
        };
        let answer = step::ask(Command::new(program).arg("--version")).unwrap_or_default();
        answer.split_whitespace().nth(1) == Some(self.version.as_str())
    }

    /// A ready-made program, where the machine has cargo-binstall and a network for it.
    fn fetch(&self) -> bool {
        if tools::find(&["cargo-binstall"]).is_none() {
            return false;
        }
        let label = format!("fetching {} {} ({})", self.package, self.version, self.why);
        let mut binstall = cargo(&["binstall", "--no-confirm", "--disable-strategies", "compile", "--install-path"]);
        binstall.arg(tools::folder().join("bin")).arg(format!("{}@{}", self.package, self.version));
        step::run_within(&label, &mut binstall, Duration::from_secs(120)).is_ok() && self.is_present()
    }

    fn compile(&self) -> Result<()> {
        let folder = tools::folder();
        tools::make_folder(&folder)?;
        let label = format!("installing {} {} ({})", self.package, self.version, self.why);
        let mut install = cargo(&["install", self.package, "--version", &self.version, "--force", "--root"]);
        install.arg(&folder).args(self.flags).arg("--target-dir").arg(folder.join("target")).current_dir(&folder);
        let profile = [("OPT_LEVEL", "1"), ("LTO", "off"), ("CODEGEN_UNITS", "256"), ("DEBUG", "false")];
        for (setting, value) in profile {
            install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        step::run(&label, &mut install)
    }
}
