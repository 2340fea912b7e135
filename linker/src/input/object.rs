//! A relocatable object: its section and symbol tables, checked once, then read in place.
//!
//! gABI, "Sections", "Symbol Table", "Section Groups". Parsing reads the section headers and the *global*
//! symbols' names; local symbols, relocations and contents are looked at only if the object is linked.
//! Offsets, sizes and links that come out of here lie inside the file.

mod parse;

use object::elf;
use object::read::ReadRef;

pub(super) use self::parse::table;
pub use self::parse::{ParseOptions, Parsed, is_ctors, is_debug_name, parse};
use super::InputName;
use crate::elf::{Elf, RawSym, Relocs, Sym, sym};
use crate::merge::simd::zero_mask_32;
use crate::symbols::{SectionId, SymbolId};

/// Large-model commons (x86-64 psABI, "Special Section Indexes").
const SHN_X86_64_LCOMMON: u16 = 0xff02;
pub const SHF_GNU_RETAIN: u32 = 1 << 21;
/// What compilers before COMDAT groups wrote: the section's name is the group's.
pub const LINKONCE: &[u8] = b".gnu.linkonce.";

/// How the linker treats an input section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Takes no part: tables of the object itself, excluded sections.
    Skip,
    /// Member of a COMDAT group of which another object's copy is linked.
    Discarded,
    /// Copied and relocated.
    Regular,
    /// SHF_MERGE: equal pieces are shared.
    Merge,
    /// `.eh_frame`: taken apart into CIEs and FDEs.
    EhFrame,
    /// `.note.gnu.property`: merged.
    Property,
    /// `.SUNW_cap`: merged.
    Capabilities,
}

/// One section header, narrowed to what the linker needs. Indexed by its number in the object.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// File offset in bytes (contents lie inside the file unless NOBITS).
    pub offset: u64,
    /// Bytes in memory (uncompressed).
    pub size: u64,
    /// Offset of the name in the section name table.
    pub name: u32,
    pub ty: u32,
    /// SHF_ flags; all that exist lie in the low 32 bits.
    pub flags: u32,
    pub link: u32,
    pub info: u32,
    pub entsize: u32,
    /// Section number of the SHT_RELA/SHT_REL that applies to this one; 0 = none.
    pub relocs: u32,
    /// log2 of the alignment in bytes.
    pub align_log2: u8,
    pub kind: Kind,
}

impl Section {
    pub fn is_alloc(&self) -> bool {
        self.flags & elf::SHF_ALLOC != 0
    }
    pub fn is_nobits(&self) -> bool {
        self.ty == elf::SHT_NOBITS
    }
    pub fn align(&self) -> u64 {
        1 << self.align_log2
    }
}

/// A plugin's claim on a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The host's number for the plugin.
    pub plugin: usize,
    /// The host's number for the file.
    pub file: u32,
}

/// A section group.
#[derive(Clone, Debug)]
pub struct Group<'d> {
    /// GRP_COMDAT: only one group of this signature is linked.
    pub comdat: bool,
    /// Index into the object's names (globals first, then extra names) of the signature.
    pub signature: u32,
    /// Number of the SHT_GROUP section.
    pub section: u32,
    /// Its members' section numbers as the file has them; each is one of the object's ([`members`]).
    pub members: &'d [[u8; 4]],
}

/// The section numbers of a group's members.
pub fn members<'d, E: Elf>(g: &Group<'d>) -> impl Iterator<Item = u32> + use<'d, E> {
    g.members.iter().map(word::<E>)
}

/// A 32-bit word of a file.
pub fn word<E: Elf>(w: &[u8; 4]) -> u32 {
    if E::BIG_ENDIAN {
        u32::from_be_bytes(*w)
    } else {
        u32::from_le_bytes(*w)
    }
}

/// Where a symbol is defined, as its object says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Undefined,
    Absolute,
    Common,
    Section(u32),
    /// A reserved or out-of-range section number.
    Invalid(u16),
}

