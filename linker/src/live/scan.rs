//! One section's relocations: which symbols need a GOT word, a PLT entry, a copy; which places need the run-time linker.

use std::sync::atomic::{AtomicU16, Ordering};

use object::elf;

use crate::arch::{Action, Arch, Base, Dynamic, Needs, OutputTraits, Plain, Problem, SymFlags};
use crate::elf::{Elf, Reloc, Relocs, Sym};
use crate::input::object::{Kind, Object, Place, Section};
use crate::layout::names::SHF_X86_64_LARGE;
use crate::options::{Options, OutputKind};
use crate::symbols::bind::Program;
use crate::symbols::{SectionId, State, SymbolId, Target};

/// What a relocation's symbol is, whether global or local.
#[derive(Clone, Copy, Debug)]
pub struct Referent {
    pub id: SymbolId,
    pub target: Target,
    /// The section was thrown away with its COMDAT group.
    pub discarded: bool,
}

/// Flags of a local symbol, from its entry.
fn local_target<E: Elf>(o: &Object<'_, E>, index: u32, s: &Sym) -> (Target, bool) {
    let mut flags = match s.sym_type() {
        elf::STT_TLS => SymFlags::TLS,
        elf::STT_GNU_IFUNC => SymFlags::IFUNC | SymFlags::FUNC,
        elf::STT_FUNC => SymFlags::FUNC,
        elf::STT_SECTION => SymFlags::SECTION,
        _ => SymFlags::empty(),
    };
    match o.place(index, s) {
        Place::Section(n) => {
            let section = o.sections.get(n as usize);
            if section.is_some_and(|s| s.flags & elf::SHF_TLS != 0)
                && s.sym_type() == elf::STT_SECTION
            {
                flags |= SymFlags::TLS;
            }
            if section.is_some_and(|s| s.flags & SHF_X86_64_LARGE != 0) {
                flags |= SymFlags::FAR;
            }
            let discarded = section.is_some_and(|s| s.kind == Kind::Discarded);
            (
                Target {
                    section: o.section_id(n),
                    flags,
                },
                discarded,
            )
        }
        // Symbol 0: the relocation is against the value 0.
        _ => (
            Target {
                section: SectionId::NONE,
                flags: flags | SymFlags::ABS,
            },
            false,
        ),
    }
}

/// The symbol a relocation names.
#[inline(always)]
pub fn referent<E: Elf>(p: &Program<'_, E>, o: &Object<'_, E>, sym: u32) -> Referent {
    let id = o.symbol_id(sym);
    if sym >= o.first_global {
        Referent {
            id,
            target: p.symbols.target(id),
            discarded: false,
        }
    } else {
        let (target, discarded) = local_target(o, sym, &o.symbol(sym));
        Referent {
            id,
            target,
            discarded,
        }
    }
}

/// What the output is to the architecture, for one input section.
pub fn traits_for(
    opts: &Options,
    dynamic: bool,
    tlsdesc: bool,
    section_flags: u32,
) -> OutputTraits {
    OutputTraits {
        kind: opts.kind,
        is_static: !dynamic,
        relax: opts.relax,
        copyreloc: opts.z.copyreloc,
        alloc: section_flags & elf::SHF_ALLOC != 0,
        writable: section_flags & elf::SHF_WRITE != 0,
        tlsdesc,
    }
}

