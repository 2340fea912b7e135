//! `.eh_frame`: call frame information, taken apart, thinned out and put together again.
//!
//! The section is a list of records, each a length (4 bytes; 0xffffffff and 8 bytes for the extended form)
//! and an id: 0 for a CIE, what functions have in common; for an FDE, which describes one function, the
//! distance back from this id to its CIE. A length of 0 ends the list. LSB "Exception Frames"; DWARF 5,
//! section 6.4. The function an FDE belongs to is known by the relocation of its first field.
//!
//! In order:
//! 1. [`EhFrame::split`] takes one input section apart (parallel over sections);
//! 2. [`EhFrame::keep`] drops the FDEs of functions that are not linked (parallel);
//! 3. [`EhFrame::cie_keys`] says what makes its CIEs equal to others (parallel);
//! 4. [`layout`] gives every section its place, in their order: first its CIEs that no section before it
//!    has, then its FDEs (serial, work only for each CIE);
//! 5. [`EhFrame::records`] and [`put_record`] write them (parallel); the caller relocates each record where
//!    it now lies.
//!
//! A terminator follows the last record: run-time code that walks the section without `.eh_frame_hdr`
//! relies on it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::cie::{self, UNKNOWN_ENCODING};
use crate::elf::{Elf, Reloc, Relocs};

/// Bytes of the terminator.
pub const TERMINATOR_SIZE: u64 = 4;
/// Marks an FDE that is not kept.
const DROPPED: u32 = 1 << 31;

/// What is wrong with a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EhFault {
    /// A record ends in its header or reaches past the end of the section.
    Cut,
    /// A relocation changes a record's length or the distance to its CIE.
    HeaderReloc,
    /// An FDE's distance leads to no CIE.
    NoCie,
    /// A CIE's fields reach past its end.
    CieCut,
    /// A section of 2 GiB and more.
    TooBig,
    /// An FDE lies too far behind its CIE in the output.
    TooFar,
}

/// A fault and where in the section it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EhError {
    /// Bytes from the start of the section.
    pub offset: u64,
    pub fault: EhFault,
}

impl fmt::Display for EhError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            EhFault::Cut => "record is cut off",
            EhFault::HeaderReloc => "relocation in a record's header",
            EhFault::NoCie => "FDE without CIE",
            EhFault::CieCut => "CIE is cut off",
            EhFault::TooBig => "section is too big",
            EhFault::TooFar => "FDE too far from its CIE",
        };
        write!(f, ".eh_frame: {what} (at offset {:#x})", self.offset)
    }
}

impl std::error::Error for EhError {}

/// A CIE of an input section.
#[derive(Clone, Debug)]
pub struct Cie {
    /// Place and size in the input section, its length field counted.
    pub offset: u32,
    pub size: u32,
    /// Its relocations (the personality routine), as places in [`EhFrame::reloc`]'s order.
    pub relocs: Range<u32>,
    /// How its FDEs say where their function is (DW_EH_PE_*).
    pub encoding: u8,
    used: bool,
    /// The output has this one, not an equal one from a section before.
    owned: bool,
    /// Place in the output section.
    out: u64,
}

/// An FDE of an input section whose first field has a relocation.
#[derive(Clone, Debug)]
pub struct Fde {
    /// Place and size in the input section, its length field counted.
    pub offset: u32,
    pub size: u32,
    /// Its relocations, as places in [`EhFrame::reloc`]'s order; the first is the function's.
    pub relocs: Range<u32>,
    /// Its CIE, among the section's.
    pub cie: u32,
    /// Place in the output from the start of the section's FDEs; with DROPPED, where it would be.
    out: u32,
}

impl Fde {
    pub fn is_kept(&self) -> bool {
        self.out & DROPPED == 0
    }
}

/// One input section.
#[derive(Clone, Debug, Default)]
pub struct EhFrame {
    pub cies: Vec<Cie>,
    pub fdes: Vec<Fde>,
    /// Order of the relocations by offset, when the table is not sorted.
    order: Option<Vec<u32>>,
    /// Bytes of FDEs that are kept.
    kept_size: u32,
    /// Place of the section's first byte and of its first FDE in the output section.
    start: u64,
    fdes_start: u64,
}

/// What makes a CIE equal to others: its bytes, and what its relocations lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CieKey {
    cie: u32,
    bytes: Box<[u8]>,
}

/// A record that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Place in the input section, and size in both.
    pub input: u32,
    pub size: u32,
    /// Place in the output section.
    pub output: u64,
    /// Its relocations, as places in [`EhFrame::reloc`]'s order.
    pub relocs: Range<u32>,
    /// For an FDE, the place of its CIE in the output section.
    pub cie: Option<u64>,
}

