//! Objects the linker makes itself, of inputs that are none: `-b binary` and `--just-symbols`.
//!
//! Both become a small ELF object in memory, so that the rest of the linker meets nothing new. GNU ld manual, "-b", "-R".

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use object::elf;
use object::read::elf::FileHeader as _;

use super::load::Definition;
use super::object::{string_at, table};
use crate::elf::{Elf, PutElf, RawShdr, RawSym, Reloc, Shdr, Sym, shdr, sym};
use crate::emit::headers::put_shdr;

/// What `-b binary` makes of a file: its bytes as `.data`, and `_binary_NAME_start`, `_end` and `_size`, where NAME is the
/// path as it was given with `_` for everything that is neither letter nor digit.
pub fn binary<E: Elf>(machine: u16, path: &Path, data: &[u8]) -> Vec<u8> {
    let stem: Vec<u8> = path
        .as_os_str()
        .as_bytes()
        .iter()
        .map(|c| if c.is_ascii_alphanumeric() { *c } else { b'_' })
        .collect();
    let size = data.len() as u64;
    let symbols = [
        ("start", 0, 1),
        ("end", size, 1),
        ("size", size, elf::SHN_ABS),
    ]
    .map(|(suffix, value, shndx)| {
        let name = [b"_binary_", &stem[..], b"_", suffix.as_bytes()].concat();
        (
            name,
            symbol(elf::STB_GLOBAL, elf::STT_NOTYPE, shndx, value, 0),
        )
    });
    object::<E>(machine, Some(data), &symbols)
}

/// What `--just-symbols` makes of an ELF file: its global symbols, as absolute ones. They are weak: what is linked may
/// have names of its own for start code and the like, and then means its own.
///
/// # Errors
/// A text that says what is wrong with the file; the caller adds its name.
pub fn just_symbols<E: Elf>(machine: u16, data: &[u8]) -> Result<Vec<u8>, String> {
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
    let of_type = |ty: u32| raw.iter().map(shdr::<E>).find(|h| h.sh_type == ty);
    let Some(symtab) = of_type(elf::SHT_SYMTAB).or_else(|| of_type(elf::SHT_DYNSYM)) else {
        return Err("has no symbol table".into());
    };
    let strings: &[u8] = match raw.get(symtab.link as usize).map(shdr::<E>) {
        Some(h) => table(data, &h, "symbol name table")?,
        None => &[],
    };
    let symbols: &[RawSym<E>] = table(data, &symtab, "symbol table")?;
    let absolute: Vec<(Vec<u8>, Sym)> = symbols
        .iter()
        .map(sym::<E>)
        .filter(|s| {
            s.bind() != elf::STB_LOCAL
                && s.sym_type() != elf::STT_TLS
                && !matches!(s.shndx, elf::SHN_UNDEF | elf::SHN_COMMON)
        })
        .map(|s| {
            let made = symbol(elf::STB_WEAK, s.sym_type(), elf::SHN_ABS, s.value, s.size);
            (string_at(strings, s.name).to_vec(), made)
        })
        .collect();
    Ok(object::<E>(machine, None, &absolute))
}

/// Symbols without contents, as mapfiles define them.
pub fn definitions<E: Elf>(machine: u16, list: &[Definition]) -> Vec<u8> {
    let symbols: Vec<(Vec<u8>, Sym)> = list.iter().map(|d| (d.name.clone(), d.symbol)).collect();
    object::<E>(machine, None, &symbols)
}

/// A word of an array section (`.init_array` and its kin) with a function's address.
pub fn array_entry<E: Elf>(machine: u16, section: &str, function: &[u8]) -> Vec<u8> {
    let undefined = symbol(elf::STB_GLOBAL, elf::STT_NOTYPE, elf::SHN_UNDEF, 0, 0);
    let kind = match section {
        ".preinit_array" => elf::SHT_PREINIT_ARRAY,
        ".fini_array" => elf::SHT_FINI_ARRAY,
        _ => elf::SHT_INIT_ARRAY,
    };
    let contents = Contents {
        name: section,
        kind,
        bytes: &vec![0; E::WORD],
        // The word holds the address of symbol 1: R_X86_64_64, R_386_32.
        reloc: Some(Reloc {
            sym: 1,
            ty: 1,
            ..Reloc::default()
        }),
    };
    object_with::<E>(machine, Some(contents), &[(function.to_vec(), undefined)])
}

fn symbol(bind: u8, ty: u8, shndx: u16, value: u64, size: u64) -> Sym {
    Sym {
        info: bind << 4 | ty,
        shndx,
        value,
        size,
        ..Sym::default()
    }
}

/// An object with at most `.data` (section 1) and these global symbols.
fn object<E: Elf>(machine: u16, data: Option<&[u8]>, symbols: &[(Vec<u8>, Sym)]) -> Vec<u8> {
    let contents = data.map(|bytes| Contents {
        name: ".data",
        kind: elf::SHT_PROGBITS,
        bytes,
        reloc: None,
    });
    object_with::<E>(machine, contents, symbols)
}

/// The one section of an object that has contents.
struct Contents<'c> {
    name: &'c str,
    kind: u32,
    bytes: &'c [u8],
    /// At its start.
    reloc: Option<Reloc>,
}

