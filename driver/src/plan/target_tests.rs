//! Link lines for targets other than this machine, on made-up sysroots, with clang behind us.

use super::tests::{Vars, add_all, line_of, plan_on};
use super::*;
use crate::print;
use wcc_targets::sysroot::FakeFs;

pub(super) const GCC: &[&str] = &[
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
    "libgcc.a",
];
const BSD_CRT: &[&str] = &[
    "crt0.o",
    "gcrt0.o",
    "rcrt0.o",
    "crt1.o",
    "Scrt1.o",
    "gcrt1.o",
    "crti.o",
    "crtn.o",
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
];
pub(super) const SOLARIS_CRT: &[&str] = &[
    "crt1.o",
    "gcrt1.o",
    "crti.o",
    "crtn.o",
    "values-Xa.o",
    "values-Xc.o",
    "values-xpg4.o",
    "values-xpg6.o",
];

pub(super) fn cross() -> FakeFs {
    let mut fs = FakeFs::default();
    for p in [
        "/usr/bin/clang",
        "/usr/bin/clang++",
        "/usr/bin/ld.lld",
        "/usr/bin/ld.bfd",
        "/opt/wcc/bin/wcc",
        "/lib64/ld-linux-x86-64.so.2",
    ] {
        fs.add(p, b"");
    }
    add_all(&mut fs, "/s/usr/lib", BSD_CRT);
    fs
}

pub(super) fn solaris() -> FakeFs {
    let mut fs = cross();
    for sub in ["", "/amd64"] {
        add_all(&mut fs, &format!("/sol/usr/lib{sub}"), SOLARIS_CRT);
    }
    for sub in ["", "/32"] {
        add_all(
            &mut fs,
            &format!("/sol/usr/gcc/13/lib/gcc/x86_64-pc-solaris2.11/13.2.0{sub}"),
            GCC,
        );
    }
    add_all(&mut fs, "/sol/usr/gcc/13/lib/amd64", &["libgcc_s.so"]);
    add_all(&mut fs, "/sol/usr/lib/sparcv9", SOLARIS_CRT);
    fs.add("/usr/bin/ld", b"");
    fs.add("/usr/gnu/bin/ld", b"");
    fs
}

fn line(fs: &FakeFs, cxx: bool, command: &str) -> String {
    line_of(&plan_on(fs, &[], cxx, command).expect(command))
}

#[test]
fn the_bsds_and_haiku() {
    let fs = cross();
    let an = "--as-needed -lgcc_s --no-as-needed";
    for (target, cxx, options, expected) in [
        ("x86_64-unknown-freebsd14", false, "", format!("ld.wcc --sysroot=/s --eh-frame-hdr -dynamic-linker /libexec/ld-elf.so.1 --hash-style=both --enable-new-dtags -m elf_x86_64_fbsd -o a.out crt1.o crti.o crtbegin.o -L/s/usr/lib x.o -lgcc {an} -lc -lgcc {an} crtend.o crtn.o")),
        ("x86_64-unknown-freebsd14", false, "-pie -pthread", format!("ld.wcc --sysroot=/s --eh-frame-hdr -dynamic-linker /libexec/ld-elf.so.1 -pie --hash-style=both --enable-new-dtags -m elf_x86_64_fbsd -o a.out Scrt1.o crti.o crtbeginS.o -L/s/usr/lib x.o -lgcc {an} -lpthread -lc -lgcc {an} crtendS.o crtn.o")),
        ("x86_64-unknown-freebsd14", true, "-static", "ld.wcc --sysroot=/s --eh-frame-hdr -Bstatic -m elf_x86_64_fbsd -o a.out crt1.o crti.o crtbeginT.o -L/s/usr/lib x.o -lc++ -lm -lgcc -lgcc_eh -lc -lgcc -lgcc_eh crtend.o crtn.o".into()),
        ("x86_64-unknown-netbsd", false, "", "ld.wcc --sysroot=/s --eh-frame-hdr -dynamic-linker /libexec/ld.elf_so -m elf_x86_64 -o a.out crt0.o crti.o crtbegin.o -L=/usr/lib x.o -lc crtend.o crtn.o".into()),
        ("x86_64-unknown-netbsd", false, "-static-pie", "ld.wcc --wcc-target=x86_64-unknown-netbsd --sysroot=/s --eh-frame-hdr -Bstatic -pie --no-dynamic-linker -m elf_x86_64 -o a.out crt0.o crti.o crtbeginS.o -L=/usr/lib x.o -lc crtendS.o crtn.o".into()),
        ("x86_64-unknown-openbsd", false, "", "ld.wcc --sysroot=/s -e __start --eh-frame-hdr -dynamic-linker /usr/libexec/ld.so -pie -o a.out crt0.o crtbegin.o -L/s/usr/lib x.o -lcompiler_rt -lc -lcompiler_rt crtend.o".into()),
        ("x86_64-unknown-openbsd", true, "-shared", "ld.wcc --wcc-target=x86_64-unknown-openbsd --sysroot=/s --eh-frame-hdr -shared -o a.out crtbeginS.o -L/s/usr/lib x.o -lc++ -lc++abi -lpthread -lm -lcompiler_rt -lcompiler_rt crtendS.o".into()),
        ("x86_64-unknown-openbsd", false, "-static", "ld.wcc --wcc-target=x86_64-unknown-openbsd --sysroot=/s -e __start --eh-frame-hdr -Bstatic -pie -o a.out rcrt0.o crtbegin.o -L/s/usr/lib x.o -lcompiler_rt -lc -lcompiler_rt crtend.o".into()),
        ("x86_64-unknown-openbsd", false, "-static -nopie", "ld.wcc --wcc-target=x86_64-unknown-openbsd --sysroot=/s -e __start --eh-frame-hdr -Bstatic -nopie -o a.out crt0.o crtbegin.o -L/s/usr/lib x.o -lcompiler_rt -lc -lcompiler_rt crtend.o".into()),
        ("x86_64-unknown-dragonfly", false, "", "ld.wcc --sysroot=/s --eh-frame-hdr -dynamic-linker /usr/libexec/ld-elf.so.2 --hash-style=gnu --enable-new-dtags -m elf_x86_64 -o a.out crt1.o crti.o crtbegin.o -L/s/usr/lib -L/s/usr/lib/gcc80 x.o -rpath /usr/lib/gcc80 -lc -lgcc --as-needed -lgcc_pic --no-as-needed crtend.o crtn.o".into()),
    ] {
        assert_eq!(line(&fs, cxx, &format!("--target={target} --sysroot=/s {options} x.o")), expected, "{target} {options}");
    }
}

