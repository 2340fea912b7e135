//! What is said about single symbols once they are bound: `-y NAME`, and the texts of `.gnu.warning.NAME` sections.
//!
//! A section of that name in a linked object holds a warning for whoever refers to NAME (GNU ld's manual, "Symbol
//! warnings"); glibc's static archives use it for functions such as `tmpnam`.

use std::io::Write as _;

use crate::elf::Elf;
use crate::input::object::Place;
use crate::options::Options;
use crate::report::Report;

use super::bind::Program;
use super::{Seen, SymbolId};

/// Start of the sections' names.
pub const WARNING: &[u8] = b".gnu.warning.";

/// `-y`: each file that defines a traced symbol or refers to it, in link order, on standard error.
pub fn print_traced<E: Elf>(p: &Program<'_, E>, opts: &Options) {
    let mut text = Vec::new();
    for name in &opts.trace_symbols {
        let Some(id) = p.symbols.interner.get(name) else {
            continue;
        };
        let mut say = |file: &dyn std::fmt::Display, defined: bool| {
            let what = if defined {
                "definition of"
            } else {
                "reference to"
            };
            text.extend_from_slice(format!("{file}: {what} ").as_bytes());
            text.extend_from_slice(name);
            text.push(b'\n');
        };
        for o in &p.objects {
            for i in o.globals().filter(|i| o.symbol_id(*i) == id) {
                let undefined = matches!(o.place(i, &o.symbol(i)), Place::Undefined);
                say(&o.name, !undefined);
            }
        }
        for lib in &p.shared {
            let all = 1..lib.symbols.len() as u32;
            for i in all.filter(|i| lib.symbol_id(*i) == Some(id)) {
                say(&lib.name, lib.symbol(i).shndx != object::elf::SHN_UNDEF);
            }
        }
    }
    // A closed standard error is no reason to fail the link.
    let _ = std::io::stderr().write_all(&text);
}

/// Warns of every symbol that an object refers to and another object's section warns of.
pub fn print_warnings<E: Elf>(p: &Program<'_, E>, report: &Report) {
    for (n, o) in (0u32..).zip(&p.objects) {
        for shndx in o.warnings.iter().copied() {
            let name = o.section_name(shndx);
            let Some(symbol) = name.strip_prefix(WARNING) else {
                continue;
            };
            let Some(id) = p.symbols.interner.get(symbol) else {
                continue;
            };
            if !p.symbols.info(id).seen.contains(Seen::REF_OBJECT) {
                continue;
            }
            let text = String::from_utf8_lossy(o.section_data(shndx));
            let text = text.trim_end_matches(['\0', '\n']);
            let user = first_user(p, id);
            report.warn_at((n, u64::from(shndx)), format!("{user}{text}"));
        }
    }
}

/// "FILE: " of the first object that refers to a symbol.
fn first_user<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> String {
    let refers = |o: &&crate::input::object::Object<'_, E>| {
        o.globals()
            .any(|i| o.symbol_id(i) == id && matches!(o.place(i, &o.symbol(i)), Place::Undefined))
    };
    match p.objects.iter().find(refers) {
        Some(o) => format!("{}: ", o.name),
        None => String::new(),
    }
}
