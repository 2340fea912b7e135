//! Target triples: parsing, normalising, and the directory names they lead to.
//!
//! A triple is `arch-vendor-os-env`, but people leave parts out and spell them in many ways
//! (`x86_64-linux-gnu`, `amd64-pc-solaris2.11`, `i686-pc-linux-musl`). Parsing accepts all of them;
//! the text as given is kept because GCC's directories are named by it.

use crate::arch::Arch;

/// Operating system part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Os {
    Linux,
    Solaris,
    Illumos,
    FreeBsd,
    NetBsd,
    OpenBsd,
    DragonFly,
    Haiku,
    Hurd,
    /// No operating system (`*-none-elf`, `*-elf`).
    None,
    /// Something this table does not know; the delegate is asked for its link line.
    Other,
}

/// C library and ABI part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Env {
    Gnu,
    /// x86-64 instructions with 32-bit pointers.
    GnuX32,
    GnuEabi,
    GnuEabiHf,
    GnuAbiN32,
    Musl,
    MuslX32,
    MuslEabi,
    MuslEabiHf,
    Android,
    /// A C library or ABI that is not in the tables: uClibc, OpenHarmony's, ILP32 on AArch64.
    Other,
    Unknown,
}

/// A parsed target triple.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    pub arch: Arch,
    pub os: Os,
    pub env: Env,
    /// Digits after the operating system (`2.11` of `solaris2.11`) or after `android`.
    pub version: String,
    /// As the user or the compiler wrote it.
    pub text: String,
}

impl Triple {
    /// Parses a triple. `None` when the architecture is not one we know.
    pub fn parse(text: &str) -> Option<Triple> {
        let mut parts = text.split('-');
        let arch_text = parts.next()?;
        let mut arch = Arch::parse(arch_text)?;
        let mut os = Os::Other;
        let mut env = Env::Unknown;
        let mut version = String::new();
        for part in parts {
            if part == "eabi" && os != Os::Other {
                env = Env::GnuEabi;
            } else if let Some((found, rest)) = parse_os(part) {
                os = found;
                if !rest.is_empty() {
                    version = rest.to_string();
                }
            } else if let Some((found, rest)) = parse_env(part) {
                env = found;
                if found == Env::Android {
                    version = rest.to_string();
                }
            } else if matches!(part, "elf" | "eabi" | "none") && os == Os::Other {
                os = Os::None;
            }
        }
        if os == Os::Linux && env == Env::Unknown {
            env = Env::Gnu;
        }
        if arch == Arch::X86_64 && matches!(env, Env::GnuX32 | Env::MuslX32) {
            arch = Arch::X32;
        }
        Some(Triple {
            arch,
            os,
            env,
            version,
            text: text.to_string(),
        })
    }

    /// The same platform for another architecture of the family (`-m32`, `-mx32`, `-m64`).
    pub fn with_arch(&self, arch: Arch) -> Triple {
        let mut t = self.clone();
        t.arch = arch;
        t.env = match (arch, self.env) {
            (Arch::X32, Env::Gnu) => Env::GnuX32,
            (Arch::X32, Env::Musl) => Env::MuslX32,
            (_, Env::GnuX32) => Env::Gnu,
            (_, Env::MuslX32) => Env::Musl,
            (_, e) => e,
        };
        t
    }

    /// Whether the C library is musl.
    pub fn is_musl(&self) -> bool {
        matches!(
            self.env,
            Env::Musl | Env::MuslX32 | Env::MuslEabi | Env::MuslEabiHf
        )
    }

    /// Whether this is Solaris or illumos.
    pub fn is_sunos(&self) -> bool {
        matches!(self.os, Os::Solaris | Os::Illumos)
    }

    /// Whether floating-point arguments travel in registers on 32-bit ARM.
    pub fn is_hard_float(&self) -> bool {
        matches!(self.env, Env::GnuEabiHf | Env::MuslEabiHf)
    }

