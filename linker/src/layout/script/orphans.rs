//! Where sections go that no rule of the script takes.
//!
//! GNU ld manual, "Orphan Sections": into an output section of the same name, else behind the last one of a like
//! nature, together with the symbols assigned behind it but before `.` is moved.

use object::elf;

use super::assemble::{Assembled, Out, new_out};
use super::plan::{Item, Plan};

/// The nature of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    pub flags: u64,
    pub ty: u32,
}

/// What GNU ld looks at: bits of its section flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bits(u8);

impl Bits {
    const CONTENTS: u8 = 1;
    const ALLOC: u8 = 2;
    const LOAD: u8 = 4;
    const READONLY: u8 = 8;
    const CODE: u8 = 16;
    const TLS: u8 = 32;
    const ALL: u8 = 63;

    fn of(t: Traits) -> Bits {
        let has = |f: u32| t.flags & u64::from(f) != 0;
        let contents = t.ty != elf::SHT_NOBITS;
        let mut bits = 0;
        let mut set = |on: bool, bit: u8| {
            if on {
                bits |= bit;
            }
        };
        set(contents, Bits::CONTENTS);
        set(has(elf::SHF_ALLOC), Bits::ALLOC);
        set(has(elf::SHF_ALLOC) && contents, Bits::LOAD);
        set(!has(elf::SHF_WRITE), Bits::READONLY);
        set(has(elf::SHF_EXECINSTR), Bits::CODE);
        set(has(elf::SHF_TLS), Bits::TLS);
        Bits(bits)
    }

    fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }

    /// Whether two differ in none of these bits.
    fn like(self, other: Bits, bits: u8) -> bool {
        (self.0 ^ other.0) & bits == 0
    }
}

/// Kinds of orphans, with the section each goes behind.
const KINDS: &[(&[u8], u8)] = &[
    (
        b".text",
        Bits::CONTENTS | Bits::ALLOC | Bits::LOAD | Bits::READONLY | Bits::CODE,
    ),
    (
        b".rodata",
        Bits::CONTENTS | Bits::ALLOC | Bits::LOAD | Bits::READONLY,
    ),
    (
        b".tdata",
        Bits::CONTENTS | Bits::ALLOC | Bits::LOAD | Bits::TLS,
    ),
    (b".data", Bits::CONTENTS | Bits::ALLOC | Bits::LOAD),
    (b".bss", Bits::ALLOC),
    // Relocations: behind those there are.
    (
        b"",
        Bits::CONTENTS | Bits::ALLOC | Bits::LOAD | Bits::READONLY,
    ),
    (
        b".interp",
        Bits::CONTENTS | Bits::ALLOC | Bits::LOAD | Bits::READONLY,
    ),
    (b".comment", Bits::CONTENTS),
];
const RELOCATIONS: usize = 5;
const NOT_LOADED: usize = 7;

/// By kind: the orphan that was put there last.
#[derive(Clone, Debug, Default)]
pub struct Holds([Option<usize>; KINDS.len()]);

fn kind(t: Traits) -> usize {
    let bits = Bits::of(t);
    if !bits.has(Bits::ALLOC) {
        NOT_LOADED
    } else if bits.has(Bits::LOAD) && t.ty == elf::SHT_NOTE {
        6
    } else if bits.0 & (Bits::LOAD | Bits::CONTENTS | Bits::TLS) == 0 {
        4
    } else if bits.has(Bits::TLS) {
        2
    } else if !bits.has(Bits::READONLY) {
        3
    } else if matches!(t.ty, elf::SHT_RELA | elf::SHT_REL) {
        RELOCATIONS
    } else if !bits.has(Bits::CODE) {
        1
    } else {
        0
    }
}

/// The bits of an output section so far; None when nothing says what it is.
fn bits_of(out: &Out<'_>) -> Option<Bits> {
    if out.has_input || out.has_data {
        return Some(Bits::of(Traits {
            flags: out.section.flags,
            ty: out.section.ty,
        }));
    }
    KINDS
        .iter()
        .find(|(name, _)| !name.is_empty() && *name == out.section.name)
        .map(|(_, bits)| Bits(*bits))
}

