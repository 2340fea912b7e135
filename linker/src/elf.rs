//! ELF classes and byte orders, as types.
//!
//! Every stage that touches ELF records is generic over [`Elf`]; reading goes through the `object`
//! crate's record types (plain bytes, unaligned), writing through the few `put_*` functions here.
//! gABI: "ELF Header", "Symbol Table", "Relocation".

use object::Endian;
use object::read::elf::{FileHeader, Rel as _, Rela as _, SectionHeader as _, Sym as _};

/// One class and byte order: `Elf64Le` now; others are one `impl` each.
pub trait Elf: Copy + Send + Sync + 'static {
    type Endian: Endian + Send + Sync;
    type Header: FileHeader<
            Endian = Self::Endian,
            Sym: Send + Sync,
            Rela: Send + Sync,
            Rel: Send + Sync,
            SectionHeader: Send + Sync,
        >;
    const ENDIAN: Self::Endian;
    const IS_64: bool;
    const BIG_ENDIAN: bool;
    /// Size of an address in bytes.
    const WORD: usize = if Self::IS_64 { 8 } else { 4 };
    const EHDR_SIZE: usize = if Self::IS_64 { 64 } else { 52 };
    const PHDR_SIZE: usize = if Self::IS_64 { 56 } else { 32 };
    const SHDR_SIZE: usize = if Self::IS_64 { 64 } else { 40 };
    const SYM_SIZE: usize = if Self::IS_64 { 24 } else { 16 };
    const RELA_SIZE: usize = if Self::IS_64 { 24 } else { 12 };
    const DYN_SIZE: usize = if Self::IS_64 { 16 } else { 8 };
}

#[derive(Clone, Copy, Debug)]
pub struct Elf64Le;

impl Elf for Elf64Le {
    type Endian = object::LittleEndian;
    type Header = object::elf::FileHeader64<object::LittleEndian>;
    const ENDIAN: Self::Endian = object::LittleEndian;
    const IS_64: bool = true;
    const BIG_ENDIAN: bool = false;
}

#[derive(Clone, Copy, Debug)]
pub struct Elf32Le;

impl Elf for Elf32Le {
    type Endian = object::LittleEndian;
    type Header = object::elf::FileHeader32<object::LittleEndian>;
    const ENDIAN: Self::Endian = object::LittleEndian;
    const IS_64: bool = false;
    const BIG_ENDIAN: bool = false;
}

pub type RawSym<E> = <<E as Elf>::Header as FileHeader>::Sym;
pub type RawShdr<E> = <<E as Elf>::Header as FileHeader>::SectionHeader;
pub type RawRela<E> = <<E as Elf>::Header as FileHeader>::Rela;
pub type RawRel<E> = <<E as Elf>::Header as FileHeader>::Rel;

/// A section header, widened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shdr {
    pub name: u32,
    pub sh_type: u32,
    pub flags: u64,
    pub addr: u64,
    pub offset: u64,
    pub size: u64,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entsize: u64,
}

pub fn shdr<E: Elf>(s: &RawShdr<E>) -> Shdr {
    let e = E::ENDIAN;
    Shdr {
        name: s.sh_name(e),
        sh_type: s.sh_type(e),
        flags: s.sh_flags(e).into(),
        addr: s.sh_addr(e).into(),
        offset: s.sh_offset(e).into(),
        size: s.sh_size(e).into(),
        link: s.sh_link(e),
        info: s.sh_info(e),
        align: s.sh_addralign(e).into(),
        entsize: s.sh_entsize(e).into(),
    }
}

/// A symbol table entry, widened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sym {
    pub name: u32,
    pub info: u8,
    pub other: u8,
    /// As stored: may be SHN_XINDEX.
    pub shndx: u16,
    pub value: u64,
    pub size: u64,
}

impl Sym {
    pub fn bind(&self) -> u8 {
        self.info >> 4
    }
    pub fn sym_type(&self) -> u8 {
        self.info & 15
    }
    pub fn visibility(&self) -> u8 {
        self.other & 3
    }
}

#[inline(always)]
pub fn sym<E: Elf>(s: &RawSym<E>) -> Sym {
    let e = E::ENDIAN;
    Sym {
        name: s.st_name(e),
        info: s.st_info(),
        other: s.st_other(),
        shndx: s.st_shndx(e),
        value: s.st_value(e).into(),
        size: s.st_size(e).into(),
    }
}

/// One relocation, widened. `offset` is bytes from the start of the section it applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reloc {
    pub offset: u64,
    pub addend: i64,
    pub sym: u32,
    pub ty: u32,
}

