//! Addresses of sections and symbols, once the layout is known.

use std::sync::atomic::{AtomicU64, Ordering};

use object::elf;
use wcc_targets::rules::TlsRounding;

use super::Layout;
use super::output::{Content, Synth};
use super::slots::NONE;
use crate::arch::{Arch, PltStyle};
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::{Kind, Object, Place};
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::script::Expr;
use crate::symbols::bind::Program;
use crate::symbols::reserved::Reserved;
use crate::symbols::{SectionId, State, SymbolId};

/// Addresses by number.
#[derive(Default)]
pub struct Values {
    /// Address of each input section; for sections that are not loaded, its offset in the output section.
    pub sections: Vec<u64>,
    /// Address of each global symbol (0 for those that the run-time linker binds and that have no place here).
    pub globals: Vec<u64>,
    /// TLS segment: address, size, and what its end is rounded up to before the thread pointer, in bytes.
    pub tls: (u64, u64, u64),
    pub got: u64,
    pub got_plt: u64,
    pub plt: u64,
    pub plt_sec: u64,
    pub iplt: u64,
    /// Address of the output `.eh_frame`.
    pub eh_frame: u64,
}

impl Values {
    pub fn section(&self, s: SectionId) -> u64 {
        self.sections.get(s.index()).copied().unwrap_or(0)
    }
    #[inline(always)]
    pub fn global(&self, id: SymbolId) -> u64 {
        self.globals.get(id.index()).copied().unwrap_or(0)
    }
}

/// The style of entries for local IFUNCs: nothing to bind lazily.
pub fn iplt_style(plt: PltStyle) -> PltStyle {
    match plt {
        PltStyle::Lazy | PltStyle::Now => PltStyle::Now,
        PltStyle::LazyIbt | PltStyle::NowIbt => PltStyle::NowIbt,
    }
}

/// Address of byte `value` of a section of an object, wherever merging has put it.
#[inline]
pub fn section_address<E: Elf>(
    l: &Layout<'_>,
    live: &Liveness,
    values: &Values,
    n: usize,
    o: &Object<'_, E>,
    shndx: u32,
    value: u64,
) -> u64 {
    let Some(s) = o.sections.get(shndx as usize) else {
        return 0;
    };
    let id = o.section_id(shndx);
    match s.kind {
        Kind::Merge => match l.merges.lookup(id, value) {
            Some((part, offset)) => l.merges.address(part).wrapping_add(offset),
            None => values.section(id).wrapping_add(value),
        },
        Kind::EhFrame => live
            .eh_frames
            .get(n)
            .and_then(|list| list.iter().find(|(i, _)| *i == shndx))
            .map_or(0, |(_, f)| values.eh_frame + f.output_offset(value)),
        _ => values.section(id).wrapping_add(value),
    }
}

