//! One consumer of the npm package: a project that has it installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::consumers::{SUPPORT, Surroundings, copy_folder};
use crate::{node, step};

/// How long one may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(300);

/// What stays in a project from one run to the next: installing it again would take minutes.
const KEPT: [&str; 2] = ["node_modules", INSTALLED];

/// The lock file as it was when `node_modules` was last filled.
const INSTALLED: &str = ".installed-lock.json";

/// What its `package.json` says, in the member `consumer`.
#[derive(Debug)]
pub(crate) struct Consumer {
    /// Its folder.
    pub(crate) name: String,
    pub(crate) about: String,
    /// The package whose version is told.
    tool: String,
    /// Another consumer whose files it has, too.
    like: Option<String>,
    /// Whether it is tried on every change.
    pub(crate) fast: bool,
}

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) version: String,
    /// The bytes that its user loads, where it tells them.
    pub(crate) size: Option<u64>,
}

impl Consumer {
    /// Every folder with a `package.json`, sorted.
    pub(crate) fn all(folder: &Path) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let Ok(text) = fs::read(entry.path().join("package.json")) else {
                continue;
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            all.push(Self::parse(&name, &text).with_context(|| format!("tests/consumers/{name}"))?);
        }
        all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    fn parse(name: &str, package: &[u8]) -> Result<Self> {
        let json: Value = serde_json::from_slice(package).context("package.json")?;
        let consumer = json
            .get("consumer")
            .context("package.json has no `consumer`")?;
        let text = |member: &str| consumer.get(member).and_then(Value::as_str);
        let needed = |member: &str| text(member).with_context(|| format!("no `{member}`"));
        Ok(Self {
            name: name.to_owned(),
            about: needed("about")?.to_owned(),
            tool: needed("tool")?.to_owned(),
            like: text("like").map(String::from),
            fast: consumer.get("fast").is_some_and(|fast| fast == true),
        })
    }

    /// Sets its project up, with the package as it was packed.
    pub(crate) fn stage(&self, folder: &Path, around: &Surroundings) -> Result<()> {
        let project = around.place.join(&self.name);
        fs::create_dir_all(&project)?;
        for entry in fs::read_dir(&project)? {
            let entry = entry?;
            if KEPT.iter().any(|kept| entry.file_name() == *kept) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        copy_folder(&around.place.join(SUPPORT), &project.join(SUPPORT))?;
        for name in self.like.iter().chain([&self.name]) {
            copy_folder(&folder.join(name), &project)?;
        }
        install(&project)?;
        // What `npm install` does with a package that depends on nothing.
        let modules = project.join("node_modules");
        let package = modules.join("pangulm");
        if package.exists() {
            fs::remove_dir_all(&package)?;
        }
        fs::create_dir_all(&package)?;
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(&around.tarball).arg("-C").arg(&package);
        step::run(tar.arg("--strip-components=1"), "install tar")
    }

    /// Runs it. What it says is shown if it fails.
    pub(crate) fn run(&self, around: &Surroundings) -> Result<Ran> {
        let project = around.place.join(&self.name);
        let log = project.join("run.log");
        let file = fs::File::create(&log)?;
        let mut command = node::node();
        command
            .arg("run.mjs")
            .current_dir(&project)
            .env("PANGULM_ROOT", step::root())
            .env("PANGULM_EMULATOR_INFO", &around.emulator.info)
            .env("PANGULM_CHROMIUM", &around.chromium)
            .stdout(file.try_clone()?)
            .stderr(file);
        if let Some(firefox) = &around.firefox {
            command.env("PANGULM_FIREFOX", firefox);
        }
        let status = wait(command.spawn().context("node does not start")?)?;
        let said = fs::read_to_string(&log)?;
        match status {
            Some(status) if status.success() => {}
            Some(_) => bail!("{} failed:\n{said}", self.about),
            None => bail!("{} has no end:\n{said}", self.about),
        }
        let size = said
            .lines()
            .find_map(|line| line.strip_prefix("consumer-size "));
        Ok(Ran {
            version: self.version(&project)?,
            size: size.and_then(|bytes| bytes.parse().ok()),
        })
    }

    fn version(&self, project: &Path) -> Result<String> {
        if self.tool == "node" {
            return node::version();
        }
        let file = project
            .join("node_modules")
            .join(&self.tool)
            .join("package.json");
        let json: Value = serde_json::from_slice(&fs::read(&file)?)?;
        let version = json.get("version").and_then(Value::as_str);
        Ok(version.context("a package without a version")?.to_owned())
    }
}

/// Installs what the lock file names, unless that was done.
fn install(project: &Path) -> Result<()> {
    let Ok(lock) = fs::read(project.join("package-lock.json")) else {
        return Ok(());
    };
    let installed: PathBuf = project.join(INSTALLED);
    if fs::read(&installed).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    step::run(
        node::npm()
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(project),
        "check the network connection: npm must reach its registry",
    )?;
    fs::write(installed, lock).context("the project cannot be written")
}

/// How it ended, or nothing if it did not in time.
fn wait(mut child: Child) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::Consumer;

    #[test]
    fn a_consumer_says_what_it_is() {
        let text = br#"{ "consumer": { "about": "A", "tool": "a", "fast": true } }"#;
        let consumer = Consumer::parse("one", text).unwrap();
        assert!(consumer.fast && consumer.like.is_none());
        let error = Consumer::parse("one", br#"{ "consumer": { "about": "A" } }"#).unwrap_err();
        assert_eq!(error.to_string(), "no `tool`");
    }
}
