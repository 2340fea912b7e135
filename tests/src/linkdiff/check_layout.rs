//! Headers, segments, sections and `.symtab` of one file: would a kernel map it, would tools read it?

use object::elf;

use super::image::{Image, Place, Section, Segment};
use super::{Findings, names};

/// The smallest page of the machine: what mmap can protect separately.
const PAGE: u64 = 4096;

pub fn check(image: &Image, found: &mut Findings) {
    file_header(image, found);
    if image.is_linked() {
        loads(image, found);
        special_segments(image, found);
        relro(image, found);
        sections_in_segments(image, found);
        entry(image, found);
    }
    section_links(image, found);
    symtab(image, found);
}

fn file_header(image: &Image, found: &mut Findings) {
    let len = image.data.len() as u64;
    let (phsize, ehsize) = if image.is64 { (56, 64) } else { (32, 52) };
    if image.is_linked() {
        found.need(image.phentsize == phsize, "ehdr", || {
            format!("e_phentsize is {}", image.phentsize)
        });
        found.need(image.phoff >= ehsize, "ehdr", || {
            "e_phoff points into the file header".into()
        });
        found.need(!image.segments.is_empty(), "ehdr", || {
            "no program headers".into()
        });
    }
    let end = image.phoff + u64::from(image.phentsize) * image.segments.len() as u64;
    found.need(end <= len, "ehdr", || {
        "program headers leave the file".into()
    });
    found.need(
        image.shoff.is_multiple_of(image.word_size()),
        "ehdr",
        || format!("e_shoff {:#x} is not aligned", image.shoff),
    );
    let shsize = if image.is64 { 64 } else { 40 };
    let end = image.shoff + shsize * image.sections.len() as u64;
    found.need(end <= len, "ehdr", || {
        "section headers leave the file".into()
    });
}

fn page_down(a: u64) -> u64 {
    a & !(PAGE - 1)
}
fn page_up(a: u64) -> u64 {
    page_down(a.saturating_add(PAGE - 1))
}

fn loads(image: &Image, found: &mut Findings) {
    let len = image.data.len() as u64;
    for s in &image.segments {
        let what = || format!("{} at {:#x}", names::segment(s.kind), s.vaddr);
        found.need(s.filesz <= s.memsz || s.memsz == 0, "segment-size", || {
            format!("{}: p_filesz > p_memsz", what())
        });
        found.need(
            s.filesz == 0 || s.offset.checked_add(s.filesz).is_some_and(|e| e <= len),
            "segment-file",
            || format!("{} leaves the file", what()),
        );
        let align_ok = s.align == 0 || s.align.is_power_of_two();
        found.need(align_ok, "segment-align", || {
            format!("{}: p_align {:#x} is no power of two", what(), s.align)
        });
        if s.kind == elf::PT_LOAD && align_ok && s.align > 1 {
            found.need(
                s.offset % s.align == s.vaddr % s.align,
                "segment-congruent",
                || format!("{}: offset {:#x} is not congruent", what(), s.offset),
            );
            found.need(s.align >= PAGE, "segment-align", || {
                format!("{}: p_align {:#x} is less than a page", what(), s.align)
            });
        }
        if s.kind == elf::PT_LOAD {
            found.need(!(s.writable() && s.executable()), "segment-wx", || {
                format!("{} is writable and executable", what())
            });
            found.need(s.memsz > 0, "segment-empty", || {
                format!("{} is empty", what())
            });
        }
    }
    let loads: Vec<&Segment> = image.loads().collect();
    found.need(!loads.is_empty(), "segment-none", || "no PT_LOAD".into());
    for pair in loads.windows(2) {
        let [a, b] = pair else { continue };
        found.need(a.vaddr < b.vaddr, "segment-order", || {
            format!(
                "PT_LOADs at {:#x} and {:#x} are not ascending",
                a.vaddr, b.vaddr
            )
        });
        found.need(
            page_up(a.end()) <= page_down(b.vaddr),
            "segment-overlap",
            || format!("PT_LOADs share the page at {:#x}", page_down(b.vaddr)),
        );
    }
    let executable = loads.iter().any(|s| s.executable());
    let code = image
        .sections
        .iter()
        .any(|s| s.alloc() && s.flags & 4 != 0 && s.size > 0);
    found.need(executable || !code, "segment-flags", || {
        "code but no executable segment".into()
    });
}

