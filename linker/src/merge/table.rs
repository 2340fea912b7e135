//! One shard of the pieces: which are equal, and where each goes.
//!
//! Open addressing over 8-byte slots (32 bits of the hash, and which piece), so that looking for a name that
//! is new touches one cache line; the bytes are compared only when the 32 bits agree. A shard is small enough
//! for its table to stay in the cache; the bytes of the pieces are not, so they are asked for a few pieces
//! ahead. Places are given in the order in which pieces are first seen.

use super::pieces::Record;
use super::simd::prefetch;
use super::{MergeInput, MergeKind};

/// Pieces that are looked up side by side.
const BATCH: usize = 16;

#[derive(Clone, Copy, Default)]
struct Slot {
    tag: u32,
    /// Index of the piece, plus 1; 0 is an empty slot.
    piece: u32,
}

/// The different pieces of a shard, in their order in the output.
#[derive(Clone, Debug, Default)]
pub struct Shard<'d> {
    pub pieces: Vec<&'d [u8]>,
    /// Where each begins, from the start of the shard.
    pub places: Vec<u32>,
    /// Bytes of the shard; more than 4 GiB is the caller's to refuse.
    pub size: u64,
    /// Where the shard begins in the output section.
    pub start: u64,
}

/// Builds a shard from its pieces, given as runs in input order. The `tag` of each record becomes its place
/// from the start of the shard.
pub fn build<'d>(
    kind: MergeKind,
    inputs: &[MergeInput<'d>],
    runs: &mut [&mut [Record]],
    aligned: bool,
) -> Shard<'d> {
    let count: usize = runs.iter().map(|r| r.len()).sum();
    let mut table = Table::with_room(kind, inputs, count / 4 + 1);
    for run in runs.iter_mut() {
        for batch in run.chunks_mut(BATCH) {
            table.insert(batch);
        }
    }
    let pieces = table.pieces;
    let mut shard = Shard {
        places: Vec::with_capacity(pieces.len()),
        ..Shard::default()
    };
    if !aligned {
        for piece in &pieces {
            shard.places.push(shard.size as u32);
            shard.size += piece.len() as u64;
        }
    } else {
        // A piece is aligned as the strictest of its equals was.
        let mut aligns = vec![1u64; pieces.len()];
        for record in runs.iter().flat_map(|run| run.iter()) {
            if let Some(align) = aligns.get_mut(record.tag as usize) {
                *align = (*align).max(record_align(inputs, record));
            }
        }
        for (piece, align) in pieces.iter().zip(aligns) {
            let place = shard.size.next_multiple_of(align);
            shard.places.push(place as u32);
            shard.size = place + piece.len() as u64;
        }
    }
    for record in runs.iter_mut().flat_map(|run| run.iter_mut()) {
        if let Some(place) = shard.places.get(record.tag as usize) {
            record.tag = *place;
        }
    }
    shard.pieces = pieces;
    shard
}

/// What a piece's place in its section says about its alignment.
fn record_align(inputs: &[MergeInput<'_>], record: &Record) -> u64 {
    let align = inputs.get(record.input as usize).map_or(1, |i| i.align);
    let place = 1u64 << record.offset.trailing_zeros();
    align.max(1).min(place)
}

struct Table<'t, 'd> {
    kind: MergeKind,
    inputs: &'t [MergeInput<'d>],
    slots: Vec<Slot>,
    mask: usize,
    pieces: Vec<&'d [u8]>,
}

impl<'t, 'd> Table<'t, 'd> {
    fn with_room(kind: MergeKind, inputs: &'t [MergeInput<'d>], pieces: usize) -> Self {
        let slots = (pieces * 2).next_power_of_two().max(2 * BATCH);
        Table {
            kind,
            inputs,
            slots: vec![Slot::default(); slots],
            mask: slots - 1,
            pieces: Vec::with_capacity(pieces),
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        self.mask = size - 1;
        for slot in old.into_iter().filter(|s| s.piece != 0) {
            let mut at = slot.tag as usize & self.mask;
            while let Some(place) = self.slots.get_mut(at) {
                if place.piece == 0 {
                    *place = slot;
                    break;
                }
                at = (at + 1) & self.mask;
            }
        }
    }

    /// The input from a piece's first byte on.
    #[inline(always)]
    fn bytes(&self, record: &Record) -> &'d [u8] {
        let input = self.inputs.get(record.input as usize);
        input
            .and_then(|i| i.data.get(record.offset as usize..))
            .unwrap_or_default()
    }

    /// Replaces the tag of each record by the number of its piece.
    fn insert(&mut self, batch: &mut [Record]) {
        if (self.pieces.len() + batch.len()) * 2 > self.slots.len() {
            self.grow();
        }
        for record in batch.iter() {
            if let Some(slot) = self.slots.get(record.tag as usize & self.mask) {
                prefetch(slot);
            }
            if let Some(byte) = self.bytes(record).first() {
                prefetch(byte);
            }
        }
        for record in batch.iter() {
            let slot = self.slots.get(record.tag as usize & self.mask);
            if let Some(slot) = slot.filter(|s| s.tag == record.tag)
                && let Some(first) = self
                    .pieces
                    .get((slot.piece as usize).wrapping_sub(1))
                    .and_then(|p| p.first())
            {
                prefetch(first);
            }
        }
        for record in batch.iter_mut() {
            record.tag = self.find_or_add(record);
        }
    }

    #[inline(always)]
    fn find_or_add(&mut self, record: &Record) -> u32 {
        let bytes = self.bytes(record);
        let mut at = record.tag as usize & self.mask;
        loop {
            let slot = self.slots.get(at).copied().unwrap_or_default();
            if slot.piece == 0 {
                break;
            }
            if slot.tag == record.tag {
                // No piece is the start of another: the terminator is part of it.
                let number = slot.piece - 1;
                let piece = self.pieces.get(number as usize).copied();
                if let Some(piece) = piece
                    && bytes.get(..piece.len()) == Some(piece)
                {
                    return number;
                }
            }
            at = (at + 1) & self.mask;
        }
        let number = self.pieces.len() as u32;
        self.pieces.push(piece_of(self.kind, bytes));
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot {
                tag: record.tag,
                piece: number + 1,
            };
        }
        number
    }
}

/// The piece at the start of `bytes`, its terminator included.
fn piece_of(kind: MergeKind, bytes: &[u8]) -> &[u8] {
    let entsize = kind.entsize as usize;
    let len = match (kind.strings, entsize) {
        (false, _) => entsize,
        (true, 1) => memchr::memchr(0, bytes).map_or(bytes.len(), |end| end + 1),
        (true, _) => {
            let mut units = bytes.chunks_exact(entsize.max(1));
            let end = units.position(|unit| unit.iter().all(|&b| b == 0));
            end.map_or(bytes.len(), |end| (end + 1) * entsize)
        }
    };
    bytes.get(..len).unwrap_or(bytes)
}
