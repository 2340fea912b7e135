//! The dynamic section and the dynamic relocations of one file: would the run-time linker get what it expects?

use std::collections::HashMap;

use object::elf;

use super::image::{Image, Place, Segment, Symbol};
use super::relocs::{self, Reloc, Table};
use super::versions::Versions;
use super::{Findings, hash, names};

pub fn check(image: &Image, found: &mut Findings) {
    if !image.dynamic.is_empty() {
        tags(image, found);
        addresses(image, found);
        hash::check(image, found);
        versions(image, found);
        dynsym(image, found);
    }
    relocations(image, found);
}

fn tags(image: &Image, found: &mut Findings) {
    if let Some(s) = image.segment(elf::PT_DYNAMIC) {
        let slots = s.filesz / (2 * image.word_size());
        found.need(slots > image.dynamic.len() as u64, "dynamic-end", || {
            "no DT_NULL at the end".into()
        });
    }
    let many = [
        elf::DT_NEEDED,
        // DT_POSFLAG_1 before a DT_NEEDED, DT_SUNW_AUXILIARY, DT_SUNW_FILTER.
        0x6fff_fdfd,
        0x6000_000d,
        0x6000_000f,
        elf::DT_AUXILIARY,
        elf::DT_FILTER,
        0x6fff_fefc,
        0x6fff_fefb,
    ];
    let mut seen = Vec::new();
    for (tag, _) in &image.dynamic {
        if many.iter().any(|m| u64::from(*m) == *tag) {
            continue;
        }
        found.need(!seen.contains(tag), "dynamic-twice", || {
            format!("DT_{} stands twice", names::tag(*tag))
        });
        seen.push(*tag);
    }
    // Tags that mean nothing without the other.
    for (a, b) in [
        (elf::DT_RELA, elf::DT_RELASZ),
        (elf::DT_RELA, elf::DT_RELAENT),
        (elf::DT_JMPREL, elf::DT_PLTRELSZ),
        (elf::DT_JMPREL, elf::DT_PLTREL),
        (elf::DT_INIT_ARRAY, elf::DT_INIT_ARRAYSZ),
        (elf::DT_FINI_ARRAY, elf::DT_FINI_ARRAYSZ),
        (elf::DT_PREINIT_ARRAY, elf::DT_PREINIT_ARRAYSZ),
        (elf::DT_VERNEED, elf::DT_VERNEEDNUM),
        (elf::DT_VERDEF, elf::DT_VERDEFNUM),
        (elf::DT_STRTAB, elf::DT_STRSZ),
        (elf::DT_SYMTAB, elf::DT_SYMENT),
        (36, 35),
        (36, 37),
    ] {
        found.need(
            image.tag(a).is_some() == image.tag(b).is_some(),
            "dynamic-pair",
            || {
                format!(
                    "only one of DT_{} and DT_{}",
                    names::tag(a.into()),
                    names::tag(b.into())
                )
            },
        );
    }
    for tag in [
        elf::DT_STRTAB,
        elf::DT_SYMTAB,
        elf::DT_STRSZ,
        elf::DT_SYMENT,
    ] {
        found.need(image.tag(tag).is_some(), "dynamic-missing", || {
            format!("no DT_{}", names::tag(tag.into()))
        });
    }
    let entry = |tag, size: u64| image.tag(tag).is_none_or(|v| v == size);
    let word = image.word_size();
    found.need(entry(elf::DT_RELAENT, 3 * word), "dynamic-entsize", || {
        "DT_RELAENT".into()
    });
    found.need(
        entry(elf::DT_SYMENT, if image.is64 { 24 } else { 16 }),
        "dynamic-entsize",
        || "DT_SYMENT".into(),
    );
    found.need(entry(37, word), "dynamic-entsize", || "DT_RELRENT".into());
    for tag in [
        elf::DT_NEEDED,
        elf::DT_SONAME,
        elf::DT_RPATH,
        elf::DT_RUNPATH,
    ] {
        for (n, text) in image.tags(tag).zip(image.dyn_strings(tag)) {
            let inside = image.tag(elf::DT_STRSZ).is_some_and(|size| n < size);
            found.need(inside && text != "?", "dynamic-string", || {
                format!("DT_{} {n:#x} is no text", names::tag(tag.into()))
            });
        }
    }
    let flags = image.tag(elf::DT_FLAGS_1).unwrap_or(0);
    if flags & u64::from(elf::DF_1_PIE) != 0 {
        found.need(image.etype == elf::ET_DYN, "dynamic-pie", || {
            "DF_1_PIE in a file that is not ET_DYN".into()
        });
    }
}

