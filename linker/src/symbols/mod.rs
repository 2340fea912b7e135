//! Symbols: names, definitions, what is exported.
//!
//! Reading order: `intern.rs` (names to numbers), `resolve.rs` (which definition wins, which archive members are
//! linked), `wave.rs` (members parsed ahead, in parallel), `bind.rs` and `program.rs` (the result: one [`Target`] a symbol), `owners.rs` (which
//! object a section is of), `versions.rs` (version scripts, exports), `closure.rs` (undefined symbols of libraries),
//! `duplicates.rs`, `conflicts.rs` (definitions that differ), `remarks.rs` (what is said about single symbols).
//!
//! A symbol is a dense number. Interned names come first (`0..globals`), then every object's local symbols, object
//! by object; so one flat array serves for "what does this symbol need".

pub mod asserted;
pub mod bind;
mod claims;
pub mod closure;
pub mod conflicts;
pub mod duplicates;
pub mod intern;
mod owners;
pub mod program;
pub mod remarks;
pub mod reserved;
pub mod resolve;
pub mod roots;
pub mod versions;
pub mod wave;

use crate::arch::SymFlags;

/// Number of a symbol: an interned name, or a local symbol (`Object::local_base` + its index).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub u32);

impl SymbolId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Number of an input section: `Object::section_base` + its number in the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub u32);

impl SectionId {
    pub const NONE: SectionId = SectionId(u32::MAX);
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The file that defines a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileRef(u32);

impl FileRef {
    /// Nobody.
    pub const NONE: FileRef = FileRef(u32::MAX);
    /// The linker itself: reserved symbols, `--defsym`, script assignments.
    pub const LINKER: FileRef = FileRef(u32::MAX - 1);
    const SHARED: u32 = 1 << 31;

    pub fn object(i: usize) -> FileRef {
        FileRef(i as u32)
    }
    pub fn shared(i: usize) -> FileRef {
        FileRef(i as u32 | Self::SHARED)
    }
    pub fn as_object(self) -> Option<usize> {
        (self.0 & Self::SHARED == 0).then_some(self.0 as usize)
    }
    pub fn as_shared(self) -> Option<usize> {
        (self.0 & Self::SHARED != 0 && self != Self::NONE && self != Self::LINKER)
            .then_some((self.0 & !Self::SHARED) as usize)
    }
}

/// How far resolution has come for a name. The order is that of rising strength.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Seen only as a name in an archive index or as a group signature.
    #[default]
    None,
    /// Weakly referred to.
    UndefWeak,
    /// Referred to by a shared object only.
    UndefShared,
    /// Referred to.
    Undef,
    /// Defined by a shared object.
    Shared,
    DefWeak,
    Common,
    Def,
    /// Defined by the linker, `--defsym` or a script.
    Linker,
}

bitflags::bitflags! {
    /// Who has seen a name.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Seen: u8 {
        /// A relocatable object refers to it.
        const REF_OBJECT = 1;
        /// … not only weakly.
        const REF_STRONG = 2;
        /// A shared object refers to it.
        const REF_SHARED = 4;
        /// A shared object defines it too.
        const DEF_SHARED = 8;
        /// `-u`, `--require-defined`, the entry: kept by `--gc-sections`.
        const ROOT = 16;
        /// `-y`.
        const TRACE = 32;
        /// Defined by `PROVIDE`-like assignment only if somebody refers to it.
        const REF_SHARED_STRONG = 64;
        /// Referred to by an object built for LTO.
        const IN_GROUP = 128;
    }
}

/// The winning definition of a name so far.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    pub file: FileRef,
    /// Number of the symbol in that file.
    pub sym: u32,
    pub state: State,
    /// STV_ value: the most constraining of all relocatable objects'.
    pub visibility: u8,
    pub seen: Seen,
}

impl Default for Info {
    fn default() -> Self {
        Info {
            file: FileRef::NONE,
            sym: 0,
            state: State::None,
            visibility: 0,
            seen: Seen::empty(),
        }
    }
}

/// What a relocation meets: where a global symbol lies and how it may be reached.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The input section that defines it, or [`SectionId::NONE`].
    pub section: SectionId,
    pub flags: SymFlags,
}

/// The more constraining of two visibilities (gABI, "Symbol Visibility": internal, hidden, protected, default).
pub fn merge_visibility(a: u8, b: u8) -> u8 {
    match (a, b) {
        (0, v) | (v, 0) => v,
        (a, b) => a.min(b),
    }
}
