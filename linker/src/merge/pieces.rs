//! Which pieces a mergeable section consists of, in a form that answers "which piece is at this offset?" in
//! constant time.
//!
//! One bit a byte marks where a piece begins, in blocks of 64 bytes with the number of the first piece that
//! begins in the block: the piece at an offset is that number plus a count of bits. 12 bytes for 64 bytes of
//! input, and no search for the 14 million relocations into `.debug_str` of a large debug link. Constants
//! need no bits: a division gives the piece.

use std::ops::Range;

use super::hash::hash;
use super::simd::zero_mask;
use super::{MergeInput, MergeKind};

/// Input of this size or more is cut into parts of this size, each split by one thread; smaller inputs are
/// put together until they have it. A power of two, and a multiple of 64.
pub const PART_SIZE: usize = 1 << 20;

/// Where pieces begin in 64 bytes of an input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Block {
    /// Bit `i`: a piece begins at byte `i`; in two halves to save padding.
    low: u32,
    high: u32,
    /// Number of the first piece that begins here or later, from the first piece of the part; after
    /// [`Block::renumber`], from the first of all.
    first: u32,
}

impl Block {
    fn new(bits: u64, first: u32) -> Block {
        Block {
            low: bits as u32,
            high: (bits >> 32) as u32,
            first,
        }
    }

    /// Where pieces begin in the block.
    #[inline(always)]
    pub fn bits(&self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }

    /// Number of the piece that begins at `offset`, which is in this block.
    #[inline(always)]
    pub fn number_at(&self, offset: u32) -> u32 {
        let before = self.bits() & !(u64::MAX << (offset % 64));
        self.first + before.count_ones()
    }

    pub fn renumber(&mut self, before: u32) {
        self.first += before;
    }
}

/// Blocks for so many bytes of strings.
pub fn block_count(size: usize) -> usize {
    size.div_ceil(64)
}

/// The piece that contains byte `offset` of an input with these blocks, and where it begins.
#[inline(always)]
pub fn piece_at(blocks: &[Block], offset: usize) -> Option<(u32, usize)> {
    let (index, bit) = (offset / 64, offset as u32 % 64);
    let block = blocks.get(index)?;
    if block.bits() >> bit & 1 != 0 {
        return Some((block.number_at(bit), offset));
    }
    let bits = block.bits() & (u64::MAX >> (63 - bit));
    if bits != 0 {
        let piece = block.first + bits.count_ones() - 1;
        return Some((piece, index * 64 + 63 - bits.leading_zeros() as usize));
    }
    // It began in a block before, the last one whose first piece is not this block's.
    let piece = block.first.checked_sub(1)?;
    let before = blocks.get(..index)?;
    let (i, block) = match before.last() {
        Some(last) if last.bits() != 0 => (index - 1, last),
        _ => {
            let i = before.partition_point(|b| b.first <= piece) - 1;
            (i, before.get(i)?)
        }
    };
    Some((piece, i * 64 + 63 - block.bits().leading_zeros() as usize))
}

/// A piece on its way to its shard.
#[derive(Clone, Copy, Debug, Default)]
pub struct Record {
    pub hash: u64,
    /// Where it begins, from the start of its part ([`Part`] says how).
    pub at: u32,
    /// Bytes, with the terminator; later, the number the shard gives it.
    pub len: u32,
}

/// A run of inputs, or a part of a large one, split by one thread.
///
/// The bytes of its inputs are thought of as one after another, each rounded up to blocks for strings, so
/// that one number says where in the part a piece is.
#[derive(Clone, Debug)]
pub struct Part {
    pub inputs: Range<u32>,
    /// Bytes of each input that belong to the part.
    pub bytes: Range<usize>,
    /// Where each input begins; empty when there is only one.
    starts: Vec<u32>,
}

