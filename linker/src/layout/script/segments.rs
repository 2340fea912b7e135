//! Segments of a scripted layout: the ones PHDRS describes, or those GNU ld makes without it; and file offsets.
//!
//! gABI, "Program Header"; GNU ld manual, "PHDRS Command". Sections go into one segment in the order of their load
//! addresses as long as no page has to be skipped and their access rights allow it.

use object::elf;

use super::engine::{Engine, output};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::layout::output::{OutputSection, Synth};
use crate::layout::segments::{Placement, Segment, SegmentPlan, find_synth, program_headers};
use crate::options::Options;
use crate::script::{Expr, PhdrSpec};

/// Larger files are refused: no machine holds them.
const MAX_FILE: u64 = 1 << 40;

/// What both kinds of segments need to know.
struct Frame<'o> {
    opts: &'o Options,
    page: u64,
    common_page: u64,
    /// Sections of one page of the file may be mapped twice: addresses and offsets agree modulo the page size.
    paged: bool,
    headers: u64,
}

fn align_up(v: u64, align: u64) -> u64 {
    crate::script::align_up(v, align)
}

/// Load address of a section.
fn lma(s: &OutputSection<'_>) -> u64 {
    s.addr.wrapping_add(s.load_delta)
}

/// Makes the segments and gives each section its file offset. `number` has the index in `outputs` of each output section
/// of the engine, u32::MAX for those that are left out.
pub fn place<A: Arch>(
    engine: &Engine<'_, '_, A::Elf>,
    number: &[u32],
    outputs: &mut [OutputSection<'_>],
    plan: &SegmentPlan,
) -> Placement {
    let opts = engine.opts;
    let f = Frame {
        opts,
        page: engine.page,
        common_page: engine.common_page,
        paged: !opts.omagic && !opts.nmagic,
        headers: engine.headers,
    };
    let mut out = Placement {
        image_end: outputs
            .iter()
            .filter(|s| s.is_alloc() && !s.is_tbss())
            .map(|s| s.addr.saturating_add(s.size))
            .max()
            .unwrap_or(0),
        ..Placement::default()
    };
    let end = match &engine.plan.phdrs {
        Some(list) => described::<A>(engine, list, number, outputs, &f, &mut out),
        None => automatic::<A>(outputs, plan, &f, &mut out),
    };
    let mut offset = end;
    for s in outputs.iter_mut().filter(|s| !s.is_alloc()) {
        offset = align_up(offset, s.align);
        s.offset = offset;
        if !s.is_nobits() {
            offset = offset.saturating_add(s.size);
        }
    }
    out.file_end = offset;
    if offset > MAX_FILE {
        engine.report.error(format!(
            "the output would be {offset:#x} bytes long as {} lays it out: a section has a gap, or two sections of a segment lie too far from each other",
            engine.opts.script_names()
        ));
        out.file_end = 0;
    }
    out
}

/// Puts the sections `members` into a segment that starts at `at` in the file or later; gives its end in the file.
/// `head` bytes of headers stand before the first section when the segment starts at offset 0 (or behind the ELF header).
fn fill(
    outputs: &mut [OutputSection<'_>],
    members: &[usize],
    at: u64,
    head: Option<(u64, u64)>,
    f: &Frame<'_>,
    segment: &mut Segment,
) -> Result<u64, String> {
    let solid: Vec<usize> = members
        .iter()
        .copied()
        .filter(|i| outputs.get(*i).is_some_and(|s| !s.is_tbss()))
        .collect();
    let align = solid
        .iter()
        .filter_map(|i| outputs.get(*i).map(|s| s.align))
        .max()
        .unwrap_or(1);
    segment.align = if f.paged {
        f.page.max(align)
    } else {
        align.max(1)
    };
    let Some((first, first_lma, name)) = solid
        .first()
        .and_then(|i| outputs.get(*i))
        .map(|s| (s.addr, lma(s), s.name))
    else {
        if let Some((start, end)) = head {
            segment.offset = start;
            segment.filesz = end - start;
            segment.memsz = end - start;
        }
        return Ok(at);
    };
    // Addresses and offsets agree modulo the alignment.
    let modulus = if f.paged { segment.align } else { align.max(1) };
    let mut offset = at;
    offset += (first % modulus).wrapping_add(modulus - offset % modulus) % modulus;
    if let Some((start, end)) = head {
        offset = end + (first % modulus + modulus - end % modulus) % modulus;
        let before = offset - start;
        let Some(addr) = first.checked_sub(before) else {
            return Err(format!(
                "not enough room for the program headers before section `{}' at {first:#x} (its segment is to hold them)",
                String::from_utf8_lossy(name)
            ));
        };
        segment.offset = start;
        segment.addr = addr;
        segment.filesz = end - start;
        segment.memsz = end - start;
    } else {
        segment.offset = offset;
        segment.addr = first;
    }
    segment.load_delta = first_lma.wrapping_sub(first);
    // Position in the file of the load address `first_lma`.
    let origin = offset;
    let mut end = offset;
    let mut memory = first_lma;
    for i in members {
        let Some(s) = outputs.get_mut(*i) else {
            continue;
        };
        if s.is_tbss() {
            s.offset = end;
            continue;
        }
        let here = lma(s).max(memory);
        s.offset = origin.saturating_add(here - first_lma);
        memory = here.saturating_add(s.size);
        if s.is_nobits() {
            // Takes room in the file only if something with contents follows.
            s.offset = s.offset.min(end.max(origin));
        } else {
            end = s.offset.saturating_add(s.size);
        }
    }
    if end > segment.offset && end > origin {
        segment.filesz = end - segment.offset;
    }
    segment.memsz = (origin - segment.offset)
        .saturating_add(memory - first_lma)
        .max(segment.filesz);
    Ok(end)
}

fn automatic<A: Arch>(
    outputs: &mut [OutputSection<'_>],
    plan: &SegmentPlan,
    f: &Frame<'_>,
    out: &mut Placement,
) -> u64 {
    let mut order: Vec<usize> = (0..outputs.len())
        .filter(|i| outputs.get(*i).is_some_and(OutputSection::is_alloc))
        .collect();
    let key = |i: &usize| {
        outputs.get(*i).map(|s| {
            let late = s.is_nobits() && !s.is_tls();
            (lma(s), s.addr, late, if late { 0 } else { s.size })
        })
    };
    order.sort_by_key(key);
    let mask = f.page - 1;
    let with_headers = f.paged
        && order
            .first()
            .and_then(|i| outputs.get(*i))
            .is_some_and(|s| {
                let at = lma(s);
                at >= f.headers && at & mask >= f.headers & mask && s.addr >= f.headers
            });
    let groups = group(outputs, &order, f);
    let mut loads = Vec::new();
    let mut end = f.headers;
    for (n, members) in groups.iter().enumerate() {
        let only_tbss = members
            .iter()
            .all(|i| outputs.get(*i).is_some_and(OutputSection::is_tbss));
        if only_tbss {
            for i in members {
                if let Some(s) = outputs.get_mut(*i) {
                    s.offset = end;
                }
            }
            continue;
        }
        let mut segment = Segment {
            ty: elf::PT_LOAD,
            flags: rights(outputs, members, f.opts),
            ..Segment::default()
        };
        let head = (n == 0 && with_headers).then_some((0, f.headers));
        // Without errors: there is room, or the headers stay out.
        end = fill(outputs, members, end, head, f, &mut segment).unwrap_or(end);
        loads.push(segment);
    }
    out.image_start = loads.iter().map(|l| l.addr).min().unwrap_or(0);
    let plan = SegmentPlan {
        headers_loaded: with_headers,
        ..*plan
    };
    let base = loads.first().map_or(0, |l| l.addr);
    program_headers::<A>(outputs, &plan, loads, f.headers, base, f.common_page, out);
    narrow_dynamic(outputs, &mut out.segments);
    end
}

fn rights(outputs: &[OutputSection<'_>], members: &[usize], opts: &Options) -> u32 {
    let mut flags = elf::PF_R;
    for s in members.iter().filter_map(|i| outputs.get(*i)) {
        if s.flags & u64::from(elf::SHF_WRITE) != 0 {
            flags |= elf::PF_W;
        }
        if s.flags & u64::from(elf::SHF_EXECINSTR) != 0 {
            flags |= elf::PF_X;
        }
    }
    if opts.omagic {
        flags |= elf::PF_W | elf::PF_X;
    }
    flags
}

/// Sections that share a segment, in order.
fn group(outputs: &[OutputSection<'_>], order: &[usize], f: &Frame<'_>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut last: Option<(u64, u64, u64, bool)> = None;
    let (mut writable, mut executable) = (false, false);
    let page_of = |at: u64| at & !(f.page - 1);
    for &i in order {
        let Some(s) = outputs.get(i) else { continue };
        let at = lma(s);
        let write = s.flags & u64::from(elf::SHF_WRITE) != 0;
        let code = s.flags & u64::from(elf::SHF_EXECINSTR) != 0;
        let size = if s.is_tbss() { 0 } else { s.size };
        let empty = s.is_nobits() && !s.is_tls();
        let code_apart =
            f.opts.z.separate_code && !f.opts.omagic && !f.opts.nmagic && executable != code;
        let new = match last {
            None => true,
            Some((lma, end, delta, hollow)) => {
                let next_page = align_up(end, f.page);
                let skips_page =
                    next_page >= lma && next_page.checked_add(f.page).is_some_and(|p| p <= at);
                let moved = delta != s.load_delta || at < end || end < lma;
                // One page of the file cannot be two of memory.
                let same_page = f.paged && end != 0 && page_of(end - 1) == page_of(at);
                moved
                    || !same_page
                        && (skips_page
                            || hollow && !empty
                            || code_apart
                            || f.paged && !writable && write)
            }
        };
        if new {
            groups.push(Vec::new());
            (writable, executable) = (false, false);
        }
        writable |= write;
        executable |= code;
        last = Some((at, at.saturating_add(size), s.load_delta, empty));
        if let Some(g) = groups.last_mut() {
            g.push(i);
        }
    }
    groups
}

/// The segments of PHDRS.
fn described<A: Arch>(
    engine: &Engine<'_, '_, A::Elf>,
    list: &[PhdrSpec],
    number: &[u32],
    outputs: &mut [OutputSection<'_>],
    f: &Frame<'_>,
    out: &mut Placement,
) -> u64 {
    let members = members(engine, list, number, outputs);
    let value = |e: &Expr| {
        engine
            .eval(e, None, 0)
            .map(|v| engine.resolve(v, None))
            .unwrap_or(0)
    };
    let mut segments: Vec<Segment> = vec![Segment::default(); list.len()];
    let mut end = f.headers;
    let loads = list.iter().zip(&members).zip(&mut segments);
    for ((spec, members), segment) in loads {
        segment.ty = value(&spec.kind) as u32;
        segment.flags = match &spec.flags {
            Some(e) => value(e) as u32,
            None => rights(outputs, members, f.opts),
        };
        if segment.ty != elf::PT_LOAD {
            continue;
        }
        let ehdr = A::Elf::EHDR_SIZE as u64;
        let head = match (spec.filehdr, spec.phdrs) {
            (true, _) => Some((0, f.headers)),
            (false, true) => Some((ehdr, f.headers)),
            _ => None,
        };
        match fill(outputs, members, end, head, f, segment) {
            Ok(at) => end = end.max(at),
            Err(e) => engine.report.error(format!("{}: {e}", spec.place)),
        }
        if let Some(at) = &spec.at {
            segment.load_delta = value(at).wrapping_sub(segment.addr);
        }
    }
    // What is in no loaded segment still stands in the file.
    let loaded: Vec<bool> = (0..outputs.len())
        .map(|i| {
            members
                .iter()
                .zip(&segments)
                .any(|(m, s)| s.ty == elf::PT_LOAD && m.contains(&i))
        })
        .collect();
    for (s, loaded) in outputs.iter_mut().zip(loaded) {
        if s.is_alloc() && !loaded {
            s.offset = align_up(end, s.align);
            if !s.is_nobits() {
                end = s.offset.saturating_add(s.size);
            }
        }
    }
    let loads: Vec<Segment> = segments
        .iter()
        .copied()
        .filter(|s| s.ty == elf::PT_LOAD)
        .collect();
    out.image_start = loads.iter().map(|l| l.addr).min().unwrap_or(0);
    for ((spec, members), segment) in list.iter().zip(&members).zip(&mut segments) {
        if segment.ty == elf::PT_LOAD {
            continue;
        }
        describe_other::<A>(spec, members, outputs, f, &loads, segment);
        if let Some(at) = &spec.at {
            segment.load_delta = value(at).wrapping_sub(segment.addr);
        }
    }
    out.tls = tls(outputs);
    out.segments = segments;
    narrow_dynamic(outputs, &mut out.segments);
    end
}

/// PT_DYNAMIC covers the dynamic table, whatever else the script puts into that section.
fn narrow_dynamic(outputs: &[OutputSection<'_>], segments: &mut [Segment]) {
    let Some((n, piece)) = find_synth(outputs, Synth::Dynamic) else {
        return;
    };
    let Some(s) = outputs.get(n) else {
        return;
    };
    for segment in segments.iter_mut().filter(|p| p.ty == elf::PT_DYNAMIC) {
        let inside = segment.addr <= s.addr && s.addr < segment.addr.saturating_add(segment.memsz);
        if inside && !s.is_nobits() {
            segment.offset = s.offset.saturating_add(piece.offset);
            segment.addr = s.addr.saturating_add(piece.offset);
            (segment.filesz, segment.memsz) = (piece.size, piece.size);
        }
    }
}

/// A segment that describes a part of what others load.
fn describe_other<A: Arch>(
    spec: &PhdrSpec,
    members: &[usize],
    outputs: &[OutputSection<'_>],
    f: &Frame<'_>,
    loads: &[Segment],
    segment: &mut Segment,
) {
    let list: Vec<&OutputSection<'_>> = members.iter().filter_map(|i| outputs.get(*i)).collect();
    let word = A::Elf::WORD as u64;
    if segment.ty == elf::PT_PHDR || list.is_empty() && (spec.phdrs || spec.filehdr) {
        let start = if spec.filehdr {
            0
        } else {
            A::Elf::EHDR_SIZE as u64
        };
        let base = loads
            .iter()
            .find(|l| l.offset <= start && start < l.offset + l.filesz);
        segment.offset = start;
        segment.addr = base.map_or(0, |l| l.addr.wrapping_add(start - l.offset));
        segment.load_delta = base.map_or(0, |l| l.load_delta);
        segment.filesz = f.headers - start;
        segment.memsz = segment.filesz;
        segment.align = word;
        return;
    }
    let (Some(first), Some(last)) = (list.first(), list.last()) else {
        segment.align = if segment.ty == elf::PT_GNU_STACK {
            16
        } else {
            word
        };
        return;
    };
    segment.offset = first.offset;
    segment.addr = first.addr;
    segment.load_delta = first.load_delta;
    segment.align = list.iter().map(|s| s.align).max().unwrap_or(1);
    segment.filesz = list
        .iter()
        .filter(|s| !s.is_nobits())
        .map(|s| (s.offset + s.size).saturating_sub(first.offset))
        .max()
        .unwrap_or(0);
    segment.memsz = (last.addr.wrapping_add(last.size)).wrapping_sub(first.addr);
}

/// The thread-local block, whether a segment says so or not.
fn tls(outputs: &[OutputSection<'_>]) -> Option<Segment> {
    let list: Vec<&OutputSection<'_>> = outputs
        .iter()
        .filter(|s| s.is_alloc() && s.is_tls())
        .collect();
    let (first, last) = (list.first()?, list.last()?);
    Some(Segment {
        own: 0,
        ty: elf::PT_TLS,
        flags: elf::PF_R,
        offset: first.offset,
        addr: first.addr,
        load_delta: first.load_delta,
        filesz: 0,
        memsz: last.addr.wrapping_add(last.size).wrapping_sub(first.addr),
        align: list.iter().map(|s| s.align).max().unwrap_or(1),
    })
}

/// By segment: its sections, in the order of the script. A section that names no segment is where the one before it is.
fn members<E: Elf>(
    engine: &Engine<'_, '_, E>,
    list: &[PhdrSpec],
    number: &[u32],
    outputs: &[OutputSection<'_>],
) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); list.len()];
    let order: Vec<usize> = engine.items.iter().filter_map(output).collect();
    let named = |n: usize| {
        engine
            .outs
            .get(n)
            .map(|o| o.phdrs.as_slice())
            .filter(|p| !p.is_empty())
    };
    let mut current: Option<&[Vec<u8>]> = None;
    for (k, &n) in order.iter().enumerate() {
        if let Some(own) = named(n) {
            current = Some(own);
        }
        let index = number.get(n).copied().unwrap_or(u32::MAX) as usize;
        if !outputs.get(index).is_some_and(OutputSection::is_alloc) {
            continue;
        }
        let names = current.or_else(|| order.iter().skip(k).find_map(|n| named(*n)));
        let orphan = engine.outs.get(n).is_some_and(|o| o.plan.is_none());
        for name in names.unwrap_or(&[]) {
            if name == b"NONE" {
                continue;
            }
            match list.iter().position(|spec| spec.name == *name) {
                // PT_INTERP is for `.interp` alone.
                Some(i) if orphan && list.get(i).is_some_and(|s| s.kind == Expr::Number(3)) => {}
                Some(i) => {
                    if let Some(m) = all.get_mut(i) {
                        m.push(index);
                    }
                }
                None => engine.report.error(format!(
                    "section `{}' assigned to non-existent phdr `{}'",
                    String::from_utf8_lossy(engine.outs.get(n).map_or(b"", |o| o.section.name)),
                    String::from_utf8_lossy(name)
                )),
            }
        }
    }
    all
}
