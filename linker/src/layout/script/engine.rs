//! Gives every output section of a script its addresses, by walking the script until nothing moves any more.
//!
//! GNU ld manual, "Location Counter", "Output Section Address", "Output Section LMA", "MEMORY". One pass is one walk;
//! expressions may ask for what comes later (`SIZEOF`, `ADDR`, symbols), so a pass reads what the pass before found.

mod contents;
mod section;
mod values;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use object::elf;

use self::values::may_vanish;
use super::assemble::{Assembled, Out, Part};
use super::plan::{Item, OutputPlan, Plan, Stmt};
use super::regions::{Nature, Regions};
use super::spill::Spills;
use crate::elf::Elf;
use crate::layout::merging::Merges;
use crate::layout::output::{Content, Piece, Synth};
use crate::options::Options;
use crate::report::Report;
use crate::script::Value;
use crate::symbols::bind::Program;
use crate::symbols::reserved::Reserved;
use crate::symbols::{SectionId, SymbolId};

/// Passes until the layout has to hold still.
const MAX_PASSES: u32 = 40;

/// A gap is cut into pieces of this size, so that no window of the output grows without bound.
const GAP: u64 = 256 << 10;

/// Larger alignments are mistakes; objects may ask for no more either.
const MAX_ALIGN: u64 = 1 << 40;

/// Bytes of all gaps that are filled; a file with more is refused.
const MAX_GAPS: u64 = 1 << 36;

/// What a pass found for an output section.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    pub addr: u64,
    pub lma: u64,
    pub size: u64,
    pub align: u64,
    pub pieces: Vec<Piece>,
    /// Index of its region.
    pub region: usize,
    /// Empty, and no part of the output.
    pub ignored: bool,
}

impl Spot {
    /// No machine has such a section; it is an error in the end.
    pub fn is_impossible(&self) -> bool {
        self.size > 1 << 47 || self.addr.checked_add(self.size).is_none()
    }
}

/// DATA_SEGMENT_ALIGN and its kin (GNU ld manual, "Builtin Functions").
#[derive(Clone, Copy, Debug, Default)]
pub struct DataSegment {
    pub mode: DataMode,
    /// What DATA_SEGMENT_ALIGN gave in the first round.
    pub base: u64,
    pub seen: bool,
    pub page: u64,
    pub common_page: u64,
    /// 0: no DATA_SEGMENT_RELRO_END.
    pub relro_end: u64,
    pub relro_offset: u64,
    pub end: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataMode {
    #[default]
    First,
    /// The segment starts here, so that RELRO ends on a page.
    At(u64),
    /// Starting on a page of its own costs no more pages and less address space.
    SavePage,
}

/// A region of memory and how full it is, for the map file and `--print-memory-usage`; bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryUse {
    pub name: Vec<u8>,
    /// As the script writes them.
    pub attributes: Vec<u8>,
    pub origin: u64,
    pub length: u64,
    pub used: u64,
}

/// The walker.
pub struct Engine<'a, 'd, E: Elf> {
    pub p: &'a Program<'d, E>,
    pub plan: &'a Plan<'d>,
    pub opts: &'a Options,
    pub report: &'a Report,
    pub merges: Arc<Merges<'d>>,
    pub outs: Vec<Out<'d>>,
    pub items: Vec<Item>,
    /// The first output section of each name.
    by_name: HashMap<&'d [u8], usize>,
    pub out_of: Vec<u32>,
    pub spots: Vec<Spot>,
    pub regions: Regions,
    pub(super) spills: Spills,
    /// Symbols that the script has assigned, by name, with the values of the last pass.
    pub values: HashMap<&'a [u8], Value>,
    /// Those assigned in this pass already.
    pub assigned: HashSet<&'a [u8]>,
    /// The output section before a symbol that is assigned `.` between sections.
    pub homes: HashMap<&'a [u8], usize>,
    /// Bytes of gaps in this pass.
    gaps: u64,
    /// The last output section of this pass that is in memory.
    latest: Option<usize>,
    /// PROVIDE that counts, by number among all assignments.
    provided: HashSet<usize>,
    /// Offset of each input section in its output section.
    pub offsets: Vec<u64>,
    pub merged: HashMap<u32, (usize, u64)>,
    pub commons: HashMap<SymbolId, (usize, u64)>,
    pub synth: HashMap<Synth, (usize, u64)>,
    pub data: Cell<DataSegment>,
    /// Bytes of the ELF header and the program headers.
    pub headers: u64,
    pub page: u64,
    pub common_page: u64,
    /// Lowest address of the image when nothing else says so.
    pub image_base: u64,
    /// Contents made by the script: gap patterns and data.
    pub texts: Vec<Vec<u8>>,
    /// RELRO is wanted.
    pub relro: bool,
    dot: u64,
    /// This pass reports what it finds wrong.
    last: bool,
}

