//! A mapfile of either version, for a library and for an object.
#![no_main]
use libfuzzer_sys::fuzz_target;

const LINES: &[&str] = &[
    "-G -M in.map user.o -o out",
    "-m elf_x86_64_sol2 -shared -M in.map user.o -o out",
    "-r -M in.map user.o -o out",
];

fuzz_target!(|data: &[u8]| {
    // No word of it may name a place outside.
    let data: Vec<u8> = data.iter().map(|b| if *b == b'/' { b'_' } else { *b }).collect();
    wcc_fuzz::link("in.map", &data, LINES);
});
