//! Haiku: what its runtime_loader accepts (`src/system/runtime_loader`, `elf_load_image.cpp` and `arch_relocate.cpp`).
//!
//! The kernel starts that loader, which maps programs and libraries alike; a program is a shared object with a start
//! function. It refuses what it does not know: program headers of other types (PT_GNU_PROPERTY among them) and
//! relocations of other types, COPY and those of the initial-exec model among them. Not known here: what the kernel
//! itself asks of a program's header besides the magic, whether PT_GNU_EH_FRAME was always passed over (current
//! sources do), and 32-bit hybrids with GCC 2 objects.

use object::elf;

use super::conditions as c;
use super::illumos_rtld::all_relas;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "H01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "runtime_loader: parse_elf_header",
        effect: "B_NOT_AN_EXECUTABLE",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "H02",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "runtime_loader: load_image",
        effect: "Could not read program headers",
        mend: "the program header table must lie inside the file: link again, or copy the whole file",
        broken: |_| None,
    },
    rules: &[LOADER],
};

const PAGE: u64 = 4096;
/// Bytes of program headers that the loader has room for.
const HEADERS: u64 = 4096;
const MACHINES: &[(u16, bool, bool)] = &[
    (elf::EM_X86_64, true, false),
    (elf::EM_386, false, false),
    (elf::EM_AARCH64, true, false),
    (elf::EM_ARM, false, false),
    (elf::EM_RISCV, true, false),
    (elf::EM_PPC, false, true),
    (elf::EM_SPARCV9, true, true),
    (elf::EM_68K, false, true),
];
const KNOWN_HEADERS: &[u32] = &[
    elf::PT_NULL,
    elf::PT_LOAD,
    elf::PT_DYNAMIC,
    elf::PT_INTERP,
    elf::PT_NOTE,
    elf::PT_SHLIB,
    elf::PT_PHDR,
    elf::PT_TLS,
    elf::PT_GNU_EH_FRAME,
    elf::PT_GNU_STACK,
    elf::PT_GNU_RELRO,
    elf::PT_ARM_EXIDX,
];
/// What `arch/x86_64/arch_relocate.cpp` carries out.
const TYPES: &[u32] = &[
    elf::R_X86_64_NONE,
    elf::R_X86_64_64,
    elf::R_X86_64_PC32,
    elf::R_X86_64_GLOB_DAT,
    elf::R_X86_64_JUMP_SLOT,
    elf::R_X86_64_RELATIVE,
    elf::R_X86_64_DTPMOD64,
    elf::R_X86_64_DTPOFF32,
    elf::R_X86_64_DTPOFF64,
];

rules! { LOADER:
    "H01", Both, Headers, Broken, "runtime_loader: parse_elf_header", "B_NOT_AN_EXECUTABLE",
        "link for Haiku (--wcc-target=x86_64-unknown-haiku)", |f| c::not_for(f, MACHINES);
    "H02", Both, Headers, Broken, "runtime_loader: parse_elf_header", "B_NOT_AN_EXECUTABLE",
        "there must be program headers of the usual size: link again", |f| {
            let least = if f.is_64 { 56 } else { 32 };
            let bad = f.phoff == 0 || f.phentsize < least || f.phnum == 0;
            bad.then(|| format!("e_phoff is {:#x}, e_phentsize {}, e_phnum {}", f.phoff, f.phentsize, f.phnum))
        };
    "H03", Both, Headers, Broken, "runtime_loader: parse_elf_header", "B_NOT_AN_EXECUTABLE",
        "keep the section header table: link without -z nosectionheader, do not run sstrip",
        |f| (f.shnum == 0).then(|| "there is no section header table".into());
    "H04", Both, Headers, Broken, "runtime_loader: load_image (Cannot handle program headers bigger than 4096)", "B_UNSUPPORTED",
        "link with fewer segments", |f| {
            let size = u64::from(f.phnum) * u64::from(f.phentsize);
            (size > HEADERS).then(|| format!("the program headers have {size} bytes"))
        };
    "H05", Both, Headers, Broken, "runtime_loader: parse_program_headers (Unhandled pheader type)", "B_BAD_DATA",
        "link with --wcc-target=x86_64-unknown-haiku, which leaves such headers out", |f| {
            let s = f.segments.iter().find(|s| !KNOWN_HEADERS.contains(&s.kind))?;
            Some(format!("there is a program header of type {:#x}", s.kind))
        };
    "H06", Both, Headers, Broken, "runtime_loader: assert_dynamic_loadable", "B_UNSUPPORTED",
        "PT_DYNAMIC must lie inside a PT_LOAD and end with DT_NULL: link again, or undo what edited the file", c::bad_dynamic;
    "H07", Both, Headers, Broken, "runtime_loader: parse_dynamic_segment", "B_BAD_DATA (Troubles handling dynamic section)",
        "link with --hash-style=sysv or both", |f| {
            let missing = [("DT_HASH", elf::DT_HASH), ("DT_SYMTAB", elf::DT_SYMTAB), ("DT_STRTAB", elf::DT_STRTAB)];
            let (name, _) = missing.iter().find(|(_, t)| f.tag(u64::from(*t)).is_none())?;
            f.is_dynamic().then(|| format!("there is no {name}"))
        };
    "H08", Both, Headers, Broken, "runtime_loader: parse_dynamic_segment", "B_BAD_DATA (Static TLS model is not supported)",
        "compile without -ftls-model=initial-exec", |f| {
            let flags = f.tag(u64::from(elf::DT_FLAGS)).unwrap_or(0);
            (flags & u64::from(elf::DF_STATIC_TLS) != 0).then(|| "DT_FLAGS has DF_STATIC_TLS".into())
        };
    "H09", Both, Contents, Broken, "runtime_loader: relocate_rela", "B_BAD_DATA (unhandled relocation type)",
        "compile with -fPIC and without -ftls-model=initial-exec, link with -shared as Haiku's compilers do", |f| c::unknown_relocation(all_relas(f), TYPES).filter(|_| f.is_amd64());
    "H10", Both, Headers, Broken, "runtime_loader: map_image", "SIGBUS at the first touch, or the wrong bytes",
        "p_filesz may not be more than p_memsz nor leave the file, p_offset and p_vaddr must agree modulo 4096: link again, or copy the whole file", |f| c::filesz_over_memsz(f).or_else(|| c::load_beyond_file(f)).or_else(|| c::not_congruent(f, PAGE));
    "H11", Both, Contents, Broken, "runtime_loader: count_regions", "B_BAD_DATA (Troubles parsing Program headers)",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
    "H12", Programs, Headers, Warning, "runtime_loader: count_regions", "the interpreter's name is not looked at",
        "link with --wcc-target=x86_64-unknown-haiku, which names none", |f| f.interp.as_ref().map(|_| "there is a PT_INTERP, which Haiku's programs do not have".into());
}
