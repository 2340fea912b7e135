//! Names that are wanted without any object referring to them: `-u`, `--require-defined`, a script's, the entry. They pull
//! archive members as an undefined reference does, and are kept by `--gc-sections`.

use super::State;
use super::bind::Program;
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::options::Options;
use crate::report::Report;
use crate::{demangle, script};

/// Names that are looked for without any object referring to them.
pub fn roots<'o>(opts: &'o Options, opened: &'o Opened<'_>) -> Vec<&'o [u8]> {
    let mut roots: Vec<&[u8]> = opts
        .undefined
        .iter()
        .chain(&opened.externs)
        .chain(&opened.script_names)
        .map(|n| &n[..])
        .collect();
    roots.extend(opts.require_defined.iter().map(|n| &n[..]));
    let entry = opts.entry.as_ref().or(opened.entry.as_ref());
    match entry {
        Some(e) if script::parse_number(e).is_none() => roots.push(e),
        None if opts.kind.is_executable() => roots.push(b"_start"),
        _ => {}
    }
    roots
}

/// `--require-defined`, and the entry of a program. `scripted`: a script that names no entry has replaced GNU ld's own, which
/// names `_start`, so its absence is nothing to warn of.
pub fn required<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    scripted: bool,
    entry: Option<&Vec<u8>>,
    report: &Report,
) {
    let defined = |name: &[u8]| {
        p.symbols
            .interner
            .get(name)
            .is_some_and(|id| p.symbols.info(id).state >= State::Shared)
    };
    for name in &opts.require_defined {
        if !defined(name) {
            let text = format!(
                "undefined symbol: {}\n>>> referenced by --require-defined",
                demangle::display(name)
            );
            match opts.noinhibit_exec {
                true => report.warn(text),
                false => report.error(text),
            }
        }
    }
    if opts.kind.is_executable() && !(scripted && entry.is_none()) {
        let entry = entry.map_or(&b"_start"[..], Vec::as_slice);
        if !defined(entry) && script::parse_number(entry).is_none() {
            report.warn(format!(
                "cannot find entry symbol {}; not setting start address",
                demangle::display(entry)
            ));
        }
    }
}
