//! illumos and Solaris: what the kernel accepts. What ld.so.1 asks is in [`super::illumos_rtld`].
//!
//! exec(2) is `elfexec` and `mapelfexec`; a failure before the old image is gone is an error number, one after it is
//! SIGKILL, without a word. Libraries are mapped by mmapobj(2), which asks for more than exec does. EI_OSABI, e_version
//! and x86's e_flags are not looked at, and PT_GNU_STACK, PT_GNU_RELRO and PT_GNU_PROPERTY mean nothing.
//!
//! Three of its reasons to kill a program are no rules here, because no single file can be right or wrong by them. K08:
//! no free range of addresses for a position-independent file; that depends on the process, and the largest a file can
//! ask for is bounded by K17. K16: the interpreter itself is broken; that is another file, on the machine that runs the
//! program, and can be judged by giving it to this check. K22: the process's RLIMIT_VMEM. K21, the stack's protection by
//! PT_SUNWSTACK, is a choice and nothing to break.

use object::elf;

use super::conditions as c;
use super::file::File;
use super::{Needs, On, Platform, Rule, Severity, illumos_rtld, rules};

pub static PLATFORM: Platform = Platform {
    not_elf: Rule {
        id: "K01",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: gexec",
        effect: "exec fails with ENOEXEC",
        mend: "make an ELF file of this machine and class",
        broken: |_| None,
    },
    bad_table: Rule {
        id: "K04",
        on: On::Both,
        needs: Needs::Headers,
        severity: Severity::Broken,
        by: "kernel: getelfphdr",
        effect: "exec fails with EINVAL or EIO",
        mend: "the program header table must lie inside the file: link again, or copy the whole file",
        broken: |_| None,
    },
    rules: &[EXEC, LIBRARY, illumos_rtld::TABLES, illumos_rtld::STATIC],
};

const PT_SUNWDTRACE: u32 = 0x6fff_fffc;
/// PT_SUNWDTRACE_SIZE of amd64.
const DTRACE_SIZE: u64 = 64;
const PT_SUNWCAP: u32 = 0x6fff_fffd;
const PT_SUNWBSS: u32 = 0x6fff_fffa;
/// First address of the hole in amd64's address space.
const HOLE: u64 = 0x8000_0000_0000;
const LIMIT_32: u64 = 0xfeff_f000;
/// sparcv9, sparc and sparc32plus, which the `object` crate has no classes for.
const MACHINES: &[(u16, bool, bool)] = &[
    (elf::EM_X86_64, true, false),
    (elf::EM_386, false, false),
    (elf::EM_SPARCV9, true, true),
    (elf::EM_SPARC, false, true),
    (elf::EM_SPARC32PLUS, false, true),
];

