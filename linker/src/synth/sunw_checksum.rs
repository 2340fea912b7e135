//! DT_CHECKSUM: a number that stays the same when a file is stripped, by which tools tell whether a library is the one
//! they have seen.
//!
//! elf_checksum(3ELF): the bytes of all loaded sections are added up, but for those that `strip` may change (`.dynsym`), the
//! one that holds the number, and DTrace's `.SUNW_dof`; the sum is folded into 16 bits as sum(1) does.

use object::elf;

use crate::arch::Arch;
use crate::emit::{Image, tables};
use crate::layout::output::Synth;

pub const DT_CHECKSUM: u32 = 0x6fff_fdf8;
const SHT_SUNW_DOF: u32 = 0x6fff_fff4;

/// File ranges (start, end) that are added up; None when no number is wanted.
pub struct Ranges(Vec<(u64, u64)>);

impl Ranges {
    pub fn of<A: Arch>(image: &Image<'_, '_, A>) -> Option<Ranges> {
        if !image.l.rules.sunw_tags || image.l.synth(Synth::Dynamic).is_none() {
            return None;
        }
        let counts = |ty: u32| !matches!(ty, elf::SHT_DYNSYM | elf::SHT_DYNAMIC | SHT_SUNW_DOF);
        let sections = image.l.outputs.iter();
        let ranges = sections
            .filter(|s| s.is_alloc() && !s.is_nobits() && counts(s.ty) && s.size > 0)
            .map(|s| (s.offset, s.offset + s.size));
        Some(Ranges(ranges.collect()))
    }

    /// The sum of what lies in the ranges of the bytes at file offset `at`.
    pub fn sum(&self, at: u64, bytes: &[u8]) -> u64 {
        let end = at + bytes.len() as u64;
        let parts = self.0.iter().filter_map(|(from, to)| {
            let (from, to) = (*from.max(&at), *to.min(&end));
            let part = bytes.get(from.checked_sub(at)? as usize..to.checked_sub(at)? as usize)?;
            Some(part.iter().map(|b| u64::from(*b)).sum::<u64>())
        });
        parts.sum()
    }
}

/// Folds the sum.
pub fn fold(sum: u64) -> u64 {
    let once = (sum & 0xffff) + ((sum >> 16) & 0xffff);
    ((once & 0xffff) + (once >> 16)) & 0xffff
}

/// File offset of the number in the dynamic section.
pub fn place<A: Arch>(image: &Image<'_, '_, A>) -> Option<u64> {
    let (section, piece) = image.l.synth(Synth::Dynamic)?;
    let mut bytes = vec![0; piece.size as usize];
    tables::write(image, Synth::Dynamic, &mut bytes);
    let tag = u64::from(DT_CHECKSUM).to_le_bytes();
    let at = bytes.chunks(16).position(|entry| entry.starts_with(&tag))?;
    Some(section.offset + piece.offset + 16 * at as u64 + 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_folded_twice() {
        assert_eq!(fold(0x1234), 0x1234);
        assert_eq!(fold(0x1_0001), 2);
        assert_eq!(fold(0xffff_ffff), 0xffff);
        assert_eq!(fold(0x8000_8001), 2);
    }

    #[test]
    fn only_what_lies_in_the_ranges_counts() {
        let r = Ranges(vec![(10, 12), (14, 100)]);
        assert_eq!(r.sum(8, &[1; 8]), 4);
        assert_eq!(r.sum(11, &[1; 2]), 1);
        assert_eq!(r.sum(200, &[1; 2]), 0);
        assert_eq!(r.sum(12, &[1; 2]), 0);
    }
}
