//! The linker's command line: from arguments to [`Options`].
//!
//! Reading order: `settings.rs`, `choices.rs` and `zoptions.rs` (this is what the rest of the linker sees), `table.rs` (every option, one
//! row each) and `z.rs` (the keywords of `-z`), `dialect.rs` (whose grammar it is), `gnu.rs` (GNU ld's), `solaris.rs` and
//! `solaris_table.rs` (the Solaris link editor's; `sunw.rs` is what only it can ask for), `values.rs` (what options do
//! with their arguments), `files.rs` and `mapfiles.rs` (lists, scripts and mapfiles that options name), `order_files.rs`
//! (orders of sections), `response.rs` (`@FILE`), `platform.rs` (defaults and limits of the output's platform),
//! `unheeded.rs` (what no stage obeys yet), then
//! `help.rs` and `man.rs` (made from the table).
//!
//! The rest of the linker never sees an argument string; it sees the plain values of [`Options`].

mod choices;
mod dialect;
mod files;
mod gnu;
mod help;
mod man;
mod mapfiles;
mod order_files;
mod platform;
pub mod response;
mod root;
mod settings;
mod shape;
mod solaris;
mod solaris_table;
mod sunw;
mod table;
mod unheeded;
mod values;
mod z;
mod zoptions;

pub use choices::*;
pub use gnu::{Parsed, Word, parse_gnu, words};
pub use help::{help_text, version_line};
pub use man::man_page;
pub use platform::{rules as platform_rules, target as target_of};
pub use root::Roots;
pub use settings::*;
pub use shape::{HexFormat, Shape};
pub use solaris::version_line as solaris_version;
pub use sunw::Sunw;
pub use zoptions::ZOptions;
