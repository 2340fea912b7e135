//! Recognising inputs that hold a compiler's intermediate code instead of machine code.
//!
//! Looked for only after a link failed: gcc hands its LTO plugin to every link, so objects made with
//! `-flto` link there without the option, and are to link here too.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use memchr::memmem;

/// LLVM bitcode, and the wrapper some tools put around it.
const BITCODE: [&[u8]; 2] = [b"BC\xc0\xde", b"\xde\xc0\x17\x0b"];
/// Sections of GCC's LTO objects are named so; `__gnu_lto_slim` marks those without machine code.
const GCC_LTO: &[u8] = b".gnu.lto_";

/// Whether any object or archive among a link's words holds intermediate code.
pub fn in_words(words: &[OsString]) -> bool {
    words
        .iter()
        .filter(|w| w.as_bytes().first() != Some(&b'-'))
        .any(|w| in_file(Path::new(w)))
}

fn in_file(path: &Path) -> bool {
    let suffix = path.extension().map(OsStrExt::as_bytes);
    if !matches!(suffix, Some(b"o" | b"a" | b"lo" | b"rlib" | b"obj")) {
        return false;
    }
    let Ok(bytes) = std::fs::read(path) else {
        return false;
    };
    BITCODE.iter().any(|magic| bytes.starts_with(magic))
        || (bytes.starts_with(b"\x7fELF") && memmem::find(&bytes, GCC_LTO).is_some())
        || (bytes.starts_with(b"!<arch>") && in_archive(&bytes))
}

fn in_archive(bytes: &[u8]) -> bool {
    memmem::find(bytes, GCC_LTO).is_some()
        || BITCODE
            .iter()
            .any(|magic| memmem::find(bytes, magic).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bitcode_and_gimple_are_recognised() {
        let dir = tempfile::tempdir().expect("dir");
        let file = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).expect("write");
            path.into_os_string()
        };
        let plain = file("plain.o", b"\x7fELF.text");
        let bitcode = file("bc.o", b"BC\xc0\xde rest");
        let gimple = file("g.o", b"\x7fELF \0.gnu.lto_main.1\0");
        let archive = file("l.a", b"!<arch>\n ... \0.gnu.lto_.decls\0");
        assert!(!in_words(&[
            plain.clone(),
            "-lbc.o".into(),
            "/none.o".into()
        ]));
        for w in [bitcode, gimple, archive] {
            assert!(in_words(&[plain.clone(), w]));
        }
    }
}
