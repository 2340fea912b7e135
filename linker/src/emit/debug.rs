//! Relocations of sections that are not loaded, nearly all of them in debug information.
//!
//! There are more of these than of all others, and nearly all are an address of code or an offset into another debug
//! section: those two have a short way. What was not linked gets a tombstone (DWARF 5, 2.16 and 7.24 leave it to the
//! linker; the values are those debuggers know).

use object::elf;

use super::Image;
use super::relocate::{address, report, symbol_size, value};
use crate::arch::{Arch, Base, SymFlags};
use crate::elf::Reloc;
use crate::input::object::{Kind, Object, Place};
use crate::layout::merging::MergedInput;
use crate::layout::values;
use crate::live::scan::{Referent, referent, traits_for};
use crate::options::Options;
use crate::script::Glob;
use crate::symbols::SectionId;

/// What stands for the address of something that was not linked, if that is not the usual value: lists of ranges end at 0,
/// so theirs is 1; `.debug_names` (DWARF 5, 6.1.1) may name a unit at 0. `-z dead-reloc-in-nonalloc` has the last word.
fn tombstone(image_opts: &Options, section: &[u8]) -> Option<u64> {
    let given = image_opts.z.dead_relocs.iter().rev();
    if let Some((_, value)) = given
        .into_iter()
        .find(|(g, _)| Glob::new(g).matches(section))
    {
        return Some(*value);
    }
    match section {
        b".debug_ranges" | b".debug_loc" => Some(1),
        b".debug_names" => Some(u64::MAX),
        _ if section.starts_with(b".debug") => Some(0),
        _ => None,
    }
}

/// What a debug section's relocations need of a symbol.
#[derive(Clone, Copy)]
struct Known<'a> {
    sym: u32,
    who: Referent,
    gone: bool,
    at: Where<'a>,
}

/// What an addend is added to.
#[derive(Clone, Copy)]
enum Where<'a> {
    /// The symbol's address.
    Address(u64),
    /// A merged section, and the symbol's offset in it: the addend chooses the piece.
    Pieces(MergedInput<'a>, u64),
    /// Taken apart otherwise: asked for each relocation.
    Asked,
}

/// Symbols known at a time. Neighbouring relocations use the same few.
const KNOWN: usize = 8;

impl<'a> Known<'a> {
    /// `lines`: line numbers, which stay for functions that an equal one stands for.
    fn of<A: Arch>(
        image: &Image<'a, '_, A>,
        n: usize,
        o: &Object<'_, A::Elf>,
        sym: u32,
        lines: bool,
    ) -> Self {
        let who = referent(image.p, o, sym);
        let gone = who.discarded || is_dead(image, o, &who, sym, lines);
        let at = if sym >= o.first_global {
            Where::Address(image.l.values.global(who.id))
        } else {
            local(image, n, o, sym)
        };
        Known { sym, who, gone, at }
    }
}

fn local<'a, A: Arch>(
    image: &Image<'a, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    sym: u32,
) -> Where<'a> {
    let s = o.symbol(sym);
    let Place::Section(shndx) = o.place(sym, &s) else {
        return Where::Asked;
    };
    let id = o.section_id(shndx);
    match o.sections.get(shndx as usize).map(|x| x.kind) {
        None | Some(Kind::EhFrame) => Where::Asked,
        Some(Kind::Merge) if s.sym_type() == elf::STT_SECTION => match image.l.merges.input(id) {
            Some(input) => Where::Pieces(input, s.value),
            None => Where::Asked,
        },
        Some(Kind::Merge) => {
            let v = &image.l.values;
            let at = values::section_address(image.l, image.live, v, n, o, shndx, s.value);
            Where::Address(at)
        }
        _ => Where::Address(image.l.values.section(id).wrapping_add(s.value)),
    }
}

