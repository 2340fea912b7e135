//! From a file's bytes to an [`Object`]: headers, sections by kind, symbols, names.
//!
//! gABI, "Sections", "Symbol Table". Offsets, sizes, counts and indices are checked here, once.

use object::elf;
use object::read::ReadRef;
use object::read::elf::FileHeader as _;

use super::{Group, Kind, LINKONCE, Object, Section, string_at, word};
use crate::elf::{Elf, RawShdr, Shdr, shdr, sym};
use crate::input::budget::Budget;
use crate::input::compressed::expand;
use crate::input::dependent::DEPENDENT_LIBRARIES;
use crate::input::{InputName, crel};
use crate::live::mark::is_kept;
use crate::merge::{MergeInput, MergeKind};
use crate::symbols::intern::{NameRef, hash_name};
use crate::symbols::remarks;
use crate::synth::sunw_cap::SHT_SUNW_CAP;

/// GNU_PROPERTY and LLVM section types that `object` does not name.
const SHT_LLVM_ADDRSIG: u32 = 0x6fff_4c03;
const SHT_LLVM_CALL_GRAPH_PROFILE: u32 = 0x6fff_4c09;
/// Largest alignment of a section in bytes; more would make outputs of which nearly all is a hole.
const MAX_ALIGN: u64 = 1 << 31;

/// Reads the tables of a relocatable object.
///
/// # Errors
/// A text that says what is wrong and at which offset; the caller adds the file's name.
pub fn parse<'d, E: Elf>(
    name: InputName,
    data: &'d [u8],
    opts: ParseOptions,
    keep: &dyn Fn(Vec<u8>) -> &'d [u8],
) -> Result<Parsed<'d, E>, String> {
    let e = E::ENDIAN;
    let header = E::Header::parse(data)
        .map_err(|err| format!("incompatible file type: not an ELF object of this class: {err}"))?;
    if header.endian().is_err() || header.is_big_endian() != E::BIG_ENDIAN {
        return Err("its byte order is not the target's".into());
    }
    if header.e_machine(e) != opts.machine {
        return Err(format!(
            "incompatible file type: is for another machine (e_machine {}), the output is for {}; it cannot be linked",
            header.e_machine(e),
            opts.machine
        ));
    }
    let raw: &[RawShdr<E>] = header
        .section_headers(e, data)
        .map_err(|err| format!("section header table: {err}"))?;
    if u32::try_from(raw.len()).is_err() {
        return Err("more sections than can be numbered".into());
    }
    let shstrndx = if raw.is_empty() {
        0
    } else {
        header.shstrndx(e, data).unwrap_or(0)
    };
    let headers = |i: usize| raw.get(i).map(shdr::<E>);
    let section_names: &[u8] = match headers(shstrndx as usize) {
        Some(s) if s.sh_type == elf::SHT_STRTAB => table(data, &s, "section name table")?,
        _ => &[],
    };

    let mut o = Object {
        section_names,
        e_flags: header.e_flags(e),
        osabi: header.e_ident().os_abi,
        ..Object::from_symbols(name, data, Vec::with_capacity(raw.len()), &[], &[])
    };
    let mut warnings = Vec::new();
    let mut symtab_index = 0;
    let mut contents = Budget::contents(data.len());
    let mut unpacked = Budget::unpacked(data.len());
    let mut names = Budget::names(section_names.len());
    for (i, raw_header) in raw.iter().enumerate() {
        let h = shdr::<E>(raw_header);
        if h.sh_type == elf::SHT_SYMTAB && symtab_index == 0 {
            symtab_index = i;
        }
        if h.sh_type != elf::SHT_NOBITS {
            contents.spend(h.size.min(data.len() as u64))?;
        }
        let name = string_at(o.section_names, h.name);
        let s = classify(&mut o, name, &h, i as u32, opts, &mut unpacked, keep)?;
        names.spend(name.len() as u64)?;
        o.sections.push(s);
    }
    read_symbols(&mut o, raw, symtab_index)?;
    link_relocations(&mut o, raw, symtab_index, &mut warnings)?;
    let names = read_names(&mut o, raw)?;
    Ok(Parsed {
        object: o,
        names,
        warnings,
    })
}

