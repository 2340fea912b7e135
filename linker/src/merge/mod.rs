//! Merging of SHF_MERGE sections.

pub mod hash;
