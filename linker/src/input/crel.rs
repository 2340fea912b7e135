//! SHT_CREL: relocations in variable-length numbers, each told by how it differs from the one before.
//!
//! The proposal for the generic ABI that LLVM 20 implements ("CREL relocation format", sh_type 0x14 with the experimental
//! code 0x40000014): a ULEB128 header holds the count (bits 3 and up), whether there are addends (bit 2) and how far offsets
//! are shifted (bits 0 and 1). Each record starts with a byte: its low bits say which of symbol, type and addend change, the
//! others are the low bits of the offset's distance.
//!
//! They are unpacked once into ordinary records, so nothing behind the parser knows of them.

use std::fmt;

use object::elf;

use crate::elf::{Elf, PutElf, Reloc};

/// Unpacked: records of an SHT_RELA or SHT_REL section.
#[derive(Debug)]
pub struct Records {
    pub ty: u32,
    pub bytes: Vec<u8>,
}

/// The section ends inside a record, or says that it holds more records than it has bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrelError {
    /// Bytes from the start of the section.
    pub offset: usize,
}

impl fmt::Display for CrelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "packed relocations are cut off (at offset {:#x})",
            self.offset
        )
    }
}

struct Reader<'d> {
    bytes: &'d [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, CrelError> {
        let error = CrelError { offset: self.at };
        let b = self.bytes.get(self.at).copied().ok_or(error)?;
        self.at += 1;
        Ok(b)
    }

    /// A LEB128 number and how many bits it was written in; bits beyond 64 are lost.
    fn leb(&mut self) -> Result<(u64, u32, u8), CrelError> {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let b = self.byte()?;
            if shift < 64 {
                value |= u64::from(b & 0x7f) << shift;
            }
            shift = shift.saturating_add(7);
            if b & 0x80 == 0 {
                return Ok((value, shift, b));
            }
        }
    }

    fn unsigned(&mut self) -> Result<u64, CrelError> {
        self.leb().map(|l| l.0)
    }

    fn signed(&mut self) -> Result<i64, CrelError> {
        let (value, bits, last) = self.leb()?;
        let sign = if last & 0x40 != 0 && bits < 64 {
            u64::MAX << bits
        } else {
            0
        };
        Ok((value | sign) as i64)
    }
}

/// Unpacks the contents of a section.
///
/// # Errors
/// [`CrelError`] where the contents end too early.
pub fn decode<E: Elf>(section: &[u8]) -> Result<Records, CrelError> {
    let mut r = Reader {
        bytes: section,
        at: 0,
    };
    let header = r.unsigned()?;
    let (count, has_addends, shift) = (header >> 3, header & 4 != 0, header & 3);
    // A record takes a byte at least.
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > section.len() {
        return Err(CrelError { offset: 0 });
    }
    let flag_bits = if has_addends { 3 } else { 2 };
    let record = if has_addends {
        E::RELA_SIZE
    } else {
        E::RELA_SIZE / 3 * 2
    };
    let mut out = Vec::with_capacity(count * record);
    let mut now = Reloc::default();
    for _ in 0..count {
        let b = r.byte()?;
        let mut step = u64::from(b >> flag_bits);
        if b & 0x80 != 0 {
            step = (r.unsigned()? << (7 - flag_bits))
                .wrapping_add(step)
                .wrapping_sub(0x80 >> flag_bits);
        }
        now.offset = now.offset.wrapping_add(step);
        if b & 1 != 0 {
            now.sym = now.sym.wrapping_add(r.signed()? as u32);
        }
        if b & 2 != 0 {
            now.ty = now.ty.wrapping_add(r.signed()? as u32);
        }
        if has_addends && b & 4 != 0 {
            now.addend = now.addend.wrapping_add(r.signed()?);
        }
        let full = Reloc {
            offset: now.offset << shift,
            ..now
        };
        let before = out.len();
        out.put_rela::<E>(&full);
        out.truncate(before + record);
    }
    Ok(Records {
        ty: if has_addends {
            elf::SHT_RELA
        } else {
            elf::SHT_REL
        },
        bytes: out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    fn record(bytes: &[u8], i: usize) -> (u64, u64, i64) {
        let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        (word(i * 24), word(i * 24 + 8), word(i * 24 + 16) as i64)
    }

    #[test]
    fn differences_add_up() {
        // Three records with addends, no shift.
        let packed = [
            3 << 3 | 4,
            1 << 3 | 7,
            5,             // symbol
            2,             // type
            0x7c,          // addend -4
            0x80 | 2 << 3, // offset + 18 + (3 << 4) - 16
            3,
            4 << 3 | 5, // offset + 4, symbol and addend
            0x7f,
            4,
        ];
        let r = decode::<Elf64Le>(&packed).unwrap();
        assert_eq!(r.ty, elf::SHT_RELA);
        assert_eq!(record(&r.bytes, 0), (1, 5 << 32 | 2, -4));
        assert_eq!(record(&r.bytes, 1), (1 + 50, 5 << 32 | 2, -4));
        assert_eq!(record(&r.bytes, 2), (1 + 50 + 4, 4 << 32 | 2, 0));
    }

    #[test]
    fn without_addends_and_with_shift_they_are_rel_records() {
        let packed = [2 << 3 | 3, 1 << 2 | 3, 1, 8, 2 << 2];
        let r = decode::<Elf64Le>(&packed).unwrap();
        assert_eq!(r.ty, elf::SHT_REL);
        assert_eq!(r.bytes.len(), 32);
        assert_eq!(r.bytes[..8], 8u64.to_le_bytes());
        assert_eq!(r.bytes[16..24], 24u64.to_le_bytes());
    }

    #[test]
    fn what_is_cut_off_is_an_error() {
        for bad in [&[][..], &[0x80], &[9 << 3], &[1 << 3 | 4, 7, 0x80, 0x80]] {
            assert!(decode::<Elf64Le>(bad).is_err());
        }
        assert!(decode::<Elf64Le>(&[0xff; 40]).is_err());
    }
}
