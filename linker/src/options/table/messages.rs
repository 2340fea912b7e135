//! Options about what the linker says.

use super::super::values;
use super::Does::{May, Nothing, Set, Take};
use super::{Arg, G, L, M, Row, W, rows};

rows! { ROWS:
    "-t --trace", None "", G|L|M, Set(|l| l.opts.trace_files = l.opts.trace_files.saturating_add(1)), "Print the names of the files that are read";
    "-y --trace-symbol", Required "SYMBOL", G|L|M, Take(|l, v| { l.opts.trace_symbols.push(v.to_vec()); Ok(()) }), "Print where SYMBOL is defined and used";
    "-M --print-map", None "", G|L|M, Set(|l| l.opts.map_file = Some("-".into())), "Print a map of the output";
    "--wcc-report", Required "FILE", W, Take(|l, v| { l.opts.html_report = Some(values::path(v)); Ok(()) }), "Write an HTML page about the link to FILE: time, sizes, reasons";
    "-Map", Required "FILE", G|L|M, Take(|l, v| { l.opts.map_file = Some(values::path(v)); Ok(()) }), "Write a map of the output to FILE";
    "--print-map-locals", None "", G, Set(|l| l.opts.print_map_locals = true), "Local symbols in the map too";
    "--no-print-map-locals", None "", G, Set(|l| l.opts.print_map_locals = false), "Global symbols only (default)";
    "--print-map-discarded", None "", G, Set(|l| l.opts.print_map_discarded = true), "Sections that are left out in the map (default)";
    "--no-print-map-discarded", None "", G, Set(|l| l.opts.print_map_discarded = false), "The map does not list them";
    "--cref", None "", G|L, Set(|l| l.opts.cref = true), "Print a table of symbols and the files that use them";
    "--print-gc-sections", None "", G|L|M, Set(|l| l.opts.print_gc_sections = true), "List the sections --gc-sections leaves out";
    "--no-print-gc-sections", None "", G|L|M, Set(|l| l.opts.print_gc_sections = false), "Do not list them (default)";
    "--print-icf-sections", None "", L|M, Set(|l| l.opts.print_icf_sections = true), "List the sections --icf folds";
    "--no-print-icf-sections", None "", L|M, Set(|l| l.opts.print_icf_sections = false), "Do not list them (default)";
    "--print-memory-usage", None "", G|L, Set(|l| l.opts.print_memory_usage = true), "Print how full the memory regions are";
    "--demangle", Optional "STYLE", G|L|M, May(|l, _| { l.opts.demangle = true; Ok(()) }), "Print C++ and Rust names as in the source (default)";
    "--no-demangle", None "", G|L|M, Set(|l| l.opts.demangle = false), "Print names as they are in the files";
    "--color-diagnostics", Optional "WHEN", L|M, May(values::color), "Colours in messages: auto, always or never";
    "--no-color-diagnostics", None "", L, Set(|l| l.opts.color = Some(false)), "No colours";
    "--error-limit", Required "COUNT", L|M, Take(|l, v| { l.opts.error_limit = values::number(v)? as usize; Ok(()) }), "Stop after COUNT errors; 0 means never (default 20)";
    "--fatal-warnings", None "", G|L|M, Set(|l| l.opts.fatal_warnings = true), "Warnings are errors";
    "--no-fatal-warnings", None "", G|L|M, Set(|l| l.opts.fatal_warnings = false), "Warnings are warnings (default)";
    "-w --no-warnings", None "", G|L, Set(|l| { l.opts.no_warnings = true; l.opts.fatal_warnings = false; }), "Print no warnings";
    "--noinhibit-exec --noinhibit_exec", None "", G|L|M, Set(|l| l.opts.noinhibit_exec = true), "Write the output even if there are errors";
    "--warn-common", None "", G|L|M, Set(|l| l.opts.warn_common = true), "Warn about common symbols that meet others";
    "--no-warn-common", None "", L|M, Set(|l| l.opts.warn_common = false), "No such warnings (default)";
    "--warn-execstack", None "", G|L|M, Set(|l| l.opts.warn_execstack = Some(true)), "Warn about an executable stack";
    "--no-warn-execstack", None "", G|M, Set(|l| l.opts.warn_execstack = Some(false)), "No such warning";
    "--warn-rwx-segments", None "", G, Set(|l| l.opts.warn_rwx_segments = true), "Warn about segments that are writable and executable (default)";
    "--no-warn-rwx-segments", None "", G, Set(|l| l.opts.warn_rwx_segments = false), "No such warning";
    "--warn-textrel --warn-shared-textrel", None "", G|L|M, Set(|l| l.opts.warn_textrel = true), "Warn about relocations in read-only sections (default)";
    "--no-warn-textrel", None "", M, Set(|l| l.opts.warn_textrel = false), "No such warning";
    "--no-warn-mismatch", None "", G|L, Nothing("code for another machine cannot be linked, whatever is said"), "Accept inputs that do not fit together";
    "--warn-mismatch", None "", L, Nothing("the default"), "Inputs that do not fit together are errors";
    "--verbose --dll-verbose", Optional "LEVEL", G|L|M, May(values::verbose), "Print what is done; without inputs, the version";
    "--stats", Optional "FILE", G|L|M|W, May(|l, _| { l.opts.stats = true; Ok(()) }), "Print counts and times of the stages";
    "--no-stats", None "", G, Set(|l| l.opts.stats = false), "Do not print them (default)";
    "--time-trace", Optional "FILE", L|W, May(values::time_trace), "Write the stages' times as a Chrome trace";
    "--warn-once", None "", G|L|M, Nothing("an undefined symbol is reported once, with all its uses"), "Warn once per undefined symbol";
}
