//! Where everything goes: output sections, their contents in order, addresses, segments, tables' sizes.
//!
//! Reading order: `output.rs` (what a section is made of), `collect.rs` (of which), `names.rs` (which section, which order), `order.rs` and
//! `call_graph.rs` (orders that options ask for), `slots.rs` (GOT, PLT, copies), `dynsym.rs`, `symtab.rs`, `synthetic.rs`
//! (the linker's own sections), `settle.rs` and `segments.rs` (addresses), `script/` (addresses as a linker script wants
//! them), `values.rs` (symbols' addresses), `dynamic.rs`.
//!
//! The layout is a plain value: after it is made nothing changes, and the writer only reads.

pub mod call_graph;
mod collect;
pub mod dynamic;
mod dynamic_sunw;
pub mod dynsym;
pub mod emit_relocs;
pub mod got;
mod limits;
mod map_assign;
mod map_segments;
pub mod merging;
pub mod names;
pub mod order;
pub mod output;
pub(crate) mod properties;
pub mod script;
pub mod segments;
mod settle;
pub mod sframe;
pub mod slots;
mod sunw;
pub mod symtab;
pub(crate) mod synthetic;
mod unwind;
pub mod values;

use std::collections::HashMap;
use std::sync::Arc;

use object::elf;
use wcc_targets::{Dialect, LoadRules};

pub use self::map_assign::MOST as MOST_SEGMENTS;
pub use self::map_segments::MADE;

use self::dynsym::DynSymbols;
use self::merging::{Groups, Merges};
use self::output::{Collected, Content, OutputSection, Piece, Synth};
use self::script::Scripted;
use self::segments::{Placement, Segment};
use self::slots::SlotTable;
use self::symtab::SymtabPlan;
use self::synthetic::Builder;
use self::values::Values;
use crate::arch::{Arch, PltStyle};
use crate::elf::Elf;
use crate::emit::packed::Replaced;
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, SymbolId};
use crate::synth::note_property::Properties;
use crate::synth::sunw_cap;

/// The text `.comment` gets in GNU's dialect.
const IDENT: &str = concat!("Linker: wcc ", env!("CARGO_PKG_VERSION"));

/// The text `.comment` gets.
pub fn ident(opts: &Options) -> String {
    match opts.dialect {
        Dialect::Gnu => IDENT.into(),
        Dialect::Solaris => crate::options::solaris_version().trim_end().into(),
    }
}

pub struct Layout<'d> {
    /// Sorted as they stand in the file.
    pub outputs: Vec<OutputSection<'d>>,
    pub segments: Vec<Segment>,
    pub placement: Placement,
    pub slots: SlotTable,
    pub dynsym: DynSymbols,
    pub symtab: SymtabPlan,
    pub merges: Arc<Merges<'d>>,
    /// By input section number: index of its output section, u32::MAX for none.
    pub output_of: Vec<u32>,
    /// Section and piece of each synthetic part.
    synth: HashMap<Synth, (u32, u32)>,
    pub values: Values,
    pub plt_style: PltStyle,
    pub properties: Properties,
    pub capabilities: sunw_cap::Bits,
    pub build_id_size: usize,
    /// Number of each output section in the header table is its index + 1.
    pub shstrtab: Vec<u8>,
    pub section_names: Vec<u32>,
    pub section_headers_offset: u64,
    pub file_size: u64,
    pub rules: LoadRules,
    /// Words of `.relr.dyn`.
    pub relr: Vec<u64>,
    /// RELATIVE relocations that RELR carries are not in `.rela.dyn`.
    pub rela_dyn_count: u64,
    pub irelative_count: u64,
    pub relative_count: u64,
    pub interp: Vec<u8>,
    /// Name or address of the program's first instruction, when the command line or a script gives it.
    pub entry: Option<Vec<u8>>,
    /// Contents that a linker script wrote, and patterns for gaps.
    pub texts: Vec<Vec<u8>>,
    /// A linker script laid it out.
    pub scripted: bool,
    /// Regions of memory that a script declares.
    pub memory: Vec<script::MemoryUse>,
    /// Symbols that a script defines in an output section: its index.
    pub assigned_in: HashMap<SymbolId, u32>,
    /// The build ID, where that of another file is taken over (`--separate-debug-file`).
    pub known_id: Vec<u8>,
    /// `--emit-relocs`: how its records number symbols.
    pub emitted: Option<emit_relocs::Numbers>,
    pub sframe: Option<sframe::SFrame<'d>>,
}

