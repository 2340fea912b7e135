//! What stands in each word of `.got`: the one list from which its contents, its relocations and their number are made.
//!
//! psABI, "Global Offset Table"; ELF TLS specification for the module/offset pairs.

use super::slots::{NONE, SlotTable, flags_of};
use crate::arch::{Arch, SymFlags};
use crate::options::{Options, OutputKind};
use crate::symbols::SymbolId;
use crate::symbols::bind::Program;

/// The meaning of one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GotWord {
    /// The symbol's address, known but for the load address.
    Address(SymbolId),
    /// A number that does not move (absolute symbols, undefined weak).
    Constant(SymbolId),
    /// Filled in by the run-time linker (GLOB_DAT).
    Imported(SymbolId),
    /// Address of the IFUNC's `.iplt` entry, which is its canonical address.
    IpltAddress(u32),
    /// Result of calling the IFUNC resolver (IRELATIVE).
    Irelative(SymbolId),
    /// Module number: of the symbol's module, of this module by relocation, or of the program (always 1).
    ModuleOf(SymbolId),
    ModuleSelf,
    ModuleOne,
    /// Offset in the module's TLS block: by relocation, or known.
    DtpOffOf(SymbolId),
    DtpOff(SymbolId),
    Zero,
    /// Offset from the thread pointer: by relocation with the symbol, by relocation with an offset, or known.
    TpOffOf(SymbolId),
    TpOffSelf(SymbolId),
    TpOff(SymbolId),
    /// First word of a descriptor, and the second.
    DescOf(SymbolId),
    DescSelf(SymbolId),
    DescSecond,
}

/// Whether a word costs a dynamic relocation, and of which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    None,
    Relative,
    Irelative,
    Other,
}

/// Calls `f` with every word and what it means.
pub fn for_each<A: Arch>(
    p: &Program<'_, A::Elf>,
    slots: &SlotTable,
    opts: &Options,
    mut f: impl FnMut(u32, GotWord),
) {
    // The platform gives the program's own block no fixed number, or this is no program.
    let shared = opts.kind == OutputKind::Shared;
    let by_relocation = shared || (p.dynamic && !slots.program_is_module_one);
    for s in &slots.slots {
        let flags = flags_of(p, s.id);
        let imported = flags.contains(SymFlags::IMPORTED);
        if s.got != NONE {
            let word = if imported && !(s.canonical && s.plt != NONE && !p.dynamic) {
                GotWord::Imported(s.id)
            } else if flags.contains(SymFlags::IFUNC) {
                if s.is_ifuncs_address() {
                    GotWord::IpltAddress(s.iplt)
                } else {
                    GotWord::Irelative(s.id)
                }
            } else if flags.intersects(SymFlags::ABS | SymFlags::UNDEF_WEAK) {
                GotWord::Constant(s.id)
            } else {
                GotWord::Address(s.id)
            };
            f(s.got, word);
        }
        if s.tlsgd != NONE {
            let (module, offset) = if imported {
                (GotWord::ModuleOf(s.id), GotWord::DtpOffOf(s.id))
            } else if by_relocation {
                (GotWord::ModuleSelf, GotWord::DtpOff(s.id))
            } else {
                (GotWord::ModuleOne, GotWord::DtpOff(s.id))
            };
            f(s.tlsgd, module);
            f(s.tlsgd + 1, offset);
        }
        if s.gottp != NONE {
            let word = if imported {
                GotWord::TpOffOf(s.id)
            } else if shared {
                GotWord::TpOffSelf(s.id)
            } else {
                GotWord::TpOff(s.id)
            };
            f(s.gottp, word);
        }
        if s.tlsdesc != NONE {
            f(
                s.tlsdesc,
                if imported {
                    GotWord::DescOf(s.id)
                } else {
                    GotWord::DescSelf(s.id)
                },
            );
            f(s.tlsdesc + 1, GotWord::DescSecond);
        }
        if s.iplt_got != NONE {
            f(s.iplt_got, GotWord::Irelative(s.id));
        }
    }
    if slots.tlsld != NONE {
        f(
            slots.tlsld,
            if by_relocation {
                GotWord::ModuleSelf
            } else {
                GotWord::ModuleOne
            },
        );
        f(slots.tlsld + 1, GotWord::Zero);
    }
}

/// What the run-time linker has to do for a word.
pub fn cost(word: GotWord, pic: bool) -> Cost {
    match word {
        GotWord::Address(_) | GotWord::IpltAddress(_) if pic => Cost::Relative,
        GotWord::Irelative(_) => Cost::Irelative,
        GotWord::Imported(_)
        | GotWord::ModuleOf(_)
        | GotWord::ModuleSelf
        | GotWord::DtpOffOf(_)
        | GotWord::TpOffOf(_)
        | GotWord::TpOffSelf(_)
        | GotWord::DescOf(_)
        | GotWord::DescSelf(_) => Cost::Other,
        _ => Cost::None,
    }
}

/// Numbers of relocations that `.got` costs.
#[derive(Clone, Copy, Debug, Default)]
pub struct GotCosts {
    pub relative: u64,
    pub irelative: u64,
    pub other: u64,
}

pub fn costs<A: Arch>(p: &Program<'_, A::Elf>, slots: &SlotTable, opts: &Options) -> GotCosts {
    let mut c = GotCosts::default();
    for_each::<A>(p, slots, opts, |_, w| match cost(w, opts.kind.is_pic()) {
        Cost::None => {}
        Cost::Relative => c.relative += 1,
        Cost::Irelative => c.irelative += 1,
        Cost::Other => c.other += 1,
    });
    c
}
