//! `--emit-relocs`: the inputs' relocations as records of the output.
//!
//! Places are addresses (offsets in sections that are not loaded). A record names the symbol that the input's named, or the
//! section symbol of its output section where that symbol is not listed or was an input section's; what lay in front of
//! the place goes into the addend. Where an instruction was rewritten, the record says what stands there now. A record
//! about something that was not linked is of type NONE.

use object::elf;

use super::Image;
use super::debug::is_dead;
use super::relocate::address;
use crate::arch::{Arch, SymFlags};
use crate::elf::{PutElf, Reloc, Sym};
use crate::input::object::{Object, Place};
use crate::layout::emit_relocs::Numbers;
use crate::live::scan::{Referent, decide, referent, traits_for};
use crate::symbols::SectionId;

/// The records of one input section into `buf`.
pub fn section<A: Arch>(image: &Image<'_, '_, A>, id: SectionId, buf: &mut [u8]) {
    let (n, shndx) = image.p.owner(id);
    let Some(o) = image.p.objects.get(n) else {
        return;
    };
    let relocs = o.relocs(shndx);
    let base = image.l.values.section(id);
    let mut out = Vec::with_capacity(buf.len());
    let mut records = Records {
        image,
        n,
        o,
        shndx,
        out: &mut out,
    };
    for i in 0..relocs.len() {
        let next = (i + 1 < relocs.len()).then(|| relocs.get(i + 1));
        records.put(relocs.get(i), next.as_ref(), base);
    }
    copy(&out, buf);
}

/// The records of one object's part of `.eh_frame`.
pub fn frame<A: Arch>(image: &Image<'_, '_, A>, object: u32, k: u16, buf: &mut [u8]) {
    let n = object as usize;
    let list = image.live.eh_frames.get(n);
    let (Some(o), Some((shndx, frame))) = (
        image.p.objects.get(n),
        list.and_then(|l| l.get(usize::from(k))),
    ) else {
        return;
    };
    let relocs = o.relocs(*shndx);
    let mut out = Vec::with_capacity(buf.len());
    let mut records = Records {
        image,
        n,
        o,
        shndx: *shndx,
        out: &mut out,
    };
    for record in frame.records() {
        let base = image
            .l
            .values
            .eh_frame
            .wrapping_add(record.output)
            .wrapping_sub(u64::from(record.input));
        for i in record.relocs.clone() {
            records.put(frame.reloc(relocs, i), None, base);
        }
    }
    copy(&out, buf);
}

fn copy(from: &[u8], to: &mut [u8]) {
    let n = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..n), from.get(..n)) {
        to.copy_from_slice(from);
    }
}

/// Section symbols, in the order of their numbers.
pub fn section_symbols<A: Arch>(image: &Image<'_, '_, A>, numbers: &Numbers, out: &mut Vec<u8>) {
    for i in numbers.listed() {
        let value = image.l.outputs.get(i).map_or(0, |s| s.addr);
        out.put_sym::<A::Elf>(&Sym {
            info: elf::STT_SECTION,
            shndx: u16::try_from(i + 1).unwrap_or(elf::SHN_XINDEX),
            value,
            ..Sym::default()
        });
    }
}

struct Records<'r, 'a, 'd, A: Arch> {
    image: &'r Image<'a, 'd, A>,
    n: usize,
    o: &'r Object<'d, A::Elf>,
    shndx: u32,
    out: &'r mut Vec<u8>,
}

impl<A: Arch> Records<'_, '_, '_, A> {
    fn put(&mut self, r: Reloc, next: Option<&Reloc>, base: u64) {
        let new = self.convert(r, next);
        let new = Reloc {
            offset: new.offset.wrapping_add(base),
            ..new
        };
        let before = self.out.len();
        self.out.put_rela::<A::Elf>(&new);
        let record = crate::layout::emit_relocs::record_size::<A>() as usize;
        self.out.truncate(before + record);
    }

    fn convert(&self, mut r: Reloc, next: Option<&Reloc>) -> Reloc {
        let Records { image, o, .. } = *self;
        let none = Reloc {
            offset: r.offset,
            ty: A::R_NONE,
            ..Reloc::default()
        };
        if r.sym as usize >= o.symbols.len() {
            return none;
        }
        if !A::IS_RELA {
            r.addend = A::implicit_addend(r.ty, r.offset, o.section_data(self.shndx));
        }
        if r.sym == 0 {
            return r;
        }
        let who = referent(image.p, o, r.sym);
        if self.is_gone(&who, r.sym) {
            return none;
        }
        let (sym, addend) = self.symbol(&who, &r);
        let rewritten = self.rewritten(&who, &r, next);
        Reloc {
            sym,
            addend: rewritten.addend.wrapping_add(addend.wrapping_sub(r.addend)),
            ..rewritten
        }
    }

    /// What a relocation is about was not linked.
    fn is_gone(&self, who: &Referent, sym: u32) -> bool {
        let image = self.image;
        if who.discarded {
            return true;
        }
        let section = self.o.sections.get(self.shndx as usize);
        if section.is_some_and(|s| !s.is_alloc()) {
            let lines = self.o.section_name(self.shndx) == b".debug_line";
            return is_dead(image, self.o, who, sym, lines);
        }
        match self.o.place(sym, &self.o.symbol(sym)) {
            Place::Section(_) if who.target.section != SectionId::NONE => {
                !image.live.is_placed(who.target.section)
            }
            _ => false,
        }
    }

    /// The relocation as the instruction is now.
    fn rewritten(&self, who: &Referent, r: &Reloc, next: Option<&Reloc>) -> Reloc {
        let Some(section) = self.o.sections.get(self.shndx as usize) else {
            return *r;
        };
        if section.flags & elf::SHF_EXECINSTR == 0 {
            return *r;
        }
        let image = self.image;
        let out = traits_for(
            image.opts,
            image.p.dynamic,
            image.l.rules.tlsdesc,
            section.flags,
        );
        let mut who = *who;
        if who.target.flags.contains(SymFlags::UNDEFINED) {
            who.target.flags = SymFlags::ABS | SymFlags::UNDEF_WEAK;
        }
        let code = self.o.section_data(self.shndx);
        let action = decide::<A>(image.p, r, next, &who, &out, code);
        A::rewritten(r, &action)
    }

    /// Number of the symbol in the output's table, and the addend that belongs to it.
    fn symbol(&self, who: &Referent, r: &Reloc) -> (u32, i64) {
        let Records { image, n, o, .. } = *self;
        let Some(numbers) = &image.l.emitted else {
            return (0, r.addend);
        };
        let s = o.symbol(r.sym);
        if s.sym_type() != elf::STT_SECTION {
            let number = numbers.symbol(who.id);
            if number != 0 {
                return (number, r.addend);
            }
        }
        let Some(output) = self.output(who, r) else {
            return (0, r.addend);
        };
        let start = image.l.outputs.get(output).map_or(0, |s| s.addr);
        let (at, addend) = address(image, n, o, who, r);
        let addend = addend.wrapping_add(at.wrapping_sub(start) as i64);
        (numbers.section(output), addend)
    }

    /// The output section that a relocation leads to.
    fn output(&self, who: &Referent, r: &Reloc) -> Option<usize> {
        let image = self.image;
        let section = who.target.section;
        if let Some(i) = image.l.output_of(section) {
            return Some(i);
        }
        if section == SectionId::NONE {
            return None;
        }
        // What stands in a section that the linker makes itself (`.eh_frame`).
        let (at, _) = address(image, self.n, self.o, who, r);
        image.l.output_at(at, false)
    }
}
