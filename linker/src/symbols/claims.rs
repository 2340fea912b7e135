//! Names that the linker itself defines, where nobody else does: reserved symbols, `__start_`/`__stop_`, a script's `PROVIDE`.
//!
//! Each becomes a [`LinkerSymbol`]; its value follows when addresses are known.

use std::collections::HashMap;

use object::elf;
use wcc_targets::LoadRules;

use super::intern::NameRef;
use super::reserved::{self, LinkerSymbol, Reserved};
use super::resolve::Resolved;
use super::{Info, Seen, State, SymbolId};
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::Kind;
use crate::layout::names::output_name;
use crate::options::{Options, OutputKind};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Number,
    Absolute,
    Relative,
}

/// Which of the scripts' symbols move with the image (GNU ld manual, "Expression Section").
pub(super) fn natures(assignments: &[crate::script::Assignment]) -> Vec<Nature> {
    let mut known: HashMap<&[u8], Nature> = HashMap::new();
    let mut all = Vec::with_capacity(assignments.len());
    for a in assignments {
        let n = match nature(&a.expr, a.in_section, &known) {
            // In the braces of an output section a number is an offset in it.
            Nature::Number if a.in_section => Nature::Relative,
            n => n,
        };
        known.insert(&a.name, n);
        all.push(n);
    }
    all
}

pub(super) fn nature(
    e: &crate::script::Expr,
    in_section: bool,
    known: &HashMap<&[u8], Nature>,
) -> Nature {
    use crate::script::Expr;
    let of = |e: &Expr| nature(e, in_section, known);
    match e {
        Expr::Number(_) => Nature::Number,
        Expr::Dot => Nature::Relative,
        Expr::Symbol(name) => known
            .get(name.as_slice())
            .copied()
            .unwrap_or(Nature::Relative),
        Expr::Unary(b'!', _) => Nature::Number,
        Expr::Unary(_, a) => of(a),
        Expr::Binary("==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||", ..) => Nature::Number,
        Expr::Binary(op, a, b) => match (of(a), of(b)) {
            // A distance.
            (Nature::Relative, Nature::Relative) if *op == "-" && in_section => Nature::Number,
            (Nature::Relative, Nature::Relative) if *op == "-" => Nature::Absolute,
            (Nature::Absolute, Nature::Relative) => Nature::Absolute,
            (Nature::Relative, _) | (_, Nature::Relative) => Nature::Relative,
            (Nature::Absolute, _) | (_, Nature::Absolute) => Nature::Absolute,
            _ => Nature::Number,
        },
        Expr::Cond(_, a, b) => match (of(a), of(b)) {
            (Nature::Relative, _) | (_, Nature::Relative) => Nature::Relative,
            (a, _) => a,
        },
        Expr::Call(f, args) => match f.as_slice() {
            b"ABSOLUTE" | b"LOADADDR" | b"ORIGIN" => Nature::Absolute,
            b"ADDR" | b"SEGMENT_START" => Nature::Relative,
            b"ALIGN" | b"BLOCK" | b"NEXT" if args.len() == 1 => Nature::Relative,
            b"ALIGN" | b"MAX" | b"MIN" | b"ASSERT" => args.first().map_or(Nature::Number, of),
            f if f.starts_with(b"DATA_SEGMENT") => Nature::Relative,
            _ => Nature::Number,
        },
    }
}

/// Defines a name that nobody need have mentioned, unless somebody else defines it.
fn claim_anew<E: Elf>(
    r: &mut Resolved<'_, E>,
    name: &'static str,
    what: Reserved,
    visibility: u8,
) -> Option<LinkerSymbol> {
    let id = r.interner.intern(&NameRef::new(name.as_bytes()));
    if r.info.len() <= id.index() {
        r.info.resize(r.interner.limit(), Info::default());
    }
    let info = r.info.get_mut(id.index())?;
    if info.state >= State::DefWeak {
        return None;
    }
    reserved::claim(info);
    info.visibility = visibility;
    Some(LinkerSymbol { id, what })
}

/// Defines the reserved symbols that the platform's libraries expect in every dynamic output (illumos: `_end`, `_etext`, …).
pub(super) fn claim_public<E: Elf>(
    r: &mut Resolved<'_, E>,
    rules: &LoadRules,
) -> Vec<LinkerSymbol> {
    let mut out = Vec::new();
    for name in rules.exported_reserved {
        let Some(what) = reserved::reserved(name.as_bytes()) else {
            continue;
        };
        out.extend(claim_anew(r, name, what, elf::STV_DEFAULT));
    }
    out
}

/// Local symbols that mark the image's start and end, as the platform's tools look for them.
pub(super) fn claim_markers<E: Elf>(
    r: &mut Resolved<'_, E>,
    opts: &Options,
    rules: &LoadRules,
    scripted: bool,
) -> Vec<LinkerSymbol> {
    let mut out = Vec::new();
    if opts.kind == OutputKind::Relocatable {
        return out;
    }
    if rules.markers.is_empty() && !scripted {
        // Those that GNU ld's default script always defines.
        for name in ["__bss_start", "_edata", "_end"] {
            if let Some(what) = reserved::reserved(name.as_bytes()) {
                out.extend(claim_anew(r, name, what, elf::STV_HIDDEN));
            }
        }
    }
    let ends = [Reserved::ImageStart, Reserved::ImageEnd];
    for (name, what) in rules.markers.iter().zip(ends) {
        out.extend(claim_anew(r, name, what, elf::STV_HIDDEN));
    }
    out
}

