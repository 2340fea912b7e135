//! What a link says about itself besides the output: reports that options ask for.
//!
//! Each report is one file: `gc.rs` (`--print-gc-sections`), `map.rs` (`-Map`). They read finished stages and change nothing; a link that
//! asks for none pays nothing.

pub mod gc;
pub mod map;

use std::io::Write as _;
use std::path::Path;

use crate::report::Report;

/// Writes a report to a file; `-` is standard output.
pub fn put(file: &Path, text: &str, report: &Report) {
    let done = if file.as_os_str() == "-" {
        std::io::stdout().write_all(text.as_bytes())
    } else {
        std::fs::write(file, text)
    };
    if let Err(e) = done {
        report.error(format!(
            "cannot write {}: {}",
            file.display(),
            crate::plain(&e)
        ));
    }
}
