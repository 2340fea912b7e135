//! The file: header, sections, symbol table, relocations, section header table, in this order.
//!
//! Everything is a list of items with file offsets; runs of items make windows of about a megabyte, each assembled by one
//! thread in one buffer. gABI, "ELF Header": from 65,280 sections on, counts and numbers that need more than 16 bits stand
//! in section header 0.

use std::io;
use std::sync::Mutex;

use object::elf;

use super::Job;
use super::relocs::Rewriter;
use super::sections::{Content, Piece, Section, Sections};
use super::symbols::Table;
use crate::LinkError;
use crate::arch::Arch;
use crate::elf::{Elf, PutElf, Shdr};
use crate::emit::file::Output;
use crate::emit::packed::{Methods, zdebug_name};
use crate::input::object::SHF_GNU_RETAIN;
use crate::options::CompressDebug;
use crate::plain;
use crate::synth;
use crate::synth::build_id::{self, WindowDigest};
use crate::synth::strtab::StrTab;

/// Bytes of a window, about.
const WINDOW: u64 = 1 << 20;

/// What stands at a place in the file.
enum What<'p> {
    /// An input section's bytes.
    Piece(&'p Section<'p>, &'p Piece),
    /// An input section's relocations.
    Relocs(&'p Section<'p>, &'p Piece),
    Bytes(&'p [u8]),
}

struct Item<'p> {
    /// Bytes from the start of the file.
    offset: u64,
    size: u64,
    /// What fills the gap before it.
    fill: u8,
    what: What<'p>,
}

/// The file under construction.
struct Plan<'p> {
    items: Vec<Item<'p>>,
    end: u64,
}

impl<'p> Plan<'p> {
    fn align(&mut self, align: u64) -> u64 {
        self.end = self.end.saturating_add(align - 1) & !(align - 1);
        self.end
    }

    fn add(&mut self, offset: u64, size: u64, fill: u8, what: What<'p>) {
        if size > 0 {
            self.items.push(Item {
                offset,
                size,
                fill,
                what,
            });
            self.end = offset.saturating_add(size);
        }
    }
}

/// The section header table and the names in it.
struct Headers {
    names: StrTab,
    list: Vec<Shdr>,
}

impl Headers {
    fn push(&mut self, name: &[u8], h: Shdr) {
        let name = self.names.add(name);
        self.list.push(Shdr { name, ..h });
    }
}

/// Bytes of one relocation record.
fn record_size<A: Arch>() -> u64 {
    let rela = A::Elf::RELA_SIZE as u64;
    if A::IS_RELA { rela } else { rela / 3 * 2 }
}

