//! Options the compiler behind us would refuse, of those it never gets to see.
//!
//! Configure scripts and CMake learn what a compiler can do by giving it an option and looking at the
//! exit status. Options of the link are kept from compile jobs, so wcc has to refuse them in the
//! compiler's stead; otherwise a build would be configured for a compiler that is not there. Options
//! that wcc translates (`--target=`, `-rtlib=` ...) work with either family and are not refused.

use std::ffi::OsStr;

use wcc_targets::platform::Toolchain;
use wcc_targets::{Os, Triple};

use crate::compiler::{Delegate, Family};
use crate::host::Host;
use crate::invocation::{Arg, Invocation, ModeOption};
use crate::options::{Families, Id, Who};

/// Words that the table knows for the other family's sake or for old compilers'.
const GCC_LACKS: &[&str] = &["-k", "-b", "-plugin-opt=", "--relocatable"];
const CLANG_LACKS: &[&str] = &[
    "-k",
    "-b",
    "-plugin-opt=",
    "--relocatable",
    "-export-dynamic",
    "-profile",
    "--pie",
    "--static-pie",
    "-arch",
    "-Z",
    "-symbolic",
];

/// Refuses the first such option, in the words the family uses.
///
/// # Errors
/// The message.
pub(super) fn options(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    triple: &Triple,
    toolchain: &Toolchain,
) -> Result<(), String> {
    let unknown = |word: &OsStr| match delegate.family {
        Family::Clang => format!("unknown argument: '{}'", word.display()),
        _ => format!("unrecognized command-line option '{}'", word.display()),
    };
    let first_word = |arg: &Arg| arg.words.first().cloned().unwrap_or_default();
    // What compile jobs are given, they refuse themselves.
    let compiles = inv.source_count() > 0;
    let gcc = delegate.family == Family::Gcc;
    let clang = delegate.family == Family::Clang;
    for arg in &inv.args {
        let Some(opt) = arg.opt else { continue };
        let foreign = match opt.families {
            Families::Clang => gcc && !is_translated(opt.id),
            // clang reads -specs= and does nothing.
            Families::Gcc => clang && !opt.name.contains("specs"),
            Families::All => false,
        };
        let old_gcc = || toolchain.gcc.as_ref().is_some_and(|g| g.major() < 13);
        let refused = match opt.id {
            _ if foreign => opt.who == Who::Link || !compiles,
            Id::NoStdlibxx => gcc && old_gcc(),
            Id::NoPie if opt.name == "-nopie" => clang && triple.os != Os::OpenBsd,
            // clang reads -R as a kind of remark, and the directory as an input.
            // clang's -z takes the next word.
            Id::Keyword => clang && arg.words.len() == 1,
            Id::Solaris if opt.name == "-R" => clang && !triple.is_sunos() && arg.words.len() > 1,
            Id::Solaris => !triple.is_sunos() && (gcc || clang) && matches!(opt.name, "-G" | "-Y"),
            Id::Pthread if opt.name == "-pthreads" => gcc && !triple.is_sunos(),
            _ if gcc => GCC_LACKS.contains(&opt.name),
            _ if clang => CLANG_LACKS.contains(&opt.name),
            _ => false,
        };
        if refused {
            return Err(unknown(&first_word(arg)));
        }
    }
    let no_pie = inv.args.iter().any(|a| a.id() == Id::NoPie);
    let static_pie =
        inv.mode == Some(ModeOption::StaticPie) || inv.args.iter().any(|a| a.id() == Id::StaticPie);
    if clang && no_pie && static_pie {
        return Err("cannot specify 'nopie' along with 'static-pie'".into());
    }
    if gcc && inv.stdlib.as_deref() == Some(OsStr::new("libc++")) {
        libcxx(host, inv)?;
    }
    Ok(())
}

/// gcc has no `-stdlib=`; wcc gives it libc++'s headers, where there are any.
pub(super) fn libcxx(host: &Host, inv: &Invocation) -> Result<(), String> {
    match wcc_targets::llvm::libcxx_include(host.fs, inv.sysroot.as_deref()) {
        Some(_) => Ok(()),
        None => Err(
            "unrecognized command-line option '-stdlib=libc++' (no libc++ headers were found to give gcc)"
                .into(),
        ),
    }
}

/// Options of clang's whose meaning wcc supplies when gcc compiles.
pub(super) fn is_translated(id: Id) -> bool {
    matches!(
        id,
        Id::Target
            | Id::GccToolchain
            | Id::GccInstallDir
            | Id::GccTriple
            | Id::Rtlib
            | Id::Unwindlib
            | Id::Stdlib
            | Id::LdPath
            | Id::DriverMode
    )
}
