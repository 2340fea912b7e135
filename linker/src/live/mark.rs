//! The walk: from the roots along relocations to everything reachable, scanning each section once on the way.
//!
//! Without `--gc-sections` every section is a root. With it the roots are those GNU ld keeps: the entry, `-u` and
//! exported symbols, what the default script puts in KEEP (init and fini code and arrays, notes), SHF_GNU_RETAIN. A
//! section brings along its group, what is linked to it by SHF_LINK_ORDER, and, through its FDEs, its exception tables.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};

use object::elf;
use wcc_targets::LoadRules;

use super::companions::Companions;
use super::frames::{fdes_by_section, keep_frames, split_frames};
use super::scan::{Counts, Finding, Scanner, What, referent};
use super::{DynamicSection, Liveness};
use crate::arch::{Arch, Needs, SymFlags};
use crate::elf::Elf;
use crate::input::object::{Kind, Object, SHF_GNU_RETAIN};
use crate::layout::names::has_stem;
use crate::options::{Options, OutputKind};
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::symbols::reserved::{Reserved, is_c_identifier};
use crate::symbols::{SectionId, Seen, State, SymbolId};
use crate::synth::eh_frame::EhFrame;

/// Sections from which on a task gives half of them to a thread that has nothing to do.
const SPLIT: usize = 16;
/// Roots of one task.
const ROOTS: usize = 64;

pub(super) struct Walk<'a, 'd, A: Arch> {
    pub(super) scanner: Scanner<'a, 'd, A>,
    pub(super) live: Vec<AtomicBool>,
    pub(super) results: Mutex<(Vec<DynamicSection>, Vec<Finding>)>,
    pub(super) gc: bool,
    pub(super) retain_flag: u32,
    /// What is exported is kept; not where all of a program's symbols are.
    pub(super) exports_keep: bool,
    /// By object: FDEs sorted by the section of their function.
    pub(super) frames: &'a [Vec<(u32, EhFrame)>],
    pub(super) fdes_of: Vec<Vec<(u32, u32, u32)>>,
    /// Sections that are kept with a section: groups and SHF_LINK_ORDER.
    pub(super) companions: Companions,
    /// Sections that a `__start_NAME` symbol keeps.
    pub(super) enclosed: HashMap<SymbolId, Vec<SectionId>>,
    /// Tasks that no thread has begun: none means that a thread may have nothing to do.
    pub(super) waiting: AtomicUsize,
}

/// Local results of one task.
#[derive(Default)]
pub(super) struct Task {
    pub(super) stack: Vec<SectionId>,
    pub(super) dynamic: Vec<DynamicSection>,
    pub(super) found: Vec<Finding>,
}

/// Finds out what is live and what it needs.
pub fn walk<'d, A: Arch>(
    program: &Program<'d, A::Elf>,
    opts: &Options,
    kept: Option<&[SectionId]>,
    rules: &LoadRules,
    report: &Report,
    par: Par,
) -> Liveness {
    let frames = split_frames(program, report, par);
    let mut needs = Vec::new();
    needs.resize_with(program.symbols.total, || AtomicU16::new(0));
    let module = AtomicU16::new(0);
    let some = program.objects.iter().any(|o| o.collected);
    let gc = (opts.gc_sections || some) && opts.kind != OutputKind::Relocatable;
    let mut live = Vec::new();
    live.resize_with(program.symbols.sections, || AtomicBool::new(false));
    let mut w = Walk::<A> {
        scanner: Scanner {
            program,
            opts,
            tlsdesc: rules.tlsdesc,
            needs: &needs,
            module: &module,
            relr: opts.z.pack_relative_relocs && opts.kind.is_pic(),
        },
        live,
        results: Mutex::default(),
        gc,
        retain_flag: rules.retain_flag,
        exports_keep: !rules.exports_all || opts.kind == OutputKind::Shared,
        frames: &frames,
        fdes_of: Vec::new(),
        companions: Companions::default(),
        enclosed: HashMap::new(),
        waiting: AtomicUsize::new(0),
    };
    if gc {
        w.fdes_of = par.map_range(program.objects.len(), |i| {
            fdes_by_section(program, &frames, i)
        });
        w.companions = Companions::of(program, par);
        w.enclosed = enclosed(program, opts);
        let roots = w.roots(opts, kept, par);
        w.run(roots, par);
    } else {
        w.keep_all(par);
    }
    w.scan_cies(par);
    let live: Vec<bool> = w.live.into_iter().map(AtomicBool::into_inner).collect();
    let (mut dynamic, found) = w.results.into_inner().unwrap_or_default();
    dynamic.sort_unstable_by_key(|d| d.section);
    // An `.eh_frame` is scanned record by record: its counts are added up.
    dynamic.dedup_by(|b, a| {
        let same = a.section == b.section;
        if same {
            a.relative += b.relative;
            a.other += b.other;
        }
        same
    });
    super::errors::report::<A>(program, opts, &live, found, report);
    let mut needs: Vec<Needs> = needs
        .into_iter()
        .map(|n| Needs::from_bits_truncate(n.into_inner()))
        .collect();
    show_ifuncs(program, opts, &mut needs);
    let needy = (0u32..)
        .zip(&needs)
        .filter(|(_, n)| !n.is_empty())
        .map(|(i, _)| SymbolId(i))
        .collect();
    let textrel = dynamic.iter().any(|d| {
        let (o, s) = program.owner(SectionId(d.section));
        program
            .objects
            .get(o)
            .and_then(|o| o.sections.get(s as usize))
            .is_some_and(|s| s.flags & elf::SHF_WRITE == 0)
    });
    let static_tls =
        opts.kind == OutputKind::Shared && needs.iter().any(|n| n.contains(Needs::GOTTP));
    let mut eh_frames = frames;
    keep_frames(program, &live, &mut eh_frames, par);
    Liveness {
        live,
        needs,
        module: Needs::from_bits_truncate(module.into_inner()),
        dynamic,
        eh_frames,
        folded: HashMap::new(),
        textrel,
        static_tls,
        needy,
        endbr: HashMap::new(),
    }
}