/// Sizes that the engine needs of the architecture.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    pub page: u64,
    pub common_page: u64,
    pub image_base: u64,
}

impl<'a, 'd, E: Elf> Engine<'a, 'd, E> {
    pub fn new(
        p: &'a Program<'d, E>,
        plan: &'a Plan<'d>,
        opts: &'a Options,
        report: &'a Report,
        merges: Arc<Merges<'d>>,
        a: Assembled<'d>,
        pages: Pages,
    ) -> Self {
        let provided = p
            .symbols
            .linker
            .iter()
            .filter_map(|l| match l.what {
                Reserved::Assigned(n) => Some(n),
                _ => None,
            })
            .collect();
        let mut engine = Engine {
            p,
            plan,
            opts,
            report,
            merges,
            spots: vec![Spot::default(); a.outs.len()],
            by_name: a
                .by_name
                .iter()
                .filter_map(|(name, list)| Some((*name, *list.first()?)))
                .collect(),
            outs: a.outs,
            items: a.items,
            out_of: a.out_of,
            regions: Regions::new(plan, report),
            spills: a.spills,
            values: HashMap::new(),
            assigned: HashSet::new(),
            homes: HashMap::new(),
            latest: None,
            gaps: 0,
            provided,
            offsets: vec![0; p.symbols.sections],
            merged: HashMap::new(),
            commons: HashMap::new(),
            synth: HashMap::new(),
            data: Cell::new(DataSegment::default()),
            headers: 0,
            page: pages.page,
            common_page: pages.common_page,
            image_base: pages.image_base,
            texts: vec![Vec::new()],
            relro: opts.z.relro,
            dot: 0,
            last: false,
        };
        for out in &mut engine.outs {
            out.settle(plan, true);
        }
        engine.inherit_load_regions();
        engine
    }

    /// A section without a load region of its own, in the region of the section before it, is loaded where that one is.
    fn inherit_load_regions(&mut self) {
        let mut before: Option<(Option<usize>, Option<Vec<u8>>)> = None;
        for item in &self.items {
            let Item::Output(n) = item else { continue };
            let Some(out) = self.outs.get_mut(*n) else {
                continue;
            };
            let described = out.plan.and_then(|i| self.plan.outputs.get(i));
            let region = out.region.as_ref().and_then(|r| self.regions.find(r));
            if let Some((same, load)) = &before
                && *same == region
                && out.load_region.is_none()
                && !described.is_some_and(|d| d.load_address.is_some() || d.address.is_some())
            {
                out.load_region.clone_from(load);
            }
            before = Some((region, out.load_region.clone()));
        }
    }

    /// Whether the output section is a part of the image in memory.
    pub fn is_alloc(&self, n: usize) -> bool {
        self.outs.get(n).is_some_and(|o| o.section.is_alloc())
    }

    /// Addresses for everything.
    pub fn run(&mut self) {
        self.data.set(DataSegment::default());
        self.converge();
        let first = self.data.get();
        if !first.seen {
            return;
        }
        if self.relro && first.relro_end != 0 {
            let (base, end) = self.relro_base(&first);
            self.again(DataMode::At(base));
            if self.data.get().relro_end > end {
                self.again(DataMode::At(first.base));
            }
        } else if saves_page(&first) {
            self.again(DataMode::SavePage);
        }
    }

