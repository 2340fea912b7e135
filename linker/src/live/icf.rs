//! Identical code folding: sections with the same bytes that refer to the same things become one (`--icf`).
//!
//! Tallam et al., "Safe ICF: Pointer Safe and Unwinding Aware Identical Code Folding in Gold" (GCC Summit 2010). All
//! candidates that look alike are taken for equal first; then each round tells apart those whose references lead to
//! unequal candidates, until nothing changes: so functions that call each other, or themselves, fold too.
//!
//! `--icf=safe` leaves alone what may be told apart by its address. Clang says so itself (`.llvm_addrsig`, address-significant
//! symbols); for other objects every reference that is not a call takes an address, but for those of vtables, which no
//! program compares. What other modules can name is left alone too. `--icf=all` folds any code.
//!
//! Unwinding: frames (`.eh_frame`) and exception tables are part of what is compared, and the frames of folded functions
//! are dropped. Strings and constants that will be merged are compared by what they hold.

use std::collections::HashMap;
use std::io::Write as _;

use object::elf;

use super::Liveness;
use super::mark::{is_kept, keep_frames};
use super::scan::{Referent, referent};
use crate::arch::{Arch, SymFlags};
use crate::elf::{Elf, Reloc, Relocs};
use crate::input::object::{Kind, Object, Place, SHF_GNU_RETAIN, Section};
use crate::layout::names;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::reserved::is_c_identifier;
use crate::symbols::{SectionId, State};
use crate::synth::eh_frame::{EhFrame, Fde};

/// Not a candidate.
const NONE: u32 = u32::MAX;

/// Folds; `live` comes back without the sections that others stand for.
pub fn fold<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &mut Liveness,
    opts: &Options,
    report: &Report,
    par: Par,
) {
    let candidates = candidates::<A>(p, live, opts, report, par);
    if candidates.len() < 2 {
        return;
    }
    let mut number = vec![NONE; p.symbols.sections];
    for (i, s) in (0u32..).zip(&candidates) {
        if let Some(n) = number.get_mut(s.index()) {
            *n = i;
        }
    }
    let fdes: Vec<HashMap<u32, Vec<(u32, u32)>>> =
        par.map_range(p.objects.len(), |n| fdes_by_section(p, live, n));
    let one = One::<A> {
        p,
        live,
        number: &number,
        fdes: &fdes,
        keep_text_prefix: opts.z.keep_text_section_prefix,
    };
    let described: Vec<([u8; 16], Vec<u32>)> = par.map(&candidates, |s| one.describe(*s));
    let leader = classes(&described, par);

    let mut folded: Vec<(SectionId, SectionId)> = Vec::new();
    for (s, l) in candidates.iter().zip(&leader) {
        let Some(to) = candidates.get(*l as usize).filter(|to| *to != s) else {
            continue;
        };
        folded.push((*s, *to));
    }
    if folded.is_empty() {
        return;
    }
    for (s, _) in &folded {
        if let Some(l) = live.live.get_mut(s.index()) {
            *l = false;
        }
    }
    live.folded = folded.iter().map(|(s, to)| (s.0, *to)).collect();
    let gone = &live.folded;
    live.dynamic.retain(|d| !gone.contains_key(&d.section));
    keep_frames(p, &live.live, &mut live.eh_frames, par);
    if opts.print_icf_sections {
        print(p, &folded);
    }
}

fn place<E: Elf>(p: &Program<'_, E>, s: SectionId) -> String {
    let (n, shndx) = p.owner(s);
    p.objects.get(n).map_or(String::new(), |o| {
        let section = String::from_utf8_lossy(o.section_name(shndx));
        format!("{}:({section})", o.name)
    })
}

