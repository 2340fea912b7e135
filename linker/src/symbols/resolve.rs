//! Which definition wins, and which archive members are linked.
//!
//! GNU ld's rules, in command-line order: an object's definitions count at once; an archive is searched where it
//! stands, for names undefined at that point, until it gives nothing more; a group is searched until none of its archives
//! does; a shared object defines what nobody has defined yet. What is still undefined at the end is looked for once more in
//! all archives and in the `--as-needed` libraries that were passed over, as lld does; so what links with either links here,
//! and with GNU ld's choice where both could.
//!
//! This pass is serial and touches numbers only; `wave.rs` has read the files.

mod admit;
mod archives;
mod libraries;

use std::collections::{HashMap, HashSet};

use object::elf;

use super::conflicts::Meeting;
use super::wave::{Candidates, Context, NONE, Step};
use super::{FileRef, Info, Seen, State, SymbolId};
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::{Kind, Object};
use crate::input::shared::Shared;
use crate::options::Options;
use crate::script::{Glob, GlobSet};
use crate::symbols::intern::{Interner, NameRef};

/// A definition with a version from its own name (`.symver`): `foo@V` or `foo@@V`.
#[derive(Clone, Copy, Debug)]
pub struct NamedVersion<'d> {
    pub id: SymbolId,
    pub base: &'d [u8],
    pub version: &'d [u8],
    /// `@@`: also what plain references get.
    pub default: bool,
}

/// Why a file that is linked only on demand is linked.
#[derive(Clone, Copy, Debug)]
pub struct Inclusion {
    /// The archive member, or the library under `--as-needed`.
    pub file: FileRef,
    /// The name it was wanted for, and the first file that refers to it ([`FileRef::NONE`]: an option).
    pub symbol: SymbolId,
    pub by: FileRef,
    /// Found by the second look only: it stands before the first file that refers to it.
    pub backward: bool,
}

/// Who has won a COMDAT group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
enum Winner {
    #[default]
    Nobody,
    Object,
    /// Intermediate code; what is compiled of it takes its place.
    Ir,
}

/// One step that linking took.
#[derive(Clone, Copy, Debug)]
pub enum Linked {
    /// The next of the objects, and the number of its item ([`NONE`]: a member).
    Object(u32),
    /// A shared object was looked at: the number of its item.
    Shared(u32),
    /// Index into `Opened::assignments`.
    Assign(usize),
}

