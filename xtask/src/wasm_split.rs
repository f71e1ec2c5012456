//! Parts a wasm file in two: what everybody needs, and what is loaded when it is first called for.
//!
//! Both work in one memory. The functions named in [`LATE`] are called through places in the table of
//! functions that are empty at first; the second file brings them, all that only they call, and the
//! data that only they need, and fills the places. Calling one of them before that is a trap: the
//! engine says in `crates/pangulm-wasm/src/npm/parts.rs` when the second file is wanted.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use walrus::ir::{Call, Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ElementKind, ExportItem, Function, FunctionBuilder,
    FunctionId, FunctionKind, GlobalId, GlobalKind, ImportKind, ImportedFunction, LocalFunction,
    Module,
};

use crate::wasm_links::Links;

/// Parts of the names of the functions by which the second file is entered. Each of them is kept from
/// being inlined where it stands.
const LATE: &[&str] = &[
    "pangulm_core::call::exchange::<impl pangulm_core::call::Call>::on_grant_broken",
    "pangulm_core::call::exchange::<impl pangulm_core::call::Call>::on_granted",
    "pangulm_core::call::exchange::Exchange::new",
    "pangulm_core::chat_stream::run::",
    "pangulm_core::columns::fault",
    "pangulm_core::dataset::fault",
    "pangulm_core::history::fault",
    "pangulm_core::image::fault",
    "pangulm_core::operation::rest",
    "pangulm_core::settings::Options::from_env",
    "pangulm_core::shared::limiter::",
    "pangulm_wasm::npm::engine::detections",
    "pangulm_wasm::npm::long::",
];

/// What the second file gets from the first one is called so: `f0`, `f1` and so on for functions.
const FUNCTION: &str = "f";
const STACK: &str = "s";
const TABLE: &str = "t";
const MEMORY: &str = "memory";

/// Pieces of data that are closer to each other are moved as one.
const NEAR: usize = 12;

/// Makes of `wasm` the file that everybody needs and the other one. `linked` is what it was made of.
pub(crate) fn split(linked: &Path, wasm: &Path, [early, late]: &[PathBuf; 2]) -> Result<()> {
    let links = Links::read(linked)?;
    let mut first = Module::from_file(wasm).with_context(|| wasm.display().to_string())?;
    // Numbers of functions are the same in both: they are read from the same file.
    let mut second = Module::from_file(wasm)?;
    let parts = Parts::of(&first)?;

    let slots = parts.slots(&mut first)?;
    let data = parts.data(&first, &links)?;
    parts.keep_first(&mut first, slots)?;
    parts.keep_late(&mut second, slots)?;
    move_data(&mut first, &mut second, &data.late)?;
    blank(&mut first, &data.idle)?;
    walrus::passes::gc::run(&mut first);
    walrus::passes::gc::run(&mut second);
    first.emit_wasm_file(early)?;
    second.emit_wasm_file(late)
}

/// Which functions go where, by their numbers.
struct Parts {
    /// Those by which the second file is entered, in the order of their places in the table.
    entries: Vec<usize>,
    late: HashSet<usize>,
    /// Those of the first file that the second one calls.
    shared: Vec<usize>,
}

impl Parts {
    fn of(module: &Module) -> Result<Self> {
        let name = |function: &Function| function.name.clone().unwrap_or_default();
        let is_entry = |function: &Function| {
            let name = name(function);
            LATE.iter().any(|late| name.starts_with(late)) && !name.contains("{{closure}}")
        };
        let functions = || module.funcs.iter();
        let entries: Vec<FunctionId> = functions()
            .filter(|it| is_entry(it))
            .map(Function::id)
            .collect();
        for late in LATE {
            let found = functions().any(|it| name(it).starts_with(late));
            ensure!(found, "{late} is no function any more, or is inlined");
        }
        let exported = module
            .exports
            .iter()
            .filter_map(|export| match export.item {
                ExportItem::Function(id) => Some(id),
                _ => None,
            });
        let by_address = module
            .elements
            .iter()
            .flat_map(|element| match &element.items {
                ElementItems::Functions(functions) => functions.clone(),
                ElementItems::Expressions(..) => Vec::new(),
            });
        let mut early: HashSet<FunctionId> = HashSet::new();
        let mut next: Vec<FunctionId> = exported.chain(by_address).collect();
        while let Some(id) = next.pop() {
            if !entries.contains(&id) && early.insert(id) {
                next.extend(calls(module, id));
            }
        }
        let called_early: HashSet<FunctionId> =
            early.iter().flat_map(|id| calls(module, *id)).collect();
        let late: Vec<FunctionId> = functions()
            .map(Function::id)
            .filter(|id| !early.contains(id))
            .collect();
        let mut shared: Vec<usize> = late
            .iter()
            .flat_map(|id| calls(module, *id))
            .filter(|id| early.contains(id))
            .map(|id| id.index())
            .collect();
        shared.sort_unstable();
        shared.dedup();
        Ok(Self {
            entries: entries
                .into_iter()
                .filter(|id| called_early.contains(id))
                .map(|id| id.index())
                .collect(),
            late: late.into_iter().map(|id| id.index()).collect(),
            shared,
        })
    }

