//! `--cref`: every global symbol of the inputs, the file that defines it, and the files that refer to it.
//!
//! GNU ld's table, with one difference: names that only shared objects know are left out, as nobody can do anything
//! about them.

use std::fmt::Write as _;

use object::elf;

use crate::elf::Elf;
use crate::input::InputName;
use crate::input::object::Place;
use crate::options::Options;
use crate::symbols::SymbolId;
use crate::symbols::bind::Program;

/// Columns of the symbol's name.
const NAME: usize = 50;

/// The text of the table.
pub fn text<E: Elf>(p: &Program<'_, E>, opts: &Options) -> String {
    // By symbol: definitions come before references, and files in link order.
    let mut rows: Vec<(SymbolId, bool, u32, &InputName)> = Vec::new();
    let mut known = vec![false; p.symbols.globals];
    let mut number = 0u32;
    for o in &p.objects {
        for i in o.globals() {
            let id = o.symbol_id(i);
            if let Some(k) = known.get_mut(id.index()) {
                *k = true;
            }
            let refers = matches!(o.place(i, &o.symbol(i)), Place::Undefined);
            rows.push((id, refers, number, &o.name));
        }
        number += 1;
    }
    for s in &p.shared {
        for i in 1..s.symbols.len() as u32 {
            if let Some(id) = s.symbol_id(i)
                && known.get(id.index()) == Some(&true)
            {
                let refers = s.symbol(i).shndx == elf::SHN_UNDEF;
                rows.push((id, refers, number, &s.name));
            }
        }
        number += 1;
    }
    let mut rows: Vec<_> = rows
        .into_iter()
        .map(|(id, refers, n, file)| (p.symbols.name(id), refers, n, file))
        .filter(|row| !row.0.is_empty())
        .collect();
    rows.sort_unstable_by_key(|&(name, refers, n, _)| (name, refers, n));
    rows.dedup_by_key(|&mut (name, refers, n, _)| (name, refers, n));

    let mut out = format!("\nCross Reference Table\n\n{:<NAME$}File\n", "Symbol");
    let mut last: &[u8] = b"";
    for (name, _, _, file) in rows {
        let shown = if name == last {
            String::new()
        } else {
            opts.shown(name)
        };
        last = name;
        if shown.len() >= NAME {
            let _ = writeln!(out, "{shown}\n{:NAME$}{file}", "");
        } else {
            let _ = writeln!(out, "{shown:<NAME$}{file}");
        }
    }
    out
}
