//! Solaris and illumos, row by row: spellings of the target, where GCC may be, start files by mode and standard,
//! libraries by mode, in the language of either linker. The sysroots are made up.

use super::target_tests::{GCC, SOLARIS_CRT, cross, solaris};
use super::tests::{add_all, line_of, plan_on};
use wcc_targets::sysroot::FakeFs;

const SYSTEM: &str = "--target=x86_64-pc-solaris2.11 --sysroot=/sol";

fn line(fs: &FakeFs, cxx: bool, command: &str) -> String {
    line_of(&plan_on(fs, &[], cxx, command).expect(command))
}

/// The line between these two words.
fn between<'l>(line: &'l str, from: &str, to: &str) -> &'l str {
    let start = line.find(from).map_or(0, |at| at + from.len());
    let rest = &line[start..];
    rest[..rest.find(to).unwrap_or(rest.len())].trim()
}

#[test]
fn every_spelling_of_the_target_is_understood() {
    let fs = solaris();
    let expected = line(&fs, false, &format!("{SYSTEM} x.o"));
    for triple in [
        "x86_64-unknown-illumos",
        "x86_64-illumos",
        "x86_64-pc-illumos",
        "amd64-pc-solaris2.11",
        "amd64-unknown-illumos",
        "x86_64-pc-solaris",
        "x86_64-sun-solaris2.11",
        "x86_64-pc-solaris2.12",
        "x86_64-unknown-solaris2",
        "x86_64-sunos5",
        "i386-pc-solaris2.11 -m64",
    ] {
        let got = line(&fs, false, &format!("--target={triple} --sysroot=/sol x.o"));
        assert_eq!(got, expected, "{triple}");
    }
    for (triple, emulation) in [
        ("i386-pc-solaris2.11", "elf_i386_sol2"),
        ("i686-pc-solaris2.11", "elf_i386_sol2"),
        ("i686-unknown-illumos", "elf_i386_sol2"),
        ("x86_64-pc-solaris2.11 -m32", "elf_i386_sol2"),
        ("sparcv9-sun-solaris2.11", "elf64_sparc_sol2"),
        ("sparc-sun-solaris2.11", "elf32_sparc_sol2"),
    ] {
        let command = format!(
            "--target={triple} --sysroot=/sol --ld-path=/usr/bin/ld.bfd -nostartfiles -nodefaultlibs x.o"
        );
        let got = line(&fs, false, &command);
        assert!(got.contains(&format!("-m {emulation} ")), "{triple}: {got}");
    }
}

#[test]
fn gcc_is_found_where_each_distribution_puts_it() {
    let newest = "x86_64-pc-solaris2.11/14.2.0";
    for (system, dirs, options, expected) in [
        (
            "OpenIndiana",
            &[
                "/sol/usr/gcc/13/lib/gcc/x86_64-pc-solaris2.11/13.3.0",
                "/sol/usr/gcc/14/lib/gcc/x86_64-pc-solaris2.11/14.2.0",
            ][..],
            "",
            format!("/sol/usr/gcc/14/lib/gcc/{newest}"),
        ),
        (
            "OmniOS",
            &[
                "/sol/opt/gcc-10/lib/gcc/x86_64-pc-solaris2.11/10.4.0",
                "/sol/opt/gcc-14/lib/gcc/x86_64-pc-solaris2.11/14.2.0",
            ],
            "",
            format!("/sol/opt/gcc-14/lib/gcc/{newest}"),
        ),
        (
            "SmartOS",
            &["/sol/opt/local/lib/gcc/x86_64-sun-solaris2.11/13.3.0"],
            "",
            "/sol/opt/local/lib/gcc/x86_64-sun-solaris2.11/13.3.0".into(),
        ),
        (
            "named prefix",
            &[
                "/g/lib/gcc/x86_64-pc-solaris2.11/14.2.0",
                "/sol/usr/gcc/13/lib/gcc/x86_64-pc-solaris2.11/13.3.0",
            ],
            "--gcc-toolchain=/g",
            format!("/g/lib/gcc/{newest}"),
        ),
        (
            "named directory",
            &["/g/lib/gcc/x86_64-pc-solaris2.11/14.2.0"],
            "--gcc-install-dir=/g/lib/gcc/x86_64-pc-solaris2.11/14.2.0",
            format!("/g/lib/gcc/{newest}"),
        ),
    ] {
        let mut fs = cross();
        add_all(&mut fs, "/sol/usr/lib/amd64", SOLARIS_CRT);
        for dir in dirs {
            add_all(&mut fs, dir, GCC);
        }
        let got = line(&fs, false, &format!("{SYSTEM} {options} x.o"));
        assert!(got.contains(&format!(" -L{expected} ")), "{system}: {got}");
    }
}

