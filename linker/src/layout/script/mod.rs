//! Layouts that a linker script describes.
//!
//! Reading order: `plan.rs` (the commands of all scripts in one list), `classes.rs` and `rule.rs` (input section descriptions), made
//! when scripts are read; `select.rs` (which rule takes each input section), before the walk over live sections;
//! `assemble.rs`, `made.rs` and `orphans.rs` (output sections with what is in them); `regions.rs`, `scope.rs`, `engine.rs`
//! (addresses), `order.rs` (orders that options ask for), `spill.rs` (what goes elsewhere because a region is full); `segments.rs` (program headers, file offsets);
//! `checks.rs` (what may not be), `usage.rs` (`--print-memory-usage`). The outcome is the same
//! [`super::Layout`] that the default rules make, so the writer knows nothing of scripts.

pub mod assemble;
mod checks;
mod classes;
mod engine;
mod fill;
pub mod made;
mod order;
mod orphans;
pub mod plan;
mod regions;
mod rule;
mod scope;
mod segments;
pub mod select;
mod spill;
mod usage;

use std::sync::Arc;

pub use self::checks::{cross_references, overlaps};
pub use self::engine::{Engine, MemoryUse};
use self::engine::{Pages, output};
use self::plan::Plan;
use self::select::Selection;
pub use self::usage::memory_usage;
use super::Layout;
use super::merging::Merges;
use super::output::{OutputSection, Synth};
use super::segments::SegmentPlan;
use crate::arch::Arch;
use crate::elf::Elf;
use crate::options::Options;
use crate::report::Report;
use crate::script::Kind;
use crate::symbols::SectionId;
use crate::symbols::bind::Program;
use crate::symbols::reserved::Reserved;

/// Rounds until the number of program headers, which `SIZEOF_HEADERS` depends on, has to hold still.
const MAX_ROUNDS: u32 = 12;

/// The linker's own layout as a script. RELRO ends before `.got.plt` unless everything is bound at start-up.
pub fn builtin(now: bool, base: u64) -> Vec<u8> {
    let end = ". = DATA_SEGMENT_RELRO_END(0, .);";
    let (lazy, eager) = if now { ("", end) } else { (end, "") };
    include_str!("builtin.ld")
        .replace("@BASE@", &format!("{base:#x}"))
        .replace("@RELRO_END_LAZY@", lazy)
        .replace("@RELRO_END_NOW@", eager)
        .into_bytes()
}

/// What the stages before the layout found out about the scripts.
#[derive(Clone, Copy)]
pub struct Scripted<'a, 'd> {
    pub plan: &'a Plan<'d>,
    pub selection: &'a Selection,
}

/// The scripted layout while it settles.
pub struct Placer<'a, 'd, E: Elf> {
    pub engine: Engine<'a, 'd, E>,
    /// By output section of the engine: index in [`Layout::outputs`], u32::MAX for what is left out.
    number: Vec<u32>,
}

impl<'a, 'd, E: Elf> Placer<'a, 'd, E> {
    /// Decides which output sections there are.
    pub fn new<A: Arch<Elf = E>>(
        p: &'a Program<'d, E>,
        plan: &'a Plan<'d>,
        opts: &'a Options,
        report: &'a Report,
        merges: Arc<Merges<'d>>,
        assembled: assemble::Assembled<'d>,
    ) -> (Self, Vec<OutputSection<'d>>) {
        let page = opts
            .z
            .max_page_size
            .unwrap_or(A::MAX_PAGE_SIZE)
            .max(1)
            .next_power_of_two();
        let pages = Pages {
            page,
            common_page: opts
                .z
                .common_page_size
                .unwrap_or(A::COMMON_PAGE_SIZE)
                .max(1)
                .next_power_of_two()
                .min(page),
            image_base: opts.image_base.unwrap_or(if opts.kind.is_pic() {
                0
            } else {
                A::IMAGE_BASE
            }),
        };
        let mut tail = assembled.tail.clone();
        for s in &mut tail {
            super::output::place_pieces(s, |_| 0);
        }
        let mut engine = Engine::new(p, plan, opts, report, merges, assembled, pages);
        let count = plan.phdrs.as_ref().map_or(8, Vec::len);
        engine.headers = (E::EHDR_SIZE + count * E::PHDR_SIZE) as u64;
        let mut named = vec![false; engine.outs.len()];
        for t in &p.symbols.targets {
            if t.section != SectionId::NONE
                && let Some((n, _)) = engine.place_of(t.section)
                && let Some(slot) = named.get_mut(n)
            {
                *slot = true;
            }
        }
        engine.mark(|n| named.get(n) == Some(&true));
        let mut number = vec![u32::MAX; engine.outs.len()];
        let mut outputs = Vec::new();
        for n in engine.items.iter().filter_map(output) {
            let (Some(out), Some(spot), Some(slot)) =
                (engine.outs.get(n), engine.spots.get(n), number.get_mut(n))
            else {
                continue;
            };
            if !spot.ignored {
                *slot = outputs.len() as u32;
                outputs.push(out.section.clone());
            }
        }
        checks::unassigned(&engine, &outputs);
        outputs.extend(tail);
        (Placer { engine, number }, outputs)
    }

