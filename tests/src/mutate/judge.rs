//! Runs one link of a mutant under limits and says how it ended.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Seconds of processor time after which a link of ours, or another linker's, counts as hung: sound ones take
/// hundredths.
const CPU_SECONDS: u64 = 10;
const CPU_SECONDS_OTHERS: u64 = 2;
/// The same by the clock, for a link that waits: long, because the machine may be busy.
const WALL: Duration = Duration::from_secs(90);
/// Bytes a link may take beside 20 for each byte of input.
const MEMORY: u64 = 256 << 20;
/// Bytes an output may have beside 20 for each byte of input; more is refused by the system.
const OUTPUT: u64 = 64 << 20;

/// How a link ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Linked,
    Refused,
    Panicked,
    Killed(i32),
    NoMemory,
    Hung,
    Status(i32),
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Linked => f.write_str("linked"),
            End::Refused => f.write_str("refused"),
            End::Panicked => f.write_str("panicked"),
            End::Killed(s) => write!(f, "killed by signal {s}"),
            End::NoMemory => f.write_str("took too much memory"),
            End::Hung => f.write_str("hung"),
            End::Status(s) => write!(f, "exit status {s}"),
        }
    }
}

/// A link to be judged.
pub struct Link<'a> {
    pub linker: &'a Path,
    pub args: &'a [OsString],
    /// Its working directory, with the inputs in it.
    pub dir: &'a Path,
    /// Where what it says is put.
    pub log: PathBuf,
    /// Bytes of all inputs.
    pub input: u64,
    /// Whether our limits hold: other linkers reserve more address space than they use.
    pub ours: bool,
    /// Whether memory is limited; a sanitizer takes terabytes of address space.
    pub limit_memory: bool,
}

/// What came of it.
pub struct Result {
    pub end: End,
    pub stderr: String,
}

impl Link<'_> {
    /// # Errors
    /// The linker cannot be started.
    pub fn run(&self) -> std::io::Result<Result> {
        let log = File::create(&self.log)?;
        let mut child = Command::new(self.linker)
            .args(self.args)
            .current_dir(self.dir)
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .process_group(0)
            .spawn()?;
        // Sanitized builds are ten times slower.
        let seconds = match (self.ours, std::env::var_os("WCC_MUTANTS_NO_MEMORY_LIMIT")) {
            (true, None) => CPU_SECONDS,
            (true, Some(_)) => 10 * CPU_SECONDS,
            (false, _) => CPU_SECONDS_OTHERS,
        };
        let size = fs::metadata(self.linker).map_or(0, |m| m.len());
        let memory = if self.limit_memory {
            20 * self.input + MEMORY + size
        } else {
            if self.ours { u64::MAX } else { 16 << 30 }
        };
        for (what, limit) in [
            (Resource::Cpu, seconds),
            (Resource::As, memory),
            (Resource::Fsize, 20 * self.input + OUTPUT),
            (Resource::Core, 0),
        ] {
            let limit = Rlimit {
                current: Some(limit),
                maximum: Some(limit),
            };
            // A child that has ended already needs no limit.
            let _ = prlimit(Some(Pid::from_child(&child)), what, limit);
        }
        let start = Instant::now();
        let mut pause = Duration::from_micros(500);
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break Some(status);
            }
            if start.elapsed() > WALL {
                child.kill()?;
                child.wait()?;
                break None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        };
        let bytes = fs::read(&self.log)?;
        let stderr = String::from_utf8_lossy(&bytes).into_owned();
        let end = match status.map(|s| (s.code(), s.signal())) {
            None => End::Hung,
            Some((Some(0), _)) => End::Linked,
            Some((Some(1), _)) => End::Refused,
            Some((Some(101), _)) => End::Panicked,
            // Both for the soft limit and for the hard one.
            Some((_, Some(24 | 9))) => End::Hung,
            Some((_, Some(6))) if stderr.contains("memory allocation of") => End::NoMemory,
            Some((_, Some(6))) if stderr.contains("panicked at") => End::Panicked,
            Some((Some(s), _)) => End::Status(s),
            Some((None, s)) => End::Killed(s.unwrap_or(0)),
        };
        Ok(Result { end, stderr })
    }
}
