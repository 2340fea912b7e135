//! The link lines for other systems and architectures against clang's own, on made-up sysroots: every
//! row of the tables in `targets/` in the modes that differ. Needs clang, which knows all of them.
//!
//! What the two have in common is compared as in `link_lines.rs`. Where wcc differs on purpose, the words
//! stand in [`ours_only`] and [`theirs_only`] with the reason.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const WCC: &str = env!("CARGO_BIN_EXE_wcc");

const GCC: &[&str] = &[
    "crtbegin.o",
    "crtbeginS.o",
    "crtbeginT.o",
    "crtend.o",
    "crtendS.o",
    "libgcc.a",
];
const CRT: &[&str] = &[
    "crt0.o", "crt1.o", "Scrt1.o", "rcrt0.o", "rcrt1.o", "gcrt0.o", "gcrt1.o", "crti.o", "crtn.o",
];
const ANDROID: &[&str] = &[
    "crtbegin_dynamic.o",
    "crtbegin_so.o",
    "crtend_android.o",
    "crtend_so.o",
];

/// Linux targets with the directory of the C library's files below `usr/lib`.
const LINUX: &[(&str, &str)] = &[
    ("x86_64-linux-gnu", "x86_64-linux-gnu"),
    ("x86_64-linux-gnux32", "x86_64-linux-gnux32"),
    ("i386-linux-gnu", "i386-linux-gnu"),
    ("aarch64-linux-gnu", "aarch64-linux-gnu"),
    ("aarch64_be-linux-gnu", "aarch64_be-linux-gnu"),
    ("arm-linux-gnueabihf", "arm-linux-gnueabihf"),
    ("arm-linux-gnueabi", "arm-linux-gnueabi"),
    ("armeb-linux-gnueabihf", ""),
    ("riscv64-linux-gnu", "riscv64-linux-gnu"),
    ("riscv32-linux-gnu", ""),
    ("powerpc64le-linux-gnu", "powerpc64le-linux-gnu"),
    ("powerpc64-linux-gnu", "powerpc64-linux-gnu"),
    ("powerpc-linux-gnu", "powerpc-linux-gnu"),
    ("powerpcle-linux-gnu", "powerpcle-linux-gnu"),
    ("s390x-linux-gnu", "s390x-linux-gnu"),
    ("loongarch64-linux-gnu", "loongarch64-linux-gnu"),
    ("mips64el-linux-gnuabi64", "mips64el-linux-gnuabi64"),
    ("mips64el-linux-gnuabin32", "mips64el-linux-gnuabin32"),
    ("mips64-linux-gnuabi64", "mips64-linux-gnuabi64"),
    ("mipsel-linux-gnu", "mipsel-linux-gnu"),
    (
        "mipsisa64r6el-linux-gnuabi64",
        "mipsisa64r6el-linux-gnuabi64",
    ),
    ("mipsisa32r6-linux-gnu", "mipsisa32r6-linux-gnu"),
    ("mips-linux-gnu", "mips-linux-gnu"),
    ("sparc64-linux-gnu", "sparc64-linux-gnu"),
    ("sparc-linux-gnu", "sparc-linux-gnu"),
    ("m68k-linux-gnu", "m68k-linux-gnu"),
    ("x86_64-linux-musl", ""),
    ("i386-linux-musl", ""),
    ("aarch64-linux-musl", ""),
    ("arm-linux-musleabihf", ""),
    ("arm-linux-musleabi", ""),
    ("riscv64-linux-musl", ""),
    ("powerpc64le-linux-musl", ""),
    ("powerpc64-linux-musl", ""),
    ("powerpc-linux-musl", ""),
    ("riscv32-linux-musl", ""),
    ("thumbv7-linux-gnueabihf", "arm-linux-gnueabihf"),
    ("s390x-linux-musl", ""),
    ("loongarch64-linux-musl", ""),
    ("mipsel-linux-musl", ""),
    ("x86_64-pc-hurd-gnu", ""),
    ("i686-pc-hurd-gnu", ""),
];
const OTHERS: &[&str] = &[
    "aarch64-linux-android24",
    "aarch64-linux-android21",
    "armv7a-linux-androideabi24",
    "i686-linux-android24",
    "x86_64-linux-android28",
    "riscv64-linux-android35",
    "x86_64-unknown-freebsd14",
    "x86_64-unknown-freebsd13",
    "i386-unknown-freebsd14",
    "aarch64-unknown-freebsd14",
    "armv7-unknown-freebsd14-gnueabihf",
    "powerpc64le-unknown-freebsd14",
    "powerpc-unknown-freebsd14",
    "powerpc64-unknown-freebsd14",
    "riscv64-unknown-freebsd14",
    "x86_64-unknown-netbsd10",
    "i386-unknown-netbsd10",
    "aarch64-unknown-netbsd10",
    "armv7-unknown-netbsd10-eabihf",
    "powerpc-unknown-netbsd10",
    "aarch64_be-unknown-netbsd10",
    "mipsel-unknown-netbsd10",
    "armv6-unknown-netbsd10-eabihf",
    "sparc64-unknown-netbsd10",
    "riscv64-unknown-netbsd10",
    "mips64el-unknown-netbsd10",
    "x86_64-unknown-openbsd7.5",
    "i386-unknown-openbsd7.5",
    "aarch64-unknown-openbsd7.5",
    "riscv64-unknown-openbsd7.5",
    "sparc64-unknown-openbsd7.5",
    "mips64el-unknown-openbsd7.5",
    "powerpc-unknown-openbsd7.5",
    "powerpc64-unknown-openbsd7.5",
    "x86_64-unknown-dragonfly",
    "x86_64-unknown-haiku",
    "i586-pc-haiku",
    "riscv64-unknown-haiku",
];
const MODES: &[&str] = &[
    "",
    "-static",
    "-shared",
    "-pie",
    "-nostdlib",
    "-pg -pthread",
];

