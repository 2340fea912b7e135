//! The host's side of the plugin interface: loading a plugin and answering its calls.
//!
//! The interface has no context argument, so what the callbacks read and write is one static [`State`]; there can be
//! one link with plugins in a process, which [`Host::start`] sees to. All calls into a plugin are made by one thread of
//! the host's: plugins want that, LLVM wants its deep stack, and a plugin that reports a fatal error must not be returned to,
//! so its thread is then left asleep and the link goes on to say what happened.
//!
//! This is a module with `unsafe` code: foreign functions, their pointers, and the process environment.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, OsStr, OsString, c_char, c_int, c_void};
use std::fs::File;
use std::marker::PhantomData;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::api::{self, Entry, Resolution, Status, Value, tag};
use super::message;
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
    /// `--wrap` names as the plugin sees them, and the addresses of their bytes.
    wraps: Vec<usize>,
    fatal: Option<Sender<Answer>>,
}

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
            s.wraps = wraps.iter().map(|w| leak(w) as usize).collect();
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

fn transfer_vector(output_kind: i32, output: &CStr, options: &[OsString]) -> Vec<Entry> {
    let function = |tag, f: *const c_void| Entry {
        tag,
        value: Value { function: f },
    };
    let string = |tag, bytes: &[u8]| Entry {
        tag,
        value: Value {
            string: leak(bytes),
        },
    };
    let number = |tag, val| Entry {
        tag,
        value: Value { val },
    };
    let mut v = vec![
        function(tag::MESSAGE, on_message as *const c_void),
        number(tag::API_VERSION, api::API_VERSION),
        number(tag::GNU_LD_VERSION, api::GNU_LD_VERSION),
        number(tag::LINKER_OUTPUT, output_kind),
        string(tag::OUTPUT_NAME, output.to_bytes()),
        function(
            tag::REGISTER_CLAIM_FILE_HOOK,
            on_register_claim as *const c_void,
        ),
        function(
            tag::REGISTER_CLAIM_FILE_HOOK_V2,
            on_register_claim_v2 as *const c_void,
        ),
        function(
            tag::REGISTER_ALL_SYMBOLS_READ_HOOK,
            on_register_all_symbols_read as *const c_void,
        ),
        function(
            tag::REGISTER_CLEANUP_HOOK,
            on_register_cleanup as *const c_void,
        ),
        function(
            tag::REGISTER_NEW_INPUT_HOOK,
            on_register_new_input as *const c_void,
        ),
        function(tag::ADD_SYMBOLS, on_add_symbols as *const c_void),
        function(tag::ADD_SYMBOLS_V2, on_add_symbols as *const c_void),
        function(tag::GET_SYMBOLS, on_get_symbols as *const c_void),
        function(tag::GET_SYMBOLS_V2, on_get_symbols_v2 as *const c_void),
        function(tag::GET_SYMBOLS_V3, on_get_symbols_v3 as *const c_void),
        function(tag::ADD_INPUT_FILE, on_add_input_file as *const c_void),
        function(
            tag::ADD_INPUT_LIBRARY,
            on_add_input_library as *const c_void,
        ),
        function(
            tag::SET_EXTRA_LIBRARY_PATH,
            on_set_extra_library_path as *const c_void,
        ),
        function(tag::GET_INPUT_FILE, on_get_input_file as *const c_void),
        function(
            tag::RELEASE_INPUT_FILE,
            on_release_input_file as *const c_void,
        ),
        function(tag::GET_VIEW, on_get_view as *const c_void),
        function(tag::GET_WRAP_SYMBOLS, on_get_wrap_symbols as *const c_void),
        function(tag::GET_API_VERSION, on_get_api_version as *const c_void),
    ];
    v.extend(options.iter().map(|o| string(tag::OPTION, o.as_bytes())));
    v.push(number(tag::NULL, 0));
    v
}

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

fn register(set: impl FnOnce(&mut Hooks)) -> Status {
    // Hooks are registered while a plugin is loaded, and the last one is being loaded.
    match state().plugins.last_mut() {
        Some(hooks) => {
            set(hooks);
            api::OK
        }
        None => api::ERR,
    }
}

