//! Linux with glibc or musl: GCC's line, as its specs write it.
//!
//! clang's line for the same request differs only in the order of arguments whose order has no
//! effect and in how it spells "as needed"; GCC's order is used for both.

use std::path::PathBuf;

use super::origin::{DEFAULT, LIBS, OPTION, PLATFORM, RUNTIME, START, SYSTEM};
use super::{
    LinkRequest, OutputMode, Platform, Style, Toolchain, Unwinder, dirs, push_dirs, push_user,
};
use crate::arch::Arch;
use crate::linkline::{AsNeededStyle, LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::{Env, Os, Triple};

/// The platform.
pub struct Linux;

impl Platform for Linux {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let found = self.search_dirs(req.triple, req.toolchain, fs);
        let lookup = lookup_dirs(req, &found);
        let mut line = LinkLine::default();
        flags(self, req, &mut line);
        line.push(LinkArg::Output(req.output.clone()), OPTION);
        push_user(&mut line, &req.early, OPTION);
        let crt = req.start_files && req.mode != OutputMode::Relocatable;
        let libs = req.default_libs && req.mode != OutputMode::Relocatable;
        if crt {
            start_files(req, fs, &lookup, &mut line);
        }
        push_user(&mut line, &req.user_dirs, OPTION);
        search(req, &found, &mut line);
        if libs {
            sanitizer_head(req, fs, &lookup, &mut line);
        }
        push_user(&mut line, &req.inputs, OPTION);
        if libs {
            libraries(req, fs, &lookup, &mut line);
        }
        if crt {
            end_files(req, fs, &lookup, &mut line);
        }
        push_user(&mut line, &req.scripts, OPTION);
        line
    }

    fn search_dirs(
        &self,
        triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        dirs::linux(triple, toolchain, fs)
    }

    fn interpreter(&self, triple: &Triple, mabi: Option<&str>) -> Option<String> {
        if triple.os == Os::Hurd {
            return Some(
                if triple.arch == Arch::X86_64 {
                    "/lib/ld-x86-64.so.1"
                } else {
                    "/lib/ld.so"
                }
                .into(),
            );
        }
        if triple.is_musl() {
            let hard = if triple.is_hard_float() { "hf" } else { "" };
            // Soft floating point has its own name where the hardware kind is the rule.
            let soft = match mabi {
                Some("lp64" | "ilp32") => "-sf",
                Some("lp64f" | "ilp32f") => "-sp",
                _ => "",
            };
            return Some(format!(
                "/lib/ld-musl-{}{hard}{soft}.so.1",
                triple.arch.info().musl
            ));
        }
        let fixed = match (triple.arch, triple.env, mabi) {
            (Arch::Arm | Arch::ArmBe, _, _) if triple.is_hard_float() => "/lib/ld-linux-armhf.so.3",
            (Arch::Mips64 | Arch::Mips64el, Env::GnuAbiN32, _) => "/lib32/ld.so.1",
            // Release 6 has the NaNs of IEEE 754-2008, and a run-time linker of its own name.
            (Arch::Mips64 | Arch::Mips64el, _, _) if triple.is_mips_r6() => {
                "/lib64/ld-linux-mipsn8.so.1"
            }
            (Arch::Mips | Arch::Mipsel, _, _) if triple.is_mips_r6() => "/lib/ld-linux-mipsn8.so.1",
            (Arch::Ppc64, _, Some("elfv2")) => "/lib64/ld64.so.2",
            (Arch::Ppc64le, _, Some("elfv1")) => "/lib64/ld64.so.1",
            (Arch::Riscv64, _, Some(abi)) => {
                return Some(format!("/lib/ld-linux-riscv64-{abi}.so.1"));
            }
            (Arch::Riscv32, _, Some(abi)) => {
                return Some(format!("/lib/ld-linux-riscv32-{abi}.so.1"));
            }
            (Arch::LoongArch64, _, Some(abi)) => {
                return Some(format!("/lib64/ld-linux-loongarch-{abi}.so.1"));
            }
            (arch, _, _) => arch.info().glibc_interp,
        };
        Some(fixed.into())
    }

    fn pie_by_default(&self, triple: &Triple, configured: bool) -> bool {
        configured && triple.os != Os::Hurd
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        match (triple.arch, triple.env) {
            (Arch::Mips64, Env::GnuAbiN32) => "elf32btsmipn32",
            (Arch::Mips64el, Env::GnuAbiN32) => "elf32ltsmipn32",
            (arch, _) => arch.info().emulation,
        }
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        let musl = triple.is_musl();
        LoadRules {
            // musl's run-time linker refuses IRELATIVE and passes over IFUNC symbols (`ldso/dynlink.c`); its static
            // programs would jump to unrelocated words. A unique symbol is a global one to it. It binds everything
            // at start and looks at no version but whether it is hidden, for which nothing needs to be different.
            ifunc: !musl,
            gnu_unique: !musl,
            interpreter_limit: 4096,
            // RELR is read since glibc 2.36 and musl 1.2.4.
            ..LoadRules::common(
                if musl { "musl" } else { "linux" },
                arch.max_page_size,
                arch.min_page_size,
                arch.is_64,
            )
        }
    }
}

