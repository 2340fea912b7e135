//! Finding a GCC installation: the directory with `crtbegin.o` and `libgcc.a`.
//!
//! GCC keeps them in `PREFIX/lib/gcc/TRIPLE/VERSION` (Debian's cross compilers in `gcc-cross`).
//! The rules are clang's, which every distribution is tested against, with vendors of triples
//! normalised; each step leaves a line in the trace.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::sysroot::FileSystem;
use crate::triple::Triple;

/// A found installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GccInstall {
    /// The directory itself.
    pub dir: PathBuf,
    /// The triple its directory is named by.
    pub triple: String,
    pub version: String,
    /// The library directory that holds `gcc` (or `gcc-cross`).
    pub lib: PathBuf,
    /// Sub-directory of `dir` for this ABI: empty, `32`, `64`, `x32`, `amd64`, `sparcv9`.
    pub multilib: &'static str,
}

impl GccInstall {
    /// Where this ABI's `crtbegin.o` and `libgcc.a` are.
    pub fn abi_dir(&self) -> PathBuf {
        if self.multilib.is_empty() {
            self.dir.clone()
        } else {
            self.dir.join(self.multilib)
        }
    }

    /// GCC's major version, 0 when the directory's name does not say.
    pub fn major(&self) -> u32 {
        self.version
            .split('.')
            .next()
            .and_then(|m| m.parse().ok())
            .unwrap_or(0)
    }
}

/// What to look for.
#[derive(Clone, Debug)]
pub struct GccQuery<'a> {
    pub triple: &'a Triple,
    /// `--gcc-install-dir=`: this directory and no other.
    pub exact_dir: Option<&'a Path>,
    /// `--gcc-triple=`: only this triple's directories.
    pub exact_triple: Option<&'a str>,
    /// Prefixes in order (`--gcc-toolchain=` makes it one).
    pub prefixes: Vec<PathBuf>,
    /// Version the delegate is known to be; others are taken only when it is not there.
    pub version: Option<&'a str>,
}

/// Why no installation was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GccError {
    /// `--gcc-install-dir=` names something else.
    NotAnInstallation(PathBuf),
    NotFound,
}

/// Looks for an installation. Every directory considered is written to `trace`.
pub fn find(
    fs: &dyn FileSystem,
    query: &GccQuery,
    trace: &mut Vec<String>,
) -> Result<GccInstall, GccError> {
    let arch = query.triple.arch;
    if let Some(dir) = query.exact_dir {
        return exact(fs, dir, arch).ok_or_else(|| GccError::NotAnInstallation(dir.to_path_buf()));
    }
    let aliases = match query.exact_triple {
        Some(t) => vec![t.to_string()],
        None => {
            let mut names = query.triple.gcc_aliases();
            // A multilib compiler of the 64-bit sibling serves the 32-bit ABIs (and the other way round).
            for sibling in [
                Arch::X86_64,
                Arch::I386,
                Arch::Sparcv9,
                Arch::Sparc,
                Arch::Ppc64,
                Arch::Ppc,
            ] {
                if sibling != arch && sibling.family() == arch.family() {
                    let mut t = query.triple.with_arch(sibling);
                    t.text = t.multiarch().unwrap_or_default();
                    names.extend(t.gcc_aliases().into_iter().filter(|n| !n.is_empty()));
                }
            }
            names
        }
    };
    for prefix in &query.prefixes {
        if let Some(found) = in_prefix(fs, prefix, &aliases, arch, query.version, trace) {
            trace.push(format!("selected {}", found.dir.display()));
            return Ok(found);
        }
    }
    Err(GccError::NotFound)
}

fn exact(fs: &dyn FileSystem, dir: &Path, arch: Arch) -> Option<GccInstall> {
    let triple = dir.parent()?.file_name()?.to_str()?.to_string();
    let version = dir.file_name()?.to_str()?.to_string();
    let lib = dir.parent()?.parent()?.parent()?.to_path_buf();
    let multilib = multilib_of(fs, dir, &triple, arch)?;
    Some(GccInstall {
        dir: dir.to_path_buf(),
        triple,
        version,
        lib,
        multilib,
    })
}