fn special_segments(image: &Image, found: &mut Findings) {
    for kind in [
        elf::PT_PHDR,
        elf::PT_INTERP,
        elf::PT_DYNAMIC,
        elf::PT_TLS,
        elf::PT_GNU_RELRO,
        elf::PT_GNU_EH_FRAME,
        elf::PT_GNU_STACK,
    ] {
        let n = image.segments_of(kind).count();
        found.need(n <= 1, "segment-twice", || {
            format!("{n} {} segments", names::segment(kind))
        });
    }
    let position = |kind| image.segments.iter().position(|s| s.kind == kind);
    let first_load = position(elf::PT_LOAD).unwrap_or(usize::MAX);
    for kind in [elf::PT_PHDR, elf::PT_INTERP] {
        found.need(
            position(kind).is_none_or(|p| p < first_load),
            "segment-order",
            || format!("{} comes after a PT_LOAD", names::segment(kind)),
        );
    }
    if let Some(s) = image.segment(elf::PT_PHDR) {
        found.need(
            image.segment(elf::PT_INTERP).is_some(),
            "phdr-without-interp",
            || "PT_PHDR without PT_INTERP".into(),
        );
        let size = u64::from(image.phentsize) * image.segments.len() as u64;
        let right = s.offset == image.phoff && s.filesz == size && s.memsz == size;
        found.need(right, "phdr", || {
            "PT_PHDR does not cover the program headers".into()
        });
        found.need(image.offset_of(s.vaddr) == Some(s.offset), "phdr", || {
            "PT_PHDR is not at its place in a PT_LOAD".into()
        });
    }
    if let Some(s) = image.segment(elf::PT_INTERP) {
        let text = image.text(s.offset);
        found.need(
            text.is_some_and(|t| t.len() as u64 + 1 == s.filesz),
            "interp",
            || "PT_INTERP is not one NUL-terminated text".into(),
        );
    }
    for (kind, section) in [
        (elf::PT_DYNAMIC, ".dynamic"),
        (elf::PT_GNU_EH_FRAME, ".eh_frame_hdr"),
        (elf::PT_INTERP, ".interp"),
    ] {
        let (Some(s), Some(section)) = (image.segment(kind), image.section(section)) else {
            continue;
        };
        found.need(
            s.vaddr == section.addr && s.memsz == section.size && s.offset == section.offset,
            "segment-section",
            || format!("{} and {} differ", names::segment(kind), section.name),
        );
    }
    for s in image.segments.iter().filter(|s| {
        s.memsz > 0 && ![elf::PT_LOAD, elf::PT_GNU_STACK].contains(&s.kind) && s.vaddr != 0
    }) {
        let inside = image.loads().any(|l| l.holds(s.vaddr, s.filesz.max(1)))
            || s.kind == elf::PT_TLS && s.filesz == 0;
        found.need(inside, "segment-outside", || {
            format!(
                "{} at {:#x} is in no PT_LOAD",
                names::segment(s.kind),
                s.vaddr
            )
        });
    }
    tls(image, found);
}

fn tls(image: &Image, found: &mut Findings) {
    let mut parts: Vec<&Section> = image
        .sections
        .iter()
        .filter(|s| s.tls() && s.alloc() && s.size > 0)
        .collect();
    parts.sort_by_key(|s| (s.addr, s.nobits()));
    let Some(t) = image.segment(elf::PT_TLS) else {
        return found.need(parts.is_empty(), "tls", || {
            "thread-local sections but no PT_TLS".into()
        });
    };
    if t.align > 1 {
        found.need(t.vaddr % t.align == 0, "tls", || {
            format!("PT_TLS at {:#x} is not aligned to {:#x}", t.vaddr, t.align)
        });
    }
    for s in &parts {
        found.need(s.addr >= t.vaddr && s.end() <= t.end(), "tls", || {
            format!("{} is outside of PT_TLS", s.name)
        });
        found.need(s.align <= t.align.max(1), "tls", || {
            format!(
                "{} is aligned to {}, PT_TLS to {}",
                s.name, s.align, t.align
            )
        });
    }
    let file_end = parts.iter().filter(|s| !s.nobits()).map(|s| s.end()).max();
    if let Some(end) = file_end {
        found.need(end == t.vaddr + t.filesz, "tls", || {
            "PT_TLS's p_filesz does not end with the initialised data".into()
        });
    }
}

