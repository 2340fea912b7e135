//! `.symtab` and `.strtab`, object by object.

use object::elf;

use super::Image;
use super::tables::{global_symbol, section_at};
use crate::arch::Arch;
use crate::elf::{PutElf, Sym};
use crate::input::object::Place;
use crate::layout::values::section_address;
use crate::symbols::SectionId;

/// Number of the output section an input section went into; by address for what has no section of its own.
pub fn output_section<A: Arch>(
    image: &Image<'_, '_, A>,
    section: SectionId,
    addr: u64,
    tls: bool,
) -> u16 {
    match image.l.output_of(section) {
        Some(i) => u16::try_from(i + 1).unwrap_or(elf::SHN_XINDEX),
        None => section_at(image, addr, tls),
    }
}

/// One object's local or global symbols.
pub fn part<A: Arch>(image: &Image<'_, '_, A>, n: u32, locals: bool, buf: &mut [u8]) {
    let mut out = Vec::with_capacity(buf.len());
    let Some(o) = image.p.objects.get(n as usize) else {
        return;
    };
    let Some(plan) = image.l.symtab.parts.get(n as usize) else {
        return;
    };
    let mut name = plan.first_name;
    for k in &plan.kept {
        let at = name as u32;
        name += k.name_length() as u64 + 1;
        if k.is_local() != locals {
            continue;
        }
        let i = k.index;
        let mut sym = if i >= o.first_global {
            global_symbol(image, o.symbol_id(i), at, false)
        } else {
            local(image, n as usize, i, &o.symbol(i), at)
        };
        if locals {
            sym.info = (elf::STB_LOCAL << 4) | (sym.info & 15);
        }
        out.put_sym::<A::Elf>(&sym);
    }
    copy(&out, buf);
}

pub(crate) fn local<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    i: u32,
    s: &Sym,
    name: u32,
) -> Sym {
    let mut sym = Sym {
        name,
        info: s.info,
        other: s.other,
        shndx: elf::SHN_ABS,
        value: s.value,
        size: s.size,
    };
    let Some(o) = image.p.objects.get(n) else {
        return sym;
    };
    if let Place::Section(shndx) = o.place(i, s) {
        let tls = o
            .sections
            .get(shndx as usize)
            .is_some_and(|x| x.flags & elf::SHF_TLS != 0);
        sym.value = section_address(image.l, image.live, &image.l.values, n, o, shndx, s.value);
        let id = o.section_id(shndx);
        sym.shndx = output_section(image, id, sym.value, tls);
        if tls {
            sym.value = sym.value.wrapping_sub(image.l.values.tls.0);
        }
    }
    sym
}

/// The names of one object's symbols, in the order of their numbers.
pub fn names<A: Arch>(image: &Image<'_, '_, A>, n: u32, buf: &mut [u8]) {
    let Some(o) = image.p.objects.get(n as usize) else {
        return;
    };
    let Some(plan) = image.l.symtab.parts.get(n as usize) else {
        return;
    };
    let mut at = 0;
    for (i, k) in plan.kept.iter().enumerate() {
        let length = k.name_length();
        let ending = plan.endings.get(i).map_or("", String::as_str).as_bytes();
        let own = length.saturating_sub(ending.len());
        if let Some(to) = buf.get_mut(at..at + length)
            && let Some(name) = o.name_bytes(&o.symbol(k.index), own)
        {
            let (start, end) = to.split_at_mut(own);
            start.copy_from_slice(name);
            end.copy_from_slice(ending);
        }
        at += length + 1;
    }
}

/// The linker's own symbols: the local ones, or the global ones with imports and copies.
pub fn linker<A: Arch>(image: &Image<'_, '_, A>, locals: bool, out: &mut Vec<u8>) {
    let plan = &image.l.symtab;
    let mut name = plan.linker_first_name;
    for (id, local) in plan
        .linker_locals
        .iter()
        .map(|i| (i, true))
        .chain(plan.linker_globals.iter().map(|i| (i, false)))
    {
        let at = name as u32;
        name += image.p.symbols.name(*id).len() as u64 + 1;
        if local == locals {
            let mut sym = global_symbol(image, *id, at, false);
            if local {
                sym.info &= 15;
            }
            out.put_sym::<A::Elf>(&sym);
        }
    }
}

pub fn linker_names<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let plan = &image.l.symtab;
    for id in plan.linker_locals.iter().chain(&plan.linker_globals) {
        out.extend_from_slice(image.p.symbols.name(*id));
        out.push(0);
    }
}

fn copy(from: &[u8], to: &mut [u8]) {
    let n = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..n), from.get(..n)) {
        to.copy_from_slice(from);
    }
}
