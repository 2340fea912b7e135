//! Link-time optimisation: inputs that hold a compiler's intermediate code (IR) instead of machine code.
//!
//! The compiler's own plugin does the work; this is its host (`ld`'s plugin interface, binutils' `plugin-api.h`). Reading
//! order: `find.rs` (which plugin), `api.rs` and `host.rs` (talking to it), `object.rs` (its files as objects),
//! `resolution.rs` (what it is told), `relink.rs` (the link goes on with what it made); `bitcode.rs` and `message.rs` are
//! small formats.
//!
//! A link starts as if there was no IR; reading symbol tables notices it ([`Mode::Look`]). Only then is a [`Session`] started,
//! between the thread pools, as the plugin's environment is set then, and the inputs are read again, the plugin claiming IR
//! files ([`Mode::Claim`]). Their symbols take part in resolution; then the plugin compiles, and the inputs are read a last time
//! with the result in place of the IR ([`Mode::Compiled`]). So a link without IR pays for one comparison an object.

pub mod api;
pub mod bitcode;
pub mod find;
pub mod host;
mod message;
pub mod object;
pub mod relink;
pub mod resolution;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::LinkError;
use crate::elf::Elf;
use crate::input::InputName;
use crate::input::object::{Claim, Object};
use crate::input::store::Store;
use crate::options::{Options, OutputKind};
use crate::report::Report;
use crate::symbols::intern::NameRef;
use host::{Added, Host, Offer};

/// What a driver knows of the compiler it links for. All empty: the plugin is found by the objects alone.
#[derive(Clone, Debug, Default)]
pub struct CompilerHints {
    /// The `gcc` command.
    pub gcc: Option<PathBuf>,
    /// The directory of its libraries, `PREFIX/lib/gcc/TRIPLE/VERSION`.
    pub gcc_dir: Option<PathBuf>,
    /// The user's options as `COLLECT_GCC_OPTIONS` has them: each in single quotes.
    pub gcc_options: Option<OsString>,
    /// The clang program, links resolved.
    pub clang: Option<PathBuf>,
    /// Options for LLVM's plugin.
    pub llvm_options: Vec<OsString>,
    /// Objects with both IR and machine code are compiled from IR, as under gcc, which always names its plugin.
    pub claim_fat: bool,
    /// Told of the directory for temporary files before it is filled, so that a signal can have it removed.
    pub watch: Option<fn(PathBuf)>,
}

/// Whose intermediate code a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IrKind {
    Gcc,
    Llvm,
}

/// How far a link is with IR.
pub enum Mode<'a, 'd> {
    /// None was met yet; with `fat`, objects that hold both kinds of code count too.
    Look { fat: bool, found: AtomicBool },
    /// IR files are the plugin's.
    Claim(&'a Session<'d>),
    /// Everything is compiled; IR that is met now came too late.
    Compiled,
}

impl Mode<'_, '_> {
    /// The mode in which a link starts.
    pub fn look(opts: &Options) -> Self {
        Mode::Look {
            fat: opts.plugin.is_some() || opts.compiler.claim_fat,
            found: AtomicBool::new(false),
        }
    }

    /// Whether IR was met that needs a plugin.
    pub fn wants_plugin(&self) -> bool {
        matches!(self, Mode::Look { found, .. } if found.load(Ordering::Relaxed))
    }

    /// Notes that IR was met.
    pub fn note(&self) {
        if let Mode::Look { found, .. } = self {
            found.store(true, Ordering::Relaxed);
        }
    }

    /// Whose IR an object is to be taken as; None: it is linked as it is.
    pub fn kind_of<E: Elf>(&self, o: &Object<'_, E>) -> Option<IrKind> {
        let fat = match self {
            Mode::Look { fat, .. } => *fat,
            Mode::Claim(_) => true,
            Mode::Compiled => false,
        };
        (o.slim_lto || (o.lto && fat)).then_some(IrKind::Gcc)
    }
}

/// A file that is to be claimed.
pub struct IrFile<'d> {
    pub name: InputName,
    pub data: &'d [u8],
    /// The file to read, when it is not the one that `name` says (thin archives).
    pub path: Option<PathBuf>,
    /// Where in it the object starts, in bytes.
    pub offset: u64,
    pub kind: IrKind,
}

