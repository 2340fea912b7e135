//! What the embedded linker is told of the compiler, should it meet objects compiled with `-flto`.
//!
//! GCC's plugin and lto-wrapper read `COLLECT_GCC` and `COLLECT_GCC_OPTIONS`, as collect2 sets them: the compiler, and the
//! user's options, each in single quotes. LLVM's plugin takes the options that clang gives it. Nothing is looked up here: a
//! link without such objects pays nothing.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use wcc_linker::lto::CompilerHints;
use wcc_targets::platform::Toolchain;

use super::jobs;
use crate::compiler::{Delegate, Family};
use crate::invocation::Invocation;
use crate::options::{Id, Who};

pub(super) fn hints(
    inv: &Invocation,
    delegate: &Delegate,
    toolchain: Option<&Toolchain>,
) -> CompilerHints {
    let is = |family| delegate.family == family;
    let gcc = toolchain.and_then(|t| t.gcc.as_ref());
    CompilerHints {
        gcc: (!is(Family::Clang)).then(|| delegate.real.clone()),
        gcc_dir: gcc.map(|g| g.dir.clone()),
        gcc_options: (!is(Family::Clang)).then(|| collect_gcc_options(inv, delegate)),
        clang: is(Family::Clang).then(|| delegate.real.clone()),
        llvm_options: llvm_options(inv),
        claim_fat: !is(Family::Clang) && !without_plugin(inv),
        watch: None,
    }
}

/// `-fno-lto` and `-fno-use-linker-plugin`: gcc then names no plugin, and machine code is linked where there is some.
fn without_plugin(inv: &Invocation) -> bool {
    let last = |on: &dyn Fn(&OsStr) -> Option<bool>| {
        inv.args.iter().rev().find_map(|a| on(a.words.first()?))
    };
    let lto = last(&|w| match w.as_bytes() {
        b"-fno-lto" => Some(false),
        b"-flto" => Some(true),
        w => w.starts_with(b"-flto=").then_some(true),
    });
    let plugin = last(&|w| match w.as_bytes() {
        b"-fno-use-linker-plugin" => Some(false),
        b"-fuse-linker-plugin" => Some(true),
        _ => None,
    });
    lto == Some(false) || plugin == Some(false)
}

fn collect_gcc_options(inv: &Invocation, delegate: &Delegate) -> OsString {
    let mut words: Vec<&OsStr> = Vec::new();
    for arg in &inv.args {
        let compiles = arg.opt.is_some_and(|o| match o.who {
            Who::Compile | Who::Both => !matches!(o.id, Id::Output | Id::Language),
            Who::Wcc => o.id == Id::Verbose,
            Who::Link | Who::Query => false,
        });
        let chooses = matches!(
            arg.words.first().map(|w| w.as_bytes()),
            Some(b"-shared" | b"-static" | b"-pie" | b"-no-pie" | b"-static-pie" | b"-r")
        );
        if (compiles || chooses) && !jobs::foreign(arg, delegate.family) {
            words.extend(arg.words.iter().map(|w| &**w));
        }
    }
    let output = inv.output.as_deref();
    let mut prefix = output.unwrap_or(OsStr::new("a")).to_os_string();
    prefix.push(".");
    words.extend([OsStr::new("-o"), output.unwrap_or(OsStr::new("a.out"))]);
    if !inv.dumpdir {
        words.extend([OsStr::new("-dumpdir"), &prefix]);
    }
    let mut text = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            text.push(b' ');
        }
        text.push(b'\'');
        for c in word.as_bytes() {
            match c {
                b'\'' => text.extend_from_slice(b"'\\''"),
                c => text.push(*c),
            }
        }
        text.push(b'\'');
    }
    OsString::from_vec(text)
}

/// What clang tells LLVMgold.so.
fn llvm_options(inv: &Invocation) -> Vec<OsString> {
    let mut level = None;
    let mut out = Vec::new();
    let mut words = inv.args.iter().flat_map(|a| &a.words);
    while let Some(word) = words.next() {
        let Some(text) = word.to_str() else { continue };
        match text {
            "-O0" | "-O1" | "-O2" | "-O3" => level = text.get(1..),
            "-Og" => level = Some("O1"),
            "-O" | "-Os" | "-Oz" => level = Some("O2"),
            "-O4" | "-Ofast" => level = Some("O3"),
            "-flto=thin" => out.push("thinlto".into()),
            "-ffunction-sections" => out.push("-function-sections=1".into()),
            "-fno-function-sections" => out.push("-function-sections=0".into()),
            "-fdata-sections" => out.push("-data-sections=1".into()),
            "-fno-data-sections" => out.push("-data-sections=0".into()),
            "-mllvm" => out.extend(words.next().cloned()),
            _ => {
                if let Some(jobs) = text.strip_prefix("-flto-jobs=") {
                    out.push(format!("jobs={jobs}").into());
                } else if let Some(cpu) = text.strip_prefix("-march=") {
                    out.push(format!("mcpu={cpu}").into());
                }
            }
        }
    }
    out.extend(level.map(OsString::from));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn parsed(text: &str) -> Invocation {
        let words = text.split(' ').map(OsString::from).collect();
        Invocation::parse(words, false).expect("command")
    }

    fn delegate(family: Family) -> Delegate {
        Delegate {
            path: "/usr/bin/cc".into(),
            args: Vec::new(),
            family,
            chosen_by: "a test",
            real: "/usr/bin/real-cc".into(),
        }
    }

    #[test]
    fn gcc_is_told_the_users_options() {
        let inv = parsed("-O2 -flto=auto -Wl,-s -DX='y' a.c -lm -shared -o lib.so -fPIC");
        let h = hints(&inv, &delegate(Family::Gcc), None);
        assert_eq!(
            h.gcc_options.as_deref(),
            Some(OsStr::new(
                r"'-O2' '-flto=auto' '-DX='\''y'\''' '-shared' '-fPIC' '-o' 'lib.so' '-dumpdir' 'lib.so.'"
            ))
        );
        assert_eq!(h.gcc, Some(PathBuf::from("/usr/bin/real-cc")));
        assert!(h.claim_fat && h.clang.is_none());
    }

    #[test]
    fn llvm_is_told_what_clang_would_say() {
        let h = hints(
            &parsed("-Os -O3 -flto=thin -flto-jobs=2 -mllvm -x a.o"),
            &delegate(Family::Clang),
            None,
        );
        assert_eq!(h.llvm_options, ["thinlto", "jobs=2", "-x", "O3"]);
        assert_eq!((h.gcc, h.gcc_options, h.claim_fat), (None, None, false));
    }

    #[test]
    fn fat_objects_are_claimed_unless_it_is_forbidden() {
        let fat = |text| hints(&parsed(text), &delegate(Family::Gcc), None).claim_fat;
        assert!(fat("a.o") && fat("-fno-lto -flto a.o"));
        assert!(!fat("-flto -fno-lto a.o") && !fat("-flto -fno-use-linker-plugin a.o"));
    }
}
