//! Relocations of the inputs as relocations of the output.
//!
//! Place and symbol get their new numbers. A section symbol becomes the output section's, so the input section's offset goes
//! into the addend: into the record (RELA) or into the bytes at the place (REL). A relocation against something that is not in
//! the output (a COMDAT copy that lost, a collected section) becomes one of type NONE: in `.eh_frame` that is how the next
//! link knows the record of a function that is gone, and in debug information the tombstone.

use object::elf;

use super::Job;
use super::sections::{Piece, Section, Sections};
use super::symbols::{GONE, Table};
use crate::arch::Arch;
use crate::elf::{Elf, PutElf, Reloc, Relocs};
use crate::input::object::{Kind, Object, Place};

/// By symbol number: a relocation or a group signature of the output names it.
pub(super) fn needed<A: Arch>(job: Job<'_, '_, A>, sections: &Sections<'_>) -> Vec<bool> {
    let mut needed = vec![false; job.p.symbols.total];
    let mut mark = |o: &Object<'_, A::Elf>, sym: u32| {
        if let Some(n) = needed.get_mut(o.symbol_id(sym).index()) {
            *n = true;
        }
    };
    for piece in sections.list.iter().flat_map(|s| s.pieces()) {
        if let Some(o) = job.p.objects.get(piece.object as usize) {
            for r in o.relocs(piece.section).iter() {
                mark(o, r.sym);
            }
        }
    }
    for g in &sections.groups {
        if let Some(o) = job.p.objects.get(g.object as usize)
            && let Some(group) = o.groups.get(g.group as usize)
            && let Some(s) = o.sections.get(group.section as usize)
        {
            mark(o, s.info);
        }
    }
    needed
}

/// What a relocation's symbol has become.
enum To {
    /// Number in the output's table, and what the addend grows by.
    Symbol(u32, u64),
    Gone,
}

/// The relocations of one object.
pub(super) struct Rewriter<'a, 'd, A: Arch> {
    pub job: Job<'a, 'd, A>,
    pub table: &'a Table,
}

impl<'d, A: Arch> Rewriter<'_, 'd, A> {
    fn to(&self, o: &Object<'d, A::Elf>, sym: u32, in_frame: bool) -> To {
        if sym == 0 {
            return To::Symbol(0, 0);
        }
        let id = o.symbol_id(sym);
        if sym >= o.first_global {
            // The record of a function's copy that lost describes that copy, not the winner. (A personality routine's
            // address, which is data, is one with the winner's.)
            if in_frame
                && let Place::Section(n) = o.place(sym, &o.symbol(sym))
                && is_discarded(o, n)
                && is_code(o, n)
            {
                return To::Gone;
            }
            return match self.table.globals.get(id.index()) {
                Some(n) if *n != GONE => To::Symbol(*n, 0),
                _ => To::Gone,
            };
        }
        let at = id.index().checked_sub(self.job.p.symbols.globals);
        match at.and_then(|i| self.table.locals.get(i)) {
            Some(l) if l.number != GONE => To::Symbol(l.number, l.add),
            _ => To::Gone,
        }
    }

    /// Appends the relocation records of a piece.
    pub fn records(&self, section: &Section<'_>, piece: &Piece, out: &mut Vec<u8>) {
        let Some(o) = self.job.p.objects.get(piece.object as usize) else {
            return;
        };
        let relocs: Relocs<'_, A::Elf> = o.relocs(piece.section);
        let in_frame = section.name == b".eh_frame";
        let implicit = matches!(relocs, Relocs::Rel(_)) && A::IS_RELA;
        for r in relocs.iter() {
            let mut new = Reloc {
                offset: r.offset.wrapping_add(piece.offset),
                addend: 0,
                sym: 0,
                ty: A::R_NONE,
            };
            match self.to(o, r.sym, in_frame) {
                To::Symbol(sym, add) => {
                    let addend = if implicit {
                        A::implicit_addend(r.ty, r.offset, o.section_data(piece.section))
                    } else {
                        r.addend
                    };
                    new.sym = sym;
                    new.ty = r.ty;
                    new.addend = addend.wrapping_add(add as i64);
                }
                To::Gone => self.check_gone(o, section, piece, &r),
            }
            if A::IS_RELA {
                out.put_rela::<A::Elf>(&new);
            } else {
                out.put_word::<A::Elf>(new.offset);
                if A::Elf::IS_64 {
                    out.put64::<A::Elf>((u64::from(new.sym) << 32) | u64::from(new.ty));
                } else {
                    out.put32::<A::Elf>((new.sym << 8) | (new.ty & 0xff));
                }
            }
        }
    }

    /// Code and data may not refer to what a COMDAT group took with it; unwind tables and debug information may.
    fn check_gone(&self, o: &Object<'d, A::Elf>, section: &Section<'_>, piece: &Piece, r: &Reloc) {
        let exempt = section.flags & elf::SHF_ALLOC == 0
            || section.name == b".eh_frame"
            || section.name.starts_with(b".gcc_except_table");
        if exempt {
            return;
        }
        let s = o.symbol(r.sym);
        if let Place::Section(n) = o.place(r.sym, &s)
            && is_discarded(o, n)
        {
            self.job.report.error_at(
                (piece.object, r.offset),
                format!(
                    "{}: relocation in {} refers to {} in a section that was discarded with its COMDAT group",
                    o.name,
                    String::from_utf8_lossy(section.name),
                    String::from_utf8_lossy(match o.symbol_name(&s) {
                        b"" => o.section_name(n),
                        name => name,
                    })
                ),
            );
        }
    }

    /// Where addends stand in the bytes (REL): adjusts the bytes of a piece. `data` starts at the piece.
    pub fn adjust(&self, section: &Section<'_>, piece: &Piece, data: &mut [u8]) {
        let Some(o) = self.job.p.objects.get(piece.object as usize) else {
            return;
        };
        let relocs: Relocs<'_, A::Elf> = o.relocs(piece.section);
        let in_frame = section.name == b".eh_frame";
        let explicit = matches!(relocs, Relocs::Rela(_));
        for r in relocs.iter() {
            let (add, gone) = match self.to(o, r.sym, in_frame) {
                To::Symbol(_, add) => (add, false),
                To::Gone => (0, true),
            };
            if add == 0 && !gone && !explicit {
                continue;
            }
            let addend = if explicit {
                r.addend
            } else {
                A::implicit_addend(r.ty, r.offset, data)
            };
            let value = if gone {
                0
            } else {
                (addend as u64).wrapping_add(add)
            };
            if A::patch_data(r.ty, r.offset, value, data).is_err() {
                self.job.report.error_at(
                    (piece.object, r.offset),
                    format!(
                        "{}: the addend of a relocation in {} does not fit its place (offset {:#x})",
                        o.name,
                        String::from_utf8_lossy(section.name),
                        r.offset
                    ),
                );
            }
        }
    }
}

fn is_discarded<E: Elf>(o: &Object<'_, E>, section: u32) -> bool {
    o.sections
        .get(section as usize)
        .is_some_and(|s| s.kind == Kind::Discarded)
}

fn is_code<E: Elf>(o: &Object<'_, E>, section: u32) -> bool {
    o.sections
        .get(section as usize)
        .is_some_and(|s| s.flags & elf::SHF_EXECINSTR != 0)
}