/// An IFUNC of a program at a fixed address that libraries refer to is its PLT entry to everybody. The run-time linker
/// relocates the program last and refuses to call a resolver of it for a library before that.
fn show_ifuncs<E: Elf>(p: &Program<'_, E>, opts: &Options, needs: &mut [Needs]) {
    if opts.kind != OutputKind::Executable || !p.dynamic {
        return;
    }
    let symbols = p.symbols.info.iter().zip(&p.symbols.targets);
    for ((n, (info, target)), exported) in needs.iter_mut().zip(symbols).zip(&p.symbols.exported) {
        if target.flags.contains(SymFlags::IFUNC)
            && !target.flags.contains(SymFlags::IMPORTED)
            && *exported
            && info.seen.contains(Seen::REF_SHARED)
        {
            *n |= Needs::PLT | Needs::CPLT;
        }
    }
}

fn enclosed<E: Elf>(program: &Program<'_, E>, opts: &Options) -> HashMap<SymbolId, Vec<SectionId>> {
    let mut by_name: HashMap<&[u8], Vec<SymbolId>> = HashMap::new();
    for l in &program.symbols.linker {
        let what = match &l.what {
            Reserved::Loaded(what) => &**what,
            what => what,
        };
        if let Reserved::SectionStart(name) | Reserved::SectionEnd(name) = what
            && is_c_identifier(name)
            && !opts.z.start_stop_gc
        {
            by_name.entry(name).or_default().push(l.id);
        }
    }
    let mut map: HashMap<SymbolId, Vec<SectionId>> = HashMap::new();
    if by_name.is_empty() {
        return map;
    }
    for o in &program.objects {
        for (i, s) in (0u32..).zip(&o.sections) {
            if s.is_alloc()
                && matches!(s.kind, Kind::Regular | Kind::Merge)
                && let Some(ids) = by_name.get(o.section_name(i))
            {
                for id in ids {
                    map.entry(*id).or_default().push(o.section_id(i));
                }
            }
        }
    }
    map
}

/// The flag by which an object's sections ask to be kept: GNU's in an object marked as GNU's, else the platform's.
pub(crate) fn retain_flag(osabi: u8, platform: u32) -> u32 {
    if osabi == elf::ELFOSABI_GNU {
        SHF_GNU_RETAIN
    } else {
        platform
    }
}

/// Sections that GNU ld's default script keeps by name or type, or that have the flag `retain`.
pub(crate) fn is_kept(name: &[u8], s: &crate::input::object::Section, retain: u32) -> bool {
    if s.flags & retain != 0 {
        return true;
    }
    match s.ty {
        elf::SHT_INIT_ARRAY | elf::SHT_FINI_ARRAY | elf::SHT_PREINIT_ARRAY => return true,
        // A note in a group goes with its group.
        elf::SHT_NOTE => return s.flags & elf::SHF_GROUP == 0,
        _ => {}
    }
    let stem = |prefix: &[u8]| has_stem(name, prefix);
    name == b".init"
        || name == b".fini"
        || name == b".jcr"
        || stem(b".ctors")
        || stem(b".dtors")
        || stem(b".init_array")
        || stem(b".fini_array")
        || stem(b".preinit_array")
}

