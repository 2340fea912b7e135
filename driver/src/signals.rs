//! Clean-up when a signal ends us: children are told, temporary files go, the signal is raised again.
//!
//! SIGINT, SIGTERM and SIGHUP are blocked in every thread and waited for by one of ours, so that no
//! code runs inside a signal handler. Signals that were ignored when we started stay ignored.
//! SIGPIPE needs nothing: Rust's start-up ignores it in this process and resets it in children.

#![allow(unsafe_code)] // Signal masks and waitid have no safe interface in std.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::{Mutex, OnceLock, PoisonError};

#[derive(Default)]
struct Watched {
    children: Vec<u32>,
    temp_dirs: Vec<PathBuf>,
    stopping: bool,
}

fn watched() -> &'static Mutex<Watched> {
    static WATCHED: OnceLock<Mutex<Watched>> = OnceLock::new();
    WATCHED.get_or_init(Mutex::default)
}

fn lock() -> std::sync::MutexGuard<'static, Watched> {
    watched().lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts watching; call before other threads exist. The directory is removed with its contents when
/// a signal ends the process.
pub fn install(temp_dir: PathBuf) {
    lock().temp_dirs.push(temp_dir);
    wcc_linker::faults::set_clean_up(remove_temp_dirs);
    let mut set = empty_set();
    let mut any = false;
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        // SAFETY: `old` is a plain structure that sigaction fills; a null new action changes nothing.
        let ignored = unsafe {
            let mut old: libc::sigaction = std::mem::zeroed();
            libc::sigaction(signal, std::ptr::null(), &mut old) == 0
                && old.sa_sigaction == libc::SIG_IGN
        };
        if !ignored {
            // SAFETY: `set` was initialised by sigemptyset.
            unsafe { libc::sigaddset(&mut set, signal) };
            any = true;
        }
    }
    if !any {
        return;
    }
    // SAFETY: a valid set; the mask of this thread is inherited by those it starts.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut()) };
    let spawned = std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            let mut signal = 0;
            // SAFETY: waits for a signal of a valid set.
            if unsafe { libc::sigwait(&set, &mut signal) } == 0 {
                stop(signal);
            }
        });
    if spawned.is_err() {
        // No thread to wait: let the signals end us as they would have.
        // SAFETY: as above.
        unsafe { libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut()) };
    }
}

fn empty_set() -> libc::sigset_t {
    // SAFETY: sigemptyset initialises the set it is given.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        set
    }
}

fn remove_temp_dirs() {
    for dir in &lock().temp_dirs {
        let _ = std::fs::remove_dir_all(dir);
    }
}

fn stop(signal: libc::c_int) {
    {
        let mut w = lock();
        w.stopping = true;
        for pid in &w.children {
            // SAFETY: the process is ours and not yet reaped (see `wait`).
            unsafe { libc::kill(*pid as libc::pid_t, signal) };
        }
        for pid in started_by_plugins(&w.children) {
            // SAFETY: a process below ours; it inherited our blocked signals, so no other one ends it.
            unsafe { libc::kill(pid as libc::pid_t, libc::SIGKILL) };
        }
    }
    remove_temp_dirs();
    let mut set = empty_set();
    // SAFETY: a valid set with one signal; raising it runs its disposition, by default our end.
    unsafe {
        libc::sigaddset(&mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
        libc::raise(signal);
    }
}

/// The processes below ours that are not below `ours`: an LTO plugin starts compilers by itself.
fn started_by_plugins(ours: &[u32]) -> Vec<u32> {
    let processes: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| {
            let pid = e.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(e.path().join("stat")).ok()?;
            // "PID (NAME) STATE PPID …"; the name may hold anything.
            let parent = stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect();
    let mut found = Vec::new();
    let mut parents = vec![std::process::id()];
    while let Some(parent) = parents.pop() {
        for (pid, _) in processes.iter().filter(|(_, p)| *p == parent) {
            if !ours.contains(pid) {
                found.push(*pid);
                parents.push(*pid);
            }
        }
    }
    found
}

/// Starts a child that a signal to us also reaches.
///
/// # Errors
/// As [`std::process::Command::spawn`]; `Interrupted` when we are being ended.
pub fn spawn(command: &mut std::process::Command) -> std::io::Result<Child> {
    // The lock spans the start, so that no child slips past a signal.
    let mut w = lock();
    if w.stopping {
        return Err(std::io::ErrorKind::Interrupted.into());
    }
    let child = command.spawn()?;
    w.children.push(child.id());
    Ok(child)
}

/// Waits for a child started by [`spawn`].
///
/// # Errors
/// As [`Child::wait`].
pub fn wait(child: &mut Child) -> std::io::Result<ExitStatus> {
    let pid = child.id();
    // Wait without reaping: until it is off the list its number cannot become another process.
    loop {
        // SAFETY: `info` is filled by waitid; the process is our child.
        let r = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            libc::waitid(
                libc::P_PID,
                pid as libc::id_t,
                &mut info,
                libc::WEXITED | libc::WNOWAIT,
            )
        };
        if r == 0 || std::io::Error::last_os_error().kind() != std::io::ErrorKind::Interrupted {
            break;
        }
    }
    lock().children.retain(|c| *c != pid);
    child.wait()
}
