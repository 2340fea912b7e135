//! What makes two sections alike: their bytes, their relocations, what describes how they are unwound.
//!
//! Relocations count by what they lead to, not by symbol: to a candidate (told apart by `classes.rs`), to a piece of a merged
//! section, which is what it holds, or to a fixed place.

use std::collections::HashMap;

use object::elf;

use super::NONE;
use crate::arch::{Arch, SymFlags};
use crate::elf::{Elf, Reloc, Relocs};
use crate::input::object::{Kind, Object, Place};
use crate::layout::names;
use crate::live::Liveness;
use crate::live::scan::{Referent, referent};
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, State};
use crate::synth::eh_frame::{EhFrame, Fde};

/// FDEs of an object by the section of their function: number of the frame section, number in it.
pub(super) fn fdes_by_section<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    n: usize,
) -> HashMap<u32, Vec<(u32, u32)>> {
    let mut map: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
    let (Some(o), Some(list)) = (p.objects.get(n), live.eh_frames.get(n)) else {
        return map;
    };
    for (k, (shndx, frame)) in (0u32..).zip(list) {
        let relocs = o.relocs(*shndx);
        for (i, f) in (0u32..).zip(&frame.fdes) {
            let s = crate::live::frames::function_section(p, o, frame, relocs, f.relocs.start);
            map.entry(s.0).or_default().push((k, i));
        }
    }
    map
}

pub(super) struct One<'a, 'd, A: Arch> {
    pub(super) p: &'a Program<'d, A::Elf>,
    pub(super) live: &'a Liveness,
    /// By section number: number of the candidate.
    pub(super) number: &'a [u32],
    pub(super) fdes: &'a [HashMap<u32, Vec<(u32, u32)>>],
    pub(super) keep_text_prefix: bool,
}

/// Where a symbol is defined.
struct Definition<'o, 'd, E: Elf> {
    object: &'o Object<'d, E>,
    shndx: u32,
    value: u64,
    size: u64,
    is_section: bool,
}

/// What is collected of a candidate: everything but its references to candidates, and those.
#[derive(Default)]
struct Sum {
    hash: blake3::Hasher,
    edges: Vec<u32>,
}

pub(super) fn short(hash: &blake3::Hasher) -> [u8; 16] {
    hash.finalize()
        .as_bytes()
        .first_chunk()
        .copied()
        .unwrap_or_default()
}

/// The string from `at` on, or the constant around it.
fn piece<'d, E: Elf>(d: &Object<'d, E>, shndx: u32, at: u64) -> Option<&'d [u8]> {
    let s = d.sections.get(shndx as usize)?;
    let data = d.section_data(shndx);
    let entry = s.entsize.max(1) as usize;
    let at = usize::try_from(at).ok()?;
    if s.flags & elf::SHF_STRINGS == 0 {
        let start = at / entry * entry;
        return data.get(start..start + entry);
    }
    let rest = data.get(at..)?;
    let end = if entry == 1 {
        memchr::memchr(0, rest)?
    } else {
        rest.chunks_exact(entry)
            .position(|unit| unit.iter().all(|b| *b == 0))?
            * entry
    };
    rest.get(..end)
}

impl Sum {
    fn number(&mut self, n: u64) {
        self.hash.update(&n.to_le_bytes());
    }
    fn bytes(&mut self, b: &[u8]) {
        self.number(b.len() as u64);
        self.hash.update(b);
    }
}

