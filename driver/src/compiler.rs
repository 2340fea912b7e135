//! The real compiler behind us: finding it, and knowing what it was configured to do.
//!
//! A link must start no process, so gcc's defaults are read from the driver binary itself: its
//! specs are plain strings in it (`--hash-style=gnu`, `%{static|shared|r:;!no-pie:-pie}`, ...). What
//! they say is exactly what `gcc -dumpspecs` would print. clang's defaults follow from the
//! distribution, as clang itself decides them. Anything else (a script, an unknown compiler) is
//! asked with `-###` when the time comes.

mod defaults;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use wcc_targets::platform::Defaults;
use wcc_targets::sysroot::FileSystem;
use wcc_targets::{Arch, Env, Triple};

pub use self::defaults::clang_config;
use self::defaults::{clang_defaults, gcc_defaults};
use crate::host::{Found, Host};

/// Whose habits and options a compiler has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Gcc,
    Clang,
    /// A script or a compiler we cannot place.
    Other,
}

/// The compiler that compiles for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    pub path: PathBuf,
    /// Words that come before the command's own (`WCC_CC="ccache gcc"`, `--driver-mode=g++`).
    pub args: Vec<OsString>,
    pub family: Family,
    /// Why it was taken, for `--wcc-explain`.
    pub chosen_by: &'static str,
    /// The program itself, links and launchers seen through; facts are read from it.
    pub real: PathBuf,
}

/// What the link needs to know about the delegate.
#[derive(Clone, Debug)]
pub struct Facts {
    pub triple: Triple,
    /// GCC's version as its directory is named, when the program's name says so.
    pub version: Option<String>,
    pub defaults: Defaults,
    /// Prefixes under which its GCC installation is looked for.
    pub prefixes: Vec<PathBuf>,
    /// The target is not this machine.
    pub cross: bool,
    /// The compiler makes code for something else than the target: it can serve a link of objects,
    /// no compilation.
    pub foreign_target: bool,
}

/// Launchers that stand before a compiler or under its name.
const LAUNCHERS: &[&str] = &["ccache", "sccache", "distcc", "icecc", "buildcache"];

/// Finds the compiler: `$WCC_CC` (`$WCC_CXX`), the name we were called by (`wcc-clang`), a cross
/// compiler for `--target=`, else the first of cc, gcc and clang that is not ourselves.
///
/// # Errors
/// A message that says what was looked for.
pub fn find(
    host: &Host,
    cxx: bool,
    called: Option<&str>,
    target: Option<&Triple>,
) -> Result<Delegate, String> {
    if let Some(text) = cxx.then(|| host.var("WCC_CXX")).flatten() {
        return from_variable(host, "WCC_CXX", &text, false);
    }
    if let Some(text) = host.var("WCC_CC") {
        return from_variable(host, "WCC_CC", &text, cxx);
    }
    if let Some(name) = called {
        let name = OsStr::new(name);
        return host
            .find_program(name)
            .map(|p| Delegate {
                chosen_by: "the name wcc was called by",
                ..describe(host, p)
            })
            .ok_or_else(|| format!("the compiler '{}' was not found", name.display()));
    }
    if let Some(t) = target {
        let names = t.gcc_aliases();
        let kinds = if cxx {
            ["g++", "clang++"]
        } else {
            ["gcc", "clang"]
        };
        let cross = names
            .iter()
            .take(8)
            .flat_map(|n| kinds.map(|k| format!("{n}-{k}")));
        let musl = t
            .is_musl()
            .then(|| "musl-gcc".to_string())
            .filter(|_| !cxx && native_arch() == Some(t.arch));
        for name in cross.chain(musl).chain([kinds[1].to_string()]) {
            if let Some(path) = host.find_program(OsStr::new(&name)) {
                return Ok(Delegate {
                    chosen_by: "the target",
                    ..describe(host, path)
                });
            }
        }
    }
    let names = if cxx {
        ["c++", "g++", "clang++"]
    } else {
        ["cc", "gcc", "clang"]
    };
    for name in names {
        if let Some(path) = host.find_program(OsStr::new(name)) {
            return Ok(describe(host, path));
        }
    }
    Err(format!(
        "no compiler found: looked for {} on PATH; WCC_CC can name one",
        names.join(", ")
    ))
}

