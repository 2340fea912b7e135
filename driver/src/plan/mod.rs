//! From an understood command to a plan: compile jobs and one link step.
//!
//! A plan is a plain value: it can be printed (`-###`), explained and tested. Making it looks files
//! up but changes nothing and starts nothing. `jobs.rs` makes the commands for the compiler,
//! `request.rs` says what the link needs; the platform turns that into a line.

mod doubt;
mod jobs;
mod lto;
mod refuse;
mod request;
#[cfg(test)]
mod solaris_tests;
#[cfg(test)]
mod target_tests;
#[cfg(test)]
mod tests;

pub use doubt::question;
pub use jobs::passthrough;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use wcc_linker::lto::CompilerHints;
use wcc_targets::gcc::{self, GccError, GccQuery};
use wcc_targets::linkline::Placed;
use wcc_targets::llvm;
use wcc_targets::platform::Toolchain;
use wcc_targets::{Arch, Env, LinkArg, LinkLine, LoadRules, Os, Triple, platform_for};

use crate::compiler::{Delegate, Facts, Family};
use crate::host::Host;
use crate::invocation::{Input, Invocation};
use crate::linker_choice::{self, Linker, LinkerChoice};
use crate::options::Id;

/// One source file's compilation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileJob {
    pub source: OsString,
    pub argv: Vec<OsString>,
    pub object: PathBuf,
}

/// How the link is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkStep {
    /// By our own line.
    Line {
        choice: LinkerChoice,
        words: Vec<OsString>,
    },
    /// By the delegate's line: it is asked with `-###` for the command it would run, which is then ours
    /// to run. For run-times, specs and targets that only it knows.
    Ask {
        argv: Vec<OsString>,
        choice: LinkerChoice,
        reason: String,
        /// The program that is asked, links resolved, and the files of the command: what its answer
        /// is kept by.
        compiler: PathBuf,
        inputs: Vec<OsString>,
    },
    /// By running the delegate on the whole command. With `linker`, that program is what it finds as
    /// `ld`, so the link is still ours; without, the delegate's own linker runs.
    Delegate {
        argv: Vec<OsString>,
        linker: Option<Linker>,
        reason: String,
    },
}

/// What will be done.
#[derive(Clone, Debug)]
pub struct Plan {
    pub jobs: Vec<CompileJob>,
    /// The jobs write to one file between them and must not overlap.
    pub sequential: bool,
    /// Holds the jobs' objects; removed afterwards.
    pub temp_dir: Option<PathBuf>,
    pub link: LinkStep,
    /// For the embedded linker, should it meet objects compiled with `-flto`.
    pub compiler: CompilerHints,
    /// Said under `-v`.
    pub notes: Vec<String>,
    /// How the GCC installation was found, for `-v` and `--wcc-explain`.
    pub trace: Vec<String>,
    /// The typed line, for `--wcc-explain`.
    pub line: Option<wcc_targets::LinkLine>,
}