/// Where an FDE, whose fields behind the header are `fields`, says how long its function is.
fn length_field<E: Elf>(fields: Range<usize>, encoding: u8) -> Option<Range<usize>> {
    let width = match encoding & 0x0f {
        0x00 => E::WORD,
        0x02 | 0x0a => 2,
        0x03 | 0x0b => 4,
        0x04 | 0x0c => 8,
        _ => return None,
    };
    let field = fields.start + width..fields.start + 2 * width;
    (field.end <= fields.end).then_some(field)
}

impl EhFrame {
    /// Takes a section apart. FDEs of no code are left out: GCC leaves these where nothing of a function's cold part is
    /// left, and in the table of `.eh_frame_hdr` they would hide the function at that address. FDEs whose first field has no relocation belong to no function that is linked
    /// (linkers leave such behind in `-r` output) and are left out.
    pub fn split<E: Elf>(data: &[u8], relocs: Relocs<'_, E>) -> Result<EhFrame, EhError> {
        if data.len() >= DROPPED as usize || relocs.len() >= u32::MAX as usize {
            return Err(EhError {
                offset: 0,
                fault: EhFault::TooBig,
            });
        }
        let mut frame = EhFrame {
            order: sorted_order(relocs),
            ..EhFrame::default()
        };
        let count = relocs.len() as u32;
        let mut next_reloc = 0u32;
        let mut at = 0usize;
        while at < data.len() {
            let error = |fault| EhError {
                offset: at as u64,
                fault,
            };
            let Some(header) = record_header::<E>(data, at).ok_or(error(EhFault::Cut))? else {
                at += 4; // a terminator
                continue;
            };
            let end = header.end;
            let reloc_offset = |i: u32| frame.reloc(relocs, i).offset;
            while next_reloc < count && reloc_offset(next_reloc) < at as u64 {
                next_reloc += 1;
            }
            let first_reloc = next_reloc;
            if first_reloc < count && reloc_offset(first_reloc) < header.id_at as u64 + 4 {
                return Err(error(EhFault::HeaderReloc));
            }
            while next_reloc < count && reloc_offset(next_reloc) < end as u64 {
                next_reloc += 1;
            }
            let relocs_here = first_reloc..next_reloc;
            let (offset, size) = (at as u32, (end - at) as u32);
            if header.id == 0 {
                let body = data.get(header.id_at + 4..end).unwrap_or_default();
                let encoding = cie::fde_encoding::<E>(body).ok_or(error(EhFault::CieCut))?;
                frame.cies.push(Cie {
                    offset,
                    size,
                    relocs: relocs_here,
                    encoding,
                    used: false,
                    owned: false,
                    out: 0,
                });
            } else {
                let cie = header
                    .id_at
                    .checked_sub(header.id as usize)
                    .and_then(|place| {
                        let cies = &frame.cies;
                        let same = cies.last().filter(|c| c.offset as usize == place);
                        match same {
                            Some(_) => Some(cies.len() - 1),
                            None => cies
                                .binary_search_by_key(&place, |c| c.offset as usize)
                                .ok(),
                        }
                    })
                    .ok_or(error(EhFault::NoCie))?;
                let has_function = first_reloc < next_reloc
                    && reloc_offset(first_reloc) == header.id_at as u64 + 4;
                let encoding = frame.cies.get(cie).map_or(UNKNOWN_ENCODING, |c| c.encoding);
                let length = length_field::<E>(header.id_at + 4..end, encoding);
                let is_empty = length.is_some_and(|field| {
                    let zeros = data.get(field.clone());
                    let relocated = |i| field.contains(&(reloc_offset(i) as usize));
                    zeros.is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0))
                        && !(first_reloc..next_reloc).any(relocated)
                });
                if has_function && !is_empty {
                    frame.fdes.push(Fde {
                        offset,
                        size,
                        relocs: relocs_here,
                        cie: cie as u32,
                        out: DROPPED,
                    });
                }
            }
            at = end;
        }
        Ok(frame)
    }

    /// Relocation `i` in the order of offsets.
    #[inline]
    pub fn reloc<E: Elf>(&self, relocs: Relocs<'_, E>, i: u32) -> Reloc {
        let i = match &self.order {
            Some(order) => order.get(i as usize).copied().unwrap_or(i),
            None => i,
        };
        relocs.get(i as usize)
    }

    /// Keeps the FDEs for which `live` says yes (it is asked once for each, in order) and the CIEs they use.
    pub fn keep(&mut self, mut live: impl FnMut(&Fde) -> bool) {
        let mut size = 0u32;
        for cie in &mut self.cies {
            cie.used = false;
        }
        for fde in &mut self.fdes {
            fde.out = DROPPED | size;
            if live(fde) {
                fde.out = size;
                // The kept records are a part of a section of less than 2 GiB.
                size += fde.size;
                if let Some(cie) = self.cies.get_mut(fde.cie as usize) {
                    cie.used = true;
                }
            }
        }
        self.kept_size = size;
    }

    /// The keys of the CIEs in use. `identity` says what a relocation leads to: a number that is the same
    /// for the same symbol in all files, and the addend.
    pub fn cie_keys<E: Elf>(
        &self,
        data: &[u8],
        relocs: Relocs<'_, E>,
        mut identity: impl FnMut(&Reloc) -> (u64, i64),
    ) -> Vec<CieKey> {
        let used = (0u32..).zip(&self.cies).filter(|(_, cie)| cie.used);
        used.map(|(i, cie)| {
            let record = cie.offset as usize..(cie.offset + cie.size) as usize;
            let mut bytes = data.get(record).unwrap_or_default().to_vec();
            for reloc in cie.relocs.clone() {
                let reloc = self.reloc(relocs, reloc);
                let (symbol, addend) = identity(&reloc);
                let place = reloc.offset.wrapping_sub(u64::from(cie.offset)) as u32;
                bytes.extend_from_slice(&place.to_le_bytes());
                bytes.extend_from_slice(&reloc.ty.to_le_bytes());
                bytes.extend_from_slice(&symbol.to_le_bytes());
                bytes.extend_from_slice(&addend.to_le_bytes());
            }
            CieKey {
                cie: i,
                bytes: bytes.into_boxed_slice(),
            }
        })
        .collect()
    }

    /// Place of the section's first byte in the output section.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// End of what the section puts into the output.
    pub fn end(&self) -> u64 {
        self.fdes_start + u64::from(self.kept_size)
    }

    /// How many FDEs are kept.
    pub fn kept_fdes(&self) -> usize {
        self.fdes.iter().filter(|f| f.is_kept()).count()
    }

    /// Place of the FDE in the output section, when it is kept.
    pub fn fde_output(&self, fde: &Fde) -> Option<u64> {
        fde.is_kept()
            .then_some(self.fdes_start + u64::from(fde.out))
    }

    /// What the section puts into the output section, in the order of places there.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        self.records_from(self.start)
    }

    /// As [`EhFrame::records`], from the record on that contains or follows `output`.
    pub fn records_from(&self, output: u64) -> impl Iterator<Item = Record> {
        let owned = self.cies.iter().filter(|c| c.owned);
        let cies = owned.map(|c| Record {
            input: c.offset,
            size: c.size,
            output: c.out,
            relocs: c.relocs.clone(),
            cie: None,
        });
        let cies = cies.filter(move |c| c.output + u64::from(c.size) > output);
        let place = output.saturating_sub(self.fdes_start);
        let end = |f: &Fde| match f.is_kept() {
            true => u64::from(f.out) + u64::from(f.size),
            false => u64::from(f.out & !DROPPED),
        };
        let first = self.fdes.partition_point(|f| end(f) <= place);
        cies.chain(self.fde_records(first))
    }

    fn fde_records(&self, first: usize) -> impl Iterator<Item = Record> {
        let fdes = self.fdes.get(first..).unwrap_or_default();
        fdes.iter().filter(|f| f.is_kept()).map(|f| Record {
            input: f.offset,
            size: f.size,
            output: self.fdes_start + u64::from(f.out),
            relocs: f.relocs.clone(),
            cie: Some(self.cies.get(f.cie as usize).map_or(0, |c| c.out)),
        })
    }

    /// Where a byte of the input section is in the output section. What is dropped lies where the next
    /// record that is kept begins; the section's end (and all behind it) at the end.
    pub fn output_offset(&self, input: u64) -> u64 {
        if let Ok(cie) = find(&self.cies, input, |c| (c.offset, c.size))
            && let Some(c) = self.cies.get(cie).filter(|c| c.used)
        {
            return c.out + (input - u64::from(c.offset));
        }
        if input == 0 {
            return self.start;
        }
        let (Ok(i) | Err(i)) = find(&self.fdes, input, |f| (f.offset, f.size));
        let rest = self.fdes.get(i..).unwrap_or_default();
        match rest.iter().find(|f| f.is_kept()) {
            Some(f) => {
                let distance = input.saturating_sub(u64::from(f.offset));
                self.fdes_start + u64::from(f.out) + distance
            }
            None => self.end(),
        }
    }
}

