//! Generates a typed client out of each document of the description.

#[path = "build/contract.rs"]
mod contract;

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::panic;
use std::path::Path;
use std::process::ExitCode;

use openapiv3::OpenAPI;
use pangulm_openapi::{Document, OpenEnum};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl};
use serde_json::Value;
use syn::{Item, parse_quote};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let mut calls = String::from(
        "#[allow(unused_variables, clippy::let_unit_value)]\npub(crate) const CALLS: &[(&str, Call)] = &[\n",
    );
    for document in pangulm_openapi::documents()? {
        let spec = document.normalised_for(&|tag| is_wanted(&document, tag));
        let path = Path::new(&out).join(document.name).with_extension("rs");
        fs::write(path, module(&document, &spec)?)?;
        calls.push_str(&contract::calls(&document, &spec)?);
    }
    calls.push_str("];\n");
    fs::write(Path::new(&out).join("contract.rs"), calls)?;
    Ok(())
}

/// Whether the feature of this area is on. Chats and tokens have none.
fn is_wanted(document: &Document, tag: &str) -> bool {
    let feature = match (document.name, tag) {
        ("iam", _) => "iam",
        (_, "chat" | "tokens") => return true,
        (_, tag) => tag,
    };
    let variable = feature.to_uppercase().replace('-', "_");
    env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
}

/// The source of one document's module.
fn module(document: &Document, spec: &Value) -> Result<String> {
    let tokens = generate(document, spec).map_err(|error| culprits(document, spec, &error))?;
    let mut file = syn::parse_str(&tokens)?;
    finish_types(&mut file, &document.open_enums())?;
    // The generated code takes its runtime for a crate. Ours is a module, which no alias brings into the scope of the
    // modules inside the generated one.
    let source = prettyplease::unparse(&file)
        .replace("progenitor_client::", "crate::runtime::")
        // Unknown members are optional, although the generated builders ask for them.
        .replace(
            r#"extra: Err("no value supplied for extra".to_string())"#,
            "extra: Ok(::std::default::Default::default())",
        );
    Ok(source)
}

/// The module of `src/generated.rs` that takes a document in.
fn module_name(document: &Document) -> &str {
    match document.name {
        "pangulm" => "pangu",
        name => name,
    }
}

/// Runs the generator, whose assertions panic.
fn generate(document: &Document, spec: &Value) -> std::result::Result<String, String> {
    let settings = settings(document).map_err(|error| error.to_string())?;
    let spec: OpenAPI = serde_json::from_value(spec.clone()).map_err(|error| error.to_string())?;
    // Its panics are told as errors, with the operation, so they need not print themselves.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let generated = panic::catch_unwind(|| Generator::new(&settings).generate_tokens(&spec));
    panic::set_hook(hook);
    match generated {
        Ok(Ok(tokens)) => Ok(tokens.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(text.unwrap_or("the generator panicked").to_owned())
        }
    }
}

fn settings(document: &Document) -> Result<GenerationSettings> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(syn::parse_str("crate::driver::Driver")?)
        .with_derive("PartialEq");
    for open in document.open_enums() {
        let impls = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        let path = format!(
            "crate::generated::{}::types::{}",
            module_name(document),
            open.name
        );
        settings.with_replacement(&open.name, path, impls);
    }
    for secret in document.secrets() {
        settings.with_replacement(secret, "crate::runtime::Secret", [].into_iter());
    }
    Ok(settings)
}

/// The generator's errors do not say where they are, so each operation is tried alone.
fn culprits(document: &Document, spec: &Value, error: &str) -> String {
    let Some(paths) = spec.get("paths").and_then(Value::as_object) else {
        return error.into();
    };
    let mut found = Vec::new();
    for (path, item) in paths {
        let methods = item
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, it)| it.is_object());
        for (method, operation) in methods {
            let mut alone = item.clone();
            if let Some(item) = alone.as_object_mut() {
                item.retain(|key, it| key == method || !it.is_object());
            }
            let mut spec = spec.clone();
            if let Some(paths) = spec.get_mut("paths") {
                *paths = Value::Object([(path.clone(), alone)].into_iter().collect());
            }
            if let Err(error) = generate(document, &spec) {
                let id = operation
                    .get("operationId")
                    .and_then(Value::as_str)
                    .unwrap_or(path);
                found.push(format!("{}.yaml: {id}: {error}", document.name));
            }
        }
    }
    if found.is_empty() {
        format!("{}.yaml: {error}", document.name)
    } else {
        found.join("\n")
    }
}

/// Makes every type one that can grow with the description without breaking its users, and adds the open enums.
fn finish_types(file: &mut syn::File, enums: &[OpenEnum]) -> Result<()> {
    let types = file.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    let (_, items) = types.ok_or("the generator made no module of types")?;
    for item in items.iter_mut() {
        match item {
            Item::Struct(it) => it.attrs.push(parse_quote!(#[non_exhaustive])),
            Item::Enum(it) => it.attrs.push(parse_quote!(#[non_exhaustive])),
            _ => {}
        }
    }
    for open in enums {
        items.push(syn::parse_str(&open_enum(open)?)?);
    }
    Ok(())
}

fn open_enum(open: &OpenEnum) -> Result<String> {
    let mut source = String::from("crate::runtime::open_enum! {");
    write!(source, "#[doc = {:?}] {} {{", open.description, open.name)?;
    for (value, name) in &open.values {
        write!(source, "{name} = {value:?},")?;
    }
    source.push_str("}}");
    Ok(source)
}
