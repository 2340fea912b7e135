//! How an ELF file is damaged: mostly single fields, set to values at a border.

use super::elf::{ElfFile, Record, Section};
use super::rng::Rng;

const SHT_SYMTAB: u64 = 2;
const SHT_RELA: u64 = 4;
const SHT_DYNAMIC: u64 = 6;
const SHT_NOBITS: u64 = 8;
const SHT_REL: u64 = 9;
const SHT_DYNSYM: u64 = 11;
const SHT_GNU_VERSYM: u64 = 0x6fff_ffff;

/// One mutant of a sound ELF file.
pub fn mutate(sound: &[u8], rng: &mut Rng) -> Vec<u8> {
    let Some(mut f) = ElfFile::new(sound.to_vec()) else {
        return bytes(sound, rng);
    };
    // Places are taken from the sound file: a damaged header must not hide what lies behind it.
    let mut sections = f.sections();
    // A fuzzer hands in files that are damaged already.
    for s in &mut sections {
        s.offset = s.offset.min(sound.len());
        s.size = s.size.min(sound.len());
    }
    for _ in 0..1 + rng.below(3) {
        once(&mut f, &sections, rng);
    }
    if rng.one_in(24) {
        let keep = rng.below(f.bytes.len());
        f.bytes.truncate(keep);
    }
    f.bytes
}

fn once(f: &mut ElfFile, sections: &[Section], rng: &mut Rng) {
    match rng.below(20) {
        0 => record(f, Record::Ehdr, 0, rng),
        1..=5 => {
            let start = f.section_header(rng.below(sections.len()));
            record(f, Record::Shdr, start, rng);
        }
        6 => swap_headers(f, sections.len(), rng),
        7 => {
            let segments = f.segments();
            if let Some(start) = rng.pick(&segments) {
                record(f, Record::Phdr, *start, rng);
            }
        }
        8..=10 => in_table(f, sections, &[SHT_SYMTAB, SHT_DYNSYM], Record::Sym, rng),
        11..=13 => in_table(f, sections, &[SHT_RELA, SHT_REL], Record::Rela, rng),
        14 => in_table(f, sections, &[SHT_DYNAMIC], Record::Dyn, rng),
        15 => in_table(f, sections, &[SHT_GNU_VERSYM], Record::Half, rng),
        16..=18 => contents(f, sections, rng),
        _ => {
            let at = rng.below(f.bytes.len());
            if let Some(b) = f.bytes.get_mut(at) {
                *b = rng.word() as u8;
            }
        }
    }
}

/// Sets one field of a record.
fn record(f: &mut ElfFile, record: Record, start: usize, rng: &mut Rng) {
    let len = f.bytes.len() as u64;
    let fields = f.fields(record, start);
    if let Some(field) = rng.pick(&fields) {
        let value = rng.value(f.get(*field), field.width.min(8), len);
        f.set(*field, value);
    }
}

/// Sets a field of some record of a table of one of these kinds.
fn in_table(f: &mut ElfFile, sections: &[Section], kinds: &[u64], kind: Record, rng: &mut Rng) {
    let tables: Vec<&Section> = sections
        .iter()
        .filter(|s| kinds.contains(&s.kind))
        .collect();
    let Some(table) = rng.pick(&tables) else {
        return contents(f, sections, rng);
    };
    let size = f.size_of(kind);
    let n = table.size / size;
    let start = table.offset + rng.below(n) * size;
    if rng.one_in(6) {
        // One record stands where another belongs.
        let from = table.offset + rng.below(n) * size;
        if from + size <= f.bytes.len() && start + size <= f.bytes.len() {
            f.bytes.copy_within(from..from + size, start);
        }
    } else {
        record(f, kind, start, rng);
    }
}

fn swap_headers(f: &mut ElfFile, count: usize, rng: &mut Rng) {
    let size = f.size_of(Record::Shdr);
    let (a, b) = (
        f.section_header(rng.below(count)),
        f.section_header(rng.below(count)),
    );
    for i in 0..size {
        let (a, b) = (a.saturating_add(i), b.saturating_add(i));
        if a < f.bytes.len() && b < f.bytes.len() {
            f.bytes.swap(a, b);
        }
    }
}

/// Whether the linker itself reads what stands in a section of this name.
fn is_read(name: &str) -> bool {
    [
        ".eh_frame",
        ".group",
        ".gnu.version",
        ".note",
        ".hash",
        ".gnu.hash",
        ".strtab",
        ".dynstr",
        ".shstrtab",
        ".rodata",
        ".symtab_shndx",
        ".debug_str",
        ".debug_info",
        ".text",
    ]
    .iter()
    .any(|n| name.starts_with(n))
}

/// Changes a byte or a word in a section's contents.
fn contents(f: &mut ElfFile, sections: &[Section], rng: &mut Rng) {
    let read: Vec<&Section> = sections
        .iter()
        .filter(|s| s.kind != SHT_NOBITS && s.size > 0 && is_read(&s.name))
        .collect();
    let Some(s) = rng.pick(&read) else { return };
    // The beginning is where headers stand.
    let reach = if rng.one_in(3) {
        s.size.min(32)
    } else {
        s.size
    };
    let at = s.offset + rng.below(reach);
    if rng.one_in(2) {
        record(f, Record::Word, at & !3, rng);
    } else if let Some(b) = f.bytes.get_mut(at) {
        *b = rng.value(u64::from(*b), 1, 0) as u8;
    }
}

/// Damage that knows nothing of the format.
pub fn bytes(sound: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut out = sound.to_vec();
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(out.len());
        match rng.below(6) {
            0 => out.truncate(at),
            1 => {
                let end = (at + rng.below(16)).min(out.len());
                out.drain(at..end);
            }
            2 => {
                let end = (at + rng.below(64)).min(out.len());
                let part: Vec<u8> = out.get(at..end).unwrap_or(&[]).to_vec();
                let to = rng.below(out.len());
                out.splice(to..to, part);
            }
            _ => {
                if let Some(b) = out.get_mut(at) {
                    *b = rng.value(u64::from(*b), 1, 0) as u8;
                }
            }
        }
    }
    out
}