/// Index of the record that contains `offset`, or else of the one after it.
fn find<T>(records: &[T], offset: u64, place: impl Fn(&T) -> (u32, u32)) -> Result<usize, usize> {
    records.binary_search_by(|r| {
        let (start, size) = place(r);
        let (start, end) = (u64::from(start), u64::from(start) + u64::from(size));
        if offset < start {
            std::cmp::Ordering::Greater
        } else if offset >= end {
            std::cmp::Ordering::Less
        } else {
            std::cmp::Ordering::Equal
        }
    })
}

/// Gives every section its place in the output section, in their order; with each section come its keys.
/// Returns the size of the output section with its terminator.
pub fn layout<'s>(sections: impl IntoIterator<Item = (&'s mut EhFrame, &'s [CieKey])>) -> u64 {
    let mut placed: HashMap<&[u8], u64> = HashMap::new();
    let mut at = 0u64;
    for (section, keys) in sections {
        section.start = at;
        for key in keys {
            let Some(cie) = section.cies.get_mut(key.cie as usize) else {
                continue;
            };
            match placed.get(&*key.bytes) {
                Some(&out) => {
                    cie.out = out;
                    cie.owned = false;
                }
                None => {
                    cie.out = at;
                    cie.owned = true;
                    placed.insert(&key.bytes, at);
                    at += u64::from(cie.size);
                }
            }
        }
        section.fdes_start = at;
        at += u64::from(section.kept_size);
    }
    at + TERMINATOR_SIZE
}