rules! { EXEC:
    "K02", Both, Headers, Broken, "kernel: getelfhead, elfheadcheck", "exec fails with EINVAL",
        "link for x86-64, i386, sparc or sparcv9", |f| c::not_for(f, MACHINES);
    "K03", Both, Contents, Broken, "kernel: getelfhead", "exec fails with EINVAL",
        "write a section header 0 that holds the large counts", counts_elsewhere;
    "K04", Both, Headers, Broken, "kernel: getelfphdr", "exec fails with EINVAL",
        "e_phentsize must be 56 (64-bit) or 32", |f| {
            (f.phentsize % 4 != 0).then(|| format!("e_phentsize {} is not a multiple of 4", f.phentsize))
        };
    "K05", Programs, Contents, Broken, "kernel: elfexec (Bad entry point)", "SIGKILL at exec, or SIGSEGV at the first instruction",
        "define _start, or name the entry with -e", |f| {
            if f.entry == 0 { Some("e_entry is 0".into()) } else { c::entry_not_executable(f) }
        };
    "K06", Both, Headers, Broken, "kernel: elfexec, handle_secflag_dt", "exec fails with EINVAL or EIO",
        "PT_DYNAMIC must lie inside the file: link again, or copy the whole file", |f| outside_file(f, elf::PT_DYNAMIC);
    "K07", Both, Headers, Broken, "kernel: elfexec", "exec fails",
        "PT_SUNWCAP must lie inside the file and hold at most 16 entries: link again", |f| outside_file(f, PT_SUNWCAP);
    "K09", Both, Headers, Broken, "kernel: mapelfexec", "SIGKILL at exec",
        "p_filesz may not be more than p_memsz: link again, or undo what edited the file", c::filesz_over_memsz;
    "K09", Both, Headers, Broken, "kernel: mapelfexec", "SIGBUS at the first touch",
        "the file was cut short", c::load_beyond_file;
    "K10", Programs, Headers, Broken, "kernel: mapelfexec", "SIGKILL at exec (EINVAL)",
        "PT_PHDR must come before every PT_LOAD, readable", phdr_late;
    "K11", Programs, Headers, Broken, "kernel: mapelfexec, before 2018", "SIGKILL at exec (EINVAL)",
        "PT_INTERP must come before every PT_LOAD", |f| late(f, elf::PT_INTERP, "PT_INTERP");
    "K12", Programs, Headers, Broken, "kernel: elfexec", "SIGKILL at exec (ENOEXEC), whatever the program would do",
        "a program without run-time linker must have no PT_PHDR: link with ld.wcc -m elf_x86_64_sol2, or name an interpreter", |f| {
            let alone = f.segment(elf::PT_PHDR).is_some() && f.segment(elf::PT_INTERP).is_none();
            alone.then(|| "PT_PHDR without PT_INTERP".into())
        };
    "K13", Programs, Headers, Broken, "kernel: elfexec (elfexec_badaux)", "SIGKILL at exec; older kernels hand ld.so.1 a file descriptor instead",
        "write PT_PHDR as the first program header", |f| {
            let alone = f.segment(elf::PT_INTERP).is_some() && f.segment(elf::PT_PHDR).is_none();
            alone.then(|| "PT_INTERP without PT_PHDR".into())
        };
    "K14", Programs, Headers, Broken, "kernel: dtrace_safe_phdr", "SIGKILL at exec",
        "PT_SUNWDTRACE must be readable, writable and executable and have 64 bytes: leave it out, the kernel needs none", |f| {
            let s = f.segment(PT_SUNWDTRACE)?;
            (s.flags & 7 != 7 || s.memsz < DTRACE_SIZE)
                .then(|| format!("PT_SUNWDTRACE has flags {:#x} and {:#x} bytes", s.flags, s.memsz))
        };
    "K15", Programs, Headers, Broken, "kernel: elfexec", "SIGKILL at exec",
        "name the interpreter /lib/amd64/ld.so.1", |f| c::bad_interp(f, 1, 1024, false);
    "K15", Programs, Headers, Broken, "kernel: elfexec (Cannot find)", "SIGKILL at exec: no such interpreter on this system",
        "link with -m elf_x86_64_sol2, or --dynamic-linker=/lib/amd64/ld.so.1", foreign_interp;
    "K17", Both, Headers, Broken, "kernel: execmap, valid_usr_range", "SIGKILL at exec (ENOMEM)",
        "link at an address that user programs have, such as 0x400000", |f| c::beyond(f, if f.is_64 { HOLE } else { LIMIT_32 });
    "K17", Programs, Headers, Warning, "kernel: execmap", "refused for processes with the security flag FORBIDNULLMAP",
        "link at 0x400000", |f| {
            let s = f.loads.first().filter(|s| f.e_type == elf::ET_EXEC && s.vaddr < 0x1_0000)?;
            Some(format!("PT_LOAD at {:#x} lies in the first 64 KiB", s.vaddr))
        };
    "K18", Programs, Headers, Broken, "kernel: mapelfexec", "the later segment is mapped over the earlier one, whose bytes are lost",
        "segments may not overlap: link without fixed section addresses that collide", overlap;
    "K19", Programs, Headers, Broken, "kernel: elfexec (dat_prot)", "the heap gets this protection: malloc's first store is SIGSEGV",
        "the last PT_LOAD of a program at a fixed address must be readable and writable", |f| {
            let last = f.all(elf::PT_LOAD).last()?;
            let wrong = f.e_type == elf::ET_EXEC && f.segment(elf::PT_INTERP).is_some() && last.flags & 6 != 6;
            wrong.then(|| format!("the last PT_LOAD, {}, is not readable and writable", last.place()))
        };
    "K20", Both, Contents, Broken, "kernel: elfsize", "nothing is mapped",
        "link something that takes memory: there must be a PT_LOAD", c::no_load;
}