/// `--print-icf-sections`, in lld's words.
fn print<E: Elf>(p: &Program<'_, E>, folded: &[(SectionId, SectionId)]) {
    let mut list: Vec<_> = folded.iter().map(|(s, to)| (*to, *s)).collect();
    list.sort_unstable();
    let mut text = String::new();
    let mut last = SectionId::NONE;
    for (to, s) in list {
        if to != last {
            text.push_str(&format!("selected section {}\n", place(p, to)));
        }
        last = to;
        text.push_str(&format!("  removing identical section {}\n", place(p, s)));
    }
    // A closed standard output is no reason to fail the link.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

// ---- which sections may be folded

fn is_exception_table(name: &[u8]) -> bool {
    name.starts_with(b".gcc_except_table")
}

fn candidates<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    report: &Report,
    par: Par,
) -> Vec<SectionId> {
    let significant = significant::<A>(p, live, par);
    let pinned = pinned(p, opts, report);
    let all = opts.icf > 1;
    let lists = par.map(&p.objects, |o| {
        let mut list = Vec::new();
        // What is described by a loaded section of its own keeps it.
        let mut described: Vec<u32> = o
            .sections
            .iter()
            .filter(|s| s.flags & elf::SHF_LINK_ORDER != 0 && s.is_alloc())
            .map(|s| s.link)
            .collect();
        described.sort_unstable();
        for (i, s) in (0u32..).zip(&o.sections) {
            let id = o.section_id(i);
            if !live.is_live(id)
                || !may_fold(o.section_name(i), s)
                || described.binary_search(&i).is_ok()
                || pinned.binary_search(&id).is_ok()
            {
                continue;
            }
            let matters = significant.get(id.index()).copied().unwrap_or(true);
            let allowed = if s.flags & elf::SHF_EXECINSTR != 0 {
                all || !matters
            } else if is_exception_table(o.section_name(i)) {
                true
            } else {
                opts.icf_data || (has_addrsig(o) && !matters)
            };
            if allowed {
                list.push(id);
            }
        }
        list
    });
    lists.concat()
}

fn may_fold(name: &[u8], s: &Section) -> bool {
    let unfit = elf::SHF_WRITE | elf::SHF_TLS | elf::SHF_LINK_ORDER;
    s.kind == Kind::Regular
        && s.is_alloc()
        && s.flags & unfit == 0
        && matches!(s.ty, elf::SHT_PROGBITS)
        && s.size > 0
        && !is_c_identifier(name)
        && !is_kept(name, s, SHF_GNU_RETAIN)
}

/// The table holds numbers of symbols; tools that renumber symbols without knowing it clear its link.
fn has_addrsig<E: Elf>(o: &Object<'_, E>) -> bool {
    o.addrsig != 0
        && o.sections
            .get(o.addrsig as usize)
            .is_some_and(|s| s.link != 0)
}

