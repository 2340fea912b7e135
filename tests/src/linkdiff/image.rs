//! An ELF file as plain values, independent of class and byte order.
//!
//! The `object` crate reads headers and section tables. The dynamic section and what hangs on it are read
//! the way the run-time linker does it: through PT_DYNAMIC and addresses, never through section headers.

use std::path::Path;

use anyhow::{Context, Result, bail};
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader, Sym};
use object::{Endianness, SectionIndex};

/// One program header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub kind: u32,
    pub flags: u32,
    pub offset: u64,
    pub vaddr: u64,
    pub filesz: u64,
    pub memsz: u64,
    pub align: u64,
}

impl Segment {
    pub fn end(&self) -> u64 {
        self.vaddr.saturating_add(self.memsz)
    }
    /// Whether `len` bytes at `vaddr` lie inside, memory included.
    pub fn holds(&self, vaddr: u64, len: u64) -> bool {
        vaddr >= self.vaddr && vaddr.checked_add(len).is_some_and(|e| e <= self.end())
    }
    pub fn writable(&self) -> bool {
        self.flags & elf::PF_W != 0
    }
    pub fn executable(&self) -> bool {
        self.flags & elf::PF_X != 0
    }
}

/// One section header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub index: usize,
    pub name: String,
    pub kind: u32,
    pub flags: u64,
    pub addr: u64,
    pub offset: u64,
    pub size: u64,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entsize: u64,
}

impl Section {
    pub fn alloc(&self) -> bool {
        self.flags & u64::from(elf::SHF_ALLOC) != 0
    }
    pub fn tls(&self) -> bool {
        self.flags & u64::from(elf::SHF_TLS) != 0
    }
    pub fn nobits(&self) -> bool {
        self.kind == elf::SHT_NOBITS
    }
    pub fn end(&self) -> u64 {
        self.addr.saturating_add(self.size)
    }
    /// Whether it takes addresses of its own (TLS zero data does not).
    pub fn takes_memory(&self) -> bool {
        self.alloc() && !(self.tls() && self.nobits())
    }
}

/// Where a symbol is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Undefined,
    Absolute,
    Common,
    Section(usize),
}

/// One symbol of `.symtab` or of the dynamic symbol table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub bind: u8,
    pub kind: u8,
    pub visibility: u8,
    pub place: Place,
    pub value: u64,
    pub size: u64,
}

impl Symbol {
    pub fn defined(&self) -> bool {
        self.place != Place::Undefined
    }
    pub fn local(&self) -> bool {
        self.bind == elf::STB_LOCAL
    }
}

/// A whole file.
#[derive(Clone, Debug)]
pub struct Image {
    pub path: String,
    pub data: Vec<u8>,
    pub is64: bool,
    pub little: bool,
    pub etype: u16,
    pub machine: u16,
    pub osabi: u8,
    pub entry: u64,
    pub phoff: u64,
    pub phentsize: u16,
    pub shoff: u64,
    pub segments: Vec<Segment>,
    pub sections: Vec<Section>,
    pub symtab: Vec<Symbol>,
    /// (tag, value) up to DT_NULL.
    pub dynamic: Vec<(u64, u64)>,
    /// Dynamic symbols by DT_SYMTAB; empty without a dynamic section.
    pub dynsym: Vec<Symbol>,
}

impl Image {
    pub fn open(path: &Path) -> Result<Image> {
        let data = std::fs::read(path).with_context(|| path.display().to_string())?;
        Image::parse(&path.display().to_string(), data)
    }

    pub fn parse(path: &str, data: Vec<u8>) -> Result<Image> {
        let is64 = match data.get(4) {
            Some(2) => true,
            Some(1) => false,
            _ => bail!("{path}: not an ELF file"),
        };
        let mut image = if is64 {
            read_headers::<elf::FileHeader64<Endianness>>(path, data, true)
        } else {
            read_headers::<elf::FileHeader32<Endianness>>(path, data, false)
        }
        .with_context(|| format!("{path}: headers"))?;
        image.read_dynamic();
        image.read_dynsym();
        Ok(image)
    }

    /// Whether this is a program or shared object, not a relocatable object.
    pub fn is_linked(&self) -> bool {
        self.etype == elf::ET_EXEC || self.etype == elf::ET_DYN
    }

