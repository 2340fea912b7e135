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
mod classes;
mod describe;

use std::collections::HashMap;
use std::io::Write as _;

use object::elf;

use self::address::{has_addrsig, pinned, significant};
use self::describe::{One, fdes_by_section};
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
    let leader = classes::leaders(&described, par);

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
