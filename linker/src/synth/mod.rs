//! Synthetic sections: their bytes as pure functions of plain values, one file a section.
//!
//! Exceptions: [`eh_frame`] (with `cie`), [`eh_frame_hdr`]. Strings and hashes: [`strtab`], [`gnu_hash`], [`sysv_hash`]. Run-time linker tables: [`relr`], [`android`],
//! [`versions`]. Solaris' own: [`sunw_syminfo`], [`sunw_ldynsym`], [`sunw_cap`]. Notes: [`build_id`], [`note_property`].
//! For gdb: [`gdb_index`]. Contents of any: [`compress`].

pub mod android;
pub mod build_id;
mod cie;
pub mod compress;
pub mod eh_frame;
pub mod eh_frame_hdr;
pub mod gdb_index;
pub mod gnu_hash;
pub mod note_property;
pub mod relr;
pub mod sframe;
pub mod strtab;
pub mod sunw_cap;
pub mod sunw_checksum;
pub mod sunw_ldynsym;
pub mod sunw_syminfo;
pub mod sysv_hash;
pub mod versions;
