//! What the system may do to a running link: an input shrinks under its mapping, memory ends, a signal comes while the
//! output has a temporary name, a compiler's plugin crashes.
//!
//! Each becomes an error with its reason and exit status 1 (a signal stays that signal), and no temporary file is left.
//! The library itself touches no signal: a command calls [`install`] first, and without it nothing here does anything.
//!
//! A module with `unsafe` code: signal handlers. What they call is async-signal-safe (`write`, `unlink`, `_exit`), and what
//! they read is never freed.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU8, AtomicUsize, Ordering};

static INSTALLED: AtomicBool = AtomicBool::new(false);
static MAPPINGS: AtomicPtr<Mapping> = AtomicPtr::new(ptr::null_mut());
/// The output's temporary name, while it has one: a `CString` that is never freed.
static TEMPORARY: AtomicPtr<libc::c_char> = AtomicPtr::new(ptr::null_mut());
/// What else is to be removed when the process ends here: `fn()`s.
static CLEAN_UPS: [AtomicPtr<()>; 2] = [const { AtomicPtr::new(ptr::null_mut()) }; 2];
/// What a plugin works on, while its code runs.
static PLUGIN: AtomicPtr<libc::c_char> = AtomicPtr::new(ptr::null_mut());
/// Seconds for cleaning up behind a plugin, which may have crashed with the allocator's lock in its hand.
const CLEAN_UP_SECONDS: libc::c_uint = 5;

/// Most of make's tokens that a link holds.
pub const MAX_TOKENS: usize = 64;
/// make's tokens, and where they go back to (-1: none are held).
static TOKENS_TO: AtomicI32 = AtomicI32::new(-1);
static TOKENS: [AtomicU8; MAX_TOKENS] = [const { AtomicU8::new(0) }; MAX_TOKENS];
static TOKEN_COUNT: AtomicUsize = AtomicUsize::new(0);

/// A mapped input. Links in a list that only grows: handlers may walk it at any time.
struct Mapping {
    start: usize,
    len: usize,
    path: CString,
    next: *mut Mapping,
}

/// Makes this process answer faults: for commands, before the link starts.
pub fn install() {
    if INSTALLED.swap(true, Ordering::Relaxed) {
        return;
    }
    handle(libc::SIGBUS, on_bus_error);
    handle(libc::SIGABRT, on_crash);
    // Over `ulimit -f`, a write then fails with EFBIG, which is an error like a full disk.
    // SAFETY: ignoring a signal calls nothing of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Whether this is a command, which ends behind its link.
pub(crate) fn are_answered() -> bool {
    INSTALLED.load(Ordering::Relaxed)
}

/// Says what to do besides when the process ends inside this module: directories of the caller are removed there. There
/// is room for two callers.
pub fn set_clean_up(f: fn()) {
    for slot in &CLEAN_UPS {
        let old = slot.compare_exchange(
            ptr::null_mut(),
            f as *mut (),
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if old.is_ok() || old == Err(f as *mut ()) {
            return;
        }
    }
}

/// Runs a plugin's code, `work`, on what is called `what`: when it crashes, that is an error of this link.
pub fn with_plugin<T>(what: &CStr, work: impl FnOnce() -> T) -> T {
    if INSTALLED.load(Ordering::Relaxed) {
        for signal in [libc::SIGSEGV, libc::SIGABRT, libc::SIGILL, libc::SIGFPE] {
            handle(signal, on_crash);
        }
        PLUGIN.store(what.as_ptr().cast_mut(), Ordering::Release);
    }
    let result = work();
    PLUGIN.store(ptr::null_mut(), Ordering::Release);
    result
}

/// Remembers which file is mapped where.
pub fn note_mapping(bytes: &[u8], path: &Path) {
    if INSTALLED.load(Ordering::Relaxed) {
        remember(bytes, path);
    }
}

fn remember(bytes: &[u8], path: &Path) {
    let node = Box::into_raw(Box::new(Mapping {
        start: bytes.as_ptr() as usize,
        len: bytes.len(),
        path: c_string(path),
        next: ptr::null_mut(),
    }));
    let mut head = MAPPINGS.load(Ordering::Acquire);
    loop {
        // SAFETY: nobody else knows the node yet.
        unsafe { (*node).next = head };
        match MAPPINGS.compare_exchange_weak(head, node, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return,
            Err(now) => head = now,
        }
    }
}

/// The output has this name until [`no_temporary`]: a signal that ends the process removes it.
pub fn note_temporary(path: &Path) {
    if !INSTALLED.load(Ordering::Relaxed) {
        return;
    }
    TEMPORARY.store(c_string(path).into_raw(), Ordering::Release);
    catch_ends();
}

fn catch_ends() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        if is_default(signal) {
            handle(signal, on_end);
        }
    }
}

