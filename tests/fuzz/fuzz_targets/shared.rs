//! A shared object: dynamic section, versions, symbols, notes.
#![no_main]
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use wcc_tests::mutate::elf_mutants;
use wcc_tests::mutate::rng::Rng;

const LINES: &[&str] = &[
    "-pie start.o user.o in.so --unresolved-symbols=ignore-all -o out",
    "start.o user.o in.so --unresolved-symbols=ignore-all -o out",
    "-shared user.o --as-needed in.so -o out",
];

fuzz_target!(|data: &[u8]| wcc_fuzz::link("in.so", data, LINES));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let sound = data.get(..size).unwrap_or(&[]);
    let changed = elf_mutants::mutate(sound, &mut Rng::new("shared", seed.into()));
    let n = changed.len().min(max_size).min(data.len());
    if let (Some(to), Some(from)) = (data.get_mut(..n), changed.get(..n)) {
        to.copy_from_slice(from);
    }
    n
});
