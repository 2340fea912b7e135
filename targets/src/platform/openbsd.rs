//! OpenBSD: every program is position-independent, static ones too (`rcrt0.o`).
//!
//! The kernel wants PT_PHDR in each ET_DYN, the identification note, and no page both writable and
//! executable. Shared objects do not name libc: the program's copy serves them.

use std::path::PathBuf;

use super::{Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, origin};
use crate::arch::Arch;
use crate::linkline::{LinkArg, LinkLine};
use crate::rules::{LoadRules, PhdrRule};
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// The platform.
pub struct OpenBsd;

impl Platform for OpenBsd {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let mut f = Frame::new(req, fs, self.search_dirs(req.triple, req.toolchain, fs));
        let mode = req.mode;
        // Fixed addresses are what has to be asked for; profiling implies them.
        let fixed = req.profile || matches!(mode, OutputMode::Executable | OutputMode::Static);
        let program = mode.is_program();
        match req.triple.arch {
            Arch::Mips64 => f.flag("-EB"),
            Arch::Mips64el => f.flag("-EL"),
            Arch::Riscv64 => f.flag(if req.no_relax { "-X --no-relax" } else { "-X" }),
            _ => {}
        }
        if program && (req.start_files || req.default_libs) {
            f.put(LinkArg::Entry("__start".into()), origin::PLATFORM);
        }
        f.flag("--eh-frame-hdr");
        let archives = matches!(mode, OutputMode::Static | OutputMode::StaticPie);
        if archives {
            f.put(LinkArg::Plain("-Bstatic"), origin::OPTION);
        } else if mode == OutputMode::Relocatable {
            f.put(LinkArg::Plain("-r"), origin::OPTION);
        } else {
            if req.rdynamic {
                f.put(LinkArg::ExportDynamic, origin::OPTION);
            }
            if mode.is_shared() {
                f.put(LinkArg::Shared, origin::OPTION);
            } else if let Some(path) = self.interpreter(req.triple, None) {
                f.put(LinkArg::Interpreter(path), origin::PLATFORM);
            }
        }
        if program {
            if fixed {
                f.put(LinkArg::Plain("-nopie"), origin::OPTION);
            } else {
                f.put(LinkArg::Pie, origin::PLATFORM);
            }
        }
        f.output();
        let (begin, end) = if mode.is_shared() {
            ("crtbeginS.o", "crtendS.o")
        } else {
            ("crtbegin.o", "crtend.o")
        };
        if f.starts() {
            if program {
                f.crt(&[match () {
                    () if req.profile => "gcrt0.o",
                    () if archives && !fixed => "rcrt0.o",
                    () => "crt0.o",
                }]);
            }
            f.crt(&[begin]);
        }
        f.search();
        f.inputs();
        if f.links_libs() {
            libraries(&mut f);
        }
        if f.starts() {
            f.crt(&[end]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        _triple: &Triple,
        toolchain: &Toolchain,
        _fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        vec![in_sysroot(toolchain.sysroot.as_deref(), "/usr/lib")]
    }

    fn interpreter(&self, _triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        Some("/usr/libexec/ld.so".into())
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        triple.arch.info().emulation
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
        true
    }

    fn static_is_pie(&self) -> bool {
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
            phdr: PhdrRule::Always,
            // The compiler always names it; a static program is `-Bstatic -pie` and not a word more.
            interpreter_by_default: false,
            ifunc: false,
            library_dirs: &["/usr/lib"],
            ..LoadRules::common(
                "openbsd",
                arch.max_page_size,
                arch.min_page_size,
                arch.is_64,
            )
        }
    }
}

fn libraries(f: &mut Frame) {
    let p = if f.req.profile { "_p" } else { "" };
    if f.req.cxx {
        if f.req.cxx_lib.is_some() {
            f.cxx_named(&format!("c++{p}"));
            f.lib(&format!("c++abi{p}"));
            f.lib(&format!("pthread{p}"));
        }
        f.lib(&format!("m{p}"));
    }
    f.lib("compiler_rt");
    if f.req.pthread {
        f.lib(&format!("pthread{p}"));
    }
    if !f.req.mode.is_shared() && f.req.libc {
        f.lib(&format!("c{p}"));
    }
    f.lib("compiler_rt");
}
