//! Segments that mapfiles make or change: what of them is known when sections are, and what when addresses are.
//!
//! Linker and Libraries Guide, "LOAD_SEGMENT Directive": `VADDR`, `ALIGN` and `FLAGS` before, `PADDR`, `SIZE_SYMBOL` and
//! `MAX_SIZE` after. `text` is what can be executed, `data` what can be written.

use object::elf;

use super::Layout;
use super::map_assign::{flags, is_own};
use super::output::OutputSection;
use super::segments::Segment;
use super::values::Values;
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::script::MapSegment;
use crate::symbols::bind::Program;

/// Segments that libld makes by itself, besides `text`, `data` and `bss`: sections cannot be put into them by hand.
pub const MADE: &[&[u8]] = &[
    b"note", b"interp", b"tls", b"dynamic", b"extra", b"lrodata", b"ldata", b"unwind", b"sunwcap",
];

/// Where a section goes by its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Natural {
    Text,
    Data,
}

pub fn natural(flags: u64) -> Natural {
    match flags & u64::from(elf::SHF_WRITE) {
        0 => Natural::Text,
        _ => Natural::Data,
    }
}

/// The segment an output section was put into, if its flags would not have led there: its flags, and its number if it
/// is one of the mapfile's own.
pub(super) fn class(s: &OutputSection<'_>, opts: &Options) -> Option<(u32, u16)> {
    let segment = opts
        .sunw
        .mapfile
        .segments
        .get(usize::from(s.own).checked_sub(1)?)?;
    let number = if is_own(segment) { s.own } else { 0 };
    Some((flags(segment, opts), number))
}

/// The first section of each segment of one's own starts where `VADDR` and `ALIGN` say. Sections are sorted.
pub(super) fn starts(outputs: &mut [OutputSection<'_>], opts: &Options) {
    for (n, m) in (1u16..).zip(&opts.sunw.mapfile.segments) {
        if let Some(first) = outputs
            .iter_mut()
            .find(|s| s.own == n)
            .filter(|_| is_own(m))
        {
            first.fixed_addr = first.fixed_addr.or(m.address);
            first.align = first.align.max(m.align.unwrap_or(1));
        }
    }
}

/// Headers of segments without sections (`?E`): room in the address space.
pub(super) fn empty(opts: &Options) -> impl Iterator<Item = Segment> + '_ {
    let list = (1u16..).zip(&opts.sunw.mapfile.segments);
    list.filter(|(_, s)| s.empty && !s.disabled)
        .map(|(own, s)| Segment {
            ty: elf::PT_LOAD,
            flags: flags(s, opts),
            addr: s.address.unwrap_or(0),
            memsz: s.max_size.unwrap_or(0),
            align: s.align.unwrap_or(0x1000),
            own,
            ..Segment::default()
        })
}

/// Whether a program header is (a part of) the segment.
fn is_part(p: &Segment, s: &MapSegment, number: u16) -> bool {
    if p.ty != elf::PT_LOAD {
        return false;
    }
    if is_own(s) {
        return p.own == number;
    }
    let writable = p.flags & elf::PF_W != 0;
    p.own == 0 && writable == (s.name != b"text")
}

/// Bytes that the segment has in memory; parts that the file needs in several program headers count together.
fn size(l: &Layout<'_>, s: &MapSegment, number: u16) -> u64 {
    let parts = l
        .placement
        .segments
        .iter()
        .filter(|p| is_part(p, s, number));
    parts.fold(0, |sum, p| sum.saturating_add(p.memsz))
}

/// `PADDR`: the address of the segment's first byte in physical memory.
pub(super) fn physical(opts: &Options, list: &mut [Segment]) {
    for (n, s) in (1u16..).zip(&opts.sunw.mapfile.segments) {
        let Some(at) = s.physical else {
            continue;
        };
        let first = list.iter().find(|p| is_part(p, s, n)).map(|p| p.addr);
        for p in list.iter_mut().filter(|p| is_part(p, s, n)) {
            p.load_delta = at.wrapping_sub(first.unwrap_or(at));
        }
    }
}

/// Gives the symbols their values.
pub(super) fn size_symbols<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    l: &Layout<'_>,
    v: &mut Values,
) {
    for (n, s) in (1u16..).zip(&opts.sunw.mapfile.segments) {
        for name in &s.size_symbols {
            let id = p.symbols.interner.get(name);
            if let Some(slot) = id.and_then(|id| v.globals.get_mut(id.index())) {
                *slot = size(l, s, n);
            }
        }
    }
}

/// Reports segments that are larger than they may be.
pub(super) fn check(opts: &Options, l: &Layout<'_>, report: &Report) {
    for (n, s) in (1u16..).zip(&opts.sunw.mapfile.segments) {
        let size = size(l, s, n);
        if let Some(most) = s.max_size.filter(|most| *most < size) {
            report.error(format!(
                "{}: segment {} has {size:#x} bytes, MAX_SIZE allows {most:#x}",
                s.at,
                s.name.escape_ascii()
            ));
        }
    }
}
