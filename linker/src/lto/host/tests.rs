//! A plugin that is part of the test: all that passes between it and the host, but for loading a library. Written for
//! Miri: `tests/robustness/sanitize miri`.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::ptr;
use std::sync::atomic::AtomicPtr;

use super::api::{InputFile, Symbol, tag};
use super::*;

/// What the plugin was given, by tag: its functions are called through it, as C code would.
static OFFERED: [AtomicPtr<c_void>; 40] = [const { AtomicPtr::new(ptr::null_mut()) }; 40];
/// The handle of the one file that is claimed.
static HANDLE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

fn offered<F: Copy>(tag: u32) -> F {
    let f = OFFERED[tag as usize].load(Ordering::Relaxed);
    assert!(!f.is_null() && size_of::<F>() == size_of::<*mut c_void>());
    // SAFETY: each test's type is the one plugin-api.h gives the function of that tag.
    unsafe { std::mem::transmute_copy(&f) }
}

type AddSymbols = extern "C" fn(*mut c_void, c_int, *const Symbol) -> Status;
type GetSymbols = extern "C" fn(*const c_void, c_int, *mut Symbol) -> Status;
type GetView = extern "C" fn(*const c_void, *mut *const c_void) -> Status;
type GetInput = extern "C" fn(*const c_void, *mut InputFile) -> Status;
type GetWraps = extern "C" fn(*mut u64, *mut *const *const c_char) -> Status;
type Text = extern "C" fn(*const c_char) -> Status;
type Release = extern "C" fn(*const c_void) -> Status;

fn symbol(
    name: &'static CStr,
    version: Option<&'static CStr>,
    key: Option<&'static CStr>,
) -> Symbol {
    let text = |s: Option<&'static CStr>| s.map_or(ptr::null(), CStr::as_ptr);
    Symbol {
        name: name.as_ptr(),
        version: text(version),
        bytes: [api::kind::DEF, 2, 0, 0],
        visibility: 1,
        size: 8,
        comdat_key: text(key),
        resolution: -1,
    }
}

extern "C" fn claim_file(
    input: *const InputFile,
    claimed: *mut c_int,
    known_used: c_int,
) -> Status {
    // SAFETY: the host passes one file, and room for the answer.
    let input = unsafe { &*input };
    // SAFETY: a C string by the interface.
    let name = unsafe { CStr::from_ptr(input.name) };
    if !name.to_bytes().ends_with(b"ir.o") {
        return api::OK;
    }
    assert_eq!((input.offset, input.filesize, known_used), (2, 4, 1));
    HANDLE.store(input.handle, Ordering::Relaxed);
    let mut view = ptr::null();
    assert_eq!(
        offered::<GetView>(tag::GET_VIEW)(input.handle, &mut view),
        api::OK
    );
    // SAFETY: the view is as long as the file.
    assert_eq!(
        unsafe { std::slice::from_raw_parts(view.cast::<u8>(), 4) },
        b"BODY"
    );
    let symbols = [
        symbol(c"plain", None, None),
        symbol(c"one", Some(c"V1"), Some(c"group")),
    ];
    let add = offered::<AddSymbols>(tag::ADD_SYMBOLS);
    assert_eq!(add(input.handle, 2, symbols.as_ptr()), api::OK);
    assert_eq!(add(ptr::null_mut(), 2, symbols.as_ptr()), api::BAD_HANDLE);
    // SAFETY: room for the answer.
    unsafe { *claimed = 1 };
    api::OK
}

extern "C" fn all_symbols_read() -> Status {
    let handle = HANDLE.load(Ordering::Relaxed);
    if state().files.is_empty() {
        // After the clean-up nothing is known of it.
        assert_eq!(
            offered::<Release>(tag::RELEASE_INPUT_FILE)(handle),
            api::BAD_HANDLE
        );
        return api::OK;
    }
    // More room than there are symbols.
    let mut symbols = [
        symbol(c"", None, None),
        symbol(c"", None, None),
        symbol(c"", None, None),
    ];
    let get = |tag, symbols: &mut [Symbol]| {
        assert_eq!(
            offered::<GetSymbols>(tag)(handle, 3, symbols.as_mut_ptr()),
            api::OK
        );
        symbols.iter().map(|s| s.resolution).collect::<Vec<_>>()
    };
    assert_eq!(get(tag::GET_SYMBOLS_V3, &mut symbols), [9, 5, 1]);
    assert_eq!(
        get(tag::GET_SYMBOLS, &mut symbols),
        [2, 5, 1],
        "the first form knows no 9"
    );
    let get = offered::<GetSymbols>(tag::GET_SYMBOLS);
    assert_eq!(get(handle, -1, ptr::null_mut()), api::OK);
    assert_eq!(get(ptr::null(), 1, symbols.as_mut_ptr()), api::BAD_HANDLE);

    let (mut count, mut list) = (0, ptr::null());
    assert_eq!(
        offered::<GetWraps>(tag::GET_WRAP_SYMBOLS)(&mut count, &mut list),
        api::OK
    );
    // SAFETY: an array of `count` C strings.
    let names = unsafe { std::slice::from_raw_parts(list, count as usize) };
    // SAFETY: as above.
    let names: Vec<&CStr> = names
        .iter()
        .map(|n| unsafe { CStr::from_ptr(*n) })
        .collect();
    assert_eq!(names, [c"malloc", c"free"]);

    let mut file = InputFile {
        name: ptr::null(),
        fd: -1,
        offset: 0,
        filesize: 0,
        handle: ptr::null_mut(),
    };
    let release = offered::<Release>(tag::RELEASE_INPUT_FILE);
    assert_eq!(
        offered::<GetInput>(tag::GET_INPUT_FILE)(handle, &mut file),
        api::OK
    );
    assert!(file.fd >= 0 && file.filesize == 4 && file.handle == handle);
    assert_eq!(release(handle), api::OK);
    assert_eq!(release(ptr::null()), api::BAD_HANDLE);
    assert_eq!(
        offered::<Text>(tag::ADD_INPUT_FILE)(c"made.o".as_ptr()),
        api::OK
    );
    assert_eq!(
        offered::<Text>(tag::ADD_INPUT_LIBRARY)(c"c".as_ptr()),
        api::OK
    );
    assert_eq!(
        offered::<Text>(tag::SET_EXTRA_LIBRARY_PATH)(ptr::null()),
        api::OK
    );
    api::OK
}