/// Each address tag must name a section of the right kind, from its start, with its size.
fn addresses(image: &Image, found: &mut Findings) {
    let table: &[(u32, Option<u32>, u32)] = &[
        (elf::DT_HASH, None, elf::SHT_HASH),
        (elf::DT_GNU_HASH, None, elf::SHT_GNU_HASH),
        (elf::DT_STRTAB, Some(elf::DT_STRSZ), elf::SHT_STRTAB),
        (elf::DT_SYMTAB, None, elf::SHT_DYNSYM),
        (
            elf::DT_INIT_ARRAY,
            Some(elf::DT_INIT_ARRAYSZ),
            elf::SHT_INIT_ARRAY,
        ),
        (
            elf::DT_FINI_ARRAY,
            Some(elf::DT_FINI_ARRAYSZ),
            elf::SHT_FINI_ARRAY,
        ),
        (
            elf::DT_PREINIT_ARRAY,
            Some(elf::DT_PREINIT_ARRAYSZ),
            elf::SHT_PREINIT_ARRAY,
        ),
        (elf::DT_VERSYM, None, elf::SHT_GNU_VERSYM),
        (elf::DT_VERNEED, None, elf::SHT_GNU_VERNEED),
        (elf::DT_VERDEF, None, elf::SHT_GNU_VERDEF),
        (elf::DT_JMPREL, Some(elf::DT_PLTRELSZ), elf::SHT_RELA),
        (36, Some(35), 19),
    ];
    for (tag, size_tag, kind) in table {
        let Some(at) = image.tag(*tag) else { continue };
        let name = names::tag(u64::from(*tag));
        let size = size_tag.and_then(|t| image.tag(t));
        if size == Some(0) {
            continue;
        }
        found.need(image.offset_of(at).is_some(), "dynamic-address", || {
            format!("DT_{name} {at:#x} is not in the file")
        });
        let here = image
            .sections
            .iter()
            .find(|s| s.alloc() && s.addr == at && s.kind == *kind);
        if image.sections.len() <= 1 {
            continue;
        }
        let Some(section) = here else {
            let inside =
                *tag == elf::DT_JMPREL && image.section_at(at).is_some_and(|s| s.kind == *kind);
            found.need(inside, "dynamic-address", || {
                format!(
                    "DT_{name} {at:#x} is the start of no {} section",
                    names::section_kind(*kind)
                )
            });
            continue;
        };
        if let Some(size) = size {
            found.need(size == section.size, "dynamic-size", || {
                format!(
                    "DT_{name}: size {size:#x}, {} has {:#x}",
                    section.name, section.size
                )
            });
        }
    }
    for tag in [elf::DT_INIT, elf::DT_FINI] {
        if let Some(at) = image.tag(tag) {
            let ok = image.load_at(at).is_some_and(Segment::executable);
            found.need(ok, "dynamic-address", || {
                format!("DT_{} {at:#x} is not code", names::tag(tag.into()))
            });
        }
    }
    if let (Some(at), Some(size)) = (image.tag(elf::DT_RELA), image.tag(elf::DT_RELASZ)) {
        let start = image.offset_of(at);
        let end = size.checked_sub(1).and_then(|s| image.offset_of(at + s));
        found.need(
            size == 0 || start.is_some() && end.is_some(),
            "dynamic-address",
            || format!("DT_RELA {at:#x}+{size:#x} is not in the file"),
        );
        found.need(size % (3 * image.word_size()) == 0, "dynamic-size", || {
            format!("DT_RELASZ {size:#x} is no number of records")
        });
    }
    if let Some(at) = image.tag(elf::DT_PLTGOT)
        && image.machine == elf::EM_X86_64
    {
        found.need(
            image.load_at(at).is_some_and(Segment::writable),
            "dynamic-address",
            || format!("DT_PLTGOT {at:#x} is not writable memory"),
        );
    }
}

