//! An object joins the link: which of its groups are kept, which versions its names carry, what its symbols say.

use object::elf;

use super::{AHEAD, Linked, NamedVersion, Resolver, Winner, is_lost};
use crate::elf::{Elf, Sym};
use crate::input::object::{Object, Place, members};
use crate::merge::simd::prefetch;
use crate::symbols::conflicts::Meeting;
use crate::symbols::{FileRef, Seen, State, SymbolId, merge_visibility};

/// Notes that section `n` is not linked.
fn lose<E: Elf>(o: &Object<'_, E>, n: u32, lost: &mut Vec<u64>) {
    if lost.is_empty() {
        lost.resize(o.sections.len().div_ceil(64), 0);
    }
    if let Some(word) = lost.get_mut(n as usize / 64) {
        *word |= 1 << (n % 64);
    }
}

impl<'d, E: Elf> Resolver<'_, '_, 'd, E> {
    /// Links an object.
    pub(super) fn add_candidate(&mut self, n: u32) -> bool {
        let Some(c) = self.c.candidates.get_mut(n as usize) else {
            return false;
        };
        if c.linked {
            return false;
        }
        c.linked = true;
        let Some(mut o) = c.object.take() else {
            return false;
        };
        self.order.push(Linked::Object(c.item));
        let file = FileRef::object(self.objects.len());
        let mut lost = Vec::new();
        self.choose_groups(&o, &mut lost);
        if !o.linkonce.is_empty() {
            self.choose_linkonce(&o, &mut lost);
        }
        for n in &o.excluded {
            self.any_discarded = true;
            lose(&o, *n, &mut lost);
        }
        if o.has_versioned_names {
            self.split_versions(&mut o);
        }
        if !self.wraps.is_empty() {
            self.wrap_references(&mut o);
        }
        for i in o.globals() {
            self.fetch(&o, i + AHEAD as u32);
            let s = o.symbol(i);
            let id = o.symbol_id(i);
            let mut place = o.place(i, &s);
            if let Place::Section(n) = place
                && is_lost(&lost, n)
            {
                // Its group lost: the name stands for the winner's definition.
                place = Place::Undefined;
            }
            if let Place::Invalid(shndx) = place {
                let name = String::from_utf8_lossy(o.symbol_name(&s)).into_owned();
                self.cx.report.error(format!(
                    "{}: symbol {name} has a bad section number {shndx:#x}",
                    o.name
                ));
                continue;
            }
            if o.yields && self.state(id) >= State::DefWeak {
                continue;
            }
            self.see(file, i, &s, id, place);
        }
        self.objects.push(o);
        self.lost.push(lost);
        true
    }

    /// Asks for what one of the next symbols will need: other threads read it, so it is in none of our caches.
    #[inline]
    fn fetch(&self, o: &Object<'d, E>, i: u32) {
        // The table itself further ahead, as it is read from the file.
        if let Some(s) = o.symbols.get(i as usize + 4 * AHEAD) {
            prefetch(s);
        }
        if let Some(info) = self.info.get(o.symbol_id(i).index()) {
            prefetch(info);
        }
    }

    /// COMDAT: the first group of a signature stays, the sections of the others are out.
    fn choose_groups(&mut self, o: &Object<'d, E>, lost: &mut Vec<u64>) {
        for (at, g) in o.groups.iter().enumerate() {
            if let Some(next) = o.groups.get(at + AHEAD) {
                let id = o.names.get(next.signature as usize);
                if let Some(owner) = id.and_then(|id| self.group_owner.get(id.index())) {
                    prefetch(owner);
                }
                if let Some(first) = next.members.first() {
                    prefetch(first);
                }
            }
            if !g.comdat {
                continue;
            }
            let Some(id) = o.names.get(g.signature as usize) else {
                continue;
            };
            let Some(owner) = self.group_owner.get_mut(id.index()) else {
                continue;
            };
            if *owner == Winner::Nobody || (*owner == Winner::Ir && o.compiled) {
                *owner = if o.ir.is_some() {
                    Winner::Ir
                } else {
                    Winner::Object
                };
                continue;
            }
            self.any_discarded = true;
            for m in members::<E>(g).chain([g.section]) {
                lose(o, m, lost);
            }
        }
    }

