//! Scripts: version scripts, dynamic lists and linker scripts, from text to plain values.
//!
//! Reading order: `model.rs` (what comes out), `glob.rs` (name patterns), `lexer.rs` (text), `version.rs`
//! (version scripts and dynamic lists), `linker.rs` (linker scripts), `sections.rs` and `inputs.rs` (SECTIONS),
//! `regions.rs` (MEMORY, PHDRS), `mapfile*.rs` (mapfiles of the Solaris link editor), `expr.rs` and `eval.rs` (expressions). All report errors as `file:line:column: message`.

mod eval;
mod expr;
mod glob;
mod inputs;
mod lexer;
mod linker;
mod mapfile;
mod mapfile_caps;
mod mapfile_model;
mod mapfile_segments;
mod mapfile_text;
mod mapfile_v1;
mod model;
mod regions;
mod sections;
mod version;

pub use eval::{EvalError, Kind, Scope, SectionFacts, Value, align_up, evaluate, evaluate_address};
pub use expr::{parse_digits, parse_expression, parse_number};
pub use glob::{Glob, GlobSet, has_wildcard};
pub use linker::{parse_linker_script, parse_linker_script_with, read_include};
pub use mapfile::parse_mapfile;
pub use mapfile_model::*;
pub use mapfile_text::Names as MapfileNames;
pub use model::*;
pub use version::{
    Assigned, ExactName, VersionMatcher, check_version_scripts, exact_names, parse_dynamic_list,
    parse_version_script,
};