/// The parts of all inputs, in order.
pub fn parts(kind: MergeKind, inputs: &[MergeInput<'_>]) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut first, mut size, mut starts) = (0u32, 0usize, Vec::new());
    let run = |inputs: Range<u32>, starts: Vec<u32>| Part {
        inputs,
        bytes: 0..PART_SIZE,
        starts,
    };
    for (i, input) in (0u32..).zip(inputs) {
        let len = input.data.len();
        let room = match kind.strings {
            true => len.next_multiple_of(64),
            false => len,
        };
        if first < i && size + room > PART_SIZE {
            parts.push(run(first..i, std::mem::take(&mut starts)));
            (first, size) = (i, 0);
        }
        if len <= PART_SIZE {
            starts.push(size as u32);
            size += room;
            continue;
        }
        let chunks = (0..len).step_by(PART_SIZE);
        parts.extend(chunks.map(|start| Part {
            inputs: i..i + 1,
            bytes: start..(start + PART_SIZE).min(len),
            starts: Vec::new(),
        }));
        first = i + 1;
    }
    let end = inputs.len() as u32;
    if first < end {
        parts.push(run(first..end, starts));
    }
    parts
}

impl Part {
    /// The bytes of an input that belong to the part.
    pub fn range(&self, data: &[u8]) -> Range<usize> {
        self.bytes.start.min(data.len())..self.bytes.end.min(data.len())
    }

    /// The inputs of the part, with their indexes.
    pub fn each<'i, 'd>(
        &self,
        inputs: &'i [MergeInput<'d>],
    ) -> impl Iterator<Item = (u32, &'i MergeInput<'d>)> {
        let own = inputs.get(self.inputs.start as usize..self.inputs.end as usize);
        (self.inputs.start..).zip(own.unwrap_or_default())
    }

    /// How many of the blocks of all inputs are the part's.
    pub fn block_count(&self, inputs: &[MergeInput<'_>]) -> usize {
        self.each(inputs)
            .map(|(_, input)| block_count(self.range(input.data).len()))
            .sum()
    }

    /// The input and the offset in it of what is `at` in the part.
    pub fn locate(&self, at: u32) -> (u32, usize) {
        let after = self.starts.partition_point(|&start| start <= at).max(1);
        let start = self.starts.get(after - 1).copied().unwrap_or(0);
        let input = self.inputs.start + (after - 1) as u32;
        (input, self.bytes.start + (at - start) as usize)
    }
}

/// The pieces of a part, by shard.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// Those of shard 0 in input order, then those of shard 1, ….
    pub records: Vec<Record>,
    /// How many each shard has.
    pub counts: Vec<u32>,
}