    /// The numeric value of `len` (1, 2, 4 or 8) bytes at a file offset.
    pub fn number(&self, offset: u64, len: usize) -> Option<u64> {
        let start = usize::try_from(offset).ok()?;
        let bytes = self.data.get(start..start.checked_add(len)?)?;
        let fold = |acc: u64, b: &u8| (acc << 8) | u64::from(*b);
        Some(if self.little {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        })
    }
    pub fn u16(&self, offset: u64) -> Option<u16> {
        self.number(offset, 2).map(|v| v as u16)
    }
    pub fn u32(&self, offset: u64) -> Option<u32> {
        self.number(offset, 4).map(|v| v as u32)
    }
    /// Bytes in an address: 8 or 4.
    pub fn word_size(&self) -> u64 {
        if self.is64 { 8 } else { 4 }
    }
    pub fn word(&self, offset: u64) -> Option<u64> {
        self.number(offset, self.word_size() as usize)
    }

    /// The NUL-terminated text at a file offset.
    pub fn text(&self, offset: u64) -> Option<String> {
        let bytes = self.data.get(usize::try_from(offset).ok()?..)?;
        let len = bytes.iter().position(|b| *b == 0)?;
        Some(String::from_utf8_lossy(bytes.get(..len)?).into_owned())
    }

    pub fn loads(&self) -> impl Iterator<Item = &Segment> {
        self.segments_of(elf::PT_LOAD)
    }
    pub fn segments_of(&self, kind: u32) -> impl Iterator<Item = &Segment> {
        self.segments.iter().filter(move |s| s.kind == kind)
    }
    pub fn segment(&self, kind: u32) -> Option<&Segment> {
        self.segments_of(kind).next()
    }
    pub fn load_at(&self, vaddr: u64) -> Option<&Segment> {
        self.loads().find(|s| s.holds(vaddr, 1))
    }
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.name == name)
    }
    /// The section that holds an address.
    pub fn section_at(&self, vaddr: u64) -> Option<&Section> {
        self.sections
            .iter()
            .find(|s| s.takes_memory() && vaddr >= s.addr && vaddr < s.end())
    }

    /// Turns an address into a file offset; None when it is not in the file part of a PT_LOAD.
    pub fn offset_of(&self, vaddr: u64) -> Option<u64> {
        let s = self
            .loads()
            .find(|s| vaddr >= s.vaddr && vaddr - s.vaddr < s.filesz)?;
        s.offset.checked_add(vaddr - s.vaddr)
    }
    pub fn word_at(&self, vaddr: u64) -> Option<u64> {
        self.word(self.offset_of(vaddr)?)
    }
    pub fn bytes_at(&self, vaddr: u64, len: u64) -> Option<&[u8]> {
        let start = usize::try_from(self.offset_of(vaddr)?).ok()?;
        self.data
            .get(start..start.checked_add(usize::try_from(len).ok()?)?)
    }
    pub fn section_bytes(&self, section: &Section) -> Option<&[u8]> {
        if section.nobits() {
            return None;
        }
        let start = usize::try_from(section.offset).ok()?;
        self.data
            .get(start..start.checked_add(usize::try_from(section.size).ok()?)?)
    }

    /// The first value of a dynamic tag.
    pub fn tag(&self, tag: u32) -> Option<u64> {
        self.tags(tag).next()
    }
    pub fn tags(&self, tag: u32) -> impl Iterator<Item = u64> + '_ {
        self.dynamic
            .iter()
            .filter(move |(t, _)| *t == u64::from(tag))
            .map(|(_, v)| *v)
    }
    /// The dynamic string at an offset of DT_STRTAB.
    pub fn dyn_string(&self, offset: u64) -> Option<String> {
        let base = self.offset_of(self.tag(elf::DT_STRTAB)?)?;
        self.text(base.checked_add(offset)?)
    }
    pub fn dyn_strings(&self, tag: u32) -> Vec<String> {
        self.tags(tag)
            .map(|v| self.dyn_string(v).unwrap_or_else(|| "?".into()))
            .collect()
    }
    pub fn interpreter(&self) -> Option<String> {
        self.text(self.segment(elf::PT_INTERP)?.offset)
    }

    /// The `.symtab` symbol of that name, a global one first.
    pub fn symbol(&self, name: &str) -> Option<&Symbol> {
        let named = || self.symtab.iter().filter(|s| s.name == name);
        named().find(|s| !s.local()).or_else(|| named().next())
    }

    fn read_dynamic(&mut self) {
        let Some(seg) = self.segment(elf::PT_DYNAMIC).cloned() else {
            return;
        };
        let step = self.word_size() * 2;
        let mut at = seg.offset;
        let end = seg.offset.saturating_add(seg.filesz);
        while at.saturating_add(step) <= end {
            let (Some(tag), Some(value)) = (self.word(at), self.word(at + step / 2)) else {
                return;
            };
            if tag == 0 {
                return;
            }
            self.dynamic.push((tag, value));
            at += step;
        }
    }

    /// DT_SYMTAB does not say how long it is; the section header does, and the hash checks compare.
    fn read_dynsym(&mut self) {
        let Some(base) = self.tag(elf::DT_SYMTAB).and_then(|a| self.offset_of(a)) else {
            return;
        };
        let count = match self
            .sections
            .iter()
            .find(|s| s.kind == elf::SHT_DYNSYM && s.entsize > 0)
        {
            Some(s) => s.size / s.entsize,
            None => super::hash::symbol_count(self).unwrap_or(0),
        };
        let step = if self.is64 { 24 } else { 16 };
        for i in 0..count {
            let Some(symbol) = self.dyn_symbol(base.saturating_add(i.saturating_mul(step))) else {
                return;
            };
            self.dynsym.push(symbol);
        }
    }

    fn dyn_symbol(&self, at: u64) -> Option<Symbol> {
        let (value, size, info, other, shndx) = if self.is64 {
            (
                self.number(at + 8, 8)?,
                self.number(at + 16, 8)?,
                self.number(at + 4, 1)?,
                self.number(at + 5, 1)?,
                self.u16(at + 6)?,
            )
        } else {
            (
                self.number(at + 4, 4)?,
                self.number(at + 8, 4)?,
                self.number(at + 12, 1)?,
                self.number(at + 13, 1)?,
                self.u16(at + 14)?,
            )
        };
        Some(Symbol {
            name: self.dyn_string(u64::from(self.u32(at)?))?,
            bind: (info >> 4) as u8,
            kind: (info & 15) as u8,
            visibility: (other & 3) as u8,
            place: match shndx {
                elf::SHN_UNDEF => Place::Undefined,
                elf::SHN_ABS => Place::Absolute,
                elf::SHN_COMMON => Place::Common,
                n => Place::Section(usize::from(n)),
            },
            value,
            size,
        })
    }
}

