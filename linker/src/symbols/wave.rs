//! Candidates: everything that may be linked, parsed ahead of need.
//!
//! Resolution itself (`resolve.rs`) goes through the command line in order and is serial, as the order decides; but it
//! works on numbers only. The expensive part, reading symbol tables and hashing names, happens here in waves: first
//! all objects, shared objects and archive indexes; then the archive members that the undefined names of the last wave
//! point at; until no new one turns up. A wave guesses; resolution decides, and parses what was not guessed.

mod archives;
mod list;

pub use self::archives::{LazyArchive, LazyMember, ThinFiles};
use super::intern::{Interner, NameRef};
use super::{State, SymbolId};
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::load::Opened;
use crate::input::object::{Object, ParseOptions, Place, parse as parse_object};
use crate::input::shared::{ParsedShared, Shared, parse as parse_shared};
use crate::input::store::Store;
use crate::lto::{IrFile, IrKind, Mode, bitcode};
use crate::options::InputMode;
use crate::par::Par;
use crate::report::Report;
use crate::trace::Trace;

/// No candidate yet.
pub const NONE: u32 = u32::MAX;

/// One object that may be linked.
pub struct Candidate<'d, E: Elf> {
    /// Taken out when it is linked.
    pub object: Option<Object<'d, E>>,
    pub linked: bool,
    /// Number of the item it is or comes from, [`NONE`] for an archive's member.
    pub item: u32,
}

/// One step of resolution, in command-line order.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    Object(u32),
    Shared(u32),
    Archive(u32),
    GroupStart,
    GroupEnd,
    /// Index into `Opened::assignments`.
    Assign(usize),
}

pub struct Candidates<'d, E: Elf> {
    pub steps: Vec<Step>,
    pub candidates: Vec<Candidate<'d, E>>,
    pub archives: Vec<LazyArchive<'d>>,
    pub shared: Vec<Option<Shared<'d, E>>>,
    /// The number of each one's item.
    pub shared_items: Vec<u32>,
    pub interner: Interner<'d>,
    /// Some name holds an `@`: versions are in play.
    pub versioned: bool,
}

pub struct Context<'a, 'd> {
    pub store: &'d Store,
    pub thin: ThinFiles<'d>,
    pub lto: &'a Mode<'a, 'd>,
    pub report: &'a Report,
    pub parse: ParseOptions,
    /// Solaris' `-z ignore`: unreferenced sections of the files that follow are left out.
    pub ignores: bool,
    pub par: Par,
    pub trace: &'a Trace,
}

struct Job<'d> {
    name: InputName,
    data: &'d [u8],
    excluded: bool,
    made: bool,
    collected: bool,
    /// What it defines counts only where nobody else defines it.
    yields: bool,
    /// Linked as it is, whatever it holds besides machine code.
    native: bool,
    /// A plugin has made it.
    compiled: bool,
    /// Number of the item, or [`NONE`].
    item: u32,
    /// The file that holds it, when `name` does not say (thin archives), and where in the file it starts.
    path: Option<std::path::PathBuf>,
    offset: u64,
}

/// A shared object to be read, with the name it was found by.
struct SharedJob<'d> {
    name: InputName,
    data: &'d [u8],
    mode: InputMode,
    file_name: &'d [u8],
}

impl<'d> Job<'d> {
    fn file(name: InputName, data: &'d [u8], item: usize) -> Self {
        Job {
            name,
            data,
            excluded: false,
            made: false,
            collected: false,
            yields: false,
            native: false,
            compiled: false,
            item: item as u32,
            path: None,
            offset: 0,
        }
    }

    fn ir(&self, kind: IrKind) -> IrFile<'d> {
        IrFile {
            name: self.name.clone(),
            data: self.data,
            path: self.path.clone(),
            offset: self.offset,
            kind,
        }
    }
}

/// An object and its names, still to be interned.
type Named<'d, E> = (Object<'d, E>, Vec<NameRef<'d>>);

