//! Synthetic sections: their bytes as pure functions of plain values, one file a section.
//!
//! Strings and hashes: [`strtab`], [`gnu_hash`], [`sysv_hash`]. Run-time linker tables: [`relr`],
//! [`versions`]. Notes: [`build_id`], [`note_property`].

pub mod build_id;
pub mod gnu_hash;
pub mod note_property;
pub mod relr;
pub mod strtab;
pub mod sysv_hash;
pub mod versions;
