//! Windows on their way into the file: one thread writes, the others go on.
//!
//! Linux lets one writer at a time into a file (the inode's lock), so threads that write for themselves wait for each other.
//! Here whoever finds the file free writes what it has and what others have left in the meantime; whoever finds it taken
//! leaves its buffer and goes on with an empty one. Only when many buffers wait does a thread wait, too.

use std::io;
use std::sync::{Mutex, TryLockError};

/// Buffers that may wait, for each thread.
const WAITING: usize = 2;

/// Bytes with their file offset.
type Waiting = (u64, Vec<u8>);

pub struct Queue<W> {
    write: W,
    /// Held by the thread that writes.
    file: Mutex<()>,
    waiting: Mutex<Vec<Waiting>>,
    /// Buffers to be used again.
    empty: Mutex<Vec<Vec<u8>>>,
    limit: usize,
}

impl<W: Fn(u64, &[u8]) -> io::Result<()>> Queue<W> {
    pub fn new(threads: usize, write: W) -> Self {
        Queue {
            write,
            file: Mutex::new(()),
            waiting: Mutex::default(),
            empty: Mutex::default(),
            limit: threads * WAITING,
        }
    }

    /// Writes the buffer, or leaves it to the thread that is writing; `buf` is then another one.
    ///
    /// # Errors
    /// Of this buffer, or of one that another thread had left.
    pub fn put(&self, at: u64, buf: &mut Vec<u8>) -> io::Result<()> {
        match self.file.try_lock() {
            Ok(_writing) => {
                (self.write)(at, buf)?;
                return self.write_waiting();
            }
            Err(TryLockError::Poisoned(_)) => return Err(io::Error::other("a thread has failed")),
            Err(TryLockError::WouldBlock) => {}
        }
        let full = self
            .waiting
            .lock()
            .is_ok_and(|list| list.len() >= self.limit);
        if full {
            let Ok(_writing) = self.file.lock() else {
                return Err(io::Error::other("a thread has failed"));
            };
            (self.write)(at, buf)?;
            return self.write_waiting();
        }
        let empty = self.empty.lock().ok().and_then(|mut list| list.pop());
        let bytes = std::mem::replace(buf, empty.unwrap_or_default());
        if let Ok(mut list) = self.waiting.lock() {
            list.push((at, bytes));
        }
        // The writer may have looked for the last time just before.
        match self.file.try_lock() {
            Ok(_writing) => self.write_waiting(),
            Err(_) => Ok(()),
        }
    }

    /// What is left when all threads are done.
    pub fn finish(self) -> io::Result<()> {
        self.write_waiting()
    }

    fn next(&self) -> Option<Waiting> {
        self.waiting.lock().ok().and_then(|mut list| list.pop())
    }

    fn write_waiting(&self) -> io::Result<()> {
        while let Some((at, bytes)) = self.next() {
            (self.write)(at, &bytes)?;
            if let Ok(mut list) = self.empty.lock() {
                list.push(bytes);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_written_once_whoever_writes() {
        let file = Mutex::new(vec![0u8; 4000]);
        let queue = Queue::new(4, |at: u64, bytes: &[u8]| {
            let mut file = file.lock().unwrap();
            for (to, from) in file[at as usize..].iter_mut().zip(bytes) {
                *to += from;
            }
            Ok(())
        });
        std::thread::scope(|scope| {
            for t in 0..4usize {
                let queue = &queue;
                scope.spawn(move || {
                    let mut buf = Vec::new();
                    for i in (t..1000).step_by(4) {
                        buf.clear();
                        buf.extend([i as u8 | 1; 4]);
                        queue.put(4 * i as u64, &mut buf).unwrap();
                    }
                });
            }
        });
        queue.finish().unwrap();
        let file = file.into_inner().unwrap();
        assert!((0..1000).all(|i| file[4 * i..4 * i + 4] == [i as u8 | 1; 4]));
    }

    #[test]
    fn an_error_is_told() {
        let queue = Queue::new(1, |_: u64, _: &[u8]| Err(io::Error::other("full")));
        assert!(queue.put(0, &mut vec![1]).is_err());
    }
}