/// Copies a record of the input section `data` to `out` (of the record's size) and corrects the distance to
/// its CIE.
pub fn put_record<E: Elf>(data: &[u8], record: &Record, out: &mut [u8]) -> Result<(), EhError> {
    let error = |fault| EhError {
        offset: u64::from(record.input),
        fault,
    };
    let start = record.input as usize;
    let bytes = data
        .get(start..start + record.size as usize)
        .filter(|b| b.len() == out.len())
        .ok_or(error(EhFault::Cut))?;
    out.copy_from_slice(bytes);
    let Some(cie) = record.cie else {
        return Ok(());
    };
    let header = record_header::<E>(out, 0).flatten();
    let id_at = header.ok_or(error(EhFault::Cut))?.id_at;
    let distance = (record.output + id_at as u64)
        .checked_sub(cie)
        .and_then(|d| i32::try_from(d).ok())
        .ok_or(error(EhFault::TooFar))?;
    if let Some(field) = out.get_mut(id_at..id_at + 4) {
        field.copy_from_slice(&if E::BIG_ENDIAN {
            distance.to_be_bytes()
        } else {
            distance.to_le_bytes()
        });
    }
    Ok(())
}

struct RecordHeader {
    id: u32,
    /// Where the id stands, and where the record ends.
    id_at: usize,
    end: usize,
}

/// The header of the record at `at`: None when it is cut off, Some(None) for a terminator.
fn record_header<E: Elf>(data: &[u8], at: usize) -> Option<Option<RecordHeader>> {
    let (id_at, length) = match cie::read32::<E>(data, at)? {
        0 => return Some(None),
        u32::MAX => {
            let halves = (
                cie::read32::<E>(data, at + 4)?,
                cie::read32::<E>(data, at + 8)?,
            );
            let (low, high) = if E::BIG_ENDIAN {
                (halves.1, halves.0)
            } else {
                halves
            };
            let length = u64::from(high) << 32 | u64::from(low);
            (at + 12, usize::try_from(length).ok()?)
        }
        length => (at + 4, length as usize),
    };
    let end = id_at.checked_add(length)?;
    if end > data.len() || length < 4 {
        return None;
    }
    let id = cie::read32::<E>(data, id_at)?;
    Some(Some(RecordHeader { id, id_at, end }))
}

/// The order of relocations by offset, if it is not the table's.
fn sorted_order<E: Elf>(relocs: Relocs<'_, E>) -> Option<Vec<u32>> {
    let mut before = 0;
    let sorted = relocs.iter().all(|r| {
        let ascending = r.offset >= before;
        before = r.offset;
        ascending
    });
    if sorted {
        return None;
    }
    let mut order: Vec<u32> = (0..relocs.len() as u32).collect();
    order.sort_by_key(|&i| relocs.get(i as usize).offset);
    Some(order)
}

/// Whether all CIEs in use say how their FDEs are encoded; otherwise no `.eh_frame_hdr` table can be made.
pub fn encodings_known(section: &EhFrame) -> bool {
    let mut used = section.cies.iter().filter(|c| c.used);
    used.all(|c| c.encoding != UNKNOWN_ENCODING)
}

#[cfg(test)]
#[path = "eh_frame_tests.rs"]
mod tests;