/// The relocations of one input section, read in place.
pub enum Relocs<'d, E: Elf> {
    Rela(&'d [RawRela<E>]),
    /// REL: the addend stands in the section's bytes; the architecture reads it.
    Rel(&'d [RawRel<E>]),
}

impl<E: Elf> Clone for Relocs<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E: Elf> Copy for Relocs<'_, E> {}

impl<E: Elf> Relocs<'_, E> {
    pub const EMPTY: Self = Relocs::Rela(&[]);

    #[inline(always)]
    pub fn len(&self) -> usize {
        match self {
            Relocs::Rela(r) => r.len(),
            Relocs::Rel(r) => r.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Relocation `i`; a default one when `i` is out of range. REL addends are zero here.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Reloc {
        let e = E::ENDIAN;
        match self {
            Relocs::Rela(r) => match r.get(i) {
                Some(r) => {
                    let (sym, ty) = split_info::<E>(r.r_info(e, false).into());
                    Reloc {
                        offset: r.r_offset(e).into(),
                        addend: r.r_addend(e).into(),
                        sym,
                        ty,
                    }
                }
                None => Reloc::default(),
            },
            Relocs::Rel(r) => match r.get(i) {
                Some(r) => Reloc {
                    offset: r.r_offset(e).into(),
                    addend: 0,
                    sym: r.r_sym(e),
                    ty: r.r_type(e),
                },
                None => Reloc::default(),
            },
        }
    }

    #[inline(always)]
    pub fn iter(self) -> impl Iterator<Item = Reloc> {
        (0..self.len()).map(move |i| self.get(i))
    }

    /// Index of the first relocation at or after `offset`, when the table is sorted by offset.
    pub fn lower_bound(&self, offset: u64) -> usize {
        let (mut lo, mut hi) = (0, self.len());
        while lo < hi {
            let mid = (lo + hi) / 2;
            if self.get(mid).offset < offset {
                lo = mid + 1
            } else {
                hi = mid
            }
        }
        lo
    }
}

/// Symbol and type of a relocation (gABI, "Relocation"; not MIPS's 64-bit form).
#[inline(always)]
fn split_info<E: Elf>(info: u64) -> (u32, u32) {
    if E::IS_64 {
        ((info >> 32) as u32, info as u32)
    } else {
        ((info >> 8) as u32, info as u32 & 0xff)
    }
}

/// Bytes appended in an ELF's byte order.
pub trait PutElf {
    fn put8(&mut self, v: u8);
    fn put16<E: Elf>(&mut self, v: u16);
    fn put32<E: Elf>(&mut self, v: u32);
    fn put64<E: Elf>(&mut self, v: u64);
    /// An address-sized value.
    fn put_word<E: Elf>(&mut self, v: u64);
    fn put_sym<E: Elf>(&mut self, s: &Sym);
    fn put_rela<E: Elf>(&mut self, r: &Reloc);
    fn put_dyn<E: Elf>(&mut self, tag: i64, value: u64);
}

impl PutElf for Vec<u8> {
    fn put8(&mut self, v: u8) {
        self.push(v);
    }
    fn put16<E: Elf>(&mut self, v: u16) {
        self.extend_from_slice(&if E::BIG_ENDIAN {
            v.to_be_bytes()
        } else {
            v.to_le_bytes()
        });
    }
    fn put32<E: Elf>(&mut self, v: u32) {
        self.extend_from_slice(&if E::BIG_ENDIAN {
            v.to_be_bytes()
        } else {
            v.to_le_bytes()
        });
    }
    fn put64<E: Elf>(&mut self, v: u64) {
        self.extend_from_slice(&if E::BIG_ENDIAN {
            v.to_be_bytes()
        } else {
            v.to_le_bytes()
        });
    }
    fn put_word<E: Elf>(&mut self, v: u64) {
        if E::IS_64 {
            self.put64::<E>(v)
        } else {
            self.put32::<E>(v as u32)
        }
    }
    fn put_sym<E: Elf>(&mut self, s: &Sym) {
        self.put32::<E>(s.name);
        if E::IS_64 {
            self.put8(s.info);
            self.put8(s.other);
            self.put16::<E>(s.shndx);
            self.put64::<E>(s.value);
            self.put64::<E>(s.size);
        } else {
            self.put32::<E>(s.value as u32);
            self.put32::<E>(s.size as u32);
            self.put8(s.info);
            self.put8(s.other);
            self.put16::<E>(s.shndx);
        }
    }
    fn put_rela<E: Elf>(&mut self, r: &Reloc) {
        self.put_word::<E>(r.offset);
        if E::IS_64 {
            self.put64::<E>((u64::from(r.sym) << 32) | u64::from(r.ty));
        } else {
            self.put32::<E>((r.sym << 8) | (r.ty & 0xff));
        }
        self.put_word::<E>(r.addend as u64);
    }
    fn put_dyn<E: Elf>(&mut self, tag: i64, value: u64) {
        self.put_word::<E>(tag as u64);
        self.put_word::<E>(value);
    }
}
