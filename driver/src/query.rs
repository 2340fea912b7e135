//! Questions: `--version`, `-dumpmachine`, `-print-...`.
//!
//! Build systems recognise a compiler by the text of its answers, so the delegate gives them, byte
//! for byte. The exception is the linker's name: whoever asks for `ld` gets ours, which answers
//! `-v` and `--help` as GNU ld does.

use std::ffi::{OsStr, OsString};
use std::io::Write;

use crate::compiler::Delegate;
use crate::host::Host;
use crate::invocation::{Arg, Invocation};
use crate::options::{self, Id};
use crate::plan::passthrough;
use crate::process;

/// Answers the question `arg`; the result is the exit status.
pub fn answer(host: &Host, inv: &Invocation, delegate: &Delegate, arg: &Arg) -> i32 {
    if arg.id() == Id::PrintProgName && arg.value == "ld" {
        return say(format!("{}\n", host.ld_wcc().display()).as_bytes());
    }
    let argv: Vec<OsString> = passthrough(host, inv, delegate, false);
    if arg.id() == Id::Help {
        let status = process::status(&argv);
        say(b"\nwcc's own options: --wcc-help, or man wcc.\n");
        return status;
    }
    process::exec(&argv)
}

/// `--wcc-help`.
pub fn help() -> i32 {
    say(options::help_text().as_bytes())
}

/// `--wcc-man`.
pub fn man() -> i32 {
    say(options::man_page().as_bytes())
}

/// `--wcc-completion=`.
///
/// # Errors
/// When the shell is not one of those known.
pub fn completion(shell: &OsStr) -> Result<i32, String> {
    match options::completion(&shell.to_string_lossy()) {
        Some(script) => Ok(say(script.as_bytes())),
        None => Err(format!(
            "--wcc-completion={}: the shells are bash, zsh and fish",
            shell.display()
        )),
    }
}

fn say(text: &[u8]) -> i32 {
    match std::io::stdout().write_all(text) {
        Ok(()) => 0,
        Err(_) => 1,
    }
}