pub struct Object<'d, E: Elf> {
    pub name: InputName,
    pub data: &'d [u8],
    pub sections: Vec<Section>,
    section_names: &'d [u8],
    /// All symbols, the null symbol and locals first.
    pub symbols: &'d [RawSym<E>],
    strtab: &'d [u8],
    /// Index of the first global symbol (sh_info of the symbol table).
    pub first_global: u32,
    xindex: &'d [[u8; 4]],
    /// Interned names: one for each global symbol, then one for each group signature that is not global.
    pub names: Vec<SymbolId>,
    pub groups: Vec<Group<'d>>,
    /// Uncompressed contents of SHF_COMPRESSED sections, by section number; and the records of SHT_CREL sections.
    pub uncompressed: Vec<(u32, &'d [u8])>,
    /// SectionId of section number 0.
    pub section_base: u32,
    /// SymbolId of local symbol number 0.
    pub local_base: u32,
    /// `.note.GNU-stack` seen: Some(executable).
    pub stack: Option<bool>,
    /// Compiled by GCC for link-time optimisation: holds its intermediate code.
    pub lto: bool,
    /// … and no machine code.
    pub slim_lto: bool,
    /// It is a file of intermediate code that a plugin has claimed (`lto/object.rs`).
    pub ir: Option<Claim>,
    /// A plugin has made it of intermediate code.
    pub compiled: bool,
    /// e_flags.
    pub e_flags: u32,
    pub osabi: u8,
    /// Holds `.ctors` or `.dtors` sections, whose entries run last to first.
    pub has_ctors: bool,
    /// From an archive that `--exclude-libs` names.
    pub excluded_lib: bool,
    /// Its sections are left out when nothing refers to them, even without `--gc-sections`.
    pub collected: bool,
    /// What it defines counts only where nobody else defines it (mapfiles).
    pub yields: bool,
    /// Numbers of the sections that may be linked though nothing refers to them: those that are not loaded, and those that
    /// their name, type or flags keep.
    pub kept: Vec<u32>,
    /// Numbers of the sections that are read as a whole: `.eh_frame`, `.note.gnu.property`, `.SUNW_cap`.
    pub special: Vec<u32>,
    /// Has global symbols of GNU's own kinds (IFUNC, UNIQUE).
    pub has_gnu_symbols: bool,
    /// Numbers of its `.gnu.warning.NAME` sections.
    pub warnings: Vec<u32>,
    /// Numbers of its `.llvm.call-graph-profile` and `.llvm_addrsig` sections; 0: none.
    pub call_graph: u32,
    pub addrsig: u32,
    /// Number of its `.deplibs` section; 0: none.
    pub deplibs: u32,
    /// Its `.sframe` sections.
    pub sframes: Vec<u32>,
    /// Some symbol's name holds an `@`.
    pub has_versioned_names: bool,
    /// Made by the linker of something else (`made.rs`).
    pub made: bool,
    /// Numbers of its `.gnu.linkonce.X.NAME` sections.
    pub linkonce: Vec<u32>,
    /// Sections that are no part of an output (SHF_EXCLUDE), so their symbols define nothing.
    pub excluded: Vec<u32>,
}

/// The NUL-terminated string at `offset`; empty when out of range.
///
/// Names are short and there are millions of them, so the search stands here, without a call.
#[inline(always)]
pub fn string_at(table: &[u8], offset: u32) -> &[u8] {
    let s = table.get(offset as usize..).unwrap_or(&[]);
    let mut at = 0;
    while let Some(block) = s.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        let zeros = zero_mask_32(block);
        if zeros != 0 {
            return s.get(..at + zeros.trailing_zeros() as usize).unwrap_or(&[]);
        }
        at += 32;
    }
    let rest = s.get(at..).unwrap_or(&[]);
    let end = memchr::memchr(0, rest).map_or(s.len(), |end| at + end);
    s.get(..end).unwrap_or(&[])
}

impl<'d, E: Elf> Object<'d, E> {
    /// An object of these parts and nothing else. Symbol 0 is the null symbol, all others are global.
    pub fn from_symbols(
        name: InputName,
        data: &'d [u8],
        sections: Vec<Section>,
        symbols: &'d [RawSym<E>],
        strtab: &'d [u8],
    ) -> Self {
        Object {
            name,
            data,
            sections,
            section_names: &[],
            symbols,
            strtab,
            first_global: u32::from(!symbols.is_empty()),
            xindex: &[],
            names: Vec::new(),
            groups: Vec::new(),
            uncompressed: Vec::new(),
            section_base: 0,
            local_base: 0,
            stack: None,
            lto: false,
            slim_lto: false,
            ir: None,
            compiled: false,
            e_flags: 0,
            osabi: 0,
            excluded_lib: false,
            has_ctors: false,
            kept: Vec::new(),
            special: Vec::new(),
            has_gnu_symbols: false,
            warnings: Vec::new(),
            has_versioned_names: memchr::memchr(b'@', strtab).is_some(),
            collected: false,
            yields: false,
            call_graph: 0,
            addrsig: 0,
            deplibs: 0,
            sframes: Vec::new(),
            made: false,
            linkonce: Vec::new(),
            excluded: Vec::new(),
        }
    }

