//! Everything that is linked, with its symbols bound: what all later stages read.

use std::collections::HashMap;

use super::conflicts::Meeting;
use super::intern::Interner;
use super::owners::Owners;
use super::reserved::LinkerSymbol;
use super::resolve::Inclusion;
use super::versions::VersionRules;
use super::{FileRef, Info, SectionId, SymbolId, Target};
use crate::arch::SymFlags;
use crate::elf::Elf;
use crate::input::object::Object;
use crate::input::shared::Shared;

/// Everything that is linked, with its symbols bound.
pub struct Program<'d, E: Elf> {
    pub objects: Vec<Object<'d, E>>,
    pub shared: Vec<Shared<'d, E>>,
    pub symbols: Symbols<'d>,
    pub(super) owners: Owners,
    pub inclusions: Vec<Inclusion>,
    pub meetings: Vec<Meeting>,
    /// The output has a dynamic section.
    pub dynamic: bool,
}

impl<E: Elf> Program<'_, E> {
    /// The object a section belongs to, and its number in it.
    #[inline]
    pub fn owner(&self, s: SectionId) -> (usize, u32) {
        self.owners.of(s)
    }
}

impl<'d, E: Elf> Program<'d, E> {
    /// The object a local symbol belongs to, and its number in it.
    pub fn local_owner(&self, id: SymbolId) -> Option<(&Object<'d, E>, u32)> {
        let i = self
            .objects
            .partition_point(|o| o.local_base <= id.0)
            .checked_sub(1)?;
        let o = self.objects.get(i)?;
        Some((o, id.0 - o.local_base))
    }
}

/// All symbols: names and their definitions, by number.
pub struct Symbols<'d> {
    pub interner: Interner<'d>,
    pub info: Vec<Info>,
    /// By global number.
    pub targets: Vec<Target>,
    /// In `.dynsym` as a definition of this output.
    pub exported: Vec<bool>,
    /// Version index of definitions (`VER_HIDDEN` included); empty when no version is defined.
    pub version: Vec<u16>,
    pub rules: VersionRules,
    pub linker: Vec<LinkerSymbol>,
    /// Numbers of interned names: `0..globals`.
    pub globals: usize,
    /// One more than the last local symbol's number.
    pub total: usize,
    /// One more than the last section's number.
    pub sections: usize,
    /// Names of hidden versions (`foo@V`) by symbol, as they are to stand in `.dynsym`.
    pub base_names: HashMap<SymbolId, &'d [u8]>,
    /// `--defsym=alias=name`: what the alias is another name of.
    pub aliases: HashMap<SymbolId, SymbolId>,
    /// Local symbols of the linker that stand in every output of the platform.
    pub markers: Vec<SymbolId>,
    /// Objects' definitions of names that a script assigns.
    pub overridden: HashMap<SymbolId, (FileRef, u32)>,
}

impl<'d> Symbols<'d> {
    pub fn name(&self, id: SymbolId) -> &'d [u8] {
        self.interner.name(id)
    }

    /// Name as it stands in symbol tables: without the version of `foo@V`.
    pub fn plain_name(&self, id: SymbolId) -> &'d [u8] {
        match self.base_names.get(&id) {
            Some(n) => n,
            None => self.interner.name(id),
        }
    }

    pub fn info(&self, id: SymbolId) -> Info {
        self.info.get(id.index()).copied().unwrap_or_default()
    }

    #[inline(always)]
    pub fn target(&self, id: SymbolId) -> Target {
        match self.targets.get(id.index()) {
            Some(t) => *t,
            None => Target {
                section: SectionId::NONE,
                flags: SymFlags::empty(),
            },
        }
    }

    pub fn is_global(&self, id: SymbolId) -> bool {
        id.index() < self.globals
    }
}
