//! The image gets a file: created, written, checked, named. Until it is named nothing of it can be seen (`file.rs`); an input
//! that changed meanwhile, or an error found while writing, leaves the old output.

use super::{Image, binary, file};
use crate::arch::Arch;
use crate::input::store::Store;
use crate::options::OutputKind;
use crate::report::Report;
use crate::{LinkError, check, plain};

/// Writes and names the output file.
pub fn output<A: Arch>(
    image: &Image<'_, '_, A>,
    store: &Store,
    report: &Report,
) -> Result<(), LinkError> {
    let opts = image.opts;
    let failed = |e: std::io::Error| {
        report.error(format!(
            "cannot write {}: {}",
            opts.output.display(),
            plain(&e)
        ));
        LinkError
    };
    let refused = |e: String| {
        report.error(e);
        LinkError
    };
    let mut hex = None;
    match opts.shape.hex {
        Some(format) => hex = Some(binary::hex(image, format).map_err(refused)?),
        None if opts.oformat_binary => drop(binary::size(image).map_err(refused)?),
        None => {}
    }
    let mut out = file::Output::create(&opts.output, opts.kind != OutputKind::Relocatable)
        .map_err(|e| {
            report.error(format!(
                "cannot open output file {}: {}",
                opts.output.display(),
                plain(&e)
            ));
            LinkError
        })?;
    if let Some(text) = hex {
        out.write_at(0, text.as_bytes()).map_err(failed)?;
    } else if opts.oformat_binary {
        binary::write(image, &mut out).map_err(failed)?;
    } else {
        super::write(image, &mut out).map_err(failed)?;
    }
    unchanged(store, report)?;
    if !opts.noinhibit_exec {
        check(report)?;
    }
    out.finish().map_err(failed)
}

/// What was read of an input that another process wrote to is of no one state.
pub fn unchanged(store: &Store, report: &Report) -> Result<(), LinkError> {
    let changed = store.changed();
    for path in &changed {
        report.error(format!(
            "{}: was written to while it was being linked",
            path.display()
        ));
    }
    if changed.is_empty() {
        Ok(())
    } else {
        Err(LinkError)
    }
}
