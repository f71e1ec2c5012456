//! `cargo xtask size`: what a browser downloads, held against the budget in pkg/size-budget.json.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::script::Script;
use crate::{build_npm, cargo, step, weight};

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
        for file in build_npm::named_wasm()? {
            weight::print(&file)?;
        }
    }
    check()
}

/// Prints the sizes of what stands in pkg/dist and fails with everything that is over its budget.
///
/// A page downloads the first part of a bundle with its first import or call, and the rest piece by
/// piece as it calls operations that need it. Both count, each against its own limit.
pub(crate) fn check() -> Result<()> {
    let budget = Budget::load()?;
    let client = Script::bundle("browser.js")?;
    let signer = Script::bundle("signer/browser.js")?;
    let obs = Script::bundle("obs/browser.js")?;

    println!(
        "{:<34}{:>10}{:>10}{:>10}",
        "bytes", "raw", "gzip -9", "brotli 11"
    );
    client.first.print("facade, minified");
    client.rest.print("facade, the rest");
    let mut faults = budget.forbidden_in(&npm_graph()?);
    for (name, wasm, script, bounds) in [
        ("pangulm", "pangulm", client, &budget.plain),
        (
            "pangulm-signing",
            "pangulm-signing",
            client,
            &budget.signing,
        ),
        ("signer", "signer", signer, &budget.signer),
        // What `client.obs()` loads beside the client, and what who has no client loads.
        ("obs", "signer", obs, &budget.obs),
    ] {
        let file = |part: &str| {
            let file = format!("{wasm}{part}.wasm");
            let path = step::root().join("pkg/dist").join(&file);
            path.exists().then_some((file, path))
        };
        // The file that is whole is for who has no use for two.
        let first = file("-first")
            .or_else(|| file(""))
            .context("no wasm file")?;
        let mut sums = [script.first, script.rest];
        for (sum, part) in sums.iter_mut().zip([Some(first), file("-rest")]) {
            if let Some((file, path)) = part {
                let wasm = Size::of(&path)?;
                wasm.print(&file);
                *sum = sum.plus(wasm);
            }
        }
        let [first, rest] = sums;
        faults.extend(
            bounds
                .first
                .judge(first, &format!("{name}: first download")),
        );
        let whole = first.plus(rest);
        faults.extend(bounds.whole.judge(whole, &format!("{name}: everything")));
    }
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

struct Budget {
    plain: Bounds,
    signing: Bounds,
    signer: Bounds,
    obs: Bounds,
    forbidden: Vec<String>,
}

/// What the first download may weigh, and everything together.
struct Bounds {
    first: Bound,
    whole: Bound,
}

/// What a bundle may weigh, compressed by gzip, and what it shall weigh one day.
struct Bound {
    limit: usize,
    aim: usize,
}

impl Bound {
    /// Prints a size with its bound, and says whether it is over.
    fn judge(&self, size: Size, what: &str) -> Option<String> {
        size.print(what);
        println!("{:<44}{:>10}  the limit", "", self.limit);
        println!("{:<44}{:>10}  the aim", "", self.aim);
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
        let bound = |pointer: String| -> Result<Bound> {
            Ok(Bound {
                limit: bytes(&format!("{pointer}/limit"))?,
                aim: bytes(&format!("{pointer}/aim"))?,
            })
        };
        let bounds = |name: &str| -> Result<Bounds> {
            Ok(Bounds {
                first: bound(format!("/{name}/first"))?,
                whole: bound(format!("/{name}/everything"))?,
            })
        };
        let forbidden = json.get("forbiddenCrates").and_then(Value::as_array);
        let forbidden = forbidden.context("pkg/size-budget.json: no list `forbiddenCrates`")?;
        Ok(Self {
            plain: bounds("browserBundleGzip")?,
            signing: bounds("signingBundleGzip")?,
            signer: bounds("signerBundleGzip")?,
            obs: bounds("obsBundleGzip")?,
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
#[derive(Clone, Copy, Default)]
pub(crate) struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    pub(crate) fn of(file: &Path) -> Result<Self> {
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

    pub(crate) fn plus(self, other: Self) -> Self {
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
    use super::{Bound, Bounds, Budget};

    #[test]
    fn a_forbidden_crate_is_named_once_and_its_neighbours_are_not() {
        let rules = ["serde*", "http"].map(String::from).to_vec();
        let bound = || Bound { limit: 1, aim: 1 };
        let bounds = || Bounds {
            first: bound(),
            whole: bound(),
        };
        let budget = Budget {
            plain: bounds(),
            signing: bounds(),
            signer: bounds(),
            obs: bounds(),
            forbidden: rules,
        };
        let graph = ["httparse", "serde_json", "serde_json", "pangulm-wasm"].map(String::from);
        assert_eq!(
            budget.forbidden_in(&graph),
            ["the crate serde_json is in the npm wasm graph"]
        );
    }
}