/// The run-time linker protects whole pages: from the page of the start to the last page that ends inside.
fn relro(image: &Image, found: &mut Findings) {
    let Some(r) = image.segment(elf::PT_GNU_RELRO) else {
        return;
    };
    let Some(load) = image.loads().find(|l| l.holds(r.vaddr, r.memsz.max(1))) else {
        return found.add("relro", "PT_GNU_RELRO is in no PT_LOAD");
    };
    found.need(load.writable(), "relro", || {
        "PT_GNU_RELRO is in a read-only PT_LOAD".into()
    });
    let (start, end) = (page_down(r.vaddr), page_down(r.end()));
    found.need(r.end() == end || r.end() == load.end(), "relro-end", || {
        format!(
            "PT_GNU_RELRO ends at {:#x}, inside a page: its tail stays writable",
            r.end()
        )
    });
    for s in image
        .sections
        .iter()
        .filter(|s| s.takes_memory() && s.size > 0)
    {
        let touches = s.addr < end && s.end() > start && s.flags & 1 != 0;
        // With lazy binding GNU ld ends the area behind the three words of .got.plt that never change.
        let header = s.name == ".got.plt" && end <= s.addr + 3 * image.word_size();
        let inside = s.addr >= r.vaddr && s.end() <= r.end() || header;
        found.need(!touches || inside, "relro", || {
            format!("{} is made read-only in part", s.name)
        });
        let must_write = [".data", ".bss", ".tm_clone_table"].contains(&s.name.as_str());
        found.need(!(touches && must_write), "relro", || {
            format!("{} would be read-only", s.name)
        });
    }
}

fn sections_in_segments(image: &Image, found: &mut Findings) {
    let mut placed: Vec<&Section> = Vec::new();
    for s in image.sections.iter().skip(1) {
        let file_end = s.offset.saturating_add(if s.nobits() { 0 } else { s.size });
        found.need(
            s.nobits() || file_end <= image.data.len() as u64,
            "section-file",
            || format!("{} leaves the file", s.name),
        );
        if !s.alloc() {
            found.need(s.addr == 0, "section-addr", || {
                format!("{} is not loaded but has an address", s.name)
            });
            continue;
        }
        found.need(
            s.align <= 1 || s.addr % s.align == 0,
            "section-align",
            || format!("{} at {:#x} is not aligned to {}", s.name, s.addr, s.align),
        );
        if s.size == 0 || !s.takes_memory() {
            continue;
        }
        placed.push(s);
        let Some(l) = image.loads().find(|l| l.holds(s.addr, s.size)) else {
            found.add("section-outside", format!("{} is in no PT_LOAD", s.name));
            continue;
        };
        if !s.nobits() {
            let same = s.offset.wrapping_sub(l.offset) == s.addr - l.vaddr
                && s.end() <= l.vaddr + l.filesz;
            found.need(same, "section-offset", || {
                format!("{}: file offset and address disagree", s.name)
            });
        } else {
            // A NOBITS section may be given file space (zeros) but never bytes of others.
            found.need(s.addr >= l.vaddr + l.filesz, "section-nobits", || {
                format!("{} lies in the file part of its segment", s.name)
            });
        }
        let need = elf::PF_R
            | if s.flags & 1 != 0 { elf::PF_W } else { 0 }
            | if s.flags & 4 != 0 { elf::PF_X } else { 0 };
        found.need(l.flags & need == need, "section-flags", || {
            format!(
                "{} is {}, its segment {}",
                s.name,
                names::section_flags(s.flags),
                names::segment_flags(l.flags)
            )
        });
    }
    placed.sort_by_key(|s| s.addr);
    for pair in placed.windows(2) {
        if let [a, b] = pair {
            found.need(a.end() <= b.addr, "section-overlap", || {
                format!("{} and {} overlap", a.name, b.name)
            });
        }
    }
    let mut in_file: Vec<&Section> = image
        .sections
        .iter()
        .skip(1)
        .filter(|s| !s.nobits() && s.size > 0)
        .collect();
    in_file.sort_by_key(|s| s.offset);
    for pair in in_file.windows(2) {
        if let [a, b] = pair {
            found.need(a.offset + a.size <= b.offset, "section-overlap", || {
                format!("{} and {} overlap in the file", a.name, b.name)
            });
        }
    }
}