    /// Makes room in the table, and tells its first place.
    fn slots(&self, module: &mut Module) -> Result<u64> {
        let table = module.tables.main_function_table()?;
        let table = module
            .tables
            .get_mut(table.context("the file has no table")?);
        let first = table.initial;
        table.initial += u64::try_from(self.entries.len())?;
        table.maximum = Some(table.initial);
        Ok(first)
    }

    /// Where the data is that need not be in the first file.
    fn data(&self, module: &Module, links: &Links) -> Result<Places> {
        let names = |late: bool| {
            let functions = module.funcs.iter();
            functions
                .filter(move |it| self.late.contains(&it.id().index()) == late)
                .filter_map(|it| it.name.as_deref())
        };
        for name in names(true).chain(names(false)) {
            // What wasm-bindgen imports or makes refers to no data.
            let made = !name.contains("::") || name.contains("__wbg_");
            ensure!(made || links.knows(name), "{name} was not linked");
        }
        let early = links.needed_by(names(false));
        let is_early = |place: &Range<usize>| early.iter().any(|other| overlap(place, other));
        let mut late = links.needed_by(names(true));
        late.retain(|place| !is_early(place));
        late.sort_unstable_by_key(|place| place.start);
        let mut runs: Vec<Range<usize>> = Vec::new();
        for place in late {
            match runs.last_mut() {
                Some(run)
                    if place.start <= run.end + NEAR && !is_early(&(run.start..place.end)) =>
                {
                    run.end = run.end.max(place.end);
                }
                _ => runs.push(place),
            }
        }
        let idle = links.all().filter(|place| !is_early(place)).cloned();
        Ok(Places {
            late: runs,
            idle: idle.collect(),
        })
    }

    /// Leaves the first part, in which late functions are called by the table.
    fn keep_first(&self, module: &mut Module, slots: u64) -> Result<()> {
        let table = module.tables.main_function_table()?;
        let table = table.context("the file has no table")?;
        for (slot, index) in (slots..).zip(&self.entries) {
            let id = function(module, *index)?;
            let kind = module.funcs.get(id).ty();
            let (takes, gives) = module.types.params_results(kind);
            let (takes, gives) = (takes.to_vec(), gives.to_vec());
            let arguments: Vec<_> = takes.iter().map(|kind| module.locals.add(*kind)).collect();
            let mut body = FunctionBuilder::new(&mut module.types, &takes, &gives);
            let mut code = body.func_body();
            for argument in &arguments {
                code.local_get(*argument);
            }
            code.i32_const(i32::try_from(slot)?)
                .call_indirect(kind, table);
            module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(arguments));
        }
        module.exports.add(TABLE, table);
        let stack = stack_pointer(module)?;
        module.exports.add(STACK, stack);
        for (number, index) in self.shared.iter().enumerate() {
            let id = function(module, *index)?;
            module.exports.add(&format!("{FUNCTION}{number}"), id);
        }
        Ok(())
    }

    /// Leaves the late part, which takes everything else from the first one.
    fn keep_late(&self, module: &mut Module, slots: u64) -> Result<()> {
        let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
        exports.into_iter().for_each(|id| module.exports.delete(id));
        let table = module.tables.main_function_table()?;
        let table = table.context("the file has no table")?;
        let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
        elements
            .into_iter()
            .for_each(|id| module.elements.delete(id));
        let entries = self.entries.iter().map(|index| function(module, *index));
        let entries = entries.collect::<Result<Vec<_>>>()?;
        let kind = ElementKind::Active {
            table,
            offset: ConstExpr::Value(Value::I32(i32::try_from(slots)?)),
        };
        let element = module
            .elements
            .add(kind, ElementItems::Functions(entries.clone()));
        let import = module.imports.add("m", TABLE, ImportKind::Table(table));
        let table = module.tables.get_mut(table);
        table.import = Some(import);
        table.initial = slots + u64::try_from(entries.len())?;
        table.maximum = None;
        table.elem_segments.clear();
        table.elem_segments.insert(element);

        let memory = module.get_memory_id()?;
        let import = module.imports.add("m", MEMORY, ImportKind::Memory(memory));
        let memory = module.memories.get_mut(memory);
        memory.import = Some(import);
        memory.data_segments.clear();
        let data: Vec<_> = module.data.iter().map(Data::id).collect();
        data.into_iter().for_each(|id| module.data.delete(id));

        let stack = stack_pointer(module)?;
        let import = module.imports.add("m", STACK, ImportKind::Global(stack));
        module.globals.get_mut(stack).kind = GlobalKind::Import(import);

        for (number, index) in self.shared.iter().enumerate() {
            let id = function(module, *index)?;
            let ty = module.funcs.get(id).ty();
            if let FunctionKind::Import(old) = &module.funcs.get(id).kind {
                let old = old.import;
                module.imports.delete(old);
            }
            let name = format!("{FUNCTION}{number}");
            let import = module.imports.add("m", &name, ImportKind::Function(id));
            module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        Ok(())
    }
}

