//! Finding LLVM's run-time pieces: compiler-rt's builtins and libc++'s headers.
//!
//! Only used when an option asks for them (`--rtlib=compiler-rt`, `-stdlib=libc++`, Android). Both
//! layouts of the resource directory are known: `lib/TRIPLE/libclang_rt.X.a` and
//! `lib/OS/libclang_rt.X-ARCH.a`.

use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::gcc::Version;
use crate::sysroot::FileSystem;
use crate::triple::{Env, Os, Triple};

/// Resource directories (`.../lib/clang/VERSION`), the compiler's own first, then newest first.
/// `clang` is the compiler's program, links resolved, when the delegate is clang.
pub fn resource_dirs(fs: &dyn FileSystem, clang: Option<&Path>) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    if let Some(prefix) = clang.and_then(Path::parent).and_then(Path::parent) {
        roots.push(prefix.join("lib/clang"));
        roots.push(prefix.join("lib64/clang"));
    }
    let mut llvm: Vec<(Version, PathBuf)> = Vec::new();
    for name in fs.list(Path::new("/usr/lib")) {
        let version = name.strip_prefix("llvm-").and_then(Version::parse);
        llvm.extend(version.map(|v| (v, Path::new("/usr/lib").join(&name).join("lib/clang"))));
    }
    llvm.sort_by(|a, b| b.0.cmp(&a.0));
    roots.extend(llvm.into_iter().map(|(_, p)| p));
    roots.extend(["/usr/lib/clang", "/usr/lib64/clang", "/usr/local/lib/clang"].map(PathBuf::from));
    let mut found: Vec<PathBuf> = Vec::new();
    for root in roots {
        let mut versions: Vec<(Version, PathBuf)> = fs
            .list(&root)
            .into_iter()
            .filter_map(|n| Some((Version::parse(&n)?, root.join(&n))))
            .collect();
        versions.sort_by(|a, b| b.0.cmp(&a.0));
        for (_, dir) in versions {
            if !found.contains(&dir) {
                found.push(dir);
            }
        }
    }
    found
}

/// `libclang_rt.NAME.a` for the target in the first resource directory that has it.
///
/// # Errors
/// The places looked at, for a message.
pub fn runtime(
    fs: &dyn FileSystem,
    triple: &Triple,
    clang: Option<&Path>,
    name: &str,
) -> Result<PathBuf, Vec<PathBuf>> {
    let arch = match triple.arch {
        Arch::I386 if triple.env == Env::Android => "i686",
        Arch::I386 => "i386",
        Arch::Sparcv9 => "sparcv9",
        Arch::Arm if triple.is_hard_float() => "armhf",
        a => a.name(),
    };
    let os = match triple.os {
        Os::Linux => "linux",
        Os::FreeBsd => "freebsd",
        Os::NetBsd => "netbsd",
        Os::OpenBsd => "openbsd",
        Os::Solaris | Os::Illumos => "sunos",
        _ => "baremetal",
    };
    let android = if triple.env == Env::Android {
        "-android"
    } else {
        ""
    };
    let mut tried = Vec::new();
    for dir in resource_dirs(fs, clang) {
        let lib = dir.join("lib");
        let names = triple
            .gcc_aliases()
            .into_iter()
            .take(6)
            .map(|t| lib.join(t).join(format!("libclang_rt.{name}.a")));
        let old = lib
            .join(os)
            .join(format!("libclang_rt.{name}-{arch}{android}.a"));
        for path in names.chain([old]) {
            if fs.is_file(&path) {
                return Ok(path);
            }
            tried.push(path);
        }
    }
    Err(tried)
}

/// libc++'s header directory.
pub fn libcxx_include(fs: &dyn FileSystem, sysroot: Option<&Path>) -> Option<PathBuf> {
    let mut candidates = vec![
        crate::platform::in_sysroot(sysroot, "/usr/include/c++/v1"),
        crate::platform::in_sysroot(sysroot, "/usr/local/include/c++/v1"),
    ];
    // .../llvm-19/lib/clang/19 belongs to .../llvm-19/include/c++/v1.
    let prefixes = resource_dirs(fs, None);
    candidates.extend(
        prefixes
            .iter()
            .filter_map(|d| Some(d.ancestors().nth(3)?.join("include/c++/v1"))),
    );
    candidates.into_iter().find(|d| fs.is_dir(d))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sysroot::FakeFs;

    #[test]
    fn builtins_in_either_layout_newest_first() {
        let fs = FakeFs::with_files([
            "/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.builtins-x86_64.a",
            "/usr/lib/llvm-19/lib/clang/19/lib/x86_64-pc-linux-gnu/libclang_rt.builtins.a",
            "/usr/lib/llvm-19/include/c++/v1/vector",
        ]);
        let x86 = Triple::parse("x86_64-linux-gnu").expect("triple");
        let newest = "/usr/lib/llvm-19/lib/clang/19/lib/x86_64-pc-linux-gnu/libclang_rt.builtins.a";
        assert_eq!(runtime(&fs, &x86, None, "builtins"), Ok(newest.into()));
        let old = Path::new("/usr/lib/llvm-14/bin/clang");
        let own = "/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.builtins-x86_64.a";
        assert_eq!(runtime(&fs, &x86, Some(old), "builtins"), Ok(own.into()));
        assert_eq!(
            libcxx_include(&fs, None),
            Some("/usr/lib/llvm-19/include/c++/v1".into())
        );
        let arm = Triple::parse("aarch64-linux-gnu").expect("triple");
        assert!(runtime(&fs, &arm, None, "builtins").is_err_and(|tried| tried.len() > 2));
    }
}
