//! `linkdiff --check FILE…` says what is unsound in linked files; `linkdiff REFERENCE OURS` says how two outputs of
//! one link differ in meaning; `linkdiff --expect FILE STATEMENT…` tests statements as cases write them.
//! Exit status: 0 nothing found, 1 something found, 2 the files could not be read.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use wcc_tests::linkdiff::{self, Findings, Image, expect};

const USAGE: &str = "usage: linkdiff REFERENCE OURS | --check FILE… | --expect FILE STATEMENT…";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("linkdiff: {e:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<bool> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--check", files @ ..] if !files.is_empty() => {
            let mut ok = true;
            for file in files {
                ok &= print(file, &linkdiff::check(&Image::open(Path::new(file))?));
            }
            Ok(ok)
        }
        ["--expect", file, statements @ ..] if !statements.is_empty() => {
            let image = Image::open(Path::new(file))?;
            let mut ok = true;
            for s in statements {
                if let Err(e) = expect::test(&image, s) {
                    println!("{file}: {e}");
                    ok = false;
                }
            }
            Ok(ok)
        }
        [reference, ours] if !reference.starts_with('-') => {
            let (a, b) = (
                Image::open(Path::new(reference))?,
                Image::open(Path::new(ours))?,
            );
            Ok(print(ours, &linkdiff::compare(&a, &b)))
        }
        _ => anyhow::bail!(USAGE),
    }
}

fn print(file: &str, found: &Findings) -> bool {
    for f in &found.0 {
        println!("{file}: {f}");
    }
    found.0.is_empty()
}