/// Places in memory.
struct Places {
    /// Of the data that only late functions need.
    late: Vec<Range<usize>>,
    /// Of all data that no early function needs; what nobody does is that of panics.
    idle: Vec<Range<usize>>,
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn function(module: &Module, index: usize) -> Result<FunctionId> {
    let mut functions = module.funcs.iter().map(Function::id);
    let found = functions.find(|id| id.index() == index);
    found.context("both files have the same functions")
}

/// The one number that both files change: how far the stack goes.
fn stack_pointer(module: &Module) -> Result<GlobalId> {
    let mut changing = module.globals.iter().filter(|global| global.mutable);
    match (changing.next(), changing.next()) {
        (Some(stack), None) => Ok(stack.id()),
        _ => bail!("the file has other changing globals than that of the stack"),
    }
}

/// The functions that a function calls by their names.
fn calls(module: &Module, id: FunctionId) -> Vec<FunctionId> {
    struct Calls(Vec<FunctionId>);
    impl<'code> Visitor<'code> for Calls {
        fn visit_call(&mut self, call: &Call) {
            self.0.push(call.func);
        }
    }
    let mut found = Calls(Vec::new());
    if let FunctionKind::Local(local) = &module.funcs.get(id).kind {
        let local: &LocalFunction = local;
        dfs_in_order(&mut found, local, local.entry_block());
    }
    found.0
}

/// Copies these places of the memory from one file to the other.
fn move_data(first: &mut Module, second: &mut Module, places: &[Range<usize>]) -> Result<()> {
    let memory = second.get_memory_id()?;
    for place in places {
        let Some(bytes) = bytes_at(first, place)? else {
            continue;
        };
        let kind = DataKind::Active {
            memory,
            offset: ConstExpr::Value(Value::I32(i32::try_from(place.start)?)),
        };
        let moved = second.data.add(kind, bytes.to_vec());
        second.memories.get_mut(memory).data_segments.insert(moved);
    }
    Ok(())
}

/// Fills these places with zeros.
fn blank(module: &mut Module, places: &[Range<usize>]) -> Result<()> {
    for place in places {
        if let Some(bytes) = bytes_at(module, place)? {
            bytes.fill(0);
        }
    }
    Ok(())
}

/// The bytes that the file puts in this place, if it does.
fn bytes_at<'m>(module: &'m mut Module, place: &Range<usize>) -> Result<Option<&'m mut [u8]>> {
    let mut found = None;
    for segment in module.data.iter() {
        if let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = segment.kind
        {
            let start = usize::try_from(start)?;
            let end = start + segment.value.len();
            if start <= place.start && place.end <= end {
                found = Some((segment.id(), place.start - start..place.end - start));
            }
        }
    }
    Ok(found.and_then(|(id, range)| module.data.get_mut(id).value.get_mut(range)))
}
