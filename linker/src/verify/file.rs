//! An ELF file as kernels and run-time linkers read it: header, program headers, dynamic section, and bytes by address.
//!
//! Nothing is trusted: every read says None when it leaves the file, and every count is bounded by the file's size.
//! gABI, "ELF Header", "Program Header", "Dynamic Section".

use object::elf;

use super::Role;

/// One program header, widened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// First address behind it.
    pub fn end(&self) -> u64 {
        self.vaddr.saturating_add(self.memsz)
    }
    /// First byte of the file behind it.
    pub fn file_end(&self) -> u64 {
        self.offset.saturating_add(self.filesz)
    }
    pub fn writable(&self) -> bool {
        self.flags & elf::PF_W != 0
    }
    pub fn executable(&self) -> bool {
        self.flags & elf::PF_X != 0
    }
    pub fn is(&self, kind: u32) -> bool {
        self.kind == kind
    }
    /// Whether `len` bytes at `addr` lie in its memory.
    pub fn holds(&self, addr: u64, len: u64) -> bool {
        addr >= self.vaddr && addr.checked_add(len).is_some_and(|e| e <= self.end())
    }
    /// `PT_LOAD 0x400000..0x401000`.
    pub fn place(&self) -> String {
        format!("{:#x}..{:#x}", self.vaddr, self.end())
    }
}

/// One section header, as far as the static rules need it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Section {
    pub name: u32,
    pub kind: u32,
    pub flags: u64,
    pub addr: u64,
    pub offset: u64,
    pub size: u64,
    pub link: u32,
}

/// Why a file could not even be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    NotElf(String),
    BadTable(String),
}

/// One dynamic relocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rela {
    pub offset: u64,
    pub sym: u32,
    pub kind: u32,
    pub addend: i64,
}

