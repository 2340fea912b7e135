//! `--dependency-file`: the files a link has read, as a rule for make. CMake and Ninja read it to know when to link again.
//!
//! As in GNU ld, every input is also a target without prerequisites, so that make does not fail when one is removed.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

/// Writes the rule for `output` to `file`.
pub fn write(file: &Path, output: &Path, inputs: &[PathBuf]) -> io::Result<()> {
    std::fs::write(file, text(output, inputs))
}

fn text(output: &Path, inputs: &[PathBuf]) -> Vec<u8> {
    let mut seen = HashSet::new();
    let inputs: Vec<Vec<u8>> = inputs
        .iter()
        .filter(|path| seen.insert(path.as_path()))
        .map(|path| quote(path))
        .collect();
    let mut text = quote(output);
    text.push(b':');
    for input in &inputs {
        text.extend_from_slice(b" \\\n  ");
        text.extend_from_slice(input);
    }
    text.push(b'\n');
    for input in &inputs {
        text.push(b'\n');
        text.extend_from_slice(input);
        text.extend_from_slice(b":\n");
    }
    text
}

/// A name as make reads it: a backslash before blanks and `#`, `$` doubled.
fn quote(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    let mut out = Vec::new();
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b' ' | b'\t' | b'#' => out.extend_from_slice(&[b'\\', byte]),
            b'$' => out.extend_from_slice(b"$$"),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_prerequisites_and_empty_targets_once_each() {
        let inputs = ["a.o", "b c.o", "a.o", "d$.a"].map(PathBuf::from);
        let want = "out: \\\n  a.o \\\n  b\\ c.o \\\n  d$$.a\n\na.o:\n\nb\\ c.o:\n\nd$$.a:\n";
        assert_eq!(text(Path::new("out"), &inputs), want.as_bytes());
    }
}
