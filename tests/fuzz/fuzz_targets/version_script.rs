//! A version script and a dynamic list.
#![no_main]
use libfuzzer_sys::fuzz_target;

const LINES: &[&str] = &[
    "-shared --version-script=in.ver c.o asm.o cxx.o -o out",
    "-shared -Bsymbolic --dynamic-list=in.ver c.o cxx.o -o out",
    "-pie --export-dynamic-symbol-list=in.ver start.o c.o -o out",
];

fuzz_target!(|data: &[u8]| wcc_fuzz::link("in.ver", data, LINES));
