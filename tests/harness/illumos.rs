//! Runs the cases for illumos: `cargo test -p wcc-tests --test illumos [-- PART-OF-NAME…]`.
//!
//! Environment: WCC_BIN, a directory with built `wcc`, `wcc++`, `ld.wcc` (default: they are built here).

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wcc_tests::case;
use wcc_tests::illumos::Model;
use wcc_tests::run::{Verdict, built_commands};
use wcc_tests::tools::Tools;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("illumos: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let filters: Vec<String> = std::env::args()
        .skip(1)
        .filter(|w| !w.starts_with('-'))
        .collect();
    let list = std::env::args().any(|w| w == "--list");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("illumos");
    let mut cases = case::all(&root)?;
    cases.retain(|c| c.name.starts_with("cases/"));
    cases.retain(|c| filters.is_empty() || filters.iter().any(|f| c.name.contains(f.as_str())));
    if list {
        for c in &cases {
            println!("{}: test", c.name);
        }
        return Ok(true);
    }
    if !(cfg!(target_os = "linux") && cfg!(target_arch = "x86_64")) {
        println!("skipped: the loader model runs on x86-64 Linux");
        return Ok(true);
    }
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("illumos");
    std::fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let bin = built_commands()?;
    let linkdiff = PathBuf::from(env!("CARGO_BIN_EXE_linkdiff"));
    let tools = Tools::new(bin, &scratch, linkdiff).map_err(|e| e.to_string())?;
    if tools.bfd.is_none() {
        println!("skipped: GNU ld (ld.bfd, package binutils) is needed to build the sysroot");
        return Ok(true);
    }
    let model = Model::new(tools, &scratch)?;
    for text in model.lacks() {
        println!("{text}");
    }
    let (mut passed, mut skipped, mut failed) = (0, 0, Vec::new());
    for case in &cases {
        match model.run(case, &scratch.join(&case.name)) {
            Verdict::Passed => {
                passed += 1;
                println!("test {} ... ok", case.name);
            }
            Verdict::Skipped(why) => {
                skipped += 1;
                println!("test {} ... skipped: {why}", case.name);
            }
            Verdict::Failed(text) => {
                println!("test {} ... FAILED\n{text}", case.name);
                failed.push(&case.name);
            }
        }
    }
    for name in &failed {
        println!("failed: {name}");
    }
    println!(
        "\ntest result: {}. {passed} passed; {} failed; {skipped} skipped",
        if failed.is_empty() { "ok" } else { "FAILED" },
        failed.len()
    );
    Ok(failed.is_empty())
}
