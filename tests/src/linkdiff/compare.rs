//! Do two outputs of the same link announce the same thing? File header, segments, dynamic section, symbols,
//! versions, sections. What may differ between sound linkers is listed here, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use object::elf;

use super::image::{Image, Place, Section, Symbol};
use super::versions::Versions;
use super::{Findings, names};

pub fn compare(reference: &Image, ours: &Image, found: &mut Findings) {
    header(reference, ours, found);
    segments(reference, ours, found);
    sections(reference, ours, found);
    symtab(reference, ours, found);
    if reference.is_linked() && ours.is_linked() {
        dynamic(reference, ours, found);
        dynsym(reference, ours, found);
        versions(reference, ours, found);
    }
}

/// Reports the members of two sets that only one of them has.
pub(super) fn sets(
    found: &mut Findings,
    key: &'static str,
    what: &str,
    reference: &BTreeSet<String>,
    ours: &BTreeSet<String>,
) {
    for x in reference.difference(ours) {
        found.add(key, format!("{what} missing: {x}"));
    }
    for x in ours.difference(reference) {
        found.add(key, format!("{what} too many: {x}"));
    }
}

fn same<T: PartialEq + std::fmt::Debug>(
    found: &mut Findings,
    key: &'static str,
    what: &str,
    reference: T,
    ours: T,
) {
    found.need(reference == ours, key, || {
        format!("{what}: {reference:?} in the reference, {ours:?} here")
    });
}

fn header(reference: &Image, ours: &Image, found: &mut Findings) {
    let all = |i: &Image| (i.is64, i.little, i.machine);
    same(
        found,
        "ehdr",
        "class, order, machine",
        all(reference),
        all(ours),
    );
    same(
        found,
        "ehdr-type",
        "type",
        names::etype(reference.etype),
        names::etype(ours.etype),
    );
    same(found, "ehdr-osabi", "EI_OSABI", reference.osabi, ours.osabi);
    same(
        found,
        "ehdr-entry",
        "has an entry",
        reference.entry != 0,
        ours.entry != 0,
    );
}

fn segments(reference: &Image, ours: &Image, found: &mut Findings) {
    let kinds = |i: &Image| -> BTreeSet<String> {
        i.segments.iter().map(|s| names::segment(s.kind)).collect()
    };
    let stack = |i: &Image| i.segment(elf::PT_GNU_STACK).map(|s| (s.flags, s.memsz));
    let mut ours_kinds = kinds(ours);
    // Without any .note.GNU-stack GNU ld leaves the header out, which means an executable stack; saying that it is
    // not executable is the newer custom.
    let stack_unsaid =
        stack(reference).is_none() && stack(ours) == Some((elf::PF_R | elf::PF_W, 0));
    if stack_unsaid {
        ours_kinds.remove(&names::segment(elf::PT_GNU_STACK));
    }
    sets(found, "segments", "segment", &kinds(reference), &ours_kinds);
    same(
        found,
        "interp",
        "interpreter",
        reference.interpreter(),
        ours.interpreter(),
    );
    found.need(
        stack_unsaid || stack(reference) == stack(ours),
        "stack",
        || {
            format!(
                "PT_GNU_STACK: {:?} in the reference, {:?} here",
                stack(reference),
                stack(ours)
            )
        },
    );
    let tls = |i: &Image| i.segment(elf::PT_TLS).map(|s| (s.memsz, s.align));
    same(
        found,
        "tls",
        "PT_TLS size and alignment",
        tls(reference),
        tls(ours),
    );
    let wx = |i: &Image| i.loads().any(|s| s.writable() && s.executable());
    same(
        found,
        "segment-wx",
        "writable code",
        wx(reference),
        wx(ours),
    );
}

