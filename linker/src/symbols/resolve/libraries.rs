//! A shared object joins the link: what it defines for others, and whether `--as-needed` keeps it.
//!
//! gABI, "Symbol Versioning" (GNU and Solaris): a hidden version answers only references that ask for it.

use object::elf;

use super::{Inclusion, Resolver};
use crate::elf::Elf;
use crate::input::shared::{Shared, VERSYM_HIDDEN};
use crate::symbols::conflicts::Meeting;
use crate::symbols::{FileRef, Seen, State, SymbolId};

impl<'d, E: Elf> Resolver<'_, '_, 'd, E> {
    /// A shared object: what it defines and refers to.
    pub(super) fn add_shared(&mut self, n: u32, force: bool) {
        let Some(s) = self.c.shared.get_mut(n as usize).and_then(Option::take) else {
            return;
        };
        if self.shared.iter().any(|o| o.soname == s.soname) {
            // The same library by another path or a second time.
            if !s.as_needed
                && let Some(o) = self.shared.iter_mut().find(|o| o.soname == s.soname)
            {
                o.is_needed = true;
            }
            return;
        }
        let mut s = s;
        self.close_versions(&mut s);
        let reason = if force || !s.as_needed {
            None
        } else {
            self.resolves_something(&s)
        };
        s.is_needed = force || !s.as_needed || reason.is_some();
        if !s.is_needed {
            if let Some(slot) = self.c.shared.get_mut(n as usize) {
                *slot = Some(s);
                self.dropped.push(n);
            }
            return;
        }
        let file = FileRef::shared(self.shared.len());
        if let Some(symbol) = reason {
            let by = self
                .info
                .get(symbol.index())
                .map_or(FileRef::NONE, |i| i.file);
            self.inclusions.push(Inclusion {
                file,
                symbol,
                by,
                backward: self.second_look,
            });
        }
        for i in 1..s.symbols.len() as u32 {
            let sym = s.symbol(i);
            if sym.bind() == elf::STB_LOCAL {
                continue;
            }
            let Some(id) = s.symbol_id(i) else { continue };
            if sym.shndx == elf::SHN_UNDEF {
                let Some(info) = self.info.get_mut(id.index()) else {
                    continue;
                };
                info.seen |= Seen::REF_SHARED;
                if sym.bind() != elf::STB_WEAK {
                    info.seen |= Seen::REF_SHARED_STRONG;
                    // With a version it means one library's definition: no archive's will do.
                    if info.state < State::UndefShared && s.version_name(i).is_none() {
                        info.state = State::UndefShared;
                        info.file = file;
                        info.sym = i;
                        self.note_open(id);
                    }
                }
                continue;
            }
            let versym = s.versym(i);
            let version = versym & !VERSYM_HIDDEN;
            if version == 0 || s.closed.contains(&version) {
                continue;
            }
            if versym & VERSYM_HIDDEN == 0 && !self.own.contains(&id) {
                self.see_shared(file, i, id);
            }
            if self.c.versioned
                && let Some(v) = s.version_name(i)
            {
                let mut full = s.symbol_name(&sym).to_vec();
                full.push(b'@');
                full.extend_from_slice(v);
                if let Some(id) = self.c.interner.get(&full) {
                    self.see_shared(file, i, id);
                }
            }
        }
        self.shared.push(s);
    }

    /// `DEPEND_VERSIONS` of mapfiles: what is neither allowed nor inherited by what is allowed may not be bound to.
    fn close_versions(&mut self, s: &mut Shared<'d, E>) {
        use std::os::unix::ffi::OsStrExt;
        let file = s.name.path.file_name().unwrap_or_default().as_bytes();
        for d in &self.opts.sunw.mapfile.depend {
            if d.object != s.soname && d.object != file {
                continue;
            }
            let known = |name: &[u8]| {
                (1u16..)
                    .zip(s.versions.iter().skip(1))
                    .find(|v| *v.1 == name)
            };
            for name in d.allow.iter().chain(&d.require) {
                if known(name).is_none() {
                    self.cx.report.error(format!(
                        "{}: {} defines no version {}",
                        d.at,
                        s.name,
                        name.escape_ascii()
                    ));
                }
            }
            if d.allow.is_empty() {
                continue;
            }
            // Version 1 is the base: symbols without a version of their own.
            let mut open: Vec<u16> = vec![1];
            open.extend(d.allow.iter().filter_map(|name| known(name)).map(|v| v.0));
            let mut at = 0;
            while let Some(version) = open.get(at).copied() {
                at += 1;
                let parents = s.inherits.iter().filter(|(of, _)| *of == version);
                let more: Vec<u16> = parents.filter_map(|(_, p)| known(p)).map(|v| v.0).collect();
                open.extend(
                    more.iter()
                        .filter(|v| !open.contains(v))
                        .copied()
                        .collect::<Vec<_>>(),
                );
            }
            let all = 2..s.versions.len() as u16;
            s.closed = all.filter(|v| !open.contains(v)).collect();
        }
    }

    pub(super) fn see_shared(&mut self, file: FileRef, sym: u32, id: SymbolId) {
        let Some(info) = self.info.get_mut(id.index()) else {
            return;
        };
        if info.state < State::Shared
            && info.visibility != elf::STV_HIDDEN
            && info.visibility != elf::STV_INTERNAL
        {
            info.state = State::Shared;
            info.file = file;
            info.sym = sym;
        } else {
            info.seen |= Seen::DEF_SHARED;
            if info.state == State::Common {
                self.meetings.push(Meeting {
                    symbol: id,
                    old: (info.file, info.sym, State::Common),
                    new: (file, sym, State::Shared),
                });
            }
        }
    }

    /// `--as-needed`: a name the library defines and an object refers to (not only weakly), or that a needed library
    /// refers to without naming this one itself.
    pub(super) fn resolves_something(&self, s: &Shared<'d, E>) -> Option<SymbolId> {
        let indirect = !self.shared.iter().any(|o| o.needed.contains(&s.soname));
        (1..s.symbols.len() as u32).find_map(|i| {
            let sym = s.symbol(i);
            if sym.shndx == elf::SHN_UNDEF || sym.bind() == elf::STB_LOCAL {
                return None;
            }
            let versym = s.versym(i);
            if s.closed.contains(&(versym & !VERSYM_HIDDEN)) {
                return None;
            }
            let wanted = |id: SymbolId| {
                !self.own.contains(&id)
                    && match self.info.get(id.index()) {
                        Some(info) => {
                            let hidden = info.visibility == elf::STV_HIDDEN
                                || info.visibility == elf::STV_INTERNAL;
                            !hidden
                                && (info.state == State::Undef
                                    && info.seen.contains(Seen::REF_STRONG)
                                    || info.state == State::UndefShared && indirect)
                        }
                        None => false,
                    }
            };
            let plain = s
                .symbol_id(i)
                .filter(|id| versym & VERSYM_HIDDEN == 0 && versym != 0 && wanted(*id));
            if plain.is_some() || !self.c.versioned {
                return plain;
            }
            let mut full = s.symbol_name(&sym).to_vec();
            full.push(b'@');
            full.extend_from_slice(s.version_name(i)?);
            self.c.interner.get(&full).filter(|id| wanted(*id))
        })
    }
}