/// As [`find`], for a target whose architecture is in no table: its own compiler, or clang, which may
/// know it. They link by themselves.
///
/// # Errors
/// When the compiler found makes code for something else.
pub fn find_by_name(
    host: &Host,
    cxx: bool,
    called: Option<&str>,
    target: &str,
) -> Result<Delegate, String> {
    let asked =
        called.is_some() || host.var("WCC_CC").is_some() || (cxx && host.var("WCC_CXX").is_some());
    let kinds = if cxx {
        ["g++", "clang++"]
    } else {
        ["gcc", "clang"]
    };
    let names = [format!("{target}-{}", kinds[0]), kinds[1].to_string()];
    let own = names.iter().find_map(|n| host.find_program(OsStr::new(n)));
    let found = match own.filter(|_| !asked) {
        Some(program) => describe(host, program),
        None => find(host, cxx, called, None)?,
    };
    let prefix = format!("{target}-");
    let name = file_name(&found.path).unwrap_or_default();
    if found.family == Family::Clang || name.starts_with(&prefix) {
        return Ok(found);
    }
    Err(format!(
        "unknown target triple '{target}': only its own compiler could link for it, and neither {} nor {} was found",
        names[0], names[1]
    ))
}

/// What makes a gcc of the same family of architectures compile for `target`: `--target=i686-linux-gnu` is `-m32` to
/// the gcc of an x86-64 system.
pub fn abi_option(host: &Host, delegate: &Delegate, target: &Triple) -> Option<&'static str> {
    let own = file_name(&delegate.real)
        .and_then(triple_in_name)
        .or_else(|| triple_in_name(file_name(&delegate.path)?))
        .or_else(|| native_triple(host.fs))?;
    if delegate.family != Family::Gcc
        || own.arch == target.arch
        || own.arch.family() != target.arch.family()
    {
        return None;
    }
    Some(match target.arch {
        Arch::X32 => "-mx32",
        a if a.info().is_64 => "-m64",
        _ => "-m32",
    })
}

fn from_variable(
    host: &Host,
    variable: &'static str,
    text: &OsStr,
    sibling: bool,
) -> Result<Delegate, String> {
    let text = text.to_string_lossy();
    let words = shell_words::split(&text).map_err(|e| format!("{variable}='{text}': {e}"))?;
    let mut words = words.into_iter();
    let missing = |name: &str| format!("{variable}='{text}': '{name}' was not found");
    let first = words.next().ok_or_else(|| format!("{variable} is empty"))?;
    let program = host
        .find_program(OsStr::new(&first))
        .ok_or_else(|| missing(&first))?;
    let mut path = program.path.clone();
    if host.is_self(&path) {
        return Err(format!("{variable}='{text}' is wcc itself"));
    }
    let mut args: Vec<OsString> = words.map(OsString::from).collect();
    let launcher = path
        .file_name()
        .and_then(OsStr::to_str)
        .is_some_and(|n| LAUNCHERS.contains(&n))
        && !args.is_empty();
    let compiler = if launcher {
        let name = args.first().cloned().unwrap_or_default();
        host.find_program(&name)
            .ok_or_else(|| missing(&name.to_string_lossy()))?
    } else {
        program
    };
    let mut found = describe(host, compiler);
    if sibling {
        match cxx_sibling(host, &found) {
            Some(other) => found = describe(host, other),
            None if found.family == Family::Clang => args.push("--driver-mode=g++".into()),
            None => {
                return Err(format!(
                    "no C++ compiler beside {}; WCC_CXX can name one",
                    found.path.display()
                ));
            }
        }
    }
    if launcher {
        if let Some(slot) = args.first_mut() {
            *slot = found.path.clone().into_os_string();
        }
    } else {
        path = found.path.clone();
    }
    Ok(Delegate {
        path,
        args,
        chosen_by: variable,
        ..found
    })
}

/// The C++ driver that goes with a C driver, by name: gcc-12 and g++-12, clang and clang++, cc and c++.
fn cxx_sibling(host: &Host, c: &Delegate) -> Option<Found> {
    let name = c.path.file_name()?.to_str()?;
    if name.contains("++") {
        return Some(Found {
            path: c.path.clone(),
            real: c.real.clone(),
        });
    }
    let renamed = if name.contains("clang") {
        name.replacen("clang", "clang++", 1)
    } else if name.contains("gcc") {
        name.replacen("gcc", "g++", 1)
    } else {
        name.replacen("cc", "c++", 1)
    };
    let beside = c.path.with_file_name(&renamed);
    if renamed == name || !host.fs.is_file(&beside) {
        return None;
    }
    let real = host.fs.canonical(&beside)?;
    Some(Found { path: beside, real })
}