/// Directories in which start files are looked up: the ABI's GCC directory comes first even when
/// its other contents are not to be searched.
fn lookup_dirs(req: &LinkRequest, found: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = Vec::with_capacity(found.len() + 1);
    if let Some(gcc) = req
        .toolchain
        .gcc
        .as_ref()
        .filter(|_| req.toolchain.foreign_libc)
    {
        all.extend(found.iter().cloned());
        all.push(gcc.abi_dir());
    } else {
        all.extend(found.iter().cloned());
    }
    all
}

fn flags(platform: &Linux, req: &LinkRequest, line: &mut LinkLine) {
    let mode = req.mode;
    let relocatable = mode == OutputMode::Relocatable;
    if let Some(root) = &req.toolchain.sysroot {
        let mut s = std::ffi::OsString::from("--sysroot=");
        s.push(root);
        line.push(LinkArg::User(s), OPTION);
    }
    if req.defaults.build_id && (!relocatable || req.style == Style::Clang) {
        line.push(LinkArg::GnuOnly("--build-id"), DEFAULT);
    }
    // clang asks for the header in static programs too.
    if req.style == Style::Clang || !matches!(mode, OutputMode::Static | OutputMode::SharedStatic) {
        line.push(LinkArg::GnuOnly("--eh-frame-hdr"), PLATFORM);
    }
    endian_flags(req.triple.arch, relocatable, line);
    if req.triple.arch == Arch::Aarch64 && req.defaults.fix_cortex_a53 {
        line.push(LinkArg::GnuOnly("--fix-cortex-a53-843419"), DEFAULT);
    }
    if req.no_relax
        && matches!(
            req.triple.arch,
            Arch::Riscv32 | Arch::Riscv64 | Arch::LoongArch64
        )
    {
        line.push(LinkArg::GnuOnly("--no-relax"), OPTION);
    }
    line.push(LinkArg::Emulation(platform.emulation(req.triple)), PLATFORM);
    let mips = matches!(
        req.triple.arch,
        Arch::Mips | Arch::Mipsel | Arch::Mips64 | Arch::Mips64el
    );
    // clang leaves Hurd's linker to its own choice.
    let hurd = req.triple.os == Os::Hurd && req.style == Style::Clang;
    match req.defaults.hash_style {
        _ if mips || hurd => {}
        Some("both") => line.push(LinkArg::GnuOnly("--hash-style=both"), DEFAULT),
        Some("sysv") => line.push(LinkArg::GnuOnly("--hash-style=sysv"), DEFAULT),
        Some(_) => line.push(LinkArg::GnuOnly("--hash-style=gnu"), DEFAULT),
        None => {}
    }
    if req.defaults.as_needed && req.sanitizers.is_empty() {
        line.push(LinkArg::GnuOnly("--as-needed"), DEFAULT);
    }
    match mode {
        OutputMode::Shared | OutputMode::SharedStatic => {
            line.push(LinkArg::Shared, OPTION);
            if mode == OutputMode::SharedStatic && req.style == Style::Clang {
                line.push(LinkArg::Static, OPTION);
            }
        }
        OutputMode::Executable | OutputMode::Pie => {
            if req.rdynamic {
                line.push(LinkArg::ExportDynamic, OPTION);
            }
            if let Some(interp) = platform.interpreter(req.triple, req.mabi.as_deref()) {
                line.push(LinkArg::Interpreter(interp), PLATFORM);
            }
            if mode == OutputMode::Pie {
                line.push(LinkArg::Pie, DEFAULT);
            }
        }
        OutputMode::Static => line.push(LinkArg::Static, OPTION),
        OutputMode::StaticPie => {
            line.push(LinkArg::Static, OPTION);
            line.push(LinkArg::Pie, OPTION);
            line.push(LinkArg::Plain("--no-dynamic-linker"), PLATFORM);
            line.push(LinkArg::Plain("-z text"), PLATFORM);
        }
        OutputMode::Relocatable => line.push(LinkArg::Plain("-r"), OPTION),
    }
    if req.defaults.now && !relocatable {
        line.push(LinkArg::Plain("-z now"), DEFAULT);
    }
    if req.defaults.relro && !relocatable {
        line.push(LinkArg::Plain("-z relro"), DEFAULT);
    }
}

