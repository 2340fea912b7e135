//! The dynamic symbol table, its sysv hash table and versions, and `.symtab`, as far as rules ask about them.
//!
//! gABI, "Hash Table"; LSB core specification, "Symbol Versioning". Every walk is bounded by a table's size, so a chain
//! that runs in circles ends.

use object::elf;

use super::file::{File, Section};

/// One symbol.
#[derive(Clone, Copy, Debug)]
struct Symbol {
    name: u32,
    info: u8,
    shndx: u16,
    value: u64,
    size: u64,
}

impl Symbol {
    fn kind(&self) -> u8 {
        self.info & 15
    }
    fn bind(&self) -> u8 {
        self.info >> 4
    }
}

/// One entry of a symbol table.
fn symbol(f: &File<'_>, bytes: &[u8], index: usize) -> Option<Symbol> {
    let size = if f.is_64 { 24 } else { 16 };
    let start = index.checked_mul(size)?;
    let b = bytes.get(start..start.checked_add(size)?)?;
    let n = |at, len| super::file::number(b, at, len, f.big_endian).unwrap_or(0);
    Some(if f.is_64 {
        Symbol {
            name: n(0, 4) as u32,
            info: n(4, 1) as u8,
            shndx: n(6, 2) as u16,
            value: n(8, 8),
            size: n(16, 8),
        }
    } else {
        Symbol {
            name: n(0, 4) as u32,
            info: n(12, 1) as u8,
            shndx: n(14, 2) as u16,
            value: n(4, 4),
            size: n(8, 4),
        }
    })
}

/// DT_HASH, opened.
struct Hash {
    buckets: u64,
    chains: u64,
    /// Address of the first bucket.
    at: u64,
}

fn hash(f: &File<'_>) -> Option<Hash> {
    let at = f.tag(u64::from(elf::DT_HASH))?;
    Some(Hash {
        buckets: f.number_at(at, 4)?,
        chains: f.number_at(at.checked_add(4)?, 4)?,
        at: at.checked_add(8)?,
    })
}

/// The bytes of `.dynsym`, whose length DT_HASH knows.
fn dynsym<'a>(f: &File<'a>, count: u64) -> Option<&'a [u8]> {
    let size = if f.is_64 { 24 } else { 16 };
    f.at(f.tag(u64::from(elf::DT_SYMTAB))?, count.checked_mul(size)?)
}

/// System V's hash of a name (gABI, "Hash Table").
fn sysv_hash(name: &[u8]) -> u32 {
    let mut h: u32 = 0;
    for b in name {
        h = (h << 4).wrapping_add(u32::from(*b));
        let high = h & 0xf000_0000;
        h = (h ^ (high >> 24)) & !high;
    }
    h
}

fn text(name: &[u8]) -> String {
    crate::demangle::display(name).to_string()
}

/// Each defined global symbol must be found by its name, and no chain may leave the table or run in circles.
pub fn bad_hash(f: &File<'_>) -> Option<String> {
    let addr = f.tag(u64::from(elf::DT_HASH))?;
    let Some(h) = hash(f) else {
        return Some(format!("DT_HASH {addr:#x} cannot be read"));
    };
    if h.buckets == 0 {
        return Some("DT_HASH has no buckets".into());
    }
    let words = h.buckets.checked_add(h.chains)?.checked_mul(4)?;
    let (Some(table), Some(symbols)) = (f.at(h.at, words), dynsym(f, h.chains)) else {
        return Some(format!(
            "DT_HASH speaks of {} buckets and {} symbols, which are not there",
            h.buckets, h.chains
        ));
    };
    let word = |i: u64| super::file::number(table, i * 4, 4, f.big_endian).unwrap_or(0);
    // The bucket each symbol hangs on, plus one.
    let mut found = vec![0u32; h.chains as usize];
    for bucket in 0..h.buckets {
        let mut index = word(bucket);
        while index != 0 {
            match found.get_mut(index as usize) {
                None => return Some(format!("DT_HASH's bucket {bucket} leads to symbol {index}")),
                Some(b) if *b != 0 => {
                    return Some(format!("DT_HASH's bucket {bucket} runs in circles"));
                }
                Some(b) => *b = bucket as u32 + 1,
            }
            index = word(h.buckets + index);
        }
    }
    for (i, bucket) in found.iter().enumerate().skip(1) {
        let s = symbol(f, symbols, i)?;
        if s.bind() == elf::STB_LOCAL || s.shndx == elf::SHN_UNDEF || s.name == 0 {
            continue;
        }
        let Some(name) = f.dyn_string(u64::from(s.name)) else {
            return Some(format!("dynamic symbol {i} has a name outside DT_STRTAB"));
        };
        let right = u64::from(sysv_hash(name)) % h.buckets;
        if u64::from(*bucket) != right + 1 {
            return Some(format!("DT_HASH does not lead to {}", text(name)));
        }
    }
    None
}

/// STT_GNU_IFUNC and STB_GNU_UNIQUE.
pub fn gnu_symbols(f: &File<'_>) -> Option<String> {
    let count = hash(f)?.chains;
    let symbols = dynsym(f, count)?;
    (1..count as usize).find_map(|i| {
        let s = symbol(f, symbols, i)?;
        let what = if s.kind() == elf::STT_GNU_IFUNC {
            "an indirect function (STT_GNU_IFUNC)"
        } else if s.bind() == elf::STB_GNU_UNIQUE {
            "unique (STB_GNU_UNIQUE)"
        } else {
            return None;
        };
        let name = f.dyn_string(u64::from(s.name)).unwrap_or(b"?");
        Some(format!("{} is {what}", text(name)))
    })
}

