//! Options about which files are read, and how.

use super::super::choices::InputKind;
use super::super::values;
use super::Does::{Set, Take};
use super::{Arg, G, L, M, Row, S, rows};

rows! { ROWS:
    "-l --library", Required "NAME", G|L|M|S, Take(|l, v| { l.input(InputKind::Library(values::os(v))); Ok(()) }), "Link with library NAME (or the file, after a colon)";
    "-L --library-path", Required "DIR", G|L|M|S, Take(|l, v| { l.library_dirs.push(v.to_vec()); Ok(()) }), "Add a directory for -l; a leading = or $SYSROOT stands for the sysroot";
    "-Y", Required "P,DIRS", G|S, Take(values::default_dirs), "Replace the default directories for -l";
    "--sysroot", Required "DIR", G|L|M, Take(|l, v| { l.opts.sysroot = (!v.is_empty()).then(|| values::path(v)); Ok(()) }), "Directory that stands for / of the target system";
    "-nostdlib", None "", G|L|M, Set(|l| l.opts.no_default_dirs = true), "Search only directories given by -L";
    "-Bdynamic -dy -call_shared", None "", G|L|M|S, Set(|l| l.mode.static_libs = false), "From here on -l takes shared libraries, then archives";
    "-Bstatic -dn -non_shared", None "", G|L|M|S, Set(|l| l.mode.static_libs = true), "From here on -l takes archives only";
    "-a", Required "KEYWORD", G, Take(values::hp_archive), "archive, shared or default: as -Bstatic or -Bdynamic";
    "--as-needed", None "", G|L|M, Set(|l| l.mode.as_needed = true), "DT_NEEDED only for libraries that resolve a reference";
    "--no-as-needed", None "", G|L|M, Set(|l| l.mode.as_needed = false), "DT_NEEDED for every library named (default)";
    "--whole-archive", None "", G|L|M, Set(|l| l.mode.whole_archive = true), "Link every member of the archives that follow";
    "--no-whole-archive", None "", G|L|M, Set(|l| l.mode.whole_archive = false), "Link only members that are needed (default)";
    "--copy-dt-needed-entries --add-needed", None "", G, Set(|l| l.mode.copy_dt_needed = true), "Libraries needed by a library count as named";
    "--no-copy-dt-needed-entries --no-add-needed", None "", G|L|M, Set(|l| l.mode.copy_dt_needed = false), "Libraries needed by a library do not count as named (default)";
    "--push-state", None "", G|L|M, Set(|l| l.states.push(l.mode)), "Save the state of the options that concern input files";
    "--pop-state", None "", G|L|M, Set(|l| l.pop_state()), "Restore the state saved last";
    "-( --start-group", None "", G|L|M, Set(|l| l.start_group()), "Start a group of archives that are searched together";
    "-) --end-group", None "", G|L|M, Set(|l| l.end_group()), "End the group";
    "--start-lib", None "", G|L|M, Set(|l| l.start_lib()), "Objects up to --end-lib are linked as if they were an archive's members";
    "--end-lib", None "", G|L|M, Set(|l| l.end_lib()), "End of --start-lib";
    "-b --format", Required "FORMAT", G|L|M, Take(values::input_format), "Format of the files that follow: binary, or default";
    "-R --just-symbols", Required "FILE", G|L|M|S, Take(values::just_symbols), "Use only the addresses of FILE's symbols; a directory is taken as -rpath";
    "-T --script", Required "FILE", G|L|M, Take(|l, v| { l.scripts.push(v.to_vec()); l.opts.before_script.get_or_insert(l.opts.inputs.len()); Ok(()) }), "Read a linker script";
    "-dT --default-script", Required "FILE", G|L, Take(|l, v| { l.default_script = Some(v.to_vec()); Ok(()) }), "Read a linker script if -T names none";
    "--remap-inputs", Required "GLOB=FILE", G|L, Take(values::remap_inputs), "Instead of a named file that matches, read FILE";
    "--remap-inputs-file", Required "FILE", G|L, Take(|l, v| { l.remap_files.push(v.to_vec()); Ok(()) }), "Read such pairs from FILE";
    "-rpath-link", Required "PATH", G|L|M, Take(values::rpath_link), "Directories for libraries that libraries need";
    "--exclude-libs", Required "LIBS", G|L|M, Take(values::exclude_libs), "Symbols of these archives (or ALL) are not exported";
    "--dependency-file", Required "FILE", G|L|M, Take(|l, v| { l.opts.dependency_file = Some(values::path(v)); Ok(()) }), "Write the files that were read as a makefile rule";
}
