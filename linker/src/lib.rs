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

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};

use wcc_targets::Dialect;

use crate::arch::Arch;
use crate::arch::x86_64::X86_64;
use crate::elf::Elf;
use crate::input::load::{Item, Opened, open_inputs};
use crate::input::object::ParseOptions;
use crate::input::store::Store;
use crate::jobserver::Threads;
use crate::lto::{CompilerHints, Mode};
use crate::options::{Options, OutputKind, Parsed, Strip, parse_gnu, platform_rules};
use crate::par::{Par, SMALL_LINK, with_threads};
use crate::report::Report;
use crate::symbols::resolve::Resolved;
use crate::symbols::{bind, resolve, wave};
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
        print_files(&opened);
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
            write_dependency_file(opts, &opened, report)
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

/// `-t`: the files that were opened, on standard output.
fn print_files(opened: &Opened<'_>) {
    let mut text = String::new();
    for path in &opened.paths {
        text.push_str(&format!("{}\n", path.display()));
    }
    // A closed standard output is no reason to fail the link.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// `--dependency-file`.
fn write_dependency_file(
    opts: &Options,
    opened: &Opened<'_>,
    report: &Report,
) -> Result<(), LinkError> {
    let Some(file) = &opts.dependency_file else {
        return Ok(());
    };
    let files = [opts.files_read.as_slice(), &opened.paths].concat();
    emit::dependency_file::write(file, &opts.output, &files).map_err(|e| {
        let file = file.display();
        report.error(format!(
            "cannot write dependency file {file}: {}",
            plain(&e)
        ));
        LinkError
    })
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
        lto,
        report,
        parse: ParseOptions {
            machine: A::MACHINE,
            relocatable: opts.kind == OutputKind::Relocatable,
            strip_debug: opts.strip != Strip::None,
            lines_only: opts.strip_non_lines,
            merge: opts.merge,
            linkonce: true,
        },
        ignores: opts.dialect == Dialect::Solaris,
        par,
        trace,
    };
    let roots = roots(opts, opened);
    let Some(mut resolved) =
        read_and_resolve::<A::Elf>(&cx, opts, rules.exported_reserved, opened, &roots, trace)?
    else {
        return Ok(());
    };
    let compiled;
    let mut opened = opened;
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
    required(&program, opts, entry, report);
    if !opts.trace_symbols.is_empty() {
        symbols::remarks::print_traced(&program, opts);
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
        return relocatable::link(job, trace);
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
    if opts.print_memory_usage {
        let text = layout::script::memory_usage(&layout.memory);
        // A closed standard output is no reason to fail the link.
        let _ = std::io::stdout().write_all(text.as_bytes());
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
        return trace.stage("write", || {
            emit::separate::write(&parts, &mut layout, dynamic, &debug)
        });
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
    trace.stage("write", || write_output(&image, store, report))?;
    if let Some(file) = &opts.html_report {
        let text = listing::page::html::<A>(&program, &layout, opts, trace);
        listing::put(file, &text, report);
        check(report)?;
    }
    if !opts.stay {
        memory::output_is_complete(store.mapped());
    }
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
    bind::report_duplicates(resolved, opts, cx.report);
    check(cx.report)?;
    let resolutions = lto::resolution::of_ir_files(resolved, opts, opened);
    let added = trace.stage("optimise at link time", || session.compile(resolutions))?;
    let inputs = lto::relink::inputs(opened, resolved, &added, opts, cx.store, cx.report);
    check(cx.report)?;
    Ok(inputs)
}

/// Writes and names the output file.
fn write_output<A: Arch>(
    image: &emit::Image<'_, '_, A>,
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
    if opts.oformat_binary {
        emit::binary::size(image).map_err(|e| {
            report.error(e);
            LinkError
        })?;
    }
    let mut out = emit::file::Output::create(&opts.output, opts.kind != OutputKind::Relocatable)
        .map_err(|e| {
            report.error(format!(
                "cannot open output file {}: {}",
                opts.output.display(),
                plain(&e)
            ));
            LinkError
        })?;
    if opts.oformat_binary {
        emit::binary::write(image, &mut out).map_err(failed)?;
    } else {
        emit::write(image, &mut out).map_err(failed)?;
    }
    unchanged(store, report)?;
    if !opts.noinhibit_exec {
        check(report)?;
    }
    out.finish().map_err(failed)
}

/// What was read of an input that another process wrote to is of no one state.
fn unchanged(store: &Store, report: &Report) -> Result<(), LinkError> {
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

/// An I/O error as the C library words it, without Rust's "(os error N)".
fn plain(e: &std::io::Error) -> String {
    let text = e.to_string();
    match text.find(" (os error") {
        Some(at) => text.get(..at).unwrap_or(&text).to_string(),
        None => text,
    }
}

/// Names that are looked for without any object referring to them.
fn roots<'o>(opts: &'o Options, opened: &'o Opened<'_>) -> Vec<&'o [u8]> {
    let mut roots: Vec<&[u8]> = opts
        .undefined
        .iter()
        .chain(&opened.externs)
        .chain(&opened.script_names)
        .map(|n| &n[..])
        .collect();
    roots.extend(opts.require_defined.iter().map(|n| &n[..]));
    let entry = opts.entry.as_ref().or(opened.entry.as_ref());
    match entry {
        Some(e) if script::parse_number(e).is_none() => roots.push(e),
        None if opts.kind.is_executable() => roots.push(b"_start"),
        _ => {}
    }
    roots
}

/// `--require-defined`, and the entry of a program.
fn required<E: Elf>(
    p: &bind::Program<'_, E>,
    opts: &Options,
    entry: Option<&Vec<u8>>,
    report: &Report,
) {
    let defined = |name: &[u8]| {
        p.symbols
            .interner
            .get(name)
            .is_some_and(|id| p.symbols.info(id).state >= symbols::State::Shared)
    };
    for name in &opts.require_defined {
        if !defined(name) {
            let text = format!(
                "undefined symbol: {}\n>>> referenced by --require-defined",
                demangle::display(name)
            );
            match opts.noinhibit_exec {
                true => report.warn(text),
                false => report.error(text),
            }
        }
    }
    if opts.kind.is_executable() {
        let entry = entry.map_or(&b"_start"[..], Vec::as_slice);
        if !defined(entry) && script::parse_number(entry).is_none() {
            report.warn(format!(
                "cannot find entry symbol {}; not setting start address",
                demangle::display(entry)
            ));
        }
    }
}

/// Whether messages go to a terminal that shows colours (`NO_COLOR`: see no-color.org).
fn stderr_has_colours() -> bool {
    std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && std::env::var_os("TERM").is_some_and(|t| t != "dumb")
}

/// Runs `ld.wcc` on its arguments (without the program's name): prints what it has to say and
/// returns the exit status. `compiler`: what is known of the compiler that made the objects.
pub fn ld_main(args: &[OsString], compiler: CompilerHints) -> i32 {
    ld_main_for(args, Vec::new(), compiler)
}

/// The same for a compiler command: `called` has the sources of temporary objects, for messages.
pub fn ld_main_for(
    args: &[OsString],
    called: Vec<(String, String)>,
    compiler: CompilerHints,
) -> i32 {
    let program = "ld.wcc";
    faults::install();
    let mut opts = match parse_gnu(program, args) {
        Ok(Parsed::Print { stdout, status }) => {
            return if std::io::stdout().write_all(stdout.as_bytes()).is_ok() {
                status
            } else {
                1
            };
        }
        Ok(Parsed::Link(opts)) => opts,
        Err(errors) => {
            for e in errors {
                eprintln!("{program}: error: {e}");
            }
            return 1;
        }
    };
    opts.compiler = compiler;
    let said = match opts.dialect {
        Dialect::Gnu => std::io::stdout().write_all(opts.banner.as_bytes()),
        Dialect::Solaris => std::io::stderr().write_all(opts.banner.as_bytes()),
    };
    if said.is_err() {
        return 1;
    }
    if let Some(platform) = &opts.verify_load {
        return verify_files(program, platform, &opts.inputs);
    }
    opts.called = called;
    opts.color.get_or_insert_with(stderr_has_colours);
    let report = Report::new(&opts);
    for w in &opts.parse_warnings {
        report.warn(w.clone());
    }
    let trace = Trace::new(&opts);
    let result = link(&opts, &report, &trace);
    if opts.stats {
        let _ = std::io::stderr().write_all(trace.stats().as_bytes());
    }
    if let Some(path) = &opts.time_trace
        && let Err(e) = trace.write(path)
    {
        report.warn(format!("cannot write {}: {}", path.display(), plain(&e)));
    }
    let text = report.take_text();
    if !text.is_empty() {
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    i32::from(result.is_err())
}

/// `--verify-load`: no link, an answer.
fn verify_files(program: &str, platform: &str, inputs: &[options::InputArg]) -> i32 {
    match verify::command::run(platform, inputs) {
        Ok(answer) => {
            let printed = std::io::stdout().write_all(answer.text.as_bytes());
            i32::from(!answer.ok || printed.is_err())
        }
        Err(e) => {
            eprintln!("{program}: error: {e}");
            1
        }
    }
}
