//! Merged sections against what they promise: every byte of every input is found in the output, equal pieces
//! once, aligned, and the same by one thread and by several.

use std::collections::HashMap;

use super::*;

const BYTES: MergeKind = MergeKind {
    entsize: 1,
    strings: true,
};

fn look_up(merged: &Merged<'_>, input: u32, offset: u64) -> Option<u64> {
    merged.input(input)?.lookup(offset)
}

fn input(data: &[u8], align: u64) -> MergeInput<'_> {
    MergeInput { data, align }
}

/// The bytes, assembled in windows of `window`.
fn output(merged: &Merged<'_>, window: usize) -> Vec<u8> {
    let mut out = vec![0xee; merged.size() as usize];
    for (i, part) in out.chunks_mut(window).enumerate() {
        merged.write_range((i * window) as u64, part);
    }
    out
}

/// The pieces of an input, found the slow way: where each starts and ends.
fn pieces_of(kind: MergeKind, data: &[u8]) -> Vec<(usize, usize)> {
    let entsize = kind.entsize as usize;
    let mut pieces = Vec::new();
    let mut start = 0;
    for (i, unit) in data.chunks(entsize).enumerate() {
        if !kind.strings || unit.iter().all(|&b| b == 0) {
            let end = (i + 1) * entsize;
            pieces.push((start, end));
            start = end;
        }
    }
    pieces
}

fn verify(kind: MergeKind, data: &[(Vec<u8>, u64)]) {
    let inputs: Vec<MergeInput<'_>> = data.iter().map(|(d, a)| input(d, *a)).collect();
    let merged = merge(kind, &inputs, false).unwrap();
    let out = output(&merged, 1 << 18);
    let mut places: HashMap<&[u8], u64> = HashMap::new();
    let mut distinct_bytes = 0;
    for (i, (data, align)) in (0u32..).zip(data) {
        for (start, end) in pieces_of(kind, data) {
            let piece = &data[start..end];
            let place = look_up(&merged, i, start as u64).unwrap();
            assert_eq!(&out[place as usize..place as usize + piece.len()], piece);
            if (start as u64).is_multiple_of(*align) {
                assert_eq!(place % align, 0);
            }
            let known = *places.entry(piece).or_insert_with(|| {
                distinct_bytes += piece.len();
                place
            });
            assert_eq!(known, place);
            let step = (piece.len() / 50).max(1);
            for inside in (0..piece.len()).step_by(step) {
                let found = look_up(&merged, i, (start + inside) as u64);
                assert_eq!(found, Some(place + inside as u64));
            }
        }
        assert_eq!(look_up(&merged, i, data.len() as u64), None);
    }
    assert_eq!(look_up(&merged, data.len() as u32, 0), None);
    if data.iter().all(|d| u64::from(kind.entsize) % d.1 == 0) {
        let padding = merged.shards.len() as u64 * merged.align();
        assert!(merged.size() <= distinct_bytes as u64 + padding);
    }
    let (pieces, distinct) = merged.counts();
    assert_eq!(distinct, places.len());
    let all = data.iter().map(|d| pieces_of(kind, &d.0).len());
    assert_eq!(pieces, all.sum::<usize>());
    if out.len() < 1 << 16 {
        for window in [1, 7, 64] {
            assert_eq!(output(&merged, window), out);
        }
    }
}

fn random(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 33) as usize
}

/// Strings of `entsize`-byte characters, many of them equal, with long ones among them.
fn random_strings(seed: &mut u64, entsize: usize, size: usize) -> Vec<u8> {
    let mut data = Vec::new();
    while data.len() < size {
        let len = match random(seed) % 40 {
            0 => random(seed) % 700,
            1..8 => 0,
            _ => random(seed) % 5,
        };
        for _ in 0..len * entsize {
            data.push((random(seed) % 3) as u8 * (random(seed) % 2) as u8);
        }
        // No character inside may be 0.
        let start = data.len() - len * entsize;
        for unit in data[start..].chunks_mut(entsize) {
            if unit.iter().all(|&b| b == 0) {
                unit[random(seed) % entsize] = 1;
            }
        }
        data.extend(std::iter::repeat_n(0, entsize));
    }
    data
}

