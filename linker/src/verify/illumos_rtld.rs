//! illumos and Solaris: what ld.so.1 expects of a program and of its libraries.
//!
//! Its habits differ from glibc's in ways that give wrong values rather than errors: it adds to the word a relocation
//! stands on, it walks one range from the first to the last of the two relocation tables, it reads DT_HASH only, and
//! it lays out thread-local storage in units of 16 bytes whatever p_align says.
//!
//! What it does with every file, right or wrong, is no rule: it leaves a program's DT_INIT and DT_FINI to the start code
//! (R19), has its own directories and tokens for run paths (R21), passes over the DF_1_ flags it does not know (R22),
//! takes either kind of unwind header (R23; that there is one, W24 asks), and binds to a canonical PLT entry (R24).

use object::elf;

use super::file::{DT_FLAGS_1, File, Rela};
use super::{conditions as c, rules, tables, tls_scan};

const DT_POSFLAG_1: u64 = 0x6fff_fdfd;
const DT_SUNW_SYMTAB: u64 = 0x6000_0011;
const DT_SUNW_SYMSZ: u64 = 0x6000_0012;
const DT_RELR: u64 = 36;
const DT_ANDROID_RELR: u64 = 0x6fff_e000;
const PT_SUNW_UNWIND: u32 = 0x6464_e550;
/// What `reloc_table` of `uts/intel/amd64/krtld/doreloc.c` has.
const AMD64_TYPES: &[u32] = &[
    elf::R_X86_64_NONE,
    elf::R_X86_64_64,
    elf::R_X86_64_PC32,
    elf::R_X86_64_PLT32,
    elf::R_X86_64_COPY,
    elf::R_X86_64_GLOB_DAT,
    elf::R_X86_64_JUMP_SLOT,
    elf::R_X86_64_RELATIVE,
    elf::R_X86_64_32,
    elf::R_X86_64_32S,
    elf::R_X86_64_16,
    elf::R_X86_64_PC16,
    elf::R_X86_64_8,
    elf::R_X86_64_PC8,
    elf::R_X86_64_DTPMOD64,
    elf::R_X86_64_DTPOFF64,
    elf::R_X86_64_TPOFF64,
    elf::R_X86_64_TPOFF32,
    elf::R_X86_64_PC64,
    elf::R_X86_64_SIZE32,
    elf::R_X86_64_SIZE64,
];

