//! What the inputs ask for and the platform's run-time linker cannot carry out, as errors.
//!
//! STT_GNU_IFUNC is GNU's extension: an unknown run-time linker takes the resolver for the function itself, so a call
//! returns a code address. There is no way around it at link time: which function it will be depends on the machine.

use object::elf;
use wcc_targets::LoadRules;

use super::Liveness;
use crate::arch::{Needs, SymFlags};
use crate::demangle;
use crate::elf::Elf;
use crate::input::object::{Object, Place};
use crate::options::Options;
use crate::report::Report;
use crate::symbols::SymbolId;
use crate::symbols::bind::Program;

/// Reports every live IFUNC when the platform has none.
pub fn refuse<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    report: &Report,
) {
    if live.static_tls && !rules.static_tls {
        refuse_static_tls(p, live, opts, rules, report);
    }
    if rules.ifunc {
        return;
    }
    let needs_local = live
        .needy
        .iter()
        .filter(|id| !p.symbols.is_global(**id))
        .filter_map(|id| p.local_owner(*id))
        .filter(|(o, i)| o.symbol(*i).sym_type() == elf::STT_GNU_IFUNC);
    for (o, i) in needs_local {
        complain(o, i, opts, rules, report);
    }
    for o in p.objects.iter().filter(|o| o.has_gnu_symbols) {
        for i in o.globals() {
            let s = o.symbol(i);
            let Place::Section(n) = o.place(i, &s) else {
                continue;
            };
            let target = p.symbols.target(o.symbol_id(i));
            if s.sym_type() == elf::STT_GNU_IFUNC
                && target.section == o.section_id(n)
                && target.flags.contains(SymFlags::IFUNC)
                && live.is_live(target.section)
            {
                complain(o, i, opts, rules, report);
            }
        }
    }
}

/// Names the variables that a library reaches by their offset from the thread pointer.
fn refuse_static_tls<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    report: &Report,
) {
    let wanted = |id: &&SymbolId| live.needs(**id).contains(Needs::GOTTP);
    for id in live.needy.iter().filter(wanted) {
        let name = match p.local_owner(*id) {
            Some((o, i)) if !p.symbols.is_global(*id) => o.symbol_name(&o.symbol(i)),
            _ => p.symbols.plain_name(*id),
        };
        report.error(format!(
            "{} is reached by the initial-exec model, which {}'s run-time linker does not know; compile without \
             -ftls-model=initial-exec",
            shown(name, opts),
            rules.name
        ));
    }
}

fn shown(name: &[u8], opts: &Options) -> String {
    if opts.demangle {
        demangle::display(name).into_owned()
    } else {
        String::from_utf8_lossy(name).into_owned()
    }
}

fn complain<E: Elf>(
    o: &Object<'_, E>,
    index: u32,
    opts: &Options,
    rules: &LoadRules,
    report: &Report,
) {
    let name = o.symbol_name(&o.symbol(index));
    let shown = shown(name, opts);
    report.error(format!(
        "{}: {shown} is an IFUNC, which {}'s run-time linker does not know; compile without the attributes ifunc and \
         target_clones",
        o.name, rules.name
    ));
}
