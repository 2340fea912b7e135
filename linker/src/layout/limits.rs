//! Sections that no address space holds: an input that asks for terabytes is named, before anything is computed with
//! such addresses.

use object::elf;

use super::output::{Content, OutputSection};
use super::segments::Placement;
use super::{Layout, script};
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::symbols::bind::Program;

/// What a program of any 64-bit platform may have, bytes.
const SPACE: u64 = 1 << 47;

/// Reports a section that ends above the last address. Everything is moved to 0 then, so that what is computed until the
/// link ends stays in range.
pub(super) fn contain<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    report: &Report,
    l: &mut Layout<'_>,
) -> bool {
    let beyond = |s: &&OutputSection<'_>| s.is_alloc() && s.addr.checked_add(s.size).is_none();
    let Some(s) = l.outputs.iter().find(beyond) else {
        return false;
    };
    report.error(format!(
        "section {} of {:#x} bytes at {:#x} does not fit into any address space{}",
        String::from_utf8_lossy(s.name),
        s.size,
        s.addr,
        largest(p, opts, s)
    ));
    for s in &mut l.outputs {
        (s.addr, s.offset) = (0, 0);
    }
    l.placement = Placement::default();
    true
}

/// Reports a layout that no platform would load, and what stands on top of each other.
pub(super) fn check<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report, l: &Layout<'_>) {
    if l.segments.is_empty() {
        return;
    }
    if !l.scripted {
        for s in l.outputs.iter().filter(|s| s.is_alloc() && s.is_tls()) {
            one_kind(p, report, s);
        }
    }
    let mut end = l.placement.image_start;
    // The section before which, and in which, most addresses go by.
    let mut widest: Option<(u64, &OutputSection<'_>)> = None;
    for s in l.outputs.iter().filter(|s| s.is_alloc()) {
        let next = s.addr.saturating_add(s.size);
        let wide = next.saturating_sub(end);
        if widest.is_none_or(|(w, _)| wide > w) {
            widest = Some((wide, s));
        }
        end = end.max(next);
    }
    if !l.scripted && opts.placed_by_hand() {
        script::overlaps(&l.outputs, report);
    }
    if let Some((wide, s)) =
        widest.filter(|(w, _)| *w > SPACE && !l.scripted && !opts.placed_by_hand())
    {
        report.error(format!(
            "section {} takes {wide:#x} bytes of addresses, more than a program can have{}",
            String::from_utf8_lossy(s.name),
            largest(p, opts, s)
        ));
    }
}

/// Thread-local data and other data do not go into one section: the output's flags can only say one thing of both.
fn one_kind<E: Elf>(p: &Program<'_, E>, report: &Report, s: &OutputSection<'_>) {
    for piece in &s.pieces {
        let Content::Section(id) = piece.content else {
            continue;
        };
        let (n, shndx) = p.owner(id);
        if let Some(o) = p.objects.get(n)
            && let Some(input) = o.sections.get(shndx as usize)
            && input.flags & elf::SHF_TLS == 0
        {
            report.error(format!(
                "{}:({}): is not thread-local, and others of section {} are; give it another name",
                o.name,
                String::from_utf8_lossy(o.section_name(shndx)),
                String::from_utf8_lossy(s.name)
            ));
            return;
        }
    }
}

/// The part of a section that takes most of it.
fn largest<E: Elf>(p: &Program<'_, E>, opts: &Options, s: &OutputSection<'_>) -> String {
    let mut at = 0;
    let mut found: Option<(u64, Content)> = None;
    for piece in &s.pieces {
        let next = piece.offset.saturating_add(piece.size);
        let size = next.saturating_sub(at);
        if found.is_none_or(|(most, _)| size > most) {
            found = Some((size, piece.content));
        }
        at = next;
    }
    match found {
        Some((size, Content::Section(id))) => {
            let (n, shndx) = p.owner(id);
            p.objects.get(n).map_or(String::new(), |o| {
                let name = String::from_utf8_lossy(o.section_name(shndx));
                format!(
                    "\n>>> most of it is {}:({name}), {size:#x} bytes with its alignment",
                    o.name
                )
            })
        }
        Some((size, Content::Common(id))) => {
            let name = opts.shown(p.symbols.name(id));
            let file = p.symbols.info(id).file.as_object();
            let file = file.and_then(|n| p.objects.get(n));
            let file = file.map_or(String::new(), |o| format!(" of {}", o.name));
            format!("\n>>> most of it is the common symbol {name}{file}, {size:#x} bytes")
        }
        _ => String::new(),
    }
}