rules! { TABLES:
    "R01", Programs, Headers, Broken, "ld.so.1: setup", "it takes AT_PHDR less p_offset for the ELF header and reads something else",
        "PT_PHDR must be the first program header and the table lie in the first PT_LOAD", headers_unreachable;
    "R02", Loaded, Headers, Broken, "ld.so.1: elf_verify, elf_mach_flags_check", "refused: wrong ELF flags or version",
        "e_flags must be 0 and e_version 1: link again with objects of this machine", |f| {
            let x86 = matches!(f.machine, elf::EM_X86_64 | elf::EM_386);
            if x86 && f.flags != 0 {
                return Some(format!("e_flags is {:#x}, not 0", f.flags));
            }
            (f.version > 1).then(|| format!("e_version is {}", f.version))
        };
    "R04", Loaded, Headers, Broken, "ld.so.1: setup, elf_new_lmp", "it reads beyond the dynamic section",
        "PT_DYNAMIC must lie inside a PT_LOAD and end with DT_NULL: link again, or undo what edited the file", |f| {
            if f.segment(elf::PT_INTERP).is_some() && !f.is_dynamic() {
                return Some("PT_INTERP without PT_DYNAMIC".into());
            }
            c::bad_dynamic(f)
        };
    "R05", Loaded, Headers, Broken, "ld.so.1: elf_find_sym", "it finds no symbol of this file: DT_GNU_HASH means nothing to it",
        "link with --hash-style=sysv or both", |f| {
            (f.is_dynamic() && f.tag(u64::from(elf::DT_HASH)).is_none()).then(|| "there is no DT_HASH".into())
        };
    "R05", Loaded, Contents, Broken, "ld.so.1: elf_find_sym", "it does not find the symbol",
        "the hash table is damaged: link again with --hash-style=sysv", tables::bad_hash;
    "R06", Loaded, Headers, Broken, "ld.so.1: elf_new_lmp", "it cannot read the symbol table",
        "DT_STRTAB, DT_STRSZ, DT_SYMTAB and DT_SYMENT must be there: link again", missing_tables;
    "R07", Loaded, Headers, Broken, "ld.so.1: elf_new_lmp", "it does not know packed relocations: the pointers stay link-time addresses",
        "link without -z pack-relative-relocs (--pack-dyn-relocs=none)", |f| {
            let relr = [DT_RELR, DT_ANDROID_RELR].iter().any(|t| f.tag(*t).is_some());
            relr.then(|| "there is DT_RELR".into())
        };
    "R08", Loaded, Headers, Broken, "ld.so.1: elf_reloc", "it reads relocations in another form",
        "amd64 and sparc have RELA of 24 bytes, i386 REL: link with -z rela, or for the right machine", wrong_table_kind;
    "R08", Loaded, Contents, Broken, "ld.so.1: elf_reloc", "it applies the first DT_RELACOUNT relocations as RELATIVE, whatever they are",
        "RELATIVE relocations must come first (-z combreloc), as many as DT_RELACOUNT says", |f| {
            let count = f.tag(u64::from(elf::DT_RELACOUNT))?;
            let n = usize::try_from(count).unwrap_or(usize::MAX);
            let relative = dyn_relas(f).take(n).take_while(|r| r.kind == elf::R_X86_64_RELATIVE).count();
            (f.is_amd64() && (relative as u64) < count)
                .then(|| format!("DT_RELACOUNT is {count}, but relocation {relative} is not RELATIVE"))
        };
    "R08", Programs, Headers, Broken, "ld.so.1: setup", "SIGSEGV when it stores into DT_DEBUG",
        "the dynamic section must be writable (no -z rodynamic)", |f| {
            let d = f.segment(elf::PT_DYNAMIC)?;
            let read_only = f.load_at(d.vaddr, 1).is_some_and(|s| !s.writable());
            (read_only && f.tag(u64::from(elf::DT_DEBUG)).is_some()).then(|| "the dynamic section is not writable, and has DT_DEBUG".into())
        };
    "R09", Loaded, Headers, Broken, "ld.so.1: elf_reloc", "it walks one range from the first to the end of the last table and takes what lies between for relocations",
        "put .rela.plt right behind .rela.dyn", not_adjacent;
    "R10", Loaded, Contents, Broken, "ld.so.1: do_reloc_rtld, reloc_table", "fatal: unsupported relocation type",
        "IFUNC and TLS descriptors must be resolved by the linker", |f| {
            let r = all_relas(f).find(|r| f.is_amd64() && !AMD64_TYPES.contains(&r.kind))?;
            Some(format!("relocation type {} at {:#x}", r.kind, r.offset))
        };
    "R11", Loaded, Contents, Broken, "ld.so.1: elf_reloc", "fatal: relocation offset out of range",
        "relocations must lie in loaded segments: link again, or undo what edited the file", |f| {
            if let Some(text) = table_unreadable(f) { return Some(text); }
            let r = all_relas(f).find(|r| r.kind != 0 && f.load_at(r.offset, 1).is_none())?;
            Some(format!("a relocation at {:#x} lies in no segment", r.offset))
        };
    "R12", Loaded, Contents, Broken, "ld.so.1: elf_lookup", "the kind of symbol is unknown: an indirect function is called as if it were the function",
        "compile without ifunc attributes", tables::gnu_symbols;
    "R13", Loaded, Contents, Broken, "ld.so.1: do_reloc_rtld", "wrong value: it adds to the word in the file",
        "words under relocations must be 0 (no --apply-dynamic-relocs)", |f| {
            let adds = |r: &Rela| !matches!(r.kind, elf::R_X86_64_NONE | elf::R_X86_64_RELATIVE | elf::R_X86_64_JUMP_SLOT | elf::R_X86_64_COPY);
            let r = all_relas(f).find(|r| {
                let size = if matches!(r.kind, elf::R_X86_64_32 | elf::R_X86_64_PC32 | elf::R_X86_64_32S | elf::R_X86_64_TPOFF32) { 4 } else { 8 };
                f.is_amd64() && adds(r) && f.number_at(r.offset, size).is_some_and(|w| w != 0)
            })?;
            Some(format!("the word under the relocation of type {} at {:#x} is not 0", r.kind, r.offset))
        };
    "R14", Loaded, Contents, Broken, "ld.so.1: elf_reloc", "lazy binding adds the base to the wrong words",
        "link with -z now, or let .rela.plt hold JUMP_SLOT relocations of consecutive slots only", bad_slots;
    "R15", Loaded, Contents, Broken, "ld.so.1: elf_plt_init", "it stores two words behind DT_PLTGOT: SIGSEGV, or damage",
        "DT_PLTGOT must point at three writable words", |f| {
            let at = f.tag(u64::from(elf::DT_PLTGOT))?;
            let good = f.load_at(at, 3 * f.word_size()).is_some_and(|s| s.writable());
            (f.is_amd64() && !good).then(|| format!("DT_PLTGOT {at:#x} does not point at three writable words"))
        };
    "R16", Libraries, Contents, Broken, "ld.so.1: elf_copy_reloc", "copies belong into the program",
        "compile the library's objects with -fPIC", |f| {
            let r = all_relas(f).find(|r| f.is_amd64() && r.kind == elf::R_X86_64_COPY)?;
            Some(format!("a library has a COPY relocation at {:#x}", r.offset))
        };
    "R17", Loaded, Contents, Broken, "ld.so.1: elf_verify_vers", "fatal: version not found",
        "link with the library that has the version, so that DT_NEEDED names it", tables::stray_version_file;
    "R18", Loaded, Contents, Broken, "ld.so.1: elf_reloc", "it stores the load address where a thread-pointer offset belongs",
        "the relocation must name a symbol, a local one for the object's own block", |f| {
            let tp = |r: &Rela| matches!(r.kind, elf::R_X86_64_TPOFF64 | elf::R_X86_64_TPOFF32);
            let r = all_relas(f).find(|r| f.is_amd64() && tp(r) && r.sym == 0)?;
            Some(format!("the TPOFF relocation at {:#x} has no symbol", r.offset))
        };
    "R20", Loaded, Headers, Broken, "ld.so.1: elf_new_lmp", "the flags apply to another entry",
        "DT_POSFLAG_1 must stand right before its DT_NEEDED", |f| {
            let pair = f.dynamic.windows(2).find(|p| p[0].0 == DT_POSFLAG_1 && p[1].0 != u64::from(elf::DT_NEEDED))?;
            Some(format!("DT_POSFLAG_1 stands before tag {:#x}", pair[1].0))
        };
    "R20", Loaded, Headers, Broken, "ld.so.1: elf_new_lmp", "dladdr reads other symbols",
        ".SUNW_ldynsym must stand right before .dynsym", |f| {
            let (at, size) = (f.tag(DT_SUNW_SYMTAB)?, f.tag(DT_SUNW_SYMSZ)?);
            let dynsym = f.tag(u64::from(elf::DT_SYMTAB))?;
            (at > dynsym || at.checked_add(size).is_none_or(|e| e < dynsym))
                .then(|| format!("DT_SUNW_SYMTAB {at:#x} with {size:#x} bytes does not reach DT_SYMTAB {dynsym:#x}"))
        };
    "W24", Loaded, Contents, Warning, "ld.so.1: dl_iterate_phdr", "exceptions are not caught in this file",
        "link with --eh-frame-hdr", |f| {
            let unwind = [elf::PT_GNU_EH_FRAME, PT_SUNW_UNWIND].iter().any(|k| f.segment(*k).is_some());
            (!unwind && f.is_dynamic() && tables::has_section(f, b".eh_frame", 16))
                .then(|| "there is .eh_frame, but neither PT_GNU_EH_FRAME nor PT_SUNW_UNWIND".into())
        };
    "W18", Loaded, Headers, Warning, "ld.so.1: tls_assign", "thread-local storage is aligned to 16 bytes only",
        "align thread-local variables to 16 bytes at most", |f| {
            let t = f.segment(elf::PT_TLS)?;
            (t.align > 16).then(|| format!("PT_TLS wants an alignment of {}", t.align))
        };
}

