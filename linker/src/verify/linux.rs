//! Linux: what `fs/binfmt_elf.c` accepts, and of libraries what glibc's run-time linker does.
//!
//! Until `begin_new_exec` a failure is an error number; after it the process is killed by SIGSEGV. EI_OSABI does not
//! matter to the kernel, PT_PHDR is optional, and only the first PT_INTERP counts.

use object::elf;

use super::conditions as c;
use super::file::File;
use super::{Needs, On, Platform, Rule, Severity, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: NOT_ELF,
    bad_table: BAD_TABLE,
    rules: &[KERNEL, LIBRARY],
};

pub(super) const NOT_ELF: Rule = Rule {
    id: "L01",
    on: On::Both,
    needs: Needs::Headers,
    severity: Severity::Broken,
    by: "kernel: load_elf_binary",
    effect: "exec fails with ENOEXEC",
    mend: "make an ELF file of this machine and class",
    broken: |_| None,
};

pub(super) const BAD_TABLE: Rule = Rule {
    id: "L03",
    on: On::Both,
    needs: Needs::Headers,
    severity: Severity::Broken,
    by: "kernel: load_elf_phdrs",
    effect: "exec fails with ENOEXEC",
    mend: "the program header table must lie inside the file: link again, or copy the whole file",
    broken: |_| None,
};

const PAGE: u64 = 4096;
/// End of user addresses with four-level page tables.
const LIMIT_64: u64 = 0x7fff_ffff_f000;
const LIMIT_32: u64 = 0xffff_e000;

rules! { KERNEL:
    "L02", Both, Headers, Broken, "kernel: load_elf_binary", "exec fails with ENOEXEC",
        "link a program or a library, not an object (-r)", |f| {
            let kind = matches!(f.e_type, elf::ET_EXEC | elf::ET_DYN);
            (!kind).then(|| format!("e_type is {}, neither ET_EXEC nor ET_DYN", f.e_type))
        };
    "L03", Both, Headers, Broken, "kernel: load_elf_phdrs", "exec fails with ENOEXEC",
        "e_phentsize must be 56 (64-bit) or 32, and the table hold 1 to 1170 headers: link again", |f| {
            let size = if f.is_64 { 56 } else { 32 };
            if f.phentsize != size && f.phnum != 0 {
                return Some(format!("e_phentsize is {}, not {size}", f.phentsize));
            }
            (u64::from(f.phnum) * u64::from(f.phentsize) > 65536)
                .then(|| format!("{} program headers are more than 64 KiB", f.phnum))
        };
    "L03", Both, Contents, Broken, "kernel: load_elf_phdrs", "exec fails with ENOEXEC",
        "e_phentsize must be 56 (64-bit) or 32, and the table hold 1 to 1170 headers: link again", |f| (f.phnum == 0).then(|| "there are no program headers".into());
    "L05", Programs, Headers, Broken, "kernel: load_elf_binary", "exec fails with ENOEXEC",
        "name the run-time linker with --dynamic-linker, by a path of at most 4095 bytes", |f| c::bad_interp(f, 2, 4096, false);
    "L06", Both, Headers, Broken, "kernel: elf_load", "SIGSEGV at exec",
        "p_filesz may not be more than p_memsz: link again, or undo what edited the file", c::filesz_over_memsz;
    "L06", Both, Headers, Broken, "kernel: elf_map", "SIGBUS at the first touch",
        "the file was cut short", c::load_beyond_file;
    "L07", Both, Headers, Broken, "kernel: elf_map (mmap)", "SIGSEGV at exec: EINVAL",
        "link with -z max-page-size=4096 or more", |f| c::not_congruent(f, PAGE);
    "L08", Both, Headers, Broken, "kernel: load_elf_binary", "SIGSEGV at exec",
        "link at an address that user programs have, such as 0x400000", |f| c::beyond(f, if f.is_64 { LIMIT_64 } else { LIMIT_32 });
    "L09", Programs, Headers, Broken, "kernel: mmap_min_addr", "SIGSEGV at exec: EPERM",
        "link at 64 KiB or above", |f| {
            let s = f.loads.first().filter(|s| f.e_type == elf::ET_EXEC && s.vaddr < 0x1_0000)?;
            Some(format!("PT_LOAD at {:#x} lies in the first 64 KiB", s.vaddr))
        };
    "L10", Both, Contents, Broken, "kernel: load_elf_binary", "nothing is mapped",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
    "L11", Programs, Contents, Broken, "kernel: load_elf_binary", "SIGSEGV at the first instruction",
        "define _start, or name the entry with -e", c::entry_not_executable;
    "W02", Programs, Contents, Warning, "kernel: load_elf_binary", "only a machine of that kind runs it",
        "link for Linux: EI_OSABI 0 or 3", |f| foreign_osabi(f).filter(|_| f.is_dynamic());
}

rules! { LIBRARY:
    "G01", Libraries, Headers, Broken, "glibc: open_verify", "ELF file OS ABI invalid",
        "link for Linux: EI_OSABI 0 or 3, EI_ABIVERSION 0", foreign_osabi;
    "G02", Libraries, Headers, Broken, "glibc: _dl_map_object_from_fd", "ELF load command alignment not page-aligned",
        "link with -z max-page-size=4096 or more", |f| {
            let s = f.loads.iter().find(|s| s.align % PAGE != 0)?;
            Some(format!("PT_LOAD {} has p_align {:#x}", s.place(), s.align))
        };
    "G03", Libraries, Headers, Broken, "glibc: _dl_map_segments", "a later segment is mapped outside the library",
        "PT_LOADs must ascend by address: link again", c::not_ascending;
    "G04", Loaded, Headers, Broken, "glibc: elf_get_dynamic_info", "it reads beyond the dynamic section",
        "PT_DYNAMIC must lie inside a PT_LOAD and end with DT_NULL: link again, or undo what edited the file", c::bad_dynamic;
    "G05", Loaded, Headers, Broken, "glibc: elf_get_dynamic_info", "it reads relocations in another form",
        "link for the machine the file is for: RELA or REL as its ABI says", |f| {
            let size = 3 * f.word_size();
            let entry = f.tag(u64::from(elf::DT_RELAENT))?;
            (entry != size).then(|| format!("DT_RELAENT is {entry}, not {size}"))
        };
    "G06", Libraries, Headers, Broken, "glibc: do_lookup_x", "it finds no symbol of this file",
        "link with --hash-style=gnu or sysv", |f| {
            let some = [elf::DT_HASH, elf::DT_GNU_HASH].iter().any(|t| f.tag(u64::from(*t)).is_some());
            (!some).then(|| "there is neither DT_GNU_HASH nor DT_HASH".into())
        };
}

/// glibc takes System V and GNU; what another system's name stands for it does not know.
fn foreign_osabi(f: &File<'_>) -> Option<String> {
    let known = [elf::ELFOSABI_NONE, elf::ELFOSABI_GNU].contains(&f.osabi);
    (!known || f.osabi == elf::ELFOSABI_NONE && f.abi_version != 0)
        .then(|| format!("EI_OSABI is {}, EI_ABIVERSION {}", f.osabi, f.abi_version))
}
