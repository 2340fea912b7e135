//! Output sections: which input sections and synthetic parts they are made of, in which order.

use std::collections::HashMap;

use object::elf;

use super::map_assign::{self, Assignments};
use super::names::{self, SHF_X86_64_LARGE, Traits};
use super::order::Order;
use crate::elf::Elf;
use crate::input::object::{Kind, Section};
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::script::Glob;
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, State, SymbolId};

/// A synthetic section, or the linker's part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Synth {
    /// ELF header and program headers; in no section.
    Headers,
    Interp,
    NoteProperty,
    BuildId,
    PackageMetadata,
    GnuHash,
    SysvHash,
    DynSym,
    DynStr,
    VerSym,
    VerDef,
    VerNeed,
    SunwLdynsym,
    SunwSymSort,
    SunwTlsSort,
    SunwSyminfo,
    SunwCap,
    RelaDyn,
    RelrDyn,
    RelaPlt,
    Plt,
    PltSec,
    Iplt,
    EhFrameHdr,
    EhFrameEnd,
    SFrame,
    Dynamic,
    Got,
    GotPlt,
    /// Copies of shared objects' variables: writable, and in RELRO.
    Copies,
    CopiesRelro,
    /// A word of writable memory in a program that has none.
    HeapModel,
    Comment,
    SymtabNull,
    /// `--emit-relocs`: a symbol for each output section.
    SymtabSections,
    SymtabLinker,
    SymtabImports,
    SymtabXindex,
    StrtabNull,
    StrtabLinker,
    Shstrtab,
    SectionHeaders,
    /// A place for what is known only when all debugging information is.
    GdbIndex,
}

/// What stands at a place of an output section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Section(SectionId),
    /// Merged strings or constants: index into [`super::Layout::merged`].
    Merged(u32),
    /// One object's part of `.eh_frame`: object, number in its list.
    EhFrame(u32, u16),
    Common(SymbolId),
    /// `--emit-relocs`: the records of an input section, of an object's part of `.eh_frame`.
    Relocs(SectionId),
    FrameRelocs(u32, u16),
    /// Bytes of [`OutputSection::made`], at the piece's offset.
    Made,
    Synth(Synth),
    /// One object's local or global symbols, and their names.
    SymtabLocals(u32),
    SymtabGlobals(u32),
    Strtab(u32),
    /// Bytes that a linker script wrote: index into [`super::Layout::texts`].
    Text(u32),
    /// A gap that a script fills with the text of this number again and again; 0: as gaps are filled without one.
    Gap(u32),
}

/// A part of an output section.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub content: Content,
    /// Bytes from the start of the output section.
    pub offset: u64,
    pub size: u64,
}

#[derive(Clone, Debug)]
pub struct OutputSection<'d> {
    pub name: &'d [u8],
    pub ty: u32,
    pub flags: u64,
    /// Bytes, a power of two.
    pub align: u64,
    pub entsize: u64,
    pub pieces: Vec<Piece>,
    pub size: u64,
    /// Virtual address; 0 for sections that are not loaded.
    pub addr: u64,
    /// Load address less virtual address, wrapping (linker scripts: `AT`).
    pub load_delta: u64,
    /// File offset in bytes.
    pub offset: u64,
    pub relro: bool,
    pub rank: u32,
    /// Place among sections of the same rank.
    pub order: u32,
    /// The mapfile's segment it was put into, by number and one; 0 where it goes by its flags.
    pub own: u16,
    /// sh_link as the section it names; filled in for the header table.
    pub link: Option<Synth>,
    pub info: u32,
    /// An address given by `--section-start`.
    pub fixed_addr: Option<u64>,
    /// SHF_LINK_ORDER: the input section it is linked to.
    pub link_order: Option<SectionId>,
    /// The whole contents, when they were made before the file is written (compressed sections).
    pub made: Vec<u8>,
    /// `--emit-relocs`: index of the output section whose relocations these are.
    pub relocs_of: Option<u32>,
}

impl OutputSection<'_> {
    pub fn is_alloc(&self) -> bool {
        self.flags & u64::from(elf::SHF_ALLOC) != 0
    }
    pub fn is_nobits(&self) -> bool {
        self.ty == elf::SHT_NOBITS
    }
    pub fn is_tls(&self) -> bool {
        self.flags & u64::from(elf::SHF_TLS) != 0
    }
    /// `.tbss`: takes no addresses of its own.
    pub fn is_tbss(&self) -> bool {
        self.is_tls() && self.is_nobits()
    }
}

