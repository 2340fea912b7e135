//! What a platform's kernel and run-time linker accept, as plain data.
//!
//! The linker obeys these fields when it makes an output, and the verifier applies them to finished
//! headers. A difference between platforms is a field here, never a test of the platform's name.

/// How the thread pointer's distance to the executable's TLS block is computed on TLS variant II.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsRounding {
    /// The block's size is rounded up to PT_TLS `p_align` (ELF TLS specification).
    SegmentAlignment,
    /// The block's size is rounded up to this many bytes, whatever `p_align` says (illumos ld.so.1).
    Fixed(u64),
}

/// Where a symbol version is read from when a shared object is an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// DT_VERSYM, DT_VERDEF, DT_VERNEED.
    Dynamic,
    /// Sections `.SUNW_version`/`SHT_GNU_verdef` and so on: the dynamic tags may be missing.
    Sections,
}

/// The order of PT_PHDR and PT_INTERP relative to PT_LOAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhdrRule {
    /// PT_PHDR only together with PT_INTERP (glibc's static start code copes without; GNU ld's habit).
    WithInterp,
    /// PT_PHDR in every position-independent program, static ones too (OpenBSD).
    Always,
    /// PT_PHDR and PT_INTERP, both or neither, and before every PT_LOAD (illumos kernel: a program
    /// with PT_PHDR and no PT_INTERP is killed at exec).
    BothOrNeitherFirst,
}

/// In which sections and tags symbol versions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionTables {
    /// `.gnu.version*`, with DT_VERSYM: versions of single symbols may be hidden.
    Gnu,
    /// `.SUNW_version`, `.SUNW_versym`: the same records, found through section headers, no DT_VERSYM.
    Sunw,
}

/// The rules of one platform for one architecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRules {
    /// Name for messages: `linux`, `illumos`.
    pub name: &'static str,
    /// Run-time linker put into PT_INTERP when the command line names none.
    pub interpreter: Option<&'static str>,
    /// A program whose command line names no run-time linker has the platform's; otherwise it has none.
    pub interpreter_by_default: bool,
    /// Longest name of a run-time linker that the kernel takes, with its NUL, in bytes.
    pub interpreter_limit: usize,
    /// EI_OSABI of outputs that use no GNU extension.
    pub osabi: u8,
    /// EI_OSABI of outputs with IFUNC or GNU_UNIQUE symbols.
    pub osabi_gnu: u8,
    /// EI_ABIVERSION of outputs.
    pub abi_version: u8,
    pub phdr: PhdrRule,
    /// DT_HASH must be present.
    pub sysv_hash_required: bool,
    /// The run-time linker can look symbols up by DT_GNU_HASH alone.
    pub gnu_hash: bool,
    /// DT_RELR is understood.
    pub relr: bool,
    /// STT_GNU_IFUNC and IRELATIVE are understood.
    pub ifunc: bool,
    /// STB_GNU_UNIQUE is understood.
    pub gnu_unique: bool,
    /// A program's TLS block is module 1, always; otherwise its number comes by a relocation.
    pub program_is_module_one: bool,
    /// A TPOFF relocation without symbol means the module's own block; otherwise it needs a local symbol in
    /// `.dynsym` to be known as one of a thread-local variable.
    pub tpoff_without_symbol: bool,
    /// TLS descriptors are understood.
    pub tlsdesc: bool,
    pub tls_rounding: TlsRounding,
    /// `.rela.dyn` and `.rela.plt` must be adjacent.
    pub adjacent_relocs: bool,
    /// The run-time linker adds to the word a RELATIVE relocation stands on, so that word must be 0.
    pub zero_under_rela: bool,
    /// Reserved words at the start of the table DT_PLTGOT points at.
    pub pltgot_words: u32,
    /// DT_PLTGOT is present even when there is no PLT.
    pub pltgot_always: bool,
    /// No two PT_LOAD segments of a shared object may share a page.
    pub segments_own_pages: bool,
    /// The last PT_LOAD of an executable must be readable and writable (illumos takes the heap's
    /// protection from it).
    pub last_load_writable: bool,
    /// `.dynamic` must be writable in an executable (DT_DEBUG is stored into).
    pub dynamic_writable: bool,
    /// A missing `.note.GNU-stack` says nothing about the stack.
    pub ignore_missing_stack_note: bool,
    /// Emit PT_GNU_STACK.
    pub gnu_stack: bool,
    /// Emit PT_SUNWSTACK when an executable stack is asked for.
    pub sunw_stack: bool,
    /// Emit PT_GNU_PROPERTY; some loaders refuse headers they do not know.
    pub gnu_property: bool,
    /// Copy relocations are understood.
    pub copy_relocations: bool,
    /// Libraries may use the initial-exec model (TPOFF relocations, DF_STATIC_TLS).
    pub static_tls: bool,
    /// Emit PT_GNU_RELRO.
    pub relro: bool,
    /// Code stands in pages of its own, unless an option says otherwise.
    pub separate_code: bool,
    /// Read-only data has a segment of its own, unless an option says otherwise.
    pub rosegment: bool,
    /// PT_GNU_EH_FRAME is wanted without `--eh-frame-hdr`.
    pub eh_frame_hdr_always: bool,
    /// The platform's libraries may hold SHN_ABS, STT_FUNC, value 0 symbols that are filters:
    /// references to them stay dynamic.
    pub filter_symbols: bool,
    /// Reserved symbols that every dynamic output exports.
    pub exported_reserved: &'static [&'static str],
    /// Local symbols that every output has: its start and its end.
    pub markers: &'static [&'static str],
    /// Every global symbol of a program is in its `.dynsym`.
    pub exports_all: bool,
    /// Local functions are in the dynamic symbol table too, for stack traces (`.SUNW_ldynsym`).
    pub local_dynsym: bool,
    /// DT_RPATH and DT_RUNPATH, both.
    pub both_run_paths: bool,
    /// The system's own dynamic tags are written (DT_SUNW_*), in its linker's order.
    pub sunw_tags: bool,
    /// `-M FILE` names a mapfile.
    pub mapfiles: bool,
    /// SHF_ flag of sections that are never collected; objects whose EI_OSABI is GNU use SHF_GNU_RETAIN.
    pub retain_flag: u32,
    /// Position-independent outputs must be linked at address 0.
    pub base_zero: bool,
    /// Directories searched after those on the command line; inside the sysroot.
    pub library_dirs: &'static [&'static str],
    pub versions_from: VersionSource,
    pub version_tables: VersionTables,
    /// Page size that segments are aligned to, in bytes.
    pub max_page_size: u64,
    /// Smallest page size the platform runs with, in bytes.
    pub common_page_size: u64,
    /// Lowest address an executable may be linked at by default.
    pub default_base: u64,
}

