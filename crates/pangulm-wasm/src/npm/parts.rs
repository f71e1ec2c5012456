//! The engine in two files: what needs the second one.
//!
//! `xtask/src/wasm_split.rs` says which functions are in it. They must be reached by no question that
//! this lets pass: it is asked first, and nothing has changed when it refuses.

use super::question::Question;
use pangulm_core::Operation;

/// Options of credentials that are exchanged for others at IAM, and of limits.
const RARE: [&str; 10] = [
    "agency",
    "agencyDomain",
    "agencyDomainId",
    "maxConcurrency",
    "passcode",
    "password",
    "requestsPerSecond",
    "temporaryPolicy",
    "temporarySeconds",
    "userId",
];

/// Whether the first file cannot make this engine.
pub(super) fn opening_needs_rest(question: &Question<'_>) -> bool {
    let rare = |(name, _): &(String, String)| RARE.contains(&name.as_str());
    !Operation::all_are_here()
        && (!question.pairs("environment").is_empty() || question.pairs("options").iter().any(rare))
}

/// Whether the first file cannot answer this question to an engine.
pub(super) fn asking_needs_rest(question: &Question<'_>) -> bool {
    !Operation::all_are_here()
        && match &*question.ask {
            "chat" => false,
            "call" | "parameters" => !Operation::is_here(&question.text),
            _ => true,
        }
}
