//! The clients that are measured beside ours, and a server that answers them at no cost.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use super::{pinned, pinned_to};
use crate::cargo::cargo;
use crate::official::{NETWORK, installed_once};
use crate::{build_npm, node, step};

/// Everything built and installed.
pub(super) struct Clients {
    /// The program with the clients in Rust.
    native: PathBuf,
    /// The node_modules folder with the clients from npm.
    modules: PathBuf,
}

impl Clients {
    pub(super) fn prepare() -> Result<Self> {
        build_npm::build()?;
        let target = crate::cargo::target_dir()?;
        let modules = install(&target.join("bench-rivals"))?;
        let target = target.join("bench");
        step::timed("building the clients in Rust", || {
            let mut build = cargo(["build", "--release", "--quiet", "--locked"]);
            build
                .args(["--manifest-path", "bench/client/Cargo.toml", "--target-dir"])
                .arg(&target);
            step::run(&mut build, "see the compiler's message above")
        })?;
        let native = target
            .join("release/pangulm-client-bench")
            .with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { native, modules })
    }

    /// The clients in Rust, on one core, for the measurement `name`.
    pub(super) fn native(&self, name: &str) -> Command {
        let mut command = pinned(&self.native);
        command.arg(name);
        command
    }

    /// The clients in Node, on one core: the script of bench/client, which gets their folder.
    pub(super) fn node(&self, script: &str) -> Command {
        self.script(pinned(node::node().get_program()), script)
    }

    /// The same on all cores.
    pub(super) fn node_unpinned(&self, script: &str) -> Command {
        self.script(node::node(), script)
    }

    fn script(&self, mut command: Command, script: &str) -> Command {
        let script = step::root().join("bench/client").join(script);
        command.arg(script).arg(&self.modules);
        command
    }

    /// Starts the server on another core.
    pub(super) fn serve(&self) -> Result<Server> {
        let mut child = pinned_to("1", &self.native)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let stdout = child.stdout.take().context("the server has no stdout")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        let url = url.trim().to_owned();
        Ok(Server { child, url })
    }
}

/// The server; it ends when this value is dropped, or this process ends.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}

/// Installs the packages of bench/client/rivals into `home`, and returns their folder.
fn install(home: &Path) -> Result<PathBuf> {
    let lists = step::root().join("bench/client/rivals");
    let lock = lists.join("package-lock.json");
    installed_once(&lock, &home.join("installed.json"), || {
        step::announce("Installing the clients from npm that ours is measured against");
        fs::create_dir_all(home)?;
        for list in ["package.json", "package-lock.json"] {
            fs::copy(lists.join(list), home.join(list))?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        step::run(
            Command::new(npm)
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(home),
            NETWORK,
        )
    })?;
    Ok(home.join("node_modules"))
}
