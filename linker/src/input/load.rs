//! The command line becomes a list of opened inputs, in order, with linker scripts opened up.
//!
//! Nothing here depends on the architecture: the list is made first, then the first object's machine number
//! (or `-m`) decides for which architecture the linker is instantiated.

mod definitions;
mod scripts;

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub use self::definitions::Definition;
use self::definitions::definitions;
use super::paths::SearchPath;
use super::store::Store;
use super::{FileKind, InputName, sniff};
use crate::layout::script::plan::{Assert, Plan};
use crate::listing::handler;
use crate::options::{InputKind, InputMode, Options, OutputKind};
use crate::report::Report;
use crate::script::{Assignment, VersionScript};

/// An opened input, in command-line order.
#[derive(Clone, Debug)]
pub enum Item<'d> {
    Object {
        name: InputName,
        data: &'d [u8],
        mode: InputMode,
    },
    Shared {
        name: InputName,
        data: &'d [u8],
        mode: InputMode,
        file_name: &'d [u8],
    },
    /// Index into [`Opened::archives`].
    Archive {
        archive: usize,
        mode: InputMode,
    },
    GroupStart,
    GroupEnd,
    LibStart,
    LibEnd,
    /// `-b binary`: an object is to be made of these bytes.
    Binary {
        path: PathBuf,
        data: &'d [u8],
    },
    JustSymbols {
        name: InputName,
        data: &'d [u8],
    },
    /// Symbols that mapfiles define.
    Definitions(Vec<Definition>),
    /// A function to be added to `.init_array` or its kin.
    Array {
        section: &'static str,
        function: Vec<u8>,
    },
    /// An object or member that resolution has linked, or one that compilation made of IR (`lto/relink.rs`).
    Linked {
        name: InputName,
        data: &'d [u8],
        excluded: bool,
        compiled: bool,
    },
    /// `--defsym`, or an assignment in a script given as an input.
    Assign {
        index: usize,
    },
}

#[derive(Clone, Debug)]
pub struct ArchiveFile<'d> {
    pub path: PathBuf,
    pub data: &'d [u8],
    /// `--exclude-libs` names it.
    pub excluded: bool,
    /// Header offsets of members that are linked already (`lto/relink.rs`).
    pub linked: Vec<u64>,
}

/// All that the command line names.
#[derive(Clone, Debug, Default)]
pub struct Opened<'d> {
    pub items: Vec<Item<'d>>,
    pub archives: Vec<ArchiveFile<'d>>,
    /// `EXTERN(…)`.
    pub externs: Vec<Vec<u8>>,
    /// `ENTRY(…)` of a script input.
    pub entry: Option<Vec<u8>>,
    /// `VERSION { … }` of script inputs.
    pub version_scripts: Vec<VersionScript>,
    /// `sym = expr` of script inputs and `--defsym`, in order.
    pub assignments: Vec<Assignment>,
    /// Names that the scripts' layout refers to.
    pub script_names: Vec<Vec<u8>>,
    /// What scripts lay out; None: the linker's own layout.
    pub layout: Option<Plan<'d>>,
    /// `ASSERT(…)` of scripts that lay nothing out.
    pub asserts: Vec<Assert>,
    /// About how many bytes of the inputs will be looked at: decides between one thread and many.
    pub bytes: u64,
    /// e_machine of the first object or shared object, and which file that is.
    pub machine: Option<u16>,
    pub machine_from: PathBuf,
    /// Paths opened, in order (dependency file, `-t`).
    pub paths: Vec<PathBuf>,
    /// Signatures of the COMDAT groups that intermediate code has won (`lto/relink.rs`).
    pub ir_groups: Vec<&'d [u8]>,
    /// Names in it that do not have the default visibility, with theirs.
    pub ir_visibility: Vec<(&'d [u8], u8)>,
    /// Some object is LLVM bitcode.
    pub bitcode: bool,
    /// Libraries that objects asked for and that were looked for (`dependent.rs`).
    pub dependent: Vec<OsString>,
}

impl<'d> Opened<'d> {
    /// Adds what was opened apart, behind everything else.
    pub fn append(&mut self, more: Opened<'d>) {
        let shift = self.archives.len();
        self.archives.extend(more.archives);
        self.paths.extend(more.paths);
        self.bytes = self.bytes.saturating_add(more.bytes);
        let items = more.items.into_iter().map(|item| match item {
            Item::Archive { archive, mode } => Item::Archive {
                archive: archive + shift,
                mode,
            },
            other => other,
        });
        self.items.extend(items);
    }
}

