//! Plans on made-up machines: the whole link line for each mode, distribution and C library.

use std::ffi::OsString;

use wcc_targets::Triple;
use wcc_targets::sysroot::FakeFs;

use super::*;
use crate::compiler;
use crate::print;

pub(super) const DEBIAN_GCC: &[u8] = b"\x7fELF\0%{static|shared|r:;!no-pie:-pie}\0%{!r:--build-id}\0-m elf_x86_64 --hash-style=gnu %{!fsanitize=*:--as-needed}\0";
const PLAIN_GCC: &[u8] = b"\x7fELF\0%{static|shared|r:;pie:-pie}\0%{!r:--build-id}\0-m elf_x86_64 --hash-style=gnu %{shared:-shared}\0";
const UBUNTU_GCC: &[u8] = b"\x7fELF\0%{static|shared|r:;!no-pie:-pie}\0%{!r:--build-id}\0--hash-style=gnu --as-needed\0%{!r:-z now}\0%{!r:-z relro}\0";

const CRT: &[&str] = &[
    "crt1.o", "Scrt1.o", "rcrt1.o", "gcrt1.o", "grcrt1.o", "crti.o", "crtn.o",
];
const GCC_FILES: &[&str] = &[
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
    "crtfastmath.o",
    "libgcc.a",
    "libgcc_eh.a",
];

pub(super) fn add_all(fs: &mut FakeFs, dir: &str, names: &[&str]) {
    for n in names {
        fs.add(&format!("{dir}/{n}"), b"");
    }
}

/// A machine: `libc_dir` has the C library's start files, `gcc_dir` GCC's.
fn machine(gcc: &[u8], libc_dir: &str, gcc_dir: &str) -> FakeFs {
    let mut fs = FakeFs::default();
    fs.add("/usr/bin/gcc", gcc);
    fs.add("/usr/bin/g++", gcc);
    fs.add("/opt/wcc/bin/wcc", b"");
    fs.add("/lib64/ld-linux-x86-64.so.2", b"");
    fs.add("/lib/libc.so.6", b"");
    add_all(&mut fs, libc_dir, CRT);
    add_all(&mut fs, gcc_dir, GCC_FILES);
    fs
}

fn debian() -> FakeFs {
    let mut fs = machine(
        DEBIAN_GCC,
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/gcc/x86_64-linux-gnu/12",
    );
    fs.add("/lib/x86_64-linux-gnu/libc.so.6", b"");
    fs
}

/// Environment variables of a test.
pub(super) type Vars = &'static [(&'static str, &'static str)];

pub(super) fn plan_on(fs: &FakeFs, vars: Vars, cxx: bool, line: &str) -> Result<Plan, String> {
    let env = |name: &str| {
        let found = vars
            .iter()
            .find(|(k, _)| *k == name)
            .map(|(_, v)| OsString::from(v));
        found.or_else(|| (name == "PATH").then(|| "/usr/bin".into()))
    };
    let host = Host {
        fs,
        env: &env,
        exe: "/opt/wcc/bin/wcc".into(),
    };
    let words = line.split_whitespace().map(OsString::from).collect();
    let inv = Invocation::parse(words, cxx).map_err(|e| e.0)?;
    let target = inv
        .target
        .as_ref()
        .and_then(|t| Triple::parse(&t.to_string_lossy()));
    let delegate = compiler::find(&host, inv.cxx, None, target.as_ref())?;
    let facts = compiler::facts(&host, &delegate, target.as_ref());
    plan(&host, &inv, &delegate, facts.as_ref(), "/tmp/w".into())
}

/// A plan's link line, start files without their directories.
pub(super) fn line_of(plan: &Plan) -> String {
    let words = print::link_command(plan, "ld.wcc".as_ref());
    let short = |w: &OsString| {
        let w = w.to_string_lossy();
        let file = w.rsplit('/').next().unwrap_or(&w).to_string();
        let start = file.contains("crt") || file.starts_with("values-");
        if start && file.ends_with(".o") {
            file
        } else {
            w.into_owned()
        }
    };
    let words: Vec<String> = words.iter().map(short).collect();
    words.join(" ")
}

