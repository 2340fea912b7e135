//! Dynamic relocations: `.rela.dyn`, `.rela.plt`, `.relr.dyn`.
//!
//! gABI, "Relocation"; the order is the one `-z combreloc` stands for: RELATIVE first (DT_RELACOUNT of them, by address),
//! then by symbol, so that the run-time linker looks each up once, and IRELATIVE last, because resolvers may use what the
//! others have set up.

use super::Image;
use super::relocate::{address, runs_backwards, value};
use crate::arch::{Arch, Dynamic, Plain, SymFlags};
use crate::elf::{Elf, PutElf, Reloc};
use crate::input::object::Kind;
use crate::layout::Layout;
use crate::layout::got::{self, GotWord};
use crate::layout::output::Synth;
use crate::layout::slots::{NONE, Slots};
use crate::layout::values::{iplt_address, tp_offset};
use crate::live::scan::{carries_relr, decide, referent, traits_for};
use crate::live::{DynamicSection, Liveness};
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, SymbolId};
use crate::trace::Trace;

/// The relocations of `.rela.dyn`, sorted, with absolute addresses as offsets: in lists one behind the other, as they were
/// gathered, because a large program has half a million.
#[derive(Clone, Debug, Default)]
pub struct DynamicRelocs {
    lists: Vec<Vec<Reloc>>,
    /// How many of the first are RELATIVE.
    pub relative: u64,
}

impl DynamicRelocs {
    pub fn count(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// All from number `first` on.
    fn from(&self, mut first: usize) -> impl Iterator<Item = &Reloc> {
        let mut lists = self.lists.iter();
        let rest = lists.by_ref().find_map(|list| {
            let here = list.get(first..).filter(|rest| !rest.is_empty());
            first = first.saturating_sub(list.len());
            here
        });
        rest.into_iter().flatten().chain(lists.flatten())
    }
}

/// Calls `f` with every place of an input section that the run-time linker has to touch.
fn each_dynamic<A: Arch>(
    image: &Image<'_, '_, A>,
    section: u32,
    mut f: impl FnMut(Reloc, Dynamic, SymbolId, u64, bool),
) {
    let (n, shndx) = image.p.owner(SectionId(section));
    let Some(o) = image.p.objects.get(n) else {
        return;
    };
    let Some(s) = o.sections.get(shndx as usize) else {
        return;
    };
    let out = traits_for(image.opts, image.p.dynamic, image.l.rules.tlsdesc, s.flags);
    let code = o.section_data(shndx);
    let relocs = o.relocs(shndx);
    let base = image.l.values.section(SectionId(section));
    let mut visit = |mut r: Reloc, next: Option<&Reloc>, at: u64| -> usize {
        if r.ty == A::R_NONE || r.sym as usize >= o.symbols.len() {
            return 0;
        }
        if !A::IS_RELA {
            r.addend = A::implicit_addend(r.ty, r.offset, code);
        }
        let who = referent(image.p, o, r.sym);
        if who.discarded {
            return 0;
        }
        if !who.target.flags.intersects(SymFlags::SPECIAL) {
            match A::plain(r.ty) {
                Plain::No => {}
                Plain::Word if out.kind.is_pic() => {
                    let (symbol, addend) = address(image, n, o, &who, &r);
                    let v = symbol.wrapping_add(addend as u64);
                    let packed = carries_relr(Dynamic::Relative, s, r.offset);
                    f(
                        Reloc { offset: at, ..r },
                        Dynamic::Relative,
                        who.id,
                        v,
                        packed,
                    );
                    return 0;
                }
                Plain::Distance | Plain::Word => return 0,
            }
        }
        let action = decide::<A>(image.p, &r, next, &who, &out, code);
        if action.dynamic != Dynamic::Nothing && action.problem.is_none() {
            let v = match action.dynamic {
                Dynamic::Symbolic => r.addend as u64,
                _ => value(
                    image,
                    &action,
                    &who,
                    address(image, n, o, &who, &r),
                    || 0,
                    at,
                ),
            };
            let packed = carries_relr(action.dynamic, s, r.offset);
            // Elsewhere its address was taken without a relocation: the value is its PLT entry, no resolver.
            let kind = match action.dynamic {
                Dynamic::Irelative
                    if image
                        .l
                        .slots
                        .get(who.id)
                        .is_some_and(Slots::is_ifuncs_address) =>
                {
                    Dynamic::Relative
                }
                kind => kind,
            };
            f(Reloc { offset: at, ..r }, kind, who.id, v, packed);
        }
        usize::from(action.skip_next)
    };
    if s.kind == Kind::EhFrame {
        for (i, frame) in image.live.eh_frames.get(n).into_iter().flatten() {
            if *i != shndx {
                continue;
            }
            for record in frame.records() {
                for k in record.relocs.clone() {
                    let r = frame.reloc(relocs, k);
                    let at = image.l.values.eh_frame
                        + record.output
                        + (r.offset - u64::from(record.input));
                    visit(r, None, at);
                }
            }
        }
        return;
    }
    let backwards = runs_backwards(image.l, o, shndx);
    let count = relocs.len();
    let mut i = 0;
    while i < count {
        let r = relocs.get(i);
        i += 1;
        let next = if i < count { Some(relocs.get(i)) } else { None };
        let offset = if backwards {
            s.size
                .wrapping_sub(A::Elf::WORD as u64)
                .wrapping_sub(r.offset)
        } else {
            r.offset
        };
        i += visit(r, next.as_ref(), base.wrapping_add(offset));
    }
}

/// An image of which nothing is written: the layout asks what its dynamic relocations would be. What is wrong with them is
/// reported when they are written.
fn unwritten<'a, 'd, A: Arch>(
    p: &'a Program<'d, A::Elf>,
    live: &'a Liveness,
    opts: &'a Options,
    l: &'a Layout<'d>,
    report: &'a Report,
    trace: &'a Trace,
    par: Par,
) -> Image<'a, 'd, A> {
    Image {
        p,
        live,
        opts,
        l,
        report,
        trace,
        par,
        dynamic: DynamicRelocs::default(),
    }
}

/// Addresses that RELR carries, sorted.
pub fn relr_addresses<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    l: &Layout<'_>,
    par: Par,
) -> Vec<u64> {
    let (report, trace) = (Report::new(opts), Trace::off());
    let image = unwritten::<A>(p, live, opts, l, &report, &trace, par);
    let mut list: Vec<u64> = par
        .map(&by_address(live, l), |d| {
            let mut v = Vec::with_capacity(d.relative as usize);
            if d.relative > 0 {
                each_dynamic(&image, d.section, |r, _, _, _, packed| {
                    if packed {
                        v.push(r.offset);
                    }
                });
            }
            v
        })
        .into_iter()
        .flatten()
        .collect();
    got::for_each::<A>(p, &l.slots, opts, |n, w| {
        if got::cost(w, opts.kind.is_pic()) == got::Cost::Relative {
            list.push(l.values.got + u64::from(n) * A::Elf::WORD as u64);
        }
    });
    // Stable sorting takes runs as they are.
    list.sort();
    list
}