struct Loader<'o, 'd> {
    opts: &'o Options,
    store: &'d Store,
    report: &'o Report,
    search: SearchPath,
    out: Opened<'d>,
    archive_of: HashMap<PathBuf, usize>,
    /// What `-lNAME` found, statically or not: drivers name libgcc three times.
    found: HashMap<(OsString, bool), (PathBuf, &'d [u8])>,
    depth: u32,
    plan: Plan<'d>,
    /// What STARTUP names; the last goes before everything else.
    first: Vec<Vec<Item<'d>>>,
    /// Scripts read so far.
    scripts: u32,
    /// Files that they came from, and bytes of those that were read once more.
    script_files: HashSet<PathBuf>,
    again: usize,
    /// The script that names what is being opened.
    named_by: Option<PathBuf>,
}

/// Opens every input. Errors go to `report`, all of them.
pub fn open_inputs<'d>(opts: &Options, store: &'d Store, report: &Report) -> Opened<'d> {
    let mut l = Loader {
        opts,
        store,
        report,
        search: SearchPath::new(opts),
        out: Opened::default(),
        archive_of: HashMap::new(),
        found: HashMap::new(),
        depth: 0,
        plan: Plan::default(),
        first: Vec::new(),
        scripts: 0,
        script_files: HashSet::new(),
        again: 0,
        named_by: None,
    };
    let early = opts.before_script.unwrap_or(0);
    for input in opts.inputs.iter().take(early) {
        l.defsym(input);
    }
    for script in &opts.scripts {
        l.run_script(
            &script.commands,
            Path::new(&script.file),
            InputMode::default(),
        );
    }
    for (i, input) in opts.inputs.iter().enumerate() {
        match &input.kind {
            InputKind::File(path) => l.file(path, input.mode),
            InputKind::Library(name) => l.library(name, input.mode),
            InputKind::StartGroup => l.out.items.push(Item::GroupStart),
            InputKind::EndGroup => l.out.items.push(Item::GroupEnd),
            InputKind::StartLib => l.out.items.push(Item::LibStart),
            InputKind::EndLib => l.out.items.push(Item::LibEnd),
            InputKind::Binary(path) => l.binary(path),
            InputKind::JustSymbols(path) => match store.open(path) {
                Ok(data) => {
                    l.out.items.push(Item::JustSymbols {
                        name: InputName::file(path),
                        data,
                    });
                }
                Err(err) => l.cannot_open(path, &err),
            },
            InputKind::Defsym { .. } if i < early => {}
            InputKind::Defsym { .. } => l.defsym(input),
        }
    }
    let defined = definitions(opts);
    if !defined.is_empty() {
        l.out.items.push(Item::Definitions(defined));
    }
    for (section, list) in [
        (".preinit_array", &opts.sunw.preinit_array),
        (".init_array", &opts.sunw.init_array),
        (".fini_array", &opts.sunw.fini_array),
    ] {
        l.out.items.extend(list.iter().map(|f| Item::Array {
            section,
            function: f.clone(),
        }));
    }
    l.finish_plan();
    if !l.first.is_empty() {
        let first = l.first.drain(..).rev().flatten();
        l.out.items.splice(0..0, first);
    }
    l.out
}

