//! Platforms: from a request to a link line. One file each, all the same shape.
//!
//! Reading order: this file (the request, and what every platform answers), `dirs.rs` (search
//! directories around a GCC installation), then `linux.rs`, `solaris.rs`, `freebsd.rs` and the rest.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::gcc::GccInstall;
use crate::linkline::{AsNeededStyle, Dialect, LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::{Env, Os, Triple};

pub mod android;
pub mod dirs;
pub mod dragonfly;
pub mod freebsd;
pub mod haiku;
pub mod linux;
pub mod netbsd;
pub mod openbsd;
pub mod solaris;

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
    /// `--fix-cortex-a53-843419`: work around an erratum of an AArch64 processor.
    pub fix_cortex_a53: bool,
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
            fix_cortex_a53: false,
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
    /// Directories are searched in clang's order, not GCC's.
    pub clang: bool,
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
    /// `-mabi=`: names the run-time linker on RISC-V, PowerPC and LoongArch.
    pub mabi: Option<String>,
    /// `-mno-relax` was given.
    pub no_relax: bool,
    /// Some `-fstack-protector` is in force.
    pub stack_protector: bool,
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
    /// The run-time linker's path for this triple and `-mabi=`.
    fn interpreter(&self, triple: &Triple, mabi: Option<&str>) -> Option<String>;
    /// What the kernel and run-time linker accept.
    fn load_rules(&self, triple: &Triple) -> LoadRules;
    /// The same, with what the system's own linker writes by habit: for outputs that are asked for in its
    /// dialect.
    fn native_rules(&self, triple: &Triple) -> LoadRules {
        self.load_rules(triple)
    }
    /// GNU ld's emulation name.
    fn emulation(&self, triple: &Triple) -> &'static str;
    /// Whether programs are position-independent without an option; `configured` is what the
    /// compiler was built to do.
    fn pie_by_default(&self, _triple: &Triple, configured: bool) -> bool {
        configured
    }
    /// Whether `-static` alone makes a position-independent program.
    fn static_is_pie(&self) -> bool {
        false
    }
    /// Whether `-static -pie` together mean `-static-pie`; elsewhere `-static` overrules.
    fn static_pie_by_two(&self) -> bool {
        false
    }
    /// Whether start files and libgcc come from a GCC installation.
    fn needs_gcc(&self) -> bool {
        true
    }
    /// Prefixes below which this platform keeps GCC, besides `/usr` (inside the sysroot).
    fn gcc_prefixes(&self, _sysroot: Option<&Path>, _fs: &dyn FileSystem) -> Vec<PathBuf> {
        Vec::new()
    }
    /// The C++ library linked when no option names one.
    fn cxx_library(&self, _triple: &Triple) -> &'static str {
        "stdc++"
    }
    /// Refuses what this platform's linker cannot be asked for.
    ///
    /// # Errors
    /// A message for the user.
    fn check(&self, _request: &LinkRequest, _dialect: Dialect) -> Result<(), String> {
        Ok(())
    }
}

/// The platform of a triple; `None` when this crate has no data for it.
pub fn platform_for(triple: &Triple) -> Option<&'static dyn Platform> {
    match triple.os {
        Os::Linux if triple.env == Env::Android => Some(&android::Android),
        Os::Linux if triple.env == Env::Other => None,
        Os::Linux | Os::Hurd => Some(&linux::Linux),
        Os::Solaris | Os::Illumos => Some(&solaris::Solaris),
        Os::FreeBsd => Some(&freebsd::FreeBsd),
        Os::NetBsd => Some(&netbsd::NetBsd),
        Os::OpenBsd => Some(&openbsd::OpenBsd),
        Os::DragonFly => Some(&dragonfly::DragonFly),
        Os::Haiku => Some(&haiku::Haiku),
        Os::None | Os::Other => None,
    }
}

/// The target that a GNU ld emulation name stands for: how a linker that is told no triple knows
/// whose rules to obey. `None` for names of no platform here.
pub fn triple_of_emulation(name: &str) -> Option<Triple> {
    let (stem, os) = if let Some(stem) = name.strip_suffix("_sol2") {
        // illumos and Solaris share these; the stricter of the two rules is illumos'.
        (stem, "unknown-illumos")
    } else if let Some(stem) = name.strip_suffix("_fbsd") {
        (stem, "unknown-freebsd")
    } else {
        (name, "unknown-linux-gnu")
    };
    let row = crate::arch::ARCHES.iter().find(|r| r.emulation == stem)?;
    let arch = if row.arch == crate::Arch::X32 {
        "x86_64"
    } else {
        row.name
    };
    let text = if row.arch == crate::Arch::X32 {
        format!("{arch}-unknown-linux-gnux32")
    } else {
        format!("{arch}-{os}")
    };
    Triple::parse(&text)
}

