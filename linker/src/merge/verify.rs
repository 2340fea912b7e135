//! The last pass over the inputs: from each piece to its place in the output, and the proof that it is equal
//! to the piece that stands there.
//!
//! The pieces of a part are visited in input order, so one side of the comparison is read in a row and the
//! other, known long before, is asked for in time; a shard that compared would wait for both. What turns out unequal in spite of equal
//! hashes goes to the left-over pieces, which are merged by an ordinary hash map.

use std::collections::HashMap;

use super::pieces::{Block, Part, Pieces};
use super::simd::prefetch;
use super::table::{LEFT_OVER, Shard, Unique};
use super::{MergeInput, MergeKind};

/// Pieces ahead of which a unique piece's entry, and its bytes, are asked for.
const ENTRY_AHEAD: usize = 24;
const BYTES_AHEAD: usize = 12;

/// A piece that is not in a shard.
#[derive(Clone, Copy, Debug)]
pub struct LeftOver<'d> {
    /// Its number among all pieces.
    pub number: u32,
    pub bytes: &'d [u8],
}

/// How a unique piece is named in 32 bits: the shard above, the number in the shard below.
#[derive(Clone, Copy, Debug)]
pub struct Naming {
    pub shard_bits: u32,
}

impl Naming {
    /// How many pieces a shard may have.
    pub fn limit(self) -> u64 {
        (1 << (32 - self.shard_bits)) - 1
    }

    fn name(self, shard: usize, number: u32) -> u32 {
        match number {
            LEFT_OVER => LEFT_OVER,
            _ => ((shard as u64) << (32 - self.shard_bits)) as u32 | number,
        }
    }

    #[inline(always)]
    fn find<'s, 'd>(self, shards: &'s [Shard<'d>], name: u32) -> Option<(&'s Shard<'d>, usize)> {
        let number = u64::from(name) & self.limit();
        let shard = u64::from(name) >> (32 - self.shard_bits);
        Some((shards.get(shard as usize)?, number as usize))
    }
}

/// Notes the place of each piece of a part in `places`, which are the part's own; `first` is the number of
/// the first among all pieces.
#[allow(clippy::too_many_arguments)]
pub fn put_places<'d>(
    kind: MergeKind,
    naming: Naming,
    shards: &[Shard<'d>],
    inputs: &[MergeInput<'d>],
    part: &Part,
    split: &Pieces,
    blocks: &mut [Block],
    places: &mut [u32],
    first: u32,
) -> Vec<LeftOver<'d>> {
    // In a row, which also brings them into the cache for the look-ups out of order that follow.
    for block in blocks.iter_mut() {
        block.renumber(first);
    }
    // First the names of the unique pieces, from the shards' order into input order.
    let mut records = split.records.as_slice();
    for (shard, &count) in split.counts.iter().enumerate() {
        let (run, rest) = records.split_at_checked(count as usize).unwrap_or_default();
        records = rest;
        for record in run {
            let number = if kind.strings {
                let block = blocks.get(record.at as usize / 64);
                block.map_or(0, |b| b.number_at(record.at).wrapping_sub(first))
            } else {
                record.at / kind.entsize
            };
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = naming.name(shard, record.len);
            }
        }
    }
    let mut check = Check {
        naming,
        shards,
        places,
        next: 0,
        first,
        left: Vec::new(),
    };
    let mut rest = &*blocks;
    for (_, input) in part.each(inputs) {
        let range = part.range(input.data);
        if !kind.strings {
            let entsize = kind.entsize as usize;
            for start in (range.start.next_multiple_of(entsize)..range.end).step_by(entsize) {
                check.piece(input.data.get(start..).unwrap_or_default());
            }
            continue;
        }
        let count = super::pieces::block_count(range.len());
        let (own, after) = rest.split_at_checked(count).unwrap_or_default();
        rest = after;
        for (block, at) in own.iter().zip((range.start..).step_by(64)) {
            let mut bits = block.bits();
            while bits != 0 {
                let start = at + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                check.piece(input.data.get(start..).unwrap_or_default());
            }
        }
    }
    let mut left = check.left;
    for piece in &mut left {
        piece.bytes = super::pieces::first_piece(kind, piece.bytes);
    }
    left
}

struct Check<'a, 'd> {
    naming: Naming,
    shards: &'a [Shard<'d>],
    places: &'a mut [u32],
    /// Number of the next piece, in the part.
    next: usize,
    first: u32,
    left: Vec<LeftOver<'d>>,
}

impl<'d> Check<'_, 'd> {
    #[inline(always)]
    fn unique(&self, ahead: usize) -> Option<(&Shard<'d>, usize)> {
        let name = *self.places.get(self.next + ahead)?;
        self.naming.find(self.shards, name)
    }

    /// The next piece, at the start of `bytes`. A string is as long as the one it is compared with: neither
    /// can be the start of the other, since the terminator belongs to both.
    #[inline(always)]
    fn piece(&mut self, bytes: &'d [u8]) {
        if let Some((shard, number)) = self.unique(ENTRY_AHEAD)
            && let Some(entry) = shard.pieces.get(number)
        {
            prefetch(entry);
        }
        if let Some((shard, number)) = self.unique(BYTES_AHEAD)
            && let Some([first, .., last]) = shard.pieces.get(number).map(|p| p.bytes)
        {
            prefetch(first);
            prefetch(last);
        }
        let mut place = None;
        if let Some((shard, number)) = self.unique(0)
            && let Some(unique) = shard.pieces.get(number)
            && (std::ptr::eq(unique.bytes.as_ptr(), bytes.as_ptr())
                || bytes.get(..unique.bytes.len()) == Some(unique.bytes))
        {
            place = Some((shard.start as u32).wrapping_add(unique.place));
        }
        match (place, self.places.get_mut(self.next)) {
            (Some(place), Some(slot)) => *slot = place,
            _ => self.left.push(LeftOver {
                number: self.first + self.next as u32,
                bytes,
            }),
        }
        self.next += 1;
    }
}

/// Merges what is left over into one more shard; returns it with the place of each from its start.
pub fn merge_left_over<'d>(left: &[LeftOver<'d>], align: u64) -> (Shard<'d>, Vec<u64>) {
    let mut shard = Shard::default();
    let mut known: HashMap<&[u8], u64> = HashMap::new();
    let places = left.iter().map(|piece| {
        *known.entry(piece.bytes).or_insert_with(|| {
            let place = shard.size.next_multiple_of(align);
            shard.pieces.push(Unique {
                bytes: piece.bytes,
                place: place as u32,
            });
            shard.size = place + piece.bytes.len() as u64;
            place
        })
    });
    let places = places.collect();
    (shard, places)
}