rules! { LIBRARY:
    "K30", Libraries, Headers, Broken, "kernel: mmapobj, doelfwork", "ENOTSUP: ld.so.1 cannot map the library",
        "e_phentsize must be 56 (64-bit) or 32, and there must be fewer than 65535 program headers: link again", |f| {
            let least = if f.is_64 { 56 } else { 32 };
            let step = if f.is_64 { 8 } else { 4 };
            if f.phnum == elf::PN_XNUM {
                return Some("e_phnum is PN_XNUM".into());
            }
            (f.phentsize < least || f.phentsize % step != 0).then(|| format!("e_phentsize is {}", f.phentsize))
        };
    "K31", Libraries, Headers, Broken, "kernel: mmapobj, calc_loadable", "ENOTSUP: ld.so.1 cannot map the library",
        "segments of a library must ascend and share no page", shared_page;
    "K32", Libraries, Headers, Broken, "kernel: mmapobj", "ENOTSUP: ld.so.1 cannot map the library",
        "link the library at address 0, its headers in the first segment", |f| {
            let first = f.all(elf::PT_LOAD).find(|s| s.memsz > 0)?;
            (first.offset != 0 || first.vaddr != 0)
                .then(|| format!("the first PT_LOAD has p_vaddr {:#x} and p_offset {:#x}, not 0", first.vaddr, first.offset))
        };
    "K33", Both, Headers, Warning, "kernel: mmapobj", "rounded to a power of 2",
        "p_align should be a power of 2 (-z max-page-size)", c::align_not_power_of_two;
}

/// e_shnum 0, SHN_XINDEX or PN_XNUM send the kernel to section header 0.
fn counts_elsewhere(f: &File<'_>) -> Option<String> {
    let refers =
        f.shnum == 0 && f.shoff != 0 || f.shstrndx == elf::SHN_XINDEX || f.phnum == elf::PN_XNUM;
    let there = f.shoff != 0 && f.range(f.shoff, 40).is_some();
    (refers && !there).then(|| "the header refers to section header 0, which cannot be read".into())
}

fn outside_file(f: &File<'_>, kind: u32) -> Option<String> {
    let s = f.segment(kind)?;
    let bad = s.offset.checked_add(s.filesz).is_none_or(|e| e > f.len);
    bad.then(|| {
        format!(
            "the segment of type {kind:#x} at offset {:#x} leaves the file",
            s.offset
        )
    })
}

/// A segment of this kind behind a PT_LOAD.
fn late(f: &File<'_>, kind: u32, name: &str) -> Option<String> {
    let at = f.segments.iter().position(|s| s.is(kind))?;
    let load = f.segments.iter().position(|s| s.is(elf::PT_LOAD))?;
    (load < at).then(|| format!("{name} stands behind a PT_LOAD"))
}

fn phdr_late(f: &File<'_>) -> Option<String> {
    let s = f.segment(elf::PT_PHDR)?;
    late(f, elf::PT_PHDR, "PT_PHDR")
        .or_else(|| (s.flags == 0).then(|| "PT_PHDR has p_flags 0".into()))
}

/// Paths of other systems' run-time linkers. A path of the user's own is his business.
fn foreign_interp(f: &File<'_>) -> Option<String> {
    let name = f.interp.as_deref()?;
    let name = name.get(..memchr::memchr(0, name)?)?;
    let foreign = [
        &b"ld-linux"[..],
        b"/ld64.so.",
        b"ld-musl",
        b"ld-elf.so",
        b"ld.elf_so",
        b"/usr/libexec/ld.so",
        b"/system/bin/linker",
    ];
    let is_foreign = foreign
        .iter()
        .any(|part| memchr::memmem::find(name, part).is_some());
    is_foreign.then(|| format!("the interpreter is {}", String::from_utf8_lossy(name)))
}

/// Bytes of one segment in the memory of the one before it, or a page both need with different contents.
fn overlap(f: &File<'_>) -> Option<String> {
    const PAGE: u64 = 4096;
    let pair = f.loads.windows(2).find(|p| {
        let (a, b) = (&p[0], &p[1]);
        let shares = b.vaddr / PAGE <= a.end().saturating_sub(1) / PAGE;
        let same_file_page =
            a.offset.wrapping_sub(a.vaddr) == b.offset.wrapping_sub(b.vaddr) && a.memsz == a.filesz;
        a.end() > b.vaddr || shares && !same_file_page
    })?;
    Some(format!(
        "PT_LOAD {} and PT_LOAD {} share memory",
        pair[0].place(),
        pair[1].place()
    ))
}

fn shared_page(f: &File<'_>) -> Option<String> {
    const PAGE: u64 = 4096;
    let loads: Vec<_> = f
        .segments
        .iter()
        .filter(|s| (s.is(elf::PT_LOAD) || s.is(PT_SUNWBSS)) && s.memsz > 0)
        .collect();
    let pair = loads.windows(2).find(|p| {
        let end = p[0].end();
        let rounded = end.checked_next_multiple_of(PAGE).unwrap_or(u64::MAX);
        p[1].vaddr < rounded
    })?;
    Some(format!(
        "PT_LOAD {} does not start behind the last page of PT_LOAD {}",
        pair[1].place(),
        pair[0].place()
    ))
}