/// The outcome.
pub struct Resolved<'d, E: Elf> {
    /// Linked objects, in link order.
    pub objects: Vec<Object<'d, E>>,
    pub shared: Vec<Shared<'d, E>>,
    pub interner: Interner<'d>,
    pub info: Vec<Info>,
    /// Definitions whose names carry versions.
    pub named_versions: Vec<NamedVersion<'d>>,
    /// References to `foo@V`, with `foo`.
    pub versioned_references: Vec<(SymbolId, &'d [u8])>,
    /// Assignments (index into `Opened::assignments`) that define a name.
    pub assigned: Vec<(SymbolId, usize)>,
    /// PROVIDE assignments that count; found when names are bound.
    pub provided: HashSet<usize>,
    /// Objects' definitions of names that a script assigns: they count until the script does (`DEFINED`).
    pub overridden: HashMap<SymbolId, (FileRef, u32)>,
    /// `(name, first file, second file)` of strong definitions that clash.
    pub duplicates: Vec<(SymbolId, FileRef, FileRef)>,
    /// In the order in which the files became part of the link.
    pub inclusions: Vec<Inclusion>,
    /// Common symbols and what they met.
    pub meetings: Vec<Meeting>,
    /// Section groups that lost: for the message about relocations into them.
    pub any_discarded: bool,
    /// In the order in which it happened.
    pub order: Vec<Linked>,
    /// Members that were linked: archive, header offset. Only when there is IR.
    pub members: Vec<(u32, u64)>,
    /// Signatures of the COMDAT groups that IR has won.
    pub ir_groups: Vec<&'d [u8]>,
    /// Names in IR with another visibility than the default: someone's there, or `--exclude-libs` hides a definition.
    pub ir_visibility: Vec<(&'d [u8], u8)>,
}

/// Names, or symbols, between asking for memory and using it.
const AHEAD: usize = 12;

struct Resolver<'a, 'o, 'd, E: Elf> {
    cx: &'a Context<'o, 'd>,
    opts: &'a Options,
    c: Candidates<'d, E>,
    info: Vec<Info>,
    /// By name, a bit each: an archive member may be wanted for it. Set whenever a name comes to be undefined or common;
    /// cleared when a search finds that it no longer is. So a search touches one bit for most names of an archive.
    open: Vec<u64>,
    /// By signature name: who has won the group.
    group_owner: Vec<Winner>,
    objects: Vec<Object<'d, E>>,
    /// By object: its sections that lost to another object's, a bit each; empty when there are none. The sections
    /// themselves learn it at the end, in parallel: they are in none of this thread's caches.
    lost: Vec<Vec<u64>>,
    shared: Vec<Shared<'d, E>>,
    dropped: Vec<u32>,
    named_versions: Vec<NamedVersion<'d>>,
    versioned_references: Vec<(SymbolId, &'d [u8])>,
    assigned: Vec<(SymbolId, usize)>,
    overridden: HashMap<SymbolId, (FileRef, u32)>,
    duplicates: Vec<(SymbolId, FileRef, FileRef)>,
    inclusions: Vec<Inclusion>,
    meetings: Vec<Meeting>,
    /// All files have had their turn: archives are looked at once more.
    second_look: bool,
    wraps: Vec<(SymbolId, SymbolId)>,
    /// Names that the linker defines in every module (illumos: `_end`, …): a library's are not for others.
    own: Vec<SymbolId>,
    any_discarded: bool,
    order: Vec<Linked>,
}

/// Goes through the command line. `every_module_has` names what no library defines for others.
pub fn resolve<'d, E: Elf>(
    cx: &Context<'_, 'd>,
    opts: &Options,
    every_module_has: &[&str],
    opened: &Opened<'d>,
    mut c: Candidates<'d, E>,
    roots: &[&[u8]],
) -> Resolved<'d, E> {
    let mut wraps = Vec::new();
    for w in &opts.wrap {
        let mut id = |prefix: &[u8]| {
            let mut n = prefix.to_vec();
            n.extend_from_slice(w);
            c.interner.intern(&NameRef::new(cx.store.keep(n)))
        };
        let (plain, wrapped, real) = (id(b""), id(b"__wrap_"), id(b"__real_"));
        wraps.push((plain, wrapped));
        wraps.push((real, plain));
    }
    let limit = c.interner.limit();
    let mut r = Resolver {
        cx,
        opts,
        info: vec![Info::default(); limit],
        open: vec![0; limit.div_ceil(64)],
        group_owner: vec![Winner::Nobody; limit],
        objects: Vec::with_capacity(c.candidates.len()),
        lost: Vec::with_capacity(c.candidates.len()),
        shared: Vec::new(),
        dropped: Vec::new(),
        named_versions: Vec::new(),
        versioned_references: Vec::new(),
        assigned: Vec::new(),
        overridden: HashMap::new(),
        duplicates: Vec::new(),
        inclusions: Vec::new(),
        meetings: Vec::new(),
        second_look: false,
        wraps,
        own: Vec::new(),
        any_discarded: false,
        order: Vec::with_capacity(c.steps.len()),
        c,
    };
    for name in roots {
        let id = r.intern(name);
        r.want(id);
    }
    if !opts.undefined_globs.is_empty() {
        r.want_globs();
    }
    for name in &opts.trace_symbols {
        let id = r.intern(name);
        r.info_mut(id).seen |= Seen::TRACE;
    }
    let own = every_module_has.iter();
    r.own = own.filter_map(|n| r.c.interner.get(n.as_bytes())).collect();
    for name in &opened.ir_groups {
        let id = r.intern(name);
        if let Some(owner) = r.group_owner.get_mut(id.index()) {
            *owner = Winner::Ir;
        }
    }
    for (name, visibility) in &opened.ir_visibility {
        let id = r.intern(name);
        r.info_mut(id).visibility = *visibility;
    }
    r.walk(opened);
    r.finish()
}

/// Whether section `n` of an object is among those that lost.
#[inline]
fn is_lost(lost: &[u64], n: u32) -> bool {
    let word = lost.get(n as usize / 64).copied().unwrap_or(0);
    word >> (n % 64) & 1 == 1
}

impl<'d, E: Elf> Resolver<'_, '_, 'd, E> {
    fn intern(&mut self, name: &[u8]) -> SymbolId {
        if let Some(id) = self.c.interner.get(name) {
            return id;
        }
        let kept = self.cx.store.keep(name.to_vec());
        let id = self.c.interner.intern(&NameRef::new(kept));
        self.grow();
        id
    }

    /// A reference by the command line.
    fn want(&mut self, id: SymbolId) {
        let i = self.info_mut(id);
        i.seen |= Seen::ROOT | Seen::REF_OBJECT | Seen::REF_STRONG;
        if i.state < State::Undef {
            i.state = State::Undef;
            self.note_open(id);
        }
    }