/// Makes the plan of a command that links.
///
/// # Errors
/// A message for the user; the exit status is then 1.
pub fn plan(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    facts: Option<&Facts>,
    temp_dir: PathBuf,
) -> Result<Plan, String> {
    reject_unknown(inv, delegate)?;
    if inv
        .inputs
        .iter()
        .any(|i| matches!(i, Input::Source { name, language: None } if name == "-"))
    {
        return Err("-E or -x required when input is from standard input".into());
    }
    let mut trace = Vec::new();
    same_input_and_output(inv)?;
    let Some(facts) = facts else {
        let native = crate::compiler::native_triple(host.fs).ok_or("unknown machine")?;
        let choice = linker_choice::choose(host, inv, delegate, &native)?;
        let reason = format!("the defaults of {} cannot be read", delegate.real.display());
        return Ok(ask_plan(host, inv, delegate, choice, reason, temp_dir));
    };
    let triple = match inv.abi {
        Some(Id::M32) => facts.triple.with_arch(narrow(facts.triple.arch)),
        Some(Id::Mx32) => facts.triple.with_arch(Arch::X32),
        Some(Id::M64) => facts.triple.with_arch(facts.triple.arch.family()),
        _ => facts.triple.clone(),
    };
    if platform_for(&triple).is_none() {
        if facts.foreign_target {
            return Err(no_compiler(delegate, &triple));
        }
        if linker_choice::embedded_lacks(&triple).is_some() {
            let argv = passthrough(host, inv, delegate, true);
            return Ok(delegate_plan(argv, None, unknown(&triple.text)));
        }
    }
    let choice = linker_choice::choose(host, inv, delegate, &triple)?;
    if inv.args.iter().any(|a| a.id() == Id::Report) && choice.linker != Linker::Embedded {
        return Err(
            "--wcc-report= is made by the built-in linker, and another one links here".into(),
        );
    }
    if inv.lto && choice.linker != Linker::Embedded {
        let argv = passthrough(host, inv, delegate, true);
        let reason = "link-time optimisation by another linker".to_string();
        return Ok(delegate_plan(argv, None, reason));
    }
    if facts.foreign_target && inv.source_count() > 0 {
        return Err(no_compiler(delegate, &triple));
    }
    let toolchain = toolchain(host, inv, delegate, facts, &triple, &mut trace)?;
    refuse::options(host, inv, delegate, &triple, &toolchain)?;
    if let Some(reason) = names_side_outputs(inv, delegate, &toolchain) {
        let argv = passthrough(host, inv, delegate, false);
        let mut plan = delegate_plan(argv, Some(choice.linker), reason);
        plan.trace = trace;
        return Ok(plan);
    }
    if let Some(reason) = only_delegate_knows(host, inv, delegate, &triple, &toolchain) {
        let mut plan = ask_plan(host, inv, delegate, choice, reason, temp_dir);
        plan.compiler = lto::hints(inv, delegate, Some(&toolchain));
        plan.trace = trace;
        return Ok(plan);
    }
    let platform = platform_for(&triple).ok_or_else(|| unknown(&triple.text))?;
    let jobs = jobs::jobs(host, inv, delegate, &temp_dir);
    let aim = request::Aim {
        platform,
        facts,
        triple: &triple,
        toolchain: &toolchain,
        builtins: builtins(host, inv, delegate, &triple)?,
    };
    let request = request::request(host, inv, delegate, &aim, &jobs);
    // What the system's linker lacks, the embedded one has in its dialect too.
    if choice.linker != Linker::Embedded {
        platform.check(&request, choice.dialect)?;
    }
    let mut line = platform.link_line(&request, host.fs);
    if choice.linker == Linker::Embedded {
        name_target(&mut line, &choice, &triple);
    }
    let words = line.print(choice.dialect);
    let mut notes: Vec<String> = choice.note.iter().cloned().collect();
    if toolchain.gcc.is_none() && platform.needs_gcc() {
        notes.push(format!(
            "no GCC installation for {} was found; --sysroot=, --gcc-toolchain= or --gcc-install-dir= can name one",
            triple.text
        ));
    }
    let sequential = sequential(inv, &jobs);
    let compiler = lto::hints(inv, delegate, Some(&toolchain));
    let temp_dir = (!jobs.is_empty()).then_some(temp_dir);
    Ok(Plan {
        jobs,
        sequential,
        temp_dir,
        compiler,
        link: LinkStep::Line { choice, words },
        notes,
        trace,
        line: Some(line),
    })
}

/// Tells the embedded linker whose kernel the output is for, where neither emulation nor run-time linker do. Linux is
/// what it takes for granted.
fn name_target(line: &mut LinkLine, choice: &LinkerChoice, triple: &Triple) {
    if matches!(triple.os, Os::Linux | Os::Hurd) && !triple.is_musl() {
        return;
    }
    let words = line.print(choice.dialect);
    let seen = wcc_linker::options::target_of(&words, choice.dialect).unwrap_or_default();
    let rules = |target| {
        wcc_linker::options::platform_rules(target, choice.dialect).map(|(rules, _)| {
            // illumos and Solaris are one to the linker.
            LoadRules { name: "", ..rules }
        })
    };
    if rules(seen.as_ref()) != rules(Some(triple)) {
        let arg = LinkArg::User(format!("--wcc-target={}", triple.text).into());
        let origin = "the target, for the embedded linker";
        line.args.insert(0, Placed { arg, origin });
    }
}

/// Dependency files of several sources that go to one file: the last one is to win, as with gcc.
fn sequential(inv: &Invocation, jobs: &[CompileJob]) -> bool {
    let shared = inv.dep_generate && (inv.dep_file || inv.output.is_some());
    jobs.len() > 1 && (shared || inv.dep_by_preprocessor)
}

fn ask_plan(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    choice: LinkerChoice,
    reason: String,
    temp_dir: PathBuf,
) -> Plan {
    let jobs = jobs::jobs(host, inv, delegate, &temp_dir);
    let argv = jobs::ask(host, inv, delegate, &jobs);
    let mut objects = jobs.iter().map(|j| j.object.clone().into_os_string());
    let inputs = inv.inputs.iter().filter_map(|i| match i {
        Input::Source { .. } => objects.next(),
        Input::Object(name) => Some(name.clone()),
        Input::Words(_) => None,
    });
    let inputs = inputs.collect();
    Plan {
        sequential: sequential(inv, &jobs),
        temp_dir: (!jobs.is_empty()).then_some(temp_dir),
        compiler: lto::hints(inv, delegate, None),
        notes: choice.note.iter().cloned().collect(),
        link: LinkStep::Ask {
            argv,
            choice,
            reason,
            compiler: delegate.real.clone(),
            inputs,
        },
        jobs,
        trace: Vec::new(),
        line: None,
    }
}