#[test]
fn android_levels() {
    let mut fs = cross();
    let lib = "/s/usr/lib/x86_64-linux-android";
    add_all(
        &mut fs,
        &format!("{lib}/24"),
        &[
            "crtbegin_dynamic.o",
            "crtend_android.o",
            "crtbegin_so.o",
            "crtend_so.o",
        ],
    );
    fs.add(&format!("{lib}/libc.a"), b"");
    let got = line(
        &fs,
        false,
        "--target=x86_64-linux-android24 --sysroot=/s x.o",
    );
    for part in [
        "--no-rosegment",
        "--hash-style=gnu",
        "/system/bin/linker64",
        "-pie",
        "crtbegin_dynamic.o",
        "-L/s/usr/lib/x86_64-linux-android/24",
        "-lgcc -ldl -lc -lgcc -ldl",
        "crtend_android.o",
    ] {
        assert!(got.contains(part), "{part} in {got}");
    }
    assert!(!got.contains("crti.o"));
}

#[test]
fn other_architectures_of_linux() {
    let mut fs = cross();
    for (triple, emulation, interp, extra) in [
        (
            "aarch64-linux-gnu",
            "aarch64linux",
            "/lib/ld-linux-aarch64.so.1",
            "-EL",
        ),
        (
            "arm-linux-gnueabihf",
            "armelf_linux_eabi",
            "/lib/ld-linux-armhf.so.3",
            "-EL",
        ),
        (
            "riscv64-linux-gnu",
            "elf64lriscv",
            "/lib/ld-linux-riscv64-lp64d.so.1",
            "-X",
        ),
        (
            "powerpc64le-linux-gnu",
            "elf64lppc",
            "/lib64/ld64.so.2",
            "-m",
        ),
        ("s390x-linux-gnu", "elf64_s390", "/lib/ld64.so.1", "-m"),
        (
            "loongarch64-linux-gnu",
            "elf64loongarch",
            "/lib64/ld-linux-loongarch-lp64d.so.1",
            "-X",
        ),
        (
            "mips64el-linux-gnuabi64",
            "elf64ltsmip",
            "/lib64/ld.so.1",
            "-m",
        ),
        (
            "sparc64-linux-gnu",
            "elf64_sparc",
            "/lib64/ld-linux.so.2",
            "-m",
        ),
        (
            "aarch64-linux-musl",
            "aarch64linux",
            "/lib/ld-musl-aarch64.so.1",
            "-EL",
        ),
        (
            "armv7-linux-musleabihf",
            "armelf_linux_eabi",
            "/lib/ld-musl-armhf.so.1",
            "-X",
        ),
    ] {
        let t = Triple::parse(triple).expect(triple);
        let dir = t.multiarch().expect(triple);
        add_all(&mut fs, &format!("/usr/lib/gcc-cross/{dir}/12"), GCC);
        add_all(
            &mut fs,
            &format!("/usr/{dir}/lib"),
            &["Scrt1.o", "crti.o", "crtn.o"],
        );
        let plan = plan_on(&fs, &[], false, &format!("--target={triple} x.o")).expect(triple);
        let text = print::line(
            &print::link_command(&plan, "ld.wcc".as_ref()),
            print::Quote::OnlyProgram,
        );
        assert!(text.starts_with(" /usr/bin/ld.lld "), "{text}");
        for part in [
            format!("-m {emulation} "),
            format!("-dynamic-linker {interp} "),
            format!("{extra} "),
            format!("/usr/lib/gcc-cross/{dir}/12/crtbeginS.o"),
        ] {
            assert!(text.contains(&part), "{triple}: {part} in {text}");
        }
        assert!(
            text.contains(&format!("{dir}/lib/Scrt1.o")) || text.contains("/lib/../lib"),
            "{triple}: {text}"
        );
        assert!(
            !text.contains(" -L/usr/lib/../lib"),
            "the host's own libraries are not searched: {text}"
        );
    }
}

