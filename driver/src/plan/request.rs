//! What the link needs, from what the command says.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use wcc_targets::platform::{Platform, RuntimeChoice, Style, Toolchain, Unwinder};
use wcc_targets::{LinkRequest, OutputMode, Triple};

use super::CompileJob;
use crate::compiler::{Delegate, Facts, Family};
use crate::host::Host;
use crate::invocation::{Input, Invocation, ModeOption};
use crate::options::Id;

/// The kind of output: GCC lets the last of -shared, -pie, -no-pie and -static-pie win; clang lets
/// -shared win over all of them.
fn output_mode(inv: &Invocation, aim: &Aim, family: Family) -> OutputMode {
    let default_pie = aim
        .platform
        .pie_by_default(aim.triple, aim.facts.defaults.pie);
    if inv.relocatable {
        return OutputMode::Relocatable;
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
    // Solaris' own word for -shared.
    if aim.triple.is_sunos() && inv.solaris.iter().any(|w| w == "-G") {
        return shared;
    }
    if inv.shared && (family == Family::Clang || inv.mode == Some(ModeOption::Shared)) {
        return shared;
    }
    // clang heeds it wherever it stands.
    let static_pie = family == Family::Clang && inv.args.iter().any(|a| a.id() == Id::StaticPie);
    match inv.mode {
        Some(ModeOption::StaticPie) => OutputMode::StaticPie,
        _ if static_pie => OutputMode::StaticPie,
        None | Some(ModeOption::Pie) if inv.static_ && aim.platform.static_is_pie() => {
            OutputMode::StaticPie
        }
        Some(ModeOption::Pie) if inv.static_ && aim.platform.static_pie_by_two() => {
            OutputMode::StaticPie
        }
        _ if inv.static_ => OutputMode::Static,
        Some(ModeOption::NoPie) => plain,
        Some(ModeOption::Pie | ModeOption::Shared) => OutputMode::Pie,
        None if default_pie => OutputMode::Pie,
        None => plain,
    }
}

/// Whether the start file that counts for gprof is linked; clang reads `-p` and does nothing.
fn profile(inv: &Invocation, family: Family) -> bool {
    let counts = |arg: &crate::invocation::Arg| {
        arg.id() == Id::Profile && !(family == Family::Clang && arg.words.iter().any(|w| w == "-p"))
    };
    inv.args.iter().any(counts)
}

/// What is linked for, and from where.
pub(super) struct Aim<'a> {
    pub platform: &'a dyn Platform,
    pub facts: &'a Facts,
    pub triple: &'a Triple,
    pub toolchain: &'a Toolchain,
    /// compiler-rt's builtins, when they are wanted instead of libgcc.
    pub builtins: Option<PathBuf>,
}

/// Gathers it. `jobs` stand in for the sources.
pub(super) fn request<'a>(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    aim: &Aim<'a>,
    jobs: &[CompileJob],
) -> LinkRequest<'a> {
    let &Aim {
        platform,
        facts,
        triple,
        toolchain,
        ..
    } = aim;
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
    if triple.is_sunos() {
        early.extend(inv.solaris.iter().filter(|w| *w != "-G").cloned());
    }
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
        Some(b"libstdc++") => "stdc++",
        _ => platform.cxx_library(triple),
    };
    let unwinder = match inv.unwindlib.as_ref().map(|s| s.as_bytes()) {
        Some(b"libunwind") => Unwinder::LibUnwind,
        Some(b"none") => Unwinder::None,
        _ => Unwinder::LibgccS,
    };
    LinkRequest {
        triple,
        toolchain,
        defaults: &facts.defaults,
        style: if delegate.family == Family::Clang {
            Style::Clang
        } else {
            Style::Gcc
        },
        mode: output_mode(inv, aim, delegate.family),
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
        profile: profile(inv, delegate.family),
        fast_math: inv.fast_math,
        openmp: inv.openmp.is_some(),
        coverage: inv.coverage || inv.profile_runtime,
        sanitizers: inv.sanitizers.clone(),
        runtime: RuntimeChoice {
            builtins: aim.builtins.clone(),
            unwinder,
        },
        mabi: inv.mabi.as_ref().map(|s| s.to_string_lossy().into_owned()),
        no_relax: inv.no_relax,
        stack_protector: inv.stack_protector,
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
    }
}
