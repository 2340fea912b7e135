//! Where everything goes: output sections, their contents in order, addresses, segments, tables' sizes.
//!
//! Reading order: `output.rs` (what a section is made of), `names.rs` (which section, which order), `order.rs` and
//! `call_graph.rs` (orders that options ask for), `slots.rs` (GOT, PLT, copies), `dynsym.rs`, `symtab.rs`, `segments.rs`
//! (addresses), `script/` (addresses as a linker script wants them), `values.rs` (symbols' addresses), `dynamic.rs`.
//!
//! The layout is a plain value: after it is made nothing changes, and the writer only reads.

pub mod call_graph;
pub mod dynamic;
mod dynamic_sunw;
pub mod dynsym;
pub mod emit_relocs;
pub mod got;
pub mod merging;
pub mod names;
pub mod order;
pub mod output;
pub(crate) mod properties;
pub mod script;
pub mod segments;
pub mod slots;
pub mod symtab;
pub mod values;

use std::collections::HashMap;
use std::sync::Arc;

use object::elf;
use wcc_targets::rules::VersionTables;
use wcc_targets::{Dialect, LoadRules};

use self::dynsym::DynSymbols;
use self::merging::{Groups, Merges};
use self::output::{Collected, Content, OutputSection, Piece, Synth, new_section};
use self::script::Scripted;
use self::segments::{Placement, Segment, SegmentPlan};
use self::slots::SlotTable;
use self::symtab::SymtabPlan;
use self::values::Values;
use crate::arch::{Arch, Needs, PltStyle};
use crate::elf::Elf;
use crate::emit::packed::Replaced;
use crate::input::object::Kind;
use crate::live::Liveness;
use crate::options::{BuildId, HashStyle, Options, OutputKind, Strip};
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, SymbolId};
use crate::synth::eh_frame;
use crate::synth::note_property::Properties;
use crate::synth::{sunw_cap, sunw_ldynsym, sunw_syminfo};

