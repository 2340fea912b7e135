//! `--gc-sections -r`: sections that neither `-e` nor `-u` nor a rule of the default script keeps are left out.
//!
//! The rules are those of a final link (`live/mark.rs`), with two differences: an undefined symbol may be defined by the next
//! link, so nothing is kept by being exported; and `.eh_frame` stays whole, its records of functions that go losing their
//! relocations, by which the next link knows them.

use std::collections::HashMap;

use super::Job;
use crate::arch::Arch;
use crate::elf::Relocs;
use crate::input::object::{Kind, Object, Place};
use crate::live::companions::Companions;
use crate::live::mark::{is_kept, retain_flag};
use crate::symbols::reserved::is_c_identifier;
use crate::symbols::{SectionId, Seen, State, SymbolId};
use crate::synth::eh_frame::EhFrame;

/// A function described by an FDE, and what the FDE refers to besides.
struct Frame {
    function: SectionId,
    others: Vec<(SectionId, Option<SymbolId>)>,
}

struct Walk<'a, 'd, A: Arch> {
    job: Job<'a, 'd, A>,
    live: Vec<bool>,
    stack: Vec<SectionId>,
    companions: Companions,
    /// Sections that a reference to `__start_NAME` or `__stop_NAME` keeps.
    enclosed: HashMap<SymbolId, Vec<SectionId>>,
}

/// By section number, whether it is kept; None without `--gc-sections`.
pub(super) fn live<A: Arch>(job: Job<'_, '_, A>) -> Option<Vec<bool>> {
    if !job.opts.gc_sections {
        return None;
    }
    let symbols = &job.p.symbols;
    let rooted = symbols
        .info
        .iter()
        .any(|i| i.seen.contains(Seen::ROOT) && i.state >= State::DefWeak);
    if !rooted {
        job.report
            .error("--gc-sections requires a defined symbol root specified by -e or -u");
        return None;
    }
    let mut w = Walk {
        job,
        live: vec![false; symbols.sections],
        stack: Vec::new(),
        companions: Companions::of(job.p, job.par),
        enclosed: enclosed(job),
    };
    w.roots();
    let mut frames = w.frames();
    loop {
        w.drain();
        let before = frames.len();
        let mut waiting = Vec::with_capacity(before);
        for f in frames {
            if w.is_live(f.function) {
                for (section, id) in f.others {
                    w.reach(section, id);
                }
            } else {
                waiting.push(f);
            }
        }
        frames = waiting;
        if frames.len() == before {
            return Some(w.live);
        }
    }
}

fn enclosed<A: Arch>(job: Job<'_, '_, A>) -> HashMap<SymbolId, Vec<SectionId>> {
    let mut map: HashMap<SymbolId, Vec<SectionId>> = HashMap::new();
    for o in &job.p.objects {
        for (i, s) in (0u32..).zip(&o.sections) {
            let name = o.section_name(i);
            if !s.is_alloc() || s.kind != Kind::Regular || !is_c_identifier(name) {
                continue;
            }
            for prefix in [&b"__start_"[..], b"__stop_"] {
                if let Some(id) = job.p.symbols.interner.get(&[prefix, name].concat()) {
                    map.entry(id).or_default().push(o.section_id(i));
                }
            }
        }
    }
    map
}

impl<'d, A: Arch> Walk<'_, 'd, A> {
    fn is_live(&self, s: SectionId) -> bool {
        self.live.get(s.index()).copied().unwrap_or(false)
    }

    fn mark(&mut self, s: SectionId) {
        if let Some(l) = self.live.get_mut(s.index())
            && !*l
        {
            *l = true;
            self.stack.push(s);
        }
    }

    fn reach(&mut self, section: SectionId, id: Option<SymbolId>) {
        if section != SectionId::NONE {
            self.mark(section);
        } else if let Some(id) = id
            && let Some(list) = self.enclosed.get(&id)
        {
            for s in list.clone() {
                self.mark(s);
            }
        }
    }

    fn roots(&mut self) {
        let p = self.job.p;
        for (id, info) in (0u32..).map(SymbolId).zip(&p.symbols.info) {
            if info.seen.contains(Seen::ROOT) {
                self.reach(p.symbols.target(id).section, Some(id));
            }
        }
        for o in &p.objects {
            for (i, s) in (0u32..).zip(&o.sections) {
                if s.kind != Kind::Regular {
                    continue;
                }
                let name = o.section_name(i);
                if !s.is_alloc() || name == b".eh_frame" {
                    // Stays, and keeps nothing by itself.
                    if let Some(l) = self.live.get_mut(o.section_id(i).index()) {
                        *l = true;
                    }
                } else if is_kept(name, s, retain_flag(o.osabi, self.job.rules.retain_flag)) {
                    self.mark(o.section_id(i));
                }
            }
        }
    }

    /// Where a symbol of an object leads.
    fn referent(&self, o: &Object<'d, A::Elf>, sym: u32) -> (SectionId, Option<SymbolId>) {
        if sym >= o.first_global {
            let id = o.symbol_id(sym);
            return (self.job.p.symbols.target(id).section, Some(id));
        }
        match o.place(sym, &o.symbol(sym)) {
            Place::Section(n) => (o.section_id(n), None),
            _ => (SectionId::NONE, None),
        }
    }

    /// The FDEs of all objects. What CIEs refer to (personality routines) is kept at once.
    fn frames(&mut self) -> Vec<Frame> {
        let p = self.job.p;
        let mut out = Vec::new();
        for o in &p.objects {
            for (i, s) in (0u32..).zip(&o.sections) {
                if s.kind != Kind::Regular || o.section_name(i) != b".eh_frame" {
                    continue;
                }
                let relocs: Relocs<'_, A::Elf> = o.relocs(i);
                let frame = match EhFrame::split::<A::Elf>(o.section_data(i), relocs) {
                    Ok(frame) => frame,
                    Err(e) => {
                        self.job
                            .report
                            .error(format!("{}: section {i}: {e}", o.name));
                        continue;
                    }
                };
                for cie in &frame.cies {
                    for r in cie.relocs.clone() {
                        let (section, id) = self.referent(o, frame.reloc(relocs, r).sym);
                        self.reach(section, id);
                    }
                }
                for fde in &frame.fdes {
                    let mut list = fde
                        .relocs
                        .clone()
                        .map(|r| self.referent(o, frame.reloc(relocs, r).sym));
                    if let Some((function, _)) = list.next() {
                        let others: Vec<_> = list.collect();
                        if !others.is_empty() {
                            out.push(Frame { function, others });
                        }
                    }
                }
            }
        }
        out
    }

    fn drain(&mut self) {
        let p = self.job.p;
        while let Some(s) = self.stack.pop() {
            let with: Vec<SectionId> = self.companions.of_section(s).collect();
            for s in with {
                self.mark(s);
            }
            let (n, shndx) = p.owner(s);
            let Some(o) = p.objects.get(n) else { continue };
            if !o
                .sections
                .get(shndx as usize)
                .is_some_and(|s| s.kind == Kind::Regular)
            {
                continue;
            }
            for r in o.relocs(shndx).iter() {
                let (section, id) = self.referent(o, r.sym);
                self.reach(section, id);
            }
        }
    }
}