/// Where GNU ld's x86-64 emulations look on multiarch and lib64 systems.
const COMMON_DIRS: &[&str] = &[
    "/usr/local/lib/x86_64-linux-gnu",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/local/lib64",
    "/lib64",
    "/usr/lib64",
    "/usr/local/lib",
    "/lib",
    "/usr/lib",
];

impl LoadRules {
    /// What most ELF systems of today have in common; a platform states its differences.
    pub const fn common(
        name: &'static str,
        max_page_size: u64,
        common_page_size: u64,
        is_64: bool,
    ) -> LoadRules {
        LoadRules {
            name,
            interpreter: None,
            interpreter_by_default: true,
            // PATH_MAX of most systems; Linux has 4096.
            interpreter_limit: 1024,
            osabi: 0,
            osabi_gnu: 3,
            abi_version: 0,
            phdr: PhdrRule::WithInterp,
            sysv_hash_required: false,
            gnu_hash: true,
            relr: true,
            ifunc: true,
            gnu_unique: false,
            program_is_module_one: true,
            tpoff_without_symbol: true,
            tlsdesc: true,
            tls_rounding: TlsRounding::SegmentAlignment,
            adjacent_relocs: false,
            zero_under_rela: false,
            pltgot_words: 3,
            pltgot_always: false,
            segments_own_pages: false,
            last_load_writable: false,
            dynamic_writable: false,
            ignore_missing_stack_note: false,
            gnu_stack: true,
            sunw_stack: false,
            gnu_property: true,
            copy_relocations: true,
            static_tls: true,
            relro: true,
            separate_code: true,
            rosegment: true,
            eh_frame_hdr_always: false,
            filter_symbols: false,
            exported_reserved: &[],
            markers: &[],
            exports_all: false,
            local_dynsym: false,
            both_run_paths: false,
            sunw_tags: false,
            mapfiles: false,
            // SHF_GNU_RETAIN.
            retain_flag: 0x20_0000,
            base_zero: false,
            library_dirs: COMMON_DIRS,
            versions_from: VersionSource::Dynamic,
            version_tables: VersionTables::Gnu,
            max_page_size,
            common_page_size,
            default_base: if is_64 { 0x40_0000 } else { 0x804_8000 },
        }
    }
}
