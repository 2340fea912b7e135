//! Starting other programs: becoming one, or running one and waiting for it.
//!
//! A command that is too long for the kernel goes through a response file, which every compiler and
//! linker we run can read.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus};

use tempfile::NamedTempFile;

use crate::signals;

/// Counts how deep wcc runs inside wcc, so that a compiler that calls us back is an error and not a
/// machine full of processes.
pub const DEPTH: &str = "WCC_DEPTH";
const MAX_DEPTH: u32 = 8;

/// Prints a message in the compilers' form.
pub fn error(text: &str) {
    eprintln!("wcc: error: {text}");
}

/// The command, counting how deep we are.
pub fn command(argv: &[OsString]) -> Option<Command> {
    let (program, args) = argv.split_first()?;
    let mut c = Command::new(program);
    c.args(args).env(DEPTH, (depth() + 1).to_string());
    Some(c)
}

fn depth() -> u32 {
    std::env::var(DEPTH)
        .ok()
        .and_then(|d| d.parse().ok())
        .unwrap_or(0)
}

/// Whether we are called by a compiler that we call.
///
/// # Errors
/// A message when the nesting can only be a loop.
pub fn check_depth(delegate: &Path) -> Result<(), String> {
    if depth() >= MAX_DEPTH {
        return Err(format!(
            "{} calls wcc again; set WCC_CC to a real compiler",
            delegate.display()
        ));
    }
    Ok(())
}

/// Becomes another program. Returns only when that fails, or when the command had to be shortened and
/// the program was waited for, with the status to exit with.
pub fn exec(argv: &[OsString]) -> i32 {
    match shortened(argv) {
        Ok(None) => {}
        Ok(Some(_)) => return status(argv),
        Err(e) => return no_response_file(&e),
    }
    let Some(mut c) = command(argv) else { return 1 };
    let e = c.exec();
    error(&format!("cannot run '{}': {e}", name_of(argv)));
    1
}

/// Runs a program and waits: its status, 1 when a signal ended it or it could not be started.
pub fn status(argv: &[OsString]) -> i32 {
    let short = match shortened(argv) {
        Ok(s) => s,
        Err(e) => return no_response_file(&e),
    };
    let words = short.as_ref().map_or(argv, |(_, words)| words);
    let name = name_of(argv);
    let result = command(words)
        .map(|mut c| signals::spawn(&mut c).and_then(|mut child| signals::wait(&mut child)));
    match result {
        Some(Ok(status)) => status_of(status, &name),
        Some(Err(e)) => {
            error(&format!("cannot run '{name}': {e}"));
            1
        }
        None => 1,
    }
}

/// The program's name, for messages.
pub fn name_of(argv: &[OsString]) -> String {
    argv.first()
        .map(|n| n.display().to_string())
        .unwrap_or_default()
}

fn no_response_file(e: &std::io::Error) -> i32 {
    error(&format!("cannot write a response file: {e}"));
    1
}

fn status_of(status: ExitStatus, name: &str) -> i32 {
    match (status.code(), status.signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => {
            error(&format!("'{name}' was ended by signal {signal}"));
            1
        }
        (None, None) => 1,
    }
}

/// Above this length of all arguments together the words go through a response file (the kernel
/// takes a quarter of the stack limit, usually 2 MiB).
const LONG_LINE: usize = 1 << 20;
/// Above this length of one argument likewise (the kernel's MAX_ARG_STRLEN).
const LONG_WORD: usize = 128 << 10;

/// A command too long for the kernel as one that reads its words from a file, which lives as long as
/// the returned handle. `None`: it is short enough.
///
/// # Errors
/// When the file cannot be written.
pub fn shortened(argv: &[OsString]) -> std::io::Result<Option<(NamedTempFile, Vec<OsString>)>> {
    let length: usize = argv.iter().map(|w| w.len() + 9).sum();
    if length <= LONG_LINE && argv.iter().all(|w| w.len() < LONG_WORD) {
        return Ok(None);
    }
    // Launcher and compiler stay in front; options follow.
    let is_option = |w: &OsString| w.as_encoded_bytes().starts_with(b"-");
    let lead = argv.iter().position(is_option).unwrap_or(1).max(1);
    let (programs, words) = argv.split_at(lead.min(argv.len()));
    let mut file = tempfile::Builder::new().prefix("wcc-").tempfile()?;
    file.write_all(&crate::response::quote(words))?;
    let mut word = OsString::from("@");
    word.push(file.path());
    let mut short = programs.to_vec();
    short.push(word);
    Ok(Some((file, short)))
}

/// The directory for temporary files.
pub fn temp_base(tmpdir: Option<&OsStr>) -> std::path::PathBuf {
    match tmpdir {
        Some(d) if Path::new(d).is_dir() => d.into(),
        _ => "/tmp".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_commands_go_through_a_file() {
        let mut argv: Vec<OsString> = ["ccache", "gcc", "-c"].iter().map(OsString::from).collect();
        assert!(shortened(&argv).expect("short").is_none());
        argv.extend((0..100_000).map(|i| OsString::from(format!("-DM{i}=a b"))));
        let (file, short) = shortened(&argv).expect("file").expect("long");
        assert_eq!(short.len(), 3);
        let back = crate::response::split(&std::fs::read(file.path()).expect("read"));
        assert_eq!(back.len() + 2, argv.len());
        assert_eq!(back.last(), argv.last());
    }
}
