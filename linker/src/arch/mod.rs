//! What an architecture is to the linker.
//!
//! An architecture is one file with one type implementing [`Arch`]: the ABI's story in its head comment,
//! its relocation types as a table, [`Arch::decide`] (what a relocation asks for), [`Arch::patch`] (how the
//! value gets into the bytes, including rewritten instructions) and the bytes of its PLT. The walk over
//! relocations, GOT and PLT allocation, and dynamic relocations are the same for all and live in `live/`
//! and `emit/`. Static dispatch: the linker is instantiated once for each architecture.
//!
//! `decide` is a pure function of its arguments and is called twice for each relocation, by the scan (which
//! allocates what the action needs) and by the writer (which computes the value); so the two cannot disagree.

mod address;
mod bytes;
pub mod i386;
pub mod x86_64;

use crate::elf::{Elf, Reloc};
use crate::options::OutputKind;

bitflags::bitflags! {
    /// What `decide` may know about a relocation's symbol. One dense word a symbol, fixed before the scan.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct SymFlags: u16 {
        /// Bound by the run-time linker: defined in a shared object, left undefined, or preemptible.
        const IMPORTED = 1;
        /// STT_FUNC (or NOTYPE in a shared object's code): a PLT entry can stand for it.
        const FUNC = 2;
        /// STT_GNU_IFUNC defined in this output.
        const IFUNC = 4;
        /// STT_TLS.
        const TLS = 8;
        /// The value does not move with the load address (SHN_ABS, and undefined weak resolved to 0).
        const ABS = 16;
        /// Undefined weak, resolved to 0 at link time (never set together with IMPORTED).
        const UNDEF_WEAK = 32;
        /// Undefined and to be reported.
        const UNDEFINED = 64;
        /// STV_PROTECTED in the shared object that defines it: no copy relocation is possible.
        const PROTECTED = 128;
        /// Lies in a mergeable section: its address depends on the addend when it is a section symbol.
        const SECTION = 256;
        /// The defining shared object is `-z nocopyreloc`-like (GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS).
        const NO_COPY = 512;
        /// May lie more than 2 GiB away from the code (a section with SHF_X86_64_LARGE): loads through the GOT
        /// stay as they are.
        const FAR = 1024;
        /// Known to lie below 2 GiB at run time (small position-dependent program at a low base): its address
        /// may become a 32-bit immediate.
        const LOW = 2048;
        /// Any of these, and a reference may be more than an address; without them [`Arch::plain`] holds.
        const SPECIAL = Self::IMPORTED.bits() | Self::IFUNC.bits() | Self::TLS.bits() | Self::ABS.bits()
            | Self::UNDEF_WEAK.bits() | Self::UNDEFINED.bits() | Self::PROTECTED.bits() | Self::NO_COPY.bits();
    }
}

/// The relocation types that nearly all relocations have, for which [`Arch::decide`] says the same of every symbol
/// without a [`SymFlags::SPECIAL`] flag in a loaded section. The scan and the writer need not ask it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Not one of them.
    No,
    /// The distance from the place to the symbol; nothing is left for the run-time linker.
    Distance,
    /// The address in a word; the load address is added to it in position-independent output.
    Word,
}

bitflags::bitflags! {
    /// What a symbol needs besides its address. Collected by the scan with atomic or; decides the sizes of
    /// `.got`, `.plt`, `.rela.dyn` and friends.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Needs: u16 {
        /// A GOT word with its address.
        const GOT = 1;
        /// A PLT entry.
        const PLT = 2;
        /// The PLT entry is the function's address in this program (its address is taken): a canonical PLT.
        const CPLT = 4;
        /// Two GOT words: module id and offset (general dynamic).
        const TLSGD = 8;
        /// A GOT word with the offset from the thread pointer (initial exec).
        const GOTTP = 16;
        /// Two GOT words: a TLS descriptor.
        const TLSDESC = 32;
        /// A copy of a shared object's variable in this program.
        const COPY = 64;
        /// A dynamic symbol (a symbolic dynamic relocation names it).
        const DYNSYM = 128;
        /// The two GOT words for the module's own TLS block (local dynamic); on the module, not a symbol.
        const TLSLD = 256;
        /// The address of the GOT itself (`_GLOBAL_OFFSET_TABLE_`).
        const GOTBASE = 512;
    }
}

/// What `decide` may know about the output.
#[derive(Clone, Copy, Debug)]
pub struct OutputTraits {
    pub kind: OutputKind,
    /// No dynamic section: IRELATIVE relocations are applied by the start code.
    pub is_static: bool,
    /// Instruction and TLS relaxation allowed (`--relax`, default).
    pub relax: bool,
    /// Copy relocations allowed (`-z copyreloc`, default).
    pub copyreloc: bool,
    /// The section being relocated occupies memory at run time; otherwise (debug sections) every relocation
    /// is resolved statically.
    pub alloc: bool,
    /// The section being relocated is writable: dynamic relocations cost no text relocation.
    pub writable: bool,
    /// TLS descriptors exist on this platform (illumos: no).
    pub tlsdesc: bool,
}

