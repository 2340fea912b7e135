//! Sections that no address space holds: an input that asks for terabytes is named, before anything is computed with
//! such addresses.

use super::output::{Content, OutputSection};
use super::Layout;
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::symbols::bind::Program;

/// What a program of any 64-bit platform may have, bytes.
const SPACE: u64 = 1 << 47;

/// Reports sections that end above the last address, and a default layout that no platform would load.
pub(super) fn check<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report, l: &Layout<'_>) {
    let mut end = l.placement.image_start;
    // The section before which, and in which, most addresses go by.
    let mut widest: Option<(u64, &OutputSection<'_>)> = None;
    for s in l.outputs.iter().filter(|s| s.is_alloc()) {
        let Some(next) = s.addr.checked_add(s.size) else {
            report.error(format!(
                "section {} of {:#x} bytes at {:#x} does not fit into any address space{}",
                String::from_utf8_lossy(s.name),
                s.size,
                s.addr,
                largest(p, opts, s)
            ));
            return;
        };
        let wide = next.saturating_sub(end);
        if widest.is_none_or(|(w, _)| wide > w) {
            widest = Some((wide, s));
        }
        end = end.max(next);
    }
    if let Some((wide, s)) = widest.filter(|(w, _)| *w > SPACE && !l.scripted && !opts.placed_by_hand()) {
        report.error(format!(
            "section {} takes {wide:#x} bytes of addresses, more than a program can have{}",
            String::from_utf8_lossy(s.name),
            largest(p, opts, s)
        ));
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
                format!("\n>>> most of it is {}:({name}), {size:#x} bytes with its alignment", o.name)
            })
        }
        Some((size, Content::Common(id))) => {
            let name = opts.shown(p.symbols.name(id));
            format!("\n>>> most of it is the common symbol {name}, {size:#x} bytes")
        }
        _ => String::new(),
    }
}