fn in_prefix(
    fs: &dyn FileSystem,
    prefix: &Path,
    aliases: &[String],
    arch: Arch,
    version: Option<&str>,
    trace: &mut Vec<String>,
) -> Option<GccInstall> {
    let mut best: Option<GccInstall> = None;
    for lib_name in lib_dirs(arch) {
        let lib = prefix.join(lib_name);
        for holder in ["gcc", "gcc-cross"] {
            let root = lib.join(holder);
            let present = fs.list(&root);
            if present.is_empty() {
                continue;
            }
            for triple in aliases.iter().filter(|a| present.contains(a)) {
                let named = root.join(triple);
                for v in fs.list(&named) {
                    let Some(parsed) = Version::parse(&v) else {
                        continue;
                    };
                    if parsed < Version::OLDEST {
                        continue;
                    }
                    let dir = named.join(&v);
                    let Some(multilib) = multilib_of(fs, &dir, triple, arch) else {
                        trace.push(format!("{} has no crtbegin.o for this ABI", dir.display()));
                        continue;
                    };
                    let wanted =
                        |install: &GccInstall| version.is_some_and(|w| w == install.version);
                    let candidate = GccInstall {
                        dir,
                        triple: triple.clone(),
                        version: v,
                        lib: lib.clone(),
                        multilib,
                    };
                    trace.push(format!("candidate {}", candidate.dir.display()));
                    let better = match &best {
                        None => true,
                        Some(b) if wanted(b) => false,
                        Some(b) => {
                            wanted(&candidate)
                                || Version::parse(&b.version).is_none_or(|bv| parsed > bv)
                        }
                    };
                    if better {
                        best = Some(candidate);
                    }
                }
                if best.is_some() {
                    break;
                }
            }
        }
        if best.is_some() {
            break;
        }
    }
    best
}

fn lib_dirs(arch: Arch) -> &'static [&'static str] {
    match arch {
        // Nearly all distributions use lib; lib64 holds GCC on some older Red Hat and SUSE systems.
        Arch::I386 => &["lib", "lib32", "lib64"],
        _ => &["lib", "lib64", "lib32"],
    }
}

/// The sub-directory with this ABI's `crtbegin.o`, or `None` when the installation lacks the ABI.
fn multilib_of(
    fs: &dyn FileSystem,
    dir: &Path,
    gcc_triple: &str,
    arch: Arch,
) -> Option<&'static str> {
    let own = Triple::parse(gcc_triple)?;
    let options: &[&'static str] = match (own.arch, arch) {
        (a, b) if a == b && own.is_sunos() && a == Arch::X86_64 => &["", "amd64"],
        (a, b) if a == b => &[""],
        (Arch::X86_64, Arch::I386) => &["32"],
        (Arch::X86_64, Arch::X32) => &["x32"],
        (Arch::X32, Arch::X86_64) | (Arch::I386, Arch::X86_64) if !own.is_sunos() => &["64"],
        (Arch::I386, Arch::X86_64) => &["amd64"],
        (Arch::Sparc, Arch::Sparcv9) => &["sparcv9"],
        (Arch::Sparcv9, Arch::Sparc) | (Arch::Ppc64, Arch::Ppc) => &["32"],
        (Arch::Ppc, Arch::Ppc64) => &["64"],
        _ => return None,
    };
    options.iter().copied().find(|sub| {
        fs.is_file(&dir.join(sub).join("crtbegin.o")) || fs.is_file(&dir.join(sub).join("libgcc.a"))
    })
}

/// A GCC version directory's name: `12`, `12.2.0`, `4.8.5-foo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    major: u32,
    minor: Option<u32>,
    patch: Option<u32>,
    suffix: String,
}

impl Version {
    /// clang and we take nothing older.
    pub const OLDEST: Version = Version {
        major: 4,
        minor: Some(1),
        patch: Some(1),
        suffix: String::new(),
    };

