//! Input sections into the output: copied, and relocated while the bytes are in the cache.

use object::elf;

use super::{Image, debug};
use crate::arch::{Action, Arch, Base, Dynamic, Minus, OutputTraits, PatchError, Plain, SymFlags};
use crate::elf::{Elf, Reloc};
use crate::input::object::{Kind, Object, Place, Section, is_ctors};
use crate::layout::Layout;
use crate::layout::slots::{NONE, Slots};
use crate::layout::values;
use crate::live::errors::{place, symbol_name};
use crate::live::scan::{Referent, carries_relr, decide, referent, traits_for};
use crate::symbols::SectionId;
use crate::synth::eh_frame::put_record;

/// What a symbol's address is, and the addend that is left to add.
#[inline(always)]
pub fn address<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    who: &Referent,
    r: &Reloc,
) -> (u64, i64) {
    if r.sym >= o.first_global {
        return (image.l.values.global(who.id), r.addend);
    }
    let s = o.symbol(r.sym);
    match o.place(r.sym, &s) {
        Place::Section(shndx) => {
            let merged = o
                .sections
                .get(shndx as usize)
                .is_some_and(|x| matches!(x.kind, Kind::Merge | Kind::EhFrame));
            if merged {
                let v = &image.l.values;
                if s.sym_type() == elf::STT_SECTION {
                    // The addend chooses the piece.
                    let at = s.value.wrapping_add(r.addend as u64);
                    return (
                        values::section_address(image.l, image.live, v, n, o, shndx, at),
                        0,
                    );
                }
                return (
                    values::section_address(image.l, image.live, v, n, o, shndx, s.value),
                    r.addend,
                );
            }
            (
                image
                    .l
                    .values
                    .section(o.section_id(shndx))
                    .wrapping_add(s.value),
                r.addend,
            )
        }
        Place::Absolute => (s.value, r.addend),
        _ => (0, r.addend),
    }
}

/// `base + addend - minus` of an action.
pub fn value<A: Arch>(
    image: &Image<'_, '_, A>,
    action: &Action,
    who: &Referent,
    symbol: (u64, i64),
    size: impl Fn() -> u64,
    at: u64,
) -> u64 {
    let v = &image.l.values;
    let word = A::Elf::WORD as u64;
    let slots = || image.l.slots.get(who.id);
    let got = |n: u32| v.got + u64::from(n) * word;
    let slot = |f: &dyn Fn(&Slots) -> u32| slots().map(f).filter(|n| *n != NONE).map_or(0, got);
    let (address, addend) = symbol;
    let base = match action.base {
        Base::None => return 0,
        Base::Sym => match slots() {
            Some(s) if who.target.flags.contains(SymFlags::IFUNC) && s.is_ifuncs_address() => {
                values::iplt_address::<A>(image.l, v, s.iplt)
            }
            _ => address,
        },
        Base::Plt => match slots() {
            Some(s) if s.plt != NONE => values::plt_address::<A>(image.l, v, s.plt),
            Some(s) if s.iplt != NONE => values::iplt_address::<A>(image.l, v, s.iplt),
            _ => address,
        },
        Base::Got => slot(&|s| s.got),
        Base::TlsGd => slot(&|s| s.tlsgd),
        Base::TlsLd => got(image.l.slots.tlsld),
        Base::GotTp => slot(&|s| s.gottp),
        Base::TlsDesc => slot(&|s| s.tlsdesc),
        // Weak, and nobody defines it: what is imported otherwise has its offset in the GOT.
        Base::TpOff
            if who
                .target
                .flags
                .intersects(SymFlags::UNDEF_WEAK | SymFlags::IMPORTED) =>
        {
            0
        }
        Base::TpOff => values::tp_offset::<A>(v, address),
        Base::DtpOff => address.wrapping_sub(v.tls.0),
        Base::Size => size(),
        Base::GotBase => v.got_plt,
    };
    let minus = match action.minus {
        Minus::Nothing => 0,
        Minus::Place => at,
        Minus::GotBase => v.got_plt,
    };
    base.wrapping_add(addend as u64).wrapping_sub(minus)
}

/// One loaded or debug section into `buf`; `addr` is where it will lie.
pub fn section<A: Arch>(image: &Image<'_, '_, A>, id: SectionId, addr: u64, buf: &mut [u8]) {
    let (n, shndx) = image.p.owner(id);
    let Some(o) = image.p.objects.get(n) else {
        return;
    };
    let Some(s) = o.sections.get(shndx as usize) else {
        return;
    };
    let data = o.section_data(shndx);
    if data.len() == buf.len() {
        buf.copy_from_slice(data);
    } else {
        // NOBITS in a section with contents.
        buf.fill(0);
    }
    if let (Some(list), Some(endbr)) = (image.live.endbr.get(&id), A::ENDBR) {
        for at in list {
            if let Some(code) = buf.get_mut(*at as usize..*at as usize + 4) {
                code.copy_from_slice(&endbr.nop);
            }
        }
    }
    if s.relocs == 0 {
        return;
    }
    if s.is_alloc() {
        relocate_loaded(image, n, o, shndx, s, addr, buf);
        if runs_backwards(image.l, o, shndx) {
            let word = A::Elf::WORD;
            let words: Vec<Vec<u8>> = buf.chunks(word).rev().map(<[u8]>::to_vec).collect();
            for (to, from) in buf.chunks_mut(word).zip(&words) {
                if to.len() == from.len() {
                    to.copy_from_slice(from);
                }
            }
        }
    } else {
        debug::section(image, n, o, shndx, buf);
    }
}