/// The same without the system's search directories.
fn line_on(fs: &FakeFs, cxx: bool, command: &str) -> String {
    let line = line_of(&plan_on(fs, &[], cxx, command).expect(command));
    let kept: Vec<&str> = line
        .split(' ')
        .filter(|w| !w.starts_with("-L/usr") && !w.starts_with("-L/lib"))
        .collect();
    kept.join(" ")
}

const HEAD: &str = "ld.wcc --build-id --eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed";
const DYN: &str = "-dynamic-linker /lib64/ld-linux-x86-64.so.2";
const C_LIBS: &str = "-lgcc --push-state --as-needed -lgcc_s --pop-state -lc -lgcc --push-state --as-needed -lgcc_s --pop-state";

#[test]
fn every_mode_has_gccs_line() {
    let fs = debian();
    for (options, expected) in [
        ("", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o {C_LIBS} crtendS.o crtn.o")),
        ("-no-pie", format!("{HEAD} {DYN} -o a.out crt1.o crti.o crtbegin.o x.o {C_LIBS} crtend.o crtn.o")),
        ("-static", "ld.wcc --build-id -m elf_x86_64 --hash-style=gnu --as-needed -static -o a.out crt1.o crti.o crtbeginT.o x.o --start-group -lgcc -lgcc_eh -lc --end-group crtend.o crtn.o".into()),
        ("-static-pie", format!("{HEAD} -static -pie --no-dynamic-linker -z text -o a.out rcrt1.o crti.o crtbeginS.o x.o --start-group -lgcc -lgcc_eh -lc --end-group crtendS.o crtn.o")),
        ("-shared", format!("{HEAD} -shared -o a.out crti.o crtbeginS.o x.o {C_LIBS} crtendS.o crtn.o")),
        ("-r", "ld.wcc --eh-frame-hdr -m elf_x86_64 --hash-style=gnu --as-needed -r -o a.out x.o".into()),
        ("-nostdlib", format!("{HEAD} {DYN} -pie -o a.out x.o")),
        ("-nostartfiles", format!("{HEAD} {DYN} -pie -o a.out x.o {C_LIBS}")),
        ("-nodefaultlibs", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o crtendS.o crtn.o")),
        ("-nolibc -static-libgcc", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o -lgcc -lgcc_eh -lgcc -lgcc_eh crtendS.o crtn.o")),
        ("-pthread -rdynamic", format!("{HEAD} -export-dynamic {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o {} crtendS.o crtn.o", C_LIBS.replace("-lc", "-lpthread -lc"))),
        ("-pg -no-pie", format!("{HEAD} {DYN} -o a.out gcrt1.o crti.o crtbegin.o x.o {C_LIBS} crtend.o crtn.o")),
        ("-Ofast", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o {C_LIBS} crtfastmath.o crtendS.o crtn.o")),
        ("-s -e main -z now -T x.ld -L. -lm", format!("{HEAD} {DYN} -pie -o a.out -s -e main Scrt1.o crti.o crtbeginS.o -L. -z now -lm x.o {C_LIBS} crtendS.o crtn.o -T x.ld")),
        ("-static -pie", "ld.wcc --build-id -m elf_x86_64 --hash-style=gnu --as-needed -static -o a.out crt1.o crti.o crtbeginT.o x.o --start-group -lgcc -lgcc_eh -lc --end-group crtend.o crtn.o".into()),
        ("-fopenmp", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o -lgomp {} crtendS.o crtn.o", C_LIBS.replace("-lc", "-lpthread -lc"))),
        ("--coverage", format!("{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o -lgcov {C_LIBS} crtendS.o crtn.o")),
    ] {
        assert_eq!(line_on(&fs, false, &format!("{options} x.o")), expected, "{options}");
    }
}

#[test]
fn cxx_modes() {
    let fs = debian();
    for (options, expected) in [
        (
            "",
            format!(
                "{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o -lstdc++ -lm -lgcc_s -lgcc -lc -lgcc_s -lgcc crtendS.o crtn.o"
            ),
        ),
        (
            "-shared",
            format!(
                "{HEAD} -shared -o a.out crti.o crtbeginS.o x.o -lstdc++ -lm -lgcc_s -lc -lgcc_s crtendS.o crtn.o"
            ),
        ),
        (
            "-static-libstdc++ -static-libgcc",
            format!(
                "{HEAD} {DYN} -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o -Bstatic -lstdc++ -Bdynamic -lm -lgcc -lgcc_eh -lc -lgcc -lgcc_eh crtendS.o crtn.o"
            ),
        ),
    ] {
        assert_eq!(
            line_on(&fs, true, &format!("{options} x.o")),
            expected,
            "{options}"
        );
    }
}

#[test]
fn distributions_differ_in_defaults_and_directories() {
    let fedora = machine(
        PLAIN_GCC,
        "/usr/lib64",
        "/usr/lib/gcc/x86_64-redhat-linux/14",
    );
    assert_eq!(
        line_on(&fedora, false, "x.o"),
        format!(
            "ld.wcc --build-id --eh-frame-hdr -m elf_x86_64 --hash-style=gnu {DYN} -o a.out crt1.o crti.o crtbegin.o x.o {C_LIBS} crtend.o crtn.o"
        )
    );
    let plan = plan_on(&fedora, &[], false, "x.o").expect("plan");
    let words = print::link_command(&plan, "ld.wcc".as_ref());
    let has = |w: &str| words.iter().any(|x| x == w);
    assert!(has("-L/usr/lib/gcc/x86_64-redhat-linux/14"));
    assert!(
        has("/usr/lib/gcc/x86_64-redhat-linux/14/../../../../lib64/crt1.o"),
        "{words:?}"
    );
    let ubuntu = machine(
        UBUNTU_GCC,
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/gcc/x86_64-linux-gnu/13",
    );
    assert_eq!(
        line_on(&ubuntu, false, "x.o"),
        format!(
            "{HEAD} {DYN} -pie -z now -z relro -o a.out Scrt1.o crti.o crtbeginS.o x.o {C_LIBS} crtendS.o crtn.o"
        )
    );
}

#[test]
fn a_link_of_objects_asks_for_few_files() {
    let fs = debian();
    let plan = plan_on(&fs, &[], false, "x.o -o x").expect("plan");
    assert!(matches!(plan.link, LinkStep::Line { .. }));
    assert!(plan.jobs.is_empty() && plan.temp_dir.is_none());
    assert!(fs.questions() <= 40, "{} questions", fs.questions());
}

#[test]
fn musl_beside_glibc_keeps_the_two_apart() {
    let mut fs = debian();
    fs.add("/usr/bin/musl-gcc", b"#!/bin/sh");
    add_all(&mut fs, "/usr/lib/x86_64-linux-musl", CRT);
    let expected = "ld.wcc --eh-frame-hdr -m elf_x86_64 --hash-style=gnu -dynamic-linker /lib/ld-musl-x86_64.so.1 -pie -o a.out Scrt1.o crti.o crtbeginS.o x.o \
        /usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a /usr/lib/gcc/x86_64-linux-gnu/12/libgcc_eh.a -lc \
        /usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a /usr/lib/gcc/x86_64-linux-gnu/12/libgcc_eh.a crtendS.o crtn.o";
    assert_eq!(
        line_on(&fs, false, "--target=x86_64-linux-musl x.o"),
        expected
    );
    let plan = plan_on(&fs, &[("WCC_CC", "musl-gcc")], false, "-static x.o").expect("plan");
    let words = print::link_command(&plan, "ld.wcc".as_ref());
    assert!(words.iter().any(|w| w == "-L/usr/lib/x86_64-linux-musl"));
    assert!(!words.iter().any(|w| {
        w.to_string_lossy()
            .starts_with("-L/usr/lib/x86_64-linux-gnu")
    }));
}

#[test]
fn thirty_two_bit_siblings_use_the_multilib_and_another_linker() {
    let mut fs = debian();
    fs.add("/usr/bin/ld", b"");
    add_all(&mut fs, "/usr/lib/gcc/x86_64-linux-gnu/12/32", GCC_FILES);
    add_all(&mut fs, "/usr/lib32", CRT);
    let plan = plan_on(&fs, &[], false, "-m32 x.o").expect("plan");
    let words: Vec<String> = print::link_command(&plan, "ld.wcc".as_ref())
        .iter()
        .map(|w| w.to_string_lossy().into_owned())
        .collect();
    assert_eq!(words.first().map(String::as_str), Some("/usr/bin/ld"));
    for w in [
        "elf_i386",
        "/lib/ld-linux.so.2",
        "/usr/lib/gcc/x86_64-linux-gnu/12/32/crtbeginS.o",
        "-L/usr/lib/gcc/x86_64-linux-gnu/12/32",
        "/usr/lib/gcc/x86_64-linux-gnu/12/../../../../lib32/Scrt1.o",
    ] {
        assert!(words.iter().any(|x| x == w), "{w} in {words:?}");
    }
    let none = plan_on(&debian(), &[], false, "-m32 x.o").map(|_| ());
    assert!(
        none.is_err_and(|e| e.contains("--ld-path=")),
        "says what to do without a linker"
    );
}

#[test]
fn sources_become_objects_in_their_place() {
    let plan = plan_on(
        &debian(),
        &[],
        false,
        "a.c -O2 x.o b.cc -DX -lm -Wl,-x -pie -o p -I inc",
    )
    .expect("plan");
    let commands: Vec<String> = plan
        .jobs
        .iter()
        .map(|j| print::line(&j.argv, print::Quote::OnlyProgram))
        .collect();
    assert_eq!(
        commands,
        [
            " /usr/bin/gcc -O2 -DX -I inc -c -o /tmp/w/a-0.o a.c",
            " /usr/bin/gcc -O2 -DX -I inc -c -o /tmp/w/b-1.o b.cc"
        ]
    );
    let words = print::line(
        &print::link_command(&plan, "ld.wcc".as_ref()),
        print::Quote::OnlyProgram,
    );
    assert!(
        words.contains(" /tmp/w/a-0.o x.o /tmp/w/b-1.o -lm -x "),
        "{words}"
    );
}

#[test]
fn dependency_files_are_named_after_the_output() {
    for (command, expected) in [
        ("-MD a.c", "-MF a.d -MQ a.o"),
        ("-MD a.c -o d/x.exe", "-MF d/x.d -MQ d/x.exe"),
        ("-MMD -MF q.d a.c -o x", "-MF q.d"),
        ("-MD -MT t a.c -o x", "-MF x.d"),
    ] {
        let plan = plan_on(&debian(), &[], false, command).expect(command);
        let words = print::line(
            &plan.jobs.first().expect("job").argv,
            print::Quote::OnlyProgram,
        );
        assert!(words.contains(expected), "{command}: {words}");
    }
    let plan = plan_on(&debian(), &[], false, "-MD a.c b.c").expect("plan");
    let second = print::line(
        &plan.jobs.get(1).expect("job").argv,
        print::Quote::OnlyProgram,
    );
    assert!(second.contains("-MF a-b.d -MQ b.o"), "{second}");
}

#[test]
fn coverage_notes_are_named_after_the_output() {
    // The compiler looks for the profile by the same name.
    let plan = plan_on(&debian(), &[], false, "-fprofile-use a.c -o x").expect("plan");
    let words = print::line(
        &plan.jobs.first().expect("job").argv,
        print::Quote::OnlyProgram,
    );
    assert!(words.contains("-dumpdir x- -dumpbase a.c"), "{words}");
    let plan = plan_on(&debian(), &[], false, "--coverage a.c -o x").expect("plan");
    let words = print::line(
        &plan.jobs.first().expect("job").argv,
        print::Quote::OnlyProgram,
    );
    assert!(
        words.contains("-dumpdir x- -dumpbase a.c -dumpbase-ext .c"),
        "{words}"
    );
}

#[test]
fn what_only_the_delegate_knows_is_asked() {
    let asked = |command: &str| {
        plan_on(&debian(), &[], false, command).map(|p| matches!(p.link, LinkStep::Ask { .. }))
    };
    assert_eq!(asked("-specs=x.specs a.o"), Ok(true));
    assert_eq!(asked("-fopenacc a.o"), Ok(true));
    assert_eq!(asked("-fopenmp a.o"), Ok(false));
    let mut fs = debian();
    fs.add("/usr/bin/mycc", b"#!/bin/sh");
    let plan = plan_on(&fs, &[("WCC_CC", "mycc")], false, "a.c b.o -o x").expect("plan");
    let LinkStep::Ask { argv, .. } = &plan.link else {
        panic!("not asked")
    };
    assert_eq!(
        print::line(argv, print::Quote::OnlyProgram),
        " /usr/bin/mycc -### /tmp/w/a.o b.o -o x".replace("a.o b", "a-0.o b")
    );
}

#[test]
fn lto_is_the_embedded_linkers_work_and_another_linkers_only_if_it_is_chosen() {
    let mut fs = debian();
    fs.add("/usr/bin/ld.bfd", b"");
    for command in ["-flto a.c", "-flto=auto a.o b.c", "-flto -fno-lto a.c"] {
        let plan = plan_on(&fs, &[], false, command).expect(command);
        assert!(matches!(plan.link, LinkStep::Line { .. }), "{command}");
        let dir = plan.compiler.gcc_dir.expect("GCC's directory");
        assert_eq!(
            dir,
            std::path::Path::new("/usr/lib/gcc/x86_64-linux-gnu/12")
        );
    }
    let plan = plan_on(&fs, &[], false, "-flto -fuse-ld=bfd a.c").expect("plan");
    assert!(matches!(plan.link, LinkStep::Delegate { linker: None, .. }));
}

#[test]
fn an_input_is_not_written_over() {
    for command in ["a.c -o a.c", "x.o ./a.c -o a.c", "x.o y.o -o ./x.o"] {
        let err = plan_on(&debian(), &[], false, command)
            .map(|_| ())
            .expect_err(command);
        assert!(err.contains("same as output file"), "{err}");
    }
}

#[test]
fn which_linker() {
    let mut fs = debian();
    fs.add("/usr/bin/ld.bfd", b"");
    fs.add("/usr/bin/ld.lld", b"");
    let linker = |vars: Vars, command: &str| match plan_on(&fs, vars, false, command)?.link {
        LinkStep::Line { choice, .. } => Ok(match choice.linker {
            Linker::Embedded => "embedded".to_string(),
            Linker::External(p) => p.display().to_string(),
        }),
        _ => Err("not a line".to_string()),
    };
    for (vars, command, expected) in [
        (&[][..], "x.o", "embedded"),
        (&[], "-fuse-ld=bfd x.o", "/usr/bin/ld.bfd"),
        (
            &[],
            "-fuse-ld=bfd --ld-path=/usr/bin/ld.lld x.o",
            "/usr/bin/ld.lld",
        ),
        (&[], "--ld-path=ld.lld x.o", "/usr/bin/ld.lld"),
        (&[], "-fuse-ld=wcc x.o", "embedded"),
        (&[], "--ld-path=/somewhere/ld.wcc x.o", "embedded"),
        (&[], "-B/r/bin/gcc-ld -fuse-ld=lld x.o", "embedded"),
        (
            &[("WCC_HONOR_FUSE_LD", "1")],
            "-B/r/bin/gcc-ld -fuse-ld=lld x.o",
            "/usr/bin/ld.lld",
        ),
        (
            &[],
            "-B/r/bin/gcc-ld -fuse-ld=lld x.o -fuse-ld=bfd",
            "/usr/bin/ld.bfd",
        ),
        (&[("WCC_LINKER", "bfd")], "x.o", "/usr/bin/ld.bfd"),
    ] {
        assert_eq!(linker(vars, command).as_deref(), Ok(expected), "{command}");
    }
    let err = linker(&[], "-fuse-ld=mold x.o").expect_err("no mold");
    assert!(
        err.contains("-fuse-ld=mold") && err.contains("/usr/bin/ld.mold"),
        "{err}"
    );
}

#[test]
fn unknown_options_are_left_to_the_compiler_but_for_those_like_our_own() {
    for command in ["--statc x.o", "--statc x.c"] {
        let plan = plan_on(&debian(), &[], false, command).expect("the compiler may know it");
        assert!(matches!(plan.link, LinkStep::Ask { .. }), "{command}");
    }
    let err = plan_on(&debian(), &[], false, "--wcc-explane x.o").expect_err("unknown");
    assert!(
        err.contains("unrecognized") && err.contains("--wcc-explain"),
        "{err}"
    );
    let mut with_tcc = debian();
    with_tcc.add("/usr/bin/tcc", b"");
    let err = plan_on(&with_tcc, &[("WCC_CC", "tcc")], false, "--statc x.o").expect_err("blind");
    assert!(err.contains("--static"), "{err}");
}

#[test]
fn options_the_compiler_behind_us_refuses_are_refused() {
    let mut fs = debian();
    fs.add("/usr/bin/clang", b"");
    let refusal = |cc, options: &str| {
        let vars: Vars = match cc {
            "gcc" => &[("WCC_CC", "gcc")],
            _ => &[("WCC_CC", "clang")],
        };
        plan_on(&fs, vars, false, &format!("{options} x.o")).err()
    };
    let gccs = |word: &str| Some(format!("unrecognized command-line option '{word}'"));
    for word in [
        "-nopie",
        "-rpath",
        "-Zx",
        "-mllvm",
        "-static-libsan",
        "-nostdlib++",
        "-G8",
    ] {
        let argument = if matches!(word, "-rpath" | "-mllvm") {
            " x"
        } else {
            ""
        };
        assert_eq!(refusal("gcc", &format!("{word}{argument}")), gccs(word));
    }
    for options in ["-nopie", "-static-libubsan", "-static-pie -no-pie"] {
        assert!(refusal("clang", options).is_some(), "{options}");
    }
    // What wcc translates works whoever compiles; what no linker needs to hear is silent.
    for options in [
        "--rtlib=libgcc",
        "-stdlib=libstdc++",
        "--gcc-toolchain=/usr",
        "-R/x",
        "-h s",
    ] {
        assert_eq!(refusal("gcc", options), None);
    }
    assert!(refusal("gcc", "-stdlib=libc++").is_some_and(|e| e.contains("no libc++ headers")));
}

#[test]
fn a_gcc_that_knows_nostdlibxx_is_given_it() {
    let gcc = "/usr/lib/gcc/x86_64-linux-gnu/13";
    let fs = machine(DEBIAN_GCC, "/usr/lib/x86_64-linux-gnu", gcc);
    let line = line_on(&fs, true, "-nostdlib++ x.o");
    assert!(line.contains(" x.o -lm -lgcc_s "), "{line}");
}
