//! Checks signature vectors stage by stage:
//! `cargo run -p pangulm-signer --example vectors -- FILE...`
//!
//! A file holds cases of signed API requests or of the object storage.
//! Prints each mismatch with its stage and ends with `N passed, M failed`, and `, K skipped` when
//! there are cases of algorithms that this crate does not sign with. The exit code is 1 when a
//! case failed and 2 when a file cannot be read.

mod body;
mod file;
mod obs;
mod outcome;
mod pairs;
mod signer;

use std::{env, fs, process::ExitCode};

use file::Case;
use outcome::Outcome;

fn main() -> ExitCode {
    let paths: Vec<String> = env::args().skip(1).collect();
    if paths.is_empty() {
        eprintln!("name at least one file of vectors, such as tests/vectors/sdk_hmac_sha256.json");
        return ExitCode::from(2);
    }
    let mut cases = Vec::new();
    for path in &paths {
        match read(path) {
            Ok(read) => cases.extend(read),
            Err(problem) => {
                eprintln!("{path}: {problem}");
                return ExitCode::from(2);
            }
        }
    }
    report(&cases)
}

fn read(path: &str) -> Result<Vec<Case>, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    file::parse(&text)
}

fn report(cases: &[Case]) -> ExitCode {
    let (mut passed, mut failed, mut skipped) = (0_usize, 0_usize, 0_usize);
    for case in cases {
        match case.check() {
            Outcome::Passed => passed += 1,
            Outcome::Skipped(algorithm) => {
                skipped += 1;
                println!("{}: skipped, {algorithm} is not supported", case.id());
            }
            Outcome::Failed(mismatches) => {
                failed += 1;
                for mismatch in mismatches {
                    println!("{}: {}", case.id(), mismatch.stage);
                    println!("  expected {:?}", mismatch.expected);
                    println!("  got      {:?}", mismatch.got);
                }
            }
        }
    }
    match skipped {
        0 => println!("{passed} passed, {failed} failed"),
        _ => println!("{passed} passed, {failed} failed, {skipped} skipped"),
    }
    if failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
