//! `cargo xtask build`: makes the npm package in pkg/dist.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

use crate::{cargo, node, npm_modules, openapi_files, quiet_panics, step, wasm_split};

pub(crate) const ABOUT: &str = "build the npm package into pkg/dist";

/// A wasm file of the package.
struct Variant {
    name: &'static str,
    /// What TypeScript calls. The glue of wasm-bindgen, which calls more, is not shipped:
    /// pkg/src/wasm.ts and pkg/src/signer/wasm.ts are a third of it.
    exports: &'static [&'static str],
    package: &'static str,
    features: &'static str,
    flags: &'static [&'static str],
    /// Settings of the build profile.
    profile: &'static [&'static str],
    /// Whether it is made a second time in two parts, called `-first` and `-rest`.
    parted: bool,
}

/// Pages have no access keys as a rule, so the file that they load cannot sign: it is a sixth
/// smaller. The client takes the other one when it is given an access key. Who wants nothing but
/// signatures takes the signer's file. The one with the most in it comes last: see [`named_wasm`].
const VARIANTS: &[Variant] = &[
    Variant {
        name: "signer",
        exports: &["memory", "room", "sign", "presign"],
        package: "pangulm-signer-wasm",
        features: "",
        flags: &[SIMD_HASH, LITTLE_INLINED, NOTHING_UNROLLED],
        profile: QUICK_SIGNER,
        parted: false,
    },
    Variant {
        name: "pangulm",
        exports: ENGINE_EXPORTS,
        package: "pangulm-wasm",
        features: "parted",
        flags: &[],
        profile: &[],
        parted: true,
    },
    Variant {
        name: "pangulm-signing",
        exports: ENGINE_EXPORTS,
        package: "pangulm-wasm",
        features: "parted,signing",
        flags: &[COMPACT_HASH],
        profile: &[],
        parted: true,
    },
];

/// Both of them go into every package.
pub(crate) const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// The folder that wasm-bindgen writes to, beside what cargo made.
const BOUND: &str = "bindgen";

/// Values are moved by one instruction each instead of a row of loads and stores: 1,800 bytes gzip
/// less, at the same speed of signed calls.
const SMALL_COPIES: &str = "-Cllvm-args=-max-store-memcpy=1";

/// Half a megabyte of stack instead of a whole one: the data behind it then has addresses of three
/// bytes instead of four.
const SMALL_STACK: &str = "-Clink-arg=-zstack-size=524288";

/// The compiled file says what refers to which data; see `wasm_links.rs`. Nothing of that is shipped.
const LINKS: &str = "-Clink-arg=--emit-relocs";

/// Inlining functions, remembering what was computed and leaving zeros out make the file smaller, but
/// larger when it is compressed: repetition compresses well. Nobody reads the stripped sections.
const SMALL_WHEN_COMPRESSED: &[&str] = &[
    "-O3",
    "--one-caller-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--strip-producers",
    "--strip-target-features",
];

/// What pkg/src/wasm.ts calls of the engine's files.
const ENGINE_EXPORTS: &[&str] = &["memory", "ask", "__wbindgen_malloc", "__wbindgen_free"];

/// SHA-256 as a loop: 1,500 bytes gzip less than written out.
const COMPACT_HASH: &str = "--cfg=sha2_backend_soft=\"compact\"";

/// SHA-256 by instructions for 128 bits: as small as the loop that sha2 has for those in want of
/// space, and twice as fast. Browsers have them since Chrome 91, Firefox 89 and Safari 16.4.
const SIMD_HASH: &str = "-Ctarget-feature=+simd128";

/// The signer's own code is compiled for speed, for a signature in three quarters of the time. With
/// the two flags that follow that takes a few hundred bytes gzip, without them 3,700.
const QUICK_SIGNER: &[&str] = &[
    "profile.wasm.package.pangulm-signer.opt-level=2",
    "profile.wasm.package.pangulm-signer-wasm.opt-level=2",
];
const LITTLE_INLINED: &str = "-Cllvm-args=-inline-threshold=8";
const NOTHING_UNROLLED: &str = "-Cllvm-args=-unroll-threshold=0";

pub(crate) fn run(arguments: Vec<String>) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("`cargo xtask build` takes no arguments, but got `{unknown}`");
    }
    build()
}

/// Builds everything the package ships.
pub(crate) fn build() -> Result<()> {
    node::ensure_packages()?;
    let package = step::root().join("pkg");
    let dist = package.join("dist");
    empty(&dist)?;

    for variant in VARIANTS {
        let compiled = compile(variant)?;
        let bound = bind(&compiled, variant.name)?;
        keep_exports(&bound, variant.exports)?;
        optimise(&bound, &dist.join(format!("{}.wasm", variant.name)))?;
        if variant.parted {
            step::announce("Parting the wasm file in two");
            let [first, rest] =
                ["first", "rest"].map(|part| format!("{}-{part}.wasm", variant.name));
            let parts = [&first, &rest].map(|part| bound.with_file_name(part));
            wasm_split::split(&compiled, &bound, &parts)?;
            for (part, name) in parts.iter().zip([&first, &rest]) {
                optimise(part, &dist.join(name))?;
            }
        }
    }
    generate_types(&package)?;
    // npm packs no symbolic links.
    for licence in LICENCES {
        copy(&step::root().join(licence), &package.join(licence))?;
    }
    npm_modules::inline(&package, &dist)?;
    npm_modules::build(&package, &dist)
}

/// The wasm file of the last build that can do everything, before it was shrunk, with the names of
/// its functions: whole, and its two parts.
pub(crate) fn named_wasm() -> Result<[PathBuf; 3]> {
    let folder = cargo::target_dir()?
        .join(cargo::WASM)
        .join("wasm")
        .join(BOUND);
    let last = VARIANTS.last().context("there are variants")?;
    Ok(["", "-first", "-rest"].map(|part| folder.join(format!("{}{part}.wasm", last.name))))
}