pub fn new_section(
    name: &'static [u8],
    ty: u32,
    flags: u32,
    align: u64,
    entsize: u64,
) -> OutputSection<'static> {
    OutputSection {
        name,
        ty,
        flags: u64::from(flags),
        align,
        entsize,
        pieces: Vec::new(),
        size: 0,
        addr: 0,
        load_delta: 0,
        offset: 0,
        relro: false,
        rank: 0,
        order: 0,
        own: 0,
        link: None,
        info: 0,
        fixed_addr: None,
        link_order: None,
        made: Vec::new(),
        relocs_of: None,
    }
}

/// Flags an output section takes over from its input sections.
const KEPT_FLAGS: u64 = (elf::SHF_WRITE | elf::SHF_ALLOC | elf::SHF_EXECINSTR | elf::SHF_TLS)
    as u64
    | SHF_X86_64_LARGE as u64;

/// Names among which looking at each is faster than hashing.
const FEW_NAMES: usize = 24;

/// One object's sections with their output section among `names`.
struct Sorted<'d> {
    names: Vec<&'d [u8]>,
    /// Sections that get an output section of their own (`--unique`), by number.
    unique: Vec<u32>,
    /// (section number, index into `names`, order in the output section)
    list: Vec<(u32, u32, u32)>,
    /// By index into `names`: the mapfile's segment; empty without one.
    own: Vec<u16>,
}

/// One member of an output section before it is placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) order: u32,
    pub(super) content: Content,
    size: u64,
    pub(super) align: u64,
}

/// The output sections made of input sections.
#[derive(Default)]
pub struct Collected<'d> {
    pub outputs: Vec<OutputSection<'d>>,
    /// By section number: index into `outputs`, u32::MAX for none.
    pub output_of: Vec<u32>,
}

/// Sections to be merged, with the output section they go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MergeKey {
    pub output: u32,
    pub entsize: u32,
    pub strings: bool,
    pub align_log2: u8,
}

fn sort_sections<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    opts: &Options,
    unique: &[Glob],
    assignments: Option<&Assignments<'_>>,
    n: usize,
) -> Sorted<'d> {
    let mut out = Sorted {
        names: Vec::new(),
        unique: Vec::new(),
        list: Vec::new(),
        own: Vec::new(),
    };
    let Some(o) = p.objects.get(n) else {
        return out;
    };
    let mut known: HashMap<&[u8], u32> = HashMap::new();
    for (i, s) in (0u32..).zip(&o.sections) {
        let wanted = match s.kind {
            Kind::Regular | Kind::Merge => live.is_live(o.section_id(i)),
            _ => false,
        };
        if !wanted {
            continue;
        }
        let name = o.section_name(i);
        let to = names::output_name(name, opts.z.keep_text_section_prefix);
        let orphan = || opts.unique_orphans && s.is_alloc() && !names::is_placed(to);
        if unique.iter().any(|g| g.matches(name)) || orphan() {
            out.unique.push(i);
            out.names.push(name);
            out.own.resize(
                if assignments.is_some() {
                    out.names.len()
                } else {
                    0
                },
                0,
            );
            out.list.push((
                i,
                out.names.len() as u32 - 1,
                names::order_in_section(name, to),
            ));
            continue;
        }
        if let Some(assignments) = assignments {
            let found = assignments.find(o, s, name);
            let mut known = out.names.iter().zip(&out.own);
            let index = known.position(|(n, own)| *n == to && *own == found.own);
            let index = index.unwrap_or(out.names.len());
            if index == out.names.len() {
                out.names.push(to);
                out.own.push(found.own);
            }
            let order = found
                .order
                .saturating_add(names::order_in_section(name, to));
            out.list.push((i, index as u32, order));
            continue;
        }
        let last = out
            .list
            .last()
            .filter(|l| out.unique.last() != Some(&l.0))
            .map(|l| l.1)
            .filter(|l| out.names.get(*l as usize) == Some(&to));
        let few = out.names.len() < FEW_NAMES;
        let index = last
            .or_else(|| {
                let mut names = out.names.iter().take(if few { FEW_NAMES } else { 0 });
                names.position(|n| *n == to).map(|at| at as u32)
            })
            .unwrap_or_else(|| {
                if known.is_empty() && !few {
                    known.extend(out.names.iter().copied().zip(0..));
                }
                let next = out.names.len() as u32;
                let index = if few {
                    next
                } else {
                    *known.entry(to).or_insert(next)
                };
                if index == next {
                    out.names.push(to);
                }
                index
            });
        out.list.push((i, index, names::order_in_section(name, to)));
    }
    out
}

