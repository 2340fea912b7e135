//! Haiku: programs are shared objects to the linker, libroot is the C library, no run-time linker is
//! named in the file.

use std::path::{Path, PathBuf};

use super::{Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, origin};
use crate::linkline::{AsNeededStyle, LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// The platform.
pub struct Haiku;

impl Platform for Haiku {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let mut f = Frame::new(req, fs, self.search_dirs(req.triple, req.toolchain, fs));
        let mode = req.mode;
        let program = mode.is_program();
        f.flag("--eh-frame-hdr");
        if mode == OutputMode::Relocatable {
            f.put(LinkArg::Plain("-r"), origin::OPTION);
        } else {
            if mode.is_static() {
                f.put(LinkArg::Plain("-Bstatic"), origin::OPTION);
            } else {
                if req.rdynamic {
                    f.put(LinkArg::ExportDynamic, origin::OPTION);
                }
                f.flag("--enable-new-dtags");
            }
            f.put(LinkArg::Shared, origin::PLATFORM);
            if program {
                f.flag("--no-undefined");
            }
        }
        f.emulation(self, &[]);
        f.output();
        if f.starts() {
            f.crt(&["crti.o", "crtbeginS.o"]);
            if program {
                f.crt(&["start_dyn.o"]);
            }
            f.crt(&["init_term_dyn.o"]);
        }
        f.search();
        f.inputs();
        if f.links_libs() {
            f.cxx(&[]);
            let gcc_s = LinkArg::LibraryIfNeeded("gcc_s".into(), AsNeededStyle::PushState);
            f.lib("gcc");
            f.put(gcc_s.clone(), origin::LIBS);
            if req.libc {
                f.lib("root");
            }
            f.lib("gcc");
            f.put(gcc_s, origin::LIBS);
        }
        if f.starts() {
            f.crt(&["crtendS.o", "crtn.o"]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        _triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        let root = toolchain.sysroot.as_deref();
        let own = in_sysroot(root, "/boot/system/non-packaged/develop/lib");
        let mut dirs: Vec<PathBuf> = Some(own).filter(|d| fs.is_dir(d)).into_iter().collect();
        dirs.extend([
            in_sysroot(root, "/boot/system/lib"),
            in_sysroot(root, "/boot/system/develop/lib"),
        ]);
        dirs.extend(toolchain.gcc.as_ref().map(|g| g.abi_dir()));
        dirs
    }

    fn interpreter(&self, _triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        None
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        triple.arch.info().emulation
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
        true
    }

    fn gcc_prefixes(&self, sysroot: Option<&Path>, _fs: &dyn FileSystem) -> Vec<PathBuf> {
        vec![in_sysroot(sysroot, "/boot/system/develop/tools")]
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        LoadRules {
            sysv_hash_required: true,
            gnu_hash: false,
            relr: false,
            ifunc: false,
            tlsdesc: false,
            // runtime_loader refuses headers and relocations of types it does not know.
            gnu_property: false,
            copy_relocations: false,
            static_tls: false,
            library_dirs: &["/boot/system/develop/lib", "/boot/system/lib"],
            ..LoadRules::common("haiku", arch.max_page_size, arch.min_page_size, arch.is_64)
        }
    }
}