/// Places a compiler by its name, links resolved.
fn describe(host: &Host, found: Found) -> Delegate {
    let Found { path, mut real } = found;
    if file_name(&real).is_some_and(|n| LAUNCHERS.contains(&n)) {
        // /usr/lib/ccache/gcc: the compiler is the next of that name on PATH.
        let name = path.file_name().unwrap_or_default().to_os_string();
        let next = host
            .path()
            .into_iter()
            .filter_map(|d| host.fs.canonical(&d.join(&name)))
            .find(|p| !file_name(p).is_some_and(|n| LAUNCHERS.contains(&n)));
        if let Some(next) = next {
            real = next;
        }
    }
    let family = file_name(&real).map_or(Family::Other, family_of);
    Delegate {
        path,
        args: Vec::new(),
        family,
        chosen_by: "first of cc, gcc and clang on PATH",
        real,
    }
}

fn file_name(path: &Path) -> Option<&str> {
    path.file_name().and_then(OsStr::to_str)
}

fn family_of(name: &str) -> Family {
    // "clang++" ends in "g++" too.
    if name.contains("clang") {
        Family::Clang
    } else if name.contains("gcc") || name.contains("g++") {
        Family::Gcc
    } else {
        Family::Other
    }
}

/// The architecture this program was built for.
pub fn native_arch() -> Option<Arch> {
    Arch::parse(std::env::consts::ARCH)
}

/// The triple of this machine: its C library is told by the run-time linker that exists.
pub fn native_triple(fs: &dyn FileSystem) -> Option<Triple> {
    let arch = native_arch()?;
    let glibc = Triple {
        arch,
        os: wcc_targets::Os::Linux,
        env: Env::Gnu,
        version: String::new(),
        text: format!("{}-linux-gnu", arch.name()),
    };
    let musl = Triple {
        env: Env::Musl,
        text: format!("{}-linux-musl", arch.name()),
        ..glibc.clone()
    };
    if !fs.is_file(Path::new(arch.info().glibc_interp))
        && fs.is_file(Path::new(&format!(
            "/lib/ld-musl-{}.so.1",
            arch.info().musl
        )))
    {
        return Some(musl);
    }
    Some(glibc)
}

/// What the delegate is, learnt without running it. `None`: it has to be asked.
pub fn facts(host: &Host, delegate: &Delegate, target: Option<&Triple>) -> Option<Facts> {
    let native = native_triple(host.fs)?;
    let name = file_name(&delegate.real)?;
    let bin = delegate.real.parent()?;
    let mut prefixes = Vec::new();
    if let Some(prefix) = bin.parent() {
        prefixes.push(prefix.to_path_buf());
    }
    if !prefixes.contains(&PathBuf::from("/usr")) {
        prefixes.push("/usr".into());
    }
    match delegate.family {
        Family::Other => None,
        Family::Clang => {
            let triple = target
                .cloned()
                .or_else(|| triple_in_name(name))
                .unwrap_or_else(|| native.clone());
            let cross = triple.arch.family() != native.arch || triple.os != native.os;
            Some(Facts {
                cross,
                triple,
                version: None,
                defaults: clang_defaults(host.fs),
                prefixes,
                foreign_target: false,
            })
        }
        Family::Gcc if name == "musl-gcc" => {
            let triple = Triple::parse(&format!("{}-linux-musl", native.arch.name()))?;
            Some(Facts {
                triple,
                version: None,
                defaults: Defaults {
                    build_id: false,
                    ..Defaults::default()
                },
                prefixes,
                cross: false,
                foreign_target: false,
            })
        }
        Family::Gcc => {
            let bytes = host.fs.read(&delegate.real)?;
            let defaults = gcc_defaults(&bytes)?;
            let own = triple_in_name(name)
                .or_else(|| triple_in_name(file_name(&delegate.path)?))
                .unwrap_or_else(|| native.clone());
            let triple = target.cloned().unwrap_or_else(|| own.clone());
            let cross = triple.arch.family() != native.arch || triple.os != native.os;
            let foreign_target = own.arch.family() != triple.arch.family()
                || own.os != triple.os
                || own.is_musl() != triple.is_musl();
            Some(Facts {
                cross,
                triple,
                version: version_in_name(name),
                defaults,
                prefixes,
                foreign_target,
            })
        }
    }
}

/// `x86_64-linux-gnu-gcc-12` names its target.
fn triple_in_name(name: &str) -> Option<Triple> {
    let end = ["-gcc", "-g++", "-clang"]
        .iter()
        .filter_map(|m| name.find(m))
        .min()?;
    let text = name.get(..end)?;
    text.contains('-').then(|| Triple::parse(text)).flatten()
}

