//! An archive of any bytes.
#![no_main]
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use wcc_tests::mutate::archive;
use wcc_tests::mutate::rng::Rng;

const LINES: &[&str] = &[
    "-shared --whole-archive in.a -o out",
    "-pie start.o user.o in.a --unresolved-symbols=ignore-all -o out",
    "-r user.o --start-group in.a --end-group -o out",
];

fuzz_target!(|data: &[u8]| wcc_fuzz::link("in.a", data, LINES));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let sound = data.get(..size).unwrap_or(&[]);
    let changed = archive::mutate(sound, &mut Rng::new("archive", seed.into()));
    let n = changed.len().min(max_size).min(data.len());
    if let (Some(to), Some(from)) = (data.get_mut(..n), changed.get(..n)) {
        to.copy_from_slice(from);
    }
    n
});
