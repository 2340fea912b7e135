//! Runs the cases: `cargo test -p wcc-tests --test cases [-- FILTER…]`.
//!
//! Arguments: parts of names; `--exact NAME`, `--list`, `--skip PART`, `-j N`, `--keep-going` is always on.
//! Environment: WCC_BIN, a directory with built `wcc`, `wcc++`, `ld.wcc` (default: they are built here);
//! WCC_TEST_JOBS; WCC_TEST_REFERENCE=lld to compare with lld instead of GNU ld.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use wcc_tests::case::{self, Case};
use wcc_tests::run::{self, Verdict};
use wcc_tests::tools::Tools;

struct Args {
    filters: Vec<String>,
    skip: Vec<String>,
    exact: bool,
    list: bool,
    ignored: bool,
    jobs: usize,
}

fn parse() -> Result<Args, String> {
    let jobs = std::env::var("WCC_TEST_JOBS")
        .ok()
        .and_then(|j| j.parse().ok());
    let mut args = Args {
        filters: Vec::new(),
        skip: Vec::new(),
        exact: false,
        list: false,
        ignored: false,
        jobs: jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--exact" => args.exact = true,
            "--list" => args.list = true,
            "--ignored" => args.ignored = true,
            "--skip" => args.skip.push(value()?),
            "-j" | "--test-threads" => {
                args.jobs = value()?.parse().map_err(|_| "a number is needed")?
            }
            "--format" | "--color" | "-Z" => drop(value()?),
            w if w.starts_with('-') => {}
            w => args.filters.push(w.to_string()),
        }
    }
    Ok(args)
}

fn main() -> ExitCode {
    match harness() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("cases: {e}");
            ExitCode::FAILURE
        }
    }
}

fn harness() -> Result<bool, String> {
    let args = parse()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases = case::all(&root)?;
    cases.retain(|c| {
        let wanted = |f: &String| {
            if args.exact {
                c.name == *f
            } else {
                c.name.contains(f.as_str())
            }
        };
        (args.filters.is_empty() || args.filters.iter().any(wanted))
            && !args.skip.iter().any(|s| c.name.contains(s))
    });
    if let Ok(reference) = std::env::var("WCC_TEST_REFERENCE") {
        for c in cases.iter_mut().filter(|c| c.reference == "bfd") {
            c.reference.clone_from(&reference);
        }
    }
    if args.list {
        // The form that cargo-nextest reads; there are no ignored cases.
        for c in cases.iter().filter(|_| !args.ignored) {
            println!("{}: test", c.name);
        }
        return Ok(true);
    }
    if args.ignored {
        println!("\ntest result: ok. 0 passed; 0 failed; 0 ignored");
        return Ok(true);
    }
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases");
    let bin = run::built_commands()?;
    let linkdiff = PathBuf::from(env!("CARGO_BIN_EXE_linkdiff"));
    let tools =
        Tools::new(bin, &scratch, linkdiff).map_err(|e| format!("{}: {e}", scratch.display()))?;
    if tools.compilers.is_empty() {
        return Err("neither gcc and g++ nor clang and clang++ are installed".into());
    }
    if tools.bfd.is_none() {
        println!(
            "GNU ld (ld.bfd, package binutils) is not installed: outputs are checked but compared with nothing"
        );
    }
    if !tools.compilers.iter().any(|c| c.name == "clang") {
        println!("clang is not installed: everything is compiled by gcc only");
    }
    Ok(run_all(&cases, &tools, &scratch, args.jobs))
}

fn run_all(cases: &[Case], tools: &Tools, scratch: &Path, jobs: usize) -> bool {
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Verdict)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, cases.len().max(1)) {
            scope.spawn(|| {
                while let Some((index, case)) = {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(i).map(|c| (i, c))
                } {
                    let verdict = run::run(case, tools, &scratch.join(&case.name));
                    let line = match &verdict {
                        Verdict::Passed => format!("test {} ... ok", case.name),
                        Verdict::Failed(_) => format!("test {} ... FAILED", case.name),
                        Verdict::Skipped(why) => format!("test {} ... skipped: {why}", case.name),
                    };
                    println!("{line}");
                    if let Ok(mut all) = results.lock() {
                        all.push((index, verdict));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|r| r.0);
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    for (index, verdict) in results {
        match verdict {
            Verdict::Passed => passed += 1,
            Verdict::Skipped(_) => skipped += 1,
            Verdict::Failed(text) => failed.push((cases[index].name.as_str(), text)),
        }
    }
    if !failed.is_empty() {
        println!("\nfailures:\n");
        for (name, text) in &failed {
            println!("---- {name} ----\n{text}\n");
        }
        println!("failed cases:");
        for (name, _) in &failed {
            println!("    {name}");
        }
    }
    let result = if failed.is_empty() { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {result}. {passed} passed; {} failed; {skipped} skipped; finished in {:.1}s",
        failed.len(),
        start.elapsed().as_secs_f64()
    );
    failed.is_empty()
}