fn make(dir: PathBuf, names: &[&str]) {
    std::fs::create_dir_all(&dir).expect("directory");
    for name in names {
        std::fs::write(dir.join(name), "").expect(name);
    }
}

/// A sysroot as the target's distributions lay it out.
fn sysroot(base: &Path, target: &str, libc: Option<&str>) -> PathBuf {
    let root = base.join(target);
    let lib = root.join("usr/lib");
    if let Some(libc) = libc {
        let gcc = if target == "i386-linux-gnu" {
            "i686-linux-gnu"
        } else {
            target
        };
        make(lib.join("gcc").join(gcc).join("12"), GCC);
        make(lib.join(libc), CRT);
        make(root.join("lib").join(libc), &[]);
    } else if target.contains("android") {
        let (name, level) = target.split_at(target.len() - 2);
        let name = name.replace("armv7a", "arm");
        make(lib.join(&name).join(level), ANDROID);
        make(
            lib.join(&name),
            &["crtbegin_static.o", "crtend_android.o", "libc.a"],
        );
    } else if target.contains("haiku") {
        let develop = root.join("boot/system/develop");
        make(develop.join("lib"), CRT);
        make(develop.join("lib"), &["start_dyn.o", "init_term_dyn.o"]);
        make(
            develop.join("tools/lib/gcc").join(target).join("13.3.0"),
            GCC,
        );
        make(root.join("boot/system/lib"), &[]);
    } else {
        for dir in ["", "gcc80", "i386", "sparc", "powerpc", "eabihf"] {
            make(lib.join(dir), CRT);
            make(lib.join(dir), GCC);
        }
    }
    root
}

/// Words of ours that clang's line lacks.
fn ours_only(target: &str, word: &str) -> bool {
    match word {
        // Tells an embedded linker the platform; any other takes its own name for the only thing it makes.
        "-m elf_x86_64_fbsd" => target.starts_with("x86_64"),
        "-m elf_x86_64" => {
            target.starts_with("x86_64") && !target.contains("gnu") && !target.contains("linux")
        }
        // OpenBSD's linker makes such programs by itself; no other does. clang forgets it on DragonFly.
        "-pie" => target.contains("openbsd") || target.contains("dragonfly"),
        // clang 19 had not learnt these yet.
        "-X" => target.contains("loongarch"),
        "--no-rosegment" | "--use-android-relr-tags" | "--pack-dyn-relocs=relr" => {
            target.contains("android")
        }
        // For the embedded linker, which goes by it.
        w => w.starts_with("--wcc-target="),
    }
}

