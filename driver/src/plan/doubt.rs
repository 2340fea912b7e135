//! Options in a command that only links, of which only the compiler knows whether it has them.
//!
//! Compile jobs hand options to the compiler, which refuses those it does not know, or warns of them. In a link of objects
//! nobody would: and a build that tries an option in such a link (CMake's `check_linker_flag`, Meson's `get_supported_link_arguments`)
//! would take it for one that works. So the compiler is asked about words that are not beyond doubt, with `-###`, and its answer is kept.
//! Hardly any build asks: what nearly all pass stands in a list here, and gcc's driver holds the names of all its options as
//! plain strings, in which a look is cheaper than a process; `-fno-x` stands there as `-fx`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use memchr::memmem;

use super::jobs::{command_start, foreign};
use crate::compiler::{Delegate, Family};
use crate::host::Host;
use crate::invocation::{Arg, Invocation};
use crate::options::{Id, Who};

/// Options of compilations that every compiler takes in silence when it links, whatever their argument.
const SILENT: &[&str] = &[
    "-D",
    "-I",
    "-M",
    "-MD",
    "-MF",
    "-MM",
    "-MMD",
    "-MP",
    "-MQ",
    "-MT",
    "-O",
    "-Ofast",
    "-P",
    "-U",
    "-Wp,",
    "-ansi",
    "-g",
    "-gsplit-dwarf",
    "-idirafter",
    "-imacros",
    "-include",
    "-iquote",
    "-isystem",
    "-nostdinc",
    "-nostdinc++",
    "-pedantic",
    "-pedantic-errors",
    "-pipe",
    "-pthread",
    "-w",
    "-ffile-prefix-map=",
    "-fdebug-prefix-map=",
    "-fmacro-prefix-map=",
    "-fno-stack-protector",
    "-ffast-math",
    "-flto",
    "-fno-lto",
    "-ffat-lto-objects",
    "-fsanitize=",
    "-m32",
    "-m64",
];

/// What nearly every build passes, and every compiler knows.
const COMMON: &[&str] = &[
    "-fPIC",
    "-fPIE",
    "-fpic",
    "-fpie",
    "-fasynchronous-unwind-tables",
    "-fbuiltin",
    "-fcf-protection",
    "-fcolor-diagnostics",
    "-fcommon",
    "-fdata-sections",
    "-fdiagnostics-color=always",
    "-fdiagnostics-color=auto",
    "-fexceptions",
    "-ffreestanding",
    "-ffunction-sections",
    "-fgnu89-inline",
    "-finline-functions",
    "-fmath-errno",
    "-fms-extensions",
    "-fomit-frame-pointer",
    "-fplt",
    "-frtti",
    "-fsemantic-interposition",
    "-fsigned-char",
    "-fstack-clash-protection",
    "-fstack-protector",
    "-fstack-protector-all",
    "-fstack-protector-strong",
    "-fstrict-aliasing",
    "-fthreadsafe-statics",
    "-ftrapping-math",
    "-funsigned-char",
    "-funwind-tables",
    "-fvisibility-inlines-hidden",
    "-fvisibility=default",
    "-fvisibility=hidden",
    "-fwrapv",
    "-mavx",
    "-mavx2",
    "-march=native",
    "-march=x86-64",
    "-march=x86-64-v2",
    "-march=x86-64-v3",
    "-msse2",
    "-mtune=generic",
    "-mtune=native",
    "-Wall",
    "-Werror",
    "-Wextra",
    "-std=c99",
    "-std=c11",
    "-std=c17",
    "-std=gnu99",
    "-std=gnu11",
    "-std=gnu17",
    "-std=c++11",
    "-std=c++14",
    "-std=c++17",
    "-std=c++20",
    "-std=gnu++11",
    "-std=gnu++14",
    "-std=gnu++17",
    "-std=gnu++20",
];

