//! The linker plugin interface as types: what `plugin-api.h` of binutils declares.
//!
//! The transfer vector, its tags and the functions in it are an ABI between the linker and the compiler's plugin. New
//! entries are only ever added at the end; a plugin passes over tags it does not know.

use std::ffi::{c_char, c_int, c_void};

pub type Status = c_int;
pub const OK: Status = 0;
pub const NO_SYMS: Status = 1;
pub const BAD_HANDLE: Status = 2;
pub const ERR: Status = 3;

/// `enum ld_plugin_tag`.
pub mod tag {
    pub const NULL: u32 = 0;
    pub const API_VERSION: u32 = 1;
    pub const LINKER_OUTPUT: u32 = 3;
    pub const OPTION: u32 = 4;
    pub const REGISTER_CLAIM_FILE_HOOK: u32 = 5;
    pub const REGISTER_ALL_SYMBOLS_READ_HOOK: u32 = 6;
    pub const REGISTER_CLEANUP_HOOK: u32 = 7;
    pub const ADD_SYMBOLS: u32 = 8;
    pub const GET_SYMBOLS: u32 = 9;
    pub const ADD_INPUT_FILE: u32 = 10;
    pub const MESSAGE: u32 = 11;
    pub const GET_INPUT_FILE: u32 = 12;
    pub const RELEASE_INPUT_FILE: u32 = 13;
    pub const ADD_INPUT_LIBRARY: u32 = 14;
    pub const OUTPUT_NAME: u32 = 15;
    pub const SET_EXTRA_LIBRARY_PATH: u32 = 16;
    pub const GNU_LD_VERSION: u32 = 17;
    pub const GET_VIEW: u32 = 18;
    pub const GET_SYMBOLS_V2: u32 = 25;
    pub const GET_SYMBOLS_V3: u32 = 28;
    pub const REGISTER_NEW_INPUT_HOOK: u32 = 31;
    pub const GET_WRAP_SYMBOLS: u32 = 32;
    pub const ADD_SYMBOLS_V2: u32 = 33;
    pub const GET_API_VERSION: u32 = 34;
    pub const REGISTER_CLAIM_FILE_HOOK_V2: u32 = 35;
}

/// The value of `LDPT_API_VERSION`.
pub const API_VERSION: c_int = 1;
/// The value of `LDPT_GNU_LD_VERSION`: major * 100 + minor of the GNU ld whose behaviour is offered.
pub const GNU_LD_VERSION: c_int = 244;

/// `enum ld_plugin_output_file_type`.
pub mod output {
    pub const REL: i32 = 0;
    pub const EXEC: i32 = 1;
    pub const DYN: i32 = 2;
    pub const PIE: i32 = 3;
}

/// `enum ld_plugin_symbol_kind`.
pub mod kind {
    pub const DEF: u8 = 0;
    pub const WEAK_DEF: u8 = 1;
    pub const UNDEF: u8 = 2;
    pub const WEAK_UNDEF: u8 = 3;
    pub const COMMON: u8 = 4;
}

/// `enum ld_plugin_level`.
pub mod level {
    pub const INFO: i32 = 0;
    pub const WARNING: i32 = 1;
    pub const FATAL: i32 = 3;
}

/// `enum ld_plugin_symbol_resolution`: what became of a symbol of an IR file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Resolution {
    Undef = 1,
    /// This definition counts, and something else than IR refers to it.
    PrevailingDef = 2,
    /// This definition counts, and only IR refers to it.
    PrevailingIrOnly = 3,
    PreemptedByObject = 4,
    PreemptedByIr = 5,
    ResolvedByIr = 6,
    ResolvedByObject = 7,
    ResolvedByShared = 8,
    /// Only IR refers to it here, but it is exported.
    PrevailingExported = 9,
}

/// `struct ld_plugin_symbol`.
#[repr(C)]
pub struct Symbol {
    pub name: *const c_char,
    pub version: *const c_char,
    /// Four bytes that were one `int` in the first version of the interface: kind, type, section kind, unused.
    pub bytes: [u8; 4],
    pub visibility: c_int,
    pub size: u64,
    pub comdat_key: *const c_char,
    pub resolution: c_int,
}

impl Symbol {
    /// LDPK_ value. It stands in the low byte of what was an `int`.
    pub fn kind(&self) -> u8 {
        if cfg!(target_endian = "big") {
            self.bytes[3]
        } else {
            self.bytes[0]
        }
    }

    /// LDST_ value: 1 function, 2 variable.
    pub fn symbol_type(&self) -> u8 {
        if cfg!(target_endian = "big") {
            self.bytes[2]
        } else {
            self.bytes[1]
        }
    }
}

/// `struct ld_plugin_input_file`.
#[repr(C)]
pub struct InputFile {
    pub name: *const c_char,
    pub fd: c_int,
    pub offset: libc::off_t,
    pub filesize: libc::off_t,
    pub handle: *mut c_void,
}

/// The value of an entry of the transfer vector.
#[repr(C)]
#[derive(Clone, Copy)]
pub union Value {
    pub val: c_int,
    pub string: *const c_char,
    pub function: *const c_void,
}

/// `struct ld_plugin_tv`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Entry {
    pub tag: u32,
    pub value: Value,
}

pub type Onload = unsafe extern "C" fn(*mut Entry) -> Status;
pub type ClaimFile = unsafe extern "C" fn(*const InputFile, *mut c_int) -> Status;
/// The second form is told whether the file is linked for sure (no archive member).
pub type ClaimFileV2 = unsafe extern "C" fn(*const InputFile, *mut c_int, c_int) -> Status;
pub type Hook = unsafe extern "C" fn() -> Status;
pub type NewInput = unsafe extern "C" fn(*const InputFile) -> Status;
