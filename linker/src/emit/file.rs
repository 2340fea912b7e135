//! How the bytes reach the disk: whole, or not at all.
//!
//! A regular output is written under no name (O_TMPFILE) or under a temporary one in the same directory, and takes its
//! name at the very end, so a failed or killed link leaves the old file as it was. Devices, pipes and sockets are written
//! through and never replaced. Space is reserved first where the file system does that cheaply: a full disk is found before
//! a byte is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{AtFlags, CWD};
#[cfg(target_os = "linux")]
use rustix::fs::{FallocateFlags, Mode, OFlags};

use super::queue::Queue;
use crate::par::Par;
use crate::{faults, memory};

/// Outputs under this many bytes are not reserved beforehand: the write itself finds the full disk.
const RESERVE: u64 = 4 << 20;
/// f_type of tmpfs, where reserving is slow.
#[cfg(target_os = "linux")]
const TMPFS_MAGIC: i64 = 0x0102_1994;

enum Kind {
    /// Has its name, or was given up.
    Done,
    /// Has no name yet.
    Nameless(File),
    Temporary(File, PathBuf),
    /// Collected in memory, written at the end.
    Through(File, Mutex<Vec<u8>>),
}

pub struct Output {
    kind: Kind,
    path: PathBuf,
}

/// Takes a filled buffer with its file offset; what is in the buffer afterwards means nothing.
pub type Sink<'s> = dyn Fn(u64, &mut Vec<u8>) -> io::Result<()> + Sync + 's;

/// Fills window `i` in the buffer and hands it to the sink.
pub type FillWindow<'f> = dyn Fn(&mut Vec<u8>, usize, &Sink<'_>) -> io::Result<()> + Sync + 'f;

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    }
}

fn temporary_name(path: &Path, n: u32) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".wcc-{}-{n}", std::process::id()));
    // A name that leaves no room for the suffix is cut.
    if name.len() > 255 {
        name = format!(".wcc-{}-{n}", std::process::id()).into();
    }
    parent(path).join(name)
}

impl Output {
    /// Opens the output. `executable`: x bits as the umask allows.
    ///
    /// # Errors
    /// The directory is missing or read-only, the path is a directory, the disk is full.
    pub fn create(path: &Path, executable: bool) -> io::Result<Output> {
        let path = path.to_path_buf();
        if path.as_os_str() == "-" {
            let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
            return Ok(Output {
                kind: Kind::Through(file, Mutex::new(Vec::new())),
                path,
            });
        }
        if let Ok(meta) = fs::metadata(&path) {
            let t = meta.file_type();
            if t.is_dir() {
                return Err(io::Error::new(
                    io::ErrorKind::IsADirectory,
                    "Is a directory",
                ));
            }
            if t.is_char_device() || t.is_block_device() || t.is_fifo() || t.is_socket() {
                let file = OpenOptions::new().write(true).open(&path)?;
                return Ok(Output {
                    kind: Kind::Through(file, Mutex::new(Vec::new())),
                    path,
                });
            }
        }
        let mode = if executable { 0o777 } else { 0o666 };
        let kind = match open_nameless(parent(&path), mode) {
            Some(file) => Kind::Nameless(file),
            None => {
                let mut n = 0;
                loop {
                    let name = temporary_name(&path, n);
                    let opened = OpenOptions::new()
                        .write(true)
                        .create_new(true)
                        .mode(mode)
                        .open(&name);
                    match opened {
                        Ok(f) => {
                            faults::note_temporary(&name);
                            break Kind::Temporary(f, name);
                        }
                        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && n < 1000 => n += 1,
                        Err(e) => return Err(e),
                    }
                }
            }
        };
        Ok(Output { kind, path })
    }

    /// Finds out before the first byte is written whether `size` bytes have room; for files without holes.
    ///
    /// # Errors
    /// The disk is full, or the file would be too large.
    pub fn reserve(&self, size: u64) -> io::Result<()> {
        match &self.kind {
            Kind::Nameless(f) | Kind::Temporary(f, _) if size >= RESERVE => reserve(f, size),
            _ => Ok(()),
        }
    }