/// illumos, Linker and Libraries Guide, "Program Header": the protection of the stack.
const PT_SUNWSTACK: u32 = 0x6fff_fffb;

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
        name_sections(self);
        let start = self.loaded_end();
        self.placement.file_end = segments::place_tail(&mut self.outputs, start);
        self.place_headers::<E>(opts);
    }

    /// Notes where everything stands after output sections have come or gone.
    pub fn renumber(&mut self) {
        number_synth(self);
        name_sections(self);
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
    let hash = hash_style(p.dynamic, opts, rules);
    let slots = slots::assign::<A>(p, live, rules.program_is_module_one);
    let properties = properties::merge::<A>(p, opts, report);
    let mut groups = Groups::default();
    let mut assembled = None;
    let mut collected = match scripted {
        None => {
            let order = order::plan(p, live, opts, report);
            output::collect(p, live, opts, order.as_ref(), par, |key, id| {
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
    place_eh_frames::<A>(p, live, &mut collected.outputs, par);
    let commons = if scripted.is_some() {
        Vec::new()
    } else {
        output::commons(p)
    };
    for (id, size, align, tls) in commons {
        let name: &'static [u8] = if tls { b".tbss" } else { b".bss" };
        let flags = elf::SHF_ALLOC | elf::SHF_WRITE | if tls { elf::SHF_TLS } else { 0 };
        let s = section_named(&mut collected.outputs, name, elf::SHT_NOBITS, flags);
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
    let dynsym = if p.dynamic {
        dynsym::build(p, live, &slots, opts, rules, hash, report)
    } else {
        DynSymbols::default()
    };
    let capabilities = merge_capabilities(p, opts);
    let mut b = Builder::<A> {
        capabilities,
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
            script::assemble::place_synthetic(p, s.plan, s.selection, opts, report, made, &mut a);
            let merges = Arc::clone(&merges);
            let (new, list) = script::Placer::new::<A>(p, s.plan, opts, report, merges, a);
            outputs = list;
            let output_of = new.output_of();
            placer = Some(new);
            output_of
        }
        _ => {
            for s in &mut outputs {
                output::place_pieces(s, |n| merges.size(n));
                output::classify(s, opts);
                if let Some((_, addr)) = opts.section_start.iter().find(|(n, _)| n == s.name) {
                    s.fixed_addr = Some(*addr);
                }
            }
            let output_of = sort_outputs(&mut outputs, p, collected.output_of);
            segment_starts(&mut outputs, opts);
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
    };
    for (s, to) in &live.folded {
        let at = layout.output_of.get(to.index()).copied();
        if let (Some(slot), Some(at)) = (layout.output_of.get_mut(*s as usize), at) {
            *slot = at;
        }
    }
    if opts.emit_relocs {
        emit_relocs::plan::<A>(p, live, &mut layout);
    }
    number_synth(&mut layout);
    name_sections(&mut layout);
    settle::<A>(p, live, opts, placer.as_mut(), report, par, &mut layout);
    if let Some(placer) = placer {
        placer.finish(&mut layout);
    }
    layout
}

fn hash_style(dynamic: bool, opts: &Options, rules: &LoadRules) -> (bool, bool) {
    if !dynamic {
        return (false, false);
    }
    let HashStyle { sysv, gnu } = opts.hash_style.unwrap_or(HashStyle {
        sysv: true,
        gnu: rules.gnu_hash,
    });
    (sysv || rules.sysv_hash_required, gnu && rules.gnu_hash)
}

/// Gives every object's `.eh_frame` its place in the output's.
fn place_eh_frames<'d, A: Arch>(
    p: &Program<'d, A::Elf>,
    live: &mut Liveness,
    outputs: &mut Vec<OutputSection<'d>>,
    par: Par,
) {
    if live.eh_frames.iter().all(Vec::is_empty) {
        return;
    }
    let keys: Vec<Vec<Vec<eh_frame::CieKey>>> = par.map_range(live.eh_frames.len(), |n| {
        let (Some(o), Some(list)) = (p.objects.get(n), live.eh_frames.get(n)) else {
            return Vec::new();
        };
        list.iter()
            .map(|(shndx, frame)| {
                frame.cie_keys(o.section_data(*shndx), o.relocs(*shndx), |r| {
                    let who = crate::live::scan::referent(p, o, r.sym);
                    // A local symbol is the same only as itself; globals are the same everywhere.
                    (u64::from(who.id.0), r.addend)
                })
            })
            .collect()
    });
    let flat: Vec<Vec<eh_frame::CieKey>> = keys.into_iter().flatten().collect();
    let places: Vec<(usize, usize)> = live
        .eh_frames
        .iter()
        .enumerate()
        .flat_map(|(n, l)| (0..l.len()).map(move |i| (n, i)))
        .collect();
    let frames = live
        .eh_frames
        .iter_mut()
        .flat_map(|l| l.iter_mut().map(|(_, f)| f));
    let size = eh_frame::layout(frames.zip(flat.iter().map(|k| &k[..])));
    if size <= eh_frame::TERMINATOR_SIZE {
        return;
    }
    let mut s = new_section(b".eh_frame", elf::SHT_PROGBITS, elf::SHF_ALLOC, 8, 0);
    for (n, k) in places {
        if let Some((_, f)) = live.eh_frames.get(n).and_then(|l| l.get(k))
            && f.end() > f.start()
        {
            s.pieces.push(Piece {
                content: Content::EhFrame(n as u32, k as u16),
                offset: 1,
                size: f.end() - f.start(),
            });
        }
    }
    s.pieces.push(Piece {
        content: Content::Synth(Synth::EhFrameEnd),
        offset: 1,
        size: eh_frame::TERMINATOR_SIZE,
    });
    outputs.push(s);
}

fn section_named<'s, 'd>(
    outputs: &'s mut Vec<OutputSection<'d>>,
    name: &'static [u8],
    ty: u32,
    flags: u32,
) -> &'s mut OutputSection<'d> {
    // Sections of a system's own types are one for each type: `.SUNW_version` exists twice.
    let own = |t: u32| t >= elf::SHT_LOOS;
    let same = |s: &OutputSection<'_>| s.name == name && (s.ty == ty || !own(s.ty) || !own(ty));
    let i = match outputs.iter().position(same) {
        Some(i) => i,
        None => {
            outputs.push(new_section(name, ty, flags, 1, 0));
            outputs.len() - 1
        }
    };
    &mut outputs[i]
}

/// The objects' `.SUNW_cap` put together, with what mapfiles say.
fn merge_capabilities<E: Elf>(p: &Program<'_, E>, opts: &Options) -> sunw_cap::Bits {
    let mut bits = sunw_cap::Bits::default();
    for o in &p.objects {
        for (i, s) in (0u32..).zip(&o.sections) {
            if s.kind == Kind::Capabilities {
                bits.add::<E>(o.section_data(i));
            }
        }
    }
    bits.obey(&opts.sunw.mapfile.capabilities)
}

struct Builder<'a, 'd, A: Arch> {
    capabilities: sunw_cap::Bits,
    p: &'a Program<'d, A::Elf>,
    live: &'a Liveness,
    opts: &'a Options,
    rules: &'a LoadRules,
    interpreter: &'a [u8],
    outputs: Vec<OutputSection<'d>>,
    /// With a script: where the input sections are.
    assembled: Option<&'a script::assemble::Assembled<'d>>,
    slots: &'a SlotTable,
    dynsym: &'a DynSymbols,
    plt_style: PltStyle,
    interp: Vec<u8>,
    irelative: u64,
    rela_dyn: u64,
}

impl<A: Arch> Builder<'_, '_, A> {
    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        name: &'static [u8],
        what: Synth,
        ty: u32,
        flags: u32,
        align: u64,
        entsize: u64,
        size: u64,
    ) {
        if size == 0 {
            return;
        }
        let s = section_named(&mut self.outputs, name, ty, flags);
        s.flags |= u64::from(flags);
        s.entsize = if s.pieces.is_empty() {
            entsize
        } else {
            s.entsize
        };
        s.pieces.push(Piece {
            content: Content::Synth(what),
            offset: align,
            size,
        });
    }

    /// Adds all synthetic sections with their sizes.
    fn synthetic(&mut self, properties: &Properties, hash: (bool, bool)) {
        use elf::{SHF_ALLOC as A_, SHF_EXECINSTR as X, SHF_WRITE as W};
        let word = A::Elf::WORD as u64;
        let (p, opts) = (self.p, self.opts);
        if opts.kind == OutputKind::Relocatable {
            return;
        }
        let want_interp = p.dynamic
            && opts.kind.is_executable()
            && !opts.no_dynamic_linker
            && !(opts.static_output && opts.dynamic_linker.is_none());
        if want_interp {
            self.interp = match &opts.dynamic_linker {
                Some(i) => i.clone(),
                None => self.interpreter.to_vec(),
            };
        }
        if opts.kind == OutputKind::Shared
            && let Some(i) = &opts.dynamic_linker
        {
            self.interp = i.clone();
        }
        if !self.interp.is_empty() {
            self.interp.push(0);
            let size = self.interp.len() as u64;
            self.add(b".interp", Synth::Interp, elf::SHT_PROGBITS, A_, 1, 0, size);
        }
        let size = properties.size::<A::Elf>(A::MACHINE);
        self.add(
            b".note.gnu.property",
            Synth::NoteProperty,
            elf::SHT_NOTE,
            A_,
            word,
            0,
            size,
        );
        if opts.build_id != BuildId::None {
            let n = crate::synth::build_id::id_size(&opts.build_id);
            let size = crate::synth::build_id::note_size(b"GNU\0", n);
            self.add(
                b".note.gnu.build-id",
                Synth::BuildId,
                elf::SHT_NOTE,
                A_,
                4,
                0,
                size,
            );
        }
        if let Some(m) = &opts.package_metadata {
            let size = crate::synth::build_id::note_size(b"FDO\0", m.len() + 1);
            self.add(
                b".note.package",
                Synth::PackageMetadata,
                elf::SHT_NOTE,
                A_,
                4,
                0,
                size,
            );
        }
        if opts.gdb_index && crate::emit::gdb_index::is_wanted(&self.outputs) {
            self.add(
                b".gdb_index",
                Synth::GdbIndex,
                elf::SHT_PROGBITS,
                0,
                1,
                0,
                1,
            );
        }
        self.dynamic_tables(hash);
        self.tables();
        if opts.eh_frame_hdr || self.rules.eh_frame_hdr_always {
            let fdes: usize = self
                .live
                .eh_frames
                .iter()
                .flatten()
                .map(|(_, f)| f.kept_fdes())
                .sum();
            if self.outputs.iter().any(|s| s.name == b".eh_frame") {
                let size = crate::synth::eh_frame_hdr::size(fdes);
                self.add(
                    b".eh_frame_hdr",
                    Synth::EhFrameHdr,
                    elf::SHT_PROGBITS,
                    A_,
                    4,
                    0,
                    size,
                );
            }
        }
        let [rw, ro] = self.slots.copy_size;
        let [rw_align, ro_align] = self.slots.copy_align;
        self.add(
            b".bss",
            Synth::Copies,
            elf::SHT_NOBITS,
            A_ | W,
            rw_align.max(1),
            0,
            rw,
        );
        let name: &'static [u8] = if opts.z.relro {
            b".bss.rel.ro"
        } else {
            b".bss"
        };
        let ty = if opts.z.relro {
            elf::SHT_PROGBITS
        } else {
            elf::SHT_NOBITS
        };
        self.add(name, Synth::CopiesRelro, ty, A_ | W, ro_align.max(1), 0, ro);
        let header = A::plt_header_size(self.plt_style);
        let n = u64::from(self.slots.plt_entries);
        if n > 0 {
            let size = header + n * A::plt_entry_size(self.plt_style);
            self.add(
                b".plt",
                Synth::Plt,
                elf::SHT_PROGBITS,
                A_ | X,
                16,
                A::plt_entry_size(self.plt_style),
                size,
            );
            let sec = A::plt_sec_entry_size(self.plt_style);
            self.add(
                b".plt.sec",
                Synth::PltSec,
                elf::SHT_PROGBITS,
                A_ | X,
                16,
                sec,
                n * sec,
            );
        }
        let style = values::iplt_style(self.plt_style);
        let size = u64::from(self.slots.iplt_entries) * A::plt_entry_size(style);
        self.add(
            b".iplt",
            Synth::Iplt,
            elf::SHT_PROGBITS,
            A_ | X,
            16,
            A::plt_entry_size(style),
            size,
        );
        self.last_segment();
        let size = self.capabilities.size::<A::Elf>();
        self.add(
            b".SUNW_cap",
            Synth::SunwCap,
            sunw_cap::SHT_SUNW_CAP,
            A_,
            word,
            2 * word,
            size,
        );
        let size = ident(opts).len() as u64 + 1;
        if opts.sunw.no_ident {
            return;
        }
        if opts.strip != Strip::All || self.outputs.iter().any(|s| s.name == b".comment") {
            self.add(
                b".comment",
                Synth::Comment,
                elf::SHT_PROGBITS,
                elf::SHF_MERGE | elf::SHF_STRINGS,
                1,
                1,
                size,
            );
        }
    }

    fn dynamic_tables(&mut self, hash: (bool, bool)) {
        use elf::{SHF_ALLOC as A_, SHF_WRITE as W};
        if !self.p.dynamic {
            return;
        }
        let word = A::Elf::WORD as u64;
        let d = self.dynsym;
        let symbols = d.symbols.len() as u64 + 1;
        let sym = A::Elf::SYM_SIZE as u64;
        if hash.1
            && let Some(g) = &d.gnu
        {
            let size = g.size::<A::Elf>();
            self.add(
                b".gnu.hash",
                Synth::GnuHash,
                elf::SHT_GNU_HASH,
                A_,
                word,
                0,
                size,
            );
        }
        if hash.0 {
            let size = crate::synth::sysv_hash::size(symbols as u32);
            self.add(b".hash", Synth::SysvHash, elf::SHT_HASH, A_, word, 4, size);
        }
        let local = &d.local;
        self.add(
            b".SUNW_ldynsym",
            Synth::SunwLdynsym,
            sunw_ldynsym::SHT_SUNW_LDYNSYM,
            A_,
            word,
            sym,
            local.count() * sym,
        );
        self.add(
            b".dynsym",
            Synth::DynSym,
            elf::SHT_DYNSYM,
            A_,
            word,
            sym,
            symbols * sym,
        );
        self.add(
            b".dynstr",
            Synth::DynStr,
            elf::SHT_STRTAB,
            A_,
            1,
            0,
            d.dynstr.len() as u64,
        );
        for (name, what, ty, size, entry) in [
            (
                &b".SUNW_dynsymsort"[..],
                Synth::SunwSymSort,
                sunw_ldynsym::SHT_SUNW_SYMSORT,
                local.sorted * 4,
                4,
            ),
            (
                b".SUNW_dyntlssort",
                Synth::SunwTlsSort,
                sunw_ldynsym::SHT_SUNW_TLSSORT,
                local.sorted_tls * 4,
                4,
            ),
            (
                b".SUNW_syminfo",
                Synth::SunwSyminfo,
                sunw_syminfo::SHT_SUNW_SYMINFO,
                u64::from(d.has_syminfo) * symbols * sunw_syminfo::ENTRY,
                sunw_syminfo::ENTRY,
            ),
        ] {
            self.add(name, what, ty, A_, 4, entry, size);
        }
        let names: [&'static [u8]; 3] = match self.rules.version_tables {
            VersionTables::Gnu => [b".gnu.version", b".gnu.version_d", b".gnu.version_r"],
            VersionTables::Sunw => [b".SUNW_versym", b".SUNW_version", b".SUNW_version"],
        };
        if !d.versym.is_empty() {
            self.add(
                names[0],
                Synth::VerSym,
                elf::SHT_GNU_VERSYM,
                A_,
                2,
                2,
                symbols * 2,
            );
        }
        self.add(
            names[1],
            Synth::VerDef,
            elf::SHT_GNU_VERDEF,
            A_,
            word,
            0,
            d.verdef.len() as u64,
        );
        self.add(
            names[2],
            Synth::VerNeed,
            elf::SHT_GNU_VERNEED,
            A_,
            word,
            0,
            d.verneed.len() as u64,
        );
        // The number of entries does not depend on addresses.
        let entries = dynamic::count::<A>(
            self.p,
            self.live,
            self.opts,
            self.rules,
            d,
            &self.outputs_hint(),
        );
        let size = entries * A::Elf::DYN_SIZE as u64;
        let flags = if self.opts.z.rodynamic { A_ } else { A_ | W };
        self.add(
            b".dynamic",
            Synth::Dynamic,
            elf::SHT_DYNAMIC,
            flags,
            word,
            A::Elf::DYN_SIZE as u64,
            size,
        );
    }

    /// What `.dynamic` will speak of.
    fn outputs_hint(&self) -> dynamic::Present {
        let has = |name: &[u8]| {
            self.outputs
                .iter()
                .any(|s| s.name == name && s.pieces.iter().any(|p| p.size > 0))
                || self.assembled.is_some_and(|a| a.has_contents(name))
        };
        let rela = self.rela_entries();
        dynamic::Present {
            init_array: has(b".init_array"),
            fini_array: has(b".fini_array"),
            preinit_array: has(b".preinit_array"),
            rela: rela.0 > 0,
            relr: rela.2,
            plt: self.slots.plt_entries > 0,
            cap: self.capabilities.size::<A::Elf>() > 0,
        }
    }

    /// (entries of `.rela.dyn`, IRELATIVE ones among them, there is a `.relr.dyn`)
    fn rela_entries(&self) -> (u64, u64, bool) {
        let relr = self.opts.z.pack_relative_relocs && self.opts.kind.is_pic() && self.rules.relr;
        let from_sections: u64 = self.live.dynamic.iter().map(|d| u64::from(d.other)).sum();
        let packed: u64 = self
            .live
            .dynamic
            .iter()
            .map(|d| u64::from(d.relative))
            .sum();
        let got = got::costs::<A>(self.p, self.slots, self.opts);
        let copies = self.slots.copies.len() as u64;
        let mut rela = from_sections + got.other + got.irelative + copies;
        let relative = packed + got.relative;
        if !relr {
            rela += relative;
        }
        (rela, got.irelative, relr && relative > 0)
    }

    /// `.rela.dyn`, `.rela.plt`, `.relr.dyn`, `.got`, `.got.plt`.
    fn tables(&mut self) {
        use elf::{SHF_ALLOC as A_, SHF_INFO_LINK as I, SHF_WRITE as W};
        let word = A::Elf::WORD as u64;
        let rela_size = A::Elf::RELA_SIZE as u64;
        let (rela, irelative, relr) = self.rela_entries();
        self.irelative = irelative;
        self.rela_dyn = rela;
        self.add(
            b".rela.dyn",
            Synth::RelaDyn,
            elf::SHT_RELA,
            A_,
            word,
            rela_size,
            rela * rela_size,
        );
        if relr {
            // One word for a start; the layout is repeated once addresses are known.
            self.add(
                b".relr.dyn",
                Synth::RelrDyn,
                elf::SHT_RELR,
                A_,
                word,
                word,
                word,
            );
        }
        let plt = u64::from(self.slots.plt_entries);
        self.add(
            b".rela.plt",
            Synth::RelaPlt,
            elf::SHT_RELA,
            A_ | I,
            word,
            rela_size,
            plt * rela_size,
        );
        self.add(
            b".got",
            Synth::Got,
            elf::SHT_PROGBITS,
            A_ | W,
            word,
            word,
            u64::from(self.slots.got_words) * word,
        );
        let wanted = plt > 0
            || self.live.module.contains(Needs::GOTBASE)
            || self
                .p
                .symbols
                .linker
                .iter()
                .any(|l| l.what == crate::symbols::reserved::Reserved::GotBase)
            || (self.p.dynamic && self.rules.pltgot_always);
        if wanted {
            let words = A::GOTPLT_RESERVED as u64 + plt;
            self.add(
                b".got.plt",
                Synth::GotPlt,
                elf::SHT_PROGBITS,
                A_ | W,
                word,
                word,
                words * word,
            );
        }
    }

    /// Some platforms give the heap the protection of the last segment: a program without writable data gets a
    /// word of it.
    fn last_segment(&mut self) {
        let writable = |s: &OutputSection<'_>| {
            s.is_alloc()
                && s.flags & u64::from(elf::SHF_WRITE) != 0
                && s.pieces.iter().any(|p| p.size > 0)
        };
        if self.rules.last_load_writable
            && self.opts.kind == OutputKind::Executable
            && !self.outputs.iter().any(writable)
        {
            let word = A::Elf::WORD as u64;
            let flags = elf::SHF_ALLOC | elf::SHF_WRITE;
            self.add(
                b".bss",
                Synth::HeapModel,
                elf::SHT_NOBITS,
                flags,
                word,
                0,
                word,
            );
        }
    }

    /// `.symtab` and its strings, and the table of section names.
    fn symbol_table(&mut self, plan: &SymtabPlan) {
        if plan.count > 0 {
            let sym = A::Elf::SYM_SIZE as u64;
            let s = section_named(&mut self.outputs, b".symtab", elf::SHT_SYMTAB, 0);
            s.entsize = sym;
            s.info = plan.local_count;
            let align = A::Elf::WORD as u64;
            let mut push = |content, n: u64| {
                if n > 0 {
                    s.pieces.push(Piece {
                        content,
                        offset: 1,
                        size: n * sym,
                    });
                }
            };
            push(Content::Synth(Synth::SymtabNull), 1);
            for (i, part) in (0u32..).zip(&plan.parts) {
                push(Content::SymtabLocals(i), u64::from(part.locals));
            }
            push(
                Content::Synth(Synth::SymtabLinker),
                plan.linker_locals.len() as u64,
            );
            for (i, part) in (0u32..).zip(&plan.parts) {
                push(Content::SymtabGlobals(i), u64::from(part.globals));
            }
            push(
                Content::Synth(Synth::SymtabImports),
                plan.linker_globals.len() as u64,
            );
            s.align = align;
            let st = section_named(&mut self.outputs, b".strtab", elf::SHT_STRTAB, 0);
            st.pieces.push(Piece {
                content: Content::Synth(Synth::StrtabNull),
                offset: 1,
                size: 1,
            });
            for (i, part) in (0u32..).zip(&plan.parts) {
                if part.names > 0 {
                    st.pieces.push(Piece {
                        content: Content::Strtab(i),
                        offset: 1,
                        size: part.names,
                    });
                }
            }
            if plan.linker_names > 0 {
                let content = Content::Synth(Synth::StrtabLinker);
                st.pieces.push(Piece {
                    content,
                    offset: 1,
                    size: plan.linker_names,
                });
            }
        }
        // Its size is known when all names are.
        self.add(b".shstrtab", Synth::Shstrtab, elf::SHT_STRTAB, 0, 1, 0, 1);
    }
}

/// `-Trodata-segment`, `-Tldata-segment`: where the first section of the kind lies.
fn segment_starts(outputs: &mut [OutputSection<'_>], opts: &Options) {
    let large = u64::from(names::SHF_X86_64_LARGE);
    let mut place = |addr: Option<u64>, of_kind: &dyn Fn(&OutputSection<'_>) -> bool| {
        if addr.is_some()
            && let Some(s) = outputs.iter_mut().find(|s| s.is_alloc() && of_kind(s))
        {
            s.fixed_addr = s.fixed_addr.or(addr);
        }
    };
    place(opts.rodata_segment, &|s| s.name == b".rodata");
    place(opts.data_segment, &|s| {
        s.flags & u64::from(elf::SHF_WRITE) != 0
    });
    place(opts.ldata_segment, &|s| {
        s.flags & large != 0 && s.flags & u64::from(elf::SHF_WRITE) != 0
    });
}

/// Sorts the output sections by rank; empty ones go, unless a symbol is defined in one of their (empty) input sections.
/// `output_of` comes back with the new numbers.
fn sort_outputs<E: Elf>(
    outputs: &mut Vec<OutputSection<'_>>,
    p: &Program<'_, E>,
    mut output_of: Vec<u32>,
) -> Vec<u32> {
    let mut keep: Vec<bool> = outputs
        .iter()
        .map(|s| s.size > 0 || !s.is_alloc() && !s.pieces.is_empty())
        .collect();
    for t in &p.symbols.targets {
        if t.section != SectionId::NONE
            && let Some(k) = output_of
                .get(t.section.index())
                .and_then(|o| keep.get_mut(*o as usize))
        {
            *k = true;
        }
    }
    let mut order: Vec<usize> = (0..outputs.len())
        .filter(|i| keep.get(*i) == Some(&true))
        .collect();
    order.sort_by_key(|i| outputs.get(*i).map_or(0, |s| s.rank));
    let mut number = vec![u32::MAX; outputs.len()];
    for (new, old) in (0u32..).zip(&order) {
        if let Some(n) = number.get_mut(*old) {
            *n = new;
        }
    }
    let mut old: Vec<Option<OutputSection<'_>>> =
        std::mem::take(outputs).into_iter().map(Some).collect();
    outputs.extend(
        order
            .iter()
            .filter_map(|i| old.get_mut(*i).and_then(Option::take)),
    );
    for slot in &mut output_of {
        *slot = number.get(*slot as usize).copied().unwrap_or(u32::MAX);
    }
    output_of
}

fn number_synth(l: &mut Layout<'_>) {
    l.synth.clear();
    for (si, s) in (0u32..).zip(&l.outputs) {
        for (pi, piece) in (0u32..).zip(&s.pieces) {
            if let Content::Synth(what) = piece.content {
                l.synth.insert(what, (si, pi));
            }
        }
    }
}

/// The section name table.
fn name_sections(l: &mut Layout<'_>) {
    let mut tab = crate::synth::strtab::StrTab::new();
    let name = |s: &OutputSection<'_>| match s.relocs_of.and_then(|i| l.outputs.get(i as usize)) {
        Some(of) => tab.add(&[s.name, of.name].concat()),
        None => tab.add(s.name),
    };
    l.section_names = l.outputs.iter().map(name).collect();
    l.shstrtab = tab.finish().unwrap_or_default();
    let size = l.shstrtab.len() as u64;
    for s in &mut l.outputs {
        if s.name == b".shstrtab"
            && let Some(p) = s.pieces.first_mut()
        {
            p.size = size;
            s.size = size;
        }
    }
}

/// Addresses; repeated until the size of `.relr.dyn`, which depends on them, holds still.
fn settle<'d, A: Arch>(
    p: &Program<'d, A::Elf>,
    live: &Liveness,
    opts: &Options,
    mut placer: Option<&mut script::Placer<'_, 'd, A::Elf>>,
    report: &Report,
    par: Par,
    l: &mut Layout<'d>,
) {
    let plan = segment_plan::<A>(p, opts, l);
    let mut rounds = 0;
    loop {
        match &mut placer {
            None => l.placement = segments::place::<A>(&mut l.outputs, &plan, opts),
            Some(placer) => {
                placer.place::<A>(l, &plan);
                number_synth(l);
            }
        }
        l.segments = l.placement.segments.clone();
        l.values = values::compute::<A>(p, live, opts, l, par);
        if let Some(placer) = &placer {
            placer.symbols(l);
        }
        let Some(&(si, pi)) = l.synth.get(&Synth::RelrDyn) else {
            break;
        };
        let word = A::Elf::WORD as u64;
        let addresses = crate::emit::dynrel::relr_addresses::<A>(p, live, opts, l, par);
        let encoded = match crate::synth::relr::encode(&addresses, word) {
            Ok(e) => e,
            Err(e) => {
                report.error(format!(".relr.dyn: address {:#x} cannot be packed", e.0));
                break;
            }
        };
        let Some(s) = l.outputs.get_mut(si as usize) else {
            break;
        };
        let have = s.pieces.get(pi as usize).map_or(0, |p| p.size) / word;
        rounds += 1;
        // After a few rounds it only grows; a word of 1 says nothing.
        let want = if rounds > 3 {
            have.max(encoded.len() as u64)
        } else {
            encoded.len() as u64
        };
        l.relr = encoded;
        if want == have {
            l.relr.resize(want as usize, 1);
            break;
        }
        s.size = want * word;
        if let Some(piece) = s.pieces.get_mut(pi as usize) {
            piece.size = want * word;
        }
        if let Some(placer) = &mut placer {
            placer.resize(Synth::RelrDyn, want * word);
        }
    }
    l.place_headers::<A::Elf>(opts);
}

