//! What the inputs ask for and the platform's run-time linker cannot carry out, as errors.
//!
//! STT_GNU_IFUNC is GNU's extension: an unknown run-time linker takes the resolver for the function itself, so a call
//! returns a code address. There is no way around it at link time: which function it will be depends on the machine.

use object::elf;
use wcc_targets::LoadRules;

use super::Liveness;
use crate::arch::SymFlags;
use crate::demangle;
use crate::elf::Elf;
use crate::input::object::{Object, Place};
use crate::options::Options;
use crate::report::Report;
use crate::symbols::bind::Program;

/// Reports every live IFUNC when the platform has none.
pub fn refuse<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    report: &Report,
) {
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

fn complain<E: Elf>(
    o: &Object<'_, E>,
    index: u32,
    opts: &Options,
    rules: &LoadRules,
    report: &Report,
) {
    let name = o.symbol_name(&o.symbol(index));
    let shown = if opts.demangle {
        demangle::display(name)
    } else {
        String::from_utf8_lossy(name)
    };
    report.error(format!(
        "{}: {shown} is an IFUNC, which {}'s run-time linker does not know; compile without the attributes ifunc and \
         target_clones",
        o.name, rules.name
    ));
}
