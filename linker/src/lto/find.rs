//! Finding the compiler's plugin when the command line names none.
//!
//! GCC keeps `liblto_plugin.so` and `lto-wrapper` in `PREFIX/libexec/gcc/TRIPLE/VERSION` (Debian until 12 in `lib/gcc/…`).
//! LLVM's `LLVMgold.so` stands in the `lib` beside clang's `bin`, and where GNU ld and `ar` look for plugins, `bfd-plugins`.

use std::path::{Path, PathBuf};

use wcc_targets::Triple;
use wcc_targets::gcc::{GccQuery, find};
use wcc_targets::sysroot::{FileSystem, RealFs};

use super::{CompilerHints, bitcode};

/// A GCC's parts that LTO needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gcc {
    pub plugin: PathBuf,
    pub wrapper: PathBuf,
    /// The `gcc` command, which lto-wrapper starts.
    pub command: PathBuf,
}

/// What was looked for in vain.
pub type Tried = Vec<PathBuf>;

const GCC_PLUGIN: &str = "liblto_plugin.so";
const LLVM_PLUGIN: &str = "LLVMgold.so";

/// The GCC that made an object, or the one that the driver runs.
pub fn gcc(hints: &CompilerHints, object: &[u8]) -> Result<Gcc, Tried> {
    let mut tried = Vec::new();
    let dirs = hints.gcc_dir.iter().cloned().chain(installation(object));
    for dir in dirs {
        if let Some((plugin, wrapper)) = in_dir(&dir, &mut tried) {
            let command = hints.gcc.clone().or_else(|| command_of(&dir));
            return Ok(Gcc {
                plugin,
                wrapper,
                command: command.unwrap_or_else(|| "gcc".into()),
            });
        }
    }
    if tried.is_empty() {
        tried.push(Path::new("/usr/lib/gcc/TRIPLE/VERSION").join(GCC_PLUGIN));
    }
    Err(tried)
}

/// The plugin and its wrapper of the GCC whose libraries are in `dir` (`PREFIX/lib/gcc/TRIPLE/VERSION`).
pub fn in_dir(dir: &Path, tried: &mut Tried) -> Option<(PathBuf, PathBuf)> {
    let mut places = vec![dir.to_path_buf()];
    let mut parts = dir.components().rev();
    if let (Some(version), Some(triple)) = (parts.next(), parts.next())
        && let Some(prefix) = dir.ancestors().nth(4)
    {
        places.push(prefix.join("libexec/gcc").join(triple).join(version));
    }
    for place in places {
        let (plugin, wrapper) = (place.join(GCC_PLUGIN), place.join("lto-wrapper"));
        if plugin.is_file() && wrapper.is_file() {
            return Some((plugin, wrapper));
        }
        tried.push(plugin);
    }
    None
}

/// `PREFIX/bin/TRIPLE-gcc-VERSION` and simpler names.
fn command_of(dir: &Path) -> Option<PathBuf> {
    let version = dir.file_name()?.to_str()?;
    let triple = dir.parent()?.file_name()?.to_str()?;
    let bin = dir.ancestors().nth(4)?.join("bin");
    [
        format!("{triple}-gcc-{version}"),
        format!("gcc-{version}"),
        format!("{triple}-gcc"),
        "gcc".into(),
    ]
    .iter()
    .map(|name| bin.join(name))
    .find(|p| p.is_file())
}

/// The installed GCC of the version that an object's `.comment` names, else the newest.
fn installation(object: &[u8]) -> Option<PathBuf> {
    let triple = Triple::parse(&format!("{}-unknown-linux-gnu", std::env::consts::ARCH))?;
    let version = comment_version(object);
    let major = version.as_deref().and_then(|v| v.split('.').next());
    let mut found = None;
    for version in [version.as_deref(), major] {
        let query = GccQuery {
            triple: &triple,
            exact_dir: None,
            exact_triple: None,
            prefixes: vec!["/usr/local".into(), "/usr".into()],
            version,
        };
        let install = find(&RealFs, &query, &mut Vec::new()).ok()?;
        let wanted = version == Some(install.version.as_str());
        found = Some(install.dir);
        if wanted {
            break;
        }
    }
    found
}