/// Each file named in DT_VERNEED must be a DT_NEEDED.
pub fn stray_version_file(f: &File<'_>) -> Option<String> {
    let mut at = f.tag(u64::from(elf::DT_VERNEED))?;
    let count = f.tag(u64::from(elf::DT_VERNEEDNUM)).unwrap_or(0);
    let needed: Vec<&[u8]> = f
        .tags(u64::from(elf::DT_NEEDED))
        .filter_map(|n| f.dyn_string(n))
        .collect();
    // An entry has at least 16 bytes.
    for _ in 0..count.min(f.len / 16) {
        let file = f.number_at(at.checked_add(4)?, 4);
        let next = f.number_at(at.checked_add(12)?, 4);
        let (Some(file), Some(next)) = (file, next) else {
            return Some(format!("DT_VERNEED leads to {at:#x}, outside the file"));
        };
        let Some(name) = f.dyn_string(file) else {
            return Some("DT_VERNEED has a name outside DT_STRTAB".into());
        };
        if !needed.contains(&name) {
            return Some(format!(
                "versions are wanted of {}, which is no DT_NEEDED",
                String::from_utf8_lossy(name)
            ));
        }
        if let Some(text) = stray_hash(f, at) {
            return Some(text);
        }
        if next == 0 {
            break;
        }
        at = at.checked_add(next)?;
    }
    None
}

/// Versions of one Verneed whose hash is not that of their name: ld.so.1 compares both.
fn stray_hash(f: &File<'_>, need: u64) -> Option<String> {
    let count = f.number_at(need.checked_add(2)?, 2)?;
    let mut at = need.checked_add(f.number_at(need.checked_add(8)?, 4)?)?;
    for _ in 0..count {
        let hash = f.number_at(at, 4)?;
        let name = f.dyn_string(f.number_at(at.checked_add(8)?, 4)?)?;
        if u64::from(sysv_hash(name)) != hash {
            return Some(format!(
                "the version {} has the hash {hash:#x} of another name",
                String::from_utf8_lossy(name)
            ));
        }
        match f.number_at(at.checked_add(12)?, 4)? {
            0 => break,
            next => at = at.checked_add(next)?,
        }
    }
    None
}

/// Whether a section of this name holds more than `least` bytes.
pub fn has_section(f: &File<'_>, name: &[u8], least: u64) -> bool {
    let sections = f.sections();
    let Some(names) = sections.get(usize::from(f.shstrndx)) else {
        return false;
    };
    sections
        .iter()
        .any(|s| s.size > least && f.section_string(names, s.name) == Some(name))
}

/// `.symtab` and its strings.
fn symtab<'a>(f: &File<'a>) -> Option<(&'a [u8], Section)> {
    let sections = f.sections();
    let table = sections.iter().find(|s| s.kind == elf::SHT_SYMTAB)?;
    let strings = sections.get(table.link as usize)?;
    Some((f.range(table.offset, table.size)?, *strings))
}

/// Calls `visit` with each symbol of `.symtab` and its name until it returns something.
fn find_symbol<T>(f: &File<'_>, mut visit: impl FnMut(&Symbol, &[u8]) -> Option<T>) -> Option<T> {
    let (bytes, strings) = symtab(f)?;
    let size = if f.is_64 { 24 } else { 16 };
    (1..bytes.len() / size).find_map(|i| {
        let s = symbol(f, bytes, i)?;
        visit(&s, f.section_string(&strings, s.name)?)
    })
}

/// A global function at absolute address 0 in a program: a filter symbol that was taken for a definition.
pub fn lost_filter(f: &File<'_>) -> Option<String> {
    f.segment(elf::PT_INTERP)?;
    find_symbol(f, |s, name| {
        let lost = s.kind() == elf::STT_FUNC
            && s.bind() != elf::STB_LOCAL
            && s.shndx == elf::SHN_ABS
            && s.value == 0;
        lost.then(|| format!("{} is an absolute function at 0", text(name)))
    })
}

/// `_DYNAMIC` must be defined in dynamic programs only.
pub fn dynamic_symbol(f: &File<'_>) -> Option<String> {
    find_symbol(f, |s, name| {
        if name != b"_DYNAMIC" {
            return None;
        }
        let defined = s.shndx != elf::SHN_UNDEF;
        match (defined, f.is_dynamic()) {
            (true, false) => Some("_DYNAMIC is defined in a static program".to_string()),
            (false, true) => Some("_DYNAMIC is undefined in a dynamic program".to_string()),
            _ => None,
        }
    })
}

/// The ranges of thread-local variables in the TLS segment, by `.symtab`: (start, end), sorted.
pub fn tls_variables(f: &File<'_>) -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    find_symbol(f, |s, _| -> Option<()> {
        if s.kind() == elf::STT_TLS && s.shndx != elf::SHN_UNDEF {
            all.push((s.value, s.value.saturating_add(s.size.max(1))));
        }
        None
    });
    all.sort_unstable();
    all
}
