//! Names of ELF constants as `readelf` and the ABI documents spell them, both ways.

use object::elf;

type Names = &'static [(u32, &'static str)];

const SEGMENTS: Names = &[
    (elf::PT_LOAD, "LOAD"),
    (elf::PT_DYNAMIC, "DYNAMIC"),
    (elf::PT_INTERP, "INTERP"),
    (elf::PT_NOTE, "NOTE"),
    (elf::PT_PHDR, "PHDR"),
    (elf::PT_TLS, "TLS"),
    (elf::PT_GNU_EH_FRAME, "GNU_EH_FRAME"),
    (elf::PT_GNU_STACK, "GNU_STACK"),
    (elf::PT_GNU_RELRO, "GNU_RELRO"),
    (elf::PT_GNU_PROPERTY, "GNU_PROPERTY"),
    (0x6464_e550, "SUNW_UNWIND"),
    (0x6fff_fffa, "SUNWBSS"),
    (0x6fff_fffb, "SUNWSTACK"),
    (0x6fff_fffc, "SUNWDTRACE"),
    (0x6fff_fffd, "SUNWCAP"),
    (0x65a3_dbe5, "OPENBSD_MUTABLE"),
    (0x65a3_dbe6, "OPENBSD_RANDOMIZE"),
    (0x65a3_dbe7, "OPENBSD_WXNEEDED"),
    (0x65a3_dbe8, "OPENBSD_NOBTCFI"),
    (0x65a3_dbe9, "OPENBSD_SYSCALLS"),
];

const TAGS: Names = &[
    (elf::DT_NEEDED, "NEEDED"),
    (elf::DT_PLTRELSZ, "PLTRELSZ"),
    (elf::DT_PLTGOT, "PLTGOT"),
    (elf::DT_HASH, "HASH"),
    (elf::DT_STRTAB, "STRTAB"),
    (elf::DT_SYMTAB, "SYMTAB"),
    (elf::DT_RELA, "RELA"),
    (elf::DT_RELASZ, "RELASZ"),
    (elf::DT_RELAENT, "RELAENT"),
    (elf::DT_STRSZ, "STRSZ"),
    (elf::DT_SYMENT, "SYMENT"),
    (elf::DT_INIT, "INIT"),
    (elf::DT_FINI, "FINI"),
    (elf::DT_SONAME, "SONAME"),
    (elf::DT_RPATH, "RPATH"),
    (elf::DT_SYMBOLIC, "SYMBOLIC"),
    (elf::DT_REL, "REL"),
    (elf::DT_RELSZ, "RELSZ"),
    (elf::DT_RELENT, "RELENT"),
    (elf::DT_PLTREL, "PLTREL"),
    (elf::DT_DEBUG, "DEBUG"),
    (elf::DT_TEXTREL, "TEXTREL"),
    (elf::DT_JMPREL, "JMPREL"),
    (elf::DT_BIND_NOW, "BIND_NOW"),
    (elf::DT_INIT_ARRAY, "INIT_ARRAY"),
    (elf::DT_FINI_ARRAY, "FINI_ARRAY"),
    (elf::DT_INIT_ARRAYSZ, "INIT_ARRAYSZ"),
    (elf::DT_FINI_ARRAYSZ, "FINI_ARRAYSZ"),
    (elf::DT_RUNPATH, "RUNPATH"),
    (elf::DT_FLAGS, "FLAGS"),
    (elf::DT_PREINIT_ARRAY, "PREINIT_ARRAY"),
    (elf::DT_PREINIT_ARRAYSZ, "PREINIT_ARRAYSZ"),
    (35, "RELRSZ"),
    (36, "RELR"),
    (37, "RELRENT"),
    (elf::DT_GNU_HASH, "GNU_HASH"),
    (elf::DT_TLSDESC_PLT, "TLSDESC_PLT"),
    (elf::DT_TLSDESC_GOT, "TLSDESC_GOT"),
    (0x6fff_fefc, "AUDIT"),
    (0x6fff_fefb, "DEPAUDIT"),
    (elf::DT_RELACOUNT, "RELACOUNT"),
    (elf::DT_FLAGS_1, "FLAGS_1"),
    (elf::DT_VERSYM, "VERSYM"),
    (elf::DT_VERDEF, "VERDEF"),
    (elf::DT_VERDEFNUM, "VERDEFNUM"),
    (elf::DT_VERNEED, "VERNEED"),
    (elf::DT_VERNEEDNUM, "VERNEEDNUM"),
    (elf::DT_AUXILIARY, "AUXILIARY"),
    (elf::DT_FILTER, "FILTER"),
    (0x6000_000d, "SUNW_AUXILIARY"),
    (0x6000_000e, "SUNW_RTLDINF"),
    (0x6000_000f, "SUNW_FILTER"),
    (0x6000_0010, "SUNW_CAP"),
    (0x6000_0011, "SUNW_SYMTAB"),
    (0x6000_0012, "SUNW_SYMSZ"),
    (0x6000_0013, "SUNW_SORTENT"),
    (0x6000_0014, "SUNW_SYMSORT"),
    (0x6000_0015, "SUNW_SYMSORTSZ"),
    (0x6000_0016, "SUNW_TLSSORT"),
    (0x6000_0017, "SUNW_TLSSORTSZ"),
    (0x6000_0018, "SUNW_CAPINFO"),
    (0x6000_0019, "SUNW_STRPAD"),
    (0x6000_001a, "SUNW_CAPCHAIN"),
    (0x6000_001b, "SUNW_LDMACH"),
    (0x6000_001d, "SUNW_CAPCHAINENT"),
    (0x6000_001f, "SUNW_CAPCHAINSZ"),
    (0x6000_0021, "SUNW_PARENT"),
    (0x6000_0023, "SUNW_ASLR"),
    (0x6000_0025, "SUNW_RELAX"),
    (0x6000_0029, "SUNW_NXHEAP"),
    (0x6000_002b, "SUNW_NXSTACK"),
    (0x6fff_fdf8, "CHECKSUM"),
    (0x6fff_fdfd, "POSFLAG_1"),
    (0x6fff_fdfe, "SYMINSZ"),
    (0x6fff_fdff, "SYMINENT"),
    (0x6fff_feff, "SYMINFO"),
    (0x6fff_fefa, "CONFIG"),
];

