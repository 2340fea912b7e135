//! Android's packed relocations: `.rela.dyn` as the stream of numbers that bionic's linker reads.
//!
//! bionic, "packed relocations" (linker_reloc_iterators.h): the letters `APS2`, then signed LEB128 numbers: how many
//! relocations, the offset to start from, and groups. A group has a size and flags; what all its members share is said
//! once, the rest is said for each as the difference to the relocation before.

use crate::elf::{Elf, Reloc};

pub const SHT_ANDROID_RELA: u32 = 0x6000_0002;
pub const SHT_ANDROID_RELR: u32 = 0x6fff_ff00;
pub const DT_ANDROID_RELA: u32 = 0x6000_0011;
pub const DT_ANDROID_RELASZ: u32 = 0x6000_0012;
pub const DT_ANDROID_RELR: u32 = 0x6fff_e000;
pub const DT_ANDROID_RELRSZ: u32 = 0x6fff_e001;
pub const DT_ANDROID_RELRENT: u32 = 0x6fff_e003;

/// The members share r_info.
const BY_INFO: i64 = 1;
/// They stand at equal distances.
const BY_OFFSET: i64 = 2;
const HAS_ADDEND: i64 = 8;

/// So many at equal distances are worth a group of their own.
const RUN: usize = 4;

fn sleb(mut v: i64, out: &mut Vec<u8>) {
    loop {
        let byte = (v & 0x7f) as u8;
        v >>= 7;
        if (v == 0 && byte & 0x40 == 0) || (v == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn info<E: Elf>(r: &Reloc) -> i64 {
    if E::IS_64 {
        ((u64::from(r.sym) << 32) | u64::from(r.ty)) as i64
    } else {
        i64::from((r.sym << 8) | (r.ty & 0xff))
    }
}

struct Stream {
    out: Vec<u8>,
    offset: u64,
    addend: i64,
}

impl Stream {
    fn group<E: Elf>(&mut self, list: &[Reloc], by_info: bool, delta: Option<u64>) {
        let Some(first) = list.first() else { return };
        let mut flags = HAS_ADDEND;
        if by_info {
            flags |= BY_INFO;
        }
        if delta.is_some() {
            flags |= BY_OFFSET;
        }
        sleb(list.len() as i64, &mut self.out);
        sleb(flags, &mut self.out);
        if let Some(delta) = delta {
            sleb(delta as i64, &mut self.out);
        }
        if by_info {
            sleb(info::<E>(first), &mut self.out);
        }
        for r in list {
            if delta.is_none() {
                sleb(r.offset.wrapping_sub(self.offset) as i64, &mut self.out);
            }
            if !by_info {
                sleb(info::<E>(r), &mut self.out);
            }
            sleb(r.addend.wrapping_sub(self.addend), &mut self.out);
            self.offset = r.offset;
            self.addend = r.addend;
        }
    }

    /// A run of relocations that share r_info.
    fn alike<E: Elf>(&mut self, list: &[Reloc]) {
        let mut rest = list;
        while !rest.is_empty() {
            // How far the next run of equal distances is away, and how long it is.
            let mut start = 0;
            let mut len = 0;
            while start < rest.len() {
                let before = match start.checked_sub(1).and_then(|i| rest.get(i)) {
                    Some(r) => r.offset,
                    None => self.offset,
                };
                len = run(&rest[start..], before);
                if len >= RUN {
                    break;
                }
                start += 1;
            }
            let (single, more) = rest.split_at(start);
            self.group::<E>(single, true, None);
            let (even, more) = more.split_at(if start < rest.len() { len } else { 0 });
            let delta = even.first().map(|r| r.offset.wrapping_sub(self.offset));
            self.group::<E>(even, true, delta);
            rest = more;
        }
    }
}

/// How many relocations at the start of `list` follow each other, and `before`, at one distance.
fn run(list: &[Reloc], before: u64) -> usize {
    let Some(delta) = list.first().map(|r| r.offset.wrapping_sub(before)) else {
        return 0;
    };
    let mut last = before;
    list.iter()
        .take_while(|r| {
            let same = r.offset.wrapping_sub(last) == delta;
            last = r.offset;
            same
        })
        .count()
}

/// The stream, in the order of `relocs`.
pub fn encode<E: Elf>(relocs: &[Reloc]) -> Vec<u8> {
    let mut s = Stream {
        out: b"APS2".to_vec(),
        offset: 0,
        addend: 0,
    };
    sleb(relocs.len() as i64, &mut s.out);
    sleb(0, &mut s.out);
    // Relocations that share nothing with their neighbours go into one group.
    let mut lonely: &[Reloc] = &[];
    let mut rest = relocs;
    let mut from = 0;
    while let Some(first) = rest.first() {
        let n = rest
            .iter()
            .take_while(|r| (r.ty, r.sym) == (first.ty, first.sym))
            .count();
        let (alike, more) = rest.split_at(n);
        if n == 1 {
            lonely = &relocs[from - lonely.len()..=from];
        } else {
            s.group::<E>(lonely, false, None);
            lonely = &[];
            s.alike::<E>(alike);
        }
        from += n;
        rest = more;
    }
    s.group::<E>(lonely, false, None);
    s.out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    /// Reads a stream back, as the format says.
    fn decode(bytes: &[u8]) -> Vec<Reloc> {
        let mut at = 4;
        let mut next = || {
            let (mut v, mut shift) = (0i64, 0);
            loop {
                let byte = bytes[at];
                at += 1;
                v |= i64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    return if byte & 0x40 != 0 && shift < 64 {
                        v | -1 << shift
                    } else {
                        v
                    };
                }
            }
        };
        let count = next() as usize;
        let (mut offset, mut addend) = (next(), 0);
        let mut out = Vec::new();
        while out.len() < count {
            let (size, flags) = (next(), next());
            let delta = if flags & BY_OFFSET != 0 { next() } else { 0 };
            let shared = if flags & BY_INFO != 0 { next() } else { 0 };
            for _ in 0..size {
                offset += if flags & BY_OFFSET != 0 {
                    delta
                } else {
                    next()
                };
                let info = if flags & BY_INFO != 0 { shared } else { next() };
                addend = i64::wrapping_add(addend, next());
                out.push(Reloc {
                    offset: offset as u64,
                    ty: info as u32,
                    sym: (info >> 32) as u32,
                    addend,
                });
            }
        }
        out
    }

    #[test]
    fn what_is_packed_is_read_back_and_is_small() {
        let r = |offset, ty, sym, addend| Reloc {
            offset,
            ty,
            sym,
            addend,
        };
        let mut list: Vec<Reloc> = (0..100)
            .map(|i| r(0x4000 + 8 * i, 8, 0, 0x1000 + 16 * i as i64))
            .collect();
        list.extend([
            r(0x5003, 8, 0, -1),
            r(0x5010, 8, 0, 5),
            r(0x4ff0, 6, 3, 0),
            r(0x4ff8, 6, 4, 0),
        ]);
        list.extend([
            r(0x6000, 1, 9, 7),
            r(0x6100, 1, 9, i64::MIN),
            r(0x2000, 5, 2, i64::MAX),
        ]);
        let packed = encode::<Elf64Le>(&list);
        assert_eq!(decode(&packed), list);
        assert!(packed.len() < 400, "{}", packed.len());
        assert_eq!(decode(&encode::<Elf64Le>(&[])), []);
    }
}
