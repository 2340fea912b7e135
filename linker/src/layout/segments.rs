//! Addresses, file offsets and segments.
//!
//! gABI, "Program Loading": p_offset and p_vaddr are equal modulo the page size, segments stand in the order of their
//! addresses, and what is not in the file (`.bss`) comes last in its segment.

use object::elf;

use super::map_segments;
use super::names::SHF_X86_64_LARGE;
use super::output::{OutputSection, Synth};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::options::Options;
use crate::synth::sunw_cap::PT_SUNWCAP;

/// One program header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub ty: u32,
    pub flags: u32,
    pub offset: u64,
    pub addr: u64,
    /// p_paddr less p_vaddr, wrapping.
    pub load_delta: u64,
    pub filesz: u64,
    pub memsz: u64,
    pub align: u64,
    /// The mapfile's segment that it is, by number and one; 0 for all others.
    pub own: u16,
}

/// What the program headers are to be.
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentPlan {
    pub interp: bool,
    /// PT_PHDR, if the headers are loaded.
    pub phdr: bool,
    /// Type and flags of the segment that speaks of the stack.
    pub stack: Option<(u32, u32)>,
    pub stack_size: u64,
    pub headers_loaded: bool,
    /// PT_SUNWDTRACE.
    pub dtrace: Option<Segment>,
    /// Headers without contents: PT_OPENBSD_WXNEEDED, PT_OPENBSD_NOBTCFI.
    pub wxneeded: bool,
    pub nobtcfi: bool,
    /// Free headers at the end, for tools to use.
    pub null_headers: usize,
    /// The load address of the image's start, where it is not the address itself.
    pub physical_base: Option<u64>,
}

/// The result of placing.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    pub segments: Vec<Segment>,
    /// End of everything but the section header table, bytes in the file.
    pub file_end: u64,
    /// Lowest address of the image.
    pub image_start: u64,
    pub tls: Option<Segment>,
    pub relro: Option<Segment>,
    /// First address after the last section.
    pub image_end: u64,
}

/// Sections that need the same segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Class {
    flags: u32,
    large: bool,
    /// The mapfile's segment, by number and one.
    own: u16,
}

fn class(s: &OutputSection<'_>, opts: &Options) -> Class {
    let has = |f: u32| s.flags & u64::from(f) != 0;
    let mut flags = elf::PF_R;
    if has(elf::SHF_WRITE) {
        flags |= elf::PF_W | if opts.exec_data { elf::PF_X } else { 0 };
    }
    if has(elf::SHF_EXECINSTR) || (!opts.rosegment && flags == elf::PF_R) {
        flags |= elf::PF_X;
    }
    if opts.shape.execute_only && flags == elf::PF_R | elf::PF_X {
        flags = elf::PF_X;
    }
    if opts.omagic {
        flags = elf::PF_R | elf::PF_W | elf::PF_X;
    }
    let mut own = 0;
    if let Some(asked) = map_segments::class(s, opts) {
        (flags, own) = asked;
    }
    Class {
        own,
        flags,
        large: s.flags & u64::from(SHF_X86_64_LARGE) != 0,
    }
}

/// The last address there is when no higher one is aligned; `limits` reports what comes there.
fn align_up(v: u64, align: u64) -> u64 {
    match v.checked_add(align - 1) {
        Some(end) => end & !(align - 1),
        None => u64::MAX,
    }
}