/// The system whose run-time linker this path names, as a target of architecture `arch`.
pub fn triple_of_interpreter(path: &str, arch: crate::Arch) -> Option<Triple> {
    const TABLE: &[(&str, &str)] = &[
        ("/lib/amd64/ld.so.1", "illumos"),
        ("/usr/lib/amd64/ld.so.1", "illumos"),
        ("/lib/64/ld.so.1", "illumos"),
        ("/usr/lib/64/ld.so.1", "illumos"),
        ("/libexec/ld-elf.so.1", "freebsd"),
        ("/libexec/ld.elf_so", "netbsd"),
        ("/usr/libexec/ld.elf_so", "netbsd"),
        ("/usr/libexec/ld.so", "openbsd"),
        ("/libexec/ld-elf.so.2", "dragonfly"),
        ("/usr/libexec/ld-elf.so.2", "dragonfly"),
    ];
    let musl = path
        .strip_prefix("/lib/ld-musl-")
        .and_then(|rest| rest.strip_suffix(".so.1"));
    if let Some(name) = musl {
        return Triple::parse(&format!("{name}-unknown-linux-musl"))
            .filter(|triple| triple.arch == arch);
    }
    let (_, os) = TABLE.iter().find(|(name, _)| *name == path)?;
    Triple::parse(&format!("{}-unknown-{os}", arch.name()))
}

/// Where arguments come from, in the words `--wcc-explain` uses.
pub(crate) mod origin {
    pub const OPTION: &str = "command line";
    pub const PLATFORM: &str = "platform";
    pub const DEFAULT: &str = "the compiler's configuration";
    pub const START: &str = "start files";
    pub const SYSTEM: &str = "search directories";
    pub const LIBS: &str = "default libraries";
    pub const RUNTIME: &str = "run-time support";
}

/// The parts of a line that are alike on the systems outside Linux: what each fills in differently.
pub(crate) struct Frame<'a> {
    pub req: &'a LinkRequest<'a>,
    pub fs: &'a dyn FileSystem,
    pub dirs: Vec<PathBuf>,
    pub line: LinkLine,
}

