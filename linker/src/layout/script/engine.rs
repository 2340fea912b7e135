//! Gives every output section of a script its addresses, by walking the script until nothing moves any more.
//!
//! GNU ld manual, "Location Counter", "Output Section Address", "Output Section LMA", "MEMORY". One pass is one walk;
//! expressions may ask for what comes later (`SIZEOF`, `ADDR`, symbols), so a pass reads what the pass before found.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use object::elf;

use super::assemble::{Assembled, Out, Part};
use super::plan::{Item, OutputPlan, OverlayRole, Plan, Stmt};
use super::regions::{Nature, Regions};
use super::scope::View;
use crate::elf::Elf;
use crate::layout::merging::Merges;
use crate::layout::output::{Content, Piece, Synth};
use crate::options::Options;
use crate::report::Report;
use crate::script::{EvalError, Expr, Fill, Kind as ValueKind, Place, Value, evaluate};
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
    fn converge(&mut self) {
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
                    "section `{}' of {:#x} bytes at {:#x} does not fit into any address space",
                    String::from_utf8_lossy(out.section.name),
                    spot.size,
                    spot.addr
                ));
            }
        }
    }

    /// The first pass, after which empty sections are left out.
    pub fn mark(&mut self, wanted: impl Fn(usize) -> bool) {
        self.data.set(DataSegment::default());
        self.pass();
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

    pub(super) fn eval(
        &self,
        expr: &Expr,
        inside: Option<usize>,
        dot: u64,
    ) -> Result<Value, EvalError> {
        evaluate(
            expr,
            &View {
                engine: self,
                inside,
                dot: Some(dot),
            },
        )
    }

    /// The address an expression gives; errors are reported in the last pass and give 0 before.
    fn address(&self, expr: &Expr, inside: Option<usize>, dot: u64, place: &Place) -> u64 {
        match self.eval(expr, inside, dot) {
            Ok(v) => self.resolve(v, inside),
            Err(e) => {
                self.complain(place, &e);
                0
            }
        }
    }

    /// An absolute address; a plain number counts from the start of the section it stands in.
    pub(super) fn resolve(&self, v: Value, inside: Option<usize>) -> u64 {
        let base = |n: usize| self.spots.get(n).map_or(0, |s| s.addr);
        match (v.kind, inside) {
            (ValueKind::Section(n), _) => v.bits.wrapping_add(base(n as usize)),
            (ValueKind::Number, Some(n)) => v.bits.wrapping_add(base(n)),
            _ => v.bits,
        }
    }

    fn complain(&self, place: &Place, e: &EvalError) {
        if self.last {
            self.report.error(format!("{place}: {e}"));
        }
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

    fn evaluate_regions(&mut self) {
        let plan = self.plan;
        for region in &plan.regions {
            let Some(n) = self.regions.find(&region.name) else {
                continue;
            };
            let value = |expr: &Expr| {
                let scope = View {
                    engine: self,
                    inside: None,
                    dot: None,
                };
                match evaluate(expr, &scope) {
                    Ok(v) => self.resolve(v, None),
                    Err(e) => {
                        self.complain(&region.place, &e);
                        0
                    }
                }
            };
            let (origin, length) = (value(&region.origin), value(&region.length));
            if let Some(slot) = self.regions.list.get_mut(n) {
                slot.origin = origin;
                slot.length = Some(length);
            }
        }
    }

    fn assertion(&self, n: usize, inside: Option<usize>, dot: u64) {
        let Some(a) = self.plan.asserts.get(n).filter(|_| self.last) else {
            return;
        };
        match self.eval(&a.condition, inside, dot) {
            Ok(v) if self.is_true(v) => {}
            Ok(_) => self.report.error(format!(
                "{}: {}",
                a.place,
                String::from_utf8_lossy(&a.message)
            )),
            Err(e) => self.complain(&a.place, &e),
        }
    }

    fn is_true(&self, v: Value) -> bool {
        match v.kind {
            ValueKind::Section(_) => self.resolve(v, None) != 0,
            _ => v.bits != 0,
        }
    }

    /// An assignment; gives the new location counter.
    fn assign(&mut self, n: usize, inside: Option<usize>, dot: u64) -> u64 {
        let plan: &'a Plan<'d> = self.plan;
        let Some(assign) = plan.assigns.get(n) else {
            return dot;
        };
        let a = &assign.assignment;
        let Some(index) = assign.index else {
            let to = match self.eval(&a.expr, inside, dot) {
                Ok(v) => self.resolve(v, inside),
                Err(e) => {
                    self.complain(&a.place, &e);
                    return dot;
                }
            };
            if inside.is_some() && to < dot {
                if self.last {
                    self.report.error(format!(
                        "{}: cannot move location counter backwards (from {dot:#x} to {to:#x})",
                        a.place
                    ));
                }
                return dot;
            }
            return to;
        };
        if a.provide && !self.provided.contains(&index) {
            return dot;
        }
        match self.eval(&a.expr, inside, dot) {
            Ok(v) => {
                // A number assigned in a section is an offset in it, elsewhere an address.
                let v = match (v.kind, inside) {
                    (ValueKind::Number, Some(s)) => Value::relative(v.bits, s as u32),
                    (ValueKind::Number, None) => Value::absolute(v.bits),
                    _ => v,
                };
                self.values.insert(&a.name, v);
                self.assigned.insert(&a.name);
                match self.latest {
                    // `end = .;` belongs to what it is the end of.
                    Some(n) if inside.is_none() && a.expr == Expr::Dot => {
                        self.homes.insert(&a.name, n);
                    }
                    _ => {
                        self.homes.remove(a.name.as_slice());
                    }
                }
            }
            Err(e) => self.complain(&a.place, &e),
        }
        dot
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

    fn power(&self, expr: Option<&Expr>, what: &str, place: &Place) -> u64 {
        let Some(expr) = expr else { return 1 };
        let value = self.address(expr, None, self.dot, place);
        if value.is_power_of_two() && value <= MAX_ALIGN {
            value
        } else {
            if self.last && value != 0 {
                self.report.error(format!(
                    "{place}: {what} {value:#x} is not a power of two (at most {MAX_ALIGN:#x})"
                ));
            }
            1
        }
    }

    fn section(&mut self, n: usize, plan: &'a Plan<'d>) {
        let Some(out) = self.outs.get(n) else { return };
        let described = out.plan.and_then(|i| plan.outputs.get(i));
        let nothing = Place::default();
        let place = described.map_or(&nothing, |d| &d.place);
        let ignored = self.spots.get(n).is_some_and(|s| s.ignored);
        if ignored && !described.is_some_and(|d| self.defines_symbols(d)) {
            if let Some(spot) = self.spots.get_mut(n) {
                spot.addr = self.dot;
            }
            return;
        }
        let alloc = out.section.is_alloc();
        let fixed = self.fixed_address(n);
        let written = described.and_then(|d| d.address.as_ref());
        let address = match (fixed, written) {
            (Some(at), _) => Some(at),
            (None, Some(expr)) => Some(self.address(expr, None, self.dot, place)),
            // What is not loaded and has no place in the script counts from 0.
            (None, None) if !alloc && described.is_none() => Some(0),
            _ => None,
        };
        let asked = self.power(described.and_then(|d| d.align.as_ref()), "alignment", place);
        let subalign = described
            .and_then(|d| d.subalign.as_ref())
            .map(|e| self.power(Some(e), "subsection alignment", place));
        let named = self.named_region(n, address.is_some(), place);
        let region = match named {
            Some(r) => r,
            None if alloc && address.is_none() => {
                let found = self.regions.for_nature(self.nature(n));
                self.check_has_region(n, found);
                found
            }
            None => 0,
        };
        let inputs_align = self.outs.get(n).map_or(1, |o| o.section.align);
        let align = asked.max(match subalign {
            Some(s) if self.outs.get(n).is_some_and(|o| o.has_input) => s.max(inputs_align),
            _ => inputs_align,
        });
        let (start, to) = match address {
            Some(at) => (at, asked),
            None => (
                self.regions.list.get(region).map_or(0, |r| r.current),
                align,
            ),
        };
        let addr = align_up(start, to);
        let delta = addr.wrapping_sub(start);
        if let Some(spot) = self.spots.get_mut(n) {
            spot.addr = addr;
            spot.align = align;
            spot.region = region;
            spot.pieces.clear();
        }
        let end = self.body(n, described, addr, subalign);
        let size = end.wrapping_sub(addr);
        if let Some(spot) = self.spots.get_mut(n) {
            spot.size = size;
        }
        self.load_address(n, described, region, delta, asked, align, place);
        self.dot = addr;
        if ignored {
            self.dot = end;
            return;
        }
        if alloc && size > 0 {
            self.latest = Some(n);
        }
        let tbss = self.outs.get(n).is_some_and(|o| o.section.is_tbss());
        if !tbss {
            self.dot = end;
        }
        if let Some(all) = described.map(|d| &d.overlaid).filter(|all| !all.is_empty()) {
            let sizes = all.iter().filter_map(|name| {
                let spot = self.spots.get(self.find(name)?)?;
                (!spot.ignored).then_some(spot.size)
            });
            let longest = sizes.max().unwrap_or(0);
            let start = all
                .first()
                .and_then(|name| self.find(name))
                .and_then(|n| self.spots.get(n))
                .map_or(addr, |s| s.addr);
            self.dot = start.wrapping_add(longest);
        }
        // What only the command line places takes nothing from where the others go.
        if fixed.is_none() || described.is_some() {
            self.advance_regions(n, region, address.is_some());
        }
    }

    /// An address from the command line: it takes the place of the script's.
    fn fixed_address(&self, n: usize) -> Option<u64> {
        if self.opts.section_start.is_empty() {
            return None;
        }
        let name = self.outs.get(n)?.section.name;
        if self.find(name) != Some(n) {
            return None;
        }
        let (_, at) = self.opts.section_start.iter().find(|(s, _)| s == name)?;
        Some(*at)
    }

    fn check_has_region(&self, n: usize, found: usize) {
        let size = self.spots.get(n).map_or(0, |s| s.size);
        if self.last && found == 0 && self.regions.list.len() > 1 && size > 0 {
            let name = self.outs.get(n).map_or(&b""[..], |o| o.section.name);
            self.report.error(format!(
                "no memory region specified for loadable section `{}'",
                String::from_utf8_lossy(name)
            ));
        }
    }

    fn region_or_error(&self, name: &[u8], place: &Place) -> Option<usize> {
        let found = self.regions.find(name);
        if found.is_none() && name != b"*default*" && self.last {
            // An orphan has its neighbour's region, whose name stands elsewhere.
            let at = if place.0.is_empty() {
                String::new()
            } else {
                format!("{place}: ")
            };
            self.report.error(format!(
                "{at}memory region `{}' is not declared",
                String::from_utf8_lossy(name)
            ));
        }
        found
    }

    /// The region that the script names; the load region stands for a missing one.
    fn named_region(&self, n: usize, has_address: bool, place: &Place) -> Option<usize> {
        let out = self.outs.get(n)?;
        match (&out.region, &out.load_region) {
            (Some(name), _) => self.region_or_error(name, place),
            (None, Some(name)) if !has_address => self.region_or_error(name, place),
            _ => None,
        }
    }

    fn advance_regions(&mut self, n: usize, region: usize, explicit: bool) {
        let Some(out) = self.outs.get(n) else { return };
        if !out.section.is_alloc() {
            return;
        }
        let name = out.section.name;
        let nobits = out.section.is_nobits();
        let load = out.load_region.as_ref().and_then(|r| self.regions.find(r));
        let Some((addr, lma, size)) = self.spots.get(n).map(|s| (s.addr, s.lma, s.size)) else {
            return;
        };
        if let Some(r) = self.regions.list.get_mut(region) {
            r.current = self.dot;
        }
        let (last, report) = (self.last, self.report);
        if last {
            self.regions.check(region, name, explicit, addr, report);
        }
        if let Some(load) = load.filter(|l| *l != region)
            && !nobits
        {
            if let Some(r) = self.regions.list.get_mut(load) {
                r.current = lma.wrapping_add(size);
            }
            if last {
                self.regions.check(load, name, false, lma, report);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn load_address(
        &mut self,
        n: usize,
        described: Option<&OutputPlan<'_>>,
        region: usize,
        delta: u64,
        asked: u64,
        align: u64,
        place: &Place,
    ) {
        let Some(out) = self.outs.get(n) else { return };
        let alloc = out.section.is_alloc();
        let Some((addr, size, ignored)) = self.spots.get(n).map(|s| (s.addr, s.size, s.ignored))
        else {
            return;
        };
        let load_region = out
            .load_region
            .as_ref()
            .and_then(|r| self.region_or_error(r, place));
        let overlay = described.map_or(OverlayRole::None, |d| d.overlay);
        let to = if described.is_some_and(|d| d.address.is_some()) {
            asked
        } else {
            align
        };
        let last = self
            .regions
            .list
            .get(region)
            .and_then(|r| r.last)
            .and_then(|l| self.spots.get(l));
        let explicit = described.and_then(|d| d.load_address.as_ref());
        let mut lma = addr;
        if let Some(expr) = explicit {
            lma = self.address(expr, None, self.dot, place);
        } else if let Some(r) = load_region {
            lma = self.regions.list.get(r).map_or(0, |r| r.current);
            lma = if described.is_some_and(|d| d.align_with_input) {
                lma.wrapping_add(delta)
            } else if r != region {
                align_up(lma, asked)
            } else {
                align_up(lma, to)
            };
        } else if let Some(last) = last.filter(|_| alloc) {
            let backwards = addr < last.addr && size != 0 && addr.wrapping_add(size) <= last.addr;
            if backwards {
                if self.last && last.addr != last.lma {
                    let name = out.section.name;
                    self.report.warn(format!(
                        "dot moved backwards before `{}'; its load address is its address",
                        String::from_utf8_lossy(name)
                    ));
                }
            } else {
                lma = if overlay == OverlayRole::Next {
                    last.lma.wrapping_add(last.size)
                } else {
                    addr.wrapping_add(last.lma).wrapping_sub(last.addr)
                };
                lma = align_up(lma, to);
            }
        }
        let counts = alloc
            && (size != 0
                || match last {
                    None => addr != lma,
                    Some(last) => addr >= last.addr,
                })
            || overlay == OverlayRole::First;
        if let Some(spot) = self.spots.get_mut(n) {
            spot.lma = lma;
        }
        if counts
            && !ignored
            && load_region.is_none()
            && let Some(r) = self.regions.list.get_mut(region)
        {
            r.last = Some(n);
        }
    }

    /// What stands in a section; gives the address of its end.
    fn body(
        &mut self,
        n: usize,
        described: Option<&'a OutputPlan<'d>>,
        addr: u64,
        subalign: Option<u64>,
    ) -> u64 {
        let nothing = Place::default();
        let place = described.map_or(&nothing, |d| &d.place);
        let mut fill = match described.and_then(|d| d.fill.as_ref()) {
            Some(f) => self.pattern(f, place),
            None => 0,
        };
        let mut dot = addr;
        let parts = self.outs.get(n).map_or(0, |o| o.parts.len());
        for i in 0..parts {
            let Some(part) = self.outs.get(n).and_then(|o| o.parts.get(i)).copied() else {
                break;
            };
            match part {
                Part::Piece {
                    content,
                    size,
                    align,
                } => {
                    let align = match (subalign, content) {
                        (Some(s), Content::Section(_) | Content::Merged(_)) => s,
                        _ => align,
                    };
                    let size = match content {
                        Content::Merged(m) => self.merges.size(m),
                        _ => size,
                    };
                    let at = align_up(dot, align);
                    self.gap(n, dot.wrapping_sub(addr), at.wrapping_sub(dot), fill);
                    let offset = at.wrapping_sub(addr);
                    self.note(n, content, offset);
                    if let Some(spot) = self.spots.get_mut(n) {
                        spot.pieces.push(Piece {
                            content,
                            offset,
                            size,
                        });
                    }
                    dot = at.wrapping_add(size);
                }
                Part::Stmt(s) => match described.and_then(|d| d.body.get(s)) {
                    Some(Stmt::Assign(a)) => {
                        let to = self.assign(*a, Some(n), dot);
                        self.gap(n, dot.wrapping_sub(addr), to.wrapping_sub(dot), fill);
                        dot = to;
                    }
                    Some(Stmt::Assert(a)) => self.assertion(*a, Some(n), dot),
                    Some(Stmt::Data(width, expr, place)) => {
                        let value = self.data_value(expr, n, dot, place);
                        let bytes = bytes_of::<E>(value, *width);
                        dot = self.text(n, addr, dot, bytes);
                    }
                    Some(Stmt::Text(text)) => dot = self.text(n, addr, dot, text.clone()),
                    Some(Stmt::Fill(f)) => fill = self.pattern(f, place),
                    Some(Stmt::Input(_)) | None => {}
                },
            }
        }
        dot
    }

    fn data_value(&self, expr: &Expr, n: usize, dot: u64, place: &Place) -> u64 {
        match self.eval(expr, Some(n), dot) {
            Ok(v) if v.kind == ValueKind::Number => v.bits,
            Ok(v) => self.resolve(v, Some(n)),
            Err(e) => {
                self.complain(place, &e);
                0
            }
        }
    }

    /// Puts bytes of the script at `dot`; gives what is behind them.
    fn text(&mut self, n: usize, addr: u64, dot: u64, bytes: Vec<u8>) -> u64 {
        let size = bytes.len() as u64;
        if let Some(spot) = self.spots.get_mut(n) {
            spot.pieces.push(Piece {
                content: Content::Text(self.texts.len() as u32),
                offset: dot.wrapping_sub(addr),
                size,
            });
        }
        self.texts.push(bytes);
        dot.wrapping_add(size)
    }

    /// The number of a fill pattern.
    fn pattern(&mut self, fill: &Fill, place: &Place) -> u32 {
        let bytes = match fill {
            Fill::Bytes(bytes) => bytes.clone(),
            Fill::Expr(expr) => {
                let value = self.address(expr, None, self.dot, place);
                (value as u32).to_be_bytes().to_vec()
            }
        };
        self.texts.push(bytes);
        self.texts.len() as u32 - 1
    }

    /// A gap in a section, filled.
    fn gap(&mut self, n: usize, offset: u64, size: u64, pattern: u32) {
        let Some(out) = self.outs.get(n) else { return };
        if size == 0 || out.section.is_nobits() {
            return;
        }
        let code = out.section.flags & u64::from(elf::SHF_EXECINSTR) != 0;
        let length = self.texts.get(pattern as usize).map_or(1, Vec::len).max(1) as u64;
        let zeros = |t: &Vec<u8>| t.iter().all(|b| *b == 0);
        if !code && (pattern == 0 || self.texts.get(pattern as usize).is_some_and(zeros)) {
            // What no piece covers is zero anyway.
            return;
        }
        // A file with such gaps will be refused.
        self.gaps = self.gaps.saturating_add(size);
        if self.gaps > MAX_GAPS {
            return;
        }
        let step = GAP - GAP % length;
        let Some(spot) = self.spots.get_mut(n) else {
            return;
        };
        let mut at = 0;
        while at < size {
            let part = (size - at).min(step.max(length));
            spot.pieces.push(Piece {
                content: Content::Gap(pattern),
                offset: offset + at,
                size: part,
            });
            at += part;
        }
    }

    /// Remembers where something lies.
    fn note(&mut self, n: usize, content: Content, offset: u64) {
        match content {
            Content::Section(id) => {
                if let Some(slot) = self.offsets.get_mut(id.index()) {
                    *slot = offset;
                }
            }
            Content::Merged(m) => {
                self.merged.insert(m, (n, offset));
            }
            Content::Common(id) => {
                self.commons.insert(id, (n, offset));
            }
            Content::Synth(what) => {
                self.synth.insert(what, (n, offset));
            }
            _ => {}
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

/// `. = 0`, `. = . + 0`, `. = ALIGN(. != 0 ? n : 1)`: nothing in a section that has nothing else.
fn may_vanish(e: &Expr) -> bool {
    match e {
        Expr::Number(0) => true,
        Expr::Binary("+", a, b) => matches!((&**a, &**b), (Expr::Dot, Expr::Number(0))),
        Expr::Call(f, args) if f == b"ALIGN" => match args.as_slice() {
            [Expr::Cond(c, _, one)] => {
                matches!(&**c, Expr::Binary("!=", a, b) if **a == Expr::Dot && **b == Expr::Number(0))
                    && **one == Expr::Number(1)
            }
            _ => false,
        },
        _ => false,
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

fn bytes_of<E: Elf>(value: u64, width: u8) -> Vec<u8> {
    let width = usize::from(width.min(8));
    if E::BIG_ENDIAN {
        value.to_be_bytes().get(8 - width..).unwrap_or(&[]).to_vec()
    } else {
        value.to_le_bytes().get(..width).unwrap_or(&[]).to_vec()
    }
}