const SOL: &str = "--target=x86_64-pc-solaris2.11 --sysroot=/sol";
const ILL: &str = "--target=x86_64-unknown-illumos --sysroot=/sol";
const DIRS: &str = "-L/sol/usr/gcc/13/lib/gcc/x86_64-pc-solaris2.11/13.2.0 -L/sol/usr/gcc/13/lib/amd64 -L/sol/usr/lib/amd64";

#[test]
fn solaris_in_both_languages() {
    let fs = solaris();
    let gnu = "ld.wcc -m elf_x86_64_sol2 -e _start --eh-frame-hdr";
    let sun = "/usr/bin/ld -C -e _start";
    let an = "--as-needed -lgcc_s --no-as-needed";
    let z = "-z ignore -lgcc_s -z record";
    for (command, expected) in [
        (format!("{SOL} x.o"), format!("{gnu} -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o {DIRS} x.o -lgcc {an} -lc crtend.o crtn.o")),
        (format!("{ILL} x.o"), format!("{gnu} -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o {DIRS} x.o -lgcc {an} -lc crtend.o crtn.o")),
        (format!("{ILL} -pie x.o"), format!("{gnu} -pie -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbeginS.o {DIRS} x.o -lgcc {an} -lc crtendS.o crtn.o")),
        (format!("{ILL} -m64 -std=c99 x.o -Wl,-z,ignore -nodefaultlibs"), format!("{gnu} -o a.out crt1.o crti.o values-Xc.o values-xpg6.o crtbegin.o {DIRS} x.o -z ignore crtend.o crtn.o")),
        (format!("{SOL} -shared -s -u f -L/u x.o"), format!("ld.wcc -m elf_x86_64_sol2 --eh-frame-hdr -shared -o a.out -s -u f crti.o values-Xa.o values-xpg6.o crtbeginS.o -L/u {DIRS} x.o -lgcc {an} -lc crtendS.o crtn.o")),
        (format!("{SOL} --ld-path=/usr/bin/ld x.o"), format!("{sun} -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o {DIRS} x.o -lgcc {z} -lc crtend.o crtn.o")),
        (format!("{SOL} -fuse-ld=ld -pie -std=gnu89 x.o"), format!("{sun} -z type=pie -o a.out crt1.o crti.o values-Xa.o values-xpg4.o crtbeginS.o {DIRS} x.o -lgcc {z} -lc crtendS.o crtn.o")),
        (format!("{SOL} -fuse-ld=ld -static -ansi x.o"), format!("{sun} -Bstatic -dn -o a.out crt1.o crti.o values-Xc.o values-xpg4.o crtbegin.o {DIRS} x.o -lgcc -lgcc_eh -lc crtend.o crtn.o")),
        (format!("{SOL} -fuse-ld=bfd -rdynamic x.o"), format!("/usr/gnu/bin/ld -m elf_x86_64_sol2 -e _start --eh-frame-hdr -export-dynamic -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o {DIRS} x.o -lgcc {an} -lc crtend.o crtn.o")),
        (format!("{SOL} -r x.o"), "ld.wcc -m elf_x86_64_sol2 --eh-frame-hdr -r -o a.out ".to_string() + DIRS + " x.o"),
        (format!("{SOL} -nostdlib x.o"), format!("ld.wcc -m elf_x86_64_sol2 --eh-frame-hdr -o a.out {DIRS} x.o")),
        (format!("{SOL} -static-libgcc -pg x.o"), format!("{gnu} -o a.out gcrt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o {DIRS} x.o -lgcc -lgcc_eh -lc -lgcc_eh crtend.o crtn.o").replace(" -lgcc_eh crtend", " crtend")),
        (format!("{SOL} -fstack-protector-strong -G -h libx.so x.o"), format!("ld.wcc -m elf_x86_64_sol2 --eh-frame-hdr -shared -o a.out -h libx.so crti.o values-Xa.o values-xpg6.o crtbeginS.o {DIRS} x.o -lssp_nonshared -lssp -lgcc {an} -lc crtendS.o crtn.o")),
    ] {
        assert_eq!(line(&fs, false, &command), expected, "{command}");
    }
    assert!(
        line(&fs, true, &format!("{SOL} x.o"))
            .contains("x.o -lstdc++ -lm -lgcc_s -lgcc -lc crtend.o")
    );
}