fn delegate_plan(argv: Vec<OsString>, linker: Option<Linker>, reason: String) -> Plan {
    Plan {
        jobs: Vec::new(),
        sequential: false,
        temp_dir: None,
        compiler: CompilerHints::default(),
        link: LinkStep::Delegate {
            argv,
            linker,
            reason,
        },
        notes: Vec::new(),
        trace: Vec::new(),
        line: None,
    }
}

/// Refuses to write the program over one of its inputs.
fn same_input_and_output(inv: &Invocation) -> Result<(), String> {
    let Some(output) = &inv.output else {
        return Ok(());
    };
    let tidy = |name: &OsStr| wcc_targets::sysroot::tidy(name.as_ref());
    for input in &inv.inputs {
        if let Input::Source { name, .. } | Input::Object(name) = input
            && tidy(name) == tidy(output)
        {
            return Err(format!(
                "input file '{}' is the same as output file",
                name.display()
            ));
        }
    }
    Ok(())
}

/// What is said of a target that stands in no table.
pub fn unknown(target: &str) -> String {
    format!("nothing is known about the target '{target}'")
}

/// What is said when the delegate makes code for another target than the one asked for.
pub fn no_compiler(delegate: &Delegate, triple: &Triple) -> String {
    format!(
        "{} does not compile for {} and no compiler for it was found; install one (such as {}-gcc or clang) or name it in WCC_CC",
        delegate.path.display(),
        triple.text,
        triple.multiarch().unwrap_or_else(|| triple.text.clone())
    )
}

/// What is to be no compiler's word: one that is spelled as wcc's own are, or any when the compiler is one that we cannot
/// ask and that does not get to see it.
fn reject_unknown(inv: &Invocation, delegate: &Delegate) -> Result<(), String> {
    let blind = inv.source_count() == 0 && delegate.family == Family::Other;
    let ours = |w: &&OsString| blind || w.as_bytes().starts_with(b"--wcc-");
    let Some(word) = inv.unknown.iter().find(ours) else {
        return Ok(());
    };
    let text = word.to_string_lossy();
    let hint = crate::options::nearest(&text)
        .map(|n| format!("; did you mean '{}'?", n.trim_end_matches('=')))
        .unwrap_or_default();
    Err(format!("unrecognized command-line option '{text}'{hint}"))
}

fn narrow(arch: Arch) -> Arch {
    match arch.family() {
        Arch::X86_64 => Arch::I386,
        Arch::Sparcv9 => Arch::Sparc,
        Arch::Ppc64 => Arch::Ppc,
        _ => arch,
    }
}

/// Why the delegate must compile and link in one go, if it must: files beside the output get names
/// that only GCC 11 and newer let us say (`-dumpdir`, `-dumpbase`).
fn names_side_outputs(
    inv: &Invocation,
    delegate: &Delegate,
    toolchain: &Toolchain,
) -> Option<String> {
    let sayable =
        delegate.family == Family::Gcc && toolchain.gcc.as_ref().is_some_and(|g| g.major() >= 11);
    let named = inv.aux && (!sayable || inv.save_temps || inv.dumpdir);
    // One run of clang adds an entry a source to the file of -MJ; a second run writes it anew.
    let entries = inv.source_count() > 1 && inv.args.iter().any(|a| a.id() == Id::CompilationEntry);
    (named && inv.source_count() > 0 || entries)
        .then(|| "side outputs are named by the compiler".into())
}

