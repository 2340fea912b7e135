//! `ld.wcc`'s command line: parsed only. Words are separated by zero bytes.
#![no_main]
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    wcc_fuzz::dir();
    let words: Vec<OsString> =
        data.split(|b| *b == 0).map(|w| OsString::from_vec(w.to_vec())).collect();
    let _ = wcc_linker::options::parse_gnu("ld.wcc", &words);
});
