//! `.SUNW_ldynsym`: local functions, for stack traces of stripped programs, and the tables that sort it together with
//! `.dynsym`, which stands right behind it, by address (`.SUNW_dynsymsort`, `.SUNW_dyntlssort`).
//!
//! Linker and Libraries Guide, "Dynamic Section", DT_SUNW_SYMTAB and DT_SUNW_SYMSORT. Symbol numbers in the sorted
//! tables count from the first symbol of `.SUNW_ldynsym`.

use std::collections::HashSet;

use object::elf;

use crate::arch::Arch;
use crate::elf::{Elf, PutElf, Sym};
use crate::emit::Image;
use crate::emit::symtab::local;
use crate::emit::tables::global_symbol;
use crate::input::object::Place;
use crate::layout::dynsym::DynSymbols;
use crate::layout::symtab::{Fate, fate};
use crate::live::Liveness;
use crate::options::Options;
use crate::symbols::bind::Program;
use crate::symbols::{FileRef, State};
use crate::synth::strtab::StrTab;

pub const SHT_SUNW_LDYNSYM: u32 = 0x6fff_fff3;
pub const SHT_SUNW_SYMSORT: u32 = 0x6fff_fff1;
pub const SHT_SUNW_TLSSORT: u32 = 0x6fff_fff2;

/// A local function.
#[derive(Clone, Copy, Debug)]
pub struct LocalFunction {
    pub object: u32,
    pub symbol: u32,
    /// Offset of its name in `.dynstr`.
    pub name: u32,
}

/// What the three tables will hold.
#[derive(Clone, Debug, Default)]
pub struct LocalSymbols {
    /// There is a table; then it also has the null symbol and one with the output's name.
    pub present: bool,
    pub file_name: u32,
    pub functions: Vec<LocalFunction>,
    /// Names that are kept out of the sorted tables: by a mapfile (`NODYNSORT`), or because another name of the same
    /// thing is in them.
    unsorted: HashSet<Vec<u8>>,
    /// Names that a mapfile wants in them, whatever their size (`DYNSORT`).
    forced: HashSet<Vec<u8>>,
    /// Entries of the sorted tables.
    pub sorted: u64,
    pub sorted_tls: u64,
}

impl LocalSymbols {
    /// Whether a symbol defined here is in a sorted table.
    fn sorts(&self, size: u64, name: &[u8]) -> bool {
        self.forced.contains(name) || size != 0 && !self.unsorted.contains(name)
    }

    /// Symbols of `.SUNW_ldynsym`.
    pub fn count(&self) -> u64 {
        if self.present {
            self.functions.len() as u64 + 2
        } else {
            0
        }
    }
}

/// Collects the functions and gives their names places in `.dynstr`.
pub fn collect<E: Elf>(
    p: &Program<'_, E>,
    live: &Liveness,
    opts: &Options,
    strtab: &mut StrTab,
) -> LocalSymbols {
    let mut out = LocalSymbols {
        present: true,
        ..LocalSymbols::default()
    };
    let symbols = opts.sunw.mapfile.symbols.iter();
    out.unsorted = symbols
        .filter(|s| s.attributes.dynsort == Some(false))
        .map(|s| s.name.clone())
        .collect();
    let symbols = opts.sunw.mapfile.symbols.iter();
    out.forced = symbols
        .filter(|s| s.attributes.dynsort == Some(true))
        .map(|s| s.name.clone())
        .collect();
    drop_aliases(p, &mut out);
    use std::os::unix::ffi::OsStrExt;
    let name = opts.output.file_name().unwrap_or_default().as_bytes();
    out.file_name = strtab.add(name);
    for (n, o) in p.objects.iter().enumerate() {
        for i in 1..o.symbols.len() as u32 {
            let s = o.symbol(i);
            if s.sym_type() == elf::STT_FUNC && fate(p, live, opts, n, o, i, &s) == Fate::Local {
                out.functions.push(LocalFunction {
                    object: n as u32,
                    symbol: i,
                    name: strtab.add(o.symbol_name(&s)),
                });
            }
        }
    }
    out
}

