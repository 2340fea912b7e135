//! The built command on this machine: real compilers, real files, real signals.
//!
//! Tests that need a compiler print a skip and pass where there is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const WCC: &str = env!("CARGO_BIN_EXE_wcc");

fn have(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !found {
        println!("skipped: no {program} on this machine");
    }
    found
}

/// A directory with sources, and a private one for temporary files.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Place {
        let dir = tempfile::tempdir().expect("temporary directory");
        fs::create_dir(dir.path().join("tmp")).expect("tmp");
        for (name, text) in files {
            fs::write(dir.path().join(name), text).expect(name);
        }
        Place { dir }
    }

    /// A program that is a shell script. Another process writes it: a file that is open for writing here would be open in what
    /// other tests start at that moment too, and such a program cannot be run (ETXTBSY).
    fn script(&self, name: &str, lines: &str) -> PathBuf {
        let write = r#"printf '#!/bin/sh\n%s\n' "$1" >"$0" && chmod 755 "$0""#;
        let path = self.path(name);
        let mut sh = Command::new("sh");
        let status = sh.args(["-c", write]).arg(&path).arg(lines).status();
        assert!(status.expect("sh runs").success(), "{name}");
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn wcc(&self, args: &str) -> Command {
        let mut c = Command::new(WCC);
        c.args(args.split_whitespace()).current_dir(self.dir.path());
        c.env("TMPDIR", self.path("tmp"))
            .env("LC_ALL", "C")
            .env_remove("WCC_CC")
            .env_remove("MAKEFLAGS");
        c.env_remove("WCC_LINKER")
            .env_remove("WCC_LAUNCHER")
            .env("XDG_CACHE_HOME", self.path("cache"));
        c
    }

    fn run(&self, args: &str) -> Output {
        self.wcc(args).output().expect("wcc runs")
    }

    /// Runs wcc and demands success and silence.
    fn ok(&self, args: &str) {
        let out = self.run(args);
        assert!(
            out.status.success(),
            "{args}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        assert!(
            out.stderr.is_empty(),
            "{args} says {}",
            String::from_utf8_lossy(&out.stderr)
        );
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.dir.path())
            .expect("dir")
            .flatten()
            .filter_map(|e| e.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// No temporary file may stay behind.
    fn is_clean(&self) -> bool {
        fs::read_dir(self.path("tmp"))
            .expect("tmp")
            .next()
            .is_none()
    }
}

const MAIN: (&str, &str) = ("m.c", "int f(void); int main(void) { return f() - 42; }\n");
const F: (&str, &str) = ("f.c", "int f(void) { return 42; }\n");

fn exit_code(path: &Path) -> Option<i32> {
    Command::new(path).status().expect("program runs").code()
}

#[test]
fn several_sources_become_a_program_and_nothing_else() {
    if !have("gcc") {
        return;
    }
    let p = Place::new(&[MAIN, F]);
    p.ok("m.c f.c -O1 -o prog");
    assert_eq!(exit_code(&p.path("prog")), Some(0));
    assert_eq!(p.names(), ["f.c", "m.c", "prog", "tmp"]);
    assert!(p.is_clean());
}

#[test]
fn side_outputs_have_the_names_gcc_gives_them() {
    if !have("gcc") {
        return;
    }
    for (args, expected) in [
        ("-MD m.c f.c -o prog", "prog.d"),
        ("-MD m.c f.c", "a-m.d a-f.d"),
        ("--coverage m.c f.c -o prog", "prog-m.gcno prog-f.gcno"),
        ("-g -gsplit-dwarf m.c f.c -o prog", "prog-m.dwo prog-f.dwo"),
        ("-save-temps m.c f.c -o prog", "prog-m.i prog-m.s prog-f.i"),
    ] {
        let ours = Place::new(&[MAIN, F]);
        ours.ok(args);
        let theirs = Place::new(&[MAIN, F]);
        let status = Command::new("gcc")
            .args(args.split_whitespace())
            .current_dir(theirs.dir.path())
            .status();
        assert!(status.is_ok_and(|s| s.success()), "{args}");
        // GCC before 11 names them otherwise; what counts is that we do as it does.
        let same = ours.names() == theirs.names();
        assert!(
            same,
            "{args}: ours {:?}, gcc's {:?} (new ones: {expected})",
            ours.names(),
            theirs.names()
        );
        assert!(ours.is_clean());
    }
}

#[test]
fn a_failing_compilation_stops_before_the_link() {
    if !have("gcc") {
        return;
    }
    let p = Place::new(&[MAIN, F, ("bad.c", "int main( {\n")]);
    let out = p.run("bad.c f.c -o prog");
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("bad.c:1") && !said.contains("linker command failed"),
        "{said}"
    );
    assert!(!p.path("prog").exists() && p.is_clean());
}