rules! { STATIC:
    "S01", Programs, Contents, Broken, "ld.so.1: elf_lookup", "the call goes to address 0",
        "a filter symbol of a library (SHN_ABS, value 0) must stay an undefined reference", tables::lost_filter;
    "S02", Programs, Contents, Broken, "crt1.o: _start", "crt1 takes the program for what it is not",
        "_DYNAMIC must be defined in dynamic programs, and only there", tables::dynamic_symbol;
    "S03", Programs, Contents, Broken, "ld.so.1: tls_assign", "wrong value: thread-local variables are read and written at other addresses",
        "link with -m elf_x86_64_sol2: the offset is symbol - roundup(p_memsz, 16)", tls_scan::outside_variables;
    "W23", Programs, Contents, Warning, "ld.so.1: tls_assign", "right only as long as every access is by this offset",
        "link with -m elf_x86_64_sol2", tls_scan::in_padding;
}

fn tag(f: &File<'_>, tag: u32) -> Option<u64> {
    f.tag(u64::from(tag))
}

/// `.rela.dyn`.
fn dyn_relas<'f>(f: &'f File<'_>) -> impl Iterator<Item = Rela> + 'f {
    let at = tag(f, elf::DT_RELA).unwrap_or(0);
    f.relas(at, tag(f, elf::DT_RELASZ).unwrap_or(0))
}