/// `--keep-unique`: sections of these symbols, sorted.
fn pinned<E: Elf>(p: &Program<'_, E>, opts: &Options, report: &Report) -> Vec<SectionId> {
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
fn significant<A: Arch>(p: &Program<'_, A::Elf>, live: &Liveness, par: Par) -> Vec<bool> {
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

fn uleb(bytes: &[u8]) -> Option<(u32, &[u8])> {
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

/// FDEs of an object by the section of their function: number of the frame section, number in it.
fn fdes_by_section<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    n: usize,
) -> HashMap<u32, Vec<(u32, u32)>> {
    let mut map: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
    let (Some(o), Some(list)) = (p.objects.get(n), live.eh_frames.get(n)) else {
        return map;
    };
    for (k, (shndx, frame)) in (0u32..).zip(list) {
        let relocs = o.relocs(*shndx);
        for (i, f) in (0u32..).zip(&frame.fdes) {
            let s = super::mark::function_section(p, o, frame, relocs, f.relocs.start);
            map.entry(s.0).or_default().push((k, i));
        }
    }
    map
}

// ---- what a candidate is

struct One<'a, 'd, A: Arch> {
    p: &'a Program<'d, A::Elf>,
    live: &'a Liveness,
    /// By section number: number of the candidate.
    number: &'a [u32],
    fdes: &'a [HashMap<u32, Vec<(u32, u32)>>],
    keep_text_prefix: bool,
}

/// Where a symbol is defined.
struct Definition<'o, 'd, E: Elf> {
    object: &'o Object<'d, E>,
    shndx: u32,
    value: u64,
    size: u64,
    is_section: bool,
}

/// What is collected of a candidate: everything but its references to candidates, and those.
#[derive(Default)]
struct Sum {
    hash: blake3::Hasher,
    edges: Vec<u32>,
}

impl Sum {
    fn number(&mut self, n: u64) {
        self.hash.update(&n.to_le_bytes());
    }
    fn bytes(&mut self, b: &[u8]) {
        self.number(b.len() as u64);
        self.hash.update(b);
    }
}

fn short(hash: &blake3::Hasher) -> [u8; 16] {
    hash.finalize()
        .as_bytes()
        .first_chunk()
        .copied()
        .unwrap_or_default()
}

impl<'d, A: Arch> One<'_, 'd, A> {
    /// A digest of the contents, and the candidates it refers to, in order.
    fn describe(&self, s: SectionId) -> ([u8; 16], Vec<u32>) {
        let mut sum = Sum::default();
        let (n, shndx) = self.p.owner(s);
        if let Some(o) = self.p.objects.get(n)
            && let Some(section) = o.sections.get(shndx as usize)
        {
            let name = o.section_name(shndx);
            sum.number(u64::from(section.flags & !elf::SHF_GROUP));
            sum.number(u64::from(section.align_log2));
            sum.bytes(names::output_name(name, self.keep_text_prefix));
            let data = o.section_data(shndx);
            sum.bytes(data);
            let relocs = o.relocs(shndx);
            sum.number(relocs.len() as u64);
            for r in relocs.iter() {
                self.reference(o, &r, r.offset, data, &mut sum);
            }
            self.frames(n, o, s, &mut sum);
        }
        (short(&sum.hash), sum.edges)
    }

    /// How the functions in a section are unwound.
    fn frames(&self, n: usize, o: &Object<'d, A::Elf>, s: SectionId, sum: &mut Sum) {
        let fdes = self.fdes.get(n).and_then(|map| map.get(&s.0));
        let list = self.live.eh_frames.get(n);
        for (k, i) in fdes.into_iter().flatten() {
            let Some((shndx, frame)) = list.and_then(|l| l.get(*k as usize)) else {
                continue;
            };
            let Some(fde) = frame.fdes.get(*i as usize) else {
                continue;
            };
            self.frame(o, *shndx, frame, fde, sum);
        }
    }

    fn frame(&self, o: &Object<'d, A::Elf>, shndx: u32, frame: &EhFrame, fde: &Fde, sum: &mut Sum) {
        let data = o.section_data(shndx);
        let relocs: Relocs<'_, A::Elf> = o.relocs(shndx);
        let mut record = |offset: u32, size: u32, skip: u32, range: std::ops::Range<u32>| {
            let start = offset.saturating_add(skip) as usize;
            let bytes = data.get(start..offset.saturating_add(size) as usize);
            sum.bytes(bytes.unwrap_or_default());
            sum.number(range.len() as u64);
            for i in range {
                let r = frame.reloc(relocs, i);
                let at = r.offset.wrapping_sub(u64::from(offset));
                self.reference(o, &r, at, data, sum);
            }
        };
        // Length and distance to the CIE say nothing.
        record(fde.offset, fde.size, 8, fde.relocs.clone());
        if let Some(cie) = frame.cies.get(fde.cie as usize) {
            record(cie.offset, cie.size, 0, cie.relocs.clone());
        }
    }

    /// One relocation; `at` is its place, in whatever is compared.
    fn reference(&self, o: &Object<'d, A::Elf>, r: &Reloc, at: u64, data: &[u8], sum: &mut Sum) {
        sum.number(at);
        sum.number(u64::from(r.ty));
        if r.sym as usize >= o.symbols.len() {
            sum.number(u64::from(r.sym));
            return;
        }
        let who = referent(self.p, o, r.sym);
        let addend = if A::IS_RELA {
            r.addend
        } else {
            A::implicit_addend(r.ty, r.offset, data)
        };
        let run_time =
            SymFlags::IMPORTED | SymFlags::IFUNC | SymFlags::UNDEFINED | SymFlags::UNDEF_WEAK;
        if who.discarded || who.target.flags.intersects(run_time) {
            // Itself and nothing else.
            sum.number(1);
            sum.number(u64::from(who.id.0));
            sum.number(addend as u64);
            return;
        }
        match self.definition(o, r.sym, &who) {
            Some(d) => {
                sum.number(d.size);
                self.target(d.object, d.shndx, d.value, addend, d.is_section, sum);
            }
            None if r.sym < o.first_global
                && o.place(r.sym, &o.symbol(r.sym)) == Place::Absolute =>
            {
                sum.number(2);
                sum.number(o.symbol(r.sym).value);
                sum.number(addend as u64);
            }
            None => {
                sum.number(1);
                sum.number(u64::from(who.id.0));
                sum.number(addend as u64);
            }
        }
    }

    /// The definition of a symbol.
    fn definition(
        &self,
        o: &Object<'d, A::Elf>,
        sym: u32,
        who: &Referent,
    ) -> Option<Definition<'_, 'd, A::Elf>> {
        let (n, index) = if sym < o.first_global {
            (self.p.owner(who.target.section).0, sym)
        } else {
            let info = self.p.symbols.info(who.id);
            let defined = matches!(info.state, State::Def | State::DefWeak);
            (info.file.as_object().filter(|_| defined)?, info.sym)
        };
        let d = self.p.objects.get(n)?;
        let s = d.symbol(index);
        match d.place(index, &s) {
            Place::Section(shndx) => Some(Definition {
                object: d,
                shndx,
                value: s.value,
                size: s.size,
                is_section: s.sym_type() == elf::STT_SECTION,
            }),
            _ => None,
        }
    }

    fn target(
        &self,
        d: &Object<'d, A::Elf>,
        shndx: u32,
        value: u64,
        addend: i64,
        is_section: bool,
        sum: &mut Sum,
    ) {
        let id = d.section_id(shndx);
        let kind = d.sections.get(shndx as usize).map(|s| s.kind);
        if kind == Some(Kind::Merge) {
            // The addend of a section symbol chooses the piece.
            let (at, addend) = if is_section {
                (value.wrapping_add(addend as u64), 0)
            } else {
                (value, addend)
            };
            if let Some(piece) = piece(d, shndx, at) {
                sum.number(3);
                sum.bytes(names::output_name(
                    d.section_name(shndx),
                    self.keep_text_prefix,
                ));
                sum.bytes(piece);
                let s = d.sections.get(shndx as usize);
                sum.number(s.map_or(0, |s| {
                    let within = match s.flags & elf::SHF_STRINGS {
                        0 => at % u64::from(s.entsize.max(1)),
                        _ => 0,
                    };
                    within << 40 | u64::from(s.align_log2) << 32 | u64::from(s.entsize)
                }));
                sum.number(addend as u64);
                return;
            }
        }
        match self.number.get(id.index()) {
            Some(n) if *n != NONE => {
                sum.number(4);
                sum.edges.push(*n);
            }
            _ => {
                sum.number(5);
                sum.number(u64::from(id.0));
            }
        }
        sum.number(value);
        sum.number(addend as u64);
    }
}

/// The string from `at` on, or the constant around it.
fn piece<'d, E: Elf>(d: &Object<'d, E>, shndx: u32, at: u64) -> Option<&'d [u8]> {
    let s = d.sections.get(shndx as usize)?;
    let data = d.section_data(shndx);
    let entry = s.entsize.max(1) as usize;
    let at = usize::try_from(at).ok()?;
    if s.flags & elf::SHF_STRINGS == 0 {
        let start = at / entry * entry;
        return data.get(start..start + entry);
    }
    let rest = data.get(at..)?;
    let end = if entry == 1 {
        memchr::memchr(0, rest)?
    } else {
        rest.chunks_exact(entry)
            .position(|unit| unit.iter().all(|b| *b == 0))?
            * entry
    };
    rest.get(..end)
}