/// Sections that linkers name, split or leave out as they like: the relocation tables (checked by effect), PLT and
/// GOT flavours, empty sections, non-loaded tables, padding.
fn may_differ(name: &str) -> bool {
    const FREE: &[&str] = &[
        "",
        ".symtab",
        ".strtab",
        ".shstrtab",
        ".symtab_shndx",
        ".plt",
        ".plt.got",
        ".plt.sec",
        ".iplt",
        ".got",
        ".got.plt",
        ".igot.plt",
        ".rela.plt",
        ".rela.dyn",
        ".rela.got",
        ".rela.iplt",
        ".relr.dyn",
        ".relro_padding",
        ".note.gnu.build-id",
        ".bss",
        ".tbss",
        ".data",
        ".rodata",
        ".text",
        ".dynbss",
        ".data.rel.ro",
        ".bss.rel.ro",
        ".gnu.version",
        ".SUNW_versym",
        ".SUNW_version",
        ".SUNW_ldynsym",
        ".SUNW_dynsymsort",
        ".SUNW_dyntlssort",
        ".SUNW_syminfo",
        ".copyrel",
        ".copyrel.rel.ro",
        ".dynstr",
        ".dynsym",
        ".hash",
        ".gnu.hash",
        ".init_array",
        ".fini_array",
        ".dynamic",
        ".lbss",
        ".rodata.cst4",
        ".rodata.cst8",
        ".rodata.cst16",
        ".rodata.str1.1",
        ".stub",
        ".eh_frame",
        ".eh_frame_hdr",
        ".gcc_except_table",
        ".tm_clone_table",
        ".note.gnu.property",
        ".preinit_array",
        ".ctors",
        ".dtors",
        ".rodata.cst32",
        ".data.rel.ro.local",
        ".debug_str",
        ".debug_line_str",
        ".comment",
    ];
    FREE.contains(&name)
}

fn sections(reference: &Image, ours: &Image, found: &mut Findings) {
    let named = |i: &Image| -> BTreeMap<String, Section> {
        i.sections
            .iter()
            .filter(|s| s.size > 0 || s.kind == elf::SHT_NULL)
            .map(|s| (s.name.clone(), s.clone()))
            .collect()
    };
    let (a, b) = (named(reference), named(ours));
    let keys = |m: &BTreeMap<String, Section>| -> BTreeSet<String> {
        m.keys().filter(|n| !may_differ(n)).cloned().collect()
    };
    sets(found, "sections", "section", &keys(&a), &keys(&b));
    for (name, x) in &a {
        let Some(y) = b.get(name) else { continue };
        if name.is_empty() {
            continue;
        }
        let relevant =
            u64::from(elf::SHF_WRITE | elf::SHF_ALLOC | elf::SHF_EXECINSTR | elf::SHF_TLS);
        found.need(
            x.flags & relevant == y.flags & relevant,
            "section-flags",
            || {
                let f = names::section_flags;
                format!(
                    "{name}: {} in the reference, {} here",
                    f(x.flags),
                    f(y.flags)
                )
            },
        );
        let kind = |s: &Section| match s.kind {
            // .eh_frame's type depends on the assembler; a section's own type is not worth a difference.
            elf::SHT_X86_64_UNWIND => elf::SHT_PROGBITS,
            k => k,
        };
        found.need(
            kind(x) == kind(y) || x.nobits() != y.nobits() && name.contains("bss"),
            "section-type",
            || {
                let k = names::section_kind;
                format!("{name}: {} in the reference, {} here", k(x.kind), k(y.kind))
            },
        );
        let plausible = y.size <= x.size * 2 + 4096 && x.size <= y.size * 2 + 4096;
        found.need(plausible, "section-size", || {
            format!(
                "{name}: {:#x} bytes in the reference, {:#x} here",
                x.size, y.size
            )
        });
    }
}

/// Names that linkers define for programs, each linker its own selection and placement.
fn linker_defined(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "_GLOBAL_OFFSET_TABLE_",
        "_PROCEDURE_LINKAGE_TABLE_",
        "_DYNAMIC",
        "__GNU_EH_FRAME_HDR",
        "_TLS_MODULE_BASE_",
        "__bss_start",
        "_edata",
        "edata",
        "_end",
        "end",
        "_etext",
        "etext",
        "__etext",
        "__executable_start",
        "__ehdr_start",
        "__dso_handle",
        "__init_array_start",
        "__init_array_end",
        "__fini_array_start",
        "__fini_array_end",
        "__preinit_array_start",
        "__preinit_array_end",
        "__rela_iplt_start",
        "__rela_iplt_end",
        "__TMC_END__",
        "__TMC_LIST__",
        "__FRAME_END__",
        "__EH_FRAME_BEGIN__",
        "data_start",
    ];
    NAMES.contains(&name)
}

/// GNU ld adds an absolute symbol for each version it defines; nobody looks it up, and other linkers do not.
fn names_a_version(s: &Symbol, versions: &Versions) -> bool {
    s.place == Place::Absolute && versions.defined.iter().any(|d| d.version == s.name)
}

fn describe(s: &Symbol) -> String {
    let place = match s.place {
        Place::Undefined => "undefined",
        Place::Absolute => "absolute",
        Place::Common => "common",
        Place::Section(_) => "defined",
    };
    // An undefined symbol's type and size say nothing to anybody; linkers keep or drop them.
    let (kind, size) = match s.place {
        Place::Undefined => (String::new(), String::new()),
        _ if s.kind == elf::STT_OBJECT || s.kind == elf::STT_TLS => {
            (names::kind(s.kind), s.size.to_string())
        }
        _ => (names::kind(s.kind), String::new()),
    };
    format!(
        "{} {kind} {} {place} {size}",
        names::bind(s.bind),
        names::visibility(s.visibility)
    )
}

