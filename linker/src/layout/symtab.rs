//! `.symtab`: which symbols it lists, and where each object's part of it lies.
//!
//! gABI, "Symbol Table": local symbols come first. So the order is: the null symbol, every object's locals (with its hidden
//! globals, which are local to the output), the linker's own locals, every object's globals, the linker's globals and imports.

use std::collections::HashMap;

use object::elf;

use super::slots::SlotTable;
use crate::arch::SymFlags;
use crate::elf::{Elf, Sym};
use crate::input::budget::Budget;
use crate::input::object::{Kind, Object, Place};
use crate::live::Liveness;
use crate::options::{DiscardLocals, Options, Strip};
use crate::par::Par;
use crate::symbols::bind::Program;
use crate::symbols::versions::VER_LOCAL;
use crate::symbols::{FileRef, State, SymbolId};

/// One object's part.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its symbols that are listed: number, length of the name, whether local. In the object's order.
    pub kept: Vec<Kept>,
    pub locals: u32,
    pub globals: u32,
    /// Bytes of names.
    pub names: u64,
    /// Number of its first local and global symbol in the table.
    pub first_local: u32,
    pub first_global: u32,
    /// Offset of its first name in `.strtab`.
    pub first_name: u64,
    /// What is wrong with its symbols; the list is cut there.
    pub fault: Option<String>,
    /// `-z unique-symbol`: what each name in `kept` ends with; empty without the option.
    pub endings: Vec<String>,
}

/// A listed symbol.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub index: u32,
    /// Bytes of the name; the top bit says that the symbol is local.
    length: u32,
}

impl Kept {
    const LOCAL: u32 = 1 << 31;
    pub fn is_local(self) -> bool {
        self.length & Self::LOCAL != 0
    }
    pub fn name_length(self) -> usize {
        (self.length & !Self::LOCAL) as usize
    }
}

#[derive(Default)]
pub struct SymtabPlan {
    pub parts: Vec<Part>,
    /// The linker's symbols that are local, then those that are global, then imports and copies.
    pub linker_locals: Vec<SymbolId>,
    pub linker_globals: Vec<SymbolId>,
    pub linker_names: u64,
    pub linker_first_name: u64,
    /// Number of entries, and of local ones (sh_info).
    pub count: u32,
    pub local_count: u32,
    pub strtab_size: u64,
}

/// What a symbol of an object becomes in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Dropped,
    Local,
    Global,
}

/// Decides for symbol `index` of object number `n`.
pub fn fate<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    n: usize,
    o: &Object<'_, E>,
    index: u32,
    s: &Sym,
) -> Fate {
    let place = o.place(index, s);
    if let Place::Section(sec) = place {
        let kept = o
            .sections
            .get(sec as usize)
            .is_some_and(|x| matches!(x.kind, Kind::Regular | Kind::Merge))
            && live.is_placed(o.section_id(sec));
        if !kept {
            return Fate::Dropped;
        }
    }
    if index < o.first_global {
        // The name's end is not looked for: its first bytes tell.
        let name = o.strtab().get(s.name as usize..).unwrap_or(&[]);
        let dropped = s.sym_type() == elf::STT_SECTION
            || name.first().is_none_or(|b| *b == 0)
            || !is_retained(opts, || o.symbol_name(s))
            || matches!(place, Place::Undefined | Place::Invalid(_) | Place::Common)
            || match opts.discard_locals {
                DiscardLocals::None => false,
                DiscardLocals::All => true,
                DiscardLocals::Temporary => name.starts_with(b".L"),
                DiscardLocals::SecMerge => {
                    name.starts_with(b".L")
                        && matches!(place, Place::Section(sec) if o.sections.get(sec as usize).is_some_and(|x| x.flags & elf::SHF_MERGE != 0))
                }
            };
        return if dropped { Fate::Dropped } else { Fate::Local };
    }
    let id = o.symbol_id(index);
    let info = p.symbols.info(id);
    if !is_retained(opts, || o.symbol_name(s)) {
        return Fate::Dropped;
    }
    if info.file != FileRef::object(n) || info.sym != index || info.state < State::DefWeak {
        return Fate::Dropped;
    }
    if is_local_to_output(p, id) {
        Fate::Local
    } else {
        Fate::Global
    }
}