// ---- which candidates are equal

/// By candidate: the first one that it is equal to.
fn classes(described: &[([u8; 16], Vec<u32>)], par: Par) -> Vec<u32> {
    let mut leader: Vec<u32> = (0..described.len() as u32).collect();
    // Candidates that are still in a class with others.
    let mut active: Vec<u32> = leader.clone();
    let digests: Vec<[u8; 16]> = described.iter().map(|d| d.0).collect();
    let mut count = split(&mut active, digests, &mut leader);
    loop {
        let before = (count, active.len());
        let keys = par.map(&active, |i| {
            let mut hash = blake3::Hasher::new();
            let class = |i: u32| leader.get(i as usize).copied().unwrap_or(i);
            hash.update(&class(*i).to_le_bytes());
            let edges = described.get(*i as usize).map_or(&[][..], |d| &d.1);
            for e in edges {
                hash.update(&class(*e).to_le_bytes());
            }
            short(&hash)
        });
        count = split(&mut active, keys, &mut leader);
        if (count, active.len()) == before {
            return leader;
        }
    }
}

/// Sorts `active` into classes by key (one for each, in order) and notes everyone's leader; those that are alone leave
/// `active`. Gives the number of classes that are left.
fn split(active: &mut Vec<u32>, keys: Vec<[u8; 16]>, leader: &mut [u32]) -> usize {
    let mut list: Vec<([u8; 16], u32)> = keys.into_iter().zip(active.iter().copied()).collect();
    list.sort_unstable();
    active.clear();
    let mut count = 0;
    for class in list.chunk_by(|a, b| a.0 == b.0) {
        let Some((_, first)) = class.first() else {
            continue;
        };
        for (_, i) in class {
            if let Some(l) = leader.get_mut(*i as usize) {
                *l = *first;
            }
        }
        if class.len() > 1 {
            count += 1;
            active.extend(class.iter().map(|(_, i)| *i));
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(n: u8) -> [u8; 16] {
        [n; 16]
    }

    #[test]
    fn references_tell_candidates_apart_and_cycles_do_not() {
        // 0 and 1 refer to 2 and 3, which differ; 4 and 5 to themselves; 6 and 7 to each other.
        let described = [
            (digest(1), vec![2]),
            (digest(1), vec![3]),
            (digest(2), vec![]),
            (digest(3), vec![]),
            (digest(4), vec![4]),
            (digest(4), vec![5]),
            (digest(5), vec![7]),
            (digest(5), vec![6]),
        ];
        for par in [Par::SERIAL, Par { threads: 2 }] {
            assert_eq!(classes(&described, par), [0, 1, 2, 3, 4, 4, 6, 6]);
        }
    }

    #[test]
    fn a_difference_far_away_is_found() {
        // Two chains of ten, alike but for their ends.
        let mut described = Vec::new();
        for chain in 0..2u32 {
            for i in 0..10u32 {
                let last = i == 9;
                let edges = if last {
                    vec![]
                } else {
                    vec![chain * 10 + i + 1]
                };
                described.push((digest(if last { 9 + chain as u8 } else { 1 }), edges));
            }
        }
        let leaders = classes(&described, Par::SERIAL);
        assert_eq!(leaders, (0..20).collect::<Vec<u32>>());
    }

    #[test]
    fn numbers_of_symbols_are_read() {
        assert_eq!(uleb(&[0x85, 0x01, 7]), Some((133, &[7][..])));
        assert_eq!(uleb(&[0x80]), None);
        assert_eq!(uleb(&[]), None);
    }
}
