//! What a wasm file weighs, by section, by crate and by function.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// How many crates and functions are listed.
const CRATES: usize = 15;
const FUNCTIONS: usize = 40;

/// Prints the weights of a file that still has its functions' names.
pub(crate) fn print(file: &Path) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    println!("{}, before wasm-opt", file.display());
    println!("bytes by section");
    list(sections(&bytes)?, usize::MAX);
    let functions = functions(&bytes)?;
    let named = functions
        .iter()
        .map(|(name, size)| (crate_of(name).to_owned(), *size));
    println!("bytes of code by crate (generic code counts where it is defined)");
    list(sum(named), CRATES);
    println!("bytes of code by function");
    list(functions, FUNCTIONS);
    Ok(())
}

/// Each section's name and size, without those that are not shipped.
fn sections(bytes: &[u8]) -> Result<Vec<(String, usize)>> {
    let mut sizes = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        let name = match &payload {
            Payload::TypeSection(_) => "types",
            Payload::ImportSection(_) => "imports",
            Payload::FunctionSection(_) => "functions' types",
            Payload::TableSection(_) => "tables",
            Payload::MemorySection(_) => "memory",
            Payload::GlobalSection(_) => "globals",
            Payload::ExportSection(_) => "exports",
            Payload::ElementSection(_) => "elements",
            Payload::CodeSectionStart { .. } => "code",
            Payload::DataSection(_) => "data",
            _ => continue,
        };
        if let Some((_, range)) = payload.as_section() {
            sizes.push((name.to_owned(), range.len()));
        }
    }
    Ok(sizes)
}

/// Each function's name and size.
fn functions(bytes: &[u8]) -> Result<Vec<(String, usize)>> {
    let mut imported = 0;
    let mut sizes = Vec::new();
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let is_function = matches!(import?.ty, TypeRef::Func(_));
                    imported += u32::from(is_function);
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.as_bytes().len()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for name in section {
                        if let Name::Function(functions) = name? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, function.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let name = |index| {
        names
            .remove(&index)
            .unwrap_or_else(|| "(no name)".to_owned())
    };
    Ok((imported..).map(name).zip(sizes).collect())
}

/// The crate that a demangled name begins with, as in `<&mut core[1f]::str::Chars as ...>::next`.
fn crate_of(name: &str) -> &str {
    let start = name.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let start = ["mut ", "dyn "]
        .iter()
        .fold(start, |rest, word| rest.trim_start_matches(word));
    let end = start.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    start.get(..end.unwrap_or(start.len())).unwrap_or(start)
}

fn sum(weights: impl Iterator<Item = (String, usize)>) -> Vec<(String, usize)> {
    let mut sums = HashMap::new();
    for (name, size) in weights {
        *sums.entry(name).or_default() += size;
    }
    sums.into_iter().collect()
}

/// Prints the heaviest first.
fn list(mut weights: Vec<(String, usize)>, most: usize) {
    weights.sort_unstable_by(|(a, left), (b, right)| right.cmp(left).then(a.cmp(b)));
    for (name, size) in weights.iter().take(most) {
        println!("{size:>10}  {name}");
    }
}

#[cfg(test)]
mod tests {
    use super::crate_of;

    #[test]
    fn a_function_counts_for_the_crate_that_its_name_begins_with() {
        assert_eq!(
            crate_of("<&mut core[1f]::str::Chars as Iterator>::next"),
            "core"
        );
        assert_eq!(
            crate_of("pangulm_core::call::Call::new::h12"),
            "pangulm_core"
        );
        assert_eq!(crate_of("memcpy"), "memcpy");
        assert_eq!(crate_of("<>"), "");
    }
}
