//! Definitions of one name that differ: common symbols that meet others (`--warn-common`), and sizes, types and
//! alignments that do not agree (warned of always, as GNU ld does).
//!
//! Only names with a common symbol in play can have two definitions without an error, so only those are noted.

use object::elf;

use super::bind::Program;
use super::{FileRef, State, SymbolId};
use crate::elf::{Elf, Sym};
use crate::input::object::Place;
use crate::options::Options;
use crate::report::Report;

/// Two definitions of a name, the first in link order first.
#[derive(Clone, Copy, Debug)]
pub struct Meeting {
    pub symbol: SymbolId,
    /// File, number of the symbol in it, kind of definition.
    pub old: (FileRef, u32, State),
    pub new: (FileRef, u32, State),
}

/// One side of a meeting.
struct Side {
    file: String,
    symbol: Sym,
    common: bool,
    align: u64,
}

fn side<E: Elf>(p: &Program<'_, E>, (file, sym, state): (FileRef, u32, State)) -> Option<Side> {
    let common = state == State::Common;
    if let Some(o) = file.as_object().and_then(|f| p.objects.get(f)) {
        let symbol = o.symbol(sym);
        let align = match o.place(sym, &symbol) {
            Place::Common => symbol.value,
            Place::Section(n) => {
                let section = o.sections.get(n as usize).map_or(1, |s| s.align());
                // As much as the value allows.
                let value = 1u64.checked_shl(symbol.value.trailing_zeros());
                value.unwrap_or(section).min(section)
            }
            _ => 0,
        };
        return Some(Side {
            file: o.name.to_string(),
            symbol,
            common,
            align,
        });
    }
    let s = file.as_shared().and_then(|f| p.shared.get(f))?;
    Some(Side {
        file: s.name.to_string(),
        symbol: s.symbol(sym),
        common,
        align: 0,
    })
}

/// Warns of everything that does not fit together.
pub fn report<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report) {
    for (n, m) in (0u64..).zip(&p.meetings) {
        let (Some(old), Some(new)) = (side(p, m.old), side(p, m.new)) else {
            continue;
        };
        let order = (0, n);
        let name = opts.shown(p.symbols.name(m.symbol));
        let say = |text: String| report.warn_at(order, text);
        if opts.warn_common && m.new.2 != State::Shared {
            say(common(&name, &old, &new));
        }
        if old.common != new.common {
            let (common, other) = if old.common {
                (&old, &new)
            } else {
                (&new, &old)
            };
            if other.align != 0 && other.align < common.align {
                say(format!(
                    "alignment {} of symbol `{name}' in {} is smaller than {} in {}",
                    other.align, other.file, common.align, common.file
                ));
            }
        }
        if old.common && !new.common {
            let (before, after) = (old.symbol.size, new.symbol.size);
            if before != after && before != 0 && after != 0 {
                say(format!(
                    "size of symbol `{name}' changed from {before} in {} to {after} in {}",
                    old.file, new.file
                ));
            }
            let (before, after) = (old.symbol.sym_type(), new.symbol.sym_type());
            if kind(before) != kind(after) && after != elf::STT_NOTYPE {
                say(format!(
                    "type of symbol `{name}' changed from {before} to {after} in {}",
                    new.file
                ));
            }
        }
    }
}

/// A common symbol is data.
fn kind(ty: u8) -> u8 {
    match ty {
        elf::STT_COMMON => elf::STT_OBJECT,
        elf::STT_GNU_IFUNC => elf::STT_FUNC,
        t => t,
    }
}

/// GNU ld's words for `--warn-common`.
fn common(name: &str, old: &Side, new: &Side) -> String {
    let (o, n) = (&old.file, &new.file);
    match (old.common, new.common) {
        (true, false) => format!("{n}: definition of `{name}' overriding common from {o}"),
        (false, true) => format!("{n}: common of `{name}' overridden by definition from {o}"),
        _ if new.symbol.size > old.symbol.size => {
            format!("{n}: common of `{name}' overriding smaller common from {o}")
        }
        _ if new.symbol.size < old.symbol.size => {
            format!("{n}: common of `{name}' overridden by larger common from {o}")
        }
        _ => format!("{n} and {o}: multiple common of `{name}'"),
    }
}
