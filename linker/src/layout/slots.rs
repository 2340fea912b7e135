//! Which symbol has which GOT words, PLT entry, copy: the scan's wishes become places.
//!
//! psABI, "Global Offset Table", "Procedure Linkage Table", "Thread-Local Storage". Places are word or entry numbers;
//! addresses come with the layout.

use std::collections::HashMap;

use object::elf;

use crate::arch::{Arch, Needs, SymFlags};
use crate::elf::Elf;
use crate::live::Liveness;
use crate::symbols::bind::Program;
use crate::symbols::{State, SymbolId};

/// No place.
pub const NONE: u32 = u32::MAX;

/// The places of one symbol; [`NONE`] where it has none.
#[derive(Clone, Copy, Debug)]
pub struct Slots {
    pub id: SymbolId,
    /// Word in `.got` with the address.
    pub got: u32,
    /// First of two words in `.got`.
    pub tlsgd: u32,
    pub gottp: u32,
    /// First of two words in `.got`.
    pub tlsdesc: u32,
    /// Entry in `.plt`; its word is that many after the reserved ones of `.got.plt`.
    pub plt: u32,
    /// Entry in `.iplt`; `iplt_got` is its word in `.got`.
    pub iplt: u32,
    pub iplt_got: u32,
    /// Index into [`SlotTable::copies`].
    pub copy: u32,
    /// The PLT entry is the symbol's address.
    pub canonical: bool,
}

impl Slots {
    /// The address of an IFUNC of this output is its PLT entry, for code, data, the GOT and other modules alike.
    pub fn is_ifuncs_address(&self) -> bool {
        self.canonical && self.iplt != NONE
    }
}

/// A shared object's variable that gets its place in this program.
#[derive(Clone, Debug)]
pub struct Copy {
    pub id: SymbolId,
    /// Other names of the same variable.
    pub aliases: Vec<SymbolId>,
    /// Bytes; alignment in bytes.
    pub size: u64,
    pub align: u64,
    /// It lies in a read-only section of its library (RELRO included), so the copy does too.
    pub read_only: bool,
    /// Offset in the section of copies of its kind.
    pub offset: u64,
}

#[derive(Default)]
pub struct SlotTable {
    pub slots: Vec<Slots>,
    /// Global symbol number to index in `slots`.
    by_global: Vec<u32>,
    /// Words in `.got`.
    pub got_words: u32,
    /// The module's own TLS pair, as a word number in `.got`.
    pub tlsld: u32,
    /// A program's TLS block has number 1 on this platform.
    pub program_is_module_one: bool,
    pub plt_entries: u32,
    pub iplt_entries: u32,
    pub copies: Vec<Copy>,
    /// Any symbol to its copy, aliases included.
    pub copy_of: HashMap<SymbolId, u32>,
    /// Bytes and alignment of the two sections of copies: writable, read-only.
    pub copy_size: [u64; 2],
    pub copy_align: [u64; 2],
}

impl SlotTable {
    #[inline]
    pub fn get(&self, id: SymbolId) -> Option<&Slots> {
        match self.by_global.get(id.index()) {
            Some(&NONE) => None,
            Some(&i) => self.slots.get(i as usize),
            None => self
                .slots
                .binary_search_by_key(&id, |s| s.id)
                .ok()
                .and_then(|i| self.slots.get(i)),
        }
    }
}

