//! Which grammar a command line has: GNU ld's or the Solaris link editor's.
//!
//! `--wcc-ld-dialect=` says so, else `-m` does (only GNU's has it with a value), else the arguments: compilers on
//! Solaris pass words that no GNU linker takes. A guess costs a wrong platform, so doubt means GNU.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use wcc_targets::Dialect;

/// The grammar of `args`.
///
/// # Errors
/// A name of a dialect that does not exist.
pub fn choose(args: &[OsString]) -> Result<Dialect, String> {
    let words: Vec<&[u8]> = args.iter().map(|a| a.as_bytes()).collect();
    if let Some(named) = named(&words) {
        return match named {
            b"gnu" => Ok(Dialect::Gnu),
            b"solaris" => Ok(Dialect::Solaris),
            other => Err(format!(
                "--wcc-ld-dialect: '{}' is not one of gnu, solaris",
                other.escape_ascii()
            )),
        };
    }
    if words.iter().any(|w| is_gnu(w)) || super::platform::emulation(args).is_some() {
        return Ok(Dialect::Gnu);
    }
    let next = |at: usize| words.get(at + 1).copied();
    let solaris = words
        .iter()
        .enumerate()
        .any(|(at, word)| is_solaris(word, next(at)));
    Ok(if solaris {
        Dialect::Solaris
    } else {
        Dialect::Gnu
    })
}

/// The value of the last `--wcc-ld-dialect`.
fn named<'a>(words: &[&'a [u8]]) -> Option<&'a [u8]> {
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let name = word.strip_prefix(b"--").or_else(|| word.strip_prefix(b"-"));
        let Some(rest) = name.and_then(|n| n.strip_prefix(b"wcc-ld-dialect")) else {
            continue;
        };
        found = match rest {
            [] => words.get(at + 1).copied().or(found),
            [b'=', value @ ..] => Some(value),
            _ => found,
        };
    }
    found
}

/// What only a command line for GNU ld has.
fn is_gnu(word: &[u8]) -> bool {
    let long = [
        &b"--hash-style"[..],
        b"--build-id",
        b"--eh-frame-hdr",
        b"--as-needed",
        b"--no-as-needed",
        b"--gc-sections",
        b"--sysroot",
        b"--version-script",
        b"-plugin",
        b"--export-dynamic",
        b"-export-dynamic",
        b"--start-group",
        b"--push-state",
        b"--chroot",
    ];
    long.iter().any(|name| word.starts_with(name))
        || memchr::memmem::find(word, b"/ld-linux").is_some()
        || memchr::memmem::find(word, b"/ld-musl").is_some()
}

/// What compilers write for the Solaris link editor and GNU ld does not know, or knows by another name.
fn is_solaris(word: &[u8], next: Option<&[u8]>) -> bool {
    let keyword = match word {
        b"-z" => next,
        _ => word.strip_prefix(b"-z"),
    };
    if let Some(keyword) = keyword {
        return matches!(keyword, b"ignore" | b"record" | b"allextract" | b"textwarn")
            || keyword.starts_with(b"type=")
            || keyword.starts_with(b"sysroot=");
    }
    match word {
        b"-Qy" | b"-Qn" => true,
        // mold's -C names a directory, in front of which the Solaris one never stands.
        b"-C" => !next.is_some_and(|n| super::values::path(n).is_dir()),
        // GNU's -G takes a number.
        b"-G" => !next.is_some_and(|n| n.first().is_some_and(u8::is_ascii_digit)),
        b"-Q" => matches!(next, Some(b"y" | b"n")),
        b"-Y" => next.is_some_and(|n| n.starts_with(b"P,")),
        b"-M" => next.is_some_and(is_mapfile),
        _ => {
            word.starts_with(b"-YP,")
                || cfg!(any(target_os = "illumos", target_os = "solaris")) && is_weak(word, next)
        }
    }
}

/// Words that both linkers have; on the system itself its own is meant.
fn is_weak(word: &[u8], next: Option<&[u8]>) -> bool {
    matches!(word, b"-dy" | b"-dn" | b"-h" | b"-V")
        || word == b"-z" && matches!(next, Some(b"text" | b"defs"))
}

/// `-M FILE` where FILE is there and is no object: a mapfile. (GNU's `-M` takes no argument.)
pub fn is_mapfile(name: &[u8]) -> bool {
    use std::io::Read as _;
    let path = super::values::path(name);
    if path.is_dir() {
        return true;
    }
    let mut start = [0u8; 8];
    let Ok(mut file) = std::fs::File::open(path) else {
        return false;
    };
    let length = file.read(&mut start).unwrap_or(0);
    let start = start.get(..length).unwrap_or(&[]);
    !start.starts_with(b"\x7fELF")
        && !start.starts_with(b"!<arch>")
        && !start.starts_with(b"!<thin>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> Dialect {
        let args: Vec<OsString> = text.split_whitespace().map(OsString::from).collect();
        choose(&args).unwrap()
    }

    #[test]
    fn compilers_lines_are_recognised() {
        for line in [
            "-C -e _start -z type=pie -o a.out crt1.o -z ignore -lgcc_s -z record -lc",
            "-V -Y P,/lib/amd64:/usr/lib/amd64 -Qy -o a.out crt1.o",
            "-G -dy -z text -h libx.so.1 -o libx.so x.o",
            "-o a.out x.o -zignore -lc",
            "--wcc-ld-dialect=solaris x.o",
        ] {
            assert_eq!(dialect(line), Dialect::Solaris, "{line}");
        }
        for line in [
            "-o a.out x.o -lc",
            "-m elf_x86_64_sol2 -z ignore x.o",
            "--eh-frame-hdr -z record -dynamic-linker /lib64/ld-linux-x86-64.so.2 x.o",
            "-h libx.so.1 -shared x.o",
            "-G 8 x.o",
            "-M x.o",
            "-C --wcc-ld-dialect gnu x.o",
        ] {
            assert_eq!(dialect(line), Dialect::Gnu, "{line}");
        }
        assert!(choose(&["--wcc-ld-dialect=aix".into()]).is_err());
    }
}