impl<'d> IrFile<'d> {
    fn offer(&self) -> Offer<'d> {
        Offer {
            path: self.path.clone().unwrap_or_else(|| self.name.path.clone()),
            offset: self.offset,
            data: self.data,
            known_used: self.name.member.is_none(),
        }
    }
}

/// A loaded plugin, or why there is none; in the order in which files are offered.
struct Loaded {
    /// None: offered all files.
    kind: Option<IrKind>,
    path: PathBuf,
    /// The host's number for it.
    number: Result<usize, ()>,
}

/// A link with IR: the plugins, and the directory for their temporary files.
pub struct Session<'d> {
    host: Host<'d>,
    opts: &'d Options,
    report: &'d Report,
    loaded: Mutex<Vec<Loaded>>,
    /// About the first file that is newer than its plugin, should that fail.
    newer: Mutex<Option<String>>,
    temp: tempfile::TempDir,
}

impl<'d> Session<'d> {
    /// Prepares for plugins. Call while no other thread looks at the environment.
    ///
    /// # Errors
    /// Said in the report.
    pub fn start(opts: &'d Options, report: &'d Report) -> Result<Self, LinkError> {
        let kind = match opts.kind {
            OutputKind::Relocatable => api::output::REL,
            OutputKind::Executable => api::output::EXEC,
            OutputKind::Shared => api::output::DYN,
            OutputKind::Pie => api::output::PIE,
        };
        let failed = |why: String| {
            report.error(format!("link-time optimisation: {why}"));
            LinkError
        };
        let temp = tempfile::Builder::new()
            .prefix("wcc-lto-")
            .tempdir()
            .map_err(|e| failed(format!("cannot make a temporary directory: {e}")))?;
        if let Some(watch) = opts.compiler.watch {
            watch(temp.path().to_path_buf());
        }
        host::remove_at_exit(temp.path());
        // Here go the temporary files of the plugin and of the programs it starts, so that nothing is left whatever happens.
        let mut environment = vec![("TMPDIR", temp.path().as_os_str().to_os_string())];
        let hinted = opts.compiler.gcc_options.is_some();
        if hinted || std::env::var_os("COLLECT_GCC_OPTIONS").is_none() {
            let options = opts.compiler.gcc_options.clone();
            let options = options.unwrap_or_else(|| "'-flto=auto'".into());
            environment.push(("COLLECT_GCC_OPTIONS", options));
        }
        if let Some(gcc) = &opts.compiler.gcc {
            environment.push(("COLLECT_GCC", gcc.clone().into()));
        } else if std::env::var_os("COLLECT_GCC").is_none()
            && let Ok(gcc) = find::gcc(&opts.compiler, &[])
        {
            environment.push(("COLLECT_GCC", gcc.command.into()));
        }
        host::set_environment(&environment);
        let host = Host::start(kind, &opts.output, &opts.wrap).map_err(failed)?;
        let session = Session {
            host,
            opts,
            report,
            loaded: Mutex::new(Vec::new()),
            newer: Mutex::new(None),
            temp,
        };
        if let Some(path) = &opts.plugin {
            session.load(named_kind(path), path.clone(), opts.plugin_opts.clone());
        }
        Ok(session)
    }

    /// Loads a plugin; a failure is reported, and kept so that it is reported once.
    fn load(&self, kind: Option<IrKind>, path: PathBuf, mut options: Vec<OsString>) {
        if kind == Some(IrKind::Gcc) {
            self.complete_gcc(&path, &mut options);
        }
        let number = self.host.load(&path, &options).map_err(|why| {
            self.report
                .error(format!("cannot load LTO plugin {}: {why}", path.display()));
        });
        self.pass_messages();
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.push(Loaded { kind, path, number });
    }