impl OutputTraits {
    /// Whether dynamic TLS models become static ones.
    pub fn relaxes_tls(&self) -> bool {
        relaxes_tls(self.kind, self.relax, self.is_static)
    }
}

/// Whether dynamic TLS models become static ones. A function of the output alone, as a local-dynamic sequence
/// and the offsets added to its result must agree without seeing each other. A static program has nobody to
/// fill in module numbers, so it is always so there.
pub fn relaxes_tls(kind: OutputKind, relax: bool, is_static: bool) -> bool {
    kind.is_executable() && (relax || is_static)
}

/// What a relocation's value starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Nothing: the relocation has no effect.
    None,
    /// The symbol's address; its canonical PLT entry or its copy when it has one.
    Sym,
    /// The symbol's PLT entry when it has one, else its address.
    Plt,
    /// Address of the symbol's GOT word.
    Got,
    /// Address of the symbol's general-dynamic pair.
    TlsGd,
    /// Address of the module's local-dynamic pair.
    TlsLd,
    /// Address of the GOT word holding the symbol's thread-pointer offset.
    GotTp,
    /// Address of the symbol's TLS descriptor.
    TlsDesc,
    /// Offset of the symbol from the thread pointer.
    TpOff,
    /// Offset of the symbol from the start of its module's TLS block.
    DtpOff,
    /// st_size of the symbol.
    Size,
    /// Address of `_GLOBAL_OFFSET_TABLE_`.
    GotBase,
}

/// What is subtracted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Minus {
    Nothing,
    /// The address of the place being relocated.
    Place,
    /// The address of `_GLOBAL_OFFSET_TABLE_`.
    GotBase,
}

/// What the run-time linker is left to do at the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dynamic {
    Nothing,
    /// Add the load address (RELATIVE, or RELR).
    Relative,
    /// Look the symbol up (`Arch::R_ABS` or the same type).
    Symbolic,
    /// Call the IFUNC resolver (IRELATIVE); the place holds or adds the resolver's address.
    Irelative,
}

/// Why a relocation cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Needs a run-time relocation that this type or place cannot have: recompile with -fPIC / -fPIE.
    NotPic,
    /// Local-exec TLS in a shared object: recompile with -fPIC.
    TlsLocalExecInShared,
    /// A TLS relocation against a symbol that is not TLS, or the other way round.
    TlsMismatch,
    /// Copy relocation against a protected symbol, or copies are forbidden.
    NoCopy,
    /// PC-relative reference to an absolute symbol in position-independent output.
    AbsFromPic,
    /// Not a type of this architecture's psABI, or one that only dynamic objects may have.
    Unknown,
    /// The platform's run-time linker cannot do it (IFUNC, TLSDESC).
    Platform,
}

/// What a relocation asks for: `base + addend - minus`, patched in by [`Arch::patch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    pub base: Base,
    pub minus: Minus,
    pub dynamic: Dynamic,
    /// What the symbol needs because of it.
    pub needs: Needs,
    /// The architecture's own number for an instruction rewrite; 0 = none.
    pub rewrite: u8,
    /// How many of the following relocations belong to the rewritten sequence and are to be skipped
    /// (the call to `__tls_get_addr` after a relaxed general-dynamic sequence: 1).
    pub skip_next: u8,
    pub problem: Option<Problem>,
}

impl Action {
    pub const NONE: Action = Action {
        base: Base::None,
        minus: Minus::Nothing,
        dynamic: Dynamic::Nothing,
        needs: Needs::empty(),
        rewrite: 0,
        skip_next: 0,
        problem: None,
    };

    pub const fn new(base: Base, minus: Minus) -> Action {
        Action {
            base,
            minus,
            ..Action::NONE
        }
    }

    pub const fn problem(p: Problem) -> Action {
        Action {
            problem: Some(p),
            ..Action::NONE
        }
    }

    pub const fn needs(mut self, needs: Needs) -> Action {
        self.needs = needs;
        self
    }

    pub const fn dynamic(mut self, dynamic: Dynamic) -> Action {
        self.dynamic = dynamic;
        self
    }

    pub const fn rewrite(mut self, rewrite: u8) -> Action {
        self.rewrite = rewrite;
        self
    }
}

/// A value that does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow {
    pub value: i128,
    pub min: i128,
    pub max: i128,
}

/// Why patching failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchError {
    Overflow(Overflow),
    /// The field (or the instruction to rewrite) reaches outside the section.
    OutOfSection,
    /// The bytes around the place are not the instruction that the psABI prescribes for this type.
    BadInstruction,
}

/// Which form of PLT the output has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PltStyle {
    /// Header, and entries that push their index: lazy binding. psABI figure "Procedure Linkage Table".
    Lazy,
    /// Lazy with ENDBR64: `.plt` holds the lazy part, `.plt.sec` what is called (IBT).
    LazyIbt,
    /// No header; every entry is one indirect jump through its GOT word (`-z now`, `.plt.got`).
    Now,
    NowIbt,
}

