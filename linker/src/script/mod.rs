//! Scripts: version scripts, dynamic lists and linker scripts, from text to plain values.
//!
//! Reading order: `model.rs` (what comes out), `glob.rs` (name patterns), `lexer.rs` (text), `version.rs`
//! (version scripts and dynamic lists), `linker.rs` (linker scripts) with `expr.rs` (their expressions).
//! All report errors as `file:line:column: message`.

mod expr;
mod glob;
mod lexer;
mod linker;
mod model;
mod version;

pub use expr::{parse_digits, parse_number};
pub use glob::{Glob, GlobSet, has_wildcard};
pub use linker::{parse_linker_script, parse_linker_script_with, read_include};
pub use model::*;
pub use version::{
    Assigned, ExactName, VersionMatcher, check_version_scripts, exact_names, parse_dynamic_list,
    parse_version_script,
};
