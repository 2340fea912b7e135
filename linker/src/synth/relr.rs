//! `.relr.dyn`: relative relocations as bitmaps (gABI proposal "SHT_RELR", as in glibc, musl, the BSDs).
//!
//! An even word is an address to relocate; the next address is one word after it. An odd word is a bitmap:
//! bit `i` (from 1) says that the word `i - 1` places on is to be relocated; the position then moves on by
//! 63 (31) words. The addend stands at the place.

use std::fmt;

/// A word that relocates nothing, for padding: an empty bitmap.
pub const EMPTY: u64 = 1;

/// An address that RELR cannot say: odd, or not greater than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadAddress(pub u64);

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "address {:#x} cannot be a packed relative relocation",
            self.0
        )
    }
}

impl std::error::Error for BadAddress {}

/// The words for `addresses`, which are even and ascending. `word` is the size of an address in bytes.
pub fn encode(addresses: &[u64], word: u64) -> Result<Vec<u64>, BadAddress> {
    let window = (word * 8 - 1) * word;
    let mut out = Vec::new();
    // The address that the current bitmap starts at, and the bitmap.
    let mut base: Option<u64> = None;
    let mut bitmap = 0u64;
    let mut before = None;
    for &address in addresses {
        if address % 2 != 0 || before.is_some_and(|b| b >= address) {
            return Err(BadAddress(address));
        }
        before = Some(address);
        if let Some(start) = base {
            let mut start = start;
            // A further bitmap pays only directly after one that is not empty.
            if address.wrapping_sub(start) >= window && bitmap != 0 {
                out.push(bitmap << 1 | 1);
                bitmap = 0;
                start = start.wrapping_add(window);
                base = Some(start);
            }
            let distance = address.wrapping_sub(start);
            if address >= start && distance < window && distance % word == 0 {
                bitmap |= 1 << (distance / word);
                continue;
            }
        }
        if bitmap != 0 {
            out.push(bitmap << 1 | 1);
            bitmap = 0;
        }
        out.push(address);
        base = Some(address.wrapping_add(word));
    }
    if bitmap != 0 {
        out.push(bitmap << 1 | 1);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a run-time linker does.
    fn decode(words: &[u64], word: u64) -> Vec<u64> {
        let mut out = Vec::new();
        let mut next = 0u64;
        for &w in words {
            if w & 1 == 0 {
                out.push(w);
                next = w + word;
            } else {
                for bit in 0..word * 8 - 1 {
                    if w >> (bit + 1) & 1 == 1 {
                        out.push(next + bit * word);
                    }
                }
                next += (word * 8 - 1) * word;
            }
        }
        out
    }

    #[test]
    fn runs_become_bitmaps() {
        let addresses: Vec<u64> = (0..1 + 63 + 63).map(|i| 0x1000 + i * 8).collect();
        assert_eq!(encode(&addresses, 8).unwrap(), [0x1000, u64::MAX, u64::MAX]);
        assert_eq!(encode(&[0x10, 0x18, 0x28], 8).unwrap(), [0x10, 0b1011]);
        assert_eq!(encode(&[], 8).unwrap(), []);
        assert_eq!(decode(&[0x10, EMPTY], 8), [0x10]);
    }

    #[test]
    fn odd_and_unsorted_addresses_are_refused() {
        assert_eq!(encode(&[0x11], 8), Err(BadAddress(0x11)));
        assert_eq!(encode(&[0x20, 0x10], 8), Err(BadAddress(0x10)));
        assert_eq!(encode(&[0x20, 0x20], 8), Err(BadAddress(0x20)));
    }

    #[test]
    fn random_addresses_come_back() {
        let mut seed = 99u64;
        for round in 0..400u64 {
            let word = if round % 2 == 0 { 8 } else { 4 };
            let mut address = 0x2000;
            let mut addresses = Vec::new();
            for _ in 0..round * 3 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
                let step = match seed >> 60 {
                    0 => word * 62,
                    1 => word * 63,
                    2 => word * 64,
                    3 => word * 200 + 2,
                    4 => 2,
                    n => word * (n - 4),
                };
                address += step;
                addresses.push(address);
            }
            let words = encode(&addresses, word).unwrap();
            assert_eq!(decode(&words, word), addresses);
            assert!(words.iter().all(|w| word == 8 || *w <= u64::from(u32::MAX)));
        }
    }
}