impl Layout<'_> {
    /// A synthetic part: its section and its piece.
    pub fn synth(&self, what: Synth) -> Option<(&OutputSection<'_>, &Piece)> {
        let &(s, p) = self.synth.get(&what)?;
        let s = self.outputs.get(s as usize)?;
        Some((s, s.pieces.get(p as usize)?))
    }

    /// Address and size of a synthetic part.
    pub fn synth_range(&self, what: Synth) -> Option<(u64, u64)> {
        self.synth(what).map(|(s, p)| (s.addr + p.offset, p.size))
    }

    pub fn synth_addr(&self, what: Synth) -> u64 {
        self.synth_range(what).map_or(0, |r| r.0)
    }

    pub fn section(&self, name: &[u8]) -> Option<&OutputSection<'_>> {
        self.outputs.iter().find(|s| s.name == name)
    }

    /// The loaded section at an address.
    pub fn output_at(&self, addr: u64, tls: bool) -> Option<usize> {
        self.outputs.iter().rposition(|s| {
            s.is_alloc()
                && s.is_tls() == tls
                && s.addr <= addr
                && (addr < s.addr + s.size || addr == s.addr && s.size == 0)
        })
    }

    /// The output section an input section went into.
    pub fn output_of(&self, section: SectionId) -> Option<usize> {
        self.output_of
            .get(section.index())
            .filter(|n| **n != u32::MAX)
            .map(|n| *n as usize)
    }

    /// Number in the section header table of the section that holds a synthetic part.
    pub fn section_number(&self, what: Synth) -> u32 {
        self.synth.get(&what).map_or(0, |(s, _)| s + 1)
    }
}

impl<'d> Layout<'d> {
    /// End in the file of what is loaded, bytes.
    pub fn loaded_end(&self) -> u64 {
        let sections = self
            .outputs
            .iter()
            .filter(|s| s.is_alloc() && !s.is_nobits())
            .map(|s| s.offset + s.size);
        let segments = self.segments.iter().map(|s| s.offset + s.filesz);
        sections.chain(segments).max().unwrap_or(0)
    }

    /// Gives sections that are not loaded other contents, and those behind the loaded ones new places in the file.
    pub fn replace_contents<E: Elf>(&mut self, new: Vec<Replaced<'d>>, opts: &Options) {
        if new.is_empty() {
            return;
        }
        for r in new {
            let Some(s) = self.outputs.get_mut(r.section) else {
                continue;
            };
            s.name = r.name.unwrap_or(s.name);
            (s.flags, s.align) = (r.flags, r.align);
            s.made = r.bytes;
            s.size = s.made.len() as u64;
            // Small enough for the writer's windows.
            s.pieces = (0..s.size)
                .step_by(MADE_PIECE as usize)
                .map(|offset| Piece {
                    content: Content::Made,
                    offset,
                    size: (s.size - offset).min(MADE_PIECE),
                })
                .collect();
        }
        settle::name_sections(self);
        let start = self.loaded_end();
        self.placement.file_end = segments::place_tail(&mut self.outputs, start);
        self.place_headers::<E>(opts);
    }

    /// Notes where everything stands after output sections have come or gone.
    pub fn renumber(&mut self) {
        settle::number_synth(self);
        settle::name_sections(self);
    }

    /// The section header table comes last.
    pub fn place_headers<E: Elf>(&mut self, opts: &Options) {
        let end = self.placement.file_end;
        self.section_headers_offset = end.next_multiple_of(E::WORD as u64);
        self.file_size = if opts.z.nosectionheader {
            end
        } else {
            self.section_headers_offset + (self.outputs.len() as u64 + 1) * E::SHDR_SIZE as u64
        };
    }
}

/// Bytes of a piece of [`Content::Made`].
const MADE_PIECE: u64 = 256 << 10;