#[test]
fn strings_and_their_insides_are_found() {
    let a = b"hello\0world\0\0".to_vec();
    let b = b"world\0hello\0again\0".to_vec();
    let inputs = [input(&a, 1), input(&b, 1), input(b"", 1)];
    let merged = merge(BYTES, &inputs, false).unwrap();
    assert_eq!(output(&merged, 100), b"hello\0world\0\0again\0");
    assert_eq!(look_up(&merged, 1, 0), Some(6));
    assert_eq!(look_up(&merged, 1, 8), Some(2));
    assert_eq!(look_up(&merged, 2, 0), None);
    assert_eq!(merged.counts(), (6, 4));
    let none = merge(BYTES, &[], true).unwrap();
    assert_eq!((none.size(), none.align()), (0, 1));
}

#[test]
fn random_inputs_of_every_kind() {
    let mut seed = 3;
    for round in 0..60 {
        for entsize in [1usize, 2, 4] {
            let kind = MergeKind {
                entsize: entsize as u32,
                strings: true,
            };
            let data: Vec<_> = (0..random(&mut seed) % 6)
                .map(|_| {
                    let size = random(&mut seed) % 900;
                    let align = 1
                        << if round % 2 == 0 {
                            0
                        } else {
                            random(&mut seed) % 6
                        };
                    (random_strings(&mut seed, entsize, size), align)
                })
                .collect();
            verify(kind, &data);
        }
        for entsize in [1usize, 4, 8, 12, 16, 32, 100] {
            let kind = MergeKind {
                entsize: entsize as u32,
                strings: false,
            };
            let data: Vec<_> = (0..random(&mut seed) % 6)
                .map(|_| {
                    let size = random(&mut seed) % 40 * entsize;
                    let mut data = vec![0u8; size];
                    for unit in data.chunks_mut(entsize) {
                        unit[random(&mut seed) % entsize] = (random(&mut seed) % 4) as u8;
                    }
                    (data, 1 << (random(&mut seed) % 5))
                })
                .collect();
            verify(kind, &data);
        }
    }
}

#[test]
fn large_inputs_are_cut_into_parts() {
    let mut seed = 11;
    let size = 2 * pieces::PART_SIZE + 12345;
    for entsize in [1, 2, 4] {
        let kind = MergeKind {
            entsize: entsize as u32,
            strings: true,
        };
        let mut data = vec![
            (random_strings(&mut seed, entsize, size), 1),
            (random_strings(&mut seed, entsize, 3000), 1),
            (random_strings(&mut seed, entsize, pieces::PART_SIZE), 1),
        ];
        // One string over three parts, and strings that end exactly where parts do.
        data[0].0[pieces::PART_SIZE - 2000..2 * pieces::PART_SIZE + 5000].fill(7);
        data[2].0[pieces::PART_SIZE - entsize..pieces::PART_SIZE].fill(0);
        verify(kind, &data);
    }
    let kind = MergeKind {
        entsize: 12,
        strings: false,
    };
    let constants: Vec<u8> = (0..size / 12 * 12).map(|i| (i / 12 % 251) as u8).collect();
    verify(kind, &[(constants, 4)]);
}

#[test]
fn threads_change_nothing() {
    let mut seed = 23;
    let data: Vec<Vec<u8>> = (0..40)
        .map(|_| random_strings(&mut seed, 1, 150_000))
        .collect();
    let inputs: Vec<_> = data.iter().map(|d| input(d, 1)).collect();
    let one = merge(BYTES, &inputs, false).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
    let many = pool
        .unwrap()
        .install(|| merge(BYTES, &inputs, true).unwrap());
    assert_eq!(one.size(), many.size());
    assert_eq!(output(&one, 1 << 16), output(&many, 1 << 20));
    assert_eq!(one.places, many.places);
}

