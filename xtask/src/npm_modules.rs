//! The JavaScript and the declarations of the npm package, made from pkg/src.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{build_npm, cargo, node, step};

/// Parts of the package that are imported by themselves; the first is the package's own name.
const AREAS: &[&str] = &["", "signer/", "obs/"];

/// The entries of each, one an environment.
const ENTRIES: &[&str] = &["browser", "node", "inline", "workerd", "edge-light"];

/// Those that CommonJS can load.
const COMMON_JS: &[&str] = &["node", "inline"];

/// The client's entry without a wasm file.
const SLIM: &str = "slim.ts";

/// What needs no wasm file of its own, and so is one file for every environment.
const TOOLS: &str = "tools/index.ts";

/// Says that there is a default export to who only reads the file, as esbuild itself says it of the others.
const HAS_DEFAULT: &str = "--footer:js=0 && (exports.default = 0);";

/// The wasm files that entries carry as text: the engine that can do everything, and the signer.
const INLINED: &[(&str, &str)] = &[("engine", "pangulm-signing"), ("signer", "signer")];

/// Writes the modules that hold a wasm file as text.
pub(crate) fn inline(package: &Path, dist: &Path) -> Result<()> {
    for (module, file) in INLINED {
        step::run(
            node::node()
                .arg(package.join("tools/inline-wasm.mjs"))
                .arg(dist.join(format!("{file}.wasm")))
                .arg(package.join(format!("src/generated/inlined-{module}.ts"))),
            "see the message above",
        )?;
    }
    Ok(())
}

/// Bundles every entry, and writes the declarations of what they export.
pub(crate) fn build(package: &Path, dist: &Path) -> Result<()> {
    step::announce("Checking the TypeScript facade, and writing its declarations");
    let declared = cargo::target_dir()?.join("npm-types");
    build_npm::empty(&declared)?;
    step::run(
        node::tool("typescript/bin/tsc")
            .arg("--project")
            .arg(package.join("tsconfig.json"))
            .arg("--outDir")
            .arg(&declared),
        "see the TypeScript compiler's message above",
    )?;
    declarations(&declared, &dist.join("types"))?;

    step::announce("Bundling the entries of the npm package");
    let bundle = |entries: &[String], options: &[&str]| bundle(package, dist, entries, options);
    let mut modules: Vec<String> = AREAS.iter().flat_map(|area| files(area, ENTRIES)).collect();
    modules.extend([SLIM.into(), TOOLS.into()]);
    // What several of them share goes into chunks: a program that loads two areas has one copy of
    // each class.
    let chunks = "--chunk-names=chunks/[name]-[hash]";
    bundle(&modules, &["--format=esm", "--splitting", chunks])?;
    // CommonJS knows no chunks: each is one file.
    let common_js = ["--format=cjs", "--out-extension:.js=.cjs"];
    for area in AREAS {
        let mut entries = files(area, COMMON_JS);
        let mut options = common_js.to_vec();
        if area.is_empty() {
            entries.push(SLIM.into());
            options.push(HAS_DEFAULT);
        }
        bundle(&entries, &options)?;
    }
    bundle(&[TOOLS.into()], &common_js)?;
    Ok(())
}

fn files(area: &str, names: &[&str]) -> Vec<String> {
    let files = names.iter().map(|name| format!("{area}{name}.ts"));
    files.collect()
}

fn bundle(package: &Path, dist: &Path, entries: &[String], options: &[&str]) -> Result<()> {
    let source = package.join("src");
    step::run(
        node::tool("esbuild/bin/esbuild")
            .args(entries.iter().map(|entry| source.join(entry)))
            .args(["--bundle", "--target=es2022", "--charset=utf8"])
            .args(["--log-level=warning", "--legal-comments=none"])
            // Left as they are written, for bundlers and runtimes to find.
            .args(["*.wasm", "*.wasm?module", "node:*"].map(|name| format!("--external:{name}")))
            .args(options)
            .arg(format!("--outbase={}", source.display()))
            .arg(format!("--outdir={}", dist.display())),
        "see the message above",
    )
}

/// Copies the declarations that an area's index reaches, for modules and for CommonJS, where
/// TypeScript reads other files.
fn declarations(declared: &Path, types: &Path) -> Result<()> {
    let mut reached = BTreeSet::new();
    let indexes = AREAS.iter().map(|area| format!("{area}index.js"));
    let roots = indexes.chain(["wasm-file.js".into(), "tools/index.js".into()]);
    let mut found: Vec<PathBuf> = roots.map(PathBuf::from).collect();
    while let Some(module) = found.pop() {
        let text = fs::read_to_string(declared.join(module.with_extension("d.ts")))
            .with_context(|| format!("no declarations of {}", module.display()))?;
        let folder = module.parent().unwrap_or(Path::new(""));
        let imported = relative_imports(&text);
        let imported = imported
            .iter()
            .map(|name| joined(folder, &format!(".{name}.js")));
        found.extend(imported.filter(|module| !reached.contains(module)));
        if reached.insert(module.clone()) {
            let file = types.join(&module);
            fs::create_dir_all(file.parent().unwrap_or(types))?;
            fs::write(file.with_extension("d.cts"), for_common_js(&text))?;
            fs::write(file.with_extension("d.ts"), text)?;
        }
    }
    Ok(())
}

/// What the relative imports of declarations say between the first dot and `.js`.
fn relative_imports(text: &str) -> Vec<&str> {
    let quoted = text.split("\".").skip(1);
    let ends = quoted.filter_map(|rest| rest.split_once(".js\""));
    ends.map(|(module, _)| module)
        .filter(|module| !module.contains('"'))
        .collect()
}

/// The same declarations, importing what CommonJS can.
fn for_common_js(text: &str) -> String {
    let mut out = text.to_owned();
    for module in relative_imports(text) {
        let (from, to) = (format!("\".{module}.js\""), format!("\".{module}.cjs\""));
        out = out.replace(&from, &to);
    }
    out
}

/// The path of a module that one in `folder` imports.
fn joined(folder: &Path, module: &str) -> PathBuf {
    let mut path = folder.to_path_buf();
    for part in module.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{for_common_js, joined, relative_imports};

    #[test]
    fn declarations_for_common_js_import_their_own_kind() {
        let text =
            "/** a \" */ import { A } from \"./a.js\";\nexport * from \"../b.js\";\n\"c.js\"";
        assert_eq!(relative_imports(text), ["/a", "./b"]);
        assert_eq!(
            for_common_js(text),
            "/** a \" */ import { A } from \"./a.cjs\";\nexport * from \"../b.cjs\";\n\"c.js\""
        );
        assert_eq!(joined(Path::new("obs"), "../b.js"), PathBuf::from("b.js"));
    }
}
