//! `.note.gnu.property` of the output: the inputs' notes merged, with what `-z` adds, and what `-z …-report` wants said.

use std::io::Write as _;

use crate::arch::Arch;
use crate::input::InputName;
use crate::input::object::Kind;
use crate::options::{Options, Severity};
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::synth::note_property::{self, IBT, LAM_U48, LAM_U57, Properties, SHSTK};

/// The objects' properties merged, with what `-z` adds.
pub(crate) fn merge<A: Arch>(
    p: &Program<'_, A::Elf>,
    opts: &Options,
    report: &Report,
    par: Par,
) -> Properties {
    let z = &opts.z;
    // An address with 48 free bits has the 57-bit scheme's free bits too.
    let lam = match (z.lam_u48, z.lam_u57) {
        (true, _) => LAM_U48 | LAM_U57,
        (false, true) => LAM_U57,
        (false, false) => 0,
    };
    let forced = note_property::Forced {
        x86_features: (IBT * u32::from(z.ibt)) | (SHSTK * u32::from(z.shstk)) | lam,
        isa_level: z.isa_level,
        needed: note_property::INDIRECT_EXTERN_ACCESS * u32::from(z.indirect_extern_access),
        stack_size: z.stack_size,
    };
    let mut any = forced.x86_features != 0
        || forced.isa_level != 0
        || forced.needed != 0
        || forced.stack_size != 0;
    // What the linker made of a plain file promises whatever the others do.
    let read = par.map(&p.objects, |o| {
        let mut props = Properties::default();
        let mut has = false;
        for i in o.of_kind(Kind::Property) {
            has = true;
            if let Err(e) = props.parse::<A::Elf>(A::MACHINE, o.section_data(i)) {
                report.warn(format!("{}: {e}", o.name));
            }
        }
        (props, has)
    });
    let all = p.objects.iter().zip(read);
    let list: Vec<_> = all
        .filter(|(o, _)| !o.made)
        .map(|(o, (props, has))| (&o.name, props, has))
        .collect();
    any |= list.iter().any(|(_, _, has)| *has);
    for (n, (name, props, _)) in (0u32..).zip(&list) {
        missing(n, name, props.x86_features(), opts, report);
    }
    if z.isa_needed_report || z.isa_used_report {
        let mut text = String::new();
        for (name, props, _) in &list {
            let (needed, used) = props.x86_isa();
            for (on, what, level) in [
                (z.isa_needed_report, "needed", needed),
                (z.isa_used_report, "used", used),
            ] {
                if on && level != 0 {
                    text.push_str(&format!("{name}: x86 ISA {what}: {}\n", levels(level)));
                }
            }
        }
        // A closed standard output is no reason to fail the link.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
    if !any {
        return Properties::default();
    }
    note_property::merge(A::MACHINE, list.iter().map(|(_, props, _)| props), &forced)
}

/// The names of the levels in a mask, as readelf shows them.
fn levels(mask: u32) -> String {
    let names = ["x86-64-baseline", "x86-64-v2", "x86-64-v3", "x86-64-v4"];
    let list: Vec<&str> = (0u32..)
        .zip(names)
        .filter(|(bit, _)| mask & 1 << bit != 0)
        .map(|(_, name)| name)
        .collect();
    list.join(", ")
}

/// `-z cet-report` and its kin: an input that does not promise a feature, in GNU ld's words.
fn missing(n: u32, name: &InputName, features: u32, opts: &Options, report: &Report) {
    let z = &opts.z;
    // What is forced for the whole output nobody has to promise.
    let forced = if z.ibt { IBT } else { 0 } | if z.shstk { SHSTK } else { 0 };
    let features = features | forced;
    for (severity, mask, names) in [
        (z.cet_report, [IBT, SHSTK], ["IBT", "SHSTK"]),
        (z.lam_u48_report, [LAM_U48, 0], ["LAM_U48", ""]),
        (z.lam_u57_report, [LAM_U57, 0], ["LAM_U57", ""]),
    ] {
        if severity == Severity::Ignore {
            continue;
        }
        let gone: Vec<&str> = mask
            .iter()
            .zip(names)
            .filter(|(bit, _)| **bit & !features != 0)
            .map(|(_, name)| name)
            .collect();
        let text = match gone[..] {
            [] => continue,
            [one] => format!("{name}: missing {one} property"),
            _ => format!("{name}: missing {} properties", gone.join(" and ")),
        };
        match severity {
            Severity::Error => report.error_at((n, 0), text),
            _ => report.warn_at((n, 0), text),
        }
    }
}