/// Writes the object.
pub(super) fn write<A: Arch>(
    job: Job<'_, '_, A>,
    sections: &Sections<'_>,
    table: Table,
) -> Result<(), LinkError> {
    let word = A::Elf::WORD as u64;
    let mut plan = Plan {
        items: Vec::new(),
        end: A::Elf::EHDR_SIZE as u64,
    };
    let mut h = Headers {
        names: StrTab::new(),
        list: vec![Shdr::default()],
    };
    let groups: Vec<Vec<u8>> = group_words::<A>(job, sections);
    for (bytes, signature) in groups.iter().zip(&table.signatures) {
        let offset = plan.align(4);
        plan.add(offset, bytes.len() as u64, 0, What::Bytes(bytes));
        let group = Shdr {
            sh_type: elf::SHT_GROUP,
            offset,
            size: bytes.len() as u64,
            link: sections.symtab,
            info: *signature,
            align: 4,
            entsize: 4,
            ..Shdr::default()
        };
        h.push(b".group", group);
    }
    let packed = compress(job, sections, &table);
    // Contents first; relocations come behind the symbol table, where nothing reads between them.
    for (s, packed) in sections.list.iter().zip(&packed) {
        let align_log2 = match packed {
            Some(p) => p.align_log2,
            None => s.align_log2,
        };
        let offset = if s.is_nobits() {
            plan.end
        } else {
            // Readers map whole pages at most: more would only leave holes in the file.
            plan.align(1 << align_log2.min(12))
        };
        let link = s
            .ordered_by
            .and_then(|o| sections.place(o))
            .and_then(|(at, _)| sections.list.get(at as usize))
            .map_or(0, |o| o.number);
        let (name, size, flags) = match packed {
            Some(p) => (&p.name[..], p.bytes.len() as u64, s.flags | p.flag),
            None => (s.name, s.size, s.flags),
        };
        h.push(
            name,
            Shdr {
                sh_type: s.ty,
                flags: u64::from(flags),
                offset,
                size,
                link,
                align: 1 << align_log2,
                entsize: s.entsize,
                ..Shdr::default()
            },
        );
        if s.relocs > 0 {
            let prefix: &[u8] = if A::IS_RELA { b".rela" } else { b".rel" };
            let name = [prefix, s.name].concat();
            h.push(
                &name,
                Shdr {
                    sh_type: if A::IS_RELA {
                        elf::SHT_RELA
                    } else {
                        elf::SHT_REL
                    },
                    flags: u64::from(elf::SHF_INFO_LINK | s.flags & elf::SHF_GROUP),
                    size: s.relocs.saturating_mul(record_size::<A>()),
                    link: sections.symtab,
                    info: s.number,
                    align: word,
                    entsize: record_size::<A>(),
                    ..Shdr::default()
                },
            );
        }
        if s.is_nobits() {
            continue;
        }
        match packed {
            Some(p) => plan.add(offset, p.bytes.len() as u64, 0, What::Bytes(&p.bytes)),
            None => contents::<A>(job, &mut plan, s, offset),
        }
    }
    let offset = plan.align(word);
    plan.add(
        offset,
        table.symtab.len() as u64,
        0,
        What::Bytes(&table.symtab),
    );
    h.push(
        b".symtab",
        Shdr {
            sh_type: elf::SHT_SYMTAB,
            offset,
            size: table.symtab.len() as u64,
            link: sections.strtab,
            info: table.first_global,
            align: word,
            entsize: A::Elf::SYM_SIZE as u64,
            ..Shdr::default()
        },
    );
    if sections.symtab_shndx != 0 {
        let offset = plan.align(4);
        plan.add(
            offset,
            table.shndx.len() as u64,
            0,
            What::Bytes(&table.shndx),
        );
        h.push(
            b".symtab_shndx",
            Shdr {
                sh_type: elf::SHT_SYMTAB_SHNDX,
                offset,
                size: table.shndx.len() as u64,
                link: sections.symtab,
                align: 4,
                entsize: 4,
                ..Shdr::default()
            },
        );
    }
    let strings = |offset, size| Shdr {
        sh_type: elf::SHT_STRTAB,
        offset,
        size,
        align: 1,
        ..Shdr::default()
    };
    let offset = plan.end;
    plan.add(
        offset,
        table.strtab.len() as u64,
        0,
        What::Bytes(&table.strtab),
    );
    h.push(b".strtab", strings(offset, table.strtab.len() as u64));
    for s in sections.list.iter().filter(|s| s.relocs > 0) {
        let mut at = plan.align(word);
        if let Some(header) = h.list.get_mut(s.number as usize + 1) {
            header.offset = at;
        }
        for piece in s.pieces() {
            let n = job
                .p
                .objects
                .get(piece.object as usize)
                .map_or(0, |o| o.relocs(piece.section).len());
            let size = n as u64 * record_size::<A>();
            plan.add(at, size, 0, What::Relocs(s, piece));
            at += size;
        }
    }
    let own_name = h.names.add(b".shstrtab");
    let too_long = |e| job.report.error(format!(".shstrtab: {e}"));
    let names = h.names.finish().map_err(|e| {
        too_long(e);
        LinkError
    })?;
    let offset = plan.end;
    plan.add(offset, names.len() as u64, 0, What::Bytes(&names));
    h.list.push(Shdr {
        name: own_name,
        ..strings(offset, names.len() as u64)
    });
    let headers_at = plan.align(word);
    let header = elf_header::<A>(job, sections, &table, headers_at, h.list.len());
    let headers = section_headers::<A>(&mut h.list, sections.shstrtab);
    plan.add(headers_at, headers.len() as u64, 0, What::Bytes(&headers));
    plan.items.insert(
        0,
        Item {
            offset: 0,
            size: header.len() as u64,
            fill: 0,
            what: What::Bytes(&header),
        },
    );
    let build_id = sections.build_id.and_then(|at| {
        let number = sections.list.get(at as usize)?.number;
        Some(h.list.get(number as usize)?.offset)
    });
    put(job, &plan, &table, build_id)
}

