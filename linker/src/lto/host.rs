//! The host's side of the plugin interface: loading a plugin, and calling it; `callbacks.rs` answers its calls.
//!
//! The interface has no context argument, so what the callbacks read and write is one static [`State`]; there can be
//! one link with plugins in a process, which [`Host::start`] sees to. All calls into a plugin are made by one thread of
//! the host's: plugins want that, LLVM wants its deep stack, and a plugin that reports a fatal error must not be returned to,
//! so its thread is then left asleep and the link goes on to say what happened.
//!
//! This is a module with `unsafe` code: foreign functions, their pointers, and the process environment.
#![allow(unsafe_code)]

mod callbacks;

use std::ffi::{CStr, CString, OsString, c_char, c_int, c_void};
use std::fs::File;
use std::marker::PhantomData;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::callbacks::transfer_vector;
use super::api::{self, Entry, Resolution, Status};
use crate::faults;

/// A symbol as a plugin announced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IrSymbol {
    /// With `@VERSION` behind it when the plugin gave one.
    pub name: Vec<u8>,
    /// LDPK_ value.
    pub kind: u8,
    /// LDST_ value.
    pub symbol_type: u8,
    /// LDPV_ value.
    pub visibility: i32,
    pub size: u64,
    pub comdat: Option<Vec<u8>>,
}

/// A file offered to plugins.
pub struct Offer<'d> {
    /// The file that is read, and where in it the object starts.
    pub path: PathBuf,
    pub offset: u64,
    pub data: &'d [u8],
    /// It is linked for sure; false for archive members.
    pub known_used: bool,
}

/// What compilation added to the link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub files: Vec<PathBuf>,
    /// As behind `-l`.
    pub libraries: Vec<OsString>,
    pub directories: Vec<PathBuf>,
}

#[derive(Default)]
struct Hooks {
    claim: Option<api::ClaimFile>,
    claim_v2: Option<api::ClaimFileV2>,
    all_symbols_read: Option<api::Hook>,
    cleanup: Option<api::Hook>,
    new_input: Option<api::NewInput>,
}

struct Claimed {
    path: CString,
    /// Address of the bytes, which live as long as the host.
    view: usize,
    offset: u64,
    size: u64,
    symbols: Vec<IrSymbol>,
    /// None: the file takes no part in the link.
    resolutions: Option<Vec<Resolution>>,
    open: Option<File>,
}

struct State {
    plugins: Vec<Hooks>,
    files: Vec<Claimed>,
    added: Added,
    messages: Vec<(i32, String)>,
    /// `--wrap` names as the plugin sees them.
    wraps: Vec<Kept>,
    fatal: Option<Sender<Answer>>,
}

/// A string that is never freed, for any thread to look at.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Kept(*const c_char);
// SAFETY: nobody writes to it or frees it.
unsafe impl Send for Kept {}
// SAFETY: as above.
unsafe impl Sync for Kept {}

static STATE: Mutex<State> = Mutex::new(State {
    plugins: Vec::new(),
    files: Vec::new(),
    added: Added {
        files: Vec::new(),
        libraries: Vec::new(),
        directories: Vec::new(),
    },
    messages: Vec::new(),
    wraps: Vec::new(),
    fatal: None,
});

static STARTED: AtomicBool = AtomicBool::new(false);

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

enum Answer {
    Done(Status),
    Claim(Status, bool),
    Failed(String),
    Fatal,
}

type Request = Box<dyn FnOnce() -> Answer + Send>;

/// Stack of the thread that runs plugins: LLVM's passes recurse deeply.
const STACK: usize = 64 << 20;

/// The running host. `'d` is how long the files' bytes live.
pub struct Host<'d> {
    calls: Mutex<(Sender<Request>, Receiver<Answer>)>,
    /// LDPO_ value.
    output_kind: i32,
    output: CString,
    /// The plugin gave up; its thread sleeps for ever.
    dead: AtomicBool,
    data: PhantomData<&'d ()>,
}

impl<'d> Host<'d> {
    /// Starts the host. `output_kind` is an LDPO_ value.
    ///
    /// # Errors
    /// When there has been one in this process: plugins keep what they know in static variables.
    pub fn start(output_kind: i32, output: &Path, wraps: &[Vec<u8>]) -> Result<Self, String> {
        if STARTED.swap(true, Ordering::SeqCst) {
            return Err("a second link with an LTO plugin in one process".into());
        }
        let (requests, inbox) = channel::<Request>();
        let (answers, outbox) = channel::<Answer>();
        {
            let mut s = state();
            s.fatal = Some(answers.clone());
            s.wraps = wraps.iter().map(|w| Kept(leak(w))).collect();
        }
        std::thread::Builder::new()
            .name("lto-plugin".into())
            .stack_size(STACK)
            .spawn(move || {
                for request in inbox {
                    if answers.send(request()).is_err() {
                        return;
                    }
                }
            })
            .map_err(|e| format!("cannot start a thread for the LTO plugin: {e}"))?;
        Ok(Host {
            calls: Mutex::new((requests, outbox)),
            output_kind,
            output: c_string(output.as_os_str().as_bytes()),
            dead: AtomicBool::new(false),
            data: PhantomData,
        })
    }

