//! What no input section holds, in the output sections of a script: common symbols and the sections of the linker's own
//! making go where a pattern names them, else as orphans.

use object::elf;

use super::assemble::{Assembled, Out, Part, touch};
use super::orphans;
use super::plan::{Plan, Stmt};
use super::select::{DISCARD, ORPHAN, Selection};
use crate::elf::Elf;
use crate::input::object::Kind;
use crate::layout::output::{Content, OutputSection, Piece, Synth, commons};
use crate::options::Options;
use crate::report::Report;
use crate::script::Sort;
use crate::symbols::bind::Program;

/// Common symbols go where `COMMON` stands for their file (`named`), else behind what is in `.bss`.
pub(super) fn place_commons<'d, E: Elf>(
    p: &Program<'d, E>,
    plan: &Plan<'d>,
    number: &[u32],
    a: &mut Assembled<'d>,
    named: bool,
) {
    for (id, size, align, tls) in commons(p) {
        let info = p.symbols.info(id);
        let Some(o) = info.file.as_object().and_then(|n| p.objects.get(n)) else {
            continue;
        };
        let name: &[u8] = if tls { b".tcommon" } else { b"COMMON" };
        let alloc = elf::SHF_ALLOC | elf::SHF_WRITE;
        let is_discard = |n: usize| plan.outputs.get(n).is_some_and(|o| o.name == DISCARD);
        let rule = plan.rules.iter().position(|r| {
            r.takes(&o.name, name, alloc)
                && (is_discard(r.output) || number.get(r.output).is_some_and(|n| *n != u32::MAX))
        });
        if rule
            .and_then(|r| plan.rules.get(r))
            .is_some_and(|r| is_discard(r.output))
        {
            continue;
        }
        if rule.is_some() != named {
            continue;
        }
        let flags = u64::from(alloc | if tls { elf::SHF_TLS } else { 0 });
        let piece = Part::Piece {
            content: Content::Common(id),
            size,
            align,
        };
        let index = match rule.and_then(|r| plan.rules.get(r)).map(|r| r.output) {
            Some(output) => {
                let index = number.get(output).copied().unwrap_or(u32::MAX) as usize;
                let before = |object: usize| info.file.as_object().is_some_and(|n| object <= n);
                let sorted = rule
                    .and_then(|r| plan.rules.get(r))
                    .is_some_and(|r| r.sorts(Sort::None));
                let limit = |part: &Part| match part {
                    Part::Piece {
                        content: Content::Section(id),
                        ..
                    } => sorted || before(p.owner(*id).0),
                    _ => true,
                };
                insert(a, plan, index, rule.unwrap_or(usize::MAX), &[piece], limit);
                index
            }
            None => {
                let like = orphans::Traits {
                    flags,
                    ty: elf::SHT_NOBITS,
                };
                let name: &'static [u8] = if tls { b".tbss" } else { b".bss" };
                let index = orphans::find_or_place(a, plan, name, like, false);
                if let Some(out) = a.outs.get_mut(index) {
                    out.parts.push(piece);
                }
                index
            }
        };
        if let Some(out) = a.outs.get_mut(index) {
            touch(out, elf::SHT_NOBITS, flags, 0);
            out.section.align = out.section.align.max(align);
        }
    }
}

/// Puts parts behind what a rule has taken so far, as long as `passes` says so.
fn insert(
    a: &mut Assembled<'_>,
    plan: &Plan<'_>,
    out: usize,
    rule: usize,
    parts: &[Part],
    passes: impl Fn(&Part) -> bool,
) {
    let Some(out) = a.outs.get_mut(out) else {
        return;
    };
    let body = out.plan.and_then(|n| plan.outputs.get(n)).map(|o| &o.body);
    let marker = out.parts.iter().position(|part| match part {
        Part::Stmt(i) => body
            .and_then(|b| b.get(*i))
            .is_some_and(|s| matches!(s, Stmt::Input(r) if *r == rule)),
        Part::Piece { .. } => false,
    });
    let at = match marker {
        Some(m) => out
            .parts
            .iter()
            .enumerate()
            .skip(m + 1)
            .find(|(_, part)| matches!(part, Part::Stmt(_)) || !passes(part))
            .map_or(out.parts.len(), |(i, _)| i),
        None => out.parts.len(),
    };
    out.parts.splice(at..at, parts.iter().copied());
}

/// Names by which scripts know a part of the linker's own, the most fitting first.
fn known_as(what: Content, name: &[u8], dynamic: bool) -> Vec<&[u8]> {
    let Content::Synth(what) = what else {
        return vec![name];
    };
    match what {
        // GNU ld calls these after the sections they apply to; in a static program they are all IRELATIVE.
        Synth::RelaDyn if !dynamic => {
            vec![b".rela.iplt", b".rela.plt", b".rela.ifunc", b".rela.dyn"]
        }
        Synth::RelaDyn => vec![
            b".rela.dyn",
            b".rela.got",
            b".rela.data",
            b".rela.text",
            b".rela.data.rel.ro",
            b".rela.bss",
        ],
        Synth::Iplt => vec![b".iplt", b".plt"],
        Synth::Copies => vec![b".dynbss", b".bss"],
        Synth::CopiesRelro => vec![b".data.rel.ro", b".bss.rel.ro", b".dynbss", b".bss"],
        _ => vec![name],
    }
}