/// A compressed section.
struct Packed {
    name: Vec<u8>,
    bytes: Vec<u8>,
    /// SHF_COMPRESSED, or 0 where the name says it.
    flag: u32,
    align_log2: u8,
}

/// `--compress-debug-sections`: by section of the output, its compressed form if it gets one.
fn compress<A: Arch>(
    job: Job<'_, '_, A>,
    sections: &Sections<'_>,
    table: &Table,
) -> Vec<Option<Packed>> {
    let Some(methods) = Methods::new(job.opts) else {
        return sections.list.iter().map(|_| None).collect();
    };
    let rewriter = Rewriter { job, table };
    let pack = |s: &Section<'_>| {
        let method = methods.of(s.name, s.flags & elf::SHF_ALLOC != 0);
        if method == CompressDebug::None || s.is_nobits() {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(s.size).ok()?);
        for piece in s.pieces() {
            bytes.resize(piece.offset as usize, 0);
            fill(&rewriter, &What::Piece(s, piece), &mut bytes);
        }
        bytes.resize(s.size as usize, 0);
        for (at, text) in &s.texts {
            if let Some(to) = bytes.get_mut(*at as usize..*at as usize + text.len()) {
                to.copy_from_slice(text);
            }
        }
        let name = zdebug_name(method, s.name);
        let method = match method {
            CompressDebug::ZlibGnu(level) if name.is_none() => CompressDebug::Zlib(level),
            method => method,
        };
        let bytes =
            synth::compress::compress::<A::Elf>(method, 1 << s.align_log2, &bytes, job.par)?;
        let gabi = name.is_none();
        Some(Packed {
            bytes,
            flag: if gabi { elf::SHF_COMPRESSED } else { 0 },
            align_log2: if gabi {
                A::Elf::WORD.trailing_zeros() as u8
            } else {
                0
            },
            name: name.unwrap_or_else(|| s.name.to_vec()),
        })
    };
    sections.list.iter().map(pack).collect()
}

fn contents<'p, A: Arch>(
    job: Job<'_, '_, A>,
    plan: &mut Plan<'p>,
    s: &'p Section<'p>,
    offset: u64,
) {
    let fill = if s.flags & elf::SHF_EXECINSTR != 0 {
        A::CODE_FILL
    } else {
        0
    };
    match &s.content {
        Content::Bytes(bytes) => plan.add(offset, bytes.len() as u64, 0, What::Bytes(bytes)),
        Content::Pieces(list) => {
            let mut texts = s.texts.iter().peekable();
            for (k, piece) in list.iter().enumerate() {
                while let Some((at, text)) = texts.next_if(|(at, _)| *at <= piece.offset) {
                    plan.add(offset + at, text.len() as u64, 0, What::Bytes(text));
                }
                let size = job
                    .p
                    .objects
                    .get(piece.object as usize)
                    .map_or(0, |o| o.section_data(piece.section).len() as u64);
                let fill = if k == 0 { 0 } else { fill };
                plan.add(offset + piece.offset, size, fill, What::Piece(s, piece));
            }
            for (at, text) in texts {
                plan.add(offset + at, text.len() as u64, 0, What::Bytes(text));
            }
            // Padding behind the last bytes, when an empty section at a higher alignment ends it.
            plan.end = plan.end.max(offset + s.size);
        }
    }
}

