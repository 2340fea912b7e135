//! Dynamic relocations as the run-time linker finds them: DT_RELA, DT_REL, DT_JMPREL and DT_RELR.

use object::elf;

use super::image::Image;

/// Which table a relocation stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Main,
    Plt,
}

/// One dynamic relocation.
#[derive(Clone, Debug)]
pub struct Reloc {
    pub table: Table,
    pub offset: u64,
    pub kind: u32,
    /// Index into the dynamic symbol table, 0 for none.
    pub symbol: u32,
    /// The addend of RELA; for REL the word that stands at the place.
    pub addend: i64,
}

/// DT_RELA/DT_REL entries then DT_JMPREL entries. A static program has no dynamic section: its IRELATIVE
/// relocations lie between `__rela_iplt_start` and `__rela_iplt_end`.
pub fn all(image: &Image) -> Vec<Reloc> {
    let mut out = Vec::new();
    for (at, size, rela) in [
        (elf::DT_RELA, elf::DT_RELASZ, true),
        (elf::DT_REL, elf::DT_RELSZ, false),
    ] {
        if let (Some(at), Some(size)) = (image.tag(at), image.tag(size)) {
            read(image, Table::Main, at, size, rela, &mut out);
        }
    }
    if let (Some(at), Some(size)) = (image.tag(elf::DT_JMPREL), image.tag(elf::DT_PLTRELSZ)) {
        let rela = image.tag(elf::DT_PLTREL) != Some(u64::from(elf::DT_REL));
        // GNU ld lets DT_RELASZ run over DT_JMPREL in some old targets; each entry counts once.
        let covered = image.tag(elf::DT_RELA).zip(image.tag(elf::DT_RELASZ));
        if covered.is_none_or(|(a, s)| at < a || at >= a.saturating_add(s)) {
            read(image, Table::Plt, at, size, rela, &mut out);
        }
    }
    if image.dynamic.is_empty()
        && let (Some(start), Some(end)) = (
            image.symbol("__rela_iplt_start"),
            image.symbol("__rela_iplt_end"),
        )
    {
        let size = end.value.saturating_sub(start.value);
        read(image, Table::Plt, start.value, size, true, &mut out);
    }
    out
}

fn read(image: &Image, table: Table, at: u64, size: u64, rela: bool, out: &mut Vec<Reloc>) {
    let word = image.word_size();
    let step = word * if rela { 3 } else { 2 };
    for i in 0..size / step {
        let Some(base) = at.checked_add(i * step).and_then(|a| image.offset_of(a)) else {
            return;
        };
        let (Some(offset), Some(info)) = (image.word(base), image.word(base + word)) else {
            return;
        };
        let (symbol, kind) = if image.is64 {
            ((info >> 32) as u32, info as u32)
        } else {
            ((info >> 8) as u32, info as u32 & 0xff)
        };
        let raw = if rela {
            image.word(base + 2 * word)
        } else {
            image.word_at(offset)
        };
        let addend = match raw {
            Some(v) if image.is64 => v as i64,
            Some(v) => i64::from(v as u32 as i32),
            None => 0,
        };
        out.push(Reloc {
            table,
            offset,
            kind,
            symbol,
            addend,
        });
    }
}

/// The addresses that DT_RELR relocates, in order; an error text when the encoding is broken.
pub fn relr(image: &Image) -> Result<Vec<u64>, String> {
    let (Some(at), Some(size)) = (image.tag(36), image.tag(35)) else {
        return Ok(Vec::new());
    };
    let word = image.word_size();
    let mut out = Vec::new();
    let mut next: Option<u64> = None;
    for i in 0..size / word {
        let entry = image
            .word_at(at + i * word)
            .ok_or_else(|| format!("DT_RELR entry {i} is outside the file"))?;
        if entry & 1 == 0 {
            out.push(entry);
            next = Some(entry + word);
        } else {
            let base = next.ok_or("DT_RELR starts with a bitmap")?;
            for bit in 0..word * 8 - 1 {
                if entry >> (bit + 1) & 1 != 0 {
                    out.push(base + bit * word);
                }
            }
            next = Some(base + (word * 8 - 1) * word);
        }
    }
    Ok(out)
}

/// The relocation number that adds the load address, by machine.
pub fn relative_kind(machine: u16) -> u32 {
    match machine {
        elf::EM_386 => elf::R_386_RELATIVE,
        elf::EM_AARCH64 => elf::R_AARCH64_RELATIVE,
        elf::EM_RISCV => elf::R_RISCV_RELATIVE,
        elf::EM_SPARCV9 => elf::R_SPARC_RELATIVE,
        elf::EM_S390 => elf::R_390_RELATIVE,
        _ => elf::R_X86_64_RELATIVE,
    }
}

/// What pointer-sized words of an image will hold once it is loaded.
pub struct Pointers<'a> {
    image: &'a Image,
    by_offset: std::collections::HashMap<u64, &'a Reloc>,
}

impl<'a> Pointers<'a> {
    pub fn new(image: &'a Image, relocs: &'a [Reloc]) -> Self {
        let by_offset = relocs.iter().map(|r| (r.offset, r)).collect();
        Pointers { image, by_offset }
    }

    /// The relocation at an address.
    pub fn reloc(&self, vaddr: u64) -> Option<&'a Reloc> {
        self.by_offset.get(&vaddr).copied()
    }

    /// The address of this image that the word at `vaddr` will hold, by relocation or by content. None when a
    /// symbol of another file decides, or when nothing is there.
    pub fn target(&self, vaddr: u64) -> Option<u64> {
        let Some(r) = self.reloc(vaddr) else {
            return self.image.word_at(vaddr);
        };
        if r.kind == relative_kind(self.image.machine) {
            return Some(r.addend as u64);
        }
        let symbol = self.image.dynsym.get(r.symbol as usize)?;
        (r.symbol != 0 && symbol.defined()).then(|| symbol.value.wrapping_add(r.addend as u64))
    }
}
