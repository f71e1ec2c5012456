//! `cargo xtask consumers`: the packed npm package in real projects, one folder of tests/consumers each.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::consumer::Consumer;
use crate::emulator::{self, Emulator};
use crate::{build_npm, cargo, chromium, firefox, node, npm_package, step};

pub(crate) const ABOUT: &str =
    "pack the npm package and try it in the quick consumers [--all | NAME...]";

/// Not only the quick ones.
pub(crate) const ALL: &str = "--all";

/// The folder with what every consumer has.
pub(crate) const SUPPORT: &str = "support";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let chosen = choose(&arguments)?;
    build_npm::build()?;
    let built = emulator::build_with(&[])?;
    let firefox = if arguments == [ALL] {
        firefox::ensure()?
    } else {
        firefox::find()
    };
    check(&chosen, &built.program(emulator::NAME)?, firefox)
}

/// The quick ones, as a part of the tests. The package is built already.
pub(crate) fn quick(emulator: &Path) -> Result<()> {
    check(&choose(&[])?, emulator, firefox::find())
}

fn choose(arguments: &[String]) -> Result<Vec<Consumer>> {
    let mut all = Consumer::all(&folder())?;
    match arguments {
        [] => all.retain(|consumer| consumer.fast),
        [option] if option == ALL => {}
        names => {
            let known = |name: &String| all.iter().any(|consumer| consumer.name == *name);
            if let Some(unknown) = names.iter().find(|name| !known(name)) {
                bail!(
                    "there is no tests/consumers/{unknown}; `cargo xtask consumers` takes {ALL} or names of folders there"
                );
            }
            all.retain(|consumer| names.contains(&consumer.name));
        }
    }
    Ok(all)
}

/// Tries these consumers and prints a line about each.
fn check(chosen: &[Consumer], emulator: &Path, firefox: Option<PathBuf>) -> Result<()> {
    let place = cargo::target_dir()?.join("consumers");
    share(&place)?;
    let surroundings = Surroundings {
        tarball: npm_package::pack(&place)?,
        chromium: chromium::ensure_browser()?,
        firefox,
        emulator: Emulator::start(emulator, &["--port", "0", "--pace", "0"])?,
        place,
    };
    let mut failed = Vec::new();
    let mut table = Vec::new();
    for consumer in chosen {
        step::announce(&consumer.about);
        consumer.stage(&folder(), &surroundings)?;
        let start = Instant::now();
        match consumer.run(&surroundings) {
            Ok(ran) => {
                let size = ran.size.map_or("–".into(), |bytes| bytes.to_string());
                let seconds = start.elapsed().as_secs_f32();
                table.push((consumer, ran.version, size, format!("{seconds:.1}")));
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                failed.push(consumer.name.as_str());
                table.push((consumer, "FAILED".into(), "–".into(), "–".into()));
            }
        }
    }
    println!();
    println!(
        "{:<44}{:>14}{:>14}{:>8}",
        "consumer", "version", "loaded, gzip", "s"
    );
    for (consumer, version, size, seconds) in &table {
        println!("{:<44}{version:>14}{size:>14}{seconds:>8}", consumer.about);
    }
    println!(
        "Pages were opened in Chromium{}.",
        match surroundings.firefox {
            Some(_) => ", and those that were built in Firefox, too",
            None => "; Firefox is not installed",
        }
    );
    if !failed.is_empty() {
        bail!("the package does not work in {}", failed.join(", "));
    }
    Ok(())
}

/// What is the same for all consumers.
pub(crate) struct Surroundings {
    /// Where their projects stand.
    pub(crate) place: PathBuf,
    pub(crate) tarball: PathBuf,
    pub(crate) chromium: PathBuf,
    pub(crate) firefox: Option<PathBuf>,
    pub(crate) emulator: Emulator,
}

fn folder() -> PathBuf {
    step::root().join("tests/consumers")
}

/// Writes what all consumers share.
fn share(place: &Path) -> Result<()> {
    let support = place.join(SUPPORT);
    build_npm::empty(&support)?;
    copy_folder(&folder().join(SUPPORT), &support)?;
    // The story once more, for those who cannot load modules.
    step::run(
        node::tool("esbuild/bin/esbuild")
            .arg(support.join("story.mjs"))
            .args(["--format=cjs", "--log-level=warning"])
            .arg(format!("--outfile={}", support.join("story.cjs").display())),
        "see the message above",
    )
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| from.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