/// Distributes all live input sections over output sections. `merge` is told every mergeable one and answers when a
/// merged part is to stand there.
pub fn collect<'d, E: Elf>(
    p: &Program<'d, E>,
    live: &Liveness,
    opts: &Options,
    order: Option<&Order>,
    par: Par,
    mut merge: impl FnMut(MergeKey, SectionId) -> Option<u32>,
) -> Collected<'d> {
    let unique: Vec<Glob> = opts.unique.iter().map(|g| Glob::new(g)).collect();
    let assignments = map_assign::plan(&opts.sunw.mapfile);
    let sorted = par.map_range(p.objects.len(), |n| {
        sort_sections(p, live, opts, &unique, assignments.as_ref(), n)
    });
    let mut index: HashMap<(&'d [u8], u16), u32> = HashMap::new();
    let mut outputs: Vec<OutputSection<'d>> = Vec::new();
    let mut members: Vec<Vec<Member>> = Vec::new();
    let mut output_of = vec![u32::MAX; p.symbols.sections];
    for (o, sorted) in p.objects.iter().zip(&sorted) {
        let alone: Vec<u32> = sorted
            .list
            .iter()
            .filter(|l| sorted.unique.binary_search(&l.0).is_ok())
            .map(|l| l.1)
            .collect();
        let mut open = |name: &'d [u8], own: u16| {
            let mut s = new_section(b"", elf::SHT_NULL, 0, 1, 0);
            (s.name, s.own) = (name, own);
            outputs.push(s);
            members.push(Vec::new());
            outputs.len() as u32 - 1
        };
        let map: Vec<u32> = (0u32..)
            .zip(&sorted.names)
            .map(|(i, name)| {
                let own = sorted.own.get(i as usize).copied().unwrap_or(0);
                if alone.binary_search(&i).is_ok() {
                    open(name, own)
                } else {
                    *index.entry((name, own)).or_insert_with(|| open(name, own))
                }
            })
            .collect();
        for &(shndx, local, order) in &sorted.list {
            let Some(&to) = map.get(local as usize) else {
                continue;
            };
            let (Some(s), Some(out), Some(list)) = (
                o.sections.get(shndx as usize),
                outputs.get_mut(to as usize),
                members.get_mut(to as usize),
            ) else {
                continue;
            };
            join(out, s);
            if s.flags & elf::SHF_LINK_ORDER != 0 && out.link_order.is_none() && s.link != 0 {
                out.link_order = Some(o.section_id(s.link));
            }
            let id = o.section_id(shndx);
            if let Some(slot) = output_of.get_mut(id.index()) {
                *slot = to;
            }
            if s.kind == Kind::Merge {
                let key = MergeKey {
                    output: to,
                    entsize: s.entsize,
                    strings: s.flags & elf::SHF_STRINGS != 0,
                    align_log2: s.align_log2,
                };
                if let Some(n) = merge(key, id) {
                    list.push(Member {
                        order,
                        content: Content::Merged(n),
                        size: 0,
                        align: s.align(),
                    });
                }
                continue;
            }
            list.push(Member {
                order,
                content: Content::Section(id),
                size: s.size,
                align: s.align(),
            });
        }
    }
    // Every `.note.*` of its own name; a section keeps SHF_LINK_ORDER only when all its members are sorted by it.
    for (out, list) in outputs.iter_mut().zip(&mut members) {
        if out.link_order.is_some() {
            sort_by_link(p, list, &output_of);
        } else if list
            .iter()
            .any(|m| m.order != list.first().map_or(0, |f| f.order))
        {
            list.sort_by_key(|m| m.order);
        }
        if let Some(order) = order.filter(|_| out.is_alloc() && out.link_order.is_none()) {
            order.sort(p, out.name, list);
        }
        out.pieces = list
            .iter()
            .map(|m| Piece {
                content: m.content,
                offset: m.align,
                size: m.size,
            })
            .collect();
    }
    Collected { outputs, output_of }
}

