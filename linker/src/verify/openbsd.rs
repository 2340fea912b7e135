//! OpenBSD 7.5 and later: `sys/kern/exec_elf.c`. Position-independent programs must have PT_PHDR, static ones too
//! (the opposite of illumos), and static programs must list their system calls.

use object::elf;

use super::conditions as c;
use super::file::File;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "O01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: elf_check_header",
        effect: "exec fails with ENOEXEC",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "O02",
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

const PT_OPENBSD_RANDOMIZE: u32 = 0x65a3_dbe6;
const PT_OPENBSD_WXNEEDED: u32 = 0x65a3_dbe7;
const PT_OPENBSD_SYSCALLS: u32 = 0x65a3_dbe9;
/// More than any release has (SYS_MAXSYSCALL is about 330).
const MOST_SYSCALLS: u64 = 512;
const RANDOMIZE_LIMIT: u64 = 1 << 20;

rules! { KERNEL:
    "O01", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "link for OpenBSD: ET_EXEC or ET_DYN, version 1, a machine OpenBSD runs on", |f| {
            if let Some(text) = c::not_for(f, c::BSD_MACHINES) {
                return Some(text);
            }
            (f.version != 1).then(|| format!("e_version is {}", f.version))
        };
    "O02", Both, Headers, Broken, "kernel: elf_check_header", "exec fails with ENOEXEC",
        "at most 32 program headers, and no PT_SHLIB: link with fewer segments", |f| {
            if f.phnum > 32 {
                return Some(format!("{} program headers are more than 32", f.phnum));
            }
            f.segment(elf::PT_SHLIB).map(|_| "there is a PT_SHLIB".into())
        };
    "O03", Both, Headers, Broken, "kernel: elf_load_psection", "exec fails with EINVAL",
        "p_align must be a power of 2 (-z max-page-size)", c::align_not_power_of_two;
    "O04", Both, Headers, Broken, "kernel: exec_elf_makecmds", "exec fails with EINVAL",
        "each PT_LOAD must take memory, and p_filesz be at most p_memsz and inside the file: link again, or copy the whole file", |f| {
            let empty = f.all(elf::PT_LOAD).find(|s| s.memsz == 0);
            let empty = empty.map(|s| format!("PT_LOAD at {:#x} has p_memsz 0", s.vaddr));
            empty.or_else(|| c::filesz_over_memsz(f)).or_else(|| c::load_beyond_file(f))
        };
    "O05", Programs, Contents, Broken, "kernel: elf_os_pt_note", "exec fails with ENOEXEC",
        "link OpenBSD's crt0.o, which has the note .note.openbsd.ident", |f| {
            let note = f.notes_within(1024).iter().any(|(name, kind, _)| *name == b"OpenBSD\0" && *kind == 1);
            (!note).then(|| "there is no OpenBSD note in a PT_NOTE of at most 1024 bytes".into())
        };
    "O06", Programs, Headers, Broken, "kernel: exec_elf_makecmds", "exec fails with EINVAL",
        "link with -pie, at address 0", |f| {
            if f.e_type != elf::ET_DYN {
                return None;
            }
            if f.segment(elf::PT_PHDR).is_none() {
                return Some("a position-independent program without PT_PHDR".into());
            }
            let first = f.all(elf::PT_LOAD).next()?;
            (first.vaddr != 0).then(|| format!("the first PT_LOAD stands at {:#x}, not 0", first.vaddr))
        };
    "O07", Programs, Headers, Broken, "kernel: exec_elf_makecmds", "exec fails with ENOEXEC",
        "link with --dynamic-linker=/usr/libexec/ld.so", |f| c::bad_interp(f, 2, 1024, false);
    "O08", Both, Headers, Warning, "kernel: elf_load_psection", "the segment is mapped without execute permission",
        "link with -z wxneeded", |f| {
            c::writable_and_executable(f).filter(|_| f.segment(PT_OPENBSD_WXNEEDED).is_none())
        };
    "O09", Programs, Headers, Broken, "kernel: exec_elf_fixup", "exec fails with ENOMEM",
        "make .openbsd.randomdata at most 1 MiB", |f| {
            let total = f.all(PT_OPENBSD_RANDOMIZE).fold(0u64, |n, s| n.saturating_add(s.memsz));
            (total > RANDOMIZE_LIMIT).then(|| format!("PT_OPENBSD_RANDOMIZE wants {total:#x} random bytes"))
        };
    "O10", Programs, Contents, Broken, "kernel: pin_setup, pin_check", "abort at the first system call",
        "link a libc.a that has .openbsd.syscalls", bad_syscalls;
    "O11", Both, Contents, Broken, "kernel: exec_elf_makecmds", "nothing is mapped",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
}

/// Static programs list their system calls as {offset, number} pairs.
fn bad_syscalls(f: &File<'_>) -> Option<String> {
    let Some(s) = f.segment(PT_OPENBSD_SYSCALLS) else {
        let is_static = f.segment(elf::PT_INTERP).is_none();
        return is_static.then(|| "a static program without PT_OPENBSD_SYSCALLS".into());
    };
    if s.filesz % 8 != 0 {
        return Some(format!(
            "PT_OPENBSD_SYSCALLS has {} bytes, not pairs of two words",
            s.filesz
        ));
    }
    let base = f.loads.first().map_or(0, |l| l.vaddr);
    let is_code = |at: u64| f.load_at(at, 1).is_some_and(|l| l.executable());
    (0..s.filesz / 8).find_map(|i| {
        let at = s.offset.checked_add(i * 8)?;
        let (Some(offset), Some(number)) = (f.number(at, 4), f.number(at + 4, 4)) else {
            return Some("PT_OPENBSD_SYSCALLS lies outside the file".into());
        };
        if number == 0 || number > MOST_SYSCALLS {
            return Some(format!("system call {i} has the number {number}"));
        }
        // Offsets count from the image's start; a linker at a fixed address writes addresses.
        (!is_code(base.saturating_add(offset)) && !is_code(offset))
            .then(|| format!("system call {i} stands at {offset:#x}, outside the code"))
    })
}