fn symtab(reference: &Image, ours: &Image, found: &mut Findings) {
    same(
        found,
        "symtab",
        "has .symtab",
        !reference.symtab.is_empty(),
        !ours.symtab.is_empty(),
    );
    if reference.symtab.is_empty() || ours.symtab.is_empty() {
        return;
    }
    let globals = |i: &Image| -> BTreeMap<String, Symbol> {
        let versions = Versions::read(i);
        i.symtab
            .iter()
            .filter(|s| !s.local() && s.defined() && !linker_defined(&s.name))
            .filter(|s| !names_a_version(s, &versions))
            .map(|s| (plain(&s.name), s.clone()))
            .collect()
    };
    let (a, b) = (globals(reference), globals(ours));
    let keys = |m: &BTreeMap<String, Symbol>| m.keys().cloned().collect();
    // Symbols that versions or visibility make local are LOCAL in one linker and hidden in another.
    let local = |i: &Image| -> BTreeSet<String> {
        i.symtab
            .iter()
            .filter(|s| s.local())
            .map(|s| plain(&s.name))
            .collect()
    };
    let (la, lb) = (local(reference), local(ours));
    let (ka, kb): (BTreeSet<String>, BTreeSet<String>) = (keys(&a), keys(&b));
    let hidden = |m: &BTreeMap<String, Symbol>, n: &String| {
        m.get(n)
            .is_some_and(|s| matches!(s.visibility, elf::STV_HIDDEN | elf::STV_INTERNAL))
    };
    let ka = ka
        .iter()
        .filter(|n| !lb.contains(*n) || !hidden(&a, n))
        .cloned()
        .collect();
    let kb = kb
        .iter()
        .filter(|n| !la.contains(*n) || !hidden(&b, n))
        .cloned()
        .collect();
    sets(found, "symtab-globals", "global symbol", &ka, &kb);
    for (name, x) in &a {
        let Some(y) = b.get(name) else { continue };
        let (x, y) = (describe(x), describe(y));
        found.need(x == y, "symtab-symbol", || {
            format!("{name}: {x} in the reference, {y} here")
        });
    }
    let functions = |i: &Image| -> BTreeSet<String> {
        i.symtab
            .iter()
            .filter(|s| {
                s.local() && matches!(s.kind, elf::STT_FUNC | elf::STT_OBJECT | elf::STT_TLS)
            })
            .map(|s| plain(&s.name))
            .filter(|n| !linker_defined(n))
            .collect()
    };
    let (fa, fb) = (functions(reference), functions(ours));
    let all_b: BTreeSet<String> = ours.symtab.iter().map(|s| plain(&s.name)).collect();
    for name in fa.difference(&all_b) {
        found.add("symtab-locals", format!("local symbol missing: {name}"));
    }
    let all_a: BTreeSet<String> = reference.symtab.iter().map(|s| plain(&s.name)).collect();
    for name in fb.difference(&all_a) {
        found.add("symtab-locals", format!("local symbol too many: {name}"));
    }
}

/// A `.symtab` name without the version that GNU ld appends.
fn plain(name: &str) -> String {
    name.split('@').next().unwrap_or(name).to_string()
}

/// Tags whose value is an address or size of the linker's own layout; their presence is compared.
const PRESENCE: &[u32] = &[
    elf::DT_HASH,
    elf::DT_GNU_HASH,
    elf::DT_INIT,
    elf::DT_FINI,
    elf::DT_INIT_ARRAY,
    elf::DT_FINI_ARRAY,
    elf::DT_PREINIT_ARRAY,
    elf::DT_DEBUG,
    elf::DT_VERSYM,
    elf::DT_VERNEED,
    elf::DT_VERDEF,
    elf::DT_TEXTREL,
    elf::DT_SYMBOLIC,
    36,
];

