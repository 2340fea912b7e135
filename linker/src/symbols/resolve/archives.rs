//! Archives: which members are linked, and in which order.
//!
//! An archive is searched where it stands for names that are undefined at that point, until it gives nothing more; a group
//! until none of its archives does.

use object::elf;

use super::{Inclusion, Resolver};
use crate::elf::Elf;
use crate::input::object::Place;
use crate::symbols::wave::{NONE, Step, parse_members, wants_member};
use crate::symbols::{FileRef, State, SymbolId};

impl<'d, E: Elf> Resolver<'_, '_, 'd, E> {
    pub(super) fn search_group(&mut self, steps: &[Step]) {
        loop {
            let mut more = false;
            for s in steps {
                if let Step::Archive(a) = s {
                    more |= self.search_archive(*a);
                }
            }
            if !more {
                return;
            }
        }
    }

    /// Names still undefined that an archive anywhere, or a library passed over, does define.
    pub(super) fn second_chance(&mut self, steps: &[Step]) {
        self.second_look = true;
        loop {
            let mut more = false;
            for s in steps {
                if let Step::Archive(a) = s {
                    more |= self.search_archive(*a);
                }
            }
            let dropped = std::mem::take(&mut self.dropped);
            for n in dropped {
                let before = self.shared.len();
                self.add_shared(n, false);
                more |= self.shared.len() != before;
            }
            if !more {
                return;
            }
        }
    }

    /// Links the members of an archive that are wanted; whether there were any.
    pub(super) fn search_archive(&mut self, a: u32) -> bool {
        let mut found = false;
        loop {
            let mut more = false;
            let mut at = 0;
            // The index is walked in its own order; linking a member changes what is wanted.
            while let Some((i, id, m, state)) = self.next_wanted(a, at) {
                at = i + 1;
                if let Some(candidate) = self.member_candidate(a, m)
                    && (state != State::Common || self.defines_data(candidate, id))
                {
                    let by = self.info.get(id.index()).map_or(FileRef::NONE, |i| i.file);
                    let file = FileRef::object(self.objects.len());
                    if self.add_candidate(candidate) {
                        self.inclusions.push(Inclusion {
                            file,
                            symbol: id,
                            by,
                            backward: self.second_look,
                        });
                        more = true;
                    }
                }
            }
            found |= more;
            if !more {
                return found;
            }
        }
    }

    /// The first entry of an archive's index, from the one at `at` on, for which a member is wanted: its place, the name,
    /// the member, the name's state.
    fn next_wanted(&mut self, a: u32, at: usize) -> Option<(usize, SymbolId, u32, State)> {
        let archive = self.c.archives.get(a as usize)?;
        for (i, &(id, m)) in archive.index.iter().enumerate().skip(at) {
            let bit = 1 << (id.index() % 64);
            let Some(word) = self.open.get_mut(id.index() / 64) else {
                continue;
            };
            if *word & bit == 0 {
                continue;
            }
            let state = self.info.get(id.index()).map_or(State::None, |i| i.state);
            let common = state == State::Common && self.opts.fortran_common;
            let weak = self.opts.weak_extract && state == State::UndefWeak;
            if !wants_member(state) && !common && !weak {
                *word &= !bit;
                continue;
            }
            let Some(member) = archive.members.get(m as usize) else {
                continue;
            };
            let candidate = self.c.candidates.get(member.candidate as usize);
            let gone = member.candidate != NONE && candidate.is_none_or(|c| c.linked);
            if !member.bad && !gone {
                return Some((i, id, m, state));
            }
        }
        None
    }

    fn member_candidate(&mut self, a: u32, m: u32) -> Option<u32> {
        let known = self.c.archives.get(a as usize)?.members.get(m as usize)?;
        if known.bad {
            return None;
        }
        if known.candidate != NONE {
            return Some(known.candidate);
        }
        let parsed = parse_members(self.cx, &mut self.c, &[(a, m)]);
        self.grow();
        parsed.first().copied()
    }

    /// A common symbol is replaced by an archive member only if the member really defines it: as data, and not weakly.
    fn defines_data(&self, candidate: u32, id: SymbolId) -> bool {
        let Some(o) = self
            .c
            .candidates
            .get(candidate as usize)
            .and_then(|c| c.object.as_ref())
        else {
            return false;
        };
        o.globals().filter(|i| o.symbol_id(*i) == id).any(|i| {
            let s = o.symbol(i);
            let function = matches!(s.sym_type(), elf::STT_FUNC | elf::STT_GNU_IFUNC);
            let place = o.place(i, &s);
            matches!(place, Place::Section(_) | Place::Absolute)
                && s.bind() != elf::STB_WEAK
                && !function
        })
    }
}
