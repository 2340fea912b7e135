//! Symbol names as error messages show them.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = wcc_linker::demangle::display(data);
});