    /// `--undefined-glob`: every name that matches and that an archive, or an object between `--start-lib` and
    /// `--end-lib`, defines.
    fn want_globs(&mut self) {
        let globs = self.opts.undefined_globs.iter().map(|g| (Glob::new(g), 0));
        let globs = GlobSet::new(globs);
        let mut found: Vec<SymbolId> = Vec::new();
        for archive in &self.c.archives {
            let names = archive.index.iter().map(|(id, _)| *id);
            found.extend(names.filter(|id| globs.matches(self.c.interner.name(*id))));
        }
        found.sort_unstable();
        found.dedup();
        for id in found {
            self.want(id);
        }
    }

    fn grow(&mut self) {
        let limit = self.c.interner.limit();
        if self.info.len() < limit {
            self.info.resize(limit, Info::default());
            self.open.resize(limit.div_ceil(64), 0);
            self.group_owner.resize(limit, Winner::Nobody);
        }
    }

    /// An archive may have a member for this name.
    #[inline]
    fn note_open(&mut self, id: SymbolId) {
        if let Some(word) = self.open.get_mut(id.index() / 64) {
            *word |= 1 << (id.index() % 64);
        }
    }

    fn info_mut(&mut self, id: SymbolId) -> &mut Info {
        // Every number comes from the interner, and `grow` follows it.
        &mut self.info[id.index()]
    }

    fn state(&self, id: SymbolId) -> State {
        self.info.get(id.index()).map_or(State::None, |i| i.state)
    }