/// [`Arch::decide`], with the one case that needs the program: a weak undefined symbol may be left to the run-time
/// linker only where a GOT word stands for it; code and data that hold its address get 0, as GNU ld does.
#[inline(always)]
pub fn decide<A: Arch>(
    p: &Program<'_, A::Elf>,
    r: &Reloc,
    next: Option<&Reloc>,
    who: &Referent,
    out: &OutputTraits,
    code: &[u8],
) -> Action {
    let flags = who.target.flags;
    let mut action = A::decide(r, next, flags, out, code);
    if action.problem == Some(Problem::TlsMismatch)
        && flags.contains(SymFlags::IMPORTED)
        && p.symbols.info(who.id).state < State::Shared
    {
        // Nobody has defined it yet, so only the relocation knows that it is thread-local.
        action = A::decide(r, next, flags | SymFlags::TLS, out, code);
        if action.problem.is_none() {
            return action;
        }
    }
    if flags.contains(SymFlags::TLS)
        && out.alloc
        && matches!(action.base, Base::Sym | Base::Plt | Base::Got)
    {
        return Action::problem(Problem::TlsMismatch);
    }
    if flags.contains(SymFlags::IMPORTED)
        && (action.needs.intersects(Needs::COPY | Needs::CPLT)
            || action.dynamic != Dynamic::Nothing
            || action.problem.is_some())
        && out.kind != OutputKind::Shared
        && p.symbols.info(who.id).state < State::Shared
    {
        let weak = (flags - SymFlags::IMPORTED) | SymFlags::UNDEF_WEAK | SymFlags::ABS;
        return A::decide(r, next, weak, out, code);
    }
    action
}

/// Something a scan found wrong, made into text later (`errors.rs`).
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    pub what: What,
    pub object: u32,
    pub section: u32,
    pub reloc: Reloc,
    pub symbol: SymbolId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Undefined,
    Problem(Problem),
    Discarded,
    /// A dynamic relocation in a read-only section.
    TextRelocation,
    BadSymbol,
}

/// Counts of one section.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub relative: u32,
    pub other: u32,
}

/// What all scans share.
pub struct Scanner<'a, 'd, A: Arch> {
    pub program: &'a Program<'d, A::Elf>,
    pub opts: &'a Options,
    pub tlsdesc: bool,
    /// By symbol number.
    pub needs: &'a [AtomicU16],
    pub module: &'a AtomicU16,
    /// RELR carries RELATIVE relocations at even places.
    pub relr: bool,
}