extern "C" fn on_register_claim(f: api::ClaimFile) -> Status {
    register(|h| h.claim = Some(f))
}
extern "C" fn on_register_claim_v2(f: api::ClaimFileV2) -> Status {
    register(|h| h.claim_v2 = Some(f))
}
extern "C" fn on_register_all_symbols_read(f: api::Hook) -> Status {
    register(|h| h.all_symbols_read = Some(f))
}
extern "C" fn on_register_cleanup(f: api::Hook) -> Status {
    register(|h| h.cleanup = Some(f))
}
extern "C" fn on_register_new_input(f: api::NewInput) -> Status {
    register(|h| h.new_input = Some(f))
}

/// Variadic in C. Rust cannot define such functions, but in the ABIs of all ELF platforms whole-number and pointer
/// arguments of a variadic function lie where those of an ordinary one do; plugins pass no others.
#[allow(clippy::too_many_arguments)]
extern "C" fn on_message(
    level: c_int,
    format: *const c_char,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
) -> Status {
    // SAFETY: the plugin passes C strings for the format and for each %s in it.
    let text = unsafe {
        message::format(&bytes(format), &[a, b, c, d, e, f], |s| {
            bytes(s as *const c_char)
        })
    };
    let text = String::from_utf8_lossy(&text).trim_end().to_string();
    let fatal = {
        let mut s = state();
        s.messages.push((level, text));
        s.fatal.clone()
    };
    if level < api::level::FATAL {
        return api::OK;
    }
    if let Some(host) = fatal {
        let _ = host.send(Answer::Fatal);
    }
    loop {
        // The plugin cannot go on from here and does not expect to.
        std::thread::park();
    }
}

/// Copies a C string; a null one is empty.
unsafe fn bytes(s: *const c_char) -> Vec<u8> {
    if s.is_null() {
        return Vec::new();
    }
    // SAFETY: not null, and a C string by the interface.
    unsafe { CStr::from_ptr(s) }.to_bytes().to_vec()
}

extern "C" fn on_add_symbols(
    handle: *mut c_void,
    count: c_int,
    symbols: *const api::Symbol,
) -> Status {
    let count = usize::try_from(count).unwrap_or(0);
    let symbols = if count == 0 || symbols.is_null() {
        &[][..]
    } else {
        // SAFETY: the plugin passes `count` symbols.
        unsafe { std::slice::from_raw_parts(symbols, count) }
    };
    let mut list = Vec::with_capacity(symbols.len());
    for s in symbols {
        // SAFETY: names, versions and keys are null or C strings.
        let (mut name, version) = unsafe { (bytes(s.name), bytes(s.version)) };
        if !version.is_empty() {
            name.push(b'@');
            name.extend_from_slice(&version);
        }
        // SAFETY: as above.
        let comdat = (!s.comdat_key.is_null()).then(|| unsafe { bytes(s.comdat_key) });
        list.push(IrSymbol {
            name,
            kind: s.kind(),
            symbol_type: s.symbol_type(),
            visibility: s.visibility,
            size: s.size,
            comdat,
        });
    }
    match state().files.get_mut(number(handle)) {
        Some(file) => {
            file.symbols = list;
            api::OK
        }
        None => api::BAD_HANDLE,
    }
}

/// Writes the resolutions as far as version `version` of the call knows them.
fn get_symbols(
    handle: *const c_void,
    count: c_int,
    symbols: *mut api::Symbol,
    version: u32,
) -> Status {
    let s = state();
    let Some(file) = s.files.get(number(handle)) else {
        return api::BAD_HANDLE;
    };
    if file.resolutions.is_none() && version >= 3 {
        return api::NO_SYMS;
    }
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 || symbols.is_null() {
        return api::OK;
    }
    // SAFETY: the plugin passes room for `count` symbols.
    let symbols = unsafe { std::slice::from_raw_parts_mut(symbols, count) };
    for (i, out) in symbols.iter_mut().enumerate() {
        let resolution = match &file.resolutions {
            Some(r) => r.get(i).copied().unwrap_or(Resolution::Undef),
            None => Resolution::PreemptedByObject,
        };
        out.resolution = match resolution {
            Resolution::PrevailingExported if version < 2 => Resolution::PrevailingDef,
            r => r,
        } as c_int;
    }
    api::OK
}