/// Of a weak and a strong name of one thing in one object the weak one is sorted, which is the one without underscore;
/// a mapfile that says something of one of them, or of both, is obeyed.
fn drop_aliases<E: Elf>(p: &Program<'_, E>, out: &mut LocalSymbols) {
    let mut dropped: Vec<Vec<u8>> = Vec::new();
    for (n, o) in p.objects.iter().enumerate() {
        let mut list: Vec<(u32, u64, u32, Sym)> = Vec::new();
        for i in o.globals() {
            let s = o.symbol(i);
            if let Place::Section(section) = o.place(i, &s)
                && p.symbols.info(o.symbol_id(i)).file == FileRef::object(n)
            {
                list.push((section, s.value, i, s));
            }
        }
        list.sort_unstable_by_key(|(section, value, i, _)| (*section, *value, *i));
        for group in list.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            for (_, _, _, weak) in group.iter().filter(|e| e.3.bind() == elf::STB_WEAK) {
                let strong = |e: &&(u32, u64, u32, Sym)| {
                    e.3.bind() != elf::STB_WEAK && e.3.size == weak.size
                };
                let Some((_, _, _, strong)) = group.iter().find(strong) else {
                    continue;
                };
                let (weak, strong) = (o.symbol_name(weak), o.symbol_name(strong));
                let said = |name: &[u8]| match () {
                    () if out.forced.contains(name) => Some(true),
                    () if out.unsorted.contains(name) => Some(false),
                    () => None,
                };
                match (said(weak), said(strong)) {
                    (None, Some(true)) => dropped.push(weak.to_vec()),
                    (None | Some(true), None) => dropped.push(strong.to_vec()),
                    _ => {}
                }
            }
        }
    }
    out.unsorted.extend(dropped);
}

/// Counts the entries of the sorted tables: what is defined here and has a size.
pub fn count_sorted<E: Elf>(p: &Program<'_, E>, d: &mut DynSymbols) {
    let sized = |o: u32, i: u32| {
        p.objects.get(o as usize).is_some_and(|o| {
            let s = o.symbol(i);
            d.local.sorts(s.size, o.symbol_name(&s))
        })
    };
    let functions = d.local.functions.iter();
    d.local.sorted = functions.filter(|f| sized(f.object, f.symbol)).count() as u64;
    for id in &d.symbols {
        let info = p.symbols.info(*id);
        let object = info.file.as_object().and_then(|f| p.objects.get(f));
        if let (true, Some(o)) = (info.state >= State::DefWeak, object) {
            let s = o.symbol(info.sym);
            match s.sym_type() {
                _ if !d.local.sorts(s.size, p.symbols.plain_name(*id)) => {}
                elf::STT_TLS => d.local.sorted_tls += 1,
                elf::STT_FUNC | elf::STT_OBJECT | elf::STT_COMMON => d.local.sorted += 1,
                _ if info.state == State::Common => d.local.sorted += 1,
                _ => {}
            }
        }
    }
}

fn symbols<A: Arch>(image: &Image<'_, '_, A>) -> Vec<Sym> {
    let plan = &image.l.dynsym.local;
    let mut out = vec![
        Sym::default(),
        Sym {
            name: plan.file_name,
            info: elf::STT_FILE,
            shndx: elf::SHN_ABS,
            ..Sym::default()
        },
    ];
    for f in &plan.functions {
        let Some(o) = image.p.objects.get(f.object as usize) else {
            continue;
        };
        let s = o.symbol(f.symbol);
        let mut sym = if f.symbol >= o.first_global {
            global_symbol(image, o.symbol_id(f.symbol), f.name, false)
        } else {
            local(image, f.object as usize, f.symbol, &s, f.name)
        };
        sym.info = (elf::STB_LOCAL << 4) | (sym.info & 15);
        out.push(sym);
    }
    out
}

/// `.SUNW_ldynsym`.
pub fn write<A: Arch>(image: &Image<'_, '_, A>, out: &mut Vec<u8>) {
    for s in symbols(image) {
        out.put_sym::<A::Elf>(&s);
    }
}

/// `.SUNW_dynsymsort`, or with `tls` `.SUNW_dyntlssort`.
pub fn write_sorted<A: Arch>(image: &Image<'_, '_, A>, tls: bool, out: &mut Vec<u8>) {
    let d = &image.l.dynsym;
    let mut list: Vec<(u64, u32)> = Vec::new();
    let first = d.local.count() as u32;
    let name_at = |offset: u32| crate::input::object::string_at(&d.dynstr, offset);
    let mut take = |number: u32, s: &Sym, name: &[u8]| {
        let kind = match s.sym_type() {
            elf::STT_TLS => Some(true),
            elf::STT_FUNC | elf::STT_OBJECT | elf::STT_COMMON => Some(false),
            _ => None,
        };
        let sorted = s.shndx != elf::SHN_UNDEF && d.local.sorts(s.size, name);
        if kind == Some(tls) && sorted {
            list.push((s.value, number));
        }
    };
    if !tls && d.local.present {
        for (n, s) in (0u32..).zip(symbols(image)) {
            take(n, &s, name_at(s.name));
        }
    }
    for (n, id) in (1u32..).zip(&d.symbols) {
        if image.p.symbols.info(*id).state >= State::DefWeak {
            let s = global_symbol(image, *id, 0, true);
            take(first + n, &s, image.p.symbols.plain_name(*id));
        }
    }
    list.sort_unstable();
    for (_, number) in list {
        out.put32::<A::Elf>(number);
    }
}
