//! Does one case: compiles it with each compiler, links it in each way, runs and compares what came out.
//!
//! Objects are made once per compiler and variant; each way of linking gets its own directory with copies of them,
//! so that all command lines are relative and outputs of the same linker can be compared byte by byte.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::case::{Case, Step, Variant};
use crate::linkdiff::{self, Image, expect};
use crate::tools::{Compiler, Outcome, Run, Tools};

/// How one case went.
pub enum Verdict {
    Passed,
    Failed(String),
    Skipped(String),
}

const COMPILE_LIMIT: Duration = Duration::from_secs(120);
const LINK_LIMIT: Duration = Duration::from_secs(60);
const RUN_LIMIT: Duration = Duration::from_secs(20);
const SCRIPT_LIMIT: Duration = Duration::from_secs(120);

/// Who links, and how it is asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The reference linker, called by the compiler.
    Reference,
    /// `wcc` from objects to program.
    Driver,
    /// The compiler's driver calling `ld.wcc --threads=N`.
    Compiler(u8),
}

impl Way {
    fn dir(self) -> String {
        match self {
            Way::Reference => "reference".into(),
            Way::Driver => "wcc".into(),
            Way::Compiler(n) => format!("as-ld-{n}"),
        }
    }
}

/// `work` is the case's own scratch directory; it is removed again when the case passed.
pub fn run(case: &Case, tools: &Tools, work: &Path) -> Verdict {
    for need in &case.needs {
        if let Err(reason) = tools.need(need) {
            return Verdict::Skipped(reason);
        }
    }
    let _ = std::fs::remove_dir_all(work);
    let result = if case.is_script() {
        script(case, tools, work)
    } else {
        all_variants(case, tools, work)
    };
    match result {
        Ok(None) => {
            let _ = std::fs::remove_dir_all(work);
            Verdict::Passed
        }
        Ok(Some(reason)) => Verdict::Skipped(reason),
        Err(text) => Verdict::Failed(text),
    }
}

/// What every script case finds ready. `! command` does not stop a script under `-e`, hence `must_fail`. `grep -q` ends at the
/// first match, and what still writes to it would die of SIGPIPE, which counts under `pipefail`: so it reads on.
pub const PRELUDE: &str = r#"
trap 'echo "failed: line $LINENO: $BASH_COMMAND" >&2' ERR
must_fail() { if "$@"; then echo "must fail: $*"; exit 1; fi; }
grep() { command grep "$@"; local found=$?; if [ -p /dev/stdin ]; then cat >/dev/null; fi; return $found; }
. "$1"
"#;

/// A bash script judges by its exit status; 77 means skipped, the last line of its output says why.
fn script(case: &Case, tools: &Tools, work: &Path) -> Result<Option<String>, String> {
    std::fs::create_dir_all(work).map_err(|e| e.to_string())?;
    let path = std::fs::canonicalize(&case.path).map_err(|e| e.to_string())?;
    let compiler = tools.compilers.first().ok_or("no compiler")?;
    let mut args: Vec<String> = ["-eEu", "-o", "pipefail", "-c", PRELUDE, "case"]
        .map(String::from)
        .to_vec();
    args.push(path.display().to_string());
    let mut run = Run::new(Path::new("bash"), args, work);
    for (key, value) in [
        ("WCC", tools.bin.join("wcc")),
        ("WCCXX", tools.bin.join("wcc++")),
        ("LD", tools.bin.join("ld.wcc")),
        ("AS_LD", tools.as_ld.clone()),
        ("LINKDIFF", tools.linkdiff.clone()),
        ("CC", compiler.cc.clone()),
        ("CXX", compiler.cxx.clone()),
    ] {
        run = run.env(key, value.display().to_string());
    }
    run.limit = SCRIPT_LIMIT;
    let outcome = run.run();
    match outcome.code {
        Some(0) => Ok(None),
        Some(77) => {
            let reason = outcome.stdout.lines().last().unwrap_or("it says no reason");
            Ok(Some(reason.to_string()))
        }
        _ => Err(outcome.report()),
    }
}

fn all_variants(case: &Case, tools: &Tools, work: &Path) -> Result<Option<String>, String> {
    let mut errors = String::new();
    let mut done = 0;
    for compiler in &tools.compilers {
        if !case.compilers.iter().any(|c| c == compiler.name) {
            continue;
        }
        for variant in &case.variants {
            done += 1;
            let title = format!(
                "{}{}{}",
                compiler.name,
                if variant.name.is_empty() { "" } else { "-" },
                variant.name
            );
            let one = One {
                case,
                tools,
                compiler,
                variant,
                work: work.join(&title),
            };
            if let Err(e) = one.run() {
                let _ = writeln!(errors, "[{title}] {e}");
            }
        }
    }
    if done == 0 {
        return Ok(Some(format!(
            "none of its compilers ({}) is installed",
            case.compilers.join(", ")
        )));
    }
    if errors.is_empty() {
        Ok(None)
    } else {
        Err(errors)
    }
}

