//! `cargo xtask`: every developer command of pangulm, one file each.

mod bench;
mod build_npm;
mod cargo;
mod chromium;
mod consumer;
mod consumers;
mod coverage;
mod demo;
mod emulator;
mod emulator_npm;
mod errors_page;
mod firefox;
mod fuzz;
mod fuzz_seeds;
mod http;
mod javascript_tests;
mod methods;
mod node;
mod npm_modules;
mod npm_pack;
mod npm_package;
mod official;
mod openapi_files;
mod packages;
mod python_tests;
mod quiet_panics;
mod reference;
mod release;
mod rust_tests;
mod rust_web;
mod schemathesis;
mod script;
mod size;
mod soak;
mod step;
mod test;
mod typedoc;
mod wasm_links;
mod wasm_split;
mod weight;
mod witnesses;

use std::process::ExitCode;

use anyhow::Result;

/// A command: its name, its line in the list, and what it does with the arguments after its name.
type Command = (&'static str, &'static str, fn(Vec<String>) -> Result<()>);

const COMMANDS: &[Command] = &[
    ("demo", demo::ABOUT, demo::run),
    ("test", test::ABOUT, test::run),
    ("build", build_npm::ABOUT, build_npm::run),
    ("size", size::ABOUT, size::run),
    ("consumers", consumers::ABOUT, consumers::run),
    ("bench", bench::ABOUT, bench::run),
    ("soak", soak::ABOUT, soak::run),
    ("fuzz", fuzz::ABOUT, fuzz::run),
    ("schemathesis", schemathesis::ABOUT, schemathesis::run),
    ("coverage", coverage::ABOUT, coverage::run),
    ("reference", reference::ABOUT, reference::run),
    ("typedoc", typedoc::ABOUT, typedoc::run),
    ("release", release::ABOUT, release::run),
    ("emulator-npm", emulator_npm::ABOUT, emulator_npm::run),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next();
    let Some((_, _, run)) = COMMANDS
        .iter()
        .find(|(known, ..)| Some(*known) == name.as_deref())
    else {
        return list(name.as_deref());
    };
    match run(arguments.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints what there is to call; asking for it by name or by nothing is no mistake.
fn list(asked: Option<&str>) -> ExitCode {
    println!("cargo xtask COMMAND\n");
    for (name, about, _) in COMMANDS {
        println!("  {name:<13} {about}");
    }
    match asked {
        None | Some("help" | "--help" | "-h") => ExitCode::SUCCESS,
        Some(unknown) => {
            eprintln!("\nerror: there is no command `{unknown}`");
            ExitCode::from(2)
        }
    }
}