    pub fn section_name(&self, shndx: u32) -> &'d [u8] {
        self.sections
            .get(shndx as usize)
            .map_or(&[][..], |s| string_at(self.section_names, s.name))
    }

    /// What a section whose contents stand packed in the file was unpacked to.
    #[inline]
    fn unpacked(&self, shndx: u32) -> Option<&'d [u8]> {
        if self.uncompressed.is_empty() {
            return None;
        }
        let i = self
            .uncompressed
            .binary_search_by_key(&shndx, |u| u.0)
            .ok()?;
        self.uncompressed.get(i).map(|u| u.1)
    }

    /// Contents of a section; empty for NOBITS.
    #[inline]
    pub fn section_data(&self, shndx: u32) -> &'d [u8] {
        let Some(s) = self.sections.get(shndx as usize) else {
            return &[];
        };
        if s.is_nobits() {
            return &[];
        }
        if let Some(bytes) = self.unpacked(shndx) {
            return bytes;
        }
        self.data
            .get(s.offset as usize..(s.offset + s.size) as usize)
            .unwrap_or(&[])
    }

    /// The relocations that apply to a section.
    #[inline]
    pub fn relocs(&self, shndx: u32) -> Relocs<'d, E> {
        let Some(s) = self.sections.get(shndx as usize) else {
            return Relocs::EMPTY;
        };
        if s.relocs == 0 {
            return Relocs::EMPTY;
        }
        self.records(s.relocs)
    }

    /// The relocations that apply to a section that takes no part in the link itself.
    pub fn records_for(&self, shndx: u32) -> Relocs<'d, E> {
        let applies = |s: &Section| {
            matches!(s.ty, elf::SHT_RELA | elf::SHT_REL) && s.info == shndx && s.size > 0
        };
        match self.sections.iter().position(applies) {
            Some(i) => self.records(i as u32),
            None => Relocs::EMPTY,
        }
    }

    /// The records of a relocation section.
    #[inline]
    fn records(&self, shndx: u32) -> Relocs<'d, E> {
        let Some(r) = self.sections.get(shndx as usize) else {
            return Relocs::EMPTY;
        };
        let size = usize::try_from(r.size).unwrap_or(0);
        let (data, at) = match self.unpacked(shndx) {
            Some(records) => (records, 0),
            None => (self.data, r.offset),
        };
        if r.ty == elf::SHT_RELA {
            Relocs::Rela(data.read_slice_at(at, size / E::RELA_SIZE).unwrap_or(&[]))
        } else {
            let record = size_of::<crate::elf::RawRel<E>>();
            Relocs::Rel(data.read_slice_at(at, size / record).unwrap_or(&[]))
        }
    }

    #[inline(always)]
    pub fn symbol(&self, index: u32) -> Sym {
        self.symbols
            .get(index as usize)
            .map(sym::<E>)
            .unwrap_or_default()
    }

    /// What is wrong when symbol `index`, of the first part of the table, is not a local one.
    pub fn not_local(&self, index: u32) -> String {
        format!(
            "symbol table: symbol {index} is not local but stands among the local ones (sh_info {})",
            self.first_global
        )
    }

    /// The table its symbols' names stand in.
    pub fn strtab(&self) -> &'d [u8] {
        self.strtab
    }

    pub fn symbol_name(&self, s: &Sym) -> &'d [u8] {
        string_at(self.strtab, s.name)
    }

    /// The name of a symbol whose length is known.
    pub fn name_bytes(&self, s: &Sym, length: usize) -> Option<&'d [u8]> {
        let start = s.name as usize;
        self.strtab.get(start..start.checked_add(length)?)
    }

    /// Where symbol number `index` is defined.
    #[inline]
    pub fn place(&self, index: u32, s: &Sym) -> Place {
        match s.shndx {
            elf::SHN_UNDEF => Place::Undefined,
            elf::SHN_ABS => Place::Absolute,
            elf::SHN_COMMON | SHN_X86_64_LCOMMON => Place::Common,
            elf::SHN_XINDEX => {
                let n = self.xindex.get(index as usize).map_or(0, word::<E>);
                if (n as usize) < self.sections.len() {
                    Place::Section(n)
                } else {
                    Place::Invalid(s.shndx)
                }
            }
            n if n >= elf::SHN_LORESERVE => Place::Invalid(n),
            n if usize::from(n) < self.sections.len() => Place::Section(u32::from(n)),
            n => Place::Invalid(n),
        }
    }

    /// The global SymbolId of symbol number `index`: interned for globals, the object's own for locals.
    #[inline(always)]
    pub fn symbol_id(&self, index: u32) -> SymbolId {
        match index.checked_sub(self.first_global) {
            Some(g) => self
                .names
                .get(g as usize)
                .copied()
                .unwrap_or(SymbolId(self.local_base)),
            None => SymbolId(self.local_base + index),
        }
    }

    /// The sections of a kind that is read as a whole.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = u32> + '_ {
        let is = move |i: &u32| {
            self.sections
                .get(*i as usize)
                .is_some_and(|s| s.kind == kind)
        };
        self.special.iter().copied().filter(is)
    }

    #[inline(always)]
    pub fn section_id(&self, shndx: u32) -> SectionId {
        SectionId(self.section_base + shndx)
    }

    /// Numbers of all global symbols.
    pub fn globals(&self) -> std::ops::Range<u32> {
        self.first_global..self.symbols.len() as u32
    }
}
