//! From an understood command to a plan: compile jobs and one link step.
//!
//! A plan is a plain value: it can be printed (`-###`), explained and tested. Making it looks files
//! up but changes nothing and starts nothing.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use wcc_targets::gcc::{self, GccError, GccQuery};
use wcc_targets::platform::{RuntimeChoice, Style, Toolchain, Unwinder};
use wcc_targets::{Arch, Env, LinkRequest, OutputMode, Triple, platform_for};

use crate::compiler::{Delegate, Facts, Family};
use crate::host::Host;
use crate::invocation::{Arg, Input, Invocation, ModeOption};
use crate::linker_choice::{self, Linker, LinkerChoice};
use crate::options::{Families, Id, Who};

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
    /// By running the delegate on the whole command. With `linker`, that program is what it finds as
    /// `ld`, so the link is still ours; without, the delegate's own linker runs.
    Delegate {
        argv: Vec<OsString>,
        linker: Option<Linker>,
        reason: String,
    },
}

/// What will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub jobs: Vec<CompileJob>,
    /// The jobs write to one file between them and must not overlap.
    pub sequential: bool,
    /// Holds the jobs' objects; removed afterwards.
    pub temp_dir: Option<PathBuf>,
    pub link: LinkStep,
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
    let sources = inv.source_count();
    if sources == 0 {
        reject_unknown(inv)?;
    }
    if inv
        .inputs
        .iter()
        .any(|i| matches!(i, Input::Source { name, language: None } if name == "-"))
    {
        return Err("-E or -x required when input is from standard input".into());
    }
    let mut trace = Vec::new();
    if inv.lto {
        let argv = passthrough(host, inv, delegate, true);
        let reason = "link-time optimisation needs the compiler's own linker plugin".to_string();
        return Ok(delegate_plan(argv, None, reason));
    }
    let Some(facts) = facts else {
        let choice = linker_choice::choose(
            host,
            inv,
            &crate::compiler::native_triple(host.fs).ok_or("unknown machine")?,
        )?;
        return Ok(delegate_plan(
            passthrough(host, inv, delegate, false),
            Some(choice.linker),
            format!(
                "{} is not a compiler whose defaults can be read",
                delegate.real.display()
            ),
        ));
    };
    let triple = match inv.abi {
        Some(Id::M32) => facts.triple.with_arch(narrow(facts.triple.arch)),
        Some(Id::Mx32) => facts.triple.with_arch(Arch::X32),
        Some(Id::M64) => facts.triple.with_arch(facts.triple.arch.family()),
        _ => facts.triple.clone(),
    };
    let choice = linker_choice::choose(host, inv, &triple)?;
    let toolchain = toolchain(host, inv, facts, &triple, &mut trace)?;
    if let Some(reason) = needs_delegate(host, inv, delegate, &triple, &toolchain, sources) {
        let mut plan = delegate_plan(
            passthrough(host, inv, delegate, false),
            Some(choice.linker),
            reason,
        );
        plan.trace = trace;
        return Ok(plan);
    }
    let platform = platform_for(&triple)
        .ok_or_else(|| format!("nothing is known about the target '{}'", triple.text))?;
    let jobs = jobs(host, inv, delegate, &temp_dir);
    let request = request(host, inv, delegate, facts, &triple, &toolchain, &jobs)?;
    let line = platform.link_line(&request, host.fs);
    let words = line.print(choice.dialect);
    let notes = choice.note.iter().cloned().collect();
    let sequential = jobs.len() > 1 && inv.dep_generate && (inv.dep_file || inv.output.is_some());
    let temp_dir = (!jobs.is_empty()).then_some(temp_dir);
    Ok(Plan {
        jobs,
        sequential,
        temp_dir,
        link: LinkStep::Line { choice, words },
        notes,
        trace,
        line: Some(line),
    })
}