/// `.ctors` entries run last to first, those of `.init_array`, where they go, first to last.
pub fn runs_backwards<E: Elf>(l: &Layout<'_>, o: &Object<'_, E>, shndx: u32) -> bool {
    o.has_ctors
        && is_ctors(o.section_name(shndx))
        // A script may keep `.ctors` for start code of its own.
        && l.output_of(o.section_id(shndx))
            .and_then(|n| l.outputs.get(n))
            .is_none_or(|s| s.ty != elf::SHT_PROGBITS || !is_ctors(s.name))
}

fn relocate_loaded<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    shndx: u32,
    s: &Section,
    addr: u64,
    buf: &mut [u8],
) {
    let out = traits_for(image.opts, image.p.dynamic, image.l.rules.tlsdesc, s.flags);
    let relocs = o.relocs(shndx);
    let code = o.section_data(shndx);
    let count = relocs.len();
    let mut i = 0;
    while i < count {
        let r = relocs.get(i);
        i += 1;
        if r.ty == A::R_NONE {
            continue;
        }
        let next = if i < count { Some(relocs.get(i)) } else { None };
        let place = At {
            n,
            o,
            shndx,
            section: s,
            out: &out,
            code,
            addr,
        };
        i += one(image, &place, r, next.as_ref(), buf);
    }
}

/// Where relocations are applied: `buf[0]` is the section's first byte, at `addr`.
struct At<'s, 'd, E: Elf> {
    n: usize,
    o: &'s Object<'d, E>,
    shndx: u32,
    section: &'s Section,
    out: &'s OutputTraits,
    code: &'d [u8],
    addr: u64,
}

/// What the file holds where a RELATIVE relocation will put `value`.
#[inline(always)]
fn under_relative<A: Arch>(
    image: &Image<'_, '_, A>,
    section: &Section,
    offset: u64,
    value: u64,
) -> u64 {
    let relr = image.opts.z.pack_relative_relocs && image.opts.kind.is_pic();
    if relr && carries_relr(Dynamic::Relative, section, offset) || image.stores_addends() {
        return value;
    }
    0
}

/// Address of a symbol that is nothing but an address fixed at link time: no TLS, no IFUNC, nothing imported, nothing
/// merged, nothing discarded. None for all others.
#[inline(always)]
fn plain_address<A: Arch>(
    image: &Image<'_, '_, A>,
    o: &Object<'_, A::Elf>,
    sym: u32,
) -> Option<u64> {
    let values = &image.l.values;
    if sym >= o.first_global {
        let id = o.symbol_id(sym);
        let flags = image.p.symbols.target(id).flags;
        return (!flags.intersects(SymFlags::SPECIAL)).then(|| values.global(id));
    }
    let s = o.symbol(sym);
    let Place::Section(shndx) = o.place(sym, &s) else {
        return None;
    };
    let section = o.sections.get(shndx as usize)?;
    let special = matches!(s.sym_type(), elf::STT_TLS | elf::STT_GNU_IFUNC)
        || section.flags & elf::SHF_TLS != 0;
    (section.kind == Kind::Regular && !special)
        .then(|| values.section(o.section_id(shndx)).wrapping_add(s.value))
}

