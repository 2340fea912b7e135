//! Conditions that several platforms have, each a function from a file to the way it breaks the rule.
//!
//! All of them look at headers only; none counts on another having passed.

use object::elf;

use super::file::{File, Rela};

/// Header type and machine: one of these machines, in the class and byte order that go with it.
pub fn not_for(file: &File<'_>, machines: &[(u16, bool, bool)]) -> Option<String> {
    if !matches!(file.e_type, elf::ET_EXEC | elf::ET_DYN) {
        return Some(format!(
            "e_type is {}, neither ET_EXEC nor ET_DYN",
            file.e_type
        ));
    }
    let this = (file.machine, file.is_64, file.big_endian);
    if machines.contains(&this) {
        return None;
    }
    let class = if file.is_64 { 64 } else { 32 };
    let order = if file.big_endian { "big" } else { "little" };
    Some(format!(
        "e_machine {} with {class}-bit class and {order}-endian data is no program of this platform",
        file.machine
    ))
}

/// What the BSDs run on: e_machine, 64-bit, big-endian.
pub const BSD_MACHINES: &[(u16, bool, bool)] = &[
    (elf::EM_X86_64, true, false),
    (elf::EM_386, false, false),
    (elf::EM_AARCH64, true, false),
    (elf::EM_AARCH64, true, true),
    (elf::EM_ARM, false, false),
    (elf::EM_ARM, false, true),
    (elf::EM_RISCV, true, false),
    (elf::EM_RISCV, false, false),
    (elf::EM_PPC64, true, true),
    (elf::EM_PPC64, true, false),
    (elf::EM_PPC, false, true),
    (elf::EM_SPARCV9, true, true),
    (elf::EM_SPARC, false, true),
    (elf::EM_MIPS, true, true),
    (elf::EM_MIPS, true, false),
    (elf::EM_MIPS, false, true),
    (elf::EM_MIPS, false, false),
    (elf::EM_ALPHA, true, false),
    (elf::EM_68K, false, true),
    (elf::EM_SH, false, false),
    (elf::EM_SH, false, true),
    (elf::EM_VAX, false, false),
    (elf::EM_PARISC, false, true),
    (elf::EM_88K, false, true),
];

pub fn filesz_over_memsz(file: &File<'_>) -> Option<String> {
    let s = file.all(elf::PT_LOAD).find(|s| s.filesz > s.memsz)?;
    Some(format!(
        "PT_LOAD at {:#x} has p_filesz {:#x} and p_memsz {:#x}",
        s.vaddr, s.filesz, s.memsz
    ))
}

pub fn load_beyond_file(file: &File<'_>) -> Option<String> {
    let s = file
        .all(elf::PT_LOAD)
        .find(|s| s.filesz > 0 && s.file_end() > file.len)?;
    Some(format!(
        "PT_LOAD at {:#x} wants bytes up to {:#x} of a file of {:#x}",
        s.vaddr,
        s.file_end(),
        file.len
    ))
}

/// p_offset and p_vaddr must be equal modulo `page`.
pub fn not_congruent(file: &File<'_>, page: u64) -> Option<String> {
    let s = file
        .loads
        .iter()
        .find(|s| s.filesz > 0 && s.offset % page != s.vaddr % page)?;
    Some(format!(
        "PT_LOAD at {:#x} has p_offset {:#x}, not equal modulo {page}",
        s.vaddr, s.offset
    ))
}

/// An interpreter's name: `least..=most` bytes with one NUL, the last.
pub fn bad_interp(file: &File<'_>, least: u64, most: u64, only_nul: bool) -> Option<String> {
    let s = file.segment(elf::PT_INTERP)?;
    if s.filesz < least || s.filesz > most {
        return Some(format!(
            "PT_INTERP has {} bytes, {least} to {most} are allowed",
            s.filesz
        ));
    }
    let Some(name) = &file.interp else {
        return Some("PT_INTERP lies outside the file".into());
    };
    let nul = memchr::memchr(0, name);
    match nul {
        None => Some("the interpreter's name does not end with a NUL".into()),
        Some(at) if only_nul && at + 1 != name.len() => {
            Some("the interpreter's name is shorter than PT_INTERP".into())
        }
        _ if name.last() != Some(&0) => Some("the last byte of PT_INTERP is not a NUL".into()),
        _ => None,
    }
}

