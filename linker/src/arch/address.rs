//! What a reference to an address costs: one table for each kind of reference.
//!
//! The rules are the same on every architecture: a word can be completed by the run-time linker, a narrower
//! field cannot; a distance is fixed when both ends are in this output; a program (not a library) may claim
//! a shared object's symbol for itself, a variable with a copy relocation, a function with its PLT entry as
//! the one address that everybody uses (canonical PLT). An architecture says which table a type uses.

use super::{Action, Base, Dynamic, Minus, Needs, OutputTraits, Problem, SymFlags};
use crate::options::OutputKind;

/// What a symbol is to a reference: the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number, not an address.
    Absolute,
    /// Undefined and 0, or undefined and reported elsewhere.
    Missing,
    Local,
    /// An IFUNC of this output.
    Ifunc,
    ImportedData,
    ImportedFunc,
}

#[inline(always)]
pub fn kind(sym: SymFlags) -> Kind {
    if sym.contains(SymFlags::IMPORTED) {
        if sym.contains(SymFlags::FUNC) {
            Kind::ImportedFunc
        } else {
            Kind::ImportedData
        }
    } else if sym.intersects(SymFlags::UNDEF_WEAK.union(SymFlags::UNDEFINED)) {
        Kind::Missing
    } else if sym.contains(SymFlags::IFUNC) {
        Kind::Ifunc
    } else if sym.contains(SymFlags::ABS) {
        Kind::Absolute
    } else {
        Kind::Local
    }
}

/// What is to be done: the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Do {
    /// Known when linking.
    Fixed,
    /// The load address is added at run time.
    Relative,
    /// The resolver is called at run time.
    Irelative,
    /// The symbol is looked up at run time.
    Symbolic,
    /// The PLT entry, without claiming it as the function's address.
    Plt,
    Copy,
    Canonical,
    /// `Canonical`, and the load address is added to it.
    CanonicalRelative,
    /// `Symbolic` where that is no text relocation, else `Copy`.
    SymbolicOrCopy,
    /// `Symbolic` where that is no text relocation, else `Canonical`.
    SymbolicOrCanonical,
    NotPic,
    AbsFromPic,
}

/// Rows: shared object, PIE, position-dependent program. Columns: [`Kind`].
pub type Table = [[Do; 6]; 3];

use Do::*;

/// A field of the size of an address. An IFUNC's address in a program is its PLT entry wherever it is taken,
/// so that pointers to it compare equal; in a shared object data gets what the resolver returns, as the GOT does, unless its code
/// takes the address without a relocation (`emit/dynrel.rs`).
pub static WORD: Table = [
    [Fixed, Fixed, Relative, Irelative, Symbolic, Symbolic],
    [
        Fixed,
        Fixed,
        Relative,
        CanonicalRelative,
        Symbolic,
        Symbolic,
    ],
    [
        Fixed,
        Fixed,
        Fixed,
        Canonical,
        SymbolicOrCopy,
        SymbolicOrCanonical,
    ],
];

/// An address in a field too small for one: only while the load address is known.
pub static NARROW: Table = [
    [Fixed, Fixed, NotPic, NotPic, NotPic, NotPic],
    [Fixed, Fixed, NotPic, NotPic, NotPic, NotPic],
    [Fixed, Fixed, Fixed, Canonical, Copy, Canonical],
];

/// A distance (from the place, from the GOT) to what may be data or a function whose address is taken. A
/// missing weak symbol is address 0 before relocation, as other linkers have it.
pub static DISTANCE: Table = [
    [AbsFromPic, Fixed, Fixed, Canonical, NotPic, NotPic],
    [AbsFromPic, Fixed, Fixed, Canonical, Copy, Canonical],
    [Fixed, Fixed, Fixed, Canonical, Copy, Canonical],
];

/// A distance to something that is only called.
pub static CALL: Table = [
    [AbsFromPic, Fixed, Fixed, Plt, Plt, Plt],
    [AbsFromPic, Fixed, Fixed, Plt, Plt, Plt],
    [Fixed, Fixed, Fixed, Plt, Plt, Plt],
];

/// Looks `sym` up in `table` and says it as an action whose value has `minus` subtracted.
#[inline(always)]
pub fn refer(table: &Table, minus: Minus, sym: SymFlags, out: &OutputTraits) -> Action {
    let fixed = Action::new(Base::Sym, minus);
    if !out.alloc {
        return fixed;
    }
    if sym.contains(SymFlags::TLS.union(SymFlags::IMPORTED)) {
        return Action::problem(Problem::TlsMismatch);
    }
    let row = match out.kind {
        OutputKind::Shared => 0,
        OutputKind::Pie => 1,
        OutputKind::Executable | OutputKind::Relocatable => 2,
    };
    let canonical = fixed.needs(Needs::PLT.union(Needs::CPLT));
    let symbolic = fixed.dynamic(Dynamic::Symbolic).needs(Needs::DYNSYM);
    let no_copy = !out.copyreloc || sym.intersects(SymFlags::PROTECTED.union(SymFlags::NO_COPY));
    match table[row][kind(sym) as usize] {
        Fixed => fixed,
        Relative => fixed.dynamic(Dynamic::Relative),
        Irelative => fixed.dynamic(Dynamic::Irelative),
        Symbolic => symbolic,
        Plt => Action::new(Base::Plt, minus).needs(Needs::PLT),
        SymbolicOrCopy if out.writable || no_copy => symbolic,
        SymbolicOrCanonical if out.writable || sym.contains(SymFlags::NO_COPY) => symbolic,
        Copy | SymbolicOrCopy if no_copy => Action::problem(Problem::NoCopy),
        Copy | SymbolicOrCopy => fixed.needs(Needs::COPY),
        Canonical if sym.contains(SymFlags::NO_COPY) => Action::problem(Problem::NoCopy),
        Canonical | SymbolicOrCanonical => canonical,
        CanonicalRelative => canonical.dynamic(Dynamic::Relative),
        NotPic => Action::problem(Problem::NotPic),
        AbsFromPic => Action::problem(Problem::AbsFromPic),
    }
}

/// Where a reference through the GOT can become a direct one: the symbol is an address of this output and near.
#[inline(always)]
pub fn may_bypass_got(sym: SymFlags, out: &OutputTraits) -> bool {
    let not = SymFlags::IMPORTED
        | SymFlags::IFUNC
        | SymFlags::ABS
        | SymFlags::UNDEF_WEAK
        | SymFlags::UNDEFINED
        | SymFlags::FAR;
    out.relax && !sym.intersects(not)
}