#[test]
fn another_systems_line_is_ours_even_without_its_files() {
    let plan = plan_on(&cross(), &[], false, "--target=x86_64-unknown-illumos x.o").expect("plan");
    assert_eq!(
        line_of(&plan),
        "ld.wcc -m elf_x86_64_sol2 -e _start --eh-frame-hdr -o a.out crt1.o crti.o values-Xa.o values-xpg6.o crtbegin.o x.o -lgcc --as-needed -lgcc_s --no-as-needed -lc crtend.o crtn.o"
    );
    assert!(
        plan.notes.iter().any(|n| n.contains("--sysroot=")),
        "{:?}",
        plan.notes
    );
}

#[test]
fn thirty_two_bits_on_solaris() {
    let fs = solaris();
    let got = line(
        &fs,
        false,
        "--target=i386-pc-solaris2.11 --sysroot=/sol --ld-path=/usr/bin/ld x.o",
    );
    assert!(
        got.contains(" crt1.o crti.o ") && got.contains("-L/sol/usr/lib x.o"),
        "{got}"
    );
    let got = line(
        &fs,
        false,
        "--target=i386-pc-solaris2.11 --sysroot=/sol -m64 x.o",
    );
    assert!(got.starts_with("ld.wcc -m elf_x86_64_sol2"), "{got}");
    let got = line(
        &fs,
        false,
        "--target=sparcv9-sun-solaris2.11 --sysroot=/sol --ld-path=/usr/bin/ld.bfd -nostartfiles -nodefaultlibs x.o",
    );
    assert!(
        got.contains("-m elf64_sparc_sol2") && got.contains("-L/sol/usr/lib/sparcv9"),
        "{got}"
    );
}