/// Makes the layout.
#[allow(clippy::too_many_arguments)]
pub fn build<'d, A: Arch>(
    p: &Program<'d, A::Elf>,
    live: &mut Liveness,
    opts: &Options,
    scripted: Option<Scripted<'_, 'd>>,
    rules: &LoadRules,
    interpreter: &[u8],
    report: &Report,
    par: Par,
) -> Layout<'d> {
    let hash = synthetic::hash_style(p.dynamic, opts, rules);
    let slots = slots::assign::<A>(p, live, rules.program_is_module_one);
    let properties = properties::merge::<A>(p, opts, report, par);
    let mut groups = Groups::default();
    let mut assembled = None;
    let mut collected = match scripted {
        None => {
            let order = order::plan(p, live, opts, report);
            collect::collect(p, live, opts, order.as_ref(), par, |key, id| {
                groups.add(key, id)
            })
        }
        Some(s) => {
            let add = |key, id| groups.add(key, id);
            assembled = Some(script::assemble::collect(
                p,
                live,
                s.plan,
                s.selection,
                opts,
                report,
                add,
            ));
            Collected::default()
        }
    };
    let merges = Arc::new(groups.merge(p, opts, report, par));
    let sframe = sframe::merge(p, live, report, par);
    unwind::place_eh_frames::<A>(p, live, &mut collected.outputs, par);
    let commons = if scripted.is_some() {
        Vec::new()
    } else {
        output::commons(p)
    };
    for (id, size, align, tls) in commons {
        let name: &'static [u8] = if tls { b".tbss" } else { b".bss" };
        let flags = elf::SHF_ALLOC | elf::SHF_WRITE | if tls { elf::SHF_TLS } else { 0 };
        let s = synthetic::section_named(&mut collected.outputs, name, elf::SHT_NOBITS, flags);
        s.pieces.push(Piece {
            content: Content::Common(id),
            offset: align,
            size,
        });
    }
    let ibt = properties.x86_features() & 1 != 0 || opts.z.ibtplt || opts.z.ibt;
    let plt_style = if ibt {
        PltStyle::LazyIbt
    } else {
        PltStyle::Lazy
    };
    let capabilities = synthetic::merge_capabilities(p, opts);
    if !p.dynamic && capabilities.names().next().is_some() {
        report.error(
            "a static program has no string table in memory: CAPABILITY with a name, MACHINE or PLATFORM is for dynamic \
             outputs",
        );
    }
    let dynsym = if p.dynamic {
        dynsym::build(p, live, &slots, opts, rules, hash, &capabilities, report)
    } else {
        DynSymbols::default()
    };
    let mut b = Builder::<A> {
        capabilities: &capabilities,
        p,
        live,
        opts,
        rules,
        interpreter,
        outputs: collected.outputs,
        assembled: assembled.as_ref(),
        slots: &slots,
        dynsym: &dynsym,
        plt_style,
        interp: Vec::new(),
        irelative: 0,
        rela_dyn: 0,
    };
    b.synthetic(&properties, hash);
    if let Some(s) = &sframe {
        b.sframe(s);
    }
    let symtab = symtab::plan(p, live, &slots, opts, par);
    for (o, part) in p.objects.iter().zip(&symtab.parts) {
        if let Some(fault) = &part.fault {
            report.error(format!("{}: {fault}", o.name));
        }
    }
    b.symbol_table(&symtab);
    let (interp, irelative_count, rela_dyn_count) =
        (std::mem::take(&mut b.interp), b.irelative, b.rela_dyn);
    let mut outputs = b.outputs;
    let mut placer = None;
    let output_of = match (scripted, assembled) {
        (Some(s), Some(mut a)) => {
            let made = std::mem::take(&mut outputs);
            script::made::place_synthetic(p, s.plan, s.selection, opts, report, made, &mut a);
            let merges = Arc::clone(&merges);
            let (new, list) = script::Placer::new::<A>(p, s.plan, opts, report, merges, a);
            outputs = list;
            let output_of = new.output_of();
            placer = Some(new);
            output_of
        }
        _ => {
            par.for_each_mut(&mut outputs, |_, s| {
                output::place_pieces(s, |n| merges.size(n));
            });
            for s in &mut outputs {
                output::classify(s, opts);
                if let Some((_, align)) =
                    opts.shape.section_align.iter().rfind(|(n, _)| n == s.name)
                {
                    s.align = s.align.max(*align);
                }
                if let Some((_, addr)) = opts.section_start.iter().find(|(n, _)| n == s.name) {
                    s.fixed_addr = Some(*addr);
                }
            }
            map_assign::arrange(&mut outputs, opts, report);
            let output_of = settle::sort_outputs(&mut outputs, p, collected.output_of, par);
            settle::segment_starts(&mut outputs, opts);
            map_segments::starts(&mut outputs, opts);
            output_of
        }
    };

    let mut layout = Layout {
        outputs,
        segments: Vec::new(),
        placement: Placement::default(),
        slots,
        dynsym,
        symtab,
        merges,
        output_of,
        synth: HashMap::new(),
        values: Values::default(),
        plt_style,
        properties,
        capabilities,
        build_id_size: crate::synth::build_id::id_size(&opts.build_id),
        shstrtab: Vec::new(),
        section_names: Vec::new(),
        section_headers_offset: 0,
        file_size: 0,
        rules: rules.clone(),
        relr: Vec::new(),
        rela_dyn_count,
        irelative_count,
        relative_count: 0,
        interp,
        entry: opts.entry.clone(),
        texts: Vec::new(),
        scripted: scripted.is_some(),
        memory: Vec::new(),
        assigned_in: HashMap::new(),
        known_id: Vec::new(),
        emitted: None,
        sframe,
    };
    for (s, to) in &live.folded {
        let at = layout.output_of.get(to.index()).copied();
        if let (Some(slot), Some(at)) = (layout.output_of.get_mut(*s as usize), at) {
            *slot = at;
        }
    }
    if opts.emit_relocs {
        if let Some(placer) = &mut placer {
            placer.contents(&mut layout);
        }
        emit_relocs::plan::<A>(p, live, &mut layout);
    }
    settle::number_synth(&mut layout);
    settle::name_sections(&mut layout);
    settle::settle::<A>(p, live, opts, placer.as_mut(), report, par, &mut layout);
    if let Some(placer) = placer {
        placer.finish(&mut layout);
    }
    map_segments::check(opts, &layout, report);
    sunw::check(p, opts, report);
    limits::check(p, opts, report, &layout);
    layout
}
