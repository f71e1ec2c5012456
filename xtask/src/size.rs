//! `cargo xtask size`: what a browser downloads, held against the budget in pkg/size-budget.json.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::{build_npm, cargo, node, step, weight};

pub(crate) const ABOUT: &str =
    "build, then hold the npm package's size against its budget [--what: list what weighs]";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    let what = match arguments.as_slice() {
        [] => false,
        [option] if option == "--what" => true,
        _ => bail!("`cargo xtask size` takes no argument but `--what`"),
    };
    build_npm::build()?;
    if what {
        weight::print(&build_npm::named_wasm()?)?;
    }
    check()
}

/// Prints the sizes of what stands in pkg/dist and fails with everything that is over its budget.
pub(crate) fn check() -> Result<()> {
    let budget = Budget::load()?;
    let package = step::root().join("pkg");

    let script = bundle("browser.js")?;
    let wasm = Size::of(&package.join("dist/pangulm.wasm"))?;
    let whole = wasm.plus(script);
    let signing = Size::of(&package.join("dist/pangulm-signing.wasm"))?;
    let whole_signing = signing.plus(script);
    let signer = Size::of(&package.join("dist/signer.wasm"))?;
    let whole_signer = signer.plus(bundle("signer/browser.js")?);

    println!(
        "{:<34}{:>10}{:>10}{:>10}",
        "bytes", "raw", "gzip -9", "brotli 11"
    );
    wasm.print("pangulm.wasm");
    script.print("facade, minified");
    whole.print("whole browser bundle");
    budget.whole.print();
    signing.print("pangulm-signing.wasm");
    whole_signing.print("whole bundle with access keys");
    budget.whole_signing.print();
    signer.print("signer.wasm");
    whole_signer.print("whole bundle of pangulm/signer");
    budget.whole_signer.print();

    let mut faults = budget.forbidden_in(&npm_graph()?);
    faults.extend(budget.whole.fault(whole, "the whole browser bundle"));
    faults.extend(
        budget
            .whole_signing
            .fault(whole_signing, "the bundle with access keys"),
    );
    faults.extend(
        budget
            .whole_signer
            .fault(whole_signer, "the bundle of pangulm/signer"),
    );
    if !faults.is_empty() {
        bail!(
            "over the budget of pkg/size-budget.json:\n  {}",
            faults.join("\n  ")
        );
    }
    println!("Within the budget; none of the forbidden crates is in a wasm file.");
    Ok(())
}

/// The names of the crates that the npm wasm files are made of.
fn npm_graph() -> Result<Vec<String>> {
    step::announce("Listing the crates in the npm wasm files");
    let tree = step::output(
        cargo::cargo(["tree", "--target", cargo::WASM]).args([
            "-p",
            "pangulm-wasm",
            "-p",
            "pangulm-signer-wasm",
            "-e",
            "normal,no-proc-macro",
            "--prefix=none",
        ]),
        "see cargo's message above",
    )?;
    let names = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    Ok(names.map(String::from).collect())
}

/// A browser entry and all that it imports in one minified file.
fn bundle(entry: &str) -> Result<Size> {
    step::announce(format!("Bundling {entry} with esbuild"));
    let bundle = cargo::target_dir()?.join("size/browser.js");
    step::run(
        node::tool("esbuild/bin/esbuild")
            .arg(step::root().join("pkg/dist").join(entry))
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
            .args(["--log-level=warning"])
            // Of chunks that are imported only for their order.
            .arg("--log-override:ignored-bare-import=silent")
            // What heals a page whose server has lost the wasm file is not loaded by any other.
            .args([
                "--external:./chunks/inlined-*",
                "--external:../chunks/inlined-*",
            ])
            .arg(format!("--outfile={}", bundle.display())),
        "see the message above",
    )?;
    Size::of(&bundle)
}

struct Budget {
    whole: Bound,
    whole_signing: Bound,
    whole_signer: Bound,
    forbidden: Vec<String>,
}

/// What a bundle may weigh, compressed by gzip, and what it shall weigh one day.
struct Bound {
    limit: usize,
    aim: usize,
}

impl Bound {
    fn print(&self) {
        println!("{:<44}{:>10}  the limit", "", self.limit);
        println!("{:<44}{:>10}  the aim", "", self.aim);
    }

    fn fault(&self, size: Size, what: &str) -> Option<String> {
        let over = size.gzip.checked_sub(self.limit).filter(|over| *over > 0)?;
        Some(format!("{what} is {over} bytes (gzip) over its limit"))
    }
}

impl Budget {
    fn load() -> Result<Self> {
        let file = step::root().join("pkg/size-budget.json");
        let text = fs::read(&file).context("pkg/size-budget.json cannot be read")?;
        let json: Value = serde_json::from_slice(&text).context("pkg/size-budget.json")?;
        let bytes = |pointer: &str| {
            let number = json.pointer(pointer).and_then(Value::as_u64);
            let number = number.and_then(|number| usize::try_from(number).ok());
            number.with_context(|| format!("pkg/size-budget.json: no number at {pointer}"))
        };
        let bound = |name: &str| -> Result<Bound> {
            Ok(Bound {
                limit: bytes(&format!("/{name}/limit"))?,
                aim: bytes(&format!("/{name}/aim"))?,
            })
        };
        let forbidden = json.get("forbiddenCrates").and_then(Value::as_array);
        let forbidden = forbidden.context("pkg/size-budget.json: no list `forbiddenCrates`")?;
        Ok(Self {
            whole: bound("browserBundleGzip")?,
            whole_signing: bound("signingBundleGzip")?,
            whole_signer: bound("signerBundleGzip")?,
            forbidden: forbidden
                .iter()
                .filter_map(Value::as_str)
                .map(String::from)
                .collect(),
        })
    }

    fn forbidden_in(&self, graph: &[String]) -> Vec<String> {
        let forbidden = |name: &&String| self.forbidden.iter().any(|rule| matches(rule, name));
        let mut found: Vec<&String> = graph.iter().filter(forbidden).collect();
        found.sort_unstable();
        found.dedup();
        found
            .iter()
            .map(|name| format!("the crate {name} is in the npm wasm graph"))
            .collect()
    }
}

/// Whether `name` is the rule's crate, or begins with it where the rule ends with `*`.
fn matches(rule: &str, name: &str) -> bool {
    rule.strip_suffix('*')
        .map_or(rule == name, |start| name.starts_with(start))
}

/// The bytes of a file, as they are and as servers send them.
#[derive(Clone, Copy)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    fn of(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("{}", file.display()))?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        brotli.write_all(&bytes)?;
        Ok(Self {
            raw: bytes.len(),
            gzip: gzip.finish()?.len(),
            brotli: brotli.into_inner().len(),
        })
    }

    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }

    fn print(self, name: &str) {
        println!(
            "{name:<34}{:>10}{:>10}{:>10}",
            self.raw, self.gzip, self.brotli
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, Budget};

    #[test]
    fn a_forbidden_crate_is_named_once_and_its_neighbours_are_not() {
        let rules = ["serde*", "http"].map(String::from).to_vec();
        let bound = || Bound { limit: 1, aim: 1 };
        let budget = Budget {
            whole: bound(),
            whole_signing: bound(),
            whole_signer: bound(),
            forbidden: rules,
        };
        let graph = ["httparse", "serde_json", "serde_json", "pangulm-wasm"].map(String::from);
        assert_eq!(
            budget.forbidden_in(&graph),
            ["the crate serde_json is in the npm wasm graph"]
        );
    }
}