#[test]
fn the_standard_chooses_the_values_objects() {
    let fs = solaris();
    for (standard, expected) in [
        ("", "values-Xa.o values-xpg6.o"),
        ("-std=c99", "values-Xc.o values-xpg6.o"),
        ("-std=gnu99", "values-Xa.o values-xpg6.o"),
        ("-std=c11", "values-Xc.o values-xpg6.o"),
        ("-std=c++17", "values-Xc.o values-xpg6.o"),
        ("-std=gnu++17", "values-Xa.o values-xpg6.o"),
        ("-std=c89", "values-Xc.o values-xpg4.o"),
        ("-std=c90", "values-Xc.o values-xpg4.o"),
        ("-std=iso9899:199409", "values-Xc.o values-xpg4.o"),
        ("-std=gnu89", "values-Xa.o values-xpg4.o"),
        ("-ansi", "values-Xc.o values-xpg4.o"),
        ("-std=c90 -std=gnu11", "values-Xa.o values-xpg6.o"),
        ("-ansi -std=c99", "values-Xc.o values-xpg6.o"),
    ] {
        let got = line(&fs, false, &format!("{SYSTEM} {standard} x.o"));
        assert_eq!(
            between(&got, " crti.o ", " crtbegin.o"),
            expected,
            "{standard}"
        );
        let got = line(&fs, false, &format!("{SYSTEM} -shared {standard} x.o"));
        assert_eq!(
            between(&got, " crti.o ", " crtbeginS.o"),
            expected,
            "-shared {standard}"
        );
    }
}

/// GCC links them into programs only, and its C90 modes have no edition.
#[test]
fn gcc_has_its_own_choice_of_values_objects() {
    let mut fs = FakeFs::default();
    fs.add("/usr/bin/gcc", super::tests::DEBIAN_GCC);
    fs.add("/opt/wcc/bin/wcc", b"");
    fs.add("/lib64/ld-linux-x86-64.so.2", b"");
    add_all(&mut fs, "/sol/usr/lib/amd64", SOLARIS_CRT);
    let dir = "/sol/usr/gcc/13/lib/gcc/x86_64-pc-solaris2.11/13.2.0";
    add_all(&mut fs, dir, GCC);
    for (standard, expected) in [
        ("", "values-Xa.o values-xpg6.o"),
        ("-std=gnu17", "values-Xa.o values-xpg6.o"),
        ("-std=c99", "values-Xc.o values-xpg6.o"),
        ("-std=c17", "values-Xc.o values-xpg6.o"),
        ("-std=c++14", "values-Xc.o values-xpg6.o"),
        ("-std=gnu++14", "values-Xa.o values-xpg6.o"),
        ("-ansi", "values-Xc.o values-xpg6.o"),
        ("-std=iso9899:199409", "values-Xc.o values-xpg6.o"),
        ("-std=c89", "values-Xa.o"),
        ("-std=c90", "values-Xa.o"),
        ("-std=gnu89", "values-Xa.o"),
        ("-std=gnu90", "values-Xa.o"),
        ("-std=c89 -std=c11", "values-Xc.o values-xpg6.o"),
    ] {
        for dialect in ["gnu", "solaris"] {
            let options = format!("{SYSTEM} --wcc-ld-dialect={dialect} {standard}");
            let got = line(&fs, false, &format!("{options} x.o"));
            assert_eq!(
                between(&got, " crti.o ", " crtbegin.o"),
                expected,
                "{dialect} {standard}"
            );
            let got = line(&fs, false, &format!("{options} -shared x.o"));
            assert!(
                !got.contains("values-") && got.contains(" crti.o crtbeginS.o "),
                "{dialect} {standard}: {got}"
            );
        }
    }
}