fn versions(image: &Image, found: &mut Findings) {
    let v = Versions::read(image);
    for e in &v.errors {
        found.add("version", e.clone());
    }
    let needed = image.dyn_strings(elf::DT_NEEDED);
    for n in &v.needed {
        found.need(hash::sysv(&n.version) == n.hash, "version-hash", || {
            format!("{}: wrong hash", n.version)
        });
        found.need(needed.contains(&n.file), "version-file", || {
            format!(
                "{} is needed of {}, which is not DT_NEEDED",
                n.version, n.file
            )
        });
        found.need(n.index > 1, "version-index", || {
            format!("{} has index {}", n.version, n.index)
        });
    }
    for d in &v.defined {
        found.need(hash::sysv(&d.version) == d.hash, "version-hash", || {
            format!("{}: wrong hash", d.version)
        });
        for p in &d.parents {
            found.need(
                v.defined.iter().any(|x| x.version == *p),
                "version-parent",
                || format!("{}: parent {p} is not defined", d.version),
            );
        }
    }
    let mut indices: Vec<u16> = v.needed.iter().map(|n| n.index).collect();
    indices.extend(v.defined.iter().map(|d| d.index));
    indices.sort_unstable();
    for pair in indices.windows(2) {
        if let [a, b] = pair {
            found.need(a != b, "version-index", || {
                format!("index {a} is used twice")
            });
        }
    }
    if let Some(base) = v.defined.iter().find(|d| d.flags & elf::VER_FLG_BASE != 0) {
        found.need(base.index == 1, "version-base", || {
            format!("the base version has index {}", base.index)
        });
        if let Some(soname) = image.dyn_strings(elf::DT_SONAME).first() {
            found.need(*soname == base.version, "version-base", || {
                format!("the base version is {}, the soname {soname}", base.version)
            });
        }
    }
    for (symbol, raw) in image.dynsym.iter().zip(&v.symbols) {
        let number = raw & 0x7fff;
        let known = number < 2 || indices.binary_search(&number).is_ok();
        found.need(known, "version-index", || {
            format!("{}: version {number} does not exist", symbol.name)
        });
    }
    let versioned = !v.needed.is_empty() || !v.defined.is_empty();
    found.need(!versioned || !v.symbols.is_empty(), "version", || {
        "versions but no DT_VERSYM".into()
    });
}

fn dynsym(image: &Image, found: &mut Findings) {
    let first = image.dynsym.first();
    let null = first.is_none_or(|s| s.name.is_empty() && s.value == 0 && !s.defined());
    found.need(null, "dynsym-null", || {
        "the first dynamic symbol is not empty".into()
    });
    let table = image.sections.iter().find(|s| s.kind == elf::SHT_DYNSYM);
    if let Some(table) = table {
        let first_global = image.dynsym.iter().skip(1).position(|s| !s.local());
        let first_global = first_global.map_or(image.dynsym.len(), |p| p + 1);
        found.need(table.info as usize == first_global, "dynsym-info", || {
            format!(
                "sh_info is {}, the first global is {first_global}",
                table.info
            )
        });
    }
    let tls_size = image.segment(elf::PT_TLS).map_or(0, |t| t.memsz);
    let symtab: HashMap<&str, &Symbol> = image
        .symtab
        .iter()
        .filter(|s| !s.local())
        .map(|s| (s.name.as_str(), s))
        .collect();
    for s in image.dynsym.iter().skip(1) {
        found.need(s.local() || !s.name.is_empty(), "dynsym-name", || {
            "a nameless global".into()
        });
        let exported =
            !s.defined() || s.visibility != elf::STV_HIDDEN && s.visibility != elf::STV_INTERNAL;
        found.need(exported || s.local(), "dynsym-hidden", || {
            format!("{} is hidden but exported", s.name)
        });
        if let Place::Section(n) = s.place {
            found.need(
                image.sections.len() <= 1 || n < image.sections.len(),
                "dynsym-section",
                || format!("{}: no section {n}", s.name),
            );
            let inside = match s.kind {
                elf::STT_TLS => s.value.saturating_add(s.size) <= tls_size,
                elf::STT_SECTION => true,
                _ => image.loads().any(|l| l.holds(s.value, s.size)),
            };
            found.need(inside, "dynsym-value", || {
                format!("{} at {:#x} is outside of the image", s.name, s.value)
            });
        }
        // One name, one meaning: .symtab must not say otherwise, unless several versions share the name.
        if !s.local()
            && s.defined()
            && image.tag(elf::DT_VERDEF).is_none()
            && let Some(o) = symtab.get(s.name.as_str())
        {
            let same = o.value == s.value && o.size == s.size;
            found.need(same, "dynsym-symtab", || {
                format!("{}: .dynsym {:#x}, .symtab {:#x}", s.name, s.value, o.value)
            });
        }
    }
}

