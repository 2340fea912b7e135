//! Input section names to output section names, and the order of sections.
//!
//! The names are those of GNU ld's default script. The order puts all read-only data before the code and the code before
//! writable data, so a program has three or four segments.

use object::elf;

/// Data of the large code model, more than 2 GiB away (x86-64 psABI, "Section Attribute Flags").
pub const SHF_X86_64_LARGE: u32 = 0x1000_0000;

/// Prefixes that become one section: `.text.foo` goes into `.text`. Longer ones first.
const STEMS: &[&[u8]] = &[
    b".text",
    b".data.rel.ro",
    b".gcc_except_table",
    b".preinit_array",
    b".init_array",
    b".fini_array",
    b".lrodata",
    b".rodata",
    b".ldata",
    b".tdata",
    b".ctors",
    b".dtors",
    b".lbss",
    b".ltext",
    b".tbss",
    b".data",
    b".bss",
];

/// `.gnu.linkonce.X.name`: the letter says where it goes.
const LINKONCE: &[(&[u8], &[u8])] = &[
    (b"t.", b".text"),
    (b"r.", b".rodata"),
    (b"d.rel.ro.", b".data.rel.ro"),
    (b"d.", b".data"),
    (b"b.", b".bss"),
    (b"td.", b".tdata"),
    (b"tb.", b".tbss"),
    (b"lr.", b".lrodata"),
    (b"lt.", b".ltext"),
    (b"l.", b".ldata"),
    (b"lb.", b".lbss"),
    (b"wi.", b".debug_info"),
];

/// Kinds of code that GNU ld keeps together in `.text`, in their order.
const TEXT_KINDS: &[&[u8]] = &[
    b".text.unlikely",
    b".text.exit",
    b".text.startup",
    b".text.hot",
    b".text.sorted",
];

/// More kinds that stay sections with `-z keep-text-section-prefix`: lld's and mold's.
const KEPT_KINDS: &[&[u8]] = &[b".text.unknown", b".text.split"];

/// `name` is `stem` or begins with `stem` and a dot.
#[inline]
pub(crate) fn has_stem(name: &[u8], stem: &[u8]) -> bool {
    // The byte behind the stem tells nearly always, before any bytes are compared.
    matches!(name.get(stem.len()), None | Some(b'.')) && name.starts_with(stem)
}

/// The output section a section goes into by default.
pub fn output_name(name: &[u8], keep_text_prefix: bool) -> &[u8] {
    if name.first() != Some(&b'.') {
        return name;
    }
    if let Some(rest) = name.strip_prefix(b".gnu.linkonce.") {
        for (letter, out) in LINKONCE {
            if rest.starts_with(letter) {
                return out;
            }
        }
    }
    if keep_text_prefix {
        for k in TEXT_KINDS.iter().chain(KEPT_KINDS) {
            if has_stem(name, k) {
                return k;
            }
        }
    }
    for stem in STEMS {
        if has_stem(name, stem) {
            return match *stem {
                b".ctors" => b".init_array",
                b".dtors" => b".fini_array",
                s => s,
            };
        }
    }
    if name.starts_with(b".zdebug") {
        // Was expanded: it goes by its plain name. The caller has the plain names of all that exist.
        return match name {
            b".zdebug_info" => b".debug_info",
            b".zdebug_abbrev" => b".debug_abbrev",
            b".zdebug_line" => b".debug_line",
            b".zdebug_str" => b".debug_str",
            b".zdebug_ranges" => b".debug_ranges",
            b".zdebug_loc" => b".debug_loc",
            b".zdebug_aranges" => b".debug_aranges",
            b".zdebug_frame" => b".debug_frame",
            b".zdebug_types" => b".debug_types",
            b".zdebug_pubnames" => b".debug_pubnames",
            b".zdebug_pubtypes" => b".debug_pubtypes",
            b".zdebug_macro" => b".debug_macro",
            other => other,
        };
    }
    name
}

/// Whether the default script has a place for an output section; those it does not know are orphans.
pub fn is_placed(output: &[u8]) -> bool {
    STEMS.contains(&output)
        || TEXT_KINDS.contains(&output)
        || matches!(
            output,
            b".init" | b".fini" | b".jcr" | b".tm_clone_table" | b".eh_frame" | b".interp"
        )
        || output.starts_with(b".note.")
}

/// Order of input sections inside their output section; equal keys stay in link order.
pub fn order_in_section(name: &[u8], output: &[u8]) -> u32 {
    match output {
        b".text" => {
            for (i, k) in (0u32..).zip(TEXT_KINDS) {
                if has_stem(name, k) {
                    return i;
                }
            }
            // `.text.foo_unlikely`-like names do not occur in practice; plain code comes last.
            TEXT_KINDS.len() as u32
        }
        b".init_array" | b".fini_array" | b".preinit_array" => init_priority(name),
        _ => 0,
    }
}

/// Priority of a constructor section: `.init_array.N` is N, `.ctors.N` counts the other way; without number last.
pub fn init_priority(name: &[u8]) -> u32 {
    const LAST: u32 = 65536;
    let Some(dot) = name.iter().rposition(|c| *c == b'.').filter(|d| *d > 0) else {
        return LAST;
    };
    let digits = name.get(dot + 1..).unwrap_or(&[]);
    let number = std::str::from_utf8(digits)
        .ok()
        .and_then(|s| s.parse::<u32>().ok())
        .filter(|n| *n <= 65535);
    match number {
        Some(n) if name.starts_with(b".ctors") || name.starts_with(b".dtors") => 65535 - n,
        Some(n) => n,
        None => LAST,
    }
}

