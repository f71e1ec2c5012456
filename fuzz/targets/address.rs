//! The base of an address that was read is read again as the same base. What a call path says of the
//! service stands outside of the base.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_core::address::{Address, PlainHttp};

fuzz_target!(|text: &str| {
    let strict = Address::read("endpoint", text, PlainHttp::LoopbackOnly);
    match Address::read("endpoint", text, PlainHttp::Allowed) {
        Ok((address, _)) => {
            let again = Address::read("endpoint", &address.base(), PlainHttp::Allowed);
            let (again, _) = again.expect("its own form is an address");
            assert_eq!(again.base(), address.base());
            assert_eq!(again.host(), address.host());
            assert_eq!(again.prefix(), address.prefix());
        }
        Err(_) => assert!(strict.is_err(), "only one of the two may be stricter"),
    }
});
