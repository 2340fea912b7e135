//! Search directories around a GCC installation: GCC's list in GCC's order, and clang's in clang's.
//!
//! The same list finds start files and becomes the `-L` options; directories that do not exist are
//! left out, which keeps the linker's own searches short.

use std::path::{Path, PathBuf};

use super::{Toolchain, in_sysroot};
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// Directories for a Linux target.
pub fn linux(triple: &Triple, toolchain: &Toolchain, fs: &dyn FileSystem) -> Vec<PathBuf> {
    let mut list = List {
        fs,
        dirs: Vec::with_capacity(12),
    };
    let sysroot = toolchain.sysroot.as_deref();
    let multiarch = triple.multiarch();
    if toolchain.foreign_libc {
        return musl_beside_glibc(triple, toolchain, list);
    }
    if toolchain.clang {
        return clangs(triple, toolchain, list);
    }
    let ma_dir = multiarch
        .as_ref()
        .map(|m| in_sysroot(sysroot, "/usr/lib").join(m));
    // A native GCC keeps to its own system's layout whatever the sysroot.
    let beside_gcc = || {
        let gcc = toolchain.gcc.as_ref().filter(|_| !toolchain.cross)?;
        Some(gcc.dir.join("../../..").join(multiarch.as_ref()?))
    };
    let debian = ma_dir.as_ref().is_some_and(|d| fs.is_dir(d))
        || sysroot.is_some() && beside_gcc().is_some_and(|d| fs.is_dir(&d));
    let multilib = toolchain
        .gcc
        .as_ref()
        .is_some_and(|g| !g.multilib.is_empty());
    // Debian's native ABI lives in lib/MULTIARCH and plain lib; everyone else's 64-bit ABI in lib64.
    let os_lib = if debian && !multilib {
        "lib"
    } else {
        triple.arch.info().os_lib
    };
    let system = !toolchain.cross || sysroot.is_some();
    if let Some(gcc) = &toolchain.gcc {
        list.push(gcc.abi_dir());
        let up = gcc.dir.join("../../..");
        let tree = up.join("..").join(&gcc.triple).join("lib");
        list.push(tree.join("..").join(os_lib));
        if !toolchain.cross {
            // GCC looks around its own directory whatever the sysroot.
            if let Some(m) = multiarch.as_ref() {
                list.push(up.join(m));
            }
            list.push(up.join("..").join(os_lib));
        }
    }
    for base in ["/lib", "/usr/lib"] {
        let base = in_sysroot(sysroot, base);
        if let Some(m) = multiarch.as_ref().filter(|_| debian) {
            list.push(base.join(m));
        }
        if system {
            list.push(base.join("..").join(os_lib));
        }
    }
    if let Some(gcc) = &toolchain.gcc {
        if multilib {
            list.push(gcc.dir.clone());
        }
        let up = gcc.dir.join("../../..");
        list.push(up.join("..").join(&gcc.triple).join("lib"));
        if !toolchain.cross {
            list.push(up);
        }
    }
    if sysroot.is_some() {
        list.push(in_sysroot(sysroot, "/lib"));
        list.push(in_sysroot(sysroot, "/usr/lib"));
    }
    list.dirs
}

/// clang's list (`Linux.cpp`, `Generic_GCC::AddMultilibPaths`): the system's directories count only
/// inside the sysroot, and the ABI's library directory is `lib64`, `lib32` or `libx32` everywhere.
fn clangs(triple: &Triple, toolchain: &Toolchain, mut list: List) -> Vec<PathBuf> {
    let sysroot = toolchain.sysroot.as_deref();
    let os_lib = triple.arch.info().os_lib;
    let system = !toolchain.cross || sysroot.is_some();
    let up = toolchain.gcc.as_ref().map(|g| g.dir.join("../../.."));
    if let (Some(gcc), Some(up)) = (&toolchain.gcc, &up) {
        list.push(gcc.abi_dir());
        list.push(gcc.dir.join("..").join(os_lib));
        let tree = up.join("..").join(&gcc.triple).join("lib");
        list.push(tree.join("..").join(os_lib));
        // Without a sysroot this would be the host's directory when the target is another.
        let inside = match sysroot {
            Some(root) => gcc.dir.starts_with(root),
            None => !toolchain.cross,
        };
        if inside {
            list.push(up.join("..").join(os_lib));
        }
    }
    for base in ["/lib", "/usr/lib"] {
        let base = in_sysroot(sysroot, base);
        if let Some(m) = triple.multiarch() {
            list.push(base.join(m));
        }
        if system {
            list.push(base.join("..").join(os_lib));
        }
    }
    if let (Some(gcc), Some(up)) = (&toolchain.gcc, &up) {
        list.push(up.join("..").join(&gcc.triple).join("lib"));
    }
    if system {
        list.push(in_sysroot(sysroot, "/lib"));
        list.push(in_sysroot(sysroot, "/usr/lib"));
    }
    list.dirs
}

/// musl programs on a glibc system: the glibc directories must not be searched at all.
fn musl_beside_glibc(triple: &Triple, toolchain: &Toolchain, mut list: List) -> Vec<PathBuf> {
    let sysroot = toolchain.sysroot.as_deref();
    let name = triple.multiarch().unwrap_or_default();
    list.push(in_sysroot(sysroot, "/usr/lib").join(&name));
    list.push(in_sysroot(sysroot, "/usr/local/musl/lib"));
    list.push(in_sysroot(sysroot, "/usr").join(&name).join("lib"));
    list.push(in_sysroot(sysroot, "/usr/lib/musl/lib"));
    list.dirs
}

struct List<'a> {
    fs: &'a dyn FileSystem,
    dirs: Vec<PathBuf>,
}

impl List<'_> {
    fn push(&mut self, dir: PathBuf) {
        if !self.dirs.contains(&dir) && self.fs.is_dir(&dir) {
            self.dirs.push(dir);
        }
    }
}

/// Whether two spellings name the same directory once `..` is resolved textually.
pub fn same_dir(a: &Path, b: &Path) -> bool {
    crate::sysroot::tidy(a) == crate::sysroot::tidy(b)
}
