//! The values that options choose among: kinds of output, of build IDs, of what is stripped, sorted, reported.

use std::ffi::OsString;
use std::path::PathBuf;

/// One thing on the command line that yields input files, in command-line order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputArg {
    pub kind: InputKind,
    pub mode: InputMode,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A file named by its path: object, archive, shared object or linker script.
    File(PathBuf),
    /// `-lNAME` or `-l:FILE`: searched for in the library directories (the leading `:` is kept).
    Library(OsString),
    /// `--start-group` / `-(`.
    StartGroup,
    /// `--end-group` / `-)`.
    EndGroup,
    /// `--start-lib`: objects up to the matching [`InputKind::EndLib`] behave as members of one archive.
    StartLib,
    EndLib,
    /// `-b binary` / `--format=binary` file: its bytes become the `.data` of an object.
    Binary(PathBuf),
    /// `--just-symbols` / `-R FILE`: only the symbols' addresses are used.
    JustSymbols(PathBuf),
    /// `--defsym=NAME=EXPR` (text after the first `=`), in its place among the inputs.
    Defsym {
        name: Vec<u8>,
        expression: Vec<u8>,
    },
}

/// Positional state that is in force at an input (saved and restored by `--push-state`/`--pop-state`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputMode {
    /// `--as-needed`: a shared object only gets DT_NEEDED when it resolves a reference.
    pub as_needed: bool,
    /// `-Bstatic`: `-l` finds archives only.
    pub static_libs: bool,
    /// `--whole-archive`: every member is linked.
    pub whole_archive: bool,
    /// `--copy-dt-needed-entries`: symbols of the libraries this one needs count as found.
    pub copy_dt_needed: bool,
    /// Solaris' `-z direct`: symbols are bound to this library, whoever else defines them.
    pub direct: bool,
    /// `-z lazyload`: the library is loaded when something of it is first used.
    pub lazyload: bool,
    /// `-z deferred`: … and its functions are never bound before that.
    pub deferred: bool,
    /// `-z groupperm`: the library sees only its group.
    pub group_perm: bool,
}

/// The kind of file that is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputKind {
    /// Position-dependent executable (ET_EXEC).
    #[default]
    Executable,
    /// Position-independent executable (ET_DYN with DF_1_PIE).
    Pie,
    /// Shared object (ET_DYN).
    Shared,
    /// `-r`: relocatable object (ET_REL).
    Relocatable,
}

/// `--build-id[=KIND]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BuildId {
    #[default]
    None,
    /// `fast` and `tree`: 20 bytes of our own choice of hash.
    Fast,
    Md5,
    Sha1,
    Sha256,
    Uuid,
    /// `0x...`: these bytes.
    Hex(Vec<u8>),
}

/// `--hash-style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashStyle {
    pub sysv: bool,
    pub gnu: bool,
}

/// `-s`, `-S`: what of the symbol table and debug sections stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strip {
    #[default]
    None,
    /// `-S`: no debug sections.
    Debug,
    /// `-s`: no debug sections and no `.symtab`.
    All,
}

/// `-x`, `-X`: which local symbols stay in `.symtab`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiscardLocals {
    /// Default of GNU ld: `.L` names in mergeable sections go, others stay.
    #[default]
    SecMerge,
    /// `--discard-none`.
    None,
    /// `-X`: names starting with `.L` go.
    Temporary,
    /// `-x`: all local symbols go.
    All,
}

/// `--unresolved-symbols`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// Report all: the default.
    ReportAll,
    IgnoreAll,
    IgnoreInObjectFiles,
    IgnoreInSharedLibs,
}

/// `-Bsymbolic` and its kin: which own definitions of a shared object cannot be interposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Symbolic {
    #[default]
    None,
    All,
    Functions,
    NonWeak,
    NonWeakFunctions,
}

/// `--compress-debug-sections`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompressDebug {
    #[default]
    None,
    /// Level 1..=9, 0 = default.
    Zlib(u8),
    /// The same in the older form with `.zdebug` names.
    ZlibGnu(u8),
    /// Level 1..=22, 0 = default.
    Zstd(u8),
}

/// `--sort-section`: how input sections of one output section are ordered where a script does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortSection {
    #[default]
    None,
    Name,
    Alignment,
}

/// One pattern of a `--section-ordering-file`: input sections that match stand before those of later rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderRule {
    /// Only in this output section.
    pub output: Option<Vec<u8>>,
    /// Glob for the file's name, or the archive member's.
    pub file: Option<Vec<u8>>,
    /// Glob for the section's name.
    pub section: Vec<u8>,
}

/// Where undefined or relocation trouble is a warning, an error or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Ignore,
    Warn,
    Error,
}

impl OutputKind {
    /// Whether the load address is unknown at link time.
    pub fn is_pic(self) -> bool {
        matches!(self, OutputKind::Pie | OutputKind::Shared)
    }
    /// Whether this is a program (not a library, not an object).
    pub fn is_executable(self) -> bool {
        matches!(self, OutputKind::Executable | OutputKind::Pie)
    }
}
