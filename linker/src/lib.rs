//! wcc's linker: a list of stages, each a value made from the one before it.
//!
//! [`link`] is the table of contents. In order: [`input::load`] opens what the command line names; [`symbols::wave`] reads
//! symbol tables, in parallel; [`symbols::resolve`] decides in command-line order which objects are linked and which
//! definition of each name wins (beyond it no file is added); [`symbols::bind`] fixes where each symbol lies and what is
//! exported (beyond it no definition changes); [`live`] walks the live sections and collects what their relocations need;
//! [`layout`] gives everything its place (beyond it nothing changes at all); [`emit`] writes. `-r` parts from this after
//! `bind`: `relocatable/` makes an object of the objects.
//!
//! There is no global state and no exit: the driver, `ld.wcc`, tests and fuzzers call the same function.

pub mod arch;
mod command;
pub mod demangle;
pub mod elf;
pub mod emit;
pub mod faults;
pub mod input;
pub mod jobserver;
pub mod layout;
pub mod listing;
pub mod live;
pub mod lto;
pub mod memory;
pub mod merge;
pub mod options;
pub mod par;
mod relocatable;
pub mod report;
pub mod script;
mod stats;
pub mod symbols;
pub mod synth;
pub mod trace;
pub mod verify;

pub use command::{ld_main, ld_main_for};

use wcc_targets::Dialect;

use crate::arch::Arch;
use crate::arch::x86_64::X86_64;
use crate::elf::Elf;
use crate::input::load::{Item, Opened, open_inputs};
use crate::input::object::ParseOptions;
use crate::input::store::Store;
use crate::jobserver::Threads;
use crate::lto::Mode;
use crate::options::{Options, OutputKind, Strip, platform_rules};
use crate::par::{Par, SMALL_LINK, with_threads};
use crate::report::Report;
use crate::symbols::resolve::Resolved;
use crate::symbols::{bind, resolve, roots, wave};
use crate::trace::Trace;

/// The link failed; what there was to say is in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkError;

/// Links. Errors and warnings are in `report`, also on success.
///
/// # Errors
/// [`LinkError`] when the report holds an error; there is no output then, and an old one is as it was.
pub fn link(opts: &Options, report: &Report, trace: &Trace) -> Result<(), LinkError> {
    let store = Store::new();
    let result = link_from(opts, &store, report, trace);
    if let Some(tar) = &opts.reproduce {
        // Also, and above all, for a link that failed.
        let files = [opts.files_read.clone(), store.paths()].concat();
        listing::reproduce::write(tar, opts, &files, report);
        check(report)?;
    }
    result
}

/// Links what `store` opens.
fn link_from(
    opts: &Options,
    store: &Store,
    report: &Report,
    trace: &Trace,
) -> Result<(), LinkError> {
    let opened = trace.stage("open inputs", || open_inputs(opts, store, report));
    if opts.trace_files > 0 {
        listing::print_files(&opened);
    }
    check(report)?;
    if opened.items.is_empty() {
        report.error("no input files");
        return Err(LinkError);
    }
    match machine(opts, &opened) {
        // Nothing says otherwise: the machine of the default emulation.
        Some(X86_64::MACHINE) | None => {
            link_threaded::<X86_64>(opts, &opened, store, report, trace)?;
            listing::after_link(opts, &opened, report)
        }
        Some(other) => {
            report.error(format!(
                "{}: e_machine {other}: this linker has no such architecture yet",
                opened.machine_from.display()
            ));
            Err(LinkError)
        }
    }
}

fn check(report: &Report) -> Result<(), LinkError> {
    if report.has_errors() {
        Err(LinkError)
    } else {
        Ok(())
    }
}

/// The first object's machine, or the one `-m` means.
fn machine(opts: &Options, opened: &Opened<'_>) -> Option<u16> {
    let by_name = opts.emulation.as_ref().and_then(|m| {
        X86_64::EMULATIONS
            .contains(&m.as_str())
            .then_some(X86_64::MACHINE)
    });
    let archives = || {
        opened
            .archives
            .iter()
            .find_map(|a| input::load::machine_of(a.data))
    };
    // Bitcode alone does not say, nor do `ld -r -b binary FILE` and a mapfile: GNU ld takes its default emulation.
    let binary = |i: &Item<'_>| matches!(i, Item::Binary { .. } | Item::Definitions(_));
    // Members of thin archives are not open yet, and a damaged archive is named by what reads it.
    let silent = opened.bitcode || !opened.archives.is_empty() || opened.items.iter().any(binary);
    let native = silent.then_some(X86_64::MACHINE);
    opened.machine.or(by_name).or_else(archives).or(native)
}