/// `--gc-keep-exported`: a definition that a library of the same objects would export.
fn is_visible<E: Elf>(p: &Program<'_, E>, id: SymbolId) -> bool {
    p.symbols.info(id).state >= State::DefWeak && !crate::layout::symtab::is_local_to_output(p, id)
}

impl<'d, A: Arch> Walk<'_, 'd, A> {
    fn mark(&self, s: SectionId) -> bool {
        match self.live.get(s.index()) {
            Some(l) => !l.load(Ordering::Relaxed) && !l.swap(true, Ordering::Relaxed),
            None => false,
        }
    }

    /// Every section is linked (no `--gc-sections`).
    fn keep_all(&self, par: Par) {
        let p = self.scanner.program;
        let numbers: Vec<u32> = (0..p.objects.len() as u32).collect();
        par.for_each(&numbers, |&n| {
            let Some(o) = p.objects.get(n as usize) else {
                return;
            };
            let mut t = Task::default();
            for (i, s) in (0u32..).zip(&o.sections) {
                match s.kind {
                    Kind::Regular | Kind::Merge => {
                        self.mark(o.section_id(i));
                        if s.is_alloc() && s.relocs != 0 {
                            self.scan_section(n, i, &mut t, false);
                        }
                    }
                    _ => {}
                }
            }
            self.finish(t);
        });
        self.scan_fdes(par);
    }

    pub(super) fn finish(&self, t: Task) {
        if t.dynamic.is_empty() && t.found.is_empty() {
            return;
        }
        if let Ok(mut r) = self.results.lock() {
            r.0.extend(t.dynamic);
            r.1.extend(t.found);
        }
    }

    fn scan_section(&self, object: u32, shndx: u32, t: &mut Task, follow: bool) {
        let Some(o) = self.scanner.program.objects.get(object as usize) else {
            return;
        };
        let Task {
            stack,
            dynamic,
            found,
        } = t;
        let counts: Counts = self.scanner.scan(
            object,
            shndx,
            o.relocs(shndx),
            |s, id| {
                if follow {
                    self.reach(s, id, stack);
                }
            },
            found,
        );
        if counts.relative + counts.other > 0 {
            dynamic.push(DynamicSection {
                section: o.section_id(shndx).0,
                relative: counts.relative,
                other: counts.other,
            });
        }
    }

    #[inline]
    fn reach(&self, s: SectionId, id: SymbolId, stack: &mut Vec<SectionId>) {
        if s != SectionId::NONE {
            if self.mark(s) {
                stack.push(s);
            }
        } else if let Some(list) = self.enclosed.get(&id) {
            stack.extend(list.iter().filter(|s| self.mark(**s)));
        }
    }

    /// An object's sections that are linked whoever refers to them; `by_name`: those of certain names, too.
    fn kept_of(&self, o: &Object<'d, A::Elf>, opts: &Options, by_name: bool) -> Vec<SectionId> {
        let mut roots = Vec::new();
        let all = !opts.gc_sections && !o.collected;
        let mut look = |i: u32| {
            let Some(s) = o.sections.get(i as usize) else {
                return;
            };
            if !matches!(s.kind, Kind::Regular | Kind::Merge) {
                return;
            }
            let id = o.section_id(i);
            if !s.is_alloc() {
                // Debug information is not collected, and keeps nothing; a member of a group goes with its group. Notes
                // keep what they speak of (SystemTap's probes), as in GNU ld.
                self.mark(id);
                if by_name && s.ty == elf::SHT_NOTE && s.relocs != 0 && is_kept(b"", s, 0) {
                    let records = o.relocs(i);
                    let symbols = (0..records.len()).map(|k| records.get(k).sym);
                    for sym in symbols.filter(|n| (*n as usize) < o.symbols.len()) {
                        let who = referent(self.scanner.program, o, sym);
                        self.reach(who.target.section, who.id, &mut roots);
                    }
                }
                return;
            }
            let name = || if by_name { o.section_name(i) } else { b"" };
            if (all || is_kept(name(), s, retain_flag(o.osabi, self.retain_flag))) && self.mark(id)
            {
                roots.push(id);
            }
        };
        if all {
            (0..o.sections.len() as u32).for_each(&mut look);
        } else {
            o.kept.iter().copied().for_each(&mut look);
        }
        roots
    }

    /// `kept`: what a script's KEEP names, which then takes the place of what the default script keeps.
    fn roots(&self, opts: &Options, kept: Option<&[SectionId]>, par: Par) -> Vec<SectionId> {
        let p = self.scanner.program;
        let mut roots = Vec::new();
        for (i, info) in p.symbols.info.iter().enumerate() {
            let id = SymbolId(i as u32);
            let exported = p.symbols.exported.get(i).copied().unwrap_or(false);
            if info.seen.contains(Seen::ROOT)
                || exported && self.exports_keep
                || opts.gc_keep_exported && is_visible(p, id)
                || info.seen.contains(Seen::REF_SHARED) && info.state >= State::DefWeak
            {
                self.reach(p.symbols.target(id).section, id, &mut roots);
            }
        }
        for name in [&opts.init, &opts.fini] {
            if let Some(id) = p.symbols.interner.get(name) {
                self.reach(p.symbols.target(id).section, id, &mut roots);
            }
        }
        let own = par.map(&p.objects, |o| self.kept_of(o, opts, kept.is_none()));
        roots.extend(own.into_iter().flatten());
        roots.extend(kept.unwrap_or(&[]).iter().filter(|s| self.mark(**s)));
        roots
    }

    pub(super) fn run(&self, roots: Vec<SectionId>, par: Par) {
        if !par.is_parallel() {
            self.drain(
                Task {
                    stack: roots,
                    ..Task::default()
                },
                None,
            );
            return;
        }
        rayon::scope(|scope| {
            for chunk in roots.chunks(ROOTS) {
                self.spawn(scope, chunk.to_vec());
            }
        });
    }

    /// A task for whichever thread is free.
    fn spawn<'s>(&'s self, scope: &rayon::Scope<'s>, stack: Vec<SectionId>) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        scope.spawn(move |scope| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            let task = Task {
                stack,
                ..Task::default()
            };
            self.drain(task, Some(scope));
        });
    }

    fn drain<'s>(&'s self, mut t: Task, scope: Option<&rayon::Scope<'s>>) {
        let p = self.scanner.program;
        while let Some(s) = t.stack.pop() {
            let (n, shndx) = p.owner(s);
            let Some(o) = p.objects.get(n) else { continue };
            let Some(section) = o.sections.get(shndx as usize) else {
                continue;
            };
            if !matches!(section.kind, Kind::Regular | Kind::Merge) {
                continue;
            }
            let with = self.companions.of_section(s);
            t.stack.extend(with.filter(|s| self.mark(*s)));
            if section.is_alloc() && section.relocs != 0 {
                self.scan_section(n as u32, shndx, &mut t, true);
            }
            self.follow_fdes(n, s, &mut t);
            if let Some(scope) = scope
                && t.stack.len() >= SPLIT
                && self.waiting.load(Ordering::Relaxed) == 0
            {
                let half = t.stack.split_off(t.stack.len() / 2);
                self.spawn(scope, half);
            }
        }
        self.finish(t);
    }

    /// Relocations of a part of an `.eh_frame`.
    pub(super) fn scan_records(
        &self,
        object: u32,
        shndx: u32,
        frame: &EhFrame,
        range: std::ops::Range<u32>,
        t: &mut Task,
    ) {
        let p = self.scanner.program;
        let Some(o) = p.objects.get(object as usize) else {
            return;
        };
        let relocs = o.relocs(shndx);
        let mut counts = DynamicSection::default();
        for i in range {
            let r = frame.reloc(relocs, i);
            if r.ty == A::R_NONE {
                continue;
            }
            if r.sym as usize >= o.symbols.len() {
                t.found.push(Finding {
                    what: What::BadSymbol,
                    object,
                    section: shndx,
                    reloc: r,
                    symbol: SymbolId(0),
                });
                continue;
            }
            let Task { stack, found, .. } = t;
            let c =
                self.scanner
                    .scan_one(object, shndx, r, |s, id| self.reach(s, id, stack), found);
            counts.relative += c.relative;
            counts.other += c.other;
        }
        if counts.relative + counts.other > 0 {
            let DynamicSection {
                relative, other, ..
            } = counts;
            t.dynamic.push(DynamicSection {
                section: o.section_id(shndx).0,
                relative,
                other,
            });
        }
    }
}