impl<'a> Frame<'a> {
    pub fn new(req: &'a LinkRequest<'a>, fs: &'a dyn FileSystem, dirs: Vec<PathBuf>) -> Frame<'a> {
        let mut frame = Frame {
            req,
            fs,
            dirs,
            line: LinkLine::default(),
        };
        if let Some(root) = &req.toolchain.sysroot {
            let mut s = OsString::from("--sysroot=");
            s.push(root);
            frame.put(LinkArg::User(s), origin::OPTION);
        }
        frame
    }

    pub fn put(&mut self, arg: LinkArg, origin: &'static str) {
        self.line.push(arg, origin);
    }

    /// A GNU-only word of the platform.
    pub fn flag(&mut self, text: &'static str) {
        self.put(LinkArg::GnuOnly(text), origin::PLATFORM);
    }

    pub fn lib(&mut self, name: &str) {
        self.put(LinkArg::Library(name.into()), origin::LIBS);
    }

    pub fn lib_if_needed(&mut self, name: &str) {
        let style = self.req.as_needed_style();
        self.put(LinkArg::LibraryIfNeeded(name.into(), style), origin::LIBS);
    }

    /// Whether start files are linked at all.
    pub fn starts(&self) -> bool {
        self.req.start_files && self.req.mode != OutputMode::Relocatable
    }

    /// Whether default libraries are linked at all.
    pub fn links_libs(&self) -> bool {
        self.req.default_libs && self.req.mode != OutputMode::Relocatable
    }

    /// Start files by name, found along the directories.
    pub fn crt(&mut self, names: &[&str]) {
        for name in names {
            let file = self.req.find_file(self.fs, &self.dirs, name);
            self.put(LinkArg::File(file), origin::START);
        }
    }

    /// `crtfastmath.o`, where it is asked for and exists.
    pub fn fast_math(&mut self) {
        if self.req.fast_math && !self.req.mode.is_shared() {
            let file = self.req.find_file(self.fs, &self.dirs, "crtfastmath.o");
            if file != "crtfastmath.o" {
                self.put(LinkArg::File(file), origin::START);
            }
        }
    }

    /// The emulation where this platform's own compiler names it, and on x86-64, whose linker may be the
    /// embedded one; elsewhere the target's linker has the right one built in, under a name of its own.
    pub fn emulation(&mut self, platform: &dyn Platform, others: &[Arch]) {
        let arch = self.req.triple.arch;
        if arch == Arch::X86_64 || others.contains(&arch) {
            let name = platform.emulation(self.req.triple);
            self.put(LinkArg::Emulation(name), origin::PLATFORM);
        }
        if matches!(arch, Arch::Riscv32 | Arch::Riscv64) {
            self.flag("-X");
            if self.req.no_relax {
                self.flag("--no-relax");
            }
        }
    }

    /// `-o` and the words that go early.
    pub fn output(&mut self) {
        self.put(LinkArg::Output(self.req.output.clone()), origin::OPTION);
        push_user(&mut self.line, &self.req.early, origin::OPTION);
    }

    /// The user's directories first, then the platform's.
    pub fn search(&mut self) {
        push_user(&mut self.line, &self.req.user_dirs, origin::OPTION);
        push_dirs(&mut self.line, &self.dirs, origin::SYSTEM);
        push_dirs(&mut self.line, &self.req.library_path, "LIBRARY_PATH");
    }

    pub fn inputs(&mut self) {
        push_user(&mut self.line, &self.req.inputs, origin::OPTION);
    }

    /// The C++ library by this name, `-Bstatic` around it when only that one is to be static.
    pub fn cxx_named(&mut self, name: &str) {
        let fixed = self.req.static_libstdcxx && !self.req.mode.is_static();
        if fixed {
            self.put(LinkArg::ArchivesOnly, origin::OPTION);
        }
        self.lib(name);
        if fixed {
            self.put(LinkArg::SharedAllowed, origin::OPTION);
        }
    }

    /// The C++ library, and the libraries a C++ driver links beside it.
    pub fn cxx(&mut self, beside: &[&str]) {
        if let Some(lib) = self.req.cxx_lib {
            self.cxx_named(lib);
        }
        if self.req.cxx {
            beside.iter().for_each(|l| self.lib(l));
        }
    }

    /// libgcc in the form clang gives it: archives alone, or with libgcc_s as far as needed.
    pub fn libgcc(&mut self) {
        if self.req.mode.is_static() || self.req.static_libgcc {
            self.lib("gcc");
            self.lib("gcc_eh");
        } else if self.req.cxx || self.req.shared_libgcc {
            self.lib("gcc_s");
            self.lib("gcc");
        } else {
            self.lib("gcc");
            self.lib_if_needed("gcc_s");
        }
    }

    /// `-lpthread` if asked for, and `-lc`.
    pub fn libc(&mut self) {
        if self.req.pthread {
            self.lib("pthread");
        }
        if self.req.libc {
            self.lib("c");
        }
    }

    /// Linker scripts come last.
    pub fn finish(mut self) -> LinkLine {
        push_user(&mut self.line, &self.req.scripts, origin::OPTION);
        self.line
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emulations_lead_to_their_platform() {
        for (name, arch, os) in [
            ("elf_x86_64", crate::Arch::X86_64, Os::Linux),
            ("elf32_x86_64", crate::Arch::X32, Os::Linux),
            ("elf_i386", crate::Arch::I386, Os::Linux),
            ("elf_x86_64_sol2", crate::Arch::X86_64, Os::Illumos),
            ("elf64_sparc_sol2", crate::Arch::Sparcv9, Os::Illumos),
            ("elf_x86_64_fbsd", crate::Arch::X86_64, Os::FreeBsd),
            ("aarch64linux", crate::Arch::Aarch64, Os::Linux),
        ] {
            let triple = triple_of_emulation(name).expect(name);
            assert_eq!((triple.arch, triple.os), (arch, os), "{name}");
            assert!(platform_for(&triple).is_some(), "{name}");
        }
        assert_eq!(triple_of_emulation("elf_z80"), None);
        for (path, os) in [
            ("/lib/amd64/ld.so.1", Os::Illumos),
            ("/libexec/ld-elf.so.1", Os::FreeBsd),
            ("/usr/libexec/ld.elf_so", Os::NetBsd),
            ("/usr/libexec/ld.so", Os::OpenBsd),
            ("/usr/libexec/ld-elf.so.2", Os::DragonFly),
        ] {
            let triple = triple_of_interpreter(path, crate::Arch::X86_64).expect(path);
            assert_eq!(triple.os, os, "{path}");
        }
        let musl = triple_of_interpreter("/lib/ld-musl-x86_64.so.1", crate::Arch::X86_64);
        assert!(musl.is_some_and(|triple| triple.is_musl()));
        let linux = "/lib64/ld-linux-x86-64.so.2";
        assert_eq!(triple_of_interpreter(linux, crate::Arch::X86_64), None);
    }
}
