//! `.gnu.hash`: the symbol hash table of GNU and BSD run-time linkers.
//!
//! Header (four words: buckets, index of the first hashed symbol, Bloom filter words, shift), the Bloom
//! filter in address-sized words, a bucket array of symbol indexes, and for each hashed symbol its hash with
//! the lowest bit telling the end of a bucket. So hashed symbols stand at the end of `.dynsym`, ordered by
//! bucket: [`GnuHash::order`] is the order the caller has to write them in.

use crate::elf::{Elf, PutElf};

/// Distance between the two bits a symbol sets in the Bloom filter, in bits of its hash. Every value under 32
/// is right; the bits must not come from those that choose the word.
const SHIFT: u32 = 26;
/// Bits of Bloom filter a symbol gets at least: with 12 and two bits set for each, 2 of 100 look-ups of a
/// name that is not there go on to the buckets.
const BLOOM_BITS: u64 = 12;

/// The hash of a symbol's name (without its version).
pub fn hash(name: &[u8]) -> u32 {
    name.iter().fold(5381u32, |h, &c| {
        h.wrapping_mul(33).wrapping_add(u32::from(c))
    })
}

/// The table for one set of dynamic symbols.
#[derive(Clone, Debug)]
pub struct GnuHash {
    /// For each place in `.dynsym` after the `base` first ones, which of the given symbols stands there.
    pub order: Vec<u32>,
    /// Index in `.dynsym` of the first hashed symbol.
    symbol_offset: u32,
    buckets: u32,
    /// Hashes of the hashed symbols, in their order.
    hashes: Vec<u32>,
}

impl GnuHash {
    /// `hashes` has one entry for each dynamic symbol after the first `base` (the null symbol, at least):
    /// [`hash`] of its name when the symbol is defined here, None when it is not to be found through the
    /// table (undefined, or local). The order is stable: unhashed symbols first, then by bucket.
    pub fn new(base: u32, hashes: &[Option<u32>]) -> GnuHash {
        let hashed = hashes.iter().flatten().count();
        let buckets = (hashed / 4).clamp(1, u32::MAX as usize) as u32;
        // Counting sort by bucket.
        let mut next = vec![0u32; buckets as usize + 1];
        for h in hashes.iter().flatten() {
            if let Some(count) = next.get_mut((h % buckets) as usize + 1) {
                *count += 1;
            }
        }
        let unhashed = (hashes.len() - hashed) as u32;
        let mut sum = unhashed;
        for place in &mut next {
            sum += *place;
            *place = sum;
        }
        let mut order = vec![0u32; hashes.len()];
        let mut sorted = vec![0u32; hashed];
        let mut next_unhashed = 0;
        for (i, h) in hashes.iter().enumerate() {
            let place = match h {
                Some(h) => next.get_mut((h % buckets) as usize),
                None => Some(&mut next_unhashed),
            };
            let Some(place) = place else { continue };
            if let Some(slot) = order.get_mut(*place as usize) {
                *slot = i as u32;
            }
            if let (Some(h), Some(slot)) = (
                h,
                sorted.get_mut((*place).saturating_sub(unhashed) as usize),
            ) {
                *slot = *h;
            }
            *place += 1;
        }
        GnuHash {
            order,
            symbol_offset: base.saturating_add(unhashed),
            buckets,
            hashes: sorted,
        }
    }

    /// Index in `.dynsym` of the first symbol that the table finds.
    pub fn symbol_offset(&self) -> u32 {
        self.symbol_offset
    }

    fn bloom_words<E: Elf>(&self) -> u64 {
        let bits = self.hashes.len() as u64 * BLOOM_BITS;
        bits.div_ceil(E::WORD as u64 * 8).next_power_of_two()
    }

    /// Bytes.
    pub fn size<E: Elf>(&self) -> u64 {
        16 + self.bloom_words::<E>() * E::WORD as u64
            + 4 * (u64::from(self.buckets) + self.hashes.len() as u64)
    }

