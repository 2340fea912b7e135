//! `.hash`: the symbol hash table of the gABI ("Hash Table"), the only one the illumos run-time linker reads.
//!
//! Words: number of buckets, number of chain entries (= symbols in `.dynsym`), buckets, chains.

use crate::elf::{Elf, PutElf};

/// The hash of a symbol's name, as in the gABI.
pub fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0u32, |h, &c| {
        let h = (h << 4).wrapping_add(u32::from(c));
        let high = h & 0xf000_0000;
        (h ^ (high >> 24)) & !high
    })
}

/// One bucket a symbol: there is no Bloom filter, so short chains are all that makes a failing look-up cheap.
fn buckets(symbols: u32) -> u32 {
    symbols.max(1)
}

/// Bytes, for a `.dynsym` of `symbols` entries (the null symbol counts).
pub fn size(symbols: u32) -> u64 {
    4 * (2 + u64::from(buckets(symbols)) + u64::from(symbols))
}

/// Appends the section's bytes. `hashes` has one entry for each symbol of `.dynsym`; None (the null symbol
/// and local symbols) is not to be found through the table.
pub fn write<E: Elf>(hashes: &[Option<u32>], out: &mut Vec<u8>) {
    let symbols = u32::try_from(hashes.len()).unwrap_or(u32::MAX);
    let count = buckets(symbols);
    let mut heads = vec![0u32; count as usize];
    let mut chains = vec![0u32; hashes.len()];
    // From the last symbol on, so that chains are in symbol order.
    for ((i, h), chain) in (0..symbols).zip(hashes).zip(&mut chains).rev() {
        if let Some(head) = h.and_then(|h| heads.get_mut((h % count) as usize)) {
            *chain = *head;
            *head = i;
        }
    }
    out.put32::<E>(count);
    out.put32::<E>(symbols);
    for v in heads.into_iter().chain(chains) {
        out.put32::<E>(v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    #[test]
    fn hashes_are_those_of_the_gabi() {
        assert_eq!(hash(b""), 0);
        assert_eq!(hash(b"printf"), 0x077905a6);
        assert_eq!(hash(b"exit"), 0x0006cf04);
        assert_eq!(hash(b"jumped_over_the_lazy_dog"), {
            let mut h = 0u64;
            for &c in b"jumped_over_the_lazy_dog" {
                h = (h << 4) + u64::from(c);
                let g = h & 0xf000_0000;
                h ^= g >> 24;
                h &= 0x0fff_ffff;
            }
            h as u32
        });
    }

    #[test]
    fn every_name_is_found() {
        let names: Vec<String> = (0..1000).map(|i| format!("symbol{i}")).collect();
        let hashes: Vec<Option<u32>> = std::iter::once(None)
            .chain(names.iter().map(|n| Some(hash(n.as_bytes()))))
            .collect();
        let mut bytes = Vec::new();
        write::<Elf64Le>(&hashes, &mut bytes);
        assert_eq!(bytes.len() as u64, size(1001));
        let word = |i: u32| {
            let at = i as usize * 4;
            u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
        };
        assert_eq!(word(1), 1001);
        for (i, name) in names.iter().enumerate() {
            let mut at = word(2 + hash(name.as_bytes()) % word(0));
            while at != 0 && at != i as u32 + 1 {
                at = word(2 + word(0) + at);
            }
            assert_eq!(at, i as u32 + 1);
        }
        let mut empty = Vec::new();
        write::<Elf64Le>(&[], &mut empty);
        assert_eq!(empty.len() as u64, size(0));
    }
}
