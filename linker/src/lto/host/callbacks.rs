//! What a plugin may call: the transfer vector, and the function behind each of its entries.
//!
//! The interface is that of `plugin-api.h` in GNU binutils (`api.rs` has its types). A callback knows nothing but the
//! one [`state`] of the process.
//!
//! A module with `unsafe` code: strings, arrays and structures come and go as a plugin's pointers.
#![allow(unsafe_code)]

use std::ffi::{CStr, OsStr, OsString, c_char, c_int, c_void};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use super::{Answer, Hooks, IrSymbol, Kept, leak, number, state};
use crate::lto::api::{self, Entry, Resolution, Status, Value, tag};
use crate::lto::message;

/// What the host offers, for `onload`; ends with the null entry.
pub(super) fn transfer_vector(output_kind: i32, output: &CStr, options: &[OsString]) -> Vec<Entry> {
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
    let names: &'static [Kept] = Box::leak(s.wraps.clone().into_boxed_slice());
    // SAFETY: the plugin passes room for both; a `Kept` is a pointer and nothing else.
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
