//! Output sections: which input sections and synthetic parts they are made of, in which order.

use object::elf;

use super::names::{self, SHF_X86_64_LARGE, Traits};
use crate::elf::Elf;
use crate::input::object::Section;
use crate::options::Options;
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

/// One member of an output section before it is placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) order: u32,
    pub(super) content: Content,
    pub(super) size: u64,
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

/// The type an input section has in the output: what calls itself one of the linker's own tables is only bytes there.
fn output_type(ty: u32) -> u32 {
    match ty {
        elf::SHT_HASH
        | elf::SHT_DYNAMIC
        | elf::SHT_DYNSYM
        | elf::SHT_SYMTAB_SHNDX
        | elf::SHT_GNU_HASH
        | elf::SHT_GNU_VERDEF
        | elf::SHT_GNU_VERNEED
        | elf::SHT_GNU_VERSYM => elf::SHT_PROGBITS,
        _ => ty,
    }
}

/// What kind of thing a section is; of several, together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nature {
    ty: u32,
    flags: u64,
    /// Bytes; 0 when they differ.
    entsize: u64,
    /// Bytes, a power of two.
    align: u64,
}

const MERGE_FLAGS: u64 = (elf::SHF_MERGE | elf::SHF_STRINGS) as u64;

impl Nature {
    /// Of no section at all.
    pub(super) const NONE: Nature = Nature {
        ty: elf::SHT_NULL,
        flags: 0,
        entsize: 0,
        align: 1,
    };

    pub(super) fn of(s: &Section) -> Nature {
        Nature {
            ty: output_type(s.ty),
            flags: u64::from(s.flags) & (KEPT_FLAGS | MERGE_FLAGS),
            entsize: u64::from(s.entsize),
            align: s.align(),
        }
    }

    /// Adds what comes behind. Adding one after the other or groups of them gives the same.
    pub(super) fn join(&mut self, s: Nature) {
        if self.ty == elf::SHT_NULL {
            self.ty = s.ty;
            self.entsize = s.entsize;
            self.flags |= s.flags & MERGE_FLAGS;
        } else {
            if self.ty != s.ty {
                // Code and data together are data; something with contents is not NOBITS.
                self.ty = match (self.ty, s.ty) {
                    (elf::SHT_NOBITS, t) | (t, elf::SHT_NOBITS) => t,
                    (elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY, _) => {
                        self.ty
                    }
                    (
                        _,
                        t @ (elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY),
                    ) => t,
                    _ => elf::SHT_PROGBITS,
                };
            }
            if self.entsize != s.entsize {
                self.entsize = 0;
            }
            self.flags &= s.flags | !MERGE_FLAGS;
            if self.entsize == 0 {
                self.flags &= !MERGE_FLAGS;
            }
        }
        self.flags |= s.flags & KEPT_FLAGS;
        self.align = self.align.max(s.align);
    }
}

/// An output section takes part in the nature of what goes into it.
pub(super) fn join(out: &mut OutputSection<'_>, with: Nature) {
    let mut n = Nature {
        ty: out.ty,
        flags: out.flags,
        entsize: out.entsize,
        align: out.align,
    };
    n.join(with);
    (out.ty, out.flags, out.entsize, out.align) = (n.ty, n.flags, n.entsize, n.align);
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
