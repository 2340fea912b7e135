//! Commands as text: `-###` and `-v`.
//!
//! `-###` quotes every word, so that a shell can run the line. `-v` quotes nothing but what would
//! fall apart: libtool and CMake split the line at blanks and look for ` -L` and ` -l` in it.

use std::ffi::{OsStr, OsString};

use crate::linker_choice::Linker;
use crate::plan::{LinkStep, Plan};
use std::path::Path;

/// How words are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    Every,
    /// Words are written as they are, except those with blanks in them.
    OnlyProgram,
}

/// One command on one line, with a blank before it as compilers print it.
pub fn line(argv: &[OsString], quote: Quote) -> String {
    let mut out = String::new();
    for word in argv {
        out.push(' ');
        push_word(&mut out, word, quote);
    }
    out
}

fn push_word(out: &mut String, word: &OsStr, quote: Quote) {
    let text = word.to_string_lossy();
    let blank = text.is_empty() || text.contains([' ', '\t', '\n', '"', '\\', '$']);
    if quote == Quote::OnlyProgram && !blank {
        out.push_str(&text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
}

/// A linker's command line; the embedded linker goes by the name of `ld.wcc`.
pub fn linker_command(linker: &Linker, words: &[OsString], ld_wcc: &Path) -> Vec<OsString> {
    let program = match linker {
        Linker::Embedded => ld_wcc,
        Linker::External(path) => path,
    };
    let mut all = vec![program.as_os_str().to_os_string()];
    all.extend_from_slice(words);
    all
}

/// The link step's command line.
pub fn link_command(plan: &Plan, ld_wcc: &Path) -> Vec<OsString> {
    match &plan.link {
        LinkStep::Line { choice, words } => linker_command(&choice.linker, words, ld_wcc),
        LinkStep::Ask { argv, .. } | LinkStep::Delegate { argv, .. } => argv.clone(),
    }
}

/// Who links and why, for `-v`.
pub fn who_links(plan: &Plan) -> String {
    let by = |linker: &Linker| match linker {
        Linker::Embedded => "linking with the embedded linker".to_string(),
        Linker::External(path) => format!("linking with {}", path.display()),
    };
    match &plan.link {
        LinkStep::Line { choice, .. } => by(&choice.linker),
        LinkStep::Ask { choice, reason, .. } => {
            format!(
                "{reason}: asked the compiler for its link line; {}",
                by(&choice.linker)
            )
        }
        LinkStep::Delegate {
            linker: Some(Linker::Embedded),
            reason,
            ..
        } => format!("{reason}: the compiler runs, the embedded linker links"),
        LinkStep::Delegate {
            linker: Some(Linker::External(p)),
            reason,
            ..
        } => format!("{reason}: the compiler runs, {} links", p.display()),
        LinkStep::Delegate {
            linker: None,
            reason,
            ..
        } => format!("{reason}: the compiler links with its own linker"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        let words: Vec<OsString> = ["ld", "-L/x", "a b", "q\"$"]
            .iter()
            .map(OsString::from)
            .collect();
        assert_eq!(line(&words, Quote::Every), r#" "ld" "-L/x" "a b" "q\"\$""#);
        assert_eq!(
            line(&words, Quote::OnlyProgram),
            r#" ld -L/x "a b" "q\"\$""#
        );
    }
}
