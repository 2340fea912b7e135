//! The command `ld.wcc`: from its arguments to its exit status. Nothing of the linker itself is here.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};

use wcc_targets::Dialect;

use crate::lto::CompilerHints;
use crate::options::{InputArg, Parsed, parse_gnu};
use crate::report::Report;
use crate::trace::Trace;
use crate::{faults, link, plain, verify};

/// Whether messages go to a terminal that shows colours (`NO_COLOR`: see no-color.org).
fn stderr_has_colours() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && std::env::var_os("TERM").is_some_and(|t| t != "dumb")
}

/// Runs `ld.wcc` on its arguments (without the program's name): prints what it has to say and
/// returns the exit status. `compiler`: what is known of the compiler that made the objects.
pub fn ld_main(args: &[OsString], compiler: CompilerHints) -> i32 {
    ld_main_for(args, Vec::new(), compiler)
}

/// The same for a compiler command: `called` has the sources of temporary objects, for messages.
pub fn ld_main_for(
    args: &[OsString],
    called: Vec<(String, String)>,
    compiler: CompilerHints,
) -> i32 {
    let program = "ld.wcc";
    faults::install();
    let mut opts = match parse_gnu(program, args) {
        Ok(Parsed::Print { stdout, status }) => {
            return if std::io::stdout().write_all(stdout.as_bytes()).is_ok() {
                status
            } else {
                1
            };
        }
        Ok(Parsed::Link(opts)) => opts,
        Err(errors) => {
            for e in errors {
                eprintln!("{program}: error: {e}");
            }
            return 1;
        }
    };
    opts.compiler = compiler;
    let said = match opts.dialect {
        Dialect::Gnu => std::io::stdout().write_all(opts.banner.as_bytes()),
        Dialect::Solaris => std::io::stderr().write_all(opts.banner.as_bytes()),
    };
    if said.is_err() {
        return 1;
    }
    if let Some(platform) = &opts.verify_load {
        return verify_files(program, platform, &opts.inputs);
    }
    opts.called = called;
    opts.color.get_or_insert_with(stderr_has_colours);
    let report = Report::new(&opts);
    for w in &opts.parse_warnings {
        report.warn(w.clone());
    }
    let trace = Trace::new(&opts);
    let result = link(&opts, &report, &trace);
    if opts.stats {
        let _ = std::io::stderr().write_all(trace.stats().as_bytes());
    }
    if let Some(path) = &opts.time_trace
        && let Err(e) = trace.write(path)
    {
        report.warn(format!("cannot write {}: {}", path.display(), plain(&e)));
    }
    let text = report.take_text();
    if !text.is_empty() {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    i32::from(result.is_err())
}

/// `--verify-load`: no link, an answer.
fn verify_files(program: &str, platform: &str, inputs: &[InputArg]) -> i32 {
    match verify::command::run(platform, inputs) {
        Ok(answer) => {
            let printed = std::io::stdout().write_all(answer.text.as_bytes());
            i32::from(!answer.ok || printed.is_err())
        }
        Err(e) => {
            eprintln!("{program}: error: {e}");
            1
        }
    }
}
