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

mod address;
mod describe;

use std::collections::HashMap;
use std::io::Write as _;

use object::elf;

use self::address::{has_addrsig, pinned, significant};
use self::describe::{One, fdes_by_section, short};
use super::Liveness;
use super::frames::keep_frames;
use super::mark::is_kept;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Kind, SHF_GNU_RETAIN, Section};
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;
use crate::symbols::reserved::is_c_identifier;

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

// ---- what a candidate is

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
}
