//! The compiler command's words, sorted by its option table. Words are separated by zero bytes.
#![no_main]
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use libfuzzer_sys::fuzz_target;
use wcc::invocation::Invocation;

fuzz_target!(|data: &[u8]| {
    let words: Vec<OsString> =
        data.split(|b| *b == 0).map(|w| OsString::from_vec(w.to_vec())).collect();
    if let Ok(inv) = Invocation::parse(words, data.first().is_some_and(|b| b & 1 == 1)) {
        let _ = inv.action();
    }
});