/// The sections with dynamic relocations in the order of their addresses: what is gathered from them is then nearly sorted.
fn by_address<'l>(live: &'l Liveness, l: &Layout<'_>) -> Vec<&'l DynamicSection> {
    let mut list: Vec<&DynamicSection> = live.dynamic.iter().collect();
    list.sort_by_key(|d| l.values.section(SectionId(d.section)));
    list
}

/// Makes `.rela.dyn`.
pub fn build<A: Arch>(image: &Image<'_, '_, A>) -> DynamicRelocs {
    let l = image.l;
    let relr = l.synth(Synth::RelrDyn).is_some();
    let sections = by_address(image.live, l);
    let tasks: Vec<&[&DynamicSection]> = sections.chunks(SECTIONS).collect();
    let parts: Vec<[Vec<Reloc>; 3]> = image.par.map(&tasks, |sections| {
        let mut out: [Vec<Reloc>; 3] = Default::default();
        let relative = sections.iter().map(|d| d.relative as usize).sum();
        out[0].reserve(if relr { 0 } else { relative });
        for d in *sections {
            each_dynamic(image, d.section, |r, kind, id, v, packed| {
                let (class, ty, sym) = match kind {
                    Dynamic::Relative if relr && packed => return,
                    Dynamic::Relative => (0, A::R_RELATIVE, 0),
                    Dynamic::Symbolic => (1, A::R_ABS, l.dynsym.index(id)),
                    Dynamic::Irelative => (2, A::R_IRELATIVE, 0),
                    Dynamic::Nothing => return,
                };
                out[class].push(Reloc {
                    offset: r.offset,
                    ty,
                    sym,
                    addend: v as i64,
                });
            });
        }
        // Stable sorting takes runs as they are.
        out[0].sort_by_key(|r| r.offset);
        out
    });
    let mut lists = Vec::with_capacity(parts.len() + 3);
    let (mut other, mut irelative, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for [relative, symbolic, late] in parts {
        lists.push(relative);
        other.extend(symbolic);
        irelative.extend(late);
    }
    got_relocs(image, relr, &mut own, &mut other, &mut irelative);
    own.sort_by_key(|r| r.offset);
    lists.push(own);
    let bases = [
        l.synth_addr(Synth::Copies),
        l.synth_addr(Synth::CopiesRelro),
    ];
    for c in &l.slots.copies {
        let offset = bases[usize::from(c.read_only)] + c.offset;
        other.push(Reloc {
            offset,
            ty: A::R_COPY,
            sym: l.dynsym.index(c.id),
            addend: 0,
        });
    }
    let mut lists = in_order(lists);
    let mut count = lists.iter().map(|list| list.len() as u64).sum();
    other.sort_unstable_by_key(|r| (r.sym, r.offset, r.ty));
    irelative.sort_unstable_by_key(|r| r.offset);
    lists.push(other);
    if !image.opts.z.combreloc {
        let mut all = lists.concat();
        all.sort_unstable_by_key(|r| (r.offset, r.ty));
        lists = vec![all];
        count = 0;
    }
    lists.push(irelative);
    DynamicRelocs {
        lists,
        relative: count,
    }
}

/// Sections that one task looks through.
const SECTIONS: usize = 256;

/// Sorted lists put into such an order that all of them together are sorted. Sections lie one behind the other, so few
/// lists overlap.
fn in_order(mut lists: Vec<Vec<Reloc>>) -> Vec<Vec<Reloc>> {
    lists.retain(|list| !list.is_empty());
    let first = |list: &[Reloc]| list.first().map_or(0, |r| r.offset);
    lists.sort_by_key(|list| first(list));
    let mut out: Vec<Vec<Reloc>> = Vec::with_capacity(lists.len());
    for list in lists {
        match out.last_mut() {
            Some(before) if before.last().is_some_and(|r| r.offset > first(&list)) => {
                before.extend(list);
                before.sort_by_key(|r| r.offset);
            }
            _ => out.push(list),
        }
    }
    out
}

fn got_relocs<A: Arch>(
    image: &Image<'_, '_, A>,
    relr: bool,
    relative: &mut Vec<Reloc>,
    other: &mut Vec<Reloc>,
    irelative: &mut Vec<Reloc>,
) {
    let l = image.l;
    let pic = image.opts.kind.is_pic();
    let word = A::Elf::WORD as u64;
    got::for_each::<A>(image.p, &l.slots, image.opts, |n, w| {
        let offset = l.values.got + u64::from(n) * word;
        let symbolic = |ty: u32, id: SymbolId| Reloc {
            offset,
            ty,
            sym: l.dynsym.index(id),
            addend: 0,
        };
        let own = |ty: u32, v: u64| Reloc {
            offset,
            ty,
            sym: 0,
            addend: v as i64,
        };
        let tls = |id: SymbolId| symbol_address(image, id).wrapping_sub(l.values.tls.0);
        match w {
            GotWord::Address(_) | GotWord::IpltAddress(_) if pic && !relr => {
                relative.push(own(A::R_RELATIVE, got_content(image, w)));
            }
            GotWord::Irelative(id) => {
                irelative.push(own(A::R_IRELATIVE, symbol_address(image, id)))
            }
            GotWord::Imported(id) => other.push(symbolic(A::R_GLOB_DAT, id)),
            GotWord::ModuleOf(id) => other.push(symbolic(A::R_DTPMOD, id)),
            GotWord::ModuleSelf => other.push(own(A::R_DTPMOD, 0)),
            GotWord::DtpOffOf(id) => other.push(symbolic(A::R_DTPOFF, id)),
            GotWord::TpOffOf(id) => other.push(symbolic(A::R_TPOFF, id)),
            GotWord::TpOffSelf(id) => other.push(Reloc {
                sym: l.dynsym.own_tls(),
                ..own(A::R_TPOFF, tls(id))
            }),
            GotWord::DescOf(id) => other.push(symbolic(A::R_TLSDESC, id)),
            GotWord::DescSelf(id) => other.push(own(A::R_TLSDESC, tls(id))),
            _ => {}
        }
    });
}

/// Address of a symbol, global or local.
pub fn symbol_address<A: Arch>(image: &Image<'_, '_, A>, id: SymbolId) -> u64 {
    if image.p.symbols.is_global(id) {
        return image.l.values.global(id);
    }
    let i = image
        .p
        .objects
        .partition_point(|o| o.local_base <= id.0)
        .saturating_sub(1);
    let Some(o) = image.p.objects.get(i) else {
        return 0;
    };
    let r = Reloc {
        sym: id.0 - o.local_base,
        ..Reloc::default()
    };
    let who = referent(image.p, o, r.sym);
    let (at, addend) = address(image, i, o, &who, &r);
    at.wrapping_add(addend as u64)
}

/// What a GOT word holds in the file.
pub fn got_content<A: Arch>(image: &Image<'_, '_, A>, w: GotWord) -> u64 {
    let v = &image.l.values;
    match w {
        GotWord::Address(id) | GotWord::Constant(id) => symbol_address(image, id),
        GotWord::IpltAddress(n) => iplt_address::<A>(image.l, v, n),
        GotWord::ModuleOne => 1,
        GotWord::DtpOff(id) => symbol_address(image, id).wrapping_sub(v.tls.0),
        GotWord::TpOff(id) => tp_offset::<A>(v, symbol_address(image, id)),
        _ => 0,
    }
}

/// `.rela.dyn` as Android packs it, where the layout is now.
pub fn android<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    l: &Layout<'_>,
    par: Par,
) -> Vec<u8> {
    let (report, trace) = (Report::new(opts), Trace::off());
    let image = unwritten::<A>(p, live, opts, l, &report, &trace, par);
    packed::<A::Elf>(&build(&image))
}