/// Everything the writer knows at one place; addresses are absolute virtual addresses.
#[derive(Clone, Copy, Debug)]
pub struct PltEntry {
    /// Index among the entries with a JUMP_SLOT relocation.
    pub index: u32,
    /// Address of this entry (in `.plt`, or `.plt.sec` for its second half).
    pub address: u64,
    /// Address of the GOT word it jumps through.
    pub got_word: u64,
    /// Address of the PLT header.
    pub header: u64,
    /// Address of `_GLOBAL_OFFSET_TABLE_`.
    pub got_base: u64,
    /// The load address is unknown, and code that calls through the PLT has said where the GOT is in the way
    /// its psABI prescribes (i386: `%ebx`).
    pub pic: bool,
}

pub trait Arch: Copy + Send + Sync + 'static {
    type Elf: Elf;

    /// e_machine.
    const MACHINE: u16;
    /// As in messages and `--help`.
    const NAME: &'static str;
    /// Names `-m` takes for it.
    const EMULATIONS: &'static [&'static str];
    /// Bytes.
    const MAX_PAGE_SIZE: u64;
    const COMMON_PAGE_SIZE: u64;
    /// Default load address of position-dependent programs.
    const IMAGE_BASE: u64;
    /// Bytes that fill gaps in executable sections.
    const CODE_FILL: u8;
    /// The mark of indirect branch targets, where the architecture has one that can be rewritten.
    const ENDBR: Option<crate::live::endbr::Endbr> = None;
    /// Dynamic relocation types.
    const R_NONE: u32;
    /// Word-sized symbol + addend.
    const R_ABS: u32;
    /// Four bytes of symbol + addend, as debug sections refer to each other.
    const R_ABS32: u32;
    const R_RELATIVE: u32;
    const R_GLOB_DAT: u32;
    const R_JUMP_SLOT: u32;
    const R_COPY: u32;
    const R_IRELATIVE: u32;
    const R_DTPMOD: u32;
    const R_DTPOFF: u32;
    const R_TPOFF: u32;
    const R_TLSDESC: u32;
    /// Words at the start of `.got.plt` that belong to the run-time linker.
    const GOTPLT_RESERVED: usize;
    /// Whether dynamic relocations carry their addends (RELA).
    const IS_RELA: bool;

    /// `R_X86_64_PC32`, for messages; None when the psABI has no such type.
    fn reloc_name(ty: u32) -> Option<&'static str>;

    /// Whether `decide` and `patch` can be passed by for this type and symbols that are nothing special.
    #[inline(always)]
    fn plain(_ty: u32) -> Plain {
        Plain::No
    }

    /// Bytes the type's field occupies at `offset`; 0 for markers.
    fn field_size(ty: u32) -> usize;

    /// What relocation `r` asks for. `code` is the whole input section (empty for NOBITS), so that the
    /// instruction around the place can be looked at; `next` is the relocation after it, if any.
    fn decide(
        r: &Reloc,
        next: Option<&Reloc>,
        sym: SymFlags,
        out: &OutputTraits,
        code: &[u8],
    ) -> Action;

    /// Puts `value` (already `base + addend - minus`) at `offset` in `code` and rewrites the instruction as
    /// `action.rewrite` says. `code` starts at the beginning of the input section.
    fn patch(r: &Reloc, action: &Action, value: u64, code: &mut [u8]) -> Result<(), PatchError>;

    /// Whether the place does no more with the symbol than to call it or jump to it: no address is taken.
    fn only_calls(r: &Reloc, code: &[u8]) -> bool;

    /// The relocation that describes the place after `action` has rewritten its instruction.
    fn rewritten(r: &Reloc, _action: &Action) -> Reloc {
        *r
    }

    /// Plain store of `value` into a field of type `ty` in a section without instructions (debug sections).
    fn patch_data(ty: u32, offset: u64, value: u64, data: &mut [u8]) -> Result<(), PatchError>;

    /// The addend of a REL relocation, read from the section's bytes.
    fn implicit_addend(ty: u32, offset: u64, data: &[u8]) -> i64;

    fn plt_header_size(style: PltStyle) -> u64;
    fn plt_entry_size(style: PltStyle) -> u64;
    /// Bytes of an entry in `.plt.sec`; 0 when the style has none.
    fn plt_sec_entry_size(style: PltStyle) -> u64;
    /// The header, for which `index` and `got_word` mean nothing and `address` is `header`.
    fn write_plt_header(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>);
    fn write_plt_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>);
    fn write_plt_sec_entry(style: PltStyle, e: &PltEntry, out: &mut Vec<u8>);
    /// Where a lazy `.got.plt` word points at first, relative to the start of its `.plt` entry.
    fn lazy_got_offset(style: PltStyle) -> u64;

    /// Thread pointer's place: the offset from the thread pointer of an address `addr` in a TLS segment at
    /// `tls_addr` of `tls_size` bytes, with its end rounded up by `align` (bytes, power of two).
    fn tp_offset(addr: u64, tls_addr: u64, tls_size: u64, align: u64) -> i64;
}
