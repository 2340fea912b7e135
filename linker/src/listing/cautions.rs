//! Warnings about the output as a whole: an executable stack, segments that are writable and executable, relocations in
//! read-only sections. GNU ld warns of all three unless told not to; the texts are its own.

use object::elf;

use crate::elf::Elf;
use crate::input::object::Object;
use crate::layout::Layout;
use crate::live::Liveness;
use crate::options::{Options, OutputKind};
use crate::report::Report;

/// Says what there is to say.
pub fn report<E: Elf>(
    objects: &[Object<'_, E>],
    live: &Liveness,
    l: &Layout<'_>,
    opts: &Options,
    report: &Report,
) {
    stack(objects, opts, report);
    segments(l, opts, report);
    if live.textrel && opts.warn_textrel && opts.kind.is_pic() {
        let what = match opts.kind {
            OutputKind::Shared => "a shared object",
            _ => "a PIE",
        };
        report.warn_at((u32::MAX, 0), format!("creating DT_TEXTREL in {what}"));
        if l.irelative_count > 0 {
            // The resolver may run before the code it lies in is executable again.
            let flag = if opts.kind == OutputKind::Shared {
                "-fPIC"
            } else {
                "-fPIE"
            };
            report.warn_at(
                (u32::MAX, 1),
                format!("GNU indirect functions with DT_TEXTREL may result in a segfault at runtime; recompile with {flag}"),
            );
        }
    }
}

fn stack<E: Elf>(objects: &[Object<'_, E>], opts: &Options, report: &Report) {
    let asking = objects.iter().find(|o| o.stack == Some(true));
    let text = match (opts.z.execstack, asking) {
        (Some(true), _) => {
            "enabling an executable stack because of -z execstack command line option".to_string()
        }
        (None, Some(o)) => format!(
            "{}: requires executable stack (because the .note.GNU-stack section is executable)",
            o.name
        ),
        _ => return,
    };
    // -z execstack says it loud enough; an object that asks for it does so in secret.
    let warn = opts.warn_execstack.unwrap_or(opts.z.execstack.is_none());
    if opts.error_execstack {
        report.error(text);
    } else if warn {
        report.warn(text);
    }
}

fn segments(l: &Layout<'_>, opts: &Options, report: &Report) {
    let rwx = elf::PF_R | elf::PF_W | elf::PF_X;
    let output = opts.output.display();
    let mut list = Vec::new();
    let load = |s: &crate::layout::segments::Segment| s.ty == elf::PT_LOAD && s.flags & rwx == rwx;
    if l.segments.iter().any(load) {
        list.push(format!("{output} has a LOAD segment with RWX permissions"));
    }
    if l.segments
        .iter()
        .any(|s| s.ty == elf::PT_TLS && s.flags & elf::PF_X != 0)
    {
        list.push(format!(
            "{output} has a TLS segment with execute permission"
        ));
    }
    for text in list {
        if opts.error_rwx_segments {
            report.error(text);
        } else if opts.warn_rwx_segments {
            report.warn(text);
        }
    }
}
