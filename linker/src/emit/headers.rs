//! ELF header, program headers, section header table.
//!
//! gABI, "ELF Header", "Program Header", "Section Header"; more than 65,279 sections are counted in section header 0.

use object::elf;

use super::Image;
use crate::arch::Arch;
use crate::elf::{Elf, PutElf, Shdr};
use crate::layout::output::{Content, OutputSection, Synth};
use crate::options::OutputKind;
use crate::symbols::State;
use crate::synth::sunw_ldynsym::{SHT_SUNW_LDYNSYM, SHT_SUNW_SYMSORT, SHT_SUNW_TLSSORT};
use crate::synth::sunw_syminfo::SHT_SUNW_SYMINFO;

/// Bytes of the ELF and program headers.
pub fn size<A: Arch>(image: &Image<'_, '_, A>) -> u64 {
    (A::Elf::EHDR_SIZE + image.l.segments.len() * A::Elf::PHDR_SIZE) as u64
}

/// The ELF header and the program headers into the start of the file.
pub fn write<A: Arch>(image: &Image<'_, '_, A>, buf: &mut [u8]) {
    let mut out = Vec::with_capacity(1024);
    elf_header(image, &mut out);
    for s in &image.l.segments {
        out.put32::<A::Elf>(s.ty);
        if A::Elf::IS_64 {
            out.put32::<A::Elf>(s.flags);
        }
        let load = s.addr.wrapping_add(s.load_delta);
        for v in [s.offset, s.addr, load, s.filesz, s.memsz] {
            out.put_word::<A::Elf>(v);
        }
        if !A::Elf::IS_64 {
            out.put32::<A::Elf>(s.flags);
        }
        out.put_word::<A::Elf>(s.align);
    }
    let n = out.len().min(buf.len());
    if let (Some(to), Some(from)) = (buf.get_mut(..n), out.get(..n)) {
        to.copy_from_slice(from);
    }
}

pub(super) fn entry<A: Arch>(image: &Image<'_, '_, A>) -> u64 {
    let opts = image.opts;
    let symbols = &image.p.symbols;
    let by_name = |name: &[u8]| {
        symbols
            .interner
            .get(name)
            .filter(|id| symbols.info(*id).state >= State::DefWeak)
            .map(|id| image.l.values.global(id))
    };
    match &image.l.entry {
        Some(name) => match by_name(name) {
            Some(at) => at,
            // `-e 0x1000` is an address.
            None => crate::script::parse_number(name).unwrap_or(0),
        },
        // GNU ld warns (so did we) and starts at the first byte of `.text`.
        None if opts.kind.is_executable() => by_name(b"_start")
            // What GNU ld looks for when a script has no ENTRY.
            .or_else(|| image.l.scripted.then(|| by_name(b"start")).flatten())
            .or_else(|| image.l.section(b".text").map(|s| s.addr))
            .unwrap_or(0),
        None => by_name(b"_start").unwrap_or(0),
    }
}

fn elf_header<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    let l = image.l;
    let sections = !image.opts.z.nosectionheader;
    let count = l.outputs.len() as u64 + 1;
    out.extend_from_slice(b"\x7fELF");
    out.put8(if A::Elf::IS_64 {
        elf::ELFCLASS64
    } else {
        elf::ELFCLASS32
    });
    out.put8(if A::Elf::BIG_ENDIAN {
        elf::ELFDATA2MSB
    } else {
        elf::ELFDATA2LSB
    });
    out.put8(elf::EV_CURRENT);
    out.put8(osabi(image));
    out.put8(image.l.rules.abi_version);
    out.resize(16, 0);
    out.put16::<A::Elf>(match image.opts.kind {
        OutputKind::Executable => elf::ET_EXEC,
        OutputKind::Pie | OutputKind::Shared => elf::ET_DYN,
        OutputKind::Relocatable => elf::ET_REL,
    });
    out.put16::<A::Elf>(A::MACHINE);
    out.put32::<A::Elf>(u32::from(elf::EV_CURRENT));
    out.put_word::<A::Elf>(entry(image));
    out.put_word::<A::Elf>(if l.segments.is_empty() {
        0
    } else {
        A::Elf::EHDR_SIZE as u64
    });
    out.put_word::<A::Elf>(if sections {
        l.section_headers_offset
    } else {
        0
    });
    out.put32::<A::Elf>(image.p.objects.first().map_or(0, |o| o.e_flags));
    out.put16::<A::Elf>(A::Elf::EHDR_SIZE as u16);
    out.put16::<A::Elf>(if l.segments.is_empty() {
        0
    } else {
        A::Elf::PHDR_SIZE as u16
    });
    out.put16::<A::Elf>(l.segments.len() as u16);
    out.put16::<A::Elf>(if sections {
        A::Elf::SHDR_SIZE as u16
    } else {
        0
    });
    let many = count >= u64::from(elf::SHN_LORESERVE);
    let names = l.section_number(Synth::Shstrtab);
    if !sections {
        out.put16::<A::Elf>(0);
        out.put16::<A::Elf>(0);
        return;
    }
    out.put16::<A::Elf>(if many { 0 } else { count as u16 });
    out.put16::<A::Elf>(
        u16::try_from(names)
            .ok()
            .filter(|n| *n < elf::SHN_LORESERVE)
            .unwrap_or(elf::SHN_XINDEX),
    );
}