    /// By section number: index of its output section.
    pub fn output_of(&self) -> Vec<u32> {
        self.engine
            .out_of
            .iter()
            .map(|n| self.number.get(*n as usize).copied().unwrap_or(u32::MAX))
            .collect()
    }

    /// What each section holds, which is settled before the places are.
    pub fn contents(&mut self, l: &mut Layout<'d>) {
        self.engine.run();
        self.copy(l);
    }

    /// Gives everything its place.
    pub fn place<A: Arch<Elf = E>>(&mut self, l: &mut Layout<'d>, plan: &SegmentPlan) {
        for round in 0..MAX_ROUNDS {
            self.engine.run();
            self.copy(l);
            l.placement = segments::place::<A>(&self.engine, &self.number, &mut l.outputs, plan);
            let count = match &self.engine.plan.phdrs {
                Some(list) => list.len(),
                None => l.placement.segments.len(),
            };
            let headers = (E::EHDR_SIZE + count * E::PHDR_SIZE) as u64;
            // Late in the day it only grows; room that is left over does no harm.
            if headers == self.engine.headers
                || round > MAX_ROUNDS / 2 && headers < self.engine.headers
            {
                break;
            }
            self.engine.headers = headers;
        }
    }

    /// The engine's results into the layout's sections.
    fn copy(&self, l: &mut Layout<'d>) {
        let e = &self.engine;
        let data = e.data.get();
        let relro = e.relro && data.seen && data.relro_end != 0;
        for (n, spot) in e.spots.iter().enumerate() {
            let index = self.number.get(n).copied().unwrap_or(u32::MAX) as usize;
            let Some(s) = l.outputs.get_mut(index) else {
                continue;
            };
            s.align = spot.align.max(1);
            if spot.is_impossible() {
                // Reported in the end; until then nothing is computed with it.
                (s.size, s.addr) = (0, 0);
                s.pieces.clear();
                continue;
            }
            s.size = spot.size;
            s.pieces.clone_from(&spot.pieces);
            if s.is_alloc() && !s.is_tls() {
                // An address of its own may be less aligned than the contents ask for.
                s.align = 1 << (s.align | spot.addr).trailing_zeros().min(63);
            }
            if s.is_alloc() || s.size == 0 {
                s.addr = spot.addr;
                s.load_delta = spot.lma.wrapping_sub(spot.addr);
                s.relro = relro
                    && spot.addr >= data.base
                    && spot.addr < data.relro_end.wrapping_sub(data.relro_offset);
            }
        }
    }

    /// A part of the linker's own has another size now.
    pub fn resize(&mut self, what: Synth, bytes: u64) {
        self.engine.resize(what, bytes);
    }

    /// The values of the script's symbols.
    pub fn symbols(&self, l: &mut Layout<'d>) {
        let e = &self.engine;
        for sym in &e.p.symbols.linker {
            let Reserved::Assigned(_) = sym.what else {
                continue;
            };
            let Some(v) = e.values.get(e.p.symbols.name(sym.id)) else {
                continue;
            };
            if let Some(slot) = l.values.globals.get_mut(sym.id.index()) {
                *slot = e.resolve(*v, None);
            }
            let home = match v.kind {
                Kind::Section(n) => Some(n as usize),
                _ => e.homes.get(e.p.symbols.name(sym.id)).copied(),
            };
            let number = home.and_then(|n| self.number.get(n).copied());
            if let Some(number) = number.filter(|n| *n != u32::MAX) {
                l.assigned_in.insert(sym.id, number);
            }
        }
    }

    /// Nothing moves any more: errors are reported, contents made by the script are handed over.
    pub fn finish(mut self, l: &mut Layout<'d>) {
        self.engine.finish();
        checks::overlaps(&l.outputs, self.engine.report);
        checks::header_types(&self.engine);
        checks::tables_in_the_file(&l.outputs, self.engine.opts, self.engine.report);
        l.memory = self.engine.memory();
        l.texts = std::mem::take(&mut self.engine.texts);
    }
}
