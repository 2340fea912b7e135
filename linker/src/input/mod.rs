//! Input files.

pub mod archive;
