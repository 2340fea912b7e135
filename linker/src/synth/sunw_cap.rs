//! `.SUNW_cap`: which instructions and software features the code needs, for the kernel and ld.so.1 to check.
//!
//! Linker and Libraries Guide, "Capabilities Section": pairs of words, tag and value. The inputs' bits and names are put
//! together; a mapfile adds to them, takes some away, or replaces them. Names are offsets in the string table that
//! sh_info names.

use crate::elf::{Elf, PutElf};
use crate::input::object::string_at;
use crate::script::{Capabilities, CapabilityMask, CapabilityNames};

pub const SHT_SUNW_CAP: u32 = 0x6fff_fff5;
pub const PT_SUNWCAP: u32 = 0x6fff_fffd;

const CA_NULL: u64 = 0;
const CA_HW_1: u64 = 1;
const CA_SF_1: u64 = 2;
const CA_HW_2: u64 = 3;
const CA_PLAT: u64 = 4;
const CA_MACH: u64 = 5;
const CA_ID: u64 = 6;

/// What an object is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    pub hw_1: u64,
    pub sf_1: u64,
    pub hw_2: u64,
    pub platforms: Vec<Vec<u8>>,
    pub machines: Vec<Vec<u8>>,
    pub id: Option<Vec<u8>>,
}

impl Bits {
    /// Adds what an input's section says. Capabilities of single symbols, which follow the object's, are left alone.
    /// `strings`: the table that its names are in.
    pub fn add<E: Elf>(&mut self, data: &[u8], strings: &[u8]) {
        let name = |at: u64| string_at(strings, u32::try_from(at).unwrap_or(0)).to_vec();
        let insert = |list: &mut Vec<Vec<u8>>, name: Vec<u8>| {
            if !name.is_empty() && !list.contains(&name) {
                list.push(name);
            }
        };
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
                CA_PLAT => insert(&mut self.platforms, name(value)),
                CA_MACH => insert(&mut self.machines, name(value)),
                CA_ID => self.id = Some(name(value)).filter(|id| !id.is_empty()),
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
        let names = |inputs: Vec<Vec<u8>>, m: &CapabilityNames| {
            let kept = inputs
                .into_iter()
                .filter(|n| !m.replace && !m.remove.contains(n));
            let mut list: Vec<Vec<u8>> = kept.collect();
            let more = m.set.iter().filter(|n| !list.contains(n)).cloned();
            let more: Vec<Vec<u8>> = more.collect();
            list.extend(more);
            list
        };
        Bits {
            hw_1: apply(self.hw_1, &map.hw_1),
            sf_1: apply(self.sf_1, &map.sf_1),
            hw_2: apply(self.hw_2, &map.hw_2),
            platforms: names(self.platforms, &map.platform),
            machines: names(self.machines, &map.machine),
            id: map.id.clone().or(self.id),
        }
    }

    /// The names, in the order in which they are written.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        let lists = self.platforms.iter().chain(&self.machines);
        self.id.iter().chain(lists).map(|name| &name[..])
    }

    /// `offsets`: of the [`Self::names`].
    fn entries(&self, offsets: &[u32]) -> impl Iterator<Item = (u64, u64)> {
        let id = self.id.iter().map(|_| CA_ID);
        let tags = id.chain(self.platforms.iter().map(|_| CA_PLAT));
        let tags = tags.chain(self.machines.iter().map(|_| CA_MACH));
        let names = tags.zip(offsets.iter().map(|at| u64::from(*at)));
        let bits = [
            (CA_HW_1, self.hw_1),
            (CA_HW_2, self.hw_2),
            (CA_SF_1, self.sf_1),
        ];
        names.chain(bits.into_iter().filter(|(_, v)| *v != 0))
    }

    /// Bytes of the section; 0 when there is nothing to say.
    pub fn size<E: Elf>(&self) -> u64 {
        let names = self.names().count();
        match (names + self.entries(&[]).count()) as u64 {
            0 => 0,
            n => (n + 1) * 2 * E::WORD as u64,
        }
    }

    pub fn write<E: Elf>(&self, offsets: &[u32], out: &mut Vec<u8>) {
        for (tag, value) in self.entries(offsets).chain([(CA_NULL, 0)]) {
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
            machines: vec![b"i86pc".to_vec()],
            ..Bits::default()
        };
        bits.write::<Elf64Le>(&[1], &mut section);
        assert_eq!(section.len() as u64, bits.size::<Elf64Le>());
        let mut read = Bits::default();
        read.add::<Elf64Le>(&section, b"\0i86pc\0");
        assert_eq!(read, bits);
        let mut map = Capabilities::default();
        map.hw_1.replace = true;
        assert_eq!(read.clone().obey(&map).hw_1, 0);
        assert_eq!(read.clone().obey(&map).sf_1, 4);
        map.clear();
        assert_eq!(read.clone().obey(&map).size::<Elf64Le>(), 0);
        read.add::<Elf64Le>(&section[..7], b"");
    }
}
