//! What to do about an error, by the description's list of codes (openapi/errors.yaml).

use crate::text::concat;

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// Where the codes are explained, each under its own name.
const PAGE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/errors.md#");

const AUTH: &str =
    "Check the credential: is it complete, not expired, and of the right project and region?";

/// The page about a code, if there is one.
pub(super) fn page(code: Option<&str>) -> Option<String> {
    let (code, _) = find(code)?;
    Some(concat(&[PAGE, code]))
}

fn find(code: Option<&str>) -> Option<&'static (&'static str, &'static str)> {
    // The npm package has OBS apart from the engine, and these codes with it: see `pkg/src/obs`.
    let mut known = BY_CODE.iter().chain(OF_OBS);
    known.find(|(known, _)| Some(*known) == code)
}

/// The remedy for a code, else for a status.
pub(super) fn remedy(code: Option<&str>, status: Option<u16>) -> Option<&'static str> {
    let by_code = find(code);
    by_code.map(|(_, remedy)| *remedy).or(match status? {
        401 => Some(AUTH),
        403 => Some("The credential is known but may not do this: check its permissions"),
        404 => Some("Check the endpoint, the project id and the deployment id"),
        413 => Some("Send a smaller body"),
        429 => Some("Lower the request rate"),
        _ => None,
    })
}
