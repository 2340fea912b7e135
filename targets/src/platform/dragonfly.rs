//! DragonFly BSD: GCC 8 in the base system, its libraries in /usr/lib/gcc80.

use std::path::PathBuf;

use super::{Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, origin};
use crate::linkline::{LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// The platform.
pub struct DragonFly;

impl Platform for DragonFly {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let mut f = Frame::new(req, fs, self.search_dirs(req.triple, req.toolchain, fs));
        let mode = req.mode;
        f.flag("--eh-frame-hdr");
        match mode {
            OutputMode::Relocatable => f.put(LinkArg::Plain("-r"), origin::OPTION),
            m if m.is_static() && !m.is_shared() => {
                f.put(LinkArg::Plain("-Bstatic"), origin::OPTION)
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
                f.flag("--hash-style=gnu");
                f.flag("--enable-new-dtags");
            }
        }
        if matches!(mode, OutputMode::Pie | OutputMode::StaticPie) {
            f.put(LinkArg::Pie, origin::OPTION);
        }
        f.put(
            LinkArg::Emulation(self.emulation(req.triple)),
            origin::PLATFORM,
        );
        f.output();
        let pic = mode.is_shared() || matches!(mode, OutputMode::Pie | OutputMode::StaticPie);
        let (begin, end) = if pic {
            ("crtbeginS.o", "crtendS.o")
        } else {
            ("crtbegin.o", "crtend.o")
        };
        if f.starts() {
            if mode.is_program() {
                f.crt(&[match () {
                    () if req.profile => "gcrt1.o",
                    () if pic => "Scrt1.o",
                    () => "crt1.o",
                }]);
            }
            f.crt(&["crti.o", begin]);
        }
        f.search();
        f.inputs();
        if f.links_libs() {
            if !mode.is_static() {
                f.put(LinkArg::GnuOnly("-rpath /usr/lib/gcc80"), origin::PLATFORM);
            }
            f.cxx(&["m"]);
            f.libc();
            if mode.is_static() || req.static_libgcc {
                f.lib("gcc");
                f.lib("gcc_eh");
            } else if req.shared_libgcc {
                f.lib("gcc_pic");
                f.lib("gcc");
            } else {
                f.lib("gcc");
                f.lib_if_needed("gcc_pic");
            }
        }
        if f.starts() {
            f.crt(&[end, "crtn.o"]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        _triple: &Triple,
        toolchain: &Toolchain,
        _fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        let root = toolchain.sysroot.as_deref();
        vec![
            in_sysroot(root, "/usr/lib"),
            in_sysroot(root, "/usr/lib/gcc80"),
        ]
    }

    fn interpreter(&self, _triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        Some("/usr/libexec/ld-elf.so.2".into())
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        triple.arch.info().emulation
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
        false
    }

    fn needs_gcc(&self) -> bool {
        false
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        LoadRules {
            // Its run-time linker reads neither, and adds to the words of thread-local variables.
            relr: false,
            tlsdesc: false,
            zero_under_rela: true,
            library_dirs: &["/lib", "/usr/lib"],
            ..LoadRules::common(
                "dragonfly",
                arch.max_page_size,
                arch.min_page_size,
                arch.is_64,
            )
        }
    }
}
