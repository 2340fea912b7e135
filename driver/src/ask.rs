//! Asking the delegate for its link line (`-###`), when only it knows what is linked.
//!
//! Both gcc and clang print the commands they would run on stderr, the link last, one a line with a
//! blank in front. The words for the compiler's LTO plugin are taken out: such links never come here.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use crate::ask_cache::Question;
use crate::process;
use crate::response;

/// The words of the delegate's link command, without the linker's name, from the cache when the
/// question was prepared for it. `None` when the delegate does not answer in that form.
pub fn line(argv: &[OsString], question: Option<&Question>) -> Option<Vec<OsString>> {
    if let Some(known) = question.and_then(Question::look_up) {
        return Some(known);
    }
    let answer = ask(argv)?;
    if let Some(q) = question {
        q.keep(&answer);
    }
    Some(answer)
}

fn ask(argv: &[OsString]) -> Option<Vec<OsString>> {
    let mut command = process::command(argv)?;
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let output = command.stderr(Stdio::piped()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    from_answer(&output.stderr)
}

/// The same command without the question.
pub fn without_question(argv: &[OsString]) -> Vec<OsString> {
    argv.iter().filter(|a| *a != "-###").cloned().collect()
}

/// Finds the link in what `-###` printed.
fn from_answer(text: &[u8]) -> Option<Vec<OsString>> {
    let last = text
        .split(|b| *b == b'\n')
        .rfind(|l| l.first() == Some(&b' '))?;
    let mut words = response::split(last).into_iter();
    let program = words.next()?;
    let name = program.as_bytes().rsplit(|b| *b == b'/').next()?;
    // Anything else is a compiler: the command would not have linked.
    let links = name == b"collect2"
        || name.starts_with(b"ld")
        || name.ends_with(b"ld")
        || name.starts_with(b"ld.");
    if !links {
        return None;
    }
    let mut out = Vec::new();
    while let Some(word) = words.next() {
        if word == "-plugin" {
            words.next();
        } else if !is_for_collect2(&word) {
            out.push(word);
        }
    }
    Some(out)
}

/// Words that collect2 reads and no linker does, and those for the plugin.
fn is_for_collect2(word: &OsStr) -> bool {
    let b = word.as_bytes();
    b.starts_with(b"-plugin-opt=")
        || b.starts_with(b"-fuse-ld=")
        || b.starts_with(b"-flto")
        || b == b"-fno-lto"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<Vec<String>> {
        Some(
            from_answer(text.as_bytes())?
                .into_iter()
                .map(|w| w.to_string_lossy().into_owned())
                .collect(),
        )
    }

    #[test]
    fn gccs_answer() {
        let text = "Target: x\nCOLLECT_GCC_OPTIONS='-o' 'x'\n /usr/lib/gcc/collect2 -plugin /p.so \"-plugin-opt=-fresolution=/tmp/x.res\" --build-id \"--hash-style=gnu\" -o x a.o -fno-lto -lc\nCOLLECT_GCC_OPTIONS='-o'\n";
        assert_eq!(
            words(text),
            Some(
                ["--build-id", "--hash-style=gnu", "-o", "x", "a.o", "-lc"]
                    .map(String::from)
                    .to_vec()
            )
        );
    }

    #[test]
    fn clangs_answer() {
        let text = "clang version 19\nInstalledDir: /usr/bin\n \"/usr/bin/ld\" \"-o\" \"a b\" \"x\\\"y.o\"\n";
        assert_eq!(
            words(text),
            Some(["-o", "a b", "x\"y.o"].map(String::from).to_vec())
        );
    }

    #[test]
    fn an_answer_without_a_link_is_none() {
        assert_eq!(words(" \"/usr/lib/cc1\" \"-E\"\n"), None);
        assert_eq!(words("nonsense\n"), None);
    }
}