    fn again(&mut self, mode: DataMode) {
        self.data.set(DataSegment {
            mode,
            ..DataSegment::default()
        });
        self.converge();
    }

    /// Where the data segment has to start for RELRO to end on a page, and where it then ends.
    fn relro_base(&self, data: &DataSegment) -> (u64, u64) {
        let page = data.page.max(1);
        let end = data.relro_end.wrapping_add(page - 1) & !(page - 1);
        let mut desired = end.wrapping_sub(data.relro_offset);
        let limit = data.relro_end.wrapping_sub(data.relro_offset);
        let order: Vec<usize> = self.items.iter().filter_map(output).collect();
        for n in order.into_iter().rev() {
            let (Some(spot), Some(out)) = (self.spots.get(n), self.outs.get(n)) else {
                continue;
            };
            if spot.ignored
                || !out.section.is_alloc()
                || spot.addr < data.base
                || spot.addr >= limit
            {
                continue;
            }
            let size = if out.section.is_tbss() { 0 } else { spot.size };
            let bump = desired.wrapping_sub(spot.addr.wrapping_add(size));
            let start = spot.addr.wrapping_add(bump) & !(spot.align.max(1) - 1);
            desired = start;
        }
        (desired.max(data.base), end)
    }

    /// Passes until nothing moves.
    pub(super) fn converge(&mut self) {
        let mut before = Vec::new();
        for _ in 0..MAX_PASSES {
            let mode = self.data.get().mode;
            self.data.set(DataSegment {
                mode,
                ..DataSegment::default()
            });
            self.pass();
            let now = self.fingerprint();
            if now == before {
                return;
            }
            before = now;
        }
        self.report.error(
            "the linker script's addresses do not settle: some expression depends on its own result",
        );
    }

    /// One more pass, which reports errors and evaluates assertions.
    pub fn finish(&mut self) {
        self.last = true;
        let mode = self.data.get().mode;
        self.data.set(DataSegment {
            mode,
            ..DataSegment::default()
        });
        self.pass();
        self.last = false;
        self.regions.report_overflow(self.report);
        for (out, spot) in self.outs.iter().zip(&self.spots) {
            if !spot.ignored && spot.is_impossible() {
                self.report.error(format!(
                    "section `{}' of {:#x} bytes at {:#x} does not fit into any address space, as {} lays it out",
                    String::from_utf8_lossy(out.section.name),
                    spot.size,
                    spot.addr,
                    self.opts.script_names()
                ));
            }
        }
    }

    /// The first pass, after which empty sections are left out.
    pub fn mark(&mut self, wanted: impl Fn(usize) -> bool) {
        self.data.set(DataSegment::default());
        self.pass();
        self.settle_regions();
        for n in 0..self.outs.len() {
            let empty = self.spots.get(n).is_some_and(|s| s.size == 0) && !wanted(n);
            if !empty {
                continue;
            }
            let kept = self.is_kept_empty(n);
            if let Some(spot) = self.spots.get_mut(n) {
                spot.ignored = !kept;
            }
            if let Some(out) = self.outs.get_mut(n)
                && kept
                && !out.has_input
            {
                // Nothing makes it a part of memory.
                out.section.ty = elf::SHT_PROGBITS;
                out.section.flags = u64::from(elf::SHF_WRITE);
            }
        }
    }

    /// An assignment to `.` keeps a section that is empty, unless its form says that it need not (GNU ld manual, "Output
    /// Section Discarding").
    fn is_kept_empty(&self, n: usize) -> bool {
        let described = self
            .outs
            .get(n)
            .and_then(|o| o.plan)
            .and_then(|i| self.plan.outputs.get(i));
        described.is_some_and(|d| {
            d.body.iter().any(|s| match s {
                Stmt::Assign(a) => self
                    .plan
                    .assigns
                    .get(*a)
                    .is_some_and(|a| a.index.is_none() && !may_vanish(&a.assignment.expr)),
                _ => false,
            })
        })
    }