/// Compiles the Rust crate and returns the path of its raw wasm file.
fn compile(variant: &Variant) -> Result<PathBuf> {
    cargo::ensure_wasm_target()?;
    step::announce(format!("Compiling {}.wasm", variant.name));
    let mut flags = remapped_paths()?;
    flags.extend([SMALL_COPIES, SMALL_STACK].map(String::from));
    if variant.parted {
        flags.push(LINKS.to_owned());
    }
    flags.extend(variant.flags.iter().map(ToString::to_string));
    let flags = format!("target.{}.rustflags={flags:?}", cargo::WASM);
    let mut arguments = vec![
        "-p",
        variant.package,
        "--features",
        variant.features,
        "--target",
        cargo::WASM,
        "--profile",
        "wasm",
        "--config",
        &flags,
    ];
    for setting in variant.profile {
        arguments.extend(["--config", setting]);
    }
    cargo::build(&arguments)?
        .file(&variant.package.replace('-', "_"), "wasm")
        .with_context(|| {
            format!(
                "{} must say crate-type = [\"cdylib\", ...]",
                variant.package
            )
        })
}

/// Compiler flags that keep the paths of this machine out of what is shipped: a panic's location
/// begins with the folder of its crate.
fn remapped_paths() -> Result<Vec<String>> {
    let home = std::env::home_dir().context("no home directory is set")?;
    let cargo_home = std::env::var_os("CARGO_HOME").map_or(home.join(".cargo"), PathBuf::from);
    let mut folders = vec![home];
    // A later flag goes before an earlier one.
    if let Ok(registries) = fs::read_dir(cargo_home.join("registry/src")) {
        for registry in registries {
            folders.push(registry?.path());
        }
    }
    let flags = folders.iter();
    Ok(flags
        .map(|folder| format!("--remap-path-prefix={}=", folder.display()))
        .collect())
}

/// Makes what wasm-bindgen makes of the compiled file: one without its own sections.
fn bind(compiled: &Path, name: &str) -> Result<PathBuf> {
    step::announce("Binding the wasm file with wasm-bindgen");
    let folder = compiled.with_file_name(BOUND);
    empty(&folder)?;
    Bindgen::new()
        .input_path(compiled)
        .out_name(name)
        .web(true)
        .and_then(|bindgen| bindgen.typescript(false).generate(&folder))
        .context("wasm-bindgen cannot read the compiled crate")?;
    let bound = folder.join(format!("{name}.wasm"));
    fs::rename(folder.join(format!("{name}_bg.wasm")), &bound)?;
    quiet_panics::quiet(&bound)?;
    Ok(bound)
}

/// Drops all exports but these, what only they used, and what the linker told.
fn keep_exports(wasm: &Path, kept: &[&str]) -> Result<()> {
    let mut module = Module::from_file(wasm).with_context(|| wasm.display().to_string())?;
    let exports = module.exports.iter();
    let dropped: Vec<_> = exports
        .filter(|export| !kept.contains(&export.name.as_str()))
        .map(|export| export.id())
        .collect();
    for export in dropped {
        module.exports.delete(export);
    }
    for told in ["linking", "reloc.CODE", "reloc.DATA"] {
        module.customs.remove_raw(told);
    }
    walrus::passes::gc::run(&mut module);
    module.emit_wasm_file(wasm)
}

/// Shrinks the wasm file, and checks that Node can still compile it.
fn optimise(bound: &Path, out: &Path) -> Result<()> {
    step::announce("Shrinking the wasm file with wasm-opt");
    // No feature flags: wasm-opt reads them from the file, and turning more on makes it emit
    // instructions that Node 20 and browsers refuse.
    step::run(
        node::tool("binaryen/bin/wasm-opt")
            .args(SMALL_WHEN_COMPRESSED)
            .arg(bound)
            .arg("-o")
            .arg(out),
        "delete node_modules and try again",
    )?;
    step::run(
        node::node()
            .args([
                "--eval",
                "WebAssembly.compile(fs.readFileSync(process.argv[1]))",
            ])
            .arg(out),
        "wasm-opt wrote a file that Node cannot compile; check the pinned version of binaryen",
    )
}

fn generate_types(package: &Path) -> Result<()> {
    step::announce("Generating TypeScript types from the OpenAPI files");
    let whole = openapi_files::write()?;
    for document in pangulm_openapi::documents()? {
        step::run(
            node::node()
                .arg(package.join("tools/generate-types.mjs"))
                .arg(whole.join(format!("{}.json", document.name)))
                .arg(package.join(format!("src/generated/{}.ts", document.name))),
            "see the message above; the spec is in openapi/",
        )?;
    }
    let codes = pangulm_openapi::error_codes()?;
    let of_obs = codes.iter().filter(|code| code.is_of_obs);
    let remedies: BTreeMap<&str, &str> = of_obs.map(|it| (&*it.code, &*it.remedy)).collect();
    let module = format!(
        "// Generated by `cargo xtask build`. Do not edit.\n/** What to do about OBS's error codes. */\n\
         export const remedies: Record<string, string> = {};\n\
         /** Where they are explained, each under its own name. */\nexport const page = \"{}/blob/main/docs/errors.md#\";\n",
        serde_json::to_string_pretty(&remedies)?,
        env!("CARGO_PKG_REPOSITORY"),
    );
    let file = package.join("src/generated/obs-codes.ts");
    fs::write(&file, module).with_context(|| format!("{} cannot be written", file.display()))
}

/// Makes `folder` an empty folder, so that nothing stale is shipped.
pub(crate) fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))
}
