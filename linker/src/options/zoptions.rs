//! What `-z` asks for, as plain values; part of [`Options`](super::Options).

use super::choices::Severity;

/// `-z NAME` switches that are plain on/off or carry a number. Grouped as they are documented under `-z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZOptions {
    /// `-z now`: DF_BIND_NOW, and `.got.plt` becomes part of RELRO.
    pub now: bool,
    /// `-z relro` (default on for Linux).
    pub relro: bool,
    /// `-z text`: error on text relocations; `-z notext`: allow them; by default they are warned of.
    pub text: bool,
    /// `-z defs` / `--no-undefined`: undefined symbols are errors in shared objects too.
    pub defs: bool,
    /// `-z muldefs` / `--allow-multiple-definition`: first definition wins silently.
    pub muldefs: bool,
    /// `-z execstack` (Some(true)), `-z noexecstack` (Some(false)); None: as the inputs' .note.GNU-stack say.
    pub execstack: Option<bool>,
    /// `-z separate-code` (default): code in pages of its own.
    pub separate_code: bool,
    /// `-z separate-loadable-segments`: no two segments share a page.
    pub separate_loadable_segments: bool,
    /// `-z copyreloc` (default) / `-z nocopyreloc`.
    pub copyreloc: bool,
    pub combreloc: bool,
    pub dynamic_undefined_weak: Option<bool>,
    pub keep_text_section_prefix: bool,
    /// `-z pack-relative-relocs`, `--pack-dyn-relocs=relr`.
    pub pack_relative_relocs: bool,
    /// `-z rodynamic`.
    pub rodynamic: bool,
    pub nodelete: bool,
    pub nodlopen: bool,
    pub nodump: bool,
    pub nodefaultlib: bool,
    pub initfirst: bool,
    pub interpose: bool,
    pub loadfltr: bool,
    pub origin: bool,
    pub global: bool,
    /// `-Bgroup`: DF_1_GROUP.
    pub group: bool,
    /// `-z globalaudit`: DF_1_GLOBAUDIT.
    pub globalaudit: bool,
    /// `-z unique`: DF_GNU_1_UNIQUE in DT_GNU_FLAGS_1.
    pub unique: bool,
    /// `-z lam-u48`, `-z lam-u57`: linear address masking bits of GNU_PROPERTY_X86_FEATURE_1_AND.
    pub lam_u48: bool,
    pub lam_u57: bool,
    /// `-z rewrite-endbr`: ENDBR64 of functions whose address is never taken becomes a NOP.
    pub rewrite_endbr: bool,
    /// `-z lazy` given explicitly.
    pub lazy: bool,
    /// `-z ibt` / `-z force-ibt`: IBT in the property note.
    pub ibt: bool,
    /// `-z ibtplt` or `-z ibt`: PLT entries start with ENDBR64.
    pub ibtplt: bool,
    pub shstk: bool,
    /// `-z wxneeded`, `-z nobtcfi`: headers for OpenBSD's kernel.
    pub wxneeded: bool,
    pub nobtcfi: bool,
    pub cet_report: Severity,
    /// `-z x86-64-v2` … v4: adds to GNU_PROPERTY_X86_ISA_1_NEEDED; 0 = none.
    pub isa_level: u8,
    /// `-z nognustack`-like: no PT_GNU_STACK at all.
    pub nognustack: bool,
    /// `-z stack-size=N` bytes: p_memsz of PT_GNU_STACK.
    pub stack_size: u64,
    /// `-z max-page-size=N`, bytes; None: the architecture's.
    pub max_page_size: Option<u64>,
    /// `-z common-page-size=N`, bytes; None: the architecture's.
    pub common_page_size: Option<u64>,
    /// `-z start-stop-gc`: `__start_X` references do not keep sections X.
    pub start_stop_gc: bool,
    /// `-z start-stop-visibility=V`: visibility of `__start_`/`__stop_` symbols (STV_ value; default protected).
    pub start_stop_visibility: u8,
    /// `-z unique-symbol`: local symbols get unique names.
    pub unique_symbol: bool,
    /// `-z noseparate-code` etc. leave this; `-z nosectionheader`: no section headers.
    pub nosectionheader: bool,
    /// `-z dead-reloc-in-nonalloc=GLOB=VALUE`: what stands for addresses of what is not linked; the last one that matches.
    pub dead_relocs: Vec<(Vec<u8>, u64)>,
    /// `-z undefs` given.
    pub undefs: bool,
    /// `-z extern-protected-data`: a program may copy protected data; `-z noextern-protected-data` (default): never.
    pub extern_protected_data: Option<bool>,
    /// `-z indirect-extern-access`: no copies and no canonical PLT entries, and a property that asks others for the same.
    pub indirect_extern_access: bool,
    /// `-z lam-u48-report`, `-z lam-u57-report`: inputs that do not promise it.
    pub lam_u48_report: Severity,
    pub lam_u57_report: Severity,
    /// `-z isa-level-report`: print the x86-64 levels that inputs need, or use.
    pub isa_needed_report: bool,
    pub isa_used_report: bool,
    /// `-z bti-plt`/`-z pac-plt`-style keywords of other architectures, as written.
    pub other: Vec<Vec<u8>>,
}

impl Default for ZOptions {
    fn default() -> Self {
        ZOptions {
            now: false,
            relro: true,
            text: false,
            defs: false,
            muldefs: false,
            execstack: None,
            separate_code: true,
            separate_loadable_segments: false,
            copyreloc: true,
            combreloc: true,
            dynamic_undefined_weak: None,
            keep_text_section_prefix: false,
            pack_relative_relocs: false,
            rodynamic: false,
            nodelete: false,
            nodlopen: false,
            nodump: false,
            nodefaultlib: false,
            initfirst: false,
            interpose: false,
            loadfltr: false,
            origin: false,
            global: false,
            group: false,
            globalaudit: false,
            unique: false,
            lam_u48: false,
            lam_u57: false,
            rewrite_endbr: false,
            lazy: false,
            ibt: false,
            ibtplt: false,
            shstk: false,
            wxneeded: false,
            nobtcfi: false,
            cet_report: Severity::Ignore,
            isa_level: 0,
            nognustack: false,
            stack_size: 0,
            max_page_size: None,
            common_page_size: None,
            start_stop_gc: false,
            start_stop_visibility: 3,
            unique_symbol: false,
            nosectionheader: false,
            dead_relocs: Vec::new(),
            undefs: false,
            extern_protected_data: None,
            indirect_extern_access: false,
            lam_u48_report: Severity::Ignore,
            lam_u57_report: Severity::Ignore,
            isa_needed_report: false,
            isa_used_report: false,
            other: Vec::new(),
        }
    }
}