fn entry(image: &Image, found: &mut Findings) {
    if image.entry == 0 {
        return;
    }
    let ok = image.load_at(image.entry).is_some_and(Segment::executable);
    found.need(ok, "entry", || {
        format!("e_entry {:#x} is not code", image.entry)
    });
}

fn section_links(image: &Image, found: &mut Findings) {
    for s in &image.sections {
        let (want, what) = match s.kind {
            elf::SHT_SYMTAB | elf::SHT_DYNSYM | elf::SHT_DYNAMIC => (elf::SHT_STRTAB, "strings"),
            elf::SHT_GNU_VERDEF | elf::SHT_GNU_VERNEED => (elf::SHT_STRTAB, "strings"),
            elf::SHT_HASH | elf::SHT_GNU_HASH | elf::SHT_GNU_VERSYM => (elf::SHT_DYNSYM, "symbols"),
            _ => continue,
        };
        let linked = image.sections.get(s.link as usize).map(|l| l.kind);
        found.need(linked == Some(want), "section-link", || {
            format!("{}: sh_link {} is not its {what}", s.name, s.link)
        });
    }
    for s in image
        .sections
        .iter()
        .filter(|s| s.entsize > 1 && s.flags & u64::from(elf::SHF_MERGE) == 0 && !s.nobits())
    {
        found.need(s.size % s.entsize == 0, "section-entsize", || {
            format!(
                "{}: {:#x} bytes are no multiple of {}",
                s.name, s.size, s.entsize
            )
        });
    }
}

fn symtab(image: &Image, found: &mut Findings) {
    let Some(table) = image.sections.iter().find(|s| s.kind == elf::SHT_SYMTAB) else {
        return;
    };
    let first_global = image.symtab.iter().skip(1).position(|s| !s.local());
    let first_global = first_global.map_or(image.symtab.len(), |p| p + 1);
    found.need(table.info as usize == first_global, "symtab-info", || {
        format!(
            ".symtab: sh_info is {}, the first global is {first_global}",
            table.info
        )
    });
    let tail_local = image.symtab.iter().skip(first_global).any(|s| s.local());
    found.need(!tail_local, "symtab-order", || {
        "a local symbol follows a global one".into()
    });
    if !image.is_linked() {
        return;
    }
    let tls = image.segment(elf::PT_TLS);
    for s in &image.symtab {
        let Place::Section(n) = s.place else { continue };
        let Some(section) = image.sections.get(n) else {
            found.add("symtab-section", format!("{}: no section {n}", s.name));
            continue;
        };
        let (low, high) = match (s.kind == elf::STT_TLS, tls) {
            (true, Some(t)) => (
                section.addr - t.vaddr.min(section.addr),
                section.end() - t.vaddr.min(section.end()),
            ),
            (true, None) => (0, 0),
            _ => (section.addr, section.end()),
        };
        // A symbol may mark the end of its section; one without size may come from an empty input section that
        // was aligned beyond it (__TMC_END__), or be placed by a script.
        found.need(
            s.value >= low && s.value <= high || s.size == 0 && s.kind != elf::STT_TLS,
            "symtab-value",
            || {
                format!(
                    "{} = {:#x} is outside of {} ({low:#x}..{high:#x})",
                    s.name, s.value, section.name
                )
            },
        );
    }
    let mut globals: Vec<&str> = image
        .symtab
        .iter()
        .filter(|s| !s.local() && s.defined())
        .map(|s| s.name.as_str())
        .collect();
    globals.sort_unstable();
    if image.tag(elf::DT_VERDEF).is_some() {
        // Several versions of one name are several symbols.
        globals.clear();
    }
    for pair in globals.windows(2) {
        if let [a, b] = pair {
            found.need(a != b, "symtab-twice", || format!("two global symbols {a}"));
        }
    }
}
