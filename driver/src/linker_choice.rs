//! Which linker, in which language: decided once.
//!
//! `--ld-path=` beats `-fuse-ld=` beats `$WCC_LINKER` beats the embedded linker.
//!
//! rustc (1.90 and later) adds `-B<rustlib>/bin/gcc-ld -fuse-ld=lld` to every link on Linux, even
//! when `linker=` names something else. That is a default of rustc's and not a wish of the user's,
//! so it is set aside; a later `-fuse-ld=`, a `--ld-path=` or WCC_HONOR_FUSE_LD=1 still counts.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use wcc_targets::{Arch, Dialect, Os, Triple};

use crate::compiler::Delegate;
use crate::host::Host;
use crate::invocation::{Invocation, LinkerRequest};

/// The linker of one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linker {
    /// Our own, in this process.
    Embedded,
    External(PathBuf),
}

/// The decision, with what to say about it under `-v`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerChoice {
    pub linker: Linker,
    pub dialect: Dialect,
    pub note: Option<String>,
}

/// Why the embedded linker cannot do a link, if it cannot.
pub fn embedded_lacks(triple: &Triple) -> Option<String> {
    if !matches!(triple.arch, Arch::X86_64) || triple.os == Os::Other {
        return Some(format!("{} programs", triple.arch.name()));
    }
    None
}

/// Decides.
///
/// # Errors
/// When the linker asked for is not there: names the option and the places tried.
pub fn choose(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    triple: &Triple,
) -> Result<LinkerChoice, String> {
    let at = &Places {
        host,
        inv,
        compiler: delegate.real.parent(),
    };
    let mut note = None;
    let request = match (&inv.ld_path, &inv.fuse_ld) {
        (Some(r), _) if !r.value.is_empty() => Some(r.clone()),
        (_, Some(_)) if inv.rustc_lld && host.var("WCC_HONOR_FUSE_LD").is_none() => {
            note = Some("rustc's own -fuse-ld=lld set aside: linking with the embedded linker (WCC_HONOR_FUSE_LD=1 obeys it)".to_string());
            None
        }
        (_, Some(r)) if !r.value.is_empty() => Some(r.clone()),
        _ => None,
    };
    let request = request.or_else(|| {
        host.var("WCC_LINKER").map(|value| LinkerRequest {
            option: "WCC_LINKER=",
            value,
        })
    });
    let linker = match &request {
        Some(r) => resolve(at, triple, r)?,
        None => match embedded_lacks(triple) {
            None => Linker::Embedded,
            Some(what) => {
                let (path, said) = target_ld(at, triple, &what)?;
                note = Some(said);
                Linker::External(path)
            }
        },
    };
    let dialect = match inv.ld_dialect.as_ref().map(|d| d.to_string_lossy()) {
        Some(d) if d == "gnu" => Dialect::Gnu,
        Some(d) if d == "solaris" => Dialect::Solaris,
        Some(d) => {
            return Err(format!(
                "--wcc-ld-dialect={d}: the dialects are gnu and solaris"
            ));
        }
        None => match &linker {
            Linker::External(path) if triple.is_sunos() && is_system_ld(path) => Dialect::Solaris,
            _ => Dialect::Gnu,
        },
    };
    Ok(LinkerChoice {
        linker,
        dialect,
        note,
    })
}

/// Solaris' own linker, by its name: everything else there speaks GNU.
fn is_system_ld(path: &Path) -> bool {
    let Some(p) = path.to_str() else { return false };
    matches!(
        p,
        "ld" | "/bin/ld" | "/usr/bin/ld" | "/usr/ccs/bin/ld" | "/usr/xpg4/bin/ld"
    )
}