impl<'d, A: Arch> Scanner<'_, 'd, A> {
    fn need(&self, id: SymbolId, needs: Needs) {
        let own = needs - (Needs::TLSLD | Needs::GOTBASE);
        if !own.is_empty()
            && let Some(word) = self.needs.get(id.index())
            && word.load(Ordering::Relaxed) & own.bits() != own.bits()
        {
            word.fetch_or(own.bits(), Ordering::Relaxed);
        }
        let module = needs & (Needs::TLSLD | Needs::GOTBASE);
        if !module.is_empty()
            && self.module.load(Ordering::Relaxed) & module.bits() != module.bits()
        {
            self.module.fetch_or(module.bits(), Ordering::Relaxed);
        }
    }

    /// Goes through the relocations `range` of a section (by `get`); calls `reach` with every section referred to.
    pub fn scan(
        &self,
        object: u32,
        shndx: u32,
        relocs: Relocs<'d, A::Elf>,
        mut reach: impl FnMut(SectionId, SymbolId),
        found: &mut Vec<Finding>,
    ) -> Counts {
        let p = self.program;
        let mut counts = Counts::default();
        let Some(o) = p.objects.get(object as usize) else {
            return counts;
        };
        let Some(section) = o.sections.get(shndx as usize) else {
            return counts;
        };
        let code = o.section_data(shndx);
        let out = traits_for(self.opts, p.dynamic, self.tlsdesc, section.flags);
        let n = relocs.len();
        let mut i = 0;
        while i < n {
            let mut r = relocs.get(i);
            i += 1;
            if r.ty == A::R_NONE {
                continue;
            }
            if !A::IS_RELA {
                r.addend = A::implicit_addend(r.ty, r.offset, code);
            }
            let next = if i < n { Some(relocs.get(i)) } else { None };
            let place = Site {
                object,
                shndx,
                o,
                section,
                code,
                out: &out,
            };
            i += self.one(&place, r, next.as_ref(), &mut reach, found, &mut counts);
        }
        counts
    }

    /// A single relocation, for sections that are not walked as a whole (`.eh_frame`).
    pub fn scan_one(
        &self,
        object: u32,
        shndx: u32,
        mut r: Reloc,
        mut reach: impl FnMut(SectionId, SymbolId),
        found: &mut Vec<Finding>,
    ) -> Counts {
        let mut counts = Counts::default();
        let Some(o) = self.program.objects.get(object as usize) else {
            return counts;
        };
        let Some(section) = o.sections.get(shndx as usize) else {
            return counts;
        };
        let code = o.section_data(shndx);
        let out = traits_for(self.opts, self.program.dynamic, self.tlsdesc, section.flags);
        if !A::IS_RELA {
            r.addend = A::implicit_addend(r.ty, r.offset, code);
        }
        self.one(
            &Site {
                object,
                shndx,
                o,
                section,
                code,
                out: &out,
            },
            r,
            None,
            &mut reach,
            found,
            &mut counts,
        );
        counts
    }

    /// What relocation `r` at `at` asks for; gives how many of the following relocations belong to it.
    #[inline(always)]
    fn one(
        &self,
        at: &Site<'_, 'd, A::Elf>,
        r: Reloc,
        next: Option<&Reloc>,
        reach: &mut impl FnMut(SectionId, SymbolId),
        found: &mut Vec<Finding>,
        counts: &mut Counts,
    ) -> usize {
        let Site {
            object,
            shndx,
            o,
            code,
            out,
            ..
        } = *at;
        let mut report = |what, symbol| {
            found.push(Finding {
                what,
                object,
                section: shndx,
                reloc: r,
                symbol,
            })
        };
        if r.sym as usize >= o.symbols.len() {
            report(What::BadSymbol, SymbolId(0));
            return 0;
        }
        let who = referent(self.program, o, r.sym);
        if who.target.flags.contains(SymFlags::UNDEFINED) {
            report(What::Undefined, who.id);
            return 0;
        }
        if who.discarded {
            report(What::Discarded, who.id);
            return 0;
        }
        reach(who.target.section, who.id);
        if out.alloc && !who.target.flags.intersects(SymFlags::SPECIAL) {
            match A::plain(r.ty) {
                Plain::No => {}
                Plain::Word if out.kind.is_pic() => {
                    self.dynamic(at, &r, Dynamic::Relative, who.id, found, counts);
                    return 0;
                }
                Plain::Distance | Plain::Word => return 0,
            }
        }
        let action = decide::<A>(self.program, &r, next, &who, out, code);
        if let Some(problem) = action.problem {
            report(What::Problem(problem), who.id);
            return 0;
        }
        if !action.needs.is_empty() {
            self.need(who.id, action.needs);
        }
        if action.dynamic != Dynamic::Nothing {
            self.dynamic(at, &r, action.dynamic, who.id, found, counts);
        }
        usize::from(action.skip_next)
    }

    /// A place that is left to the run-time linker.
    #[inline(always)]
    fn dynamic(
        &self,
        at: &Site<'_, 'd, A::Elf>,
        r: &Reloc,
        kind: Dynamic,
        symbol: SymbolId,
        found: &mut Vec<Finding>,
        counts: &mut Counts,
    ) {
        if !at.out.writable && (self.opts.z.text || self.opts.warn_textrel) {
            found.push(Finding {
                what: What::TextRelocation,
                object: at.object,
                section: at.shndx,
                reloc: *r,
                symbol,
            });
        }
        if self.relr && carries_relr(kind, at.section, r.offset) {
            counts.relative += 1;
        } else {
            counts.other += 1;
        }
        if kind == Dynamic::Symbolic {
            self.need(symbol, Needs::DYNSYM);
        }
    }
}

/// Where a relocation stands.
#[derive(Clone, Copy)]
struct Site<'s, 'd, E: Elf> {
    object: u32,
    shndx: u32,
    o: &'s Object<'d, E>,
    section: &'s Section,
    code: &'d [u8],
    out: &'s OutputTraits,
}

/// Whether `.relr.dyn` can hold a relocation: RELATIVE, at an even address.
pub fn carries_relr(kind: Dynamic, section: &Section, offset: u64) -> bool {
    kind == Dynamic::Relative && offset & 1 == 0 && section.align_log2 >= 1
}