/// SHF_LINK_ORDER: in the order of the sections they are linked to (gABI, "sh_flags").
fn sort_by_link<E: Elf>(p: &Program<'_, E>, list: &mut [Member], output_of: &[u32]) {
    list.sort_by_key(|m| {
        let Content::Section(id) = m.content else {
            return (u32::MAX, u32::MAX);
        };
        let (n, shndx) = p.owner(id);
        let Some(o) = p.objects.get(n) else {
            return (u32::MAX, u32::MAX);
        };
        let link = o.sections.get(shndx as usize).map_or(0, |s| s.link);
        let to = o.section_id(link);
        (output_of.get(to.index()).copied().unwrap_or(u32::MAX), to.0)
    });
}

/// An output section takes part in the nature of an input section.
pub(super) fn join(out: &mut OutputSection<'_>, s: &Section) {
    let merge_flags = s.flags & (elf::SHF_MERGE | elf::SHF_STRINGS);
    if out.ty == elf::SHT_NULL {
        out.ty = s.ty;
        out.entsize = u64::from(s.entsize);
        out.flags |= u64::from(merge_flags);
    } else {
        if out.ty != s.ty {
            // Code and data together are data; something with contents is not NOBITS.
            out.ty = match (out.ty, s.ty) {
                (elf::SHT_NOBITS, t) | (t, elf::SHT_NOBITS) => t,
                (elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY, _) => out.ty,
                (_, t @ (elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY)) => t,
                _ => elf::SHT_PROGBITS,
            };
        }
        if out.entsize != u64::from(s.entsize) {
            out.entsize = 0;
        }
        let mixed =
            out.flags & u64::from(elf::SHF_MERGE | elf::SHF_STRINGS) & !u64::from(merge_flags);
        out.flags &= !mixed;
        if out.entsize == 0 {
            out.flags &= !u64::from(elf::SHF_MERGE | elf::SHF_STRINGS);
        }
    }
    out.flags |= u64::from(s.flags) & KEPT_FLAGS;
    out.align = out.align.max(s.align());
}

/// Common symbols get their places in `.bss` (TLS ones in `.tbss`).
pub fn commons<E: Elf>(p: &Program<'_, E>) -> Vec<(SymbolId, u64, u64, bool)> {
    let mut list = Vec::new();
    for (i, info) in (0u32..).zip(&p.symbols.info) {
        if info.state != State::Common {
            continue;
        }
        let Some(o) = info.file.as_object().and_then(|f| p.objects.get(f)) else {
            continue;
        };
        let s = o.symbol(info.sym);
        let align = if s.value.is_power_of_two() {
            s.value
        } else {
            1
        };
        list.push((SymbolId(i), s.size, align, s.sym_type() == elf::STT_TLS));
    }
    // In the order of their files, so that it does not depend on how names hash.
    list.sort_by_key(|(id, ..)| {
        let info = p.symbols.info(*id);
        (info.file, info.sym)
    });
    list
}

/// Gives the pieces their offsets: `Piece::offset` holds the alignment until now.
pub fn place_pieces(out: &mut OutputSection<'_>, merged_size: impl Fn(u32) -> u64) {
    let mut at = 0u64;
    for piece in &mut out.pieces {
        let align = piece.offset.max(1);
        if let Content::Merged(n) = piece.content {
            piece.size = merged_size(n);
        }
        out.align = out.align.max(align);
        at = at.saturating_add(align - 1) & !(align - 1);
        piece.offset = at;
        at = at.saturating_add(piece.size);
    }
    out.size = at;
}

/// Sets rank and RELRO of a section.
pub fn classify(out: &mut OutputSection<'_>, opts: &Options) {
    out.relro = opts.z.relro && names::is_relro(out.name, out.ty, out.flags, opts.z.now);
    out.rank = names::rank(&Traits {
        name: out.name,
        ty: out.ty,
        flags: out.flags,
        relro: out.relro,
    });
}
