//! A relocatable object of any bytes.
#![no_main]
use libfuzzer_sys::fuzz_target;

const LINES: &[&str] = &[
    "-shared in.o -o out",
    "-shared --gc-sections --icf=all --build-id --hash-style=both in.o c.o -o out",
    "-pie start.o in.o c.o --unresolved-symbols=ignore-all -o out",
    "-static start.o in.o c.o --unresolved-symbols=ignore-all --eh-frame-hdr -o out",
    "-r in.o c.o -o out",
];

fuzz_target!(|data: &[u8]| wcc_fuzz::link("in.o", data, LINES));