#[test]
fn the_mode_chooses_start_files_and_libraries() {
    let fs = solaris();
    let values = "values-Xa.o values-xpg6.o";
    for (options, start, end) in [
        (
            "",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc AN(-lgcc_s) -lc crtend.o crtn.o",
        ),
        (
            "-shared",
            format!("crti.o {values} crtbeginS.o"),
            "-lgcc AN(-lgcc_s) -lc crtendS.o crtn.o",
        ),
        (
            "-shared-libgcc",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc_s -lgcc -lc crtend.o crtn.o",
        ),
        (
            "-static-libgcc",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc -lgcc_eh -lc crtend.o crtn.o",
        ),
        ("-nostartfiles", String::new(), "-lgcc AN(-lgcc_s) -lc"),
        (
            "-nodefaultlibs",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "crtend.o crtn.o",
        ),
        (
            "-nolibc",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc AN(-lgcc_s) crtend.o crtn.o",
        ),
        ("-nostdlib", String::new(), ""),
        ("-r", String::new(), ""),
        (
            "-pthread",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc AN(-lgcc_s) -lc crtend.o crtn.o",
        ),
        (
            "-static",
            format!("crt1.o crti.o {values} crtbegin.o"),
            "-lgcc -lgcc_eh -lc crtend.o crtn.o",
        ),
        (
            "-pg",
            format!("gcrt1.o crti.o {values} crtbegin.o"),
            "-lgcc AN(-lgcc_s) -lc crtend.o crtn.o",
        ),
    ] {
        for (dialect, ignore, record) in [
            ("gnu", "--as-needed ", " --no-as-needed"),
            ("solaris", "-z ignore ", " -z record"),
        ] {
            let got = line(
                &fs,
                false,
                &format!("{SYSTEM} --wcc-ld-dialect={dialect} {options} x.o"),
            );
            assert_eq!(
                between(&got, " a.out ", "-L/sol"),
                start,
                "{dialect} {options}: {got}"
            );
            let end = end.replace("AN(", ignore).replace(')', record);
            assert_eq!(
                between(&got, " x.o", "\0"),
                end,
                "{dialect} {options}: {got}"
            );
        }
    }
}

#[test]
fn cxx_libraries_come_before_libgcc() {
    let fs = solaris();
    for (options, expected) in [
        ("", "-lstdc++ -lm -lgcc_s -lgcc -lc"),
        (
            "-static-libstdc++",
            "-Bstatic -lstdc++ -Bdynamic -lm -lgcc_s -lgcc -lc",
        ),
        ("-nostdlib++", "-lm -lgcc_s -lgcc -lc"),
        ("-stdlib=libc++", "-lc++ -lm -lgcc_s -lgcc -lc"),
    ] {
        for dialect in ["gnu", "solaris"] {
            let got = line(
                &fs,
                true,
                &format!("{SYSTEM} --wcc-ld-dialect={dialect} {options} x.o"),
            );
            assert_eq!(
                between(&got, " x.o ", " crtend.o"),
                expected,
                "{dialect} {options}"
            );
        }
    }
}

