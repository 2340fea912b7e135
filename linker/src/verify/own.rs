//! The check of what this linker is about to write, on every link.
//!
//! Headers, interpreter and dynamic section are made once more in memory and judged by the platform's rules; contents
//! are not looked at, so it costs microseconds. What the user laid out by hand (a script, addresses, page sizes) is
//! his: a kernel or a boot sector need not be a program of this system. Anything else that would not load is our bug.

use super::file::File;
use super::{Needs, Severity, apply, platform};
use crate::arch::Arch;
use crate::elf::Elf;
use crate::emit::{Image, headers, tables};
use crate::layout::output::Synth;
use crate::report::Report;

/// Reports every rule of the target's platform that the output would break.
pub fn check<A: Arch>(image: &Image<'_, '_, A>, report: &Report) {
    let l = image.l;
    let Some(platform) =
        platform(l.rules.name).filter(|_| !(image.l.scripted || image.opts.placed_by_hand()))
    else {
        return;
    };
    let mut start = vec![0; A::Elf::EHDR_SIZE + l.segments.len() * A::Elf::PHDR_SIZE];
    headers::write(image, &mut start);
    let Ok(mut file) = File::headers(&start, l.file_size) else {
        return;
    };
    if l.synth(Synth::Interp).is_some() {
        // A name from the command line is the user's choice and not judged.
        let given = image.opts.dynamic_linker.is_some();
        file.interp = Some(if given {
            b"/\0".to_vec()
        } else {
            l.interp.clone()
        });
    }
    if let Some((_, piece)) = l.synth(Synth::Dynamic) {
        let mut dynamic = vec![0; piece.size as usize];
        tables::write(image, Synth::Dynamic, &mut dynamic);
        file.set_dynamic(&dynamic);
    }
    // --hash-style=none asks for a file in which nothing can be looked up.
    let unhashed = (image.opts.hash_style).is_some_and(|h| !h.gnu && !h.sysv);
    for f in apply(platform, &file, Needs::Headers) {
        if f.rule.severity == Severity::Broken && !(unhashed && f.rule.id == "G06") {
            report.error(format!(
                "{} would not load this output, which is a bug of wcc: {f}",
                l.rules.name
            ));
        }
    }
}
