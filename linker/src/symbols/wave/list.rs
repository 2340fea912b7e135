//! The inputs in order, as steps of resolution and as work for the first wave.
//!
//! `--start-lib` makes an archive of objects; an archive without an index gets one from its members, which are all read.

use std::path::Path;

use super::archives::open_archive;
use super::{Context, Job, LazyArchive, NONE, SharedJob, Step};
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::load::{Item, Opened};
use crate::input::made;
use crate::options::InputMode;

/// What there is to read, and in which order it counts.
pub(super) struct List<'d> {
    pub steps: Vec<Step>,
    pub archives: Vec<LazyArchive<'d>>,
    /// Numbered as candidates are.
    pub jobs: Vec<Job<'d>>,
    pub shared: Vec<SharedJob<'d>>,
    /// The number of each shared object's item.
    pub shared_items: Vec<u32>,
    /// The candidates of each `--start-lib`; these are the archives behind those of the command line.
    pub libs: Vec<Vec<u32>>,
    /// Archives that need an index: their number, and number and candidate of each member.
    pub unindexed: Vec<(usize, Vec<(u32, u32)>)>,
    /// The `--start-lib` that is open.
    open: Option<Vec<u32>>,
}

/// Numbers the inputs; archives are opened.
pub(super) fn of_inputs<'d, E: Elf>(cx: &Context<'_, 'd>, opened: &Opened<'d>) -> List<'d> {
    let mut whole = vec![false; opened.archives.len()];
    for item in &opened.items {
        if let Item::Archive { archive, mode } = item
            && mode.whole_archive
            && let Some(w) = whole.get_mut(*archive)
        {
            *w = true;
        }
    }
    let archives: Vec<_> = opened.archives.iter().zip(&whole).collect();
    let mut list = List {
        steps: Vec::with_capacity(opened.items.len()),
        archives: cx
            .par
            .map_uneven(&archives, |(a, whole)| open_archive(cx, a, **whole)),
        jobs: Vec::new(),
        shared: Vec::new(),
        shared_items: Vec::new(),
        libs: Vec::new(),
        unindexed: Vec::new(),
        open: None,
    };
    for item in &opened.items {
        if let Item::Archive { archive, mode } = item
            && let Some(a) = list.archives.get_mut(*archive)
        {
            a.collected |= mode.as_needed && cx.ignores;
        }
    }
    for (at, item) in opened.items.iter().enumerate() {
        list.add::<E>(cx, opened, at, item);
    }
    list.end_lib(opened);
    list.read_unindexed(cx, &whole);
    list
}

impl<'d> List<'d> {
    fn add<E: Elf>(
        &mut self,
        cx: &Context<'_, 'd>,
        opened: &Opened<'d>,
        at: usize,
        item: &Item<'d>,
    ) {
        let machine = cx.parse.machine;
        let made = |name: InputName, bytes: Vec<u8>| Job {
            made: true,
            ..Job::file(name, cx.store.keep(bytes), at)
        };
        match item {
            Item::Linked {
                name,
                data,
                excluded,
                compiled,
            } => {
                // In the order of an earlier resolution, whatever stood around it.
                self.steps.push(Step::Object(self.jobs.len() as u32));
                self.jobs.push(Job {
                    excluded: *excluded,
                    native: true,
                    compiled: *compiled,
                    ..Job::file(name.clone(), data, at)
                });
            }
            Item::Object { name, data, mode } => self.object(Job {
                collected: mode.as_needed && cx.ignores,
                ..Job::file(name.clone(), data, at)
            }),
            Item::JustSymbols { name, data } => match made::just_symbols::<E>(machine, data) {
                Ok(bytes) => self.object(made(name.clone(), bytes)),
                Err(e) => cx.report.error(format!("{name}: {e}")),
            },
            Item::Definitions(definitions) => {
                let bytes = made::definitions::<E>(machine, definitions);
                self.object(Job {
                    yields: true,
                    ..made(InputName::file(Path::new("mapfile")), bytes)
                });
            }
            Item::Array { section, function } => {
                let bytes = made::array_entry::<E>(machine, section, function);
                self.object(made(InputName::file(Path::new("-z")), bytes));
            }
            Item::Binary { path, data } => {
                let bytes = made::binary::<E>(machine, path, data);
                self.object(made(InputName::file(path), bytes));
            }
            Item::Shared {
                name,
                data,
                mode,
                file_name,
            } => {
                self.steps.push(Step::Shared(self.shared.len() as u32));
                self.shared.push(SharedJob {
                    name: name.clone(),
                    data,
                    mode: *mode,
                    file_name,
                });
                self.shared_items.push(at as u32);
            }
            Item::Archive { archive, mode } => self.archive(cx, *archive, *mode),
            Item::GroupStart => self.steps.push(Step::GroupStart),
            Item::GroupEnd => self.steps.push(Step::GroupEnd),
            Item::LibStart => self.open = Some(Vec::new()),
            Item::LibEnd => self.end_lib(opened),
            Item::Assign { index } => self.steps.push(Step::Assign(*index)),
        }
    }

    fn object(&mut self, job: Job<'d>) {
        let n = self.jobs.len() as u32;
        self.jobs.push(job);
        match &mut self.open {
            Some(lib) => lib.push(n),
            None => self.steps.push(Step::Object(n)),
        }
    }

    fn end_lib(&mut self, opened: &Opened<'d>) {
        if let Some(candidates) = self.open.take() {
            let n = opened.archives.len() + self.libs.len();
            self.steps.push(Step::Archive(n as u32));
            self.libs.push(candidates);
        }
    }

    /// An archive to be searched, or with `--whole-archive` all its members as objects.
    fn archive(&mut self, cx: &Context<'_, 'd>, n: usize, mode: InputMode) {
        if !mode.whole_archive {
            self.steps.push(Step::Archive(n as u32));
            return;
        }
        let Some(a) = self.archives.get_mut(n) else {
            return;
        };
        for m in 0..a.members.len() {
            let read = a.members.get(m).map_or(NONE, |m| m.candidate);
            let candidate = match read {
                NONE => queue(cx, a, m, &mut self.jobs),
                candidate => Some(candidate),
            };
            self.steps.extend(candidate.map(Step::Object));
        }
    }

    fn read_unindexed(&mut self, cx: &Context<'_, 'd>, whole: &[bool]) {
        for (i, a) in self.archives.iter_mut().enumerate() {
            let has_index = a.archive.as_ref().is_none_or(|ar| ar.index.is_some());
            if has_index || whole.get(i).copied().unwrap_or(false) {
                continue;
            }
            let members = (0..a.members.len())
                .filter_map(|m| Some((m as u32, queue(cx, a, m, &mut self.jobs)?)))
                .collect();
            self.unindexed.push((i, members));
        }
    }
}

/// Has a member read: the number of its candidate. None when it is no object.
fn queue<'d>(
    cx: &Context<'_, 'd>,
    a: &mut LazyArchive<'d>,
    member: usize,
    jobs: &mut Vec<Job<'d>>,
) -> Option<u32> {
    match cx.member_job(a, member as u32) {
        Ok(job) => {
            let job = job?;
            let n = jobs.len() as u32;
            if let Some(m) = a.members.get_mut(member) {
                m.candidate = n;
            }
            jobs.push(job);
            Some(n)
        }
        Err(e) => {
            cx.report.error(e);
            None
        }
    }
}
