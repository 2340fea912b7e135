//! Whether the compiler takes the options of a command that only links, and what it has to say about them.
//!
//! It is asked with `-###`, as for its link line ([`crate::ask`]), but about the options alone, so that one answer serves
//! all links of a project. Only its messages count: a compiler that answers in another form has refused nothing.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use crate::ask_cache::Question;
use crate::process;

/// Says what the compiler says, in our name: whether there was no error.
pub fn accepted(argv: &[OsString], compiler: &Path) -> bool {
    let question = Question::of_no_place(argv, compiler);
    let kept = question.as_ref().and_then(Question::look_up);
    let lines = match kept {
        Some(lines) => lines,
        None => {
            let Some(said) = ask(argv) else { return true };
            let lines = messages(&said);
            if let Some(q) = &question {
                q.keep(&lines);
            }
            lines
        }
    };
    let lines = lines.iter().map(|l| l.to_string_lossy());
    let mut good = true;
    for line in lines {
        eprintln!("wcc: {line}");
        good &= !is_error(&line);
    }
    good
}

fn ask(argv: &[OsString]) -> Option<Vec<u8>> {
    let mut command = process::command(argv)?;
    command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    Some(command.stderr(Stdio::piped()).output().ok()?.stderr)
}

/// The messages in what `-###` printed (`gcc: error: …`), without the compiler's name.
fn messages(said: &[u8]) -> Vec<OsString> {
    let text = String::from_utf8_lossy(said);
    let message = |line: &str| {
        let (_, message) = line.split_once(": ")?;
        let kinds = ["error: ", "fatal error: ", "warning: ", "note: "];
        kinds
            .iter()
            .any(|k| message.starts_with(k))
            .then(|| message.into())
    };
    text.lines().filter_map(message).collect()
}

fn is_error(line: &str) -> bool {
    line.starts_with("error: ") || line.starts_with("fatal error: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_from_the_commands() {
        let said = b"Target: x86_64-linux-gnu\ngcc: error: unrecognized command-line option '-fnosuch'\nclang-19: warning: argument unused: '-a: b' [-Wunused]\n /usr/bin/ld -o \"warning: \" -lc\nCOLLECT_GCC_OPTIONS='-v'\n";
        assert_eq!(
            messages(said),
            [
                "error: unrecognized command-line option '-fnosuch'",
                "warning: argument unused: '-a: b' [-Wunused]"
            ]
        );
        assert!(is_error("error: x") && !is_error("warning: error: x"));
    }
}