/// The words of every group: its flags, then the numbers of its members and of their relocations.
fn group_words<A: Arch>(job: Job<'_, '_, A>, sections: &Sections<'_>) -> Vec<Vec<u8>> {
    let words = |g: &super::sections::OutGroup| {
        let comdat = job
            .p
            .objects
            .get(g.object as usize)
            .and_then(|o| o.groups.get(g.group as usize))
            .is_some_and(|g| g.comdat);
        let mut out = Vec::new();
        out.put32::<A::Elf>(if comdat { elf::GRP_COMDAT } else { 0 });
        for s in g
            .members
            .iter()
            .filter_map(|m| sections.list.get(*m as usize))
        {
            out.put32::<A::Elf>(s.number);
            if s.relocs > 0 {
                out.put32::<A::Elf>(s.number + 1);
            }
        }
        out
    };
    sections.groups.iter().map(words).collect()
}

fn elf_header<A: Arch>(
    job: Job<'_, '_, A>,
    sections: &Sections<'_>,
    table: &Table,
    headers_at: u64,
    count: usize,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(A::Elf::EHDR_SIZE);
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
    let objects = &job.p.objects;
    let retained = job.rules.retain_flag == SHF_GNU_RETAIN
        && sections.list.iter().any(|s| s.flags & SHF_GNU_RETAIN != 0);
    out.put8(if table.gnu || retained {
        elf::ELFOSABI_GNU
    } else {
        objects
            .iter()
            .map(|o| o.osabi)
            .find(|a| *a != 0)
            .unwrap_or(0)
    });
    out.resize(16, 0);
    out.put16::<A::Elf>(elf::ET_REL);
    out.put16::<A::Elf>(A::MACHINE);
    out.put32::<A::Elf>(u32::from(elf::EV_CURRENT));
    out.put_word::<A::Elf>(0);
    out.put_word::<A::Elf>(0);
    out.put_word::<A::Elf>(headers_at);
    out.put32::<A::Elf>(objects.first().map_or(0, |o| o.e_flags));
    out.put16::<A::Elf>(A::Elf::EHDR_SIZE as u16);
    out.put16::<A::Elf>(0);
    out.put16::<A::Elf>(0);
    out.put16::<A::Elf>(A::Elf::SHDR_SIZE as u16);
    let small = |n: u64| u16::try_from(n).ok().filter(|n| *n < elf::SHN_LORESERVE);
    out.put16::<A::Elf>(small(count as u64).unwrap_or(0));
    out.put16::<A::Elf>(small(u64::from(sections.shstrtab)).unwrap_or(elf::SHN_XINDEX));
    out
}

fn section_headers<A: Arch>(list: &mut [Shdr], shstrtab: u32) -> Vec<u8> {
    let count = list.len() as u64;
    let limit = u64::from(elf::SHN_LORESERVE);
    if let Some(first) = list.first_mut() {
        first.size = if count >= limit { count } else { 0 };
        first.link = if u64::from(shstrtab) >= limit {
            shstrtab
        } else {
            0
        };
    }
    let mut out = Vec::with_capacity(list.len() * A::Elf::SHDR_SIZE);
    for h in list {
        out.put32::<A::Elf>(h.name);
        out.put32::<A::Elf>(h.sh_type);
        for v in [h.flags, h.addr, h.offset, h.size] {
            out.put_word::<A::Elf>(v);
        }
        out.put32::<A::Elf>(h.link);
        out.put32::<A::Elf>(h.info);
        out.put_word::<A::Elf>(h.align);
        out.put_word::<A::Elf>(h.entsize);
    }
    out
}