    fn walk(&mut self, opened: &Opened<'d>) {
        let steps = std::mem::take(&mut self.c.steps);
        let mut groups: Vec<usize> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            match *step {
                Step::Object(n) => {
                    self.add_candidate(n);
                }
                Step::Shared(n) => {
                    let item = self.c.shared_items.get(n as usize);
                    self.order.extend(item.map(|i| Linked::Shared(*i)));
                    self.add_shared(n, false);
                }
                Step::Archive(a) => {
                    self.search_archive(a);
                }
                Step::GroupStart => groups.push(at),
                Step::GroupEnd => {
                    if let Some(start) = groups.pop() {
                        self.search_group(steps.get(start..at).unwrap_or(&[]));
                    }
                }
                Step::Assign(i) => {
                    self.order.push(Linked::Assign(i));
                    self.assign(opened, i);
                }
            }
        }
        // A group without an end reaches to the end of the command line.
        if let Some(&start) = groups.first() {
            self.search_group(steps.get(start..).unwrap_or(&[]));
        }
        self.second_chance(&steps);
    }

    /// `--defsym` and script assignments define their names where they stand.
    fn assign(&mut self, opened: &Opened<'d>, index: usize) {
        let Some(a) = opened.assignments.get(index) else {
            return;
        };
        if a.name == b"." {
            return;
        }
        let id = self.intern(&a.name);
        let mut names = Vec::new();
        collect_names(&a.expr, &mut names);
        for name in names {
            let id = self.intern(name);
            let info = self.info_mut(id);
            if !a.provide {
                info.seen |= Seen::REF_OBJECT | Seen::REF_STRONG | Seen::ROOT;
            }
            if info.state < State::Undef {
                info.state = State::Undef;
                self.note_open(id);
            }
        }
        if a.provide {
            // Decided at the end: it counts only when somebody refers to it and nobody defines it.
            self.assigned.push((id, index));
            return;
        }
        let info = *self.info_mut(id);
        if matches!(info.state, State::Def | State::DefWeak | State::Common) {
            self.overridden.entry(id).or_insert((info.file, info.sym));
        }
        let info = self.info_mut(id);
        info.state = State::Linker;
        info.file = FileRef::LINKER;
        if a.hidden {
            info.visibility = elf::STV_HIDDEN;
        }
        self.assigned.push((id, index));
    }

    fn finish(mut self) -> Resolved<'d, E> {
        self.bind_versioned_references();
        let lost = std::mem::take(&mut self.lost);
        self.cx.par.for_each_mut(&mut self.objects, |i, o| {
            let Some(lost) = lost.get(i).filter(|l| !l.is_empty()) else {
                return;
            };
            for (n, s) in o.sections.iter_mut().enumerate() {
                if is_lost(lost, n as u32) {
                    s.kind = Kind::Discarded;
                }
            }
        });
        let (mut members, mut ir_groups, mut ir_visibility) = (Vec::new(), Vec::new(), Vec::new());
        if self.objects.iter().any(|o| o.ir.is_some()) {
            members = self.linked_members();
            let won = (0u32..)
                .zip(&self.group_owner)
                .filter(|(_, w)| **w == Winner::Ir);
            ir_groups.extend(won.map(|(id, _)| self.c.interner.name(SymbolId(id))));
            ir_visibility = self.ir_visibility();
        }
        Resolved {
            order: self.order,
            members,
            ir_groups,
            ir_visibility,
            objects: self.objects,
            shared: self.shared,
            interner: self.c.interner,
            info: self.info,
            named_versions: self.named_versions,
            versioned_references: self.versioned_references,
            assigned: self.assigned,
            provided: HashSet::new(),
            overridden: self.overridden,
            duplicates: self.duplicates,
            inclusions: self.inclusions,
            meetings: self.meetings,
            any_discarded: self.any_discarded,
        }
    }

    /// What compilation makes of IR need not say again what a definition that lost said, or a reference.
    fn ir_visibility(&self) -> Vec<(&'d [u8], u8)> {
        let mut names = Vec::new();
        for (file, o) in self.objects.iter().enumerate() {
            if o.ir.is_none() {
                continue;
            }
            for id in o.globals().map(|i| o.symbol_id(i)) {
                let Some(info) = self.info.get(id.index()) else {
                    continue;
                };
                let defined = info.file == FileRef::object(file) && info.state >= State::DefWeak;
                let visibility = match info.visibility {
                    _ if defined && o.excluded_lib => elf::STV_HIDDEN,
                    elf::STV_DEFAULT => continue,
                    visibility => visibility,
                };
                names.push((self.c.interner.name(id), visibility));
            }
        }
        names
    }

    fn linked_members(&self) -> Vec<(u32, u64)> {
        let is_linked = |n: u32| self.c.candidates.get(n as usize).is_some_and(|c| c.linked);
        let archives = (0u32..).zip(&self.c.archives);
        archives
            .flat_map(|(i, a)| a.members.iter().map(move |m| (i, m)))
            .filter(|(_, m)| m.candidate != NONE && is_linked(m.candidate))
            .map(|(i, m)| (i, m.header))
            .collect()
    }

    /// A reference to `foo@V` means the definition `foo@@V` of another object, when there is one.
    fn bind_versioned_references(&mut self) {
        if !self.c.versioned {
            return;
        }
        let mut moved = Vec::new();
        for v in self.named_versions.iter().filter(|v| v.default) {
            let mut single = v.base.to_vec();
            single.push(b'@');
            single.extend_from_slice(v.version);
            if let Some(id) = self.c.interner.get(&single)
                && self.state(id) < State::DefWeak
            {
                moved.push((id, v.id));
            }
        }
        for &(from, to) in &moved {
            let seen = self.info_mut(from).seen;
            self.info_mut(to).seen |= seen;
            *self.info_mut(from) = Info::default();
        }
        if moved.is_empty() {
            return;
        }
        for o in &mut self.objects {
            for slot in &mut o.names {
                if let Some((_, to)) = moved.iter().find(|(from, _)| from == slot) {
                    *slot = *to;
                }
            }
        }
    }
}

/// The symbols an expression refers to.
pub fn collect_names<'e>(e: &'e crate::script::Expr, out: &mut Vec<&'e [u8]>) {
    use crate::script::Expr;
    match e {
        Expr::Symbol(name) => out.push(name),
        Expr::Unary(_, a) => collect_names(a, out),
        Expr::Binary(_, a, b) => {
            collect_names(a, out);
            collect_names(b, out);
        }
        Expr::Cond(a, b, c) => {
            collect_names(a, out);
            collect_names(b, out);
            collect_names(c, out);
        }
        // The arguments of other functions are names of sections and the like.
        Expr::Call(f, args) => {
            let values = match f.as_slice() {
                b"ABSOLUTE"
                | b"ALIGN"
                | b"BLOCK"
                | b"LOG2CEIL"
                | b"MAX"
                | b"MIN"
                | b"NEXT"
                | b"DATA_SEGMENT_ALIGN"
                | b"DATA_SEGMENT_END"
                | b"DATA_SEGMENT_RELRO_END" => &args[..],
                b"ASSERT" => args.get(..1).unwrap_or(&[]),
                b"SEGMENT_START" => args.get(1..).unwrap_or(&[]),
                _ => &[],
            };
            values.iter().for_each(|a| collect_names(a, out));
        }
        Expr::Number(_) | Expr::Dot => {}
    }
}
