//! Mergeable sections, grouped by where their pieces go.
//!
//! gABI, SHF_MERGE: sections of the same output section, entry size and kind are merged with each other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::output::MergeKey;
use crate::elf::Elf;
use crate::merge::{InputPieces, MergeInput, MergeKind, Merged, merge};
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Sections to be merged, collected in link order.
#[derive(Default)]
pub struct Groups {
    by_key: HashMap<MergeKey, u32>,
    lists: Vec<(MergeKey, Vec<SectionId>)>,
}

impl Groups {
    /// Adds a section; gives the number of a new merged part, which is to stand at this place.
    pub fn add(&mut self, key: MergeKey, section: SectionId) -> Option<u32> {
        if let Some(n) = self.by_key.get(&key) {
            if let Some((_, list)) = self.lists.get_mut(*n as usize) {
                list.push(section);
            }
            return None;
        }
        let n = self.lists.len() as u32;
        self.by_key.insert(key, n);
        self.lists.push((key, vec![section]));
        Some(n)
    }

    /// Merges each group.
    pub fn merge<'d, E: Elf>(
        self,
        p: &Program<'d, E>,
        _opts: &Options,
        report: &Report,
        par: Par,
    ) -> Merges<'d> {
        let mut m = Merges {
            parts: Vec::with_capacity(self.lists.len()),
            addresses: self.lists.iter().map(|_| AtomicU64::new(0)).collect(),
            inputs: if self.lists.is_empty() {
                Vec::new()
            } else {
                vec![NO_INPUT; p.symbols.sections]
            },
            refs: Vec::new(),
        };
        let mut groups = Vec::with_capacity(self.lists.len());
        for (n, (key, list)) in (0u32..).zip(&self.lists) {
            let mut inputs = Vec::with_capacity(list.len());
            for (i, id) in (0u32..).zip(list) {
                let (o, shndx) = p.owner(*id);
                let Some(o) = p.objects.get(o) else { continue };
                inputs.push(MergeInput {
                    data: o.section_data(shndx),
                    align: 1 << key.align_log2,
                });
                if let Some(slot) = m.inputs.get_mut(id.index()) {
                    *slot = m.refs.len() as u32;
                }
                m.refs.push((n, i));
            }
            let kind = MergeKind {
                entsize: key.entsize,
                strings: key.strings,
            };
            groups.push((kind, inputs));
        }
        let merged = par.map_uneven(&groups, |(kind, inputs)| {
            merge(*kind, inputs, par.is_parallel())
        });
        for ((_, list), merged) in self.lists.iter().zip(merged) {
            match merged {
                Ok(part) => m.parts.push(Some(part)),
                Err(errors) => {
                    for e in errors {
                        let name = e.input.and_then(|i| list.get(i as usize)).map(|id| {
                            let (o, shndx) = p.owner(*id);
                            p.objects.get(o).map_or(String::new(), |o| {
                                format!(
                                    "{}:({}): ",
                                    o.name,
                                    String::from_utf8_lossy(o.section_name(shndx))
                                )
                            })
                        });
                        report.error(format!("{}{e}", name.unwrap_or_default()));
                    }
                    m.parts.push(None);
                }
            }
        }
        m
    }
}

const NO_INPUT: u32 = u32::MAX;

/// The merged parts.
#[derive(Default)]
pub struct Merges<'d> {
    parts: Vec<Option<Merged<'d>>>,
    /// Set while the layout settles, read when relocations are applied.
    addresses: Vec<AtomicU64>,
    /// By section number: index into `refs`.
    inputs: Vec<u32>,
    /// (merged part, number of the input in it)
    refs: Vec<(u32, u32)>,
}

impl Merges<'_> {
    pub fn size(&self, part: u32) -> u64 {
        self.parts
            .get(part as usize)
            .and_then(Option::as_ref)
            .map_or(0, Merged::size)
    }

    /// The input sections of a merged part, in link order.
    pub fn sections_of(&self, part: u32) -> Vec<SectionId> {
        (0u32..)
            .zip(&self.inputs)
            .filter(|(_, r)| self.refs.get(**r as usize).is_some_and(|(p, _)| *p == part))
            .map(|(i, _)| SectionId(i))
            .collect()
    }

    /// How many pieces went into all merged parts, and how many different ones came out.
    pub fn counts(&self) -> (usize, usize) {
        let all = self.parts.iter().flatten().map(Merged::counts);
        all.fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1))
    }

    pub fn set_address(&self, part: u32, address: u64) {
        if let Some(a) = self.addresses.get(part as usize) {
            a.store(address, Ordering::Relaxed);
        }
    }

    /// Address of a merged part (offset in its output section when that is not loaded).
    #[inline]
    pub fn address(&self, part: u32) -> u64 {
        self.addresses
            .get(part as usize)
            .map_or(0, |a| a.load(Ordering::Relaxed))
    }

    /// Where byte `offset` of a merged input section has gone: part, offset in it.
    #[inline]
    pub fn lookup(&self, section: SectionId, offset: u64) -> Option<(u32, u64)> {
        let &r = self.inputs.get(section.index())?;
        let &(part, input) = self.refs.get(r as usize)?;
        let pieces = self.parts.get(part as usize)?.as_ref()?.input(input)?;
        Some((part, pieces.lookup_or_end(offset)?))
    }

    /// A merged input section, for many look-ups.
    pub fn input(&self, section: SectionId) -> Option<MergedInput<'_>> {
        let &r = self.inputs.get(section.index())?;
        let &(part, input) = self.refs.get(r as usize)?;
        let merged = self.parts.get(part as usize)?.as_ref()?;
        Some(MergedInput {
            pieces: merged.input(input)?,
            address: self.address(part),
        })
    }

    pub fn write(&self, part: u32, start: u64, buf: &mut [u8]) {
        if let Some(m) = self.parts.get(part as usize).and_then(Option::as_ref) {
            m.write_range(start, buf);
        }
    }
}

/// Where the bytes of one merged input section have gone.
#[derive(Clone, Copy)]
pub struct MergedInput<'m> {
    pieces: InputPieces<'m>,
    /// Address of the merged part.
    address: u64,
}

impl MergedInput<'_> {
    /// Address of byte `offset` of the input; its very end is the end of its last piece. None outside.
    #[inline(always)]
    pub fn address(&self, offset: u64) -> Option<u64> {
        let at = self.pieces.lookup_or_end(offset)?;
        Some(self.address.wrapping_add(at))
    }
}