/// Number of program headers the sections will need; an upper bound is not enough, as the headers come first.
fn count_headers(outputs: &[OutputSection<'_>], plan: &SegmentPlan, opts: &Options) -> usize {
    let mut loads = 0;
    let mut last: Option<Class> = None;
    let mut nobits_before = false;
    let mut notes = 0;
    let mut last_note: Option<u64> = None;
    let mut relro = false;
    let mut tls = false;
    let mut other = 0;
    for s in outputs.iter().filter(|s| s.is_alloc()) {
        let c = class(s, opts);
        tls |= s.is_tls();
        if !s.is_tbss()
            && (last != Some(c) || s.fixed_addr.is_some() || (nobits_before && !s.is_nobits()))
        {
            loads += 1;
            nobits_before = false;
        }
        if !s.is_tbss() {
            last = Some(c);
            nobits_before |= s.is_nobits();
        }
        if s.ty == elf::SHT_NOTE {
            if last_note != Some(s.align) {
                notes += 1;
            }
            last_note = Some(s.align);
        } else {
            last_note = None;
        }
        relro |= s.relro;
        match s.name {
            b".dynamic" | b".eh_frame_hdr" | b".sframe" | b".note.gnu.property" | b".SUNW_cap" => {
                other += 1;
            }
            _ => {}
        }
    }
    other += openbsd_sections(outputs).count();
    other += usize::from(plan.dtrace.is_some());
    other += usize::from(plan.wxneeded) + usize::from(plan.nobtcfi) + plan.null_headers;
    if plan.headers_loaded && loads == 0 {
        loads = 1;
    }
    other += map_segments::empty(opts).count();
    let starts_elsewhere = outputs
        .iter()
        .find(|s| s.is_alloc() && !s.is_tbss())
        .is_some_and(|s| class(s, opts).flags != elf::PF_R);
    if plan.headers_loaded && loads > 0 && starts_elsewhere && !opts.omagic {
        loads += 1;
    }
    loads
        + notes
        + other
        + usize::from(tls)
        + usize::from(relro)
        + usize::from(plan.interp)
        + usize::from(plan.phdr && plan.headers_loaded)
        + usize::from(plan.stack.is_some())
}

/// Bytes of ELF header and program headers.
pub fn headers_size<A: Arch>(
    outputs: &[OutputSection<'_>],
    plan: &SegmentPlan,
    opts: &Options,
) -> u64 {
    let n = count_headers(outputs, plan, opts);
    (A::Elf::EHDR_SIZE + n * A::Elf::PHDR_SIZE) as u64
}

/// Gives every section its address and file offset, and makes the program headers. Sections are sorted by rank.
pub fn place<A: Arch>(
    outputs: &mut [OutputSection<'_>],
    plan: &SegmentPlan,
    opts: &Options,
) -> Placement {
    let page = opts
        .z
        .max_page_size
        .unwrap_or(A::MAX_PAGE_SIZE)
        .max(1)
        .next_power_of_two();
    let common_page = opts
        .z
        .common_page_size
        .unwrap_or(A::COMMON_PAGE_SIZE)
        .max(1)
        .next_power_of_two()
        .min(page);
    let base = opts
        .image_base
        .unwrap_or(if opts.kind.is_pic() { 0 } else { A::IMAGE_BASE });
    let headers = headers_size::<A>(outputs, plan, opts);
    // -N: one segment with everything; its parts need no pages of their own.
    let packed = opts.omagic;

    let mut out = Placement {
        image_start: base,
        ..Placement::default()
    };
    let mut loads: Vec<Segment> = Vec::new();
    let mut addr = base;
    let mut offset = 0u64;
    if plan.headers_loaded {
        loads.push(Segment {
            ty: elf::PT_LOAD,
            flags: if opts.omagic { 7 } else { elf::PF_R },
            addr: base,
            filesz: headers,
            memsz: headers,
            align: if packed { 8 } else { page },
            ..Segment::default()
        });
        addr = addr.saturating_add(headers);
    }
    offset += headers;
    let mut current: Option<Class> = plan.headers_loaded.then_some(Class {
        flags: if opts.omagic { 7 } else { elf::PF_R },
        large: false,
        own: 0,
    });
    if !opts.rosegment && plan.headers_loaded && !opts.omagic {
        current = Some(Class {
            flags: elf::PF_R | elf::PF_X,
            large: false,
            own: 0,
        });
        if let Some(l) = loads.last_mut() {
            l.flags |= elf::PF_X;
        }
    }
    let mut nobits_before = false;
    let mut in_relro = false;
    let mut tls_addr = 0;
    for s in outputs.iter_mut().filter(|s| s.is_alloc()) {
        let c = class(s, opts);
        if s.is_tbss() {
            // Overlaps what follows: only the TLS segment counts its size.
            let at = align_up(if tls_addr != 0 { tls_addr } else { addr }, s.align);
            s.addr = at;
            // Not in the file, but equal to the address modulo the page size, as for any segment.
            s.offset = offset.saturating_add(at.saturating_sub(addr));
            tls_addr = at.saturating_add(s.size);
            continue;
        }
        if in_relro && !s.relro {
            // Everything before is made read-only: what follows starts on a page of its own.
            let end = align_up(addr, common_page);
            offset = offset.saturating_add(end - addr);
            addr = end;
        }
        in_relro = s.relro;
        let new_segment =
            current != Some(c) || s.fixed_addr.is_some() || (nobits_before && !s.is_nobits());
        if new_segment {
            if let Some(fixed) = s.fixed_addr {
                addr = fixed;
            } else if packed {
                addr = align_up(addr, s.align);
            } else {
                let own_pages = opts.z.separate_loadable_segments
                    || (opts.z.separate_code
                        && !opts.nmagic
                        && (c.flags & elf::PF_X != 0
                            || current.is_some_and(|l| l.flags & elf::PF_X != 0)));
                if own_pages {
                    offset = align_up(offset, page);
                    addr = align_up(addr, page);
                } else {
                    addr = align_up(addr, page).saturating_add(offset % page);
                }
            }
        }
        let aligned = align_up(addr, s.align);
        if new_segment {
            // Congruent in the file, whatever the address is.
            let modulus = page;
            let want = aligned % modulus;
            let have = offset % modulus;
            offset = offset.saturating_add((want + modulus - have) % modulus);
            loads.push(Segment {
                ty: elf::PT_LOAD,
                own: c.own,
                flags: c.flags,
                offset,
                addr: aligned,
                align: if packed {
                    s.align.max(1)
                } else {
                    page.max(s.align)
                },
                ..Segment::default()
            });
            nobits_before = false;
            current = Some(c);
        } else {
            offset = offset.saturating_add(if nobits_before { 0 } else { aligned - addr });
        }
        addr = aligned;
        s.addr = addr;
        s.offset = offset;
        addr = addr.saturating_add(s.size);
        if s.is_nobits() {
            nobits_before = true;
        } else {
            offset = offset.saturating_add(s.size);
        }
        if s.is_tls() {
            tls_addr = addr;
        }
        if let Some(l) = loads.last_mut() {
            l.memsz = addr - l.addr;
            if !s.is_nobits() {
                l.filesz = offset - l.offset;
            }
            l.align = l.align.max(if packed { s.align } else { 1 });
        }
    }
    loads.extend(map_segments::empty(opts));
    // Loaders take the first for the lowest and the last for the highest; addresses given by hand come in any order.
    loads.sort_by_key(|l| l.addr);
    out.image_end = addr;
    out.file_end = place_tail(outputs, offset);
    program_headers::<A>(outputs, plan, loads, headers, base, common_page, &mut out);
    map_segments::physical(opts, &mut out.segments);
    out
}

/// Sections that OpenBSD's kernel and run-time linker are told of, with their segment's type. They are known by their
/// names, whatever the target, as those names are in no other system's objects.
fn openbsd_sections<'s, 'd>(
    outputs: &'s [OutputSection<'d>],
) -> impl Iterator<Item = (u32, &'s OutputSection<'d>)> {
    // What becomes immutable later, what is filled with random bytes, and the places of system calls (not loaded).
    const SECTIONS: &[(&[u8], u32)] = &[
        (b".openbsd.mutable", 0x65a3_dbe5),
        (b".openbsd.randomdata", 0x65a3_dbe6),
        (b".openbsd.syscalls", 0x65a3_dbe9),
    ];
    SECTIONS.iter().filter_map(move |(name, ty)| {
        let section = outputs.iter().find(|s| s.name == *name)?;
        Some((*ty, section))
    })
}

/// The segment of `.sframe`.
const PT_GNU_SFRAME: u32 = 0x6474_e554;
/// `-z wxneeded`, `-z nobtcfi`: headers without contents.
const PT_OPENBSD_WXNEEDED: u32 = 0x65a3_dbe7;
const PT_OPENBSD_NOBTCFI: u32 = 0x65a3_dbe8;

/// Places the sections that are not loaded from file offset `start` on; gives where they end.
pub fn place_tail(outputs: &mut [OutputSection<'_>], start: u64) -> u64 {
    let mut offset = start;
    for s in outputs.iter_mut().filter(|s| !s.is_alloc()) {
        offset = align_up(offset, s.align);
        s.offset = offset;
        if !s.is_nobits() {
            offset = offset.saturating_add(s.size);
        }
    }
    offset
}

/// All program headers, in order, around the loaded segments `loads`; `base` is where the ELF header is loaded.
pub(super) fn program_headers<A: Arch>(
    outputs: &[OutputSection<'_>],
    plan: &SegmentPlan,
    loads: Vec<Segment>,
    headers: u64,
    base: u64,
    common_page: u64,
    out: &mut Placement,
) {
    let word = A::Elf::WORD as u64;
    let of = |ty: u32, flags: u32, s: &OutputSection<'_>, align: u64| Segment {
        ty,
        flags,
        offset: s.offset,
        addr: s.addr,
        load_delta: s.load_delta,
        filesz: if s.is_nobits() { 0 } else { s.size },
        memsz: s.size,
        align,
        own: 0,
    };
    let named = |name: &[u8]| outputs.iter().find(|s| s.is_alloc() && s.name == name);
    let mut list = Vec::new();
    if plan.phdr && plan.headers_loaded {
        let ehdr = A::Elf::EHDR_SIZE as u64;
        list.push(Segment {
            own: 0,
            ty: elf::PT_PHDR,
            flags: elf::PF_R,
            offset: ehdr,
            addr: base.saturating_add(ehdr),
            load_delta: loads.first().map_or(0, |l| l.load_delta),
            filesz: headers - ehdr,
            memsz: headers - ehdr,
            align: word,
        });
    }
    if plan.interp
        && let Some(s) = named(b".interp")
    {
        list.push(of(elf::PT_INTERP, elf::PF_R, s, 1));
    }
    list.extend(loads);
    if let Some(s) = named(b".dynamic") {
        let flags = if s.flags & u64::from(elf::SHF_WRITE) != 0 {
            elf::PF_R | elf::PF_W
        } else {
            elf::PF_R
        };
        list.push(of(elf::PT_DYNAMIC, flags, s, word));
    }
    list.extend(plan.dtrace);
    let tls: Vec<&OutputSection<'_>> = outputs
        .iter()
        .filter(|s| s.is_alloc() && s.is_tls())
        .collect();
    if let (Some(first), Some(last)) = (tls.first(), tls.last()) {
        let data_end = tls
            .iter()
            .filter(|s| !s.is_nobits())
            .map(|s| s.offset.saturating_add(s.size))
            .max();
        let seg = Segment {
            own: 0,
            ty: elf::PT_TLS,
            flags: elf::PF_R,
            offset: first.offset,
            addr: first.addr,
            load_delta: first.load_delta,
            filesz: data_end.map_or(0, |e| e.saturating_sub(first.offset)),
            memsz: last
                .addr
                .saturating_add(last.size)
                .saturating_sub(first.addr),
            align: tls.iter().map(|s| s.align).max().unwrap_or(1),
        };
        list.push(seg);
        out.tls = Some(seg);
    }
    let mut note: Option<Segment> = None;
    for s in outputs.iter().filter(|s| s.is_alloc()) {
        if s.ty == elf::SHT_NOTE {
            match &mut note {
                Some(n) if n.align == s.align => {
                    n.filesz = s.offset.saturating_add(s.size) - n.offset;
                    n.memsz = s.addr.saturating_add(s.size).saturating_sub(n.addr);
                }
                _ => {
                    list.extend(note.take());
                    note = Some(of(elf::PT_NOTE, elf::PF_R, s, s.align));
                }
            }
        } else {
            list.extend(note.take());
        }
    }
    list.extend(note);
    if let Some(s) = named(b".note.gnu.property") {
        list.push(of(elf::PT_GNU_PROPERTY, elf::PF_R, s, word));
    }
    if let Some(s) = named(b".eh_frame_hdr") {
        list.push(of(elf::PT_GNU_EH_FRAME, elf::PF_R, s, 4));
    }
    if let Some(s) = named(b".sframe") {
        list.push(of(PT_GNU_SFRAME, elf::PF_R, s, s.align));
    }
    if let Some(s) = named(b".SUNW_cap") {
        list.push(of(PT_SUNWCAP, elf::PF_R, s, word));
    }
    for (ty, s) in openbsd_sections(outputs) {
        let write = s.flags & u64::from(elf::SHF_WRITE) != 0;
        let flags = elf::PF_R | if write { elf::PF_W } else { 0 };
        list.push(of(ty, flags, s, s.align));
    }
    for (asked, ty) in [
        (plan.wxneeded, PT_OPENBSD_WXNEEDED),
        (plan.nobtcfi, PT_OPENBSD_NOBTCFI),
    ] {
        list.extend(asked.then_some(Segment {
            ty,
            flags: elf::PF_X,
            align: word,
            ..Segment::default()
        }));
    }
    if let Some((ty, flags)) = plan.stack {
        list.push(Segment {
            ty,
            flags,
            memsz: plan.stack_size,
            align: 16,
            ..Segment::default()
        });
    }
    let relro: Vec<&OutputSection<'_>> = outputs
        .iter()
        .filter(|s| s.is_alloc() && s.relro && !s.is_tbss())
        .collect();
    let relro_tbss = outputs.iter().any(|s| s.is_alloc() && s.relro);
    if let (Some(first), Some(last)) = (relro.first(), relro.last()) {
        let end = last.addr.saturating_add(last.size);
        let seg = Segment {
            own: 0,
            ty: elf::PT_GNU_RELRO,
            flags: elf::PF_R,
            offset: first.offset,
            addr: first.addr,
            load_delta: first.load_delta,
            filesz: last.offset + if last.is_nobits() { 0 } else { last.size } - first.offset,
            memsz: align_up(end, common_page) - first.addr,
            align: 1,
        };
        // The page's rest belongs to the segment too, so that the protected part lies inside what is loaded.
        let end = seg.addr.saturating_add(seg.memsz);
        let holds_last = |l: &&mut Segment| {
            l.ty == elf::PT_LOAD
                && l.addr <= last.addr
                && last.addr <= l.addr.saturating_add(l.memsz)
        };
        if let Some(load) = list.iter_mut().filter(holds_last).last() {
            load.memsz = load.memsz.max(end - load.addr);
        }
        list.push(seg);
        out.relro = Some(seg);
    } else if relro_tbss {
        // Only `.tbss` would be protected, which is nothing: a header of size 0 keeps the count.
        list.push(Segment {
            ty: elf::PT_GNU_RELRO,
            flags: elf::PF_R,
            align: 1,
            ..Segment::default()
        });
    }
    if let Some(at) = plan.physical_base {
        for s in list.iter_mut().filter(|s| s.memsz > 0 && s.addr >= base) {
            s.load_delta = at.wrapping_sub(base);
        }
    }
    list.extend(std::iter::repeat_n(Segment::default(), plan.null_headers));
    // Room was kept for as many as there could be.
    let size = (list.len() * A::Elf::PHDR_SIZE) as u64;
    if let Some(p) = list.iter_mut().find(|s| s.ty == elf::PT_PHDR) {
        (p.filesz, p.memsz) = (size, size);
    }
    out.segments = list;
}

/// A section's synthetic part, wherever it stands: (section index, piece).
pub fn find_synth(
    outputs: &[OutputSection<'_>],
    what: Synth,
) -> Option<(usize, super::output::Piece)> {
    outputs.iter().enumerate().find_map(|(i, s)| {
        s.pieces
            .iter()
            .find(|p| p.content == super::output::Content::Synth(what))
            .map(|p| (i, *p))
    })
}