/// What reading one file gave.
enum Read<'d, E: Elf> {
    Object(Box<Named<'d, E>>),
    Ir(IrKind),
    Failed,
}

/// Bytes of input for about one name, to guess the size of the table.
const BYTES_PER_NAME: u64 = 300;

impl<'a, 'd> Context<'a, 'd> {
    fn parse_jobs<E: Elf>(&self, jobs: &[Job<'d>]) -> Vec<Option<Named<'d, E>>> {
        let read: Vec<Read<'d, E>> = self.par.map_uneven(jobs, |job| self.read(job));
        let is_native: Vec<bool> = match self.lto {
            Mode::Claim(_) => read.iter().map(|r| matches!(r, Read::Object(_))).collect(),
            _ => Vec::new(),
        };
        // Intermediate code is claimed by one plugin after another: in order, whatever the threads did.
        let objects = jobs.iter().zip(read).map(|(job, read)| {
            let mut named = match (read, self.lto) {
                (Read::Object(named), _) => *named,
                (Read::Ir(kind), Mode::Claim(session)) => {
                    session.claim::<E>(job.ir(kind), self.store)?
                }
                (Read::Ir(_), _) => {
                    self.lto.note();
                    return None;
                }
                (Read::Failed, _) => return None,
            };
            named.0.excluded_lib = job.excluded;
            named.0.compiled = job.compiled;
            named.0.made = job.made;
            named.0.collected = job.collected;
            named.0.yields = job.yields;
            Some(named)
        });
        let objects = objects.collect();
        if let (Mode::Claim(session), true) = (self.lto, self.parse.relocatable) {
            let native = jobs.iter().zip(is_native);
            native
                .filter(|(_, native)| *native)
                .for_each(|(job, _)| session.show(&job.ir(IrKind::Gcc)));
        }
        objects
    }

    fn read_shared<E: Elf>(&self, job: &SharedJob<'d>) -> Option<ParsedShared<'d, E>> {
        let name = job.name.clone();
        match parse_shared::<E>(name, job.data, self.parse.machine, job.file_name) {
            Ok(mut p) => {
                p.shared.as_needed = job.mode.as_needed;
                p.shared.copy_dt_needed = job.mode.copy_dt_needed;
                p.shared.load = job.mode;
                Some(p)
            }
            Err(e) => {
                self.report.error(format!("{}: {e}", job.name));
                None
            }
        }
    }

    fn read<E: Elf>(&self, job: &Job<'d>) -> Read<'d, E> {
        if bitcode::is_bitcode(job.data) {
            return Read::Ir(IrKind::Llvm);
        }
        let store = self.store;
        let parse =
            || parse_object::<E>(job.name.clone(), job.data, self.parse, &|b| store.keep(b));
        match self.trace.task(|| format!("read {}", job.name), parse) {
            Ok(p) => {
                if p.object.lto
                    && !job.native
                    && let Some(kind) = self.lto.kind_of(&p.object)
                {
                    return Read::Ir(kind);
                }
                for w in p.warnings {
                    self.report.warn(format!("{}: {w}", job.name));
                }
                Read::Object(Box::new((p.object, p.names)))
            }
            Err(e) => {
                self.report.error(format!("{}: {e}", job.name));
                Read::Failed
            }
        }
    }
}

/// Reads all inputs and, wave by wave, the archive members they are likely to need.
pub fn gather<'d, E: Elf>(cx: &Context<'_, 'd>, opened: &Opened<'d>) -> Candidates<'d, E> {
    let list = list::of_inputs::<E>(cx, opened);
    let mut c = Candidates {
        steps: list.steps,
        candidates: Vec::with_capacity(list.jobs.len()),
        archives: list.archives,
        shared: Vec::with_capacity(list.shared.len()),
        shared_items: list.shared_items,
        interner: Interner::new((opened.bytes / BYTES_PER_NAME) as usize),
        versioned: false,
    };
    first_wave(cx, &mut c, &list.jobs, &list.shared);
    for (i, members) in list.unindexed {
        let index = index_of(&c, &members);
        if let Some(a) = c.archives.get_mut(i) {
            a.index = index;
        }
    }
    for candidates in list.libs {
        let numbered: Vec<_> = (0u32..).zip(candidates.iter().copied()).collect();
        let index = index_of(&c, &numbered);
        c.archives
            .push(LazyArchive::of_candidates(candidates, index));
    }
    guess_members(cx, &mut c);
    c
}

/// Objects, shared objects and archive indexes, all at once.
fn first_wave<'d, E: Elf>(
    cx: &Context<'_, 'd>,
    c: &mut Candidates<'d, E>,
    jobs: &[Job<'d>],
    shared: &[SharedJob<'d>],
) {
    let parsed = cx.parse_jobs::<E>(jobs);
    let parsed_shared = cx.par.map(shared, |job| cx.read_shared::<E>(job));
    let index_names: Vec<Vec<NameRef<'d>>> = cx.par.map_uneven(&c.archives, |a| {
        match a.archive.as_ref().and_then(|x| x.index) {
            Some(index) => index
                .iter()
                .map_while(Result::ok)
                // Those that `open_archive` took.
                .take(a.index.len())
                .map(|(name, _)| NameRef::new(name))
                .collect(),
            None => Vec::new(),
        }
    });
    let of_objects = parsed
        .iter()
        .map(|p| p.as_ref().map_or(&[][..], |p| &p.1[..]));
    let of_shared = parsed_shared
        .iter()
        .map(|p| p.as_ref().map_or(&[][..], |p| &p.names[..]));
    let of_archives = index_names.iter().map(|l| &l[..]);
    let lists: Vec<&[NameRef<'d>]> = of_objects.chain(of_shared).chain(of_archives).collect();
    let mut ids = c.interner.intern_lists(&lists, cx.par).into_iter();
    for (p, job) in parsed.into_iter().zip(jobs) {
        let names = ids.next().unwrap_or_default();
        let object = p.map(|(mut o, _)| {
            o.names = names;
            c.versioned |= o.has_versioned_names;
            o
        });
        c.candidates.push(Candidate {
            linked: object.is_none(),
            object,
            item: job.item,
        });
    }
    for p in parsed_shared {
        let names = ids.next().unwrap_or_default();
        c.shared.push(p.map(|p| {
            let mut s = p.shared;
            s.names = names;
            s
        }));
    }
    for (a, names) in c.archives.iter_mut().zip(ids) {
        // `index` held the members' numbers until now.
        for (slot, id) in a.index.iter_mut().zip(names) {
            slot.0 = id;
        }
    }
}

/// What an archive's members (number of the member, number of the candidate) define, as its index.
fn index_of<E: Elf>(c: &Candidates<'_, E>, members: &[(u32, u32)]) -> Vec<(SymbolId, u32)> {
    let mut index = Vec::new();
    for (member, candidate) in members {
        let defined = c.candidates.get(*candidate as usize);
        defined_names(defined, |id| index.push((id, *member)));
    }
    index
}

/// Calls `f` with every global name that the candidate defines.
fn defined_names<E: Elf>(c: Option<&Candidate<'_, E>>, mut f: impl FnMut(SymbolId)) {
    let Some(o) = c.and_then(|c| c.object.as_ref()) else {
        return;
    };
    for i in o.globals() {
        let s = o.symbol(i);
        if !matches!(o.place(i, &s), Place::Undefined) {
            f(o.symbol_id(i));
        }
    }
}

/// The waves after the first.
fn guess_members<'d, E: Elf>(cx: &Context<'_, 'd>, c: &mut Candidates<'d, E>) {
    if c.archives.iter().all(|a| a.index.is_empty()) {
        return;
    }
    let limit = c.interner.limit();
    // Name -> first archive entry that defines it.
    let mut provider: Vec<(u32, u32)> = vec![(NONE, NONE); limit];
    for (ai, a) in c.archives.iter().enumerate() {
        for &(id, m) in &a.index {
            if let Some(p) = provider.get_mut(id.index())
                && p.0 == NONE
            {
                *p = (ai as u32, m);
            }
        }
    }
    let objects = c.steps.iter().filter_map(|s| match s {
        Step::Object(n) => Some(*n),
        _ => None,
    });
    let mut wave: Vec<u32> = objects.collect();
    // Names that an object on the command line defines need no member.
    let defined = cx.par.map(&wave, |n| {
        let mut ids = Vec::new();
        defined_names(c.candidates.get(*n as usize), |id| {
            if provider.get(id.index()).is_some_and(|p| p.0 != NONE) {
                ids.push(id);
            }
        });
        ids
    });
    for id in defined.into_iter().flatten() {
        if let Some(p) = provider.get_mut(id.index()) {
            *p = (NONE, NONE);
        }
    }
    while !wave.is_empty() {
        let wanted: Vec<Vec<(u32, u32)>> = cx.par.map(&wave, |n| {
            let mut found = Vec::new();
            if let Some(o) = c
                .candidates
                .get(*n as usize)
                .and_then(|c| c.object.as_ref())
            {
                for i in o.globals() {
                    let s = o.symbol(i);
                    if s.bind() != object::elf::STB_WEAK
                        && matches!(o.place(i, &s), Place::Undefined)
                        && let Some(&p) = provider.get(o.symbol_id(i).index())
                        && p.0 != NONE
                    {
                        found.push(p);
                    }
                }
            }
            found
        });
        let mut todo: Vec<(u32, u32)> = wanted.into_iter().flatten().collect();
        todo.sort_unstable();
        todo.dedup();
        todo.retain(|&(a, m)| {
            c.archives
                .get(a as usize)
                .and_then(|a| a.members.get(m as usize))
                .is_some_and(|m| m.candidate == NONE && !m.bad)
        });
        wave = parse_members(cx, c, &todo);
    }
}

/// Parses these members (archive, member) and numbers their names; gives their candidates.
pub fn parse_members<'d, E: Elf>(
    cx: &Context<'_, 'd>,
    c: &mut Candidates<'d, E>,
    todo: &[(u32, u32)],
) -> Vec<u32> {
    let mut jobs = Vec::with_capacity(todo.len());
    let mut owners = Vec::with_capacity(todo.len());
    for &(a, m) in todo {
        let Some(lazy) = c.archives.get_mut(a as usize) else {
            continue;
        };
        match cx.member_job(lazy, m) {
            Ok(Some(job)) => {
                jobs.push(job);
                owners.push((a, m));
            }
            other => {
                if let Err(e) = other {
                    cx.report.error(e);
                }
                if let Some(m) = lazy.members.get_mut(m as usize) {
                    m.bad = true;
                }
            }
        }
    }
    let parsed = cx.parse_jobs::<E>(&jobs);
    let lists: Vec<&[NameRef<'d>]> = parsed
        .iter()
        .map(|p| p.as_ref().map_or(&[][..], |p| &p.1[..]))
        .collect();
    let ids = c.interner.intern_lists(&lists, cx.par);
    let mut out = Vec::with_capacity(parsed.len());
    for ((p, ids), (a, m)) in parsed.into_iter().zip(ids).zip(owners) {
        let Some(member) = c
            .archives
            .get_mut(a as usize)
            .and_then(|a| a.members.get_mut(m as usize))
        else {
            continue;
        };
        match p {
            Some((mut o, _)) => {
                c.versioned |= o.has_versioned_names;
                o.names = ids;
                member.candidate = c.candidates.len() as u32;
                out.push(member.candidate);
                c.candidates.push(Candidate {
                    object: Some(o),
                    linked: false,
                    item: NONE,
                });
            }
            None => member.bad = true,
        }
    }
    out
}

/// Whether a name in this state makes an archive member that defines it worth linking.
pub fn wants_member(state: State) -> bool {
    matches!(state, State::Undef | State::UndefShared)
}
