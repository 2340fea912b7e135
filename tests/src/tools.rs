//! The compilers and linkers of this machine, and running commands with a time limit.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a finished command left behind.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The command as a person would type it.
    pub line: String,
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub timed_out: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn ok(&self) -> bool {
        self.code == Some(0)
    }
    /// How it ended, in words.
    pub fn ending(&self) -> String {
        match (self.timed_out, self.code, self.signal) {
            (true, ..) => "ran out of time".into(),
            (_, Some(c), _) => format!("exit status {c}"),
            (_, _, Some(s)) => format!("killed by signal {s}"),
            _ => "no exit status".into(),
        }
    }
    /// Everything about it, for a failure report.
    pub fn report(&self) -> String {
        let mut text = format!("$ {}\n  {}\n", self.line, self.ending());
        for (what, out) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !out.is_empty() {
                text.push_str(&format!("  {what}:\n"));
                for line in out.lines().take(60) {
                    text.push_str(&format!("    {line}\n"));
                }
            }
        }
        text
    }
}

/// A command with what it may use.
pub struct Run<'a> {
    pub program: &'a Path,
    pub args: Vec<String>,
    pub dir: &'a Path,
    pub env: Vec<(String, String)>,
    pub limit: Duration,
}

impl<'a> Run<'a> {
    pub fn new(program: &'a Path, args: Vec<String>, dir: &'a Path) -> Self {
        Run {
            program,
            args,
            dir,
            env: Vec::new(),
            limit: Duration::from_secs(60),
        }
    }

    pub fn env(mut self, key: &str, value: impl Into<String>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Runs to the end or to the time limit, when its whole process group is killed.
    pub fn run(self) -> Outcome {
        let mut line: Vec<String> = self.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
        line.push(self.program.display().to_string());
        line.extend(self.args.iter().cloned());
        let mut outcome = Outcome {
            line: format!("cd {} && {}", self.dir.display(), shell_words::join(line)),
            code: None,
            signal: None,
            timed_out: false,
            stdout: String::new(),
            stderr: String::new(),
        };
        let mut command = Command::new(self.program);
        command
            .args(&self.args)
            .current_dir(self.dir)
            .envs(self.env)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(e) => {
                outcome.stderr = format!("cannot be started: {e}");
                return outcome;
            }
        };
        let out = drain(child.stdout.take());
        let err = drain(child.stderr.take());
        let start = Instant::now();
        let mut pause = Duration::from_micros(300);
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if start.elapsed() < self.limit => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(20));
                }
                _ => {
                    outcome.timed_out = true;
                    let group = format!("-{}", child.id());
                    let _ = Command::new("kill").args(["-9", "--", &group]).status();
                    break child.wait().ok();
                }
            }
        };
        outcome.code = status.and_then(|s| s.code());
        outcome.signal = status.and_then(|s| s.signal());
        outcome.stdout = out.join().unwrap_or_default();
        outcome.stderr = err.join().unwrap_or_default();
        outcome
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The first of `names` that stands in PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|file| file.is_file())
    })
}

/// One compiler family: its C and C++ commands.
#[derive(Clone, Debug)]
pub struct Compiler {
    pub name: &'static str,
    pub cc: PathBuf,
    pub cxx: PathBuf,
}

/// Everything a case may use.
#[derive(Clone, Debug)]
pub struct Tools {
    /// Directory with `wcc`, `wcc++`, `ld.wcc`.
    pub bin: PathBuf,
    /// Directory whose `ld` is `ld.wcc`, for `gcc -B`.
    pub as_ld: PathBuf,
    pub linkdiff: PathBuf,
    pub compilers: Vec<Compiler>,
    pub bfd: Option<PathBuf>,
    pub lld: Option<PathBuf>,
}

impl Tools {
    /// `bin`: where the commands under test are; `scratch`: a directory of ours.
    pub fn new(bin: PathBuf, scratch: &Path, linkdiff: PathBuf) -> std::io::Result<Tools> {
        let as_ld = scratch.join("as-ld");
        std::fs::create_dir_all(&as_ld)?;
        link(&bin.join("ld.wcc"), &as_ld.join("ld"))?;
        let mut compilers = Vec::new();
        if let (Some(cc), Some(cxx)) = (find(&["gcc"]), find(&["g++"])) {
            compilers.push(Compiler {
                name: "gcc",
                cc,
                cxx,
            });
        }
        const CLANG: &[&str] = &[
            "clang-19", "clang", "clang-20", "clang-18", "clang-17", "clang-16", "clang-15",
        ];
        const CLANGXX: &[&str] = &[
            "clang++-19",
            "clang++",
            "clang++-20",
            "clang++-18",
            "clang++-17",
            "clang++-16",
            "clang++-15",
        ];
        if let (Some(cc), Some(cxx)) = (find(CLANG), find(CLANGXX)) {
            compilers.push(Compiler {
                name: "clang",
                cc,
                cxx,
            });
        }
        Ok(Tools {
            bin,
            as_ld,
            linkdiff,
            compilers,
            bfd: find(&["ld.bfd"]),
            lld: find(&["ld.lld-19", "ld.lld", "ld.lld-20", "ld.lld-18", "ld.lld-17"]),
        })
    }

    /// Whether something that a case needs is there; otherwise the reason for skipping it.
    pub fn need(&self, what: &str) -> Result<(), String> {
        let there = match what {
            "clang" => self.compilers.iter().any(|c| c.name == "clang"),
            "lld" => self.lld.is_some(),
            "bfd" => self.bfd.is_some(),
            "root" => std::fs::metadata("/proc/self")
                .is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0),
            tool => find(&[tool]).is_some(),
        };
        if there {
            Ok(())
        } else {
            Err(format!("{what} is not available here"))
        }
    }
}

fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(at) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    std::os::unix::fs::symlink(to, at)
}
