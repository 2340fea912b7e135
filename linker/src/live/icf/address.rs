//! Sections whose address a program may compare: they are not folded (`--icf=safe`, `--keep-unique`).
//!
//! `.llvm_addrsig` (LLVM, "Address-Significance Table Section"): ULEB128 numbers of the symbols whose address counts. Without
//! it every reference but a call or a vtable's takes an address (Itanium C++ ABI, `_ZTV`).

use super::is_exception_table;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Kind, Object};
use crate::live::Liveness;
use crate::live::scan::referent;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;

/// The table holds numbers of symbols; tools that renumber symbols without knowing it clear its link.
pub(super) fn has_addrsig<E: Elf>(o: &Object<'_, E>) -> bool {
    o.addrsig != 0
        && o.sections
            .get(o.addrsig as usize)
            .is_some_and(|s| s.link != 0)
}

/// `--keep-unique`: sections of these symbols, sorted.
pub(super) fn pinned<E: Elf>(
    p: &Program<'_, E>,
    opts: &Options,
    report: &Report,
) -> Vec<SectionId> {
    let mut list = Vec::new();
    for name in &opts.keep_unique {
        let section = p
            .symbols
            .interner
            .get(name)
            .map(|id| p.symbols.target(id).section)
            .filter(|s| *s != SectionId::NONE);
        match section {
            Some(s) => list.push(s),
            None => report.warn(format!(
                "could not find symbol {} to keep unique",
                String::from_utf8_lossy(name)
            )),
        }
    }
    list.sort_unstable();
    list
}

/// By section number: a program may take the address of something in it and compare it.
pub(super) fn significant<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    par: Par,
) -> Vec<bool> {
    let mut out = vec![false; p.symbols.sections];
    let mut mark = |s: SectionId| {
        if let Some(m) = out.get_mut(s.index()) {
            *m = true;
        }
    };
    for (target, exported) in p.symbols.targets.iter().zip(&p.symbols.exported) {
        if *exported {
            mark(target.section);
        }
    }
    let taken = par.map(&p.objects, |o| taken_by::<A>(p, live, o));
    taken.into_iter().flatten().for_each(mark);
    out
}

/// Sections whose address an object takes.
fn taken_by<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    o: &Object<'_, A::Elf>,
) -> Vec<SectionId> {
    let mut out = Vec::new();
    if has_addrsig(o) {
        let mut rest = o.section_data(o.addrsig);
        while let Some((sym, behind)) = uleb(rest) {
            rest = behind;
            if (sym as usize) < o.symbols.len() {
                out.push(referent(p, o, sym).target.section);
            }
        }
    } else {
        for (i, s) in (0u32..).zip(&o.sections) {
            let name = o.section_name(i);
            if s.relocs == 0
                || !s.is_alloc()
                || s.kind != Kind::Regular
                || !live.is_live(o.section_id(i))
                || is_vtable(name)
                || is_exception_table(name)
            {
                continue;
            }
            let code = o.section_data(i);
            for r in o.relocs(i).iter() {
                if (r.sym as usize) < o.symbols.len() && !A::only_calls(&r, code) {
                    out.push(referent(p, o, r.sym).target.section);
                }
            }
        }
    }
    out.retain(|s| *s != SectionId::NONE);
    out.sort_unstable();
    out.dedup();
    out
}

/// With one section a variable, vtables have theirs (Itanium C++ ABI, mangled `_ZTV`).
fn is_vtable(name: &[u8]) -> bool {
    [
        &b".data.rel.ro._ZTV"[..],
        b".data.rel.ro.local._ZTV",
        b".rodata._ZTV",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

pub(super) fn uleb(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (mut value, mut shift) = (0u64, 0);
    for (i, b) in bytes.iter().enumerate().take(10) {
        value |= u64::from(b & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if b & 0x80 == 0 {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            return Some((value, bytes.get(i + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_symbols_are_read() {
        assert_eq!(uleb(&[0x85, 0x01, 7]), Some((133, &[7][..])));
        assert_eq!(uleb(&[0x80]), None);
        assert_eq!(uleb(&[]), None);
    }
}