#[test]
fn sections_that_cannot_be_merged_are_named() {
    let fault = |kind, data: &[u8], align| check(kind, &input(data, align)).unwrap_err();
    assert_eq!(fault(BYTES, b"abc", 1), MergeFault::NotTerminated);
    assert_eq!(fault(BYTES, b"abc\0", 3), MergeFault::Align);
    let kind = |entsize, strings| MergeKind { entsize, strings };
    assert_eq!(fault(kind(4, false), b"abcde", 1), MergeFault::Size);
    assert_eq!(fault(kind(2, true), b"ab\0", 1), MergeFault::Size);
    assert_eq!(fault(kind(2, true), b"ab\0c", 1), MergeFault::NotTerminated);
    assert_eq!(fault(kind(0, false), b"", 1), MergeFault::EntrySize);
    assert_eq!(fault(kind(8, true), &[0; 8], 1), MergeFault::EntrySize);
    let inputs = [input(b"a\0", 1), input(b"b", 1)];
    let errors = merge(BYTES, &inputs, false).unwrap_err();
    assert_eq!(
        errors,
        [MergeError {
            input: Some(1),
            offset: 1,
            fault: MergeFault::NotTerminated
        }]
    );
}

#[test]
fn pieces_left_over_are_merged_behind_the_others() {
    let data = b"one\0two\0three\0".to_vec();
    let inputs = [input(&data, 1)];
    let mut merged = merge(BYTES, &inputs, false).unwrap();
    // As if "two" and "three" had had the hashes of others.
    let left = [
        LeftOver {
            number: 1,
            bytes: b"two\0",
        },
        LeftOver {
            number: 2,
            bytes: b"two\0",
        },
    ];
    merged.add_left_over(&left).unwrap();
    assert_eq!(output(&merged, 5), b"one\0two\0three\0two\0");
    let places = [0, 4, 8].map(|at| look_up(&merged, 0, at));
    assert_eq!(places, [Some(0), Some(14), Some(14)]);
}

#[test]
fn equal_hashes_of_unequal_pieces_do_not_merge_them() {
    let data = b"aa\0ab\0b\0aa\0ab\0".to_vec();
    let inputs = [input(&data, 1)];
    let parts = pieces::parts(BYTES, &inputs);
    let mut blocks = [Block::default()];
    let mut split = pieces::split(BYTES, &inputs, &parts[0], 0, &mut blocks);
    for record in &mut split.records {
        record.hash = 42;
    }
    let shard = table::build(&inputs, &parts, &mut [&mut split.records], false);
    let unique: Vec<&[u8]> = shard.pieces.iter().map(|p| p.bytes).collect();
    assert_eq!(unique, [&b"aa\0"[..], b"b\0"]);
    let mut places = [0; 5];
    let left = verify::put_places(
        BYTES,
        Naming { shard_bits: 0 },
        &[shard],
        &inputs,
        &parts[0],
        &split,
        &mut blocks,
        &mut places,
        0,
    );
    let left: Vec<_> = left.iter().map(|l| (l.number, l.bytes)).collect();
    assert_eq!(left, [(1, &b"ab\0"[..]), (4, b"ab\0")]);
    assert_eq!((places[0], places[2], places[3]), (0, 3, 0));
}

#[test]
fn hashes_made_to_collide_end() {
    let mut records: Vec<Record> = (0..40_000u64)
        .map(|i| Record {
            hash: i << 40,
            at: 0,
            len: 1,
        })
        .collect();
    let inputs = [input(b"\0", 1)];
    let parts = pieces::parts(BYTES, &inputs);
    table::build(&inputs, &parts, &mut [&mut records], false);
    let left = records.iter().filter(|r| r.len == table::LEFT_OVER);
    assert_eq!(left.count(), 40_000 - 512);
}
