//! The options of the Solaris link editor: names, arguments, what they do. Same rows as `table.rs` has.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::choices::{InputKind, OutputKind, Strip};
use super::gnu::Version;
use super::solaris::{b_keyword, default_dirs, is_first, run_path, tracing, yes_or_no, z_keyword};
use super::table::Does::{Missing, Nothing, Refused, Set, Take};
use super::table::{Arg, Row, S, rows};
use super::values;

rows! { ROWS:
    "-( --start-group", None "", S, Set(|l| l.start_group()), "Search the archives up to -) again and again";
    "-) --end-group", None "", S, Set(|l| l.end_group()), "End of -(";
    "-32", None "", S, Refused("i386 outputs are not supported yet"), "Make a 32-bit output";
    "-64", None "", S, Nothing("the only class there is"), "Make a 64-bit output (default)";
    "-a", None "", S, Nothing("the default with -dn"), "Make a program that can be run, with -dn";
    "-b", None "", S, Set(|l| l.opts.sunw.no_ldynsym = true), "For kernel modules: no .SUNW_ldynsym";
    "-c", Required "FILE", S, Take(|l, v| { l.opts.sunw.config = Some(v.to_vec()); Ok(()) }), "Set DT_CONFIG, the configuration file of ld.so.1";
    "-d", Required "Y|N", S, Take(|l, v| { if !yes_or_no(v)? { l.saw_static = true; l.mode.static_libs = true; } Ok(()) }), "Make a dynamic (y, default) or a static output";
    "-e --entry", Required "SYMBOL", S, Take(|l, v| { if is_first(l, b'e') { l.opts.entry = Some(v.to_vec()); } Ok(()) }), "Set the address where the program starts (default _start)";
    "-f --auxiliary", Required "NAME", S, Take(|l, v| { l.opts.auxiliary.push(v.to_vec()); Ok(()) }), "Make an auxiliary filter on NAME";
    "-h -soname", Required "NAME", S, Take(|l, v| { if is_first(l, b'h') { l.opts.soname = Some(v.to_vec()); } Ok(()) }), "Set DT_SONAME of a shared library";
    "-i", None "", S, Nothing("LD_LIBRARY_PATH is never looked at"), "Ignore LD_LIBRARY_PATH";
    "-l --library", Required "NAME", S, Take(|l, v| { l.input(InputKind::Library(OsString::from_vec(v.to_vec()))); Ok(()) }), "Link with library NAME";
    "-m", None "", S, Set(|l| l.opts.map_file = Some("-".into())), "Print a map of the output";
    "-o --output", Required "FILE", S, Take(|l, v| if is_first(l, b'o') { values::output(l, v) } else { Ok(()) }), "Set the name of the output file (default a.out)";
    "-p --audit", Required "LIB", S, Take(|l, v| { values::colon_list(&mut l.opts.audit, v); Ok(()) }), "Set DT_AUDIT";
    "-r --relocatable", None "", S, Set(|l| l.relocatable = true), "Create a relocatable object that can be linked again";
    "-s --strip-all", None "", S, Set(|l| l.opts.strip = Strip::All), "Leave out all symbols and debug sections";
    "-t", None "", S, Nothing("there are no such warnings"), "No warnings about sizes of common symbols";
    "-u --undefined", Required "SYMBOL", S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); Ok(()) }), "Start with a reference to SYMBOL";
    "-z", Required "KEYWORD", S, Take(z_keyword), "Set a property by keyword; see the list of keywords";
    "-B", Required "KEYWORD", S, Take(b_keyword), "dynamic, static: what -l takes; symbolic, direct, nodirect, local, eliminate, reduce, group";
    "-C", None "", S, Set(|l| l.opts.demangle = true), "Print C++ and Rust names as in the source";
    "-D", Required "TOKENS", S, Take(tracing), "files, libs: print the names of the files that are read; detail adds nothing";
    "-F --filter", Required "NAME", S, Take(|l, v| { l.opts.filter.push(v.to_vec()); Ok(()) }), "Make a filter on NAME";
    "-G -shared", None "", S, Set(|l| l.opts.kind = OutputKind::Shared), "Create a shared library";
    "-I -dynamic-linker", Required "FILE", S, Take(|l, v| { if is_first(l, b'I') { l.opts.dynamic_linker = Some(v.to_vec()); } Ok(()) }), "Set the path of the run-time linker";
    "-L --library-path", Required "DIR", S, Take(|l, v| { l.library_dirs.push(v.to_vec()); Ok(()) }), "Add a directory for -l; a leading = or $SYSROOT stands for the sysroot";
    "-M", Required "MAPFILE", S, Take(|l, v| { l.mapfiles.push(v.to_vec()); Ok(()) }), "Read a mapfile, or all mapfiles of a directory";
    "-N", Required "STRING", S, Take(|l, v| { l.opts.sunw.needed.push(v.to_vec()); Ok(()) }), "Add a DT_NEEDED entry";
    "-P --depaudit", Required "LIB", S, Take(|l, v| { values::colon_list(&mut l.opts.depaudit, v); Ok(()) }), "Set DT_DEPAUDIT";
    "-Q", Required "Y|N", S, Take(|l, v| { l.opts.sunw.no_ident = !yes_or_no(v)?; Ok(()) }), "Put the linker's name into .comment (y, default) or not";
    "-R -rpath", Required "PATH", S, Take(run_path), "Add PATH to the run path";
    "-S", Required "LIB", S, Refused("support libraries are called by the system's linker only"), "Call the functions of a support library";
    "-V", None "", S, Set(|l| l.version = l.version.max(Version::Line)), "Print the version; link if there is something to link";
    "-W", Required "ARGS", S, Missing("for compilers"), "Arguments for other tools";
    "-Y", Required "WHAT,DIRS", S, Take(default_dirs), "P,DIRS replaces the default directories for -l";
    "-wrap", Required "SYMBOL", S, Take(|l, v| { l.opts.wrap.push(v.to_vec()); Ok(()) }), "References to SYMBOL go to __wrap_SYMBOL, to __real_SYMBOL to SYMBOL";
}
