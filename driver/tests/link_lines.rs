//! wcc's link line against the line of the compiler behind it, mode by mode, as `-###` prints both.
//!
//! The order of most words has no effect on a link and is ours (GCC's), so they are compared as a set.
//! From the first input on, the order of files, libraries and the switches between them decides what
//! is linked and is compared too. Names of directories and files are compared by what they lead to.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const WCC: &str = env!("CARGO_BIN_EXE_wcc");

/// Options of one command, with every compiler that takes them.
const MODES: &[&str] = &[
    "",
    "-static",
    "-shared",
    "-no-pie",
    "-pie",
    "-static-pie",
    "-pie -no-pie",
    "-no-pie -pie",
    "-static -pie",
    "-shared -pie",
    "-pie -shared",
    "-pthread",
    "-pthread -static",
    "-pthread -shared",
    "-pthread -nolibc",
    "-static-libgcc",
    "-static-libgcc -shared",
    "-shared-libgcc",
    "-shared-libgcc -shared",
    "-static-libstdc++ -static-libgcc",
    "-static -static-libstdc++",
    "-nostdlib",
    "-nostdlib -static",
    "-nostdlib -shared",
    "-nostdlib -static-pie",
    "-nostdlib -lc",
    "-nostartfiles",
    "-nodefaultlibs",
    "-nodefaultlibs -static",
    "-nostartfiles -nodefaultlibs",
    "-nolibc",
    "-rdynamic",
    "-rdynamic -static",
    "-pg",
    "-pg -static",
    "-pg -static-pie",
    "-pg -no-pie",
    "-pg -shared",
    "-p",
    "-Ofast",
    "-ffast-math",
    "-ffast-math -shared",
    "-fopenmp",
    "-fopenmp -static",
    "-fopenmp -pthread",
    "--coverage",
    "-fprofile-arcs",
    "-fprofile-generate",
    "-ftest-coverage",
    "-fsanitize=address",
    "-fsanitize=undefined",
    "-fsanitize=thread",
    "-fsanitize=leak",
    "-fsanitize=address,undefined",
    "-fsanitize=address -shared",
    "-fsanitize=undefined -shared",
    "-fsanitize=address -nodefaultlibs",
    "-fsanitize=address -nostdlib",
    "-fsanitize=address -m32",
    "-fsanitize=bounds",
    "-fsanitize=kernel-address",
    "-fsanitize=float-divide-by-zero",
    "-fsanitize=undefined -fsanitize-undefined-trap-on-error",
    "-L/x -s -u f",
    "-L /b -L/c -Wl,-rpath,/a",
    "-gz",
    "-Wl,-x,-y -Xlinker -q -z now",
    "-z relro -z now",
    "-T s.ld",
    "-e foo",
    "-Wl,--as-needed -lbar -Wl,--no-as-needed",
    "-Wl,-Bstatic -lbar -Wl,-Bdynamic",
    "-Wl,--start-group -la -lb -Wl,--end-group",
    "-m64",
    "-m32",
    "-m32 -static",
    "-m32 -shared",
    "-m32 -no-pie",
    "-mx32",
    "-march=native",
    "--sysroot=/nonexistent",
    "-B/nonexistent",
    "-B/usr/lib/x86_64-linux-gnu",
    "-std=c99 -g3 -O2 -Wall -Wextra -fPIC -fstack-protector-strong -fcf-protection",
    "-fno-pie",
    "-fsplit-stack",
    "-l bar",
];

/// Modes only one family has.
const GCC_ONLY: &[&str] = &[
    "-N",
    "-n",
    "-fsanitize=address -static-libasan",
    "-fsanitize=pointer-compare,address",
    "-fopenacc",
    "-fno-use-linker-plugin",
    "-R/x",
];
const CLANG_ONLY: &[&str] = &[
    "-r",
    "-shared -static",
    "-fopenmp=libgomp",
    "-fprofile-instr-generate",
    "-fsanitize=memory",
    "-fsanitize=fuzzer",
    "-fsanitize=safe-stack",
    "-fsanitize=address -shared-libsan",
    "-fsanitize-coverage=trace-pc-guard",
    "-rpath /foo",
    "-nostdlib++",
    "--rtlib=compiler-rt",
    "--rtlib=compiler-rt --unwindlib=libunwind",
    "--unwindlib=none",
    "-stdlib=libc++",
    "--target=x86_64-linux-gnu",
    "--gcc-toolchain=/usr",
];

/// A line as (words whose order has no effect, once each; inputs and what is between them).
type Line = (Vec<String>, Vec<String>);

