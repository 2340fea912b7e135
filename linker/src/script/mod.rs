//! Scripts: version scripts, dynamic lists and linker scripts, from text to plain values.
//!
//! Reading order: `glob.rs` (name patterns), `version.rs` (version scripts and dynamic lists),
//! `linker.rs` (linker scripts). All three report errors as `file:line:column: message`.

mod model;

pub use model::*;
