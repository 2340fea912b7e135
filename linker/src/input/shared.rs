//! A shared object: what it defines, what it refers to, which versions and libraries it names.
//!
//! gABI, "Dynamic Linking"; versions as in the LSB, "Symbol Versioning". Everything is read from section
//! headers: the real libc.so.1 of illumos has version sections but no DT_VERSYM. Where there are none, `headerless.rs` makes
//! them.

use object::elf;
use object::read::ReadRef;
use object::read::elf::{Dyn as _, FileHeader as _, ProgramHeader as _, SectionHeader as _};

use super::InputName;
use super::budget::Budget;
use super::headerless::{self, Headers};
use super::object::string_at;
use crate::elf::{Elf, RawShdr, RawSym, Shdr, Sym, shdr, sym};
use crate::options::InputMode;
use crate::symbols::SymbolId;
use crate::symbols::intern::{NameRef, hash_name};

/// Bit of a version index that hides a definition from unversioned references.
pub const VERSYM_HIDDEN: u16 = 0x8000;

pub struct Shared<'d, E: Elf> {
    pub name: InputName,
    pub soname: &'d [u8],
    /// Dynamic symbols; number 0 is the null symbol.
    pub symbols: &'d [RawSym<E>],
    strtab: &'d [u8],
    versym: &'d [[u8; 2]],
    /// Version names by index (0 and 1 are local and global; 1 holds the base version's name).
    pub versions: Vec<&'d [u8]>,
    /// What defined versions inherit from, by index.
    pub inherits: Vec<(u16, &'d [u8])>,
    /// Versions that a mapfile's `DEPEND_VERSIONS` closes, by index.
    pub closed: Vec<u16>,
    /// DT_NEEDED.
    pub needed: Vec<&'d [u8]>,
    /// DT_RUNPATH or DT_RPATH.
    pub runpath: Vec<&'d [u8]>,
    /// Interned names of symbols 1…; parallel to `symbols[1..]`.
    pub names: Vec<SymbolId>,
    /// Sections of the file, for copy relocations; its segments when it has no section headers.
    sections: Vec<Shdr>,
    has_headers: bool,
    /// Named with `--as-needed` in force.
    pub as_needed: bool,
    /// It is to be listed in DT_NEEDED.
    pub is_needed: bool,
    /// GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS: no copies, no canonical PLTs for its symbols.
    pub no_copy: bool,
    pub copy_dt_needed: bool,
    /// How it is to be bound and loaded (`-z direct`, `-z lazyload`, `-z deferred`).
    pub load: InputMode,
    /// Address ranges of PT_GNU_RELRO.
    pub relro: Vec<(u64, u64)>,
}

pub struct ParsedShared<'d, E: Elf> {
    pub shared: Shared<'d, E>,
    pub names: Vec<NameRef<'d>>,
}

fn table<'d, T: object::Pod>(data: &'d [u8], s: &Shdr, what: &str) -> Result<&'d [T], String> {
    let n = usize::try_from(s.size / size_of::<T>() as u64).unwrap_or(usize::MAX);
    data.read_slice_at::<T>(s.offset, n).map_err(|()| {
        format!(
            "{what} reaches outside the file (offset {:#x}, {:#x} bytes)",
            s.offset, s.size
        )
    })
}

