//! Definitions that must not be (two strong ones of a name) and those that must (`--no-undefined-version`).
//!
//! gABI, "Symbol Table": a global definition stands alone, a weak one yields. Numbers that agree are no conflict, nor are the
//! two names that `.symver` gives one place.

use crate::demangle;
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::Place;
use crate::options::Options;
use crate::report::Report;
use crate::symbols::resolve::Resolved;
use crate::symbols::{FileRef, State, SymbolId};

/// Names with two strong definitions.
pub(crate) fn report_duplicates<E: Elf>(r: &Resolved<'_, E>, opts: &Options, report: &Report) {
    for (id, first, second) in &r.duplicates {
        if first == second && is_one_place(r, *id, *first)
            || !opts.prohibit_multiple_abs && is_one_number(r, *id, *first, *second)
        {
            continue;
        }
        let file = |f: &FileRef| match f.as_object().and_then(|i| r.objects.get(i)) {
            Some(o) => o.name.to_string(),
            None => "the command line".into(),
        };
        let name = r.interner.name(*id);
        let shown = if opts.demangle {
            demangle::display(name)
        } else {
            String::from_utf8_lossy(name)
        };
        let order = second.as_object().unwrap_or(0) as u32;
        report.fault_at(
            (order, u64::from(id.0)),
            format!(
                "duplicate symbol: {shown}\n>>> defined in {}\n>>> defined in {}",
                file(first),
                file(second)
            ),
        );
    }
}

/// Absolute symbols of one name and one value, in two files: no error, as in GNU ld.
fn is_one_number<E: Elf>(r: &Resolved<'_, E>, id: SymbolId, a: FileRef, b: FileRef) -> bool {
    let value = |file: FileRef| {
        let o = r.objects.get(file.as_object()?)?;
        let i = o.globals().find(|i| o.symbol_id(*i) == id)?;
        let s = o.symbol(i);
        (o.place(i, &s) == Place::Absolute).then_some(s.value)
    };
    value(a).is_some_and(|v| value(b) == Some(v))
}

/// `.symver f, f@@V` leaves `f` beside `f@@V`: two symbols of one name and one place.
fn is_one_place<E: Elf>(r: &Resolved<'_, E>, id: SymbolId, file: FileRef) -> bool {
    let Some(o) = file.as_object().and_then(|i| r.objects.get(i)) else {
        return false;
    };
    let mut places = o.globals().filter(|i| o.symbol_id(*i) == id).map(|i| {
        let s = o.symbol(i);
        (o.place(i, &s), s.value)
    });
    let first = places.next();
    places.all(|p| Some(p) == first)
}

/// `--no-undefined-version`: exact names of scripts must be defined.
pub(super) fn report_missing_versions<E: Elf>(
    r: &Resolved<'_, E>,
    opts: &Options,
    opened: &Opened<'_>,
    report: &Report,
) {
    if !opts.no_undefined_version {
        return;
    }
    let scripts: Vec<_> = opts
        .version_scripts
        .iter()
        .chain(&opened.version_scripts)
        .cloned()
        .collect();
    for e in crate::script::exact_names(&scripts)
        .iter()
        .filter(|e| !e.cxx)
    {
        let state = r
            .interner
            .get(&e.name)
            .and_then(|id| r.info.get(id.index()))
            .map_or(State::None, |i| i.state);
        if state < State::DefWeak {
            report.error(format!(
                "version script gives a version to {}, which is not defined\n>>> {}",
                String::from_utf8_lossy(&e.name),
                e.place
            ));
        }
    }
}
