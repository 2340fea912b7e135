//! Merging of SHF_MERGE sections (gABI "Section Attribute Flags"): strings and constants that occur in many
//! inputs are put into the output once.
//!
//! The hottest part of a debug link: `.debug_str` of a C++ program is hundreds of megabytes in, ten million
//! strings. Three passes, each over disjoint parts without a lock:
//! 1. [`pieces`]: inputs are split; a piece's hash is computed while it is in the cache, and chooses its shard;
//! 2. [`table`]: each shard finds the equal ones among its pieces, in input order, by their hashes;
//! 3. [`verify`]: the place of each piece is noted by its number, which [`pieces::piece_at`] finds from an
//!    offset, and the bytes are compared.
//!
//! Parts and shards depend on the inputs' sizes only, so the output is the same for any number of threads.

pub mod hash;
mod pieces;
pub mod simd;
mod table;
mod verify;

use std::fmt;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use pieces::{Block, Part, Pieces, Record};
use simd::prefetch;
use table::Shard;
use verify::{LeftOver, Naming};

/// What the pieces of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeKind {
    /// sh_entsize: bytes of a constant, or of a character.
    pub entsize: u32,
    /// SHF_STRINGS: pieces end after a character 0.
    pub strings: bool,
}

/// One input section.
#[derive(Clone, Copy, Debug)]
pub struct MergeInput<'d> {
    pub data: &'d [u8],
    /// sh_addralign, a power of two (0 is 1). A piece is aligned as its offset in the input was.
    pub align: u64,
}

/// Why a section cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeFault {
    /// sh_entsize is 0, for strings other than 1, 2 or 4, or larger than 64 KiB.
    EntrySize,
    /// The section's size is not a multiple of sh_entsize.
    Size,
    /// The last string has no end.
    NotTerminated,
    /// sh_addralign is not a power of two, or larger than 1 MiB.
    Align,
    /// The section, or the merged one, has 4 GiB and more.
    TooBig,
}

impl fmt::Display for MergeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MergeFault::EntrySize => "entry size does not suit a mergeable section",
            MergeFault::Size => "size is not a multiple of the entry size",
            MergeFault::NotTerminated => "last string is not terminated",
            MergeFault::Align => "alignment does not suit a mergeable section",
            MergeFault::TooBig => "too big to be merged",
        })
    }
}

/// A fault in one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeError {
    /// Index of the input; None when it is the merged section that is too big.
    pub input: Option<u32>,
    /// Bytes from the start of the input.
    pub offset: u64,
    pub fault: MergeFault,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at offset {:#x})", self.fault, self.offset)
    }
}

impl std::error::Error for MergeError {}

/// Whether a section can be merged; one that cannot is an ordinary section. Looks at its last bytes only.
pub fn check(kind: MergeKind, input: &MergeInput<'_>) -> Result<(), MergeFault> {
    let entsize = kind.entsize as usize;
    if entsize == 0 || entsize > 1 << 16 || kind.strings && !matches!(entsize, 1 | 2 | 4) {
        return Err(MergeFault::EntrySize);
    }
    if input.align > 1 << 20 || input.align != 0 && !input.align.is_power_of_two() {
        return Err(MergeFault::Align);
    }
    if !input.data.len().is_multiple_of(entsize) {
        return Err(MergeFault::Size);
    }
    if input.data.len() >= u32::MAX as usize {
        return Err(MergeFault::TooBig);
    }
    let end = input.data.len().saturating_sub(entsize);
    let last = input.data.get(end..).unwrap_or_default();
    if kind.strings && last.iter().any(|&b| b != 0) {
        return Err(MergeFault::NotTerminated);
    }
    Ok(())
}

/// Where an input's pieces are.
#[derive(Clone, Copy, Debug)]
struct Place {
    size: u32,
    /// Strings: its first block.
    first_block: u32,
    /// Constants: its first piece.
    first_piece: u32,
}

/// A merged section.
#[derive(Clone, Debug)]
pub struct Merged<'d> {
    kind: MergeKind,
    inputs: Vec<Place>,
    blocks: Vec<Block>,
    /// Where each piece is in the output section.
    places: Vec<u32>,
    shards: Vec<Shard<'d>>,
    size: u64,
    align: u64,
}

/// One input of a merged section.
#[derive(Clone, Copy, Debug)]
pub struct InputPieces<'m> {
    /// Where its pieces begin, when they are strings.
    blocks: &'m [Block],
    /// By number of a piece, from the first of all inputs.
    places: &'m [u32],
    /// Bytes.
    size: u32,
    first_piece: u32,
    kind: MergeKind,
}

