//! wcc: a compiler command that does the link step itself.
//!
//! The stages, in order; each makes a value from the one before it:
//! 1. [`response`] expands `@file` words;
//! 2. [`invocation`] sorts the words by the table in [`options`];
//! 3. [`compiler`] finds the real compiler behind us and what it was configured to do;
//! 4. [`linker_choice`] and [`plan`] make the plan: compile jobs and one link step;
//! 5. [`run`] carries it out, with [`wcc_linker::jobserver`], [`signals`], [`ask`] and [`consult`] beside it.
//!
//! Commands that do not link never get past the third stage: the compiler takes our place.

pub mod ask;
pub mod ask_cache;
pub mod compiler;
pub mod consult;
pub mod explain;
pub mod hand_over;
pub mod host;
pub mod install;
pub mod invocation;
pub mod linker_choice;
pub mod options;
pub mod plan;
pub mod print;
pub mod process;
pub mod query;
pub mod response;
pub mod run;
pub mod signals;
pub mod suffixes;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use wcc_linker::lto::CompilerHints;
use wcc_targets::Triple;
use wcc_targets::sysroot::RealFs;

use crate::host::Host;
use crate::invocation::{Action, Invocation};

/// Runs the program `argv` names, under whatever name it was called: the exit status.
pub fn main_with(argv: Vec<OsString>) -> i32 {
    let mut words = argv.into_iter();
    let program = words.next().unwrap_or_else(|| "wcc".into());
    let name = Path::new(&program)
        .file_name()
        .and_then(OsStr::to_str)
        .unwrap_or("wcc")
        .to_string();
    let words: Vec<OsString> = words.collect();
    if is_linker_name(&name) {
        let compiler = CompilerHints {
            watch: Some(signals::install),
            ..CompilerHints::default()
        };
        let env = |name: &str| std::env::var_os(name);
        let exe = std::env::current_exe().unwrap_or_default();
        let host = Host {
            fs: &RealFs,
            env: &env,
            exe,
        };
        return match hand_over::link(&host, &words) {
            Some(status) => status,
            None => wcc_linker::ld_main(&words, compiler),
        };
    }
    match compile_and_link(&name, words) {
        Ok(status) => status,
        Err(message) => {
            process::error(&message);
            1
        }
    }
}

/// `ld.wcc`, or a name under which compilers and build systems look for a linker: `ld`, `ld.bfd`, `collect-ld`,
/// `x86_64-linux-gnu-ld.gold`, `ld.lld-19`, `mold`.
fn is_linker_name(name: &str) -> bool {
    let version = |c: char| c.is_ascii_digit() || c == '.';
    let name = match name.rsplit_once('-') {
        Some((start, end)) if !end.is_empty() && end.chars().all(version) => start,
        _ => name,
    };
    let base = name.rsplit('-').next().unwrap_or(name);
    matches!(base, "ld" | "lld" | "gold" | "mold" | "wild") || base.starts_with("ld.")
}