    /// Appends the section's bytes.
    pub fn write<E: Elf>(&self, out: &mut Vec<u8>) {
        let words = self.bloom_words::<E>();
        let word_bits = E::WORD as u32 * 8;
        out.put32::<E>(self.buckets);
        out.put32::<E>(self.symbol_offset);
        out.put32::<E>(words as u32);
        out.put32::<E>(SHIFT);
        let mut bloom = vec![0u64; words as usize];
        for &h in &self.hashes {
            let place = u64::from(h / word_bits) & (words - 1);
            if let Some(word) = bloom.get_mut(place as usize) {
                *word |= 1 << (h % word_bits) | 1 << ((h >> SHIFT) % word_bits);
            }
        }
        for word in bloom {
            out.put_word::<E>(word);
        }
        let mut place = 0usize;
        for bucket in 0..self.buckets {
            let in_bucket = |place: usize| {
                let h = self.hashes.get(place);
                h.is_some_and(|h| h % self.buckets == bucket)
            };
            if in_bucket(place) {
                out.put32::<E>(self.symbol_offset.wrapping_add(place as u32));
            } else {
                out.put32::<E>(0);
            }
            while in_bucket(place) {
                place += 1;
            }
        }
        for (i, &h) in self.hashes.iter().enumerate() {
            let next = self.hashes.get(i + 1);
            let last = next.is_none_or(|next| next % self.buckets != h % self.buckets);
            out.put32::<E>((h & !1) | u32::from(last));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;

    /// What a run-time linker does.
    fn look_up(table: &[u8], dynsym: &[&[u8]], name: &[u8]) -> Option<u32> {
        let u32_at = |at: usize| u32::from_le_bytes(table[at..at + 4].try_into().unwrap());
        let u64_at = |at: usize| u64::from_le_bytes(table[at..at + 8].try_into().unwrap());
        let (buckets, offset, words, shift) = (u32_at(0), u32_at(4), u32_at(8), u32_at(12));
        let h = hash(name);
        let word = u64_at(16 + 8 * ((h / 64) & (words - 1)) as usize);
        if word & (1 << (h % 64)) == 0 || word & (1 << ((h >> shift) % 64)) == 0 {
            return None;
        }
        let bucket_at = 16 + 8 * words as usize;
        let mut i = u32_at(bucket_at + 4 * (h % buckets) as usize);
        if i == 0 {
            return None;
        }
        loop {
            let stored = u32_at(bucket_at + 4 * (buckets + i - offset) as usize);
            if stored | 1 == h | 1 && dynsym[i as usize] == name {
                return Some(i);
            }
            if stored & 1 == 1 {
                return None;
            }
            i += 1;
        }
    }

    #[test]
    fn hashes_are_those_of_the_specification() {
        assert_eq!(hash(b""), 0x1505);
        assert_eq!(hash(b"printf"), 0x156b2bb8);
        assert_eq!(hash(b"exit"), 0x7c967e3f);
        assert_eq!(hash(b"syscall"), 0xbac212a0);
    }

    #[test]
    fn every_defined_name_is_found_and_no_other() {
        for count in [0usize, 1, 2, 5, 100, 3000] {
            let names: Vec<String> = (0..count).map(|i| format!("name_{}", i * 7919)).collect();
            let is_defined = |i: usize| i % 3 != 1;
            let hashes: Vec<Option<u32>> = names
                .iter()
                .enumerate()
                .map(|(i, n)| is_defined(i).then(|| hash(n.as_bytes())))
                .collect();
            let table = GnuHash::new(1, &hashes);
            let mut dynsym: Vec<&[u8]> = vec![b""];
            dynsym.extend(table.order.iter().map(|&i| names[i as usize].as_bytes()));
            let mut all = table.order.clone();
            all.sort_unstable();
            assert!(all.iter().copied().eq(0..count as u32));
            let mut bytes = Vec::new();
            table.write::<Elf64Le>(&mut bytes);
            assert_eq!(bytes.len() as u64, table.size::<Elf64Le>());
            for (i, name) in names.iter().enumerate() {
                let found = look_up(&bytes, &dynsym, name.as_bytes());
                assert_eq!(found.is_some(), is_defined(i), "{name}");
                let place = dynsym.iter().position(|n| *n == name.as_bytes()).unwrap();
                assert_eq!(is_defined(i), place as u32 >= table.symbol_offset());
            }
            assert_eq!(look_up(&bytes, &dynsym, b"no such name"), None);
        }
    }

    #[test]
    fn the_order_is_stable() {
        let table = GnuHash::new(1, &[Some(8), None, Some(8), None, Some(8)]);
        assert_eq!(table.order, [1, 3, 0, 2, 4]);
    }
}
