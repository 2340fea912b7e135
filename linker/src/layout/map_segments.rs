//! What mapfiles ask of finished segments: symbols with a segment's size (`SIZE_SYMBOL`), and a limit (`MAX_SIZE`).
//!
//! Linker and Libraries Guide, "LOAD_SEGMENT Directive". `text` is what can be executed, `data` what can be written.

use object::elf;

use super::Layout;
use super::values::Values;
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::script::MapSegment;
use crate::symbols::bind::Program;

/// Bytes that the segment has in memory; parts that the file needs in several program headers count together.
fn size(l: &Layout<'_>, s: &MapSegment) -> u64 {
    let loads = l.placement.segments.iter().filter(|p| {
        let writable = p.flags & elf::PF_W != 0;
        p.ty == elf::PT_LOAD && writable == (s.name != b"text")
    });
    loads.fold(0, |sum, p| sum.saturating_add(p.memsz))
}

/// Gives the symbols their values.
pub(super) fn size_symbols<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    l: &Layout<'_>,
    v: &mut Values,
) {
    for s in &opts.sunw.mapfile.segments {
        for name in &s.size_symbols {
            let id = p.symbols.interner.get(name);
            if let Some(slot) = id.and_then(|id| v.globals.get_mut(id.index())) {
                *slot = size(l, s);
            }
        }
    }
}

/// Reports segments that are larger than they may be.
pub(super) fn check(opts: &Options, l: &Layout<'_>, report: &Report) {
    for s in &opts.sunw.mapfile.segments {
        let size = size(l, s);
        if let Some(most) = s.max_size.filter(|most| *most < size) {
            report.error(format!(
                "{}: segment {} has {size:#x} bytes, MAX_SIZE allows {most:#x}",
                s.at,
                s.name.escape_ascii()
            ));
        }
    }
}