/// The question, if this command only links and has words that are not beyond doubt: all its words for compilations, since
/// some (`-Werror`, `-Qunused-arguments`) decide about the others.
pub fn question(host: &Host, inv: &Invocation, delegate: &Delegate) -> Option<Vec<OsString>> {
    if delegate.family == Family::Other || inv.source_count() > 0 {
        return None;
    }
    let gone = |a: &&Arg| !foreign(a, delegate.family) && !is_silent(a);
    let words: Vec<&Arg> = inv.args.iter().filter(gone).collect();
    if words.iter().all(|a| is_common(a)) || known_to_gcc(host, delegate, &words) {
        return None;
    }
    let mut argv = command_start(host, delegate, false);
    // Something to link, so that it is a link; ahead, where no option takes it for its argument.
    argv.extend(["-###".into(), "-lc".into()]);
    argv.extend(words.iter().flat_map(|a| a.words.iter().cloned()));
    Some(argv)
}

/// Whether the compiler has nothing to say of it: no word for compilations, or one that is always silent.
fn is_silent(arg: &Arg) -> bool {
    let Some(opt) = arg.opt else { return true };
    let for_compilations = matches!(opt.who, Who::Compile | Who::Both);
    let elsewhere = matches!(
        opt.id,
        Id::Output | Id::Language | Id::Prefix | Id::Sysroot | Id::Specs | Id::Offload
    );
    !for_compilations || elsewhere || SILENT.contains(&opt.name)
}

fn is_common(arg: &Arg) -> bool {
    let Some(word) = arg.words.first().filter(|_| arg.words.len() == 1) else {
        return false;
    };
    let bytes = word.as_bytes();
    let positive = without_no(bytes);
    COMMON
        .iter()
        .any(|c| c.as_bytes() == bytes || Some(c.as_bytes()) == positive.as_deref())
}

/// Whether gcc's driver holds the names of all these.
fn known_to_gcc(host: &Host, delegate: &Delegate, words: &[&Arg]) -> bool {
    if delegate.family != Family::Gcc {
        return false;
    }
    let Some(driver) = host.fs.read(&delegate.real) else {
        return false;
    };
    words.iter().all(|a| match a.words.as_slice() {
        [word] => is_common(a) || known(&driver, word.as_bytes()),
        _ => false,
    })
}

/// `-fx` for `-fno-x`.
fn without_no(word: &[u8]) -> Option<Vec<u8>> {
    let (head, tail) = word.split_at_checked(2)?;
    Some([head, tail.strip_prefix(b"no-")?].concat())
}

/// Whether a word without a value is one of gcc's. Those with a value gcc judges by it.
fn known(driver: &[u8], word: &[u8]) -> bool {
    let plain = |w: &[u8]| w.len() > 2 && !w.contains(&b'=') && knows(driver, w);
    if let Some(warning) = word.strip_prefix(b"-Werror=") {
        return plain(&[b"-W", warning].concat());
    }
    // gcc mentions an unknown -Wno- when something else is wrong.
    (word.starts_with(b"-Wno-") && word.len() > 5)
        || plain(word)
        || without_no(word).is_some_and(|w| plain(&w))
}

fn knows(driver: &[u8], word: &[u8]) -> bool {
    memmem::find(driver, &[word, b"\0"].concat()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_value_are_found_in_gccs_driver() {
        let driver = b"\0-fPIC\0-fstack-protector\0-fabi-version=\0-fno-weak\0-Wall\0-Werror=\0-march=\0-std=\0-std=c99\0";
        for word in [
            "-fPIC",
            "-fno-PIC",
            "-fno-stack-protector",
            "-fno-weak",
            "-Wno-anything",
        ] {
            assert!(known(driver, word.as_bytes()), "{word}");
        }
        for word in [
            "-fPI",
            "-fnosuch",
            "-fno-such",
            "-mnosuch",
            "-Wnosuch",
            "-Wno-",
            "-std=c99",
            "-fabi-version=2",
            "-f",
        ] {
            assert!(!known(driver, word.as_bytes()), "{word}");
        }
    }
}