    /// `None` when the name is not a version.
    pub fn parse(text: &str) -> Option<Version> {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let mut rest = text;
        let mut numbers = [None; 3];
        for (i, slot) in numbers.iter_mut().enumerate() {
            let n = digits(rest);
            if n == 0 {
                if i == 0 {
                    return None;
                }
                break;
            }
            let (number, tail) = rest.split_at(n);
            *slot = Some(number.parse().ok()?);
            match tail.strip_prefix('.') {
                Some(t) => rest = t,
                None => {
                    rest = tail;
                    break;
                }
            }
        }
        let [Some(major), minor, patch] = numbers else {
            return None;
        };
        Some(Version {
            major,
            minor,
            patch,
            suffix: rest.to_string(),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Version) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    /// A missing part counts as newer than a given one (`4.8` is a link to the newest 4.8.x), a
    /// suffix as older.
    fn cmp(&self, other: &Version) -> Ordering {
        let part = |a: Option<u32>, b: Option<u32>| match (a, b) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(a), Some(b)) => a.cmp(&b),
        };
        self.major
            .cmp(&other.major)
            .then_with(|| part(self.minor, other.minor))
            .then_with(|| part(self.patch, other.patch))
            .then_with(|| self.suffix.is_empty().cmp(&other.suffix.is_empty()))
            .then_with(|| self.suffix.cmp(&other.suffix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sysroot::FakeFs;

    fn look(fs: &FakeFs, triple: &str) -> Option<GccInstall> {
        let triple = Triple::parse(triple).expect("triple");
        let query = GccQuery {
            triple: &triple,
            exact_dir: None,
            exact_triple: None,
            prefixes: vec!["/usr".into()],
            version: None,
        };
        find(fs, &query, &mut Vec::new()).ok()
    }

    #[test]
    fn versions_compare_as_clang_compares_them() {
        let v = |s| Version::parse(s).expect(s);
        assert!(v("12") > v("9"));
        assert!(v("4.8") > v("4.8.5"));
        assert!(v("13.2.0") > v("13.1.9"));
        assert!(v("4.8.5-x") < v("4.8.5"));
        assert_eq!(Version::parse("plugin"), None);
    }

    #[test]
    fn the_newest_version_with_a_crtbegin_wins() {
        let fs = FakeFs::with_files([
            "/usr/lib/gcc/x86_64-linux-gnu/12/crtbegin.o",
            "/usr/lib/gcc/x86_64-linux-gnu/9/crtbegin.o",
            "/usr/lib/gcc/x86_64-linux-gnu/13/cc1",
        ]);
        assert_eq!(
            look(&fs, "x86_64-linux-gnu").map(|g| g.version),
            Some("12".into())
        );
    }

    #[test]
    fn distributions_are_found_by_their_own_triples() {
        for (file, triple) in [
            (
                "/usr/lib/gcc/x86_64-redhat-linux/14/crtbegin.o",
                "x86_64-unknown-linux-gnu",
            ),
            (
                "/usr/lib64/gcc/x86_64-suse-linux/13/crtbegin.o",
                "x86_64-linux-gnu",
            ),
            (
                "/usr/lib/gcc/x86_64-pc-linux-gnu/15.1.1/crtbegin.o",
                "x86_64-linux-gnu",
            ),
            (
                "/usr/lib/gcc/x86_64-alpine-linux-musl/13.2.1/crtbegin.o",
                "x86_64-linux-musl",
            ),
            (
                "/usr/lib/gcc-cross/aarch64-linux-gnu/12/crtbegin.o",
                "aarch64-linux-gnu",
            ),
            (
                "/usr/lib/gcc/i686-linux-gnu/12/crtbegin.o",
                "i386-linux-gnu",
            ),
        ] {
            let fs = FakeFs::with_files([file]);
            let found = look(&fs, triple).expect(file);
            assert_eq!(found.dir.join("crtbegin.o"), Path::new(file));
            assert!(fs.questions() < 20, "{} questions", fs.questions());
        }
    }

    #[test]
    fn a_multilib_compiler_serves_its_32_bit_sibling() {
        let fs = FakeFs::with_files([
            "/usr/lib/gcc/x86_64-linux-gnu/12/crtbegin.o",
            "/usr/lib/gcc/x86_64-linux-gnu/12/32/crtbegin.o",
        ]);
        let found = look(&fs, "i386-linux-gnu").expect("i386");
        assert_eq!(
            found.abi_dir(),
            Path::new("/usr/lib/gcc/x86_64-linux-gnu/12/32")
        );
        assert_eq!(look(&fs, "x86_64-linux-gnux32"), None);
    }

    #[test]
    fn a_named_directory_must_be_an_installation() {
        let fs = FakeFs::with_files(["/opt/g/lib/gcc/x86_64-linux-gnu/11/crtbegin.o"]);
        let triple = Triple::parse("x86_64-linux-gnu").expect("triple");
        let mut query = GccQuery {
            triple: &triple,
            exact_dir: Some(Path::new("/opt/g/lib/gcc/x86_64-linux-gnu/11")),
            exact_triple: None,
            prefixes: vec![],
            version: None,
        };
        assert_eq!(
            find(&fs, &query, &mut Vec::new()).map(|g| g.lib),
            Ok("/opt/g/lib".into())
        );
        query.exact_dir = Some(Path::new("/opt/g"));
        assert!(matches!(
            find(&fs, &query, &mut Vec::new()),
            Err(GccError::NotAnInstallation(_))
        ));
    }
}