extern "C" fn on_get_symbols(h: *const c_void, n: c_int, s: *mut api::Symbol) -> Status {
    get_symbols(h, n, s, 1)
}
extern "C" fn on_get_symbols_v2(h: *const c_void, n: c_int, s: *mut api::Symbol) -> Status {
    get_symbols(h, n, s, 2)
}
extern "C" fn on_get_symbols_v3(h: *const c_void, n: c_int, s: *mut api::Symbol) -> Status {
    get_symbols(h, n, s, 3)
}

/// A path or name from a plugin.
unsafe fn os(s: *const c_char) -> OsString {
    // SAFETY: null or a C string by the interface.
    OsString::from_vec(unsafe { bytes(s) })
}

extern "C" fn on_add_input_file(path: *const c_char) -> Status {
    // SAFETY: a C string by the interface.
    let path = unsafe { os(path) };
    state().added.files.push(path.into());
    api::OK
}
extern "C" fn on_add_input_library(name: *const c_char) -> Status {
    // SAFETY: a C string by the interface.
    let name = unsafe { os(name) };
    state().added.libraries.push(name);
    api::OK
}
extern "C" fn on_set_extra_library_path(path: *const c_char) -> Status {
    // SAFETY: a C string by the interface.
    let path = unsafe { os(path) };
    state().added.directories.push(path.into());
    api::OK
}

extern "C" fn on_get_input_file(handle: *const c_void, out: *mut api::InputFile) -> Status {
    let mut s = state();
    let Some(file) = s.files.get_mut(number(handle)) else {
        return api::BAD_HANDLE;
    };
    if file.open.is_none() {
        file.open = File::open(OsStr::from_bytes(file.path.to_bytes())).ok();
    }
    let Some(open) = &file.open else {
        return api::ERR;
    };
    if out.is_null() {
        return api::ERR;
    }
    // SAFETY: the plugin passes room for one; the name lives until the clean-up.
    unsafe {
        *out = api::InputFile {
            name: file.path.as_ptr(),
            fd: open.as_raw_fd(),
            offset: file.offset as libc::off_t,
            filesize: file.size as libc::off_t,
            handle: handle.cast_mut(),
        };
    }
    api::OK
}

extern "C" fn on_release_input_file(handle: *const c_void) -> Status {
    match state().files.get_mut(number(handle)) {
        Some(file) => {
            file.open = None;
            api::OK
        }
        None => api::BAD_HANDLE,
    }
}

extern "C" fn on_get_view(handle: *const c_void, out: *mut *const c_void) -> Status {
    match state().files.get(number(handle)) {
        Some(file) if !out.is_null() => {
            // SAFETY: the plugin passes room for a pointer; the bytes live as long as the host (`'d`).
            unsafe { *out = file.view as *const c_void };
            api::OK
        }
        _ => api::BAD_HANDLE,
    }
}

extern "C" fn on_get_wrap_symbols(count: *mut u64, list: *mut *const *const c_char) -> Status {
    if count.is_null() || list.is_null() {
        return api::ERR;
    }
    let s = state();
    // Leaked like all strings for plugins: it may be looked at any time later.
    let names: &'static [usize] = Box::leak(s.wraps.clone().into_boxed_slice());
    // SAFETY: the plugin passes room for both; an address is as large as a pointer.
    unsafe {
        *count = names.len() as u64;
        *list = names.as_ptr().cast();
    }
    api::OK
}

extern "C" fn on_get_api_version(
    _plugin: *const c_char,
    _plugin_version: *const c_char,
    least: c_int,
    most: c_int,
    linker: *mut *const c_char,
    linker_version: *mut *const c_char,
) -> Status {
    if !linker.is_null() && !linker_version.is_null() {
        // SAFETY: the plugin passes room for two pointers; the strings are constants.
        unsafe {
            *linker = c"ld.wcc".as_ptr();
            *linker_version = VERSION.as_ptr();
        }
    }
    // Level 1 asks for the third form of get_symbols and for add_symbols from any thread.
    1.clamp(least, most.max(least))
}

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(v) => v,
        Err(_) => c"0",
    };