fn segment_plan<A: Arch>(p: &Program<'_, A::Elf>, opts: &Options, l: &Layout<'_>) -> SegmentPlan {
    let stack = match opts.z.execstack {
        Some(x) => x,
        None if l.rules.ignore_missing_stack_note => false,
        // GNU ld on x86: an object that asks for it makes the stack executable; silence is no request any more.
        None => p.objects.iter().any(|o| o.stack == Some(true)),
    };
    let stack_flags = elf::PF_R | elf::PF_W | if stack { elf::PF_X } else { 0 };
    let base = opts
        .image_base
        .unwrap_or(if opts.kind.is_pic() { 0 } else { A::IMAGE_BASE });
    SegmentPlan {
        interp: !l.interp.is_empty(),
        stack: if l.rules.sunw_stack {
            opts.z.execstack.map(|_| (PT_SUNWSTACK, stack_flags))
        } else if l.rules.gnu_stack && !opts.z.nognustack {
            Some((elf::PT_GNU_STACK, stack_flags))
        } else {
            None
        },
        stack_size: opts.z.stack_size,
        // A section put below the image leaves no place for them.
        headers_loaded: !l
            .outputs
            .iter()
            .any(|s| s.is_alloc() && s.fixed_addr.is_some_and(|a| a < base)),
    }
}
