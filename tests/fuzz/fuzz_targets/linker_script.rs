//! A linker script, as an input and as the whole layout.
#![no_main]
use libfuzzer_sys::fuzz_target;

const LINES: &[&str] = &[
    "-shared in.ld -o out",
    "-T in.ld start.o c.o asm.o -o out",
    "-shared -T in.ld c.o asm.o -o out",
];

fuzz_target!(|data: &[u8]| {
    // No script may read what lies outside: a name with a slash is not what is tested here.
    let data: Vec<u8> = data.iter().map(|b| if *b == b'/' { b'*' } else { *b }).collect();
    wcc_fuzz::link("in.ld", &data, LINES);
});