/// The output has its own name, or none.
pub fn no_temporary() {
    // The string stays: a handler may be reading it.
    TEMPORARY.store(ptr::null_mut(), Ordering::Release);
}

/// Until [`no_tokens`] these tokens go back to make by `fd` when the process ends here.
pub fn note_tokens(fd: libc::c_int, tokens: &[u8]) {
    for (slot, token) in TOKENS.iter().zip(tokens) {
        slot.store(*token, Ordering::Relaxed);
    }
    TOKEN_COUNT.store(tokens.len().min(MAX_TOKENS), Ordering::Relaxed);
    TOKENS_TO.store(fd, Ordering::Release);
    if INSTALLED.load(Ordering::Relaxed) && !tokens.is_empty() {
        catch_ends();
    }
}

/// They have gone back, or are about to.
pub fn no_tokens() {
    TOKENS_TO.store(-1, Ordering::Release);
}

fn give_tokens() {
    let fd = TOKENS_TO.swap(-1, Ordering::AcqRel);
    if fd < 0 {
        return;
    }
    for slot in TOKENS.iter().take(TOKEN_COUNT.load(Ordering::Relaxed)) {
        let token = [slot.load(Ordering::Relaxed)];
        // SAFETY: one byte of this frame. A lost token costs make a job, and there is nobody to tell.
        let _ = unsafe { libc::write(fd, token.as_ptr().cast(), 1) };
    }
}

fn c_string(path: &Path) -> CString {
    // A path that was opened holds no NUL.
    CString::new(path.as_os_str().as_bytes()).unwrap_or_default()
}

fn is_default(signal: libc::c_int) -> bool {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a null new action changes nothing; sigaction fills `old`, which zeros are a valid value of.
    unsafe {
        libc::sigaction(signal, ptr::null(), old.as_mut_ptr()) == 0
            && old.assume_init().sa_sigaction == libc::SIG_DFL
    }
}

type Handler = extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);

fn handle(signal: libc::c_int, handler: Handler) {
    // SAFETY: the structure is valid when zeroed, and the handlers keep to what handlers may do (see the head).
    unsafe {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
        action.sa_sigaction = handler as libc::sighandler_t;
        // Threads of the standard library have such a stack, for when the other one is full.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&mut action.sa_mask);
        libc::sigaction(signal, &action, ptr::null_mut());
    }
}

fn say(parts: &[&[u8]]) {
    for part in parts {
        // SAFETY: the pointer and the length are a slice's. An error stream that takes nothing changes nothing.
        let _ = unsafe { libc::write(2, part.as_ptr().cast(), part.len()) };
    }
}

fn remove_temporary() {
    let name = TEMPORARY.swap(ptr::null_mut(), Ordering::AcqRel);
    if !name.is_null() {
        // SAFETY: a C string that is never freed.
        unsafe { libc::unlink(name) };
    }
}

