//! FreeBSD: `sys/kern/imgact_elf.c`. A program must say that it is FreeBSD's: by a note, EI_OSABI or its interpreter.

use object::elf;

use super::conditions as c;
use super::file::File;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "F01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: elf_check_header",
        effect: "exec fails with ENOEXEC",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "F02",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: elf_check_header",
        effect: "exec fails with ENOEXEC",
        mend: "the program header table must lie inside the file: link again, or copy the whole file",
        broken: |_| None,
    },
    rules: &[KERNEL],
};

const PAGE: u64 = 4096;
const MAXPATHLEN: u64 = 1024;
const ELFOSABI_FREEBSD: u8 = 9;

rules! { KERNEL:
    "F01", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "link for FreeBSD (-m elf_x86_64_fbsd): ET_EXEC or ET_DYN, version 1, a machine FreeBSD runs on", |f| {
            if let Some(text) = c::not_for(f, c::BSD_MACHINES) {
                return Some(text);
            }
            (f.ident_version != 1 || f.version != 1).then(|| format!("EI_VERSION is {}, e_version {}", f.ident_version, f.version))
        };
    "F02", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "e_phentsize must be 56 (64-bit) or 32: link again", |f| {
            let size = if f.is_64 { 56 } else { 32 };
            (f.phentsize != size && f.phnum != 0).then(|| format!("e_phentsize is {}, not {size}", f.phentsize))
        };
    "F03", Both, Headers, Broken, "kernel: exec_elf_imgact", "exec fails with ENOEXEC",
        "program headers must lie in the first 4096 bytes", c::headers_beyond_first_page;
    "F04", Programs, Headers, Broken, "kernel: get_interp", "exec fails with ENOEXEC",
        "one PT_INTERP with a path of at most 1023 bytes: link with --dynamic-linker=/libexec/ld-elf.so.1", |f| {
            if f.all(elf::PT_INTERP).count() > 1 {
                return Some("there are several PT_INTERP".into());
            }
            c::bad_interp(f, 2, MAXPATHLEN, false)
        };
    "F05", Both, Headers, Broken, "kernel: load_section", "exec fails with ENOEXEC",
        "p_filesz may not be more than p_memsz nor leave the file, p_offset and p_vaddr must agree modulo 4096: link again, or copy the whole file", |f| c::filesz_over_memsz(f).or_else(|| c::load_beyond_file(f)).or_else(|| c::not_congruent(f, PAGE));
    "F06", Programs, Contents, Broken, "kernel: get_brand_info (ELF binary type not known)", "exec fails with ENOEXEC",
        "link FreeBSD's crt1.o, which has the note .note.tag, or brand the file with brandelf", unbranded;
    "F07", Both, Contents, Broken, "kernel: load_sections", "nothing is mapped",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
    "F08", Both, Headers, Warning, "kernel: exec_elf_imgact", "refused where kern.elf64.allow_wx is 0",
        "link without -N and -z execstack's kin: no segment both writable and executable", c::writable_and_executable;
}

fn unbranded(f: &File<'_>) -> Option<String> {
    let note = f
        .notes()
        .iter()
        .any(|(name, kind, desc)| *name == b"FreeBSD\0" && *kind == 1 && desc.len() == 4);
    let interp = f
        .interp
        .as_deref()
        .is_some_and(|i| i.starts_with(b"/libexec/ld-elf.so.1\0"));
    (!note && f.osabi != ELFOSABI_FREEBSD && !interp).then(|| {
        format!(
            "no FreeBSD note in a PT_NOTE, EI_OSABI is {}, and the interpreter is not FreeBSD's",
            f.osabi
        )
    })
}
