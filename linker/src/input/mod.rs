//! The inputs: files on disk become checked values.
//!
//! Reading order: `store.rs` (bytes), `budget.rs` (limits), `object.rs` (relocatable objects), `shared.rs` and `headerless.rs` (shared objects),
//! `crel.rs` and `compressed.rs` (packed relocations and contents), `archive.rs` (archives), `made.rs` (inputs that are no
//! objects), `paths.rs` (finding `-l` libraries), `load.rs` (the command line becomes a list of
//! opened inputs), `dependent.rs` (libraries that objects ask for), `zeros.rs`.

pub mod archive;
pub mod budget;
pub mod compressed;
pub mod crel;
pub mod dependent;
mod headerless;
pub mod load;
pub mod made;
pub mod object;
pub mod paths;
pub mod shared;
pub mod store;
pub mod whole;
pub mod zeros;

use std::fmt;
use std::path::PathBuf;

use crate::lto::bitcode;

/// What a message calls an input: a path, and the member's name when it stands in an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputName {
    pub path: PathBuf,
    pub member: Option<Box<str>>,
}

impl InputName {
    pub fn file(path: impl Into<PathBuf>) -> Self {
        InputName {
            path: path.into(),
            member: None,
        }
    }
}

impl fmt::Display for InputName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(m) => write!(f, "{}({m})", self.path.display()),
            None => write!(f, "{}", self.path.display()),
        }
    }
}

/// What a file's first bytes say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Object,
    Shared,
    Archive,
    ThinArchive,
    /// LLVM bitcode, raw or wrapped.
    Bitcode,
    /// Anything else is read as a linker script, as GNU ld does.
    Text,
    /// ELF, but neither relocatable nor shared.
    OtherElf(u16),
}

/// Looks at the first bytes. `e_type` stands at offset 16 in both classes (gABI, "ELF Header").
pub fn sniff(data: &[u8]) -> FileKind {
    if data.starts_with(b"\x7fELF") {
        let (Some(&enc), Some(&[a, b])) = (
            data.get(5),
            data.get(16..18).and_then(|s| s.first_chunk::<2>()),
        ) else {
            return FileKind::OtherElf(0);
        };
        let e_type = if enc == 2 {
            u16::from_be_bytes([a, b])
        } else {
            u16::from_le_bytes([a, b])
        };
        return match e_type {
            ::object::elf::ET_REL => FileKind::Object,
            ::object::elf::ET_DYN => FileKind::Shared,
            t => FileKind::OtherElf(t),
        };
    }
    if data.starts_with(b"!<arch>\n") {
        FileKind::Archive
    } else if data.starts_with(b"!<thin>\n") {
        FileKind::ThinArchive
    } else if bitcode::is_bitcode(data) {
        FileKind::Bitcode
    } else {
        FileKind::Text
    }
}