/// A run of items that one thread assembles.
struct Window {
    /// Bytes from the start of the file: the end of what stands before, or the first item's place behind a large gap, which
    /// stays a hole in the file.
    start: u64,
    /// First item and one past the last.
    items: (usize, usize),
}

fn windows(items: &[Item<'_>]) -> Vec<Window> {
    let mut list: Vec<Window> = Vec::new();
    let mut end = 0;
    for (i, item) in items.iter().enumerate() {
        let hole = item.offset - end > WINDOW;
        match list.last_mut() {
            Some(w) if !hole && end - w.start < WINDOW => w.items.1 = i + 1,
            _ => list.push(Window {
                start: if hole { item.offset } else { end },
                items: (i, i + 1),
            }),
        }
        end = item.offset + item.size;
    }
    list
}

/// Writes the items and gives the file its name.
fn put<A: Arch>(
    job: Job<'_, '_, A>,
    plan: &Plan<'_>,
    table: &Table,
    build_id: Option<u64>,
) -> Result<(), LinkError> {
    let opts = job.opts;
    let failed = |what: &str, e: &io::Error| {
        let path = opts.output.display();
        job.report
            .error(format!("cannot {what} {path}: {}", plain(e)));
        LinkError
    };
    let mut out =
        Output::create(&opts.output, false).map_err(|e| failed("open output file", &e))?;
    let size: u64 = plan.items.iter().map(|i| i.size).sum();
    if size > plan.end / 2 {
        // Otherwise most of it is holes.
        out.reserve(plan.end).map_err(|e| failed("write", &e))?;
    }
    let windows = windows(&plan.items);
    let rewriter = Rewriter { job, table };
    let hash = build_id.is_some() && build_id::needs_digests(&opts.build_id);
    let digests: Mutex<Vec<(usize, WindowDigest)>> = Mutex::default();
    out.write_windows(windows.len(), job.par, &|buf, i, sink| {
        let Some(w) = windows.get(i) else {
            return Ok(());
        };
        let before = w.start;
        let items = plan.items.get(w.items.0..w.items.1).unwrap_or(&[]);
        buf.clear();
        for item in items {
            buf.resize((item.offset - before) as usize, item.fill);
            fill(&rewriter, &item.what, buf);
            // Whatever was found to be shorter than announced keeps the rest in its place.
            buf.resize((item.offset + item.size - before) as usize, 0);
        }
        if hash && let Ok(mut d) = digests.lock() {
            d.push((i, build_id::digest(buf)));
        }
        sink(before, buf)
    })
    .map_err(|e| failed("write", &e))?;
    crate::emit::save::unchanged(job.store, job.report)?;
    if let Some(at) = build_id {
        let mut list = digests.into_inner().unwrap_or_default();
        list.sort_by_key(|(i, _)| *i);
        let list: Vec<WindowDigest> = list.into_iter().map(|(_, d)| d).collect();
        let id = build_id::finish(&opts.build_id, &list).map_err(|e| failed("write", &e))?;
        out.patch(at + build_id::ID_OFFSET, &id)
            .map_err(|e| failed("write", &e))?;
    }
    if !opts.noinhibit_exec {
        crate::check(job.report)?;
    }
    out.finish().map_err(|e| failed("write", &e))
}

fn fill<A: Arch>(rewriter: &Rewriter<'_, '_, A>, what: &What<'_>, buf: &mut Vec<u8>) {
    match *what {
        What::Bytes(bytes) => buf.extend_from_slice(bytes),
        What::Relocs(s, piece) => rewriter.records(s, piece, buf),
        What::Piece(s, piece) => {
            let at = buf.len();
            if let Some(o) = rewriter.job.p.objects.get(piece.object as usize) {
                buf.extend_from_slice(o.section_data(piece.section));
            }
            if !A::IS_RELA
                && let Some(data) = buf.get_mut(at..)
            {
                rewriter.adjust(s, piece, data);
            }
        }
    }
}
