//! `--why-live=GLOB`: the chain of references that keeps a symbol from `--gc-sections`.
//!
//! The walk itself (`live/mark.rs`) is parallel and remembers nothing but what it has seen; this one goes over the same
//! edges once more, serially and breadth first, so that the chain is a shortest one.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::object::{Kind, Place};
use crate::live::Liveness;
use crate::live::companions::Companions;
use crate::live::mark::{is_kept, retain_flag};
use crate::live::scan::referent;
use crate::options::Options;
use crate::par::Par;
use crate::script::{Glob, GlobSet};
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, Seen, State, SymbolId};
use wcc_targets::LoadRules;

/// What keeps a section.
#[derive(Clone, Copy)]
enum Why {
    /// An option or the entry names the symbol, or others may use it.
    Root(SymbolId, &'static str),
    /// The linker keeps sections of this kind.
    Rule,
    Reference(SectionId),
    /// It stays with another one: a group, SHF_LINK_ORDER.
    Company(SectionId),
    /// The exception table of a function there.
    Unwind(SectionId),
}

struct Walk<'a, 'd, A: Arch> {
    p: &'a Program<'d, A::Elf>,
    why: Vec<Option<Why>>,
    queue: VecDeque<SectionId>,
}

impl<A: Arch> Walk<'_, '_, A> {
    fn reach(&mut self, s: SectionId, why: Why) {
        if let Some(slot) = self.why.get_mut(s.index())
            && slot.is_none()
        {
            *slot = Some(why);
            self.queue.push_back(s);
        }
    }

    fn roots(&mut self, opts: &Options, rules: &LoadRules) {
        let p = self.p;
        for (i, info) in (0u32..).zip(&p.symbols.info) {
            let id = SymbolId(i);
            let named = |name: &Vec<u8>| p.symbols.interner.get(name) == Some(id);
            let text = if opts.entry.as_ref().is_some_and(named) {
                "the entry"
            } else if info.seen.contains(Seen::ROOT) {
                "named by the command line, or the entry"
            } else if p.symbols.exported.get(id.index()) == Some(&true) {
                "exported"
            } else if info.seen.contains(Seen::REF_SHARED) && info.state >= State::DefWeak {
                "used by a shared object"
            } else if named(&opts.init) || named(&opts.fini) {
                "called at start or exit"
            } else {
                continue;
            };
            self.reach(p.symbols.target(id).section, Why::Root(id, text));
        }
        for o in &p.objects {
            for (i, s) in (0u32..).zip(&o.sections) {
                let part = matches!(s.kind, Kind::Regular | Kind::Merge) && s.is_alloc();
                if part
                    && is_kept(
                        o.section_name(i),
                        s,
                        retain_flag(o.osabi, rules.retain_flag),
                    )
                {
                    self.reach(o.section_id(i), Why::Rule);
                }
            }
        }
    }

    fn walk(&mut self, live: &Liveness, par: Par) {
        let p = self.p;
        let company = Companions::of(p, par);
        let mut unwind: HashMap<SectionId, Vec<SectionId>> = HashMap::new();
        for (o, list) in p.objects.iter().zip(&live.eh_frames) {
            for (shndx, frame) in list {
                let relocs = o.relocs(*shndx);
                for fde in frame.fdes.iter().filter(|f| f.relocs.len() > 1) {
                    let target = |n: u32| referent(p, o, frame.reloc(relocs, n).sym).target.section;
                    let function = target(fde.relocs.start);
                    let tables = fde.relocs.clone().skip(1).map(target);
                    unwind.entry(function).or_default().extend(tables);
                }
            }
        }
        while let Some(s) = self.queue.pop_front() {
            for with in company.of_section(s) {
                self.reach(with, Why::Company(s));
            }
            for table in unwind.get(&s).into_iter().flatten() {
                self.reach(*table, Why::Unwind(s));
            }
            let (n, shndx) = p.owner(s);
            let Some(o) = p.objects.get(n) else { continue };
            for r in o.relocs(shndx).iter() {
                if (r.sym as usize) < o.symbols.len() {
                    self.reach(referent(p, o, r.sym).target.section, Why::Reference(s));
                }
            }
        }
    }
}

/// `FILE:(SECTION)`.
fn section<E: Elf>(p: &Program<'_, E>, s: SectionId) -> String {
    let (n, shndx) = p.owner(s);
    match p.objects.get(n) {
        Some(o) => format!(
            "{}:({})",
            o.name,
            String::from_utf8_lossy(o.section_name(shndx))
        ),
        None => String::new(),
    }
}

/// The chains of all symbols that match.
pub fn text<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    opts: &Options,
    rules: &LoadRules,
    par: Par,
) -> String {
    let globs = GlobSet::new(opts.why_live.iter().map(|g| (Glob::new(g), 0)));
    let mut w = Walk::<A> {
        p,
        why: vec![None; p.symbols.sections],
        queue: VecDeque::new(),
    };
    if opts.gc_sections {
        w.roots(opts, rules);
        w.walk(live, par);
    }
    let mut out = String::new();
    for o in &p.objects {
        for i in 1..o.symbols.len() as u32 {
            let symbol = o.symbol(i);
            let Place::Section(n) = o.place(i, &symbol) else {
                continue;
            };
            let name = o.symbol_name(&symbol);
            let id = o.section_id(n);
            let linked = i < o.first_global || p.symbols.target(o.symbol_id(i)).section == id;
            if name.is_empty() || !linked || !live.is_live(id) || !globs.matches(name) {
                continue;
            }
            let _ = writeln!(out, "live symbol: {}", opts.shown(name));
            chain(&w, id, opts, &mut out);
        }
    }
    out
}

fn chain<A: Arch>(w: &Walk<'_, '_, A>, from: SectionId, opts: &Options, out: &mut String) {
    let _ = writeln!(out, ">>> defined in {}", section(w.p, from));
    if !opts.gc_sections {
        out.push_str(">>> everything is kept without --gc-sections\n");
        return;
    }
    let mut at = from;
    // A chain visits a section once.
    for _ in 0..w.why.len() {
        let Some(Some(why)) = w.why.get(at.index()) else {
            out.push_str(">>> kept by a rule of the linker\n");
            return;
        };
        let (text, next) = match *why {
            Why::Root(id, why) => {
                let name = opts.shown(w.p.symbols.name(id));
                (format!("kept because {name} is {why}"), None)
            }
            Why::Rule => ("kept because of its name, type or flags".into(), None),
            Why::Reference(s) => (format!("referenced by {}", section(w.p, s)), Some(s)),
            Why::Company(s) => (format!("kept together with {}", section(w.p, s)), Some(s)),
            Why::Unwind(s) => (format!("exception table of {}", section(w.p, s)), Some(s)),
        };
        let _ = writeln!(out, ">>> {text}");
        match next {
            Some(s) => at = s,
            None => return,
        }
    }
}