/// `--retain-symbols-file` names it, or was not given.
#[inline(always)]
fn is_retained<'s>(opts: &Options, name: impl Fn() -> &'s [u8]) -> bool {
    let listed =
        |names: &Vec<Vec<u8>>| names.binary_search_by(|n| n.as_slice().cmp(name())).is_ok();
    opts.retain_symbols.as_ref().is_none_or(listed)
}

/// Hidden, or made local by a version script.
pub fn is_local_to_output<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> bool {
    let v = p.symbols.info(id).visibility;
    v == elf::STV_HIDDEN
        || v == elf::STV_INTERNAL
        || p.symbols
            .version
            .get(id.index())
            .is_some_and(|v| *v == VER_LOCAL)
}

/// `-z unique-symbol`: local names end with `.N`, N (hexadecimal) counting those of the same name, as GNU ld has it.
fn number_locals<E: Elf>(p: &Program<'_, E>, parts: &mut [Part]) {
    let mut seen: HashMap<&[u8], u32> = HashMap::new();
    for (o, part) in p.objects.iter().zip(parts) {
        for k in &mut part.kept {
            let s = o.symbol(k.index);
            let mut ending = String::new();
            if k.index < o.first_global && s.sym_type() != elf::STT_FILE {
                let count = seen.entry(o.symbol_name(&s)).or_default();
                ending = format!(".{count:x}");
                *count += 1;
            }
            k.length += ending.len() as u32;
            part.names += ending.len() as u64;
            part.endings.push(ending);
        }
    }
}

/// Counts and numbers everything.
pub fn plan<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    slots: &SlotTable,
    opts: &Options,
    par: Par,
) -> SymtabPlan {
    let mut plan = SymtabPlan::default();
    if opts.strip == Strip::All {
        return plan;
    }
    plan.parts = par.map_range(p.objects.len(), |n| {
        let mut part = Part::default();
        let Some(o) = p.objects.get(n) else {
            return part;
        };
        let mut budget = Budget::names(o.strtab().len());
        for i in 1..o.symbols.len() as u32 {
            let s = o.symbol(i);
            let fate = fate(p, live, opts, n, o, i, &s);
            if fate == Fate::Dropped {
                continue;
            }
            if i < o.first_global && s.bind() != elf::STB_LOCAL {
                part.fault = Some(o.not_local(i));
                break;
            }
            let name = o.symbol_name(&s);
            if let Err(e) = budget.spend(name.len() as u64) {
                part.fault = Some(e);
                break;
            }
            let length = (name.len() as u32).min(Kept::LOCAL - 1);
            part.names += u64::from(length) + 1;
            if fate == Fate::Local {
                part.locals += 1;
                part.kept.push(Kept {
                    index: i,
                    length: length | Kept::LOCAL,
                });
            } else {
                part.globals += 1;
                part.kept.push(Kept { index: i, length });
            }
        }
        part
    });
    if opts.z.unique_symbol {
        number_locals(p, &mut plan.parts);
    }
    let retained = |id: SymbolId| is_retained(opts, || p.symbols.name(id));
    for l in p.symbols.linker.iter().filter(|l| retained(l.id)) {
        let list = if is_local_to_output(p, l.id) {
            &mut plan.linker_locals
        } else {
            &mut plan.linker_globals
        };
        list.push(l.id);
    }
    for i in 0..p.symbols.globals as u32 {
        let id = SymbolId(i);
        let info = p.symbols.info(id);
        let imported = info.state < State::DefWeak
            && (p
                .symbols
                .target(id)
                .flags
                .intersects(SymFlags::IMPORTED | SymFlags::UNDEF_WEAK))
            && (opts.emit_relocs || !live.needs(id).is_empty() || slots.copy_of.contains_key(&id));
        if imported {
            plan.linker_globals.push(id);
        }
    }
    let mut number = 1u32;
    let mut name = 1u64;
    for part in &mut plan.parts {
        part.first_local = number;
        number = number.saturating_add(part.locals);
        part.first_name = name;
        name += part.names;
    }
    number = number.saturating_add(plan.linker_locals.len() as u32);
    plan.local_count = number;
    for part in &mut plan.parts {
        part.first_global = number;
        number = number.saturating_add(part.globals);
    }
    number = number.saturating_add(plan.linker_globals.len() as u32);
    plan.count = number;
    plan.linker_first_name = name;
    plan.linker_names = plan
        .linker_locals
        .iter()
        .chain(&plan.linker_globals)
        .map(|id| p.symbols.name(*id).len() as u64 + 1)
        .sum();
    plan.strtab_size = name + plan.linker_names;
    plan
}