extern "C" fn refuse() -> Status {
    api::ERR
}

extern "C" fn give_up() -> Status {
    type Message =
        extern "C" fn(c_int, *const c_char, usize, usize, usize, usize, usize, usize) -> Status;
    let say = offered::<Message>(tag::MESSAGE);
    let name = c"file.o".as_ptr().expose_provenance();
    say(
        api::level::WARNING,
        c"%s: %d of %s".as_ptr(),
        name,
        7,
        0,
        0,
        0,
        0,
    );
    say(api::level::FATAL, c"no more".as_ptr(), 0, 0, 0, 0, 0, 0);
    unreachable!("a fatal message is not returned from");
}

/// Registers what `onload` would, and keeps what it was given.
fn load_here(vector: Vector, all_symbols_read: api::Hook) -> Answer {
    let is_function = |t: u32| {
        let others = [
            tag::NULL,
            tag::API_VERSION,
            tag::GNU_LD_VERSION,
            tag::LINKER_OUTPUT,
        ];
        !others.contains(&t) && ![tag::OPTION, tag::OUTPUT_NAME].contains(&t)
    };
    for entry in vector.0.iter().filter(|e| is_function(e.tag)) {
        // SAFETY: entries of these tags are functions.
        let function = unsafe { entry.value.function };
        OFFERED[entry.tag as usize].store(function.cast_mut(), Ordering::Relaxed);
    }
    let options: Vec<&CStr> = vector
        .0
        .iter()
        .filter(|e| e.tag == tag::OPTION)
        .map(|e| {
            // SAFETY: options are C strings.
            unsafe { CStr::from_ptr(e.value.string) }
        })
        .collect();
    assert_eq!(options, [c"-x", c"y"]);
    assert_eq!(vector.0.last().map(|e| e.tag), Some(tag::NULL));
    state().plugins.push(Hooks::default());
    let claim =
        offered::<extern "C" fn(api::ClaimFileV2) -> Status>(tag::REGISTER_CLAIM_FILE_HOOK_V2);
    let hook = |tag| offered::<extern "C" fn(api::Hook) -> Status>(tag);
    assert_eq!(claim(claim_file), api::OK);
    assert_eq!(
        hook(tag::REGISTER_ALL_SYMBOLS_READ_HOOK)(all_symbols_read),
        api::OK
    );
    Answer::Done(hook(tag::REGISTER_CLEANUP_HOOK)(refuse))
}

/// One test, because there is one host in a process.
#[test]
fn a_link_with_a_plugin() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ir.o");
    std::fs::write(&path, "..BODY").unwrap();
    let data = std::fs::read(&path).unwrap();
    let wraps = [b"malloc".to_vec(), b"free".to_vec()];
    let host = Host::start(api::output::DYN, Path::new("out"), &wraps).unwrap();
    assert!(Host::start(0, Path::new("out"), &[]).is_err());
    let load = |hook| {
        let options = ["-x".into(), "y".into()];
        let vector = Vector(transfer_vector(host.output_kind, &host.output, &options));
        let answer = host.call(c"plugin", Box::new(move || load_here(vector, hook)));
        assert!(matches!(answer, Answer::Done(api::OK)));
    };
    load(all_symbols_read);
    let offer = |known_used| Offer {
        path: path.clone(),
        offset: 2,
        data: &data[2..],
        known_used,
    };
    let (file, symbols) = host.claim(0, &offer(true)).unwrap().unwrap();
    let names: Vec<&OsStr> = symbols.iter().map(|s| OsStr::from_bytes(&s.name)).collect();
    assert_eq!(names, ["plain", "one@V1"]);
    assert_eq!(symbols[1].comdat.as_deref(), Some(&b"group"[..]));
    let other = dir.path().join("other.o");
    std::fs::write(&other, "other").unwrap();
    let other = Offer {
        path: other,
        offset: 0,
        data: b"other",
        known_used: false,
    };
    assert_eq!(host.claim(0, &other), Ok(None));
    assert_eq!(
        host.claim(9, &offer(true)),
        Ok(None),
        "a plugin that is not there"
    );

    host.resolve(
        file,
        vec![Resolution::PrevailingExported, Resolution::PreemptedByIr],
    );
    host.resolve(99, Vec::new());
    let added = host.compile().unwrap();
    assert_eq!(added.files, [Path::new("made.o")]);
    assert_eq!((added.libraries.len(), added.directories.len()), (1, 1));
    host.announce(Path::new("made.o"), 9);

    host.clean_up();
    load(give_up);
    assert!(host.compile().is_err());
    assert_eq!(
        host.claim(0, &offer(true)),
        Err("the LTO plugin gave up".into())
    );
    let said = host.take_messages();
    let said: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(said, ["file.o: 7 of (null)", "no more"]);
}
