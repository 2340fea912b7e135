//! Carrying out a plan: compile in parallel, then link.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use wcc_linker::lto::CompilerHints;

use crate::ask;
use crate::ask_cache::Question;
use crate::linker_choice::Linker;
use crate::plan::{CompileJob, LinkStep, Plan};
use crate::print;
use crate::process::{command, error, exec, name_of, shortened, status};
use crate::signals;
use wcc_linker::jobserver::Limit;

/// Prints what the compiler says of itself under `-v`.
pub fn banner(compiler: &Path) {
    // Only information: a compiler that does not know -v is no reason to stop.
    let _ = Command::new(compiler)
        .arg("-v")
        .stdin(Stdio::null())
        .status();
}

/// Says who links, and with what command line, for `-v`.
fn announce(plan: &Plan, line: &[OsString]) {
    for text in plan.notes.iter().chain([&print::who_links(plan)]) {
        eprintln!("wcc: {text}");
    }
    eprintln!("{}", print::line(line, print::Quote::OnlyProgram));
}

/// Runs the plan; the result is the exit status. With `verbose`, commands are printed as they are
/// run; the embedded linker goes by the path given.
pub fn run(plan: &Plan, verbose: Option<&Path>) -> i32 {
    if let LinkStep::Delegate { argv, linker, .. } = &plan.link {
        if verbose.is_some() {
            announce(plan, argv);
        }
        return match linker {
            None => exec(argv),
            Some(linker) => with_our_linker(argv, linker),
        };
    }
    if let Err(status) = compile(plan, verbose.is_some()) {
        clean(plan);
        return status;
    }
    let status = match &plan.link {
        LinkStep::Line { choice, words } => link(plan, &choice.linker, words, verbose),
        LinkStep::Ask {
            argv,
            choice,
            compiler,
            inputs,
            ..
        } => match ask::line(argv, Question::new(argv, compiler, inputs).as_ref()) {
            Some(words) => link(plan, &choice.linker, &words, verbose),
            // It does not know -###: let it link what is compiled, with our linker under its feet.
            None => with_our_linker(&ask::without_question(argv), &choice.linker),
        },
        LinkStep::Delegate { .. } => 1,
    };
    clean(plan);
    status
}

fn link(plan: &Plan, linker: &Linker, words: &[OsString], verbose: Option<&Path>) -> i32 {
    if let Some(ld_wcc) = verbose {
        announce(plan, &print::linker_command(linker, words, ld_wcc));
    }
    let result = match linker {
        Linker::Embedded => {
            let compiler = CompilerHints {
                watch: Some(signals::install),
                ..plan.compiler.clone()
            };
            wcc_linker::ld_main_for(words, called(plan), compiler)
        }
        Linker::External(path) => {
            let argv = print::linker_command(linker, words, path);
            if plan.temp_dir.is_some() {
                status(&argv)
            } else {
                exec(&argv)
            }
        }
    };
    if result != 0 {
        error(&format!(
            "linker command failed with exit code {result} (use -v to see invocation)"
        ));
    }
    result
}

/// What messages call the temporary objects: by their sources.
fn called(plan: &Plan) -> Vec<(String, String)> {
    let name = |job: &CompileJob| {
        let object = job.object.display().to_string();
        (object, job.source.display().to_string())
    };
    plan.jobs.iter().map(name).collect()
}

fn clean(plan: &Plan) {
    if let Some(dir) = &plan.temp_dir {
        let _ = std::fs::remove_dir_all(dir);
    }
}

/// Runs the delegate with a directory in which `ld` is our linker (or the one asked for).
fn with_our_linker(argv: &[OsString], linker: &Linker) -> i32 {
    let target = match linker {
        Linker::External(path) => path.clone(),
        Linker::Embedded => match std::env::current_exe() {
            Ok(exe) => exe,
            Err(e) => {
                error(&format!("cannot find our own program: {e}"));
                return 1;
            }
        },
    };
    let dir = match tempfile::Builder::new().prefix("wcc-ld-").tempdir() {
        Ok(d) => d,
        Err(e) => {
            error(&format!("cannot make a temporary directory: {e}"));
            return 1;
        }
    };
    signals::install(dir.path().to_path_buf());
    if let Err(e) = std::os::unix::fs::symlink(&target, dir.path().join("ld")) {
        error(&format!("cannot prepare {}: {e}", dir.path().display()));
        return 1;
    }
    let mut prefix = OsString::from("-B");
    prefix.push(dir.path());
    prefix.push("/");
    let mut argv = argv.to_vec();
    argv.push(prefix);
    status(&argv)
}

/// Runs all compile jobs. The error is the exit status: the first failing job's, in command order.
fn compile(plan: &Plan, verbose: bool) -> Result<(), i32> {
    let Some(dir) = &plan.temp_dir else {
        return Ok(());
    };
    if let Err(e) = make_private(dir) {
        error(&format!("cannot make {}: {e}", dir.display()));
        return Err(1);
    }
    signals::install(dir.clone());
    if verbose {
        for job in &plan.jobs {
            eprintln!("{}", print::line(&job.argv, print::Quote::OnlyProgram));
        }
    }
    let statuses = match plan.jobs.as_slice() {
        [job] => vec![status(&job.argv)],
        jobs => parallel(jobs, plan.sequential),
    };
    match statuses.into_iter().find(|s| *s != 0) {
        Some(status) => Err(status),
        None => Ok(()),
    }
}

