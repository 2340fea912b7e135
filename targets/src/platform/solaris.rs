//! Solaris and illumos, in the language of either linker.
//!
//! One tool chain for both systems and for `-m64` and `-m32`. What differs by linker is said by the
//! typed arguments (`linkline.rs`): the system's `ld` gets `-z type=pie`, `-z ignore`, `-Bstatic -dn`
//! and no emulation; every other linker gets GNU words and `-m elf_*_sol2`. No run-time linker, hash
//! style, build id or sysroot is ever passed: the emulation supplies what the system wants.
//!
//! Start files depend on `-std=`: `values-Xa.o` or `values-Xc.o` set libc's conformance, and
//! `values-xpg6.o` or `values-xpg4.o` its edition. User `-L` comes before the system's directories,
//! and `-s`, `-u`, `-nolibc` and `-static-libstdc++` do what they say (clang drops them here).

use std::path::{Path, PathBuf};

use super::{Frame, LinkRequest, OutputMode, Platform, Style, Toolchain, in_sysroot, origin};
use crate::arch::Arch;
use crate::gcc::Version;
use crate::linkline::{Dialect, LinkArg, LinkLine};
use crate::rules::{LoadRules, PhdrRule, TlsRounding, VersionSource, VersionTables};
use crate::sysroot::FileSystem;
use crate::triple::{Os, Triple};

/// The platform.
pub struct Solaris;

impl Platform for Solaris {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let dirs = self.search_dirs(req.triple, req.toolchain, fs);
        // Not Frame::new: a sysroot is no option of this platform's linkers, it only prefixes paths.
        let mut f = Frame {
            req,
            fs,
            dirs,
            line: LinkLine::default(),
        };
        let mode = req.mode;
        f.put(LinkArg::SolarisOnly("-C"), origin::PLATFORM);
        f.put(
            LinkArg::Emulation(self.emulation(req.triple)),
            origin::PLATFORM,
        );
        if mode.is_program() && (req.start_files || req.default_libs) {
            f.put(LinkArg::Entry("_start".into()), origin::PLATFORM);
        }
        f.flag("--eh-frame-hdr");
        match mode {
            OutputMode::Relocatable => f.put(LinkArg::Plain("-r"), origin::OPTION),
            OutputMode::Static => f.put(LinkArg::Plain("-Bstatic -dn"), origin::OPTION),
            OutputMode::StaticPie => {
                f.put(LinkArg::Plain("-Bstatic -dn"), origin::OPTION);
                f.put(LinkArg::Pie, origin::OPTION);
            }
            OutputMode::Shared | OutputMode::SharedStatic => f.put(LinkArg::Shared, origin::OPTION),
            OutputMode::Pie => f.put(LinkArg::Pie, origin::OPTION),
            OutputMode::Executable => {}
        }
        if req.rdynamic && !mode.is_static() {
            f.put(LinkArg::ExportDynamic, origin::OPTION);
        }
        f.output();
        let pic = mode.is_shared() || matches!(mode, OutputMode::Pie | OutputMode::StaticPie);
        if f.starts() {
            if mode.is_program() {
                f.crt(first(&f));
            }
            f.crt(&["crti.o"]);
            f.crt(values(req));
            f.crt(&[if pic { "crtbeginS.o" } else { "crtbegin.o" }]);
            f.fast_math();
        }
        f.search();
        f.inputs();
        if f.links_libs() {
            libraries(&mut f);
        }
        if f.starts() {
            f.crt(&[if pic { "crtendS.o" } else { "crtend.o" }, "crtn.o"]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        let sub = subdirectory(triple.arch);
        let root = toolchain.sysroot.as_deref();
        let mut dirs = Vec::new();
        if let Some(gcc) = &toolchain.gcc {
            dirs.push(gcc.abi_dir());
            dirs.push(inside(gcc.lib.clone(), sub));
        }
        if toolchain.sysroot.is_some() || !toolchain.cross {
            dirs.push(inside(in_sysroot(root, "/lib"), sub));
            dirs.push(inside(in_sysroot(root, "/usr/lib"), sub));
        }
        dirs.retain(|d| fs.is_dir(d));
        dirs.dedup();
        dirs
    }

    fn interpreter(&self, triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        let path = match triple.arch {
            Arch::X86_64 => "/lib/amd64/ld.so.1",
            Arch::Sparcv9 => "/usr/lib/sparcv9/ld.so.1",
            _ => "/usr/lib/ld.so.1",
        };
        Some(path.into())
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        let info = triple.arch.info();
        info.emulation_sol2.unwrap_or(info.emulation)
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
        false
    }

    /// `/usr/gcc/N` and `/opt/gcc-N` for every N, newest first, then pkgsrc's.
    fn gcc_prefixes(&self, sysroot: Option<&Path>, fs: &dyn FileSystem) -> Vec<PathBuf> {
        let mut found: Vec<(Version, PathBuf)> = Vec::new();
        let usr = in_sysroot(sysroot, "/usr/gcc");
        for name in fs.list(&usr) {
            found.extend(Version::parse(&name).map(|v| (v, usr.join(&name))));
        }
        let opt = in_sysroot(sysroot, "/opt");
        for name in fs.list(&opt) {
            let version = name.strip_prefix("gcc-").and_then(Version::parse);
            found.extend(version.map(|v| (v, opt.join(&name))));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0));
        let mut prefixes: Vec<PathBuf> = found.into_iter().map(|(_, p)| p).collect();
        prefixes.push(in_sysroot(sysroot, "/opt/local"));
        prefixes
    }

