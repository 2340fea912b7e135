//! The command line becomes a list of opened inputs, in order, with linker scripts opened up.
//!
//! Nothing here depends on the architecture: the list is made first, then the first object's machine number
//! (or `-m`) decides for which architecture the linker is instantiated.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use object::elf;

use super::paths::SearchPath;
use super::store::Store;
use super::{FileKind, InputName, sniff};
use crate::elf::Sym;
use crate::layout;
use crate::layout::script::plan::{Assert, Plan};
use crate::listing::handler;
use crate::options::{InputArg, InputKind, InputMode, Options, OutputKind};
use crate::report::Report;
use crate::script::{
    Assignment, ScriptCommand, ScriptInput, SectionsItem, SymbolType, VersionScript,
};

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

/// A symbol that a mapfile defines.
#[derive(Clone, Debug)]
pub struct Definition {
    pub name: Vec<u8>,
    pub symbol: Sym,
}

/// What mapfiles define: functions and whatever has a value as absolute symbols (a filter's are found elsewhere at run
/// time), data without a value as common ones, so that they have room.
fn definitions(opts: &Options) -> Vec<Definition> {
    let symbols = opts.sunw.mapfile.symbols.iter();
    let defined = symbols.filter(|s| s.attributes.defines());
    // Their values are known when the segments are (`layout/map_segments.rs`).
    let sizes = opts.sunw.mapfile.segments.iter();
    let sizes = sizes.flat_map(|s| &s.size_symbols).map(|name| Definition {
        name: name.clone(),
        symbol: Sym {
            info: elf::STB_GLOBAL << 4 | elf::STT_OBJECT,
            shndx: elf::SHN_ABS,
            ..Sym::default()
        },
    });
    defined
        .map(|s| {
            let a = &s.attributes;
            let function = a.ty.unwrap_or(SymbolType::Function) == SymbolType::Function;
            let common = !function && a.value.is_none();
            let (ty, shndx, value) = match (function, common) {
                (true, _) => (elf::STT_FUNC, elf::SHN_ABS, a.value.unwrap_or(0)),
                (false, false) => (elf::STT_OBJECT, elf::SHN_ABS, a.value.unwrap_or(0)),
                // The value of a common symbol is its alignment.
                (false, true) => (elf::STT_OBJECT, elf::SHN_COMMON, 16),
            };
            Definition {
                name: s.name.clone(),
                symbol: Sym {
                    info: elf::STB_GLOBAL << 4 | ty,
                    shndx,
                    value,
                    size: a.size.unwrap_or(0),
                    ..Sym::default()
                },
            }
        })
        .chain(sizes)
        .collect()
}

/// All that the command line names.
#[derive(Debug, Default)]
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
    /// Names that it defines and `--exclude-libs` hides.
    pub ir_hidden: Vec<&'d [u8]>,
    /// Some object is LLVM bitcode.
    pub bitcode: bool,
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
    /// Scripts read so far.
    scripts: u32,
    /// The script that names what is being opened.
    named_by: Option<PathBuf>,
}