/// `gcc-12` names its version.
fn version_in_name(name: &str) -> Option<String> {
    let (_, tail) = name.rsplit_once('-')?;
    tail.bytes()
        .next()
        .filter(u8::is_ascii_digit)
        .map(|_| tail.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wcc_targets::sysroot::FakeFs;

    fn host<'a>(fs: &'a FakeFs, env: &'a dyn Fn(&str) -> Option<OsString>) -> Host<'a> {
        Host {
            fs,
            env,
            exe: "/opt/wcc/bin/wcc".into(),
        }
    }

    fn vars(pairs: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<OsString> {
        move |name| {
            pairs
                .iter()
                .find(|(k, _)| *k == name)
                .map(|(_, v)| OsString::from(v))
        }
    }

    #[test]
    fn the_first_compiler_on_path_that_is_not_wcc_is_taken() {
        let fs = FakeFs::with_files(["/opt/wcc/bin/wcc", "/usr/bin/gcc", "/usr/bin/clang"]);
        let env = vars(&[("PATH", "/opt/wcc/bin:/usr/bin")]);
        let found = find(&host(&fs, &env), false, None, None).expect("gcc");
        assert_eq!(
            (found.path, found.family),
            ("/usr/bin/gcc".into(), Family::Gcc)
        );
    }

    #[test]
    fn the_variable_names_the_compiler_and_its_sibling_is_the_cxx_one() {
        let fs = FakeFs::with_files([
            "/usr/bin/clang-19",
            "/usr/bin/clang++-19",
            "/usr/bin/ccache",
            "/usr/bin/gcc",
        ]);
        let env = vars(&[("PATH", "/usr/bin"), ("WCC_CC", "clang-19 -m64")]);
        let found = find(&host(&fs, &env), true, None, None).expect("clang++");
        assert_eq!(found.path, Path::new("/usr/bin/clang++-19"));
        assert_eq!(found.args, ["-m64"]);
        let env = vars(&[("PATH", "/usr/bin"), ("WCC_CC", "ccache gcc")]);
        let found = find(&host(&fs, &env), false, None, None).expect("ccache");
        assert_eq!(
            (found.path, found.real),
            ("/usr/bin/ccache".into(), "/usr/bin/gcc".into())
        );
        assert_eq!(found.args, ["/usr/bin/gcc"]);
    }

    #[test]
    fn wcc_never_calls_itself() {
        let fs = FakeFs::with_files(["/opt/wcc/bin/wcc"]);
        let env = vars(&[("PATH", "/opt/wcc/bin"), ("WCC_CC", "/opt/wcc/bin/wcc")]);
        assert!(find(&host(&fs, &env), false, None, None).is_err());
    }

    #[test]
    fn a_target_prefers_its_own_cross_compiler() {
        let fs = FakeFs::with_files([
            "/usr/bin/gcc",
            "/usr/bin/aarch64-linux-gnu-gcc",
            "/usr/bin/clang",
        ]);
        let env = vars(&[("PATH", "/usr/bin")]);
        let arm = Triple::parse("aarch64-unknown-linux-gnu").expect("triple");
        assert_eq!(
            find(&host(&fs, &env), false, None, Some(&arm)).map(|d| d.path),
            Ok("/usr/bin/aarch64-linux-gnu-gcc".into())
        );
        let riscv = Triple::parse("riscv64-linux-gnu").expect("triple");
        assert_eq!(
            find(&host(&fs, &env), false, None, Some(&riscv)).map(|d| d.path),
            Ok("/usr/bin/clang".into())
        );
    }

    #[test]
    fn names_tell_the_family() {
        for (name, family) in [
            ("clang++-19", Family::Clang),
            ("x86_64-linux-gnu-g++-12", Family::Gcc),
            ("musl-gcc", Family::Gcc),
            ("tcc", Family::Other),
        ] {
            assert_eq!(family_of(name), family, "{name}");
        }
    }

    #[test]
    fn names_tell_target_and_version() {
        assert_eq!(
            version_in_name("x86_64-linux-gnu-gcc-12"),
            Some("12".into())
        );
        assert_eq!(version_in_name("gcc"), None);
        assert_eq!(
            triple_in_name("aarch64-linux-gnu-gcc").map(|t| t.arch),
            Some(Arch::Aarch64)
        );
        assert_eq!(triple_in_name("gcc-12"), None);
    }
}