fn canonical(line: &str) -> Line {
    let mut words = shell_words::split(line)
        .unwrap_or_default()
        .into_iter()
        .skip(1);
    let real = |path: &str| {
        let tidy = wcc_targets::sysroot::tidy(Path::new(path));
        let real = std::fs::canonicalize(&tidy).unwrap_or(tidy);
        real.display().to_string()
    };
    let mut out = Vec::new();
    while let Some(w) = words.next() {
        if w == "-plugin" {
            words.next();
        } else if w.starts_with("-plugin-opt") || w.starts_with("-fno-lto") {
        } else if let Some(dir) = w.strip_prefix("-L/") {
            out.push(format!("-L{}", real(&format!("/{dir}"))));
        } else if w.starts_with('/') {
            out.push(real(&w));
        } else {
            out.push(w);
        }
    }
    let inputs = out.iter().position(|w| w == "x.o").unwrap_or(out.len());
    let (tail, late) = out
        .split_off(inputs)
        .into_iter()
        .partition(|w| has_a_place(w));
    out.extend(late);
    out.sort();
    out.dedup();
    (out, tail)
}

/// Whether a word's place among the inputs matters.
fn has_a_place(word: &str) -> bool {
    const SWITCHES: &[&str] = &[
        "--as-needed",
        "--no-as-needed",
        "--push-state",
        "--pop-state",
        "--start-group",
        "--end-group",
        "--whole-archive",
        "--no-whole-archive",
        "-Bstatic",
        "-Bdynamic",
    ];
    let file = !word.starts_with('-') && word.contains(['.', '/']);
    (file && !word.ends_with("/crtfastmath.o"))
        || word.starts_with("-l")
        || SWITCHES.contains(&word)
}

/// What one line has and the other lacks, or both when only the order differs.
fn difference(ours: &Line, theirs: &Line) -> String {
    let (a, b) = (
        [&ours.0[..], &ours.1[..]].concat(),
        [&theirs.0[..], &theirs.1[..]].concat(),
    );
    let only = |x: &[String], y: &[String]| {
        let words = x.iter().filter(|w| !y.contains(w)).cloned();
        words.collect::<Vec<_>>().join(" ")
    };
    match (only(&a, &b), only(&b, &a)) {
        (x, y) if x.is_empty() && y.is_empty() => {
            format!(
                "ours: {}\n  theirs: {}",
                ours.1.join(" "),
                theirs.1.join(" ")
            )
        }
        (x, y) => format!("only ours: {x}\n  only theirs: {y}"),
    }
}

/// The last command of a `-###` answer.
fn last(out: &Output) -> Line {
    let text = String::from_utf8_lossy(&out.stderr);
    let line = text.lines().rfind(|l| l.starts_with(' '));
    line.map(canonical).unwrap_or_default()
}

fn compare(cc: &str, cxx: &str, modes: &[&[&str]]) {
    if Command::new(cxx)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: no {cxx} on this machine");
        return;
    }
    let dir = tempfile::tempdir().expect("directory");
    for name in ["x.o", "y.a"] {
        std::fs::write(dir.path().join(name), "").expect(name);
    }
    let mut wrong = Vec::new();
    for mode in modes.iter().flat_map(|m| m.iter()) {
        for (compiler, driver_mode) in [(cc, "gcc"), (cxx, "g++")] {
            let args: Vec<OsString> = format!("-### x.o {mode} -lfoo y.a -o out")
                .split_whitespace()
                .map(OsString::from)
                .collect();
            let run = |mut c: Command| {
                c.args(&args).current_dir(&dir).env("LC_ALL", "C");
                last(&c.output().expect("it runs"))
            };
            let theirs = run(Command::new(compiler));
            let mut wcc = Command::new(WCC);
            wcc.env("WCC_CC", cc).env("XDG_CACHE_HOME", dir.path());
            wcc.env_remove("WCC_LINKER").env_remove("LIBRARY_PATH");
            wcc.arg(format!("--driver-mode={driver_mode}"));
            let ours = run(wcc);
            if theirs.1.is_empty() || ours != theirs {
                wrong.push(format!(
                    "{compiler} {mode}\n  {}",
                    difference(&ours, &theirs)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn our_line_is_gccs_line() {
    compare("gcc", "g++", &[MODES, GCC_ONLY]);
}

#[test]
fn our_line_is_clangs_line() {
    let clang = ["clang-19", "clang"].into_iter().find(|c| {
        Command::new(c)
            .arg("--version")
            .stdout(Stdio::null())
            .status()
            .is_ok()
    });
    let clang = clang.unwrap_or("clang");
    compare(
        clang,
        &clang.replace("clang", "clang++"),
        &[MODES, CLANG_ONLY],
    );
}