/// Why the delegate has to be asked what it would link, if it has to.
fn only_delegate_knows(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    triple: &Triple,
    toolchain: &Toolchain,
) -> Option<String> {
    if let Some(option) = inv.ask_delegate.as_ref().or(inv.unknown.first()) {
        return Some(format!(
            "only the compiler knows what '{}' links",
            option.display()
        ));
    }
    if delegate.family == Family::Gcc && host.var("GCC_EXEC_PREFIX").is_some() {
        return Some("GCC_EXEC_PREFIX moves the compiler's directories".into());
    }
    if delegate.family == Family::Clang && host.var("CCC_OVERRIDE_OPTIONS").is_some() {
        return Some("CCC_OVERRIDE_OPTIONS changes the command".into());
    }
    let clang = delegate.family == Family::Clang;
    let sanitizers = !inv.sanitizers.is_empty() || inv.sanitize_detail;
    let support = !toolchain.cross && (inv.rtlib.is_some() || inv.unwindlib.is_some());
    let runtime = inv.coverage || inv.profile_runtime || inv.openmp.is_some();
    if clang && (runtime || sanitizers || support) {
        return Some("the compiler's own run-time libraries are linked".into());
    }
    let plain = |s: &String| matches!(&**s, "address" | "undefined" | "thread" | "leak");
    if sanitizers && (inv.static_ || inv.sanitize_detail || !inv.sanitizers.iter().all(plain)) {
        return Some("the compiler knows which sanitizer run-times are needed".into());
    }
    if clang && let Some(file) = crate::compiler::clang_config(host, delegate, triple) {
        return Some(format!("{} has options for clang", file.display()));
    }
    let Some(platform) = platform_for(triple) else {
        return Some(unknown(&triple.text));
    };
    if !platform.needs_gcc() {
        return None;
    }
    let Some(gcc) = &toolchain.gcc else {
        let bare = inv.nostdlib || (inv.nostartfiles && inv.nodefaultlibs);
        // For another system's programs the line is ours to make: files that are not found are named
        // bare, and the linker says which it misses.
        return (!bare && !toolchain.cross).then(|| "no GCC installation was found".into());
    };
    let specs = gcc.dir.join("specs");
    (!clang && host.fs.is_file(&specs))
        .then(|| format!("{} changes what the compiler does", specs.display()))
}

/// compiler-rt's builtins, where `--rtlib=compiler-rt` or the platform wants them.
fn builtins(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    triple: &Triple,
) -> Result<Option<PathBuf>, String> {
    let asked = match inv.rtlib.as_ref().map(|r| r.to_string_lossy()) {
        Some(name) if name == "compiler-rt" => true,
        Some(name) if name == "libgcc" || name == "platform" => return Ok(None),
        Some(name) => {
            return Err(format!(
                "invalid runtime library name in argument '--rtlib={name}'"
            ));
        }
        None => false,
    };
    if !asked && triple.env != Env::Android {
        return Ok(None);
    }
    let clang = (delegate.family == Family::Clang).then_some(delegate.real.as_path());
    match llvm::runtime(host.fs, triple, clang, "builtins") {
        Ok(path) => Ok(Some(path)),
        Err(_) if !asked => Ok(None),
        Err(tried) => {
            let tried: Vec<String> = tried.iter().map(|p| p.display().to_string()).collect();
            let tried = if tried.is_empty() {
                "no clang resource directory exists".into()
            } else {
                format!("tried {}", tried.join(", "))
            };
            Err(format!(
                "--rtlib=compiler-rt: its builtins for {} were not found ({tried})",
                triple.text
            ))
        }
    }
}

fn toolchain(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    facts: &Facts,
    triple: &Triple,
    trace: &mut Vec<String>,
) -> Result<Toolchain, String> {
    let platform = platform_for(triple);
    let mut prefixes = Vec::new();
    match &inv.gcc_toolchain {
        Some(p) => prefixes.push(p.clone()),
        None => {
            if let Some(p) = platform.filter(|_| inv.sysroot.is_some() || !facts.cross) {
                prefixes.extend(p.gcc_prefixes(inv.sysroot.as_deref(), host.fs));
            }
            if let Some(root) = &inv.sysroot {
                prefixes.extend([root.clone(), root.join("usr")]);
            }
            // With a sysroot clang looks there and beside itself only.
            let clang = delegate.family == Family::Clang && inv.sysroot.is_some();
            let own = facts
                .prefixes
                .iter()
                .take(if clang { 1 } else { usize::MAX });
            prefixes.extend(own.cloned());
        }
    }
    let exact_triple = inv.gcc_triple.as_deref().and_then(OsStr::to_str);
    let mut query = GccQuery {
        triple,
        exact_dir: inv.gcc_install_dir.as_deref(),
        exact_triple,
        prefixes,
        version: facts.version.as_deref(),
    };
    let mut foreign_libc = false;
    let mut found = gcc::find(host.fs, &query, trace);
    let glibc = Triple {
        env: Env::Gnu,
        text: format!("{}-linux-gnu", triple.arch.name()),
        ..triple.clone()
    };
    if found == Err(GccError::NotFound) && triple.is_musl() {
        query.triple = &glibc;
        found = gcc::find(host.fs, &query, trace);
        foreign_libc = found.is_ok();
    }
    let gcc = match found {
        Ok(g) => Some(g),
        Err(GccError::NotFound) => None,
        Err(GccError::NotAnInstallation(dir)) => {
            return Err(format!(
                "'{}' does not contain a GCC installation",
                dir.display()
            ));
        }
    };
    Ok(Toolchain {
        gcc,
        sysroot: inv.sysroot.clone(),
        prefixes: inv.prefixes.clone(),
        foreign_libc,
        cross: facts.cross,
        clang: delegate.family == Family::Clang,
    })
}