/// `.rela.plt`.
fn plt_relas<'f>(f: &'f File<'_>) -> impl Iterator<Item = Rela> + 'f {
    let at = tag(f, elf::DT_JMPREL).unwrap_or(0);
    f.relas(at, tag(f, elf::DT_PLTRELSZ).unwrap_or(0))
}

/// Both tables; relocations that both cover come twice.
pub(super) fn all_relas<'f>(f: &'f File<'_>) -> impl Iterator<Item = Rela> + 'f {
    dyn_relas(f).chain(plt_relas(f))
}

fn table_unreadable(f: &File<'_>) -> Option<String> {
    let tables = [
        (elf::DT_RELA, elf::DT_RELASZ, "DT_RELA"),
        (elf::DT_JMPREL, elf::DT_PLTRELSZ, "DT_JMPREL"),
    ];
    tables.iter().find_map(|(at, size, name)| {
        let (at, size) = (tag(f, *at)?, tag(f, *size)?);
        (size > 0 && f.at(at, size).is_none())
            .then(|| format!("{name} {at:#x} with {size:#x} bytes lies in no segment's file part"))
    })
}

fn headers_unreachable(f: &File<'_>) -> Option<String> {
    f.segment(elf::PT_INTERP)?;
    let phdr = f.segment(elf::PT_PHDR)?;
    if f.segments.first() != Some(phdr) {
        return Some("PT_PHDR is not the first program header".into());
    }
    if phdr.offset != f.phoff {
        return Some(format!(
            "PT_PHDR has p_offset {:#x}, the table stands at {:#x}",
            phdr.offset, f.phoff
        ));
    }
    let load = f.loads.first()?;
    let size = f.segments.len() as u64 * u64::from(f.phentsize);
    if load.offset != 0 || f.phoff.saturating_add(size) > load.filesz {
        return Some("the first PT_LOAD does not hold ELF header and program headers".into());
    }
    if phdr.vaddr.wrapping_sub(phdr.offset) != load.vaddr {
        return Some(format!(
            "PT_PHDR's address {:#x} is not where the table is",
            phdr.vaddr
        ));
    }
    if f.e_type == elf::ET_DYN && load.vaddr != 0 {
        return Some(format!(
            "a position-independent program is linked at {:#x}, not 0",
            load.vaddr
        ));
    }
    let interp = f.segment(elf::PT_INTERP)?;
    f.load_at(interp.vaddr, interp.filesz)
        .is_none()
        .then(|| "PT_INTERP lies in no PT_LOAD".into())
}

