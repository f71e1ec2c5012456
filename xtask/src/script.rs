//! How large the JavaScript of the npm package is.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::size::Size;
use crate::{build_npm, cargo, node, step};

/// A browser entry, minified: what it imports, and what it imports only once that is needed.
#[derive(Clone, Copy)]
pub(crate) struct Script {
    pub(crate) first: Size,
    pub(crate) rest: Size,
}

impl Script {
    pub(crate) fn bundle(entry: &str) -> Result<Self> {
        step::announce(format!("Bundling {entry} with esbuild"));
        let folder = cargo::target_dir()?.join("size");
        build_npm::empty(&folder)?;
        let (parts, facts, whole) = (
            folder.join("parts"),
            folder.join("parts.json"),
            folder.join("first.js"),
        );
        esbuild(
            entry,
            &[
                "--splitting".to_owned(),
                format!("--outdir={}", parts.display()),
                format!("--metafile={}", facts.display()),
            ],
        )?;
        let facts: Value = serde_json::from_slice(&fs::read(facts)?)?;
        let parts = Parts::read(&facts, entry)?;
        let mut rest = Size::default();
        for file in &parts.late {
            rest = rest.plus(Size::of(&step::root().join(file))?);
        }
        // In one file, as bundlers make it.
        let late = parts.entries.iter();
        let mut options: Vec<String> = late
            .filter_map(|path| Some(format!("--external:*/{}", path.rsplit('/').next()?)))
            .collect();
        options.push(format!("--outfile={}", whole.display()));
        esbuild(entry, &options)?;
        Ok(Self {
            first: Size::of(&whole)?,
            rest,
        })
    }
}

fn esbuild(entry: &str, options: &[String]) -> Result<()> {
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
            // OBS has its own limits: see `size.rs`.
            .arg("--external:./obs/*")
            .args(options),
        "see the message above",
    )
}

/// What esbuild says of a bundle in parts.
struct Parts {
    /// The modules that are imported when they are needed.
    entries: Vec<String>,
    /// The files with them, and with what only they import.
    late: Vec<String>,
}

impl Parts {
    fn read(facts: &Value, entry: &str) -> Result<Self> {
        let outputs = facts.get("outputs").and_then(Value::as_object);
        let outputs = outputs.context("esbuild's metafile has no outputs")?;
        let entry_of = |output: &Value| {
            let path = output.get("entryPoint").and_then(Value::as_str)?;
            Some(path.trim_start_matches("pkg/dist/").to_owned())
        };
        let mut at_once: Vec<&String> = outputs
            .iter()
            .filter(|(_, output)| entry_of(output).as_deref() == Some(entry))
            .map(|(file, _)| file)
            .collect();
        let mut next = 0;
        while let Some(file) = at_once.get(next).copied() {
            next += 1;
            let imports = outputs.get(file).and_then(|output| output.get("imports"));
            for import in imports.and_then(Value::as_array).into_iter().flatten() {
                let is_static =
                    import.get("kind").and_then(Value::as_str) == Some("import-statement");
                let path = import.get("path").and_then(Value::as_str);
                let known = outputs.keys().find(|file| Some(file.as_str()) == path);
                if let Some(file) = known.filter(|file| is_static && !at_once.contains(file)) {
                    at_once.push(file);
                }
            }
        }
        let late = outputs.keys().filter(|file| !at_once.contains(file));
        Ok(Self {
            entries: outputs
                .values()
                .filter_map(entry_of)
                .filter(|name| name != entry)
                .collect(),
            late: late.cloned().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn what_only_later_imports_reach_is_no_part_of_the_first_download() {
        let facts = serde_json::json!({"outputs": {
            "o/main.js": {"entryPoint": "pkg/dist/main.js", "imports": [
                {"path": "o/shared.js", "kind": "import-statement"},
                {"path": "o/late.js", "kind": "dynamic-import"},
            ]},
            "o/shared.js": {"imports": []},
            "o/late.js": {"entryPoint": "pkg/dist/late.js", "imports": [
                {"path": "o/shared.js", "kind": "import-statement"},
                {"path": "o/of-late.js", "kind": "import-statement"},
            ]},
            "o/of-late.js": {"imports": []},
        }});
        let parts = Parts::read(&facts, "main.js").unwrap();
        assert_eq!(parts.entries, ["late.js"]);
        assert_eq!(parts.late, ["o/late.js", "o/of-late.js"]);
    }
}
