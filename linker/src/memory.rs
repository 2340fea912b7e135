//! Memory as a linker uses it: a few large tables that live until the end, and inputs that stay mapped.
//!
//! [`Reporting`] is the commands' allocator. Large tables are offered to the kernel for huge pages (madvise(2),
//! MADV_HUGEPAGE), and what is freed once the output has its name stays where it is. [`leave`] lets the command end before
//! the kernel has taken its memory apart, which for a large link takes as long as resolving its symbols.
//!
//! A module with `unsafe` code: an allocator is one, and so is a child that shares our memory.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::faults;

/// The output is complete, and there is so much memory that giving it back takes time.
static LARGE: AtomicBool = AtomicBool::new(false);

/// Bytes of a table from which on huge pages pay.
const TABLE: usize = 4 << 20;

/// An allocator that says that memory has ended and exits with status 1, where the standard library would abort.
pub struct Reporting<A>(pub A);

impl<A> Reporting<A> {
    /// What stands behind `p`, as every successful allocation passes it on.
    #[inline]
    fn given(p: *mut u8, size: usize) -> *mut u8 {
        if p.is_null() {
            faults::out_of_memory(size);
        }
        if size >= TABLE {
            offer_huge_pages(p, size);
        }
        p
    }
}

/// Its page faults become one for two megabytes. A kernel that knows nothing of it says so, and nothing is lost.
#[cold]
fn offer_huge_pages(p: *mut u8, size: usize) {
    #[cfg(target_os = "linux")]
    {
        const PAGE: usize = 4096;
        let start = p.addr().next_multiple_of(PAGE);
        let len = (p.addr() + size).saturating_sub(start) & !(PAGE - 1);
        // SAFETY: the range lies in an allocation, and its contents do not change.
        unsafe { libc::madvise(p.with_addr(start).cast(), len, libc::MADV_HUGEPAGE) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (p, size);
}

// SAFETY: every call goes to the allocator inside; this only looks at what comes back.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Reporting<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the one `alloc` asks for; so in the others.
        Self::given(unsafe { self.0.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        if !stays() {
            // SAFETY: as above.
            unsafe { self.0.dealloc(p, layout) }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        Self::given(unsafe { self.0.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn realloc(&self, p: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        Self::given(unsafe { self.0.realloc(p, layout, size) }, size)
    }
}

/// Bytes of inputs from which on a link leaves its memory to [`leave`].
const LARGE_LINK: u64 = 16 << 20;

/// The output is complete; `bytes` of inputs were mapped. What a command frees from now on is freed by its end.
pub(crate) fn output_is_complete(bytes: u64) {
    if bytes >= LARGE_LINK && faults::are_answered() {
        LARGE.store(true, Ordering::Relaxed);
    }
}

/// The file at `path` is about to lose its name. Removing its contents takes as long as writing them did, so where a child
/// stays behind the command, that happens at the child's end.
pub(crate) fn outlive(path: &Path) {
    #[cfg(target_os = "linux")]
    if faults::are_answered() {
        heir::hold(path);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = path;
}

/// Whether memory is left to the end of the process.
pub(crate) fn stays() -> bool {
    LARGE.load(Ordering::Relaxed)
}

/// Ends the process with `status`. After a large link a child stays that shares our memory (clone(2), CLONE_VM) and does
/// nothing but wait for our end: so whoever waits for the command goes on at once, and the kernel takes the memory apart when
/// the child ends. Without such a child (another system, no more processes allowed) it is done first.
pub fn leave(status: i32) -> ! {
    // The thread sanitizer takes every clone(2) for a fork.
    #[cfg(target_os = "linux")]
    if stays() && !cfg!(wcc_always_parallel) {
        heir::leave_behind();
    }
    std::process::exit(status)
}

/// The child. Between its start and its end it only makes system calls: locks and thread-local data are ours.
#[cfg(target_os = "linux")]
mod heir {
    use std::ffi::c_void;
    use std::os::fd::IntoRawFd;
    use std::path::Path;
    use std::sync::atomic::{AtomicI32, Ordering};

    use rustix::fs::{Mode, OFlags};

    const STACK: usize = 64 << 10;
    /// The old output, held until the command has ended: a descriptor, or -1.
    static OLD_OUTPUT: AtomicI32 = AtomicI32::new(-1);

    pub fn hold(path: &Path) {
        // It is not opened, only held: no permission is needed, and nothing happens to a device.
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Ok(fd) = rustix::fs::open(path, flags, Mode::empty()) {
            OLD_OUTPUT.store(fd.into_raw_fd(), Ordering::Relaxed);
        }
    }

    /// What the child is told.
    struct Legacy {
        /// It ends when nobody can write into this pipe any more.
        pipe: libc::c_int,
        /// It keeps this descriptor open, if it is one.
        held: libc::c_int,
    }

    pub fn leave_behind() {
        let mut pipe = [-1; 2];
        // SAFETY: room for two descriptors.
        if unsafe { libc::pipe2(pipe.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
            return;
        }
        // Never freed: the child runs on it.
        let stack = Vec::leak(vec![0u128; STACK / size_of::<u128>()]).as_mut_ptr_range();
        let legacy: *mut Legacy = Box::leak(Box::new(Legacy {
            pipe: pipe[0],
            held: OLD_OUTPUT.load(Ordering::Relaxed),
        }));
        // SAFETY: the stack is the child's alone and grows down from its aligned end. Descriptors are copied, so what the
        // child closes stays open here.
        unsafe { libc::clone(wait, stack.end.cast(), libc::CLONE_VM, legacy.cast()) };
    }

    /// Waits until nobody can write into the pipe any more, which is when the parent has ended.
    extern "C" fn wait(legacy: *mut c_void) -> libc::c_int {
        // SAFETY: `leave_behind` leaked it for this.
        let &Legacy { pipe, held } = unsafe { &*legacy.cast::<Legacy>() };
        let mut byte = 0u8;
        // Nobody is to wait for our copies of the standard streams, nor for our end of the pipe.
        let mut from = 0;
        for kept in [pipe.min(held), pipe.max(held), libc::c_int::MAX] {
            if kept > from {
                // SAFETY: our own copies of descriptors.
                unsafe { libc::syscall(libc::SYS_close_range, from, kept - 1, 0) };
            }
            from = from.max(kept.saturating_add(1));
        }
        // SAFETY: `byte` outlives the read; nothing comes behind the end.
        unsafe {
            libc::syscall(libc::SYS_read, pipe, &raw mut byte, 1);
            libc::syscall(libc::SYS_exit_group, 0);
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    /// All of an allocation's life through [`Reporting`]; large ones have no huge pages under Miri.
    #[test]
    fn memory_grows_shrinks_and_is_zeroed() {
        let memory = Reporting(System);
        let sizes = if cfg!(miri) {
            [1, 100, 4096]
        } else {
            [1, 4096, 3 * TABLE + 1]
        };
        for size in sizes {
            let layout = Layout::from_size_align(size, 64).unwrap();
            let larger = Layout::from_size_align(2 * size, 64).unwrap();
            // SAFETY: as the trait asks: each call gets what the one before gave, with its layout.
            unsafe {
                let p = memory.alloc_zeroed(layout);
                assert!(p.addr().is_multiple_of(64));
                assert_eq!((*p, *p.add(size - 1)), (0, 0));
                p.write_bytes(7, size);
                let p = memory.realloc(p, layout, 2 * size);
                assert_eq!((*p, *p.add(size - 1)), (7, 7));
                p.add(size).write_bytes(9, size);
                let p = memory.realloc(p, larger, size);
                assert_eq!(*p, 7);
                memory.dealloc(p, layout);
                memory.dealloc(memory.alloc(layout), layout);
            }
        }
    }
}