/// Reads a shared object. `file_name` is used as its soname when it has none.
///
/// # Errors
/// A text that says what is wrong; the caller adds the file's name.
pub fn parse<'d, E: Elf>(
    name: InputName,
    data: &'d [u8],
    machine: u16,
    fallback_soname: &'d [u8],
) -> Result<ParsedShared<'d, E>, String> {
    let e = E::ENDIAN;
    let header =
        E::Header::parse(data).map_err(|err| format!("not an ELF file of this class: {err}"))?;
    if header.is_big_endian() != E::BIG_ENDIAN || header.e_machine(e) != machine {
        return Err(format!(
            "incompatible file type: is for another machine (e_machine {}), the output is for {machine}",
            header.e_machine(e)
        ));
    }
    let raw: &[RawShdr<E>] = header
        .section_headers(e, data)
        .map_err(|err| format!("section header table: {err}"))?;
    let has_headers = header.e_shoff(e).into() != 0;
    let made = match has_headers {
        true => Headers::default(),
        false => headerless::headers::<E>(header, data)?,
    };
    let raw = if has_headers { raw } else { made.raw::<E>() };
    let mut s = Shared {
        name,
        soname: fallback_soname,
        symbols: &[],
        strtab: &[],
        versym: &[],
        versions: Vec::new(),
        inherits: Vec::new(),
        closed: Vec::new(),
        needed: Vec::new(),
        runpath: Vec::new(),
        names: Vec::new(),
        sections: match has_headers {
            true => raw.iter().map(shdr::<E>).collect(),
            false => made.segments.clone(),
        },
        has_headers,
        as_needed: false,
        is_needed: false,
        no_copy: false,
        copy_dt_needed: false,
        load: InputMode::default(),
        relro: Vec::new(),
    };
    for ph in header.program_headers(e, data).unwrap_or(&[]) {
        if ph.p_type(e) == elf::PT_GNU_RELRO {
            let start: u64 = ph.p_vaddr(e).into();
            s.relro
                .push((start, start.saturating_add(ph.p_memsz(e).into())));
        }
    }
    let link = |h: &Shdr| raw.get(h.link as usize).map(shdr::<E>);
    let mut contents = Budget::contents(data.len());
    let mut names = Budget::names(data.len());
    for h in raw {
        let wide = shdr::<E>(h);
        // Headers of debugging files name contents that are not there; what is read is checked where it is read.
        if wide.sh_type != elf::SHT_NOBITS {
            contents.spend(wide.size.min(data.len() as u64))?;
        }
        match wide.sh_type {
            elf::SHT_DYNSYM => {
                s.symbols = table(data, &wide, "dynamic symbol table")?;
                if let Some(st) = link(&wide) {
                    s.strtab = table(data, &st, "dynamic string table")?;
                }
            }
            elf::SHT_GNU_VERSYM => s.versym = table(data, &wide, "version table")?,
            elf::SHT_DYNAMIC => {
                let strings: &[u8] = match link(&wide) {
                    Some(st) => table(data, &st, "dynamic string table")?,
                    None => &[],
                };
                let entries: &[<E::Header as object::read::elf::FileHeader>::Dyn] =
                    table(data, &wide, "dynamic section")?;
                for d in entries {
                    let tag: u64 = d.d_tag(e).into();
                    let value: u64 = d.d_val(e).into();
                    let mut text = || {
                        let text = string_at(strings, u32::try_from(value).unwrap_or(u32::MAX));
                        names.spend(text.len() as u64).map(|()| text)
                    };
                    match u32::try_from(tag).unwrap_or(u32::MAX) {
                        elf::DT_NULL => break,
                        elf::DT_NEEDED => s.needed.push(text()?),
                        elf::DT_SONAME => s.soname = text()?,
                        elf::DT_RUNPATH | elf::DT_RPATH => s.runpath.push(text()?),
                        _ => {}
                    }
                }
            }
            elf::SHT_NOTE => s.no_copy |= needs_indirect_access::<E>(h, data),
            _ => {}
        }
    }
    for h in raw {
        let wide = shdr::<E>(h);
        if wide.sh_type == elf::SHT_GNU_VERDEF {
            read_verdef::<E>(&mut s, h, link(&wide), data, &mut names)?;
        }
    }
    for h in raw {
        let wide = shdr::<E>(h);
        if wide.sh_type == elf::SHT_GNU_VERNEED {
            read_verneed::<E>(&mut s, h, link(&wide), data, &mut names)?;
        }
    }
    let mut budget = Budget::names(s.strtab.len());
    let names = s
        .symbols
        .iter()
        .skip(1)
        .map(|raw| {
            let name = string_at(s.strtab, sym::<E>(raw).name);
            budget.spend(name.len() as u64)?;
            Ok(NameRef {
                hash: hash_name(name),
                name,
            })
        })
        .collect::<Result<_, String>>()?;
    Ok(ParsedShared { shared: s, names })
}

fn needs_indirect_access<E: Elf>(h: &RawShdr<E>, data: &[u8]) -> bool {
    let Ok(Some(mut notes)) = h.notes(E::ENDIAN, data) else {
        return false;
    };
    while let Ok(Some(note)) = notes.next() {
        if let Some(mut props) = note.gnu_properties(E::ENDIAN) {
            while let Ok(Some(p)) = props.next() {
                if p.pr_type() == elf::GNU_PROPERTY_1_NEEDED
                    && p.data_u32(E::ENDIAN).is_ok_and(|v| v & 1 != 0)
                {
                    return true;
                }
            }
        }
    }
    false
}