fn relocations(image: &Image, found: &mut Findings) {
    let all = relocs::all(image);
    let relative = relocs::relative_kind(image.machine);
    let mut leading = 0;
    let mut counting = true;
    let mut read_only = false;
    let mut places: Vec<u64> = Vec::new();
    for r in &all {
        let what = || {
            let name = image.dynsym.get(r.symbol as usize).map(|s| s.name.as_str());
            format!(
                "{} at {:#x} ({})",
                names::reloc(image.machine, r.kind),
                r.offset,
                name.unwrap_or("")
            )
        };
        if r.table == Table::Main {
            counting &= r.kind == relative;
            leading += u64::from(counting);
        }
        places.push(r.offset);
        let known = r.symbol == 0 || (r.symbol as usize) < image.dynsym.len();
        found.need(known, "reloc-symbol", || {
            format!("{}: no such symbol", what())
        });
        match image.load_at(r.offset) {
            None => found.add("reloc-place", format!("{}: outside of the image", what())),
            Some(l) => read_only |= !l.writable(),
        }
        if image.machine == elf::EM_X86_64 {
            x86_64(image, r, found, &what);
        }
    }
    if let Some(n) = image.tag(elf::DT_RELACOUNT) {
        found.need(n == leading, "reloc-count", || {
            format!("DT_RELACOUNT is {n}, the table starts with {leading} relative relocations")
        });
    }
    match relocs::relr(image) {
        Ok(list) => {
            for at in &list {
                let ok = image.load_at(*at).is_some_and(Segment::writable) && at % 2 == 0;
                found.need(ok, "reloc-place", || {
                    format!("DT_RELR: {at:#x} cannot be relocated")
                });
                let to = image.word_at(*at);
                found.need(
                    to.is_some_and(|t| in_image(image, t)),
                    "reloc-target",
                    || format!("DT_RELR: {at:#x} points outside of the image ({to:x?})"),
                );
            }
            found.need(list.windows(2).all(|p| p[0] < p[1]), "reloc-order", || {
                "DT_RELR is not ascending".into()
            });
            places.extend(list);
        }
        Err(e) => found.add("reloc-relr", e),
    }
    places.sort_unstable();
    for pair in places.windows(2) {
        if let [a, b] = pair {
            found.need(a != b, "reloc-twice", || {
                format!("two relocations at {a:#x}")
            });
        }
    }
    let textrel = image.tag(elf::DT_TEXTREL).is_some()
        || image.tag(elf::DT_FLAGS).unwrap_or(0) & u64::from(elf::DF_TEXTREL) != 0;
    found.need(read_only == textrel, "reloc-textrel", || {
        format!("relocations in read-only segments: {read_only}, announced: {textrel}")
    });
}

/// One past the end counts: C allows such pointers.
fn in_image(image: &Image, vaddr: u64) -> bool {
    image.loads().any(|l| vaddr >= l.vaddr && vaddr <= l.end())
}

fn x86_64(image: &Image, r: &Reloc, found: &mut Findings, what: &dyn Fn() -> String) {
    let symbol = image
        .dynsym
        .get(r.symbol as usize)
        .filter(|_| r.symbol != 0);
    match r.kind {
        elf::R_X86_64_RELATIVE => {
            found.need(r.symbol == 0, "reloc-symbol", || {
                format!("{}: has a symbol", what())
            });
            found.need(in_image(image, r.addend as u64), "reloc-target", || {
                format!("{}: {:#x} is outside of the image", what(), r.addend)
            });
        }
        elf::R_X86_64_IRELATIVE => {
            let code = image
                .load_at(r.addend as u64)
                .is_some_and(Segment::executable);
            found.need(code, "reloc-target", || {
                format!("{}: resolver is not code", what())
            });
        }
        elf::R_X86_64_COPY => {
            let ok = symbol.is_some_and(|s| s.defined() && s.value == r.offset && s.size > 0);
            found.need(ok, "reloc-copy", || {
                format!("{}: the symbol is not defined at that place", what())
            });
            found.need(
                image.etype == elf::ET_EXEC || image.segment(elf::PT_INTERP).is_some(),
                "reloc-copy",
                || format!("{}: not in a program", what()),
            );
        }
        elf::R_X86_64_GLOB_DAT | elf::R_X86_64_JUMP_SLOT => {
            found.need(symbol.is_some(), "reloc-symbol", || {
                format!("{}: no symbol", what())
            });
            if r.kind == elf::R_X86_64_JUMP_SLOT {
                found.need(r.table == Table::Plt, "reloc-table", || {
                    format!("{}: not in DT_JMPREL", what())
                });
            }
        }
        elf::R_X86_64_64
        | elf::R_X86_64_DTPMOD64
        | elf::R_X86_64_DTPOFF64
        | elf::R_X86_64_TPOFF64
        | elf::R_X86_64_TLSDESC => {}
        elf::R_X86_64_PC32 | elf::R_X86_64_PC64 | elf::R_X86_64_32 | elf::R_X86_64_SIZE64 => {
            found.add(
                "reloc-kind",
                format!("{}: slow or unsafe at run time", what()),
            );
        }
        _ => found.add(
            "reloc-kind",
            format!("{}: not a dynamic relocation", what()),
        ),
    }
    let shared = image.tag(elf::DT_FLAGS_1).unwrap_or(0) & u64::from(elf::DF_1_PIE) == 0
        && image.etype == elf::ET_DYN;
    if r.kind == elf::R_X86_64_TPOFF64 && shared {
        let flags = image.tag(elf::DT_FLAGS).unwrap_or(0);
        found.need(
            flags & u64::from(elf::DF_STATIC_TLS) != 0,
            "reloc-static-tls",
            || format!("{}: initial-exec TLS without DF_STATIC_TLS", what()),
        );
    }
}