fn link_threaded<'d, A: Arch>(
    opts: &'d Options,
    opened: &Opened<'d>,
    store: &'d Store,
    report: &'d Report,
    trace: &Trace,
) -> Result<(), LinkError> {
    let granted;
    let threads = match opts.threads {
        Some(n) => n,
        None if opened.bytes < SMALL_LINK => 1,
        None => {
            granted = Threads::take(std::env::var_os("MAKEFLAGS").as_deref());
            granted.count
        }
    };
    let run = |lto: &Mode<'_, 'd>| {
        with_threads(threads, |par| {
            link_for::<A>(opts, opened, store, lto, report, trace, par)
        })
    };
    let mark = report.mark();
    let look = Mode::look(opts);
    if opened.bitcode {
        look.note();
    } else {
        run(&look)?;
    }
    if !look.wants_plugin() {
        return Ok(());
    }
    // No thread of ours is running here, so the environment may be changed.
    report.rewind(mark);
    let session = lto::Session::start(opts, report)?;
    run(&Mode::Claim(&session))
}

/// Links, or stops without output when `lto` has met intermediate code that needs a plugin.
fn link_for<'d, A: Arch>(
    opts: &Options,
    opened: &Opened<'d>,
    store: &'d Store,
    lto: &Mode<'_, 'd>,
    report: &Report,
    trace: &Trace,
    par: Par,
) -> Result<(), LinkError> {
    let Some((rules, interpreter)) = platform_rules(opts.target.as_ref(), opts.dialect) else {
        report.error("the target's platform is not known");
        return Err(LinkError);
    };
    let cx = wave::Context {
        store,
        thin: wave::ThinFiles::default(),
        lto,
        report,
        parse: ParseOptions {
            machine: A::MACHINE,
            relocatable: opts.kind == OutputKind::Relocatable,
            strip_debug: opts.strip != Strip::None,
            lines_only: opts.strip_non_lines,
            // Sections that may go elsewhere stay whole.
            merge: opts.merge && !opened.layout.as_ref().is_some_and(|l| l.spills(opts)),
            linkonce: true,
        },
        ignores: opts.dialect == Dialect::Solaris,
        par,
        trace,
    };
    let roots = roots::roots(opts, opened);
    let Some((mut resolved, extended)) =
        input::dependent::resolve(opened, opts, store, report, &|opened: &Opened<'d>| {
            read_and_resolve::<A::Elf>(&cx, opts, rules.exported_reserved, opened, &roots, trace)
        })?
    else {
        return Ok(());
    };
    let compiled;
    let mut opened = extended.as_ref().unwrap_or(opened);
    if let Mode::Claim(session) = lto {
        compiled = compile_ir(session, &cx, opts, opened, &resolved, trace)?;
        opened = &compiled;
        let cx = wave::Context {
            lto: &Mode::Compiled,
            ..cx
        };
        match read_and_resolve::<A::Elf>(&cx, opts, rules.exported_reserved, opened, &roots, trace)?
        {
            Some(r) => resolved = r,
            None => return Ok(()),
        }
    }
    let mut program = trace.stage("bind", || {
        bind::bind(resolved, opts, opened, &rules, report, par)
    });
    let entry = opts.entry.as_ref().or(opened.entry.as_ref());
    let scripted = opened.layout.as_ref().is_some_and(|plan| !plan.builtin);
    roots::required(&program, opts, scripted, entry, report);
    if !opts.trace_symbols.is_empty() {
        symbols::remarks::print_traced(&program, opts);
    }
    if opts.shape.zero_to_bss {
        input::zeros::to_nobits(&mut program.objects, par);
    }
    layout::script::select::discard_named(&mut program, &opts.shape.discard_sections);
    let selection = opened.layout.as_ref().map(|plan| {
        trace.stage("follow the script", || {
            layout::script::select::select(&mut program, plan, opts, report)
        })
    });
    let scripted = match (&opened.layout, &selection) {
        (Some(plan), Some(selection)) => Some(layout::script::Scripted { plan, selection }),
        _ => None,
    };
    listing::after_bind(&program, opened, opts, report);
    let complete = |&(): &()| {
        if !opts.stay {
            memory::output_is_complete(store.mapped());
        }
    };
    if opts.kind == OutputKind::Relocatable {
        let job = relocatable::Job::<A> {
            p: &program,
            opened,
            scripted,
            opts,
            rules: &rules,
            store,
            report,
            par,
        };
        return relocatable::link(job, trace).inspect(complete);
    }
    symbols::closure::check(&program, opts, opened, A::MACHINE, store, report);
    symbols::asserted::check(&program, opts, report);
    symbols::remarks::print_warnings(&program, report);
    symbols::conflicts::report(&program, opts, report);
    if selection.is_some() {
        check(report)?;
    }
    let mut live = trace.stage("walk live sections", || {
        let kept = selection.as_ref().map(|s| s.kept.as_slice());
        live::mark::walk::<A>(&program, opts, kept, &rules, report, par)
    });
    live::platform::refuse(&program, &live, opts, &rules, report);
    check(report)?;
    if opts.icf > 0 {
        trace.stage("fold identical code", || {
            live::icf::fold::<A>(&program, &mut live, opts, report, par);
        });
    }
    live.endbr = live::endbr::find::<A>(&program, &live, opts, par);
    let mut layout = trace.stage("lay out", || {
        layout::build::<A>(
            &program,
            &mut live,
            opts,
            scripted,
            &rules,
            &interpreter,
            report,
            par,
        )
    });
    layout.entry = entry.cloned();
    match scripted {
        None => layout::values::assign(&program, opened, &mut layout, report),
        Some(s) => {
            layout::script::cross_references(&program, s.plan, &layout, opts.demangle, report)
        }
    }
    // Also, and above all, when something does not fit: the map says what fills the place.
    listing::after_layout::<A>(&program, &live, &layout, opened, opts, report, par);
    check(report)?;
    let mut image = emit::Image::<A> {
        p: &program,
        live: &live,
        opts,
        l: &layout,
        report,
        trace,
        par,
        dynamic: emit::dynrel::DynamicRelocs::default(),
    };
    image.dynamic = trace.stage("dynamic relocations", || emit::dynrel::build(&image));
    let mut replaced = trace.stage("compress debug sections", || {
        emit::packed::compress_sections(&image, &|bytes| store.keep(bytes))
    });
    replaced.extend(trace.stage("index for gdb", || emit::gdb_index::build(&image)));
    let relative = image.dynamic.relative;
    let dynamic = std::mem::take(&mut image.dynamic);
    layout.relative_count = relative;
    layout.replace_contents::<A::Elf>(replaced, opts);
    if let Some(debug) = emit::separate::wanted(opts, &layout) {
        let parts = emit::separate::Parts::<A> {
            p: &program,
            live: &live,
            opts,
            report,
            par,
            trace,
        };
        return trace
            .stage("write", || {
                emit::separate::write(&parts, &mut layout, dynamic, &debug)
            })
            .inspect(complete);
    }
    let image = emit::Image::<A> {
        p: &program,
        live: &live,
        opts,
        l: &layout,
        report,
        trace,
        par,
        dynamic,
    };
    stats::count(trace, opened, &image);
    trace.stage("check", || verify::own::check(&image, report));
    check(report)?;
    trace.stage("write", || emit::save::output(&image, store, report))?;
    if let Some(file) = &opts.html_report {
        let text = listing::page::html::<A>(&program, &layout, opts, trace);
        listing::put(file, &text, report);
        check(report)?;
    }
    complete(&());
    Ok(())
}