impl<'d, A: Arch> One<'_, 'd, A> {
    /// A digest of the contents, and the candidates it refers to, in order.
    pub(super) fn describe(&self, s: SectionId) -> ([u8; 16], Vec<u32>) {
        let mut sum = Sum::default();
        let (n, shndx) = self.p.owner(s);
        if let Some(o) = self.p.objects.get(n)
            && let Some(section) = o.sections.get(shndx as usize)
        {
            let name = o.section_name(shndx);
            sum.number(u64::from(section.flags & !elf::SHF_GROUP));
            sum.number(u64::from(section.align_log2));
            sum.bytes(names::output_name(name, self.keep_text_prefix));
            let data = o.section_data(shndx);
            sum.bytes(data);
            let relocs = o.relocs(shndx);
            sum.number(relocs.len() as u64);
            for r in relocs.iter() {
                self.reference(o, &r, r.offset, data, &mut sum);
            }
            self.frames(n, o, s, &mut sum);
        }
        (short(&sum.hash), sum.edges)
    }

    /// How the functions in a section are unwound.
    fn frames(&self, n: usize, o: &Object<'d, A::Elf>, s: SectionId, sum: &mut Sum) {
        let fdes = self.fdes.get(n).and_then(|map| map.get(&s.0));
        let list = self.live.eh_frames.get(n);
        for (k, i) in fdes.into_iter().flatten() {
            let Some((shndx, frame)) = list.and_then(|l| l.get(*k as usize)) else {
                continue;
            };
            let Some(fde) = frame.fdes.get(*i as usize) else {
                continue;
            };
            self.frame(o, *shndx, frame, fde, sum);
        }
    }

    fn frame(&self, o: &Object<'d, A::Elf>, shndx: u32, frame: &EhFrame, fde: &Fde, sum: &mut Sum) {
        let data = o.section_data(shndx);
        let relocs: Relocs<'_, A::Elf> = o.relocs(shndx);
        let mut record = |offset: u32, size: u32, skip: u32, range: std::ops::Range<u32>| {
            let start = offset.saturating_add(skip) as usize;
            let bytes = data.get(start..offset.saturating_add(size) as usize);
            sum.bytes(bytes.unwrap_or_default());
            sum.number(range.len() as u64);
            for i in range {
                let r = frame.reloc(relocs, i);
                let at = r.offset.wrapping_sub(u64::from(offset));
                self.reference(o, &r, at, data, sum);
            }
        };
        // Length and distance to the CIE say nothing.
        record(fde.offset, fde.size, 8, fde.relocs.clone());
        if let Some(cie) = frame.cies.get(fde.cie as usize) {
            record(cie.offset, cie.size, 0, cie.relocs.clone());
        }
    }

    /// One relocation; `at` is its place, in whatever is compared.
    fn reference(&self, o: &Object<'d, A::Elf>, r: &Reloc, at: u64, data: &[u8], sum: &mut Sum) {
        sum.number(at);
        sum.number(u64::from(r.ty));
        if r.sym as usize >= o.symbols.len() {
            sum.number(u64::from(r.sym));
            return;
        }
        let who = referent(self.p, o, r.sym);
        let addend = if A::IS_RELA {
            r.addend
        } else {
            A::implicit_addend(r.ty, r.offset, data)
        };
        let run_time =
            SymFlags::IMPORTED | SymFlags::IFUNC | SymFlags::UNDEFINED | SymFlags::UNDEF_WEAK;
        if who.discarded || who.target.flags.intersects(run_time) {
            // Itself and nothing else.
            sum.number(1);
            sum.number(u64::from(who.id.0));
            sum.number(addend as u64);
            return;
        }
        match self.definition(o, r.sym, &who) {
            Some(d) => {
                sum.number(d.size);
                self.target(d.object, d.shndx, d.value, addend, d.is_section, sum);
            }
            None if r.sym < o.first_global
                && o.place(r.sym, &o.symbol(r.sym)) == Place::Absolute =>
            {
                sum.number(2);
                sum.number(o.symbol(r.sym).value);
                sum.number(addend as u64);
            }
            None => {
                sum.number(1);
                sum.number(u64::from(who.id.0));
                sum.number(addend as u64);
            }
        }
    }

    /// The definition of a symbol.
    fn definition(
        &self,
        o: &Object<'d, A::Elf>,
        sym: u32,
        who: &Referent,
    ) -> Option<Definition<'_, 'd, A::Elf>> {
        let (n, index) = if sym < o.first_global {
            (self.p.owner(who.target.section).0, sym)
        } else {
            let info = self.p.symbols.info(who.id);
            let defined = matches!(info.state, State::Def | State::DefWeak);
            (info.file.as_object().filter(|_| defined)?, info.sym)
        };
        let d = self.p.objects.get(n)?;
        let s = d.symbol(index);
        match d.place(index, &s) {
            Place::Section(shndx) => Some(Definition {
                object: d,
                shndx,
                value: s.value,
                size: s.size,
                is_section: s.sym_type() == elf::STT_SECTION,
            }),
            _ => None,
        }
    }

    fn target(
        &self,
        d: &Object<'d, A::Elf>,
        shndx: u32,
        value: u64,
        addend: i64,
        is_section: bool,
        sum: &mut Sum,
    ) {
        let id = d.section_id(shndx);
        let kind = d.sections.get(shndx as usize).map(|s| s.kind);
        if kind == Some(Kind::Merge) {
            // The addend of a section symbol chooses the piece.
            let (at, addend) = if is_section {
                (value.wrapping_add(addend as u64), 0)
            } else {
                (value, addend)
            };
            if let Some(piece) = piece(d, shndx, at) {
                sum.number(3);
                sum.bytes(names::output_name(
                    d.section_name(shndx),
                    self.keep_text_prefix,
                ));
                sum.bytes(piece);
                let s = d.sections.get(shndx as usize);
                sum.number(s.map_or(0, |s| {
                    let within = match s.flags & elf::SHF_STRINGS {
                        0 => at % u64::from(s.entsize.max(1)),
                        _ => 0,
                    };
                    within << 40 | u64::from(s.align_log2) << 32 | u64::from(s.entsize)
                }));
                sum.number(addend as u64);
                return;
            }
        }
        match self.number.get(id.index()) {
            Some(n) if *n != NONE => {
                sum.number(4);
                sum.edges.push(*n);
            }
            _ => {
                sum.number(5);
                sum.number(u64::from(id.0));
            }
        }
        sum.number(value);
        sum.number(addend as u64);
    }
}