fn missing_tables(f: &File<'_>) -> Option<String> {
    f.segment(elf::PT_DYNAMIC)?;
    for (t, name) in [
        (elf::DT_STRTAB, "DT_STRTAB"),
        (elf::DT_STRSZ, "DT_STRSZ"),
        (elf::DT_SYMTAB, "DT_SYMTAB"),
        (elf::DT_SYMENT, "DT_SYMENT"),
    ] {
        if tag(f, t).is_none() {
            return Some(format!("there is no {name}"));
        }
    }
    let size = if f.is_64 { 24 } else { 16 };
    let entry = tag(f, elf::DT_SYMENT)?;
    (entry != size).then(|| format!("DT_SYMENT is {entry}, not {size}"))
}

fn wrong_table_kind(f: &File<'_>) -> Option<String> {
    let rela = f.machine != elf::EM_386;
    let (other, name) = if rela {
        (elf::DT_REL, "DT_REL")
    } else {
        (elf::DT_RELA, "DT_RELA")
    };
    if tag(f, other).is_some() {
        return Some(format!("there is {name}"));
    }
    let (entry, size) = if rela {
        (elf::DT_RELAENT, 3 * f.word_size())
    } else {
        (elf::DT_RELENT, 2 * f.word_size())
    };
    if let Some(n) = tag(f, entry).filter(|n| *n != size) {
        return Some(format!("a relocation has {n} bytes, not {size}"));
    }
    let kind = if rela { elf::DT_RELA } else { elf::DT_REL };
    let plt = tag(f, elf::DT_PLTREL)?;
    (plt != u64::from(kind)).then(|| format!("DT_PLTREL is {plt}"))
}

/// The two tables, or one inside the other's tail.
fn not_adjacent(f: &File<'_>) -> Option<String> {
    let (at, size) = if f.machine == elf::EM_386 {
        (tag(f, elf::DT_REL)?, tag(f, elf::DT_RELSZ)?)
    } else {
        (tag(f, elf::DT_RELA)?, tag(f, elf::DT_RELASZ)?)
    };
    let (plt, plt_size) = (tag(f, elf::DT_JMPREL)?, tag(f, elf::DT_PLTRELSZ)?);
    if size == 0 || plt_size == 0 {
        return None;
    }
    let (end, plt_end) = (at.saturating_add(size), plt.saturating_add(plt_size));
    let touching = plt == end || plt_end == at || (plt >= at && plt_end <= end);
    (!touching).then(|| {
        format!(
            "relocations stand at {at:#x}..{end:#x} and {plt:#x}..{plt_end:#x}, with a gap between"
        )
    })
}

/// `.rela.plt`: JUMP_SLOTs only, of slots that follow each other and hold code addresses.
fn bad_slots(f: &File<'_>) -> Option<String> {
    let now = tag(f, elf::DT_FLAGS).unwrap_or(0) & u64::from(elf::DF_BIND_NOW) != 0
        || f.tag(DT_FLAGS_1).unwrap_or(0) & u64::from(elf::DF_1_NOW) != 0
        || tag(f, elf::DT_BIND_NOW).is_some();
    if !f.is_amd64() || now {
        return None;
    }
    let first = plt_relas(f).next()?.offset;
    for (i, r) in plt_relas(f).enumerate() {
        if r.kind != elf::R_X86_64_JUMP_SLOT {
            return Some(format!(
                "relocation {i} of .rela.plt has type {}, not JUMP_SLOT",
                r.kind
            ));
        }
        let expected = first.saturating_add(8 * i as u64);
        if r.offset != expected {
            return Some(format!(
                "slot {i} of .rela.plt is {:#x}, not {expected:#x}",
                r.offset
            ));
        }
        let target = f.number_at(r.offset, 8).unwrap_or(0);
        if !f.load_at(target, 1).is_some_and(|s| s.executable()) {
            return Some(format!(
                "the slot at {:#x} holds {target:#x}, no address of code",
                r.offset
            ));
        }
    }
    None
}
