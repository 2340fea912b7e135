//! Response files of the driver and of the linker.
#![no_main]
use std::ffi::OsString;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let file = wcc_fuzz::dir().join("args");
    std::fs::write(&file, data).expect("the input can be written");
    let words = wcc::response::split(data);
    // Quoting and splitting again gives the same words.
    assert_eq!(wcc::response::split(&wcc::response::quote(&words)), words);
    let _ = wcc::response::expand(vec![OsString::from("@args")]);
    let _ = wcc_linker::options::parse_gnu("ld.wcc", &[OsString::from("@args")]);
});