impl InputPieces<'_> {
    /// As [`Self::lookup`], but the very end of the input is the end of its last piece.
    #[inline(always)]
    pub fn lookup_or_end(&self, offset: u64) -> Option<u64> {
        match self.lookup(offset) {
            Some(at) => Some(at),
            None => Some(self.lookup(offset.checked_sub(1)?)? + 1),
        }
    }

    /// Where byte `offset` is in the merged section: an offset inside a piece keeps its distance from the piece's
    /// start. None outside the input.
    #[inline(always)]
    pub fn lookup(&self, offset: u64) -> Option<u64> {
        if offset >= u64::from(self.size) {
            return None;
        }
        let offset = offset as u32;
        let (number, distance) = if self.kind.strings {
            let (number, start) = pieces::piece_at(self.blocks, offset as usize)?;
            (number, offset - start as u32)
        } else {
            let size = self.kind.entsize;
            (self.first_piece + offset / size, offset % size)
        };
        let start = self.places.get(number as usize)?;
        Some(u64::from(*start) + u64::from(distance))
    }
}

/// Input bytes for each shard: its table is to fit into a core's cache.
const SHARD_SIZE: u64 = 4 << 20;
const MAX_SHARD_BITS: u32 = 8;
/// What threads can share has at least so many shards, for even parts.
const PARALLEL_SHARD_BITS: u32 = 4;
/// Input bytes from which on threads pay.
const PARALLEL_SIZE: u64 = 1 << 20;

/// Merges sections of one kind. With `parallel`, by the threads of the current pool if there is enough to
/// do; the result is the same.
pub fn merge<'d>(
    kind: MergeKind,
    inputs: &[MergeInput<'d>],
    parallel: bool,
) -> Result<Merged<'d>, Vec<MergeError>> {
    let mut errors = Vec::new();
    let mut places = Vec::with_capacity(inputs.len());
    let (mut blocks, mut constants, mut bytes) = (0u64, 0u64, 0u64);
    for (i, input) in (0u32..).zip(inputs) {
        if let Err(fault) = check(kind, input) {
            errors.push(MergeError {
                input: Some(i),
                offset: input.data.len() as u64,
                fault,
            });
            continue;
        }
        places.push(Place {
            size: input.data.len() as u32,
            first_block: blocks as u32,
            first_piece: constants as u32,
        });
        bytes += input.data.len() as u64;
        blocks += pieces::block_count(input.data.len()) as u64;
        constants += (input.data.len() / kind.entsize as usize) as u64;
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let too_big = || {
        vec![MergeError {
            input: None,
            offset: 0,
            fault: MergeFault::TooBig,
        }]
    };
    if blocks > u64::from(u32::MAX) || !kind.strings && constants > u64::from(u32::MAX) {
        return Err(too_big());
    }
    let large = bytes >= PARALLEL_SIZE;
    let parallel = parallel && large;
    let shard_bits = (bytes / SHARD_SIZE)
        .next_power_of_two()
        .ilog2()
        .clamp(if large { PARALLEL_SHARD_BITS } else { 0 }, MAX_SHARD_BITS);
    let align = inputs.iter().map(|i| i.align.max(1)).max().unwrap_or(1);
    // Otherwise the sizes of the pieces keep their alignment by themselves.
    let aligned = u64::from(kind.entsize) % align != 0;

    let parts = pieces::parts(kind, inputs);
    let mut all_blocks = match kind.strings {
        true => vec![Block::default(); blocks as usize],
        false => Vec::new(),
    };
    let mut split = for_each(parallel, disjoint(&mut all_blocks, &parts, inputs), |p| {
        pieces::split(kind, inputs, p.0, shard_bits, p.1)
    });

    let total: u64 = split.iter().map(|p| p.records.len() as u64).sum();
    if total > u64::from(u32::MAX) {
        return Err(too_big());
    }
    let mut shards = for_each(parallel, by_shard(&mut split, shard_bits), |mut runs| {
        table::build(inputs, &parts, &mut runs, aligned)
    });
    let naming = Naming { shard_bits };
    let mut size = 0u64;
    for shard in &mut shards {
        if shard.size > u64::from(u32::MAX) || shard.pieces.len() as u64 > naming.limit() {
            return Err(too_big());
        }
        shard.start = size.next_multiple_of(align);
        size = shard.start + shard.size;
    }
    if size > u64::from(u32::MAX) {
        return Err(too_big());
    }

    let mut merged = Merged {
        kind,
        inputs: places,
        blocks: Vec::new(),
        places: vec![0; total as usize],
        shards,
        size,
        align,
    };
    let mut number = 0u32;
    let mut rest = merged.places.as_mut_slice();
    let mut work = Vec::with_capacity(parts.len());
    for ((part, blocks), split) in disjoint(&mut all_blocks, &parts, inputs).zip(&split) {
        let count = split.records.len();
        let (own, after) = rest.split_at_mut_checked(count).unwrap_or_default();
        rest = after;
        work.push((part, blocks, split, own, number));
        number += count as u32;
    }
    let shards = &merged.shards;
    let left = for_each(
        parallel,
        work.into_iter(),
        |(part, blocks, split, own, first)| {
            verify::put_places(
                kind, naming, shards, inputs, part, split, blocks, own, first,
            )
        },
    );
    merged.blocks = all_blocks;
    let left = left.concat();
    if !left.is_empty() {
        merged.add_left_over(&left).ok_or_else(too_big)?;
    }
    Ok(merged)
}

