//! Synthetic sections: their bytes as pure functions of plain values, one file a section.
//!
//! Exceptions: [`eh_frame`] (with `cie`), [`eh_frame_hdr`]. Strings and hashes: [`strtab`], [`gnu_hash`], [`sysv_hash`]. Run-time linker tables: [`relr`],
//! [`versions`]. Notes: [`build_id`], [`note_property`]. Contents of any: [`compress`].

pub mod build_id;
mod cie;
pub mod compress;
pub mod eh_frame;
pub mod eh_frame_hdr;
pub mod gnu_hash;
pub mod note_property;
pub mod relr;
pub mod strtab;
pub mod sysv_hash;
pub mod versions;
