//! `.SUNW_syminfo`: four bytes for each dynamic symbol that say which library it is bound to, and how.
//!
//! Linker and Libraries Guide, "Syminfo Table Section"; illumos, `sys/link.h` and libld's update.c. The number of a
//! library is that of its entry in `.dynamic`; entry 0 holds the table's version.

use crate::elf::{Elf, PutElf};
use crate::layout::dynsym::{DynSymbols, OWN_TLS};
use crate::options::Options;
use crate::script::Attributes;
use crate::symbols::bind::Program;
use crate::symbols::{State, SymbolId};

pub const SHT_SUNW_SYMINFO: u32 = 0x6fff_fffc;
/// Bytes of an entry.
pub const ENTRY: u64 = 4;

const DIRECT: u16 = 0x1;
const FILTER: u16 = 0x2;
const COPY: u16 = 0x4;
const LAZYLOAD: u16 = 0x8;
const DIRECTBIND: u16 = 0x10;
const NOEXTDIRECT: u16 = 0x20;
const AUXILIARY: u16 = 0x40;
const INTERPOSE: u16 = 0x80;
const DEFERRED: u16 = 0x200;

const BT_SELF: u16 = 0xffff;
const BT_PARENT: u16 = 0xfffe;
const BT_NONE: u16 = 0xfffd;
const BT_EXTERN: u16 = 0xfffc;
/// The table's version.
const CURRENT: u16 = 1;

/// DT_POSFLAG_1 bits, for the entry that follows.
pub const P1_LAZYLOAD: u32 = 1;
pub const P1_GROUPPERM: u32 = 2;
pub const P1_DEFERRED: u32 = 4;

/// Whether the table is needed: something must be said of a symbol that its entry in `.dynsym` does not say.
pub fn wanted<E: Elf>(p: &Program<'_, E>, opts: &Options) -> bool {
    let says = |a: &Attributes| {
        a.filtee.is_some() || a.direct.is_some() || a.interpose || a.parent || a.external
    };
    p.dynamic
        && (opts.sunw.direct.is_some()
            || p.shared
                .iter()
                .any(|s| s.is_needed && (s.load.direct || s.load.lazyload || s.load.deferred))
            || opts
                .sunw
                .mapfile
                .symbols
                .iter()
                .any(|s| says(&s.attributes)))
}

/// Numbers in `.dynamic` of the libraries' and filtees' entries, which stand first there.
fn positions(d: &DynSymbols) -> (Vec<u16>, Vec<u16>) {
    let mut next = 0u16;
    let mut needed = Vec::new();
    for flags in &d.strings.needed_flags {
        next += u16::from(*flags != 0);
        needed.push(next);
        next += 1;
    }
    let filtees = (0..d.strings.filtees.len()).map(|i| next + i as u16);
    (needed, filtees.collect())
}

/// The table's bytes.
pub fn write<E: Elf>(
    p: &Program<'_, E>,
    d: &DynSymbols,
    opts: &Options,
    copied: impl Fn(SymbolId) -> bool,
    out: &mut Vec<u8>,
) {
    let (needed, filtees) = positions(d);
    let number_of_lib: Vec<Option<u16>> = {
        let mut numbers = needed.into_iter();
        let all = p.shared.iter();
        all.map(|s| if s.is_needed { numbers.next() } else { None })
            .collect()
    };
    let none = Attributes::default();
    let described = |id: SymbolId| {
        if id == OWN_TLS {
            return &none;
        }
        let name = p.symbols.plain_name(id);
        d.described
            .get(name)
            .and_then(|at| opts.sunw.mapfile.symbols.get(*at))
            .map_or(&none, |s| &s.attributes)
    };
    let mut put = |bound: u16, flags: u16| {
        out.put16::<E>(bound);
        out.put16::<E>(flags);
    };
    put(0, CURRENT);
    for id in &d.symbols {
        let info = p.symbols.info(*id);
        let a = described(*id);
        let everywhere = opts.sunw.direct == Some(true);
        let (mut bound, mut flags) = (0, 0);
        if copied(*id) {
            flags |= COPY;
        }
        if info.state == State::Shared {
            let lib = info.file.as_shared();
            let load = lib.and_then(|f| p.shared.get(f)).map(|s| s.load);
            bound = lib
                .and_then(|f| number_of_lib.get(f).copied().flatten())
                .unwrap_or(0);
            flags |= DIRECT;
            if let Some(load) = load {
                if load.lazyload {
                    flags |= LAZYLOAD;
                }
                if load.deferred {
                    flags |= DEFERRED;
                }
                if a.direct.unwrap_or(load.direct || everywhere) {
                    flags |= DIRECTBIND;
                }
            }
        } else if info.state >= State::DefWeak {
            let closed = a.direct == Some(false) || opts.sunw.direct == Some(false);
            if let Some(filtee) = &a.filtee {
                flags |= if filtee.auxiliary { AUXILIARY } else { FILTER };
                let at = d
                    .strings
                    .filtees
                    .iter()
                    .position(|f| f.object == filtee.object);
                bound = at.and_then(|i| filtees.get(i).copied()).unwrap_or(0);
                if closed {
                    flags |= NOEXTDIRECT;
                }
            } else if closed {
                bound = BT_NONE;
                flags |= NOEXTDIRECT;
            } else {
                bound = BT_SELF;
                flags |= DIRECT;
                if a.direct == Some(true) || everywhere {
                    flags |= DIRECTBIND;
                }
            }
            if a.interpose {
                flags |= INTERPOSE;
            }
        } else if a.parent {
            bound = BT_PARENT;
            flags |= DIRECT;
            if a.direct.unwrap_or(everywhere) {
                flags |= DIRECTBIND;
            }
        } else if a.external {
            bound = BT_EXTERN;
        }
        put(bound, flags);
    }
}