/// An object with at most one section of contents (number 1) and these global symbols.
fn object_with<E: Elf>(
    machine: u16,
    contents: Option<Contents<'_>>,
    symbols: &[(Vec<u8>, Sym)],
) -> Vec<u8> {
    const NAMES: &[u8] =
        b"\0.data\0.symtab\0.strtab\0.shstrtab\0.preinit_array\0.init_array\0.fini_array\0.rela\0";
    let name = |n: &[u8]| memchr::memmem::find(NAMES, n).unwrap_or(0) as u32;
    let mut strings = vec![0];
    let mut table = Vec::with_capacity((symbols.len() + 1) * E::SYM_SIZE);
    table.put_sym::<E>(&Sym::default());
    for (text, s) in symbols {
        let offset = strings.len() as u32;
        strings.extend_from_slice(text);
        strings.push(0);
        table.put_sym::<E>(&Sym { name: offset, ..*s });
    }
    let mut relocs = Vec::new();
    if let Some(r) = contents.as_ref().and_then(|c| c.reloc) {
        relocs.put_rela::<E>(&r);
    }
    let symtab_number = 1 + u32::from(contents.is_some());
    let symtab = Shdr {
        name: name(b".symtab"),
        sh_type: elf::SHT_SYMTAB,
        link: symtab_number + 1,
        info: 1,
        align: E::WORD as u64,
        entsize: E::SYM_SIZE as u64,
        ..Shdr::default()
    };
    let string_table = |n: &[u8]| Shdr {
        name: name(n),
        sh_type: elf::SHT_STRTAB,
        align: 1,
        ..Shdr::default()
    };
    let mut parts: Vec<(Shdr, &[u8])> = Vec::new();
    parts.extend(contents.as_ref().map(|c| {
        let section = Shdr {
            name: name(&[c.name.as_bytes(), b"\0"].concat()),
            sh_type: c.kind,
            flags: u64::from(elf::SHF_ALLOC | elf::SHF_WRITE),
            align: if c.reloc.is_some() { E::WORD as u64 } else { 1 },
            ..Shdr::default()
        };
        (section, c.bytes)
    }));
    parts.push((symtab, &table));
    parts.push((string_table(b".strtab"), &strings));
    parts.push((string_table(b".shstrtab"), NAMES));
    if !relocs.is_empty() {
        let section = Shdr {
            name: name(b".rela\0"),
            sh_type: elf::SHT_RELA,
            link: symtab_number,
            info: 1,
            align: E::WORD as u64,
            entsize: E::RELA_SIZE as u64,
            ..Shdr::default()
        };
        // Before the name table, which is the last.
        parts.insert(parts.len() - 1, (section, &relocs));
    }
    let count = parts.len() as u16 + 1;

    let mut offset = E::EHDR_SIZE as u64;
    for (h, bytes) in &mut parts {
        offset = offset.next_multiple_of(h.align);
        h.offset = offset;
        h.size = bytes.len() as u64;
        offset += h.size;
    }
    let table_offset = offset.next_multiple_of(E::WORD as u64);

    let mut out = Vec::with_capacity(table_offset as usize + usize::from(count) * E::SHDR_SIZE);
    out.extend_from_slice(b"\x7fELF");
    out.put8(if E::IS_64 {
        elf::ELFCLASS64
    } else {
        elf::ELFCLASS32
    });
    out.put8(if E::BIG_ENDIAN {
        elf::ELFDATA2MSB
    } else {
        elf::ELFDATA2LSB
    });
    out.put8(elf::EV_CURRENT);
    out.resize(16, 0);
    out.put16::<E>(elf::ET_REL);
    out.put16::<E>(machine);
    out.put32::<E>(u32::from(elf::EV_CURRENT));
    out.put_word::<E>(0);
    out.put_word::<E>(0);
    out.put_word::<E>(table_offset);
    out.put32::<E>(0);
    for half in [
        E::EHDR_SIZE as u16,
        0,
        0,
        E::SHDR_SIZE as u16,
        count,
        count - 1,
    ] {
        out.put16::<E>(half);
    }
    for (h, bytes) in &parts {
        out.resize(h.offset as usize, 0);
        out.extend_from_slice(bytes);
    }
    out.resize(table_offset as usize, 0);
    put_shdr::<E>(&Shdr::default(), &mut out);
    for (h, _) in &parts {
        put_shdr::<E>(h, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::{Elf32Le, Elf64Le};

    fn round<E: Elf>() {
        let bytes = binary::<E>(62, Path::new("a/b-1.txt"), b"xyz");
        let again = just_symbols::<E>(62, &bytes).expect("what was made can be read");
        for name in ["start", "end", "size"] {
            let name = format!("_binary_a_b_1_txt_{name}\0");
            assert!(memchr::memmem::find(&bytes, name.as_bytes()).is_some());
            assert!(memchr::memmem::find(&again, name.as_bytes()).is_some());
        }
        assert!(just_symbols::<E>(3, &bytes).is_err_and(|e| e.contains("another machine")));
    }

    #[test]
    fn made_objects_can_be_read_in_both_classes() {
        round::<Elf64Le>();
        round::<Elf32Le>();
    }
}