    /// Whether this is release 6 of MIPS, which cannot run earlier programs.
    pub fn is_mips_r6(&self) -> bool {
        self.text.starts_with("mipsisa")
    }

    /// Debian's directory name (`x86_64-linux-gnu`) for this target, if Debian has one.
    pub fn multiarch(&self) -> Option<String> {
        if self.os != Os::Linux || matches!(self.env, Env::Android | Env::Other) {
            return None;
        }
        let arch = match self.text.split('-').next() {
            Some(name) if self.is_mips_r6() => name,
            _ => self.arch.debian_name(),
        };
        let abi = if self.is_musl() { "musl" } else { "gnu" };
        let suffix = match self.arch {
            Arch::Arm | Arch::ArmBe => {
                if self.is_hard_float() {
                    "eabihf"
                } else {
                    "eabi"
                }
            }
            Arch::X32 => "x32",
            Arch::Mips64 | Arch::Mips64el if self.env != Env::GnuAbiN32 => "abi64",
            Arch::Mips64 | Arch::Mips64el => "abin32",
            _ => "",
        };
        Some(format!("{arch}-linux-{abi}{suffix}"))
    }

    /// Names under which GCC may have been configured for this target, most likely first.
    pub fn gcc_aliases(&self) -> Vec<String> {
        let mut names = vec![self.text.clone()];
        let mut push = |name: String| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        if let Some(ma) = self.multiarch() {
            push(ma);
        }
        let arches: &[&str] = match self.arch {
            Arch::I386 => &["i686", "i586", "i486", "i386"],
            Arch::X32 => &["x86_64"],
            a => &[a.name()],
        };
        if self.os == Os::Linux && self.env != Env::Other {
            let env = match self.env {
                Env::Musl | Env::MuslX32 => "musl",
                Env::MuslEabi => "musleabi",
                Env::MuslEabiHf => "musleabihf",
                Env::GnuEabi => "gnueabi",
                Env::GnuEabiHf => "gnueabihf",
                Env::Android => "android",
                _ => "gnu",
            };
            let vendors: &[&str] = if self.is_musl() {
                &[
                    "",
                    "alpine-",
                    "unknown-",
                    "pc-",
                    "buildroot-",
                    "openwrt-",
                    "chimera-",
                ]
            } else {
                &[
                    "",
                    "pc-",
                    "unknown-",
                    "redhat-",
                    "suse-",
                    "amazon-",
                    "slackware-",
                    "none-",
                    "buildroot-",
                ]
            };
            for arch in arches {
                for vendor in vendors {
                    push(format!("{arch}-{vendor}linux-{env}"));
                    if *vendor == "redhat-"
                        || *vendor == "suse-"
                        || *vendor == "amazon-"
                        || *vendor == "slackware-"
                    {
                        push(format!("{arch}-{vendor}linux"));
                    }
                }
            }
        } else if self.is_sunos() {
            for arch in ["x86_64", "i386", "sparcv9", "sparc"] {
                if Arch::parse(arch).is_some_and(|a| a.family() == self.arch.family()) {
                    for vendor in ["pc", "sun", "unknown"] {
                        for os in ["solaris2.11", "solaris2.12", "illumos"] {
                            push(format!("{arch}-{vendor}-{os}"));
                        }
                    }
                }
            }
        }
        names
    }
}

fn parse_os(part: &str) -> Option<(Os, &str)> {
    const TABLE: &[(&str, Os)] = &[
        ("linux", Os::Linux),
        ("solaris", Os::Solaris),
        ("sunos", Os::Solaris),
        ("illumos", Os::Illumos),
        ("freebsd", Os::FreeBsd),
        ("netbsdelf", Os::NetBsd),
        ("netbsd", Os::NetBsd),
        ("openbsd", Os::OpenBsd),
        ("dragonfly", Os::DragonFly),
        ("haiku", Os::Haiku),
        ("hurd", Os::Hurd),
    ];
    TABLE
        .iter()
        .find_map(|(name, os)| Some((*os, part.strip_prefix(name)?)))
}

