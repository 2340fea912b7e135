//! `-r`: the inputs become one relocatable object, which can be linked again.
//!
//! Nothing gets an address. Input sections of the same name, type and flags are put one after another; relocations are not
//! applied but written again, against the new symbol table; section groups keep their identity, so that the next link can
//! still drop them. gABI, "Relocatable Object", "Section Groups"; names, order of symbols and what `-s -S -x -X` leave are
//! GNU ld's (`ld -r` without a script).
//!
//! Reading order: `gc.rs` (what `--gc-sections` keeps), `sections.rs` (the output's sections; `script.rs`: what a script says between them), `symbols.rs` (its symbol
//! table), `relocs.rs` (relocations rewritten), `output.rs` (the file).

mod gc;
mod map;
mod output;
mod relocs;
mod script;
mod sections;
mod symbols;

use wcc_targets::LoadRules;

use crate::LinkError;
use crate::arch::Arch;
use crate::input::load::Opened;
use crate::input::store::Store;
use crate::layout::script::Scripted;
use crate::options::Options;
use crate::par::Par;
use crate::report::Report;
use crate::symbols::bind::Program;
use crate::trace::Trace;

/// What every stage of a `-r` link reads.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a, 'd, A: Arch> {
    pub p: &'a Program<'d, A::Elf>,
    pub opened: &'a Opened<'d>,
    /// What a script joins and throws away.
    pub scripted: Option<Scripted<'a, 'd>>,
    pub opts: &'a Options,
    pub rules: &'a LoadRules,
    pub store: &'a Store,
    pub report: &'a Report,
    pub par: Par,
}

/// Makes the object.
///
/// # Errors
/// [`LinkError`] when something cannot be linked or written; the report says what.
pub(crate) fn link<A: Arch>(job: Job<'_, '_, A>, trace: &Trace) -> Result<(), LinkError> {
    for s in &job.p.shared {
        job.report.error(format!(
            "{}: a shared object cannot be part of relocatable output (-r)",
            s.name
        ));
    }
    crate::check(job.report)?;
    let live = trace.stage("collect garbage", || gc::live(job));
    crate::check(job.report)?;
    if job.opts.print_gc_sections
        && let Some(live) = &live
    {
        crate::listing::gc::print(job.p, live, job.opts);
    }
    let sections = trace.stage("combine sections", || {
        sections::combine(job, live.as_deref())
    });
    crate::check(job.report)?;
    if let Some(file) = &job.opts.map_file {
        let mut text = map::text(job, &sections);
        if job.opts.cref {
            text.push_str(&crate::listing::cref::text(job.p, job.opts));
        }
        crate::listing::put(file, &text, job.report);
    }
    let symbols = trace.stage("number symbols", || {
        symbols::build(job, &sections, live.is_some())
    });
    crate::check(job.report)?;
    trace.stage("write", || output::write(job, &sections, symbols))
}