/// Relocates section `shndx` of object `n`, whose bytes are in `buf`.
pub fn section<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    shndx: u32,
    buf: &mut [u8],
) {
    let name = o.section_name(shndx);
    let tombstone = tombstone(image.opts, name);
    let (debug, dead) = (tombstone.is_some(), tombstone.unwrap_or(0));
    let lines = name == b".debug_line";
    let code = o.section_data(shndx);
    let symbols = o.symbols.len();
    let mut known = [Known::of(image, n, o, 0, lines); KNOWN];
    for mut r in o.relocs(shndx).iter() {
        if r.ty == A::R_NONE || r.sym as usize >= symbols {
            continue;
        }
        if !A::IS_RELA {
            r.addend = A::implicit_addend(r.ty, r.offset, code);
        }
        let slot = &mut known[r.sym as usize % KNOWN];
        if slot.sym != r.sym {
            *slot = Known::of(image, n, o, r.sym, lines);
        }
        let dead_here = slot.gone && debug;
        if !dead_here && r.ty != A::R_ABS && r.ty != A::R_ABS32 {
            rare(image, n, o, shndx, &r, &slot.who, buf);
            continue;
        }
        let v = match &slot.at {
            _ if dead_here => dead,
            Where::Address(base) => base.wrapping_add(r.addend as u64),
            Where::Pieces(input, start) => {
                let offset = start.wrapping_add(r.addend as u64);
                match input.address(offset) {
                    Some(at) => at,
                    None => asked(image, n, o, &slot.who, &r),
                }
            }
            Where::Asked => asked(image, n, o, &slot.who, &r),
        };
        // The types are named so that their sizes are known here.
        let done = if r.ty == A::R_ABS32 {
            A::patch_data(A::R_ABS32, r.offset, v, buf)
        } else if r.ty == A::R_ABS {
            A::patch_data(A::R_ABS, r.offset, v, buf)
        } else {
            A::patch_data(r.ty, r.offset, v, buf)
        };
        if let Err(e) = done {
            report(image, n, o, shndx, &r, e);
        }
    }
}

#[cold]
fn asked<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    who: &Referent,
    r: &Reloc,
) -> u64 {
    let (address, addend) = address(image, n, o, who, r);
    address.wrapping_add(addend as u64)
}

/// A relocation of a type that is not an address.
#[cold]
fn rare<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    shndx: u32,
    r: &Reloc,
    who: &Referent,
    buf: &mut [u8],
) {
    let out = traits_for(image.opts, image.p.dynamic, image.l.rules.tlsdesc, 0);
    let mut who = *who;
    // Nothing is bound at run time here.
    who.target.flags -= SymFlags::IMPORTED | SymFlags::UNDEFINED;
    let action = A::decide(r, None, who.target.flags, &out, o.section_data(shndx));
    let symbol = address(image, n, o, &who, r);
    let size = || symbol_size(image, o, &who, r.sym);
    let v = value(image, &action, &who, symbol, size, r.offset);
    if action.problem.is_none()
        && action.base != Base::None
        && let Err(e) = A::patch_data(r.ty, r.offset, v, buf)
    {
        report(image, n, o, shndx, r, e);
    }
}

/// Whether a debug relocation is about something that this object defines but that is not linked.
pub(super) fn is_dead<A: Arch>(
    image: &Image<'_, '_, A>,
    o: &Object<'_, A::Elf>,
    who: &Referent,
    sym: u32,
    lines: bool,
) -> bool {
    let is_there = |id: SectionId| {
        if lines {
            image.live.is_placed(id)
        } else {
            image.live.is_live(id)
        }
    };
    if sym >= o.first_global {
        let s = o.symbol(sym);
        return match o.place(sym, &s) {
            // This object's own copy is not the one that is linked: its debug information is about nothing.
            Place::Section(n) => match o.sections.get(n as usize) {
                Some(x) if x.kind == Kind::Discarded => true,
                Some(x) if matches!(x.kind, Kind::Regular | Kind::Merge) => {
                    !is_there(o.section_id(n))
                }
                _ => false,
            },
            _ => false,
        };
    }
    if who.target.section == SectionId::NONE {
        return false;
    }
    let kind = o
        .sections
        .get((who.target.section.0 - o.section_base) as usize)
        .map(|s| s.kind);
    matches!(kind, Some(Kind::Regular | Kind::Merge)) && !is_there(who.target.section)
}