/// GNU when the file has IFUNC or unique symbols that a loader must know; else what the platform says.
fn osabi<A: Arch>(image: &Image<'_, '_, A>) -> u8 {
    let any = image.p.objects.iter().any(|o| o.has_gnu_symbols);
    let special = any
        && image.p.symbols.info.iter().any(|i| {
            i.state >= State::DefWeak
                && i.file
                    .as_object()
                    .and_then(|f| image.p.objects.get(f))
                    .filter(|o| o.has_gnu_symbols)
                    .is_some_and(|o| {
                        let s = o.symbol(i.sym);
                        s.sym_type() == elf::STT_GNU_IFUNC
                            || s.bind() == elf::STB_GNU_UNIQUE && !image.opts.no_gnu_unique
                    })
        });
    let special = special || image.l.irelative_count > 0;
    if special {
        image.l.rules.osabi_gnu
    } else {
        image.l.rules.osabi
    }
}

/// The section header table.
pub fn write_sections<A: Arch>(image: &Image<'_, '_, A>, buf: &mut [u8]) {
    let l = image.l;
    let mut out = Vec::with_capacity(buf.len());
    let count = l.outputs.len() as u64 + 1;
    let names = l.section_number(Synth::Shstrtab);
    let many = count >= u64::from(elf::SHN_LORESERVE);
    let first = Shdr {
        size: if many { count } else { 0 },
        link: if names >= u32::from(elf::SHN_LORESERVE) {
            names
        } else {
            0
        },
        ..Shdr::default()
    };
    put_shdr::<A::Elf>(&first, &mut out);
    for (s, name) in l.outputs.iter().zip(&l.section_names) {
        let (link, info) = links(image, s);
        let flags = s.flags & !u64::from(elf::SHF_GROUP);
        let h = Shdr {
            name: *name,
            sh_type: s.ty,
            flags: if s.link_order.is_some() && link != 0 {
                flags | u64::from(elf::SHF_LINK_ORDER)
            } else {
                flags
            },
            addr: s.addr,
            offset: s.offset,
            size: s.size,
            link,
            info,
            align: s.align,
            entsize: s.entsize,
        };
        put_shdr::<A::Elf>(&h, &mut out);
    }
    let n = out.len().min(buf.len());
    if let (Some(to), Some(from)) = (buf.get_mut(..n), out.get(..n)) {
        to.copy_from_slice(from);
    }
}

/// The table of the linker's own that a section of a table's type holds.
fn own_table(s: &OutputSection<'_>) -> Option<Synth> {
    let table = matches!(
        s.ty,
        elf::SHT_GNU_HASH
            | elf::SHT_HASH
            | elf::SHT_GNU_VERSYM
            | elf::SHT_GNU_VERDEF
            | elf::SHT_GNU_VERNEED
            | elf::SHT_RELA
            | elf::SHT_DYNSYM
            | elf::SHT_DYNAMIC
    );
    s.pieces
        .iter()
        .filter(|_| table)
        .find_map(|p| match p.content {
            Content::Synth(what) => Some(what),
            _ => None,
        })
}

/// sh_link and sh_info (gABI, figure "sh_link and sh_info Interpretation").
fn links<A: Arch>(image: &Image<'_, '_, A>, s: &OutputSection<'_>) -> (u32, u32) {
    let l = image.l;
    let number = |what| l.section_number(what);
    let named = |name: &[u8]| {
        l.outputs
            .iter()
            .position(|o| o.name == name)
            .map_or(0, |i| i as u32 + 1)
    };
    if let Some(of) = s.relocs_of {
        return (named(b".symtab"), of + 1);
    }
    match s.ty {
        elf::SHT_GNU_VERSYM => return (number(Synth::DynSym), 0),
        elf::SHT_GNU_VERDEF => return (number(Synth::DynStr), l.dynsym.verdef_count),
        elf::SHT_GNU_VERNEED => return (number(Synth::DynStr), l.dynsym.verneed_count),
        SHT_SUNW_LDYNSYM => return (number(Synth::DynStr), l.dynsym.local.count() as u32),
        SHT_SUNW_SYMSORT | SHT_SUNW_TLSSORT => return (number(Synth::SunwLdynsym), 0),
        SHT_SUNW_SYMINFO => return (number(Synth::DynSym), number(Synth::Dynamic)),
        _ => {}
    }
    match s.name {
        b".dynsym" => (number(Synth::DynStr), 1 + l.dynsym.own_tls()),
        b".gnu.hash" | b".hash" => (number(Synth::DynSym), 0),
        b".rela.dyn" => (number(Synth::DynSym), 0),
        b".rela.plt" => (number(Synth::DynSym), number(Synth::GotPlt)),
        b".dynamic" => (number(Synth::DynStr), 0),
        b".symtab" => (named(b".strtab"), s.info),
        b".SUNW_cap" if !l.dynsym.strings.capabilities.is_empty() => (0, number(Synth::DynStr)),
        // A script may call them otherwise.
        _ if image.l.scripted
            && let Some(what) = own_table(s) =>
        {
            match what {
                Synth::GnuHash
                | Synth::SysvHash
                | Synth::VerSym
                | Synth::RelaDyn
                | Synth::RelaPlt => (number(Synth::DynSym), 0),
                Synth::DynSym => (number(Synth::DynStr), 1),
                _ => (number(Synth::DynStr), 0),
            }
        }
        _ => match s.link_order {
            Some(to) => (
                l.output_at(l.values.section(to), false)
                    .map_or(0, |i| i as u32 + 1),
                0,
            ),
            None => (0, 0),
        },
    }
}

/// One section header.
pub fn put_shdr<E: Elf>(h: &Shdr, out: &mut Vec<u8>) {
    out.put32::<E>(h.name);
    out.put32::<E>(h.sh_type);
    out.put_word::<E>(h.flags);
    out.put_word::<E>(h.addr);
    out.put_word::<E>(h.offset);
    out.put_word::<E>(h.size);
    out.put32::<E>(h.link);
    out.put32::<E>(h.info);
    out.put_word::<E>(h.align);
    out.put_word::<E>(h.entsize);
}