/// Puts the sections of the linker's own making where patterns take them, else as orphans.
pub fn place_synthetic<'d, E: Elf>(
    p: &Program<'d, E>,
    plan: &Plan<'d>,
    selection: &Selection,
    opts: &Options,
    report: &Report,
    sections: Vec<OutputSection<'d>>,
    a: &mut Assembled<'d>,
) {
    let first = p.objects.first().map(|o| &o.name);
    let holds_plt = |s: &OutputSection<'_>| {
        let plt = Content::Synth(Synth::Plt);
        s.pieces.iter().any(|piece| piece.content == plt)
    };
    let plt = sections.iter().any(holds_plt);
    for s in sections {
        if matches!(
            s.name,
            b".symtab" | b".strtab" | b".shstrtab" | b".symtab_shndx"
        ) {
            a.tail.push(s);
            continue;
        }
        let Some(content) = s.pieces.first().map(|p| p.content) else {
            continue;
        };
        let flags = s.flags as u32;
        let rule = match content {
            Content::EhFrame(object, _) => first_frame(p, selection, object),
            _ => known_as(content, s.name, p.dynamic)
                .into_iter()
                .find_map(|name| {
                    plan.rules.iter().position(|r| {
                        selection.disabled.get(r.output) != Some(&true)
                            && r.takes_synthetic(name, flags, first)
                    })
                }),
        };
        let parts: Vec<Part> = s
            .pieces
            .iter()
            .enumerate()
            .map(|(i, piece)| Part::Piece {
                content: piece.content,
                size: piece.size,
                align: if i == 0 {
                    piece.offset.max(s.align)
                } else {
                    piece.offset
                },
            })
            .collect();
        let index = match rule.and_then(|r| plan.rules.get(r)).map(|r| r.output) {
            Some(output) => {
                let found = a.outs.iter().position(|o| o.plan == Some(output));
                // None: discarded.
                let Some(index) = found else {
                    let has_plt = matches!(content, Content::Synth(Synth::GotPlt)) && plt;
                    if has_plt || is_reached(content) {
                        report.error(format!(
                            "the script discards `{}', which the code needs: put it into an output section",
                            String::from_utf8_lossy(s.name)
                        ));
                    }
                    continue;
                };
                // Our signature is no part of what a program loads.
                let loaded = |o: &Out<'_>| o.section.is_alloc() || o.section.name != s.name;
                if content == Content::Synth(Synth::Comment)
                    && a.outs.get(index).is_some_and(loaded)
                {
                    continue;
                }
                insert(a, plan, index, rule.unwrap_or(usize::MAX), &parts, |_| true);
                index
            }
            // Only we would miss our signature.
            None if content == Content::Synth(Synth::Comment)
                && matches!(opts.orphan_handling.as_deref(), Some(b"error" | b"warn")) =>
            {
                continue;
            }
            None => {
                match opts.orphan_handling.as_deref() {
                    Some(b"discard") => continue,
                    Some(b"error") => report.error(format!(
                        "unplaced orphan section `{}', which the linker made: the script puts it nowhere (--orphan-handling=error)",
                        String::from_utf8_lossy(s.name)
                    )),
                    Some(b"warn") => report.warn(format!(
                        "orphan section `{}' made by the linker being placed in section `{}'",
                        String::from_utf8_lossy(s.name),
                        String::from_utf8_lossy(s.name)
                    )),
                    _ => {}
                }
                let like = orphans::Traits {
                    flags: s.flags,
                    ty: s.ty,
                };
                let index = orphans::find_or_place(a, plan, s.name, like, false);
                if let Some(out) = a.outs.get_mut(index) {
                    out.parts.extend(parts);
                }
                index
            }
        };
        if let Some(out) = a.outs.get_mut(index) {
            touch(out, s.ty, s.flags, s.entsize);
            let align = s
                .pieces
                .iter()
                .map(|p: &Piece| p.offset)
                .max()
                .unwrap_or(1)
                .max(s.align);
            out.section.align = out.section.align.max(align);
        }
    }
}

/// Whether code goes through it wherever there is such a thing at all.
fn is_reached(content: Content) -> bool {
    matches!(
        content,
        Content::Synth(Synth::Plt | Synth::PltSec | Synth::Iplt | Synth::Got)
    )
}

/// The rule that takes an object's `.eh_frame`; all of them go where the first one goes.
fn first_frame<E: Elf>(p: &Program<'_, E>, selection: &Selection, object: u32) -> Option<usize> {
    let o = p.objects.get(object as usize)?;
    let (i, _) = (0u32..)
        .zip(&o.sections)
        .find(|(_, s)| s.kind == Kind::EhFrame)?;
    let rule = *selection.rule.get(o.section_id(i).index())?;
    (rule != ORPHAN).then_some(rule as usize)
}