#[test]
fn a_compiler_that_is_killed_is_a_failure() {
    let p = Place::new(&[MAIN, F]);
    if !have("gcc") {
        return;
    }
    for (lines, code) in [("kill -9 $$", 1), ("exit 7", 7)] {
        let out = p
            .wcc("m.c f.c -o prog")
            .env("WCC_LAUNCHER", p.script("launcher", lines))
            .output()
            .expect("wcc runs");
        assert_eq!(out.status.code(), Some(code), "{lines}");
        assert!(p.is_clean());
    }
}

#[test]
fn a_signal_ends_the_compilers_and_leaves_nothing() {
    use std::os::unix::process::ExitStatusExt;
    if !have("gcc") {
        return;
    }
    let p = Place::new(&[MAIN, F]);
    p.script("hang", "echo started >> started\nexec sleep 60");
    // Not INT: a shell that runs us in the background has it ignored, and then so do we. So has nohup with HUP.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|l| l.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0);
    for (name, number) in [("TERM", 15), ("HUP", 1)] {
        if ignored & (1 << (number - 1)) != 0 {
            continue;
        }
        let _ = fs::remove_file(p.path("started"));
        let mut child = p
            .wcc("m.c f.c -o prog")
            .env("WCC_LAUNCHER", p.path("hang"))
            .spawn()
            .expect("wcc runs");
        let deadline = Instant::now() + Duration::from_secs(20);
        while !p.path("started").exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(child.id().to_string())
            .status();
        assert!(sent.is_ok_and(|s| s.success()));
        let status = child.wait().expect("wait");
        assert_eq!(status.signal(), Some(number), "{name}: {status:?}");
        assert!(p.is_clean(), "{name}");
    }
}

#[test]
fn unknown_options_and_missing_compilers_are_named() {
    let p = Place::new(&[]);
    if have("gcc") {
        let out = p.run("--nostdlb x.o");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(
            said.contains("unrecognized command-line option '--nostdlb'"),
            "{said}"
        );
        assert_eq!(out.status.code(), Some(1));
    }
    let out = p
        .wcc("x.c")
        .env("PATH", p.path("tmp"))
        .output()
        .expect("wcc runs");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("no compiler found") && said.contains("WCC_CC"),
        "{said}"
    );
}

#[test]
fn a_compiler_that_calls_us_back_is_an_error() {
    let p = Place::new(&[]);
    let calls_us = p.script("loop-gcc", &format!("exec {WCC} \"$@\""));
    let out = p
        .wcc("-c x.c")
        .env("WCC_CC", calls_us)
        .output()
        .expect("wcc runs");
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("calls wcc again"));
}

#[test]
fn answers_that_only_the_compiler_knows_are_kept() {
    if !have("gcc") {
        return;
    }
    let p = Place::new(&[MAIN, F]);
    p.ok("-fopenacc m.c f.c -o prog");
    let kept = || {
        fs::read_dir(p.path("cache/wcc"))
            .map(|d| d.count())
            .unwrap_or(0)
    };
    assert_eq!(kept(), 1);
    p.ok("-fopenacc m.c f.c -o other");
    assert_eq!((exit_code(&p.path("other")), kept()), (Some(0), 1));
}

#[test]
fn what_the_compiler_refuses_at_a_link_is_refused() {
    // A configure script takes the exit status for an answer, and must get the compiler's.
    let p = Place::new(&[MAIN, F]);
    if !have("gcc") {
        return;
    }
    p.ok("-c m.c -o m.o");
    p.ok("-c f.c -o f.o");
    for (option, gcc, clang) in [
        ("-R /x", true, false),
        ("-R/x", true, true),
        ("-k", false, false),
        ("-pthreads", false, true),
        ("--relocatable", false, false),
        ("-export-dynamic", true, false),
        ("-Y x", false, false),
        ("--no-pie", true, false),
        ("--for-linker -t", true, true),
        ("--library-directory=/x", true, true),
        ("--compile --define-macro=X", true, true),
    ] {
        for (compiler, expected) in [("gcc", gcc), ("clang-19", clang)] {
            if !have(compiler) {
                continue;
            }
            let out = p
                .wcc(&format!("m.o f.o {option} -o prog"))
                .env("WCC_CC", compiler)
                .output()
                .expect("wcc runs");
            assert_eq!(out.status.success(), expected, "{compiler} {option}");
        }
    }
}
