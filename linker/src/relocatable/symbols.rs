//! The output's symbol table, and the number in it of every symbol of every object.
//!
//! Order: the null symbol, a section symbol for each output section, every object's locals, then globals in the order in
//! which the objects name them. gABI, "Symbol Table": locals first; names, bindings and visibilities stay what they are, except
//! that a name has one entry with the most constraining visibility.

use object::elf;

use super::sections::Sections;
use super::{Job, relocs};
use crate::arch::Arch;
use crate::elf::{PutElf, Sym};
use crate::input::object::{Object, Place};
use crate::options::{DiscardLocals, Strip};
use crate::script::Expr;
use crate::symbols::reserved::Reserved;
use crate::symbols::versions::VER_LOCAL;
use crate::symbols::{FileRef, Info, Seen, State, SymbolId};
use crate::synth::strtab::StrTab;

/// Where a symbol of the output lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// SHN_UNDEF, SHN_ABS, SHN_COMMON and kin.
    Special(u16),
    /// Place in [`Sections::list`].
    Section(u32),
}

/// What a local symbol of an object has become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Local {
    /// Number in the output's table; [`GONE`] when what it names is not in the output.
    pub number: u32,
    /// Bytes to add to a relocation's addend: the section's offset in its output section.
    pub add: u64,
}

/// Not in the output.
pub(super) const GONE: u32 = u32::MAX;

/// The finished table.
pub(super) struct Table {
    pub symtab: Vec<u8>,
    /// Empty unless there is a `.symtab_shndx`.
    pub shndx: Vec<u8>,
    pub strtab: Vec<u8>,
    /// Number of the first symbol that is not local.
    pub first_global: u32,
    /// By local symbol number, counted from the first object's first.
    pub locals: Vec<Local>,
    /// By global symbol number: its number in the table, or [`GONE`].
    pub globals: Vec<u32>,
    /// By group of the output: the number of its signature.
    pub signatures: Vec<u32>,
    /// EI_OSABI must say GNU: there are IFUNC or unique symbols.
    pub gnu: bool,
}

struct Builder<'a, 'd, A: Arch> {
    job: Job<'a, 'd, A>,
    sections: &'a Sections<'d>,
    names: StrTab,
    count: u32,
    table: Table,
    /// By symbol number: a relocation or a group of the output names it. Empty: everything counts as named.
    needed: Vec<bool>,
    collected: bool,
}

/// Builds the table. `collected`: undefined symbols that only dropped sections name are left out.
pub(super) fn build<'d, A: Arch>(
    job: Job<'_, 'd, A>,
    sections: &Sections<'d>,
    collected: bool,
) -> Table {
    let p = job.p;
    let selective = collected
        || job.opts.strip == Strip::All
        || matches!(
            job.opts.discard_locals,
            DiscardLocals::All | DiscardLocals::Temporary
        );
    let locals = p.symbols.total.saturating_sub(p.symbols.globals);
    let mut b = Builder {
        job,
        sections,
        names: StrTab::new(),
        count: 0,
        table: Table {
            symtab: Vec::new(),
            shndx: Vec::new(),
            strtab: Vec::new(),
            first_global: 0,
            locals: vec![
                Local {
                    number: GONE,
                    add: 0
                };
                locals
            ],
            globals: vec![GONE; p.symbols.globals],
            signatures: Vec::new(),
            gnu: false,
        },
        needed: if selective {
            relocs::needed(job, sections)
        } else {
            Vec::new()
        },
        collected,
    };
    b.put(b"", &Sym::default(), At::Special(elf::SHN_UNDEF));
    for at in 0..sections.list.len() as u32 {
        let s = Sym {
            info: elf::STT_SECTION,
            ..Sym::default()
        };
        b.put(b"", &s, At::Section(at));
    }
    for o in &p.objects {
        b.locals(o);
    }
    for (n, o) in p.objects.iter().enumerate() {
        b.reduced(n, o);
    }
    let extra = b.local_signatures();
    b.table.first_global = b.count;
    for (n, o) in p.objects.iter().enumerate() {
        b.globals(n, o);
    }
    b.own_globals();
    b.signatures(&extra);
    let Builder { names, table, .. } = b;
    match names.finish() {
        Ok(strtab) => Table { strtab, ..table },
        Err(e) => {
            job.report.error(format!(".strtab: {e}"));
            table
        }
    }
}

