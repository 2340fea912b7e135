//! Android: bionic in the NDK's sysroot, compiler-rt, libunwind and libc++ from the NDK.
//!
//! The API level is the number at the triple's end (`aarch64-linux-android24`): it selects the
//! directory of start files and the features its run-time linker has (GNU hash tables from 23,
//! RELR from 28).

use std::path::PathBuf;

use super::{
    Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, linux::endian_flags, origin,
};
use crate::arch::Arch;
use crate::linkline::{LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// The platform.
pub struct Android;

/// The level that this triple names; without one, the oldest there is, as clang has it.
fn api_level(triple: &Triple) -> u32 {
    triple.version.parse().unwrap_or(0)
}

/// The NDK's directory name for the architecture.
fn ndk_name(triple: &Triple) -> &'static str {
    match triple.arch {
        Arch::Arm => "arm-linux-androideabi",
        Arch::I386 => "i686-linux-android",
        Arch::X86_64 => "x86_64-linux-android",
        Arch::Riscv64 => "riscv64-linux-android",
        _ => "aarch64-linux-android",
    }
}

impl Platform for Android {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let mut f = Frame::new(req, fs, self.search_dirs(req.triple, req.toolchain, fs));
        let mode = req.mode;
        let level = api_level(req.triple);
        endian_flags(
            req.triple.arch,
            mode == OutputMode::Relocatable,
            &mut f.line,
        );
        f.put(LinkArg::Plain("-z now"), origin::PLATFORM);
        f.put(LinkArg::Plain("-z relro"), origin::PLATFORM);
        match req.triple.arch {
            Arch::Arm => f.put(LinkArg::Plain("-z max-page-size=4096"), origin::PLATFORM),
            Arch::Aarch64 | Arch::X86_64 => {
                f.put(LinkArg::Plain("-z max-page-size=16384"), origin::PLATFORM)
            }
            _ => {}
        }
        f.flag(if level < 23 {
            "--hash-style=both"
        } else {
            "--hash-style=gnu"
        });
        if level < 29 {
            f.flag("--no-rosegment");
        }
        if level >= 28 {
            f.flag("--use-android-relr-tags --pack-dyn-relocs=relr");
        }
        if req.triple.arch == Arch::Aarch64 {
            f.flag("--fix-cortex-a53-843419");
        }
        f.flag("--build-id");
        f.flag("--eh-frame-hdr");
        f.put(
            LinkArg::Emulation(self.emulation(req.triple)),
            origin::PLATFORM,
        );
        match mode {
            OutputMode::Relocatable => f.put(LinkArg::Plain("-r"), origin::OPTION),
            OutputMode::Shared => f.put(LinkArg::Shared, origin::OPTION),
            OutputMode::SharedStatic => {
                f.put(LinkArg::Shared, origin::OPTION);
                f.put(LinkArg::Static, origin::OPTION);
            }
            OutputMode::Static => f.put(LinkArg::Static, origin::OPTION),
            OutputMode::StaticPie => {
                f.put(LinkArg::Static, origin::OPTION);
                f.put(LinkArg::Pie, origin::OPTION);
                f.flag("--no-dynamic-linker");
                f.put(LinkArg::Plain("-z text"), origin::PLATFORM);
            }
            OutputMode::Executable | OutputMode::Pie => {
                if req.rdynamic {
                    f.put(LinkArg::ExportDynamic, origin::OPTION);
                }
                if mode == OutputMode::Pie {
                    f.put(LinkArg::Pie, origin::PLATFORM);
                }
                if let Some(path) = self.interpreter(req.triple, None) {
                    f.put(LinkArg::Interpreter(path), origin::PLATFORM);
                }
            }
        }
        f.output();
        let (begin, end) = match mode {
            m if m.is_shared() => ("crtbegin_so.o", "crtend_so.o"),
            m if m.is_static() => ("crtbegin_static.o", "crtend_android.o"),
            _ => ("crtbegin_dynamic.o", "crtend_android.o"),
        };
        if f.starts() {
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
        triple: &Triple,
        toolchain: &Toolchain,
        fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        let lib = in_sysroot(toolchain.sysroot.as_deref(), "/usr/lib").join(ndk_name(triple));
        let all = in_sysroot(toolchain.sysroot.as_deref(), "/usr/lib");
        [lib.join(&triple.version), lib, all]
            .into_iter()
            .filter(|d| fs.is_dir(d))
            .collect()
    }

    fn interpreter(&self, triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        Some(
            if triple.arch.info().is_64 {
                "/system/bin/linker64"
            } else {
                "/system/bin/linker"
            }
            .into(),
        )
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        triple.arch.info().emulation
    }

    fn pie_by_default(&self, _triple: &Triple, _configured: bool) -> bool {
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
        let level = api_level(triple);
        LoadRules {
            sysv_hash_required: level < 23,
            gnu_hash: level >= 23,
            relr: level >= 28,
            tlsdesc: level >= 29,
            interpreter_limit: 4096,
            ..LoadRules::common("android", 0x4000, arch.min_page_size, arch.is_64)
        }
    }
}

/// Builtins stand before and after what may need them; libunwind's symbols stay out of the program's.
fn libraries(f: &mut Frame) {
    f.cxx(&["m"]);
    let fixed = f.req.mode.is_static();
    if fixed {
        f.put(LinkArg::StartGroup, origin::LIBS);
    }
    support(f, !fixed);
    if f.req.libc {
        f.lib("c");
    }
    if fixed {
        f.put(LinkArg::EndGroup, origin::LIBS);
    } else {
        support(f, true);
    }
}

fn support(f: &mut Frame, dl: bool) {
    match &f.req.runtime.builtins {
        Some(path) => {
            let file = path.clone().into_os_string();
            f.put(LinkArg::File(file), origin::LIBS);
            f.put(LinkArg::Plain("-l:libunwind.a"), origin::LIBS);
        }
        // Older NDKs' libgcc has the unwinder in it.
        None => f.lib("gcc"),
    }
    if dl {
        f.lib("dl");
    }
}
