//! Architectures: what ELF and GNU ld's emulations call them. One row each.

/// An instruction set together with its pointer size and byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arch {
    X86_64,
    /// x86-64 instructions, 32-bit pointers (ELFCLASS32 with EM_X86_64).
    X32,
    I386,
    Aarch64,
    Aarch64Be,
    Arm,
    ArmBe,
    Riscv64,
    Riscv32,
    Ppc64le,
    Ppc64,
    Ppc,
    Ppcle,
    S390x,
    LoongArch64,
    Mips64,
    Mips64el,
    Mips,
    Mipsel,
    Sparcv9,
    Sparc,
    M68k,
}

/// One row of the architecture table.
#[derive(Debug)]
pub struct ArchInfo {
    pub arch: Arch,
    /// The name LLVM's normalised triples use.
    pub name: &'static str,
    /// Debian's multiarch name.
    pub debian: &'static str,
    /// musl's name in `ld-musl-NAME.so.1`.
    pub musl: &'static str,
    /// ELF `e_machine`.
    pub machine: u16,
    pub is_64: bool,
    pub little_endian: bool,
    /// GNU ld emulation on Linux.
    pub emulation: &'static str,
    /// GNU ld emulation on Solaris and illumos, if there is one.
    pub emulation_sol2: Option<&'static str>,
    /// Where multilib systems keep this ABI's libraries: `lib64`, `lib32`, `libx32` or `lib`.
    pub os_lib: &'static str,
    /// glibc's run-time linker for the default ABI.
    pub glibc_interp: &'static str,
    /// Largest page size a loader of this architecture may use, in bytes (GNU ld's `max-page-size`).
    pub max_page_size: u64,
    /// Smallest page size in use, in bytes.
    pub min_page_size: u64,
    /// Other spellings in triples.
    pub aliases: &'static [&'static str],
}

#[expect(
    clippy::too_many_arguments,
    reason = "one argument a column keeps a row on one line"
)]
const fn row(
    arch: Arch,
    names: [&'static str; 3],
    machine: u16,
    shape: (bool, bool),
    emulation: &'static str,
    os_lib: &'static str,
    glibc_interp: &'static str,
    pages: (u64, u64),
    aliases: &'static [&'static str],
) -> ArchInfo {
    ArchInfo {
        arch,
        name: names[0],
        debian: names[1],
        musl: names[2],
        machine,
        is_64: shape.0,
        little_endian: shape.1,
        emulation,
        emulation_sol2: None,
        os_lib,
        glibc_interp,
        max_page_size: pages.0,
        min_page_size: pages.1,
        aliases,
    }
}

const fn sol2(mut r: ArchInfo, emulation: &'static str) -> ArchInfo {
    r.emulation_sol2 = Some(emulation);
    r
}

const W64: bool = true;
const W32: bool = false;
const LE: bool = true;
const BE: bool = false;
const K4: (u64, u64) = (0x1000, 0x1000);
const K64: (u64, u64) = (0x10000, 0x1000);

