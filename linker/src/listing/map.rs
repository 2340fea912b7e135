//! `-Map`: where everything lies, in the layout of GNU ld's map file, which tools read.
//!
//! The parts, in GNU ld's order: archive members and why they are linked, libraries linked for `--as-needed`, common
//! symbols, sections left out, memory, the files loaded, and the output sections with their pieces and symbols.
//! A name of 16 columns or more gets a line of its own; addresses are 16 digits; sizes stand right-aligned behind them.

use std::collections::HashMap;
use std::fmt::Write as _;

use object::elf;

use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::load::{Item, Opened};
use crate::input::object::{Kind, Object, Place};
use crate::layout::Layout;
use crate::layout::output::{Content, OutputSection, Piece};
use crate::layout::script::MemoryUse;
use crate::listing::extraction::file_name;
use crate::live::Liveness;
use crate::options::{HexFormat, Options};
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, State, SymbolId};

/// Columns of a section's name.
const NAME: usize = 16;
/// Columns of the left half of the lists at the start.
const LEFT: usize = 30;

struct Map<'a, 'd, A: Arch> {
    p: &'a Program<'d, A::Elf>,
    live: &'a Liveness,
    l: &'a Layout<'d>,
    opts: &'a Options,
    /// Global symbols by the section that defines them, by value.
    symbols: HashMap<SectionId, Vec<(u64, SymbolId)>>,
    out: String,
}

/// The text of the map.
pub fn text<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    l: &Layout<'_>,
    opts: &Options,
    opened: &Opened<'_>,
) -> String {
    let mut map = Map::<A> {
        p,
        live,
        l,
        opts,
        symbols: symbols_by_section(p, l),
        out: String::new(),
    };
    inclusions(p, opts, &mut map.out);
    commons(p, opts, &mut map.out);
    if opts.print_map_discarded {
        map.discarded();
    }
    memory(&l.memory, &mut map.out);
    loads(opened, &mut map.out);
    map.sections();
    map.out.push_str(&output_statement::<A>(opts));
    map.out
}

/// `OUTPUT(FILE FORMAT)`; the BFD library's name for the format of x86-64 is elf64-x86-64.
pub fn output_statement<A: Arch>(opts: &Options) -> String {
    let format = match (opts.oformat_binary, opts.shape.hex) {
        (_, Some(HexFormat::Srec)) => "srec".to_string(),
        (_, Some(HexFormat::Ihex)) => "ihex".to_string(),
        (true, None) => "binary".to_string(),
        (false, None) => format!("elf{}-{}", A::Elf::WORD * 8, A::NAME),
    };
    format!("OUTPUT({} {format})\n", opts.output.display())
}

/// The memory the image may use, and the heading of what follows.
pub fn memory(regions: &[MemoryUse], out: &mut String) {
    out.push_str("\nMemory Configuration\n\n");
    out.push_str("Name             Origin             Length             Attributes\n");
    for m in regions {
        name(out, &String::from_utf8_lossy(&m.name), NAME + 1);
        let attributes = String::from_utf8_lossy(&m.attributes);
        let _ = writeln!(out, "{:#018x} {:#018x} {attributes}", m.origin, m.length);
    }
    out.push_str("*default*        0x0000000000000000 0xffffffffffffffff\n");
    out.push_str("\nLinker script and memory map\n\n");
}

/// The line of an output section, after an empty one.
pub fn output_line(out: &mut String, section: &[u8], addr: u64, size: u64) {
    out.push('\n');
    name(out, &String::from_utf8_lossy(section), NAME);
    let _ = writeln!(out, "{addr:#018x} {:>10}", format!("{size:#x}"));
}

/// ` NAME  ADDRESS  SIZE FILE`: a part of an output section.
pub fn input_line(out: &mut String, section: &[u8], addr: u64, size: u64, file: &str) {
    let section = format!(" {}", String::from_utf8_lossy(section));
    name(out, &section, NAME);
    let _ = writeln!(out, "{addr:#018x} {:>10} {file}", format!("{size:#x}"));
}

/// The line of a symbol.
pub fn symbol_line(out: &mut String, addr: u64, symbol: &str) {
    let _ = writeln!(out, "{:NAME$}{addr:#018x}{:NAME$}{symbol}", "", "");
}

/// `NAME` in its columns, on a line of its own when it is too long.
fn name(out: &mut String, name: &str, width: usize) {
    out.push_str(name);
    if name.len() + 1 > width {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width));
    } else {
        out.extend(std::iter::repeat_n(' ', width - name.len()));
    }
}

