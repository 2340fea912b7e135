//! The linker's command line: from arguments to [`Options`].
//!
//! Reading order: `settings.rs` (this is what the rest of the linker sees), then `table.rs` (every
//! option, one row each), then `gnu.rs` (GNU ld's grammar), then `help.rs` and `man.rs` (made from the table).
//!
//! The rest of the linker never sees an argument string; it sees the plain values of [`Options`].

mod settings;

pub use settings::*;
