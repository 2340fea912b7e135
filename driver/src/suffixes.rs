//! Which files are sources, by their suffix. Any other file is the linker's.

use crate::compiler::Family;

/// Suffixes of files that both families turn into objects.
const SOURCES: &[&str] = &[
    "c", "i", "ii", "cc", "cp", "cxx", "cpp", "CPP", "c++", "C", "m", "mi", "mm", "M", "mii", "s",
    "S", "sx", "f", "for", "ftn", "F", "FOR", "fpp", "FPP", "FTN", "f90", "f95", "f03", "f08",
    "F90", "F95", "F03", "F08", "adb", "ads", "cppm", "ixx",
];
/// Sources to gcc; clang gives them to the linker.
const GCC: &[&str] = &["go", "d", "di"];
/// Sources to clang; gcc gives them to the linker, which knows bitcode.
const CLANG: &[&str] = &["cu", "hip", "ll", "bc", "cl"];
const HEADERS: &[&str] = &["h", "hh", "H", "hp", "hxx", "hpp", "HPP", "h++", "tcc"];

fn has(list: &[&str], name: &[u8]) -> bool {
    suffix(name).is_some_and(|s| list.iter().any(|x| x.as_bytes() == s))
}

fn suffix(name: &[u8]) -> Option<&[u8]> {
    let base = name.rsplit(|b| *b == b'/').next()?;
    let dot = base.iter().rposition(|b| *b == b'.')?;
    base.get(dot + 1..)
}

/// A header, which alone is precompiled and not linked.
pub fn is_header(name: &[u8]) -> bool {
    has(HEADERS, name)
}

/// A source to some compiler.
pub fn is_source(name: &[u8]) -> bool {
    [HEADERS, SOURCES, GCC, CLANG].iter().any(|l| has(l, name))
}

/// A source to this one.
pub fn is_source_to(family: Family, name: &[u8]) -> bool {
    match family {
        Family::Gcc => !has(CLANG, name),
        Family::Clang => !has(GCC, name),
        Family::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_differ() {
        for (name, gcc, clang) in [
            ("dir.d/x.c", true, true),
            ("x.bc", false, true),
            ("x.d", true, false),
            ("x.h", true, true),
        ] {
            assert!(is_source(name.as_bytes()), "{name}");
            assert_eq!(is_source_to(Family::Gcc, name.as_bytes()), gcc, "{name}");
            assert_eq!(
                is_source_to(Family::Clang, name.as_bytes()),
                clang,
                "{name}"
            );
        }
        for name in ["x.mod", "x.so.1", "x", "x.d/y", ".c.o"] {
            assert!(!is_source(name.as_bytes()), "{name}");
        }
    }
}