fn end() -> ! {
    remove_temporary();
    give_tokens();
    for slot in &CLEAN_UPS {
        let clean_up = slot.swap(ptr::null_mut(), Ordering::AcqRel);
        if !clean_up.is_null() {
            // SAFETY: only `set_clean_up` stores here, and it stores a `fn()`.
            let clean_up: fn() = unsafe { std::mem::transmute(clean_up) };
            clean_up();
        }
    }
    // SAFETY: ends the process; the output has no name, so nothing is half done.
    unsafe { libc::_exit(1) }
}

/// A mapped page is gone: the file was cut short, or its disk cannot be read. The faulting instruction is one that
/// reads an input, so no lock of the allocator is held and the clean-up may do what it likes.
extern "C" fn on_bus_error(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    // SAFETY: the kernel hands a valid siginfo to an SA_SIGINFO handler.
    let at = unsafe { (*info).si_addr() } as usize;
    if let Some(m) = mapping_of(at) {
        say(&[
            b"ld.wcc: error: ",
            m.path.as_bytes(),
            b": was cut short or became unreadable while it was being linked\n",
        ]);
        end();
    }
    crashed(signal);
}

/// The mapped input in which the address lies.
fn mapping_of(at: usize) -> Option<&'static Mapping> {
    let mut node = MAPPINGS.load(Ordering::Acquire);
    // SAFETY: nodes are complete when they enter the list and are never freed.
    while let Some(m) = unsafe { node.as_ref() } {
        if at.wrapping_sub(m.start) < m.len {
            return Some(m);
        }
        node = m.next;
    }
    None
}

/// A signal that says that code is wrong.
extern "C" fn on_crash(
    signal: libc::c_int,
    _info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    crashed(signal);
}

/// Whether there is not even a megabyte more.
fn memory_has_ended() -> bool {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a mapping of its own, which nobody gets.
    unsafe {
        libc::mmap(ptr::null_mut(), 1 << 20, libc::PROT_READ, flags, -1, 0) == libc::MAP_FAILED
    }
}

fn crashed(signal: libc::c_int) {
    let what = PLUGIN.swap(ptr::null_mut(), Ordering::AcqRel);
    if !what.is_null() {
        // SAFETY: `with_plugin` waits for the code that crashed, so what it was given is still there.
        let what = unsafe { CStr::from_ptr(what) };
        say(&[
            b"ld.wcc: error: ",
            what.to_bytes(),
            b": the compiler's LTO plugin crashed on it\n",
        ]);
        // SAFETY: the default action of SIGALRM ends the process should the clean-up wait for a lock for ever.
        unsafe {
            libc::signal(libc::SIGALRM, libc::SIG_DFL);
            libc::alarm(CLEAN_UP_SECONDS);
        }
        end();
    }
    if signal == libc::SIGABRT && memory_has_ended() {
        // The C library has said so: it aborts where a thread's first use of a variable finds no memory.
        end();
    }
    // Code of this program: end as without a handler.
    // SAFETY: restores the default action, under which the instruction faults again.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// Ends as the signal says, without the output's temporary file.
extern "C" fn on_end(
    signal: libc::c_int,
    _info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    remove_temporary();
    give_tokens();
    // SAFETY: both may be called in a handler; the signal is delivered when it returns.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}

/// Says that memory has ended, and exits with status 1, where the standard library would abort.
#[cold]
pub(crate) fn out_of_memory(size: usize) -> ! {
    // No allocation here: the number is written by hand.
    let mut digits = [0u8; 20];
    let mut n = size;
    let mut len = 0;
    for d in digits.iter_mut().rev() {
        *d = b'0' + (n % 10) as u8;
        n /= 10;
        len += 1;
        if n == 0 {
            break;
        }
    }
    let number = digits.get(digits.len() - len..).unwrap_or(b"?");
    say(&[
        b"wcc: error: out of memory: ",
        number,
        b" bytes more were needed\n",
    ]);
    remove_temporary();
    give_tokens();
    // SAFETY: as in `end`; the caller's clean-up would allocate.
    unsafe { libc::_exit(1) }
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