/// `12.2.0` of `GCC: (Debian 12.2.0-14) 12.2.0`.
fn comment_version(object: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(object, b"GCC: (")?;
    let rest = object.get(at..)?;
    let text = rest.get(..rest.iter().position(|c| *c == 0)?)?;
    let text = std::str::from_utf8(text).ok()?;
    text.rsplit(") ")
        .next()?
        .split(' ')
        .next()
        .map(str::to_string)
}

/// A plugin file and the LLVM version it is known to be of.
struct Candidate {
    path: PathBuf,
    version: Option<u32>,
}

/// The plugin for bitcode: of the driver's clang, or of the LLVM that wrote it, or of the next newer one.
pub fn llvm(hints: &CompilerHints, data: &[u8]) -> Result<PathBuf, Tried> {
    let wanted = bitcode::producer(data).and_then(|p| bitcode::major(&p));
    let mut candidates = Vec::new();
    if let Some(prefix) = hints
        .clang
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent)
    {
        candidates.extend(["lib", "lib64"].map(|d| candidate(prefix.join(d).join(LLVM_PLUGIN))));
    }
    let mut versions: Vec<u32> = RealFs
        .list(Path::new("/usr/lib"))
        .iter()
        .filter_map(|n| n.strip_prefix("llvm-")?.parse().ok())
        .collect();
    versions.sort_unstable();
    // The writer's own version, then newer ones, then, for want of better, older ones.
    let (older, newer): (Vec<u32>, Vec<u32>) = versions
        .into_iter()
        .partition(|v| wanted.is_some_and(|w| *v < w));
    let installed = |v: u32| candidate(format!("/usr/lib/llvm-{v}/lib/{LLVM_PLUGIN}").into());
    candidates.extend(newer.into_iter().map(installed));
    for dir in ["/usr/local/lib", "/usr/lib64", "/usr/lib"] {
        candidates.push(candidate(Path::new(dir).join(LLVM_PLUGIN)));
        candidates.push(candidate(
            Path::new(dir).join("bfd-plugins").join(LLVM_PLUGIN),
        ));
    }
    candidates.extend(older.into_iter().rev().map(installed));
    let there: Vec<&Candidate> = candidates.iter().filter(|c| c.path.is_file()).collect();
    let reads = |c: &&&Candidate| match (c.version, wanted) {
        (Some(v), Some(w)) => v >= w,
        _ => true,
    };
    match there.iter().find(reads).or(there.first()) {
        Some(c) => Ok(c.path.clone()),
        None => Err(candidates.into_iter().map(|c| c.path).collect()),
    }
}

/// The version stands in the directory's name on Debian and its kin.
fn candidate(path: PathBuf) -> Candidate {
    let real = RealFs.canonical(&path).unwrap_or_else(|| path.clone());
    let version = real
        .components()
        .find_map(|c| c.as_os_str().to_str()?.strip_prefix("llvm-")?.parse().ok());
    Candidate { path, version }
}

/// The LLVM version of a plugin, when its directory says.
pub fn llvm_version(plugin: &Path) -> Option<u32> {
    candidate(plugin.to_path_buf()).version
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_version_is_read_from_the_comment() {
        let with = |text: &[u8]| comment_version(&[b"\x7fELF...", text, b"\0rest"].concat());
        assert_eq!(
            with(b"GCC: (Debian 12.2.0-14) 12.2.0").as_deref(),
            Some("12.2.0")
        );
        assert_eq!(
            with(b"GCC: (GNU) 14.1.1 20240522").as_deref(),
            Some("14.1.1")
        );
        assert_eq!(with(b"clang version 19"), None);
    }

    #[test]
    fn a_missing_plugin_is_named_with_its_places() {
        let mut tried = Vec::new();
        assert_eq!(
            in_dir(Path::new("/no/lib/gcc/x86_64-linux-gnu/12"), &mut tried),
            None
        );
        assert_eq!(
            tried,
            [
                PathBuf::from("/no/lib/gcc/x86_64-linux-gnu/12/liblto_plugin.so"),
                PathBuf::from("/no/libexec/gcc/x86_64-linux-gnu/12/liblto_plugin.so")
            ]
        );
    }
}