    /// `.gnu.linkonce.t.F`: the first section of a name stays. It and a COMDAT group F are copies of each other, and F's read-only
    /// data (`.gnu.linkonce.r.F`) goes with its code, as GNU ld has it.
    fn choose_linkonce(&mut self, o: &Object<'d, E>, lost: &mut Vec<u64>) {
        let code = |name: &'d [u8]| name.strip_prefix(b".gnu.linkonce.t.");
        let mut gone: Vec<&[u8]> = Vec::new();
        // Code first: what belongs to it follows.
        let names = o.linkonce.iter().map(|n| (*n, o.section_name(*n)));
        let (first, rest): (Vec<_>, Vec<_>) = names.partition(|(_, name)| code(name).is_some());
        for (n, name) in first.into_iter().chain(rest) {
            let id = self.intern(name);
            let function = code(name);
            let group = function.and_then(|f| self.c.interner.get(f));
            let with_code = name
                .strip_prefix(b".gnu.linkonce.r.")
                .is_some_and(|f| gone.contains(&f));
            let taken = |id: SymbolId| {
                self.group_owner
                    .get(id.index())
                    .is_some_and(|g| *g != Winner::Nobody)
            };
            if taken(id) || group.is_some_and(taken) || with_code {
                self.any_discarded = true;
                gone.extend(function);
                lose(o, n, lost);
            } else {
                let function = function.map(|f| self.intern(f));
                for id in [Some(id), function].into_iter().flatten() {
                    if let Some(owner) = self.group_owner.get_mut(id.index()) {
                        *owner = Winner::Object;
                    }
                }
            }
        }
    }

    /// Names with versions in them: `foo@@V` defines `foo`; `foo@V` is a name of its own.
    pub(super) fn split_versions(&mut self, o: &mut Object<'d, E>) {
        for i in o.globals() {
            let s = o.symbol(i);
            let name = o.symbol_name(&s);
            let Some(at) = memchr::memchr(b'@', name) else {
                continue;
            };
            let (base, rest) = name.split_at(at);
            let ats = rest.iter().take_while(|c| **c == b'@').count();
            let version = rest.get(ats..).unwrap_or(&[]);
            let defined = !matches!(o.place(i, &s), Place::Undefined);
            let default = ats >= 2;
            let id = if defined && default {
                self.intern(base)
            } else {
                let mut single = base.to_vec();
                single.push(b'@');
                single.extend_from_slice(version);
                self.intern(&single)
            };
            if !defined {
                self.versioned_references.push((id, base));
            }
            if defined {
                self.named_versions.push(NamedVersion {
                    id,
                    base,
                    version,
                    default,
                });
            }
            if let Some(slot) = o.names.get_mut((i - o.first_global) as usize) {
                *slot = id;
            }
        }
    }

    pub(super) fn wrap_references(&mut self, o: &mut Object<'d, E>) {
        for i in o.globals() {
            let s = o.symbol(i);
            if !matches!(o.place(i, &s), Place::Undefined) {
                continue;
            }
            if let Some(slot) = o.names.get_mut((i - o.first_global) as usize)
                && let Some((_, to)) = self.wraps.iter().find(|(from, _)| from == slot)
            {
                *slot = *to;
            }
        }
    }

    /// One symbol of a linked object.
    pub(super) fn see(&mut self, file: FileRef, sym: u32, s: &Sym, id: SymbolId, place: Place) {
        let weak = s.bind() == elf::STB_WEAK;
        let size = s.size;
        let Some(info) = self.info.get_mut(id.index()) else {
            return;
        };
        if s.visibility() != 0 {
            info.visibility = merge_visibility(info.visibility, s.visibility());
        }
        let new = match place {
            Place::Undefined => {
                info.seen |= Seen::REF_OBJECT;
                if !weak {
                    info.seen |= Seen::REF_STRONG;
                }
                let new = if weak { State::UndefWeak } else { State::Undef };
                if info.state < new && info.state < State::Shared {
                    info.state = new;
                    info.file = file;
                    info.sym = sym;
                    self.note_open(id);
                }
                return;
            }
            Place::Common => State::Common,
            _ if weak => State::DefWeak,
            _ => State::Def,
        };
        let old = info.state;
        if old == State::Shared {
            info.seen |= Seen::DEF_SHARED;
        }
        let common_met = (old == State::Common && new >= State::DefWeak)
            || (new == State::Common && matches!(old, State::DefWeak | State::Common | State::Def));
        if common_met {
            self.meetings.push(Meeting {
                symbol: id,
                old: (info.file, info.sym, old),
                new: (file, sym, new),
            });
        }
        match (old, new) {
            (State::Linker, _) => {
                self.overridden.entry(id).or_insert((file, sym));
            }
            (State::Def, State::Def) => {
                let first = info.file;
                if !self.opts.z.muldefs {
                    self.duplicates.push((id, first, file));
                }
            }
            (State::Common, State::Common) => {
                // The larger one; its alignment is settled when commons are laid out.
                let old_size = info
                    .file
                    .as_object()
                    .and_then(|f| self.objects.get(f))
                    .map_or(0, |o| o.symbol(info.sym).size);
                if size > old_size {
                    info.file = file;
                    info.sym = sym;
                }
            }
            (o, n) if n > o => {
                info.state = n;
                info.file = file;
                info.sym = sym;
                if n == State::Common {
                    self.note_open(id);
                }
            }
            _ => {}
        }
    }
}
