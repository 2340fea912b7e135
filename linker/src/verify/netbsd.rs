//! NetBSD: `sys/kern/exec_elf.c`. A program is NetBSD's by its note only.

use super::conditions as c;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "N01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: elf_check_header",
        effect: "exec fails with ENOEXEC",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "N02",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: exec_elf_makecmds",
        effect: "exec fails with ENOEXEC",
        mend: "the program header table must lie inside the file: link again, or copy the whole file",
        broken: |_| None,
    },
    rules: &[KERNEL],
};

const PAGE: u64 = 4096;
const MAXPATHLEN: u64 = 1024;

rules! { KERNEL:
    "N01", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "link for NetBSD: ET_EXEC or ET_DYN, for a machine NetBSD runs on", |f| {
            c::not_for(f, c::BSD_MACHINES)
        };
    "N02", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "link with fewer segments and sections (-s)", |f| {
            if f.phnum > 128 {
                return Some(format!("{} program headers are more than 128", f.phnum));
            }
            (f.shnum > 32768).then(|| format!("{} section headers are more than 32768", f.shnum))
        };
    "N03", Both, Contents, Broken, "kernel: exec_elf_makecmds", "exec fails with ENOEXEC",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
    "N04", Programs, Headers, Broken, "kernel: exec_elf_makecmds", "exec fails with ENOEXEC",
        "PT_INTERP must be the path and its NUL, no more: link with --dynamic-linker=/libexec/ld.elf_so", |f| c::bad_interp(f, 2, MAXPATHLEN, true);
    "N05", Programs, Contents, Broken, "kernel: netbsd_elf_signature", "another system's emulation runs it, or exec fails with ENOEXEC",
        "link NetBSD's crt0.o and crti.o, which have the note .note.netbsd.ident", |f| {
            let note = f.notes_within(1024).iter().any(|(name, kind, desc)| *name == b"NetBSD\0" && *kind == 1 && desc.len() == 4);
            (!note).then(|| "there is no NetBSD note in a PT_NOTE of at most 1024 bytes".into())
        };
    "N06", Both, Headers, Broken, "kernel: elf_load_psection", "exec fails with EINVAL",
        "p_offset and p_vaddr must agree modulo 4096: link with -z max-page-size=4096 or more", |f| c::not_congruent(f, PAGE);
    "N07", Both, Headers, Broken, "kernel: elf_load_psection", "the segment is cut short",
        "p_filesz may not be more than p_memsz nor leave the file: link again, or copy the whole file", |f| c::filesz_over_memsz(f).or_else(|| c::load_beyond_file(f));
    "N08", Both, Headers, Warning, "kernel: PaX MPROTECT", "the segment loses its write permission",
        "no segment both writable and executable, or paxctl +m", c::writable_and_executable;
}