impl<'d> Loader<'_, 'd> {
    fn cannot_open(&self, path: &Path, err: &io::Error) {
        let why = match err.kind() {
            io::ErrorKind::NotFound => "No such file or directory".to_string(),
            io::ErrorKind::PermissionDenied => "Permission denied".to_string(),
            _ => err.to_string(),
        };
        let by = match &self.named_by {
            Some(script) => format!("\n>>> named by {}", script.display()),
            None => String::new(),
        };
        self.report
            .error(format!("cannot open {}: {why}{by}", path.display()));
    }

    fn file(&mut self, path: &Path, mode: InputMode) {
        if let Some(&archive) = self.archive_of.get(path) {
            self.out.items.push(Item::Archive { archive, mode });
            return;
        }
        match self.store.open(path) {
            Ok(data) => self.opened(path, data, mode, path.as_os_str().as_bytes()),
            Err(err) => self.cannot_open(path, &err),
        }
    }

    fn binary(&mut self, path: &Path) {
        match self.store.open(path) {
            Ok(data) => self.out.items.push(Item::Binary {
                path: path.to_path_buf(),
                data,
            }),
            Err(err) => self.cannot_open(path, &err),
        }
    }

    fn library(&mut self, name: &OsStr, mode: InputMode) {
        let store = self.store;
        let mut skipped = Vec::new();
        let want = self.out.machine;
        let key = (name.to_os_string(), mode.static_libs);
        let before = self.found.get(&key).cloned();
        let found = before.or_else(|| {
            self.search.library(name, mode.static_libs, |path| {
                let data = store.open(path).ok()?;
                // A library for another machine is passed over, as GNU ld does ("skipping incompatible").
                if let (Some(want), Some(has)) = (want, machine_of(data))
                    && want != has
                {
                    skipped.push(path.to_path_buf());
                    return None;
                }
                Some((path.to_path_buf(), data))
            })
        });
        match found {
            Some((path, data)) => {
                self.found.insert(key, (path.clone(), data));
                if let Some(&archive) = self.archive_of.get(&path) {
                    self.out.items.push(Item::Archive { archive, mode });
                } else {
                    let base = path.file_name().unwrap_or(path.as_os_str());
                    self.opened(&path, data, mode, base.as_bytes());
                }
            }
            None => {
                let mut text = format!(
                    "library not found: {0} (cannot find -l{0})",
                    name.to_string_lossy()
                );
                for s in &skipped {
                    text.push_str(&format!(
                        "\n>>> skipped {}: it is for another machine",
                        s.display()
                    ));
                }
                let dirs = self.search.dirs();
                if dirs.is_empty() {
                    text.push_str("\n>>> no library directories (-L) were given");
                } else {
                    let kind = if mode.static_libs {
                        "lib….a only, because of -Bstatic"
                    } else {
                        "lib….so and lib….a"
                    };
                    text.push_str(&format!("\n>>> looked for {kind} in:"));
                    for d in dirs {
                        text.push_str(&format!(" {}", d.display()));
                    }
                }
                self.report.error(text);
                let name = name.to_string_lossy();
                handler::run("missing-lib", &name, self.opts, self.report);
            }
        }
    }

    /// `soname`: what a shared object without DT_SONAME is recorded as: `-lfoo` by file name, a path as it was given.
    fn opened(&mut self, path: &Path, data: &'d [u8], mode: InputMode, soname: &[u8]) {
        self.out.paths.push(path.to_path_buf());
        let kind = sniff(data);
        self.out.bytes += match kind {
            // Of these a link reads a part only: symbol tables, and the members it needs.
            FileKind::Archive | FileKind::ThinArchive | FileKind::Shared => data.len() as u64 / 8,
            _ => data.len() as u64,
        };
        match kind {
            FileKind::Object => {
                self.note_machine(path, data);
                self.out.items.push(Item::Object {
                    name: InputName::file(path),
                    data,
                    mode,
                });
            }
            FileKind::Shared if mode.static_libs && self.opts.kind != OutputKind::Relocatable => {
                self.report.error(format!(
                    "attempted static link of dynamic object {}",
                    path.display()
                ));
            }
            FileKind::Shared => {
                self.note_machine(path, data);
                let file_name = self.store.keep(soname.to_vec());
                self.out.items.push(Item::Shared {
                    name: InputName::file(path),
                    data,
                    mode,
                    file_name,
                });
            }
            FileKind::Archive | FileKind::ThinArchive => {
                let archive = self.out.archives.len();
                let excluded = self.is_excluded(path);
                self.out.archives.push(ArchiveFile {
                    path: path.to_path_buf(),
                    data,
                    excluded,
                    linked: Vec::new(),
                });
                self.archive_of.insert(path.to_path_buf(), archive);
                self.out.items.push(Item::Archive { archive, mode });
            }
            FileKind::Bitcode => {
                self.out.bitcode = true;
                self.out.items.push(Item::Object {
                    name: InputName::file(path),
                    data,
                    mode,
                });
            }
            FileKind::OtherElf(t) => self.report.error(format!(
                "{}: is an ELF file of type {t}, neither a relocatable nor a shared object",
                path.display()
            )),
            FileKind::Text => self.text(path, data, mode),
        }
    }

    fn note_machine(&mut self, path: &Path, data: &[u8]) {
        if self.out.machine.is_none() {
            self.out.machine = machine_of(data);
            self.out.machine_from = path.to_path_buf();
        }
    }

    fn is_excluded(&self, path: &Path) -> bool {
        let base = path.file_name().unwrap_or_default().as_bytes();
        self.opts.exclude_libs.iter().any(|e| {
            e == b"ALL"
                || e == base
                || base.strip_suffix(b".a").is_some_and(|b| b == e.as_slice())
                || base
                    .strip_prefix(b"lib")
                    .and_then(|b| b.strip_suffix(b".a"))
                    == Some(e.as_slice())
        })
    }
}

/// e_machine of an ELF file, or of the first ELF member of an archive.
pub fn machine_of(data: &[u8]) -> Option<u16> {
    let elf = match sniff(data) {
        FileKind::Object | FileKind::Shared => data,
        FileKind::Archive => {
            let archive = super::archive::parse(data).ok()?;
            archive
                .members()
                .filter_map(Result::ok)
                .map(|m| archive.bytes(&m))
                .find(|b| b.starts_with(b"\x7fELF"))?
        }
        _ => return None,
    };
    let b = elf.get(18..20)?.first_chunk::<2>()?;
    Some(if elf.get(5) == Some(&2) {
        u16::from_be_bytes(*b)
    } else {
        u16::from_le_bytes(*b)
    })
}
