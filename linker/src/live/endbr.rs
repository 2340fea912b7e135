//! `-z rewrite-endbr`: the ENDBR64 at the start of a function that nothing can jump to indirectly becomes a NOP, so that
//! an attacker has fewer places to go (Intel SDM, "Control-flow Enforcement Technology").
//!
//! Only global functions are looked at: references to local ones in their own section leave no relocation. A function
//! keeps it when it has a local name too, when other modules can name it, when the loader or the C library calls it, or when any reference to
//! its place is more than a call. References by section and offset count for the offset with and without the distance
//! to the end of the instruction, since nothing says how the instruction uses it.

use std::collections::{HashMap, HashSet};

use object::elf;

use super::Liveness;
use super::scan::referent;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Kind, Object, Place};
use crate::options::Options;
use crate::par::Par;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, SymbolId};

/// The instruction that marks a target of indirect branches.
#[derive(Clone, Copy, Debug)]
pub struct Endbr {
    pub code: [u8; 4],
    /// Does nothing, and is as long.
    pub nop: [u8; 4],
    /// Relocations of calls that are made through a register.
    pub indirect: &'static [u32],
}

type Spot = (SectionId, u64);

/// By section: offsets of the instructions to rewrite.
pub fn find<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    par: Par,
) -> HashMap<SectionId, Vec<u64>> {
    let mut out: HashMap<SectionId, Vec<u64>> = HashMap::new();
    // Calls through the GOT that are not relaxed are indirect ones.
    let Some(endbr) = A::ENDBR.filter(|_| opts.z.rewrite_endbr && opts.relax) else {
        return out;
    };
    let mut taken: HashSet<Spot> = par
        .map(&p.objects, |o| taken_by::<A>(p, live, o, endbr))
        .into_iter()
        .flatten()
        .collect();
    for (i, exported) in (0u32..).zip(&p.symbols.exported) {
        if *exported {
            taken.extend(spot(p, SymbolId(i)));
        }
    }
    let entry = opts.entry.as_deref().unwrap_or(b"_start");
    for name in [entry, &opts.init, &opts.fini] {
        if let Some(id) = p.symbols.interner.get(name) {
            taken.extend(spot(p, id));
        }
    }
    for o in &p.objects {
        for i in 1..o.symbols.len() as u32 {
            let s = o.symbol(i);
            if s.sym_type() != elf::STT_FUNC || s.bind() == elf::STB_LOCAL {
                continue;
            }
            let Place::Section(shndx) = o.place(i, &s) else {
                continue;
            };
            let id = o.section_id(shndx);
            let start = s.value as usize;
            let marked = o
                .section_data(shndx)
                .get(start..)
                .is_some_and(|c| c.starts_with(&endbr.code));
            if marked && live.is_live(id) && !taken.contains(&(id, s.value)) {
                out.entry(id).or_default().push(s.value);
            }
        }
    }
    out
}

/// Where a global symbol is defined by an input section.
fn spot<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> Option<Spot> {
    if !p.symbols.is_global(id) {
        return None;
    }
    let info = p.symbols.info(id);
    let o = info.file.as_object().and_then(|n| p.objects.get(n))?;
    let s = o.symbol(info.sym);
    match o.place(info.sym, &s) {
        Place::Section(shndx) => Some((o.section_id(shndx), s.value)),
        _ => None,
    }
}

/// Places whose address an object takes, in sections that are linked.
fn taken_by<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    o: &Object<'_, A::Elf>,
    endbr: Endbr,
) -> Vec<Spot> {
    let mut out = Vec::new();
    let mut add = |section: SectionId, offset: u64| {
        if let Some(section) = live.stands_for(section) {
            out.push((section, offset));
        }
    };
    for i in 1..o.symbols.len() as u32 {
        // The loader calls resolvers; the assembler may have used a local name without leaving a relocation.
        let s = o.symbol(i);
        let local = s.bind() == elf::STB_LOCAL && s.sym_type() != elf::STT_SECTION;
        if (local || s.sym_type() == elf::STT_GNU_IFUNC)
            && let Place::Section(shndx) = o.place(i, &s)
        {
            add(o.section_id(shndx), s.value);
        }
    }
    for (i, s) in (0u32..).zip(&o.sections) {
        let candidate = s.relocs > 0 && s.is_alloc() && s.kind == Kind::Regular;
        if !candidate || !live.is_live(o.section_id(i)) {
            continue;
        }
        let code = o.section_data(i);
        for r in o.relocs(i).iter() {
            if r.sym as usize >= o.symbols.len()
                || A::only_calls(&r, code) && !endbr.indirect.contains(&r.ty)
            {
                continue;
            }
            let who = referent(p, o, r.sym);
            let value = match spot(p, who.id) {
                Some((_, value)) => value,
                None => o.symbol(r.sym).value,
            };
            if who.target.section == SectionId::NONE {
                continue;
            }
            let addend = if A::Elf::IS_64 {
                r.addend
            } else {
                A::implicit_addend(r.ty, r.offset, code)
            };
            let at = value.wrapping_add(addend as u64);
            add(who.target.section, value);
            for behind in [0, 4, 5, 8] {
                add(who.target.section, at.wrapping_add(behind));
            }
        }
    }
    out
}
