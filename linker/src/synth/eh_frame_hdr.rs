//! `.eh_frame_hdr`: a sorted table from function addresses to FDEs, for binary search at run time.
//! LSB "Exception Frame Header".
//!
//! Version, three encodings, the address of `.eh_frame`, the number of entries and the entries, both halves
//! relative to the start of this section in 4 bytes. When something is further than 2 GiB away there is no
//! table (the encodings say so) and the run-time code walks `.eh_frame` instead.

use rayon::slice::ParallelSliceMut;

use crate::elf::{Elf, PutElf};

const VERSION: u8 = 1;
const PCREL_SDATA4: u8 = 0x1b;
const PCREL_SDATA8: u8 = 0x1c;
const UDATA4: u8 = 0x03;
const DATAREL_SDATA4: u8 = 0x3b;
const OMIT: u8 = 0xff;
/// Entries from which on sorting by several threads pays.
const PARALLEL_SORT: usize = 1 << 15;

/// A function's address and its FDE's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub pc: u64,
    pub fde: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// So many entries.
    Entries(usize),
    /// No table: an address is too far away, or none was wanted.
    Omitted,
}

/// Bytes of the section for so many FDEs.
pub fn size(fdes: usize) -> u64 {
    12 + 8 * fdes as u64
}

/// Appends the section's bytes, [`size`]`(entries.len())` of them (zeros in place of entries for the same
/// address, of which only the first FDE stays). `entries` in any order; None: without a table, for
/// `reserved` bytes. Addresses are virtual addresses.
pub fn write<E: Elf>(
    address: u64,
    eh_frame: u64,
    entries: Option<&mut Vec<Entry>>,
    reserved: u64,
    parallel: bool,
    out: &mut Vec<u8>,
) -> Table {
    let start = out.len();
    let table = entries.and_then(|entries| {
        if parallel && entries.len() >= PARALLEL_SORT {
            entries.par_sort_unstable();
        } else {
            entries.sort_unstable();
        }
        entries.dedup_by_key(|e| e.pc);
        put_table::<E>(address, eh_frame, entries, out)
    });
    let table = match table {
        Some(count) => Table::Entries(count),
        None => {
            out.truncate(start);
            put_header_only::<E>(address, eh_frame, out);
            Table::Omitted
        }
    };
    let reserved = usize::try_from(reserved).unwrap_or(0);
    out.resize(out.len().max(start.saturating_add(reserved)), 0);
    table
}

/// `to - from` in 32 bits; on 32-bit machines distances wrap around.
fn distance<E: Elf>(to: u64, from: u64) -> Option<u32> {
    let d = to.wrapping_sub(from);
    match E::IS_64 {
        true => i32::try_from(d as i64).ok().map(|d| d as u32),
        false => Some(d as u32),
    }
}

fn put_table<E: Elf>(
    address: u64,
    eh_frame: u64,
    entries: &[Entry],
    out: &mut Vec<u8>,
) -> Option<usize> {
    let count = u32::try_from(entries.len()).ok()?;
    out.reserve(size(entries.len()) as usize);
    out.extend_from_slice(&[VERSION, PCREL_SDATA4, UDATA4, DATAREL_SDATA4]);
    out.put32::<E>(distance::<E>(eh_frame, address.wrapping_add(4))?);
    out.put32::<E>(count);
    for e in entries {
        out.put32::<E>(distance::<E>(e.pc, address)?);
        out.put32::<E>(distance::<E>(e.fde, address)?);
    }
    Some(entries.len())
}

fn put_header_only<E: Elf>(address: u64, eh_frame: u64, out: &mut Vec<u8>) {
    let from = address.wrapping_add(4);
    match distance::<E>(eh_frame, from) {
        Some(d) => {
            out.extend_from_slice(&[VERSION, PCREL_SDATA4, OMIT, OMIT]);
            out.put32::<E>(d);
        }
        None => {
            out.extend_from_slice(&[VERSION, PCREL_SDATA8, OMIT, OMIT]);
            out.put64::<E>(eh_frame.wrapping_sub(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    fn words(bytes: &[u8]) -> Vec<i32> {
        let (words, rest) = bytes.as_chunks::<4>();
        assert!(rest.is_empty());
        words.iter().map(|w| i32::from_le_bytes(*w)).collect()
    }

    #[test]
    fn entries_are_sorted_and_addresses_unique() {
        let entry = |pc, fde| Entry { pc, fde };
        let mut entries = vec![
            entry(0x5000, 0x2100),
            entry(0x800, 0x2050),
            entry(0x5000, 0x2080),
        ];
        let mut out = Vec::new();
        let reserved = size(3);
        let table = write::<Elf64Le>(
            0x1000,
            0x2000,
            Some(&mut entries),
            reserved,
            false,
            &mut out,
        );
        assert_eq!(table, Table::Entries(2));
        assert_eq!(out.len() as u64, reserved);
        assert_eq!(out[..4], [1, 0x1b, 3, 0x3b]);
        assert_eq!(
            words(&out[4..]),
            [0xffc, 2, -0x800, 0x1050, 0x4000, 0x1080, 0, 0]
        );
    }

    #[test]
    fn what_is_too_far_away_leaves_no_table() {
        let mut entries = vec![Entry {
            pc: 1 << 33,
            fde: 0x2000,
        }];
        let mut out = vec![7];
        let table = write::<Elf64Le>(0x1000, 0x2000, Some(&mut entries), 20, true, &mut out);
        assert_eq!(table, Table::Omitted);
        assert_eq!(out.len(), 21);
        assert_eq!(out[1..5], [1, 0x1b, 0xff, 0xff]);
        assert_eq!(words(&out[5..9]), [0xffc]);
        let mut out = Vec::new();
        let far = 0x1000 + (1 << 40);
        write::<Elf64Le>(0x1000, far, None, 12, true, &mut out);
        assert_eq!(out[..4], [1, 0x1c, 0xff, 0xff]);
        assert_eq!(out[4..12], ((1u64 << 40) - 4).to_le_bytes());
    }

    #[test]
    fn many_entries_sort_the_same_by_one_and_more_threads() {
        let entries: Vec<Entry> = (0..100_000u64)
            .map(|i| Entry {
                pc: i.wrapping_mul(0x9e3779b97f4a7c15) >> 44,
                fde: i * 24,
            })
            .collect();
        let make = |parallel| {
            let mut out = Vec::new();
            let mut entries = entries.clone();
            write::<Elf64Le>(0, 8, Some(&mut entries), 0, parallel, &mut out);
            out
        };
        assert_eq!(make(false), make(true));
    }
}
