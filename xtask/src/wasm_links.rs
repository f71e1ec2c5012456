//! What refers to which data in a wasm file that was linked with `--emit-relocs`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{
    DataKind, KnownCustom, Linking, LinkingSectionReader, Name, NameSectionReader, Operator,
    Parser, Payload, RelocSectionReader, RelocationType, SymbolInfo, TypeRef,
};

/// A piece of data, by its number in the file's table of symbols.
type Symbol = u32;

/// Who refers to what.
#[derive(Default)]
pub(crate) struct Links {
    /// What each function refers to, by its name without `[2]` at the end: several may have the same.
    functions: HashMap<String, HashSet<Symbol>>,
    /// Where each piece of data is in memory.
    places: HashMap<Symbol, Range<usize>>,
    /// What each piece of data refers to.
    data: HashMap<Symbol, HashSet<Symbol>>,
}

impl Links {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| file.display().to_string())?;
        Sections::read(&bytes)?.links()
    }

    /// Whether a function is known. Those that wasm-bindgen makes are not, and refer to no data.
    pub(crate) fn knows(&self, function: &str) -> bool {
        self.functions.contains_key(plain(function))
    }

    /// The places of all data that these functions need.
    pub(crate) fn needed_by<'a>(
        &self,
        functions: impl Iterator<Item = &'a str>,
    ) -> Vec<Range<usize>> {
        let mut found = HashSet::new();
        let mut next: Vec<Symbol> = functions
            .filter_map(|name| self.functions.get(plain(name)))
            .flatten()
            .copied()
            .collect();
        while let Some(symbol) = next.pop() {
            if found.insert(symbol) {
                next.extend(self.data.get(&symbol).into_iter().flatten());
            }
        }
        let places = found.iter().filter_map(|symbol| self.places.get(symbol));
        places.cloned().collect()
    }

    /// The places of all data.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Range<usize>> {
        self.places.values()
    }
}

/// The name without the number by which wasm-bindgen tells functions of the same name apart.
fn plain(name: &str) -> &str {
    match name
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['))
    {
        Some((before, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => before,
        _ => name,
    }
}

/// The sections of a file, as far as they are of interest here.
#[derive(Default)]
struct Sections<'a> {
    names: HashMap<u32, String>,
    imported: u32,
    /// Where code and data begin in the file; relocations count from there.
    code_start: usize,
    data_start: usize,
    /// Each function's range in the file.
    bodies: Vec<Range<usize>>,
    /// Each segment's range in the file, and its address.
    segments: Vec<(Range<usize>, usize)>,
    symbols: Vec<SymbolInfo<'a>>,
    relocations: Vec<RelocSectionReader<'a>>,
    sections: Vec<Section>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Code,
    Data,
    Other,
}

impl<'a> Sections<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut read = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match &payload {
                // Within the section of code.
                Payload::CodeSectionEntry(body) => {
                    read.bodies.push(body.range());
                    continue;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        read.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => read.code_start = range.start,
                Payload::DataSection(data) => {
                    read.data_start = data.range().start;
                    for segment in data.clone() {
                        let segment = segment?;
                        let DataKind::Active { offset_expr, .. } = &segment.kind else {
                            continue;
                        };
                        let address = match offset_expr.get_operators_reader().read()? {
                            Operator::I32Const { value } => usize::try_from(value)?,
                            _ => continue,
                        };
                        let start = segment.range.end - segment.data.len();
                        read.segments.push((start..segment.range.end, address));
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(names) => read.names(names)?,
                    KnownCustom::Linking(linking) => read.symbols(&linking)?,
                    KnownCustom::Reloc(relocations) => read.relocations.push(relocations),
                    _ => {}
                },
                _ => {}
            }
            if let Some((id, _)) = payload.as_section() {
                read.sections.push(match id {
                    10 => Section::Code,
                    11 => Section::Data,
                    _ => Section::Other,
                });
            }
        }
        Ok(read)
    }

    fn names(&mut self, names: NameSectionReader<'_>) -> Result<()> {
        for name in names {
            if let Name::Function(functions) = name? {
                for function in functions {
                    let function = function?;
                    let name = rustc_demangle::demangle(function.name).to_string();
                    self.names.insert(function.index, name);
                }
            }
        }
        Ok(())
    }

    fn symbols(&mut self, linking: &LinkingSectionReader<'a>) -> Result<()> {
        for part in linking.subsections() {
            if let Linking::SymbolTable(symbols) = part? {
                for symbol in symbols {
                    self.symbols.push(symbol?);
                }
            }
        }
        Ok(())
    }

    fn links(&self) -> Result<Links> {
        let mut links = Links::default();
        for (number, symbol) in (0..).zip(&self.symbols) {
            if let SymbolInfo::Data {
                symbol: Some(defined),
                ..
            } = symbol
                && let Some((_, address)) = self.segments.get(usize::try_from(defined.index)?)
            {
                let start = address + usize::try_from(defined.offset)?;
                links
                    .places
                    .insert(number, start..start + usize::try_from(defined.size)?);
            }
        }
        let functions: Vec<(Range<usize>, &str)> = (self.imported..)
            .zip(&self.bodies)
            .map(|(index, range)| {
                let name = self.names.get(&index).map(String::as_str);
                (range.clone(), name.unwrap_or_default())
            })
            .collect();
        for (_, name) in &functions {
            links.functions.entry((*name).to_owned()).or_default();
        }
        let mut pieces: Vec<(Range<usize>, Symbol)> = links
            .places
            .iter()
            .map(|(symbol, place)| (place.clone(), *symbol))
            .collect();
        pieces.sort_unstable_by_key(|(place, _)| place.start);
        for section in &self.relocations {
            let of = self
                .sections
                .get(usize::try_from(section.section_index())?)
                .copied();
            for entry in section.entries() {
                let entry = entry?;
                let is_address = matches!(
                    entry.ty,
                    RelocationType::MemoryAddrLeb
                        | RelocationType::MemoryAddrSleb
                        | RelocationType::MemoryAddrI32
                );
                if !is_address || !links.places.contains_key(&entry.index) {
                    continue;
                }
                let offset = usize::try_from(entry.offset)?;
                match of {
                    Some(Section::Code) => {
                        let at = self.code_start + offset;
                        let after = functions.partition_point(|(range, _)| range.start <= at);
                        let (_, name) = functions
                            .get(after.wrapping_sub(1))
                            .context("a relocation before the code")?;
                        links
                            .functions
                            .entry((*name).to_owned())
                            .or_default()
                            .insert(entry.index);
                    }
                    Some(Section::Data) => {
                        let at = self.data_start + offset;
                        let segment = self.segments.iter().find(|(range, _)| range.contains(&at));
                        let (range, address) = segment.context("a relocation beside the data")?;
                        let at = address + (at - range.start);
                        for (place, symbol) in &pieces {
                            if place.contains(&at) {
                                links.data.entry(*symbol).or_default().insert(entry.index);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(links)
    }
}