fn set_version<'d>(versions: &mut Vec<&'d [u8]>, index: u16, name: &'d [u8]) {
    let i = usize::from(index & !VERSYM_HIDDEN);
    if versions.len() <= i {
        versions.resize(i + 1, &[]);
    }
    if let Some(v) = versions.get_mut(i) {
        *v = name;
    }
}

fn read_verdef<'d, E: Elf>(
    s: &mut Shared<'d, E>,
    h: &RawShdr<E>,
    strings: Option<Shdr>,
    data: &'d [u8],
    names: &mut Budget,
) -> Result<(), String> {
    let e = E::ENDIAN;
    let strings: &[u8] = match strings {
        Some(st) => table(data, &st, "version string table")?,
        None => &[],
    };
    let Ok(Some((mut defs, _))) = h.gnu_verdef(e, data) else {
        return Ok(());
    };
    let mut budget = Budget::versions();
    loop {
        match defs.next() {
            Ok(Some((def, mut aux))) => {
                budget.spend(1)?;
                if let Ok(Some(a)) = aux.next() {
                    let name = string_at(strings, a.vda_name.get(e));
                    names.spend(name.len() as u64)?;
                    set_version(&mut s.versions, def.vd_ndx.get(e), name);
                }
                while let Ok(Some(a)) = aux.next() {
                    budget.spend(1)?;
                    let parent = string_at(strings, a.vda_name.get(e));
                    names.spend(parent.len() as u64)?;
                    s.inherits.push((def.vd_ndx.get(e), parent));
                }
            }
            Ok(None) => return Ok(()),
            Err(err) => return Err(format!("version definitions: {err}")),
        }
    }
}

fn read_verneed<'d, E: Elf>(
    s: &mut Shared<'d, E>,
    h: &RawShdr<E>,
    strings: Option<Shdr>,
    data: &'d [u8],
    names: &mut Budget,
) -> Result<(), String> {
    let e = E::ENDIAN;
    let strings: &[u8] = match strings {
        Some(st) => table(data, &st, "version string table")?,
        None => &[],
    };
    let Ok(Some((mut needs, _))) = h.gnu_verneed(e, data) else {
        return Ok(());
    };
    let mut budget = Budget::versions();
    loop {
        match needs.next() {
            Ok(Some((_, mut aux))) => {
                budget.spend(1)?;
                while let Ok(Some(a)) = aux.next() {
                    budget.spend(1)?;
                    let name = string_at(strings, a.vna_name.get(e));
                    names.spend(name.len() as u64)?;
                    set_version(&mut s.versions, a.vna_other.get(e), name);
                }
            }
            Ok(None) => return Ok(()),
            Err(err) => return Err(format!("version needs: {err}")),
        }
    }
}

impl<'d, E: Elf> Shared<'d, E> {
    pub fn symbol(&self, index: u32) -> Sym {
        self.symbols
            .get(index as usize)
            .map(sym::<E>)
            .unwrap_or_default()
    }

    /// The section a symbol is in, or the segment.
    pub fn section_of(&self, s: &Sym) -> Shdr {
        let found = match self.has_headers {
            true => self.sections.get(usize::from(s.shndx)),
            false => self
                .sections
                .iter()
                .find(|h| s.value >= h.addr && s.value - h.addr < h.size),
        };
        found.copied().unwrap_or_default()
    }

    pub fn symbol_name(&self, s: &Sym) -> &'d [u8] {
        string_at(self.strtab, s.name)
    }

    /// Version index of a symbol with its hidden bit; 1 (global) when the file has no versions.
    pub fn versym(&self, index: u32) -> u16 {
        match self.versym.get(index as usize) {
            Some(v) if E::BIG_ENDIAN => u16::from_be_bytes(*v),
            Some(v) => u16::from_le_bytes(*v),
            None => 1,
        }
    }

    /// Name of the version a symbol has; None for the base version and for files without versions.
    pub fn version_name(&self, index: u32) -> Option<&'d [u8]> {
        let i = self.versym(index) & !VERSYM_HIDDEN;
        if i < 2 {
            return None;
        }
        self.versions
            .get(usize::from(i))
            .copied()
            .filter(|n| !n.is_empty())
    }

    /// Name of symbol `index` as interned.
    pub fn symbol_id(&self, index: u32) -> Option<SymbolId> {
        self.names.get((index as usize).checked_sub(1)?).copied()
    }
}