/// Scripts may include scripts this deep.
const MAX_SCRIPT_DEPTH: u32 = 32;
/// Scripts a link may read; one that names itself twice would otherwise be read 2^32 times.
const MAX_SCRIPTS: u32 = 4096;

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
        scripts: 0,
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

    /// `--defsym NAME=EXPR`: a script of one assignment.
    fn defsym(&mut self, input: &InputArg) {
        let InputKind::Defsym { name, expression } = &input.kind else {
            return;
        };
        let text = [&name[..], b"=", expression, b";"].concat();
        match crate::script::parse_linker_script(&text, "--defsym") {
            Ok(s) => self.run_script(&s.commands, Path::new("--defsym"), input.mode),
            Err(errors) => errors.into_iter().for_each(|e| self.report.error(e)),
        }
    }

    fn text(&mut self, path: &Path, data: &[u8], mode: InputMode) {
        if data.contains(&0) || data.is_empty() {
            let what = if data.is_empty() {
                "file is empty (unknown file type)"
            } else {
                "file format not recognized (unknown file type)"
            };
            self.report.error(format!("{}: {what}", path.display()));
            return;
        }
        if self.scripts >= MAX_SCRIPTS {
            return;
        }
        self.scripts += 1;
        if self.depth >= MAX_SCRIPT_DEPTH || self.scripts == MAX_SCRIPTS {
            self.report.error(format!(
                "{}: linker scripts are nested too deeply",
                path.display()
            ));
            self.scripts = MAX_SCRIPTS;
            return;
        }
        match crate::script::parse_linker_script(data, &path.to_string_lossy()) {
            Ok(script) => {
                self.depth += 1;
                self.run_script(&script.commands, path, mode);
                self.depth -= 1;
            }
            Err(errors) => errors.into_iter().for_each(|e| {
                self.report.error(format!("{e}\n>>> (the file is neither ELF nor an archive, so it was read as a linker script)"));
            }),
        }
    }

    /// All scripts are read: what they lay out is known.
    fn finish_plan(&mut self) {
        let mut plan = std::mem::take(&mut self.plan);
        if !plan.is_needed() {
            self.out.asserts = plan.asserts;
            return;
        }
        if plan.wants_base() {
            match crate::script::parse_linker_script(
                &layout::script::builtin(self.opts.z.now, 0),
                "the built-in script",
            ) {
                Ok(script) => {
                    plan.builtin = true;
                    let mut own = std::mem::take(&mut plan.items);
                    self.define(&mut plan, &script.commands);
                    own.append(&mut plan.items);
                    plan.items = own;
                }
                Err(errors) => errors.into_iter().for_each(|e| self.report.error(e)),
            }
        }
        for e in plan.finish() {
            self.report.error(e);
        }
        self.named_inputs(&plan);
        self.out.script_names = plan.names();
        self.out.layout = Some(plan);
    }

    /// Adds a script's commands to the plan, and its symbols to those that are assigned.
    fn define(&mut self, plan: &mut Plan<'d>, commands: &[ScriptCommand]) {
        let out = &mut self.out;
        plan.add(commands, self.store, &mut |a| {
            let index = out.assignments.len();
            out.items.push(Item::Assign { index });
            out.assignments.push(a.clone());
            index
        });
    }

    /// A file that a pattern names without wildcards is an input, if it is none already.
    fn named_inputs(&mut self, plan: &Plan<'d>) {
        for rule in &plan.rules {
            let Some(name) = &rule.file_name else {
                continue;
            };
            let path = Path::new(OsStr::from_bytes(name));
            if self.out.paths.iter().any(|p| p == path) || !path.exists() {
                continue;
            }
            self.file(path, InputMode::default());
        }
    }

    fn run_script(&mut self, commands: &[ScriptCommand], path: &Path, mode: InputMode) {
        let mut plan = std::mem::take(&mut self.plan);
        self.define(&mut plan, commands);
        self.plan = plan;
        for c in commands {
            match c {
                ScriptCommand::Input(files) => {
                    files.iter().for_each(|f| self.script_input(f, path, mode))
                }
                ScriptCommand::Group(files) => {
                    self.out.items.push(Item::GroupStart);
                    files.iter().for_each(|f| self.script_input(f, path, mode));
                    self.out.items.push(Item::GroupEnd);
                }
                ScriptCommand::SearchDir(dir) => {
                    let dir = Path::new(OsStr::from_bytes(dir));
                    let dir = match (&self.opts.sysroot, dir.to_string_lossy().strip_prefix('=')) {
                        (Some(s), Some(rest)) => s.join(rest.trim_start_matches('/')),
                        (None, Some(rest)) => PathBuf::from(rest),
                        (_, None) => dir.to_path_buf(),
                    };
                    self.search.add(dir);
                }
                ScriptCommand::Extern(names) => self.out.externs.extend(names.iter().cloned()),
                ScriptCommand::Entry(name) => self.out.entry = Some(name.clone()),
                ScriptCommand::Version(v) => self.out.version_scripts.push(v.clone()),
                ScriptCommand::Sections(items) => {
                    for item in items {
                        if let SectionsItem::Entry(name) = item {
                            self.out.entry = Some(name.clone());
                        }
                    }
                }
                // GNU ld: as the first file on the command line.
                ScriptCommand::Other(word, file) if word == b"STARTUP" => {
                    let before = self.out.items.len();
                    let input = ScriptInput {
                        name: file.clone(),
                        as_needed: false,
                    };
                    self.script_input(&input, path, mode);
                    let new = self.out.items.split_off(before.min(self.out.items.len()));
                    self.out.items.splice(0..0, new);
                }
                _ => {}
            }
        }
    }

    /// A name in `INPUT`/`GROUP`: `-lfoo`, an absolute path (under the sysroot when the script itself lies there),
    /// or a name looked for beside the working directory and in the library directories.
    fn script_input(&mut self, f: &ScriptInput, script: &Path, mode: InputMode) {
        let outer = self.named_by.replace(script.to_path_buf());
        self.script_file(f, script, mode);
        self.named_by = outer;
    }

    fn script_file(&mut self, f: &ScriptInput, script: &Path, mode: InputMode) {
        let mode = InputMode {
            as_needed: mode.as_needed || f.as_needed,
            ..mode
        };
        if let Some(lib) = f.name.strip_prefix(b"-l") {
            self.library(OsStr::from_bytes(lib), mode);
            return;
        }
        let path = Path::new(OsStr::from_bytes(&f.name));
        if let Some(sysroot) = &self.opts.sysroot {
            let stripped = f
                .name
                .strip_prefix(b"=")
                .map(|r| Path::new(OsStr::from_bytes(r)));
            if let Some(p) = stripped
                .or_else(|| (path.is_absolute() && is_within(script, sysroot)).then_some(path))
            {
                let full = sysroot.join(p.strip_prefix("/").unwrap_or(p));
                self.file(&full, mode);
                return;
            }
        }
        if path.is_absolute() || path.exists() {
            self.file(path, mode);
            return;
        }
        let beside = script.parent().map(|d| d.join(path));
        let store = self.store;
        if let Some((p, data)) = self
            .search
            .file(path, |p| store.open(p).ok().map(|d| (p.to_path_buf(), d)))
        {
            let base = p.file_name().unwrap_or(p.as_os_str());
            self.opened(&p, data, mode, base.as_bytes());
        } else if let Some(p) = beside.filter(|p| p.exists()) {
            self.file(&p, mode);
        } else {
            self.report.error(format!(
                "{}: cannot find {} named in this linker script",
                script.display(),
                path.display()
            ));
        }
    }
}

/// Whether a file lies below a directory, links and dots resolved.
fn is_within(file: &Path, dir: &Path) -> bool {
    file.starts_with(dir)
        || match (file.canonicalize(), dir.canonicalize()) {
            (Ok(file), Ok(dir)) => file.starts_with(dir),
            _ => false,
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
