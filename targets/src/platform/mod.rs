//! Platforms: from a request to a link line. One file each, all the same shape.
//!
//! Reading order: this file (the request, and what every platform answers), `dirs.rs` (search
//! directories around a GCC installation), then `linux.rs`, `solaris.rs`, ...

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::gcc::GccInstall;
use crate::linkline::{AsNeededStyle, LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::{Os, Triple};

pub mod dirs;
pub mod linux;

/// The kind of output, after `-static -shared -pie -no-pie -static-pie -r` and the platform's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputMode {
    /// Fixed address, shared libraries.
    Executable,
    Pie,
    /// Fixed address, no run-time linker.
    Static,
    /// Position-independent, relocates itself.
    StaticPie,
    Shared,
    /// `-shared -static`: a shared object whose libraries are archives.
    SharedStatic,
    /// `-r`.
    Relocatable,
}

impl OutputMode {
    /// No shared libraries are searched.
    pub fn is_static(self) -> bool {
        matches!(
            self,
            OutputMode::Static | OutputMode::StaticPie | OutputMode::SharedStatic
        )
    }
    /// A shared object.
    pub fn is_shared(self) -> bool {
        matches!(self, OutputMode::Shared | OutputMode::SharedStatic)
    }
    /// A program.
    pub fn is_program(self) -> bool {
        !self.is_shared() && self != OutputMode::Relocatable
    }
}

/// Which compiler's habits are followed where they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Gcc,
    Clang,
}

/// What the delegate was configured to do on its own, without an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    pub pie: bool,
    pub build_id: bool,
    /// `gnu`, `both`, `sysv`, or nothing.
    pub hash_style: Option<&'static str>,
    pub as_needed: bool,
    pub now: bool,
    pub relro: bool,
}

impl Default for Defaults {
    fn default() -> Defaults {
        Defaults {
            pie: true,
            build_id: true,
            hash_style: Some("gnu"),
            as_needed: false,
            now: false,
            relro: false,
        }
    }
}

/// Which run-time support library stands in for libgcc, and what unwinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuntimeChoice {
    /// `libclang_rt.builtins.a` by path; `None`: libgcc.
    pub builtins: Option<PathBuf>,
    pub unwinder: Unwinder,
}

/// The unwinder that goes with compiler-rt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unwinder {
    #[default]
    LibgccS,
    LibUnwind,
    None,
}

/// Directories and files the link can draw on.
#[derive(Clone, Debug, Default)]
pub struct Toolchain {
    pub gcc: Option<GccInstall>,
    pub sysroot: Option<PathBuf>,
    /// `-B` arguments.
    pub prefixes: Vec<PathBuf>,
    /// The GCC found belongs to another C library (musl programs on a glibc system): only its
    /// `libgcc.a`, `libgcc_eh.a` and `crtbegin` files are used.
    pub foreign_libc: bool,
    /// The target is not the machine's own: its `/lib` and `/usr/lib` are not searched without a sysroot.
    pub cross: bool,
}

/// One link, as the driver understood it.
#[derive(Clone, Debug)]
pub struct LinkRequest<'a> {
    pub triple: &'a Triple,
    pub toolchain: &'a Toolchain,
    pub defaults: &'a Defaults,
    pub style: Style,
    pub mode: OutputMode,
    /// `-nostartfiles` was not given.
    pub start_files: bool,
    /// `-nodefaultlibs` was not given.
    pub default_libs: bool,
    /// `-nolibc` was not given.
    pub libc: bool,
    /// The C++ library to link, `stdc++` or `c++`.
    pub cxx_lib: Option<&'static str>,
    /// The command is a C++ driver (libgcc_s is then asked for without reserve).
    pub cxx: bool,
    pub static_libgcc: bool,
    pub shared_libgcc: bool,
    pub static_libstdcxx: bool,
    pub pthread: bool,
    pub rdynamic: bool,
    pub profile: bool,
    pub fast_math: bool,
    pub openmp: bool,
    pub coverage: bool,
    /// `-fsanitize=` names that need run-time support, for GCC's libraries.
    pub sanitizers: Vec<String>,
    pub runtime: RuntimeChoice,
    /// `-std=` or `-ansi` as given last; Solaris start files depend on it.
    pub standard: Option<String>,
    pub output: OsString,
    /// `-e -s -u -z ...`: words that go before the start files.
    pub early: Vec<OsString>,
    /// `-L` directories.
    pub user_dirs: Vec<OsString>,
    /// LIBRARY_PATH.
    pub library_path: Vec<PathBuf>,
    /// Objects, libraries, `-Wl` and `-Xlinker` words in command-line order.
    pub inputs: Vec<OsString>,
    /// `-T` words.
    pub scripts: Vec<OsString>,
}

impl LinkRequest<'_> {
    /// A file by name: `-B` directories, then `dirs`, then the bare name, which the linker will
    /// then fail to open with a message of its own.
    pub fn find_file(&self, fs: &dyn FileSystem, dirs: &[PathBuf], name: &str) -> OsString {
        let here = self.toolchain.prefixes.iter().flat_map(|p| {
            let mut glued = p.clone().into_os_string();
            glued.push(name);
            [p.join(name), PathBuf::from(glued)]
        });
        here.chain(dirs.iter().map(|d| d.join(name)))
            .find(|p| fs.is_file(p))
            .map(PathBuf::into_os_string)
            .unwrap_or_else(|| name.into())
    }

    /// How this style asks for a library that may turn out not to be needed.
    pub fn as_needed_style(&self) -> AsNeededStyle {
        match self.style {
            Style::Gcc => AsNeededStyle::PushState,
            Style::Clang => AsNeededStyle::Toggle,
        }
    }
}

/// What a platform can be asked.
pub trait Platform: Sync {
    /// The whole link line for the request.
    fn link_line(&self, request: &LinkRequest, fs: &dyn FileSystem) -> LinkLine;
    /// Directories searched for libraries and start files, in order, existing ones only.
    fn search_dirs(
        &self,
        triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf>;
    /// The run-time linker's path for this triple.
    fn interpreter(&self, triple: &Triple) -> Option<String>;
    /// What the kernel and run-time linker accept.
    fn load_rules(&self, triple: &Triple) -> LoadRules;
    /// GNU ld's emulation name.
    fn emulation(&self, triple: &Triple) -> &'static str;
}

/// The platform of a triple; `None` when this crate has no data for it.
pub fn platform_for(triple: &Triple) -> Option<&'static dyn Platform> {
    match triple.os {
        Os::Linux => Some(&linux::Linux),
        _ => None,
    }
}

/// Appends `-L` for each directory.
pub(crate) fn push_dirs(line: &mut LinkLine, dirs: &[PathBuf], origin: &'static str) {
    for d in dirs {
        line.push(LinkArg::SearchDir(d.clone()), origin);
    }
}

/// Appends words the user wrote.
pub(crate) fn push_user(line: &mut LinkLine, words: &[OsString], origin: &'static str) {
    for w in words {
        line.push(LinkArg::User(w.clone()), origin);
    }
}

/// `path` inside the sysroot, when there is one.
pub(crate) fn in_sysroot(sysroot: Option<&Path>, path: &str) -> PathBuf {
    match sysroot {
        Some(root) => root.join(path.trim_start_matches('/')),
        None => PathBuf::from(path),
    }
}