fn parse_env(part: &str) -> Option<(Env, &str)> {
    // Longer names first: `gnux32` also starts with `gnu`.
    const TABLE: &[(&str, Env)] = &[
        ("gnueabihf", Env::GnuEabiHf),
        ("eabihf", Env::GnuEabiHf),
        ("gnueabi", Env::GnuEabi),
        ("gnuabin32", Env::GnuAbiN32),
        ("gnux32", Env::GnuX32),
        ("gnu_ilp32", Env::Other),
        ("gnuf32", Env::Other),
        ("gnusf", Env::Other),
        ("gnu", Env::Gnu),
        ("musleabihf", Env::MuslEabiHf),
        ("musleabi", Env::MuslEabi),
        ("muslx32", Env::MuslX32),
        ("muslabin32", Env::Other),
        ("muslf32", Env::Other),
        ("muslsf", Env::Other),
        ("musl", Env::Musl),
        ("androideabi", Env::Android),
        ("android", Env::Android),
        ("uclibc", Env::Other),
        ("ohos", Env::Other),
        ("newlib", Env::Other),
        ("mlibc", Env::Other),
        ("llvm", Env::Other),
    ];
    TABLE
        .iter()
        .find_map(|(name, env)| Some((*env, part.strip_prefix(name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_spellings_name_the_same_platform() {
        for text in [
            "x86_64-linux-gnu",
            "x86_64-pc-linux-gnu",
            "x86_64-unknown-linux-gnu",
            "amd64-linux-gnu",
            "x86_64-redhat-linux",
        ] {
            let t = Triple::parse(text).expect(text);
            assert_eq!(
                (t.arch, t.os, t.env),
                (Arch::X86_64, Os::Linux, Env::Gnu),
                "{text}"
            );
        }
        for text in [
            "x86_64-linux-musl",
            "x86_64-alpine-linux-musl",
            "x86_64-unknown-linux-musl",
        ] {
            assert!(Triple::parse(text).expect(text).is_musl(), "{text}");
        }
    }

    #[test]
    fn solaris_and_illumos_spellings() {
        for (text, arch, os) in [
            ("x86_64-unknown-illumos", Arch::X86_64, Os::Illumos),
            ("x86_64-pc-solaris2.11", Arch::X86_64, Os::Solaris),
            ("amd64-pc-solaris2.11", Arch::X86_64, Os::Solaris),
            ("i386-pc-solaris2.11", Arch::I386, Os::Solaris),
            ("i686-pc-sunos5.11", Arch::I386, Os::Solaris),
            ("sparcv9-sun-solaris2.11", Arch::Sparcv9, Os::Solaris),
            ("sparc64-sun-solaris2.11", Arch::Sparcv9, Os::Solaris),
        ] {
            let t = Triple::parse(text).expect(text);
            assert_eq!((t.arch, t.os), (arch, os), "{text}");
        }
        assert_eq!(
            Triple::parse("x86_64-pc-solaris2.11").map(|t| t.version),
            Some("2.11".into())
        );
    }

    #[test]
    fn multiarch_names_are_debians() {
        for (text, name) in [
            ("x86_64-pc-linux-gnu", "x86_64-linux-gnu"),
            ("i686-pc-linux-gnu", "i386-linux-gnu"),
            ("x86_64-linux-gnux32", "x86_64-linux-gnux32"),
            ("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf"),
            ("aarch64-unknown-linux-musl", "aarch64-linux-musl"),
            ("powerpc64le-unknown-linux-gnu", "powerpc64le-linux-gnu"),
        ] {
            assert_eq!(
                Triple::parse(text).and_then(|t| t.multiarch()).as_deref(),
                Some(name)
            );
        }
    }

    #[test]
    fn unknown_architecture_is_none() {
        assert_eq!(Triple::parse("z80-unknown-none"), None);
        assert_eq!(Triple::parse(""), None);
    }
}