    /// What GCC's plugin cannot do without and a line may lack.
    fn complete_gcc(&self, plugin: &Path, options: &mut Vec<OsString>) {
        let has = |options: &[OsString], start: &str| {
            options
                .iter()
                .any(|o| o.as_bytes().starts_with(start.as_bytes()))
        };
        if !has(options, "-fresolution=") {
            let mut o = OsString::from("-fresolution=");
            o.push(self.temp.path().join("resolution"));
            options.push(o);
        }
        let known = std::env::var_os("COLLECT_GCC_OPTIONS").unwrap_or_default();
        if !has(options, "-linker-output-known")
            && memchr::memmem::find(known.as_bytes(), b"'-flinker-output=").is_some()
        {
            options.push("-linker-output-known".into());
        }
        // The first option is the program to run.
        if options.iter().all(|o| o.as_bytes().first() == Some(&b'-')) {
            let beside = plugin.with_file_name("lto-wrapper");
            options.insert(0, beside.into());
        }
    }

    /// Claims a file: its object, and names still to be interned. None: reported, or it takes no part.
    pub fn claim<E: Elf>(
        &self,
        file: IrFile<'d>,
        store: &'d Store,
    ) -> Option<(Object<'d, E>, Vec<NameRef<'d>>)> {
        let offer = file.offer();
        let mut asked = Vec::new();
        for (plugin, path) in self.plugins_for(&file) {
            let answer = self.host.claim(plugin, &offer);
            self.pass_messages();
            match answer {
                Ok(Some((number, symbols))) => {
                    let keep = |b| store.keep(b);
                    let claim = Claim {
                        plugin,
                        file: number,
                    };
                    self.note_newer(&file, &path);
                    return object::make(file.name.clone(), file.data, claim, &symbols, &keep)
                        .map_err(|e| self.report.error(format!("{}: {e}", file.name)))
                        .ok();
                }
                Ok(None) => asked.push(path),
                Err(why) => {
                    let text = format!("{}: {why}{}", file.name, reader(&file, &path));
                    self.report.error(text);
                    return None;
                }
            }
        }
        if !asked.is_empty() {
            let paths: Vec<String> = asked.iter().map(|p| p.display().to_string()).collect();
            self.report.error(format!(
                "{}: was compiled with -flto, and the LTO plugin {} does not know its intermediate code{}",
                file.name,
                paths.join(", "),
                asked.last().map(|p| reader(&file, p)).unwrap_or_default(),
            ));
        }
        None
    }