fn compile_and_link(name: &str, words: Vec<OsString>) -> Result<i32, String> {
    let words = response::expand(words)?;
    let mut inv = Invocation::parse(words, name.ends_with("++")).map_err(|e| e.0)?;
    let env = |name: &str| std::env::var_os(name);
    let exe = std::env::current_exe().map_err(|e| format!("cannot find our own program: {e}"))?;
    let host = Host {
        fs: &RealFs,
        env: &env,
        exe,
    };
    let action = inv.action();
    match &action {
        Action::Completion(shell) => return query::completion(shell),
        Action::Help => return Ok(query::help()),
        Action::Man => return Ok(query::man()),
        Action::Install => return install::links(host.own_dir()).map(|()| 0),
        _ => {}
    }
    let prefix_target = name
        .strip_suffix("-wcc")
        .or_else(|| name.strip_suffix("-wcc++"));
    let target_text = inv
        .target
        .as_ref()
        .map(|t| t.to_string_lossy().into_owned())
        .or_else(|| prefix_target.map(str::to_string));
    let called = name.strip_prefix("wcc-");
    let target = match &target_text {
        Some(text) => match Triple::parse(text) {
            Some(triple) => Some(triple),
            None => return by_its_own_compiler(&host, &inv, called, text),
        },
        None => None,
    };
    let mut delegate = compiler::find(&host, inv.cxx, called, target.as_ref())?;
    if let Some(target) = &target {
        let option = compiler::abi_option(&host, &delegate, target);
        delegate.args.extend(option.map(OsString::from));
    }
    inv.fit(delegate.family);
    process::check_depth(&delegate.path)?;
    if (matches!(action, Action::Query(_)) || inv.verbose) && !host.ld_wcc().exists() {
        // A fresh `cargo install`: the answers below name ld.wcc. A directory we may not write to is
        // reported by --wcc-install, not here.
        let _ = install::links(host.own_dir());
    }
    if let Action::Query(index) = action {
        let Some(arg) = inv.args.get(index) else {
            return Ok(1);
        };
        return Ok(query::answer(&host, &inv, &delegate, arg));
    }
    if action == Action::NoLink {
        // Options only clang knows are kept from gcc, so gcc must not be asked for another target's code.
        if let Some(t) = &target
            && compiler::facts(&host, &delegate, Some(t)).is_some_and(|f| f.foreign_target)
        {
            return Err(plan::no_compiler(&delegate, t));
        }
        return Ok(process::exec(&plan::passthrough(
            &host, &inv, &delegate, false,
        )));
    }
    if let Some(language) = &inv.idle_language {
        warn_idle_language(language, delegate.family);
    }
    if !inv.explain
        && let Some(question) = plan::question(&host, &inv, &delegate)
        && !consult::accepted(&question, &delegate.real)
    {
        return Ok(1);
    }
    let facts = compiler::facts(&host, &delegate, target.as_ref());
    let temp_dir = run::temp_name(&process::temp_base(host.var("TMPDIR").as_deref()));
    let plan = plan::plan(&host, &inv, &delegate, facts.as_ref(), temp_dir)?;
    if inv.explain {
        let about = explain::About {
            host: &host,
            delegate: &delegate,
            facts: facts.as_ref(),
        };
        print!("{}", explain::tree(&about, &inv, &plan));
        return Ok(0);
    }
    if inv.dry_run {
        show(&plan, &host.ld_wcc());
        return Ok(0);
    }
    if inv.verbose {
        for text in &plan.trace {
            eprintln!("wcc: GCC installation: {text}");
        }
        if plan.jobs.is_empty() {
            // Compile jobs print the compiler's banner themselves.
            run::banner(&delegate.path);
        }
    }
    let ld_wcc = inv.verbose.then(|| host.ld_wcc());
    Ok(run::run(&plan, ld_wcc.as_deref()))
}

/// Hands the command over, for an architecture that wcc knows nothing about.
fn by_its_own_compiler(
    host: &Host,
    inv: &Invocation,
    called: Option<&str>,
    target: &str,
) -> Result<i32, String> {
    let delegate = compiler::find_by_name(host, inv.cxx, called, target)?;
    process::check_depth(&delegate.path)?;
    if inv.verbose {
        eprintln!(
            "wcc: {}: linked by the compiler itself",
            plan::unknown(target)
        );
    }
    Ok(process::exec(&plan::passthrough(
        host, inv, &delegate, true,
    )))
}

/// A `-x` behind the last input does nothing, which compilers say.
fn warn_idle_language(language: &OsStr, family: compiler::Family) {
    let group = match family {
        compiler::Family::Clang => " [-Wunused-command-line-argument]",
        // gcc is silent when the language is put back.
        _ if language == "none" => return,
        _ => "",
    };
    let language = language.display();
    eprintln!("wcc: warning: '-x {language}' after last input file has no effect{group}");
}

fn show(plan: &plan::Plan, ld_wcc: &Path) {
    for job in &plan.jobs {
        eprintln!("{}", print::line(&job.argv, print::Quote::Every));
    }
    let link = match &plan.link {
        // The line is the compiler's to tell.
        plan::LinkStep::Ask { argv, choice, .. } => {
            ask::line(argv, None).map(|words| print::linker_command(&choice.linker, &words, ld_wcc))
        }
        _ => None,
    };
    let link = link.unwrap_or_else(|| print::link_command(plan, ld_wcc));
    eprintln!("{}", print::line(&link, print::Quote::Every));
}

#[cfg(test)]
mod tests {
    use super::is_linker_name;

    #[test]
    fn names_that_are_linkers() {
        for name in [
            "ld",
            "ld.wcc",
            "real-ld",
            "collect-ld",
            "aarch64-linux-gnu-ld",
            "ld.bfd",
            "x-ld.gold",
            "ld.lld-19",
            "mold",
        ] {
            assert!(is_linker_name(name), "{name}");
        }
        for name in [
            "wcc",
            "wcc++",
            "cc",
            "gcc",
            "x86_64-linux-gnu-wcc",
            "wcc-clang",
            "wcc-build",
            "gcc-12",
        ] {
            assert!(!is_linker_name(name), "{name}");
        }
    }
}
