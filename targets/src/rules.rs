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
    /// PT_PHDR may stand alone.
    Free,
    /// PT_PHDR only together with PT_INTERP (glibc's static start code copes without; GNU ld's habit).
    WithInterp,
    /// PT_PHDR in every position-independent program, static ones too (OpenBSD).
    Always,
    /// PT_PHDR and PT_INTERP, both or neither, and before every PT_LOAD (illumos kernel: a program
    /// with PT_PHDR and no PT_INTERP is killed at exec).
    BothOrNeitherFirst,
}

/// The rules of one platform for one architecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRules {
    /// Name for messages: `linux`, `illumos`.
    pub name: &'static str,
    /// Run-time linker put into PT_INTERP when the command line names none.
    pub interpreter: Option<&'static str>,
    /// EI_OSABI of outputs that use no GNU extension.
    pub osabi: u8,
    /// EI_OSABI of outputs with IFUNC or GNU_UNIQUE symbols.
    pub osabi_gnu: u8,
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
    /// Emit PT_GNU_RELRO.
    pub relro: bool,
    /// PT_GNU_EH_FRAME is wanted without `--eh-frame-hdr`.
    pub eh_frame_hdr_always: bool,
    /// The platform's libraries may hold SHN_ABS, STT_FUNC, value 0 symbols that are filters:
    /// references to them stay dynamic.
    pub filter_symbols: bool,
    /// Reserved symbols that every dynamic output exports.
    pub exported_reserved: &'static [&'static str],
    pub versions_from: VersionSource,
    /// Page size that segments are aligned to, in bytes.
    pub max_page_size: u64,
    /// Smallest page size the platform runs with, in bytes.
    pub common_page_size: u64,
    /// Lowest address an executable may be linked at by default.
    pub default_base: u64,
}

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
            osabi: 0,
            osabi_gnu: 3,
            phdr: PhdrRule::WithInterp,
            sysv_hash_required: false,
            gnu_hash: true,
            relr: true,
            ifunc: true,
            gnu_unique: false,
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
            relro: true,
            eh_frame_hdr_always: false,
            filter_symbols: false,
            exported_reserved: &[],
            versions_from: VersionSource::Dynamic,
            max_page_size,
            common_page_size,
            default_base: if is_64 { 0x40_0000 } else { 0x804_8000 },
        }
    }
}
