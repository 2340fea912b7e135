//! What a link says about itself besides the output: reports that options ask for.
//!
//! Each report is one file: `cautions.rs` (warnings about the output), `gc.rs` (`--print-gc-sections`), `map.rs` (`-Map`),
//! `page.rs` (`--wcc-report`), `cref.rs`, `extraction.rs` (why files are linked), `why_live.rs` (why sections are
//! kept), `reproduce.rs` (all inputs in a tar file), `handler.rs` (`--error-handling-script`). They read finished stages and
//! change nothing; a link that asks for none pays nothing.

pub mod cautions;
pub mod cref;
pub mod extraction;
pub mod gc;
pub mod handler;
pub mod map;
pub mod page;
pub mod reproduce;
pub mod symbol_order;
pub mod why_live;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::arch::Arch;
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::layout::Layout;
use crate::live::Liveness;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;

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

/// Reports about which files are linked: all that `bind` knows.
pub fn after_bind<E: Elf>(
    p: &Program<'_, E>,
    opened: &Opened<'_>,
    opts: &Options,
    report: &Report,
) {
    let stdout = PathBuf::from("-");
    if opts.trace_files > 1 {
        put(&stdout, &extraction::members(p), report);
    }
    if let Some(file) = &opts.why_extract {
        put(file, &extraction::why(p, opts), report);
    }
    if let Some(file) = &opts.print_archive_stats {
        put(file, &extraction::archive_stats(p, opened), report);
    }
    if opts.print_dependencies {
        put(&stdout, &extraction::dependencies(p, opts), report);
    }
    if opts.warn_backrefs {
        extraction::warn_backrefs(p, opts, report);
    }
    if opts.cref && opts.map_file.is_none() {
        put(&stdout, &cref::text(p, opts), report);
    }
}

/// Reports about what is linked and where it lies.
pub fn after_layout<A: Arch>(
    p: &Program<'_, A::Elf>,
    live: &Liveness,
    l: &Layout<'_>,
    opened: &Opened<'_>,
    opts: &Options,
    report: &Report,
    par: Par,
) {
    if opts.print_memory_usage {
        let text = crate::layout::script::memory_usage(&l.memory);
        // A closed standard output is no reason to fail the link.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }
    cautions::report(&p.objects, live, l, opts, report);
    if opts.print_gc_sections && opts.gc_sections {
        gc::print(p, &live.live, opts);
    }
    if !opts.why_live.is_empty() {
        let text = why_live::text::<A>(p, live, opts, &l.rules, par);
        put(Path::new("-"), &text, report);
    }
    if let Some(file) = &opts.map_file {
        let mut text = map::text::<A>(p, live, l, opts, opened);
        if opts.cref {
            text.push_str(&cref::text(p, opts));
        }
        put(file, &text, report);
    }
}

/// `-t`: the files that were opened, on standard output.
pub fn print_files(opened: &Opened<'_>) {
    let mut text = String::new();
    for path in &opened.paths {
        text.push_str(&format!("{}\n", path.display()));
    }
    // A closed standard output is no reason to fail the link.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// `--dependency-file`.
///
/// # Errors
/// The file cannot be written.
pub fn after_link(
    opts: &Options,
    opened: &Opened<'_>,
    report: &Report,
) -> Result<(), crate::LinkError> {
    let Some(file) = &opts.dependency_file else {
        return Ok(());
    };
    let files = [opts.files_read.as_slice(), &opened.paths].concat();
    crate::emit::dependency_file::write(file, &opts.output, &files).map_err(|e| {
        let file = file.display();
        report.error(format!(
            "cannot write dependency file {file}: {}",
            crate::plain(&e)
        ));
        crate::LinkError
    })
}