#[test]
fn nothing_the_user_says_is_dropped() {
    let fs = solaris();
    for dialect in ["gnu", "solaris"] {
        let got = line(
            &fs,
            false,
            &format!(
                "{SYSTEM} --wcc-ld-dialect={dialect} -s -u one -u two -L/mine -Wl,-z,now,-R,/run -Xlinker -M -Xlinker map -lfoo -z text x.o -h name -Wl,-B,direct"
            ),
        );
        for part in [
            " -s",
            " -u one",
            " -u two",
            " -z now -R /run -M map ",
            " -lfoo",
            " -z text ",
            " -h name",
            " -B direct ",
        ] {
            assert!(got.contains(part), "{dialect}: {part} in {got}");
        }
        let mine = got.find("-L/mine").expect("-L");
        assert!(mine < got.find("-L/sol").expect("system"), "{got}");
        // The sysroot only prefixes paths; the emulation, or the system's ld, knows the run-time linker.
        for part in ["--sysroot", "-dynamic-linker", "--hash-style", "--build-id"] {
            assert!(!got.contains(part), "{dialect}: {part} in {got}");
        }
    }
}

#[test]
fn each_dialect_has_its_words() {
    let fs = solaris();
    for (options, gnu, solaris) in [
        (
            "",
            "-m elf_x86_64_sol2 -e _start --eh-frame-hdr",
            "-C -e _start",
        ),
        (
            "-pie",
            "-m elf_x86_64_sol2 -e _start --eh-frame-hdr -pie",
            "-C -e _start -z type=pie",
        ),
        (
            "-rdynamic",
            "-m elf_x86_64_sol2 -e _start --eh-frame-hdr -export-dynamic",
            "-C -e _start",
        ),
        (
            "-shared",
            "-m elf_x86_64_sol2 --eh-frame-hdr -shared",
            "-C -shared",
        ),
        (
            "-static",
            "-m elf_x86_64_sol2 -e _start --eh-frame-hdr -Bstatic -dn",
            "-C -e _start -Bstatic -dn",
        ),
        ("-r", "-m elf_x86_64_sol2 --eh-frame-hdr -r", "-C -r"),
    ] {
        for (dialect, expected) in [("gnu", gnu), ("solaris", solaris)] {
            let got = line(
                &fs,
                false,
                &format!("{SYSTEM} --wcc-ld-dialect={dialect} {options} x.o"),
            );
            assert_eq!(
                between(&got, "ld.wcc ", " -o a.out"),
                expected,
                "{dialect} {options}"
            );
        }
    }
}

#[test]
fn thirty_two_bits_without_a_linker_says_what_to_do() {
    let mut fs = FakeFs::default();
    for p in [
        "/usr/bin/clang",
        // lld is no linker for these systems, and not taken unasked.
        "/usr/bin/ld.lld",
        "/opt/wcc/bin/wcc",
        "/lib64/ld-linux-x86-64.so.2",
    ] {
        fs.add(p, b"");
    }
    for (triple, what) in [
        ("sparcv9-sun-solaris2.11", "sparcv9"),
        ("sparc-sun-solaris2.11", "sparc"),
    ] {
        let err = plan_on(&fs, &[], false, &format!("--target={triple} x.o"))
            .map(|_| ())
            .expect_err(triple);
        for part in [what, triple, "--ld-path="] {
            assert!(err.contains(part), "{part} in {err}");
        }
    }
}

#[test]
fn linkers_are_looked_for_in_this_order() {
    let mut fs = solaris();
    fs.add("/opt/wcc/bin/ld.mold", b"");
    fs.add("/usr/bin/ld.mold", b"");
    fs.add("/b/ld.lld", b"");
    for (options, expected) in [
        ("-fuse-ld=mold", "/opt/wcc/bin/ld.mold "),
        ("-fuse-ld=lld", "/usr/bin/ld.lld "),
        ("-B/b -fuse-ld=lld", "/b/ld.lld "),
        ("--ld-path=ld.mold", "/opt/wcc/bin/ld.mold "),
    ] {
        let got = line(&fs, false, &format!("{SYSTEM} {options} x.o"));
        assert!(got.starts_with(expected), "{options}: {got}");
    }
}