fn make_private(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(dir)
}

/// A name for the temporary directory that nobody else has. It is made only when the plan runs.
pub fn temp_name(base: &Path) -> PathBuf {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.subsec_nanos());
    base.join(format!("wcc-{}-{now:x}", std::process::id()))
}

/// What a finished job leaves: its status and what it said.
struct Done {
    status: i32,
    said: Vec<u8>,
}

/// Runs jobs side by side. Each job's messages appear together and in the order of the sources.
fn parallel(jobs: &[CompileJob], sequential: bool) -> Vec<i32> {
    let limit = if sequential {
        Limit::One
    } else {
        Limit::from_makeflags(std::env::var_os("MAKEFLAGS").as_deref())
    };
    let workers = match &limit {
        Limit::One | Limit::Closed => 1,
        Limit::Cores(n) => (*n).min(jobs.len()),
        Limit::Tokens(_) => jobs.len(),
    };
    let colour =
        std::io::stderr().is_terminal() && std::env::var_os("TERM").is_some_and(|t| t != "dumb");
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Done>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let ready = Condvar::new();
    let work = |worker: usize| {
        loop {
            let token = match &limit {
                // The first worker runs on the job that make gave us to start with.
                Limit::Tokens(server) if worker > 0 => loop {
                    if next.load(Ordering::Relaxed) >= jobs.len() {
                        return;
                    }
                    if let Some(t) = server.try_take() {
                        break Some((server, t));
                    }
                    std::thread::sleep(Duration::from_millis(5));
                },
                _ => None,
            };
            let n = next.fetch_add(1, Ordering::Relaxed);
            let done = jobs.get(n).map(|job| one(job, colour));
            if let Some((server, t)) = token {
                server.give(t);
            }
            let Some(done) = done else { return };
            if let Some(slot) = results
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_mut(n)
            {
                *slot = Some(done);
            }
            ready.notify_one();
        }
    };
    let work = &work;
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let thread = std::thread::Builder::new();
            if thread.spawn_scoped(scope, move || work(worker)).is_err() {
                // No more threads to be had: those that run do it all, or we do.
                if worker == 0 {
                    work(0);
                }
                break;
            }
        }
        collect(jobs.len(), &results, &ready)
    })
}

/// Prints what the jobs said, each as soon as all before it are done, and gathers their statuses.
fn collect(count: usize, results: &Mutex<Vec<Option<Done>>>, ready: &Condvar) -> Vec<i32> {
    let mut statuses = Vec::with_capacity(count);
    for n in 0..count {
        let mut guard = results.lock().unwrap_or_else(PoisonError::into_inner);
        let done = loop {
            match guard.get_mut(n).and_then(Option::take) {
                Some(d) => break d,
                None => guard = ready.wait(guard).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(guard);
        let _ = std::io::stderr().write_all(&done.said);
        statuses.push(done.status);
    }
    statuses
}

fn one(job: &CompileJob, colour: bool) -> Done {
    let mut argv = job.argv.clone();
    let decided = argv.iter().any(|a| {
        a.as_encoded_bytes().starts_with(b"-fdiagnostics-color")
            || a.as_encoded_bytes().starts_with(b"-fno-diagnostics-color")
            || a == "-fno-color-diagnostics"
            || a == "-fcolor-diagnostics"
    });
    if colour && !decided {
        // The compiler writes to a pipe of ours and cannot see the terminal behind it.
        let at = argv.iter().rposition(|a| a == "-c").unwrap_or(argv.len());
        argv.insert(at, "-fdiagnostics-color=always".into());
    }
    let name = name_of(&argv);
    let (_file, argv) = match shortened(&argv) {
        Ok(Some((file, short))) => (Some(file), short),
        _ => (None, argv),
    };
    let Some(mut command) = command(&argv) else {
        return Done {
            status: 1,
            said: Vec::new(),
        };
    };
    command.stderr(Stdio::piped());
    let mut said = Vec::new();
    let result = signals::spawn(&mut command).and_then(|mut child| {
        if let Some(mut pipe) = child.stderr.take() {
            let _ = std::io::Read::read_to_end(&mut pipe, &mut said);
        }
        signals::wait(&mut child)
    });
    let status = match result {
        Ok(status) => {
            match status.signal() {
                Some(signal) => {
                    said.extend_from_slice(format!("wcc: error: '{name}' was ended by signal {signal} while compiling {}\n", job.source.display()).as_bytes());
                    1
                }
                None => status.code().unwrap_or(1),
            }
        }
        Err(e) => {
            said.extend_from_slice(format!("wcc: error: cannot run '{name}': {e}\n").as_bytes());
            1
        }
    };
    Done { status, said }
}
