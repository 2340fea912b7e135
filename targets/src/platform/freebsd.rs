//! FreeBSD: clang, libgcc and libc++ in the base system, all in /usr/lib.
//!
//! The kernel recognises programs by the note in `crt1.o` (or EI_OSABI 9); the run-time linker reads
//! GNU hash tables, yet the base compiler emits both kinds on x86, ARM and SPARC.

use std::path::PathBuf;

use super::{Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, origin};
use crate::arch::Arch;
use crate::linkline::{LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// The platform.
pub struct FreeBsd;

impl Platform for FreeBsd {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let mut f = Frame::new(req, fs, self.search_dirs(req.triple, req.toolchain, fs));
        let mode = req.mode;
        f.flag("--eh-frame-hdr");
        match mode {
            OutputMode::Relocatable => f.put(LinkArg::Plain("-r"), origin::OPTION),
            m if m.is_static() && !m.is_shared() => {
                f.put(LinkArg::Plain("-Bstatic"), origin::OPTION);
                if m == OutputMode::StaticPie {
                    f.put(LinkArg::Pie, origin::OPTION);
                    f.flag("--no-dynamic-linker");
                }
            }
            m => {
                if req.rdynamic {
                    f.put(LinkArg::ExportDynamic, origin::OPTION);
                }
                if m.is_shared() {
                    f.put(LinkArg::Shared, origin::OPTION);
                } else if let Some(path) = self.interpreter(req.triple, None) {
                    f.put(LinkArg::Interpreter(path), origin::PLATFORM);
                }
                if m == OutputMode::Pie {
                    f.put(LinkArg::Pie, origin::OPTION);
                }
                if matches!(
                    req.triple.arch.family(),
                    Arch::X86_64 | Arch::Arm | Arch::Sparcv9
                ) {
                    f.flag("--hash-style=both");
                }
                f.flag("--enable-new-dtags");
            }
        }
        let named = [
            Arch::I386,
            Arch::Ppc,
            Arch::Mips,
            Arch::Mipsel,
            Arch::Mips64,
            Arch::Mips64el,
            Arch::Riscv64,
            Arch::Riscv32,
        ];
        f.emulation(self, &named);
        f.output();
        let (begin, end) = match mode {
            OutputMode::Shared
            | OutputMode::SharedStatic
            | OutputMode::Pie
            | OutputMode::StaticPie => ("crtbeginS.o", "crtendS.o"),
            OutputMode::Static => ("crtbeginT.o", "crtend.o"),
            _ => ("crtbegin.o", "crtend.o"),
        };
        if f.starts() {
            if mode.is_program() {
                f.crt(&[match mode {
                    _ if req.profile => "gcrt1.o",
                    OutputMode::Pie | OutputMode::StaticPie => "Scrt1.o",
                    _ => "crt1.o",
                }]);
            }
            f.crt(&["crti.o", begin]);
        }
        f.search();
        f.inputs();
        if f.links_libs() {
            libraries(&mut f);
        }
        if f.starts() {
            f.fast_math();
            f.crt(&[end, "crtn.o"]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        let root = toolchain.sysroot.as_deref();
        let lib32 = in_sysroot(root, "/usr/lib32");
        if !triple.arch.info().is_64 && fs.is_file(&lib32.join("crt1.o")) {
            return vec![lib32];
        }
        vec![in_sysroot(root, "/usr/lib")]
    }

    fn interpreter(&self, _triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        Some("/libexec/ld-elf.so.1".into())
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        match triple.arch {
            Arch::X86_64 => "elf_x86_64_fbsd",
            Arch::I386 => "elf_i386_fbsd",
            Arch::Ppc => "elf32ppc_fbsd",
            Arch::Mips => "elf32btsmip_fbsd",
            Arch::Mips64 => "elf64btsmip_fbsd",
            arch => arch.info().emulation,
        }
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
        false
    }

    fn static_pie_by_two(&self) -> bool {
        true
    }

    fn needs_gcc(&self) -> bool {
        false
    }

    fn cxx_library(&self, _triple: &Triple) -> &'static str {
        "c++"
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        LoadRules {
            osabi: 9,
            osabi_gnu: 9,
            library_dirs: &["/lib", "/usr/lib", "/usr/local/lib"],
            ..LoadRules::common(
                "freebsd",
                arch.max_page_size,
                arch.min_page_size,
                arch.is_64,
            )
        }
    }
}

/// Releases before 14 have libraries of their own for profiling.
fn libraries(f: &mut Frame) {
    let release = f.req.triple.version.split('.').next().unwrap_or("");
    let old = release.parse().is_ok_and(|n: u32| n < 14);
    let p = if f.req.profile && old { "_p" } else { "" };
    if f.req.cxx_lib == Some("c++") {
        f.cxx_named(&format!("c++{p}"));
    } else if let Some(name) = f.req.cxx_lib {
        f.cxx_named(name);
    }
    if f.req.cxx {
        f.lib(&format!("m{p}"));
    }
    libgcc(f, p);
    if f.req.pthread {
        f.lib(&format!("pthread{p}"));
    }
    if f.req.libc {
        let shared = f.req.mode.is_shared();
        f.lib(&format!("c{}", if shared { "" } else { p }));
    }
    libgcc(f, p);
}

/// C++ programs ask for libgcc_s as C programs do: libc++abi brings it anyway.
fn libgcc(f: &mut Frame, p: &str) {
    f.lib(&format!("gcc{p}"));
    if f.req.mode.is_static() || f.req.static_libgcc {
        f.lib("gcc_eh");
    } else if !p.is_empty() {
        f.lib(&format!("gcc_eh{p}"));
    } else {
        f.lib_if_needed("gcc_s");
    }
}