const SECTION_KINDS: Names = &[
    (elf::SHT_NULL, "NULL"),
    (elf::SHT_PROGBITS, "PROGBITS"),
    (elf::SHT_SYMTAB, "SYMTAB"),
    (elf::SHT_STRTAB, "STRTAB"),
    (elf::SHT_RELA, "RELA"),
    (elf::SHT_HASH, "HASH"),
    (elf::SHT_DYNAMIC, "DYNAMIC"),
    (elf::SHT_NOTE, "NOTE"),
    (elf::SHT_NOBITS, "NOBITS"),
    (elf::SHT_REL, "REL"),
    (elf::SHT_DYNSYM, "DYNSYM"),
    (elf::SHT_INIT_ARRAY, "INIT_ARRAY"),
    (elf::SHT_FINI_ARRAY, "FINI_ARRAY"),
    (elf::SHT_PREINIT_ARRAY, "PREINIT_ARRAY"),
    (elf::SHT_GROUP, "GROUP"),
    (elf::SHT_SYMTAB_SHNDX, "SYMTAB_SHNDX"),
    (19, "RELR"),
    (elf::SHT_GNU_HASH, "GNU_HASH"),
    (elf::SHT_GNU_VERDEF, "GNU_VERDEF"),
    (elf::SHT_GNU_VERNEED, "GNU_VERNEED"),
    (elf::SHT_GNU_VERSYM, "GNU_VERSYM"),
    (elf::SHT_X86_64_UNWIND, "X86_64_UNWIND"),
    (0x6fff_ffef, "SUNW_CAPCHAIN"),
    (0x6fff_fff0, "SUNW_CAPINFO"),
    (0x6fff_fff1, "SUNW_SYMSORT"),
    (0x6fff_fff2, "SUNW_TLSSORT"),
    (0x6fff_fff3, "SUNW_LDYNSYM"),
    (0x6fff_fff4, "SUNW_DOF"),
    (0x6fff_fff5, "SUNW_CAP"),
    (0x6fff_fffa, "SUNW_MOVE"),
    (0x6fff_fffb, "SUNW_COMDAT"),
    (0x6fff_fffc, "SUNW_SYMINFO"),
];

const X86_64_RELOCS: Names = &[
    (elf::R_X86_64_NONE, "R_X86_64_NONE"),
    (elf::R_X86_64_64, "R_X86_64_64"),
    (elf::R_X86_64_PC32, "R_X86_64_PC32"),
    (elf::R_X86_64_COPY, "R_X86_64_COPY"),
    (elf::R_X86_64_GLOB_DAT, "R_X86_64_GLOB_DAT"),
    (elf::R_X86_64_JUMP_SLOT, "R_X86_64_JUMP_SLOT"),
    (elf::R_X86_64_RELATIVE, "R_X86_64_RELATIVE"),
    (elf::R_X86_64_32, "R_X86_64_32"),
    (elf::R_X86_64_32S, "R_X86_64_32S"),
    (elf::R_X86_64_PC64, "R_X86_64_PC64"),
    (elf::R_X86_64_DTPMOD64, "R_X86_64_DTPMOD64"),
    (elf::R_X86_64_DTPOFF64, "R_X86_64_DTPOFF64"),
    (elf::R_X86_64_TPOFF64, "R_X86_64_TPOFF64"),
    (elf::R_X86_64_TPOFF32, "R_X86_64_TPOFF32"),
    (elf::R_X86_64_SIZE32, "R_X86_64_SIZE32"),
    (elf::R_X86_64_SIZE64, "R_X86_64_SIZE64"),
    (elf::R_X86_64_TLSDESC, "R_X86_64_TLSDESC"),
    (elf::R_X86_64_IRELATIVE, "R_X86_64_IRELATIVE"),
];

