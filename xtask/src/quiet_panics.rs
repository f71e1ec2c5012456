//! Makes panics in a wasm file silent traps.
//!
//! On this target a panic formats its message, shows it nowhere and then traps. Trapping at once is
//! the same for everyone and leaves the formatting, the messages and the places out of the file: some
//! 4 KB gzip.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, FunctionBuilder, FunctionId, FunctionKind, Module};

/// Parts of the names of functions that never return: the panics of the standard library.
const PANICS: &[&str] = &[
    "::panicking::",
    "rust_begin_unwind",
    "rust_panic",
    "slice_error_fail",
    "slice_index_fail",
    "::expect_failed",
    "::unwrap_failed",
    "handle_alloc_error",
    "::capacity_overflow",
];

/// A part of the names of functions that write values into messages. Nothing but panics needs them,
/// for the engine puts its texts together by `core/src/text.rs`.
const FORMATTING: &str = "::fmt::";

/// What all formatting goes through.
const FORMAT: &str = "::fmt::write";

/// Texts of panics of the standard library that stand in the data of the file.
const MESSAGES: &[&str] = &[
    "slice index starts at ",
    " but ends at ",
    "range start index ",
    "range end index ",
    " out of range for slice of length ",
    "assertion `left ",
    " right` failed",
    "insertion index (is ",
    "removal index (is ",
    ") should be <= len (is ",
    ") should be < len (is ",
    "Tried to shrink to a larger capacity",
    "capacity overflow",
    "cannot recursively acquire mutex",
    "dest is out of bounds",
    "mid > len",
    "attempt to divide by zero",
    // The digits of all numbers up to 99, for formatting.
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849",
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
];

/// Replaces the bodies of all panicking functions of the file by a trap, and those of all that only
/// format their messages.
pub(crate) fn quiet(wasm: &Path) -> Result<()> {
    let mut module = Module::from_file(wasm).with_context(|| wasm.display().to_string())?;
    let panics = named(&module, |name| {
        PANICS.iter().any(|part| name.contains(part))
    });
    for id in panics {
        // What gives something returns, so it is no panic.
        if module.types.results(module.funcs.get(id).ty()).is_empty() {
            trap(&mut module, id);
        }
    }
    // Addresses of formatting functions stand in messages, which would keep all of them alive.
    for id in named(&module, |name| name.contains(FORMATTING)) {
        if !is_format(&module, id) {
            trap(&mut module, id);
        }
    }
    walrus::passes::gc::run(&mut module);
    let formats = module
        .funcs
        .iter()
        .any(|function| is_format(&module, function.id()));
    ensure!(
        !formats,
        "{}: something formats by the standard library, as `format!` and `to_string` of numbers do; use pangulm_core::text instead",
        wasm.display()
    );
    blank_places(&mut module);
    blank_messages(&mut module);
    module.emit_wasm_file(wasm)
}

fn named(module: &Module, meant: impl Fn(&str) -> bool) -> Vec<FunctionId> {
    let functions = module.funcs.iter_local();
    let name = |id| module.funcs.get(id).name.as_deref().unwrap_or_default();
    functions
        .map(|(id, _)| id)
        .filter(|id| meant(name(*id)))
        .collect()
}

fn is_format(module: &Module, id: FunctionId) -> bool {
    let name = module.funcs.get(id).name.as_deref();
    name.is_some_and(|name| name.ends_with(FORMAT))
}

fn trap(module: &mut Module, id: FunctionId) {
    let FunctionKind::Local(function) = &module.funcs.get(id).kind else {
        return;
    };
    let arguments = function.args.clone();
    let (takes, gives) = module.types.params_results(function.ty());
    let (takes, gives) = (takes.to_vec(), gives.to_vec());
    let mut body = FunctionBuilder::new(&mut module.types, &takes, &gives);
    body.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(arguments));
}

/// Fills with zeros the texts of panics.
fn blank_messages(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(Data::id).collect();
    for id in segments {
        let bytes = &mut module.data.get_mut(id).value;
        for message in MESSAGES {
            let message = message.as_bytes();
            while let Some(at) = bytes.windows(message.len()).position(|it| it == message) {
                let text = bytes.iter_mut().skip(at).take(message.len());
                text.for_each(|byte| *byte = 0);
            }
        }
    }
}

/// Fills with zeros what says where panics happened, for nobody reads it any more. Such a place is
/// four numbers: address and length of the name of a source file, line and column.
fn blank_places(module: &mut Module) {
    let segments: Vec<_> = module.data.iter().map(Data::id).collect();
    for id in segments {
        let segment = module.data.get_mut(id);
        let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = segment.kind
        else {
            continue;
        };
        let start = usize::try_from(start).unwrap_or_default();
        let mut blank = Vec::new();
        // The compiler aligns them to four bytes.
        for at in (start.next_multiple_of(4) - start..segment.value.len()).step_by(4) {
            let number = |index: usize| -> Option<usize> {
                let bytes = segment.value.get(at + 4 * index..at + 4 * index + 4)?;
                usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
            };
            let (Some(address), Some(length)) = (number(0), number(1)) else {
                break;
            };
            let name = address
                .checked_sub(start)
                .map(|from| from..from.saturating_add(length));
            let Some(name) = name.filter(|name| is_source_file(segment.value.get(name.clone())))
            else {
                continue;
            };
            blank.extend([at..at + 16, name]);
        }
        for byte in blank.into_iter().flatten() {
            if let Some(byte) = segment.value.get_mut(byte) {
                *byte = 0;
            }
        }
    }
}

fn is_source_file(name: Option<&[u8]>) -> bool {
    name.is_some_and(|name| name.len() < 256 && name.ends_with(b".rs"))
}
