//! `.SUNW_cap`: which instructions and software features the code needs, for the kernel and ld.so.1 to check.
//!
//! Linker and Libraries Guide, "Capabilities Section": pairs of words, tag and value. The inputs' bits are put together;
//! a mapfile adds to them, takes some away, or replaces them.

use crate::elf::{Elf, PutElf};
use crate::script::{Capabilities, CapabilityMask};

pub const SHT_SUNW_CAP: u32 = 0x6fff_fff5;
pub const PT_SUNWCAP: u32 = 0x6fff_fffd;

const CA_NULL: u64 = 0;
const CA_HW_1: u64 = 1;
const CA_SF_1: u64 = 2;
const CA_HW_2: u64 = 3;

/// The bits of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    pub hw_1: u64,
    pub sf_1: u64,
    pub hw_2: u64,
}

impl Bits {
    /// Adds what an input's section says. Capabilities of single symbols, which follow the object's, are left alone.
    pub fn add<E: Elf>(&mut self, data: &[u8]) {
        let word = |bytes: &[u8]| {
            let one = |v: u64, b: &u8| v << 8 | u64::from(*b);
            if E::BIG_ENDIAN {
                bytes.iter().fold(0, one)
            } else {
                bytes.iter().rev().fold(0, one)
            }
        };
        for entry in data.chunks_exact(2 * E::WORD) {
            let (tag, value) = entry.split_at(E::WORD);
            let value = word(value);
            match word(tag) {
                CA_NULL => return,
                CA_HW_1 => self.hw_1 |= value,
                CA_SF_1 => self.sf_1 |= value,
                CA_HW_2 => self.hw_2 |= value,
                _ => {}
            }
        }
    }

    /// What a mapfile makes of them.
    pub fn obey(self, map: &Capabilities) -> Bits {
        let apply = |bits: u64, m: &CapabilityMask| {
            let inputs = if m.replace { 0 } else { bits & !m.remove };
            inputs | m.set
        };
        Bits {
            hw_1: apply(self.hw_1, &map.hw_1),
            sf_1: apply(self.sf_1, &map.sf_1),
            hw_2: apply(self.hw_2, &map.hw_2),
        }
    }

    fn entries(self) -> impl Iterator<Item = (u64, u64)> {
        [
            (CA_HW_1, self.hw_1),
            (CA_HW_2, self.hw_2),
            (CA_SF_1, self.sf_1),
        ]
        .into_iter()
        .filter(|(_, v)| *v != 0)
    }

    /// Bytes of the section; 0 when there is nothing to say.
    pub fn size<E: Elf>(self) -> u64 {
        match self.entries().count() as u64 {
            0 => 0,
            n => (n + 1) * 2 * E::WORD as u64,
        }
    }

    pub fn write<E: Elf>(self, out: &mut Vec<u8>) {
        for (tag, value) in self.entries().chain([(CA_NULL, 0)]) {
            out.put_word::<E>(tag);
            out.put_word::<E>(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    #[test]
    fn bits_are_put_together_and_cleared() {
        let mut section = Vec::new();
        let bits = Bits {
            hw_1: 0x1800,
            sf_1: 4,
            hw_2: 0,
        };
        bits.write::<Elf64Le>(&mut section);
        assert_eq!(section.len() as u64, bits.size::<Elf64Le>());
        let mut read = Bits::default();
        read.add::<Elf64Le>(&section);
        assert_eq!(read, bits);
        let mut map = Capabilities::default();
        map.hw_1.replace = true;
        assert_eq!(read.obey(&map).hw_1, 0);
        assert_eq!(read.obey(&map).sf_1, 4);
        map.clear();
        assert_eq!(read.obey(&map).size::<Elf64Le>(), 0);
        read.add::<Elf64Le>(&section[..7]);
    }
}
