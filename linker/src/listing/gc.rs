//! `--print-gc-sections`: the sections that `--gc-sections` left out, in GNU ld's words, on standard error.

use std::io::Write as _;

use crate::elf::Elf;
use crate::input::object::Kind;
use crate::options::Options;
use crate::symbols::bind::Program;

/// Prints them in link order; empty sections are not worth a line.
pub fn print<E: Elf>(p: &Program<'_, E>, live: &[bool], opts: &Options) {
    let mut text = Vec::new();
    for o in &p.objects {
        for (i, s) in (0u32..).zip(&o.sections) {
            let candidate = s.is_alloc() && matches!(s.kind, Kind::Regular | Kind::Merge);
            if !candidate || s.size == 0 || live.get(o.section_id(i).index()) == Some(&true) {
                continue;
            }
            text.extend_from_slice(opts.program.as_bytes());
            text.extend_from_slice(b": removing unused section '");
            text.extend_from_slice(o.section_name(i));
            text.extend_from_slice(format!("' in file '{}'\n", o.name).as_bytes());
        }
    }
    // A closed standard error is no reason to fail the link.
    let _ = std::io::stderr().write_all(&text);
}