/// One case with one compiler in one variant.
struct One<'a> {
    case: &'a Case,
    tools: &'a Tools,
    compiler: &'a Compiler,
    variant: &'a Variant,
    work: PathBuf,
}

impl One<'_> {
    fn run(&self) -> Result<(), String> {
        let objects = self.work.join("objects");
        self.compile(&objects)?;
        let reference = match self.reference() {
            Some(_) => Some(self.link_and_judge(Way::Reference, &objects)?),
            None => None,
        };
        let mut errors = Vec::new();
        let mut dirs = Vec::new();
        let ways: &[Way] = if self.case.direct {
            &[Way::Compiler(1), Way::Compiler(3)]
        } else {
            &[Way::Driver, Way::Compiler(1), Way::Compiler(3)]
        };
        for way in ways {
            match self.link_and_judge(*way, &objects) {
                Ok(dir) => dirs.push((*way, dir)),
                Err(e) => errors.push(format!("{}: {e}", way.dir())),
            }
        }
        if self.case.fail.is_empty() {
            self.compare_outputs(reference.as_deref(), &dirs, &mut errors);
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("\n"))
        }
    }

    fn reference(&self) -> Option<&Path> {
        match self.case.reference.as_str() {
            "bfd" => self.tools.bfd.as_deref(),
            "lld" => self.tools.lld.as_deref(),
            _ => None,
        }
    }

    fn compile(&self, dir: &Path) -> Result<(), String> {
        std::fs::create_dir_all(dir).map_err(|e| e.to_string())?;
        for file in &self.case.files {
            let at = dir.join(&file.name);
            if let Some(parent) = at.parent() {
                std::fs::create_dir_all(parent).map_err(|e| e.to_string())?;
            }
            std::fs::write(&at, &file.text).map_err(|e| e.to_string())?;
            if !file.is_source() {
                continue;
            }
            // Assembler files are always GNU as's: its syntax is the wider one.
            let gcc = self.tools.compilers.iter().find(|c| c.name == "gcc");
            let compiler = match gcc {
                Some(gcc) if file.name.ends_with(".s") => gcc,
                _ => self.compiler,
            };
            let program = if file.name.ends_with(".cc") {
                &compiler.cxx
            } else {
                &compiler.cc
            };
            let mut args: Vec<String> =
                vec!["-c".into(), file.name.clone(), "-o".into(), file.object()];
            if !file.name.ends_with(".s") {
                args.extend(["-O1".into(), "-w".into()]);
                args.extend(self.case.cflags.iter().cloned());
                args.extend(self.variant.cflags.iter().cloned());
            }
            args.extend(file.flags.iter().cloned());
            let mut run = Run::new(program, args, dir);
            run.limit = COMPILE_LIMIT;
            let outcome = run.run();
            if !outcome.ok() {
                return Err(format!("does not compile\n{}", outcome.report()));
            }
        }
        for step in &self.case.steps {
            let outcome = match step {
                Step::Shell(command) => {
                    let args = vec!["-ec".into(), command.clone()];
                    Run::new(Path::new("/bin/sh"), args, dir)
                        .env("CC", self.compiler.cc.display().to_string())
                        .run()
                }
                Step::Archive(words) => {
                    let mut args = words.clone();
                    match args.first_mut() {
                        Some(first) if first.starts_with('-') => {}
                        _ => args.insert(0, "rcs".into()),
                    }
                    Run::new(Path::new("ar"), args, dir).run()
                }
                Step::Link { .. } => continue,
            };
            if !outcome.ok() {
                return Err(outcome.report());
            }
        }
        Ok(())
    }

    /// Links in its own copy of the objects, runs the result, tests the expectations; returns the directory.
    fn link_and_judge(&self, way: Way, objects: &Path) -> Result<PathBuf, String> {
        let dir = self.work.join(way.dir());
        copy_tree(objects, &dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        for step in &self.case.steps {
            if let Step::Link {
                output,
                args,
                direct,
            } = step
            {
                let outcome = self.link(way, &dir, output, args, *direct);
                if !outcome.ok() {
                    return Err(format!("{output} does not link\n{}", outcome.report()));
                }
            }
        }
        let mut args = match &self.case.link {
            Some(args) => args.clone(),
            None => self.case.unused_objects(),
        };
        args.extend(self.case.args.iter().cloned());
        args.extend(self.variant.link.iter().cloned());
        let outcome = self.link(way, &dir, "out", &args, self.case.direct);
        self.judge_link(way, &dir, &outcome)?;
        if !self.case.fail.is_empty() {
            return Ok(dir);
        }
        // The three-thread output is byte for byte the one-thread output, or the case fails anyway.
        if way == Way::Compiler(3) {
            return Ok(dir);
        }
        self.judge_files(way, &dir)
            .map_err(|e| format!("{e}\n$ {}", outcome.line))?;
        if self.case.run {
            self.execute(&dir)
                .map_err(|e| format!("{e}  linked by: {}", outcome.line))?;
        }
        for command in &self.case.after {
            let ld = match way {
                Way::Reference => self.reference().unwrap_or(Path::new("ld")).to_path_buf(),
                _ => self.tools.bin.join("ld.wcc"),
            };
            let outcome = Run::new(
                Path::new("/bin/sh"),
                vec!["-ec".into(), command.clone()],
                &dir,
            )
            .env("OUT", "./out")
            .env("LD", ld.display().to_string())
            .env("LINKDIFF", self.tools.linkdiff.display().to_string())
            .run();
            if !outcome.ok() {
                return Err(outcome.report());
            }
        }
        Ok(dir)
    }

    fn link(&self, way: Way, dir: &Path, output: &str, args: &[String], direct: bool) -> Outcome {
        let mut all: Vec<String> = vec!["-o".into(), output.into()];
        all.extend(args.iter().cloned());
        let cxx = self.case.cxx();
        let compiler = if cxx {
            &self.compiler.cxx
        } else {
            &self.compiler.cc
        };
        let wcc = self.tools.bin.join(if cxx { "wcc++" } else { "wcc" });
        let ld_wcc = self.tools.bin.join("ld.wcc");
        let reference = self.reference().unwrap_or(Path::new("ld")).to_path_buf();
        let mut program = compiler.clone();
        match (way, direct) {
            (Way::Reference, true) => program = reference,
            (Way::Reference, false) => {
                // The right linker under the name that every driver looks for.
                let as_ld = self.work.join("reference-ld");
                let _ = std::fs::create_dir_all(&as_ld);
                let _ = std::os::unix::fs::symlink(&reference, as_ld.join("ld"));
                all.insert(0, format!("-B{}", as_ld.display()));
            }
            (Way::Driver, _) => program = wcc,
            (Way::Compiler(n), true) => {
                program = ld_wcc;
                all.push(format!("--threads={n}"));
            }
            (Way::Compiler(n), false) => {
                if self.compiler.name == "clang" {
                    all.insert(0, format!("--ld-path={}", ld_wcc.display()));
                } else {
                    all.insert(0, format!("-B{}", self.tools.as_ld.display()));
                }
                all.push(format!("-Wl,--threads={n}"));
            }
        }
        let mut run = Run::new(&program, all, dir);
        if way == Way::Driver {
            run = run.env("WCC_CC", self.compiler.cc.display().to_string());
        }
        run.limit = LINK_LIMIT;
        run.run()
    }

    fn judge_link(&self, way: Way, dir: &Path, outcome: &Outcome) -> Result<(), String> {
        let case = self.case;
        if outcome.timed_out || outcome.signal.is_some() {
            return Err(format!("the link crashed or hung\n{}", outcome.report()));
        }
        if !case.fail.is_empty() {
            if way == Way::Reference && case.reference_links {
                return Ok(());
            }
            if outcome.ok() {
                return Err(format!("links, but must fail\n{}", outcome.report()));
            }
            if dir.join("out").exists() {
                return Err(format!("failed but left an output\n{}", outcome.report()));
            }
        } else if !outcome.ok() {
            return Err(format!("does not link\n{}", outcome.report()));
        }
        if way == Way::Reference {
            return Ok(());
        }
        if case.quiet && !(outcome.stdout.is_empty() && outcome.stderr.is_empty()) {
            return Err(format!("must be silent\n{}", outcome.report()));
        }
        for text in case.fail.iter().chain(&case.warn) {
            if !text.is_empty() && !outcome.stderr.contains(text.as_str()) {
                return Err(format!("does not say `{text}`\n{}", outcome.report()));
            }
        }
        for text in &case.says {
            if !outcome.stdout.contains(text.as_str()) && !outcome.stderr.contains(text.as_str()) {
                return Err(format!("does not say `{text}`\n{}", outcome.report()));
            }
        }
        Ok(())
    }

    /// The files that links of this case write.
    fn outputs(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self
            .case
            .steps
            .iter()
            .filter_map(|s| match s {
                Step::Link { output, .. } => Some(output.as_str()),
                _ => None,
            })
            .collect();
        all.push("out");
        all
    }

    fn judge_files(&self, way: Way, dir: &Path) -> Result<(), String> {
        let mut errors = Vec::new();
        for file in self.outputs() {
            let image = match Image::open(&dir.join(file)) {
                Ok(image) => image,
                // A case may ask for an output that is no ELF file (--oformat=binary).
                Err(_) if self.case.allow_check.iter().any(|a| a == "not-elf") => continue,
                Err(e) => return Err(format!("{e:#}")),
            };
            if way != Way::Reference {
                for f in linkdiff::check(&image).without(&self.case.allow_check).0 {
                    errors.push(format!("{file} is unsound: {f}"));
                }
            }
            for (_, statement, only_wcc) in self.case.expect.iter().filter(|e| e.0 == file) {
                if way == Way::Reference && *only_wcc {
                    continue;
                }
                if let Err(e) = expect::test(&image, statement) {
                    let who = if way == Way::Reference {
                        "reference: "
                    } else {
                        ""
                    };
                    errors.push(format!("{who}{file}: {e}"));
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("\n"))
        }
    }

    fn execute(&self, dir: &Path) -> Result<(), String> {
        let program = dir.join("out");
        let mut run =
            Run::new(&program, self.case.run_args.clone(), dir).env("LD_LIBRARY_PATH", ".");
        run.limit = RUN_LIMIT;
        let outcome = run.run();
        if outcome.code != Some(self.case.exit) {
            return Err(format!(
                "must exit with {}\n{}",
                self.case.exit,
                outcome.report()
            ));
        }
        let lines: Vec<&str> = outcome.stdout.lines().map(str::trim_end).collect();
        if !self.case.out.is_empty() && lines != self.case.out {
            return Err(format!(
                "must print {:?}\n{}",
                self.case.out,
                outcome.report()
            ));
        }
        Ok(())
    }

    fn compare_outputs(
        &self,
        reference: Option<&Path>,
        dirs: &[(Way, PathBuf)],
        errors: &mut Vec<String>,
    ) {
        let find = |way: Way| {
            dirs.iter()
                .find(|(w, _)| *w == way)
                .map(|(_, d)| d.as_path())
        };
        for file in self.outputs() {
            if let (Some(a), Some(b)) = (find(Way::Compiler(1)), find(Way::Compiler(3)))
                && std::fs::read(a.join(file)).ok() != std::fs::read(b.join(file)).ok()
            {
                errors.push(format!(
                    "{file}: different bytes with 1 and 3 threads ({}, {})",
                    a.display(),
                    b.display()
                ));
            }
            let Some(reference) = reference else { continue };
            for way in [Way::Driver, Way::Compiler(1)] {
                let Some(ours) = find(way) else { continue };
                let (Ok(a), Ok(b)) = (
                    Image::open(&reference.join(file)),
                    Image::open(&ours.join(file)),
                ) else {
                    continue;
                };
                for f in linkdiff::compare(&a, &b).without(&self.case.allow).0 {
                    errors.push(format!("{}/{file} differs: {f}", ours.display()));
                }
            }
        }
    }
}

/// Copies a directory with everything below it.
fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The directory with the commands under test, for a test program in `…/target/PROFILE/deps`: WCC_BIN, or built here.
///
/// # Errors
/// When the build fails, with its status.
pub fn built_commands() -> Result<PathBuf, String> {
    if let Some(dir) = std::env::var_os("WCC_BIN") {
        return std::fs::canonicalize(&dir).map_err(|e| format!("WCC_BIN={}: {e}", dir.display()));
    }
    let exe = std::env::current_exe().map_err(|e| e.to_string())?;
    let profile = exe
        .ancestors()
        .nth(2)
        .ok_or("this program is not in a target directory")?;
    let mut command =
        std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--package", "wcc", "--bins"]);
    if profile.file_name().is_some_and(|n| n == "release") {
        command.arg("--release");
    }
    if let Some(target) = profile.parent() {
        command.arg("--target-dir").arg(target);
    }
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    match command.status() {
        Ok(status) if status.success() => Ok(profile.to_path_buf()),
        Ok(status) => Err(format!("cargo build of wcc: {status}")),
        Err(e) => Err(format!("cargo build of wcc: {e}")),
    }
}
