//! Where the fields of an ELF file stand (gABI, "ELF Header" to "Relocation"), so that they can be read and set.
//!
//! This reads sound files of our own making and answers None outside them; it never judges.

/// A field: its place in the file and its width in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub at: usize,
    pub width: usize,
}

/// The fields of one record: (name, width); a width of 0 is an address of the class.
type Shape = &'static [(&'static str, usize)];

const EHDR: Shape = &[
    ("ident0", 4),
    ("ident4", 1),
    ("ident5", 1),
    ("ident6", 1),
    ("osabi", 1),
    ("abiversion", 1),
    ("pad", 7),
    ("type", 2),
    ("machine", 2),
    ("version", 4),
    ("entry", 0),
    ("phoff", 0),
    ("shoff", 0),
    ("flags", 4),
    ("ehsize", 2),
    ("phentsize", 2),
    ("phnum", 2),
    ("shentsize", 2),
    ("shnum", 2),
    ("shstrndx", 2),
];
const SHDR: Shape = &[
    ("name", 4),
    ("type", 4),
    ("flags", 0),
    ("addr", 0),
    ("offset", 0),
    ("size", 0),
    ("link", 4),
    ("info", 4),
    ("addralign", 0),
    ("entsize", 0),
];
const PHDR64: Shape = &[
    ("type", 4),
    ("flags", 4),
    ("offset", 8),
    ("vaddr", 8),
    ("paddr", 8),
    ("filesz", 8),
    ("memsz", 8),
    ("align", 8),
];
const PHDR32: Shape = &[
    ("type", 4),
    ("offset", 4),
    ("vaddr", 4),
    ("paddr", 4),
    ("filesz", 4),
    ("memsz", 4),
    ("flags", 4),
    ("align", 4),
];
const SYM64: Shape = &[
    ("name", 4),
    ("info", 1),
    ("other", 1),
    ("shndx", 2),
    ("value", 8),
    ("size", 8),
];
const SYM32: Shape = &[
    ("name", 4),
    ("value", 4),
    ("size", 4),
    ("info", 1),
    ("other", 1),
    ("shndx", 2),
];
const RELA64: Shape = &[("offset", 8), ("type", 4), ("sym", 4), ("addend", 8)];
const RELA32: Shape = &[("offset", 4), ("info", 4), ("addend", 4)];
const REL32: Shape = &[("offset", 4), ("info", 4)];
const DYN: Shape = &[("tag", 0), ("value", 0)];
const WORDS: Shape = &[("word", 4)];
const HALVES: Shape = &[("half", 2)];

/// The kinds of records a file has tables of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    Ehdr,
    Shdr,
    Phdr,
    Sym,
    Rela,
    Dyn,
    Word,
    Half,
}

/// An ELF file that can be changed.
#[derive(Clone, Debug)]
pub struct ElfFile {
    pub bytes: Vec<u8>,
    is_64: bool,
    big_endian: bool,
}

/// A section, as its header says.
#[derive(Clone, Debug)]
pub struct Section {
    pub index: usize,
    pub name: String,
    pub kind: u64,
    pub offset: usize,
    pub size: usize,
}

impl ElfFile {
    pub fn new(bytes: Vec<u8>) -> Option<ElfFile> {
        if !bytes.starts_with(b"\x7fELF") || bytes.len() < 64 {
            return None;
        }
        let is_64 = *bytes.get(4)? == 2;
        let big_endian = *bytes.get(5)? == 2;
        Some(ElfFile {
            bytes,
            is_64,
            big_endian,
        })
    }

    fn shape(&self, record: Record) -> Shape {
        match (record, self.is_64) {
            (Record::Ehdr, _) => EHDR,
            (Record::Shdr, _) => SHDR,
            (Record::Phdr, true) => PHDR64,
            (Record::Phdr, false) => PHDR32,
            (Record::Sym, true) => SYM64,
            (Record::Sym, false) => SYM32,
            (Record::Rela, true) => RELA64,
            (Record::Rela, false) if self.machine() == 3 => REL32,
            (Record::Rela, false) => RELA32,
            (Record::Dyn, _) => DYN,
            (Record::Word, _) => WORDS,
            (Record::Half, _) => HALVES,
        }
    }

    fn machine(&self) -> u64 {
        self.get(Field { at: 18, width: 2 })
    }

    fn width(&self, width: usize) -> usize {
        match (width, self.is_64) {
            (0, true) => 8,
            (0, false) => 4,
            (w, _) => w,
        }
    }