/// What decides a section's place in the file.
#[derive(Clone, Copy, Debug)]
pub struct Traits<'n> {
    pub name: &'n [u8],
    pub ty: u32,
    pub flags: u64,
    pub relro: bool,
}

/// The file's own tables have this rank and higher ones.
pub const FILE_TABLES: u32 = 9_100;

/// Rank of an output section; sections are sorted by it.
pub fn rank(t: &Traits<'_>) -> u32 {
    let flag = |f: u32| t.flags & u64::from(f) != 0;
    if !flag(elf::SHF_ALLOC) {
        return match t.name {
            b".comment" => 9_001,
            b".symtab" => 9_100,
            b".symtab_shndx" => 9_101,
            b".strtab" => 9_102,
            b".shstrtab" => 9_103,
            _ => 9_000,
        };
    }
    let large = t.flags & u64::from(SHF_X86_64_LARGE) != 0;
    let nobits = t.ty == elf::SHT_NOBITS;
    if flag(elf::SHF_WRITE) {
        if large {
            return if nobits { 8_001 } else { 8_000 };
        }
        let base = if t.relro { 5_000 } else { 6_000 };
        if flag(elf::SHF_TLS) {
            return if nobits { 5_001 } else { 5_000 };
        }
        return base
            + match t.name {
                b".preinit_array" => 10,
                b".init_array" => 11,
                b".fini_array" => 12,
                b".data.rel.ro" => 20,
                b".bss.rel.ro" => 21,
                b".dynamic" => 30,
                b".got" => 31,
                b".got.plt" => 32,
                b".data" => 40,
                b".tm_clone_table" => 41,
                b".bss" if nobits => 91,
                _ if nobits => 90,
                _ if t.relro => 25,
                _ => 42,
            };
    }
    if flag(elf::SHF_EXECINSTR) {
        return 4_000
            + match t.name {
                b".init" => 0,
                b".plt" => 1,
                b".plt.got" => 2,
                b".plt.sec" => 3,
                b".iplt" => 4,
                b".text.unlikely" => 5,
                b".text.exit" => 6,
                b".text.startup" => 7,
                b".text.hot" => 8,
                b".text.sorted" => 9,
                b".text" => 10,
                b".fini" => 20,
                _ if large => 30,
                _ => 11,
            };
    }
    if t.ty == elf::SHT_NOTE {
        return if t.name == b".note.gnu.property" {
            1_001
        } else {
            1_002
        };
    }
    match t.name {
        b".interp" => 1_000,
        b".gnu.hash" => 1_010,
        b".hash" => 1_010,
        b".SUNW_cap" => 1_003,
        // `.dynsym` must come right after it.
        b".SUNW_ldynsym" => 1_011,
        b".dynsym" => 1_012,
        b".dynstr" => 1_013,
        b".gnu.version" => 1_014,
        b".gnu.version_d" => 1_015,
        b".gnu.version_r" => 1_016,
        b".SUNW_syminfo" | b".SUNW_version" | b".SUNW_versym" | b".SUNW_dynsymsort"
        | b".SUNW_dyntlssort" => 1_016,
        b".rela.dyn" => 1_017,
        b".rela.plt" => 1_018,
        b".relr.dyn" => 1_019,
        b".rodata" => 2_000,
        b".eh_frame_hdr" => 2_010,
        b".eh_frame" => 2_011,
        b".sframe" => 2_012,
        b".gcc_except_table" => 2_013,
        _ if large => 2_900,
        _ => 2_001,
    }
}

/// Sections that are written by the run-time linker or by constructors before `main` at most.
pub fn is_relro(name: &[u8], ty: u32, flags: u64, now: bool) -> bool {
    // What is executable besides has a segment of its own.
    if flags & u64::from(elf::SHF_WRITE | elf::SHF_EXECINSTR) != u64::from(elf::SHF_WRITE) {
        return false;
    }
    if flags & u64::from(elf::SHF_TLS) != 0 {
        return true;
    }
    match ty {
        elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY => return true,
        _ => {}
    }
    match name {
        b".got.plt" => now,
        b".data.rel.ro"
        | b".bss.rel.ro"
        | b".dynamic"
        | b".got"
        | b".jcr"
        | b".init_array"
        | b".fini_array"
        | b".preinit_array"
        | b".ctors"
        | b".dtors"
        | b".openbsd.randomdata" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_default_script() {
        let cases: &[(&[u8], &[u8])] = &[
            (b".text.main", b".text"),
            (b".textual", b".textual"),
            (b".data.rel.ro.local", b".data.rel.ro"),
            (b".data.rel.local", b".data"),
            (b".rodata.str1.1", b".rodata"),
            (b".gnu.linkonce.t.foo", b".text"),
            (b".ctors.65000", b".init_array"),
            (b"mysection", b"mysection"),
            (b".debug_info", b".debug_info"),
            (b".bss.x", b".bss"),
        ];
        for (from, to) in cases {
            assert_eq!(output_name(from, false), *to);
        }
        assert_eq!(output_name(b".text.hot.f", true), b".text.hot");
    }

    #[test]
    fn constructors_run_by_priority() {
        assert!(
            order_in_section(b".init_array.00100", b".init_array")
                < order_in_section(b".init_array", b".init_array")
        );
        assert_eq!(order_in_section(b".ctors.65435", b".init_array"), 100);
        assert_eq!(order_in_section(b".init_array.101", b".init_array"), 101);
    }
}
