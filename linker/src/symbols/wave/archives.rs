//! Archives as a wave sees them: their index as numbers of names, and the member behind a number.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Context, Job, NONE};
use crate::input::archive::{self, Archive, MemberData};
use crate::input::budget::Budget;
use crate::input::load::ArchiveFile;
use crate::input::store::Store;
use crate::input::{FileKind, InputName, sniff};
use crate::symbols::SymbolId;

impl<'a, 'd> Context<'a, 'd> {
    /// The bytes of an archive's member and what it is called; None when it is not an object.
    pub(super) fn member_job(
        &self,
        a: &LazyArchive<'d>,
        member: u32,
    ) -> Result<Option<Job<'d>>, String> {
        let (Some(archive), Some(m)) = (&a.archive, a.members.get(member as usize)) else {
            return Ok(None);
        };
        let m = archive
            .member_at(m.header)
            .map_err(|e| format!("{}: {e}", a.path.display()))?;
        let name = InputName {
            path: a.path.clone(),
            member: Some(
                String::from_utf8_lossy(m.name)
                    .into_owned()
                    .into_boxed_str(),
            ),
        };
        let mut file = None;
        let mut offset = 0;
        let data = match &m.data {
            MemberData::Inside(range) => {
                offset = range.start as u64;
                archive.bytes(&m)
            }
            MemberData::File { .. } => {
                let path = thin_path(&a.path, m.name);
                let data = self.thin.open(self.store, &path).map_err(|e| {
                    format!(
                        "{}: cannot open member {}: {e}",
                        a.path.display(),
                        path.display()
                    )
                })?;
                file = Some(path);
                data
            }
            MemberData::Nested { header, .. } => {
                let path = thin_path(&a.path, m.name);
                let bytes = self.thin.open(self.store, &path).map_err(|e| {
                    format!("{}: cannot open {}: {e}", a.path.display(), path.display())
                })?;
                let inner =
                    archive::parse(bytes).map_err(|e| format!("{}: {e}", path.display()))?;
                let m = inner
                    .member_at(*header)
                    .map_err(|e| format!("{}: {e}", path.display()))?;
                if let MemberData::Inside(range) = &m.data {
                    offset = range.start as u64;
                }
                file = Some(path);
                inner.bytes(&m)
            }
        };
        match sniff(data) {
            FileKind::Object | FileKind::Bitcode => Ok(Some(Job {
                name,
                data,
                excluded: a.excluded,
                made: false,
                collected: a.collected,
                yields: false,
                native: false,
                compiled: false,
                item: NONE,
                path: file,
                offset,
            })),
            _ => Ok(None),
        }
    }
}

/// Files that thin archives name, each opened once.
#[derive(Default)]
pub struct ThinFiles<'d>(Mutex<HashMap<PathBuf, &'d [u8]>>);

impl<'d> ThinFiles<'d> {
    fn open(&self, store: &'d Store, path: &Path) -> std::io::Result<&'d [u8]> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(data) = files.get(path) {
            return Ok(data);
        }
        let data = store.open(path)?;
        files.insert(path.to_path_buf(), data);
        Ok(data)
    }
}

/// Paths in a thin archive are relative to the archive.
pub(super) fn thin_path(archive: &Path, name: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt;
    let name = Path::new(std::ffi::OsStr::from_bytes(name));
    match archive.parent() {
        Some(dir) if !name.is_absolute() => dir.join(name),
        _ => name.to_path_buf(),
    }
}

pub(super) fn open_archive<'d>(
    cx: &Context<'_, 'd>,
    a: &ArchiveFile<'d>,
    whole: bool,
) -> LazyArchive<'d> {
    let mut lazy = LazyArchive {
        path: a.path.clone(),
        archive: None,
        index: Vec::new(),
        members: Vec::new(),
        excluded: a.excluded,
        collected: false,
    };
    let archive = match archive::parse(a.data) {
        Ok(archive) => archive,
        Err(e) => {
            cx.report.error(format!("{}: {e}", a.path.display()));
            return lazy;
        }
    };
    if whole || archive.index.is_none() {
        collect_members(cx, a, &archive, &mut lazy);
    }
    if let Some(index) = archive.index {
        // Members by header offset, in order of first appearance; entries of one member mostly stand together.
        let mut numbers: std::collections::HashMap<u64, u32> = lazy
            .members
            .iter()
            .enumerate()
            .map(|(i, m)| (m.header, i as u32))
            .collect();
        let mut last = (u64::MAX, 0u32);
        let mut names = Budget::names(a.data.len());
        for entry in index.iter() {
            match entry {
                Ok((name, header)) => {
                    if let Err(e) = names.spend(name.len() as u64) {
                        cx.report.error(format!("{}: {e}", a.path.display()));
                        break;
                    }
                    if header != last.0 {
                        let next = lazy.members.len() as u32;
                        let n = *numbers.entry(header).or_insert(next);
                        if n == next {
                            lazy.members.push(LazyMember {
                                header,
                                candidate: NONE,
                                bad: false,
                            });
                        }
                        last = (header, n);
                    }
                    lazy.index.push((SymbolId(0), last.1));
                }
                Err(e) => {
                    cx.report.error(format!("{}: {e}", a.path.display()));
                    break;
                }
            }
        }
    }
    if !a.linked.is_empty() {
        for m in &mut lazy.members {
            m.bad |= a.linked.contains(&m.header);
        }
    }
    lazy.archive = Some(archive);
    lazy
}

/// All members in archive order (for archives without index, and for `--whole-archive`).
pub(super) fn collect_members<'d>(
    cx: &Context<'_, 'd>,
    a: &ArchiveFile<'d>,
    archive: &Archive<'d>,
    lazy: &mut LazyArchive<'d>,
) {
    for m in archive.members() {
        match m {
            Ok(m) => lazy.members.push(LazyMember {
                header: m.header_offset,
                candidate: NONE,
                bad: false,
            }),
            Err(e) => {
                cx.report.error(format!("{}: {e}", a.path.display()));
                break;
            }
        }
    }
}

/// One member of an archive.
pub struct LazyMember {
    pub header: u64,
    /// Index of its candidate, or [`NONE`] while it is not parsed.
    pub candidate: u32,
    /// It is no object, or was found broken: never tried again.
    pub bad: bool,
}

/// An archive, or the objects between `--start-lib` and `--end-lib`.
pub struct LazyArchive<'d> {
    pub path: std::path::PathBuf,
    pub archive: Option<Archive<'d>>,
    /// Symbol index in its own order: name, index into `members`.
    pub index: Vec<(SymbolId, u32)>,
    pub members: Vec<LazyMember>,
    pub excluded: bool,
    /// `-z ignore` was in force.
    pub collected: bool,
}

impl LazyArchive<'_> {
    /// What stands between `--start-lib` and `--end-lib`; `index` as in the field.
    pub(super) fn of_candidates(candidates: Vec<u32>, index: Vec<(SymbolId, u32)>) -> Self {
        let member = |candidate| LazyMember {
            header: 0,
            candidate,
            bad: false,
        };
        LazyArchive {
            path: Default::default(),
            archive: None,
            index,
            members: candidates.into_iter().map(member).collect(),
            excluded: false,
            collected: false,
        }
    }
}