/// The output section an orphan goes into: one of its name and nature, or a new one.
pub fn find_or_place<'d>(
    a: &mut Assembled<'d>,
    plan: &Plan<'d>,
    name: &'d [u8],
    t: Traits,
    unique: bool,
) -> usize {
    let bits = Bits::of(t);
    let same = |out: &Out<'_>| {
        out.section.name == name
            && (!out.has_input
                || Bits::of(Traits {
                    flags: out.section.flags,
                    ty: out.section.ty,
                })
                .like(bits, Bits::LOAD | Bits::ALLOC))
    };
    if !unique {
        // One that is in use comes before one that is empty.
        let list = a.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let of = |n: &&usize| a.outs.get(**n);
        let found = list
            .iter()
            .find(|n| of(n).is_some_and(|o| o.has_input && same(o)))
            .or_else(|| list.iter().find(|n| of(n).is_some_and(same)));
        if let Some(found) = found {
            return *found;
        }
    }
    let kind = kind(t);
    let hold = a.holds.0.get(kind).copied().flatten();
    // Orphans of a kind follow each other.
    let after = hold.or_else(|| neighbour(a, kind, bits, t.ty));
    let mut out = new_out(name, None);
    let index = a.outs.len();
    if let Some(n) = after
        && bits.0 & (Bits::LOAD | Bits::ALLOC) != 0
        && let Some(next_to) = a.outs.get(n)
    {
        out.region.clone_from(&next_to.region);
        out.load_region.clone_from(&next_to.load_region);
        out.phdrs.clone_from(&next_to.phdrs);
    }
    a.by_name.entry(name).or_default().push(index);
    a.outs.push(out);
    let item_of = |a: &Assembled<'_>, n: usize| a.items.iter().rposition(|i| *i == Item::Output(n));
    let at = match (hold.and_then(|n| item_of(a, n)), after) {
        (Some(at), _) => at + 1,
        (None, Some(n)) => item_of(a, n).map_or(a.items.len(), |at| behind(a, plan, at)),
        (None, None) => behind_nothing(a, plan),
    };
    a.items.insert(at.min(a.items.len()), Item::Output(index));
    if let Some(slot) = a.holds.0.get_mut(kind) {
        *slot = Some(index);
    }
    index
}

/// The output section an orphan goes behind.
fn neighbour(a: &Assembled<'_>, kind: usize, bits: Bits, ty: u32) -> Option<usize> {
    let (name, _) = KINDS.get(kind)?;
    let order = || {
        a.items.iter().filter_map(|i| match i {
            Item::Output(n) => a.outs.get(*n).map(|o| (*n, o)),
            _ => None,
        })
    };
    if !name.is_empty()
        && let Some((n, _)) = order().find(|(_, o)| o.section.name == *name && o.plan.is_some())
    {
        return Some(n);
    }
    let last = |wanted: &dyn Fn(Bits) -> bool, same_type: bool| {
        order()
            .filter(|(_, o)| {
                // Bytes of the script alone have no type yet, unless TYPE gives one.
                let typed = o.has_input || o.section.ty != elf::SHT_PROGBITS;
                !same_type || !(o.has_input || o.has_data) || typed && o.section.ty == ty
            })
            .filter(|(_, o)| wanted(bits_of(o).unwrap_or(Bits(0))))
            .last()
            .map(|(n, _)| n)
    };
    let by_nature = |same_type: bool| {
        if let Some(n) = last(&|b| b.like(bits, Bits::ALL), same_type) {
            return Some(n);
        }
        let loaded = Bits::CONTENTS | Bits::ALLOC | Bits::LOAD;
        if bits.has(Bits::ALLOC | Bits::CODE) {
            last(
                &|b| b.like(bits, loaded | Bits::CODE | Bits::TLS),
                same_type,
            )
        } else if bits.has(Bits::ALLOC | Bits::READONLY) {
            last(&|b| b.like(bits, loaded | Bits::READONLY), same_type)
        } else if bits.has(Bits::ALLOC | Bits::TLS) {
            // `.tdata` and `.tbss` are neighbours, in this order.
            let mut found = None;
            let mut seen = false;
            for (n, o) in order() {
                let b = bits_of(o).unwrap_or(Bits(0));
                if b.has(Bits::TLS | Bits::ALLOC) {
                    if !b.has(Bits::LOAD) && bits.has(Bits::LOAD) {
                        break;
                    }
                    seen = true;
                    found = Some(n);
                } else if seen {
                    break;
                } else if b.has(loaded) {
                    found = Some(n);
                }
            }
            found
        } else if bits.has(Bits::ALLOC | Bits::CONTENTS) {
            last(&|b| b.like(bits, loaded | Bits::TLS), same_type)
        } else if bits.has(Bits::ALLOC) {
            last(&|b| b.has(Bits::ALLOC), same_type)
        } else {
            last(&|_| true, false)
        }
    };
    by_nature(true).or_else(|| by_nature(false))
}

/// Behind the section at item `at` and what belongs to it.
fn behind(a: &Assembled<'_>, plan: &Plan<'_>, at: usize) -> usize {
    let mut dot = None;
    for (i, item) in a.items.iter().enumerate().skip(at + 1) {
        match item {
            Item::Output(n) => {
                let loaded = a.outs.get(*n).is_none_or(|o| {
                    !o.has_input || o.section.flags & u64::from(elf::SHF_ALLOC) != 0
                });
                return dot.filter(|_| loaded).unwrap_or(i);
            }
            Item::Assign(n)
                if dot.is_none() && plan.assigns.get(*n).is_some_and(|a| a.index.is_none()) =>
            {
                dot = Some(i);
            }
            _ => {}
        }
    }
    a.items.len()
}

/// When there is no section to go behind: at the start, behind the first assignment to `.`, which is the image's address.
fn behind_nothing(a: &Assembled<'_>, plan: &Plan<'_>) -> usize {
    let is_dot = |item: &Item| matches!(item, Item::Assign(n) if plan.assigns.get(*n).is_some_and(|a| a.index.is_none()));
    let mut seen = false;
    for (i, item) in a.items.iter().enumerate() {
        if matches!(item, Item::Output(_)) {
            return i;
        }
        if is_dot(item) {
            if seen {
                return i;
            }
            seen = true;
        }
    }
    a.items.len()
}
