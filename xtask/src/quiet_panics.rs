//! Makes panics in a wasm file silent traps.
//!
//! On this target a panic formats its message, shows it nowhere and then traps. Trapping at once is
//! the same for everyone and leaves the formatting and the places out of the file: some 2.3 KB gzip.

use std::path::Path;

use anyhow::{Context, Result};
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, FunctionBuilder, FunctionKind, Module};

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

/// Replaces the bodies of all panicking functions of the file by a trap.
pub(crate) fn quiet(wasm: &Path) -> Result<()> {
    let mut module = Module::from_file(wasm).with_context(|| wasm.display().to_string())?;
    let panics: Vec<_> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            PANICS.iter().any(|part| name.contains(part))
        })
        .map(|(id, function)| (id, function.ty(), function.args.clone()))
        .collect();
    for (id, kind, arguments) in panics {
        let (takes, gives) = module.types.params_results(kind);
        // What gives something returns, so it is no panic.
        if !gives.is_empty() {
            continue;
        }
        let takes = takes.to_vec();
        let mut body = FunctionBuilder::new(&mut module.types, &takes, &[]);
        body.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(arguments));
    }
    blank_places(&mut module);
    module.emit_wasm_file(wasm)
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