/// Gives out places in symbol order.
pub fn assign<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    program_is_module_one: bool,
) -> SlotTable {
    let mut t = SlotTable {
        tlsld: NONE,
        program_is_module_one,
        by_global: vec![NONE; p.symbols.globals],
        ..SlotTable::default()
    };
    let mut words = 0;
    let mut take = |n: u32| {
        let at = words;
        words += n;
        at
    };
    for &id in &live.needy {
        let needs = live.needs(id);
        let flags = flags_of(p, id);
        let mut s = Slots {
            id,
            got: NONE,
            tlsgd: NONE,
            gottp: NONE,
            tlsdesc: NONE,
            plt: NONE,
            iplt: NONE,
            iplt_got: NONE,
            copy: NONE,
            canonical: needs.contains(Needs::CPLT),
        };
        if needs.contains(Needs::GOT) {
            s.got = take(1);
        }
        if needs.contains(Needs::TLSGD) {
            s.tlsgd = take(2);
        }
        if needs.contains(Needs::GOTTP) {
            s.gottp = take(1);
        }
        if needs.contains(Needs::TLSDESC) {
            s.tlsdesc = take(2);
        }
        if needs.intersects(Needs::PLT | Needs::CPLT) {
            if flags.contains(SymFlags::IFUNC) && !flags.contains(SymFlags::IMPORTED) {
                s.iplt = t.iplt_entries;
                t.iplt_entries += 1;
                s.iplt_got = take(1);
            } else if flags.contains(SymFlags::IMPORTED) {
                s.plt = t.plt_entries;
                t.plt_entries += 1;
            }
        }
        if needs.contains(Needs::COPY) {
            s.copy = add_copy(p, &mut t, id);
        }
        if let Some(i) = t.by_global.get_mut(id.index()) {
            *i = t.slots.len() as u32;
        }
        t.slots.push(s);
    }
    if live.module.contains(Needs::TLSLD) {
        t.tlsld = take(2);
    }
    t.got_words = words;
    t
}

/// Flags of a symbol, global or local.
pub fn flags_of<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> SymFlags {
    if p.symbols.is_global(id) {
        return p.symbols.target(id).flags;
    }
    let Some((o, index)) = p.local_owner(id) else {
        return SymFlags::empty();
    };
    crate::live::scan::referent(p, o, index).target.flags
}

fn add_copy<E: Elf>(p: &Program<'_, E>, t: &mut SlotTable, id: SymbolId) -> u32 {
    if let Some(c) = t.copy_of.get(&id) {
        return *c;
    }
    let info = p.symbols.info(id);
    let Some((file, lib)) = info
        .file
        .as_shared()
        .and_then(|f| p.shared.get(f).map(|l| (f, l)))
    else {
        return NONE;
    };
    if info.state != State::Shared {
        return NONE;
    }
    let s = lib.symbol(info.sym);
    let header = lib.section_of(&s);
    let read_only = header.flags & u64::from(elf::SHF_WRITE) == 0
        || lib
            .relro
            .iter()
            .any(|(start, end)| *start <= s.value && s.value < *end);
    // The variable's own alignment is not recorded: at least what its section and its address have in common.
    let by_address = 1u64 << s.value.trailing_zeros().min(12);
    let align = by_address
        .min(header.align.max(1))
        .max(1)
        .next_power_of_two();
    let n = t.copies.len() as u32;
    let mut size = s.size;
    let mut aliases = Vec::new();
    for i in 1..lib.symbols.len() as u32 {
        let other = lib.symbol(i);
        if other.value != s.value
            || other.shndx != s.shndx
            || i == info.sym
            || matches!(
                other.sym_type(),
                elf::STT_FUNC | elf::STT_TLS | elf::STT_SECTION | elf::STT_FILE
            )
        {
            continue;
        }
        let Some(alias) = lib.symbol_id(i) else {
            continue;
        };
        let ai = p.symbols.info(alias);
        if ai.state == State::Shared
            && ai.file.as_shared() == Some(file)
            && ai.sym == i
            && alias != id
        {
            size = size.max(other.size);
            aliases.push(alias);
            t.copy_of.insert(alias, n);
        }
    }
    aliases.sort_unstable();
    aliases.dedup();
    t.copy_of.insert(id, n);
    let kind = usize::from(read_only);
    let offset = t.copy_size[kind].next_multiple_of(align);
    t.copy_size[kind] = offset + size;
    t.copy_align[kind] = t.copy_align[kind].max(align);
    t.copies.push(Copy {
        id,
        aliases,
        size,
        align,
        read_only,
        offset,
    });
    n
}
