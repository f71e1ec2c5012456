//! Makes panics in a wasm file silent traps.
//!
//! On this target a panic formats its message, shows it nowhere and then traps. Trapping at once is
//! the same for everyone and leaves the formatting out of the file: some 2 KB gzip.

use std::path::Path;

use anyhow::{Context, Result};
use walrus::{FunctionBuilder, FunctionKind, Module};

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
    module.emit_wasm_file(wasm)
}