pub(super) fn classify<'d, E: Elf>(
    o: &mut Object<'d, E>,
    name: &'d [u8],
    h: &Shdr,
    index: u32,
    opts: ParseOptions,
    unpacked: &mut Budget,
    keep: &dyn Fn(Vec<u8>) -> &'d [u8],
) -> Result<Section, String> {
    let mut s = Section {
        offset: h.offset,
        size: h.size,
        name: h.name,
        ty: h.sh_type,
        flags: h.flags as u32,
        link: h.link,
        info: h.info,
        entsize: u32::try_from(h.entsize).unwrap_or(0),
        relocs: 0,
        align_log2: 0,
        kind: Kind::Regular,
    };
    let at = || format!("section {index} ({})", String::from_utf8_lossy(name));
    if h.align > 1 {
        if !h.align.is_power_of_two() {
            return Err(format!(
                "{}: alignment {:#x} is not a power of two",
                at(),
                h.align
            ));
        }
        if h.align > MAX_ALIGN {
            return Err(format!("{}: alignment {:#x} is too large", at(), h.align));
        }
        s.align_log2 = h.align.trailing_zeros() as u8;
    }
    if h.sh_type == elf::SHT_NULL {
        s.kind = Kind::Skip;
        s.size = 0;
        return Ok(s);
    }
    if h.sh_type != elf::SHT_NOBITS {
        let end = h.offset.checked_add(h.size);
        if end.is_none_or(|end| end > o.data.len() as u64) {
            return Err(format!(
                "{}: contents reach outside the file (offset {:#x}, {:#x} bytes, file has {:#x})",
                at(),
                h.offset,
                h.size,
                o.data.len()
            ));
        }
    } else if h.size > 1 << 46 {
        return Err(format!(
            "{}: size {:#x} is larger than any address space",
            at(),
            h.size
        ));
    }
    let alloc = s.is_alloc();
    if alloc && h.sh_type >= elf::SHT_LOUSER {
        return Err(format!(
            "{}: unsupported section type: {:#x} (a program's own, which no linker knows how to load)",
            at(),
            h.sh_type
        ));
    }
    if s.flags & elf::SHF_TLS != 0 && s.flags & elf::SHF_EXECINSTR != 0 {
        return Err(format!("{}: is both code and thread-local", at()));
    }
    s.kind = match h.sh_type {
        elf::SHT_SYMTAB
        | elf::SHT_STRTAB
        | elf::SHT_RELA
        | elf::SHT_REL
        | elf::SHT_CREL
        | elf::SHT_GROUP
        | elf::SHT_SYMTAB_SHNDX => Kind::Skip,
        SHT_LLVM_ADDRSIG => {
            o.addrsig = index;
            Kind::Skip
        }
        DEPENDENT_LIBRARIES if !opts.relocatable => {
            o.deplibs = index;
            Kind::Skip
        }
        SHT_LLVM_CALL_GRAPH_PROFILE if !opts.relocatable => {
            o.call_graph = index;
            Kind::Skip
        }
        elf::SHT_PROGBITS if name == b".note.GNU-stack" => {
            o.stack = Some(s.flags & elf::SHF_EXECINSTR != 0);
            Kind::Skip
        }
        // By name and type alone: rustc writes one without SHF_ALLOC into its symbols.o.
        elf::SHT_NOTE if name == b".note.gnu.property" => Kind::Property,
        // The number is also that of SHT_GNU_ATTRIBUTES.
        SHT_SUNW_CAP if name == b".SUNW_cap" => Kind::Capabilities,
        // Of whatever type it says it is: two of the name in one output would not be found.
        ty if name == b".eh_frame" && alloc && ty != elf::SHT_NOBITS => {
            if opts.relocatable {
                Kind::Regular
            } else {
                Kind::EhFrame
            }
        }
        // GCC marks them SHF_EXCLUDE: an object of objects keeps them, a program does not.
        _ if name.starts_with(b".gnu.lto_") => {
            o.lto = true;
            if opts.relocatable {
                Kind::Regular
            } else {
                Kind::Skip
            }
        }
        _ if s.flags & elf::SHF_EXCLUDE != 0 && !opts.relocatable => {
            o.excluded.push(index);
            Kind::Discarded
        }
        // One table for the whole output is made of all.
        _ if name == b".sframe" && alloc && !opts.relocatable => {
            o.sframes.push(index);
            Kind::Skip
        }
        _ if name.starts_with(b".gnu.debuglto_") && !opts.relocatable => Kind::Skip,
        _ if !alloc && opts.strip_debug && is_debug_name(name) => Kind::Skip,
        _ if !alloc && opts.lines_only && is_debug_name(name) && !is_line_name(name) => Kind::Skip,
        // What it says is read by `symbols::remarks`; it is no part of the output.
        _ if !opts.relocatable
            && (name == b".gnu.warning" || name.starts_with(remarks::WARNING)) =>
        {
            o.warnings.push(index);
            Kind::Skip
        }
        _ => Kind::Regular,
    };
    if h.sh_type == elf::SHT_CREL {
        let packed = o
            .data
            .get(h.offset as usize..(h.offset + h.size) as usize)
            .unwrap_or(&[]);
        let records = crel::decode::<E>(packed).map_err(|err| format!("{}: {err}", at()))?;
        s.ty = records.ty;
        s.size = records.bytes.len() as u64;
        unpacked.spend(s.size)?;
        o.uncompressed.push((index, keep(records.bytes)));
    }
    match s.kind {
        Kind::Skip => return Ok(s),
        Kind::EhFrame | Kind::Property | Kind::Capabilities => o.special.push(index),
        _ => {}
    }
    o.has_ctors |= alloc && is_ctors(name);
    if !alloc || is_kept(name, &s, SHF_MASKOS) {
        o.kept.push(index);
    }
    if alloc && !opts.relocatable && is_function_array(name) {
        // Assemblers of old wrote them read-only; the array of the output never is.
        s.flags |= elf::SHF_WRITE;
    }
    if opts.linkonce && name.starts_with(LINKONCE) {
        o.linkonce.push(index);
    }
    if s.flags & elf::SHF_COMPRESSED != 0 || (!alloc && name.starts_with(b".zdebug")) {
        let contents = o
            .data
            .get(h.offset as usize..(h.offset + h.size) as usize)
            .unwrap_or(&[]);
        let plain = expand::<E>(contents, s.flags & elf::SHF_COMPRESSED != 0, unpacked)
            .map_err(|err| format!("{}: {err}", at()))?;
        s.size = plain.bytes.len() as u64;
        s.align_log2 = plain.align_log2.unwrap_or(s.align_log2);
        s.flags &= !elf::SHF_COMPRESSED;
        o.uncompressed.push((index, keep(plain.bytes)));
    }
    if s.flags & elf::SHF_MERGE != 0
        && s.kind == Kind::Regular
        && opts.merge
        && !opts.relocatable
        && s.flags & elf::SHF_WRITE == 0
        && s.size != 0
        && !s.is_nobits()
    {
        let data = match o.uncompressed.last() {
            Some((i, plain)) if *i == index => plain,
            _ => o
                .data
                .get(h.offset as usize..(h.offset + h.size) as usize)
                .unwrap_or(&[]),
        };
        let kind = MergeKind {
            entsize: s.entsize,
            strings: s.flags & elf::SHF_STRINGS != 0,
        };
        if crate::merge::check(
            kind,
            &MergeInput {
                data,
                align: s.align(),
            },
        )
        .is_ok()
        {
            s.kind = Kind::Merge;
        }
    }
    Ok(s)
}