pub(super) fn endian_flags(arch: Arch, relocatable: bool, line: &mut LinkLine) {
    match arch {
        Arch::Aarch64 => line.push(LinkArg::GnuOnly("-EL"), PLATFORM),
        Arch::Aarch64Be => line.push(LinkArg::GnuOnly("-EB"), PLATFORM),
        Arch::Arm => line.push(LinkArg::GnuOnly("-EL -X"), PLATFORM),
        // What becomes a program later is put into the byte order of programs then.
        Arch::ArmBe if relocatable => line.push(LinkArg::GnuOnly("-EB"), PLATFORM),
        Arch::ArmBe => line.push(LinkArg::GnuOnly("--be8 -EB"), PLATFORM),
        Arch::Riscv32 | Arch::Riscv64 | Arch::LoongArch64 => {
            line.push(LinkArg::GnuOnly("-X"), PLATFORM)
        }
        _ => {}
    }
}

fn start_files(req: &LinkRequest, fs: &dyn FileSystem, dirs: &[PathBuf], line: &mut LinkLine) {
    let mut file = |name: &str| line.push(LinkArg::File(req.find_file(fs, dirs, name)), START);
    let mode = req.mode;
    if mode.is_program() {
        file(match mode {
            OutputMode::StaticPie if req.profile && req.style == Style::Gcc => "grcrt1.o",
            _ if req.profile => "gcrt1.o",
            OutputMode::StaticPie => "rcrt1.o",
            OutputMode::Pie => "Scrt1.o",
            _ => "crt1.o",
        });
    }
    file("crti.o");
    file(match mode {
        OutputMode::Static => "crtbeginT.o",
        // gcc takes crtbeginT.o here, whose addresses are absolute; clang's choice links everywhere.
        OutputMode::SharedStatic | OutputMode::Shared | OutputMode::Pie | OutputMode::StaticPie => {
            "crtbeginS.o"
        }
        _ => "crtbegin.o",
    });
    if req.openmp && req.style == Style::Gcc {
        offload(req, fs, "crtoffloadbegin.o", line);
    }
}

/// Present only where GCC was built with offloading.
fn offload(req: &LinkRequest, fs: &dyn FileSystem, name: &str, line: &mut LinkLine) {
    if let Some(path) = req
        .toolchain
        .gcc
        .as_ref()
        .map(|g| g.abi_dir().join(name))
        .filter(|p| fs.is_file(p))
    {
        line.push(LinkArg::File(path.into_os_string()), START);
    }
}

fn end_files(req: &LinkRequest, fs: &dyn FileSystem, dirs: &[PathBuf], line: &mut LinkLine) {
    let new_gcc = req.toolchain.gcc.as_ref().is_some_and(|g| g.major() >= 13);
    if req.fast_math && !(req.mode.is_shared() && (new_gcc || req.style == Style::Clang)) {
        let path = req.find_file(fs, dirs, "crtfastmath.o");
        if path != "crtfastmath.o" {
            line.push(LinkArg::File(path), START);
        }
    }
    let end = match req.mode {
        OutputMode::Static | OutputMode::Executable => "crtend.o",
        _ => "crtendS.o",
    };
    line.push(LinkArg::File(req.find_file(fs, dirs, end)), START);
    line.push(LinkArg::File(req.find_file(fs, dirs, "crtn.o")), START);
    if req.openmp && req.style == Style::Gcc {
        offload(req, fs, "crtoffloadend.o", line);
    }
}

/// GCC's own directory, then LIBRARY_PATH, then the system's; with clang LIBRARY_PATH comes last.
fn search(req: &LinkRequest, found: &[PathBuf], line: &mut LinkLine) {
    let split = match req.style {
        Style::Clang => found.len(),
        Style::Gcc => found.len().min(1),
    };
    let (first, rest) = found.split_at(split);
    push_dirs(line, first, SYSTEM);
    push_dirs(line, &req.library_path, "LIBRARY_PATH");
    push_dirs(line, rest, SYSTEM);
}

/// Sanitizer run-times that must come before every object, as GCC places them.
fn sanitizer_head(req: &LinkRequest, fs: &dyn FileSystem, dirs: &[PathBuf], line: &mut LinkLine) {
    for (name, lib) in [
        ("address", "asan"),
        ("hwaddress", "hwasan"),
        ("thread", "tsan"),
        ("leak", "lsan"),
    ] {
        if req.sanitizers.iter().any(|s| s == name) {
            if req.mode.is_program() && name != "hwaddress" {
                line.push(
                    LinkArg::File(req.find_file(fs, dirs, &format!("lib{lib}_preinit.o"))),
                    RUNTIME,
                );
            }
            always_needed(lib, line);
        }
    }
}

