//! The two machine instructions that strings cannot do without: a look at many bytes at once for zeros, and a hint to
//! the cache. The only unsafe code of `merge/`.
//!
//! SSE2 belongs to x86-64 itself, so nothing is detected at run time; other machines take the portable way.
#![allow(unsafe_code)]

/// Bit `i` is set when byte `i` is zero.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn zero_mask_16(block: &[u8; 16]) -> u32 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_setzero_si128,
    };
    // SAFETY: SSE2 is part of the target, and all 16 bytes lie inside `block`; an unaligned load is asked for.
    unsafe {
        let bytes = _mm_loadu_si128(block.as_ptr().cast::<__m128i>());
        _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) as u32
    }
}

/// Bit `i` is set when byte `i` is zero.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn zero_mask(block: &[u8; 64]) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let masks = (0..).step_by(16).zip(parts);
    masks.fold(0, |mask, (at, part)| {
        mask | u64::from(zero_mask_16(part)) << at
    })
}

/// The same for half as many bytes.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn zero_mask_32(block: &[u8; 32]) -> u32 {
    let (parts, _) = block.as_chunks::<16>();
    let masks = (0..).step_by(16).zip(parts);
    masks.fold(0, |mask, (at, part)| mask | zero_mask_16(part) << at)
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn zero_mask_32(block: &[u8; 32]) -> u32 {
    let mut whole = [1; 64];
    whole[..32].copy_from_slice(block);
    zero_mask_portable(&whole) as u32
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn zero_mask(block: &[u8; 64]) -> u64 {
    zero_mask_portable(block)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn zero_mask_portable(block: &[u8; 64]) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let (words, _) = block.as_chunks::<8>();
    let mut mask = 0u64;
    for (i, word) in words.iter().enumerate() {
        let w = u64::from_le_bytes(*word);
        // The highest bit of each byte that is zero, then those bits side by side.
        let zeros = !(((w & LOW) + LOW) | w | LOW);
        let bits = (zeros >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * i);
    }
    mask
}

/// Asks for the cache line of `value`. Changes nothing but time.
#[inline(always)]
pub fn prefetch<T>(value: &T) {
    // SAFETY: a prefetch does not access memory as far as the program can tell, and the address is that of
    // a live reference anyway.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast::<i8>());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_those_of_a_plain_loop() {
        let mut seed = 1u64;
        for _ in 0..if cfg!(miri) { 40 } else { 2000 } {
            let mut block = [0u8; 64];
            for b in &mut block {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1);
                *b = [0, 1, 0x80, 0xff, (seed >> 56) as u8][(seed >> 40) as usize % 5];
            }
            let plain = (0..64).fold(0u64, |m, i| m | u64::from(block[i] == 0) << i);
            assert_eq!(zero_mask(&block), plain);
            assert_eq!(zero_mask_32(block.first_chunk().unwrap()), plain as u32);
            assert_eq!(zero_mask_portable(&block), plain);
        }
    }
}