/// Words of clang's that ours lacks.
fn theirs_only(target: &str, word: &str) -> bool {
    (target.contains("openbsd") && word == "-pie")
        // The pop that follows says the same.
        || (target.contains("haiku") && word == "--no-as-needed")
        // The host's own libraries.
        || (target.contains("dragonfly") && word.starts_with("-L/usr/lib/llvm"))
}

/// The words before the first input in any order and once each; those from it on in theirs.
fn canonical(
    target: &str,
    root: &Path,
    line: &str,
    own: fn(&str, &str) -> bool,
) -> (Vec<String>, Vec<String>) {
    let mut words = shell_words::split(line)
        .unwrap_or_default()
        .into_iter()
        .skip(1);
    let mut out = Vec::new();
    while let Some(mut w) = words.next() {
        if matches!(
            &*w,
            "-m" | "-dynamic-linker" | "-o" | "-z" | "-e" | "-rpath"
        ) {
            w = format!("{w} {}", words.next().unwrap_or_default());
        }
        let tidy = |p: &str| {
            wcc_targets::sysroot::tidy(Path::new(p))
                .display()
                .to_string()
        };
        if let Some(dir) = w.strip_prefix("-L=") {
            w = format!("-L{}{dir}", root.display());
        } else if let Some(dir) = w.strip_prefix("-L/") {
            w = format!("-L{}", tidy(&format!("/{dir}")));
        } else if w.starts_with('/') {
            w = tidy(&w);
        }
        if target.contains("netbsd") {
            // clang reads -pg there and does nothing.
            w = w.replace("/gcrt0.o", "/crt0.o");
        }
        if !own(target, &w) {
            out.push(w);
        }
    }
    let inputs = out.iter().position(|w| w == "x.o").unwrap_or(out.len());
    let tail = out.split_off(inputs);
    out.sort();
    out.dedup();
    (out, tail)
}

fn last_line(mut command: Command, args: &[String], dir: &Path) -> String {
    let out = command
        .args(args)
        .current_dir(dir)
        .env("LC_ALL", "C")
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&out.stderr);
    match text.lines().rfind(|l| l.starts_with(' ')) {
        Some(line) => line.to_string(),
        None => text.into_owned(),
    }
}

#[test]
fn lines_of_other_targets_are_clangs() {
    let known = |c: &&str| {
        Command::new(c)
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok()
    };
    // Earlier ones know less; later ones may know more.
    let Some(clang) = ["clang-19"].into_iter().find(known) else {
        println!("skipped: no clang-19 on this machine");
        return;
    };
    let dir = tempfile::tempdir().expect("directory");
    make(dir.path().to_path_buf(), &["x.o"]);
    let linux = LINUX.iter().map(|(t, l)| (*t, Some(*l)));
    let mut wrong = Vec::new();
    for (n, (target, libc)) in linux.chain(OTHERS.iter().map(|t| (*t, None))).enumerate() {
        let root = sysroot(dir.path(), target, libc);
        for mode in MODES {
            // C++ in every second line: the libraries do not depend on the architecture.
            let driver = if n % 2 == 0 { "gcc" } else { "g++" };
            let line = format!(
                "-### --driver-mode={driver} --target={target} --sysroot={} {mode} x.o -lfoo -o out",
                root.display()
            );
            let args: Vec<String> = line.split_whitespace().map(String::from).collect();
            let theirs = last_line(Command::new(clang), &args, dir.path());
            let mut wcc = Command::new(WCC);
            wcc.env("WCC_CC", clang)
                .env_remove("WCC_LINKER")
                .env_remove("LIBRARY_PATH");
            let ours = last_line(wcc, &args, dir.path());
            let (a, b) = (
                canonical(target, &root, &ours, ours_only),
                canonical(target, &root, &theirs, theirs_only),
            );
            if a != b {
                let only = |x: &(Vec<String>, Vec<String>), y: &(Vec<String>, Vec<String>)| {
                    let words =
                        x.0.iter()
                            .chain(&x.1)
                            .filter(|w| !y.0.contains(w) && !y.1.contains(w));
                    words.cloned().collect::<Vec<_>>().join(" ")
                };
                wrong.push(format!(
                    "{target} {mode} ({driver})\n  only ours: {}\n  only clang's: {}\n  ours: {}\n  clang's: {}",
                    only(&a, &b),
                    only(&b, &a),
                    a.1.join(" "),
                    b.1.join(" ")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} lines differ\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