    /// Shows an object with machine code to GCC's plugin: making an object of objects, it must know that IR is not all
    /// there is, or the result would be IR alone.
    pub fn show(&self, file: &IrFile<'d>) {
        let loaded: Vec<usize> = self
            .loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|l| l.kind == Some(IrKind::Gcc))
            .filter_map(|l| l.number.ok())
            .collect();
        let offer = file.offer();
        for plugin in loaded {
            if let Err(why) = self.host.claim(plugin, &offer) {
                self.report.error(format!("{}: {why}", file.name));
            }
        }
        self.pass_messages();
    }

    /// The plugins to offer a file to: those on the command line that may know it, else the compiler's own.
    fn plugins_for(&self, file: &IrFile<'_>) -> Vec<(usize, PathBuf)> {
        let fits = |l: &&Loaded| l.kind.is_none_or(|k| k == file.kind);
        let known = || {
            let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            let fitting: Vec<_> = loaded
                .iter()
                .filter(fits)
                .map(|l| l.number.map(|n| (n, l.path.clone())))
                .collect();
            (!fitting.is_empty()).then_some(fitting)
        };
        let list = known().or_else(|| {
            self.load_for(file);
            known()
        });
        list.into_iter().flatten().flatten().collect()
    }

    /// Finds and loads the compiler's own plugin for a file.
    fn load_for(&self, file: &IrFile<'_>) {
        let hints = &self.opts.compiler;
        let (what, tried) = match file.kind {
            IrKind::Gcc => match find::gcc(hints, file.data) {
                Ok(gcc) => {
                    let mut options = vec![gcc.wrapper.into_os_string()];
                    options.extend(self.gcc_words());
                    return self.load(Some(IrKind::Gcc), gcc.plugin, options);
                }
                Err(tried) => ("GCC's intermediate code".to_string(), tried),
            },
            IrKind::Llvm => match find::llvm(hints, file.data) {
                Ok(path) => {
                    let mut options = hints.llvm_options.clone();
                    if self.opts.plugin.is_none() {
                        options.extend(self.opts.plugin_opts.iter().cloned());
                    }
                    return self.load(Some(IrKind::Llvm), path, options);
                }
                Err(tried) => {
                    let producer = bitcode::producer(file.data);
                    (
                        producer.map_or("LLVM bitcode".into(), |p| format!("bitcode of {p}")),
                        tried,
                    )
                }
            },
        };
        let tried: Vec<String> = tried
            .iter()
            .map(|p| format!("\n>>>   {}", p.display()))
            .collect();
        self.report.error(format!(
            "{}: was compiled with -flto and holds {what}; linking it needs the compiler's LTO plugin, which was not found\n\
             >>> looked for:{}\n>>> install it, name it with -plugin, or compile without -flto",
            file.name,
            tried.concat()
        ));
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        loaded.push(Loaded {
            kind: Some(file.kind),
            path: PathBuf::new(),
            number: Err(()),
        });
    }

    /// Arguments for GCC's plugin that the line gave without naming a plugin. lld's forms mean LLVM's.
    fn gcc_words(&self) -> impl Iterator<Item = OsString> + '_ {
        let given = self
            .opts
            .plugin_opts
            .iter()
            .filter(|_| self.opts.plugin.is_none());
        given
            .filter(|o| {
                let b = o.as_bytes();
                b.starts_with(b"-fresolution=") || b.starts_with(b"-pass-through=")
            })
            .cloned()
    }

    /// Has the claimed files compiled, once resolution has said what became of their symbols.
    ///
    /// # Errors
    /// Said in the report.
    pub fn compile(
        &self,
        resolutions: Vec<(u32, Vec<api::Resolution>)>,
    ) -> Result<Added, LinkError> {
        for (file, list) in resolutions {
            self.host.resolve(file, list);
        }
        let result = self.host.compile();
        self.pass_messages();
        let added = result.map_err(|why| {
            let newer = self.newer.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(text) = &*newer {
                self.report.error(text.clone());
            }
            // The plugin has said more, or the programs it runs have.
            if !self.report.has_errors() {
                self.report.error(why);
            }
            LinkError
        })?;
        for path in &added.files {
            let size = std::fs::metadata(path).map_or(0, |m| m.len());
            self.host.announce(path, size);
        }
        Ok(added)
    }

    fn note_newer(&self, file: &IrFile<'_>, plugin: &Path) {
        if file.kind != IrKind::Llvm {
            return;
        }
        let mut newer = self.newer.lock().unwrap_or_else(PoisonError::into_inner);
        let wrote = bitcode::producer(file.data).and_then(|p| bitcode::major(&p));
        if newer.is_none() && wrote > find::llvm_version(plugin).or(wrote) {
            *newer = Some(format!(
                "{}: cannot be read{}",
                file.name,
                reader(file, plugin)
            ));
        }
    }

    fn pass_messages(&self) {
        for (level, text) in self.host.take_messages() {
            match level {
                api::level::INFO => eprintln!("{}: {text}", self.opts.program),
                api::level::WARNING => self.report.warn(text),
                _ => self.report.error(text),
            }
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.host.clean_up();
    }
}

/// Which plugin a file on the command line is, by its name.
fn named_kind(plugin: &Path) -> Option<IrKind> {
    let name = plugin.file_name().map(OsStr::as_bytes).unwrap_or_default();
    if name.starts_with(b"liblto_plugin") {
        Some(IrKind::Gcc)
    } else if name.starts_with(b"LLVMgold") {
        Some(IrKind::Llvm)
    } else {
        None
    }
}

/// What to say when bitcode is newer than the plugin that could not read it.
fn reader(file: &IrFile<'_>, plugin: &Path) -> String {
    let producer = bitcode::producer(file.data).filter(|_| file.kind == IrKind::Llvm);
    let Some(producer) = producer else {
        return String::new();
    };
    let mut text = format!(
        "\n>>> it is bitcode of {producer}, the plugin is {}",
        plugin.display()
    );
    if let (Some(wrote), Some(reads)) = (bitcode::major(&producer), find::llvm_version(plugin))
        && wrote > reads
    {
        text.push_str(&format!(
            "\n>>> LLVM {reads} does not read bitcode of LLVM {wrote}: install LLVM {wrote}'s LLVMgold.so or name it with -plugin"
        ));
    }
    text
}
