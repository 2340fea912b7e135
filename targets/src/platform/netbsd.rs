//! NetBSD: everything in /usr/lib, `crt0.o` starts programs, compiler-rt's builtins are in libc.
//!
//! The kernel demands the version note that `crti.o` brings (name of seven bytes, in a PT_NOTE).
//! clang passes the system's directory with `=`, so that the linker puts the sysroot before it.

use std::path::PathBuf;

use super::{Frame, LinkRequest, OutputMode, Platform, Toolchain, in_sysroot, origin};
use crate::arch::Arch;
use crate::linkline::{LinkArg, LinkLine};
use crate::rules::LoadRules;
use crate::sysroot::FileSystem;
use crate::triple::{Env, Triple};

/// The platform.
pub struct NetBsd;

impl Platform for NetBsd {
    fn link_line(&self, req: &LinkRequest, fs: &dyn FileSystem) -> LinkLine {
        let root = req.toolchain.sysroot.as_deref();
        let dirs = system_dirs(req.triple, req.mabi.as_deref());
        let mut f = Frame::new(req, fs, dirs.iter().map(|d| in_sysroot(root, d)).collect());
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
            }
        }
        if req.triple.arch == Arch::ArmBe && mode != OutputMode::Relocatable {
            f.flag("--be8");
        }
        let mut named = vec![
            Arch::I386,
            Arch::Arm,
            Arch::ArmBe,
            Arch::Ppc,
            Arch::Ppc64,
            Arch::Ppc64le,
            Arch::Sparc,
            Arch::Sparcv9,
            Arch::Riscv32,
            Arch::Riscv64,
        ];
        if req.mabi.is_some() {
            named.extend([Arch::Mips, Arch::Mipsel, Arch::Mips64, Arch::Mips64el]);
        }
        f.emulation(self, &named);
        f.output();
        let pic = mode.is_shared() || matches!(mode, OutputMode::Pie | OutputMode::StaticPie);
        let (begin, end) = if pic {
            ("crtbeginS.o", "crtendS.o")
        } else {
            ("crtbegin.o", "crtend.o")
        };
        if f.starts() {
            if mode.is_program() {
                f.crt(&[if req.profile { "gcrt0.o" } else { "crt0.o" }]);
            }
            f.crt(&["crti.o", begin]);
        }
        super::push_user(&mut f.line, &req.user_dirs, origin::OPTION);
        if req.start_files || req.default_libs {
            for dir in dirs {
                f.put(LinkArg::User(format!("-L={dir}").into()), origin::SYSTEM);
            }
        }
        f.inputs();
        if f.links_libs() {
            f.cxx(&["m"]);
            f.libc();
            if !has_compiler_rt(req.triple.arch) {
                if mode.is_static() {
                    f.lib("gcc_eh");
                    f.lib("c");
                    f.lib("gcc");
                } else {
                    f.lib("gcc");
                    f.lib_if_needed("gcc_s");
                }
            }
        }
        if f.starts() {
            f.crt(&[end, "crtn.o"]);
        }
        f.finish()
    }

    fn search_dirs(
        &self,
        triple: &Triple,
        toolchain: &Toolchain,
        _fs: &dyn FileSystem,
    ) -> Vec<PathBuf> {
        system_dirs(triple, None)
            .iter()
            .map(|d| in_sysroot(toolchain.sysroot.as_deref(), d))
            .collect()
    }

    fn interpreter(&self, _triple: &Triple, _mabi: Option<&str>) -> Option<String> {
        Some("/libexec/ld.elf_so".into())
    }

    fn emulation(&self, triple: &Triple) -> &'static str {
        match (triple.arch, triple.env) {
            (Arch::Arm, Env::GnuEabiHf) => "armelf_nbsd_eabihf",
            (Arch::Arm, Env::GnuEabi) => "armelf_nbsd_eabi",
            (Arch::Arm, _) => "armelf_nbsd",
            (Arch::ArmBe, Env::GnuEabiHf) => "armelfb_nbsd_eabihf",
            (Arch::ArmBe, Env::GnuEabi) => "armelfb_nbsd_eabi",
            (Arch::ArmBe, _) => "armelfb_nbsd",
            (Arch::Ppc, _) => "elf32ppc_nbsd",
            (arch, _) => arch.info().emulation,
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

    fn cxx_library(&self, triple: &Triple) -> &'static str {
        if has_compiler_rt(triple.arch) {
            "c++"
        } else {
            "stdc++"
        }
    }

    fn load_rules(&self, triple: &Triple) -> LoadRules {
        let arch = triple.arch.info();
        LoadRules {
            // Releases before 9 read only the System V table.
            sysv_hash_required: true,
            library_dirs: &["/usr/lib"],
            ..LoadRules::common("netbsd", arch.max_page_size, arch.min_page_size, arch.is_64)
        }
    }
}

/// 32-bit ABIs of 64-bit ports live in directories of their own.
fn system_dirs(triple: &Triple, mabi: Option<&str>) -> &'static [&'static str] {
    match (triple.arch, triple.env) {
        (Arch::I386, _) => &["/usr/lib/i386", "/usr/lib"],
        (Arch::Sparc, _) => &["/usr/lib/sparc", "/usr/lib"],
        (Arch::Ppc, _) => &["/usr/lib/powerpc", "/usr/lib"],
        (Arch::Arm | Arch::ArmBe, Env::GnuEabiHf) => &["/usr/lib/eabihf", "/usr/lib"],
        (Arch::Arm | Arch::ArmBe, Env::GnuEabi) => &["/usr/lib/eabi", "/usr/lib"],
        // The n32 ABI is that of programs there.
        (Arch::Mips64 | Arch::Mips64el, _) if mabi.is_some_and(|a| matches!(a, "64" | "n64")) => {
            &["/usr/lib/64", "/usr/lib"]
        }
        (Arch::Mips64 | Arch::Mips64el, _) if mabi == Some("32") => &["/usr/lib/o32", "/usr/lib"],
        _ => &["/usr/lib"],
    }
}

/// Ports whose libc holds compiler-rt's builtins.
fn has_compiler_rt(arch: Arch) -> bool {
    matches!(
        arch,
        Arch::X86_64
            | Arch::I386
            | Arch::Aarch64
            | Arch::Aarch64Be
            | Arch::Arm
            | Arch::ArmBe
            | Arch::Ppc
            | Arch::Ppc64
            | Arch::Ppc64le
            | Arch::Sparc
            | Arch::Sparcv9
            | Arch::Riscv32
            | Arch::Riscv64
    )
}
