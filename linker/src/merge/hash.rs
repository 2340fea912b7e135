//! The hash of names and of pieces of mergeable sections.
//!
//! A folded multiplication (64 x 64 -> 128 bits, halves combined by xor) takes 16 bytes a step; strings of
//! up to 16 bytes, most of all names, are two overlapping loads and one multiplication. Not meant to
//! withstand an attacker: a collision costs time, never correctness, since equality is always checked.

const K0: u64 = 0x9e37_79b9_7f4a_7c15;
const K1: u64 = 0xd6e8_feb8_6659_fd93;
const K2: u64 = 0xa076_1d64_78bd_642f;

#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline(always)]
fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

#[inline(always)]
fn half(bytes: &[u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(*bytes))
}

/// 64 well-mixed bits of `bytes`; the same on every machine.
#[inline(always)]
pub fn hash(bytes: &[u8]) -> u64 {
    let len = bytes.len() as u64;
    if bytes.len() <= 16 {
        let (a, b) = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            (word(first), word(last))
        } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            (half(first), half(last))
        } else if let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) {
            let middle = bytes.get(bytes.len() / 2).copied().unwrap_or_default();
            (
                u64::from(first) | u64::from(middle) << 8 | u64::from(last) << 16,
                0,
            )
        } else {
            (0, 0)
        };
        return finish(fold(a ^ K0, b ^ K1), len);
    }
    hash_long(bytes, len)
}

fn hash_long(bytes: &[u8], len: u64) -> u64 {
    let mut state = K2;
    let (blocks, _) = bytes.as_chunks::<16>();
    for block in blocks {
        let (a, b) = block.split_at(8);
        if let (Some(a), Some(b)) = (a.first_chunk(), b.first_chunk()) {
            state = fold(word(a) ^ K0, word(b) ^ state);
        }
    }
    // The last 16 bytes, overlapping what was hashed already.
    if let Some(tail) = bytes.last_chunk::<16>() {
        let (a, b) = tail.split_at(8);
        if let (Some(a), Some(b)) = (a.first_chunk(), b.first_chunk()) {
            state = fold(word(a) ^ K1, word(b) ^ state);
        }
    }
    finish(state, len)
}

#[inline(always)]
fn finish(state: u64, len: u64) -> u64 {
    fold(state ^ K2, len ^ K0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_count() {
        let base: Vec<u8> = (1..71).collect();
        let mut seen = std::collections::HashSet::new();
        for len in 0..base.len() {
            assert!(seen.insert(hash(&base[..len])));
            for i in 0..len {
                let mut other = base[..len].to_vec();
                other[i] ^= 0x40;
                assert!(seen.insert(hash(&other)), "length {len}, byte {i}");
            }
            assert!(len == 0 || seen.insert(hash(&vec![0; len])));
        }
    }

    #[test]
    fn the_high_and_the_low_bits_spread() {
        let n = 1 << 16;
        for shift in [0, 16, 32, 48] {
            let mut buckets = vec![0u32; 1 << 10];
            for i in 0..n {
                let h = hash(format!("_ZN4core3fmt9Formatter{i}E").as_bytes());
                buckets[(h >> shift) as usize % (1 << 10)] += 1;
            }
            let worst = buckets.iter().max().copied().unwrap();
            assert!(worst < 120, "{worst} of 64 expected at shift {shift}");
        }
    }
}