/// Computes all addresses.
pub fn compute<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    l: &mut Layout<'_>,
    par: Par,
) -> Values {
    let mut sections: Vec<AtomicU64> = Vec::new();
    sections.resize_with(p.symbols.sections, || AtomicU64::new(0));
    let merged: Vec<(u32, u64)> = l
        .outputs
        .iter()
        .flat_map(|s| {
            s.pieces.iter().filter_map(|piece| match piece.content {
                Content::Merged(n) => Some((n, s.addr + piece.offset)),
                _ => None,
            })
        })
        .collect();
    for (n, addr) in merged {
        l.merges.set_address(n, addr);
    }
    let l = &*l;
    for s in &l.outputs {
        let fill = |piece: &super::output::Piece| {
            if let Content::Section(id) = piece.content
                && let Some(slot) = sections.get(id.index())
            {
                slot.store(s.addr.wrapping_add(piece.offset), Ordering::Relaxed);
            }
        };
        if s.pieces.len() > 4096 {
            par.for_each(&s.pieces, fill)
        } else {
            s.pieces.iter().for_each(fill)
        }
    }
    let mut v = Values {
        sections: sections.into_iter().map(AtomicU64::into_inner).collect(),
        globals: Vec::new(),
        tls: l.placement.tls.map_or((0, 0, 1), |t| {
            // What the run-time linker rounds up when it places the block: by p_align the block's end, so that the
            // block's address counts; by a fixed number its size.
            match l.rules.tls_rounding {
                TlsRounding::SegmentAlignment => (t.addr, t.memsz, t.align),
                TlsRounding::Fixed(n) => (
                    t.addr,
                    t.memsz.checked_next_multiple_of(n).unwrap_or(t.memsz),
                    1,
                ),
            }
        }),
        got: l.synth_addr(Synth::Got),
        got_plt: l.synth_addr(Synth::GotPlt),
        plt: l.synth_addr(Synth::Plt),
        plt_sec: l.synth_addr(Synth::PltSec),
        iplt: l.synth_addr(Synth::Iplt),
        eh_frame: eh_frame_start(l),
    };
    for (s, to) in &live.folded {
        let at = v.section(*to);
        if let Some(slot) = v.sections.get_mut(*s as usize) {
            *slot = at;
        }
    }
    if v.got_plt == 0 {
        // Nothing jumps through it; references to the GOT as a whole mean the GOT.
        v.got_plt = v.got;
    }
    v.globals = par.map_range(p.symbols.globals, |i| {
        global_address(p, live, l, &v, SymbolId(i as u32))
    });
    for s in &l.outputs {
        for piece in &s.pieces {
            if let Content::Common(id) = piece.content
                && let Some(slot) = v.globals.get_mut(id.index())
            {
                *slot = s.addr + piece.offset;
            }
        }
    }
    imported_addresses::<A>(l, &mut v);
    reserved_addresses::<A>(p, opts, l, &mut v);
    super::map_segments::size_symbols(p, opts, l, &mut v);
    v
}

/// Address of the first record of the output's unwind tables: the parts stand together before their terminator.
fn eh_frame_start(l: &Layout<'_>) -> u64 {
    let Some(&(n, end)) = l.synth.get(&Synth::EhFrameEnd) else {
        return 0;
    };
    let Some(s) = l.outputs.get(n as usize) else {
        return 0;
    };
    s.pieces
        .get(..end as usize)
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(|p| matches!(p.content, Content::EhFrame(..)))
        .last()
        .map_or(0, |first| s.addr + first.offset)
}

fn global_address<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    l: &Layout<'_>,
    v: &Values,
    id: SymbolId,
) -> u64 {
    let info = p.symbols.info(id);
    if info.state != State::Def && info.state != State::DefWeak {
        return 0;
    }
    let Some((n, o)) = info
        .file
        .as_object()
        .and_then(|n| p.objects.get(n).map(|o| (n, o)))
    else {
        return 0;
    };
    let s = o.symbol(info.sym);
    match o.place(info.sym, &s) {
        Place::Section(shndx) => section_address(l, live, v, n, o, shndx, s.value),
        Place::Absolute => s.value,
        _ => 0,
    }
}

/// Copies and canonical PLT entries stand for symbols of shared objects.
fn imported_addresses<A: Arch>(l: &Layout<'_>, v: &mut Values) {
    let bases = [
        l.synth_addr(Synth::Copies),
        l.synth_addr(Synth::CopiesRelro),
    ];
    for c in &l.slots.copies {
        let addr = bases[usize::from(c.read_only)] + c.offset;
        for id in c.aliases.iter().chain([&c.id]) {
            if let Some(slot) = v.globals.get_mut(id.index()) {
                *slot = addr;
            }
        }
    }
    for s in &l.slots.slots {
        if s.canonical && s.plt != NONE {
            let addr = plt_address::<A>(l, v, s.plt);
            if let Some(slot) = v.globals.get_mut(s.id.index()) {
                *slot = addr;
            }
        }
    }
}

/// Where calls to PLT entry `n` go.
pub fn plt_address<A: Arch>(l: &Layout<'_>, v: &Values, n: u32) -> u64 {
    let sec = A::plt_sec_entry_size(l.plt_style);
    if sec > 0 {
        v.plt_sec + u64::from(n) * sec
    } else {
        v.plt + A::plt_header_size(l.plt_style) + u64::from(n) * A::plt_entry_size(l.plt_style)
    }
}

pub fn iplt_address<A: Arch>(l: &Layout<'_>, v: &Values, n: u32) -> u64 {
    v.iplt + u64::from(n) * A::plt_entry_size(iplt_style(l.plt_style))
}