/// The file.
#[derive(Default)]
pub struct File<'a> {
    pub is_64: bool,
    pub big_endian: bool,
    pub osabi: u8,
    pub abi_version: u8,
    /// EI_VERSION.
    pub ident_version: u8,
    pub e_type: u16,
    pub machine: u16,
    pub version: u32,
    pub entry: u64,
    pub phoff: u64,
    pub shoff: u64,
    pub flags: u32,
    pub phentsize: u16,
    /// As stored; may be PN_XNUM.
    pub phnum: u16,
    pub shentsize: u16,
    pub shnum: u16,
    pub shstrndx: u16,
    pub segments: Vec<Segment>,
    /// PT_LOAD with memory, by address.
    pub loads: Vec<Segment>,
    /// (tag, value) up to DT_NULL.
    pub dynamic: Vec<(u64, u64)>,
    /// DT_NULL stands inside PT_DYNAMIC's file range.
    pub dynamic_ends: bool,
    /// The bytes of the first PT_INTERP; None when there is none or it leaves the file.
    pub interp: Option<Vec<u8>>,
    /// Size of the file in bytes.
    pub len: u64,
    /// The whole file; empty when only headers are known.
    pub bytes: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads a whole file.
    ///
    /// # Errors
    /// [`Unreadable`] without an ELF header or when the program header table is not there.
    pub fn parse(bytes: &'a [u8]) -> Result<File<'a>, Unreadable> {
        let mut f = File::headers(bytes, bytes.len() as u64)?;
        f.bytes = bytes;
        if let Some(i) = f.segment(elf::PT_INTERP).copied() {
            f.interp = f.range(i.offset, i.filesz).map(<[u8]>::to_vec);
        }
        if let Some(d) = f.segment(elf::PT_DYNAMIC).copied() {
            // The kernel maps p_filesz bytes; the run-time linker reads to DT_NULL.
            let table = f.range(d.offset, d.filesz).unwrap_or(&[]);
            f.set_dynamic(table);
        }
        Ok(f)
    }

    /// Reads headers from the start of a file of `len` bytes.
    ///
    /// # Errors
    /// As [`File::parse`].
    pub fn headers(start: &[u8], len: u64) -> Result<File<'a>, Unreadable> {
        let not_elf = |what: &str| Err(Unreadable::NotElf(what.to_string()));
        if start.get(..4) != Some(b"\x7fELF") {
            return not_elf("the file does not start with the ELF magic number");
        }
        let byte = |at: usize| start.get(at).copied().unwrap_or(0);
        let is_64 = match byte(4) {
            1 => false,
            2 => true,
            other => return not_elf(&format!("EI_CLASS is {other}, neither 32 nor 64 bits")),
        };
        let big_endian = match byte(5) {
            1 => false,
            2 => true,
            other => return not_elf(&format!("EI_DATA is {other}, no byte order")),
        };
        if start.len() < if is_64 { 64 } else { 52 } {
            return not_elf("the file is shorter than an ELF header");
        }
        let half = |at: usize| number(start, at as u64, 2, big_endian).unwrap_or(0) as u16;
        let word = |at: usize| number(start, at as u64, 4, big_endian).unwrap_or(0) as u32;
        let (size, rest) = if is_64 { (8, 48) } else { (4, 36) };
        let addr =
            |i: usize| number(start, (24 + i * size) as u64, size as u64, big_endian).unwrap_or(0);
        let mut f = File {
            is_64,
            big_endian,
            osabi: byte(7),
            abi_version: byte(8),
            ident_version: byte(6),
            e_type: half(16),
            machine: half(18),
            version: word(20),
            entry: addr(0),
            phoff: addr(1),
            shoff: addr(2),
            flags: word(rest),
            phentsize: half(rest + 6),
            phnum: half(rest + 8),
            shentsize: half(rest + 10),
            shnum: half(rest + 12),
            shstrndx: half(rest + 14),
            len,
            ..File::default()
        };
        f.read_segments(start)?;
        Ok(f)
    }

    fn read_segments(&mut self, start: &[u8]) -> Result<(), Unreadable> {
        let least: u64 = if self.is_64 { 56 } else { 32 };
        let mut count = u64::from(self.phnum);
        if self.phnum == elf::PN_XNUM {
            // The count stands in section header 0's sh_info.
            let info = if self.is_64 { 44 } else { 28 };
            let at = self.shoff.checked_add(info).filter(|_| self.shoff != 0);
            count = at
                .and_then(|at| number(start, at, 4, self.big_endian))
                .unwrap_or(0);
        }
        let step = u64::from(self.phentsize);
        let bad = |text: String| Err(Unreadable::BadTable(text));
        if count == 0 {
            return Ok(());
        }
        if step < least {
            return bad(format!("e_phentsize is {step}, at least {least} is needed"));
        }
        let end = count
            .checked_mul(step)
            .and_then(|n| n.checked_add(self.phoff));
        if end.is_none_or(|e| e > start.len() as u64) {
            return bad(format!(
                "{count} program headers at {:#x} do not fit into the file of {:#x} bytes",
                self.phoff, self.len
            ));
        }
        for i in 0..count {
            let at = self.phoff + i * step;
            let n = |at: u64, len: u64| number(start, at, len, self.big_endian).unwrap_or(0);
            let (flags, first, size) = if self.is_64 {
                (n(at + 4, 4), at + 8, 8)
            } else {
                (n(at + 24, 4), at + 4, 4)
            };
            // 32-bit headers have p_flags between p_memsz and p_align.
            let align_at = if self.is_64 { first + 40 } else { at + 28 };
            self.segments.push(Segment {
                kind: n(at, 4) as u32,
                flags: flags as u32,
                offset: n(first, size),
                vaddr: n(first + size, size),
                filesz: n(first + 3 * size, size),
                memsz: n(first + 4 * size, size),
                align: n(align_at, size),
            });
        }
        self.loads = self.all(elf::PT_LOAD).filter(|s| s.memsz > 0).collect();
        self.loads.sort_by_key(|s| s.vaddr);
        Ok(())
    }

    /// Takes the dynamic section's bytes.
    pub fn set_dynamic(&mut self, table: &[u8]) {
        let size = self.word_size();
        let mut at = 0;
        while let (Some(tag), Some(value)) = (
            number(table, at, size, self.big_endian),
            number(table, at + size, size, self.big_endian),
        ) {
            if tag == 0 {
                self.dynamic_ends = true;
                return;
            }
            self.dynamic.push((tag, value));
            at += 2 * size;
        }
    }

    /// What the loader takes it for. A library is known by its dynamic section without interpreter; DF_1_PIE says
    /// that it is a static program nevertheless.
    pub fn role(&self) -> Role {
        let pie = self.tag(DT_FLAGS_1).unwrap_or(0) & u64::from(elf::DF_1_PIE) != 0;
        let library = self.e_type == elf::ET_DYN
            && self.segment(elf::PT_INTERP).is_none()
            && self.segment(elf::PT_DYNAMIC).is_some()
            && !pie;
        if library {
            Role::Library
        } else {
            Role::Program
        }
    }

    /// Bytes of an address.
    pub fn word_size(&self) -> u64 {
        if self.is_64 { 8 } else { 4 }
    }
    pub fn is_dynamic(&self) -> bool {
        self.segment(elf::PT_DYNAMIC).is_some()
    }
    pub fn is_amd64(&self) -> bool {
        self.machine == elf::EM_X86_64 && self.is_64
    }
    /// The first segment of a kind.
    pub fn segment(&self, kind: u32) -> Option<&Segment> {
        self.segments.iter().find(|s| s.kind == kind)
    }
    /// Segments of a kind, in table order.
    pub fn all(&self, kind: u32) -> impl Iterator<Item = Segment> + '_ {
        self.segments
            .iter()
            .copied()
            .filter(move |s| s.kind == kind)
    }
    /// The segment whose memory holds all of `len` bytes at `addr`.
    pub fn load_at(&self, addr: u64, len: u64) -> Option<&Segment> {
        let after = self.loads.partition_point(|s| s.vaddr <= addr);
        let s = self.loads.get(after.checked_sub(1)?)?;
        s.holds(addr, len).then_some(s)
    }
    /// Bytes of the file.
    pub fn range(&self, offset: u64, len: u64) -> Option<&'a [u8]> {
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        self.bytes.get(start..end)
    }
    /// Bytes of the image that the file holds.
    pub fn at(&self, addr: u64, len: u64) -> Option<&'a [u8]> {
        let s = self.load_at(addr, len)?;
        let skip = addr - s.vaddr;
        if skip.checked_add(len)? > s.filesz {
            return None;
        }
        self.range(s.offset.checked_add(skip)?, len)
    }
    /// A number of `len` bytes in the image; memory beyond the file's part is zero.
    pub fn number_at(&self, addr: u64, len: u64) -> Option<u64> {
        match self.at(addr, len) {
            Some(bytes) => number(bytes, 0, len, self.big_endian),
            None => self
                .load_at(addr, len)
                .filter(|s| addr - s.vaddr >= s.filesz)
                .map(|_| 0),
        }
    }
    /// A number in the file.
    pub fn number(&self, offset: u64, len: u64) -> Option<u64> {
        number(self.bytes, offset, len, self.big_endian)
    }

    /// The first value of a dynamic tag.
    pub fn tag(&self, tag: u64) -> Option<u64> {
        self.tags(tag).next()
    }
    pub fn tags(&self, tag: u64) -> impl Iterator<Item = u64> + '_ {
        self.dynamic.iter().filter(move |d| d.0 == tag).map(|d| d.1)
    }
    /// A string of DT_STRTAB, without its NUL.
    pub fn dyn_string(&self, at: u64) -> Option<&'a [u8]> {
        let addr = self.tag(u64::from(elf::DT_STRTAB))?.checked_add(at)?;
        let s = self.load_at(addr, 1)?;
        let left = s.filesz.checked_sub(addr - s.vaddr)?;
        let bytes = self.at(addr, left)?;
        bytes.get(..memchr::memchr(0, bytes)?)
    }

    /// Relocations of the RELA table at an address.
    pub fn relas(&self, addr: u64, size: u64) -> impl Iterator<Item = Rela> + '_ {
        let word = self.word_size();
        let step = 3 * word;
        let bytes = self.at(addr, size).unwrap_or(&[]);
        let read = move |at: u64, len: u64| number(bytes, at, len, self.big_endian).unwrap_or(0);
        (0..bytes.len() as u64 / step).map(move |i| {
            let at = i * step;
            let info = read(at + word, word);
            let addend = read(at + 2 * word, word);
            let (sym, kind) = if self.is_64 {
                ((info >> 32) as u32, info as u32)
            } else {
                ((info >> 8) as u32, (info & 0xff) as u32)
            };
            Rela {
                offset: read(at, word),
                sym,
                kind,
                addend: if self.is_64 {
                    addend as i64
                } else {
                    i64::from(addend as i32)
                },
            }
        })
    }

    /// The section headers; none when the table is not there or broken.
    pub fn sections(&self) -> Vec<Section> {
        let least = if self.is_64 { 64 } else { 40 };
        let step = u64::from(self.shentsize);
        if self.shoff == 0 || step < least {
            return Vec::new();
        }
        let word = self.word_size();
        let n = |at: u64, len: u64| self.number(at, len).unwrap_or(0);
        let count = match self.shnum {
            // More than 65,279: the count stands in section header 0's sh_size.
            0 => n(self.shoff.saturating_add(8 + 3 * word), word),
            c => u64::from(c),
        };
        let count = count.min(self.len / step + 1);
        let mut all = Vec::new();
        for i in 0..count {
            let Some(at) = self.shoff.checked_add(i * step) else {
                break;
            };
            if self.range(at, least).is_none() {
                break;
            }
            all.push(Section {
                name: n(at, 4) as u32,
                kind: n(at + 4, 4) as u32,
                flags: n(at + 8, word),
                addr: n(at + 8 + word, word),
                offset: n(at + 8 + 2 * word, word),
                size: n(at + 8 + 3 * word, word),
                link: n(at + 8 + 4 * word, 4) as u32,
            });
        }
        all
    }

    /// The notes of all PT_NOTE segments: name with its NUL, type, description.
    pub fn notes(&self) -> Vec<(&'a [u8], u32, &'a [u8])> {
        self.notes_within(u64::MAX)
    }

    /// As [`File::notes`], of segments with no more than `most` bytes.
    pub fn notes_within(&self, most: u64) -> Vec<(&'a [u8], u32, &'a [u8])> {
        let mut notes = Vec::new();
        for s in self.all(elf::PT_NOTE).filter(|s| s.filesz <= most) {
            let Some(bytes) = self.range(s.offset, s.filesz) else {
                continue;
            };
            let n = |at: u64| number(bytes, at, 4, self.big_endian);
            let mut at = 0u64;
            while let (Some(name_size), Some(desc_size), Some(kind)) = (n(at), n(at + 4), n(at + 8))
            {
                let name_at = at + 12;
                let desc_at = name_at + name_size.next_multiple_of(4);
                let part = |from: u64, size: u64| bytes.get(from as usize..(from + size) as usize);
                let (Some(name), Some(desc)) = (part(name_at, name_size), part(desc_at, desc_size))
                else {
                    break;
                };
                notes.push((name, kind as u32, desc));
                at = desc_at + desc_size.next_multiple_of(4);
            }
        }
        notes
    }

    /// The string of a string table section.
    pub fn section_string(&self, table: &Section, at: u32) -> Option<&'a [u8]> {
        let bytes = self.range(table.offset, table.size)?;
        let rest = bytes.get(at as usize..)?;
        rest.get(..memchr::memchr(0, rest)?)
    }
}

/// DT_FLAGS_1 and its kin are 32-bit tags.
pub const DT_FLAGS_1: u64 = elf::DT_FLAGS_1 as u64;

/// `len` (up to 8) bytes as a number.
pub fn number(bytes: &[u8], offset: u64, len: u64, big_endian: bool) -> Option<u64> {
    let start = usize::try_from(offset).ok()?;
    let bytes = bytes.get(start..start.checked_add(len as usize)?)?;
    let fold = |acc: u64, b: &u8| (acc << 8) | u64::from(*b);
    Some(if big_endian {
        bytes.iter().fold(0, fold)
    } else {
        bytes.iter().rev().fold(0, fold)
    })
}
