//! What is JSON for serde_json is JSON for us, and nothing else is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_core::scan::{self, Kind, Value};
use serde_json::value::RawValue;

fuzz_target!(|text: &str| {
    let ours = scan::parse(text);
    // serde_json takes any depth when it only skips over values; we take 128.
    if nesting(text) <= 128 {
        let theirs = serde_json::from_str::<&RawValue>(text);
        assert_eq!(ours.is_some(), theirs.is_ok(), "{theirs:?}");
    }
    if let Some(value) = ours {
        assert_eq!(value.raw(), text.trim_matches([' ', '\t', '\n', '\r']));
        visit(value);
    }
});

/// At least the depth of the nesting: brackets in strings count, too.
fn nesting(text: &str) -> usize {
    text.matches(['[', '{']).count()
}

/// Asks every value everything.
fn visit(value: Value<'_>) {
    match value.kind() {
        Kind::Object => value.members().for_each(|member| {
            let _ = member.name();
            visit(member.value);
        }),
        Kind::Array => value.items().for_each(visit),
        _ => {
            let _ = (
                value.string(),
                value.number(),
                value.unsigned(),
                value.label(),
            );
        }
    }
}