fn reserved_addresses<A: Arch>(
    p: &Program<'_, A::Elf>,
    opts: &Options,
    l: &Layout<'_>,
    v: &mut Values,
) {
    let loaded = || l.outputs.iter().filter(|s| s.is_alloc() && !s.is_tbss());
    let end_of = |f: &dyn Fn(&super::OutputSection<'_>) -> bool| {
        loaded().filter(|s| f(s)).map(|s| s.addr + s.size).max()
    };
    let image_end = l.placement.image_end;
    let data_end = end_of(&|s| !s.is_nobits() && s.flags & u64::from(elf::SHF_WRITE) != 0)
        .or_else(|| end_of(&|s| !s.is_nobits()))
        .unwrap_or(image_end);
    let enclosed = |name: &[u8]| {
        let mut range: Option<(u64, u64)> = None;
        for s in l.outputs.iter().filter(|s| s.is_alloc() && s.name == name) {
            range = Some((s.addr, s.addr + s.size));
        }
        range
    };
    let rela = l.synth_range(Synth::RelaDyn).unwrap_or((0, 0));
    for sym in &p.symbols.linker {
        let (what, loaded) = match &sym.what {
            Reserved::Loaded(what) => (&**what, true),
            what => (what, false),
        };
        let value = match what {
            Reserved::ImageStart => l.placement.image_start,
            Reserved::TextEnd => {
                end_of(&|s| s.flags & u64::from(elf::SHF_EXECINSTR) != 0).unwrap_or(image_end)
            }
            Reserved::DataEnd => data_end,
            Reserved::BssStart => enclosed(b".bss").map_or(data_end, |r| r.0),
            Reserved::ImageEnd => image_end,
            Reserved::Dynamic => l.synth_addr(Synth::Dynamic),
            Reserved::GotBase => v.got_plt,
            Reserved::PltBase => v.plt,
            Reserved::EhFrameHdr => l.synth_addr(Synth::EhFrameHdr),
            Reserved::SectionStart(name) => enclosed(name).map_or(image_end, |r| r.0),
            Reserved::SectionEnd(name) => enclosed(name).map_or(image_end, |r| r.1),
            // The start code of a static program applies these; with a run-time linker the range is empty.
            Reserved::IrelativeStart if !p.dynamic => rela.0,
            Reserved::IrelativeEnd if !p.dynamic => rela.0 + rela.1,
            Reserved::IrelativeStart | Reserved::IrelativeEnd => l.placement.image_start,
            // Where the code's offsets count from: the thread pointer where it is relaxed, else the block's start.
            Reserved::TlsModuleBase
                if !crate::arch::relaxes_tls(opts.kind, opts.relax, !p.dynamic) =>
            {
                v.tls.0
            }
            Reserved::TlsModuleBase => v.tls.0.wrapping_sub(tp_offset::<A>(v, v.tls.0)),
            Reserved::Assigned(_) | Reserved::Loaded(_) => continue,
        };
        let value = match opts.shape.physical_base.filter(|_| loaded) {
            Some(base) => value
                .wrapping_sub(l.placement.image_start)
                .wrapping_add(base),
            None => value,
        };
        if let Some(slot) = v.globals.get_mut(sym.id.index()) {
            *slot = value;
        }
    }
}

/// `--defsym` and script assignments, in order, over finished addresses.
pub fn assign<E: Elf>(
    p: &Program<'_, E>,
    opened: &Opened<'_>,
    l: &mut Layout<'_>,
    report: &Report,
) {
    for sym in &p.symbols.linker {
        let Reserved::Assigned(i) = sym.what else {
            continue;
        };
        let Some(a) = opened.assignments.get(i) else {
            continue;
        };
        match evaluate(&a.expr, p, l) {
            Ok(value) => {
                if let Some(slot) = l.values.globals.get_mut(sym.id.index()) {
                    *slot = value;
                }
            }
            Err(e) => report.error(format!("{} = …: {e}", String::from_utf8_lossy(&a.name))),
        }
    }
    for a in &opened.asserts {
        match evaluate(&a.condition, p, l) {
            Ok(0) => report.error(format!(
                "{}: {}",
                a.place,
                String::from_utf8_lossy(&a.message)
            )),
            Ok(_) => {}
            Err(e) => report.error(format!("{}: {e}", a.place)),
        }
    }
}