impl<'d, A: Arch> Builder<'_, 'd, A> {
    fn put(&mut self, name: &[u8], s: &Sym, at: At) -> u32 {
        let number = self.count;
        let (shndx, wide) = match at {
            At::Special(n) => (n, 0),
            At::Section(i) => {
                let n = self
                    .sections
                    .list
                    .get(i as usize)
                    .map_or(0, |section| section.number);
                match u16::try_from(n) {
                    Ok(n) if n < elf::SHN_LORESERVE => (n, 0),
                    _ => (elf::SHN_XINDEX, n),
                }
            }
        };
        let name = self.names.add(name);
        self.table
            .symtab
            .put_sym::<A::Elf>(&Sym { name, shndx, ..*s });
        if self.sections.symtab_shndx != 0 {
            self.table.shndx.put32::<A::Elf>(wide);
        }
        self.table.gnu |= s.sym_type() == elf::STT_GNU_IFUNC || s.bind() == elf::STB_GNU_UNIQUE;
        self.count = self.count.saturating_add(1);
        if self.count == GONE {
            self.job.report.error("more symbols than can be numbered");
        }
        number
    }

    fn is_needed(&self, id: SymbolId) -> bool {
        self.needed.is_empty() || self.needed.get(id.index()).copied().unwrap_or(false)
    }

    /// Where a symbol of an object lies; None when its section is not in the output.
    fn place(&self, o: &Object<'d, A::Elf>, index: u32, s: &Sym) -> Option<(At, u64)> {
        match o.place(index, s) {
            Place::Section(n) => self
                .sections
                .place(o.section_id(n))
                .map(|(at, offset)| (At::Section(at), offset.wrapping_add(s.value))),
            Place::Absolute => Some((At::Special(elf::SHN_ABS), s.value)),
            Place::Undefined | Place::Common | Place::Invalid(_) => None,
        }
    }

    fn locals(&mut self, o: &Object<'d, A::Elf>) {
        for i in 1..o.first_global {
            let s = o.symbol(i);
            if let Place::Invalid(n) = o.place(i, &s) {
                self.job.report.error(format!(
                    "{}: local symbol {i} has a bad section number {n:#x}",
                    o.name
                ));
                continue;
            }
            if s.bind() != elf::STB_LOCAL {
                let fault = o.not_local(i);
                self.job.report.error(format!("{}: {fault}", o.name));
                continue;
            }
            let Some((at, value)) = self.place(o, i, &s) else {
                continue;
            };
            let id = o.symbol_id(i);
            let local = match at {
                At::Section(section) if s.sym_type() == elf::STT_SECTION => Local {
                    number: section + 1,
                    add: value,
                },
                _ => {
                    let name = o.symbol_name(&s);
                    if !self.is_needed(id) && self.is_discarded(name, &s) {
                        continue;
                    }
                    let number = self.put(name, &Sym { value, ..s }, at);
                    Local { number, add: 0 }
                }
            };
            self.set_local(id, local);
        }
    }

    fn set_local(&mut self, id: SymbolId, local: Local) {
        let at = id.index().checked_sub(self.job.p.symbols.globals);
        if let Some(slot) = at.and_then(|i| self.table.locals.get_mut(i)) {
            *slot = local;
        }
    }

    /// `-x`, `-X`, `-s`, of a local symbol that no relocation names.
    fn is_discarded(&self, name: &[u8], s: &Sym) -> bool {
        self.job.opts.strip == Strip::All
            || match self.job.opts.discard_locals {
                DiscardLocals::All => true,
                DiscardLocals::Temporary => {
                    name.starts_with(b".L") && s.sym_type() != elf::STT_FILE
                }
                DiscardLocals::SecMerge | DiscardLocals::None => false,
            }
    }

    fn globals(&mut self, n: usize, o: &Object<'d, A::Elf>) {
        for i in o.globals() {
            let id = o.symbol_id(i);
            if self
                .table
                .globals
                .get(id.index())
                .is_some_and(|g| *g != GONE)
            {
                continue;
            }
            let info = self.job.p.symbols.info(id);
            // A definition stands where its object does, everything else where it is named first.
            if info.state >= State::DefWeak
                && info.state != State::Linker
                && info.file != FileRef::object(n)
            {
                continue;
            }
            self.global(id, &info);
        }
    }

    /// `-B reduce`: definitions that a mapfile keeps inside are local symbols.
    fn reduced(&mut self, n: usize, o: &Object<'d, A::Elf>) {
        if !self.job.opts.sunw.reduce {
            return;
        }
        let symbols = &self.job.p.symbols;
        for i in o.globals() {
            let id = o.symbol_id(i);
            let info = symbols.info(id);
            if symbols.version.get(id.index()) == Some(&VER_LOCAL)
                && matches!(info.state, State::DefWeak | State::Def)
                && info.file == FileRef::object(n)
                && self.table.globals.get(id.index()) == Some(&GONE)
            {
                self.global(id, &info);
            }
        }
    }

    /// Names that stand in no object: `-u`, `--defsym`.
    fn own_globals(&mut self) {
        let p = self.job.p;
        let mut rest: Vec<SymbolId> = (0..p.symbols.globals as u32)
            .map(SymbolId)
            .filter(|id| {
                let info = p.symbols.info(*id);
                info.state == State::Linker
                    || info.state == State::Undef && info.seen.contains(Seen::ROOT)
            })
            .filter(|id| self.table.globals.get(id.index()) == Some(&GONE))
            .collect();
        rest.sort_by_key(|id| p.symbols.name(*id));
        for id in rest {
            self.global(id, &p.symbols.info(id));
        }
    }

    fn global(&mut self, id: SymbolId, info: &Info) {
        let p = self.job.p;
        let object = info.file.as_object().and_then(|n| p.objects.get(n));
        let raw = object.map(|o| o.symbol(info.sym)).unwrap_or_default();
        let name = p.symbols.name(id);
        let mut s = Sym {
            info: (elf::STB_GLOBAL << 4) | raw.sym_type(),
            other: (raw.other & !3) | info.visibility,
            ..Sym::default()
        };
        let number = match info.state {
            State::None => return,
            State::UndefWeak | State::UndefShared | State::Undef | State::Shared => {
                if self.collected && !self.is_needed(id) && !info.seen.contains(Seen::ROOT) {
                    return;
                }
                if !info.seen.contains(Seen::REF_STRONG) {
                    s.info = (elf::STB_WEAK << 4) | raw.sym_type();
                }
                self.put(name, &s, At::Special(elf::SHN_UNDEF))
            }
            State::Common => {
                if self.collected && !self.is_needed(id) && !info.seen.contains(Seen::ROOT) {
                    return;
                }
                let common = self.sections.commons.get(&id);
                s.size = raw.size;
                match common.and_then(|c| c.place) {
                    Some((at, offset)) => {
                        s.value = offset;
                        if s.sym_type() == elf::STT_COMMON {
                            s.info = (elf::STB_GLOBAL << 4) | elf::STT_OBJECT;
                        }
                        self.put(name, &s, At::Section(at))
                    }
                    None => {
                        s.value = common.map_or(1, |c| c.align);
                        self.put(name, &s, At::Special(raw.shndx))
                    }
                }
            }
            State::DefWeak | State::Def => {
                let Some(o) = object else { return };
                let Some((at, value)) = self.place(o, info.sym, &raw) else {
                    return;
                };
                s.info = raw.info;
                if self.job.opts.sunw.reduce
                    && p.symbols.version.get(id.index()) == Some(&VER_LOCAL)
                {
                    s.info = (elf::STB_LOCAL << 4) | raw.sym_type();
                    s.other &= !3;
                }
                s.size = raw.size;
                s.value = value;
                // As its object has it: `foo@@V` keeps its version.
                self.put(o.symbol_name(&raw), &s, at)
            }
            State::Linker => match self.assigned(id) {
                Ok((at, value)) => {
                    s.info = elf::STB_GLOBAL << 4;
                    s.value = value;
                    self.put(name, &s, at)
                }
                Err(e) => {
                    let name = String::from_utf8_lossy(name);
                    self.job.report.error(format!("{name} = …: {e}"));
                    return;
                }
            },
        };
        if let Some(slot) = self.table.globals.get_mut(id.index()) {
            *slot = number;
        }
    }

    /// The value that `--defsym` or a script's assignment gives.
    fn assigned(&self, id: SymbolId) -> Result<(At, u64), String> {
        let symbols = &self.job.p.symbols;
        let what = symbols.linker.iter().find(|l| l.id == id).map(|l| &l.what);
        match what {
            Some(Reserved::Assigned(i)) => match self.job.opened.assignments.get(*i) {
                Some(a) => self.evaluate(&a.expr, self.dot(*i), 0),
                None => Err("not known".into()),
            },
            _ => Err("has no value in relocatable output".into()),
        }
    }

    /// What `.` is for an assignment in the braces of an output section.
    fn dot(&self, assignment: usize) -> Option<(u32, u64)> {
        self.sections.dots.get(&assignment).copied()
    }

    /// Numbers, symbols, and sums of them: nothing has an address yet. Inside an output section also what has to do with
    /// `.` alone.
    fn evaluate(&self, e: &Expr, dot: Option<(u32, u64)>, depth: u32) -> Result<(At, u64), String> {
        const ABS: At = At::Special(elf::SHN_ABS);
        if depth > 100 {
            return Err("is defined by itself".into());
        }
        match e {
            Expr::Number(n) => Ok((ABS, *n)),
            Expr::Symbol(name) => {
                let p = self.job.p;
                let id = p.symbols.interner.get(name);
                let info = id.map(|id| p.symbols.info(id)).unwrap_or_default();
                let found = match (id, info.state) {
                    (Some(id), State::Linker) => {
                        let i = p.symbols.linker.iter().find_map(|l| match l.what {
                            Reserved::Assigned(i) if l.id == id => Some(i),
                            _ => None,
                        });
                        let a = i.and_then(|i| Some((i, self.job.opened.assignments.get(i)?)));
                        return match a {
                            Some((i, a)) => self.evaluate(&a.expr, self.dot(i), depth + 1),
                            None => Err("has no value in relocatable output".into()),
                        };
                    }
                    (Some(_), State::Def | State::DefWeak) => {
                        let o = info.file.as_object().and_then(|n| p.objects.get(n));
                        o.and_then(|o| self.place(o, info.sym, &o.symbol(info.sym)))
                    }
                    _ => None,
                };
                found.ok_or_else(|| {
                    format!(
                        "symbol {} is not defined here",
                        String::from_utf8_lossy(name)
                    )
                })
            }
            Expr::Unary(b'-', a) => match self.evaluate(a, dot, depth + 1)? {
                (ABS, v) => Ok((ABS, v.wrapping_neg())),
                _ => Err("an address cannot be negated in relocatable output".into()),
            },
            Expr::Binary(op, a, b) => {
                let (a, b) = (
                    self.evaluate(a, dot, depth + 1)?,
                    self.evaluate(b, dot, depth + 1)?,
                );
                match (*op, a, b) {
                    ("+", (at, x), (ABS, y)) | ("+", (ABS, x), (at, y)) => {
                        Ok((at, x.wrapping_add(y)))
                    }
                    ("-", (at, x), (ABS, y)) => Ok((at, x.wrapping_sub(y))),
                    ("-", (p, x), (q, y)) if p == q => Ok((ABS, x.wrapping_sub(y))),
                    _ => Err(format!("{op} is not available in relocatable output")),
                }
            }
            Expr::Dot | Expr::Call(..) if dot.is_some() => {
                let (at, offset) = dot.unwrap_or_default();
                super::script::value(e, offset).map(|value| (At::Section(at), value))
            }
            _ => Err("only sums of symbols and numbers are possible in relocatable output".into()),
        }
    }

    /// Signatures of kept groups that are section symbols: where the section itself is not in the output, or has another
    /// name, a local symbol of that name is made. By group of the output.
    fn local_signatures(&mut self) -> Vec<Option<u32>> {
        let sections = self.sections;
        let mut out = Vec::with_capacity(sections.groups.len());
        for g in &sections.groups {
            let made = self
                .job
                .p
                .objects
                .get(g.object as usize)
                .and_then(|o| Some((o, o.groups.get(g.group as usize)?)))
                .filter(|(o, group)| {
                    // The first names are those of globals.
                    group.signature as usize
                        >= o.symbols.len().saturating_sub(o.first_global as usize)
                })
                .and_then(|(o, group)| {
                    let symbol = o.sections.get(group.section as usize)?.info;
                    let name = self
                        .job
                        .p
                        .symbols
                        .name(*o.names.get(group.signature as usize)?);
                    let at = o
                        .symbol_id(symbol)
                        .index()
                        .checked_sub(self.job.p.symbols.globals)?;
                    let known = self.table.locals.get(at).map_or(GONE, |l| l.number);
                    let section = known
                        .checked_sub(1)
                        .and_then(|i| sections.list.get(i as usize));
                    if known != GONE && section.is_none_or(|s| s.name == name) {
                        return Some(known);
                    }
                    Some(self.put(name, &Sym::default(), At::Special(elf::SHN_ABS)))
                });
            out.push(made);
        }
        out
    }

    fn signatures(&mut self, local: &[Option<u32>]) {
        for (g, local) in self.sections.groups.iter().zip(local) {
            let id = self.job.p.objects.get(g.object as usize).and_then(|o| {
                o.names
                    .get(o.groups.get(g.group as usize)?.signature as usize)
            });
            let global = id.and_then(|id| self.table.globals.get(id.index()).copied());
            let number = local.or(global).filter(|n| *n != GONE).unwrap_or(0);
            self.table.signatures.push(number);
        }
    }
}
