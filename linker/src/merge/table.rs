//! One shard of the pieces: which are equal, and where each goes.
//!
//! Open addressing on the 64-bit hash and the length; no byte of a piece is looked at here, so all that is
//! touched is a table that fits into the cache and records in a row. That pieces with equal hashes are equal
//! is checked afterwards, in input order, where the bytes lie side by side in memory (see `verify`); a piece
//! for which it is not so, or that does not find its place within [`MAX_PROBES`], is left over.

use super::MergeInput;
use super::pieces::{Part, Record};
use super::simd::prefetch;

/// Steps after which a piece is left over: only inputs made for the purpose get there.
const MAX_PROBES: usize = 512;
/// Records of which the slot is asked for before it is needed.
const AHEAD: usize = 8;
/// The number of a piece that is left over.
pub const LEFT_OVER: u32 = u32::MAX;

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u64,
    len: u32,
    /// Number of the piece, plus 1; 0 is an empty slot.
    piece: u32,
}

/// A piece that is in the output.
#[derive(Clone, Copy, Debug)]
pub struct Unique<'d> {
    pub bytes: &'d [u8],
    /// Where it begins, from the start of the shard.
    pub place: u32,
}

/// The different pieces of a shard, in their order in the output.
#[derive(Clone, Debug, Default)]
pub struct Shard<'d> {
    pub pieces: Vec<Unique<'d>>,
    /// Bytes of the shard; more than 4 GiB is the caller's to refuse.
    pub size: u64,
    /// Where the shard begins in the output section.
    pub start: u64,
}

/// Builds a shard from its pieces, given as one run for each part. The `len` of each record becomes the
/// piece's number in the shard.
pub fn build<'d>(
    inputs: &[MergeInput<'d>],
    parts: &[Part],
    runs: &mut [&mut [Record]],
    aligned: bool,
) -> Shard<'d> {
    let count: usize = runs.iter().map(|r| r.len()).sum();
    let mut table = Table::with_room(count / 16);
    let mut pieces: Vec<Unique<'d>> = Vec::with_capacity(count / 16);
    for (run, part) in runs.iter_mut().zip(parts) {
        for i in 0..run.len() {
            if let Some(next) = run.get(i + AHEAD) {
                table.prefetch(next.hash);
            }
            let Some(record) = run.get_mut(i) else { break };
            let len = record.len;
            record.len = table.number(record.hash, len);
            if record.len as usize == pieces.len() {
                let (input, offset) = part.locate(record.at);
                let data = inputs.get(input as usize).map_or(&[][..], |i| i.data);
                let piece = data.get(offset..offset + len as usize);
                pieces.push(Unique {
                    bytes: piece.unwrap_or_default(),
                    place: 0,
                });
            }
        }
    }
    let aligns = match aligned {
        true => strictest(inputs, parts, runs, pieces.len()),
        false => Vec::new(),
    };
    let mut size = 0u64;
    for (i, piece) in pieces.iter_mut().enumerate() {
        let align = aligns.get(i).copied().unwrap_or(1);
        let place = size.next_multiple_of(align);
        piece.place = place as u32;
        size = place + piece.bytes.len() as u64;
    }
    Shard {
        pieces,
        size,
        start: 0,
    }
}

/// Alignment of each piece: the strictest that a place of an equal one had in its input.
fn strictest(
    inputs: &[MergeInput<'_>],
    parts: &[Part],
    runs: &[&mut [Record]],
    pieces: usize,
) -> Vec<u64> {
    let mut aligns = vec![1u64; pieces];
    for (run, part) in runs.iter().zip(parts) {
        for record in run.iter() {
            let (input, offset) = part.locate(record.at);
            let align = inputs.get(input as usize).map_or(1, |i| i.align.max(1));
            let here = align.min(1 << offset.trailing_zeros().min(63));
            if let Some(align) = aligns.get_mut(record.len as usize) {
                *align = here.max(*align);
            }
        }
    }
    aligns
}

struct Table {
    slots: Vec<Slot>,
    mask: usize,
    pieces: u32,
}

impl Table {
    fn with_room(pieces: usize) -> Table {
        let slots = (pieces * 2).next_power_of_two().max(64);
        Table {
            slots: vec![Slot::default(); slots],
            mask: slots - 1,
            pieces: 0,
        }
    }

    fn prefetch(&self, hash: u64) {
        if let Some(slot) = self.slots.get(hash as usize & self.mask) {
            prefetch(slot);
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        self.mask = size - 1;
        for slot in old.into_iter().filter(|s| s.piece != 0) {
            let mut at = slot.hash as usize & self.mask;
            while let Some(place) = self.slots.get_mut(at) {
                if place.piece == 0 {
                    *place = slot;
                    break;
                }
                at = (at + 1) & self.mask;
            }
        }
    }

    /// The number of the piece with this hash and length; the next one if it is new.
    #[inline(always)]
    fn number(&mut self, hash: u64, len: u32) -> u32 {
        let mut at = hash as usize & self.mask;
        for _ in 0..MAX_PROBES {
            let Some(slot) = self.slots.get_mut(at) else {
                break;
            };
            if slot.piece == 0 {
                let number = self.pieces;
                self.pieces += 1;
                *slot = Slot {
                    hash,
                    len,
                    piece: self.pieces,
                };
                if self.pieces as usize * 2 > self.slots.len() {
                    self.grow();
                }
                return number;
            }
            if slot.hash == hash && slot.len == len {
                return slot.piece - 1;
            }
            at = (at + 1) & self.mask;
        }
        LEFT_OVER
    }
}
