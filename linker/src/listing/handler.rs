//! `--error-handling-script`: a program of the user's that is told of a symbol or library that was not found, and may
//! print where it comes from. GNU ld manual, "--error-handling-script": its arguments are the kind of error and the name.

use std::process::Command;

use crate::options::Options;
use crate::report::Report;

/// Runs the script, if there is one, and waits for it; it writes to our own output.
pub fn run(kind: &str, name: &str, opts: &Options, report: &Report) {
    let Some(script) = &opts.error_handling_script else {
        return;
    };
    match Command::new(script).arg(kind).arg(name).status() {
        Ok(status) if status.success() => {}
        Ok(status) => report.warn(format!(
            "error handling script {} failed: {status}",
            script.display()
        )),
        Err(e) => report.warn(format!(
            "cannot run error handling script {}: {}",
            script.display(),
            crate::plain(&e)
        )),
    }
}