/// Every architecture, in the order of [`Arch`] (a test keeps it so).
#[rustfmt::skip]
pub static ARCHES: &[ArchInfo] = &[
    sol2(row(Arch::X86_64, ["x86_64", "x86_64", "x86_64"], 62, (W64, LE), "elf_x86_64", "lib64", "/lib64/ld-linux-x86-64.so.2", K4, &["amd64", "x86-64", "x86_64h"]), "elf_x86_64_sol2"),
    row(Arch::X32, ["x86_64", "x86_64", "x32"], 62, (W32, LE), "elf32_x86_64", "libx32", "/libx32/ld-linux-x32.so.2", K4, &["x32"]),
    sol2(row(Arch::I386, ["i386", "i386", "i386"], 3, (W32, LE), "elf_i386", "lib32", "/lib/ld-linux.so.2", K4, &["i486", "i586", "i686", "i786", "x86"]), "elf_i386_sol2"),
    row(Arch::Aarch64, ["aarch64", "aarch64", "aarch64"], 183, (W64, LE), "aarch64linux", "lib64", "/lib/ld-linux-aarch64.so.1", K64, &["arm64"]),
    row(Arch::Aarch64Be, ["aarch64_be", "aarch64_be", "aarch64_be"], 183, (W64, BE), "aarch64linuxb", "lib64", "/lib/ld-linux-aarch64_be.so.1", K64, &[]),
    row(Arch::Arm, ["arm", "arm", "arm"], 40, (W32, LE), "armelf_linux_eabi", "lib", "/lib/ld-linux.so.3", K64, &["thumb"]),
    row(Arch::ArmBe, ["armeb", "armeb", "armeb"], 40, (W32, BE), "armelfb_linux_eabi", "lib", "/lib/ld-linux.so.3", K64, &["thumbeb"]),
    row(Arch::Riscv64, ["riscv64", "riscv64", "riscv64"], 243, (W64, LE), "elf64lriscv", "lib64", "/lib/ld-linux-riscv64-lp64d.so.1", K4, &[]),
    row(Arch::Riscv32, ["riscv32", "riscv32", "riscv32"], 243, (W32, LE), "elf32lriscv", "lib32", "/lib/ld-linux-riscv32-ilp32d.so.1", K4, &[]),
    row(Arch::Ppc64le, ["powerpc64le", "powerpc64le", "powerpc64le"], 21, (W64, LE), "elf64lppc", "lib64", "/lib64/ld64.so.2", K64, &["ppc64le", "ppc64el"]),
    row(Arch::Ppc64, ["powerpc64", "powerpc64", "powerpc64"], 21, (W64, BE), "elf64ppc", "lib64", "/lib64/ld64.so.1", K64, &["ppc64"]),
    row(Arch::Ppc, ["powerpc", "powerpc", "powerpc"], 20, (W32, BE), "elf32ppclinux", "lib32", "/lib/ld.so.1", K64, &["ppc", "ppc32"]),
    row(Arch::Ppcle, ["powerpcle", "powerpcle", "powerpcle"], 20, (W32, LE), "elf32lppclinux", "lib32", "/lib/ld.so.1", K64, &["ppcle", "ppc32le"]),
    row(Arch::S390x, ["s390x", "s390x", "s390x"], 22, (W64, BE), "elf64_s390", "lib64", "/lib/ld64.so.1", K4, &["systemz"]),
    row(Arch::LoongArch64, ["loongarch64", "loongarch64", "loongarch64"], 258, (W64, LE), "elf64loongarch", "lib64", "/lib64/ld-linux-loongarch-lp64d.so.1", K64, &["loong64"]),
    row(Arch::Mips64, ["mips64", "mips64", "mips64"], 8, (W64, BE), "elf64btsmip", "lib64", "/lib64/ld.so.1", K64, &["mipsisa64r6"]),
    row(Arch::Mips64el, ["mips64el", "mips64el", "mips64el"], 8, (W64, LE), "elf64ltsmip", "lib64", "/lib64/ld.so.1", K64, &["mipsisa64r6el"]),
    row(Arch::Mips, ["mips", "mips", "mips"], 8, (W32, BE), "elf32btsmip", "lib", "/lib/ld.so.1", K64, &["mipsisa32r6"]),
    row(Arch::Mipsel, ["mipsel", "mipsel", "mipsel"], 8, (W32, LE), "elf32ltsmip", "lib", "/lib/ld.so.1", K64, &["mipsisa32r6el"]),
    sol2(row(Arch::Sparcv9, ["sparc64", "sparc64", "sparc64"], 43, (W64, BE), "elf64_sparc", "lib64", "/lib64/ld-linux.so.2", (0x100000, 0x2000), &["sparcv9"]), "elf64_sparc_sol2"),
    sol2(row(Arch::Sparc, ["sparc", "sparc", "sparc"], 2, (W32, BE), "elf32_sparc", "lib32", "/lib/ld-linux.so.2", (0x10000, 0x2000), &["sparcv8"]), "elf32_sparc_sol2"),
    row(Arch::M68k, ["m68k", "m68k", "m68k"], 4, (W32, BE), "m68kelf", "lib", "/lib/ld.so.1", (0x2000, 0x1000), &[]),
];

