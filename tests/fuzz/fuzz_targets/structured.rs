//! A sound object with single fields changed: headers, sections, symbols, relocations, frames, groups.
#![no_main]
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use wcc_tests::mutate::elf_mutants;
use wcc_tests::mutate::rng::Rng;

const LINES: &[&str] = &[
    "-shared in.o -o out",
    "-pie --gc-sections start.o in.o c.o lib.so --unresolved-symbols=ignore-all -o out",
    "-static start.o in.o asm.o --unresolved-symbols=ignore-all -z muldefs -o out",
    "-r in.o -o out",
    "-shared --version-script=v.ver -z pack-relative-relocs -O2 in.o -o out",
];

fuzz_target!(|data: &[u8]| wcc_fuzz::link("in.o", data, LINES));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let sound = data.get(..size).unwrap_or(&[]);
    let changed = elf_mutants::mutate(sound, &mut Rng::new("structured", seed.into()));
    let n = changed.len().min(max_size).min(data.len());
    if let (Some(to), Some(from)) = (data.get_mut(..n), changed.get(..n)) {
        to.copy_from_slice(from);
    }
    n
});