fn evaluate<E: Elf>(e: &Expr, p: &Program<'_, E>, l: &Layout<'_>) -> Result<u64, String> {
    let section = |args: &[Expr]| -> Result<(u64, u64), String> {
        match args.first() {
            Some(Expr::Symbol(name)) => match l.section(name) {
                Some(s) => Ok((s.addr, s.size)),
                None => Ok((0, 0)),
            },
            _ => Err("expected a section name".into()),
        }
    };
    Ok(match e {
        Expr::Number(n) => *n,
        Expr::Dot => l.placement.image_end,
        Expr::Symbol(name) => {
            let id = p
                .symbols
                .interner
                .get(name)
                .filter(|id| p.symbols.info(*id).state >= State::DefWeak);
            match id {
                Some(id) => l.values.global(id),
                None => {
                    return Err(format!(
                        "undefined symbol: {}",
                        String::from_utf8_lossy(name)
                    ));
                }
            }
        }
        Expr::Unary(op, a) => {
            let a = evaluate(a, p, l)?;
            match op {
                b'-' => a.wrapping_neg(),
                b'~' => !a,
                b'!' => u64::from(a == 0),
                _ => a,
            }
        }
        Expr::Binary(op, a, b) => binary(op, evaluate(a, p, l)?, evaluate(b, p, l)?)?,
        Expr::Cond(c, a, b) => {
            if evaluate(c, p, l)? != 0 {
                evaluate(a, p, l)?
            } else {
                evaluate(b, p, l)?
            }
        }
        Expr::Call(f, args) => match f.as_slice() {
            b"ADDR" | b"LOADADDR" => section(args)?.0,
            b"SIZEOF" => section(args)?.1,
            b"SIZEOF_HEADERS" => l
                .outputs
                .iter()
                .find(|s| s.is_alloc())
                .map_or(0, |s| s.offset),
            b"ABSOLUTE" => evaluate(args.first().unwrap_or(&Expr::Dot), p, l)?,
            b"ALIGN" => {
                let (v, a) = match &args[..] {
                    [a] => (l.placement.image_end, evaluate(a, p, l)?),
                    [v, a] => (evaluate(v, p, l)?, evaluate(a, p, l)?),
                    _ => return Err("ALIGN takes one or two arguments".into()),
                };
                if a.is_power_of_two() {
                    v.wrapping_add(a - 1) & !(a - 1)
                } else {
                    v
                }
            }
            b"DEFINED" => match args.first() {
                Some(Expr::Symbol(name)) => u64::from(
                    p.symbols
                        .interner
                        .get(name)
                        .is_some_and(|id| p.symbols.info(id).state >= State::DefWeak),
                ),
                _ => return Err("DEFINED takes a symbol".into()),
            },
            b"MAX" | b"MIN" => match &args[..] {
                [a, b] => {
                    let (a, b) = (evaluate(a, p, l)?, evaluate(b, p, l)?);
                    if f == b"MAX" { a.max(b) } else { a.min(b) }
                }
                _ => return Err("MAX and MIN take two arguments".into()),
            },
            other => {
                return Err(format!(
                    "{} is not available here",
                    String::from_utf8_lossy(other)
                ));
            }
        },
    })
}

fn binary(op: &str, a: u64, b: u64) -> Result<u64, String> {
    let truth = u64::from;
    Ok(match op {
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" => a.checked_div(b).ok_or("division by zero")?,
        "%" => a.checked_rem(b).ok_or("division by zero")?,
        "<<" => a.checked_shl(b as u32).unwrap_or(0),
        ">>" => a.checked_shr(b as u32).unwrap_or(0),
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        "&&" => truth(a != 0 && b != 0),
        "||" => truth(a != 0 || b != 0),
        "==" => truth(a == b),
        "!=" => truth(a != b),
        "<" => truth(a < b),
        "<=" => truth(a <= b),
        ">" => truth(a > b),
        ">=" => truth(a >= b),
        other => return Err(format!("operator {other} is not available here")),
    })
}

/// The offset of a TLS address from the thread pointer.
pub fn tp_offset<A: Arch>(v: &Values, addr: u64) -> u64 {
    A::tp_offset(addr, v.tls.0, v.tls.1, v.tls.2) as u64
}