pub(super) fn read_symbols<'d, E: Elf>(
    o: &mut Object<'d, E>,
    raw: &'d [RawShdr<E>],
    symtab: usize,
) -> Result<(), String> {
    if symtab == 0 {
        return Ok(());
    }
    let Some(h) = raw.get(symtab).map(shdr::<E>) else {
        return Ok(());
    };
    o.symbols = table(o.data, &h, "symbol table")?;
    if u32::try_from(o.symbols.len()).is_err() || h.info as usize > o.symbols.len() {
        return Err(format!(
            "symbol table: first global {} of {} symbols",
            h.info,
            o.symbols.len()
        ));
    }
    o.first_global = h.info.max(u32::from(!o.symbols.is_empty()));
    match raw.get(h.link as usize).map(shdr::<E>) {
        Some(s) if s.sh_type == elf::SHT_STRTAB => {
            o.strtab = table(o.data, &s, "symbol name table")?
        }
        _ => {
            return Err(format!(
                "symbol table: sh_link {} is not a string table",
                h.link
            ));
        }
    }
    for s in raw {
        let s = shdr::<E>(s);
        if s.sh_type == elf::SHT_SYMTAB_SHNDX && s.link as usize == symtab {
            o.xindex = table(o.data, &s, "extended section index table")?;
        }
    }
    Ok(())
}