    fn check(&self, req: &LinkRequest, dialect: Dialect) -> Result<(), String> {
        let pie = matches!(req.mode, OutputMode::Pie | OutputMode::StaticPie);
        if pie && dialect == Dialect::Solaris && req.triple.os == Os::Illumos {
            return Err("illumos ld cannot make position-independent programs (-z type=pie is Solaris 11.3's): \
                        use the embedded linker or name a GNU-style one with --ld-path="
                .into());
        }
        Ok(())
    }

    fn native_rules(&self, triple: &Triple) -> LoadRules {
        native(self.load_rules(triple))
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        let interpreter = match triple.arch {
            Arch::X86_64 => "/lib/amd64/ld.so.1",
            Arch::Sparcv9 => "/usr/lib/sparcv9/ld.so.1",
            _ => "/usr/lib/ld.so.1",
        };
        LoadRules {
            interpreter: Some(interpreter),
            // GNU ld's sol2 emulations write 0; the kernel does not look, the system's ld writes 6.
            osabi: 0,
            osabi_gnu: 0,
            phdr: PhdrRule::BothOrNeitherFirst,
            sysv_hash_required: true,
            gnu_hash: false,
            relr: false,
            ifunc: false,
            gnu_unique: false,
            // A program's number is 0 to ld.so.1.
            program_is_module_one: false,
            // rtld's amd64_elf.c: without symbol the load address is stored.
            tpoff_without_symbol: false,
            tlsdesc: false,
            tls_rounding: TlsRounding::Fixed(if arch.is_64 { 16 } else { 8 }),
            adjacent_relocs: true,
            zero_under_rela: true,
            pltgot_always: true,
            segments_own_pages: true,
            last_load_writable: true,
            dynamic_writable: true,
            ignore_missing_stack_note: true,
            gnu_stack: false,
            sunw_stack: true,
            relro: false,
            separate_code: false,
            rosegment: false,
            eh_frame_hdr_always: true,
            filter_symbols: true,
            exported_reserved: &[
                "_DYNAMIC",
                "_GLOBAL_OFFSET_TABLE_",
                "_PROCEDURE_LINKAGE_TABLE_",
                "_edata",
                "_end",
                "_etext",
            ],
            mapfiles: true,
            markers: &["_START_", "_END_"],
            // SHF_SUNW_NODISCARD; what GNU calls SHF_GNU_RETAIN is SHF_SUNW_ABSENT here.
            retain_flag: 0x10_0000,
            base_zero: true,
            library_dirs: match triple.arch {
                Arch::X86_64 => &["/lib/amd64", "/usr/lib/amd64"],
                Arch::Sparcv9 => &["/lib/sparcv9", "/usr/lib/sparcv9"],
                _ => &["/lib", "/usr/lib"],
            },
            versions_from: VersionSource::Sections,
            max_page_size: if arch.machine == 62 || arch.machine == 3 {
                0x1000
            } else {
                arch.max_page_size
            },
            ..LoadRules::common(
                if triple.os == Os::Illumos {
                    "illumos"
                } else {
                    "solaris"
                },
                arch.max_page_size,
                arch.min_page_size,
                arch.is_64,
            )
        }
    }
}