pub fn no_load(file: &File<'_>) -> Option<String> {
    file.loads
        .is_empty()
        .then(|| "there is no PT_LOAD with memory".into())
}

/// A segment whose range wraps around or ends above `limit`.
pub fn beyond(file: &File<'_>, limit: u64) -> Option<String> {
    let s = file
        .loads
        .iter()
        .find(|s| s.vaddr.checked_add(s.memsz).is_none_or(|e| e > limit))?;
    Some(format!("PT_LOAD {} ends above {limit:#x}", s.place()))
}

/// PT_LOADs in table order must ascend.
pub fn not_ascending(file: &File<'_>) -> Option<String> {
    let loads: Vec<_> = file.all(elf::PT_LOAD).filter(|s| s.memsz > 0).collect();
    let pair = loads.windows(2).find(|p| p[1].vaddr < p[0].vaddr)?;
    Some(format!(
        "PT_LOAD at {:#x} stands behind the one at {:#x}",
        pair[1].vaddr, pair[0].vaddr
    ))
}

/// The table must be aligned and lie in the first page, the only one that FreeBSD and DragonFly look at.
pub fn headers_beyond_first_page(f: &File<'_>) -> Option<String> {
    const PAGE: u64 = 4096;
    let size = f.segments.len() as u64 * u64::from(f.phentsize);
    let end = f.phoff.saturating_add(size);
    if !f.phoff.is_multiple_of(f.word_size()) {
        return Some(format!("e_phoff {:#x} is not aligned", f.phoff));
    }
    (end > PAGE).then(|| format!("the program headers end at {end:#x}, beyond the first page"))
}

/// A dynamic relocation of a type that the run-time linker does not carry out.
pub fn unknown_relocation(mut list: impl Iterator<Item = Rela>, known: &[u32]) -> Option<String> {
    let r = list.find(|r| !known.contains(&r.kind))?;
    Some(format!(
        "the relocation at {:#x} has type {}",
        r.offset, r.kind
    ))
}

/// The entry must lie in a segment that can be executed.
pub fn entry_not_executable(file: &File<'_>) -> Option<String> {
    let inside = file.load_at(file.entry, 1).is_some_and(|s| s.executable());
    (!inside).then(|| format!("e_entry {:#x} lies in no executable segment", file.entry))
}

pub fn align_not_power_of_two(file: &File<'_>) -> Option<String> {
    let s = file
        .segments
        .iter()
        .find(|s| s.align > 1 && !s.align.is_power_of_two())?;
    Some(format!(
        "a program header of type {:#x} has p_align {:#x}, no power of 2",
        s.kind, s.align
    ))
}

pub fn writable_and_executable(file: &File<'_>) -> Option<String> {
    let s = file.loads.iter().find(|s| s.writable() && s.executable())?;
    Some(format!("PT_LOAD {} is writable and executable", s.place()))
}

/// The dynamic section must be in memory, and end.
pub fn bad_dynamic(file: &File<'_>) -> Option<String> {
    let d = file.segment(elf::PT_DYNAMIC)?;
    let inside = file
        .load_at(d.vaddr, d.filesz)
        .is_some_and(|s| d.filesz <= s.filesz.saturating_sub(d.vaddr - s.vaddr));
    if !inside {
        return Some(format!(
            "PT_DYNAMIC {:#x} with {:#x} bytes lies in no PT_LOAD's file part",
            d.vaddr, d.filesz
        ));
    }
    (!file.dynamic_ends).then(|| "the dynamic section has no DT_NULL".into())
}