/// Archive members, and libraries under `--as-needed`, with the reference that made them part of the link.
pub fn inclusions<E: Elf>(p: &Program<'_, E>, opts: &Options, out: &mut String) {
    let mut list = |title: &str, shared: bool| {
        let mut any = false;
        for i in &p.inclusions {
            if i.file.as_shared().is_some() != shared {
                continue;
            }
            if !any {
                let blank = if out.is_empty() { "" } else { "\n" };
                let _ = write!(out, "{blank}{title}\n\n");
                any = true;
            }
            let library = i.file.as_shared().and_then(|f| p.shared.get(f));
            let file = match library {
                Some(s) => String::from_utf8_lossy(s.soname).into_owned(),
                None => file_name(p, i.file),
            };
            name(out, &file, LEFT);
            let mut symbol = opts.shown(p.symbols.name(i.symbol));
            let info = p.symbols.info(i.symbol);
            if let Some(s) = library
                && i.file == info.file
                && let Some(v) = s.version_name(info.sym)
            {
                let _ = write!(symbol, "@@{}", String::from_utf8_lossy(v));
            }
            let _ = writeln!(out, "{} ({symbol})", file_name(p, i.by));
        }
    };
    list(
        "Archive member included to satisfy reference by file (symbol)",
        false,
    );
    list(
        "As-needed library included to satisfy reference by file (symbol)",
        true,
    );
}

/// Common symbols, which have no section of their own.
pub fn commons<E: Elf>(p: &Program<'_, E>, opts: &Options, out: &mut String) {
    let list = crate::layout::output::commons(p);
    if list.is_empty() {
        return;
    }
    out.push_str("\nAllocating common symbols\nCommon symbol       size              file\n\n");
    for (id, size, ..) in list {
        name(out, &opts.shown(p.symbols.name(id)), 20);
        let _ = writeln!(
            out,
            "{:<18}{}",
            format!("{size:#x}"),
            file_name(p, p.symbols.info(id).file)
        );
    }
}

/// The files, in the order in which they were named.
pub fn loads(opened: &Opened<'_>, out: &mut String) {
    for item in &opened.items {
        let _ = match item {
            Item::Object { name, .. }
            | Item::Shared { name, .. }
            | Item::JustSymbols { name, .. } => {
                writeln!(out, "LOAD {name}")
            }
            Item::Archive { archive, .. } => match opened.archives.get(*archive) {
                Some(a) => writeln!(out, "LOAD {}", a.path.display()),
                None => Ok(()),
            },
            Item::Binary { path, .. } => writeln!(out, "LOAD {}", path.display()),
            Item::GroupStart => writeln!(out, "START GROUP"),
            Item::GroupEnd => writeln!(out, "END GROUP"),
            Item::Linked { name, .. } if name.member.is_none() => writeln!(out, "LOAD {name}"),
            Item::Linked { .. } | Item::LibStart | Item::LibEnd | Item::Assign { .. } => Ok(()),
            Item::Definitions(_) | Item::Array { .. } => Ok(()),
        };
    }
}

fn symbols_by_section<E: Elf>(
    p: &Program<'_, E>,
    l: &Layout<'_>,
) -> HashMap<SectionId, Vec<(u64, SymbolId)>> {
    let mut map: HashMap<SectionId, Vec<(u64, SymbolId)>> = HashMap::new();
    for (i, t) in (0u32..).zip(&p.symbols.targets) {
        let id = SymbolId(i);
        if t.section != SectionId::NONE && p.symbols.info(id).state >= State::DefWeak {
            map.entry(t.section)
                .or_default()
                .push((l.values.global(id), id));
        }
    }
    for list in map.values_mut() {
        list.sort_unstable();
    }
    map
}

/// Whether a section that takes no part in the output is one a reader of the map would miss.
fn is_content<E: Elf>(o: &Object<'_, E>, i: u32) -> bool {
    o.sections.get(i as usize).is_some_and(|s| {
        !matches!(
            s.ty,
            elf::SHT_NULL
                | elf::SHT_SYMTAB
                | elf::SHT_STRTAB
                | elf::SHT_RELA
                | elf::SHT_REL
                | elf::SHT_CREL
                | elf::SHT_SYMTAB_SHNDX
        )
    })
}

impl<A: Arch> Map<'_, '_, A> {
    fn line(&mut self, section: &[u8], addr: u64, size: u64, file: &str) {
        input_line(&mut self.out, section, addr, size, file);
    }

    fn symbol(&mut self, addr: u64, symbol: &str) {
        symbol_line(&mut self.out, addr, symbol);
    }