/// Names that go on with a version or with extensions: `armv7hl`, `thumbv8m.main`, `riscv32imac`.
const VERSIONED: &[(&str, Arch)] = &[
    ("armeb", Arch::ArmBe),
    ("thumbeb", Arch::ArmBe),
    ("armv", Arch::Arm),
    ("thumbv", Arch::Arm),
    ("aarch64v", Arch::Aarch64),
    ("riscv64", Arch::Riscv64),
    ("riscv32", Arch::Riscv32),
];

impl Arch {
    /// Parses the first part of a triple.
    pub fn parse(text: &str) -> Option<Arch> {
        ARCHES
            .iter()
            .find(|r| r.arch != Arch::X32 && (r.name == text || r.aliases.contains(&text)))
            .or_else(|| ARCHES.iter().find(|r| r.aliases.contains(&text)))
            .map(|r| r.arch)
            .or_else(|| Arch::parse_versioned(text))
    }

    fn parse_versioned(text: &str) -> Option<Arch> {
        let (_, arch) = VERSIONED.iter().find(|(p, _)| text.starts_with(p))?;
        // `uname -m` says armv7b, LLVM armv7eb.
        let big = *arch == Arch::Arm && text.ends_with('b');
        Some(if big { Arch::ArmBe } else { *arch })
    }

    /// The table row.
    pub fn info(self) -> &'static ArchInfo {
        let mut i = 0;
        // The order test makes this the row itself; the loop keeps it right without indexing.
        for (n, r) in ARCHES.iter().enumerate() {
            if r.arch == self {
                i = n;
                break;
            }
        }
        &ARCHES[i]
    }

    /// LLVM's name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// Debian's name.
    pub fn debian_name(self) -> &'static str {
        self.info().debian
    }

    /// The 64-bit member of the family, which names what one multilib GCC can do.
    pub fn family(self) -> Arch {
        match self {
            Arch::X32 | Arch::I386 => Arch::X86_64,
            Arch::Sparc => Arch::Sparcv9,
            Arch::Ppc => Arch::Ppc64,
            Arch::Riscv32 => Arch::Riscv64,
            Arch::Mips => Arch::Mips64,
            Arch::Mipsel => Arch::Mips64el,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_architecture_has_one_row() {
        for r in ARCHES {
            assert_eq!(
                ARCHES.iter().filter(|o| o.arch == r.arch).count(),
                1,
                "{:?}",
                r.arch
            );
            assert_eq!(r.arch.info().emulation, r.emulation);
        }
    }

    #[test]
    fn aliases_lead_to_their_row() {
        assert_eq!(Arch::parse("amd64"), Some(Arch::X86_64));
        assert_eq!(Arch::parse("x86_64"), Some(Arch::X86_64));
        assert_eq!(Arch::parse("i686"), Some(Arch::I386));
        assert_eq!(Arch::parse("sparcv9"), Some(Arch::Sparcv9));
        assert_eq!(Arch::parse("arm64"), Some(Arch::Aarch64));
        assert_eq!(Arch::parse("ppcle"), Some(Arch::Ppcle));
    }

    #[test]
    fn versions_and_extensions_are_part_of_the_name() {
        for (text, arch) in [
            ("armv7l", Some(Arch::Arm)),
            ("armv6hl", Some(Arch::Arm)),
            ("armv7eb", Some(Arch::ArmBe)),
            ("armv7b", Some(Arch::ArmBe)),
            ("armebv7r", Some(Arch::ArmBe)),
            ("thumbv8m.main", Some(Arch::Arm)),
            ("thumbv7neon", Some(Arch::Arm)),
            ("aarch64v8r", Some(Arch::Aarch64)),
            ("riscv64a23", Some(Arch::Riscv64)),
            ("riscv32imafc", Some(Arch::Riscv32)),
            ("arc", None),
            ("riscv128", None),
        ] {
            assert_eq!(Arch::parse(text), arch, "{text}");
        }
    }
}