#[test]
fn the_linker_and_its_language_are_chosen_once() {
    let mut fs = solaris();
    for path in [
        "/opt/wcc/bin/ld.mold",
        "/usr/bin/ld.mold",
        "/usr/bin/wild",
        "/bin/ld",
        "/usr/ccs/bin/ld",
        "/opt/local/bin/ld",
    ] {
        fs.add(path, b"");
    }
    let chosen = |options: &str| {
        plan_on(&fs, &[], false, &format!("{SOL} {options} x.o")).map(|p| match p.link {
            LinkStep::Line { choice, .. } => (choice.linker, choice.dialect),
            other => panic!("{other:?}"),
        })
    };
    use wcc_targets::Dialect::{Gnu, Solaris};
    let at = |p: &str| Linker::External(p.into());
    for (options, expected) in [
        ("", (Linker::Embedded, Gnu)),
        ("-fuse-ld=", (Linker::Embedded, Gnu)),
        ("--ld-path=", (Linker::Embedded, Gnu)),
        ("--ld-path=/usr/bin/ld", (at("/usr/bin/ld"), Solaris)),
        ("--ld-path=ld", (at("/usr/bin/ld"), Solaris)),
        ("--ld-path=/usr/bin/ld.lld", (at("/usr/bin/ld.lld"), Gnu)),
        (
            "--ld-path=/usr/bin/ld -fuse-ld=lld",
            (at("/usr/bin/ld"), Solaris),
        ),
        ("-fuse-ld=/usr/bin/ld", (at("/usr/bin/ld"), Solaris)),
        ("-fuse-ld=ld", (at("/usr/bin/ld"), Solaris)),
        ("-fuse-ld=bfd", (at("/usr/gnu/bin/ld"), Gnu)),
        ("-fuse-ld=gld", (at("/usr/gnu/bin/ld"), Gnu)),
        ("-fuse-ld=lld", (at("/usr/bin/ld.lld"), Gnu)),
        ("-fuse-ld=wcc", (Linker::Embedded, Gnu)),
        ("-fuse-ld=embedded", (Linker::Embedded, Gnu)),
        ("-fuse-ld=mold", (at("/opt/wcc/bin/ld.mold"), Gnu)),
        ("-fuse-ld=wild", (at("/usr/bin/wild"), Gnu)),
        ("-fuse-ld=/usr/bin/ld.lld", (at("/usr/bin/ld.lld"), Gnu)),
        ("-fuse-ld=/usr/gnu/bin/ld", (at("/usr/gnu/bin/ld"), Gnu)),
        ("-fuse-ld=lld -fuse-ld=ld", (at("/usr/bin/ld"), Solaris)),
        ("-fuse-ld=lld -fuse-ld=", (Linker::Embedded, Gnu)),
        ("--ld-path=/bin/ld", (at("/bin/ld"), Solaris)),
        (
            "--ld-path=/usr/ccs/bin/ld",
            (at("/usr/ccs/bin/ld"), Solaris),
        ),
        (
            "--ld-path=/opt/local/bin/ld",
            (at("/opt/local/bin/ld"), Gnu),
        ),
        ("--ld-path=ld.lld", (at("/usr/bin/ld.lld"), Gnu)),
        ("--ld-path=wcc", (Linker::Embedded, Gnu)),
        ("--ld-path= -fuse-ld=lld", (at("/usr/bin/ld.lld"), Gnu)),
        (
            "--ld-path=/opt/local/bin/ld --wcc-ld-dialect=solaris",
            (at("/opt/local/bin/ld"), Solaris),
        ),
        (
            "-fuse-ld=lld --wcc-ld-dialect=solaris",
            (at("/usr/bin/ld.lld"), Solaris),
        ),
        (
            "--ld-path=/usr/bin/ld --wcc-ld-dialect=gnu",
            (at("/usr/bin/ld"), Gnu),
        ),
        ("--wcc-ld-dialect=solaris", (Linker::Embedded, Solaris)),
    ] {
        assert_eq!(chosen(options), Ok(expected), "{options}");
    }
    for options in [
        "--ld-path=/no/such",
        "--ld-path=nosuch",
        "-fuse-ld=nosuch",
        "-fuse-ld=gold",
        "-fuse-ld=/no/such/ld",
        // What is named is used or nothing is.
        "-fuse-ld=lld --ld-path=/no/such",
    ] {
        let err = chosen(options).expect_err(options);
        let last = options.rsplit(' ').next().unwrap_or(options);
        assert!(err.contains(last) && err.contains("tried"), "{err}");
    }
    let err = plan_on(
        &fs,
        &[],
        false,
        &format!("{ILL} -pie --ld-path=/usr/bin/ld x.o"),
    )
    .map(|_| ())
    .expect_err("pie");
    assert!(err.contains("type=pie"), "{err}");
    // The embedded linker makes them, in either language.
    let got = line(
        &fs,
        false,
        &format!("{ILL} -pie --wcc-ld-dialect=solaris x.o"),
    );
    assert!(got.contains("ld.wcc -C -e _start -z type=pie "), "{got}");
    // The environment chooses where no option does.
    let by_environment = |options: &str| {
        let vars: Vars = &[("WCC_LINKER", "lld")];
        plan_on(&fs, vars, false, &format!("{SOL} {options} x.o")).map(|p| line_of(&p))
    };
    let got = by_environment("").expect("WCC_LINKER");
    assert!(
        got.starts_with("/usr/bin/ld.lld -m elf_x86_64_sol2 "),
        "{got}"
    );
    let got = by_environment("-fuse-ld=ld").expect("-fuse-ld");
    assert!(got.starts_with("/usr/bin/ld -C "), "{got}");
}

#[test]
fn sources_need_a_compiler_for_the_target() {
    let mut fs = FakeFs::default();
    fs.add("/usr/bin/gcc", super::tests::DEBIAN_GCC);
    fs.add("/opt/wcc/bin/wcc", b"");
    fs.add("/lib64/ld-linux-x86-64.so.2", b"");
    let none: Vars = &[];
    let err = plan_on(&fs, none, false, "--target=x86_64-unknown-freebsd14 x.c")
        .map(|_| ())
        .expect_err("compiles");
    assert!(
        err.contains("does not compile for x86_64-unknown-freebsd14"),
        "{err}"
    );
    assert!(plan_on(&fs, none, false, "--target=x86_64-unknown-freebsd14 x.o").is_ok());
}