const BINDS: Names = &[(0, "LOCAL"), (1, "GLOBAL"), (2, "WEAK"), (10, "UNIQUE")];
const KINDS: Names = &[
    (0, "NOTYPE"),
    (1, "OBJECT"),
    (2, "FUNC"),
    (3, "SECTION"),
    (4, "FILE"),
    (5, "COMMON"),
    (6, "TLS"),
    (10, "IFUNC"),
];
const VISIBILITIES: Names = &[
    (0, "DEFAULT"),
    (1, "INTERNAL"),
    (2, "HIDDEN"),
    (3, "PROTECTED"),
];
const TYPES: Names = &[(1, "REL"), (2, "EXEC"), (3, "DYN"), (4, "CORE")];

fn name(names: Names, value: u32) -> String {
    match names.iter().find(|(v, _)| *v == value) {
        Some((_, n)) => (*n).to_string(),
        None => format!("{value:#x}"),
    }
}

fn value(names: Names, text: &str) -> Option<u32> {
    names
        .iter()
        .find(|(_, n)| *n == text)
        .map(|(v, _)| *v)
        .or_else(|| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok())
}

pub fn segment(kind: u32) -> String {
    name(SEGMENTS, kind)
}
/// Takes `LOAD` and `PT_LOAD`.
pub fn segment_value(text: &str) -> Option<u32> {
    value(SEGMENTS, text.strip_prefix("PT_").unwrap_or(text))
}
pub fn tag(tag: u64) -> String {
    u32::try_from(tag).map_or_else(|_| format!("{tag:#x}"), |t| name(TAGS, t))
}
/// Takes `NEEDED` and `DT_NEEDED`.
pub fn tag_value(text: &str) -> Option<u32> {
    value(TAGS, text.strip_prefix("DT_").unwrap_or(text))
}
pub fn section_kind(kind: u32) -> String {
    name(SECTION_KINDS, kind)
}
pub fn section_kind_value(text: &str) -> Option<u32> {
    value(SECTION_KINDS, text.strip_prefix("SHT_").unwrap_or(text))
}
/// A dynamic relocation's name; only x86-64 has names so far.
pub fn reloc(machine: u16, kind: u32) -> String {
    match machine {
        elf::EM_X86_64 => name(X86_64_RELOCS, kind),
        _ => format!("R_{kind}"),
    }
}
pub fn bind(bind: u8) -> String {
    name(BINDS, u32::from(bind))
}
pub fn is_bind(text: &str) -> Option<u8> {
    value(BINDS, text).map(|v| v as u8)
}
pub fn kind(kind: u8) -> String {
    name(KINDS, u32::from(kind))
}
pub fn is_kind(text: &str) -> Option<u8> {
    value(KINDS, text).map(|v| v as u8)
}
pub fn visibility(visibility: u8) -> String {
    name(VISIBILITIES, u32::from(visibility))
}
pub fn is_visibility(text: &str) -> Option<u8> {
    value(VISIBILITIES, text).map(|v| v as u8)
}
pub fn etype(etype: u16) -> String {
    name(TYPES, u32::from(etype))
}

/// Section flags in `readelf`'s letters: WAXMSILOGTCRE for the bits that have one.
pub fn section_flags(flags: u64) -> String {
    const LETTERS: &[(u64, char)] = &[
        (1, 'W'),
        (2, 'A'),
        (4, 'X'),
        (0x10, 'M'),
        (0x20, 'S'),
        (0x40, 'I'),
        (0x80, 'L'),
        (0x200, 'G'),
        (0x400, 'T'),
        (0x800, 'C'),
        (0x20_0000, 'R'),
        (0x1000_0000, 'l'),
        (0x8000_0000, 'E'),
    ];
    LETTERS
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, letter)| *letter)
        .collect()
}

/// Segment flags as `RWX`, in that order.
pub fn segment_flags(flags: u32) -> String {
    [(4, 'R'), (2, 'W'), (1, 'X')]
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, letter)| *letter)
        .collect()
}