fn resolve(at: &Places, triple: &Triple, request: &LinkerRequest) -> Result<Linker, String> {
    let value = &request.value;
    let host = at.host;
    if is_ours(host, value) {
        return Ok(Linker::Embedded);
    }
    let not_found = |tried: &[String]| {
        // A long PATH would drown the message.
        let (shown, more) = match tried.get(..4) {
            Some(first) if tried.len() > 5 => {
                (first, format!(" and {} more places", tried.len() - 4))
            }
            _ => (tried, String::new()),
        };
        format!(
            "invalid linker name in '{}{}': not found or not executable (tried {}{more})",
            request.option,
            value.display(),
            shown.join(", ")
        )
    };
    if value.as_encoded_bytes().contains(&b'/') {
        let path = PathBuf::from(value);
        return if executable(host, &path) {
            Ok(Linker::External(path))
        } else {
            Err(not_found(&[path.display().to_string()]))
        };
    }
    let word = value.to_string_lossy();
    let names: Vec<String> = if request.option == "--ld-path=" {
        vec![word.to_string()]
    } else {
        match &*word {
            "ld" if triple.is_sunos() => vec!["/usr/bin/ld".into()],
            "ld" => vec!["ld".into()],
            "bfd" | "gld" if triple.is_sunos() => {
                vec!["/usr/gnu/bin/ld".into(), "gld".into(), "ld.bfd".into()]
            }
            "bfd" | "gld" => vec!["ld.bfd".into(), "gld".into()],
            w => vec![format!("ld.{w}"), w.to_string()],
        }
    };
    let mut tried = Vec::new();
    for name in &names {
        for path in at.of(name) {
            if executable(host, &path) {
                return Ok(if is_ours(host, path.as_os_str()) {
                    Linker::Embedded
                } else {
                    Linker::External(path)
                });
            }
            tried.push(path.display().to_string());
        }
    }
    Err(not_found(&tried))
}

fn is_ours(host: &Host, value: &OsStr) -> bool {
    matches!(value.to_str(), Some("wcc" | "embedded" | "ld.wcc"))
        || (value.as_encoded_bytes().contains(&b'/')
            && Path::new(value).file_name() == Some(OsStr::new("ld.wcc")))
        || Path::new(value) == host.ld_wcc()
}

fn executable(host: &Host, path: &Path) -> bool {
    host.fs.is_file(path) && host.fs.is_executable(path)
}

/// Where linkers are looked for.
struct Places<'a> {
    host: &'a Host<'a>,
    inv: &'a Invocation,
    /// The directory the compiler is in, links resolved: clang keeps its lld there.
    compiler: Option<&'a Path>,
}

impl Places<'_> {
    /// Where a program of this name may be: `-B`, COMPILER_PATH, beside us, beside the compiler, PATH.
    fn of(&self, name: &str) -> Vec<PathBuf> {
        if name.starts_with('/') {
            return vec![name.into()];
        }
        let mut dirs: Vec<PathBuf> = self.inv.prefixes.clone();
        dirs.extend(
            self.host
                .var("COMPILER_PATH")
                .iter()
                .flat_map(std::env::split_paths)
                .filter(|d| !d.as_os_str().is_empty()),
        );
        dirs.push(self.host.own_dir().to_path_buf());
        dirs.extend(self.compiler.map(Path::to_path_buf));
        dirs.extend(self.host.path());
        dirs.into_iter().map(|d| d.join(name)).collect()
    }
}

/// The system's linker for a target the embedded linker does not know, and what to say about it.
fn target_ld(at: &Places, triple: &Triple, what: &str) -> Result<(PathBuf, String), String> {
    let host = at.host;
    let native = crate::compiler::native_arch().is_some_and(|a| a.family() == triple.arch.family())
        && triple.os == Os::Linux;
    let mut names: Vec<String> = triple
        .gcc_aliases()
        .into_iter()
        .take(6)
        .map(|t| format!("{t}-ld"))
        .collect();
    if native {
        names.push("ld".into());
    }
    if triple.is_sunos() && cfg!(any(target_os = "illumos", target_os = "solaris")) {
        // The system's own makes every program of the system, i386 and sparcv9 too.
        names.push("/usr/bin/ld".into());
    }
    if !triple.is_sunos() {
        // Solaris loads what lld makes for it, and finds thread-local variables elsewhere (targets/SOLARIS.md).
        names.push("ld.lld".into());
    }
    for name in &names {
        if let Some(path) = at
            .of(name)
            .into_iter()
            .find(|p| executable(host, p) && !host.is_self(p))
        {
            let note = format!(
                "the embedded linker does not make {what}: linking with {}",
                path.display()
            );
            return Ok((path, note));
        }
    }
    let message = format!(
        "the embedded linker does not make {what} yet and no other linker for them was found (looked for {}); \
         install one or name it with --ld-path=",
        names.join(", ")
    );
    // The line can be shown without anybody to carry it out.
    match names.first() {
        Some(name) if at.inv.dry_run || at.inv.explain => Ok((name.into(), message)),
        _ => Err(message),
    }
}