/// Splits a part; marks where pieces begin in `blocks`, the part's own (strings only).
pub fn split(
    kind: MergeKind,
    inputs: &[MergeInput<'_>],
    part: &Part,
    shard_bits: u32,
    mut blocks: &mut [Block],
) -> Pieces {
    let entsize = kind.entsize.max(1) as usize;
    let bytes: usize = part
        .each(inputs)
        .map(|(_, input)| part.range(input.data).len())
        .sum();
    // Names in debug information are longer, most other strings are too.
    let guess = bytes / if kind.strings { 16 } else { entsize };
    let mut found: Vec<Record> = Vec::with_capacity(guess + 1);
    let mut at = 0;
    for (_, input) in part.each(inputs) {
        let data = input.data;
        let range = part.range(data);
        let number = found.len() as u32;
        let mut emit = |start: usize, end: usize| {
            found.push(Record {
                hash: hash(data.get(start..end).unwrap_or_default()),
                at: (at + start - range.start) as u32,
                len: (end - start) as u32,
            });
        };
        if kind.strings {
            let (own, rest) = std::mem::take(&mut blocks)
                .split_at_mut_checked(block_count(range.len()))
                .unwrap_or_default();
            blocks = rest;
            split_strings(entsize, data, range.clone(), number, own, emit);
            at += range.len().next_multiple_of(64);
        } else {
            let first = range.start.next_multiple_of(entsize);
            for start in (first..range.end).step_by(entsize) {
                emit(start, start + entsize);
            }
            at += range.len();
        }
    }
    by_shard(found, shard_bits)
}

/// Finds the strings that begin in `range` of `data`; their bits and their numbers, from `number` on, go to
/// `blocks`.
fn split_strings(
    entsize: usize,
    data: &[u8],
    range: Range<usize>,
    mut number: u32,
    blocks: &mut [Block],
    mut emit: impl FnMut(usize, usize),
) {
    let bytes = data.get(range.clone()).unwrap_or_default();
    let ends_unit = |end: usize| {
        let unit = data.get(end.wrapping_sub(entsize)..end);
        unit.is_some_and(|u| u.iter().all(|&b| b == 0))
    };
    let begins = range.start == 0 || ends_unit(range.start);
    // Set when a string ends right before the block.
    let mut carry = u64::from(begins);
    let mut open = begins.then_some(range.start);
    let mut at = range.start;
    let (full, tail) = bytes.as_chunks::<64>();
    let mut padded = [1u8; 64];
    if let Some(start) = padded.get_mut(..tail.len()) {
        start.copy_from_slice(tail);
    }
    let last = (!tail.is_empty()).then_some(&padded);
    for (block, slot) in full.iter().chain(last).zip(blocks) {
        let zeros = zero_mask(block);
        // Bit at the last byte of each terminator.
        let mut ends = match entsize {
            1 => zeros,
            2 => zeros & zeros << 1 & 0xaaaa_aaaa_aaaa_aaaa,
            _ => zeros & zeros << 1 & zeros << 2 & zeros << 3 & 0x8888_8888_8888_8888,
        };
        let here = (range.end - at).min(64) as u32;
        let starts = (ends << 1 | carry) & (u64::MAX >> (64 - here));
        carry = ends >> 63;
        *slot = Block::new(starts, number);
        number += starts.count_ones();
        while ends != 0 {
            let end = at + ends.trailing_zeros() as usize + 1;
            ends &= ends - 1;
            if let Some(start) = open {
                emit(start, end);
            }
            open = Some(end);
        }
        at += 64;
    }
    // A string that begins here and ends in a later part.
    if let Some(start) = open.filter(|&s| s < range.end) {
        let mut end = range.end;
        while end < data.len() && !ends_unit(end) {
            end += entsize;
        }
        emit(start, end);
    }
}

/// The piece at the start of `bytes`, its terminator included.
pub fn first_piece(kind: MergeKind, bytes: &[u8]) -> &[u8] {
    let entsize = kind.entsize.max(1) as usize;
    let units = match kind.strings {
        true => {
            let mut units = bytes.chunks_exact(entsize);
            let end = units.position(|unit| unit.iter().all(|&b| b == 0));
            end.map_or(usize::MAX, |end| end + 1)
        }
        false => 1,
    };
    let len = units.saturating_mul(entsize).min(bytes.len());
    bytes.get(..len).unwrap_or(bytes)
}

/// Sorts pieces by shard, stably.
fn by_shard(found: Vec<Record>, shard_bits: u32) -> Pieces {
    if shard_bits == 0 {
        let counts = vec![found.len() as u32];
        return Pieces {
            records: found,
            counts,
        };
    }
    let shard = |record: &Record| (record.hash >> (64 - shard_bits)) as usize;
    let mut counts = vec![0u32; 1 << shard_bits];
    for record in &found {
        if let Some(count) = counts.get_mut(shard(record)) {
            *count += 1;
        }
    }
    let mut next = counts.clone();
    let mut sum = 0;
    for place in &mut next {
        sum += std::mem::replace(place, sum);
    }
    let mut records = vec![Record::default(); found.len()];
    for record in &found {
        if let Some(next) = next.get_mut(shard(record)) {
            if let Some(slot) = records.get_mut(*next as usize) {
                *slot = *record;
            }
            *next += 1;
        }
    }
    Pieces { records, counts }
}
