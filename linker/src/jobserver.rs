//! make's jobserver: a pipe or FIFO with one byte for each job that may run beside ours.
//!
//! MAKEFLAGS names it: `--jobserver-auth=R,W` (file descriptors) or `--jobserver-auth=fifo:PATH`
//! (make 4.4); `--jobserver-fds=` before make 4.2. A process owns one job from the start and takes a
//! byte for each further one, which it must write back.
//!
//! Compile jobs and the link's threads are such jobs. A pipe that make has closed (a rule without `+`, before make 4.4)
//! limits compile jobs to one, but not the link: it mostly stands alone at a build's end.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::PathBuf;

use crate::faults;

/// Who decides how many jobs run.
#[derive(Debug)]
pub enum Limit {
    /// Nobody: as many as the machine has processors.
    Cores(usize),
    /// make, which gives out tokens.
    Tokens(Jobserver),
    /// make, which lets one job run (-j1).
    One,
    /// make, which has closed its pipe for us (the rule lacks a `+`).
    Closed,
}

/// An open jobserver.
#[derive(Debug)]
pub struct Jobserver {
    read: File,
    write: File,
}

impl Limit {
    /// Reads MAKEFLAGS.
    pub fn from_makeflags(flags: Option<&OsStr>) -> Limit {
        let cores = || Limit::Cores(std::thread::available_parallelism().map_or(1, usize::from));
        let Some(flags) = flags else { return cores() };
        let auth = flags
            .as_bytes()
            .split(|b| *b == b' ')
            .filter_map(|w| {
                w.strip_prefix(b"--jobserver-auth=")
                    .or_else(|| w.strip_prefix(b"--jobserver-fds="))
            })
            .next_back();
        let serial = flags.as_bytes().split(|b| *b == b' ').any(|w| w == b"-j1");
        match auth {
            None if serial => Limit::One,
            None => cores(),
            Some(auth) => Jobserver::open(auth).map_or(Limit::Closed, Limit::Tokens),
        }
    }
}

/// Threads for a link, and the tokens they run on, which go back when this is dropped.
#[derive(Debug)]
pub struct Threads {
    pub count: usize,
    held: Option<(Jobserver, Vec<u8>)>,
}

impl Threads {
    /// As many as there are cores, or as make has tokens for just now.
    pub fn take(flags: Option<&OsStr>) -> Threads {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let all = |count| Threads { count, held: None };
        match Limit::from_makeflags(flags) {
            Limit::Cores(n) => all(n),
            Limit::One => all(1),
            Limit::Closed => all(cores),
            Limit::Tokens(server) => {
                let wanted = cores.min(faults::MAX_TOKENS) - 1;
                let tokens: Vec<u8> = (0..wanted).map_while(|_| server.try_take()).collect();
                faults::note_tokens(server.write.as_raw_fd(), &tokens);
                Threads {
                    count: 1 + tokens.len(),
                    held: Some((server, tokens)),
                }
            }
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some((server, tokens)) = &self.held {
            faults::no_tokens();
            tokens.iter().for_each(|t| server.give(*t));
        }
    }
}

impl Jobserver {
    fn open(auth: &[u8]) -> Option<Jobserver> {
        if let Some(path) = auth.strip_prefix(b"fifo:") {
            let path = PathBuf::from(OsStr::from_bytes(path));
            return Jobserver::from_paths(path.clone(), path);
        }
        let text = std::str::from_utf8(auth).ok()?;
        let (r, w) = text.split_once(',')?;
        let (r, w): (u32, u32) = (r.parse().ok()?, w.parse().ok()?);
        // Opened anew, so that our O_NONBLOCK is not make's too.
        Jobserver::from_paths(
            format!("/proc/self/fd/{r}").into(),
            format!("/proc/self/fd/{w}").into(),
        )
    }

    fn from_paths(read: PathBuf, write: PathBuf) -> Option<Jobserver> {
        // The numbers may belong to something else when make closed the pipe for us.
        if !std::fs::metadata(&read).ok()?.file_type().is_fifo()
            || !std::fs::metadata(&write).ok()?.file_type().is_fifo()
        {
            return None;
        }
        let read = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(read)
            .ok()?;
        // Without a reader opening would wait for one, and a full pipe would have us wait at the end.
        let write = OpenOptions::new()
            .write(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(write)
            .ok()?;
        Some(Jobserver { read, write })
    }

    /// Takes a token if there is one.
    pub fn try_take(&self) -> Option<u8> {
        let mut byte = [0u8];
        match (&self.read).read(&mut byte) {
            Ok(1) => byte.first().copied(),
            _ => None,
        }
    }

    /// Gives a token back.
    pub fn give(&self, token: u8) {
        // A failed write loses make one job, and there is nobody to tell.
        let _ = (&self.write).write_all(&[token]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_from_make_and_go_back() {
        let (reader, mut writer) = std::io::pipe().expect("pipe");
        writer.write_all(b"+*").expect("write");
        let flags = format!(
            "-j --jobserver-auth={},{}",
            reader.as_raw_fd(),
            writer.as_raw_fd()
        );
        let Limit::Tokens(server) = Limit::from_makeflags(Some(OsStr::new(&flags))) else {
            panic!("no jobserver")
        };
        let (a, b) = (server.try_take(), server.try_take());
        assert_eq!((a, b, server.try_take()), (Some(b'+'), Some(b'*'), None));
        server.give(b'*');
        assert_eq!(server.try_take(), Some(b'*'));
    }

    #[test]
    fn a_link_takes_what_make_has_and_gives_it_back() {
        let (reader, mut writer) = std::io::pipe().expect("pipe");
        writer.write_all(b"a").expect("write");
        let flags = format!(
            "-j --jobserver-auth={},{}",
            reader.as_raw_fd(),
            writer.as_raw_fd()
        );
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = Threads::take(Some(OsStr::new(&flags)));
        assert_eq!(threads.count, cores.min(2));
        drop(threads);
        let Limit::Tokens(server) = Limit::from_makeflags(Some(OsStr::new(&flags))) else {
            panic!("no jobserver")
        };
        assert_eq!((server.try_take(), server.try_take()), (Some(b'a'), None));
    }

    #[test]
    fn a_named_pipe_serves_as_well() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        if !made.is_ok_and(|s| s.success()) {
            return;
        }
        let flags = format!(" -j2 --jobserver-auth=fifo:{}", path.display());
        let Limit::Tokens(server) = Limit::from_makeflags(Some(OsStr::new(&flags))) else {
            panic!("no jobserver")
        };
        assert_eq!(server.try_take(), None);
        server.give(b'+');
        assert_eq!(server.try_take(), Some(b'+'));
    }

    #[test]
    fn a_closed_jobserver_means_one_job() {
        assert!(matches!(
            Limit::from_makeflags(Some(OsStr::new(" -j4 --jobserver-auth=98,99"))),
            Limit::Closed
        ));
        assert!(matches!(
            Limit::from_makeflags(Some(OsStr::new("k"))),
            Limit::Cores(_)
        ));
        assert!(matches!(Limit::from_makeflags(None), Limit::Cores(_)));
    }
}