    /// Writes all windows.
    pub fn write_windows(&self, count: usize, par: Par, fill: &FillWindow<'_>) -> io::Result<()> {
        if matches!(self.kind, Kind::Done) {
            return Ok(());
        }
        if !par.is_parallel() {
            let mut buf = Vec::new();
            let sink = |at: u64, buf: &mut Vec<u8>| self.write_at(at, buf);
            return (0..count).try_for_each(|i| fill(&mut buf, i, &sink));
        }
        let queue = Queue::new(par.threads, |at, bytes: &[u8]| self.write_at(at, bytes));
        let sink = |at: u64, buf: &mut Vec<u8>| queue.put(at, buf);
        let next = AtomicUsize::new(0);
        let failed: Mutex<Option<io::Error>> = Mutex::new(None);
        rayon::scope(|scope| {
            for _ in 0..par.threads {
                scope.spawn(|_| {
                    let mut buf = Vec::new();
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        if i >= count {
                            break;
                        }
                        if let Err(e) = fill(&mut buf, i, &sink) {
                            next.store(count, Ordering::Relaxed);
                            if let Ok(mut f) = failed.lock() {
                                *f = Some(e);
                            }
                        }
                    }
                });
            }
        });
        match failed.into_inner() {
            Ok(Some(e)) => Err(e),
            _ => queue.finish(),
        }
    }

    /// Writes bytes at a place of the file.
    pub fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        match &self.kind {
            Kind::Nameless(f) | Kind::Temporary(f, _) => f.write_all_at(bytes, at),
            Kind::Done => Ok(()),
            Kind::Through(_, memory) => {
                if let Ok(mut m) = memory.lock() {
                    let end = at as usize + bytes.len();
                    if m.len() < end {
                        m.resize(end, 0);
                    }
                    if let Some(part) = m.get_mut(at as usize..end) {
                        part.copy_from_slice(bytes);
                    }
                }
                Ok(())
            }
        }
    }

    /// Overwrites a few bytes (the build id).
    pub fn patch(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        match &self.kind {
            Kind::Nameless(f) | Kind::Temporary(f, _) => f.write_all_at(bytes, at),
            Kind::Done => Ok(()),
            Kind::Through(_, memory) => {
                if let Ok(mut m) = memory.lock()
                    && let Some(part) = m.get_mut(at as usize..at as usize + bytes.len())
                {
                    part.copy_from_slice(bytes);
                }
                Ok(())
            }
        }
    }

    /// The output takes its name.
    pub fn finish(mut self) -> io::Result<()> {
        let kind = std::mem::replace(&mut self.kind, Kind::Done);
        match kind {
            Kind::Done => Ok(()),
            Kind::Nameless(file) => {
                use std::os::fd::AsRawFd;
                let own = format!("/proc/self/fd/{}", file.as_raw_fd());
                let link = |to: &Path| {
                    rustix::fs::linkat(CWD, own.as_str(), CWD, to, AtFlags::SYMLINK_FOLLOW)
                };
                if link(&self.path).is_ok() {
                    return Ok(());
                }
                for n in 0..1000 {
                    let name = temporary_name(&self.path, n);
                    faults::note_temporary(&name);
                    match link(&name) {
                        Ok(()) => return take_name(&name, &self.path),
                        Err(rustix::io::Errno::EXIST) => {}
                        Err(e) => return Err(e.into()),
                    }
                }
                Err(io::Error::other("no free temporary name"))
            }
            Kind::Temporary(_, name) => take_name(&name, &self.path),
            Kind::Through(mut file, memory) => {
                let bytes = memory.into_inner().unwrap_or_default();
                file.write_all(&bytes)
            }
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Kind::Temporary(_, name) = &self.kind {
            let _ = fs::remove_file(name);
            faults::no_temporary();
        }
    }
}

/// The temporary file becomes the output, or goes.
fn take_name(name: &Path, path: &Path) -> io::Result<()> {
    memory::outlive(path);
    let result = fs::rename(name, path);
    if result.is_err() {
        let _ = fs::remove_file(name);
    }
    faults::no_temporary();
    result
}

/// A file without a name in a directory, where the system and the file system have such files.
#[cfg(target_os = "linux")]
fn open_nameless(dir: &Path, mode: u32) -> Option<File> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let fd = rustix::fs::open(dir, flags, Mode::from_raw_mode(mode)).ok()?;
    Some(File::from(fd))
}

#[cfg(not(target_os = "linux"))]
fn open_nameless(_: &Path, _: u32) -> Option<File> {
    None
}

/// Reserves the file's blocks where the file system does it in no time; a file system that cannot is no error.
#[cfg(target_os = "linux")]
fn reserve(f: &File, size: u64) -> io::Result<()> {
    let tmpfs = rustix::fs::fstatfs(f).is_ok_and(|s| s.f_type == TMPFS_MAGIC);
    if tmpfs {
        return Ok(());
    }
    match rustix::fs::fallocate(f, FallocateFlags::empty(), 0, size) {
        Err(rustix::io::Errno::NOSPC) => Err(rustix::io::Errno::NOSPC.into()),
        Err(rustix::io::Errno::FBIG) => Err(rustix::io::Errno::FBIG.into()),
        _ => Ok(()),
    }
}

/// Other systems' writes find the full disk.
#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: u64) -> io::Result<()> {
    Ok(())
}
