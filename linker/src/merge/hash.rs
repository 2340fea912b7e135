//! The hash of names and of pieces of mergeable sections.
//!
//! A folded multiplication (64 x 64 -> 128 bits, halves combined by xor) takes 16 bytes a step; strings of
//! up to 16 bytes, most of all names, are two overlapping loads and one multiplication. Not meant to
//! withstand an attacker: a collision costs time, never correctness, since equality is always checked.

const K0: u64 = 0x9e37_79b9_7f4a_7c15;
const K1: u64 = 0xd6e8_feb8_6659_fd93;
const K2: u64 = 0xa076_1d64_78bd_642f;
const K3: u64 = 0xc2b2_ae3d_27d4_eb4f;
const K4: u64 = 0xff51_afd7_ed55_8ccd;

#[inline(always)]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Mixes 16 bytes with two keys.
#[inline(always)]
fn mix(bytes: &[u8; 16], key: u64, other: u64) -> u64 {
    let both = u128::from_le_bytes(*bytes);
    fold(both as u64 ^ key, (both >> 64) as u64 ^ other)
}

#[inline(always)]
fn finish(state: u64, len: usize) -> u64 {
    fold(state ^ K2, len as u64 ^ K0)
}

/// 64 well-mixed bits of `bytes`; the same on every machine.
#[inline(always)]
pub fn hash(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    if len > 16 {
        return hash_long(bytes);
    }
    let (a, b) = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let half = |b: &[u8; 4]| u64::from(u32::from_le_bytes(*b));
        (half(first), half(last))
    } else if let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) {
        let middle = bytes.get(len / 2).copied().unwrap_or_default();
        let all = u64::from(first) | u64::from(middle) << 8 | u64::from(last) << 16;
        (all, 0)
    } else {
        (0, 0)
    };
    finish(fold(a ^ K0, b ^ K1), len)
}

/// Lengths up to 64 have no loop, whose end would be mispredicted: the first and the last bytes overlap.
fn hash_long(bytes: &[u8]) -> u64 {
    let len = bytes.len();
    let mut state = 0;
    if len > 64 {
        let (mut s1, mut s2, mut s3, mut s4) = (K1, K2, K3, K4);
        for block in bytes.as_chunks::<64>().0 {
            if let [a, b, c, d] = block.as_chunks::<16>().0 {
                s1 = mix(a, K0, s1);
                s2 = mix(b, K0, s2);
                s3 = mix(c, K0, s3);
                s4 = mix(d, K0, s4);
            }
        }
        state = fold(s1 ^ s2.rotate_left(17), s3 ^ s4.rotate_left(29) ^ K0);
    }
    if len > 32
        && let (Some(first), Some(last)) = (bytes.first_chunk::<32>(), bytes.last_chunk::<32>())
        && let ([a, _], [c, d]) = (first.as_chunks::<16>().0, last.as_chunks::<16>().0)
    {
        // The first 32 bytes of more than 64 are in the state already, their place is free for the end.
        let (a, b) = match bytes.last_chunk::<64>() {
            Some(end) if len > 64 => match end.as_chunks::<16>().0 {
                [a, b, ..] => (a, b),
                _ => (a, a),
            },
            _ => match first.as_chunks::<16>().0 {
                [a, b] => (a, b),
                _ => (a, a),
            },
        };
        state ^= mix(a, K1, K0) ^ mix(b, K2, K0);
        state ^= mix(c, K3, K0) ^ mix(d, K4, K0);
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        state = mix(first, K1, K0) ^ mix(last, K2, K0);
    }
    finish(state, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_count() {
        let base: Vec<u8> = (1..=200).collect();
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