/// Each part with its blocks.
fn disjoint<'a>(
    mut blocks: &'a mut [Block],
    parts: &'a [Part],
    inputs: &'a [MergeInput<'_>],
) -> impl ExactSizeIterator<Item = (&'a Part, &'a mut [Block])> {
    parts.iter().map(move |part| {
        let count = part.block_count(inputs);
        let (own, rest) = std::mem::take(&mut blocks)
            .split_at_mut_checked(count)
            .unwrap_or_default();
        blocks = rest;
        (part, own)
    })
}

/// The records of each shard: a run for each part.
fn by_shard(
    split: &mut [Pieces],
    shard_bits: u32,
) -> impl ExactSizeIterator<Item = Vec<&mut [Record]>> {
    let mut shards: Vec<Vec<&mut [Record]>> = Vec::new();
    shards.resize_with(1 << shard_bits, || Vec::with_capacity(split.len()));
    for pieces in split {
        let mut rest = pieces.records.as_mut_slice();
        for (shard, &count) in shards.iter_mut().zip(&pieces.counts) {
            let (run, after) = rest
                .split_at_mut_checked(count as usize)
                .unwrap_or_default();
            rest = after;
            shard.push(run);
        }
    }
    shards.into_iter()
}

/// Maps work to results in order, by the threads of the current pool or by this one.
fn for_each<W: Send, R: Send>(
    parallel: bool,
    work: impl Iterator<Item = W>,
    f: impl Fn(W) -> R + Send + Sync,
) -> Vec<R> {
    if parallel {
        let work: Vec<W> = work.collect();
        work.into_par_iter().with_max_len(1).map(f).collect()
    } else {
        work.map(f).collect()
    }
}

impl<'d> Merged<'d> {
    /// Puts the pieces that no shard has behind all shards. None when there is no room for them.
    fn add_left_over(&mut self, left: &[LeftOver<'d>]) -> Option<()> {
        let (mut shard, places) = verify::merge_left_over(left, self.align);
        shard.start = self.size.next_multiple_of(self.align);
        self.size = shard.start + shard.size;
        u32::try_from(self.size).ok()?;
        for (piece, place) in left.iter().zip(places) {
            if let Some(slot) = self.places.get_mut(piece.number as usize) {
                *slot = (shard.start + place) as u32;
            }
        }
        self.shards.push(shard);
        Some(())
    }

    /// Bytes of the merged section.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Alignment of the merged section.
    pub fn align(&self) -> u64 {
        self.align
    }

    /// How many pieces went in, and how many different ones came out.
    pub fn counts(&self) -> (usize, usize) {
        let out = self.shards.iter().map(|s| s.pieces.len()).sum();
        (self.places.len(), out)
    }

    /// Input `input`, to be asked where its bytes are.
    #[inline]
    pub fn input(&self, input: u32) -> Option<InputPieces<'_>> {
        let place = self.inputs.get(input as usize)?;
        let blocks = if self.kind.strings {
            let first = place.first_block as usize;
            let end = first + pieces::block_count(place.size as usize);
            self.blocks.get(first..end)?
        } else {
            &[]
        };
        Some(InputPieces {
            blocks,
            places: &self.places,
            size: place.size,
            first_piece: place.first_piece,
            kind: self.kind,
        })
    }

    /// Writes the bytes from `start` of the merged section on; zeros between pieces and behind the end.
    pub fn write_range(&self, start: u64, buf: &mut [u8]) {
        buf.fill(0);
        let end = start.saturating_add(buf.len() as u64);
        let first = self.shards.partition_point(|s| s.start + s.size <= start);
        for shard in self.shards.get(first..).unwrap_or_default() {
            if shard.start >= end {
                break;
            }
            write_shard(shard, start, end, buf);
        }
    }
}

fn write_shard(shard: &Shard<'_>, start: u64, end: u64, buf: &mut [u8]) {
    /// Pieces of which the bytes are asked for before they are copied.
    const AHEAD: usize = 12;
    let from = start.saturating_sub(shard.start);
    let first = shard
        .pieces
        .partition_point(|p| u64::from(p.place) <= from)
        .saturating_sub(1);
    let pieces = shard.pieces.get(first..).unwrap_or_default();
    for (i, piece) in pieces.iter().enumerate() {
        if let Some(byte) = pieces.get(i + AHEAD).and_then(|p| p.bytes.first()) {
            prefetch(byte);
        }
        let at = shard.start + u64::from(piece.place);
        if at >= end {
            break;
        }
        // The part of the piece that lies in the range.
        let skip = usize::try_from(start.saturating_sub(at)).unwrap_or(usize::MAX);
        let to = (at.max(start) - start) as usize;
        let piece = piece.bytes.get(skip..).unwrap_or_default();
        let room = buf.get_mut(to..).unwrap_or_default();
        let len = piece.len().min(room.len());
        if let (Some(room), Some(piece)) = (room.get_mut(..len), piece.get(..len)) {
            room.copy_from_slice(piece);
        }
    }
}

#[cfg(test)]
mod tests;