    /// Size of a record in bytes.
    pub fn size_of(&self, record: Record) -> usize {
        let shape = self.shape(record);
        shape.iter().map(|(_, w)| self.width(*w)).sum()
    }

    /// All fields of the record that starts at `start`.
    pub fn fields(&self, record: Record, start: usize) -> Vec<Field> {
        let mut at = start;
        let mut list = Vec::new();
        for (_, width) in self.shape(record) {
            let width = self.width(*width);
            list.push(Field { at, width });
            at = at.saturating_add(width);
        }
        list
    }

    /// The field called `name` of the record that starts at `start`.
    pub fn field(&self, record: Record, start: usize, name: &str) -> Option<Field> {
        let place = self.shape(record).iter().position(|(n, _)| *n == name)?;
        self.fields(record, start).get(place).copied()
    }

    /// What stands in a field; 0 outside the file.
    pub fn get(&self, f: Field) -> u64 {
        let Some(part) = self.bytes.get(f.at..f.at.saturating_add(f.width)) else {
            return 0;
        };
        let fold = |v: u64, b: &u8| (v << 8) | u64::from(*b);
        if self.big_endian {
            part.iter().fold(0, fold)
        } else {
            part.iter().rev().fold(0, fold)
        }
    }

    /// Sets a field; one outside the file stays unset.
    pub fn set(&mut self, f: Field, value: u64) {
        let Some(part) = self.bytes.get_mut(f.at..f.at.saturating_add(f.width)) else {
            return;
        };
        for (i, b) in part.iter_mut().enumerate() {
            let shift = if self.big_endian { f.width - 1 - i } else { i };
            *b = value.checked_shr(shift as u32 * 8).unwrap_or(0) as u8;
        }
    }

    fn named(&self, record: Record, start: usize, name: &str) -> usize {
        self.field(record, start, name)
            .map_or(0, |f| self.get(f) as usize)
    }

    /// Where section header `index` starts.
    pub fn section_header(&self, index: usize) -> usize {
        let first = self.named(Record::Ehdr, 0, "shoff");
        first.saturating_add(index.saturating_mul(self.size_of(Record::Shdr)))
    }

    pub fn sections(&self) -> Vec<Section> {
        let count = self.named(Record::Ehdr, 0, "shnum");
        let names = self.section_header(self.named(Record::Ehdr, 0, "shstrndx"));
        let names = self.named(Record::Shdr, names, "offset");
        (0..count)
            .map(|index| {
                let h = self.section_header(index);
                let name = names.saturating_add(self.named(Record::Shdr, h, "name"));
                let name = self.bytes.get(name..).unwrap_or(&[]);
                let end = name.iter().position(|b| *b == 0).unwrap_or(0);
                Section {
                    index,
                    name: String::from_utf8_lossy(name.get(..end).unwrap_or(&[])).into_owned(),
                    kind: self.named(Record::Shdr, h, "type") as u64,
                    offset: self.named(Record::Shdr, h, "offset"),
                    size: self.named(Record::Shdr, h, "size"),
                }
            })
            .collect()
    }

    /// Sets a field of the header of the first section called `name`; false when there is none.
    pub fn set_section(&mut self, name: &str, field: &str, value: u64) -> bool {
        let found = self.sections().into_iter().find(|s| s.name == name);
        let field = found.and_then(|s| {
            let start = self.section_header(s.index);
            self.field(Record::Shdr, start, field)
        });
        field.map(|f| self.set(f, value)).is_some()
    }

    /// Where the program headers start.
    pub fn segments(&self) -> Vec<usize> {
        let start = self.named(Record::Ehdr, 0, "phoff");
        let count = self.named(Record::Ehdr, 0, "phnum");
        let size = self.size_of(Record::Phdr);
        (0..count).map(|i| start.saturating_add(i * size)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_set_in_the_files_byte_order() {
        for order in [1u8, 2] {
            let mut bytes = vec![0u8; 64];
            bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, order]);
            let mut f = ElfFile::new(bytes).unwrap();
            let field = f.field(Record::Ehdr, 0, "shoff").unwrap();
            assert_eq!(field, Field { at: 40, width: 8 });
            f.set(field, 0x1234);
            assert_eq!(f.get(field), 0x1234);
            assert_eq!(f.bytes[40] == 0x34, order == 1);
        }
    }
}