    fn discarded(&mut self) {
        self.out.push_str("\nDiscarded input sections\n\n");
        for o in &self.p.objects {
            for (i, s) in (0u32..).zip(&o.sections) {
                let gone = match s.kind {
                    Kind::Skip | Kind::Discarded => is_content(o, i),
                    Kind::Regular | Kind::Merge => !self.live.is_live(o.section_id(i)),
                    Kind::EhFrame | Kind::Property | Kind::Capabilities => false,
                };
                if gone {
                    self.line(o.section_name(i), 0, s.size, &o.name.to_string());
                }
            }
        }
    }

    fn sections(&mut self) {
        for s in &self.l.outputs {
            if matches!(s.name, b".symtab" | b".strtab" | b".shstrtab") {
                continue;
            }
            output_line(&mut self.out, s.name, s.addr, s.size);
            let mut end = 0;
            for piece in &s.pieces {
                if piece.offset > end {
                    self.line(b"*fill*", s.addr + end, piece.offset - end, "");
                }
                self.piece(s, piece);
                end = end.max(piece.offset + piece.size);
            }
            self.linker_symbols(s);
        }
        self.out.push('\n');
    }

    fn piece(&mut self, s: &OutputSection<'_>, piece: &Piece) {
        let addr = s.addr + piece.offset;
        match piece.content {
            Content::Section(id) => self.input(id, addr, piece.size),
            Content::Merged(part) => {
                // As GNU ld shows it: the first section has everything, the others are empty now.
                let mut size = piece.size;
                for id in self.l.merges.sections_of(part) {
                    self.input(id, addr + piece.size - size, size);
                    size = 0;
                }
            }
            Content::EhFrame(object, _) => {
                if let Some(o) = self.p.objects.get(object as usize) {
                    self.line(s.name, addr, piece.size, &o.name.to_string());
                }
            }
            Content::Common(id) => {
                let file = file_name(self.p, self.p.symbols.info(id).file);
                self.line(b"COMMON", addr, piece.size, &file);
                let shown = self.opts.shown(self.p.symbols.name(id));
                self.symbol(addr, &shown);
            }
            Content::Gap(_) => self.line(b"*fill*", addr, piece.size, ""),
            Content::Text(_) => self.line(b"*data*", addr, piece.size, "linker script"),
            Content::Made
            | Content::Relocs(_)
            | Content::FrameRelocs(..)
            | Content::Synth(_)
            | Content::SymtabLocals(_)
            | Content::SymtabGlobals(_)
            | Content::Strtab(_) => {
                // GNU ld's own sections hang on the first object, and tools look for them there.
                let first = self.p.objects.first().map(|o| o.name.to_string());
                self.line(s.name, addr, piece.size, &first.unwrap_or_default());
            }
        }
    }

    /// An input section, what it was before merging, and its symbols.
    fn input(&mut self, id: SectionId, addr: u64, size: u64) {
        let (n, shndx) = self.p.owner(id);
        let Some(o) = self.p.objects.get(n) else {
            return;
        };
        self.line(o.section_name(shndx), addr, size, &o.name.to_string());
        if let Some(before) = o.sections.get(shndx as usize).map(|s| s.size)
            && before != size
        {
            let _ = writeln!(
                self.out,
                "{:34} {:>10} (size before relaxing)",
                "",
                format!("{before:#x}")
            );
        }
        let mut list: Vec<(u64, String)> = Vec::new();
        for (value, id) in self.symbols.get(&id).into_iter().flatten() {
            list.push((*value, self.opts.shown(self.p.symbols.plain_name(*id))));
        }
        if self.opts.print_map_locals {
            for i in 1..o.first_global {
                let sym = o.symbol(i);
                let named = !matches!(sym.sym_type(), elf::STT_SECTION | elf::STT_FILE);
                if named && o.place(i, &sym) == Place::Section(shndx) {
                    list.push((addr + sym.value, self.opts.shown(o.symbol_name(&sym))));
                }
            }
            list.sort();
        }
        for (value, symbol) in list {
            self.symbol(value, &symbol);
        }
    }

    /// Symbols of the linker's own that lie in an output section, or at its end.
    fn linker_symbols(&mut self, s: &OutputSection<'_>) {
        if !s.is_alloc() {
            return;
        }
        let mut list: Vec<(u64, &[u8])> = self
            .p
            .symbols
            .linker
            .iter()
            .map(|l| (self.l.values.global(l.id), self.p.symbols.name(l.id)))
            .filter(|(value, _)| (s.addr..=s.addr + s.size).contains(value))
            .filter(|(value, _)| {
                self.l
                    .output_at(*value, s.is_tls())
                    .is_none_or(|i| self.l.outputs.get(i).is_some_and(|o| o.name == s.name))
            })
            .collect();
        list.sort_unstable();
        for (value, symbol) in list {
            let symbol = format!("{} = .", String::from_utf8_lossy(symbol));
            self.symbol(value, &symbol);
        }
    }
}