    fn fingerprint(&self) -> Vec<u64> {
        let mut all: Vec<u64> = Vec::with_capacity(self.spots.len() * 3 + self.values.len());
        for s in &self.spots {
            all.extend([s.addr, s.lma, s.size]);
        }
        let mut values: Vec<(&[u8], u64)> = self.values.iter().map(|(n, v)| (*n, v.bits)).collect();
        values.sort_unstable();
        all.extend(values.into_iter().map(|(_, v)| v));
        all.push(self.dot);
        all
    }

    /// The regions that the scripts declare, and how full they are.
    pub fn memory(&self) -> Vec<MemoryUse> {
        let declared = self.plan.regions.iter();
        declared
            .filter_map(|r| {
                let region = self.regions.list.get(self.regions.find(&r.name)?)?;
                Some(MemoryUse {
                    name: r.name.clone(),
                    attributes: r.attributes.clone(),
                    origin: region.origin,
                    length: region.length.unwrap_or(0),
                    used: region.current.wrapping_sub(region.origin),
                })
            })
            .collect()
    }

    /// The number of an output section by name: the first that is there.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    fn pass(&mut self) {
        let plan = self.plan;
        self.assigned.clear();
        self.latest = None;
        self.gaps = 0;
        self.texts.truncate(1);
        self.dot = 0;
        self.evaluate_regions();
        self.regions.reset();
        for i in 0..self.items.len() {
            match self.items.get(i) {
                Some(Item::Assign(n)) => {
                    let dot = self.dot;
                    self.dot = self.assign(*n, None, dot);
                    if let Some(all) = self.regions.list.first_mut() {
                        all.current = self.dot;
                    }
                }
                Some(Item::Assert(n)) => self.assertion(*n, None, self.dot),
                Some(Item::Output(n)) => self.section(*n, plan),
                None => {}
            }
        }
    }

    /// Whether an assignment in this section's body defines a symbol.
    fn defines_symbols(&self, described: &OutputPlan<'_>) -> bool {
        described.body.iter().any(|s| match s {
            Stmt::Assign(n) => self.plan.assigns.get(*n).is_some_and(|a| {
                a.index
                    .is_some_and(|i| !a.assignment.provide || self.provided.contains(&i))
            }),
            _ => false,
        })
    }

    fn nature(&self, n: usize) -> Nature {
        let s = self.outs.get(n).map(|o| &o.section);
        let has = |f: u32| s.is_some_and(|s| s.flags & u64::from(f) != 0);
        Nature {
            writable: has(elf::SHF_WRITE),
            code: has(elf::SHF_EXECINSTR),
            alloc: has(elf::SHF_ALLOC),
            load: has(elf::SHF_ALLOC) && s.is_some_and(|s| !s.is_nobits()),
        }
    }

    /// The output section an input section is in, and its offset there.
    pub fn place_of(&self, id: SectionId) -> Option<(usize, u64)> {
        let out = *self.out_of.get(id.index())?;
        (out != u32::MAX).then_some((
            out as usize,
            self.offsets.get(id.index()).copied().unwrap_or(0),
        ))
    }

    /// Makes a part of the linker's own larger or smaller.
    pub fn resize(&mut self, what: Synth, bytes: u64) {
        for out in &mut self.outs {
            for part in &mut out.parts {
                if let Part::Piece { content, size, .. } = part
                    && *content == Content::Synth(what)
                {
                    *size = bytes;
                }
            }
        }
    }
}

pub(super) fn output(item: &Item) -> Option<usize> {
    match item {
        Item::Output(n) => Some(*n),
        _ => None,
    }
}

/// Whether the data segment could start on a page of its own without needing more pages than it does now.
fn saves_page(data: &DataSegment) -> bool {
    let page = data.common_page.max(1);
    let first = data.base.wrapping_neg() & (page - 1);
    let last = data.end & (page - 1);
    first != 0
        && last != 0
        && data.base & !(page - 1) != data.end & !(page - 1)
        && first + last <= page
}

fn align_up(value: u64, align: u64) -> u64 {
    crate::script::align_up(value, align)
}