/// Defines the reserved symbols that are referred to.
pub(super) fn claim_reserved<E: Elf>(
    r: &mut Resolved<'_, E>,
    opts: &Options,
    opened: &Opened<'_>,
    dynamic: bool,
) -> Vec<LinkerSymbol> {
    let mut out = Vec::new();
    claim_provided(r, opened);
    let counts = |index: usize| {
        opened.assignments.get(index).is_none_or(|a| !a.provide) || r.provided.contains(&index)
    };
    // A later assignment to the same name is the one that counts.
    let last: HashMap<SymbolId, usize> = r
        .assigned
        .iter()
        .copied()
        .filter(|(_, index)| counts(*index))
        .collect();
    for &(id, index) in &r.assigned {
        if last.get(&id) == Some(&index) {
            out.push(LinkerSymbol {
                id,
                what: Reserved::Assigned(index),
            });
        }
    }
    if opts.kind == OutputKind::Relocatable {
        return out;
    }
    for (name, what) in reserved::names() {
        if what == Reserved::Dynamic && !dynamic {
            continue;
        }
        if let Some(id) = r.interner.get(name)
            && let Some(info) = r.info.get_mut(id.index())
            && reserved::is_free(info.state)
        {
            reserved::claim(info);
            info.visibility = elf::STV_HIDDEN;
            out.push(LinkerSymbol { id, what });
        }
    }
    claim_enclosures(r, opts, &mut out);
    out
}

/// PROVIDE counts for names that somebody refers to and nobody defines. What one of them is computed from is referred to
/// as well, so this goes on until no more are found.
pub(super) fn claim_provided<E: Elf>(r: &mut Resolved<'_, E>, opened: &Opened<'_>) {
    let provides = |index: &usize| opened.assignments.get(*index).is_some_and(|a| a.provide);
    let mut of_name: HashMap<SymbolId, Vec<usize>> = HashMap::new();
    let mut todo: Vec<SymbolId> = Vec::new();
    for &(id, index) in r.assigned.iter().filter(|(_, i)| provides(i)) {
        of_name.entry(id).or_default().push(index);
        todo.push(id);
    }
    while let Some(id) = todo.pop() {
        for &index in of_name.get(&id).map_or(&[][..], |list| list) {
            let Some(a) = opened.assignments.get(index) else {
                continue;
            };
            let Some(info) = r.info.get_mut(id.index()) else {
                continue;
            };
            // What only a shared object defines is free too, if an object refers to it.
            let free = reserved::is_free(info.state)
                || info.state == State::Shared && info.seen.contains(Seen::REF_OBJECT);
            if !free || info.seen.is_empty() {
                continue;
            }
            reserved::claim(info);
            if a.hidden {
                info.visibility = elf::STV_HIDDEN;
            }
            r.provided.insert(index);
            let mut wanted = Vec::new();
            super::resolve::collect_names(&a.expr, &mut wanted);
            for name in wanted {
                if let Some(id) = r.interner.get(name)
                    && let Some(info) = r.info.get_mut(id.index())
                {
                    info.seen |= Seen::REF_OBJECT | Seen::ROOT;
                    todo.push(id);
                }
            }
        }
    }
}

/// `.foo.bar` as `foo_bar`.
fn as_identifier(name: &[u8]) -> Vec<u8> {
    let name = name.strip_prefix(b".").unwrap_or(name);
    let letter = |c: &u8| if c.is_ascii_alphanumeric() { *c } else { b'_' };
    name.iter().map(letter).collect()
}

/// `__start_NAME` and `__stop_NAME` for sections that exist.
pub(super) fn claim_enclosures<E: Elf>(
    r: &mut Resolved<'_, E>,
    opts: &Options,
    out: &mut Vec<LinkerSymbol>,
) {
    type Edge = (SymbolId, bool, bool);
    let mut wanted: HashMap<Vec<u8>, Vec<Edge>> = HashMap::new();
    for (i, info) in (0u32..).zip(&r.info) {
        // Few are still free; the others' names stay out of the cache.
        if !reserved::is_free(info.state) {
            continue;
        }
        let id = SymbolId(i);
        let name = r.interner.name(id);
        let physical = name
            .strip_prefix(b"__phys")
            .filter(|_| opts.shape.physical_base.is_some())
            .map(|rest| [b"_", rest].concat());
        let plain = physical.as_deref().unwrap_or(name);
        if let Some((section, end)) = reserved::enclosed_section(plain) {
            let edges = wanted.entry(section.to_vec()).or_default();
            edges.push((id, end, physical.is_some()));
        }
    }
    if wanted.is_empty() {
        return;
    }
    let mut found = Vec::new();
    for o in &r.objects {
        for (i, s) in o.sections.iter().enumerate() {
            if !s.is_alloc() || matches!(s.kind, Kind::Skip | Kind::Discarded) {
                continue;
            }
            let name = o.section_name(i as u32);
            if let Some((name, ids)) = wanted.remove_entry(name) {
                found.push((name, ids));
            } else if opts.shape.start_stop {
                let name = output_name(name, opts.z.keep_text_section_prefix);
                if let Some(ids) = wanted.remove(&as_identifier(name)) {
                    found.push((name.to_vec(), ids));
                }
            }
        }
    }
    found.sort();
    for (name, ids) in found {
        for (id, end, physical) in ids {
            if let Some(info) = r.info.get_mut(id.index()) {
                reserved::claim(info);
                info.visibility =
                    super::merge_visibility(info.visibility, opts.z.start_stop_visibility);
                let what = if end {
                    Reserved::SectionEnd(name.clone())
                } else {
                    Reserved::SectionStart(name.clone())
                };
                let what = if physical {
                    Reserved::Loaded(Box::new(what))
                } else {
                    what
                };
                out.push(LinkerSymbol { id, what });
            }
        }
    }
}
