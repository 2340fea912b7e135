//! `@FILE` arguments: the file's words take the argument's place (GNU quoting).

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// How many files one command line may pull in; GNU programs have the same limit. It ends loops.
const MAX_FILES: usize = 2000;
/// Bytes of files that were read before.
const MAX_AGAIN: usize = 1 << 20;

/// What response files may pull in, so that small ones cannot multiply without end.
#[derive(Default)]
pub struct Allowance {
    files: usize,
    seen: HashSet<OsString>,
    again: usize,
}

impl Allowance {
    /// Takes note of a file that was read; false where it is one too many.
    pub fn take(&mut self, name: &OsStr, size: usize) -> bool {
        self.files += 1;
        if !self.seen.insert(name.to_os_string()) {
            self.again = self.again.saturating_add(size);
        }
        self.files <= MAX_FILES && self.again <= MAX_AGAIN
    }
}

/// Expands `@FILE` in `args`, recursively. An argument whose file cannot be read stays as it is, as GNU
/// programs do it. Returns None if there was nothing to expand.
pub fn expand(args: &[OsString]) -> Result<Option<Vec<OsString>>, String> {
    let is_file = |arg: &OsString| arg.as_bytes().first() == Some(&b'@');
    if !args.iter().any(is_file) {
        return Ok(None);
    }
    let mut out = Vec::with_capacity(args.len());
    // What is still to be looked at, the next one last.
    let mut pending: Vec<OsString> = args.iter().rev().cloned().collect();
    let mut allowance = Allowance::default();
    while let Some(arg) = pending.pop() {
        let Some(name) = arg.as_bytes().strip_prefix(b"@") else {
            out.push(arg);
            continue;
        };
        match crate::input::whole::read(Path::new(OsStr::from_bytes(name))) {
            Ok(text) => {
                if !allowance.take(&arg, text.len()) {
                    return Err(format!("too many @-files, last {}", arg.display()));
                }
                pending.extend(split_words(&text).into_iter().rev());
            }
            Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => {
                return Err(format!("@-file refers to a directory: {}", arg.display()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                return Err(format!("{}: {error}", arg.display()));
            }
            Err(_) => out.push(arg),
        }
    }
    Ok(Some(out))
}

/// The words of a response file: separated by white space; quotes of both kinds group, and a backslash
/// quotes the next byte, inside quotes as well.
pub fn split_words(text: &[u8]) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote: Option<u8> = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                let word = word.get_or_insert_default();
                word.extend(bytes.next());
            }
            b'\'' | b'"' if quote.is_none() => {
                quote = Some(byte);
                word.get_or_insert_default();
            }
            _ if quote == Some(byte) => quote = None,
            _ if quote.is_none() && (byte.is_ascii_whitespace() || byte == 0x0b) => {
                words.extend(word.take().map(OsString::from_vec));
            }
            _ => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word.map(OsString::from_vec));
    words
}
