//! Checked access to the bytes a relocation touches: windows around a place, ranges, little-endian stores.
//!
//! Offsets come from the input and may be anything; nothing here panics or wraps.

use super::{Overflow, PatchError};

/// Which values a field can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// All; higher bits are dropped (the arithmetic is modulo the field).
    Any,
    /// Two's complement.
    Signed,
    Unsigned,
    /// Signed or unsigned: the field is a bit pattern.
    Either,
    /// A distance between two values of the field's size, taken modulo it (16-bit code).
    Modulo,
}

/// Whether `value` fits a field of `size` bytes.
#[inline(always)]
pub fn check(value: u64, size: usize, range: Range) -> Result<(), PatchError> {
    if size >= 8 || range == Range::Any {
        return Ok(());
    }
    // A value is in [min, max] when its distance from min is less than the number of values there.
    let all = 1u64 << (8 * size as u32);
    let half = all >> 1;
    let (below, count) = match range {
        Range::Signed => (half, all),
        Range::Unsigned => (0, all),
        Range::Modulo => (all - 1, 2 * all - 1),
        _ => (half, all + half),
    };
    if value.wrapping_add(below) >= count {
        return Err(overflow(value, below, count));
    }
    Ok(())
}

#[cold]
fn overflow(value: u64, below: u64, count: u64) -> PatchError {
    let min = -i128::from(below);
    PatchError::Overflow(Overflow {
        value: i128::from(value as i64),
        min,
        max: min + i128::from(count) - 1,
    })
}

/// The `len` bytes that start `before` bytes before `offset`.
#[inline(always)]
pub fn window(code: &[u8], offset: u64, before: usize, len: usize) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?.checked_sub(before)?;
    code.get(start..start.checked_add(len)?)
}

/// As [`window`], to be written, of a length known at compile time.
#[inline(always)]
pub fn window_mut<const N: usize>(
    code: &mut [u8],
    offset: u64,
    before: usize,
) -> Result<&mut [u8; N], PatchError> {
    let start = usize::try_from(offset)
        .ok()
        .and_then(|o| o.checked_sub(before))
        .ok_or(PatchError::OutOfSection)?;
    code.get_mut(start..)
        .and_then(|rest| rest.first_chunk_mut())
        .ok_or(PatchError::OutOfSection)
}

/// Stores the low `size` (0 to 8) bytes of `value` at `offset`.
#[inline(always)]
pub fn store_le(
    code: &mut [u8],
    offset: u64,
    size: usize,
    value: u64,
    range: Range,
) -> Result<(), PatchError> {
    match size {
        0 => Ok(()),
        4 => {
            check(value, 4, range)?;
            *window_mut(code, offset, 0)? = (value as u32).to_le_bytes();
            Ok(())
        }
        8 => {
            *window_mut(code, offset, 0)? = value.to_le_bytes();
            Ok(())
        }
        _ => {
            check(value, size, range)?;
            let start = usize::try_from(offset).map_err(|_| PatchError::OutOfSection)?;
            let field = start
                .checked_add(size)
                .and_then(|end| code.get_mut(start..end))
                .ok_or(PatchError::OutOfSection)?;
            for (to, from) in field.iter_mut().zip(value.to_le_bytes()) {
                *to = from;
            }
            Ok(())
        }
    }
}

/// The sign-extended `size` (0 to 8) bytes at `offset`; 0 when they are not there.
pub fn load_le_signed(data: &[u8], offset: u64, size: usize) -> i64 {
    let Some(field) = window(data, offset, 0, size) else {
        return 0;
    };
    let value = field
        .iter()
        .rev()
        .fold(0u64, |v, &b| (v << 8) | u64::from(b));
    match 64u32.checked_sub(8 * size as u32) {
        Some(shift @ 1..64) => ((value << shift) as i64) >> shift,
        _ => value as i64,
    }
}

/// The offset from the thread pointer where the TLS block ends at the thread pointer (ELF TLS variant II).
pub fn tp_offset_variant_2(addr: u64, tls_addr: u64, tls_size: u64, align: u64) -> i64 {
    let mask = align.max(1).wrapping_sub(1);
    let end = tls_addr.wrapping_add(tls_size).wrapping_add(mask) & !mask;
    addr.wrapping_sub(end) as i64
}