fn delegate_plan(argv: Vec<OsString>, linker: Option<Linker>, reason: String) -> Plan {
    Plan {
        jobs: Vec::new(),
        sequential: false,
        temp_dir: None,
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

/// Only wcc reads the command of a pure link, so only wcc can refuse what it does not know.
fn reject_unknown(inv: &Invocation) -> Result<(), String> {
    let Some(word) = inv.unknown.first() else {
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

/// Why the delegate must do the whole command itself, if it must.
fn needs_delegate(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    triple: &Triple,
    toolchain: &Toolchain,
    sources: usize,
) -> Option<String> {
    if let Some(option) = &inv.ask_delegate {
        return Some(format!(
            "only the compiler knows what '{}' links",
            option.display()
        ));
    }
    let clang = delegate.family == Family::Clang;
    let runtime = inv.coverage
        || inv.profile_runtime
        || inv.openmp.is_some()
        || inv.sanitizers.iter().any(|s| has_runtime(s));
    if clang && (runtime || inv.rtlib.is_some()) {
        return Some("the compiler's run-time libraries are asked for".into());
    }
    if inv.sanitizers.iter().any(|s| has_runtime(s)) && inv.static_ {
        return Some("sanitizers with -static".into());
    }
    if platform_for(triple).is_none() {
        return Some(format!(
            "nothing is known about the target '{}'",
            triple.text
        ));
    }
    let Some(gcc) = &toolchain.gcc else {
        return (!(inv.nostdlib || (inv.nostartfiles && inv.nodefaultlibs)))
            .then(|| "no GCC installation was found".into());
    };
    if !clang && host.fs.is_file(&gcc.dir.join("specs")) {
        return Some(format!(
            "{} changes what the compiler does",
            gcc.dir.join("specs").display()
        ));
    }
    if sources > 0 && inv.aux && (clang || gcc.major() < 11 || inv.save_temps || inv.dumpdir) {
        return Some("side outputs are named by the compiler".into());
    }
    None
}

fn has_runtime(sanitizer: &str) -> bool {
    !matches!(
        sanitizer,
        "shadow-call-stack"
            | "safe-stack"
            | "kernel-address"
            | "kernel-hwaddress"
            | "kernel-memory"
            | "kcfi"
            | "cfi"
            | "none"
    )
}

fn toolchain(
    host: &Host,
    inv: &Invocation,
    facts: &Facts,
    triple: &Triple,
    trace: &mut Vec<String>,
) -> Result<Toolchain, String> {
    let mut prefixes = Vec::new();
    match &inv.gcc_toolchain {
        Some(p) => prefixes.push(p.clone()),
        None => {
            if let Some(root) = &inv.sysroot {
                prefixes.extend([root.clone(), root.join("usr")]);
            }
            prefixes.extend(facts.prefixes.iter().cloned());
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
    })
}

/// The kind of output: GCC lets the last of -shared, -pie, -no-pie and -static-pie win; clang lets
/// -shared win over all of them.
fn output_mode(inv: &Invocation, family: Family, default_pie: bool) -> Result<OutputMode, String> {
    if inv.relocatable {
        return Ok(OutputMode::Relocatable);
    }
    let shared = if inv.static_ {
        OutputMode::SharedStatic
    } else {
        OutputMode::Shared
    };
    let plain = if inv.static_ {
        OutputMode::Static
    } else {
        OutputMode::Executable
    };
    if inv.shared && (family == Family::Clang || inv.mode == Some(ModeOption::Shared)) {
        return Ok(shared);
    }
    Ok(match inv.mode {
        Some(ModeOption::StaticPie) => OutputMode::StaticPie,
        _ if inv.static_ => OutputMode::Static,
        Some(ModeOption::NoPie) => plain,
        Some(ModeOption::Pie | ModeOption::Shared) => OutputMode::Pie,
        None if default_pie => OutputMode::Pie,
        None => plain,
    })
}

fn request<'a>(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    facts: &'a Facts,
    triple: &'a Triple,
    toolchain: &'a Toolchain,
    jobs: &[CompileJob],
) -> Result<LinkRequest<'a>, String> {
    let mut objects = jobs.iter().map(|j| j.object.clone().into_os_string());
    let mut inputs = Vec::with_capacity(inv.inputs.len());
    for input in &inv.inputs {
        match input {
            Input::Source { .. } => inputs.extend(objects.next()),
            Input::Object(name) => inputs.push(name.clone()),
            Input::Words(words) => inputs.extend(words.iter().cloned()),
        }
    }
    let mut early = inv.early.clone();
    if let Some(kind) = inv.compress_debug.as_ref() {
        let mut word = OsString::from("--compress-debug-sections=");
        word.push(kind);
        early.push(word);
    }
    if inv.split_stack {
        early.push("--wrap=pthread_create".into());
    }
    let library_path = if facts.cross {
        Vec::new()
    } else {
        host.var("LIBRARY_PATH")
            .map(|p| {
                std::env::split_paths(&p)
                    .map(|d| {
                        if d.as_os_str().is_empty() {
                            ".".into()
                        } else {
                            d
                        }
                    })
                    .collect()
            })
            .unwrap_or_default()
    };
    let default_libs = !(inv.nostdlib || inv.nodefaultlibs);
    let cxx_lib = match inv.stdlib.as_ref().map(|s| s.as_bytes()) {
        Some(b"libc++") => "c++",
        _ => "stdc++",
    };
    let unwinder = match inv.unwindlib.as_ref().map(|s| s.as_bytes()) {
        Some(b"libunwind") => Unwinder::LibUnwind,
        Some(b"none") => Unwinder::None,
        _ => Unwinder::LibgccS,
    };
    Ok(LinkRequest {
        triple,
        toolchain,
        defaults: &facts.defaults,
        style: if delegate.family == Family::Clang {
            Style::Clang
        } else {
            Style::Gcc
        },
        mode: output_mode(inv, delegate.family, facts.defaults.pie)?,
        start_files: !(inv.nostdlib || inv.nostartfiles),
        default_libs,
        libc: !inv.nolibc,
        cxx_lib: (inv.cxx && !inv.nostdlibxx && default_libs).then_some(cxx_lib),
        cxx: inv.cxx,
        static_libgcc: inv.static_libgcc,
        shared_libgcc: inv.shared_libgcc,
        static_libstdcxx: inv.static_libstdcxx,
        pthread: inv.pthread,
        rdynamic: inv.rdynamic,
        profile: inv.profile,
        fast_math: inv.fast_math,
        openmp: inv.openmp.is_some(),
        coverage: inv.coverage || inv.profile_runtime,
        sanitizers: inv
            .sanitizers
            .iter()
            .filter(|s| has_runtime(s))
            .cloned()
            .collect(),
        runtime: RuntimeChoice {
            builtins: None,
            unwinder,
        },
        standard: inv
            .standard
            .as_ref()
            .map(|s| s.to_string_lossy().into_owned()),
        output: inv.output.clone().unwrap_or_else(|| "a.out".into()),
        early,
        user_dirs: inv.user_dirs.clone(),
        library_path,
        inputs,
        scripts: inv.scripts.clone(),
    })
}

/// The command for the delegate: everything but what only wcc reads. `linker` keeps the options that
/// choose one.
pub fn passthrough(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    linker: bool,
) -> Vec<OsString> {
    let mut argv = command_start(host, delegate, inv.no_link);
    for arg in &inv.args {
        let ours = arg
            .opt
            .is_some_and(|o| o.who == Who::Wcc && !matches!(o.id, Id::Verbose | Id::DryRun));
        let chooses = linker && matches!(arg.id(), Id::FuseLd | Id::LdPath) && !inv.rustc_lld;
        if (!ours || chooses) && !foreign(arg, delegate.family) {
            argv.extend(arg.words.iter().cloned());
        }
    }
    argv
}

/// The launcher, if the command compiles, and the compiler with its own leading words.
fn command_start(host: &Host, delegate: &Delegate, compiles: bool) -> Vec<OsString> {
    let mut argv = Vec::new();
    if compiles && let Some(launcher) = host.var("WCC_LAUNCHER") {
        let words = shell_words::split(&launcher.to_string_lossy()).unwrap_or_default();
        argv.extend(words.into_iter().map(OsString::from));
    }
    argv.push(delegate.path.clone().into_os_string());
    argv.extend(delegate.args.iter().cloned());
    argv
}

/// Options of clang's that change what is linked or where, which wcc has read and gcc refuses.
fn foreign(arg: &Arg, family: Family) -> bool {
    let Some(opt) = arg.opt else { return false };
    family == Family::Gcc
        && opt.families == Families::Clang
        && (matches!(
            opt.id,
            Id::Target
                | Id::GccToolchain
                | Id::GccInstallDir
                | Id::GccTriple
                | Id::Rtlib
                | Id::Unwindlib
                | Id::Stdlib
                | Id::LdPath
                | Id::DriverMode
        ) || opt.name.ends_with("unused-arguments"))
}

fn jobs(host: &Host, inv: &Invocation, delegate: &Delegate, temp_dir: &Path) -> Vec<CompileJob> {
    let mut common = Vec::new();
    for arg in &inv.args {
        let Some(opt) = arg.opt else { continue };
        let wanted = match opt.who {
            Who::Compile | Who::Both => !matches!(opt.id, Id::Output | Id::Language),
            Who::Wcc => opt.id == Id::Verbose,
            Who::Link | Who::Query => false,
        };
        if wanted && !foreign(arg, delegate.family) {
            common.extend(arg.words.iter().cloned());
        }
    }
    let files = inv
        .inputs
        .iter()
        .filter(|i| !matches!(i, Input::Words(_)))
        .count();
    let mut out = Vec::new();
    for input in &inv.inputs {
        let Input::Source { name, language } = input else {
            continue;
        };
        let stem = stem(name);
        let number = out.len();
        let object = temp_dir.join(if files == 1 {
            format!("{stem}.o")
        } else {
            format!("{stem}-{number}.o")
        });
        let mut argv = command_start(host, delegate, true);
        argv.extend(common.iter().cloned());
        side_outputs(inv, delegate, name, files, &mut argv);
        argv.extend(["-c".into(), "-o".into(), object.clone().into_os_string()]);
        if let Some(l) = language {
            argv.extend(["-x".into(), l.clone()]);
        }
        argv.push(name.clone());
        out.push(CompileJob {
            source: name.clone(),
            argv,
            object,
        });
    }
    out
}

/// The file's name without directory and suffix, made safe for a file name of our own.
fn stem(name: &OsStr) -> String {
    let base = Path::new(name)
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let kept: String = base
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
        .collect();
    if kept.is_empty() || kept == "-" {
        "input".into()
    } else {
        kept
    }
}

/// Words that give dependency files, coverage notes, dumps and .dwo files the names they have when
/// the compiler itself compiles and links: after the final output, not after our temporary object.
fn side_outputs(
    inv: &Invocation,
    delegate: &Delegate,
    source: &OsStr,
    files: usize,
    argv: &mut Vec<OsString>,
) {
    let base = Path::new(source).file_name().unwrap_or(source);
    let stem = Path::new(base).file_stem().unwrap_or(base);
    let prefix = dump_prefix(inv.output.as_deref(), stem, files);
    if inv.aux && delegate.family == Family::Gcc {
        argv.extend([
            "-dumpdir".into(),
            prefix.clone(),
            "-dumpbase".into(),
            base.to_os_string(),
        ]);
        if let Some(ext) = Path::new(base).extension() {
            let mut dotted = OsString::from(".");
            dotted.push(ext);
            argv.extend(["-dumpbase-ext".into(), dotted]);
        }
    }
    if !inv.dep_generate {
        return;
    }
    if !inv.dep_file {
        let file = match &inv.output {
            Some(out) => Path::new(out).with_extension("d").into_os_string(),
            None => {
                let mut f = prefix;
                f.push(stem);
                f.push(".d");
                f
            }
        };
        argv.extend(["-MF".into(), file]);
    }
    if !inv.dep_target {
        let target = match &inv.output {
            Some(out) => out.clone(),
            None => {
                let mut t = stem.to_os_string();
                t.push(".o");
                t
            }
        };
        argv.extend(["-MQ".into(), target]);
    }
}

/// GCC's rule for the directory and prefix of side outputs of a command that links.
fn dump_prefix(output: Option<&OsStr>, stem: &OsStr, files: usize) -> OsString {
    let out = output.unwrap_or(OsStr::new("a.out"));
    let bytes = out.as_bytes();
    let cut = bytes
        .strip_suffix(b".exe")
        .or_else(|| bytes.strip_suffix(b".out"))
        .unwrap_or(bytes);
    let dir_end = cut.iter().rposition(|b| *b == b'/').map_or(0, |p| p + 1);
    let (dir, name) = cut.split_at(dir_end);
    if files == 1 && (output.is_none() || name == stem.as_bytes()) {
        return OsStr::from_bytes(dir).to_os_string();
    }
    let mut s = OsStr::from_bytes(cut).to_os_string();
    s.push("-");
    s
}