/// Reads the symbol tables and decides what is linked. None: there is intermediate code and no plugin yet.
fn read_and_resolve<'d, E: Elf>(
    cx: &wave::Context<'_, 'd>,
    opts: &Options,
    own: &[&str],
    opened: &Opened<'d>,
    roots: &[&[u8]],
    trace: &Trace,
) -> Result<Option<Resolved<'d, E>>, LinkError> {
    let candidates = trace.stage("read symbol tables", || wave::gather::<E>(cx, opened));
    check(cx.report)?;
    if cx.lto.wants_plugin() {
        return Ok(None);
    }
    let resolved = trace.stage("resolve", || {
        resolve::resolve(cx, opts, own, opened, candidates, roots)
    });
    check(cx.report)?;
    Ok((!cx.lto.wants_plugin()).then_some(resolved))
}

/// Has the plugin compile what was claimed: the inputs with its objects in place of the intermediate code.
fn compile_ir<'d, E: Elf>(
    session: &lto::Session<'d>,
    cx: &wave::Context<'_, 'd>,
    opts: &Options,
    opened: &Opened<'d>,
    resolved: &Resolved<'d, E>,
    trace: &Trace,
) -> Result<Opened<'d>, LinkError> {
    symbols::duplicates::report_duplicates(resolved, opts, cx.report);
    check(cx.report)?;
    let resolutions = lto::resolution::of_ir_files(resolved, opts, opened);
    let added = trace.stage("optimise at link time", || session.compile(resolutions))?;
    let inputs = lto::relink::inputs(opened, resolved, &added, opts, cx.store, cx.report);
    check(cx.report)?;
    Ok(inputs)
}

/// An I/O error as the C library words it, without Rust's "(os error N)".
fn plain(e: &std::io::Error) -> String {
    let text = e.to_string();
    match text.find(" (os error") {
        Some(at) => text.get(..at).unwrap_or(&text).to_string(),
        None => text,
    }
}
