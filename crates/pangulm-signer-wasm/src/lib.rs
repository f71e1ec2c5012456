//! Huawei Cloud signatures in WebAssembly, for `pangulm/signer` of the npm package.
//!
//! All that crosses stands in one piece of memory, the [`room`]: JavaScript writes there what is
//! signed and finds there what came of it. That is faster and smaller than an allocation and a copy
//! for each text. What is given to a function stands at the start of the room, one part after the
//! other; only the lengths of the parts are arguments. What a function makes stands at the start of
//! the room, too, and its length is returned.
//!
//! A refusal is three lines, the first of them empty: see `refused.rs`. Throwing it would take a
//! table of JavaScript's values and its code. The TypeScript side of this contract is
//! `pkg/src/signer`.

#[cfg(target_arch = "wasm32")]
mod allocator;
mod list;
mod presign;
mod refused;
mod room;
mod sign;

use room::with_room;
use wasm_bindgen::prelude::*;

/// Where the room is, once it holds at least so many bytes.
#[wasm_bindgen]
pub fn room(length: usize) -> *mut u8 {
    room::at_least(length)
}

/// Makes the value of `Authorization`; without a secret, `Authorization` without the digits at its
/// end, and after a line break the text to make them of.
///
/// In the room stand the request, the secret key (nothing, if it is elsewhere) and the body. The
/// request has a line each for method, host, path, query, access key id and date (`YYYYMMDDTHHMMSSZ`);
/// two for each header, its name and its value, without `x-sdk-date`. If the body is `hashed`, it is its digest.
#[wasm_bindgen]
pub fn sign(request: usize, secret: usize, body: usize, hashed: bool) -> usize {
    with_room([request, secret, body], |[request, secret, body]| {
        sign::sign(request, secret, body, hashed)
    })
}

/// Prepares a URL of OBS that is valid for some time: the URL as far as `Signature`, and after a
/// line break the text to make the signature of, by the host: SHA-1 would be a tenth of the file.
///
/// In the room stand three lists, each written like a query string. The first holds `method`,
/// `endpoint`, `address` (`path`, `customDomain`, else a virtual host), `bucket`, `key` if it is for
/// an object, `date` in Unix seconds, `expiresIn` in seconds, and `accessKeyId`. The second is the
/// query of the URL, the third the headers that will be sent with it.
#[wasm_bindgen]
pub fn presign(request: usize, query: usize, headers: usize) -> usize {
    with_room([request, query, headers], |[request, query, headers]| {
        presign::prepare(request, query, headers)
    })
}