fn read_headers<H: FileHeader<Endian = Endianness>>(
    path: &str,
    data: Vec<u8>,
    is64: bool,
) -> Result<Image> {
    let bytes = data.as_slice();
    let header = H::parse(bytes)?;
    let e = header.endian()?;
    let segments = header
        .program_headers(e, bytes)?
        .iter()
        .map(|p| Segment {
            kind: p.p_type(e),
            flags: p.p_flags(e),
            offset: p.p_offset(e).into(),
            vaddr: p.p_vaddr(e).into(),
            filesz: p.p_filesz(e).into(),
            memsz: p.p_memsz(e).into(),
            align: p.p_align(e).into(),
        })
        .collect();
    let table = header.sections(e, bytes)?;
    let sections = table
        .iter()
        .enumerate()
        .map(|(index, s)| Section {
            index,
            name: table
                .section_name(e, s)
                .map(|n| String::from_utf8_lossy(n).into_owned())
                .unwrap_or_default(),
            kind: s.sh_type(e),
            flags: s.sh_flags(e).into(),
            addr: s.sh_addr(e).into(),
            offset: s.sh_offset(e).into(),
            size: s.sh_size(e).into(),
            link: s.sh_link(e),
            info: s.sh_info(e),
            align: s.sh_addralign(e).into(),
            entsize: s.sh_entsize(e).into(),
        })
        .collect();
    let symbols = table.symbols(e, bytes, elf::SHT_SYMTAB)?;
    let mut symtab = Vec::new();
    for (index, s) in symbols.enumerate() {
        let place = match s.st_shndx(e) {
            elf::SHN_UNDEF => Place::Undefined,
            elf::SHN_ABS => Place::Absolute,
            elf::SHN_COMMON => Place::Common,
            _ => match symbols.symbol_section(e, s, index)? {
                Some(SectionIndex(n)) => Place::Section(n),
                None => Place::Absolute,
            },
        };
        symtab.push(Symbol {
            name: String::from_utf8_lossy(symbols.symbol_name(e, s)?).into_owned(),
            bind: s.st_bind(),
            kind: s.st_type(),
            visibility: s.st_visibility(),
            place,
            value: s.st_value(e).into(),
            size: s.st_size(e).into(),
        });
    }
    Ok(Image {
        path: path.to_string(),
        is64,
        little: e == Endianness::Little,
        etype: header.e_type(e),
        machine: header.e_machine(e),
        osabi: header.e_ident().os_abi,
        entry: header.e_entry(e).into(),
        phoff: header.e_phoff(e).into(),
        phentsize: header.e_phentsize(e),
        shoff: header.e_shoff(e).into(),
        segments,
        sections,
        symtab,
        dynamic: Vec::new(),
        dynsym: Vec::new(),
        data,
    })
}
