//! `--stats`: how much of everything a link had. Counted only when asked for.

use crate::arch::Arch;
use crate::emit::Image;
use crate::input::load::Opened;
use crate::symbols::SectionId;
use crate::trace::Trace;

/// Counts what was read, linked and laid out.
pub fn count<A: Arch>(trace: &Trace, opened: &Opened<'_>, image: &Image<'_, '_, A>) {
    if !trace.is_on() {
        return;
    }
    let (p, l) = (image.p, image.l);
    let live_sections = || {
        p.objects.iter().flat_map(|o| {
            let numbers = 0..o.sections.len() as u32;
            numbers.filter_map(move |n| {
                let id: SectionId = o.section_id(n);
                image.live.is_live(id).then_some((o, n))
            })
        })
    };
    let merged = l.merges.counts();
    let local = p.symbols.total.saturating_sub(p.symbols.globals);
    trace.count("files opened", || opened.paths.len() as u64);
    trace.count("archives", || opened.archives.len() as u64);
    trace.count("objects linked", || p.objects.len() as u64);
    trace.count("shared objects linked", || p.shared.len() as u64);
    trace.count("names of global symbols", || {
        p.symbols.interner.ids().count() as u64
    });
    trace.count("local symbols", || local as u64);
    trace.count("sections", || p.symbols.sections as u64);
    trace.count("sections linked", || live_sections().count() as u64);
    trace.count("relocations applied", || {
        live_sections().map(|(o, n)| o.relocs(n).len() as u64).sum()
    });
    trace.count("dynamic relocations", || image.dynamic.count() as u64);
    trace.count("strings and constants to merge", || merged.0 as u64);
    trace.count("strings and constants after merging", || merged.1 as u64);
    trace.count("symbols in .symtab", || u64::from(l.symtab.count));
    trace.count("symbols in .dynsym", || l.dynsym.symbols.len() as u64);
    trace.count("bytes of input looked at, about", || opened.bytes);
    trace.count("bytes of output", || l.file_size);
}