fn dynamic(reference: &Image, ours: &Image, found: &mut Findings) {
    same(
        found,
        "dynamic",
        "has a dynamic section",
        !reference.dynamic.is_empty(),
        !ours.dynamic.is_empty(),
    );
    for tag in PRESENCE {
        let name = names::tag(u64::from(*tag));
        let (theirs, ours) = (reference.tag(*tag).is_some(), ours.tag(*tag).is_some());
        // A second hash table costs space and changes nothing: drivers differ in what they ask for.
        let second_table = ours && matches!(*tag, elf::DT_HASH | elf::DT_GNU_HASH);
        if !second_table {
            same(
                found,
                "dynamic-tags",
                &format!("has DT_{name}"),
                theirs,
                ours,
            );
        }
    }
    for tag in [
        elf::DT_INIT_ARRAYSZ,
        elf::DT_FINI_ARRAYSZ,
        elf::DT_PREINIT_ARRAYSZ,
    ] {
        let name = names::tag(u64::from(tag));
        same(
            found,
            "dynamic-arrays",
            &format!("DT_{name}"),
            reference.tag(tag),
            ours.tag(tag),
        );
    }
    for tag in [
        elf::DT_NEEDED,
        elf::DT_SONAME,
        elf::DT_RPATH,
        elf::DT_RUNPATH,
        elf::DT_AUXILIARY,
        elf::DT_FILTER,
        0x6fff_fefc,
        0x6fff_fefb,
    ] {
        let name = names::tag(u64::from(tag));
        same(
            found,
            "dynamic-strings",
            &format!("DT_{name}"),
            reference.dyn_strings(tag),
            ours.dyn_strings(tag),
        );
    }
    // DT_BIND_NOW and DF_BIND_NOW, DT_TEXTREL and DF_TEXTREL, DT_SYMBOLIC and DF_SYMBOLIC mean the same.
    let flags = |i: &Image| {
        let mut f = i.tag(elf::DT_FLAGS).unwrap_or(0);
        for (tag, flag) in [
            (elf::DT_BIND_NOW, elf::DF_BIND_NOW),
            (elf::DT_TEXTREL, elf::DF_TEXTREL),
            (elf::DT_SYMBOLIC, elf::DF_SYMBOLIC),
        ] {
            if i.tag(tag).is_some() {
                f |= u64::from(flag);
            }
        }
        f
    };
    same(
        found,
        "dynamic-flags",
        "DT_FLAGS",
        flags(reference),
        flags(ours),
    );
    let flags = |i: &Image| i.tag(elf::DT_FLAGS_1).unwrap_or(0);
    same(
        found,
        "dynamic-flags-1",
        "DT_FLAGS_1",
        flags(reference),
        flags(ours),
    );
}

fn dynsym(reference: &Image, ours: &Image, found: &mut Findings) {
    let named = |i: &Image| -> BTreeMap<String, Symbol> {
        let v = Versions::read(i);
        i.dynsym
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(_, s)| !s.local())
            .map(|(n, s)| (format!("{}{}", s.name, v.suffix(n, s.defined())), s.clone()))
            .collect()
    };
    let (a, b) = (named(reference), named(ours));
    let both = Versions::read(reference);
    let keys = |m: &BTreeMap<String, Symbol>| -> BTreeSet<String> {
        m.iter()
            .filter(|(_, s)| !linker_defined(&s.name) && !names_a_version(s, &both))
            .map(|(n, _)| n.clone())
            .collect()
    };
    sets(found, "dynsym", "dynamic symbol", &keys(&a), &keys(&b));
    for (name, x) in &a {
        let Some(y) = b.get(name) else { continue };
        if linker_defined(&x.name) {
            continue;
        }
        let (dx, dy) = (describe(x), describe(y));
        found.need(dx == dy, "dynsym-symbol", || {
            format!("{name}: {dx} in the reference, {dy} here")
        });
        // A canonical PLT entry: undefined, but with the address that the program uses for the function.
        let canonical = |s: &Symbol| !s.defined() && s.value != 0;
        same(
            found,
            "dynsym-canonical",
            &format!("{name} has a canonical address"),
            canonical(x),
            canonical(y),
        );
    }
}

fn versions(reference: &Image, ours: &Image, found: &mut Findings) {
    let (a, b) = (Versions::read(reference), Versions::read(ours));
    let needed = |v: &Versions| -> BTreeSet<String> {
        v.needed
            .iter()
            .map(|n| {
                // VER_FLG_WEAK (all references are weak) is right by the LSB; GNU ld never sets it.
                format!("{} of {}", n.version, n.file)
            })
            .collect()
    };
    sets(found, "verneed", "needed version", &needed(&a), &needed(&b));
    let defined = |v: &Versions| -> Vec<String> {
        let mut all: Vec<_> = v.defined.iter().collect();
        all.sort_by_key(|d| d.index);
        all.iter()
            .map(|d| format!("{} {:?} flags {}", d.version, d.parents, d.flags))
            .collect()
    };
    same(
        found,
        "verdef",
        "defined versions",
        defined(&a),
        defined(&b),
    );
}
