//! Response files: `@file` stands for the words in it.
//!
//! GNU quoting: blanks separate, `'...'` and `"..."` group, a backslash keeps the next character
//! (inside both kinds of quotes too, as gcc's libiberty and LLVM read it). Files may name further
//! files; a file that cannot be read leaves the word as it is, as gcc and clang do.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use wcc_linker::options::response::Allowance;

/// Deeper nesting than this is taken for a file that names itself.
const MAX_DEPTH: usize = 32;

/// Replaces every `@file` word by the file's words.
///
/// # Errors
/// A message when files name each other without end.
pub fn expand(args: Vec<OsString>) -> Result<Vec<OsString>, String> {
    if !args.iter().any(|a| a.as_bytes().first() == Some(&b'@')) {
        return Ok(args);
    }
    let mut out = Vec::with_capacity(args.len());
    let mut allowance = Allowance::default();
    for a in args {
        expand_one(a, 0, &mut allowance, &mut out)?;
    }
    Ok(out)
}

fn expand_one(
    arg: OsString,
    depth: usize,
    allowance: &mut Allowance,
    out: &mut Vec<OsString>,
) -> Result<(), String> {
    let Some(name) = arg.as_bytes().strip_prefix(b"@").filter(|n| !n.is_empty()) else {
        out.push(arg);
        return Ok(());
    };
    if depth == MAX_DEPTH {
        return Err(format!(
            "response file '{}' is nested too deeply",
            String::from_utf8_lossy(name)
        ));
    }
    match wcc_linker::input::whole::read(std::ffi::OsStr::from_bytes(name).as_ref()) {
        Ok(text) => {
            if !allowance.take(&arg, text.len()) {
                return Err(format!(
                    "too many response files, last '{}'",
                    String::from_utf8_lossy(name)
                ));
            }
            for word in split(&text) {
                expand_one(word, depth + 1, allowance, out)?;
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            return Err(format!(
                "response file '{}': {error}",
                String::from_utf8_lossy(name)
            ));
        }
        Err(_) => out.push(arg),
    }
    Ok(())
}

/// Splits text into words by GNU quoting.
pub fn split(text: &[u8]) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.iter().copied();
    while let Some(b) = bytes.next() {
        match (quote, b) {
            (_, b'\\') => {
                if let Some(next) = bytes.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            (Some(q), _) if b == q => quote = None,
            (None, b'\'' | b'"') => {
                quote = Some(b);
                word.get_or_insert_default();
            }
            (None, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) => {
                words.extend(word.take().map(OsString::from_vec))
            }
            _ => word.get_or_insert_default().push(b),
        }
    }
    words.extend(word.map(OsString::from_vec));
    words
}

/// Writes words so that [`split`] gives them back.
pub fn quote(words: &[OsString]) -> Vec<u8> {
    let mut out = Vec::new();
    for w in words {
        if w.is_empty() {
            out.extend_from_slice(b"\"\"");
        }
        for &b in w.as_bytes() {
            if matches!(
                b,
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b'\\' | b'\'' | b'"'
            ) {
                out.push(b'\\');
            }
            out.push(b);
        }
        out.push(b'\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        split(text.as_bytes())
            .into_iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn quotes_and_backslashes() {
        assert_eq!(words("a 'b c' \"d e\"\n f\\ g"), ["a", "b c", "d e", "f g"]);
        assert_eq!(words("-D'X=\\'y\\''"), ["-DX='y'"]);
        assert_eq!(words("'' \"\""), ["", ""]);
        assert_eq!(words("C:\\\\x"), ["C:\\x"]);
        assert_eq!(words("   \n"), Vec::<String>::new());
    }

    #[test]
    fn what_is_quoted_comes_back() {
        let given: Vec<OsString> = ["plain", "with space", "q'u\"o", "", "back\\slash"]
            .iter()
            .map(OsString::from)
            .collect();
        assert_eq!(split(&quote(&given)), given);
    }

    #[test]
    fn a_missing_file_stays_a_word() {
        let args = vec![OsString::from("@/nonexistent/file"), OsString::from("@")];
        assert_eq!(expand(args.clone()), Ok(args));
    }
}