fn packed<E: Elf>(relocs: &DynamicRelocs) -> Vec<u8> {
    crate::synth::android::encode::<E>(&relocs.lists.concat())
}

/// `.rela.dyn`'s bytes, padded to the size the layout gave it: `size` of them from byte `start` on, which is that of a
/// relocation.
pub fn write_rela_dyn<A: Arch>(
    image: &Image<'_, '_, A>,
    start: u64,
    size: usize,
    out: &mut Vec<u8>,
) {
    if image.opts.shape.android_relocs && image.p.dynamic {
        // Zeros behind the last group are not read.
        out.extend(packed::<A::Elf>(&image.dynamic));
        return;
    }
    let entry = A::Elf::RELA_SIZE;
    let want = image.l.rela_dyn_count as usize;
    let first = start as usize / entry;
    let end = want.min(first + size / entry);
    let none = Reloc {
        ty: A::R_NONE,
        ..Reloc::default()
    };
    let relocs = image.dynamic.from(first).chain(std::iter::repeat(&none));
    for r in relocs.take(end.saturating_sub(first)) {
        out.put_rela::<A::Elf>(r);
    }
    let have = image.dynamic.count();
    if start == 0 && have > want {
        image.report.error(format!(
            "internal error: {have} dynamic relocations where the scan counted {want}; please report this",
        ));
    }
}

/// `.rela.plt`: one JUMP_SLOT for each entry.
pub fn write_rela_plt<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let word = A::Elf::WORD as u64;
    let base = image.l.values.got_plt + A::GOTPLT_RESERVED as u64 * word;
    for s in image.l.slots.slots.iter().filter(|s| s.plt != NONE) {
        out.put_rela::<A::Elf>(&Reloc {
            offset: base + u64::from(s.plt) * word,
            ty: A::R_JUMP_SLOT,
            sym: image.l.dynsym.index(s.id),
            addend: 0,
        });
    }
}

/// Where a lazily bound call first goes: for `.got.plt`.
pub fn first_target<A: Arch>(l: &Layout<'_>, n: u32) -> u64 {
    let entry = l.values.plt
        + A::plt_header_size(l.plt_style)
        + u64::from(n) * A::plt_entry_size(l.plt_style);
    entry + A::lazy_got_offset(l.plt_style)
}