/// What the system's own linker writes beside what [`Platform::load_rules`] asks for.
fn native(rules: LoadRules) -> LoadRules {
    LoadRules {
        // ELFOSABI_SOLARIS, EAV_SUNW_CURRENT.
        osabi: 6,
        osabi_gnu: 6,
        abi_version: 1,
        exports_all: true,
        local_dynsym: true,
        both_run_paths: true,
        sunw_tags: true,
        version_tables: VersionTables::Sunw,
        ..rules
    }
}

/// 64-bit libraries live in a sub-directory named after the instruction set.
fn subdirectory(arch: Arch) -> &'static str {
    match arch {
        Arch::X86_64 => "amd64",
        Arch::Sparcv9 => "sparcv9",
        _ => "",
    }
}

fn inside(dir: PathBuf, sub: &str) -> PathBuf {
    if sub.is_empty() { dir } else { dir.join(sub) }
}

/// What starts a program. Solaris 11.4's C library brings `crtpg.o` for profiling, to go beside
/// `crt1.o`; before, GCC had a `gcrt1.o` of its own.
fn first(f: &Frame) -> &'static [&'static str] {
    let beside = || f.req.find_file(f.fs, &f.dirs, "crtpg.o") != "crtpg.o";
    match f.req.profile {
        false => &["crt1.o"],
        true if beside() => &["crt1.o", "crtpg.o"],
        true => &["gcrt1.o"],
    }
}

/// The values objects for the language standard asked for.
fn values(req: &LinkRequest) -> &'static [&'static str] {
    let standard = req.standard.as_deref();
    let c90 = matches!(
        standard,
        Some("c89" | "c90" | "iso9899:1990" | "iso9899:199409" | "ansi")
    );
    let gnu90 = matches!(standard, Some("gnu89" | "gnu90"));
    let strict = standard.is_some_and(|s| !s.starts_with("gnu"));
    if req.style == Style::Gcc {
        // GCC links them into programs only, and gives its C90 modes no edition.
        return match () {
            () if !req.mode.is_program() => &[],
            () if matches!(standard, Some("c89" | "c90")) || gnu90 => &["values-Xa.o"],
            () if strict => &["values-Xc.o", "values-xpg6.o"],
            () => &["values-Xa.o", "values-xpg6.o"],
        };
    }
    match (strict, c90 || gnu90) {
        (true, true) => &["values-Xc.o", "values-xpg4.o"],
        (true, false) => &["values-Xc.o", "values-xpg6.o"],
        (false, true) => &["values-Xa.o", "values-xpg4.o"],
        (false, false) => &["values-Xa.o", "values-xpg6.o"],
    }
}

fn libraries(f: &mut Frame) {
    f.cxx(&["m"]);
    if f.req.stack_protector {
        f.lib("ssp_nonshared");
        f.lib("ssp");
    }
    if f.req.triple.arch == Arch::Sparc {
        f.lib_if_needed("atomic");
    }
    if f.req.openmp {
        f.lib("gomp");
    }
    if f.req.coverage {
        f.lib("gcov");
    }
    f.libgcc();
    // Threads are part of libc on both systems, so -pthread adds nothing.
    if f.req.libc {
        f.lib("c");
    }
}