fn always_needed(lib: &str, line: &mut LinkLine) {
    line.push(LinkArg::GnuOnly("--push-state --no-as-needed"), RUNTIME);
    line.push(LinkArg::Library(lib.into()), RUNTIME);
    line.push(LinkArg::GnuOnly("--pop-state"), RUNTIME);
}

fn libraries(req: &LinkRequest, fs: &dyn FileSystem, dirs: &[PathBuf], line: &mut LinkLine) {
    if let Some(lib) = req.cxx_lib {
        let fixed = req.static_libstdcxx && !req.mode.is_static();
        if fixed {
            line.push(LinkArg::ArchivesOnly, OPTION);
        }
        line.push(LinkArg::Library(lib.into()), LIBS);
        if fixed {
            line.push(LinkArg::SharedAllowed, OPTION);
        }
    }
    if req.cxx {
        line.push(LinkArg::Library("m".into()), LIBS);
    }
    if req.openmp {
        line.push(LinkArg::Library("gomp".into()), RUNTIME);
        if req.mode == OutputMode::Static {
            // libgomp.spec says so.
            line.push(LinkArg::Library("dl".into()), RUNTIME);
        }
    }
    if req.coverage {
        line.push(LinkArg::Library("gcov".into()), RUNTIME);
    }
    if req.sanitizers.iter().any(|s| s == "undefined") {
        always_needed("ubsan", line);
    }
    let fixed = req.mode.is_static();
    if fixed {
        line.push(LinkArg::StartGroup, LIBS);
    }
    support(req, fs, dirs, line);
    if req.triple.arch == Arch::Sparc {
        // 32-bit SPARC has no compare-and-swap before v9.
        line.push(
            LinkArg::LibraryIfNeeded("atomic".into(), AsNeededStyle::PushState),
            LIBS,
        );
    }
    // clang's -nolibc takes only -lc away.
    if req.libc || (req.style == Style::Clang && req.pthread) {
        if req.pthread || req.openmp {
            line.push(LinkArg::Library("pthread".into()), LIBS);
            if req.triple.arch == Arch::Riscv64 && req.style == Style::Gcc {
                // GCC calls libatomic for sub-word atomics there.
                line.push(
                    LinkArg::LibraryIfNeeded("atomic".into(), req.as_needed_style()),
                    LIBS,
                );
            }
        }
        if req.libc {
            line.push(LinkArg::Library("c".into()), LIBS);
        }
    }
    if fixed {
        line.push(LinkArg::EndGroup, LIBS);
    } else {
        support(req, fs, dirs, line);
    }
}

/// libgcc, or what stands in for it.
fn support(req: &LinkRequest, fs: &dyn FileSystem, dirs: &[PathBuf], line: &mut LinkLine) {
    let style = req.as_needed_style();
    let archives = req.mode.is_static() || req.static_libgcc;
    if let Some(builtins) = &req.runtime.builtins {
        line.push(LinkArg::File(builtins.clone().into_os_string()), LIBS);
        match (req.runtime.unwinder, archives) {
            (Unwinder::None, _) => {}
            (Unwinder::LibUnwind, true) => line.push(LinkArg::Plain("-l:libunwind.a"), LIBS),
            (Unwinder::LibUnwind, false) if req.shared_libgcc => {
                line.push(LinkArg::Plain("-l:libunwind.so"), LIBS)
            }
            (Unwinder::LibUnwind, false) => {
                line.push(LinkArg::LibraryIfNeeded("unwind".into(), style), LIBS)
            }
            (Unwinder::LibgccS, true) => line.push(LinkArg::Library("gcc_eh".into()), LIBS),
            (Unwinder::LibgccS, false) => {
                line.push(LinkArg::LibraryIfNeeded("gcc_s".into(), style), LIBS)
            }
        }
        return;
    }
    if req.toolchain.foreign_libc {
        // libgcc_s.so here was linked against the other C library.
        for name in ["libgcc.a", "libgcc_eh.a"] {
            line.push(LinkArg::File(req.find_file(fs, dirs, name)), LIBS);
        }
        return;
    }
    let mut lib = |name: &str| line.push(LinkArg::Library(name.into()), LIBS);
    if archives {
        lib("gcc");
        lib("gcc_eh");
    } else if req.cxx || req.shared_libgcc {
        lib("gcc_s");
        if !req.mode.is_shared() || req.style == Style::Clang {
            lib("gcc");
        }
    } else {
        lib("gcc");
        line.push(LinkArg::LibraryIfNeeded("gcc_s".into(), style), LIBS);
    }
}