/// Notes for each section which relocation section applies to it.
pub(super) fn link_relocations<E: Elf>(
    o: &mut Object<'_, E>,
    raw: &[RawShdr<E>],
    symtab: usize,
    warnings: &mut Vec<String>,
) -> Result<(), String> {
    for (i, h) in raw.iter().enumerate() {
        let h = shdr::<E>(h);
        let sh_types = [elf::SHT_RELA, elf::SHT_REL, elf::SHT_CREL];
        if !sh_types.contains(&h.sh_type) {
            continue;
        }
        if h.size == 0 {
            continue;
        }
        if h.link as usize != symtab {
            return Err(format!(
                "relocation section {i}: sh_link {} is not the symbol table",
                h.link
            ));
        }
        let Some(target) = o.sections.get_mut(h.info as usize) else {
            return Err(format!(
                "relocation section {i}: sh_info {} is not a section",
                h.info
            ));
        };
        if target.kind == Kind::Skip {
            continue;
        }
        if target.relocs != 0 {
            warnings.push(format!(
                "section {} has two relocation sections; the second is used",
                h.info
            ));
        }
        if target.is_nobits() {
            return Err(format!(
                "relocation section {i}: section {} has no contents",
                h.info
            ));
        }
        target.relocs = i as u32;
    }
    Ok(())
}

/// Names to intern, and the section groups.
pub(super) fn read_names<'d, E: Elf>(
    o: &mut Object<'d, E>,
    raw: &'d [RawShdr<E>],
) -> Result<Vec<NameRef<'d>>, String> {
    o.has_versioned_names = memchr::memchr(b'@', o.strtab).is_some();
    let globals = o.symbols.get(o.first_global as usize..).unwrap_or(&[]);
    let mut names = Vec::with_capacity(globals.len() + 4);
    let mut budget = Budget::names(o.strtab.len());
    for (i, s) in globals.iter().enumerate() {
        let s = sym::<E>(s);
        if s.bind() == elf::STB_LOCAL {
            return Err(format!(
                "symbol table: symbol {} is local but stands among the global ones (sh_info {})",
                i + o.first_global as usize,
                o.first_global
            ));
        }
        o.has_gnu_symbols |= s.sym_type() == elf::STT_GNU_IFUNC || s.bind() == elf::STB_GNU_UNIQUE;
        let name = string_at(o.strtab, s.name);
        budget.spend(name.len() as u64)?;
        names.push(NameRef {
            hash: hash_name(name),
            name,
        });
    }
    if o.lto {
        // A fat LTO object holds ordinary code too; a slim one only this marker.
        o.slim_lto = names.iter().any(|n| n.name == b"__gnu_lto_slim");
    }
    for (i, h) in raw.iter().enumerate() {
        let h = shdr::<E>(h);
        if h.sh_type != elf::SHT_GROUP {
            continue;
        }
        let words: &[[u8; 4]] = table(o.data, &h, "section group")?;
        let Some((flags, members)) = words.split_first() else {
            return Err(format!("section group {i} is empty"));
        };
        let Some(raw_sym) = o.symbols.get(h.info as usize) else {
            return Err(format!(
                "section group {i}: signature symbol {} does not exist",
                h.info
            ));
        };
        let signature = if h.info >= o.first_global {
            h.info - o.first_global
        } else {
            let s = sym::<E>(raw_sym);
            let mut name = string_at(o.strtab, s.name);
            if s.sym_type() == elf::STT_SECTION
                && name.is_empty()
                && let Some(sec) = o.sections.get(usize::from(s.shndx))
            {
                name = string_at(o.section_names, sec.name);
            }
            budget.spend(name.len() as u64)?;
            names.push(NameRef {
                hash: hash_name(name),
                name,
            });
            names.len() as u32 - 1
        };
        let mut numbers = members.iter().map(word::<E>);
        if let Some(bad) = numbers.find(|m| *m as usize >= o.sections.len()) {
            return Err(format!("section group {i}: member {bad} is not a section"));
        }
        o.groups.push(Group {
            comdat: word::<E>(flags) & elf::GRP_COMDAT != 0,
            signature,
            section: i as u32,
            members,
        });
    }
    Ok(names)
}