#[inline(always)]
fn one<A: Arch>(
    image: &Image<'_, '_, A>,
    at: &At<'_, '_, A::Elf>,
    mut r: Reloc,
    next: Option<&Reloc>,
    buf: &mut [u8],
) -> usize {
    let o = at.o;
    if r.sym as usize >= o.symbols.len() {
        return 0;
    }
    if !A::IS_RELA {
        r.addend = A::implicit_addend(r.ty, r.offset, at.code);
    }
    let plain = A::plain(r.ty);
    if plain != Plain::No
        && let Some(symbol) = plain_address(image, o, r.sym)
    {
        let v = symbol.wrapping_add(r.addend as u64);
        let v = match plain {
            Plain::Distance => v.wrapping_sub(at.addr.wrapping_add(r.offset)),
            _ if at.out.kind.is_pic() => under_relative(image, at.section, r.offset, v),
            _ => v,
        };
        if let Err(e) = A::patch_data(r.ty, r.offset, v, buf) {
            report(image, at.n, o, at.shndx, &r, e);
        }
        return 0;
    }
    let mut who = referent(image.p, o, r.sym);
    if who.discarded {
        return 0;
    }
    if who.target.flags.contains(SymFlags::UNDEFINED) {
        // Only with --warn-unresolved-symbols and the like: the address is 0.
        who.target.flags = SymFlags::ABS | SymFlags::UNDEF_WEAK;
    }
    let action = decide::<A>(image.p, &r, next, &who, at.out, at.code);
    let symbol = address(image, at.n, o, &who, &r);
    let size = || symbol_size(image, o, &who, r.sym);
    let mut v = value(
        image,
        &action,
        &who,
        symbol,
        size,
        at.addr.wrapping_add(r.offset),
    );
    match action.dynamic {
        Dynamic::Nothing => {}
        Dynamic::Relative => v = under_relative(image, at.section, r.offset, v),
        Dynamic::Symbolic if image.opts.apply_dynamic_relocs == Some(true) => v = r.addend as u64,
        _ => v = 0,
    }
    if let Err(e) = A::patch(&r, &action, v, buf) {
        report(image, at.n, o, at.shndx, &r, e);
    }
    usize::from(action.skip_next)
}

/// st_size of a symbol, from where it is defined.
pub(super) fn symbol_size<A: Arch>(
    image: &Image<'_, '_, A>,
    o: &Object<'_, A::Elf>,
    who: &Referent,
    sym: u32,
) -> u64 {
    if sym < o.first_global {
        return o.symbol(sym).size;
    }
    let info = image.p.symbols.info(who.id);
    if let Some(o) = info.file.as_object().and_then(|f| image.p.objects.get(f)) {
        return o.symbol(info.sym).size;
    }
    info.file
        .as_shared()
        .and_then(|f| image.p.shared.get(f))
        .map_or(0, |s| s.symbol(info.sym).size)
}

/// One object's part of `.eh_frame`; `eh_frame` is the section's address, `offset` the part's place in it.
pub fn eh_frame<A: Arch>(
    image: &Image<'_, '_, A>,
    object: u32,
    k: u16,
    eh_frame: u64,
    offset: u64,
    buf: &mut [u8],
) {
    let n = object as usize;
    let Some(o) = image.p.objects.get(n) else {
        return;
    };
    let Some((shndx, frame)) = image
        .live
        .eh_frames
        .get(n)
        .and_then(|l| l.get(usize::from(k)))
    else {
        return;
    };
    let Some(section) = o.sections.get(*shndx as usize) else {
        return;
    };
    let out = traits_for(
        image.opts,
        image.p.dynamic,
        image.l.rules.tlsdesc,
        section.flags,
    );
    let data = o.section_data(*shndx);
    let relocs = o.relocs(*shndx);
    for record in frame.records() {
        let at = (record.output - offset) as usize;
        let Some(part) = buf.get_mut(at..at + record.size as usize) else {
            continue;
        };
        if let Err(e) = put_record::<A::Elf>(data, &record, part) {
            image.report.error(format!("{}: {e}", o.name));
            continue;
        }
        // Relocations count from the input section's start; the record's bytes count from the record's.
        let at = At {
            n,
            o,
            shndx: *shndx,
            section,
            out: &out,
            code: &[],
            addr: eh_frame.wrapping_add(record.output),
        };
        for i in record.relocs.clone() {
            let mut r = frame.reloc(relocs, i);
            if r.ty == A::R_NONE {
                continue;
            }
            r.offset = r.offset.wrapping_sub(u64::from(record.input));
            one(image, &at, r, None, part);
        }
    }
}

pub(super) fn report<A: Arch>(
    image: &Image<'_, '_, A>,
    n: usize,
    o: &Object<'_, A::Elf>,
    shndx: u32,
    r: &Reloc,
    e: PatchError,
) {
    let ty = A::reloc_name(r.ty).map_or_else(|| format!("type {}", r.ty), str::to_string);
    let at = place(o, shndx, r.offset, image.opts.demangle);
    let name = symbol_name(image.p, o, r.sym, image.opts.demangle);
    let text = match e {
        PatchError::Overflow(v) => {
            let hint = if image.opts.relax && ty.ends_with("GOTPCRELX") {
                "\n>>> hint: it was a load from the GOT, which --no-relax leaves in its place"
            } else {
                ""
            };
            format!(
                "{at}: relocation {ty} out of range: {} is not in [{}, {}]; references {name}{hint}",
                v.value, v.min, v.max
            )
        }
        PatchError::OutOfSection => {
            format!("{at}: relocation {ty} against {name} reaches outside its section")
        }
        PatchError::BadInstruction => {
            format!(
                "{at}: relocation {ty} against {name} stands on an instruction that its psABI does not know"
            )
        }
    };
    image.report.fault_at(
        (n as u32, u64::from(shndx) << 32 | r.offset & 0xffff_ffff),
        text,
    );
}
