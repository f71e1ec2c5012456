//! What the parser takes says the same when it is written out and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_signer::{hex, parse_authorization};

fuzz_target!(|text: &str| {
    let Ok(read) = parse_authorization(text) else {
        return;
    };
    let (start, slash) = match read.scope() {
        None => ("SDK-HMAC-SHA256 Access=", ""),
        Some(_) => ("V11-HMAC-SHA256 Credential=", "/"),
    };
    let names: Vec<&str> = read.signed_headers().collect();
    let again = format!(
        "{start}{}{slash}{}, SignedHeaders={}, Signature={}",
        read.access_key(),
        read.scope().unwrap_or_default(),
        names.join(";"),
        hex(read.signature())
    );
    assert_eq!(parse_authorization(&again).as_ref(), Ok(&read));
});