    /// Has the plugins' thread do something about what is called `what`.
    fn call(&self, what: &CStr, request: Request) -> Answer {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if self.dead.load(Ordering::Relaxed) {
            return Answer::Fatal;
        }
        let answer = faults::with_plugin(what, || match calls.0.send(request) {
            Ok(()) => calls.1.recv().unwrap_or(Answer::Fatal),
            Err(_) => Answer::Fatal,
        });
        if matches!(answer, Answer::Fatal) {
            self.dead.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Loads a plugin with its options: its number.
    ///
    /// # Errors
    /// What the run-time linker or the plugin said.
    pub fn load(&self, path: &Path, options: &[OsString]) -> Result<usize, String> {
        let number = {
            let mut s = state();
            s.plugins.push(Hooks::default());
            s.plugins.len() - 1
        };
        let library = c_string(path.as_os_str().as_bytes());
        let vector = Vector(transfer_vector(self.output_kind, &self.output, options));
        match self.call(&library.clone(), Box::new(move || load(&library, vector))) {
            Answer::Done(api::OK) => Ok(number),
            Answer::Failed(why) => Err(why),
            Answer::Fatal => Err("the plugin gave up".into()),
            _ => Err("the plugin does not want to be used for this link".into()),
        }
    }

    /// Offers a file to a plugin: the file's handle and symbols if it is the plugin's.
    ///
    /// # Errors
    /// When the file cannot be opened or the plugin fails on it.
    pub fn claim(
        &self,
        plugin: usize,
        offer: &Offer<'d>,
    ) -> Result<Option<(u32, Vec<IrSymbol>)>, String> {
        let file = File::open(&offer.path).map_err(|e| format!("cannot open it again: {e}"))?;
        let path = c_string(offer.path.as_os_str().as_bytes());
        let number = {
            let mut s = state();
            s.files.push(Claimed {
                path: path.clone(),
                view: offer.data.as_ptr() as usize,
                offset: offer.offset,
                size: offer.data.len() as u64,
                symbols: Vec::new(),
                resolutions: None,
                open: None,
            });
            s.files.len() as u32 - 1
        };
        let (offset, size) = (offer.offset as libc::off_t, offer.data.len() as libc::off_t);
        let known_used = c_int::from(offer.known_used);
        let answer = self.call(
            &path.clone(),
            Box::new(move || {
                let input = api::InputFile {
                    name: path.as_ptr(),
                    fd: file.as_raw_fd(),
                    offset,
                    filesize: size,
                    handle: handle(number),
                };
                claim(plugin, &input, known_used)
            }),
        );
        match answer {
            Answer::Claim(api::OK, true) => {
                let s = state();
                let symbols = s.files.get(number as usize).map(|f| f.symbols.clone());
                Ok(Some((number, symbols.unwrap_or_default())))
            }
            Answer::Claim(api::OK, false) => Ok(None),
            Answer::Fatal => Err("the LTO plugin gave up".into()),
            _ => Err("the LTO plugin could not read it".into()),
        }
    }

    /// Says what became of a claimed file's symbols, in the order they were announced.
    pub fn resolve(&self, file: u32, resolutions: Vec<Resolution>) {
        if let Some(f) = state().files.get_mut(file as usize) {
            f.resolutions = Some(resolutions);
        }
    }

    /// Has all plugins compile.
    ///
    /// # Errors
    /// When one fails; its messages say why.
    pub fn compile(&self) -> Result<Added, String> {
        let count = state().plugins.len();
        for plugin in 0..count {
            let hook = state().plugins.get(plugin).and_then(|p| p.all_symbols_read);
            let answer = self.call(&self.output, Box::new(move || run_hook(hook)));
            match answer {
                Answer::Done(api::OK) => {}
                _ => return Err("link-time optimisation failed".into()),
            }
        }
        Ok(std::mem::take(&mut state().added))
    }

    /// Tells the plugins that ask for it which files came of their compilation.
    pub fn announce(&self, path: &Path, size: u64) {
        let listening: Vec<api::NewInput> =
            state().plugins.iter().filter_map(|p| p.new_input).collect();
        if listening.is_empty() {
            return;
        }
        let path = c_string(path.as_os_str().as_bytes());
        self.call(
            &path.clone(),
            Box::new(move || {
                let input = api::InputFile {
                    name: path.as_ptr(),
                    fd: -1,
                    offset: 0,
                    filesize: size as libc::off_t,
                    handle: std::ptr::null_mut(),
                };
                for f in listening {
                    // SAFETY: the hook was registered with this signature; `input` outlives the call.
                    unsafe { f(&input) };
                }
                Answer::Done(api::OK)
            }),
        );
    }

    /// Lets the plugins remove their temporary files.
    pub fn clean_up(&self) {
        let count = state().plugins.len();
        for plugin in 0..count {
            let hook = state().plugins.get(plugin).and_then(|p| p.cleanup);
            self.call(&self.output, Box::new(move || run_hook(hook)));
        }
        state().files.clear();
    }

    /// What the plugins have said since the last call: LDPL_ level and text.
    pub fn take_messages(&self) -> Vec<(i32, String)> {
        std::mem::take(&mut state().messages)
    }
}

/// Sets environment variables, for the plugin and the programs it starts.
///
/// Call while no other thread of this process reads or changes the environment.
pub fn set_environment(variables: &[(&str, OsString)]) {
    for (name, value) in variables {
        // SAFETY: the link is between two thread pools here; the only other threads are the commands' signal watcher
        // and jobs that have ended, and neither touches the environment.
        unsafe { std::env::set_var(name, value) };
    }
}

/// Removes this directory also when a plugin ends the process (LLVM's does after `emit-asm`).
pub fn remove_at_exit(dir: &Path) {
    static DIR: Mutex<Option<PathBuf>> = Mutex::new(None);
    fn remove() {
        if let Ok(dir) = DIR.try_lock()
            && let Some(dir) = &*dir
        {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
    extern "C" fn at_exit() {
        remove();
    }
    faults::set_clean_up(remove);
    *DIR.lock().unwrap_or_else(PoisonError::into_inner) = Some(dir.to_path_buf());
    // SAFETY: `at_exit` takes nothing, returns nothing and does not unwind.
    unsafe { libc::atexit(at_exit) };
}

fn c_string(bytes: &[u8]) -> CString {
    // A path with a NUL in it cannot exist.
    CString::new(bytes).unwrap_or_default()
}

/// A string for a plugin to keep: they do not copy them, and stay loaded until the process ends.
fn leak(bytes: &[u8]) -> *const c_char {
    c_string(bytes).into_raw()
}

/// Handles are numbers of files, from 1, so that none is null.
fn handle(file: u32) -> *mut c_void {
    (file as usize + 1) as *mut c_void
}

fn number(handle: *const c_void) -> usize {
    (handle as usize).wrapping_sub(1)
}

/// Carries the transfer vector to the plugin's thread.
struct Vector(Vec<Entry>);
// SAFETY: its pointers are to functions and to strings that are never freed.
unsafe impl Send for Vector {}

/// Runs in the plugin's thread.
fn load(library: &CStr, mut vector: Vector) -> Answer {
    // SAFETY: a valid C string; the library's initialisers are those of a plugin the user or the compiler names.
    let loaded = unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_NOW) };
    if loaded.is_null() {
        return Answer::Failed(last_error());
    }
    // SAFETY: a library that was just loaded, and a valid C string.
    let onload = unsafe { libc::dlsym(loaded, c"onload".as_ptr()) };
    if onload.is_null() {
        return Answer::Failed("it is no linker plugin: it has no onload function".into());
    }
    // SAFETY: `onload` has this type in every linker plugin (plugin-api.h).
    let onload: api::Onload = unsafe { std::mem::transmute(onload) };
    // SAFETY: the vector ends with LDPT_NULL and its strings are never freed.
    Answer::Done(unsafe { onload(vector.0.as_mut_ptr()) })
}

fn last_error() -> String {
    // SAFETY: dlerror gives null or a C string that is valid until the next call in this thread.
    unsafe {
        let text = libc::dlerror();
        if text.is_null() {
            "it cannot be loaded".into()
        } else {
            CStr::from_ptr(text).to_string_lossy().into_owned()
        }
    }
}

fn claim(plugin: usize, input: &api::InputFile, known_used: c_int) -> Answer {
    // The lock is not held while the plugin runs: it calls back.
    let (v1, v2) = {
        let s = state();
        let hooks = s.plugins.get(plugin);
        (hooks.and_then(|h| h.claim), hooks.and_then(|h| h.claim_v2))
    };
    let mut claimed = 0;
    // SAFETY: the hooks were registered with these signatures; the input and its name outlive the call.
    let status = unsafe {
        match (v1, v2) {
            (_, Some(f)) => f(input, &mut claimed, known_used),
            (Some(f), None) => f(input, &mut claimed),
            (None, None) => api::OK,
        }
    };
    Answer::Claim(status, claimed != 0)
}

fn run_hook(hook: Option<api::Hook>) -> Answer {
    Answer::Done(match hook {
        // SAFETY: registered with this signature.
        Some(f) => unsafe { f() },
        None => api::OK,
    })
}

#[cfg(test)]
mod tests;
