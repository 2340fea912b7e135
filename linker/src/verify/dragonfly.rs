//! DragonFly BSD: `sys/kern/imgact_elf.c`, and its run-time linker (`libexec/rtld-elf`).
//!
//! Close to FreeBSD's, from which both come. EI_OSABI 0 is DragonFly's own brand, so nearly every file passes for one
//! of its programs; the note "DragonFly" says it outright. Not known here: releases after the sources that were read
//! (kernel of 2020, run-time linker of 2017), and what they made of DT_RELR and TLS descriptors, which those lack.

use object::elf;

use super::conditions as c;
use super::file::File;
use super::illumos_rtld::all_relas;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "D01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: check_header",
        effect: "exec fails with ENOEXEC",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "D02",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: exec_elf_imgact",
        effect: "exec fails with ENOEXEC",
        mend: "the program header table must lie inside the file: link again, or copy the whole file",
        broken: |_| None,
    },
    rules: &[KERNEL, RTLD],
};

const PAGE: u64 = 4096;
const MAXPATHLEN: u64 = 1024;
const ELFOSABI_FREEBSD: u8 = 9;
/// DT_RELR.
const RELR: u64 = 36;
/// x86-64 only: i386 went with release 4.0.
const MACHINES: &[(u16, bool, bool)] = &[(elf::EM_X86_64, true, false)];
/// What `reloc.c` for x86-64 carries out.
const TYPES: &[u32] = &[
    elf::R_X86_64_NONE,
    elf::R_X86_64_64,
    elf::R_X86_64_PC32,
    elf::R_X86_64_COPY,
    elf::R_X86_64_GLOB_DAT,
    elf::R_X86_64_JUMP_SLOT,
    elf::R_X86_64_RELATIVE,
    elf::R_X86_64_DTPMOD64,
    elf::R_X86_64_DTPOFF64,
    elf::R_X86_64_DTPOFF32,
    elf::R_X86_64_TPOFF64,
    elf::R_X86_64_TPOFF32,
    elf::R_X86_64_IRELATIVE,
];

rules! { KERNEL:
    "D01", Both, Headers, Broken, "kernel: check_header", "exec fails with ENOEXEC",
        "link for x86-64 DragonFly (--wcc-target=x86_64-unknown-dragonfly): ET_EXEC or ET_DYN, version 1", |f| {
            if let Some(text) = c::not_for(f, MACHINES) {
                return Some(text);
            }
            (f.ident_version != 1 || f.version != 1).then(|| format!("EI_VERSION is {}, e_version {}", f.ident_version, f.version))
        };
    "D02", Both, Headers, Broken, "kernel: check_header", "exec fails with ENOEXEC",
        "e_phentsize must be 56: link again", |f| {
            (f.phentsize != 56 && f.phnum != 0).then(|| format!("e_phentsize is {}, not 56", f.phentsize))
        };
    "D03", Both, Headers, Broken, "kernel: exec_elf_imgact", "exec fails with ENOEXEC",
        "program headers must lie in the first 4096 bytes", c::headers_beyond_first_page;
    "D04", Programs, Headers, Broken, "kernel: exec_elf_imgact", "exec fails with ENOEXEC",
        "name a run-time linker by a path of at most 1023 bytes: --dynamic-linker=/usr/libexec/ld-elf.so.2", |f| c::bad_interp(f, 1, MAXPATHLEN, false);
    "D05", Both, Headers, Broken, "kernel: load_section", "exec fails with ENOEXEC (truncated ELF file)",
        "p_filesz may not be more than p_memsz nor leave the file: link again, or copy the whole file", |f| c::filesz_over_memsz(f).or_else(|| c::load_beyond_file(f));
    "D05", Both, Headers, Broken, "kernel: load_section", "the segment's pages are mapped from another place of the file",
        "p_offset and p_vaddr must agree modulo 4096: link again", |f| c::not_congruent(f, PAGE);
    "D06", Programs, Contents, Broken, "kernel: get_brandinfo (ELF binary type not known)", "exec fails with ENOEXEC",
        "link DragonFly's crt1.o, which has the note .note.ABI-tag, or leave EI_OSABI 0", unbranded;
    "D07", Both, Contents, Broken, "kernel: exec_elf_imgact", "nothing is mapped",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
}

rules! { RTLD:
    "D10", Libraries, Headers, Broken, "rtld: map_object", "PT_LOAD segment not page-aligned",
        "link with -z max-page-size=4096 or more", |f| {
            let s = f.loads.iter().find(|s| s.align % PAGE != 0)?;
            Some(format!("PT_LOAD {} has p_align {:#x}", s.place(), s.align))
        };
    "D11", Libraries, Headers, Broken, "rtld: map_object", "a later segment is mapped outside the library",
        "PT_LOADs must ascend by address: link again", c::not_ascending;
    "D12", Loaded, Headers, Broken, "rtld: digest_dynamic", "DT_RELR is not read: its words keep their link-time addresses",
        "link without -z pack-relative-relocs", |f| f.tag(RELR).map(|_| "there is DT_RELR".into());
    "D13", Loaded, Contents, Broken, "rtld: reloc_non_plt, reloc_plt", "Unsupported relocation type",
        "compile without -mtls-dialect=gnu2; link with --wcc-target=x86_64-unknown-dragonfly", |f| c::unknown_relocation(all_relas(f), TYPES);
}

fn unbranded(f: &File<'_>) -> Option<String> {
    let note = f.notes().iter().any(|(name, kind, desc)| {
        matches!(*name, b"DragonFly\0" | b"FreeBSD\0") && *kind == 1 && desc.len() == 4
    });
    let known = f.osabi == elf::ELFOSABI_NONE || f.osabi == ELFOSABI_FREEBSD;
    let interp = f
        .interp
        .as_deref()
        .is_some_and(|i| i.starts_with(b"/libexec/ld-elf.so.2\0"));
    (!note && !known && !interp).then(|| {
        format!(
            "EI_OSABI is {} and there is no DragonFly note in a PT_NOTE",
            f.osabi
        )
    })
}
