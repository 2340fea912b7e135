//! Options about code (`-f...`, `-m...`, `-W...`, `-std=`) in a command that only links.
//!
//! Compile jobs hand them to the compiler, which refuses those it does not know. In a link of objects nobody would: and a
//! build that tries an option in such a link (CMake's `check_linker_flag`) would take it for one that works. gcc's driver
//! holds the names of all options as plain strings, in which this looks; `-fno-x` stands there as `-fx`.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use memchr::memmem;

use crate::compiler::{Delegate, Family};
use crate::host::Host;
use crate::invocation::Invocation;
use crate::options::Who;

/// What nearly every build passes: every gcc knows it, so its driver is not read.
const COMMON: &[&str] = &[
    "-fPIC",
    "-fPIE",
    "-fpic",
    "-fpie",
    "-fcommon",
    "-fdata-sections",
    "-fexceptions",
    "-ffunction-sections",
    "-fgnu89-inline",
    "-finline-functions",
    "-fmath-errno",
    "-fomit-frame-pointer",
    "-frtti",
    "-fstrict-aliasing",
    "-fvisibility-inlines-hidden",
    "-fvisibility=hidden",
    "-fwrapv",
    "-Wall",
    "-Wextra",
    "-march=native",
    "-march=x86-64",
    "-std=c99",
    "-std=c11",
    "-std=gnu99",
    "-std=gnu11",
    "-std=c++11",
    "-std=c++14",
    "-std=gnu++11",
    "-std=gnu++14",
];

/// The first word of a pure link that the gcc behind us does not know.
pub(super) fn unknown<'a>(
    host: &Host,
    inv: &'a Invocation,
    delegate: &Delegate,
) -> Option<&'a OsStr> {
    if delegate.family != Family::Gcc || inv.source_count() > 0 {
        return None;
    }
    let words: Vec<&OsStr> = inv.args.iter().filter_map(about_code).collect();
    if words.iter().all(|w| is_common(w)) {
        return None;
    }
    let driver = host.fs.read(&delegate.real)?;
    // A wrapper, or a gcc that keeps its options elsewhere.
    if !knows(&driver, b"-fPIC") || !knows(&driver, b"-Wall") {
        return None;
    }
    words.into_iter().find(|w| !known(&driver, w.as_bytes()))
}

fn about_code(arg: &crate::invocation::Arg) -> Option<&OsStr> {
    let opt = arg.opt?;
    let families = matches!(opt.name, "-f" | "-m" | "-W" | "-std=");
    let word = arg.words.first()?;
    (families && opt.who != Who::Link && arg.words.len() == 1).then_some(word)
}

fn is_common(word: &OsStr) -> bool {
    let bytes = word.as_bytes();
    let positive = without_no(bytes);
    COMMON
        .iter()
        .any(|c| c.as_bytes() == bytes || Some(c.as_bytes()) == positive.as_deref())
}

/// `-fx` for `-fno-x`.
fn without_no(word: &[u8]) -> Option<Vec<u8>> {
    let (head, tail) = word.split_at_checked(2)?;
    Some([head, tail.strip_prefix(b"no-")?].concat())
}

fn known(driver: &[u8], word: &[u8]) -> bool {
    // gcc mentions these when something else is wrong.
    if word.starts_with(b"-Wno-") || matches!(word, b"-f" | b"-m" | b"-W") {
        return true;
    }
    let or_stem = |word: &[u8]| {
        // `-fname=value` and `-fname-value` stand there up to the sign.
        let stems = word
            .iter()
            .enumerate()
            .filter(|(i, b)| *i > 1 && matches!(b, b'=' | b'-'))
            // The standards have a row each.
            .filter(|_| !word.starts_with(b"-std"));
        knows(driver, word)
            || stems
                .filter_map(|(i, _)| word.get(..=i))
                .any(|stem| knows(driver, stem))
    };
    or_stem(word) || without_no(word).is_some_and(|w| or_stem(&w))
}

fn knows(driver: &[u8], word: &[u8]) -> bool {
    memmem::find(driver, &[word, b"\0"].concat()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_form_that_gcc_takes() {
        let driver = b"\0-fPIC\0-fstack-protector\0-fabi-version=\0-ftemplate-depth-\0-fno-weak\0-Wall\0-Werror=\0-march=\0-std=\0-std=c99\0";
        for word in [
            "-fPIC",
            "-fno-PIC",
            "-fno-stack-protector",
            "-fabi-version=2",
            "-ftemplate-depth-900",
            "-fno-weak",
            "-Wno-anything",
            "-Werror=format",
            "-march=armv8-a+crc",
            "-std=c99",
        ] {
            assert!(known(driver, word.as_bytes()), "{word}");
        }
        for word in [
            "-fPI",
            "-fnosuch",
            "-fno-such",
            "-mnosuch",
            "-Wnosuch",
            "-std=c98",
            "-fabi-x=1",
        ] {
            assert!(!known(driver, word.as_bytes()), "{word}");
        }
    }
}
