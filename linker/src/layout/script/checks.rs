//! What a scripted layout may not be: sections on top of each other, references that NOCROSSREFS forbids.

use super::engine::Engine;
use super::plan::Plan;
use crate::elf::Elf;
use crate::layout::Layout;
use crate::layout::output::{Content, OutputSection, Piece, Synth};
use crate::live::errors::{place, symbol_name};
use crate::live::scan::referent;
use crate::options::Options;
use crate::report::Report;
use crate::script::Expr;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// Two sections with contents at one load address, or two at one address that are not loaded one after the other
/// (overlays).
pub fn overlaps(outputs: &[OutputSection<'_>], report: &Report) {
    let mut list: Vec<&OutputSection<'_>> = outputs
        .iter()
        .filter(|s| s.is_alloc() && !s.is_tbss() && s.size > 0)
        .collect();
    let lma = |s: &OutputSection<'_>| s.addr.wrapping_add(s.load_delta);
    let name = |s: &OutputSection<'_>| String::from_utf8_lossy(s.name).into_owned();
    let mut check = |what: &str, at: &dyn Fn(&OutputSection<'_>) -> u64, contents: bool| {
        list.sort_by_key(|s| at(s));
        let mut before: Option<&OutputSection<'_>> = None;
        for s in list.iter().filter(|s| !contents || !s.is_nobits()) {
            if let Some(b) = before
                && at(s) < at(b).saturating_add(b.size)
                && (contents || lma(s) == lma(b) || s.load_delta == b.load_delta)
            {
                report.error(format!(
                    "section {} {what} [{:#x},{:#x}] overlaps section {} {what} [{:#x},{:#x}]",
                    name(s),
                    at(s),
                    at(s).saturating_add(s.size - 1),
                    name(b),
                    at(b),
                    at(b).saturating_add(b.size - 1)
                ));
            }
            before = Some(match before {
                Some(b) if at(b).saturating_add(b.size) > at(s).saturating_add(s.size) => b,
                _ => s,
            });
        }
    };
    check("LMA", &lma, true);
    check("VMA", &|s| s.addr, false);
}

/// NOCROSSREFS and NOCROSSREFS_TO.
pub fn cross_references<E: Elf>(
    p: &Program<'_, E>,
    plan: &Plan<'_>,
    l: &Layout<'_>,
    demangle: bool,
    report: &Report,
) {
    if plan.no_cross_refs.is_empty() {
        return;
    }
    let name_of = |id: SectionId| {
        l.output_of(id)
            .and_then(|n| l.outputs.get(n))
            .map(|s| s.name)
    };
    for o in &p.objects {
        for (i, s) in (0u32..).zip(&o.sections) {
            if s.relocs == 0 || !s.is_alloc() {
                continue;
            }
            let Some(from) = name_of(o.section_id(i)) else {
                continue;
            };
            for r in o.relocs(i).iter() {
                if r.sym as usize >= o.symbols.len() {
                    continue;
                }
                let who = referent(p, o, r.sym);
                if who.target.section == SectionId::NONE {
                    continue;
                }
                let Some(to) = name_of(who.target.section).filter(|to| *to != from) else {
                    continue;
                };
                let forbidden = plan.no_cross_refs.iter().any(|list| {
                    let has = |n: &[u8]| list.sections.iter().any(|s| s == n);
                    has(from)
                        && if list.to_first {
                            list.sections.first().is_some_and(|s| s == to)
                        } else {
                            has(to)
                        }
                });
                if forbidden {
                    report.error(format!(
                        "{}: prohibited cross reference from {} to `{}' in {}",
                        place(o, i, r.offset, demangle),
                        String::from_utf8_lossy(from),
                        symbol_name(p, o, r.sym, demangle),
                        String::from_utf8_lossy(to)
                    ));
                }
            }
        }
    }
}

/// PHDRS to which no section is assigned: the sections would be in no segment, and nothing could load them.
pub fn unassigned<E: Elf>(engine: &Engine<'_, '_, E>, outputs: &[OutputSection<'_>]) {
    let list = engine.plan.phdrs.as_deref().unwrap_or(&[]);
    let Some(first) = list.first() else {
        return;
    };
    if engine.outs.iter().all(|o| o.phdrs.is_empty())
        && let Some(section) = outputs.iter().find(|s| s.is_alloc())
    {
        engine.report.error(format!(
            "{}: section `{}' is in no segment: no section of the script is assigned to one of these PHDRS (`:NAME' behind \
             its description)",
            first.place,
            String::from_utf8_lossy(section.name),
        ));
    }
}

/// Tables that the run-time linker reads, in a section that is not in the file (NOLOAD): it would read zeros.
pub fn tables_in_the_file(outputs: &[OutputSection<'_>], opts: &Options, report: &Report) {
    let read = |what: Synth| {
        matches!(
            what,
            Synth::Dynamic
                | Synth::DynSym
                | Synth::DynStr
                | Synth::GnuHash
                | Synth::SysvHash
                | Synth::VerSym
                | Synth::VerDef
                | Synth::VerNeed
                | Synth::RelaDyn
                | Synth::RelaPlt
                | Synth::RelrDyn
        )
    };
    let table = |p: &Piece| matches!(p.content, Content::Synth(what) if p.size > 0 && read(what));
    for s in outputs.iter().filter(|s| s.is_alloc() && s.is_nobits()) {
        if s.pieces.iter().any(table) {
            report.error(format!(
                "section `{}' has tables that the run-time linker reads, and {} says that it is not loaded (NOLOAD)",
                String::from_utf8_lossy(s.name),
                opts.script_names()
            ));
        }
    }
}

/// What PHDRS says of its segments must have values, and p_type has 32 bits.
pub fn header_types<E: Elf>(engine: &Engine<'_, '_, E>) {
    for spec in engine.plan.phdrs.as_deref().unwrap_or(&[]) {
        let value = |e: &Expr| engine.eval(e, None, 0).map(|v| engine.resolve(v, None));
        for e in [Some(&spec.kind), spec.flags.as_ref(), spec.at.as_ref()]
            .into_iter()
            .flatten()
        {
            if let Err(error) = value(e) {
                engine.report.error(format!("{}: {error}", spec.place));
            }
        }
        if let Some(value) = value(&spec.kind).ok().filter(|v| *v > u64::from(u32::MAX)) {
            engine.report.error(format!(
                "{}: {value:#x} is no type of a program header, which has 32 bits",
                spec.place
            ));
        }
    }
}