/// gABI: flags of which each system has its own; SHF_GNU_RETAIN is one.
const SHF_MASKOS: u32 = 0x0ff0_0000;

/// Whether a section belongs to debugging information, by its name (GNU ld's `-S`).
pub fn is_debug_name(name: &[u8]) -> bool {
    name.starts_with(b".debug")
        || name.starts_with(b".zdebug")
        || name.starts_with(b".stab")
        || name.starts_with(b".gnu.debuglto")
        || name.starts_with(b".line")
        || name == b".gdb_index"
        || name == b".gnu.linkonce.wi."
}

/// The debug sections by which addresses become lines.
pub(super) fn is_line_name(name: &[u8]) -> bool {
    let rest = name.strip_prefix(b".z").or(name.strip_prefix(b"."));
    matches!(
        rest,
        Some(
            b"debug_abbrev"
                | b"debug_addr"
                | b"debug_info"
                | b"debug_line"
                | b"debug_line_str"
                | b"debug_ranges"
                | b"debug_rnglists"
                | b"debug_str"
                | b"debug_str_offsets"
        )
    )
}

/// `.ctors`, `.dtors` and their forms with a priority.
pub fn is_ctors(name: &[u8]) -> bool {
    name.starts_with(b".ctors") || name.starts_with(b".dtors")
}

/// `.init_array`, `.fini_array`, `.preinit_array` and their forms with a priority.
fn is_function_array(name: &[u8]) -> bool {
    [&b".init_array"[..], b".fini_array", b".preinit_array"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// The records of a table section.
pub(in crate::input) fn table<'d, T: object::Pod>(
    data: &'d [u8],
    s: &Shdr,
    what: &str,
) -> Result<&'d [T], String> {
    let n = s.size / size_of::<T>() as u64;
    data.read_slice_at::<T>(s.offset, usize::try_from(n).unwrap_or(usize::MAX))
        .map_err(|()| {
            format!(
                "{what} reaches outside the file (offset {:#x}, {:#x} bytes)",
                s.offset, s.size
            )
        })
}

/// What parsing needs to know of the link.
#[derive(Clone, Copy, Debug)]
pub struct ParseOptions {
    pub machine: u16,
    /// `-r`: SHF_EXCLUDE sections stay, merging is off.
    pub relocatable: bool,
    pub strip_debug: bool,
    /// Of debug sections, only those that line numbers need.
    pub lines_only: bool,
    pub merge: bool,
    /// Also take the legacy name form `.gnu.linkonce.` as COMDAT groups.
    pub linkonce: bool,
}

/// Result of [`parse`]: the object and its names, still to be interned.
pub struct Parsed<'d, E: Elf> {
    pub object: Object<'d, E>,
    pub names: Vec<NameRef<'d>>,
    pub warnings: Vec<String>,
}
